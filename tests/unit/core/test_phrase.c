/* Owns: tests of finding phrases in texts: all of them by their own words, folding, stars, and which of several wins. */
#include <time.h>

#include "ehlo/core/explain.h"
#include "guard.h"
#include "unit.h"

static const struct ehlo_enhanced no_code = {0};

static struct ehlo_entry match(const char *text, int code, struct ehlo_enhanced enhanced, enum ehlo_phase phase) {
  return ehlo_phrase_match(ehlo_catalogue_builtin(), ehlo_slice_str(text), code, enhanced, phase);
}

static void assert_id(struct ehlo_entry e, const char *id) {
  const struct ehlo_slice found = ehlo_entry_string(e, EHLO_FIELD_ID);
  if (!ehlo_slice_equal(found, ehlo_slice_str(id))) fail_msg("%.*s, not %s", (int)found.len, found.ptr, id);
}

static struct ehlo_code code_of(struct ehlo_entry e) {
  struct ehlo_code reply = {0}, enhanced = {0};
  (void)ehlo_code_read(ehlo_entry_string(e, EHLO_FIELD_CODE), &reply, NULL);
  (void)ehlo_code_read(ehlo_entry_string(e, EHLO_FIELD_ENHANCED), &enhanced, NULL);
  return (struct ehlo_code){reply.reply, enhanced.enhanced};
}

static void every_phrase_is_found_by_its_own_words_or_one_that_says_the_same(void **state) {
  (void)state;
  const struct ehlo_catalogue *c = ehlo_catalogue_builtin();
  int own = 0, all = 0;
  for (int32_t i = 0; i < ehlo_catalogue_count(c); i++) {
    const struct ehlo_entry e = ehlo_catalogue_entry(c, i);
    char text[512];
    const struct ehlo_slice s = ehlo_entry_string(e, EHLO_FIELD_TEXT);
    if (ehlo_entry_string(e, EHLO_FIELD_ID).len == 0) continue;
    (void)snprintf(text, sizeof text, "<a@b.example>: %.*s [192.0.2.1]", (int)s.len, s.ptr);
    const struct ehlo_code code = code_of(e);
    const struct ehlo_entry found = match(text, code.reply, code.enhanced, EHLO_PHASES);
    if (!ehlo_entry_exists(found)) fail_msg("%s is not found", text);
    all++;
    if (found.index == i) {
      own++;
    } else if (!ehlo_slice_equal(ehlo_entry_string(found, EHLO_FIELD_CAUSE), ehlo_entry_string(e, EHLO_FIELD_CAUSE))) {
      const struct ehlo_slice other = ehlo_entry_string(found, EHLO_FIELD_TEXT);
      /* another one may only win with more words of the same text */
      assert_true(other.len >= s.len || ehlo_slice_equal_nocase(other, s));
    }
  }
  assert_true(all > 300 && own * 100 > all * 90);
}

static void case_and_white_space_do_not_matter(void **state) {
  (void)state;
  assert_id(match("USER  unknown\r\n in\tLOCAL recipient Table", 550, no_code, EHLO_PHASES),
            "postfix-user-unknown-local");
}

static void a_star_stands_for_up_to_64_bytes(void **state) {
  (void)state;
  char text[256];
  assert_id(match("Syntactically invalid EHLO argument(s)", 501, no_code, EHLO_PHASES), "exim-helo-invalid");
  (void)snprintf(text, sizeof text, "Syntactically invalid %064d argument(s)", 1);
  assert_id(match(text, 501, no_code, EHLO_PHASES), "exim-helo-invalid");
  (void)snprintf(text, sizeof text, "Syntactically invalid %065d argument(s)", 1);
  assert_false(ehlo_slice_equal(ehlo_entry_string(match(text, 501, no_code, EHLO_PHASES), EHLO_FIELD_ID),
                                ehlo_slice_str("exim-helo-invalid")));
}

