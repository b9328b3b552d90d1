/* Owns: judging a peer: chain, name and DANE, each reason with RFC 8460's word and a sentence that names the facts.
 * Callers: tls_facts.c. */
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "tls_private.h"

struct judging {
  struct ehlo_tls_facts *facts;
  const struct ehlo_tls_peer *peer;
  SSL *ssl;
  X509 *leaf;
  double now;
  int error;
};

static void add(struct judging *j, const char *word, struct ehlo_buf *text) {
  struct ehlo_tls_facts *f = j->facts;
  char *sentence = ehlo_buf_take(text, NULL);
  ehlo_buf_fini(text);
  struct ehlo_tls_verdict *all = NULL;
  if (sentence) all = ehlo_memory_realloc(f->verdicts, (size_t)(f->n_verdicts + 1) * sizeof *all);
  if (!all) {
    ehlo_memory_free(sentence);
    j->error = EHLO_E_MEMORY;
    return;
  }
  f->verdicts = all;
  all[f->n_verdicts++] = (struct ehlo_tls_verdict){.word = word, .text = sentence};
}

void ehlo_tls_date(double at, char *out, size_t size) {
  static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                       "July",    "August",   "September", "October", "November", "December"};
  time_t t = (time_t)at;
  struct tm tm;
  if (!gmtime_r(&t, &tm) || tm.tm_mon < 0 || tm.tm_mon > 11) {
    snprintf(out, size, "an unreadable date");
    return;
  }
  snprintf(out, size, "%d %s %d", tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900);
}

static void add_age(struct ehlo_buf *b, double seconds, const char *before, const char *after) {
  static const struct {
    double unit;
    const char *name;
  } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
  size_t i = 0;
  while (i < 3 && seconds < units[i].unit)
    i++;
  long n = (long)(seconds / units[i].unit);
  ehlo_buf_addf(b, "%s%ld %s%s%s", before, n, units[i].name, n == 1 ? "" : "s", after);
}

/* Which certificate a finding is about: the peer's own needs no name. */
static void add_whose(struct judging *j, struct ehlo_buf *b, int depth) {
  if (depth <= 0) {
    ehlo_buf_add_str(b, "the certificate");
  } else if (depth < j->facts->n_chain) {
    ehlo_buf_addf(b, "the certificate of its issuer %s", j->facts->chain[depth].subject);
  } else {
    ehlo_buf_add_str(b, "a certificate of its issuers");
  }
}

static const struct ehlo_certificate *at_depth(struct judging *j, int depth) {
  return depth >= 0 && depth < j->facts->n_chain ? &j->facts->chain[depth] : NULL;
}

static void say_expired(struct judging *j, struct ehlo_buf *b, int depth) {
  const struct ehlo_certificate *c = at_depth(j, depth);
  add_whose(j, b, depth);
  ehlo_buf_add_str(b, " expired");
  if (!c) return;
  char date[40];
  ehlo_tls_date(c->not_after, date, sizeof date);
  ehlo_buf_addf(b, " on %s", date);
  if (j->now > c->not_after) add_age(b, j->now - c->not_after, " (", " ago)");
}

static void say_too_early(struct judging *j, struct ehlo_buf *b, int depth) {
  const struct ehlo_certificate *c = at_depth(j, depth);
  add_whose(j, b, depth);
  ehlo_buf_add_str(b, " is not valid yet");
  if (!c) return;
  char date[40];
  ehlo_tls_date(c->not_before, date, sizeof date);
  ehlo_buf_addf(b, ": it begins on %s", date);
  if (c->not_before > j->now) add_age(b, c->not_before - j->now, " (in ", "), or a clock is wrong");
}

static void say_self_signed(struct judging *j, struct ehlo_buf *b, int depth) {
  (void)depth;
  ehlo_buf_add_str(b, "the certificate is self-signed");
  if (j->facts->n_chain) ehlo_buf_addf(b, ", by %s", j->facts->chain[0].subject);
  ehlo_buf_add_str(b, ": nobody that is trusted vouches for it");
}

