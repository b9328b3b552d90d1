/* Owns: one connection, plain or TLS: connecting, reading into a bounded buffer, writing, the handshake. Callers:
 * sessions and the rehearsal server. Knows no SMTP. */
#ifndef EHLO_NET_CONN_H
#define EHLO_NET_CONN_H

#include <stdbool.h>

#include "ehlo/base/buf.h"
#include "ehlo/net/dialler.h"
#include "ehlo/net/loop.h"
#include "ehlo/net/tls.h"

enum ehlo_conn_event {
  EHLO_CONN_CONNECTED,
  EHLO_CONN_SECURED, /* handshake complete; facts are there. A bad verdict is no failure: the session judges */
  EHLO_CONN_DATA,    /* `input` grew */
  EHLO_CONN_DRAINED, /* everything queued was handed to the kernel */
  EHLO_CONN_CLOSED,  /* the peer closed in good order; input may still hold bytes */
  EHLO_CONN_FAILED   /* `error`, `reason` and `trouble` tell; no event follows */
};

struct ehlo_conn {
  struct ehlo_buf input; /* consume with ehlo_buf_consume */
  int error;             /* EHLO_E_CONNECT, EHLO_E_CLOSED (reset), EHLO_E_TLS, EHLO_E_LIMIT, EHLO_E_SYSTEM */
  const char *reason;    /* "refused", "no-route", "reset", "timeout" (the kernel's), RFC 8460's words ... or NULL */
  char trouble[200];     /* a sentence */
  struct ehlo_tls_facts *facts; /* of the handshake; the caller may take it (and set NULL) */
  bool secured;
  /* private below */
  struct ehlo_loop *loop;
  void (*event)(void *arg, enum ehlo_conn_event event);
  void *arg;
  struct ehlo_conn_inner *inner; /* socket, events, SSL, output queue; NULL when closed */
};

/* `input_max` bounds what is buffered: reading pauses when it is full (no event), and goes on once bytes were
 * consumed and ehlo_conn_resume was called. Events come from the loop only, never from inside these calls. */
void ehlo_conn_init(struct ehlo_conn *c, struct ehlo_loop *loop, size_t input_max,
                    void (*event)(void *arg, enum ehlo_conn_event event), void *arg);
/* An error return (the dial failed at once) fills error, reason and trouble; no event follows then. */
int ehlo_conn_open(struct ehlo_conn *c, struct ehlo_dialler *d, const struct ehlo_endpoint *to,
                   const struct ehlo_endpoint *from);
/* An accepted socket: open at once, without CONNECTED. It is made non-blocking; on error it stays the caller's. */
int ehlo_conn_adopt(struct ehlo_conn *c, int fd);
/* Queues bytes; they are written at once as far as the kernel takes them. EHLO_E_MEMORY, EHLO_E_LIMIT (1 MiB
 * queued), EHLO_E_CLOSED, EHLO_E_BUSY (in a handshake). A write that the kernel refuses is told by FAILED, after
 * what came in was read. `secret` bytes are wiped from the queue once written. */
int ehlo_conn_write(struct ehlo_conn *c, struct ehlo_slice bytes, bool secret);
/* Begins the handshake as client or, with server settings, as server. `input` must be empty (else EHLO_E_ARGUMENT):
 * the caller has dealt with bytes that came too early (they must never be read as answers). `peer` strings are
 * copied; NULL for servers. */
int ehlo_conn_secure(struct ehlo_conn *c, struct ehlo_tls *tls, const struct ehlo_tls_peer *peer);
void ehlo_conn_resume(struct ehlo_conn *c);
/* Connected, and not closed by the peer. */
bool ehlo_conn_is_open(const struct ehlo_conn *c);
/* Own and peer address of the connected socket. */
int ehlo_conn_names(const struct ehlo_conn *c, struct ehlo_endpoint *local, struct ehlo_endpoint *peer);
/* Channel binding for SCRAM-PLUS: "tls-unique", "tls-exporter", "tls-server-end-point"; bytes written or
 * EHLO_E_NOT_FOUND. */
int ehlo_conn_binding(const struct ehlo_conn *c, const char *kind, unsigned char *out, size_t size);
/* Closes at once: close_notify is tried, never waited for. No event follows. Safe from inside an event. */
void ehlo_conn_close(struct ehlo_conn *c);
void ehlo_conn_fini(struct ehlo_conn *c);

#endif
