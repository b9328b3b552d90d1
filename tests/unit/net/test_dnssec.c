/* Validation: a zone signed here, under a trust anchor of its own; answers that hold, one that was tampered with. */
#include "peer.h"
#include "responder.h"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <time.h>

#include "ehlo/base/error.h"
#include "ehlo/net/resolver.h"

enum { TYPE_RRSIG = 46, TYPE_DNSKEY = 48, ALGORITHM = 13, TTL = 60 };

static const unsigned char zone[] = "\6signed\7example"; /* the final NUL is the root */
static const unsigned char good[] = "\2mx\6signed\7example", bad[] = "\3bad\6signed\7example";

struct zone {
  EVP_PKEY *key;
  unsigned char dnskey[68]; /* rdata */
  unsigned tag;
  char anchor[64];
  struct ehlo_loop *loop;
  struct responder dns;
};

static unsigned char *put16(unsigned char *at, unsigned value) {
  at[0] = (unsigned char)(value >> 8);
  at[1] = (unsigned char)value;
  return at + 2;
}
static unsigned char *put32(unsigned char *at, unsigned long value) {
  return put16(put16(at, (unsigned)(value >> 16) & 0xffff), (unsigned)value & 0xffff);
}
static unsigned char *put(unsigned char *at, const void *bytes, size_t len) {
  memcpy(at, bytes, len);
  return at + len;
}

static unsigned char *put_record(unsigned char *at, const unsigned char *owner, size_t owner_len, unsigned type,
                                 const unsigned char *rdata, size_t len) {
  at = put16(put16(put(at, owner, owner_len), type), 1);
  return put(put16(put32(at, TTL), (unsigned)len), rdata, len);
}

