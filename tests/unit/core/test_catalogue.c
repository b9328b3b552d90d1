/* Owns: tests of the catalogue image: what was built in, the order of entries, and that a damaged image harms nobody. */
#include "ehlo/core/catalogue.h"

#include <stdlib.h>

#include "core/slips.h"
#include "ehlo/base/error.h"
#include "ehlo/core/code.h"
#include "guard.h"
#include "unit.h"

static const struct ehlo_catalogue *builtin(void) {
  return ehlo_catalogue_builtin();
}

static bool is(struct ehlo_entry e, enum ehlo_field f, const char *text) {
  return ehlo_slice_equal(ehlo_entry_string(e, f), ehlo_slice_str(text));
}

static void the_builtin_catalogue_opens_as_any_other_image(void **state) {
  (void)state;
  struct ehlo_catalogue opened;
  assert_int_equal(ehlo_catalogue_open(builtin()->image, &opened), 0);
  assert_true(opened.version == builtin()->version && opened.version >= 2026112401u);
  assert_slice(ehlo_catalogue_about(builtin(), "name"), "standard");
  assert_int_equal(ehlo_catalogue_about(builtin(), "expires").len, strlen("2027-11-24T00:00:00Z"));
  assert_int_equal(ehlo_catalogue_about(builtin(), "colour").len, 0);
}

static void every_field_has_a_name_that_leads_back_to_it(void **state) {
  (void)state;
  for (int f = 0; f < EHLO_FIELDS; f++)
    assert_int_equal(ehlo_field_from(ehlo_slice_str(ehlo_field_rows[f].name)), f);
  assert_int_equal(ehlo_field_from(ehlo_slice_str("colour")), -1);
}

static void a_reply_code_is_found_by_its_number(void **state) {
  (void)state;
  const struct ehlo_entry e = ehlo_catalogue_reply(builtin(), 521);
  assert_true(is(e, EHLO_FIELD_CODE, "521") && is(e, EHLO_FIELD_KIND, "reply"));
  assert_true(is(e, EHLO_FIELD_CLASS, "permanent-negative") && is(e, EHLO_FIELD_CATEGORY, "connections"));
  assert_slice(ehlo_entry_item(e, EHLO_FIELD_COMMANDS, 0), "greeting");
  assert_slice(ehlo_entry_string(e, EHLO_FIELD_COMMANDS), "greeting");
  static const int none[] = {-1, 0, 99, 299, 600, 999, 1000, 70000};
  for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
    assert_false(ehlo_entry_exists(ehlo_catalogue_reply(builtin(), none[i])));
}

static void an_enhanced_code_has_the_words_of_its_class(void **state) {
  (void)state;
  const struct ehlo_entry now = ehlo_catalogue_enhanced(builtin(), (struct ehlo_enhanced){4, 7, 1});
  const struct ehlo_entry good = ehlo_catalogue_enhanced(builtin(), (struct ehlo_enhanced){5, 7, 1});
  assert_true(is(now, EHLO_FIELD_CODE, "4.7.1") && is(now, EHLO_FIELD_PATTERN, "X.7.1") &&
              is(now, EHLO_FIELD_RETRY, "yes"));
  assert_true(is(good, EHLO_FIELD_CLASS, "permanent-failure") && is(good, EHLO_FIELD_RETRY, "no"));
  assert_false(ehlo_entry_exists(ehlo_catalogue_enhanced(builtin(), (struct ehlo_enhanced){2, 1, 1})));
  assert_true(ehlo_entry_exists(ehlo_catalogue_enhanced_any(builtin(), (struct ehlo_enhanced){2, 1, 1})));
  assert_false(ehlo_entry_exists(ehlo_catalogue_enhanced(builtin(), (struct ehlo_enhanced){5, 60000, 60000})));
}

static void every_enhanced_code_retries_as_its_class_says_or_leaves_it_open(void **state) {
  (void)state;
  for (int32_t i = 0; i < ehlo_catalogue_count(builtin()); i++) {
    const struct ehlo_entry e = ehlo_catalogue_entry(builtin(), i);
    if (!is(e, EHLO_FIELD_KIND, "enhanced")) continue;
    const char class = ehlo_entry_string(e, EHLO_FIELD_CODE).ptr[0];
    if (class == '2') assert_true(is(e, EHLO_FIELD_RETRY, "no"));
    if (class == '5') assert_false(is(e, EHLO_FIELD_RETRY, "yes"));
  }
}

