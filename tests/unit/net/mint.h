/* Owns: certificates made for a test: a CA, leaves that are good, expired, self-signed or for another name, written
 * as PEM into a folder of their own. Callers: tests of TLS. */
#ifndef EHLO_TESTS_MINT_H
#define EHLO_TESTS_MINT_H

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit.h"

struct mint_one {
  EVP_PKEY *key;
  X509 *certificate;
};

struct mint_order {
  const char *cn;
  const char *names; /* subjectAltName, "DNS:..."; NULL for none */
  long from, until;  /* seconds from now */
  int is_ca;
};

static inline void mint_extension(X509 *c, X509 *issuer, int nid, const char *value) {
  X509V3_CTX v3;
  X509V3_set_ctx(&v3, issuer, c, NULL, NULL, 0);
  X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &v3, nid, value);
  assert_non_null(e);
  X509_add_ext(c, e, -1);
  X509_EXTENSION_free(e);
}

/* `by` NULL: self-signed. */
static inline struct mint_one mint_make(struct mint_order order, const struct mint_one *by) {
  struct mint_one one = {EVP_EC_gen("P-256"), X509_new()};
  assert_non_null(one.key);
  X509 *c = one.certificate;
  X509_set_version(c, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(c), 1 + rand() % 100000);
  X509_gmtime_adj(X509_getm_notBefore(c), order.from);
  X509_gmtime_adj(X509_getm_notAfter(c), order.until);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_UTF8, (const unsigned char *)order.cn, -1, -1, 0);
  X509_set_issuer_name(c, X509_get_subject_name(by ? by->certificate : c));
  X509_set_pubkey(c, one.key);
  mint_extension(c, c, NID_basic_constraints, order.is_ca ? "critical,CA:TRUE" : "CA:FALSE");
  if (order.names) mint_extension(c, c, NID_subject_alt_name, order.names);
  assert_true(X509_sign(c, by ? by->key : one.key, EVP_sha256()) > 0);
  return one;
}

static inline void mint_free(struct mint_one *one) {
  EVP_PKEY_free(one->key);
  X509_free(one->certificate);
}

/* Certificate, then key, then what else is to be sent. */
static inline void mint_save(const char *path, const struct mint_one *one, const struct mint_one *also) {
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  PEM_write_X509(f, one->certificate);
  if (also) PEM_write_X509(f, also->certificate);
  PEM_write_PrivateKey(f, one->key, NULL, NULL, 0, NULL, NULL);
  fclose(f);
}

#endif
