/* Owns: contexts shared by all handshakes of the same settings, and beginning one. Callers: conn_tls.c; sessions
 * make contexts. Verification never ends a handshake: what it finds is noted and judged afterwards, so that an
 * untrusted peer can be described. */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>

#include "ehlo/base/memory.h"
#include "tls_made.h"
#include "tls_private.h"

/* --- the socket as OpenSSL sees it: its own BIO would raise SIGPIPE --- */

static int wire_fd(BIO *b) {
  return (int)(intptr_t)BIO_get_data(b);
}

static int wire_write(BIO *b, const char *bytes, int len) {
  BIO_clear_retry_flags(b);
  ssize_t n;
  do {
    n = send(wire_fd(b), bytes, (size_t)len, MSG_NOSIGNAL);
  } while (n < 0 && errno == EINTR);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) BIO_set_retry_write(b);
  return (int)n;
}

static int wire_read(BIO *b, char *into, int len) {
  BIO_clear_retry_flags(b);
  ssize_t n;
  do {
    n = recv(wire_fd(b), into, (size_t)len, 0);
  } while (n < 0 && errno == EINTR);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) BIO_set_retry_read(b);
  if (n == 0) BIO_set_flags(b, BIO_FLAGS_IN_EOF);
  return (int)n;
}

static long wire_ctrl(BIO *b, int what, long number, void *pointer) {
  (void)number, (void)pointer;
  if (what == BIO_CTRL_FLUSH) return 1;
  if (what == BIO_CTRL_EOF) return BIO_test_flags(b, BIO_FLAGS_IN_EOF) != 0;
  return 0;
}

static int wire_create(BIO *b) {
  BIO_set_init(b, 1);
  return 1;
}

static BIO_METHOD *make_wire(void) {
  BIO_METHOD *m = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "ehlo socket");
  if (!m) return NULL;
  BIO_meth_set_write(m, wire_write);
  BIO_meth_set_read(m, wire_read);
  BIO_meth_set_ctrl(m, wire_ctrl);
  BIO_meth_set_create(m, wire_create);
  return m;
}

/* --- verification that goes on --- */

static void watch_error(struct ehlo_tls_watch *w, int error, int depth) {
  for (int i = 0; i < w->n; i++)
    if (w->seen[i].error == error && w->seen[i].depth == depth) return;
  if (w->n == EHLO_TLS_WATCHED) return;
  w->seen[w->n].error = error;
  w->seen[w->n++].depth = depth;
}

static int note(int ok, X509_STORE_CTX *store) {
  SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
  struct ehlo_tls_watch *w = ssl ? SSL_get_app_data(ssl) : NULL;
  if (!ok && w) watch_error(w, X509_STORE_CTX_get_error(store), X509_STORE_CTX_get_error_depth(store));
  return 1;
}

const struct ehlo_tls_watch *ehlo_tls_watched(const SSL *ssl) {
  return SSL_get_app_data(ssl);
}

/* --- settings --- */

static const struct {
  const char *name;
  int number;
} versions[] = {{"TLSv1", TLS1_VERSION},
                {"TLSv1.0", TLS1_VERSION},
                {"TLSv1.1", TLS1_1_VERSION},
                {"TLSv1.2", TLS1_2_VERSION},
                {"TLSv1.3", TLS1_3_VERSION}};

static int version_number(const char *name) {
  for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
    if (strcmp(name, versions[i].name) == 0) return versions[i].number;
  return -1;
}

static const char *last_reason(void) {
  const char *text = ERR_reason_error_string(ERR_peek_last_error());
  return text ? text : "no reason given";
}

static bool set_versions(SSL_CTX *ctx, const struct ehlo_tls_settings *s, char *why, size_t size) {
  int least = s->min_version ? version_number(s->min_version) : 0;
  int most = s->max_version ? version_number(s->max_version) : 0;
  if (least < 0 || most < 0) {
    snprintf(why, size, "\"%s\" is no TLS version; use TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3",
             least < 0 ? s->min_version : s->max_version);
    return false;
  }
  if (least && most && least > most) {
    snprintf(why, size, "the least version %s is above the greatest, %s", s->min_version, s->max_version);
    return false;
  }
  if (!least && (s->diagnose_old || (most && most < TLS1_2_VERSION))) least = TLS1_VERSION;
  if ((least && !SSL_CTX_set_min_proto_version(ctx, least)) || !SSL_CTX_set_max_proto_version(ctx, most)) {
    snprintf(why, size, "OpenSSL does not take these TLS versions: %s", last_reason());
    return false;
  }
  return true;
}

static bool set_trust(SSL_CTX *ctx, const struct ehlo_tls_settings *s, char *why, size_t size) {
  if (s->ca_file && SSL_CTX_load_verify_file(ctx, s->ca_file) != 1) {
    snprintf(why, size, "the trusted certificates in %s cannot be read: %s", s->ca_file, last_reason());
    return false;
  }
  if (s->ca_file || s->server) return true;
  if (s->trust_of) {
    SSL_CTX_set1_cert_store(ctx, SSL_CTX_get_cert_store(s->trust_of->ctx));
    return true;
  }
  /* A folder by hashes: nothing is read yet. Not SSL_CTX_set_default_verify_paths, whose third place, a store, lists that
   * whole folder twice in every handshake with an issuer it does not know. */
  SSL_CTX_set_default_verify_file(ctx);
  SSL_CTX_set_default_verify_dir(ctx);
  return true;
}

