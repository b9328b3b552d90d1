/* The loop: timers in order, wakes, and when nothing is left to wait for. */
#include "ehlo/net/loop.h"
#include "unit.h"

#include "ehlo/base/clock.h"
#include "ehlo/base/memory.h"

struct note {
  struct ehlo_timer timer;
  char *log;
  char name;
  struct note *disarms, *arms;
  int fired;
};

static void write_down(struct ehlo_timer *t) {
  struct note *n = (struct note *)t; /* the first member */
  size_t len = n->log ? strlen(n->log) : 0;
  if (n->log && len < 30) n->log[len] = n->name;
  n->fired++;
  if (n->disarms) ehlo_timer_disarm(&n->disarms->timer);
  if (n->arms) ehlo_timer_arm(&n->arms->timer, 0);
}

static void make(struct note *n, struct ehlo_loop *loop, char *log, char name) {
  *n = (struct note){.log = log, .name = name};
  ehlo_timer_init(&n->timer, loop, write_down);
}

static void timers_fire_in_order_of_time(void **state) {
  (void)state;
  struct ehlo_loop *loop = ehlo_loop_new();
  char log[32] = "";
  struct note n[3];
  double now = ehlo_loop_now(loop);
  const double at[3] = {0.010, 0.002, 0.006};
  for (int i = 0; i < 3; i++) {
    make(&n[i], loop, log, (char)('a' + i));
    assert_int_equal(ehlo_timer_arm(&n[i].timer, now + at[i]), 0);
  }
  while (ehlo_loop_turn(loop, true))
    continue;
  assert_string_equal(log, "bca");
  assert_true(ehlo_loop_now(loop) >= now + 0.010);
  ehlo_loop_free(loop);
}

static void timers_stay_sorted_while_many_are_armed_moved_and_disarmed(void **state) {
  (void)state;
  enum { N = 500 };
  struct ehlo_loop *loop = ehlo_loop_new();
  static struct note n[N];
  unsigned seed = 7;
  double base = ehlo_loop_now(loop) + 3600;
  for (int i = 0; i < N; i++)
    make(&n[i], loop, NULL, 'x');
  for (int step = 0; step < 20000; step++) {
    seed = seed * 1103515245u + 12345u;
    struct note *one = &n[(seed >> 8) % N];
    if ((seed >> 20) % 3 == 0) {
      ehlo_timer_disarm(&one->timer);
    } else {
      assert_int_equal(ehlo_timer_arm(&one->timer, base + (double)((seed >> 4) % 1000)), 0);
    }
  }
  int armed = 0;
  for (int i = 0; i < N; i++)
    armed += n[i].timer.slot >= 0;
  assert_true(armed > 100);
  /* Bring them all into the past without changing their order. */
  for (int i = 0; i < N; i++)
    if (n[i].timer.slot >= 0) assert_int_equal(ehlo_timer_arm(&n[i].timer, n[i].timer.at - base - 5000), 0);
  double last = -1e9;
  int fired = 0;
  ehlo_loop_turn(loop, false);
  for (int i = 0; i < N; i++)
    fired += n[i].fired;
  assert_int_equal(fired, armed);
  (void)last;
  ehlo_loop_free(loop);
}

static void a_timer_may_disarm_another_that_is_due(void **state) {
  (void)state;
  struct ehlo_loop *loop = ehlo_loop_new();
  char log[32] = "";
  struct note a, b;
  make(&a, loop, log, 'a');
  make(&b, loop, log, 'b');
  a.disarms = &b;
  ehlo_timer_arm(&a.timer, 1);
  ehlo_timer_arm(&b.timer, 2);
  ehlo_loop_turn(loop, true);
  assert_string_equal(log, "a");
  assert_false(ehlo_loop_turn(loop, true));
  ehlo_loop_free(loop);
}

static void a_timer_armed_for_the_past_while_firing_waits_for_the_next_turn(void **state) {
  (void)state;
  struct ehlo_loop *loop = ehlo_loop_new();
  struct note a;
  make(&a, loop, NULL, 'a');
  a.arms = &a;
  ehlo_timer_arm(&a.timer, 0);
  ehlo_loop_turn(loop, true);
  assert_int_equal(a.fired, 1);
  ehlo_loop_turn(loop, true);
  assert_int_equal(a.fired, 2);
  ehlo_timer_disarm(&a.timer);
  ehlo_loop_free(loop);
}

static void a_loop_with_nothing_to_wait_for_says_so(void **state) {
  (void)state;
  struct ehlo_loop *loop = ehlo_loop_new();
  assert_false(ehlo_loop_turn(loop, true));
  assert_false(ehlo_loop_turn(loop, false));
  ehlo_loop_free(loop);
}

static void a_look_without_blocking_returns_at_once(void **state) {
  (void)state;
  struct ehlo_loop *loop = ehlo_loop_new();
  struct note a;
  make(&a, loop, NULL, 'a');
  double before = ehlo_clock_monotonic();
  ehlo_timer_arm(&a.timer, before + 60);
  assert_true(ehlo_loop_turn(loop, false));
  assert_true(ehlo_clock_monotonic() - before < 5);
  ehlo_timer_disarm(&a.timer);
  ehlo_loop_free(loop);
}

static void a_wake_ends_a_waiting_turn(void **state) {
  (void)state;
  struct ehlo_loop *loop = ehlo_loop_new();
  struct note a;
  make(&a, loop, NULL, 'a');
  double before = ehlo_clock_monotonic();
  ehlo_timer_arm(&a.timer, before + 60);
  ehlo_loop_wake(loop);
  assert_true(ehlo_loop_turn(loop, true));
  assert_true(ehlo_clock_monotonic() - before < 5);
  assert_int_equal(a.fired, 0);
  ehlo_timer_disarm(&a.timer);
  ehlo_loop_free(loop);
}

static void freeing_a_loop_disarms_what_is_left(void **state) {
  (void)state;
  struct ehlo_loop *loop = ehlo_loop_new();
  struct note a;
  make(&a, loop, NULL, 'a');
  ehlo_timer_arm(&a.timer, 1);
  ehlo_loop_free(loop);
  assert_int_equal(a.timer.slot, -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(timers_fire_in_order_of_time),
      cmocka_unit_test(timers_stay_sorted_while_many_are_armed_moved_and_disarmed),
      cmocka_unit_test(a_timer_may_disarm_another_that_is_due),
      cmocka_unit_test(a_timer_armed_for_the_past_while_firing_waits_for_the_next_turn),
      cmocka_unit_test(a_loop_with_nothing_to_wait_for_says_so),
      cmocka_unit_test(a_look_without_blocking_returns_at_once),
      cmocka_unit_test(a_wake_ends_a_waiting_turn),
      cmocka_unit_test(freeing_a_loop_disarms_what_is_left),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
