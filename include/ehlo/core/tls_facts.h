/* Owns: what is known of a TLS session, as plain data without OpenSSL's types. Filled by net, read by outcome and reports. */
#ifndef EHLO_CORE_TLS_FACTS_H
#define EHLO_CORE_TLS_FACTS_H

#include <stdbool.h>
#include <stdint.h>

enum ehlo_tls_level { EHLO_TLS_NONE, EHLO_TLS_MAY, EHLO_TLS_ENCRYPT, EHLO_TLS_VERIFY, EHLO_TLS_DANE };

/* Postfix's words; -1 for an unknown one. */
int ehlo_tls_level_from(const char *word);
const char *ehlo_tls_level_name(enum ehlo_tls_level level);

struct ehlo_certificate {
  char *subject; /* CN or the whole name */
  char *issuer;
  char **names; /* subjectAltName: DNS names and addresses, as presented */
  int n_names;
  char *key;                    /* "ECDSA P-256", "RSA 2048" */
  char *signature;              /* "ecdsa-with-SHA256" */
  char *sha256;                 /* fingerprint in hex */
  double not_before, not_after; /* seconds since 1970 */
};

/* One reason why the peer is not to be trusted: RFC 8460's word (certificate-expired, certificate-host-mismatch,
 * certificate-not-trusted, validation-failure, tlsa-invalid, dane-required, dnssec-invalid) and a sentence that names the facts. */
struct ehlo_tls_verdict {
  const char *word; /* static */
  char *text;
};

/* A TLSA record that the handshake was to be judged by, and which certificate of the chain it is about. */
struct ehlo_tls_pin {
  uint8_t usage, selector, matching;
  char *data; /* hex */
  int depth;  /* 0: the server's own certificate; -1: none of those that were sent */
};

struct ehlo_tls_facts {
  char *version; /* "TLSv1.3" */
  char *cipher;
  char *group; /* "X25519"; NULL where unknown */
  int bits;
  bool resumed;
  char *alpn;
  char *sni;
  bool trusted;                   /* chain and name both good */
  struct ehlo_certificate *chain; /* leaf first, as sent */
  int n_chain;
  struct ehlo_tls_verdict *verdicts;
  int n_verdicts;
  struct ehlo_tls_pin *pins; /* level dane, in the order of DNS */
  int n_pins;
};

void ehlo_tls_facts_free(struct ehlo_tls_facts *facts);

#endif
