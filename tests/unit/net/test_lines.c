/* Lines of a descriptor, whatever it is, without blocking. */
#include "ehlo/net/lines.h"
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "ehlo/base/error.h"

static int next(struct ehlo_loop *loop, struct ehlo_lines *l, struct ehlo_slice *line) {
  struct ehlo_line_wait wait = {0};
  assert_int_equal(ehlo_lines_ask(l, &wait), 0);
  while (wait.op.state != EHLO_OP_DONE)
    assert_true(ehlo_loop_turn(loop, true));
  const int got = ehlo_lines_take(&wait, line);
  ehlo_op_fini(&wait.op);
  return got;
}

static void expect(struct ehlo_loop *loop, struct ehlo_lines *l, const char *text) {
  struct ehlo_slice line;
  assert_int_equal(next(loop, l, &line), 1);
  assert_slice(line, text);
}

static void lines_of_a_pipe_come_as_they_are_written_the_last_without_its_end(void **state) {
  (void)state;
  struct ehlo_loop *loop = ehlo_loop_new();
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  struct ehlo_lines *l = ehlo_lines_new(loop, ends[0]);
  assert_int_equal(write(ends[1], "one\r\n\ntw", 8), 8);
  expect(loop, l, "one");
  expect(loop, l, "");
  assert_int_equal(write(ends[1], "o\nlast", 6), 6);
  close(ends[1]);
  expect(loop, l, "two");
  expect(loop, l, "last");
  struct ehlo_slice line;
  assert_int_equal(next(loop, l, &line), 0);
  assert_int_equal(next(loop, l, &line), 0);
  ehlo_lines_free(l);
  close(ends[0]);
  ehlo_loop_free(loop);
}

static void a_file_is_read_though_the_kernel_has_no_events_for_it(void **state) {
  (void)state;
  struct ehlo_loop *loop = ehlo_loop_new();
  char name[] = "/tmp/ehlo-lines-XXXXXX";
  int fd = mkstemp(name);
  assert_true(fd >= 0);
  unlink(name);
  for (int i = 0; i < 20000; i++)
    assert_true(dprintf(fd, "line %d\n", i) > 0);
  lseek(fd, 0, SEEK_SET);
  struct ehlo_lines *l = ehlo_lines_new(loop, fd);
  for (int i = 0; i < 20000; i++) {
    char text[20];
    snprintf(text, sizeof text, "line %d", i);
    expect(loop, l, text);
  }
  struct ehlo_slice line;
  assert_int_equal(next(loop, l, &line), 0);
  ehlo_lines_free(l);
  close(fd);
  ehlo_loop_free(loop);
}

static void a_line_that_is_too_long_is_told_once_and_the_next_one_is_whole(void **state) {
  (void)state;
  struct ehlo_loop *loop = ehlo_loop_new();
  FILE *file = tmpfile();
  for (int i = 0; i < 5 * EHLO_LINE_MAX; i++)
    fputc('x', file);
  fputs("\nshort\n", file);
  for (int i = 0; i < EHLO_LINE_MAX; i++)
    fputc('y', file);
  fputs("\n", file);
  rewind(file);
  struct ehlo_lines *l = ehlo_lines_new(loop, fileno(file));
  struct ehlo_slice line;
  assert_int_equal(next(loop, l, &line), EHLO_E_LIMIT);
  expect(loop, l, "short");
  assert_int_equal(next(loop, l, &line), 1);
  assert_int_equal(line.len, EHLO_LINE_MAX);
  assert_int_equal(next(loop, l, &line), 0);
  ehlo_lines_free(l);
  fclose(file);
  ehlo_loop_free(loop);
}

static void a_wait_that_is_given_up_leaves_its_line_to_the_next(void **state) {
  (void)state;
  struct ehlo_loop *loop = ehlo_loop_new();
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  struct ehlo_lines *l = ehlo_lines_new(loop, ends[0]);
  struct ehlo_line_wait first = {0}, second = {0}, third = {0};
  assert_int_equal(ehlo_lines_ask(l, &first), 0);
  assert_int_equal(ehlo_lines_ask(l, &second), 0);
  assert_int_equal(ehlo_lines_ask(l, &second), EHLO_E_BUSY);
  ehlo_op_cancel(&first.op, EHLO_E_CANCELLED);
  assert_int_equal(write(ends[1], "mine\n", 5), 5);
  while (second.op.state != EHLO_OP_DONE)
    assert_true(ehlo_loop_turn(loop, true));
  struct ehlo_slice line;
  assert_int_equal(ehlo_lines_take(&second, &line), 1);
  assert_slice(line, "mine");
  assert_int_equal(ehlo_lines_ask(l, &third), 0);
  ehlo_lines_free(l);
  assert_int_equal(third.op.error, EHLO_E_CANCELLED);
  struct ehlo_line_wait *all[] = {&first, &second, &third};
  for (int i = 0; i < 3; i++)
    ehlo_op_fini(&all[i]->op);
  close(ends[0]);
  close(ends[1]);
  ehlo_loop_free(loop);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_of_a_pipe_come_as_they_are_written_the_last_without_its_end),
      cmocka_unit_test(a_file_is_read_though_the_kernel_has_no_events_for_it),
      cmocka_unit_test(a_line_that_is_too_long_is_told_once_and_the_next_one_is_whole),
      cmocka_unit_test(a_wait_that_is_given_up_leaves_its_line_to_the_next),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
