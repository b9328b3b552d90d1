/* Owns: the facts of a finished handshake as plain data, and the words for one that failed. Callers: conn_tls.c. */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "tls_private.h"

/* What a certificate says is a stranger's word: bounded, and nothing that a terminal would act on. */
enum { TEXT_MAX = 512, NAMES_MAX = 200, CHAIN_MAX = 16 };

static char *dup(const char *text) {
  return ehlo_memory_dup(text, strlen(text));
}

static char *printable(const unsigned char *bytes, size_t len) {
  struct ehlo_buf b;
  ehlo_buf_init(&b, TEXT_MAX * 4);
  if (len > TEXT_MAX) len = TEXT_MAX;
  for (size_t i = 0; i < len; i++) {
    if (bytes[i] > 0x20 && bytes[i] < 0x7f && bytes[i] != '\\') {
      ehlo_buf_add_char(&b, (char)bytes[i]);
    } else {
      ehlo_buf_addf(&b, "\\x%02x", bytes[i]);
    }
  }
  ehlo_buf_add(&b, "", 0);
  char *text = ehlo_buf_take(&b, NULL);
  ehlo_buf_fini(&b);
  return text;
}

char *ehlo_tls_name_text(const X509_NAME *name) {
  BIO *out = BIO_new(BIO_s_mem());
  if (!out) return NULL;
  unsigned long how = ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_UTF8_CONVERT;
  int at = X509_NAME_get_index_by_NID((X509_NAME *)name, NID_commonName, -1);
  if (at >= 0) {
    ASN1_STRING_print_ex(out, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)), how);
  } else {
    X509_NAME_print_ex(out, name, 0, how | ASN1_STRFLGS_ESC_2253 | XN_FLAG_SEP_COMMA_PLUS | XN_FLAG_FN_SN);
  }
  char *bytes = NULL;
  long len = BIO_get_mem_data(out, &bytes);
  if (len > TEXT_MAX) len = TEXT_MAX;
  char *text = ehlo_memory_dup(len > 0 ? bytes : "", len > 0 ? (size_t)len : 0);
  BIO_free(out);
  return text;
}

static double seconds_of(const ASN1_TIME *t) {
  struct tm tm;
  if (!t || !ASN1_TIME_to_tm(t, &tm)) return 0;
  return (double)timegm(&tm);
}

static char *key_text(X509 *certificate) {
  char text[80];
  EVP_PKEY *key = X509_get0_pubkey(certificate);
  if (!key) return dup("unknown");
  char group[60] = "";
  if (EVP_PKEY_is_a(key, "EC")) {
    static const char *const names[][2] = {{"prime256v1", "P-256"}, {"secp384r1", "P-384"}, {"secp521r1", "P-521"}};
    size_t len;
    EVP_PKEY_get_group_name(key, group, sizeof group, &len);
    const char *name = group;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
      if (strcmp(group, names[i][0]) == 0) name = names[i][1];
    snprintf(text, sizeof text, "ECDSA %s", name);
    return dup(text);
  }
  const char *type = EVP_PKEY_get0_type_name(key);
  if (EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448")) {
    snprintf(text, sizeof text, "%s", EVP_PKEY_is_a(key, "ED448") ? "Ed448" : "Ed25519");
  } else {
    snprintf(text, sizeof text, "%.40s %d", type ? type : "unknown", EVP_PKEY_get_bits(key));
  }
  return dup(text);
}

static char *fingerprint(X509 *certificate) {
  unsigned char md[EVP_MAX_MD_SIZE];
  unsigned len = 0;
  char text[2 * EVP_MAX_MD_SIZE + 1] = "";
  if (!X509_digest(certificate, EVP_sha256(), md, &len)) return NULL;
  for (unsigned i = 0; i < len; i++)
    snprintf(text + 2 * i, 3, "%02x", md[i]);
  return dup(text);
}

