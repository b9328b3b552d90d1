/* Owns: taking up an earlier TLS session, and ALPN: facts that show only where a client asks for them. Callers: tls.c, the
 * connection's files. */
#include <openssl/err.h>
#include <string.h>

#include "ehlo/base/memory.h"
#include "tls_private.h"

/* --- ALPN (RFC 7301) --- */

enum { ALPN_MAX = 1024 };

/* "a,b" as the wire has it. Its length; 0 for names that cannot be. */
static unsigned encode(const char *names, unsigned char out[ALPN_MAX]) {
  unsigned used = 0;
  for (const char *at = names;; at++) {
    const size_t len = strcspn(at, ",");
    if (len == 0 || len > 255 || used + len + 1 > ALPN_MAX) return 0;
    out[used++] = (unsigned char)len;
    memcpy(out + used, at, len);
    used += (unsigned)len;
    at += len;
    if (!*at) return used;
  }
}

/* The first of ours that the client offers; none is no failure. */
static int select_one(SSL *ssl, const unsigned char **out, unsigned char *out_len, const unsigned char *offered,
                      unsigned offered_len, void *arg) {
  const struct ehlo_tls *tls = arg;
  unsigned char *chosen = NULL;
  (void)ssl;
  if (SSL_select_next_proto(&chosen, out_len, tls->alpn, tls->alpn_len, offered, offered_len) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

bool ehlo_tls_set_alpn(struct ehlo_tls *tls, const char *names) {
  unsigned char wire[ALPN_MAX];
  const unsigned len = encode(names, wire);
  if (!len) return false;
  tls->alpn = (unsigned char *)ehlo_memory_dup((const char *)wire, len);
  tls->alpn_len = len;
  if (!tls->alpn) return false;
  if (!tls->server) return SSL_CTX_set_alpn_protos(tls->ctx, tls->alpn, len) == 0;
  SSL_CTX_set_alpn_select_cb(tls->ctx, select_one, tls);
  return true;
}

/* --- resumption --- */

static const char *id_of(const struct ehlo_tls_peer *peer) {
  return peer->name ? peer->name : peer->address ? peer->address : "";
}

struct ehlo_tls_memory *ehlo_tls_remember(const struct ehlo_tls *tls, const struct ehlo_tls_peer *peer,
                                          const struct ehlo_tls_watch *watch) {
  if (!tls->resume || tls->server || peer->level == EHLO_TLS_DANE) return NULL;
  struct ehlo_tls_memory *m = ehlo_memory_zalloc(1, sizeof *m);
  if (!m) return NULL;
  m->watch = *watch;
  m->peer = ehlo_memory_dup(id_of(peer), strlen(id_of(peer)));
  return m;
}

void ehlo_tls_forget(struct ehlo_tls_memory *m) {
  if (!m) return;
  SSL_SESSION_free(m->session);
  ehlo_memory_free(m->peer);
  ehlo_memory_free(m);
}

void ehlo_tls_keep(struct ehlo_tls *tls, SSL *ssl, struct ehlo_tls_memory *m) {
  if (!m) return;
  m->session = SSL_get1_session(ssl); /* with TLS 1.3 its tickets came after the handshake */
  if (!m->peer || !m->session || !SSL_SESSION_is_resumable(m->session)) {
    ehlo_tls_forget(m);
    return;
  }
  ehlo_tls_forget(tls->kept);
  tls->kept = m;
}

void ehlo_tls_recall(const struct ehlo_tls *tls, SSL *ssl, const struct ehlo_tls_peer *peer,
                     struct ehlo_tls_watch *before) {
  const struct ehlo_tls_memory *m = tls->kept;
  *before = (struct ehlo_tls_watch){0};
  if (!m || !peer || peer->level == EHLO_TLS_DANE || strcmp(m->peer, id_of(peer)) != 0) return;
  if (SSL_set_session(ssl, m->session)) *before = m->watch;
  ERR_clear_error();
}
