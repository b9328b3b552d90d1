/* Owns: a connection's life: opening, the events of its socket, what is reported when, closing. Callers: sessions
 * and the rehearsal server. The receiver of an event may close or free the connection: nothing is touched after. */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conn_private.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

static void let_go(struct ehlo_conn *c) {
  struct ehlo_conn_inner *in = c->inner;
  if (!in) return;
  c->inner = NULL;
  c->secured = false;
  if (in->gone) *in->gone = true;
  ehlo_later_remove(c->loop, &in->later);
  event_del(&in->event);
  if (in->ssl) {
    ehlo_tls_keep(in->tls, in->ssl, in->memory);
    SSL_free(in->ssl);
    ehlo_tls_free(in->tls);
  }
  close(in->fd);
  ehlo_conn_queue_fini(&in->out);
  ehlo_conn_shake_free(in->shake);
  ehlo_memory_free(in);
}

bool ehlo_conn_report(struct ehlo_conn_inner *in, enum ehlo_conn_event event) {
  bool gone = false;
  in->gone = &gone;
  in->conn->event(in->conn->arg, event);
  if (gone) return false;
  in->gone = NULL;
  return true;
}

void ehlo_conn_fail(struct ehlo_conn_inner *in, int error, const char *reason, const char *trouble) {
  struct ehlo_conn *c = in->conn;
  c->error = error;
  c->reason = reason;
  snprintf(c->trouble, sizeof c->trouble, "%s", trouble);
  let_go(c);
  c->event(c->arg, EHLO_CONN_FAILED);
}

struct failure {
  int number;
  const char *reason, *text;
};
static const struct failure connecting[] = {
    {ECONNREFUSED, "refused", "the connection was refused: nothing listens there, or a firewall says no in its place"},
    {ETIMEDOUT, "timeout",
     "nothing answered the attempts to connect: the host is down, or a firewall drops them in silence"},
    {EHOSTUNREACH, "no-route", "a router on the way says that the host cannot be reached"},
    {ENETUNREACH, "no-route", "this machine has no route to that network"},
    {EADDRNOTAVAIL, "no-route", "this machine does not have the source address, or has no port left to connect from"},
    {EINVAL, "no-route", "the source address cannot be used for that target"},
    {ECONNRESET, "reset", "the connection was reset while it was being made"},
    {EACCES, "prohibited", "this machine's own rules forbid the connection"},
    {EPERM, "prohibited", "this machine's own firewall forbids the connection"},
    {ENOENT, "refused", "no such socket: nothing listens there"},
    {EAGAIN, "refused", "too many connections wait at that socket already"},
};
static const struct failure established[] = {
    {ECONNRESET, "reset", "the peer reset the connection"},
    {EPIPE, "reset", "the peer has closed the connection and takes no more bytes"},
    {ETIMEDOUT, "timeout", "the peer stopped acknowledging what was sent, and the connection timed out"},
    {EHOSTUNREACH, "no-route", "a router on the way says that the host can no longer be reached"},
    {ENETUNREACH, "no-route", "this machine has lost the route to that network"},
};

static void describe(struct ehlo_conn *c, int number, bool connected) {
  const struct failure *rows = connected ? established : connecting;
  size_t n = connected ? sizeof established / sizeof *established : sizeof connecting / sizeof *connecting;
  for (size_t i = 0; i < n; i++) {
    if (rows[i].number != number) continue;
    c->error = connected ? EHLO_E_CLOSED : EHLO_E_CONNECT;
    c->reason = rows[i].reason;
    snprintf(c->trouble, sizeof c->trouble, "%s", rows[i].text);
    return;
  }
  char buffer[100];
  c->error = connected ? EHLO_E_SYSTEM : EHLO_E_CONNECT;
  c->reason = NULL;
  snprintf(c->trouble, sizeof c->trouble, "%s: %s",
           connected ? "the connection failed" : "the connection could not be made",
           strerror_r(number, buffer, sizeof buffer));
}

