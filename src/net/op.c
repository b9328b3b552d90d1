/* Owns: the states of an asynchronous operation. Callers: smtp and the bindings start, wait and cancel; callbacks
 * of the loop finish. Nothing here runs a waiter, save ehlo_op_drive. */
#include "ehlo/net/op.h"

#include <stddef.h>

#include "ehlo/base/error.h"
#include "loop_private.h"

static void expire(struct ehlo_timer *t) {
  struct ehlo_op *op = (struct ehlo_op *)((char *)t - offsetof(struct ehlo_op, deadline));
  ehlo_op_cancel(op, EHLO_E_TIMEOUT);
}

void ehlo_op_init(struct ehlo_op *op, struct ehlo_loop *loop, void (*stop)(struct ehlo_op *op)) {
  *op = (struct ehlo_op){.loop = loop, .stop = stop};
  ehlo_timer_init(&op->deadline, loop, expire);
}

static bool under_way(const struct ehlo_op *op) {
  return op->state == EHLO_OP_STARTED || op->state == EHLO_OP_WAITING;
}

int ehlo_op_start(struct ehlo_op *op, double deadline) {
  if (under_way(op)) return EHLO_E_BUSY;
  if (op->queued) return EHLO_E_BUSY; /* done, and its waiter not told yet */
  if (deadline > 0) {
    int error = ehlo_timer_arm(&op->deadline, deadline);
    if (error) return error;
  }
  op->state = EHLO_OP_STARTED;
  op->error = 0;
  op->waiter = NULL;
  return 0;
}

bool ehlo_op_wait(struct ehlo_op *op, void *waiter) {
  if (op->state != EHLO_OP_STARTED) return false;
  op->waiter = waiter;
  op->state = EHLO_OP_WAITING;
  return true;
}

void ehlo_op_finish(struct ehlo_op *op, int error) {
  if (!under_way(op)) return;
  bool awaited = op->state == EHLO_OP_WAITING;
  ehlo_timer_disarm(&op->deadline);
  op->state = EHLO_OP_DONE;
  op->error = error;
  if (awaited) ehlo_loop_queue(op->loop, op);
}

/* `stop` may find that the work ends at once and finish the op itself: then that end counts. */
void ehlo_op_cancel(struct ehlo_op *op, int error) {
  if (!under_way(op)) return;
  ehlo_timer_disarm(&op->deadline);
  op->error = error;
  if (op->stop) op->stop(op);
  ehlo_op_finish(op, error);
}

void ehlo_op_fini(struct ehlo_op *op) {
  if (under_way(op)) {
    op->error = EHLO_E_CANCELLED;
    if (op->stop) op->stop(op);
  }
  ehlo_timer_disarm(&op->deadline);
  if (op->queued) ehlo_loop_unqueue(op->loop, op);
  op->state = EHLO_OP_IDLE;
  op->waiter = NULL;
}

void ehlo_op_drive(struct ehlo_op *op) {
  struct ehlo_loop *loop = op->loop;
  while (under_way(op)) {
    struct ehlo_op *other = ehlo_loop_next_told(loop);
    if (other) {
      other->told(other);
    } else if (!ehlo_loop_wait(loop, true)) {
      ehlo_op_cancel(op, EHLO_E_INTERNAL); /* nothing is left that could end it */
    }
  }
}
