/* Owns: hashes, public keys and verifying by OpenSSL. Callers: the crypto binding, through ehlo/store/verify.h. */
#include "ehlo/store/verify.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

struct ehlo_verify_key {
  EVP_PKEY *pkey;
  enum ehlo_key_kind kind;
  enum ehlo_key_form form;
};

static const EVP_MD *md_of(enum ehlo_hash hash) {
  return hash == EHLO_HASH_SHA1 ? EVP_sha1() : EVP_sha256();
}

int ehlo_hash(enum ehlo_hash hash, struct ehlo_slice bytes, struct ehlo_digest *out) {
  unsigned len = sizeof out->bytes;
  if (EVP_Digest(bytes.ptr, bytes.len, out->bytes, &len, md_of(hash), NULL) != 1) return EHLO_E_INTERNAL;
  out->len = len;
  return 0;
}

static bool is_digest(const EVP_MD_CTX *running, EVP_MD_CTX *spare, const struct ehlo_digest *wanted) {
  uint8_t bytes[EVP_MAX_MD_SIZE];
  unsigned len = 0;
  return EVP_MD_CTX_copy_ex(spare, running) == 1 && EVP_DigestFinal_ex(spare, bytes, &len) == 1 && len == wanted->len &&
         memcmp(bytes, wanted->bytes, len) == 0;
}

static int walk_prefixes(EVP_MD_CTX *running, EVP_MD_CTX *spare, struct ehlo_slice bytes,
                         const struct ehlo_digest *wanted, size_t *len) {
  size_t at = 0;
  bool found = is_digest(running, spare, wanted);
  *len = 0;
  for (int n = 0; n < EHLO_PREFIX_LINES && at < bytes.len; n++) {
    const char *end = memmem(bytes.ptr + at, bytes.len - at, "\r\n", 2);
    const size_t next = end ? (size_t)(end - bytes.ptr) + 2 : bytes.len;
    if (EVP_DigestUpdate(running, bytes.ptr + at, next - at) != 1) return EHLO_E_INTERNAL;
    if (next - at > 2 && is_digest(running, spare, wanted)) {
      found = true;
      *len = next;
    }
    at = next;
  }
  return found ? 0 : EHLO_E_NOT_FOUND;
}

int ehlo_hash_prefix(enum ehlo_hash hash, struct ehlo_slice bytes, const struct ehlo_digest *wanted, size_t *len) {
  EVP_MD_CTX *running = EVP_MD_CTX_new(), *spare = EVP_MD_CTX_new();
  int error = EHLO_E_INTERNAL;
  if (running && spare && EVP_DigestInit_ex(running, md_of(hash), NULL) == 1)
    error = walk_prefixes(running, spare, bytes, wanted, len);
  EVP_MD_CTX_free(running);
  EVP_MD_CTX_free(spare);
  return error;
}

/* ---- keys ---- */

static EVP_PKEY *read_rsa(struct ehlo_slice bytes, enum ehlo_key_form *form) {
  const unsigned char *at = (const unsigned char *)bytes.ptr;
  EVP_PKEY *pkey = d2i_PUBKEY(NULL, &at, (long)bytes.len);
  *form = EHLO_KEY_SPKI;
  if (pkey) return pkey;
  at = (const unsigned char *)bytes.ptr;
  *form = EHLO_KEY_PKCS1;
  return d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)bytes.len);
}

static EVP_PKEY *read_ed25519(struct ehlo_slice bytes, enum ehlo_key_form *form) {
  const unsigned char *at = (const unsigned char *)bytes.ptr;
  *form = EHLO_KEY_RAW;
  if (bytes.len == 32) return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, at, bytes.len);
  *form = EHLO_KEY_SPKI;
  return d2i_PUBKEY(NULL, &at, (long)bytes.len);
}

