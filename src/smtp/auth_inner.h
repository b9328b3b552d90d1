/* Owns: what the files of AUTH share. Callers: src/smtp/auth*.c only. */
#ifndef EHLO_SMTP_AUTH_INNER_H
#define EHLO_SMTP_AUTH_INNER_H

#include "ehlo/smtp/auth.h"

/* What a mechanism is and needs. */
struct auth_row {
  const char *name;
  int (*begin)(struct ehlo_auth *a, char *why, size_t why_size);
  bool automatic; /* may be chosen where none was named */
  bool readable;  /* sends the secret so that anybody on the way can read it */
  bool binds;     /* -PLUS: bound to the TLS channel */
  bool speaks;    /* begins with a response of its own */
  bool proves;    /* the server proves that it knows the secret too */
  bool no_user, no_secret;
};

/* One AUTH under way. The strings are own copies, wiped at the end. */
struct ehlo_auth {
  const struct auth_row *row;
  struct ehlo_session *session;
  char *user, *authzid, *secret;
  size_t secret_len;
  struct ehlo_buf challenge; /* of the last 334, decoded */
  bool malformed;            /* it was no base64 */
  bool proved, cancelled;
  struct ehlo_buf early; /* the initial response where it was too long for the AUTH line */
  bool early_due;
  int rounds;
  /* The answer to `in`: 0 when more may follow, 1 when this is the last of ours, or EHLO_E_*. */
  int (*step)(struct ehlo_auth *a, struct ehlo_slice in, struct ehlo_buf *out, char *why, size_t why_size);
  void (*end)(struct ehlo_auth *a);
  struct auth_library *library; /* of GNU SASL */
  void *context, *exchange;
  int turn; /* of OAuth */
};

enum { AUTH_LINE_MAX = 12288, AUTH_ROUNDS_MAX = 12, AUTH_ITERATIONS_MAX = 1000000 };

int auth_gsasl_begin(struct ehlo_auth *a, char *why, size_t why_size);
int auth_oauthbearer_begin(struct ehlo_auth *a, char *why, size_t why_size);
int auth_xoauth2_begin(struct ehlo_auth *a, char *why, size_t why_size);
/* The first message of each; appended. EHLO_E_ARGUMENT for what cannot be part of it. */
int auth_oauthbearer_message(struct ehlo_slice user, struct ehlo_slice token, const char *host, unsigned port,
                             struct ehlo_buf *out);
int auth_xoauth2_message(struct ehlo_slice user, struct ehlo_slice token, struct ehlo_buf *out);
/* The channel binding of this connection and its kind, or EHLO_E_NOT_FOUND. */
int auth_binding(const struct ehlo_session *s, const char **kind, unsigned char *out, size_t size);
/* Wipes, then frees. */
void auth_wipe(struct ehlo_buf *b);

#endif
