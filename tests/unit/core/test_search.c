/* Owns: tests of the search by words. */
#include "ehlo/core/search.h"

#include "unit.h"

static struct ehlo_entry entry(struct ehlo_hit hit) {
  return ehlo_catalogue_entry(ehlo_catalogue_builtin(), hit.index);
}

static int search(const char *query, struct ehlo_hit *hits, int max) {
  return ehlo_search(ehlo_catalogue_builtin(), ehlo_slice_str(query), hits, max);
}

static void a_code_finds_itself_first(void **state) {
  (void)state;
  struct ehlo_hit hits[10];
  assert_true(search("521", hits, 10) > 1);
  assert_slice(ehlo_entry_string(entry(hits[0]), EHLO_FIELD_CODE), "521");
  assert_true(search("5.7.1", hits, 10) > 1);
  assert_slice(ehlo_entry_string(entry(hits[0]), EHLO_FIELD_CODE), "5.7.1");
}

static void all_words_must_occur_whatever_their_case(void **state) {
  (void)state;
  struct ehlo_hit few[400], many[400];
  const int n = search("QUOTA mailbox", few, 400);
  assert_true(n > 0 && n < search("mailbox", many, 400));
  assert_int_equal(search("mailbox Quota", many, 400), n);
  assert_int_equal(search("mailbox xyzzyplugh", many, 400), 0);
}

static void names_weigh_more_than_prose(void **state) {
  (void)state;
  struct ehlo_hit hits[5];
  assert_int_equal(search("mailbox full", hits, 5), 5);
  const struct ehlo_slice name = ehlo_entry_string(entry(hits[0]), EHLO_FIELD_NAME);
  assert_true(ehlo_slice_find_nocase(name, ehlo_slice_str("mailbox full"), 0) != SIZE_MAX);
}

static void hits_come_best_first_and_never_more_than_asked(void **state) {
  (void)state;
  struct ehlo_hit all[500], some[7];
  const int n = search("server", all, 500);
  assert_true(n > 7);
  for (int i = 1; i < n; i++)
    assert_true(all[i].score <= all[i - 1].score);
  assert_int_equal(search("server", some, 7), 7);
  assert_memory_equal(all, some, sizeof some);
  assert_int_equal(search("server", some, 0), 0);
}

static void nothing_is_found_for_nothing(void **state) {
  (void)state;
  struct ehlo_hit hits[3];
  assert_int_equal(search("", hits, 3), 0);
  assert_int_equal(search(" \t ", hits, 3), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_code_finds_itself_first),    cmocka_unit_test(all_words_must_occur_whatever_their_case),
      cmocka_unit_test(names_weigh_more_than_prose),  cmocka_unit_test(hits_come_best_first_and_never_more_than_asked),
      cmocka_unit_test(nothing_is_found_for_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