/* RFC 4034 3.1.8.1 for a set of one record; ECDSA's two numbers one after the other, as RFC 6605 has them. */
static size_t sign(struct zone *z, const unsigned char *owner, size_t owner_len, unsigned type,
                   const unsigned char *rdata, size_t len, unsigned char *out) {
  unsigned char data[512], der[128];
  size_t der_len = sizeof der;
  unsigned labels = 0;
  for (const unsigned char *l = owner; *l; l += *l + 1)
    labels++;
  unsigned char *at = put16(out, type);
  *at++ = ALGORITHM;
  *at++ = (unsigned char)labels;
  unsigned long now = (unsigned long)time(NULL);
  at = put16(put32(put32(put32(at, TTL), now + 86400), now - 86400), z->tag);
  at = put(at, zone, sizeof zone);
  unsigned char *end = put_record(put(data, out, (size_t)(at - out)), owner, owner_len, type, rdata, len);
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

static size_t answer(void *arg, const char *name, uint16_t type, unsigned char *at, unsigned char *count) {
  struct zone *z = arg;
  static const unsigned char address[] = {192, 0, 2, 25}, forged[] = {192, 0, 2, 66};
  const unsigned char *owner = zone, *rdata = z->dnskey, *told;
  size_t owner_len = sizeof zone, len = sizeof z->dnskey;
  unsigned char rrsig[200], *end = at;
  if (type == EHLO_RR_A && strcmp(name, "mx.signed.example") == 0) {
    owner = good;
    owner_len = sizeof good;
  } else if (type == EHLO_RR_A && strcmp(name, "bad.signed.example") == 0) {
    owner = bad;
    owner_len = sizeof bad;
  } else if (type != TYPE_DNSKEY || strcmp(name, "signed.example") != 0) {
    return SIZE_MAX;
  }
  if (type == EHLO_RR_A) {
    rdata = address;
    len = sizeof address;
  }
  told = owner == bad ? forged : rdata;
  end = put_record(end, owner, owner_len, type, told, len);
  end = put_record(end, owner, owner_len, TYPE_RRSIG, rrsig, sign(z, owner, owner_len, type, rdata, len, rrsig));
  *count = 2;
  return (size_t)(end - at);
}

static void make_key(struct zone *z) {
  unsigned char point[65];
  size_t len = 0;
  z->key = EVP_EC_gen("P-256");
  assert_int_equal(EVP_PKEY_get_octet_string_param(z->key, "pub", point, sizeof point, &len), 1);
  assert_int_equal(len, 65);
  put16(z->dnskey, 257);
  z->dnskey[2] = 3;
  z->dnskey[3] = ALGORITHM;
  memcpy(z->dnskey + 4, point + 1, 64);
  unsigned long sum = 0; /* RFC 4034, appendix B */
  for (size_t i = 0; i < sizeof z->dnskey; i++)
    sum += i & 1 ? z->dnskey[i] : (unsigned long)z->dnskey[i] << 8;
  z->tag = (unsigned)((sum + (sum >> 16)) & 0xffff);
}

static void write_anchor(struct zone *z) {
  unsigned char base64[200];
  EVP_EncodeBlock(base64, z->dnskey + 4, 64);
  snprintf(z->anchor, sizeof z->anchor, "/tmp/ehlo-anchor-XXXXXX");
  FILE *f = fdopen(mkstemp(z->anchor), "w");
  fprintf(f, "; made for a test\nsigned.example. IN DNSKEY 257 3 %d %s\n", ALGORITHM, (char *)base64);
  fclose(f);
}

struct seen {
  int calls, error, records, security;
  char reason[32], why[200];
};

static void hear_answer(void *arg, const struct ehlo_dns_answer *a) {
  struct seen *s = arg;
  struct ehlo_dns_record record;
  size_t pos = 0;
  s->calls++;
  s->error = a->error;
  s->security = (int)a->security;
  snprintf(s->reason, sizeof s->reason, "%s", a->reason ? a->reason : "");
  snprintf(s->why, sizeof s->why, "%s", a->why);
  while (!a->error && ehlo_dnsmsg_next(&a->message, &pos, &record) > 0)
    s->records += record.type == EHLO_RR_A;
}

static struct seen ask(struct zone *z, struct ehlo_resolver *r, const char *name) {
  struct seen s = {0};
  struct ehlo_question *q;
  assert_int_equal(ehlo_resolver_ask(r, name, EHLO_RR_A, ehlo_loop_now(z->loop) + 4, hear_answer, &s, &q), 0);
  TURN_UNTIL(z->loop, s.calls == 1);
  return s;
}

static void a_signed_answer_is_secure_and_a_forged_one_is_bogus(void **state) {
  struct zone *z = *state;
  struct ehlo_resolver *r = ehlo_resolver_new(
      z->loop, &(struct ehlo_resolver_options){.server = z->dns.server, .trust_anchor = z->anchor, .hosts = ""});
  struct seen s = ask(z, r, "mx.signed.example");
  assert_string_equal(s.why, "");
  assert_int_equal(s.security, EHLO_DNS_SECURE);
  assert_int_equal(s.records, 1);
  s = ask(z, r, "bad.signed.example");
  assert_int_equal(s.security, EHLO_DNS_BOGUS);
  assert_int_equal(s.error, EHLO_E_DNS);
  assert_string_equal(s.reason, "bogus");
  assert_non_null(strstr(s.why, "bad.signed.example"));
  s = ask(z, r, "plain.example");
  assert_int_equal(s.security, EHLO_DNS_INSECURE);
  assert_int_equal(s.records, 1);
  assert_false(ehlo_resolver_insecure(r));
  ehlo_resolver_free(r);
}

static void without_an_anchor_the_same_answers_are_only_insecure(void **state) {
  struct zone *z = *state;
  struct ehlo_resolver *r = ehlo_resolver_new(
      z->loop, &(struct ehlo_resolver_options){.server = z->dns.server, .trust_anchor = "", .hosts = ""});
  assert_int_equal(ask(z, r, "mx.signed.example").security, EHLO_DNS_INSECURE);
  assert_int_equal(ask(z, r, "bad.signed.example").records, 1);
  ehlo_resolver_free(r);
}

static int set_up(void **state) {
  static struct zone z;
  static const struct responder_row rows[] = {{"plain.example", 1, 0, {"192.0.2.1"}}};
  make_key(&z);
  write_anchor(&z);
  z.loop = ehlo_loop_new();
  responder_open(&z.dns, z.loop, rows, 1);
  z.dns.special = answer;
  z.dns.arg = &z;
  *state = &z;
  return 0;
}
static int tear_down(void **state) {
  struct zone *z = *state;
  responder_close(&z->dns);
  ehlo_loop_free(z->loop);
  EVP_PKEY_free(z->key);
  unlink(z->anchor);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_signed_answer_is_secure_and_a_forged_one_is_bogus),
      cmocka_unit_test(without_an_anchor_the_same_answers_are_only_insecure),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
