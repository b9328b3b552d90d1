/* Owns: the inside of a connection, shared by its files: conn.c (life and events), conn_read.c, conn_write.c,
 * conn_tls.c. Callers: those only. */
#ifndef EHLO_NET_CONN_PRIVATE_H
#define EHLO_NET_CONN_PRIVATE_H

#include <event2/event_struct.h>
#include <openssl/ssl.h>

#include "ehlo/net/conn.h"
#include "loop_private.h"
#include "tls_private.h"

enum { CONN_QUEUE_MAX = 1 << 20, CONN_TURN_MAX = 16384 };

enum conn_stage {
  CONN_CONNECTING,
  CONN_OPEN,   /* bytes flow, plain or TLS */
  CONN_SHAKING /* in the handshake: nothing is read or written beside it */
};

/* What is kept for the length of a handshake only. */
struct conn_shake {
  struct ehlo_tls_peer peer;           /* points into `bytes` and `tlsa` */
  struct ehlo_tls_watch watch, before; /* of this handshake, and of that of the session to be taken up */
  bool has_peer;
  struct ehlo_tlsa *tlsa;
  char *bytes;
};

struct conn_queue {
  char *data;
  size_t at, len, cap; /* bytes [at, len) wait */
  bool secret;         /* some of them are: all memory is wiped before it is given back */
};

struct ehlo_conn_inner {
  struct ehlo_conn *conn;
  struct event event; /* read and write, edge-triggered: one registration for the socket's whole life */
  struct ehlo_later later;
  struct conn_queue out;
  SSL *ssl;
  struct ehlo_tls *tls;
  struct conn_shake *shake;
  struct ehlo_tls_memory *memory;
  bool *gone; /* set while an event is reported: raised when its receiver closes */
  int fd;
  int broken; /* errno of a failed write, told from the loop once what came in was read; EHLO_E_* are negative */
  enum conn_stage stage;
  bool readable; /* an edge came and nothing has said EAGAIN since */
  bool blocked;  /* the kernel takes no more for now */
  bool drained;  /* DRAINED is owed */
  bool ended;    /* the peer closed */
  bool cut;      /* ... without TLS's close_notify */
};

/* Reports; false when the receiver closed the connection: nothing of it may be touched then. */
bool ehlo_conn_report(struct ehlo_conn_inner *in, enum ehlo_conn_event event);
/* Fills error, reason and trouble, lets go of the socket, reports FAILED. */
void ehlo_conn_fail(struct ehlo_conn_inner *in, int error, const char *reason, const char *trouble);
void ehlo_conn_fail_errno(struct ehlo_conn_inner *in, int number); /* a negative one is an EHLO_E_* */

/* Reads what there is, at most CONN_TURN_MAX bytes, into the input. */
struct conn_got {
  bool grew;
  bool more;  /* stopped by the turn's maximum */
  int error;  /* 0, EHLO_E_* */
  int number; /* errno with EHLO_E_SYSTEM, OpenSSL's with EHLO_E_TLS */
};
struct conn_got ehlo_conn_take(struct ehlo_conn_inner *in);
/* Sends from the queue until it is empty or the kernel blocks; a failure lands in `broken`. */
void ehlo_conn_flush(struct ehlo_conn_inner *in);
void ehlo_conn_queue_fini(struct conn_queue *q);

/* A step of the handshake; reports. False when the connection is gone; the stage tells whether it is complete. */
bool ehlo_conn_shake(struct ehlo_conn_inner *in);
void ehlo_conn_shake_free(struct conn_shake *s);
/* Fails with what OpenSSL knows of `ssl_error`. */
void ehlo_conn_fail_tls(struct ehlo_conn_inner *in, int ssl_error);

#endif