static bool set_own(SSL_CTX *ctx, const struct ehlo_tls_settings *s, char *why, size_t size) {
  if (s->made && !ehlo_tls_use_made(ctx, s->made)) {
    snprintf(why, size, "the certificate could not be made: %s", last_reason());
    return false;
  }
  if (!s->certificate) return true;
  const char *key = s->key ? s->key : s->certificate;
  if (SSL_CTX_use_certificate_chain_file(ctx, s->certificate) != 1) {
    snprintf(why, size, "the certificate in %s cannot be read: %s", s->certificate, last_reason());
    return false;
  }
  if (SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1) {
    snprintf(why, size, "the private key in %s cannot be used with that certificate: %s", key, last_reason());
    return false;
  }
  return true;
}

static void set_habits(SSL_CTX *ctx, const struct ehlo_tls_settings *s) {
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | (s->resume ? 0 : SSL_OP_NO_TICKET));
  SSL_CTX_set_num_tickets(ctx, s->resume ? 1 : 0);
  SSL_CTX_set_read_ahead(ctx, 1); /* a record's head and body in one system call */
  if (s->server) {
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_dh_auto(ctx, 1);
  } else {
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, note);
    SSL_CTX_dane_enable(ctx);
    SSL_CTX_dane_set_flags(ctx, DANE_FLAG_NO_DANE_EE_NAMECHECKS); /* RFC 7672 3.1.1 */
  }
  if (s->diagnose_old) SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT);
}

/* How strong keys, ciphers and groups must be. */
static bool set_strength(SSL_CTX *ctx, const struct ehlo_tls_settings *s, char *why, size_t size) {
  const char *level = s->security ? s->security : s->diagnose_old ? "0" : NULL;
  char ciphers[40];
  snprintf(ciphers, sizeof ciphers, "DEFAULT:@SECLEVEL=%.8s", level ? level : "");
  if (level && SSL_CTX_set_cipher_list(ctx, ciphers) != 1) {
    snprintf(why, size, "the security level %.20s cannot be set: %s", level, last_reason());
    return false;
  }
  if (s->groups && SSL_CTX_set1_groups_list(ctx, s->groups) != 1) {
    snprintf(why, size, "\"%.60s\" is no list of groups that OpenSSL knows, such as X25519:P-256", s->groups);
    return false;
  }
  return true;
}

struct ehlo_tls *ehlo_tls_new(const struct ehlo_tls_settings *s, char *why, size_t size) {
  if (size) why[0] = '\0';
  struct ehlo_tls *tls = ehlo_memory_zalloc(1, sizeof *tls);
  if (tls) {
    tls->refs = 1;
    tls->server = s->server;
    tls->resume = s->resume;
    tls->wire = make_wire();
    tls->ctx = SSL_CTX_new(s->server ? TLS_server_method() : TLS_client_method());
  }
  if (!tls || !tls->wire || !tls->ctx) {
    snprintf(why, size, "there was no memory to set up TLS");
  } else {
    set_habits(tls->ctx, s);
    if (s->alpn && !ehlo_tls_set_alpn(tls, s->alpn)) {
      snprintf(why, size, "\"%.60s\" is no list of protocols for ALPN: names of 1 to 255 bytes, parted by commas",
               s->alpn);
    } else if (set_versions(tls->ctx, s, why, size) && set_strength(tls->ctx, s, why, size) &&
               set_trust(tls->ctx, s, why, size) && set_own(tls->ctx, s, why, size)) {
      ERR_clear_error();
      return tls;
    }
  }
  ERR_clear_error();
  ehlo_tls_free(tls);
  return NULL;
}

struct ehlo_tls *ehlo_tls_ref(struct ehlo_tls *tls) {
  if (tls) tls->refs++;
  return tls;
}

void ehlo_tls_free(struct ehlo_tls *tls) {
  if (!tls || --tls->refs > 0) return;
  ehlo_tls_forget(tls->kept);
  SSL_CTX_free(tls->ctx);
  ehlo_memory_free(tls->alpn);
  BIO_meth_free(tls->wire);
  ehlo_memory_free(tls);
}

/* --- beginning a handshake --- */

/* RFC 7672 3.1.3: usages 0 and 1 are unusable for SMTP. False only for no memory. */
static bool set_dane(SSL *ssl, const struct ehlo_tls_peer *peer, struct ehlo_tls_watch *w) {
  if (peer->level != EHLO_TLS_DANE || !peer->dane_trusted || peer->n_tlsa <= 0 || !peer->name) return true;
  int usable = 0;
  if (SSL_dane_enable(ssl, peer->name) <= 0) return false;
  for (int i = 0; i < peer->n_tlsa; i++) {
    const struct ehlo_tlsa *t = &peer->tlsa[i];
    if (t->usage != 2 && t->usage != 3) continue;
    int added = SSL_dane_tlsa_add(ssl, t->usage, t->selector, t->matching, t->data, t->len);
    if (added < 0) return false;
    usable += added > 0;
  }
  ERR_clear_error();
  w->dane = usable > 0;
  return true;
}

SSL *ehlo_tls_begin(struct ehlo_tls *tls, int fd, const struct ehlo_tls_peer *peer, struct ehlo_tls_watch *watch) {
  *watch = (struct ehlo_tls_watch){0};
  SSL *ssl = SSL_new(tls->ctx);
  BIO *wire = ssl ? BIO_new(tls->wire) : NULL;
  if (!wire) goto fail;
  BIO_set_data(wire, (void *)(intptr_t)fd);
  SSL_set_bio(ssl, wire, wire);
  SSL_set_app_data(ssl, watch);
  if (tls->server) {
    SSL_set_accept_state(ssl);
    return ssl;
  }
  SSL_set_connect_state(ssl);
  if (!peer) return ssl;
  if (peer->name && !SSL_set_tlsext_host_name(ssl, peer->name)) goto fail;
  if (!set_dane(ssl, peer, watch)) goto fail;
  return ssl;
fail:
  SSL_free(ssl);
  return NULL;
}
