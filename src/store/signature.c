/* Owns: minisign's key and signature files, and verifying. Callers: bindings, through ehlo/store/signature.h. */
#include "ehlo/store/signature.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"
#include "ehlo/core/base64.h"

enum { KEY_BYTES = 42, SIGNATURE_BYTES = 74, COMMENT_BYTES = 64 };

/* The next line, without its end; false when there is none. */
static bool next_line(struct ehlo_slice *rest, struct ehlo_slice *line) {
  if (rest->len == 0) return false;
  const char *stop = memchr(rest->ptr, '\n', rest->len);
  const size_t len = stop ? (size_t)(stop - rest->ptr) : rest->len;
  *line = ehlo_slice_chomp(ehlo_slice_of(rest->ptr, len));
  *rest = ehlo_slice_of(rest->ptr + len + (stop != NULL), rest->len - len - (stop != NULL));
  return true;
}

static int decode(struct ehlo_slice line, uint8_t *out, size_t len) {
  struct ehlo_buf bytes;
  ehlo_buf_init(&bytes, 256);
  int error = ehlo_base64_decode(line, &bytes);
  if (!error && bytes.len != len) error = EHLO_E_SYNTAX;
  if (!error) memcpy(out, bytes.data, len);
  ehlo_buf_fini(&bytes);
  return error == EHLO_E_LIMIT ? EHLO_E_SYNTAX : error;
}

int ehlo_public_key_read(struct ehlo_slice text, struct ehlo_public_key *out) {
  uint8_t bytes[KEY_BYTES];
  struct ehlo_slice line;
  memset(out, 0, sizeof *out);
  if (!next_line(&text, &line)) return EHLO_E_SYNTAX;
  if (ehlo_slice_starts_nocase(line, ehlo_slice_str("untrusted comment:")) && !next_line(&text, &line))
    return EHLO_E_SYNTAX;
  const int error = decode(ehlo_slice_trim(line), bytes, sizeof bytes);
  if (error) return error;
  if (memcmp(bytes, "Ed", 2) != 0) return EHLO_E_SYNTAX;
  memcpy(out->id, bytes + 2, sizeof out->id);
  memcpy(out->key, bytes + 10, sizeof out->key);
  return 0;
}

int ehlo_public_key_text(const struct ehlo_public_key *key, char out[EHLO_KEY_TEXT]) {
  char bytes[KEY_BYTES] = "Ed";
  struct ehlo_buf text;
  memcpy(bytes + 2, key->id, sizeof key->id);
  memcpy(bytes + 10, key->key, sizeof key->key);
  ehlo_buf_init(&text, EHLO_KEY_TEXT - 1);
  const int error = ehlo_base64_encode(ehlo_slice_of(bytes, sizeof bytes), &text);
  snprintf(out, EHLO_KEY_TEXT, "%s", error ? "" : text.data);
  ehlo_buf_fini(&text);
  return error;
}

/* Little-endian in the file; minisign prints it without leading zeros. */
void ehlo_key_id_text(const uint8_t id[8], char out[EHLO_KEY_ID_TEXT]) {
  uint64_t number = 0;
  for (int i = 7; i >= 0; i--)
    number = number << 8 | id[i];
  snprintf(out, EHLO_KEY_ID_TEXT, "%" PRIX64, number);
}

int ehlo_signature_read(struct ehlo_slice text, struct ehlo_signature *out) {
  static const char trusted[] = "trusted comment: ";
  struct ehlo_slice lines[4];
  uint8_t bytes[SIGNATURE_BYTES];
  memset(out, 0, sizeof *out);
  if (text.len > EHLO_SIGNATURE_MAX) return EHLO_E_SYNTAX;
  for (int i = 0; i < 4; i++)
    if (!next_line(&text, &lines[i])) return EHLO_E_SYNTAX;
  if (!ehlo_slice_starts_nocase(lines[0], ehlo_slice_str("untrusted comment: ")) ||
      !ehlo_slice_starts_nocase(lines[2], ehlo_slice_str(trusted)))
    return EHLO_E_SYNTAX;
  int error = decode(lines[1], bytes, sizeof bytes);
  if (!error) error = decode(lines[3], out->comment, COMMENT_BYTES);
  if (error) return error;
  if (memcmp(bytes, "Ed", 2) != 0 && memcmp(bytes, "ED", 2) != 0) return EHLO_E_SYNTAX;
  out->hashed = bytes[1] == 'D';
  memcpy(out->id, bytes + 2, sizeof out->id);
  memcpy(out->document, bytes + 10, sizeof out->document);
  out->trusted = ehlo_slice_of(lines[2].ptr + sizeof trusted - 1, lines[2].len - (sizeof trusted - 1));
  return 0;
}

/* 1 signed so, 0 not, less where OpenSSL cannot work. */
static int matches(EVP_PKEY *key, const uint8_t signature[64], const void *bytes, size_t len) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int result = -1;
  if (context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1)
    result = EVP_DigestVerify(context, signature, 64, bytes, len);
  EVP_MD_CTX_free(context);
  return result;
}

static int verify_document(const struct ehlo_signature *s, EVP_PKEY *key, struct ehlo_slice document) {
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned len = 0;
  if (!s->hashed) return matches(key, s->document, document.ptr, document.len);
  if (EVP_Digest(document.ptr, document.len, hash, &len, EVP_blake2b512(), NULL) != 1) return -1;
  return matches(key, s->document, hash, len);
}

static int verify_comment(const struct ehlo_signature *s, EVP_PKEY *key) {
  char bytes[sizeof s->document + EHLO_SIGNATURE_MAX];
  memcpy(bytes, s->document, sizeof s->document);
  memcpy(bytes + sizeof s->document, s->trusted.ptr, s->trusted.len);
  return matches(key, s->comment, bytes, sizeof s->document + s->trusted.len);
}

int ehlo_signature_verify(const struct ehlo_signature *signature, const struct ehlo_public_key *key,
                          struct ehlo_slice document) {
  if (memcmp(signature->id, key->id, sizeof key->id) != 0) return EHLO_E_NOT_FOUND;
  EVP_PKEY *known = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->key, sizeof key->key);
  if (!known) return EHLO_E_INTERNAL;
  const int right = verify_document(signature, known, document);
  const int comment = right == 1 ? verify_comment(signature, known) : 0;
  EVP_PKEY_free(known);
  if (right < 0 || comment < 0) return EHLO_E_INTERNAL;
  return right == 0 ? EHLO_E_TRUST : comment == 0 ? EHLO_E_PROTOCOL : 0;
}