static char *name_of(const GENERAL_NAME *g) {
  char text[INET6_ADDRSTRLEN];
  if (g->type == GEN_DNS)
    return printable(ASN1_STRING_get0_data(g->d.dNSName), (size_t)ASN1_STRING_length(g->d.dNSName));
  if (g->type != GEN_IPADD) return NULL;
  const unsigned char *bytes = ASN1_STRING_get0_data(g->d.iPAddress);
  int len = ASN1_STRING_length(g->d.iPAddress);
  if (len != 4 && len != 16) return printable(bytes, (size_t)len);
  return dup(inet_ntop(len == 4 ? AF_INET : AF_INET6, bytes, text, sizeof text));
}

static bool add_names(struct ehlo_certificate *c, X509 *certificate) {
  GENERAL_NAMES *all = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
  int n = all ? sk_GENERAL_NAME_num(all) : 0;
  if (n > NAMES_MAX) n = NAMES_MAX;
  bool fine = true;
  if (n > 0) {
    c->names = ehlo_memory_zalloc((size_t)n, sizeof *c->names);
    fine = c->names != NULL;
  }
  for (int i = 0; fine && i < n; i++) {
    const GENERAL_NAME *g = sk_GENERAL_NAME_value(all, i);
    if (g->type != GEN_DNS && g->type != GEN_IPADD) continue;
    char *name = name_of(g);
    fine = name != NULL;
    if (fine) c->names[c->n_names++] = name;
  }
  GENERAL_NAMES_free(all);
  return fine;
}

static bool describe(struct ehlo_certificate *c, X509 *certificate) {
  const char *signature = OBJ_nid2ln(X509_get_signature_nid(certificate));
  c->subject = ehlo_tls_name_text(X509_get_subject_name(certificate));
  c->issuer = ehlo_tls_name_text(X509_get_issuer_name(certificate));
  c->key = key_text(certificate);
  c->signature = dup(signature ? signature : "unknown");
  c->sha256 = fingerprint(certificate);
  c->not_before = seconds_of(X509_get0_notBefore(certificate));
  c->not_after = seconds_of(X509_get0_notAfter(certificate));
  return c->subject && c->issuer && c->key && c->signature && c->sha256 && add_names(c, certificate);
}

static bool add_chain(struct ehlo_tls_facts *f, SSL *ssl) {
  STACK_OF(X509) *sent = SSL_get_peer_cert_chain(ssl);
  int n = sent ? sk_X509_num(sent) : 0;
  if (n > CHAIN_MAX) n = CHAIN_MAX;
  if (n <= 0) return true;
  f->chain = ehlo_memory_zalloc((size_t)n, sizeof *f->chain);
  if (!f->chain) return false;
  for (int i = 0; i < n; i++) {
    f->n_chain++;
    if (!describe(&f->chain[i], sk_X509_value(sent, i))) return false;
  }
  return true;
}

static const char *group_name(SSL *ssl) {
  static const char *const names[][2] = {{"x25519", "X25519"},    {"x448", "X448"},       {"secp256r1", "P-256"},
                                         {"prime256v1", "P-256"}, {"secp384r1", "P-384"}, {"secp521r1", "P-521"}};
  int number = (int)SSL_get_negotiated_group(ssl);
  const char *name = number ? SSL_group_to_name(ssl, number) : NULL;
  if (!name && number) name = OBJ_nid2sn(number & 0xffffff);
  for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i][0]) == 0) return names[i][1];
  return name;
}

static bool add_session(struct ehlo_tls_facts *f, SSL *ssl) {
  const unsigned char *alpn = NULL;
  unsigned alpn_len = 0;
  const char *group = group_name(ssl), *sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
  SSL_get0_alpn_selected(ssl, &alpn, &alpn_len);
  f->version = dup(SSL_get_version(ssl));
  f->cipher = dup(cipher ? SSL_CIPHER_get_name(cipher) : "none");
  f->bits = cipher ? SSL_CIPHER_get_bits(cipher, NULL) : 0;
  f->resumed = SSL_session_reused(ssl) != 0;
  if (group) f->group = dup(group);
  if (alpn_len) f->alpn = printable(alpn, alpn_len);
  if (sni) f->sni = printable((const unsigned char *)sni, strlen(sni));
  return f->version && f->cipher && (f->group || !group) && (f->alpn || !alpn_len) && (f->sni || !sni);
}

