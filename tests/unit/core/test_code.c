/* Owns: tests of reading codes and of cards: what is malformed and why, and an answer for every well-formed code. */
#include "ehlo/core/code.h"

#include "core/slips.h"
#include "ehlo/base/error.h"
#include "guard.h"
#include "unit.h"

static int read_code(const char *text, struct ehlo_code *code) {
  return ehlo_code_read(ehlo_slice_str(text), code, NULL);
}

static void assert_why(const char *text, size_t len, const char *wanted) {
  struct ehlo_code code;
  struct ehlo_buf why;
  ehlo_buf_init(&why, 1024);
  assert_int_equal(ehlo_code_read(ehlo_slice_of(text, len), &code, &why), EHLO_E_SYNTAX);
  assert_int_equal(code.reply, 0);
  assert_int_equal(code.enhanced.class, 0);
  if (!strstr(why.data, wanted)) fail_msg("%s: %s", text, why.data);
  assert_null(slip_in_sentences(strchr(why.data + 1, ':') ? strrchr(why.data, '"') + 2 : why.data));
  ehlo_buf_fini(&why);
}

static void reply_and_enhanced_codes_are_read(void **state) {
  (void)state;
  struct ehlo_code code;
  assert_int_equal(read_code("521", &code), 0);
  assert_true(code.reply == 521 && code.enhanced.class == 0);
  assert_int_equal(read_code("5.7.26", &code), 0);
  assert_true(code.reply == 0 && code.enhanced.class == 5 && code.enhanced.subject == 7 && code.enhanced.detail == 26);
  assert_int_equal(read_code("2.999.999", &code), 0);
  assert_int_equal(code.enhanced.detail, 999);
}

static void a_pair_is_read_whatever_stands_between(void **state) {
  (void)state;
  static const char *const pairs[] = {"550/5.1.1", "550 5.1.1", "550-5.1.1"};
  struct ehlo_code code;
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    assert_int_equal(read_code(pairs[i], &code), 0);
    assert_true(code.reply == 550 && code.enhanced.class == 5 && code.enhanced.detail == 1);
  }
  assert_int_equal(read_code("550 4.4.7", &code), 0); /* its halves contradict: met in practice */
  assert_true(code.reply == 550 && code.enhanced.class == 4);
}

static void every_code_by_the_grammar_is_well_formed(void **state) {
  (void)state;
  struct ehlo_code code;
  char text[16];
  for (int n = 0; n < 1000; n++) {
    (void)snprintf(text, sizeof text, "%03d", n);
    const bool by_the_grammar = n >= 200 && n <= 599 && n / 10 % 10 <= 5;
    const bool known = ehlo_entry_exists(ehlo_catalogue_reply(ehlo_catalogue_builtin(), n));
    assert_int_equal(read_code(text, &code), by_the_grammar || known ? 0 : EHLO_E_SYNTAX);
  }
}

