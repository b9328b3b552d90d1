/* Owns: one SMTP session as a client: resolving, connecting, commands and their replies, STARTTLS, and the record of it all.
 * Callers: the probe, the smtp binding. One operation at a time; each is an op that may be done before the call returns. */
#ifndef EHLO_SMTP_SESSION_H
#define EHLO_SMTP_SESSION_H

#include "ehlo/core/record.h"
#include "ehlo/core/redact.h"
#include "ehlo/net/conn.h"
#include "ehlo/net/op.h"
#include "ehlo/net/proxy.h"
#include "ehlo/smtp/env.h"

struct ehlo_session_options {
  const char *helo;    /* NULL: this machine's name, or its address in brackets */
  const char *source;  /* address to connect from, NULL for any */
  const char *address; /* of the target, which is a name: connect to this one alone, without a look-up; NULL */
  int family;          /* 0, 4 or 6 */
  uint16_t port;       /* where the target names none; 0: 25, or 465 with implicit TLS */
  enum ehlo_tls_level tls_level;
  bool implicit_tls;
  double timeout;       /* seconds for the whole session, 0 for none */
  double step;          /* seconds for each phase, 0: the defaults */
  struct ehlo_tls *tls; /* NULL: the environment's */
  const char *const
      *pipe;       /* words of a program to talk to in place of a host, NULL at their end; the target is a mere label */
  const char *sni; /* the name asked for in the handshake, which the certificate should carry; NULL: the target's */
  const char *domain;       /* as ehlo_tls_peer means it */
  int proxy;                /* version of the PROXY header to send first: 1 or 2, 0 for none */
  const char *proxy_source; /* ADDRESS[:PORT] that it names, NULL for the connection's own */
  const char *proxy_destination;
  struct ehlo_pace_limits pace;
  const void *owner, *owner_parent; /* whose session it is, as ehlo_pace_ticket means it */
};

enum ehlo_session_state {
  EHLO_SESSION_NEW,
  EHLO_SESSION_RESOLVING,
  EHLO_SESSION_QUEUEING, /* others stand at that address, or it was asked too often */
  EHLO_SESSION_CONNECTING,
  EHLO_SESSION_SECURING, /* TLS handshake */
  EHLO_SESSION_AWAITING, /* a reply */
  EHLO_SESSION_OPEN,     /* nothing under way */
  EHLO_SESSION_CLOSED
};

struct ehlo_session {
  struct ehlo_op op;          /* of the operation under way */
  struct ehlo_record *record; /* owned; ehlo_session_take_record hands it over */
  enum ehlo_session_state state;
  int exchange; /* of the last operation; -1 where it made none */
  /* private below */
  struct ehlo_smtp_env *env;
  struct ehlo_conn conn;
  struct ehlo_session_options options;
  char *strings[4]; /* own copies of helo, source, sni and domain */
  struct ehlo_pipe *pipe;
  struct ehlo_question *question, *ptr_question;
  struct ehlo_endpoint *addresses;
  int n_addresses, next_address;
  struct ehlo_tlsa *tlsa; /* level dane: secure and usable ones, with their data in the same piece of memory */
  int n_tlsa;
  struct ehlo_timer attempt; /* bounds one address while others are left */
  struct ehlo_pace_ticket ticket;
  struct ehlo_proxy_options proxy;
  struct ehlo_endpoint source, given; /* `given`: the target's address; family 0 for none */
  struct ehlo_reply_scan scan;
  enum ehlo_phase phase;    /* of the operation under way */
  int next_reply, expected; /* the exchanges that still wait for their replies: [next_reply, expected) */
  int first;                /* the first exchange of the operation */
  struct ehlo_slice body;   /* of DATA: what is left to send; the caller's bytes */
  bool unasked;             /* the reply that is coming in began before its command was sent */
  bool body_due, feeding, line_start, after_cr;
  bool lmtp;                      /* LHLO was accepted: one answer a recipient after the message */
  int accepted;                   /* recipients of the transaction */
  struct ehlo_auth *auth;         /* under way */
  struct ehlo_redactor *redactor; /* since the first credentials were sent */
  bool peer_left;                 /* the server hung up while nothing was due */
  double began;                   /* loop clock: the session */
  double phase_began;
  double give_up; /* loop clock: the whole session, 0 for never */
};

/* What was given and cannot be used. All static, but for `text`, which is the caller's. */
struct ehlo_unusable {
  const char *what; /* "the target", "the source address", "the recipient" ... */
  const char *text;
  const char *why; /* a sentence */
};

/* EHLO_E_MEMORY, or EHLO_E_SYNTAX with what cannot be used in *wrong. */
int ehlo_session_init(struct ehlo_session *s, struct ehlo_smtp_env *env, const char *target,
                      const struct ehlo_session_options *options, struct ehlo_unusable *wrong);
void ehlo_session_fini(struct ehlo_session *s);
struct ehlo_record *ehlo_session_take_record(struct ehlo_session *s);

/* Each begins an operation and returns 0, or EHLO_E_BUSY, EHLO_E_CLOSED, EHLO_E_SYNTAX (CR, LF or NUL in a line), EHLO_E_MEMORY
 * without beginning. When op is DONE with error 0, `exchange` is the reply's; otherwise record->failure tells. */
int ehlo_session_connect(struct ehlo_session *s); /* ends after the greeting */
int ehlo_session_command(struct ehlo_session *s, enum ehlo_phase phase, struct ehlo_slice line);
int ehlo_session_ehlo(struct ehlo_session *s, const char *verb); /* "EHLO", "HELO", "LHLO" with our name */
int ehlo_session_starttls(
    struct ehlo_session *s); /* STARTTLS and, after a 220, the handshake; capabilities are forgotten (RFC 3207 4.2) */
/* The same with `behind` in the same write, to see whether the server takes it for something said inside TLS (CVE-2011-0411). */
int ehlo_session_starttls_with(struct ehlo_session *s, struct ehlo_slice behind);
/* Several commands in one write (RFC 2920); replies are matched to them in order. `first` to `exchange` are theirs. EHLO_E_ARGUMENT for none. */
int ehlo_session_pipeline(struct ehlo_session *s, const struct ehlo_slice *lines, int n);
/* DATA and, after a 354, the message: dots stuffed, every line end made CRLF, so that no bare CR or LF can end it early (the flaw
 * behind SMTP smuggling). `message` must stay where it is until the op is done. With LHLO as many replies as recipients were accepted. */
int ehlo_session_data(struct ehlo_session *s, struct ehlo_slice message);
/* BDAT (RFC 3030) with one chunk, sent as it is. EHLO_E_LIMIT beyond EHLO_SESSION_CHUNK bytes. */
enum { EHLO_SESSION_CHUNK = 900 * 1024 };
int ehlo_session_bdat(struct ehlo_session *s, struct ehlo_slice chunk, bool last);
/* Bytes as they are, to break rules with; then `replies` replies (0: none is awaited). */
int ehlo_session_raw(struct ehlo_session *s, struct ehlo_slice bytes, int replies);
/* QUIT waits briefly; trouble there is a finding, never a failure. The connection is closed when it is done. */
int ehlo_session_quit(struct ehlo_session *s);
void ehlo_session_close(struct ehlo_session *s);

/* Gives replies that nobody waited for meanwhile their full time once more. */
void ehlo_session_extend(struct ehlo_session *s);

/* The name that EHLO presents: known once connected. */
const char *ehlo_session_helo(struct ehlo_session *s);

#endif
