/* Owns: tests of comparisons: what differs, what is shared, and that every pair reads without a slip. */
#include "ehlo/core/compare.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/slips.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "unit.h"

enum { SENTENCES = 256 };

static struct ehlo_code code_of(const char *text) {
  struct ehlo_code code;
  assert_int_equal(ehlo_code_read(ehlo_slice_str(text), &code, NULL), 0);
  return code;
}

static void compare(const char *a, const char *b, struct ehlo_comparison *out) {
  const struct ehlo_code codes[] = {code_of(a), code_of(b)};
  assert_int_equal(ehlo_compare(ehlo_catalogue_builtin(), codes, 2, out), 0);
}

static const struct ehlo_difference *field(const struct ehlo_difference *list, int n, const char *name) {
  for (int i = 0; i < n; i++) {
    if (strcmp(list[i].field, name) == 0) return &list[i];
  }
  return NULL;
}

/* ---- one page, looked at ---- */

struct page {
  const char *start[SENTENCES];
  size_t len[SENTENCES];
  int n;
};

/* NULL, or what is wrong; remembers the sentences and finds one that is there twice. */
static const char *add_sentences(struct page *page, const char *s) {
  while (*s) {
    const char *end = s;
    while (*end && !(strchr(".?!", *end) && (end[1] == ' ' || end[1] == '\0')))
      end++;
    const size_t len = (size_t)(end - s);
    for (int i = 0; i < page->n; i++) {
      if (page->len[i] == len && memcmp(page->start[i], s, len) == 0) return "a sentence that is there twice";
    }
    if (page->n < SENTENCES && len > 0) {
      page->start[page->n] = s;
      page->len[page->n++] = len;
    }
    s = *end ? end + 1 : end;
    while (*s == ' ')
      s++;
  }
  return NULL;
}

static bool is_prose(const char *name) {
  return strcmp(name, "meaning") == 0 || strcmp(name, "when") == 0 || strcmp(name, "fix") == 0;
}

static const char *look_at_value(struct page *page, const char *name, const char *value) {
  const char *slip = is_prose(name) ? slip_in_sentences(value) : slip_in(value);
  if (!slip && is_prose(name) && strcmp(value, "Nothing beyond that.") != 0) slip = add_sentences(page, value);
  return slip;
}

static const char *look_at_fields(struct page *page, const struct ehlo_comparison *c) {
  const char *slip = NULL;
  for (int i = 0; i < c->n_differences && !slip; i++) {
    for (int k = 0; k < c->n_items && !slip; k++)
      slip = look_at_value(page, c->differences[i].field, c->differences[i].values[k].data);
  }
  for (int i = 0; i < c->n_common && !slip; i++)
    slip = look_at_value(page, c->common[i].field, c->common[i].values[0].data);
  return slip;
}

static const char *look_at(const struct ehlo_comparison *c) {
  struct page page = {.n = 0};
  const char *slip = slip_in(c->headline.data);
  if (!slip) slip = slip_in_sentences(c->summary.data);
  if (!slip) slip = slip_in_sentences(c->when_to_use.data);
  if (!slip) slip = add_sentences(&page, c->summary.data);
  if (!slip) slip = add_sentences(&page, c->when_to_use.data);
  return slip ? slip : look_at_fields(&page, c);
}

static void check(const struct ehlo_code *codes, int n) {
  struct ehlo_comparison c;
  assert_int_equal(ehlo_compare(ehlo_catalogue_builtin(), codes, n, &c), 0);
  const char *slip = look_at(&c);
  if (slip) {
    fail_msg("%s against %s: %s in:\n%s\n%s\n%s", c.items[0].code, c.items[c.n_items - 1].code, slip, c.headline.data,
             c.summary.data, c.when_to_use.data);
  }
  ehlo_comparison_fini(&c);
}

static int codes_of_kind(const char *kind, struct ehlo_code *out, int max) {
  const struct ehlo_catalogue *c = ehlo_catalogue_builtin();
  int n = 0;
  for (int32_t i = 0; i < ehlo_catalogue_count(c) && n < max; i++) {
    const struct ehlo_entry e = ehlo_catalogue_entry(c, i);
    if (!ehlo_slice_equal(ehlo_entry_string(e, EHLO_FIELD_KIND), ehlo_slice_str(kind))) continue;
    assert_int_equal(ehlo_code_read(ehlo_entry_string(e, EHLO_FIELD_CODE), &out[n++], NULL), 0);
  }
  return n;
}

