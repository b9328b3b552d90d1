/* Hashes, keys and signatures: the examples of RFC 8463 appendix A, and what is wrong in ways that can be told apart. */
#include "unit.h"

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"
#include "ehlo/core/base64.h"
#include "ehlo/store/verify.h"

static struct ehlo_buf bytes; /* of the last base64 that was read */

static int begin(void **state) {
  (void)state;
  ehlo_buf_init(&bytes, 1 << 16);
  return 0;
}

static int end(void **state) {
  (void)state;
  ehlo_buf_fini(&bytes);
  return 0;
}

static struct ehlo_slice base64(const char *text) {
  ehlo_buf_reset(&bytes);
  assert_int_equal(ehlo_base64_decode(ehlo_slice_str(text), &bytes), 0);
  return ehlo_buf_slice(&bytes);
}

#define RSA                                                                                                            \
  "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/"              \
  "byYzCNb3W91y3FutA"                                                                                                  \
  "CDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
/* A pair that was made for this test. */
#define KEY                                                                                                            \
  "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDxZc2wBGomnmCvTDtDUml6oDgpuzq3nAJyGnjFh/CB+o787KT9bCKO8oiY9UHOT8xJsnVNVn"     \
  "fWJ/YzX4+v7MR2aXuOG1nmN6l8UoVfNKjKKGF4cbo6WifIWNP/ZB7YuSQ6mFSgnkvhd3phrAOh6CQcYa58/tOnPAv/3pYVQExOjwIDAQAB"
#define SIGNATURE                                                                                                      \
  "WNKKAOVSsPvg9UEDpIjm/i1YhJ9Ycjp5EbO+w/tmaL67rmyJPx7JLCmqroUCEcgDPNX4zgBeK9xWBZ4gEyPOQ9DxRogWaW2VD9LIJAp857rzv3"     \
  "GaItxGhlX/yGW8yH9AHC4ULt1eYHQq44t/5XJZxbsqjV8Gju41vNrSTjOAx5k="
#define ED_KEY "uTN2Zv2LERTLSQfQDvFxaWk87sqNZAiaQN7TMfXVMMI="
#define ED_SIGNATURE "MCAOOllZ1W6mxbudSZCwBPGLMaE4MBMv4VD1StrQ/B8i3NDv+GkGatDArOV+4DvWs9jru8VChKZvE9aZdjzaCg=="
#define ED25519 "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

static struct ehlo_verify_key *read_key(enum ehlo_key_kind kind, const char *text) {
  struct ehlo_verify_key *key = NULL;
  assert_int_equal(ehlo_verify_key_read(kind, base64(text), &key), 0);
  assert_non_null(key);
  return key;
}

static void hashes_are_those_of_the_standards(void **state) {
  (void)state;
  struct ehlo_digest d;
  assert_int_equal(ehlo_hash(EHLO_HASH_SHA256, ehlo_slice_str(""), &d), 0);
  assert_int_equal(d.len, 32);
  assert_memory_equal(d.bytes, base64("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=").ptr, 32);
  assert_int_equal(ehlo_hash(EHLO_HASH_SHA1, ehlo_slice_str("\r\n"), &d), 0);
  assert_int_equal(d.len, 20);
  assert_memory_equal(d.bytes, base64("uoq1oCgLlTqpdDX/iUbLy7J1Wic=").ptr, 20);
}

static void keys_tell_their_size_and_form(void **state) {
  (void)state;
  struct ehlo_verify_key *rsa = read_key(EHLO_KEY_RSA, RSA), *ed = read_key(EHLO_KEY_ED25519, ED25519);
  assert_int_equal(ehlo_verify_key_bits(rsa), 1024);
  assert_int_equal(ehlo_verify_key_form(rsa), EHLO_KEY_SPKI);
  assert_int_equal(ehlo_verify_key_form(ed), EHLO_KEY_RAW);
  ehlo_verify_key_free(rsa);
  ehlo_verify_key_free(ed);
  const struct ehlo_slice spki = base64(RSA);
  enum { WRAPPING = 22 };
  assert_int_equal(ehlo_verify_key_read(EHLO_KEY_RSA, ehlo_slice_of(spki.ptr + WRAPPING, spki.len - WRAPPING), &rsa),
                   0);
  assert_int_equal(ehlo_verify_key_form(rsa), EHLO_KEY_PKCS1);
  assert_int_equal(ehlo_verify_key_bits(rsa), 1024);
  ehlo_verify_key_free(rsa);
}

