/* Owns: a connection's handshake and what is asked of TLS afterwards. Callers: conn.c; sessions through
 * ehlo_conn_secure and ehlo_conn_binding. */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdio.h>

#include "conn_private.h"
#include "ehlo/base/clock.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

void ehlo_conn_shake_free(struct conn_shake *s) {
  if (!s) return;
  ehlo_memory_free(s->tlsa);
  ehlo_memory_free(s->bytes);
  ehlo_memory_free(s);
}

static char *append(char **at, const void *bytes, size_t len) {
  char *here = *at;
  if (len) memcpy(here, bytes, len);
  *at += len;
  return here;
}

/* All strings and records of the peer in one block. */
static bool copy_peer(struct conn_shake *s, const struct ehlo_tls_peer *peer) {
  size_t name = peer->name ? strlen(peer->name) + 1 : 0, address = peer->address ? strlen(peer->address) + 1 : 0;
  size_t total = name + address + 1;
  for (int i = 0; i < peer->n_tlsa; i++)
    total += peer->tlsa[i].len;
  s->peer = *peer;
  s->has_peer = true;
  s->peer.tlsa = NULL;
  s->bytes = ehlo_memory_alloc(total);
  if (!s->bytes) return false;
  char *at = s->bytes;
  if (peer->name) s->peer.name = append(&at, peer->name, name);
  if (peer->address) s->peer.address = append(&at, peer->address, address);
  if (peer->n_tlsa <= 0) return true;
  s->tlsa = ehlo_memory_zalloc((size_t)peer->n_tlsa, sizeof *s->tlsa);
  if (!s->tlsa) return false;
  for (int i = 0; i < peer->n_tlsa; i++) {
    s->tlsa[i] = peer->tlsa[i];
    s->tlsa[i].data = (const unsigned char *)append(&at, peer->tlsa[i].data, peer->tlsa[i].len);
  }
  s->peer.tlsa = s->tlsa;
  return true;
}

int ehlo_conn_secure(struct ehlo_conn *c, struct ehlo_tls *tls, const struct ehlo_tls_peer *peer) {
  struct ehlo_conn_inner *in = c->inner;
  if (!in || in->stage == CONN_CONNECTING || in->broken) return EHLO_E_CLOSED;
  if (in->stage == CONN_SHAKING || in->ssl) return EHLO_E_BUSY;
  if (c->input.len) return EHLO_E_ARGUMENT;
  struct conn_shake *s = ehlo_memory_zalloc(1, sizeof *s);
  if (!s) return EHLO_E_MEMORY;
  if (!peer || copy_peer(s, peer)) in->ssl = ehlo_tls_begin(tls, in->fd, s->has_peer ? &s->peer : NULL, &s->watch);
  if (!in->ssl) {
    ERR_clear_error();
    ehlo_conn_shake_free(s);
    return EHLO_E_MEMORY;
  }
  in->tls = ehlo_tls_ref(tls);
  in->shake = s;
  ehlo_tls_recall(tls, in->ssl, s->has_peer ? &s->peer : NULL, &s->before);
  in->stage = CONN_SHAKING;
  ehlo_tls_facts_free(c->facts);
  c->facts = NULL;
  ehlo_later_add(c->loop, &in->later);
  return 0;
}

static const char *errno_reason(int number) {
  if (number == ECONNRESET || number == EPIPE) return "reset";
  return number == ETIMEDOUT ? "timeout" : NULL;
}

void ehlo_conn_fail_tls(struct ehlo_conn_inner *in, int ssl_error) {
  char text[200];
  const char *reason = NULL;
  int number = errno;
  ehlo_tls_trouble(in->ssl, ssl_error, text, sizeof text, &reason);
  if (!reason && ssl_error == SSL_ERROR_SYSCALL) reason = errno_reason(number);
  ERR_clear_error();
  ehlo_conn_fail(in, EHLO_E_TLS, reason, text);
}

