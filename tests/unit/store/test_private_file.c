/* The history's file: private, appended in one piece, replaced as a whole. */
#include "ehlo/store/private_file.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ehlo/base/memory.h"

struct place {
  char folder[64];
  char path[128];
};

static int set_up(void **state) {
  struct place *place = test_calloc(1, sizeof *place);
  snprintf(place->folder, sizeof place->folder, "/tmp/ehlo-history-XXXXXX");
  if (!mkdtemp(place->folder)) return -1;
  snprintf(place->path, sizeof place->path, "%s/state/ehlo/history", place->folder);
  *state = place;
  return 0;
}

static int tear_down(void **state) {
  static const char *const parts[] = {"/state/ehlo/history", "/state/ehlo", "/state", ""};
  struct place *place = *state;
  char path[128];
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    snprintf(path, sizeof path, "%s%s", place->folder, parts[i]);
    remove(path);
  }
  const int left = access(place->folder, F_OK) == 0;
  test_free(place);
  return left ? -1 : 0;
}

static void assert_holds(const char *path, const char *expected) {
  char text[256] = {0};
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  const size_t n = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  assert_int_equal(n, strlen(expected));
  assert_string_equal(text, expected);
}

static mode_t mode_of(const char *path) {
  struct stat info;
  assert_int_equal(stat(path, &info), 0);
  return info.st_mode & 0777;
}

static void append_makes_private_folders_and_a_private_file(void **state) {
  const struct place *place = *state;
  char folder[128];
  assert_int_equal(ehlo_private_file_append(place->path, "a\n", 2), 0);
  assert_int_equal(ehlo_private_file_append(place->path, "b\n", 2), 0);
  assert_holds(place->path, "a\nb\n");
  assert_int_equal(mode_of(place->path), 0600);
  snprintf(folder, sizeof folder, "%s/state/ehlo", place->folder);
  assert_int_equal(mode_of(folder), 0700);
}

static void replace_puts_a_new_private_file_in_place(void **state) {
  const struct place *place = *state;
  assert_int_equal(ehlo_private_file_append(place->path, "old\n", 4), 0);
  assert_int_equal(chmod(place->path, 0644), 0);
  assert_int_equal(ehlo_private_file_replace(place->path, "new\n", 4), 0);
  assert_holds(place->path, "new\n");
  assert_int_equal(mode_of(place->path), 0600);
}

static void what_cannot_be_written_is_told_by_errno(void **state) {
  const struct place *place = *state;
  char path[256];
  char endless[8192];
  memset(endless, 'a', sizeof endless - 1);
  endless[sizeof endless - 1] = '\0';
  assert_int_equal(ehlo_private_file_append(place->path, "a", 1), 0);
  snprintf(path, sizeof path, "%s/below", place->path);
  assert_int_equal(ehlo_private_file_append(path, "a", 1), ENOTDIR);
  assert_int_equal(ehlo_private_file_append(place->folder, "a", 1), EISDIR);
  assert_int_equal(ehlo_private_file_append(endless, "a", 1), ENAMETOOLONG);
  assert_int_equal(ehlo_private_file_replace(endless, "a", 1), ENAMETOOLONG);
}

static void a_full_disk_is_told(void **state) {
  (void)state;
  if (access("/dev/full", W_OK) != 0) skip();
  assert_int_equal(ehlo_private_file_append("/dev/full", "a", 1), ENOSPC);
}

/* Each writer appends while another puts whole new files in place: nothing that was appended may be lost by that. */
static void lines_of_two_writers_survive_shortening(void **state) {
  enum { LINES = 300 };
  const struct place *place = *state;
  assert_int_equal(ehlo_private_file_append(place->path, "0\n", 2), 0);
  const pid_t child = fork();
  assert_true(child >= 0);
  for (int i = 0; i < LINES; i++) {
    int error = ehlo_private_file_append(place->path, child ? "a\n" : "b\n", 2);
    if (!error && i % 3 == 0) error = ehlo_private_file_shorten(place->path, 0, 1 << 16);
    if (error && child == 0) _exit(1);
    assert_int_equal(error, 0);
  }
  if (child == 0) _exit(0);
  int status = -1;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  char *text = NULL;
  size_t len = 0;
  assert_int_equal(ehlo_private_file_tail(place->path, 1 << 16, &text, &len), 0);
  assert_int_equal(len, 2 + 2 * 2 * LINES);
  ehlo_memory_free(text);
}

static void a_tail_begins_with_a_line(void **state) {
  const struct place *place = *state;
  char *text = NULL;
  size_t len = 0;
  assert_int_equal(ehlo_private_file_append(place->path, "first\nsecond\nthird\n", 19), 0);
  assert_int_equal(ehlo_private_file_tail(place->path, 10, &text, &len), 0);
  assert_int_equal(len, 6);
  assert_memory_equal(text, "third\n", 6);
  ehlo_memory_free(text);
  assert_int_equal(ehlo_private_file_shorten(place->path, 100, 10), 0);
  assert_holds(place->path, "first\nsecond\nthird\n");
  assert_int_equal(ehlo_private_file_shorten(place->path, 18, 15), 0);
  assert_holds(place->path, "second\nthird\n");
  assert_int_equal(mode_of(place->path), 0600);
  assert_int_equal(ehlo_private_file_tail(place->folder, 10, &text, &len), EISDIR);
  assert_null(text);
  assert_int_equal(ehlo_private_file_tail("/dev/zero", 10, &text, &len), EINVAL);
  assert_int_equal(ehlo_private_file_tail("/nowhere", 10, &text, &len), ENOENT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(append_makes_private_folders_and_a_private_file, set_up, tear_down),
      cmocka_unit_test_setup_teardown(lines_of_two_writers_survive_shortening, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_tail_begins_with_a_line, set_up, tear_down),
      cmocka_unit_test_setup_teardown(replace_puts_a_new_private_file_in_place, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_cannot_be_written_is_told_by_errno, set_up, tear_down),
      cmocka_unit_test(a_full_disk_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