static void every_pair_of_reply_codes_reads_without_a_slip(void **state) {
  (void)state;
  struct ehlo_code codes[200];
  const int n = codes_of_kind("reply", codes, 200);
  assert_true(n >= 73);
  for (int i = 0; i < n; i++) {
    for (int k = i; k < n; k++) {
      const struct ehlo_code pair[] = {codes[i], codes[k]};
      if (i != k) check(pair, 2);
    }
  }
}

static void every_pair_of_enhanced_codes_of_one_or_two_classes_reads_without_a_slip(void **state) {
  (void)state;
  struct ehlo_code codes[400];
  const int n = codes_of_kind("enhanced", codes, 400);
  assert_true(n >= 81);
  for (int i = 0; i < n; i++) {
    for (int k = i + 1; k < n; k++) {
      const struct ehlo_code pair[] = {codes[i], codes[k]};
      check(pair, 2);
    }
  }
}

static void every_reply_code_beside_enhanced_codes_reads_without_a_slip(void **state) {
  (void)state;
  struct ehlo_code replies[200], codes[400];
  const int n = codes_of_kind("reply", replies, 200), m = codes_of_kind("enhanced", codes, 400);
  for (int i = 0; i < n; i++) {
    for (int k = i % 5; k < m; k += 5) {
      const struct ehlo_code pair[] = {replies[i], codes[k]};
      check(pair, 2);
    }
  }
}

static void codes_that_nobody_registered_read_without_a_slip(void **state) {
  (void)state;
  static const char *const strange[] = {"259",   "349",   "409",   "419",     "429",   "439",   "559",   "539",
                                        "2.1.1", "4.9.9", "5.9.9", "5.7.999", "2.8.1", "5.0.7", "4.6.77"};
  struct ehlo_code replies[200];
  const int n = codes_of_kind("reply", replies, 200);
  for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++) {
    for (int k = 0; k < n; k++) {
      const struct ehlo_code pair[] = {code_of(strange[i]), replies[k]};
      check(pair, 2);
    }
  }
}

static const char *look_at_words(const struct ehlo_comparison *c) {
  const char *slip = slip_in(c->headline.data);
  if (!slip) slip = slip_in_sentences(c->summary.data);
  return slip ? slip : slip_in_sentences(c->when_to_use.data);
}

static void triples_and_more_read_without_a_slip(void **state) {
  (void)state;
  struct ehlo_code codes[200];
  const int n = codes_of_kind("reply", codes, 200);
  for (int i = 0; i < n * 40; i++) {
    struct ehlo_code some[EHLO_COMPARE_ITEMS];
    const int m = 3 + i % (EHLO_COMPARE_ITEMS - 2);
    for (int k = 0; k < m; k++)
      some[k] = codes[(i * 7 + k * (3 + i % 11)) % n];
    struct ehlo_comparison c;
    assert_int_equal(ehlo_compare(ehlo_catalogue_builtin(), some, m, &c), 0);
    const char *slip = look_at_words(&c);
    if (slip) fail_msg("%s in:\n%s\n%s\n%s", slip, c.headline.data, c.summary.data, c.when_to_use.data);
    ehlo_comparison_fini(&c);
  }
}

/* ---- what it says ---- */

static void differing_fields_stand_side_by_side_and_shared_ones_are_said_once(void **state) {
  (void)state;
  struct ehlo_comparison c;
  compare("421", "450", &c);
  assert_string_equal(c.kind, "reply");
  assert_string_equal(c.headline.data, "Both temporary: keep the mail queued");
  assert_null(field(c.differences, c.n_differences, "class"));
  assert_string_equal(field(c.common, c.n_common, "class")->values[0].data, "transient-negative");
  assert_string_equal(field(c.differences, c.n_differences, "commands")->values[0].data, "greeting, any");
  assert_non_null(field(c.differences, c.n_differences, "meaning"));
  ehlo_comparison_fini(&c);
}

static void the_summary_says_kind_and_moment(void **state) {
  (void)state;
  struct ehlo_comparison c;
  compare("211", "521", &c);
  assert_non_null(strstr(c.summary.data, "211 reports success; 521 refuses for good."));
  assert_non_null(strstr(c.summary.data, "never alternatives: 211 answers HELP; 521 stands in place of the greeting."));
  ehlo_comparison_fini(&c);
}