static void what_is_no_key_is_refused(void **state) {
  (void)state;
  struct ehlo_verify_key *key;
  assert_int_equal(ehlo_verify_key_read(EHLO_KEY_RSA, ehlo_slice_str(""), &key), EHLO_E_SYNTAX);
  assert_int_equal(ehlo_verify_key_read(EHLO_KEY_RSA, ehlo_slice_str("not a key"), &key), EHLO_E_SYNTAX);
  assert_int_equal(ehlo_verify_key_read(EHLO_KEY_ED25519, ehlo_slice_str("short"), &key), EHLO_E_SYNTAX);
  assert_int_equal(ehlo_verify_key_read(EHLO_KEY_ED25519, base64(RSA), &key), EHLO_E_PROTOCOL);
  const struct ehlo_slice spki = base64(RSA);
  for (size_t len = 0; len < spki.len; len++) {
    assert_int_not_equal(ehlo_verify_key_read(EHLO_KEY_RSA, ehlo_slice_of(spki.ptr, len), &key), 0);
    assert_null(key);
  }
}

static void an_rsa_signature_tells_what_it_was_made_over(void **state) {
  (void)state;
  static const char signature[] = SIGNATURE;
  struct ehlo_verify_key *key = read_key(EHLO_KEY_RSA, KEY);
  struct ehlo_digest hash, told;
  const struct ehlo_slice data = ehlo_slice_str("what was signed\r\n"), s = base64(signature);
  assert_int_equal(ehlo_verify(key, EHLO_HASH_SHA256, data, s), 0);
  assert_int_equal(ehlo_verify(key, EHLO_HASH_SHA256, ehlo_slice_str("something else"), s), EHLO_E_TRUST);
  assert_int_equal(ehlo_verify(key, EHLO_HASH_SHA1, data, s), EHLO_E_TRUST);
  assert_int_equal(ehlo_hash(EHLO_HASH_SHA256, data, &hash), 0);
  assert_int_equal(ehlo_verify_recover(key, EHLO_HASH_SHA256, s, &told), 0);
  assert_int_equal(told.len, hash.len);
  assert_memory_equal(told.bytes, hash.bytes, hash.len);
  assert_int_equal(ehlo_verify_recover(key, EHLO_HASH_SHA1, s, &told), EHLO_E_NOT_FOUND);
  bytes.data[20] ^= 1;
  assert_int_equal(ehlo_verify_recover(key, EHLO_HASH_SHA256, ehlo_buf_slice(&bytes), &told), EHLO_E_NOT_FOUND);
  assert_int_equal(ehlo_verify_recover(key, EHLO_HASH_SHA256, ehlo_slice_str("short"), &told), EHLO_E_NOT_FOUND);
  ehlo_verify_key_free(key);
  key = read_key(EHLO_KEY_RSA, RSA);
  assert_int_equal(ehlo_verify_recover(key, EHLO_HASH_SHA256, base64(signature), &told), EHLO_E_NOT_FOUND);
  ehlo_verify_key_free(key);
}

static void ed25519_signs_the_hash(void **state) {
  (void)state;
  struct ehlo_verify_key *key = read_key(EHLO_KEY_ED25519, ED_KEY);
  const struct ehlo_slice data = ehlo_slice_str("what was signed\r\n"), s = base64(ED_SIGNATURE);
  assert_int_equal(ehlo_verify(key, EHLO_HASH_SHA256, data, s), 0);
  assert_int_equal(ehlo_verify(key, EHLO_HASH_SHA256, ehlo_slice_str("x"), s), EHLO_E_TRUST);
  ehlo_verify_key_free(key);
}

static void lines_added_behind_are_found_by_the_hash_of_what_was_before(void **state) {
  (void)state;
  const struct ehlo_slice text = ehlo_slice_str("one\r\n\r\ntwo\r\n\r\n-- \r\nfooter\r\n");
  struct ehlo_digest d;
  size_t len;
  assert_int_equal(ehlo_hash(EHLO_HASH_SHA256, ehlo_slice_of(text.ptr, 12), &d), 0);
  assert_int_equal(ehlo_hash_prefix(EHLO_HASH_SHA256, text, &d, &len), 0);
  assert_int_equal(len, 12);
  assert_int_equal(ehlo_hash(EHLO_HASH_SHA256, ehlo_slice_str(""), &d), 0);
  assert_int_equal(ehlo_hash_prefix(EHLO_HASH_SHA256, text, &d, &len), 0);
  assert_int_equal(len, 0);
  assert_int_equal(ehlo_hash(EHLO_HASH_SHA256, ehlo_slice_str("another"), &d), 0);
  assert_int_equal(ehlo_hash_prefix(EHLO_HASH_SHA256, text, &d, &len), EHLO_E_NOT_FOUND);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(hashes_are_those_of_the_standards),
      cmocka_unit_test(keys_tell_their_size_and_form),
      cmocka_unit_test(what_is_no_key_is_refused),
      cmocka_unit_test(an_rsa_signature_tells_what_it_was_made_over),
      cmocka_unit_test(ed25519_signs_the_hash),
      cmocka_unit_test(lines_added_behind_are_found_by_the_hash_of_what_was_before),
  };
  return cmocka_run_group_tests(tests, begin, end);
}