static void a_phrase_of_another_class_is_out_unless_no_code_is_known(void **state) {
  (void)state;
  assert_id(match("User unknown in local recipient table", 0, no_code, EHLO_PHASES), "postfix-user-unknown-local");
  assert_false(ehlo_slice_equal(
      ehlo_entry_string(match("User unknown in local recipient table", 450, no_code, EHLO_PHASES), EHLO_FIELD_ID),
      ehlo_slice_str("postfix-user-unknown-local")));
}

static void opening_words_lose_to_the_cause_behind_them(void **state) {
  (void)state;
  const struct ehlo_entry e = match("Service unavailable; Client host [192.0.2.1] blocked using bl.example", 554,
                                    (struct ehlo_enhanced){5, 7, 1}, EHLO_PHASE_RCPT);
  assert_slice(ehlo_entry_string(e, EHLO_FIELD_CAUSE), "ip-blocklisted");
}

static void the_code_in_front_tells_texts_apart(void **state) {
  (void)state;
  assert_id(match("Access denied, sending domain EXAMPLE.COM does not pass", 550, (struct ehlo_enhanced){5, 7, 515},
                  EHLO_PHASES),
            "microsoft365-bulk-authentication");
}

static void the_fitting_enhanced_code_decides_between_equals(void **state) {
  (void)state;
  const struct ehlo_entry e = match("blocked using", 521, (struct ehlo_enhanced){5, 7, 1}, EHLO_PHASE_GREETING);
  assert_slice(ehlo_entry_string(e, EHLO_FIELD_PROVIDER), "Postfix postscreen");
}

static void words_inside_other_words_do_not_count(void **state) {
  (void)state;
  assert_false(
      ehlo_slice_equal(ehlo_entry_string(match("he enlisted at the army", 550, no_code, EHLO_PHASES), EHLO_FIELD_ID),
                       ehlo_slice_str("sendmail-dnsbl")));
}

static void no_phrase_is_found_where_none_is(void **state) {
  (void)state;
  static const char *const texts[] = {"", "x", "2.1.5 Ok", "lorem ipsum dolor sit amet", "****", "\0\0"};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    assert_false(ehlo_entry_exists(match(texts[i], 550, no_code, EHLO_PHASES)));
}

static void a_text_is_never_read_past_its_end(void **state) {
  (void)state;
  static const char text[] =
      "Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; User unknown";
  struct guard g;
  assert_int_equal(guard_open(&g, sizeof text), 0);
  for (size_t len = 0; len < sizeof text; len++) {
    const struct ehlo_slice s = ehlo_slice_of(guard_put(&g, text, len), len);
    (void)ehlo_phrase_match(ehlo_catalogue_builtin(), s, 554, no_code, EHLO_PHASES);
  }
  guard_close(&g);
}

static void a_hostile_text_costs_little(void **state) {
  (void)state;
  enum { LEN = 1 << 16 };
  static char text[LEN];
  const clock_t start = clock();
  for (int i = 0; i < LEN; i++)
    text[i] = "syntactically invalid user unknown "[i % 35];
  for (int i = 0; i < 20; i++)
    (void)ehlo_phrase_match(ehlo_catalogue_builtin(), ehlo_slice_of(text, LEN), 550, no_code, EHLO_PHASES);
  assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 2.0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_phrase_is_found_by_its_own_words_or_one_that_says_the_same),
      cmocka_unit_test(case_and_white_space_do_not_matter),
      cmocka_unit_test(a_star_stands_for_up_to_64_bytes),
      cmocka_unit_test(a_phrase_of_another_class_is_out_unless_no_code_is_known),
      cmocka_unit_test(opening_words_lose_to_the_cause_behind_them),
      cmocka_unit_test(the_code_in_front_tells_texts_apart),
      cmocka_unit_test(the_fitting_enhanced_code_decides_between_equals),
      cmocka_unit_test(words_inside_other_words_do_not_count),
      cmocka_unit_test(no_phrase_is_found_where_none_is),
      cmocka_unit_test(a_text_is_never_read_past_its_end),
      cmocka_unit_test(a_hostile_text_costs_little),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
