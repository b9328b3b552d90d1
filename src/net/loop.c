/* Owns: the event loop on libevent: a turn, the clock, waking from a signal, work put off, the ready queue.
 * Callers: net, smtp and the scheduler; one thread. */
#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ehlo/base/clock.h"
#include "ehlo/base/memory.h"
#include "loop_private.h"

struct ehlo_loop {
  struct event_base *base;
  struct event alarm; /* the earliest timer */
  struct event woken;
  double alarm_at; /* 0 when not set */
  int wake_fd;
  struct ehlo_timers timers;
  struct ehlo_later *later, **later_end, marker;
  struct ehlo_op *ready, *ready_last;
};

struct event_base *ehlo_loop_base(struct ehlo_loop *loop) {
  return loop->base;
}
struct ehlo_timers *ehlo_loop_timers(struct ehlo_loop *loop) {
  return &loop->timers;
}

/* Read anew each time (some 20 ns): a time kept from the turn would be old after a long calculation of a script,
 * and every deadline reckoned from it too early. */
double ehlo_loop_now(const struct ehlo_loop *loop) {
  (void)loop;
  return ehlo_clock_monotonic();
}

static void ring(evutil_socket_t fd, short what, void *arg) {
  (void)fd, (void)what, (void)arg;
}

static void hear(evutil_socket_t fd, short what, void *arg) {
  (void)what, (void)arg;
  uint64_t count;
  while (read(fd, &count, sizeof count) < 0 && errno == EINTR)
    continue;
}

static struct event_base *make_base(void) {
  struct event_config *config = event_config_new();
  if (!config) return NULL;
  /* Edge-triggered: a connection is registered once in its life, whatever it waits for. */
  event_config_require_features(config, EV_FEATURE_ET);
  event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
  struct event_base *base = event_base_new_with_config(config);
  event_config_free(config);
  return base;
}

struct ehlo_loop *ehlo_loop_new(void) {
  struct ehlo_loop *loop = ehlo_memory_zalloc(1, sizeof *loop);
  if (!loop) return NULL;
  loop->later_end = &loop->later;
  loop->base = make_base();
  loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (!loop->base || loop->wake_fd < 0) goto fail;
  event_assign(&loop->alarm, loop->base, -1, 0, ring, NULL);
  event_assign(&loop->woken, loop->base, loop->wake_fd, EV_READ | EV_PERSIST, hear, NULL);
  if (event_add(&loop->woken, NULL) == 0) return loop;
fail:
  if (loop->wake_fd >= 0) close(loop->wake_fd);
  if (loop->base) event_base_free(loop->base);
  ehlo_memory_free(loop);
  return NULL;
}

void ehlo_loop_free(struct ehlo_loop *loop) {
  if (!loop) return;
  event_del(&loop->woken);
  event_del(&loop->alarm);
  close(loop->wake_fd);
  event_base_free(loop->base);
  ehlo_timers_fini(&loop->timers);
  ehlo_memory_free(loop);
}

void ehlo_loop_wake(struct ehlo_loop *loop) {
  int kept = errno;
  uint64_t one = 1;
  while (write(loop->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
    continue;
  errno = kept;
}

void ehlo_later_add(struct ehlo_loop *loop, struct ehlo_later *l) {
  if (l->at) return;
  l->next = NULL;
  l->at = loop->later_end;
  *loop->later_end = l;
  loop->later_end = &l->next;
}

void ehlo_later_remove(struct ehlo_loop *loop, struct ehlo_later *l) {
  if (!l->at) return;
  *l->at = l->next;
  if (l->next) {
    l->next->at = l->at;
  } else if (loop->later_end == &l->next) {
    loop->later_end = l->at;
  }
  l->at = NULL;
}

/* Only what was queued when it began: work that queues itself again waits for the next turn. A marker ends the run, for
 * what runs may take others out of the queue. */
static void run_later(struct ehlo_loop *loop) {
  if (!loop->later) return;
  ehlo_later_add(loop, &loop->marker);
  for (struct ehlo_later *l = loop->later; l != &loop->marker; l = loop->later) {
    ehlo_later_remove(loop, l);
    l->run(l);
  }
  ehlo_later_remove(loop, &loop->marker);
}

/* Sets libevent's one timer to the earliest of ours, only when that changed. */
static void set_alarm(struct ehlo_loop *loop, double now) {
  double first = loop->timers.n ? loop->timers.heap[0]->at : 0;
  if (first == loop->alarm_at && (!loop->timers.n || event_pending(&loop->alarm, EV_TIMEOUT, NULL))) return;
  loop->alarm_at = first;
  if (!loop->timers.n) {
    event_del(&loop->alarm);
    return;
  }
  double left = first - now;
  if (!(left > 0)) left = 0;
  if (left > 86400) left = 86400;
  struct timeval tv = {.tv_sec = (time_t)left};
  tv.tv_usec = (suseconds_t)((left - (double)tv.tv_sec) * 1e6);
  event_add(&loop->alarm, &tv);
}

bool ehlo_loop_wait(struct ehlo_loop *loop, bool block) {
  double now = ehlo_clock_monotonic();
  bool due = loop->later || (loop->timers.n && loop->timers.heap[0]->at <= now);
  set_alarm(loop, now);
  int events = event_base_get_num_events(loop->base, EVENT_BASE_COUNT_ADDED | EVENT_BASE_COUNT_ACTIVE);
  if (events <= 1 && !loop->timers.n && !loop->later) return false; /* the one is the wake event */
  event_base_loop(loop->base, EVLOOP_ONCE | (block && !due ? 0 : EVLOOP_NONBLOCK));
  run_later(loop);
  if (loop->timers.n) ehlo_timers_fire(&loop->timers, ehlo_clock_monotonic());
  return true;
}

bool ehlo_loop_turn(struct ehlo_loop *loop, bool block) {
  bool ready = loop->ready != NULL;
  return ehlo_loop_wait(loop, block && !ready) || loop->ready;
}

void ehlo_loop_queue(struct ehlo_loop *loop, struct ehlo_op *op) {
  op->next = NULL;
  op->queued = true;
  if (loop->ready_last) {
    loop->ready_last->next = op;
  } else {
    loop->ready = op;
  }
  loop->ready_last = op;
}

static void unlink_after(struct ehlo_loop *loop, struct ehlo_op *before, struct ehlo_op *op) {
  if (before) {
    before->next = op->next;
  } else {
    loop->ready = op->next;
  }
  if (loop->ready_last == op) loop->ready_last = before;
  op->next = NULL;
  op->queued = false;
}

void ehlo_loop_unqueue(struct ehlo_loop *loop, struct ehlo_op *op) {
  if (!op->queued) return;
  struct ehlo_op *before = NULL, *at = loop->ready;
  for (; at != op; at = at->next)
    before = at;
  unlink_after(loop, before, op);
}

struct ehlo_op *ehlo_loop_next_ready(struct ehlo_loop *loop) {
  struct ehlo_op *op = loop->ready;
  if (op) unlink_after(loop, NULL, op);
  return op;
}

struct ehlo_op *ehlo_loop_next_told(struct ehlo_loop *loop) {
  struct ehlo_op *before = NULL;
  for (struct ehlo_op *op = loop->ready; op; before = op, op = op->next) {
    if (!op->told) continue;
    unlink_after(loop, before, op);
    return op;
  }
  return NULL;
}