static void entries_are_found_again_by_their_own_code_or_id(void **state) {
  (void)state;
  for (int32_t i = 0; i < ehlo_catalogue_count(builtin()); i++) {
    const struct ehlo_entry e = ehlo_catalogue_entry(builtin(), i);
    struct ehlo_code code;
    if (is(e, EHLO_FIELD_KIND, "phrase")) {
      assert_int_equal(ehlo_catalogue_phrase(builtin(), ehlo_entry_string(e, EHLO_FIELD_ID)).index, i);
      continue;
    }
    assert_int_equal(ehlo_code_read(ehlo_entry_string(e, EHLO_FIELD_CODE), &code, NULL), 0);
    const struct ehlo_entry again =
        code.reply ? ehlo_catalogue_reply(builtin(), code.reply) : ehlo_catalogue_enhanced(builtin(), code.enhanced);
    assert_int_equal(again.index, i);
  }
  assert_false(ehlo_entry_exists(ehlo_catalogue_phrase(builtin(), ehlo_slice_str("no-such-phrase"))));
  assert_false(ehlo_entry_exists(ehlo_catalogue_entry(builtin(), ehlo_catalogue_count(builtin()))));
  assert_false(ehlo_entry_exists(ehlo_catalogue_entry(builtin(), -1)));
}

static void every_code_has_what_an_operator_must_know_without_slips(void **state) {
  (void)state;
  static const enum ehlo_field prose[] = {EHLO_FIELD_MEANING, EHLO_FIELD_WHEN, EHLO_FIELD_FIX};
  static const enum ehlo_field words[] = {EHLO_FIELD_NAME,  EHLO_FIELD_CLASS, EHLO_FIELD_CATEGORY,
                                          EHLO_FIELD_RETRY, EHLO_FIELD_ACTS,  EHLO_FIELD_STATUS};
  for (int32_t i = 0; i < ehlo_catalogue_count(builtin()); i++) {
    const struct ehlo_entry e = ehlo_catalogue_entry(builtin(), i);
    const bool phrase = is(e, EHLO_FIELD_KIND, "phrase");
    for (size_t k = 0; k < sizeof prose / sizeof prose[0]; k++) {
      char text[2048];
      const struct ehlo_slice s = ehlo_entry_string(e, prose[k]);
      if (phrase && prose[k] == EHLO_FIELD_WHEN) continue;
      assert_true(s.len < sizeof text);
      memcpy(text, s.ptr, s.len);
      text[s.len] = '\0';
      const char *slip = slip_in_sentences(text);
      if (slip) fail_msg("entry %d: %s in: %s", (int)i, slip, text);
    }
    for (size_t k = 0; k < sizeof words / sizeof words[0] && !phrase; k++)
      assert_true(ehlo_entry_string(e, words[k]).len > 0);
  }
}

static void a_code_lists_the_phrases_that_carry_it_by_provider(void **state) {
  (void)state;
  const struct ehlo_entry e = ehlo_catalogue_enhanced(builtin(), (struct ehlo_enhanced){5, 7, 1});
  struct ehlo_slice before = {"", 0};
  int32_t n = 0;
  for (;; n++) {
    const struct ehlo_entry phrase = ehlo_catalogue_phrase_of(e, n);
    if (!ehlo_entry_exists(phrase)) break;
    const struct ehlo_slice provider = ehlo_entry_string(phrase, EHLO_FIELD_PROVIDER);
    const size_t len = before.len < provider.len ? before.len : provider.len;
    if (len > 0) assert_true(strncasecmp(before.ptr, provider.ptr, len) <= 0);
    before = provider;
  }
  assert_true(n > 5);
  assert_false(ehlo_entry_exists(ehlo_catalogue_phrase_of(e, -1)));
}

static void a_code_that_only_phrases_carry_is_explained_by_them(void **state) {
  (void)state;
  const struct ehlo_entry e = ehlo_catalogue_enhanced(builtin(), (struct ehlo_enhanced){5, 7, 515});
  assert_true(is(e, EHLO_FIELD_STATUS, "nonstandard") && is(e, EHLO_FIELD_ACTS, "sending-admin"));
  assert_true(ehlo_entry_exists(ehlo_catalogue_phrase_of(e, 0)));
}

/* ---- damage ---- */

