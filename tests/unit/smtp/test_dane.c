/* TLS level dane against a zone signed here and a server on the same loop: what the records prove, what they do not, and that no
 * lookup which fails makes a session trust less than DNS says. */
#include "net/mint.h"
#include "net/peer.h"
#include "net/signed_zone.h"

#include <openssl/sha.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/core/outcome.h"
#include "ehlo/smtp/listener.h"
#include "ehlo/smtp/probe.h"

enum { PIN = 3 + 32 };

enum how { SIGNED, FORGED, SERVFAIL };

struct row {
  const char *says; /* what the row is about */
  const char *host; /* NULL: the server's address */
  const char *pins; /* a letter a record, in canonical order: see `letters` */
  enum how how;
  bool no_tls, refuses, implicit;
  /* expected */
  const char *outcome, *reason, *finding;
  enum ehlo_tls_level level;
  bool secured;
};

static const char signed_host[] = "mx.signed.example", other_host[] = "alias.signed.example",
                  plain_host[] = "mx.plain.example";

static const struct row rows[] = {
    {"a record that matches proves the server, whoever issued its certificate", signed_host, "m", .outcome = "ready",
     .level = EHLO_TLS_DANE, .secured = true},
    {"one record that matches is enough", signed_host, "pm", .outcome = "ready", .level = EHLO_TLS_DANE,
     .secured = true},
    {"the key counts, not the name", other_host, "m", .outcome = "ready", .level = EHLO_TLS_DANE, .secured = true},
    {"implicit TLS is proved alike", signed_host, "m", .implicit = true, .outcome = "ready", .level = EHLO_TLS_DANE,
     .secured = true},
    {"an issuer that is pinned proves the server under its name", signed_host, "r", .outcome = "ready",
     .level = EHLO_TLS_DANE, .secured = true},
    {"an issuer that is pinned does not vouch for another name", other_host, "r", .outcome = "tls-untrusted",
     .reason = "certificate-host-mismatch", .level = EHLO_TLS_DANE, .secured = true},
    {"a record that does not match is distrust", signed_host, "w", .outcome = "tls-untrusted", .reason = "tlsa-invalid",
     .level = EHLO_TLS_DANE, .secured = true},
    {"records demand STARTTLS", signed_host, "m", .no_tls = true, .outcome = "tls-not-offered", .reason = "not-offered",
     .level = EHLO_TLS_DANE},
    {"records make a refusal of STARTTLS a failure", signed_host, "m", .refuses = true, .outcome = "tls-failed",
     .level = EHLO_TLS_DANE},
    {"records that SMTP cannot use demand TLS, and prove nothing", signed_host, "p", .outcome = "ready",
     .finding = "tlsa-invalid", .level = EHLO_TLS_ENCRYPT, .secured = true},
    {"a digest cut short cannot be used", signed_host, "s", .outcome = "ready", .finding = "tlsa-invalid",
     .level = EHLO_TLS_ENCRYPT, .secured = true},
    {"records that SMTP cannot use demand STARTTLS", signed_host, "p", .no_tls = true, .outcome = "tls-not-offered",
     .reason = "not-offered", .finding = "tlsa-invalid", .level = EHLO_TLS_ENCRYPT},
    {"without records TLS is as with may", signed_host, "", .outcome = "ready", .finding = "dane-required",
     .level = EHLO_TLS_MAY, .secured = true},
    {"without records plain text will do", signed_host, "", .no_tls = true, .outcome = "ready",
     .finding = "dane-required", .level = EHLO_TLS_MAY},
    {"without records a refusal of STARTTLS is overcome", signed_host, "", .refuses = true, .outcome = "ready",
     .finding = "tls-refused", .level = EHLO_TLS_MAY},
    {"records that DNSSEC does not protect count for nothing", plain_host, "w", .outcome = "ready",
     .finding = "dnssec-invalid", .level = EHLO_TLS_MAY, .secured = true},
    {"no records and no DNSSEC", plain_host, "", .outcome = "ready", .finding = "dane-required", .level = EHLO_TLS_MAY,
     .secured = true},
    {"forged records end the session before it is dialled", signed_host, "m", .how = FORGED, .outcome = "dns-failed",
     .reason = "bogus", .level = EHLO_TLS_DANE},
    {"a lookup that fails ends the session before it is dialled", signed_host, "m", .how = SERVFAIL,
     .outcome = "dns-failed", .reason = "servfail", .level = EHLO_TLS_DANE},
    {"an address has no name to look up", NULL, "m", .outcome = "ready", .finding = "dane-required",
     .level = EHLO_TLS_MAY, .secured = true},
};

