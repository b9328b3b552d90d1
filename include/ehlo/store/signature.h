/* Owns: signatures in minisign's format: public keys, signature files, verifying with Ed25519. Callers: the bindings of the
 * catalogue's commands. OpenSSL does the arithmetic; nothing here signs. */
#ifndef EHLO_STORE_SIGNATURE_H
#define EHLO_STORE_SIGNATURE_H

#include <stdbool.h>
#include <stdint.h>

#include "ehlo/base/slice.h"

enum { EHLO_KEY_TEXT = 57, EHLO_KEY_ID_TEXT = 17, EHLO_SIGNATURE_MAX = 16 * 1024 };

struct ehlo_public_key {
  uint8_t id[8];
  uint8_t key[32];
};

/* From minisign's line in base64, or from the text of a key file, whose second line that is. EHLO_E_SYNTAX, EHLO_E_MEMORY. */
int ehlo_public_key_read(struct ehlo_slice text, struct ehlo_public_key *out);
/* The line in base64. EHLO_E_MEMORY. */
int ehlo_public_key_text(const struct ehlo_public_key *key, char out[EHLO_KEY_TEXT]);
/* A key's number as minisign prints it: at most sixteen hexadecimal digits. */
void ehlo_key_id_text(const uint8_t id[8], char out[EHLO_KEY_ID_TEXT]);

struct ehlo_signature {
  bool hashed; /* of the document's BLAKE2b-512 ("ED"), else of the document itself ("Ed") */
  uint8_t id[8];
  uint8_t document[64];
  uint8_t comment[64];       /* over `document` and the trusted comment */
  struct ehlo_slice trusted; /* the trusted comment, inside the text that was read */
};

/* EHLO_E_SYNTAX (also beyond EHLO_SIGNATURE_MAX), EHLO_E_MEMORY. */
int ehlo_signature_read(struct ehlo_slice text, struct ehlo_signature *out);

/* 0; EHLO_E_NOT_FOUND where another key signed; EHLO_E_TRUST where the document is not what was signed; EHLO_E_PROTOCOL where the
 * trusted comment is not; EHLO_E_INTERNAL where OpenSSL cannot work. */
int ehlo_signature_verify(const struct ehlo_signature *signature, const struct ehlo_public_key *key,
                          struct ehlo_slice document);

#endif
