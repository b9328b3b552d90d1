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
#include <unistd.h>

#include <cmocka.h>

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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(append_makes_private_folders_and_a_private_file, set_up, tear_down),
      cmocka_unit_test_setup_teardown(replace_puts_a_new_private_file_in_place, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_cannot_be_written_is_told_by_errno, set_up, tear_down),
      cmocka_unit_test(a_full_disk_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
