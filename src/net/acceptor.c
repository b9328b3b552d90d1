/* Owns: a listening socket on the loop, and waiting when the machine has no descriptor left. Callers: the rehearsal
 * server. */
#include "ehlo/net/acceptor.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ehlo/base/memory.h"

enum { BACKLOG = 4096, A_TURN = 64 };
static const double pause_seconds = 0.1;

struct ehlo_acceptor {
  struct ehlo_loop *loop;
  struct event event;
  struct ehlo_timer again;
  struct ehlo_endpoint at;
  void (*accepted)(void *arg, int fd);
  void *arg;
  bool *gone; /* set while `accepted` runs */
  int fd;
};

static void resume(struct ehlo_timer *t) {
  struct ehlo_acceptor *a = (struct ehlo_acceptor *)((char *)t - offsetof(struct ehlo_acceptor, again));
  event_add(&a->event, NULL);
}

static bool passes(int number) {
  return number == ECONNABORTED || number == EINTR || number == EPROTO;
}

static void on_event(evutil_socket_t fd, short what, void *arg) {
  (void)what;
  struct ehlo_acceptor *a = arg;
  bool gone = false;
  for (int i = 0; i < A_TURN; i++) {
    int got = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (got < 0 && passes(errno)) continue;
    if (got < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) return;
      /* no descriptor, no memory: the socket stays readable, and looking again at once would only spin */
      event_del(&a->event);
      if (ehlo_timer_arm(&a->again, ehlo_loop_now(a->loop) + pause_seconds) != 0) event_add(&a->event, NULL);
      return;
    }
    int yes = 1;
    (void)setsockopt(got, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    a->gone = &gone;
    a->accepted(a->arg, got);
    if (gone) return;
    a->gone = NULL;
  }
}

static int listening(const struct ehlo_endpoint *at) {
  struct sockaddr_storage storage = {0};
  int len = ehlo_endpoint_sockaddr(at, &storage);
  if (len < 0) {
    errno = EINVAL;
    return -1;
  }
  int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  int yes = 1;
  (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(fd, (struct sockaddr *)&storage, (socklen_t)len) == 0 && listen(fd, BACKLOG) == 0) return fd;
  int kept = errno;
  close(fd);
  errno = kept;
  return -1;
}

struct ehlo_acceptor *ehlo_acceptor_open(struct ehlo_loop *loop, const struct ehlo_endpoint *at,
                                         void (*accepted)(void *arg, int fd), void *arg, char *why, size_t size) {
  char place[EHLO_ENDPOINT_TEXT], buffer[100];
  struct ehlo_acceptor *a = ehlo_memory_zalloc(1, sizeof *a);
  if (!a) {
    snprintf(why, size, "out of memory");
    return NULL;
  }
  *a = (struct ehlo_acceptor){.loop = loop, .accepted = accepted, .arg = arg, .at = *at};
  a->fd = listening(at);
  if (a->fd < 0) {
    snprintf(why, size, "cannot listen on %s, port %d: %s", ehlo_endpoint_text(at, place), (int)at->port,
             strerror_r(errno, buffer, sizeof buffer));
    ehlo_memory_free(a);
    return NULL;
  }
  struct sockaddr_storage storage = {0};
  socklen_t len = sizeof storage;
  if (at->family != 1 && getsockname(a->fd, (struct sockaddr *)&storage, &len) == 0)
    ehlo_endpoint_from_sockaddr((struct sockaddr *)&storage, &a->at);
  ehlo_timer_init(&a->again, loop, resume);
  event_assign(&a->event, ehlo_loop_base(loop), a->fd, EV_READ | EV_PERSIST, on_event, a);
  if (event_add(&a->event, NULL) == 0) return a;
  snprintf(why, size, "cannot listen: the event loop takes no more");
  close(a->fd);
  ehlo_memory_free(a);
  return NULL;
}

const struct ehlo_endpoint *ehlo_acceptor_at(const struct ehlo_acceptor *a) {
  return &a->at;
}

void ehlo_acceptor_close(struct ehlo_acceptor *a) {
  if (!a) return;
  if (a->gone) *a->gone = true;
  event_del(&a->event);
  ehlo_timer_disarm(&a->again);
  close(a->fd);
  if (a->at.family == 1) (void)unlink(a->at.path);
  ehlo_memory_free(a);
}