struct house {
  struct zone zone;
  struct ehlo_loop *loop;
  struct responder dns;
  struct mint_one ca, leaf;
  char file[64];
  struct ehlo_tls *tls;
  unsigned char key[32], root[32];
  const struct row *row;
  struct responder_row failing;
  unsigned long lost; /* this allocation of the probe fails; 0: none */
  bool over;          /* there was none with that number */
};

static size_t pin_of(const struct house *h, char letter, unsigned char out[PIN]) {
  static const struct letter {
    char letter;
    unsigned char usage, selector;
    size_t len;
  } letters[] = {{'m', 3, 1, PIN}, /* matches */
                 {'w', 3, 1, PIN}, /* wrong */
                 {'p', 1, 1, PIN}, /* PKIX-EE: matches, but not for SMTP */
                 {'r', 2, 0, PIN}, /* the root */
                 {'s', 3, 1, 20}}; /* short */
  const struct letter *l = letters;
  while (l->letter != letter)
    l++;
  out[0] = l->usage;
  out[1] = l->selector;
  out[2] = 1;
  memcpy(out + 3, letter == 'r' ? h->root : h->key, 32);
  if (letter == 'w') out[3] ^= 1;
  return l->len;
}

/* NSEC of a name that owns nothing but its own proof. */
static unsigned char *put_denial(struct house *h, unsigned char *at, const unsigned char *owner, size_t len) {
  unsigned char rdata[sizeof zone_name + 8];
  static const unsigned char bitmap[] = {0, 6, 0, 0, 0, 0, 0, 3};
  memcpy(rdata, zone_name, sizeof zone_name);
  memcpy(rdata + sizeof zone_name, bitmap, sizeof bitmap);
  const struct zone_set set = {owner, len, ZONE_NSEC, 1, {{rdata, sizeof rdata}}};
  h->dns.authority = 2;
  return zone_put_signed(&h->zone, at, &set, &set);
}

static size_t put_tlsa(struct house *h, const char *name, bool is_signed, unsigned char *at, unsigned char *count) {
  unsigned char owner[256], pins[2][PIN], forged[PIN];
  struct zone_set set = {owner, responder_name(owner, name), EHLO_RR_TLSA, (int)strlen(h->row->pins), {{NULL, 0}}};
  for (int i = 0; i < set.n; i++)
    set.rdata[i] = (struct zone_rdata){pins[i], pin_of(h, h->row->pins[i], pins[i])};
  struct zone_set told = set;
  if (h->row->how == FORGED) told.rdata[0] = (struct zone_rdata){forged, pin_of(h, 'w', forged)};
  if (is_signed && set.n == 0) return (size_t)(put_denial(h, at, owner, set.owner_len) - at);
  *count = (unsigned char)(set.n + is_signed);
  return (size_t)((is_signed ? zone_put_signed(&h->zone, at, &told, &set) : zone_put_set(at, &told)) - at);
}

static size_t answer(void *arg, const char *name, uint16_t type, unsigned char *at, unsigned char *count) {
  struct house *h = arg;
  static const unsigned char loopback[] = {127, 0, 0, 1};
  const bool is_signed = strstr(name, "signed.example") != NULL;
  unsigned char owner[256];
  if (type == EHLO_RR_TLSA && h->row->how != SERVFAIL) return put_tlsa(h, name, is_signed, at, count);
  if (type == ZONE_DNSKEY && strcmp(name, "signed.example") == 0) {
    *count = 2;
    return (size_t)(zone_put_key(&h->zone, at) - at);
  }
  if (type != EHLO_RR_A) return SIZE_MAX;
  const struct zone_set set = {owner, responder_name(owner, name), EHLO_RR_A, 1, {{loopback, sizeof loopback}}};
  *count = (unsigned char)(1 + is_signed);
  return (size_t)((is_signed ? zone_put_signed(&h->zone, at, &set, &set) : zone_put_set(at, &set)) - at);
}

