/* Owns: tests of the error numbers. */
#include "unit.h"

#include "ehlo/base/error.h"

static void every_error_has_a_name_of_its_own(void **state) {
  (void)state;
  for (int a = EHLO_E_INTERNAL; a <= 0; a++) {
    assert_true(strlen(ehlo_error_name(a)) > 0);
    assert_true(strlen(ehlo_error_text(a)) > 0);
    for (int b = a + 1; b <= 0; b++) {
      assert_string_not_equal(ehlo_error_name(a), ehlo_error_name(b));
    }
  }
}

static void an_unknown_number_is_called_internal(void **state) {
  (void)state;
  assert_string_equal(ehlo_error_name(EHLO_E_INTERNAL - 1), "internal");
  assert_string_equal(ehlo_error_name(7), "internal");
  assert_string_equal(ehlo_error_name(EHLO_E_TIMEOUT), "timeout");
  assert_string_equal(ehlo_error_text(EHLO_E_TIMEOUT), "a deadline passed");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_error_has_a_name_of_its_own),
      cmocka_unit_test(an_unknown_number_is_called_internal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
