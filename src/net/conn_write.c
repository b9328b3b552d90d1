/* Owns: writing: at once as far as the kernel takes it, the rest from a queue. Secrets are wiped from the queue's
 * memory before it is given back. Callers: sessions through ehlo_conn_write, conn.c. */
#include <errno.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include "conn_private.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

/* A TLS record's worth: OpenSSL wants a write that blocked repeated with no fewer bytes, and the queue only grows. */
enum { RECORD = 16384 };

void ehlo_conn_queue_fini(struct conn_queue *q) {
  if (q->data && q->secret) ehlo_memory_wipe(q->data, q->cap);
  ehlo_memory_free(q->data);
  *q = (struct conn_queue){0};
}

static int queue_add(struct conn_queue *q, const char *bytes, size_t len, bool secret) {
  if (len > q->cap - q->len) {
    size_t waiting = q->len - q->at, cap = 1024;
    while (cap < waiting + len)
      cap *= 2;
    char *data = ehlo_memory_alloc(cap); /* no realloc: it would leave secrets behind */
    if (!data) return EHLO_E_MEMORY;
    if (waiting) memcpy(data, q->data + q->at, waiting);
    bool had_secret = q->secret;
    ehlo_conn_queue_fini(q);
    *q = (struct conn_queue){.data = data, .len = waiting, .cap = cap, .secret = had_secret};
  }
  memcpy(q->data + q->len, bytes, len);
  q->len += len;
  q->secret |= secret;
  return 0;
}

static size_t send_plain(struct ehlo_conn_inner *in, const char *bytes, size_t len) {
  for (;;) {
    ssize_t n = send(in->fd, bytes, len, MSG_NOSIGNAL);
    if (n >= 0) return (size_t)n;
    if (errno == EINTR) continue;
    in->blocked = true;
    if (errno != EAGAIN && errno != EWOULDBLOCK) in->broken = errno;
    return 0;
  }
}

static size_t send_tls(struct ehlo_conn_inner *in, const char *bytes, size_t len) {
  size_t n = 0;
  ERR_clear_error();
  errno = 0;
  if (SSL_write_ex(in->ssl, bytes, len < RECORD ? len : RECORD, &n)) return n;
  int number = errno;
  int ssl_error = SSL_get_error(in->ssl, 0);
  in->blocked = true;
  if (ssl_error == SSL_ERROR_WANT_READ || ssl_error == SSL_ERROR_WANT_WRITE) return 0;
  in->broken = ssl_error == SSL_ERROR_SYSCALL && number ? number : EHLO_E_TLS;
  ERR_clear_error();
  return 0;
}

static size_t send_some(struct ehlo_conn_inner *in, const char *bytes, size_t len) {
  size_t sent = 0;
  while (sent < len && !in->blocked) {
    sent += in->ssl && in->conn->secured ? send_tls(in, bytes + sent, len - sent)
                                         : send_plain(in, bytes + sent, len - sent);
  }
  return sent;
}

void ehlo_conn_flush(struct ehlo_conn_inner *in) {
  struct conn_queue *q = &in->out;
  if (!q->data || in->broken) return;
  size_t sent = send_some(in, q->data + q->at, q->len - q->at);
  if (q->secret) ehlo_memory_wipe(q->data + q->at, sent);
  q->at += sent;
  if (q->at < q->len) return;
  ehlo_conn_queue_fini(q);
  in->drained = true;
}

int ehlo_conn_write(struct ehlo_conn *c, struct ehlo_slice bytes, bool secret) {
  struct ehlo_conn_inner *in = c->inner;
  if (!in || in->stage == CONN_CONNECTING || in->broken) return EHLO_E_CLOSED;
  if (in->stage == CONN_SHAKING) return EHLO_E_BUSY;
  size_t waiting = in->out.len - in->out.at;
  if (bytes.len > CONN_QUEUE_MAX - waiting) return EHLO_E_LIMIT;
  size_t sent = waiting ? 0 : send_some(in, bytes.ptr, bytes.len);
  ehlo_later_add(c->loop, &in->later); /* tells that it is drained, or that it broke: never from inside this call */
  if (in->broken) return 0;
  if (sent == bytes.len) {
    in->drained |= waiting == 0;
    return 0;
  }
  if (queue_add(&in->out, bytes.ptr + sent, bytes.len - sent, secret) == 0) return 0;
  in->broken = EHLO_E_MEMORY; /* half a command is out: this connection is of no further use */
  return EHLO_E_MEMORY;
}
