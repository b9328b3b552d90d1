/* Owns: one SMTP session as a client: resolving, connecting, commands and their replies, STARTTLS, and the record of it all.
 * Callers: the probe, the smtp binding. One operation at a time; each is an op that may be done before the call returns. */
#ifndef EHLO_SMTP_SESSION_H
#define EHLO_SMTP_SESSION_H

#include "ehlo/core/record.h"
#include "ehlo/net/conn.h"
#include "ehlo/net/op.h"
#include "ehlo/smtp/env.h"

struct ehlo_session_options {
  const char *helo;   /* NULL: this machine's name, or its address in brackets */
  const char *source; /* address to connect from, NULL for any */
  int family;         /* 0, 4 or 6 */
  uint16_t port;      /* where the target names none; 0: 25, or 465 with implicit TLS */
  enum ehlo_tls_level tls_level;
  bool implicit_tls;
  double timeout;     /* seconds for the whole session, 0 for none */
  double step;        /* seconds for each phase, 0: the defaults */
  size_t transcript_max; /* bytes, 0: 256 KiB */
  struct ehlo_tls *tls;  /* NULL: the environment's */
};

enum ehlo_session_state {
  EHLO_SESSION_NEW,
  EHLO_SESSION_RESOLVING,
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
  int exchange;               /* of the last operation; -1 where it made none */
  /* private below */
  struct ehlo_smtp_env *env;
  struct ehlo_conn conn;
  struct ehlo_session_options options;
  char *strings[2];           /* own copies of helo and source */
  struct ehlo_question *question, *ptr_question;
  struct ehlo_endpoint *addresses;
  int n_addresses, next_address;
  struct ehlo_timer attempt;  /* bounds one address while others are left */
  struct ehlo_endpoint source;
  struct ehlo_reply_scan scan;
  enum ehlo_phase phase;      /* of the operation under way */
  int next_reply;             /* the first exchange that still waits for its reply */
  bool peer_left;             /* the server hung up while nothing was due */
  double began;               /* loop clock: the session */
  double phase_began;
  double give_up;             /* loop clock: the whole session, 0 for never */
};

/* EHLO_E_MEMORY, or EHLO_E_SYNTAX with a sentence in *why (static) for a target, name or source that cannot be used. */
int ehlo_session_init(struct ehlo_session *s, struct ehlo_smtp_env *env, const char *target,
                      const struct ehlo_session_options *options, const char **why);
void ehlo_session_fini(struct ehlo_session *s);
struct ehlo_record *ehlo_session_take_record(struct ehlo_session *s);

/* Each begins an operation and returns 0, or EHLO_E_BUSY, EHLO_E_CLOSED, EHLO_E_SYNTAX (CR, LF or NUL in a line), EHLO_E_MEMORY
 * without beginning. When op is DONE with error 0, `exchange` is the reply's; otherwise record->failure tells. */
int ehlo_session_connect(struct ehlo_session *s); /* ends after the greeting */
int ehlo_session_command(struct ehlo_session *s, enum ehlo_phase phase, struct ehlo_slice line);
int ehlo_session_ehlo(struct ehlo_session *s, const char *verb); /* "EHLO", "HELO", "LHLO" with our name */
int ehlo_session_starttls(struct ehlo_session *s); /* STARTTLS and, after a 220, the handshake; capabilities are forgotten (RFC 3207 4.2) */
/* QUIT waits briefly; trouble there is a finding, never a failure. The connection is closed when it is done. */
int ehlo_session_quit(struct ehlo_session *s);
void ehlo_session_close(struct ehlo_session *s);

/* The name that EHLO presents: known once connected. */
const char *ehlo_session_helo(struct ehlo_session *s);

#endif
