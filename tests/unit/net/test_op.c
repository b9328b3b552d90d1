/* Operations: every order of start, wait, finish, cancel and deadline. */
#include "ehlo/net/op.h"
#include "unit.h"

#include "ehlo/base/clock.h"
#include "ehlo/base/error.h"

struct work {
  struct ehlo_op op;
  int stops, told;
  bool ends_in_stop;
  struct ehlo_timer timer;
};

static void stop(struct ehlo_op *op) {
  struct work *w = (struct work *)op;
  w->stops++;
  if (w->ends_in_stop) ehlo_op_finish(op, 0);
}
static void told(struct ehlo_op *op) {
  ((struct work *)op)->told++;
}
static void complete(struct ehlo_timer *t) {
  struct work *w = (struct work *)((char *)t - offsetof(struct work, timer));
  ehlo_op_finish(&w->op, 0);
}

static void make(struct work *w, struct ehlo_loop *loop) {
  *w = (struct work){0};
  ehlo_op_init(&w->op, loop, stop);
  ehlo_timer_init(&w->timer, loop, complete);
}

static int make_loop(void **state) {
  return (*state = ehlo_loop_new()) ? 0 : -1;
}
static int free_loop(void **state) {
  return ehlo_loop_free(*state), 0;
}

static void an_op_done_before_anybody_waits_is_not_queued(void **state) {
  struct work w;
  make(&w, *state);
  assert_int_equal(ehlo_op_start(&w.op, 0), 0);
  ehlo_op_finish(&w.op, EHLO_E_DNS);
  assert_false(ehlo_op_wait(&w.op, &w));
  assert_int_equal(w.op.error, EHLO_E_DNS);
  assert_null(ehlo_loop_next_ready(*state));
  ehlo_op_fini(&w.op);
}

static void a_waiter_is_told_through_the_ready_queue_first_in_first_out(void **state) {
  struct work a, b;
  make(&a, *state);
  make(&b, *state);
  ehlo_op_start(&a.op, 0);
  ehlo_op_start(&b.op, 0);
  assert_true(ehlo_op_wait(&a.op, &a));
  assert_true(ehlo_op_wait(&b.op, &b));
  ehlo_op_finish(&b.op, 0);
  ehlo_op_finish(&a.op, 0);
  assert_true(ehlo_loop_turn(*state, true)); /* ready ops: never blocks */
  assert_ptr_equal(ehlo_loop_next_ready(*state), &b.op);
  assert_ptr_equal(ehlo_loop_next_ready(*state), &a.op);
  assert_null(ehlo_loop_next_ready(*state));
  assert_ptr_equal(a.op.waiter, &a);
}

static void the_first_end_counts(void **state) {
  struct work w;
  make(&w, *state);
  ehlo_op_start(&w.op, 0);
  ehlo_op_finish(&w.op, EHLO_E_CLOSED);
  ehlo_op_finish(&w.op, 0);
  ehlo_op_cancel(&w.op, EHLO_E_CANCELLED);
  assert_int_equal(w.op.error, EHLO_E_CLOSED);
  assert_int_equal(w.stops, 0);
}

static void cancel_stops_the_work_once_and_tells_the_waiter(void **state) {
  struct work w;
  make(&w, *state);
  ehlo_op_start(&w.op, 0);
  ehlo_op_wait(&w.op, NULL);
  ehlo_op_cancel(&w.op, EHLO_E_CANCELLED);
  ehlo_op_cancel(&w.op, EHLO_E_CANCELLED);
  assert_int_equal(w.stops, 1);
  assert_int_equal(w.op.error, EHLO_E_CANCELLED);
  assert_ptr_equal(ehlo_loop_next_ready(*state), &w.op);
}

static void work_that_ends_inside_stop_keeps_its_own_result(void **state) {
  struct work w;
  make(&w, *state);
  w.ends_in_stop = true;
  ehlo_op_start(&w.op, 0);
  ehlo_op_cancel(&w.op, EHLO_E_CANCELLED);
  assert_int_equal(w.op.error, 0);
}

static void a_deadline_stops_the_work_with_timeout(void **state) {
  struct work w;
  make(&w, *state);
  ehlo_op_start(&w.op, ehlo_loop_now(*state) + 0.005);
  ehlo_op_drive(&w.op);
  assert_int_equal(w.op.state, EHLO_OP_DONE);
  assert_int_equal(w.op.error, EHLO_E_TIMEOUT);
  assert_int_equal(w.stops, 1);
}

static void an_op_under_way_refuses_a_second_start(void **state) {
  struct work w;
  make(&w, *state);
  assert_int_equal(ehlo_op_start(&w.op, 0), 0);
  assert_int_equal(ehlo_op_start(&w.op, 0), EHLO_E_BUSY);
  ehlo_op_finish(&w.op, 0);
  assert_int_equal(ehlo_op_start(&w.op, 0), 0);
  ehlo_op_fini(&w.op);
  assert_int_equal(w.stops, 1);
}

static void an_op_that_goes_away_leaves_the_ready_queue(void **state) {
  struct work w[3];
  for (int i = 0; i < 3; i++) {
    make(&w[i], *state);
    ehlo_op_start(&w[i].op, 0);
    ehlo_op_wait(&w[i].op, NULL);
    ehlo_op_finish(&w[i].op, 0);
  }
  ehlo_op_fini(&w[2].op);
  ehlo_op_fini(&w[0].op);
  assert_ptr_equal(ehlo_loop_next_ready(*state), &w[1].op);
  assert_null(ehlo_loop_next_ready(*state));
}

static void driving_tells_c_waiters_and_leaves_coroutines_queued(void **state) {
  struct work driven, c, coroutine;
  make(&driven, *state);
  make(&c, *state);
  make(&coroutine, *state);
  c.op.told = told;
  ehlo_op_start(&c.op, 0);
  ehlo_op_wait(&c.op, NULL);
  ehlo_op_start(&coroutine.op, 0);
  ehlo_op_wait(&coroutine.op, NULL);
  ehlo_op_finish(&coroutine.op, 0);
  ehlo_op_finish(&c.op, 0);
  ehlo_op_start(&driven.op, 0);
  ehlo_timer_arm(&driven.timer, ehlo_loop_now(*state) + 0.003);
  ehlo_op_drive(&driven.op);
  assert_int_equal(driven.op.error, 0);
  assert_int_equal(c.told, 1);
  assert_ptr_equal(ehlo_loop_next_ready(*state), &coroutine.op);
}

static void driving_an_op_that_nothing_can_end_ends_it(void **state) {
  struct work w;
  make(&w, *state);
  ehlo_op_start(&w.op, 0);
  ehlo_op_drive(&w.op);
  assert_int_equal(w.op.error, EHLO_E_INTERNAL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_op_done_before_anybody_waits_is_not_queued),
      cmocka_unit_test(a_waiter_is_told_through_the_ready_queue_first_in_first_out),
      cmocka_unit_test(the_first_end_counts),
      cmocka_unit_test(cancel_stops_the_work_once_and_tells_the_waiter),
      cmocka_unit_test(work_that_ends_inside_stop_keeps_its_own_result),
      cmocka_unit_test(a_deadline_stops_the_work_with_timeout),
      cmocka_unit_test(an_op_under_way_refuses_a_second_start),
      cmocka_unit_test(an_op_that_goes_away_leaves_the_ready_queue),
      cmocka_unit_test(driving_tells_c_waiters_and_leaves_coroutines_queued),
      cmocka_unit_test(driving_an_op_that_nothing_can_end_ends_it),
  };
  return cmocka_run_group_tests(tests, make_loop, free_loop);
}