static void say_unknown_root(struct judging *j, struct ehlo_buf *b, int depth) {
  const struct ehlo_certificate *c = at_depth(j, depth);
  if (!c && j->facts->n_chain) c = &j->facts->chain[j->facts->n_chain - 1];
  ehlo_buf_addf(b, "its chain ends at %s, which is not among the trusted", c ? c->subject : "a root");
}

static void say_unknown_issuer(struct judging *j, struct ehlo_buf *b, int depth) {
  const struct ehlo_certificate *c = at_depth(j, depth);
  ehlo_buf_addf(b, "its issuer %s is not among the trusted", c ? c->issuer : "");
  if (depth == 0)
    ehlo_buf_add_str(b, ", and the server sent no certificate that leads there (an intermediate may be missing)");
}

static void say_no_match(struct judging *j, struct ehlo_buf *b, int depth) {
  (void)depth;
  unsigned char md[EVP_MAX_MD_SIZE], *der = NULL;
  unsigned n = 0;
  ehlo_buf_addf(b, "none of the %d TLSA records matches what the server shows", j->peer->n_tlsa);
  X509_PUBKEY *key = j->leaf ? X509_get_X509_PUBKEY(j->leaf) : NULL;
  int len = key ? i2d_X509_PUBKEY(key, &der) : 0;
  if (len > 0 && EVP_Digest(der, (size_t)len, md, &n, EVP_sha256(), NULL)) {
    ehlo_buf_add_str(b, "; one that would: 3 1 1 ");
    for (unsigned i = 0; i < n; i++)
      ehlo_buf_addf(b, "%02x", md[i]);
  }
  OPENSSL_free(der);
}

static const struct row {
  int error;
  const char *word;
  void (*say)(struct judging *j, struct ehlo_buf *b, int depth);
} rows[] = {
    {X509_V_ERR_DANE_NO_MATCH, "tlsa-invalid", say_no_match},
    {X509_V_ERR_CERT_HAS_EXPIRED, "certificate-expired", say_expired},
    {X509_V_ERR_CERT_NOT_YET_VALID, "validation-failure", say_too_early},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "certificate-not-trusted", say_self_signed},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "certificate-not-trusted", say_unknown_root},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "certificate-not-trusted", say_unknown_issuer},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "certificate-not-trusted", say_unknown_issuer},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "certificate-not-trusted", say_unknown_issuer},
    {X509_V_ERR_CERT_UNTRUSTED, "certificate-not-trusted", say_unknown_issuer},
    {X509_V_ERR_HOSTNAME_MISMATCH, "certificate-host-mismatch", NULL}, /* judged here, below */
    {X509_V_ERR_IP_ADDRESS_MISMATCH, "certificate-host-mismatch", NULL},
};

static const struct row *row_of(int error) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].error == error) return &rows[i];
  return NULL;
}

/* OpenSSL finds several errors for one cause: a missing issuer, say, is told twice. One of each kind, and while
 * DANE is what counts and nothing matched, only that. */
static bool is_repeat(const struct ehlo_tls_watch *w, int at) {
  const struct row *row = row_of(w->seen[at].error);
  for (int i = 0; i < w->n; i++) {
    if (w->dane && i != at && w->seen[i].error == X509_V_ERR_DANE_NO_MATCH) return true;
    if (i >= at || !row) continue;
    const struct row *other = row_of(w->seen[i].error);
    if (other && strcmp(other->word, "certificate-not-trusted") == 0 && strcmp(other->word, row->word) == 0)
      return true;
  }
  return false;
}

static void judge_chain(struct judging *j, const struct ehlo_tls_watch *w) {
  for (int i = 0; i < w->n && !j->error; i++) {
    const struct row *row = row_of(w->seen[i].error);
    if ((row && !row->say) || is_repeat(w, i)) continue;
    struct ehlo_buf b;
    ehlo_buf_init(&b, 4096);
    if (row) {
      row->say(j, &b, w->seen[i].depth);
    } else {
      add_whose(j, &b, w->seen[i].depth);
      ehlo_buf_addf(&b, " does not hold: %s", X509_verify_cert_error_string(w->seen[i].error));
    }
    add(j, row ? row->word : "validation-failure", &b);
  }
}

