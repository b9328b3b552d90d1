/* Owns: the other end of a connection under test: a listening socket on loopback, plain system calls, and turning
 * the loop until something is so. Callers: tests of net. */
#ifndef EHLO_TESTS_PEER_H
#define EHLO_TESTS_PEER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ehlo/base/clock.h"
#include "ehlo/net/conn.h"
#include "unit.h"

struct peer {
  struct ehlo_loop *loop;
  int listener;
  struct ehlo_endpoint at;
};

static inline void peer_open(struct peer *p) {
  struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t len = sizeof sa;
  p->loop = ehlo_loop_new();
  assert_non_null(p->loop);
  p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(bind(p->listener, (struct sockaddr *)&sa, sizeof sa), 0);
  assert_int_equal(listen(p->listener, 128), 0);
  assert_int_equal(getsockname(p->listener, (struct sockaddr *)&sa, &len), 0);
  ehlo_endpoint_from_sockaddr((struct sockaddr *)&sa, &p->at);
}

static inline void peer_close(struct peer *p) {
  close(p->listener);
  ehlo_loop_free(p->loop);
}

/* What a connection told, in order: a letter an event. */
struct heard {
  struct ehlo_conn conn;
  char events[64];
  int n;
  void (*then)(struct heard *h, enum ehlo_conn_event event);
};

static inline void hear(void *arg, enum ehlo_conn_event event) {
  static const char letters[] = {[EHLO_CONN_CONNECTED] = 'C', [EHLO_CONN_SECURED] = 'S', [EHLO_CONN_DATA] = 'd',
                                 [EHLO_CONN_DRAINED] = 'w',   [EHLO_CONN_CLOSED] = 'E',  [EHLO_CONN_FAILED] = 'F'};
  struct heard *h = arg;
  if (h->n < 63) h->events[h->n++] = letters[event];
  if (h->then) h->then(h, event);
}

static inline void heard_init(struct heard *h, struct peer *p, size_t input_max) {
  *h = (struct heard){0};
  ehlo_conn_init(&h->conn, p->loop, input_max, hear, h);
}

static inline bool heard_event(const struct heard *h, char event) {
  return strchr(h->events, event) != NULL;
}

/* Turns until the condition holds, five seconds at most. */
#define TURN_UNTIL(loop, condition)                                                                                    \
  do {                                                                                                                 \
    double turn_end = ehlo_clock_monotonic() + 5;                                                                      \
    struct ehlo_timer turn_guard;                                                                                      \
    ehlo_timer_init(&turn_guard, loop, peer_nothing);                                                                  \
    ehlo_timer_arm(&turn_guard, turn_end);                                                                             \
    while (!(condition) && ehlo_clock_monotonic() < turn_end)                                                          \
      ehlo_loop_turn(loop, true);                                                                                      \
    ehlo_timer_disarm(&turn_guard);                                                                                    \
    if (!(condition)) fail_msg("waited in vain for: %s", #condition);                                                  \
  } while (0)
static inline void peer_nothing(struct ehlo_timer *t) {
  (void)t;
}

/* Opens, and accepts at the other end. */
static inline int heard_open(struct heard *h, struct peer *p) {
  assert_int_equal(ehlo_conn_open(&h->conn, ehlo_dialler_direct, &p->at, NULL), 0);
  int fd = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC);
  assert_true(fd >= 0);
  TURN_UNTIL(p->loop, heard_event(h, 'C'));
  return fd;
}

#endif