static struct ehlo_listener *serve(struct house *h, const struct row *row) {
  char why[200] = "";
  struct ehlo_listener_options o = {
      .name = "mx.signed.example", .tls = row->no_tls ? NULL : h->tls, .implicit_tls = row->implicit};
  assert_int_equal(ehlo_endpoint_read(ehlo_slice_str("127.0.0.1"), 0, &o.at), 0);
  if (row->refuses) {
    struct ehlo_answers *a = &o.answers[EHLO_SERVE_STARTTLS];
    a->list = ehlo_memory_zalloc(1, sizeof *a->list);
    a->n = 1;
    a->list->reply = ehlo_memory_dup("454 no TLS today", 16);
    a->list->cut = -1;
  }
  struct ehlo_listener *l = ehlo_listener_open(h->loop, &o, why, sizeof why);
  if (!l) fail_msg("%s", why);
  return l;
}

static void arm(const struct house *h) {
#ifdef EHLO_FAULTS
  ehlo_memory_fail_at(h->lost, 0);
#else
  (void)h;
#endif
}
static void disarm(struct house *h) {
#ifdef EHLO_FAULTS
  h->over = ehlo_memory_count() < h->lost;
  ehlo_memory_fail_at(0, 0);
#else
  (void)h;
#endif
}

/* One probe of a fresh server by a fresh resolver; NULL where memory ran out before it could begin. */
static struct ehlo_record *probe(struct house *h, const struct row *row, uint64_t *visits) {
  struct ehlo_smtp_env env;
  struct ehlo_probe p;
  struct ehlo_record *record = NULL;
  char target[64], failing[64];
  struct ehlo_unusable wrong;
  struct ehlo_listener *l = serve(h, row);
  const unsigned port = ehlo_listener_at(l)->port;
  h->row = row;
  snprintf(target, sizeof target, "%s:%u", row->host ? row->host : "127.0.0.1", port);
  snprintf(failing, sizeof failing, "_%u._tcp.%s", port, row->host ? row->host : "");
  h->failing = (struct responder_row){failing, 0, 2, {NULL}};
  h->dns.n = row->how == SERVFAIL;
  assert_int_equal(ehlo_smtp_env_init(&env, h->loop), 0);
  env.resolver_options =
      (struct ehlo_resolver_options){.server = h->dns.server, .trust_anchor = h->zone.anchor, .hosts = ""};
  const struct ehlo_probe_options o = {.session = {.family = 4,
                                                   .helo = "client.example",
                                                   .tls_level = EHLO_TLS_DANE,
                                                   .implicit_tls = row->implicit,
                                                   .timeout = 10}};
  arm(h);
  if (ehlo_probe_init(&p, &env, target, &o, &wrong) == 0 && ehlo_probe_start(&p) == 0) {
    ehlo_op_drive(&p.op);
    record = ehlo_session_take_record(&p.session);
  }
  disarm(h);
  *visits = ehlo_listener_count(l);
  ehlo_probe_fini(&p);
  ehlo_smtp_env_fini(&env);
  ehlo_listener_free(l);
  h->dns.n = 0;
  return record;
}

static const struct ehlo_finding *find(const struct ehlo_record *r, const char *word) {
  for (int i = 0; i < r->n_findings; i++)
    if (strcmp(r->findings[i].word, word) == 0) return &r->findings[i];
  return NULL;
}

static bool same_word(const char *a, const char *b) {
  return a && b ? strcmp(a, b) == 0 : a == b;
}