static void say_names(struct judging *j, struct ehlo_buf *b) {
  enum { SHOWN = 4 };
  const struct ehlo_certificate *c = j->facts->n_chain ? &j->facts->chain[0] : NULL;
  if (!c || (!c->n_names && !c->subject[0])) {
    ehlo_buf_add_str(b, "the certificate names no host");
    return;
  }
  ehlo_buf_add_str(b, "the certificate is for ");
  if (!c->n_names) ehlo_buf_add_str(b, c->subject);
  for (int i = 0; i < c->n_names && i < SHOWN; i++)
    ehlo_buf_addf(b, "%s%s", i == 0 ? "" : i + 1 == c->n_names ? " and " : ", ", c->names[i]);
  if (c->n_names > SHOWN) ehlo_buf_addf(b, " and %d more", c->n_names - SHOWN);
}

/* RFC 7672 3.1.1: where a DANE-EE record vouches for the very key, names do not count; where none matches, that is told
 * already. */
static bool dane_settles_name(struct judging *j, const struct ehlo_tls_watch *w) {
  uint8_t usage = 0;
  for (int i = 0; i < w->n; i++)
    if (w->seen[i].error == X509_V_ERR_DANE_NO_MATCH) return true;
  if (SSL_get0_dane_tlsa(j->ssl, &usage, NULL, NULL, NULL, NULL) < 0) return false;
  return usage == 3;
}

/* Name checks are ours, not the store's: they are made whatever the chain is worth. */
static void judge_name(struct judging *j, const struct ehlo_tls_watch *w) {
  const char *asked = j->peer->name ? j->peer->name : j->peer->address;
  if (!asked || !j->leaf) return;
  if (w && w->dane && dane_settles_name(j, w)) return;
  if (w && w->dane && j->peer->domain &&
      X509_check_host(j->leaf, j->peer->domain, 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1)
    return;
  int same = j->peer->name ? X509_check_host(j->leaf, asked, 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL)
                           : X509_check_ip_asc(j->leaf, asked, 0);
  if (same == 1) return;
  struct ehlo_buf b;
  ehlo_buf_init(&b, 4096);
  say_names(j, &b);
  ehlo_buf_addf(&b, ", you asked for %s", asked);
  add(j, "certificate-host-mismatch", &b);
}

/* Level dane without records that could be used. */
static void judge_dane_wanted(struct judging *j, const struct ehlo_tls_watch *w) {
  const struct ehlo_tls_peer *p = j->peer;
  if (p->level != EHLO_TLS_DANE || (w && w->dane)) return;
  struct ehlo_buf b;
  ehlo_buf_init(&b, 4096);
  const char *word = "tlsa-invalid";
  if (p->n_tlsa <= 0) {
    word = "dane-required";
    ehlo_buf_add_str(&b, "DANE was asked for, and the server has no TLSA records");
  } else if (!p->dane_trusted) {
    word = "dnssec-invalid";
    ehlo_buf_add_str(&b, "the TLSA records cannot be relied on: their answer was not validated by DNSSEC");
  } else {
    ehlo_buf_addf(
        &b,
        "none of the %d TLSA records can be used: SMTP knows usages 2 and 3 only (RFC 7672), with a selector, a "
        "matching type and data that fit",
        p->n_tlsa);
  }
  add(j, word, &b);
}

int ehlo_tls_judge(struct ehlo_tls_facts *facts, SSL *ssl, const struct ehlo_tls_peer *peer, double now) {
  const struct ehlo_tls_watch *w = ehlo_tls_watched(ssl);
  struct judging j = {.facts = facts, .peer = peer, .ssl = ssl, .leaf = SSL_get0_peer_certificate(ssl), .now = now};
  if (w) judge_chain(&j, w);
  if (!j.error) judge_name(&j, w);
  if (!j.error) judge_dane_wanted(&j, w);
  facts->trusted = !j.error && facts->n_verdicts == 0 && j.leaf != NULL;
  return j.error;
}