void ehlo_conn_fail_errno(struct ehlo_conn_inner *in, int number) {
  struct ehlo_conn *c = in->conn;
  if (number < 0) {
    ehlo_conn_fail(in, number, NULL, ehlo_error_text(number));
    return;
  }
  describe(c, number, in->stage != CONN_CONNECTING);
  let_go(c);
  c->event(c->arg, EHLO_CONN_FAILED);
}

/* Input, then its end, then trouble: what the peer said last is told before that it is gone. */
static bool read_on(struct ehlo_conn_inner *in) {
  bool ended_before = in->ended;
  struct conn_got got = ehlo_conn_take(in);
  if (got.more) ehlo_later_add(in->conn->loop, &in->later);
  if (got.grew && !ehlo_conn_report(in, EHLO_CONN_DATA)) return false;
  if (in->stage != CONN_OPEN) return true; /* the receiver began a handshake, which will meet the rest itself */
  if (in->ended && !ended_before) {
    if (in->cut) snprintf(in->conn->trouble, sizeof in->conn->trouble, "the peer closed without TLS's close_notify");
    if (!ehlo_conn_report(in, EHLO_CONN_CLOSED)) return false;
  }
  if (!got.error) return true;
  if (got.error == EHLO_E_SYSTEM) {
    ehlo_conn_fail_errno(in, got.number);
  } else if (got.error == EHLO_E_TLS) {
    ehlo_conn_fail_tls(in, got.number);
  } else {
    ehlo_conn_fail(in, got.error, NULL, "there was no memory for the bytes that came in");
  }
  return false;
}

static bool finish_connecting(struct ehlo_conn_inner *in) {
  int number = 0;
  socklen_t len = sizeof number;
  if (getsockopt(in->fd, SOL_SOCKET, SO_ERROR, &number, &len) < 0) number = errno;
  if (number) {
    ehlo_conn_fail_errno(in, number);
    return false;
  }
  in->stage = CONN_OPEN;
  return ehlo_conn_report(in, EHLO_CONN_CONNECTED);
}

/* Whatever can be done now, in one order for every cause: connect, handshake, write, read, tell. */
static void proceed(struct ehlo_conn_inner *in) {
  if (in->stage == CONN_CONNECTING && (in->blocked || !finish_connecting(in))) return;
  if (in->stage == CONN_SHAKING && !ehlo_conn_shake(in)) return;
  if (in->stage != CONN_OPEN) return;
  ehlo_conn_flush(in);
  /* A write that failed may come before the edge that tells of the peer's last words: they lie in the kernel, reset or not. */
  if (in->broken) in->readable = true;
  if (in->readable && !in->ended && !read_on(in)) return;
  if (in->stage != CONN_OPEN) return;
  if (in->broken) {
    ehlo_conn_fail_errno(in, in->broken);
    return;
  }
  if (!in->drained) return;
  in->drained = false;
  ehlo_conn_report(in, EHLO_CONN_DRAINED);
}

static void on_event(evutil_socket_t fd, short what, void *arg) {
  (void)fd;
  struct ehlo_conn_inner *in = arg;
  if (what & EV_READ) in->readable = true;
  if (what & EV_WRITE) in->blocked = false;
  proceed(in);
}

static void on_later(struct ehlo_later *l) {
  proceed((struct ehlo_conn_inner *)((char *)l - offsetof(struct ehlo_conn_inner, later)));
}

void ehlo_conn_init(struct ehlo_conn *c, struct ehlo_loop *loop, size_t input_max,
                    void (*event)(void *arg, enum ehlo_conn_event event), void *arg) {
  *c = (struct ehlo_conn){.loop = loop, .event = event, .arg = arg};
  ehlo_buf_init(&c->input, input_max);
}

