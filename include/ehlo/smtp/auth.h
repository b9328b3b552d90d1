/* Owns: AUTH (RFC 4954) as one operation of a session: the choice of a mechanism, the exchange, and that no secret stays behind.
 * Callers: the probe, the smtp binding. */
#ifndef EHLO_SMTP_AUTH_H
#define EHLO_SMTP_AUTH_H

#include "ehlo/smtp/session.h"

struct ehlo_auth_options {
  const char *mechanism;    /* NULL: the strongest that the server offers and ehlo knows */
  const char *user;         /* EXTERNAL and OAUTHBEARER go without */
  const char *authzid;      /* on whose behalf; NULL for the user's own */
  struct ehlo_slice secret; /* password, or token of OAUTHBEARER and XOAUTH2; copied, and wiped at the end */
  bool insecure;            /* lets a mechanism that was named send the secret readable without TLS */
};

/* Begins, as the operations of session.h do; done with the last reply (235, 535, or the one to "*"), whatever it says. Without beginning:
 * EHLO_E_ARGUMENT for options that the mechanism cannot use, EHLO_E_NOT_FOUND where nothing both sides know is left, EHLO_E_PERMISSION
 * where the secret would go over the wire readable, EHLO_E_SYSTEM without libgsasl; `why` then holds a sentence. */
int ehlo_session_auth(struct ehlo_session *s, const struct ehlo_auth_options *options, char *why, size_t why_size);
/* The names that can be asked for, strongest first; NULL after the last. */
const char *ehlo_auth_mechanism(int index);

#endif
