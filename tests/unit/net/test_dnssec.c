/* Validation: a zone signed here, under a trust anchor of its own; answers that hold, one that was tampered with. */
#include "peer.h"
#include "signed_zone.h"

#include "ehlo/base/error.h"
#include "ehlo/net/resolver.h"

static const unsigned char good[] = "\2mx\6signed\7example", bad[] = "\3bad\6signed\7example";

struct house {
  struct zone zone;
  struct ehlo_loop *loop;
  struct responder dns;
};

static size_t answer(void *arg, const char *name, uint16_t type, unsigned char *at, unsigned char *count) {
  struct house *h = arg;
  static const unsigned char address[] = {192, 0, 2, 25}, forged[] = {192, 0, 2, 66};
  const struct zone_set mx = {good, sizeof good, EHLO_RR_A, 1, {{address, sizeof address}}},
                        real = {bad, sizeof bad, EHLO_RR_A, 1, {{address, sizeof address}}},
                        told = {bad, sizeof bad, EHLO_RR_A, 1, {{forged, sizeof forged}}};
  unsigned char *end = NULL;
  if (type == EHLO_RR_A && strcmp(name, "mx.signed.example") == 0)
    end = zone_put_signed(&h->zone, at, &mx, &mx);
  else if (type == EHLO_RR_A && strcmp(name, "bad.signed.example") == 0)
    end = zone_put_signed(&h->zone, at, &told, &real);
  else if (type == ZONE_DNSKEY && strcmp(name, "signed.example") == 0)
    end = zone_put_key(&h->zone, at);
  if (!end) return SIZE_MAX;
  *count = 2;
  return (size_t)(end - at);
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

static struct seen ask(struct house *h, struct ehlo_resolver *r, const char *name) {
  struct seen s = {0};
  struct ehlo_question *q;
  assert_int_equal(ehlo_resolver_ask(r, name, EHLO_RR_A, ehlo_loop_now(h->loop) + 4, hear_answer, &s, &q), 0);
  TURN_UNTIL(h->loop, s.calls == 1);
  return s;
}

static void a_signed_answer_is_secure_and_a_forged_one_is_bogus(void **state) {
  struct house *h = *state;
  struct ehlo_resolver *r = ehlo_resolver_new(
      h->loop, &(struct ehlo_resolver_options){.server = h->dns.server, .trust_anchor = h->zone.anchor, .hosts = ""});
  struct seen s = ask(h, r, "mx.signed.example");
  assert_string_equal(s.why, "");
  assert_int_equal(s.security, EHLO_DNS_SECURE);
  assert_int_equal(s.records, 1);
  s = ask(h, r, "bad.signed.example");
  assert_int_equal(s.security, EHLO_DNS_BOGUS);
  assert_int_equal(s.error, EHLO_E_DNS);
  assert_string_equal(s.reason, "bogus");
  assert_non_null(strstr(s.why, "bad.signed.example"));
  s = ask(h, r, "plain.example");
  assert_int_equal(s.security, EHLO_DNS_INSECURE);
  assert_int_equal(s.records, 1);
  assert_false(ehlo_resolver_insecure(r));
  ehlo_resolver_free(r);
}

static void without_an_anchor_the_same_answers_are_only_insecure(void **state) {
  struct house *h = *state;
  struct ehlo_resolver *r = ehlo_resolver_new(
      h->loop, &(struct ehlo_resolver_options){.server = h->dns.server, .trust_anchor = "", .hosts = ""});
  assert_int_equal(ask(h, r, "mx.signed.example").security, EHLO_DNS_INSECURE);
  assert_int_equal(ask(h, r, "bad.signed.example").records, 1);
  ehlo_resolver_free(r);
}

static int set_up(void **state) {
  static struct house h;
  static const struct responder_row rows[] = {{"plain.example", 1, 0, {"192.0.2.1"}}};
  zone_open(&h.zone);
  h.loop = ehlo_loop_new();
  responder_open(&h.dns, h.loop, rows, 1);
  h.dns.special = answer;
  h.dns.arg = &h;
  *state = &h;
  return 0;
}
static int tear_down(void **state) {
  struct house *h = *state;
  responder_close(&h->dns);
  ehlo_loop_free(h->loop);
  zone_close(&h->zone);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_signed_answer_is_secure_and_a_forged_one_is_bogus),
      cmocka_unit_test(without_an_anchor_the_same_answers_are_only_insecure),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
