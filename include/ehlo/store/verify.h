/* Owns: hashes, public keys of RSA and Ed25519, and verifying what they signed. Callers: the crypto binding. OpenSSL does the
 * arithmetic; nothing here signs. */
#ifndef EHLO_STORE_VERIFY_H
#define EHLO_STORE_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "ehlo/base/slice.h"

enum ehlo_hash { EHLO_HASH_SHA1, EHLO_HASH_SHA256 };
enum { EHLO_DIGEST_MAX = 32 };

struct ehlo_digest {
  uint8_t bytes[EHLO_DIGEST_MAX];
  size_t len;
};

/* EHLO_E_INTERNAL where OpenSSL cannot work. */
int ehlo_hash(enum ehlo_hash hash, struct ehlo_slice bytes, struct ehlo_digest *out);
/* The longest run from the start of `bytes` (lines that end in CRLF) that has this digest and ends in a line that is not empty;
 * EHLO_E_NOT_FOUND. Only the first EHLO_PREFIX_LINES lines are tried. */
int ehlo_hash_prefix(enum ehlo_hash hash, struct ehlo_slice bytes, const struct ehlo_digest *wanted, size_t *len);
enum { EHLO_PREFIX_LINES = 100000 };

enum ehlo_key_kind { EHLO_KEY_RSA, EHLO_KEY_ED25519 };
/* How the key was written: as X.509 wraps it, as PKCS #1 alone does, or bare. */
enum ehlo_key_form { EHLO_KEY_SPKI, EHLO_KEY_PKCS1, EHLO_KEY_RAW };
struct ehlo_verify_key;

/* EHLO_E_SYNTAX for what is no key, EHLO_E_PROTOCOL for one of another kind, EHLO_E_MEMORY. */
int ehlo_verify_key_read(enum ehlo_key_kind kind, struct ehlo_slice bytes, struct ehlo_verify_key **out);
void ehlo_verify_key_free(struct ehlo_verify_key *key);
int ehlo_verify_key_bits(const struct ehlo_verify_key *key);
enum ehlo_key_form ehlo_verify_key_form(const struct ehlo_verify_key *key);

/* RSA signs the digest of `data` (PKCS #1 v1.5), Ed25519 the digest itself as its message (RFC 8463 3). 0; EHLO_E_TRUST where it does
 * not fit. */
int ehlo_verify(const struct ehlo_verify_key *key, enum ehlo_hash hash, struct ehlo_slice data,
                struct ehlo_slice signature);
/* The digest that an RSA signature vouches for: EHLO_E_NOT_FOUND where another key made it, or it was damaged, or another hash was meant. */
int ehlo_verify_recover(const struct ehlo_verify_key *key, enum ehlo_hash hash, struct ehlo_slice signature,
                        struct ehlo_digest *out);

#endif
