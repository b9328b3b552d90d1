/* Owns: certificates made on the spot: a P-256 key and a leaf that signs itself, for servers that rehearse. Callers:
 * tls.c. */
#include "tls_made.h"

#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

static bool add(X509 *c, int nid, const char *value) {
  X509V3_CTX v3;
  X509V3_set_ctx(&v3, c, c, NULL, NULL, 0);
  X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &v3, nid, value);
  bool ok = e && X509_add_ext(c, e, -1);
  X509_EXTENSION_free(e);
  return ok;
}

/* Names as they come, never as a line of OpenSSL's configuration. */
static bool add_names(X509 *c, const char *const *names, int n) {
  GENERAL_NAMES *all = sk_GENERAL_NAME_new_null();
  bool ok = all != NULL;
  for (int i = 0; ok && i < n; i++) {
    GENERAL_NAME *one = GENERAL_NAME_new();
    ASN1_OCTET_STRING *address = a2i_IPADDRESS(names[i]);
    ASN1_IA5STRING *text = address ? NULL : ASN1_IA5STRING_new();
    ok = one && (address || (text && ASN1_STRING_set(text, names[i], (int)strlen(names[i])))) &&
         sk_GENERAL_NAME_push(all, one);
    if (!ok) {
      GENERAL_NAME_free(one);
      ASN1_OCTET_STRING_free(address);
      ASN1_IA5STRING_free(text);
      break;
    }
    GENERAL_NAME_set0_value(one, address ? GEN_IPADD : GEN_DNS, address ? (void *)address : (void *)text);
  }
  ok = ok && X509_add1_ext_i2d(c, NID_subject_alt_name, all, 0, X509V3_ADD_DEFAULT) == 1;
  GENERAL_NAMES_free(all);
  return ok;
}

static bool fill(X509 *c, EVP_PKEY *key, const struct ehlo_tls_made *made) {
  enum { DAY = 86400 };
  uint32_t serial = 0;
  if (RAND_bytes((unsigned char *)&serial, sizeof serial) != 1) return false;
  const long until = made->expired ? -DAY : (made->days > 0 ? made->days : 30) * (long)DAY;
  const long from = made->expired ? -31L * DAY : -3600;
  const unsigned char *cn = (const unsigned char *)made->names[0];
  X509_NAME *name = X509_get_subject_name(c);
  return X509_set_version(c, X509_VERSION_3) &&
         ASN1_INTEGER_set_uint64(X509_get_serialNumber(c), (uint64_t)serial + 1) &&
         X509_gmtime_adj(X509_getm_notBefore(c), from) && X509_gmtime_adj(X509_getm_notAfter(c), until) &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, cn, -1, -1, 0) && X509_set_issuer_name(c, name) &&
         X509_set_pubkey(c, key) && add(c, NID_basic_constraints, "critical,CA:FALSE") &&
         add_names(c, made->names, made->n_names) && X509_sign(c, key, EVP_sha256()) > 0;
}

bool ehlo_tls_use_made(SSL_CTX *ctx, const struct ehlo_tls_made *made) {
  EVP_PKEY *key = EVP_EC_gen("P-256");
  X509 *c = X509_new();
  bool ok = key && c && made->n_names > 0 && fill(c, key, made) && SSL_CTX_use_certificate(ctx, c) == 1 &&
            SSL_CTX_use_PrivateKey(ctx, key) == 1;
  X509_free(c);
  EVP_PKEY_free(key);
  return ok;
}