int ehlo_verify_key_read(enum ehlo_key_kind kind, struct ehlo_slice bytes, struct ehlo_verify_key **out) {
  enum { MOST = 1 << 16 };
  enum ehlo_key_form form;
  *out = NULL;
  if (bytes.len == 0 || bytes.len > MOST) return EHLO_E_SYNTAX;
  EVP_PKEY *pkey = kind == EHLO_KEY_RSA ? read_rsa(bytes, &form) : read_ed25519(bytes, &form);
  ERR_clear_error(); /* else TLS on this thread would take it for its own */
  if (!pkey) return EHLO_E_SYNTAX;
  const bool fits = EVP_PKEY_get_base_id(pkey) == (kind == EHLO_KEY_RSA ? EVP_PKEY_RSA : EVP_PKEY_ED25519);
  struct ehlo_verify_key *key = fits ? ehlo_memory_alloc(sizeof *key) : NULL;
  if (!key) {
    EVP_PKEY_free(pkey);
    return fits ? EHLO_E_MEMORY : EHLO_E_PROTOCOL;
  }
  *key = (struct ehlo_verify_key){pkey, kind, form};
  *out = key;
  return 0;
}

void ehlo_verify_key_free(struct ehlo_verify_key *key) {
  if (key) EVP_PKEY_free(key->pkey);
  ehlo_memory_free(key);
}

int ehlo_verify_key_bits(const struct ehlo_verify_key *key) {
  return EVP_PKEY_get_bits(key->pkey);
}

enum ehlo_key_form ehlo_verify_key_form(const struct ehlo_verify_key *key) {
  return key->form;
}

/* ---- verifying ---- */

static bool fits(const struct ehlo_verify_key *key, const EVP_MD *md, struct ehlo_slice data,
                 struct ehlo_slice signature) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  const bool right = context && EVP_DigestVerifyInit(context, NULL, md, NULL, key->pkey) == 1 &&
                     EVP_DigestVerify(context, (const unsigned char *)signature.ptr, signature.len,
                                      (const unsigned char *)data.ptr, data.len) == 1;
  EVP_MD_CTX_free(context);
  ERR_clear_error();
  return right;
}

int ehlo_verify(const struct ehlo_verify_key *key, enum ehlo_hash hash, struct ehlo_slice data,
                struct ehlo_slice signature) {
  struct ehlo_digest digest;
  if (key->kind == EHLO_KEY_RSA) return fits(key, md_of(hash), data, signature) ? 0 : EHLO_E_TRUST;
  const int error = ehlo_hash(hash, data, &digest);
  if (error) return error;
  const struct ehlo_slice message = ehlo_slice_of((const char *)digest.bytes, digest.len);
  return fits(key, NULL, message, signature) ? 0 : EHLO_E_TRUST;
}

static bool recover(EVP_PKEY_CTX *context, const EVP_MD *md, struct ehlo_slice signature, struct ehlo_digest *out) {
  size_t len = 0;
  const unsigned char *bytes = (const unsigned char *)signature.ptr;
  if (EVP_PKEY_verify_recover_init(context) != 1 || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1 ||
      EVP_PKEY_CTX_set_signature_md(context, md) != 1 ||
      EVP_PKEY_verify_recover(context, NULL, &len, bytes, signature.len) != 1)
    return false;
  unsigned char *room = ehlo_memory_alloc(len); /* as large as the key, though a digest comes out */
  const bool right =
      room && EVP_PKEY_verify_recover(context, room, &len, bytes, signature.len) == 1 && len <= sizeof out->bytes;
  if (right) memcpy(out->bytes, room, len);
  out->len = len;
  ehlo_memory_free(room);
  return right;
}

int ehlo_verify_recover(const struct ehlo_verify_key *key, enum ehlo_hash hash, struct ehlo_slice signature,
                        struct ehlo_digest *out) {
  if (key->kind != EHLO_KEY_RSA) return EHLO_E_NOT_FOUND;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key->pkey, NULL);
  const bool right = context && recover(context, md_of(hash), signature, out);
  EVP_PKEY_CTX_free(context);
  ERR_clear_error();
  return right ? 0 : EHLO_E_NOT_FOUND;
}