static void what_is_no_code_is_told_why(void **state) {
  (void)state;
  static const struct {
    const char *text, *why;
  } rows[] = {
      {"99", "\"99\" is no SMTP code: give three digits (521) or three parts (5.7.1)."},
      {"", "give three digits"},
      {"5211", "give three digits"},
      {"5.1", "give three digits"},
      {"5.1.", "give three digits"},
      {".5.1", "give three digits"},
      {"5.1.1.2", "give three digits"},
      {"abc", "give three digits"},
      {" 521", "white space"},
      {"521 ", "white space"},
      {"521\n", "white space"},
      {"\t521", "white space"},
      {"+521", "without a sign"},
      {"-5.1.1", "without a sign"},
      {"521 522", "more than one"},
      {"521,522", "more than one"},
      {"5.1.1 5.7.1", "more than one"},
      {"550 5.1.1 5.7.1", "more than one"},
      {"5.1.1/550", "the reply code comes first (550/5.1.1)"},
      {"3.7.1", "begins with 2, 4 or 5"},
      {"1.1.1", "begins with 2, 4 or 5"},
      {"5.07.1", "no leading zeros"},
      {"5.7.01", "no leading zeros"},
      {"5.1.1000", "at most three digits"},
      {"199", "begins with 2, 3, 4 or 5"},
      {"600", "begins with 2, 3, 4 or 5"},
      {"560", "second digit"},
      {"\xd9\xa5\xd9\xa2\xd9\xa1", "only the digits 0 to 9"},
      {"52\xef\xbc\x91", "only the digits 0 to 9"},
      {"550/", "give three digits"},
      {"550/5.1", "give three digits"},
      {"550  5.1.1", "a pair is written as 550/5.1.1"},
      {"0x209", "give three digits"},
      {"5e2", "give three digits"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_why(rows[i].text, strlen(rows[i].text), rows[i].why);
  assert_why("521\0", 4, "give three digits");
}

static void hostile_bytes_do_not_reach_the_message(void **state) {
  (void)state;
  struct ehlo_code code;
  struct ehlo_buf why;
  char long_text[5000];
  memset(long_text, '7', sizeof long_text);
  ehlo_buf_init(&why, 1024);
  assert_int_equal(ehlo_code_read(ehlo_slice_str("\x1b[31m521"), &code, &why), EHLO_E_SYNTAX);
  assert_null(strchr(why.data, '\x1b'));
  ehlo_buf_reset(&why);
  assert_int_equal(ehlo_code_read(ehlo_slice_of(long_text, sizeof long_text), &code, &why), EHLO_E_SYNTAX);
  assert_true(why.error == 0 && why.len < 200);
  ehlo_buf_fini(&why);
}

static void reading_stops_at_the_end_of_the_argument(void **state) {
  (void)state;
  static const char *const texts[] = {"5",   "52",   "521",   "550/5.1.1", "550 ", "5.",
                                      "5.7", "5.7.", "5.7.1", "521 522",   "+5",   "3."};
  struct guard g;
  struct ehlo_code code;
  struct ehlo_buf why;
  ehlo_buf_init(&why, 1024);
  assert_int_equal(guard_open(&g, 64), 0);
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    const size_t len = strlen(texts[i]);
    ehlo_buf_reset(&why);
    (void)ehlo_code_read(ehlo_slice_of(guard_put(&g, texts[i], len), len), &code, &why);
  }
  ehlo_buf_fini(&why);
  guard_close(&g);
}

/* ---- cards ---- */

static void card_of(const char *text, struct ehlo_card *card) {
  struct ehlo_code code;
  assert_int_equal(read_code(text, &code), 0);
  ehlo_card_of(ehlo_catalogue_builtin(), code, card);
}

static void what_the_catalogue_has_is_not_marked_as_composed(void **state) {
  (void)state;
  struct ehlo_card card;
  struct ehlo_buf scratch;
  ehlo_buf_init(&scratch, 4096);
  card_of("521", &card);
  assert_false(card.from_digits);
  assert_slice(ehlo_card_string(&card, EHLO_FIELD_CODE, &scratch), "521");
  assert_true(ehlo_card_items(&card, EHLO_FIELD_STANDARDS) > 0);
  card_of("571", &card);
  assert_false(card.from_digits);
  ehlo_buf_fini(&scratch);
}

static void check_composed(const struct ehlo_card *card, struct ehlo_buf *scratch) {
  static const enum ehlo_field prose[] = {EHLO_FIELD_MEANING, EHLO_FIELD_WHEN, EHLO_FIELD_FIX};
  static const enum ehlo_field words[] = {EHLO_FIELD_NAME,  EHLO_FIELD_CLASS, EHLO_FIELD_CATEGORY,
                                          EHLO_FIELD_RETRY, EHLO_FIELD_ACTS,  EHLO_FIELD_STATUS};
  for (size_t i = 0; i < sizeof prose / sizeof prose[0]; i++) {
    char text[2048];
    const struct ehlo_slice s = ehlo_card_string(card, prose[i], scratch);
    (void)snprintf(text, sizeof text, "%.*s", (int)s.len, s.ptr);
    const char *slip = slip_in_sentences(text);
    if (slip) fail_msg("%s: %s in: %s", card->code, slip, text);
  }
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    assert_true(ehlo_card_string(card, words[i], scratch).len > 0);
}

static void every_well_formed_code_gets_an_answer(void **state) {
  (void)state;
  struct ehlo_buf scratch;
  struct ehlo_card card;
  ehlo_buf_init(&scratch, 4096);
  for (int reply = 200; reply < 600; reply++) {
    if (reply / 10 % 10 > 5) continue;
    ehlo_card_of(ehlo_catalogue_builtin(), (struct ehlo_code){.reply = reply}, &card);
    check_composed(&card, &scratch);
  }
  for (int k = 0; k < 3 * 12 * 60; k++) {
    static const uint8_t classes[] = {2, 4, 5};
    const struct ehlo_code code = {.enhanced = {classes[k % 3], (uint16_t)(k / 3 % 12), (uint16_t)(k / 36)}};
    ehlo_card_of(ehlo_catalogue_builtin(), code, &card);
    check_composed(&card, &scratch);
  }
  ehlo_buf_fini(&scratch);
}

static void what_only_digits_tell_is_marked(void **state) {
  (void)state;
  struct ehlo_card card;
  struct ehlo_buf scratch;
  ehlo_buf_init(&scratch, 4096);
  card_of("559", &card);
  assert_true(card.from_digits);
  assert_slice(ehlo_card_string(&card, EHLO_FIELD_NAME, &scratch), "Unregistered 5yz: mail system");
  assert_slice(ehlo_card_string(&card, EHLO_FIELD_RETRY, &scratch), "no");
  assert_slice(ehlo_card_item(&card, EHLO_FIELD_STANDARDS, 0, &scratch), "5321 4.2.1");
  card_of("4.7.999", &card);
  assert_slice(ehlo_card_string(&card, EHLO_FIELD_PATTERN, &scratch), "X.7.999");
  assert_slice(ehlo_card_string(&card, EHLO_FIELD_RETRY, &scratch), "yes");
  ehlo_buf_fini(&scratch);
}

static void a_code_of_another_class_says_that_its_class_is_not_defined(void **state) {
  (void)state;
  struct ehlo_card card;
  struct ehlo_buf scratch;
  ehlo_buf_init(&scratch, 4096);
  card_of("2.1.1", &card);
  assert_true(card.from_digits && ehlo_entry_exists(card.sibling));
  assert_slice(ehlo_card_string(&card, EHLO_FIELD_CLASS, &scratch), "success");
  const struct ehlo_slice name = ehlo_card_string(&card, EHLO_FIELD_NAME, &scratch);
  assert_true(ehlo_slice_find_nocase(name, ehlo_slice_str("undefined for class 2"), 0) != SIZE_MAX);
  ehlo_buf_fini(&scratch);
}

static void the_json_of_a_card_has_its_fields_in_order_and_null_for_absent(void **state) {
  (void)state;
  struct ehlo_card card;
  struct ehlo_buf out;
  ehlo_buf_init(&out, 1 << 20);
  card_of("521", &card);
  assert_int_equal(ehlo_card_json(&card, &out), 0);
  assert_memory_equal(out.data, "{\"code\":\"521\",\"kind\":\"reply\",\"name\":\"", 36);
  assert_non_null(strstr(out.data, "\"standards\":[{\"rfc\":7504,\"section\":\""));
  assert_non_null(strstr(out.data, "\"phrases\":[{\"id\":\""));
  assert_non_null(strstr(out.data, "\"from_digits\":false}"));
  ehlo_buf_reset(&out);
  card_of("5.7.999", &card);
  assert_int_equal(ehlo_card_json(&card, &out), 0);
  assert_non_null(strstr(out.data, "\"code\":\"5.7.999\",\"pattern\":\"X.7.999\",\"kind\":\"enhanced\""));
  assert_non_null(strstr(out.data, "\"commands\":null,\"replies\":null"));
  assert_non_null(strstr(out.data, "\"phrases\":[],\"from_digits\":true}"));
  ehlo_buf_fini(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reply_and_enhanced_codes_are_read),
      cmocka_unit_test(a_pair_is_read_whatever_stands_between),
      cmocka_unit_test(every_code_by_the_grammar_is_well_formed),
      cmocka_unit_test(what_is_no_code_is_told_why),
      cmocka_unit_test(hostile_bytes_do_not_reach_the_message),
      cmocka_unit_test(reading_stops_at_the_end_of_the_argument),
      cmocka_unit_test(what_the_catalogue_has_is_not_marked_as_composed),
      cmocka_unit_test(every_well_formed_code_gets_an_answer),
      cmocka_unit_test(what_only_digits_tell_is_marked),
      cmocka_unit_test(a_code_of_another_class_says_that_its_class_is_not_defined),
      cmocka_unit_test(the_json_of_a_card_has_its_fields_in_order_and_null_for_absent),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