static bool secured(struct ehlo_conn_inner *in) {
  struct ehlo_conn *c = in->conn;
  if (SSL_session_reused(in->ssl)) in->shake->watch = in->shake->before;
  if (in->shake->has_peer) in->memory = ehlo_tls_remember(in->tls, &in->shake->peer, &in->shake->watch);
  c->facts = ehlo_tls_facts_of(in->ssl, in->shake->has_peer ? &in->shake->peer : NULL, ehlo_clock_wall());
  ehlo_conn_shake_free(in->shake);
  in->shake = NULL;
  SSL_set_app_data(in->ssl, NULL);
  if (!c->facts) {
    ehlo_conn_fail(in, EHLO_E_MEMORY, NULL, "there was no memory for the facts of the TLS session");
    return false;
  }
  c->secured = true;
  in->stage = CONN_OPEN;
  in->readable = true; /* its first bytes may have come with the end of the handshake: no edge will tell */
  return ehlo_conn_report(in, EHLO_CONN_SECURED);
}

bool ehlo_conn_shake(struct ehlo_conn_inner *in) {
  if (in->out.data) { /* a server's "220 ready" that the kernel did not take yet */
    ehlo_conn_flush(in);
    if (in->out.data && !in->broken) return true;
  }
  if (in->broken) {
    ehlo_conn_fail_errno(in, in->broken);
    return false;
  }
  ERR_clear_error();
  errno = 0;
  int rc = SSL_do_handshake(in->ssl);
  if (rc == 1) return secured(in);
  int number = errno, ssl_error = SSL_get_error(in->ssl, rc);
  if (ssl_error == SSL_ERROR_WANT_READ || ssl_error == SSL_ERROR_WANT_WRITE) return true;
  errno = number;
  ehlo_conn_fail_tls(in, ssl_error);
  return false;
}

/* RFC 5929: the certificate's own hash, but SHA-256 in place of MD5 and SHA-1. */
static int end_point(SSL *ssl, unsigned char *out, size_t size) {
  X509 *certificate = SSL_is_server(ssl) ? SSL_get_certificate(ssl) : SSL_get0_peer_certificate(ssl);
  int digest = NID_undef;
  if (!certificate || size < EVP_MAX_MD_SIZE) return EHLO_E_NOT_FOUND;
  if (!OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &digest, NULL) || digest == NID_undef)
    return EHLO_E_NOT_FOUND; /* Ed25519: no hash of its own, and RFC 5929 names none */
  if (digest == NID_md5 || digest == NID_sha1) digest = NID_sha256;
  const EVP_MD *md = EVP_get_digestbynid(digest);
  unsigned len = 0;
  if (!md || !X509_digest(certificate, md, out, &len)) return EHLO_E_NOT_FOUND;
  return (int)len;
}

/* RFC 5929 3: the first Finished of the handshake, which on resumption is the server's. TLS 1.3 has no such binding. */
static int unique(SSL *ssl, unsigned char *out, size_t size) {
  if (SSL_version(ssl) >= TLS1_3_VERSION) return EHLO_E_NOT_FOUND;
  bool own = (SSL_is_server(ssl) != 0) == (SSL_session_reused(ssl) != 0);
  size_t len = own ? SSL_get_finished(ssl, out, size) : SSL_get_peer_finished(ssl, out, size);
  return len && len <= size ? (int)len : EHLO_E_NOT_FOUND;
}

/* RFC 9266. */
static int exporter(SSL *ssl, unsigned char *out, size_t size) {
  static const char label[] = "EXPORTER-Channel-Binding";
  enum { LENGTH = 32 };
  if (size < LENGTH) return EHLO_E_NOT_FOUND;
  if (SSL_version(ssl) < TLS1_3_VERSION && !SSL_get_extms_support(ssl)) return EHLO_E_NOT_FOUND;
  if (!SSL_export_keying_material(ssl, out, LENGTH, label, sizeof label - 1, (const unsigned char *)"", 0, 1))
    return EHLO_E_NOT_FOUND;
  return LENGTH;
}

int ehlo_conn_binding(const struct ehlo_conn *c, const char *kind, unsigned char *out, size_t size) {
  static const struct {
    const char *kind;
    int (*get)(SSL *ssl, unsigned char *out, size_t size);
  } rows[] = {{"tls-unique", unique}, {"tls-exporter", exporter}, {"tls-server-end-point", end_point}};
  if (!c->secured || !c->inner) return EHLO_E_NOT_FOUND;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (strcmp(kind, rows[i].kind) != 0) continue;
    int got = rows[i].get(c->inner->ssl, out, size);
    ERR_clear_error();
    return got;
  }
  return EHLO_E_NOT_FOUND;
}
