/* Whose turn it is to connect: one at a time to an address, in order, and no faster than the pace. */
#include "ehlo/smtp/pace.h"
#include "unit.h"

#include <stdlib.h>

static char order[64];

struct client {
  struct ehlo_pace_ticket ticket; /* first */
  char name;
};

static void note(struct ehlo_pace_ticket *t) {
  const size_t len = strlen(order);
  assert_true(len + 1 < sizeof order);
  order[len] = ((struct client *)t)->name;
}

static struct client client(char name, const void *owner, struct ehlo_pace_limits limits) {
  return (struct client){.ticket = {.granted = note, .owner = owner, .limits = limits}, .name = name};
}

static struct ehlo_endpoint server(const char *address) {
  struct ehlo_endpoint e;
  assert_int_equal(ehlo_endpoint_read(ehlo_slice_str(address), 25, &e), 0);
  return e;
}

struct fixture {
  struct ehlo_loop *loop;
  struct ehlo_pace pace;
};

static int begin(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  f->loop = ehlo_loop_new();
  ehlo_pace_init(&f->pace, f->loop);
  memset(order, 0, sizeof order);
  *state = f;
  return 0;
}

static int end(void **state) {
  struct fixture *f = *state;
  ehlo_pace_fini(&f->pace);
  ehlo_loop_free(f->loop);
  free(f);
  return 0;
}

static const struct ehlo_pace_limits one = {1, 0}, at_will = {0, 0};

static void those_who_wait_come_in_the_order_in_which_they_asked(void **state) {
  struct fixture *f = *state;
  const struct ehlo_endpoint to = server("192.0.2.1");
  int owners[4];
  struct client c[4];
  for (int i = 0; i < 4; i++) {
    c[i] = client((char)('a' + i), &owners[i], one);
    assert_int_equal(ehlo_pace_take(&f->pace, &c[i].ticket, &to), i == 0);
  }
  assert_string_equal(order, "");
  for (int i = 0; i < 4; i++) {
    ehlo_pace_return(&c[i].ticket);
    assert_int_equal(strlen(order), i); /* never from inside the call */
    (void)ehlo_loop_turn(f->loop, false);
  }
  assert_string_equal(order, "bcd");
}

static void addresses_and_ports_that_differ_are_places_of_their_own(void **state) {
  struct fixture *f = *state;
  struct ehlo_endpoint to[3] = {server("192.0.2.1"), server("192.0.2.2"), server("192.0.2.1")};
  to[2].port = 587;
  int owners[3];
  struct client c[3];
  for (int i = 0; i < 3; i++) {
    c[i] = client((char)('a' + i), &owners[i], one);
    assert_int_equal(ehlo_pace_take(&f->pace, &c[i].ticket, &to[i]), 1);
  }
  for (int i = 0; i < 3; i++)
    ehlo_pace_return(&c[i].ticket);
}

static void nobody_waits_for_its_own_nor_for_what_is_in_the_hands_of_a_person(void **state) {
  struct fixture *f = *state;
  const struct ehlo_endpoint to = server("192.0.2.1");
  int task, other;
  struct client first = client('1', &task, one), queued = client('q', &other, one), second = client('2', &task, one),
                hand = client('h', NULL, one);
  assert_int_equal(ehlo_pace_take(&f->pace, &hand.ticket, &to), 1);
  assert_int_equal(ehlo_pace_take(&f->pace, &first.ticket, &to), 1);
  assert_int_equal(ehlo_pace_take(&f->pace, &queued.ticket, &to), 0);
  assert_int_equal(ehlo_pace_take(&f->pace, &second.ticket, &to), 1); /* or both would wait for ever */
  ehlo_pace_disown(&first.ticket);
  ehlo_pace_disown(&second.ticket);
  (void)ehlo_loop_turn(f->loop, false);
  assert_string_equal(order, "q");
  struct client *all[] = {&first, &queued, &second, &hand};
  for (int i = 0; i < 4; i++)
    ehlo_pace_return(&all[i]->ticket);
}

static void who_leaves_the_queue_makes_room_for_the_next(void **state) {
  struct fixture *f = *state;
  const struct ehlo_endpoint to = server("192.0.2.1");
  int owners[3];
  struct client a = client('a', &owners[0], one), b = client('b', &owners[1], one), c = client('c', &owners[2], one);
  (void)ehlo_pace_take(&f->pace, &a.ticket, &to);
  (void)ehlo_pace_take(&f->pace, &b.ticket, &to);
  (void)ehlo_pace_take(&f->pace, &c.ticket, &to);
  ehlo_pace_return(&a.ticket);
  ehlo_pace_return(&b.ticket); /* gave up before its turn came */
  (void)ehlo_loop_turn(f->loop, false);
  assert_string_equal(order, "c");
  ehlo_pace_return(&c.ticket);
  ehlo_pace_return(&c.ticket); /* harmless */
}

static void the_pace_lets_a_few_go_at_once_and_the_rest_in_time(void **state) {
  struct fixture *f = *state;
  const struct ehlo_endpoint to = server("192.0.2.1");
  const struct ehlo_pace_limits limits = {0, 200};
  struct client c[EHLO_PACE_BURST + 4];
  const int n = (int)(sizeof c / sizeof *c);
  const double began = ehlo_loop_now(f->loop);
  int at_once = 0;
  for (int i = 0; i < n; i++) {
    c[i] = client((char)('a' + i), NULL, limits);
    at_once += ehlo_pace_take(&f->pace, &c[i].ticket, &to);
  }
  assert_in_range(at_once, EHLO_PACE_BURST, EHLO_PACE_BURST + 2);
  while ((int)strlen(order) < n - at_once)
    assert_true(ehlo_loop_turn(f->loop, true));
  assert_true(ehlo_loop_now(f->loop) - began >= 4 / 200.0 * 0.99);
  for (int i = 0; i < n; i++)
    ehlo_pace_return(&c[i].ticket);
}

static void places_are_forgotten_once_nobody_is_there(void **state) {
  struct fixture *f = *state;
  for (int i = 0; i < 20000; i++) {
    char text[40];
    snprintf(text, sizeof text, "127.0.%d.%d", i / 250 % 250, i % 250 + 1);
    const struct ehlo_endpoint to = server(text);
    struct client c = client('x', NULL, at_will);
    assert_int_equal(ehlo_pace_take(&f->pace, &c.ticket, &to), 1);
    ehlo_pace_return(&c.ticket);
  }
  int kept = 0;
  struct ehlo_pace_place *place = TAILQ_FIRST(&f->pace.empty);
  kept += place != NULL;
  assert_true(kept <= 1);
  assert_ptr_equal(place, TAILQ_LAST(&f->pace.empty, ehlo_pace_places));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(those_who_wait_come_in_the_order_in_which_they_asked, begin, end),
      cmocka_unit_test_setup_teardown(addresses_and_ports_that_differ_are_places_of_their_own, begin, end),
      cmocka_unit_test_setup_teardown(nobody_waits_for_its_own_nor_for_what_is_in_the_hands_of_a_person, begin, end),
      cmocka_unit_test_setup_teardown(who_leaves_the_queue_makes_room_for_the_next, begin, end),
      cmocka_unit_test_setup_teardown(the_pace_lets_a_few_go_at_once_and_the_rest_in_time, begin, end),
      cmocka_unit_test_setup_teardown(places_are_forgotten_once_nobody_is_there, begin, end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