static size_t read_everything(const struct ehlo_catalogue *c) {
  size_t sum = 0;
  const int32_t count = ehlo_catalogue_count(c);
  for (int32_t i = 0; i < count && i < 2000; i += 7) {
    const struct ehlo_entry e = ehlo_catalogue_entry(c, i);
    for (int f = 0; f < EHLO_FIELDS; f++) {
      const struct ehlo_slice s = ehlo_entry_string(e, (enum ehlo_field)f);
      for (size_t k = 0; k < s.len && k < 100; k++)
        sum += (unsigned char)s.ptr[k];
      for (uint32_t k = 0; k < ehlo_entry_items(e, (enum ehlo_field)f) && k < 10; k++) {
        const struct ehlo_slice item = ehlo_entry_item(e, (enum ehlo_field)f, k);
        if (item.len > 0) sum += (unsigned char)item.ptr[0] + (unsigned char)item.ptr[item.len - 1];
      }
    }
    sum += (size_t)ehlo_catalogue_phrase_of(e, 0).index;
  }
  for (int code = 0; code < 1000; code += 3)
    sum += (size_t)ehlo_catalogue_reply(c, code).index;
  sum += (size_t)ehlo_catalogue_enhanced(c, (struct ehlo_enhanced){5, 7, 1}).index;
  sum += (size_t)ehlo_catalogue_phrase(c, ehlo_slice_str("exim-load")).index;
  return sum + ehlo_catalogue_about(c, "name").len;
}

static void a_truncated_image_is_refused(void **state) {
  (void)state;
  struct ehlo_catalogue c;
  const struct ehlo_slice image = builtin()->image;
  for (size_t len = 0; len < image.len; len += len < 300 ? 1 : 4093)
    assert_int_equal(ehlo_catalogue_open(ehlo_slice_of(image.ptr, len), &c), EHLO_E_SYNTAX);
  assert_int_equal(ehlo_catalogue_open(ehlo_slice_of(NULL, 0), &c), EHLO_E_SYNTAX);
  assert_int_equal(ehlo_catalogue_count(&c), 0);
}

static void a_damaged_image_is_refused_or_read_within_its_bounds(void **state) {
  (void)state;
  struct guard g;
  const size_t len = builtin()->image.len;
  unsigned seed = 1;
  assert_int_equal(guard_open(&g, len), 0);
  for (int round = 0; round < 60; round++) {
    char *image = guard_put(&g, builtin()->image.ptr, len);
    const int hurts = 1 + round * 20;
    for (int k = 0; k < hurts; k++) {
      seed = seed * 1664525u + 1013904223u;
      const size_t at = round % 3 == 0 ? 24 + seed % 104 : seed % (len - 24) + 24;
      image[at] = (char)(seed >> 24);
    }
    struct ehlo_catalogue c;
    if (ehlo_catalogue_open(ehlo_slice_of(image, len), &c) == 0) (void)read_everything(&c);
  }
  guard_close(&g);
}

static void offsets_that_point_anywhere_are_harmless(void **state) {
  (void)state;
  static const uint32_t evil[] = {1, 127, 0x7fffffff, 0xffffffff, 0xfffffffc, 0x80000000};
  struct guard g;
  const size_t len = builtin()->image.len;
  assert_int_equal(guard_open(&g, len), 0);
  for (size_t i = 0; i < sizeof evil / sizeof evil[0] + 1; i++) {
    char *image = guard_put(&g, builtin()->image.ptr, len);
    uint32_t value = i < sizeof evil / sizeof evil[0] ? evil[i] : (uint32_t)len - 4;
    uint32_t entries;
    memcpy(&entries, image + 56, 4);
    for (size_t at = entries; at + 4 <= len && at < entries + 200000; at += 4)
      memcpy(image + at, &value, 4);
    struct ehlo_catalogue c;
    if (ehlo_catalogue_open(ehlo_slice_of(image, len), &c) == 0) (void)read_everything(&c);
  }
  guard_close(&g);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_builtin_catalogue_opens_as_any_other_image),
      cmocka_unit_test(every_field_has_a_name_that_leads_back_to_it),
      cmocka_unit_test(a_reply_code_is_found_by_its_number),
      cmocka_unit_test(an_enhanced_code_has_the_words_of_its_class),
      cmocka_unit_test(every_enhanced_code_retries_as_its_class_says_or_leaves_it_open),
      cmocka_unit_test(entries_are_found_again_by_their_own_code_or_id),
      cmocka_unit_test(every_code_has_what_an_operator_must_know_without_slips),
      cmocka_unit_test(a_code_lists_the_phrases_that_carry_it_by_provider),
      cmocka_unit_test(a_code_that_only_phrases_carry_is_explained_by_them),
      cmocka_unit_test(a_truncated_image_is_refused),
      cmocka_unit_test(a_damaged_image_is_refused_or_read_within_its_bounds),
      cmocka_unit_test(offsets_that_point_anywhere_are_harmless),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