struct ehlo_tls_facts *ehlo_tls_facts_of(SSL *ssl, const struct ehlo_tls_peer *peer, double now) {
  struct ehlo_tls_facts *f = ehlo_memory_zalloc(1, sizeof *f);
  if (!f) return NULL;
  bool fine = add_session(f, ssl) && add_chain(f, ssl) &&
              (!peer || (ehlo_tls_judge(f, ssl, peer, now) == 0 && ehlo_tls_pin(f, ssl, peer)));
  ERR_clear_error();
  if (fine) return f;
  ehlo_tls_facts_free(f);
  return NULL;
}

/* --- a handshake that failed --- */

/* Rows are OpenSSL's reasons; those of alerts are what the peer sent. */
static const struct {
  int reason;
  const char *word, *text;
} troubles[] = {
    {SSL_R_WRONG_VERSION_NUMBER, "plain-text",
     "what the peer answered is not TLS: it may speak plain text on this port, or something on the way does"},
    {SSL_R_HTTP_REQUEST, "plain-text", "what the peer sent is not TLS but HTTP"},
    {SSL_R_UNEXPECTED_EOF_WHILE_READING, "validation-failure",
     "the peer closed the connection in the middle of the handshake, without an alert: it may lack a certificate for "
     "this name"},
    {SSL_R_UNSUPPORTED_PROTOCOL, "validation-failure", "the peer speaks only TLS versions that are not accepted here"},
    {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, "validation-failure",
     "the peer refuses every TLS version that was offered (alert protocol_version)"},
    {SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, "validation-failure",
     "the peer found no cipher, group or signature in common (alert handshake_failure)"},
    {SSL_R_NO_SHARED_CIPHER, "validation-failure",
     "the client offered no cipher that can be used with this certificate"},
    {SSL_R_NO_PROTOCOLS_AVAILABLE, NULL, "no TLS version is left between the least and the greatest allowed"},
    {SSL_R_TLSV1_UNRECOGNIZED_NAME, "certificate-host-mismatch",
     "the peer has no certificate for the name asked for (alert unrecognized_name)"},
    {SSL_R_DH_KEY_TOO_SMALL, "validation-failure", "the peer's Diffie-Hellman key is too small to be safe"},
    {SSL_R_EE_KEY_TOO_SMALL, "validation-failure", "the key of the peer's certificate is too small to be safe"},
    {SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED, "validation-failure",
     "the peer does not know secure renegotiation (RFC 5746)"},
};

void ehlo_tls_trouble(SSL *ssl, int ssl_error, char *text, size_t size, const char **reason) {
  unsigned long error = ERR_peek_error();
  *reason = NULL;
  (void)ssl;
  if (ssl_error == SSL_ERROR_SYSCALL && !error) {
    snprintf(text, size, "the connection broke in the middle of the TLS handshake or stream");
    return;
  }
  if (ssl_error == SSL_ERROR_ZERO_RETURN) {
    snprintf(text, size, "the peer ended the TLS session (close_notify)");
    return;
  }
  int number = ERR_GET_REASON(error);
  for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
    if (troubles[i].reason != number) continue;
    *reason = troubles[i].word;
    snprintf(text, size, "%s", troubles[i].text);
    return;
  }
  const char *words = ERR_reason_error_string(error);
  if (error) *reason = "validation-failure";
  if (number > SSL_AD_REASON_OFFSET && number < SSL_AD_REASON_OFFSET + 256) {
    snprintf(text, size, "the peer broke off with TLS alert %s",
             SSL_alert_desc_string_long(number - SSL_AD_REASON_OFFSET));
  } else {
    snprintf(text, size, "TLS failed: %s", words ? words : "OpenSSL gives no reason");
  }
}
