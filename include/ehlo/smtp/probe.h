/* Owns: the whole dialogue of a probe, from resolving to QUIT, as one op that ends with a record. Callers: the smtp binding. */
#ifndef EHLO_SMTP_PROBE_H
#define EHLO_SMTP_PROBE_H

#include "ehlo/smtp/auth.h"

struct ehlo_probe_options {
  struct ehlo_session_options session;
  const char *from;            /* NULL or "": the null sender. With `to` only */
  const char *to;              /* NULL: no MAIL, no RCPT */
  const char *mail_parameters; /* behind the path, as they stand: "SIZE=1000 BODY=8BITMIME". NULL for none */
  const char *rcpt_parameters;
  const char *xclient;                  /* the attributes of an XCLIENT command, as they stand; NULL for none */
  bool lmtp;                            /* LHLO in place of EHLO (RFC 2033) */
  bool no_quit;                         /* hang up in place of QUIT */
  const struct ehlo_auth_options *auth; /* NULL: no AUTH. Copied */
};

struct ehlo_probe {
  struct ehlo_op op;
  struct ehlo_session session;
  const struct ehlo_probe_step *step;
  struct ehlo_witness_wait witness;
  struct ehlo_timer suspicion;
  char *from, *to, *mail_parameters, *rcpt_parameters, *xclient;
  struct ehlo_auth_options auth; /* own copies, wiped at the end */
  bool no_quit, with_auth, lmtp;
  bool needs_utf8; /* a mailbox that only SMTPUTF8 (RFC 6531) carries */
  bool ends_early; /* a reply stopped the dialogue: only QUIT is left */
};

/* As ehlo_session_init; mailboxes and parameters are checked as well. */
int ehlo_probe_init(struct ehlo_probe *p, struct ehlo_smtp_env *env, const char *target,
                    const struct ehlo_probe_options *options, struct ehlo_unusable *wrong);
void ehlo_probe_fini(struct ehlo_probe *p);
/* The op always ends with error 0 but for EHLO_E_CANCELLED and EHLO_E_MEMORY: what the world did is in the record. */
int ehlo_probe_start(struct ehlo_probe *p);

#endif
