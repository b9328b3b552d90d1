/* Owns: TLS of OpenSSL behind plain types: one shared context for all handshakes with the same settings, and the facts
 * of each. Callers: connections, sessions, the rehearsal server. */
#ifndef EHLO_NET_TLS_H
#define EHLO_NET_TLS_H

#include <stddef.h>
#include <stdint.h>

#include "ehlo/core/tls_facts.h"

struct ssl_st;
struct ehlo_tls;

/* A certificate made on the spot, which signs itself. */
struct ehlo_tls_made {
  const char *const *names; /* host names and addresses, at least one */
  int n_names;
  int days; /* that it is good for; 0: 30 */
  bool expired;
};

struct ehlo_tls_settings {
  const char *ca_file; /* NULL: the system's */
  const struct ehlo_tls
      *trust_of;           /* shares the system's certificates with it, once they are read; NULL: reads them itself */
  const char *min_version; /* "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3" or NULL */
  const char *max_version;
  const char *certificate;          /* PEM chain of our own, or NULL */
  const char *key;                  /* PEM; NULL: in the same file */
  const struct ehlo_tls_made *made; /* in place of files; NULL for none */
  bool server;                      /* for listeners */
  const char *alpn;                 /* protocols to offer or, for listeners, to choose from: "a,b"; NULL for none */
  bool resume;                      /* take up the last session with the same peer; for listeners: let clients do so */
  /* Accept what security levels would refuse (TLS 1.0, small keys), so that it can be reported: SECLEVEL=0. */
  bool diagnose_old;
  const char *groups;   /* for the key exchange, "X25519:P-256"; NULL: OpenSSL's */
  const char *security; /* OpenSSL's security level, "0" to "5", in place of what diagnose_old says; NULL: that */
};
/* NULL with a sentence in `why` (file that cannot be read, unknown version ...). Reference counted. */
struct ehlo_tls *ehlo_tls_new(const struct ehlo_tls_settings *settings, char *why, size_t why_size);
struct ehlo_tls *ehlo_tls_ref(struct ehlo_tls *tls);
void ehlo_tls_free(struct ehlo_tls *tls);

/* One TLSA record for DANE: RFC 6698. */
struct ehlo_tlsa {
  uint8_t usage, selector, matching;
  const unsigned char *data;
  size_t len;
};

/* What the handshake is asked to prove. Chain and name are always judged and reported; where `level` is dane and
 * the records can be used, they decide in place of the chain. Whether a bad verdict matters is the session's
 * affair. */
struct ehlo_tls_peer {
  const char *name;    /* SNI, and the name that the certificate should carry; NULL for an address literal */
  const char *address; /* set for an address literal: compared with IP names */
  /* The mail domain whose signed MX records led here, or NULL: where DANE pins an issuer, its name will do (RFC 7672 3.2.2). */
  const char *domain;
  enum ehlo_tls_level level;
  const struct ehlo_tlsa *tlsa;
  int n_tlsa;
  bool dane_trusted; /* the TLSA answer was secure */
};

/* Facts of a finished handshake, NULL for no memory. `now` is wall time, for the dates. */
struct ehlo_tls_facts *ehlo_tls_facts_of(struct ssl_st *ssl, const struct ehlo_tls_peer *peer, double now);
/* What failed a handshake, in words, from OpenSSL's error queue and the alert received. `reason` gets an RFC 8460
 * word or NULL. */
void ehlo_tls_trouble(struct ssl_st *ssl, int ssl_error, char *text, size_t size, const char **reason);

#endif
