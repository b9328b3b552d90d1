/* Owns: STARTTLS as a barrier (RFC 3207), implicit TLS, and what the handshake proved. Callers: the session. */
#include <stdio.h>

#include "session_inner.h"

enum { BEHIND_MAX = 512 };

static struct ehlo_tls *tls_of(struct ehlo_session *s, char *why, size_t size) {
  return s->options.tls ? s->options.tls : ehlo_smtp_env_tls(s->env, why, size);
}

/* A unix socket and a program have neither a name nor an address that a certificate could be for. */
static bool is_nameless(const struct ehlo_session *s) {
  return !s->options.sni && s->record->port == 0;
}

void session_secure(struct ehlo_session *s) {
  char why[200] = "";
  struct ehlo_tls *tls = tls_of(s, why, sizeof why);
  if (!tls) {
    session_fail(s, EHLO_E_TLS, NULL, "TLS could not be set up here: %s", why);
    return;
  }
  /* DANE is about the host; a name asked for by hand is not its business */
  const char *name = s->options.sni && s->n_tlsa == 0 ? s->options.sni : s->record->host;
  const struct ehlo_tls_peer peer = {.name = name,
                                     .address = name || is_nameless(s) ? NULL : s->record->address,
                                     .domain = s->options.domain,
                                     .level = s->options.tls_level,
                                     .tlsa = s->tlsa,
                                     .n_tlsa = s->n_tlsa,
                                     .dane_trusted = s->n_tlsa > 0};
  session_enter(s, EHLO_SESSION_SECURING);
  const int error = ehlo_conn_secure(&s->conn, tls, &peer);
  if (error) session_fail(s, error, NULL, "the TLS handshake could not begin: %s", ehlo_error_text(error));
}

/* Bytes that came with the 220 were sent in the clear, perhaps by somebody between: they are evidence, never answers
 * (the flaw of CVE-2021-22947 and its kin). */
bool session_tls_answered(struct ehlo_session *s) {
  const struct ehlo_slice early = ehlo_buf_slice(&s->conn.input);
  if (early.len > 0) {
    s->record->exchanges[s->next_reply].anomalies |= EHLO_ANOMALY_INJECTED;
    (void)session_keep(s, s->phase, early);
    session_fail(s, EHLO_E_PROTOCOL, "injected",
                 "%zu bytes followed the reply to STARTTLS in the clear: injected, or a broken server", early.len);
    return true;
  }
  const double now = ehlo_loop_now(s->env->loop);
  s->record->timing[EHLO_PHASE_STARTTLS] = now - s->phase_began;
  s->phase = EHLO_PHASE_TLS;
  s->phase_began = now;
  session_extend(s);
  session_secure(s);
  return true;
}

void session_secured(struct ehlo_session *s) {
  struct ehlo_record *r = s->record;
  ehlo_tls_facts_free(r->tls);
  r->tls = s->conn.facts;
  s->conn.facts = NULL;
  if (r->tls) session_note(s, "%s %s", r->tls->version ? r->tls->version : "TLS", r->tls->cipher ? r->tls->cipher : "");
  for (int i = 0; r->tls && i < r->tls->n_verdicts; i++) {
    const struct ehlo_tls_verdict *v = &r->tls->verdicts[i];
    if (s->options.tls_level >= EHLO_TLS_VERIFY) {
      session_fail(s, EHLO_E_TRUST, v->word, "%s", v->text ? v->text : v->word);
      return;
    }
    (void)ehlo_record_find(r, v->word, "%s", v->text ? v->text : v->word);
  }
  static const char unnamed[] =
      "no name was compared with the certificate's: a unix socket or a program has none (--sni gives one)";
  if (is_nameless(s) && s->options.tls_level >= EHLO_TLS_VERIFY) {
    session_fail(s, EHLO_E_TRUST, "validation-failure", "%s", unnamed);
    return;
  }
  if (is_nameless(s)) (void)ehlo_record_find(r, "name-not-compared", "%s", unnamed);
  if (s->options.implicit_tls)
    session_greet_after_tls(s);
  else
    session_done(s);
}

int ehlo_session_starttls(struct ehlo_session *s) {
  if (s->conn.secured) return EHLO_E_BUSY;
  return session_send(s, EHLO_PHASE_STARTTLS, ehlo_slice_str("STARTTLS"), false);
}

int ehlo_session_starttls_with(struct ehlo_session *s, struct ehlo_slice behind) {
  if (s->conn.secured) return EHLO_E_BUSY;
  if (behind.len > BEHIND_MAX) return EHLO_E_LIMIT;
  int error = session_open(s, EHLO_PHASE_STARTTLS);
  if (error) return error;
  char bytes[BEHIND_MAX + 16];
  const int n = snprintf(bytes, sizeof bytes, "STARTTLS\r\n%.*s", (int)behind.len, behind.ptr);
  const struct ehlo_slice line = ehlo_slice_of(bytes, (size_t)n);
  if (session_expect(s, EHLO_PHASE_STARTTLS, line) < 0) error = EHLO_E_MEMORY;
  if (!error) error = ehlo_conn_write(&s->conn, line, false);
  return session_sent(s, error);
}
