/* Owns: tests of enhanced status codes. */
#include "unit.h"

#include "ehlo/core/enhanced.h"
#include "guard.h"

struct row {
  const char *text;
  size_t len;
  unsigned class, subject, detail;
};

static const struct row rows[] = {
    {"5.1.1", 5, 5, 1, 1},
    {"5.7.26 no DMARC", 6, 5, 7, 26},
    {"2.0.0", 5, 2, 0, 0},
    {"4.999.999", 9, 4, 999, 999},
    {"5.1.1: no such user", 5, 5, 1, 1},
    {"5.7.1.", 5, 5, 7, 1},
    {"5.7.1. Blocked", 5, 5, 7, 1},
    {"5.1.1.2", 0, 0, 0, 0},
    {"5.1.1000", 0, 0, 0, 0},
    {"5.1000.1", 0, 0, 0, 0},
    {"5.01.1", 0, 0, 0, 0},
    {"5.1.01", 0, 0, 0, 0},
    {"5.00.1", 0, 0, 0, 0},
    {"3.1.1", 0, 0, 0, 0},
    {"1.1.1", 0, 0, 0, 0},
    {"55.1.1", 0, 0, 0, 0},
    {"5.1", 0, 0, 0, 0},
    {"5.1.", 0, 0, 0, 0},
    {"5..1", 0, 0, 0, 0},
    {"5,1,1", 0, 0, 0, 0},
    {" 5.1.1", 0, 0, 0, 0},
    {"x5.1.1", 0, 0, 0, 0},
    {"5", 0, 0, 0, 0},
    {"", 0, 0, 0, 0},
};

static void a_code_has_a_class_and_two_parts_of_up_to_three_digits(void **state) {
  (void)state;
  struct guard g;
  assert_int_equal(guard_open(&g, 64), 0);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const size_t len = strlen(rows[i].text);
    struct ehlo_enhanced e = {9, 9, 9};
    const size_t taken = ehlo_enhanced_scan(ehlo_slice_of(guard_put(&g, rows[i].text, len), len), &e);
    assert_int_equal(taken, rows[i].len);
    assert_int_equal(e.class, rows[i].class);
    assert_int_equal(e.subject, rows[i].subject);
    assert_int_equal(e.detail, rows[i].detail);
  }
  guard_close(&g);
}

static void every_prefix_is_read_within_its_bounds(void **state) {
  (void)state;
  struct guard g;
  assert_int_equal(guard_open(&g, 64), 0);
  const char text[] = "5.999.999.9";
  for (size_t len = 0; len < sizeof text; len++) {
    struct ehlo_enhanced e;
    const size_t taken = ehlo_enhanced_scan(ehlo_slice_of(guard_put(&g, text, len), len), &e);
    assert_true(taken <= len);
    assert_int_equal(taken > 0, len >= 7 && len <= 10);
  }
  guard_close(&g);
}

static void a_code_is_written_as_it_is_read(void **state) {
  (void)state;
  char out[EHLO_ENHANCED_TEXT];
  assert_string_equal(ehlo_enhanced_format((struct ehlo_enhanced){5, 7, 26}, out), "5.7.26");
  assert_string_equal(ehlo_enhanced_format((struct ehlo_enhanced){4, 999, 999}, out), "4.999.999");
  assert_string_equal(ehlo_enhanced_format((struct ehlo_enhanced){0, 7, 26}, out), "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_code_has_a_class_and_two_parts_of_up_to_three_digits),
      cmocka_unit_test(every_prefix_is_read_within_its_bounds),
      cmocka_unit_test(a_code_is_written_as_it_is_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
