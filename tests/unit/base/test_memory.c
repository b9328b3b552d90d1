/* Owns: tests of allocation and of its failure on request. */
#include "unit.h"

#include "ehlo/base/memory.h"

static void nothing_asked_for_still_gives_a_pointer(void **state) {
  (void)state;
  void *none = ehlo_memory_alloc(0);
  void *zero = ehlo_memory_zalloc(0, 8);
  assert_non_null(none);
  assert_non_null(zero);
  none = ehlo_memory_realloc(none, 0);
  assert_non_null(none);
  ehlo_memory_free(none);
  ehlo_memory_free(zero);
  ehlo_memory_free(NULL);
}

static void a_product_that_overflows_is_refused(void **state) {
  (void)state;
  assert_null(ehlo_memory_zalloc(SIZE_MAX / 2, 3));
  char *zeroed = ehlo_memory_zalloc(3, 5);
  assert_non_null(zeroed);
  for (int i = 0; i < 15; i++)
    assert_int_equal(zeroed[i], 0);
  ehlo_memory_free(zeroed);
}

static void a_copy_holds_any_byte_and_ends_in_nul(void **state) {
  (void)state;
  char *copy = ehlo_memory_dup("a\0b", 3);
  assert_non_null(copy);
  assert_memory_equal(copy, "a\0b", 4);
  ehlo_memory_free(copy);
  copy = ehlo_memory_dup(NULL, 0);
  assert_string_equal(copy, "");
  ehlo_memory_free(copy);
  assert_null(ehlo_memory_dup("", SIZE_MAX));
}

static void a_secret_is_wiped(void **state) {
  (void)state;
  char secret[8] = "hunter2";
  ehlo_memory_wipe(secret, sizeof secret);
  assert_memory_equal(secret, "\0\0\0\0\0\0\0", sizeof secret);
  ehlo_memory_wipe(NULL, 0);
}

#ifdef EHLO_FAULTS
static void the_nth_allocation_fails_once(void **state) {
  (void)state;
  ehlo_memory_fail_at(2, 0);
  char *first = ehlo_memory_alloc(1);
  char *second = ehlo_memory_alloc(1);
  char *third = ehlo_memory_dup("x", 1);
  assert_int_equal(ehlo_memory_count(), 3);
  ehlo_memory_fail_at(0, 0);
  assert_non_null(first);
  assert_null(second);
  assert_non_null(third);
  ehlo_memory_free(first);
  ehlo_memory_free(third);
}

static void every_allocation_from_the_nth_on_fails(void **state) {
  (void)state;
  ehlo_memory_fail_at(2, 1);
  char *first = ehlo_memory_alloc(1);
  char *second = ehlo_memory_zalloc(1, 1);
  char *third = ehlo_memory_realloc(NULL, 1);
  ehlo_memory_fail_at(0, 0);
  assert_non_null(first);
  assert_null(second);
  assert_null(third);
  ehlo_memory_free(first);
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_asked_for_still_gives_a_pointer),
      cmocka_unit_test(a_product_that_overflows_is_refused),
      cmocka_unit_test(a_copy_holds_any_byte_and_ends_in_nul),
      cmocka_unit_test(a_secret_is_wiped),
#ifdef EHLO_FAULTS
      cmocka_unit_test(the_nth_allocation_fails_once),
      cmocka_unit_test(every_allocation_from_the_nth_on_fails),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
