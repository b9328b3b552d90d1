/* Owns: lines of a descriptor: a buffer, a queue of those who wait, and one event. Callers: bindings. */
#include "ehlo/net/lines.h"

#include <errno.h>
#include <event2/event.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "loop_private.h"

enum { ROOM = EHLO_LINE_MAX + 4096 };

struct ehlo_lines {
  struct ehlo_loop *loop;
  struct ehlo_later later;
  struct event *event; /* NULL for what is always readable, such as a file: the kernel has no events for those */
  TAILQ_HEAD(, ehlo_line_wait) waiting;
  size_t start, end; /* of what was read and not taken */
  int fd, error;     /* errno of a failed read */
  bool ended, granted, skipping;
  char buffer[ROOM];
};

static const char *line_end(const struct ehlo_lines *l) {
  return memchr(l->buffer + l->start, '\n', l->end - l->start);
}

static bool has_something(const struct ehlo_lines *l) {
  return l->ended || l->end - l->start >= EHLO_LINE_MAX || line_end(l);
}

/* The rest of a line that was too long goes as it comes. */
static void skip(struct ehlo_lines *l) {
  const char *end = line_end(l);
  l->start = end ? (size_t)(end - l->buffer) + 1 : l->end;
  l->skipping = !end && !l->ended;
}

/* One read: true unless nothing is there now. */
static bool read_more(struct ehlo_lines *l) {
  memmove(l->buffer, l->buffer + l->start, l->end - l->start);
  l->end -= l->start;
  l->start = 0;
  ssize_t got;
  do {
    got = read(l->fd, l->buffer + l->end, sizeof l->buffer - l->end);
  } while (got < 0 && errno == EINTR);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
  if (got < 0) l->error = errno;
  if (got <= 0) l->ended = true;
  if (got > 0) l->end += (size_t)got;
  if (l->skipping) skip(l);
  return true;
}

/* Tells the first in the queue when there is something for it; reads on otherwise. */
static void serve(struct ehlo_lines *l) {
  struct ehlo_line_wait *first = TAILQ_FIRST(&l->waiting);
  if (!first || l->granted) return;
  while (!l->event && !has_something(l))
    (void)read_more(l);
  if (has_something(l)) {
    l->granted = true;
    ehlo_op_finish(&first->op, 0);
  } else if (event_add(l->event, NULL) != 0) {
    l->ended = l->granted = true;
    l->error = errno;
    ehlo_op_finish(&first->op, 0);
  }
}

static void on_event(evutil_socket_t fd, short what, void *arg) {
  (void)fd, (void)what;
  struct ehlo_lines *l = arg;
  (void)read_more(l);
  serve(l);
}

/* A wait that leaves before it took its line leaves it to the next one. */
static void leave(struct ehlo_line_wait *wait) {
  struct ehlo_lines *l = wait->of;
  if (!l) return;
  if (TAILQ_FIRST(&l->waiting) == wait) l->granted = false;
  TAILQ_REMOVE(&l->waiting, wait, link);
  wait->of = NULL;
  ehlo_later_add(l->loop, &l->later); /* the line taken lies in the buffer still */
}

static void serve_later(struct ehlo_later *later) {
  serve((struct ehlo_lines *)((char *)later - offsetof(struct ehlo_lines, later)));
}

static void stopped(struct ehlo_op *op) {
  leave((struct ehlo_line_wait *)op); /* its first member */
}

struct ehlo_lines *ehlo_lines_new(struct ehlo_loop *loop, int fd) {
  struct ehlo_lines *l = ehlo_memory_zalloc(1, sizeof *l);
  if (!l) return NULL;
  l->loop = loop;
  l->later.run = serve_later;
  l->fd = fd;
  TAILQ_INIT(&l->waiting);
  l->event = event_new(ehlo_loop_base(loop), fd, EV_READ, on_event, l);
  if (l->event && event_add(l->event, NULL) == 0) {
    event_del(l->event);
  } else if (l->event) {
    event_free(l->event); /* epoll says EPERM for a file */
    l->event = NULL;
  }
  return l;
}

void ehlo_lines_free(struct ehlo_lines *l) {
  if (!l) return;
  while (!TAILQ_EMPTY(&l->waiting)) {
    struct ehlo_line_wait *wait = TAILQ_FIRST(&l->waiting);
    TAILQ_REMOVE(&l->waiting, wait, link);
    wait->of = NULL;
    ehlo_op_finish(&wait->op, EHLO_E_CANCELLED);
  }
  ehlo_later_remove(l->loop, &l->later);
  if (l->event) event_free(l->event);
  ehlo_memory_free(l);
}

int ehlo_lines_ask(struct ehlo_lines *l, struct ehlo_line_wait *wait) {
  if (wait->of) return EHLO_E_BUSY;
  ehlo_op_init(&wait->op, l->loop, stopped);
  const int error = ehlo_op_start(&wait->op, 0);
  if (error) return error;
  wait->of = l;
  TAILQ_INSERT_TAIL(&l->waiting, wait, link);
  serve(l);
  return 0;
}

int ehlo_lines_take(struct ehlo_line_wait *wait, struct ehlo_slice *line) {
  struct ehlo_lines *l = wait->of;
  const char *end = l ? line_end(l) : NULL;
  *line = ehlo_slice_of("", 0);
  if (!l || TAILQ_FIRST(&l->waiting) != wait || !l->granted) return EHLO_E_ARGUMENT;
  const size_t left = l->end - l->start, len = end ? (size_t)(end - l->buffer) - l->start : left;
  int result = l->error ? EHLO_E_SYSTEM : 0;
  if (len > EHLO_LINE_MAX || (!end && len == EHLO_LINE_MAX && !l->ended)) {
    *line = ehlo_slice_of(l->buffer + l->start, EHLO_LINE_MAX);
    skip(l);
    result = EHLO_E_LIMIT;
  } else if (left > 0) {
    *line = ehlo_slice_of(l->buffer + l->start, len);
    l->start += len + (end ? 1 : 0);
    if (line->len > 0 && line->ptr[line->len - 1] == '\r') line->len--;
    result = 1;
  }
  leave(wait);
  return result;
}
