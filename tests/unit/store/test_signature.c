/* Signatures in minisign's format: what it made is accepted in both of its forms, and nothing else is. */
#include "guard.h"
#include "unit.h"

#include "ehlo/base/error.h"
#include "ehlo/store/signature.h"

#define LINE "RWTf3t2aCTk4DqjsyumLIsRD/N8wNZaPpGlq//qQyys0QlOfbDOyhCOZ"
#define DOCUMENT "a signed document\n"

static const char hashed[] =
    "untrusted comment: signature from minisign secret key\n"
    "RUTf3t2aCTk4DnwpfhCaYPz10PZGdPQRpHWyys7qO4qMefA3i9I3Ggv7hDUAUODQTfUTNx9htRTUFQdfTZ8RzwMcVaPIYMEo0AQ=\n"
    "trusted comment: of the 24th of November\n"
    "UzFbbVqN4i1Jes8mWBph6eT5XsQHRNgMqn+Qs3AzhGNFxZ08a5PnYm/qydYQQE1N38I1Jc/R5PSzGzMNytGLBw==\n";
static const char plain[] =
    "untrusted comment: signature from minisign secret key\n"
    "RWTf3t2aCTk4Drb2robZODyvF4QKUpo3PIs7guNxfY5I+rrP/7v4dOEYoc92eERYTrf2T6Tr5CO+D0gPZawRkJR2cMhGcY/wNAA=\n"
    "trusted comment: older form\n"
    "IhbA6THQXOdMH3teBIaWBdfdMAzpEm57SRIB89NQBi2C2OYtlQ/F6HVQgxSIdIqwbf7RJOth6gVM0JsNYz+gBg==\n";

static struct ehlo_public_key the_key(void) {
  struct ehlo_public_key key;
  assert_int_equal(ehlo_public_key_read(ehlo_slice_str(LINE), &key), 0);
  return key;
}

static int judge(struct ehlo_slice text, struct ehlo_slice document) {
  struct ehlo_signature s;
  const struct ehlo_public_key key = the_key();
  const int error = ehlo_signature_read(text, &s);
  return error ? error : ehlo_signature_verify(&s, &key, document);
}

static void both_forms_of_minisign_are_accepted(void **state) {
  (void)state;
  struct ehlo_signature s;
  assert_int_equal(judge(ehlo_slice_str(hashed), ehlo_slice_str(DOCUMENT)), 0);
  assert_int_equal(judge(ehlo_slice_str(plain), ehlo_slice_str(DOCUMENT)), 0);
  assert_int_equal(ehlo_signature_read(ehlo_slice_str(hashed), &s), 0);
  assert_true(s.hashed);
  assert_slice(s.trusted, "of the 24th of November");
  assert_int_equal(ehlo_signature_read(ehlo_slice_str(plain), &s), 0);
  assert_false(s.hashed);
}

static void a_key_is_read_from_its_line_or_its_file(void **state) {
  (void)state;
  static const char *const texts[] = {LINE, LINE "\n", "  " LINE " \r\n",
                                      "untrusted comment: minisign public key E3839099ADDDEDF\n" LINE "\n"};
  char line[EHLO_KEY_TEXT], id[EHLO_KEY_ID_TEXT];
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct ehlo_public_key key;
    assert_int_equal(ehlo_public_key_read(ehlo_slice_str(texts[i]), &key), 0);
    assert_int_equal(ehlo_public_key_text(&key, line), 0);
    assert_string_equal(line, LINE);
    ehlo_key_id_text(key.id, id);
    assert_string_equal(id, "E3839099ADDDEDF"); /* as minisign prints it */
  }
}

static void what_is_no_key_is_refused(void **state) {
  (void)state;
  static const char *const texts[] = {"",
                                      "\n",
                                      "RW",
                                      LINE "RW",
                                      "untrusted comment: alone\n",
                                      "untrusted comment: two\nuntrusted comment: three\n",
                                      "!WTf3t2aCTk4DqjsyumLIsRD/N8wNZaPpGlq//qQyys0QlOfbDOyhCOZ",
                                      "AWTf3t2aCTk4DqjsyumLIsRD/N8wNZaPpGlq//qQyys0QlOfbDOyhCOZ",
                                      hashed};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct ehlo_public_key key;
    assert_int_equal(ehlo_public_key_read(ehlo_slice_str(texts[i]), &key), EHLO_E_SYNTAX);
  }
}

