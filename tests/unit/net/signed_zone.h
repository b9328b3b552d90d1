/* Owns: the zone signed.example, signed here by one key, and the file of the trust anchor that vouches for it. Callers: tests of
 * DNSSEC and of what rests on it. */
#ifndef EHLO_TESTS_SIGNED_ZONE_H
#define EHLO_TESTS_SIGNED_ZONE_H

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <time.h>

#include "responder.h"

enum { ZONE_RRSIG = 46, ZONE_NSEC = 47, ZONE_DNSKEY = 48, ZONE_ALGORITHM = 13, ZONE_TTL = 60 };

static const unsigned char zone_name[] = "\6signed\7example"; /* the final NUL is the root */

struct zone {
  EVP_PKEY *key;
  unsigned char dnskey[68]; /* rdata */
  unsigned tag;
  char anchor[64];
};

/* Records of one owner and type, in canonical order (RFC 4034 6.3). */
struct zone_set {
  const unsigned char *owner;
  size_t owner_len;
  unsigned type;
  int n;
  struct zone_rdata {
    const unsigned char *bytes;
    size_t len;
  } rdata[2];
};

static inline unsigned char *zone_put16(unsigned char *at, unsigned value) {
  at[0] = (unsigned char)(value >> 8);
  at[1] = (unsigned char)value;
  return at + 2;
}
static inline unsigned char *zone_put32(unsigned char *at, unsigned long value) {
  return zone_put16(zone_put16(at, (unsigned)(value >> 16) & 0xffff), (unsigned)value & 0xffff);
}
static inline unsigned char *zone_put(unsigned char *at, const void *bytes, size_t len) {
  memcpy(at, bytes, len);
  return at + len;
}

static inline unsigned char *zone_put_set(unsigned char *at, const struct zone_set *set) {
  for (int i = 0; i < set->n; i++) {
    at = zone_put16(zone_put16(zone_put(at, set->owner, set->owner_len), set->type), 1);
    at = zone_put16(zone_put32(at, ZONE_TTL), (unsigned)set->rdata[i].len);
    at = zone_put(at, set->rdata[i].bytes, set->rdata[i].len);
  }
  return at;
}

/* RFC 4034 3.1.8.1; ECDSA's two numbers one after the other, as RFC 6605 has them. */
static inline size_t zone_sign(struct zone *z, const struct zone_set *set, unsigned char *out) {
  unsigned char data[1024], der[128];
  size_t der_len = sizeof der;
  unsigned labels = 0;
  for (const unsigned char *l = set->owner; *l; l += *l + 1)
    labels++;
  unsigned char *at = zone_put16(out, set->type);
  *at++ = ZONE_ALGORITHM;
  *at++ = (unsigned char)labels;
  unsigned long now = (unsigned long)time(NULL);
  at = zone_put16(zone_put32(zone_put32(zone_put32(at, ZONE_TTL), now + 86400), now - 86400), z->tag);
  at = zone_put(at, zone_name, sizeof zone_name);
  unsigned char *end = zone_put_set(zone_put(data, out, (size_t)(at - out)), set);
  EVP_MD_CTX *md = EVP_MD_CTX_new();
  assert_int_equal(EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, z->key), 1);
  assert_int_equal(EVP_DigestSign(md, der, &der_len, data, (size_t)(end - data)), 1);
  EVP_MD_CTX_free(md);
  const unsigned char *p = der;
  ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)der_len);
  BN_bn2binpad(ECDSA_SIG_get0_r(sig), at, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(sig), at + 32, 32);
  ECDSA_SIG_free(sig);
  return (size_t)(at + 64 - out);
}

/* `told`, with the signature of `set`: they differ where a forger was at work. */
static inline unsigned char *zone_put_signed(struct zone *z, unsigned char *at, const struct zone_set *told,
                                             const struct zone_set *set) {
  unsigned char rrsig[200];
  const struct zone_set proof = {set->owner, set->owner_len, ZONE_RRSIG, 1, {{rrsig, zone_sign(z, set, rrsig)}}};
  return zone_put_set(zone_put_set(at, told), &proof);
}

static inline unsigned char *zone_put_key(struct zone *z, unsigned char *at) {
  const struct zone_set set = {zone_name, sizeof zone_name, ZONE_DNSKEY, 1, {{z->dnskey, sizeof z->dnskey}}};
  return zone_put_signed(z, at, &set, &set);
}

static inline void zone_make_key(struct zone *z) {
  unsigned char point[65];
  size_t len = 0;
  z->key = EVP_EC_gen("P-256");
  assert_int_equal(EVP_PKEY_get_octet_string_param(z->key, "pub", point, sizeof point, &len), 1);
  assert_int_equal(len, 65);
  zone_put16(z->dnskey, 257);
  z->dnskey[2] = 3;
  z->dnskey[3] = ZONE_ALGORITHM;
  memcpy(z->dnskey + 4, point + 1, 64);
  unsigned long sum = 0; /* RFC 4034, appendix B */
  for (size_t i = 0; i < sizeof z->dnskey; i++)
    sum += i & 1 ? z->dnskey[i] : (unsigned long)z->dnskey[i] << 8;
  z->tag = (unsigned)((sum + (sum >> 16)) & 0xffff);
}

static inline void zone_open(struct zone *z) {
  unsigned char base64[200];
  zone_make_key(z);
  EVP_EncodeBlock(base64, z->dnskey + 4, 64);
  snprintf(z->anchor, sizeof z->anchor, "/tmp/ehlo-anchor-XXXXXX");
  FILE *f = fdopen(mkstemp(z->anchor), "w");
  fprintf(f, "; made for a test\nsigned.example. IN DNSKEY 257 3 %d %s\n", ZONE_ALGORITHM, (char *)base64);
  fclose(f);
}

static inline void zone_close(struct zone *z) {
  EVP_PKEY_free(z->key);
  unlink(z->anchor);
}

#endif
