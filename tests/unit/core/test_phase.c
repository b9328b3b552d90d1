/* Owns: tests of the words for phases. */
#include "unit.h"

#include "ehlo/core/phase.h"

static void each_phase_has_a_name_and_a_key(void **state) {
  (void)state;
  for (int i = 0; i < EHLO_PHASES; i++) {
    const enum ehlo_phase phase = (enum ehlo_phase)i;
    assert_true(strlen(ehlo_phase_name(phase)) > 0);
    if (phase == EHLO_PHASE_EHLO_TLS) continue;
    assert_string_equal(ehlo_phase_name(phase), ehlo_phase_timing_name(phase));
  }
  assert_string_equal(ehlo_phase_name(EHLO_PHASE_EHLO_TLS), "ehlo");
  assert_string_equal(ehlo_phase_timing_name(EHLO_PHASE_EHLO_TLS), "ehlo_tls");
  assert_string_equal(ehlo_phase_name(EHLO_PHASES), "unknown");
}

static void a_verb_in_any_case_has_its_phase(void **state) {
  (void)state;
  assert_int_equal(ehlo_phase_of_verb("helo", 4), EHLO_PHASE_EHLO);
  assert_int_equal(ehlo_phase_of_verb("LHLO", 4), EHLO_PHASE_EHLO);
  assert_int_equal(ehlo_phase_of_verb("StartTLS", 8), EHLO_PHASE_STARTTLS);
  assert_int_equal(ehlo_phase_of_verb("BDAT", 4), EHLO_PHASE_DATA);
  assert_int_equal(ehlo_phase_of_verb("QUITE", 4), EHLO_PHASE_QUIT);
  assert_int_equal(ehlo_phase_of_verb("QUITE", 5), EHLO_PHASE_COMMAND);
  assert_int_equal(ehlo_phase_of_verb("NOOP", 4), EHLO_PHASE_COMMAND);
  assert_int_equal(ehlo_phase_of_verb("", 0), EHLO_PHASE_COMMAND);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_phase_has_a_name_and_a_key),
      cmocka_unit_test(a_verb_in_any_case_has_its_phase),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
