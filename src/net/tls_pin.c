/* Owns: telling of each TLSA record which certificate of the chain it is about, so that a change of keys can be followed: OpenSSL stops
 * at the first that fits. Callers: tls_facts.c. */
#include <string.h>

#include "ehlo/base/buf.h"
#include "ehlo/base/memory.h"
#include "tls_private.h"

/* What the record's selector (RFC 6698 2.1.2) picks of a certificate, in DER; to be freed with OPENSSL_free. */
static int selected(X509 *certificate, uint8_t selector, unsigned char **der) {
  *der = NULL;
  return selector == 0 ? i2d_X509(certificate, der) : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), der);
}

static bool fits(const struct ehlo_tlsa *t, X509 *certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE], *der;
  unsigned len = 0;
  const int n = selected(certificate, t->selector, &der);
  bool same = false;
  if (n > 0 && t->matching == 0) {
    same = t->len == (size_t)n && memcmp(t->data, der, t->len) == 0;
  } else if (n > 0 && EVP_Digest(der, (size_t)n, digest, &len, t->matching == 1 ? EVP_sha256() : EVP_sha512(), NULL)) {
    same = t->len == len && memcmp(t->data, digest, len) == 0;
  }
  OPENSSL_free(der);
  return same;
}

/* Usage 3 is about the server's own certificate, 2 about those of its issuers (RFC 7671 5.1, 5.2). */
static int depth_of(const struct ehlo_tlsa *t, const STACK_OF(X509) * chain) {
  const int n = chain ? sk_X509_num(chain) : 0;
  for (int depth = t->usage == 3 ? 0 : 1; depth < (t->usage == 3 ? 1 : n) && depth < n; depth++)
    if (fits(t, sk_X509_value(chain, depth))) return depth;
  return -1;
}

static char *hex(const struct ehlo_tlsa *t) {
  struct ehlo_buf b;
  ehlo_buf_init(&b, 2 * t->len + 1);
  for (size_t i = 0; i < t->len; i++)
    (void)ehlo_buf_addf(&b, "%02x", t->data[i]);
  (void)ehlo_buf_add(&b, "", 0);
  char *text = ehlo_buf_take(&b, NULL);
  ehlo_buf_fini(&b);
  return text;
}

bool ehlo_tls_pin(struct ehlo_tls_facts *facts, SSL *ssl, const struct ehlo_tls_peer *peer) {
  if (peer->level != EHLO_TLS_DANE || !peer->dane_trusted || peer->n_tlsa <= 0) return true;
  facts->pins = ehlo_memory_zalloc((size_t)peer->n_tlsa, sizeof *facts->pins);
  if (!facts->pins) return false;
  const STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
  for (int i = 0; i < peer->n_tlsa; i++) {
    const struct ehlo_tlsa *t = &peer->tlsa[i];
    char *data = hex(t);
    if (!data) return false;
    facts->pins[facts->n_pins++] = (struct ehlo_tls_pin){t->usage, t->selector, t->matching, data, depth_of(t, chain)};
  }
  return true;
}
