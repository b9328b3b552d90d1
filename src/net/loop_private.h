/* Owns: what the files of net share about the loop beside its public header: work put off until the events of a
 * turn are through, and waiting as op.c needs it. Callers: net only. */
#ifndef EHLO_NET_LOOP_PRIVATE_H
#define EHLO_NET_LOOP_PRIVATE_H

#include "ehlo/net/loop.h"
#include "ehlo/net/op.h"

/* Runs once, from the loop and never from inside the call that asked for it. Embedded; costs no memory and no
 * system call. */
struct ehlo_later {
  void (*run)(struct ehlo_later *l);
  struct ehlo_later *next;
  struct ehlo_later **at; /* what points here; NULL when not queued */
};
void ehlo_later_add(struct ehlo_loop *loop, struct ehlo_later *l);
void ehlo_later_remove(struct ehlo_loop *loop, struct ehlo_later *l);

/* A turn that heeds no ready op: ops of coroutines stay queued while a C caller drives its own. */
bool ehlo_loop_wait(struct ehlo_loop *loop, bool block);

void ehlo_loop_queue(struct ehlo_loop *loop, struct ehlo_op *op);
void ehlo_loop_unqueue(struct ehlo_loop *loop, struct ehlo_op *op);
/* The first ready op with a C waiter; NULL when there is none. */
struct ehlo_op *ehlo_loop_next_told(struct ehlo_loop *loop);

/* Timers: the heap's side. */
struct ehlo_timers {
  struct ehlo_timer **heap;
  int n, cap;
  bool firing;
  double fired_at; /* valid while firing */
};
struct ehlo_timers *ehlo_loop_timers(struct ehlo_loop *loop);
void ehlo_timers_fini(struct ehlo_timers *all);
void ehlo_timers_fire(struct ehlo_timers *all, double now);

#endif
