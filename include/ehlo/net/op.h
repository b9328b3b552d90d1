/* Owns: the one form of anything asynchronous: started, waiting, done, with a deadline and cancel. Callers: smtp,
 * bindings. An op may be done before its starter could wait for it: that is a normal path. Callbacks of the loop
 * only finish ops; whoever waits is told later, from the ready queue, so that nothing runs inside a callback. */
#ifndef EHLO_NET_OP_H
#define EHLO_NET_OP_H

#include "ehlo/net/loop.h"

enum ehlo_op_state {
  EHLO_OP_IDLE,    /* nothing under way; may be started */
  EHLO_OP_STARTED, /* under way, nobody waits yet */
  EHLO_OP_WAITING, /* under way, `waiter` is to be told */
  EHLO_OP_DONE     /* `error` is valid */
};

struct ehlo_op {
  struct ehlo_loop *loop;
  enum ehlo_op_state state;
  int error;
  /* Lets go of what is under way; called by cancel and at the deadline, before the op is done; `error` says why. */
  void (*stop)(struct ehlo_op *op);
  /* Whether it may go on when whoever waits is interrupted, because it can be waited for later; NULL: it cannot. */
  bool (*outlasts)(const struct ehlo_op *op);
  void (*told)(struct ehlo_op *op); /* a C waiter, run from the ready queue; NULL when the waiter is a coroutine */
  void *waiter;                     /* whose it is, for `told` or the scheduler */
  struct ehlo_timer deadline;
  struct ehlo_op *next; /* in the ready queue */
  bool queued;
};

void ehlo_op_init(struct ehlo_op *op, struct ehlo_loop *loop, void (*stop)(struct ehlo_op *op));
/* IDLE or DONE -> STARTED; EHLO_E_BUSY otherwise, and while it stands in the ready queue. `deadline` is absolute, 0 for
 * none. */
int ehlo_op_start(struct ehlo_op *op, double deadline);
/* STARTED -> WAITING, true; false when it is done already (do not wait). */
bool ehlo_op_wait(struct ehlo_op *op, void *waiter);
/* -> DONE; queued as ready when somebody waits. Harmless when done already: the first end counts. */
void ehlo_op_finish(struct ehlo_op *op, int error);
/* stop, then finish with `error` (EHLO_E_CANCELLED or EHLO_E_TIMEOUT). Harmless when nothing is under way. */
void ehlo_op_cancel(struct ehlo_op *op, int error);
/* Leaves the ready queue and disarms; for owners that go away. Stops what is under way. */
void ehlo_op_fini(struct ehlo_op *op);
/* Turns the loop until `op` is done, telling other C waiters meanwhile (waiters that are coroutines stay queued). */
void ehlo_op_drive(struct ehlo_op *op);

#endif