static void a_code_is_the_same_as_itself(void **state) {
  (void)state;
  struct ehlo_comparison c;
  compare("521", "521", &c);
  assert_int_equal(c.n_differences, 0);
  assert_true(c.n_common > 0);
  assert_null(look_at_words(&c));
  ehlo_comparison_fini(&c);
}

static void a_reply_and_an_enhanced_code_are_a_mixed_comparison(void **state) {
  (void)state;
  struct ehlo_comparison c;
  compare("550", "5.1.1", &c);
  assert_string_equal(c.kind, "mixed");
  assert_non_null(strstr(c.summary.data, "550 5.1.1 is often met"));
  ehlo_comparison_fini(&c);
}

static void pairs_are_compared_by_the_half_that_differs(void **state) {
  (void)state;
  struct ehlo_comparison c;
  compare("550/5.1.1", "550/5.7.1", &c);
  assert_string_equal(c.kind, "enhanced");
  ehlo_comparison_fini(&c);
  compare("450/4.7.1", "451/4.7.1", &c);
  assert_string_equal(c.kind, "reply");
  ehlo_comparison_fini(&c);
}

static void fewer_than_two_or_too_many_codes_are_refused(void **state) {
  (void)state;
  struct ehlo_comparison c;
  struct ehlo_code codes[EHLO_COMPARE_ITEMS + 1] = {{.reply = 550}};
  assert_int_equal(ehlo_compare(ehlo_catalogue_builtin(), codes, 1, &c), EHLO_E_ARGUMENT);
  ehlo_comparison_fini(&c);
  assert_int_equal(ehlo_compare(ehlo_catalogue_builtin(), codes, EHLO_COMPARE_ITEMS + 1, &c), EHLO_E_ARGUMENT);
  ehlo_comparison_fini(&c);
}

static void the_json_has_its_keys_in_order(void **state) {
  (void)state;
  static const char *const keys[] = {"{\"kind\":\"reply\"", "\"items\":[",  "\"differences\":[",
                                     "\"common\":[",        "\"summary\":", "\"when_to_use\":"};
  struct ehlo_comparison c;
  struct ehlo_buf out;
  ehlo_buf_init(&out, 1 << 20);
  compare("211", "521", &c);
  assert_int_equal(ehlo_comparison_json(&c, &out), 0);
  const char *at = out.data;
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    at = strstr(at, keys[i]);
    assert_non_null(at);
  }
  ehlo_buf_fini(&out);
  ehlo_comparison_fini(&c);
}

#ifdef EHLO_FAULTS
static void a_comparison_without_memory_fails_and_leaks_nothing(void **state) {
  (void)state;
  const struct ehlo_code codes[] = {code_of("421"), code_of("5.9.9"), code_of("550")};
  for (unsigned long nth = 1; nth < 400; nth++) {
    struct ehlo_comparison c;
    ehlo_memory_fail_at(nth, 0);
    const int result = ehlo_compare(ehlo_catalogue_builtin(), codes, 3, &c);
    ehlo_memory_fail_at(0, 0);
    ehlo_comparison_fini(&c);
    assert_true(result == 0 || result == EHLO_E_MEMORY);
  }
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_pair_of_reply_codes_reads_without_a_slip),
      cmocka_unit_test(every_pair_of_enhanced_codes_of_one_or_two_classes_reads_without_a_slip),
      cmocka_unit_test(every_reply_code_beside_enhanced_codes_reads_without_a_slip),
      cmocka_unit_test(codes_that_nobody_registered_read_without_a_slip),
      cmocka_unit_test(triples_and_more_read_without_a_slip),
      cmocka_unit_test(differing_fields_stand_side_by_side_and_shared_ones_are_said_once),
      cmocka_unit_test(the_summary_says_kind_and_moment),
      cmocka_unit_test(a_code_is_the_same_as_itself),
      cmocka_unit_test(a_reply_and_an_enhanced_code_are_a_mixed_comparison),
      cmocka_unit_test(pairs_are_compared_by_the_half_that_differs),
      cmocka_unit_test(fewer_than_two_or_too_many_codes_are_refused),
      cmocka_unit_test(the_json_has_its_keys_in_order),
#ifdef EHLO_FAULTS
      cmocka_unit_test(a_comparison_without_memory_fails_and_leaks_nothing),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
