/* Owns: tests of the growing buffer. */
#include "unit.h"

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

static void bytes_added_in_any_way_follow_each_other(void **state) {
  (void)state;
  struct ehlo_buf b;
  ehlo_buf_init(&b, 1000);
  assert_slice(ehlo_buf_slice(&b), "");
  assert_int_equal(ehlo_buf_add_str(&b, "250"), 0);
  assert_int_equal(ehlo_buf_add_char(&b, ' '), 0);
  assert_int_equal(ehlo_buf_addf(&b, "%s-%d", "mx", 7), 0);
  assert_int_equal(ehlo_buf_add_slice(&b, ehlo_slice_of("\r\n", 2)), 0);
  assert_int_equal(ehlo_buf_add(&b, NULL, 0), 0);
  assert_slice(ehlo_buf_slice(&b), "250 mx-7\r\n");
  assert_int_equal(b.data[b.len], 0);
  ehlo_buf_fini(&b);
  assert_null(b.data);
  ehlo_buf_fini(&b);
}

static void formatted_text_longer_than_the_room_is_whole(void **state) {
  (void)state;
  struct ehlo_buf b;
  for (int width = 0; width < 300; width++) {
    ehlo_buf_init(&b, 1000);
    assert_int_equal(ehlo_buf_addf(&b, "ab%*d", width + 1, 7), 0);
    assert_int_equal(b.len, width + 3);
    assert_int_equal(b.data[b.len - 1], '7');
    assert_int_equal(b.data[b.len], 0);
    ehlo_buf_fini(&b);
  }
}

static void the_maximum_can_be_filled_and_not_passed(void **state) {
  (void)state;
  struct ehlo_buf b;
  for (size_t max = 0; max < 200; max++) {
    ehlo_buf_init(&b, max);
    for (size_t i = 0; i < max; i++)
      assert_int_equal(ehlo_buf_add_char(&b, 'x'), 0);
    assert_int_equal(ehlo_buf_add(&b, NULL, 0), 0);
    assert_int_equal(ehlo_buf_addf(&b, "%s", "y"), EHLO_E_LIMIT);
    assert_int_equal(b.len, max);
    assert_int_equal(b.data[max], 0);
    assert_int_equal(ehlo_buf_add(&b, NULL, 0), EHLO_E_LIMIT);
    ehlo_buf_reset(&b);
    assert_int_equal(ehlo_buf_add_char(&b, 'z') == 0, max > 0);
    ehlo_buf_fini(&b);
  }
}

static void a_failed_append_leaves_the_bytes_and_is_remembered(void **state) {
  (void)state;
  struct ehlo_buf b;
  ehlo_buf_init(&b, 10);
  assert_int_equal(ehlo_buf_add_str(&b, "12345"), 0);
  assert_int_equal(ehlo_buf_addf(&b, "%s", "a text too long"), EHLO_E_LIMIT);
  assert_int_equal(ehlo_buf_add_str(&b, "x"), EHLO_E_LIMIT);
  assert_int_equal(ehlo_buf_addf(&b, "x"), EHLO_E_LIMIT);
  assert_null(ehlo_buf_reserve(&b, 1));
  assert_null(ehlo_buf_take(&b, NULL));
  assert_string_equal(b.data, "12345");
  ehlo_buf_fini(&b);
}

static void a_size_near_the_top_of_the_range_is_a_limit(void **state) {
  (void)state;
  struct ehlo_buf b;
  ehlo_buf_init(&b, SIZE_MAX);
  assert_int_equal(ehlo_buf_add_char(&b, 'x'), 0);
  assert_null(ehlo_buf_reserve(&b, SIZE_MAX - 1));
  assert_int_equal(b.error, EHLO_E_LIMIT);
  ehlo_buf_fini(&b);
}

static void reserved_room_is_written_and_counted(void **state) {
  (void)state;
  struct ehlo_buf b;
  ehlo_buf_init(&b, 5000);
  ehlo_buf_grew(&b, 3);
  assert_int_equal(b.len, 0);
  char *room = ehlo_buf_reserve(&b, 4096);
  assert_non_null(room);
  memset(room, 'a', 4096);
  ehlo_buf_grew(&b, 4096);
  assert_int_equal(b.len, 4096);
  assert_int_equal(b.data[4096], 0);
  ehlo_buf_grew(&b, 4096);
  assert_int_equal(b.len, 4096);
  ehlo_buf_fini(&b);
}

static void bytes_are_dropped_from_the_front(void **state) {
  (void)state;
  struct ehlo_buf b;
  ehlo_buf_init(&b, 100);
  ehlo_buf_consume(&b, 5);
  assert_int_equal(ehlo_buf_add_str(&b, "220 a\r\n250 b\r\n"), 0);
  ehlo_buf_consume(&b, 7);
  assert_string_equal(b.data, "250 b\r\n");
  ehlo_buf_consume(&b, 700);
  assert_slice(ehlo_buf_slice(&b), "");
  ehlo_buf_fini(&b);
}

static void taken_bytes_belong_to_the_caller(void **state) {
  (void)state;
  struct ehlo_buf b;
  ehlo_buf_init(&b, 100);
  size_t len = 9;
  char *none = ehlo_buf_take(&b, &len);
  assert_string_equal(none, "");
  assert_int_equal(len, 0);
  assert_int_equal(ehlo_buf_add_str(&b, "mx"), 0);
  char *taken = ehlo_buf_take(&b, &len);
  assert_string_equal(taken, "mx");
  assert_int_equal(len, 2);
  assert_int_equal(b.len, 0);
  assert_int_equal(ehlo_buf_add_str(&b, "again"), 0);
  ehlo_buf_fini(&b);
  ehlo_memory_free(none);
  ehlo_memory_free(taken);
}

#ifdef EHLO_FAULTS
static void without_memory_the_bytes_stay(void **state) {
  (void)state;
  struct ehlo_buf b;
  ehlo_buf_init(&b, 1000);
  assert_int_equal(ehlo_buf_add_str(&b, "kept"), 0);
  ehlo_memory_fail_at(1, 1);
  assert_int_equal(ehlo_buf_addf(&b, "%200d", 1), EHLO_E_MEMORY);
  ehlo_memory_fail_at(0, 0);
  assert_string_equal(b.data, "kept");
  assert_int_equal(b.error, EHLO_E_MEMORY);
  ehlo_buf_fini(&b);
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bytes_added_in_any_way_follow_each_other),
      cmocka_unit_test(formatted_text_longer_than_the_room_is_whole),
      cmocka_unit_test(the_maximum_can_be_filled_and_not_passed),
      cmocka_unit_test(a_failed_append_leaves_the_bytes_and_is_remembered),
      cmocka_unit_test(a_size_near_the_top_of_the_range_is_a_limit),
      cmocka_unit_test(reserved_room_is_written_and_counted),
      cmocka_unit_test(bytes_are_dropped_from_the_front),
      cmocka_unit_test(taken_bytes_belong_to_the_caller),
#ifdef EHLO_FAULTS
      cmocka_unit_test(without_memory_the_bytes_stay),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
