/* Owns: tests of the clocks. */
#include "unit.h"

#include "ehlo/base/clock.h"

static void the_monotonic_clock_never_steps_back(void **state) {
  (void)state;
  double before = ehlo_clock_monotonic();
  for (int i = 0; i < 1000; i++) {
    const double now = ehlo_clock_monotonic();
    assert_true(now >= before);
    before = now;
  }
}

static void the_wall_clock_is_past_2020(void **state) {
  (void)state;
  assert_true(ehlo_clock_wall() > 1577836800.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_monotonic_clock_never_steps_back),
      cmocka_unit_test(the_wall_clock_is_past_2020),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
