/* Owns: tests of the scanner's steps. */
#include "unit.h"

#include "ehlo/base/scan.h"
#include "guard.h"

static struct ehlo_scan over(const char *text) {
  return ehlo_scan_of(ehlo_slice_str(text));
}

static void a_step_that_fails_leaves_the_cursor(void **state) {
  (void)state;
  struct ehlo_scan c = over("AUTH=12x");
  const char *start = c.at;
  uint64_t n = 1;
  assert_false(ehlo_scan_char(&c, 'X'));
  assert_false(ehlo_scan_word_nocase(&c, "AUTH=1299"));
  assert_false(ehlo_scan_number(&c, 3, 99, &n));
  assert_int_equal(n, 0);
  assert_ptr_equal(c.at, start);
  assert_true(ehlo_scan_word_nocase(&c, "auth") && ehlo_scan_char(&c, '=') && ehlo_scan_number(&c, 2, 12, &n) &&
              ehlo_scan_char(&c, 'x') && ehlo_scan_done(&c));
  assert_int_equal(n, 12);
  assert_int_equal(ehlo_scan_peek(&c), -1);
  assert_false(ehlo_scan_char(&c, 'x'));
}

static void a_number_is_digits_within_its_bounds(void **state) {
  (void)state;
  const struct {
    const char *text;
    unsigned digits;
    uint64_t max;
    int good;
    uint64_t value;
  } rows[] = {
      {"0", 1, 0, 1, 0},
      {"65535", 5, 65535, 1, 65535},
      {"65536", 5, 65535, 0, 0},
      {"065535", 5, 65535, 0, 0},
      {"12a", 5, 99, 1, 12},
      {"", 5, 99, 0, 0},
      {"-1", 5, 99, 0, 0},
      {"+1", 5, 99, 0, 0},
      {" 1", 5, 99, 0, 0},
      {"18446744073709551615", 20, UINT64_MAX, 1, UINT64_MAX},
      {"18446744073709551616", 20, UINT64_MAX, 0, 0},
      {"99999999999999999999", 20, UINT64_MAX, 0, 0},
      {"184467440737095516150", 40, UINT64_MAX, 0, 0},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct ehlo_scan c = over(rows[i].text);
    uint64_t value = 7;
    assert_int_equal(ehlo_scan_number(&c, rows[i].digits, rows[i].max, &value), rows[i].good);
    assert_true(value == rows[i].value);
  }
}

static void runs_are_taken_whole(void **state) {
  (void)state;
  struct ehlo_scan c = over("abc \t 12:34");
  assert_slice(ehlo_scan_while(&c, ehlo_is_alpha), "abc");
  assert_slice(ehlo_scan_while(&c, ehlo_is_alpha), "");
  ehlo_scan_spaces(&c);
  assert_slice(ehlo_scan_until(&c, ':'), "12");
  assert_int_equal(ehlo_scan_peek(&c), ':');
  assert_int_equal(ehlo_scan_left(&c), 3);
  assert_slice(ehlo_scan_until(&c, '!'), ":34");
  assert_true(ehlo_scan_done(&c));
  assert_slice(ehlo_scan_until(&c, '!'), "");
}

static void no_step_reads_beyond_the_end(void **state) {
  (void)state;
  struct guard g;
  assert_int_equal(guard_open(&g, 64), 0);
  const char text[] = "AUTH 123 \xff:";
  for (size_t from = 0; from < sizeof text; from++) {
    const size_t len = sizeof text - 1 - from;
    const struct ehlo_slice s = ehlo_slice_of(guard_put(&g, text + from, len), len);
    uint64_t n;
    struct ehlo_scan c = ehlo_scan_of(s);
    (void)ehlo_scan_word_nocase(&c, "AUTH 123 \xff:!");
    (void)ehlo_scan_while(&c, ehlo_is_alpha);
    ehlo_scan_spaces(&c);
    (void)ehlo_scan_number(&c, 20, UINT64_MAX, &n);
    ehlo_scan_spaces(&c);
    (void)ehlo_scan_until(&c, '!');
    assert_true(ehlo_scan_done(&c));
    assert_int_equal(ehlo_scan_peek(&c), -1);
  }
  guard_close(&g);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_step_that_fails_leaves_the_cursor),
      cmocka_unit_test(a_number_is_digits_within_its_bounds),
      cmocka_unit_test(runs_are_taken_whole),
      cmocka_unit_test(no_step_reads_beyond_the_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