static void every_row_ends_as_its_records_demand(void **state) {
  struct house *h = *state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const struct row *row = &rows[i];
    struct ehlo_outcome outcome;
    uint64_t visits;
    struct ehlo_record *r = probe(h, row, &visits);
    assert_non_null(r);
    ehlo_outcome_of(r, &outcome);
    const bool as_expected = same_word(outcome.word, row->outcome) && same_word(r->failure.reason, row->reason) &&
                             (!row->finding || find(r, row->finding)) && r->tls_level == row->level &&
                             (r->tls != NULL) == row->secured;
    if (!as_expected)
      fail_msg("%s: %s, %s (%s), %d findings, the first %s, level %s, %s", row->says, outcome.word,
               r->failure.reason ? r->failure.reason : "no reason", r->failure.text, r->n_findings,
               r->n_findings ? r->findings[0].word : "none", ehlo_tls_level_name(r->tls_level),
               r->tls ? "secured" : "plain");
    if (row->level == EHLO_TLS_DANE && row->secured)
      assert_int_equal(r->tls->trusted, strcmp(row->outcome, "ready") == 0);
    assert_int_equal(visits, row->how == SIGNED);
    ehlo_record_free(r);
  }
}

static void findings_say_what_is_missing_and_what_was_done(void **state) {
  static const struct {
    const char *says, *word, *text;
  } told[] = {
      {"no records and no DNSSEC", "dane-required", "nor is the name protected by DNSSEC: the session went on as"},
      {"without records plain text will do", "dane-required", "has no TLSA records: the session went on as with level"},
      {"a digest cut short cannot be used", "tlsa-invalid", "has 1 TLSA record, none of which SMTP can use"},
  };
  for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
    const struct row *row = rows;
    uint64_t visits;
    while (strcmp(row->says, told[i].says) != 0)
      row++;
    struct ehlo_record *r = probe(*state, row, &visits);
    const struct ehlo_finding *f = find(r, told[i].word);
    assert_non_null(f);
    if (!strstr(f->text, told[i].text)) fail_msg("%s", f->text);
    ehlo_record_free(r);
  }
}

/* In builds with fault injection: whatever allocation fails, a server that its records disown is never taken for proved. */
static void no_lack_of_memory_makes_a_session_trust(void **state) {
  struct house *h = *state;
#ifdef EHLO_FAULTS
  const struct row *row = rows;
  while (!row->reason || strcmp(row->reason, "tlsa-invalid") != 0)
    row++;
  for (h->lost = 1, h->over = false; !h->over; h->lost++) {
    uint64_t visits;
    struct ehlo_outcome outcome;
    struct ehlo_record *r = probe(h, row, &visits);
    if (!r) continue;
    ehlo_outcome_of(r, &outcome);
    if (strcmp(outcome.word, "ready") == 0) fail_msg("ready without allocation %lu", h->lost);
    ehlo_record_free(r);
  }
  assert_true(h->lost > 20);
#endif
  h->lost = 0;
}

static int set_up(void **state) {
  static struct house h;
  char why[200];
  unsigned char *der = NULL;
  zone_open(&h.zone);
  h.loop = ehlo_loop_new();
  responder_open(&h.dns, h.loop, &h.failing, 0);
  h.dns.special = answer;
  h.dns.arg = &h;
  h.ca = mint_make((struct mint_order){"a root nobody knows", NULL, -3600, 86400, 1}, NULL);
  h.leaf = mint_make((struct mint_order){"mx", "DNS:mx.signed.example", -3600, 86400, 0}, &h.ca);
  int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(h.leaf.certificate), &der);
  SHA256(der, (size_t)len, h.key);
  OPENSSL_free(der);
  der = NULL;
  len = i2d_X509(h.ca.certificate, &der);
  SHA256(der, (size_t)len, h.root);
  OPENSSL_free(der);
  snprintf(h.file, sizeof h.file, "/tmp/ehlo-dane-XXXXXX");
  close(mkstemp(h.file));
  mint_save(h.file, &h.leaf, &h.ca);
  h.tls = ehlo_tls_new(&(struct ehlo_tls_settings){.certificate = h.file, .server = true}, why, sizeof why);
  assert_non_null(h.tls);
  *state = &h;
  return 0;
}

static int tear_down(void **state) {
  struct house *h = *state;
  ehlo_tls_free(h->tls);
  unlink(h->file);
  mint_free(&h->leaf);
  mint_free(&h->ca);
  responder_close(&h->dns);
  ehlo_loop_free(h->loop);
  zone_close(&h->zone);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_row_ends_as_its_records_demand),
      cmocka_unit_test(findings_say_what_is_missing_and_what_was_done),
      cmocka_unit_test(no_lack_of_memory_makes_a_session_trust),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
