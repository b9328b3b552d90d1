/* Owns: everything that is known of one session, as plain data. Net and smtp fill it, outcome, explain and reports read it;
 * it holds no socket, so a live session and a saved run look the same. */
#ifndef EHLO_CORE_RECORD_H
#define EHLO_CORE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "ehlo/core/reply.h"
#include "ehlo/core/tls_facts.h"
#include "ehlo/core/transcript.h"

/* How far a probe was asked to go. */
enum ehlo_extent { EHLO_EXTENT_CONNECT, EHLO_EXTENT_EHLO, EHLO_EXTENT_MAIL, EHLO_EXTENT_RCPT };

/* One command and its answer. Bytes live in the transcript. */
struct ehlo_exchange {
  double seconds;   /* from the command's last byte out to the reply's last byte in */
  int32_t sent;     /* transcript offset; -1 for the greeting */
  int32_t received; /* transcript offset; -1 where no complete reply came */
  uint32_t anomalies;
  int16_t code;  /* 0 where none came */
  uint8_t phase; /* enum ehlo_phase */
  struct ehlo_enhanced enhanced;
};

/* Why a session ended before its time: at most one. error 0 means it did not. */
struct ehlo_failure {
  int error; /* EHLO_E_* */
  enum ehlo_phase phase;
  const char *
      reason; /* static word: "nxdomain", "no-address", "servfail", "bogus", "refused", "no-route", "reset", "closed", RFC 8460's for TLS ... or NULL */
  char text[256]; /* what happened, a sentence, already fit for a terminal */
};

/* A remark that does not change the outcome. */
struct ehlo_finding {
  const char *
      word; /* static: "helo-fallback", "certificate-expired", "insecure-resolver", "address-failed", "tls-refused" ... */
  char *text; /* a sentence, fit for a terminal */
};

struct ehlo_record {
  /* asked */
  char *target; /* as given */
  char *helo;   /* the name that EHLO presents */
  uint16_t port;
  enum ehlo_tls_level tls_level;
  enum ehlo_extent extent;
  bool implicit_tls;
  /* met */
  char *host;                 /* the name connected to; NULL for an address literal */
  char address[64];           /* of the server; "" before it is known */
  char source[64];            /* our own address */
  char *source_ptr;           /* its name, or NULL */
  int dns_secure;             /* 1 secure, 0 insecure, -1 bogus, -2 not asked (literal, hosts file) */
  double started;             /* wall clock */
  double total;               /* seconds */
  double timing[EHLO_PHASES]; /* seconds, < 0 where the phase was not reached */
  struct ehlo_transcript transcript;
  struct ehlo_exchange *exchanges;
  int n_exchanges, cap_exchanges;
  int greeting, ehlo, ehlo_tls,
      starttls; /* index of the exchange, -1 where there is none; ehlo is the answered one (HELO too) */
  int stopper; /* the exchange of a command outside the phases whose refusal ended the dialogue, such as XCLIENT; or -1 */
  bool helo_fallback;
  struct ehlo_tls_facts *tls;
  struct ehlo_failure failure;
  struct ehlo_finding *findings;
  int n_findings;
};

struct ehlo_record *ehlo_record_new(const char *target);
void ehlo_record_free(struct ehlo_record *r);
/* The reply of an exchange; false where none came. Slices point into the transcript and are good until more is added. */
bool ehlo_record_reply(const struct ehlo_record *r, int exchange, struct ehlo_reply *out);
/* The capabilities in force: of the EHLO after TLS where there was one. False where EHLO did not succeed. */
bool ehlo_record_capabilities(const struct ehlo_record *r, struct ehlo_reply *out);
int ehlo_record_add_exchange(struct ehlo_record *r, const struct ehlo_exchange *x); /* its index or EHLO_E_MEMORY */
int ehlo_record_find(struct ehlo_record *r, const char *word, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Sets the failure unless there is one already: the first cause counts. The text is escaped. */
void ehlo_record_fail(struct ehlo_record *r, int error, enum ehlo_phase phase, const char *reason, const char *format,
                      ...) __attribute__((format(printf, 5, 6)));
/* All anomalies of all replies. */
uint32_t ehlo_record_anomalies(const struct ehlo_record *r);

#endif