static int start(struct ehlo_conn *c, int fd, enum conn_stage stage) {
  struct ehlo_conn_inner *in = ehlo_memory_zalloc(1, sizeof *in);
  if (!in) return EHLO_E_MEMORY;
  in->conn = c;
  in->fd = fd;
  in->stage = stage;
  in->blocked = stage == CONN_CONNECTING;
  in->later.run = on_later;
  event_assign(&in->event, ehlo_loop_base(c->loop), fd, EV_READ | EV_WRITE | EV_PERSIST | EV_ET, on_event, in);
  if (event_add(&in->event, NULL) < 0) {
    ehlo_memory_free(in);
    return EHLO_E_SYSTEM;
  }
  c->inner = in;
  return 0;
}

/* A connection object may be used again after it closed: nothing of the last peer stays. */
static int begin(struct ehlo_conn *c, int fd, enum conn_stage stage) {
  int error = start(c, fd, stage);
  if (!error) return 0;
  c->error = error;
  snprintf(c->trouble, sizeof c->trouble, "the connection could not be begun: %s", ehlo_error_text(error));
  return error;
}

static void forget(struct ehlo_conn *c) {
  let_go(c);
  ehlo_buf_reset(&c->input);
  ehlo_tls_facts_free(c->facts);
  c->facts = NULL;
  c->error = 0;
  c->reason = NULL;
  c->trouble[0] = '\0';
}

int ehlo_conn_open(struct ehlo_conn *c, struct ehlo_dialler *d, const struct ehlo_endpoint *to,
                   const struct ehlo_endpoint *from) {
  forget(c);
  errno = 0;
  int fd = d->dial(d, to, from);
  if (fd < 0) {
    if (fd == EHLO_E_CONNECT || fd == EHLO_E_SYSTEM) {
      describe(c, errno, false);
    } else {
      snprintf(c->trouble, sizeof c->trouble, "%s", ehlo_error_text(fd));
    }
    return c->error = fd;
  }
  int error = begin(c, fd, CONN_CONNECTING);
  if (error) close(fd);
  return error;
}

int ehlo_conn_adopt(struct ehlo_conn *c, int fd) {
  forget(c);
  int flags = fcntl(fd, F_GETFL);
  if (flags >= 0 && !(flags & O_NONBLOCK)) fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  return begin(c, fd, CONN_OPEN);
}

void ehlo_conn_resume(struct ehlo_conn *c) {
  struct ehlo_conn_inner *in = c->inner;
  if (in && in->readable && !in->ended && c->input.len < c->input.max) ehlo_later_add(c->loop, &in->later);
}

bool ehlo_conn_is_open(const struct ehlo_conn *c) {
  const struct ehlo_conn_inner *in = c->inner;
  return in && in->stage != CONN_CONNECTING && !in->ended && !in->broken;
}

int ehlo_conn_names(const struct ehlo_conn *c, struct ehlo_endpoint *local, struct ehlo_endpoint *peer) {
  *local = *peer = (struct ehlo_endpoint){0};
  if (!c->inner) return EHLO_E_CLOSED;
  struct sockaddr_storage storage = {0};
  socklen_t len = sizeof storage;
  if (getsockname(c->inner->fd, (struct sockaddr *)&storage, &len) < 0) return EHLO_E_SYSTEM;
  ehlo_endpoint_from_sockaddr((struct sockaddr *)&storage, local);
  storage = (struct sockaddr_storage){0};
  len = sizeof storage;
  if (getpeername(c->inner->fd, (struct sockaddr *)&storage, &len) < 0) return EHLO_E_SYSTEM;
  ehlo_endpoint_from_sockaddr((struct sockaddr *)&storage, peer);
  return 0;
}

void ehlo_conn_close(struct ehlo_conn *c) {
  struct ehlo_conn_inner *in = c->inner;
  /* One attempt at close_notify; not in mid-handshake, nor after an error, where OpenSSL forbids it. */
  if (in && c->secured && !in->broken && in->stage == CONN_OPEN) {
    (void)SSL_shutdown(in->ssl);
    ERR_clear_error();
  }
  let_go(c);
}

void ehlo_conn_fini(struct ehlo_conn *c) {
  ehlo_conn_close(c);
  ehlo_buf_fini(&c->input);
  ehlo_tls_facts_free(c->facts);
  c->facts = NULL;
}
