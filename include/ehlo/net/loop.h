/* Owns: the event loop: one a shell, on libevent. Callers: net, smtp, the Lua scheduler. Not thread-safe: one
 * thread owns it. */
#ifndef EHLO_NET_LOOP_H
#define EHLO_NET_LOOP_H

#include <stdbool.h>

struct event_base;
struct ehlo_loop;
struct ehlo_op;

struct ehlo_loop *ehlo_loop_new(void); /* NULL: no memory, or no event mechanism */
void ehlo_loop_free(struct ehlo_loop *loop);
struct event_base *ehlo_loop_base(struct ehlo_loop *loop);

/* Waits for events and runs their callbacks once; returns at once when ops are ready. False when nothing is left
 * that could ever happen (no event pending, no op ready). `block` false: looks, never waits. A signal whose handler
 * calls ehlo_loop_wake ends the wait early. */
bool ehlo_loop_turn(struct ehlo_loop *loop, bool block);
/* Makes a waiting turn return soon. Async-signal-safe. */
void ehlo_loop_wake(struct ehlo_loop *loop);

/* Monotonic seconds; cheap (some 20 ns). */
double ehlo_loop_now(const struct ehlo_loop *loop);

/* The ready queue: ops that are done and whose waiter has not been told. First in, first out; NULL when empty. */
struct ehlo_op *ehlo_loop_next_ready(struct ehlo_loop *loop);

/* One-shot timers, embedded in what they guard: a heap of our own, one libevent timer for all. `at` is on the clock
 * of ehlo_loop_now; an `at` in the past fires next turn. */
struct ehlo_timer {
  void (*fire)(struct ehlo_timer *t); /* the timer is disarmed when it is called */
  struct ehlo_loop *loop;
  double at;
  int slot; /* place in the loop's heap; -1 when not armed */
};
void ehlo_timer_init(struct ehlo_timer *t, struct ehlo_loop *loop, void (*fire)(struct ehlo_timer *t));
int ehlo_timer_arm(struct ehlo_timer *t, double at); /* again moves it; EHLO_E_MEMORY */
void ehlo_timer_disarm(struct ehlo_timer *t);

#endif
