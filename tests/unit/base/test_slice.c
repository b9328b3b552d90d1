/* Owns: tests of slices. */
#include "unit.h"

#include "ehlo/base/slice.h"

#define S(text) ehlo_slice_of(text, sizeof(text) - 1)

static void equality_sees_every_byte(void **state) {
  (void)state;
  assert_true(ehlo_slice_equal(S("a\0b"), S("a\0b")));
  assert_false(ehlo_slice_equal(S("a\0b"), S("a\0c")));
  assert_false(ehlo_slice_equal(S("a"), S("ab")));
  assert_true(ehlo_slice_equal(ehlo_slice_of(NULL, 0), S("")));
  assert_int_equal(ehlo_slice_str(NULL).len, 0);
}

static void only_ascii_letters_lose_their_case(void **state) {
  (void)state;
  assert_true(ehlo_slice_equal_nocase(S("StartTLS"), S("STARTTLS")));
  assert_false(ehlo_slice_equal_nocase(S("@["), S("`{")));
  assert_false(ehlo_slice_equal_nocase(S("\xc3\x84"), S("\xc3\xa4")));
  assert_false(ehlo_slice_equal_nocase(S("AUTH"), S("AUTH ")));
  assert_true(ehlo_slice_starts_nocase(S("auth=plain"), S("AUTH=")));
  assert_false(ehlo_slice_starts_nocase(S("aut"), S("AUTH")));
  assert_true(ehlo_slice_starts_nocase(S(""), ehlo_slice_of(NULL, 0)));
}

static void trimming_takes_blanks_and_line_ends_at_both_ends(void **state) {
  (void)state;
  assert_slice(ehlo_slice_trim(S(" \t a b \r\n")), "a b");
  assert_slice(ehlo_slice_trim(S(" \r\n\t ")), "");
  assert_slice(ehlo_slice_trim(S("")), "");
  assert_slice(ehlo_slice_chomp(S(" a \r\n\n")), " a ");
  assert_slice(ehlo_slice_chomp(S("\r\n")), "");
  assert_int_equal(ehlo_to_upper('z'), 'Z');
  assert_int_equal(ehlo_to_upper('{'), '{');
}

static void a_needle_is_found_from_a_place_on(void **state) {
  (void)state;
  const struct ehlo_slice hay = S("Blocked, BLOCKED, bloc");
  assert_int_equal(ehlo_slice_find_nocase(hay, S("blocked"), 0), 0);
  assert_int_equal(ehlo_slice_find_nocase(hay, S("blocked"), 1), 9);
  assert_true(ehlo_slice_find_nocase(hay, S("blocked"), 10) == SIZE_MAX);
  assert_int_equal(ehlo_slice_find_nocase(hay, S("BLOC"), 10), 18);
  assert_int_equal(ehlo_slice_find_nocase(hay, S(""), 22), 22);
  assert_true(ehlo_slice_find_nocase(hay, S(""), 23) == SIZE_MAX);
  assert_true(ehlo_slice_find_nocase(S("ab"), S("abc"), 0) == SIZE_MAX);
  assert_true(ehlo_slice_find_nocase(S("ab"), S("b"), SIZE_MAX) == SIZE_MAX);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(equality_sees_every_byte),
      cmocka_unit_test(only_ascii_letters_lose_their_case),
      cmocka_unit_test(trimming_takes_blanks_and_line_ends_at_both_ends),
      cmocka_unit_test(a_needle_is_found_from_a_place_on),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
