/* Owns: what the files of net share about TLS beside its public header. Callers: conn_tls.c, tls*.c. */
#ifndef EHLO_NET_TLS_PRIVATE_H
#define EHLO_NET_TLS_PRIVATE_H

#include <openssl/ssl.h>

#include "ehlo/net/tls.h"

struct ehlo_tls_memory;
struct ehlo_tls {
  SSL_CTX *ctx;
  BIO_METHOD *wire; /* the socket, written to without raising SIGPIPE */
  int refs;
  bool server, resume;
  struct ehlo_tls_memory *kept; /* the last session that can be taken up */
  unsigned char *alpn;          /* as on the wire */
  unsigned alpn_len;
};

/* What verification found while it went on regardless: first of each kind only. Lives as long as the handshake. */
enum { EHLO_TLS_WATCHED = 12 };
struct ehlo_tls_watch {
  int n;
  struct {
    int error; /* X509_V_ERR_* */
    int depth;
  } seen[EHLO_TLS_WATCHED];
  bool dane; /* TLSA records were usable and in force */
};

/* A session that may be taken up: with whom, and what verification found then, for it is not made again. */
struct ehlo_tls_memory {
  SSL_SESSION *session;
  char *peer;
  struct ehlo_tls_watch watch;
};

/* Names parted by commas. False for names that cannot be sent, and for no memory. */
bool ehlo_tls_set_alpn(struct ehlo_tls *tls, const char *names);
/* After a handshake; NULL where nothing is to be kept. Never with DANE, whose records are asked anew each time. */
struct ehlo_tls_memory *ehlo_tls_remember(const struct ehlo_tls *tls, const struct ehlo_tls_peer *peer,
                                          const struct ehlo_tls_watch *watch);
/* At the connection's end: takes `m` over, which may be NULL. */
void ehlo_tls_keep(struct ehlo_tls *tls, SSL *ssl, struct ehlo_tls_memory *m);
void ehlo_tls_forget(struct ehlo_tls_memory *m);
/* Before a handshake with the same peer; `before` is what verification found where the session is taken up in the end. */
void ehlo_tls_recall(const struct ehlo_tls *tls, SSL *ssl, const struct ehlo_tls_peer *peer,
                     struct ehlo_tls_watch *before);

/* An SSL on `fd`, ready for SSL_do_handshake. NULL: no memory, or a name that cannot be sent. */
SSL *ehlo_tls_begin(struct ehlo_tls *tls, int fd, const struct ehlo_tls_peer *peer, struct ehlo_tls_watch *watch);
const struct ehlo_tls_watch *ehlo_tls_watched(const SSL *ssl);

/* Judges; adds to facts->verdicts and sets facts->trusted. EHLO_E_MEMORY. */
int ehlo_tls_judge(struct ehlo_tls_facts *facts, SSL *ssl, const struct ehlo_tls_peer *peer, double now);

/* Which certificates the TLSA records of `peer` are about, one by one, whatever the verdict. False: no memory. */
bool ehlo_tls_pin(struct ehlo_tls_facts *facts, SSL *ssl, const struct ehlo_tls_peer *peer);

/* Of an X.509 name its CN, or the whole; printable, never with bytes that the terminal would act on. NULL: no
 * memory. */
char *ehlo_tls_name_text(const X509_NAME *name);
/* "3 March 2026", in UTC. */
void ehlo_tls_date(double at, char *out, size_t size);

#endif