static void another_key_did_not_sign(void **state) {
  (void)state;
  struct ehlo_public_key key = the_key();
  struct ehlo_signature s;
  assert_int_equal(ehlo_signature_read(ehlo_slice_str(hashed), &s), 0);
  key.id[0] ^= 1;
  assert_int_equal(ehlo_signature_verify(&s, &key, ehlo_slice_str(DOCUMENT)), EHLO_E_NOT_FOUND);
  key.id[0] ^= 1;
  key.key[5] ^= 1; /* the same number, which anybody may choose */
  assert_int_not_equal(ehlo_signature_verify(&s, &key, ehlo_slice_str(DOCUMENT)), 0);
}

static void no_bit_of_a_document_may_differ(void **state) {
  (void)state;
  char document[] = DOCUMENT;
  for (size_t bit = 0; bit < 8 * strlen(DOCUMENT); bit++) {
    document[bit / 8] = (char)(document[bit / 8] ^ (1 << bit % 8));
    assert_int_equal(judge(ehlo_slice_str(hashed), ehlo_slice_of(document, strlen(DOCUMENT))), EHLO_E_TRUST);
    assert_int_equal(judge(ehlo_slice_str(plain), ehlo_slice_of(document, strlen(DOCUMENT))), EHLO_E_TRUST);
    document[bit / 8] = (char)(document[bit / 8] ^ (1 << bit % 8));
  }
  assert_int_equal(judge(ehlo_slice_str(hashed), ehlo_slice_str("")), EHLO_E_TRUST);
}

/* The untrusted comment is just that, the letter case of the two titles as well; and base64 has bits that say nothing. */
static void no_other_byte_of_a_signature_may_differ(void **state) {
  (void)state;
  char text[sizeof hashed];
  const char *second = strchr(hashed, '\n') + 1, *third = strchr(second, '\n') + 1, *fourth = strchr(third, '\n') + 1;
  for (const char *at = second; at < hashed + sizeof hashed - 1; at++) {
    memcpy(text, hashed, sizeof hashed);
    char *byte = text + (at - hashed);
    if (*byte == '\n' || *byte == '=' || at[1] == '=' || (at >= third && at < third + 17)) continue;
    *byte = *byte == 'A' ? 'B' : 'A';
    assert_int_not_equal(judge(ehlo_slice_str(text), ehlo_slice_str(DOCUMENT)), 0);
    if (at >= third + 17 && at < fourth)
      assert_int_equal(judge(ehlo_slice_str(text), ehlo_slice_str(DOCUMENT)), EHLO_E_PROTOCOL);
  }
}

static void a_signature_cut_anywhere_is_refused_and_nothing_beyond_it_is_read(void **state) {
  (void)state;
  struct guard g;
  const size_t whole = strlen(hashed) - 1; /* the last line's end may be missing */
  assert_int_equal(guard_open(&g, sizeof hashed), 0);
  for (size_t len = 0; len < whole; len++) {
    const char *text = guard_put(&g, hashed, len);
    if (len == whole - 1 || len == whole - 2) continue; /* so may the padding of base64 */
    assert_int_not_equal(judge(ehlo_slice_of(text, len), ehlo_slice_str(DOCUMENT)), 0);
  }
  assert_int_equal(judge(ehlo_slice_of(guard_put(&g, hashed, whole), whole), ehlo_slice_str(DOCUMENT)), 0);
  guard_close(&g);
}

static void a_signature_that_is_too_long_is_refused(void **state) {
  (void)state;
  static char text[EHLO_SIGNATURE_MAX + 2];
  const char *third = strstr(hashed, "trusted comment: of");
  const size_t before = (size_t)(third - hashed) + 17;
  memset(text, 'x', sizeof text);
  memcpy(text, hashed, before);
  const char *fourth = strchr(third, '\n');
  memcpy(text + sizeof text - strlen(fourth), fourth, strlen(fourth));
  assert_int_equal(judge(ehlo_slice_of(text, sizeof text), ehlo_slice_str(DOCUMENT)), EHLO_E_SYNTAX);
  assert_int_equal(judge(ehlo_slice_of(text + 2, sizeof text - 2), ehlo_slice_str(DOCUMENT)), EHLO_E_SYNTAX);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(both_forms_of_minisign_are_accepted),
      cmocka_unit_test(a_key_is_read_from_its_line_or_its_file),
      cmocka_unit_test(what_is_no_key_is_refused),
      cmocka_unit_test(another_key_did_not_sign),
      cmocka_unit_test(no_bit_of_a_document_may_differ),
      cmocka_unit_test(no_other_byte_of_a_signature_may_differ),
      cmocka_unit_test(a_signature_cut_anywhere_is_refused_and_nothing_beyond_it_is_read),
      cmocka_unit_test(a_signature_that_is_too_long_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
