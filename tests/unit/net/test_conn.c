/* Plain connections against sockets on loopback: order of events, bounds, and closing at the worst moment. */
#include "peer.h"

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

static void say(int fd, const char *text) {
  assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void reset(int fd) {
  struct linger hard = {1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close(fd);
}

static void a_connection_tells_that_it_is_connected_then_gives_its_bytes(void **state) {
  struct peer *p = *state;
  struct heard h;
  heard_init(&h, p, 1000);
  assert_int_equal(ehlo_conn_open(&h.conn, ehlo_dialler_direct, &p->at, NULL), 0);
  assert_int_equal(h.n, 0); /* never from inside the call */
  assert_false(ehlo_conn_is_open(&h.conn));
  int fd = accept(p->listener, NULL, NULL);
  say(fd, "220 ready\r\n");
  TURN_UNTIL(p->loop, heard_event(&h, 'd'));
  assert_string_equal(h.events, "Cd");
  assert_true(ehlo_conn_is_open(&h.conn));
  assert_slice(ehlo_buf_slice(&h.conn.input), "220 ready\r\n");
  struct ehlo_endpoint local, peer;
  assert_int_equal(ehlo_conn_names(&h.conn, &local, &peer), 0);
  assert_int_equal(peer.port, p->at.port);
  assert_int_equal(local.bytes[0], 127);
  ehlo_conn_fini(&h.conn);
  close(fd);
}

static void bytes_that_come_one_by_one_arrive_in_order(void **state) {
  struct peer *p = *state;
  struct heard h;
  heard_init(&h, p, 1000);
  int fd = heard_open(&h, p);
  const char text[] = "250-one\r\n250 two\r\n";
  for (size_t i = 0; i < strlen(text); i++) {
    assert_int_equal(send(fd, text + i, 1, 0), 1);
    TURN_UNTIL(p->loop, h.conn.input.len == i + 1);
  }
  assert_slice(ehlo_buf_slice(&h.conn.input), text);
  ehlo_conn_fini(&h.conn);
  close(fd);
}

static void data_before_the_end_is_told_first(void **state) {
  struct peer *p = *state;
  struct heard h;
  heard_init(&h, p, 1000);
  int fd = heard_open(&h, p);
  say(fd, "421 bye\r\n");
  close(fd);
  TURN_UNTIL(p->loop, heard_event(&h, 'E'));
  assert_string_equal(h.events, "CdE");
  assert_false(ehlo_conn_is_open(&h.conn));
  assert_slice(ehlo_buf_slice(&h.conn.input), "421 bye\r\n");
  ehlo_conn_fini(&h.conn);
}

static void a_reset_is_told_as_such(void **state) {
  struct peer *p = *state;
  struct heard h;
  heard_init(&h, p, 1000);
  reset(heard_open(&h, p));
  TURN_UNTIL(p->loop, heard_event(&h, 'F'));
  assert_int_equal(h.conn.error, EHLO_E_CLOSED);
  assert_string_equal(h.conn.reason, "reset");
  assert_non_null(strstr(h.conn.trouble, "reset"));
  assert_int_equal(ehlo_conn_write(&h.conn, ehlo_slice_str("x"), false), EHLO_E_CLOSED);
  ehlo_conn_fini(&h.conn);
}

static void a_refused_connection_says_refused(void **state) {
  struct peer *p = *state, other;
  struct heard h;
  peer_open(&other);
  struct ehlo_endpoint nobody = other.at;
  peer_close(&other);
  heard_init(&h, p, 1000);
  int error = ehlo_conn_open(&h.conn, ehlo_dialler_direct, &nobody, NULL);
  if (error == 0) TURN_UNTIL(p->loop, heard_event(&h, 'F'));
  assert_int_equal(h.conn.error, EHLO_E_CONNECT);
  assert_string_equal(h.conn.reason, "refused");
  ehlo_conn_fini(&h.conn);
}

static void a_dial_that_fails_at_once_fills_the_words_too(void **state) {
  struct peer *p = *state;
  struct heard h;
  heard_init(&h, p, 1000);
  struct ehlo_endpoint nowhere = {.family = 1, .path = "/nonexistent/lmtp.sock"};
  assert_int_equal(ehlo_conn_open(&h.conn, ehlo_dialler_direct, &nowhere, NULL), EHLO_E_CONNECT);
  assert_string_equal(h.conn.reason, "refused");
  assert_true(h.conn.trouble[0] != '\0');
  assert_int_equal(h.n, 0);
  ehlo_conn_fini(&h.conn);
}

static void reading_pauses_when_the_input_is_full_and_goes_on_when_resumed(void **state) {
  struct peer *p = *state;
  struct heard h;
  heard_init(&h, p, 8);
  int fd = heard_open(&h, p);
  say(fd, "0123456789abcdefXYZ");
  close(fd);
  TURN_UNTIL(p->loop, h.conn.input.len == 8);
  for (int i = 0; i < 3; i++)
    ehlo_loop_turn(p->loop, false);
  assert_string_equal(h.events, "Cd");
  ehlo_conn_resume(&h.conn); /* nothing consumed: nothing happens */
  ehlo_loop_turn(p->loop, false);
  ehlo_buf_consume(&h.conn.input, 8);
  ehlo_conn_resume(&h.conn);
  TURN_UNTIL(p->loop, h.conn.input.len == 8);
  assert_slice(ehlo_buf_slice(&h.conn.input), "89abcdef");
  ehlo_buf_consume(&h.conn.input, 8);
  ehlo_conn_resume(&h.conn);
  TURN_UNTIL(p->loop, heard_event(&h, 'E'));
  assert_slice(ehlo_buf_slice(&h.conn.input), "XYZ");
  assert_string_equal(h.events, "CdddE");
  ehlo_conn_fini(&h.conn);
}

static void much_input_is_taken_over_several_turns(void **state) {
  enum { MUCH = 300000 };
  struct peer *p = *state;
  struct heard h;
  heard_init(&h, p, MUCH);
  int fd = heard_open(&h, p);
  char *bytes = ehlo_memory_zalloc(1, MUCH);
  for (size_t sent = 0; sent < MUCH;) {
    ssize_t n = send(fd, bytes + sent, MUCH - sent, MSG_DONTWAIT);
    if (n > 0) sent += (size_t)n;
    ehlo_loop_turn(p->loop, false);
  }
  TURN_UNTIL(p->loop, h.conn.input.len == MUCH);
  assert_true(h.n > MUCH / 16384); /* no turn took more than its share */
  ehlo_memory_free(bytes);
  ehlo_conn_fini(&h.conn);
  close(fd);
}

static void a_slow_reader_gets_everything_and_the_writer_is_told(void **state) {
  enum { MUCH = 1000000 };
  struct peer *p = *state;
  struct heard h;
  heard_init(&h, p, 100);
  int fd = heard_open(&h, p), small = 65536;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  char *bytes = ehlo_memory_alloc(MUCH), *back = ehlo_memory_alloc(MUCH);
  for (int i = 0; i < MUCH; i++)
    bytes[i] = (char)(i * 7 + i / 251);
  assert_int_equal(ehlo_conn_write(&h.conn, ehlo_slice_of(bytes, MUCH / 2), true), 0);
  assert_int_equal(ehlo_conn_write(&h.conn, ehlo_slice_of(bytes + MUCH / 2, MUCH / 2), false), 0);
  assert_int_equal(h.n, 1);
  size_t got = 0;
  while (got < MUCH) {
    ssize_t n = recv(fd, back + got, MUCH - got, MSG_DONTWAIT);
    if (n > 0) got += (size_t)n;
    ehlo_loop_turn(p->loop, false);
  }
  assert_memory_equal(bytes, back, MUCH);
  TURN_UNTIL(p->loop, heard_event(&h, 'w'));
  ehlo_memory_free(bytes);
  ehlo_memory_free(back);
  ehlo_conn_fini(&h.conn);
  close(fd);
}

static void the_queue_has_a_maximum(void **state) {
  struct peer *p = *state;
  struct heard h;
  heard_init(&h, p, 100);
  int fd = heard_open(&h, p);
  char *bytes = ehlo_memory_zalloc(1, 1 << 20);
  int error = 0;
  for (int i = 0; i < 30 && !error; i++)
    error = ehlo_conn_write(&h.conn, ehlo_slice_of(bytes, 1 << 20), false);
  assert_int_equal(error, EHLO_E_LIMIT);
  ehlo_memory_free(bytes);
  ehlo_conn_fini(&h.conn);
  close(fd);
}

static void a_write_is_drained_from_the_loop_and_never_inside_the_call(void **state) {
  struct peer *p = *state;
  struct heard h;
  heard_init(&h, p, 100);
  int fd = heard_open(&h, p);
  assert_int_equal(ehlo_conn_write(&h.conn, ehlo_slice_str("EHLO a\r\n"), false), 0);
  assert_string_equal(h.events, "C");
  TURN_UNTIL(p->loop, heard_event(&h, 'w'));
  char back[20];
  assert_int_equal(recv(fd, back, sizeof back, 0), 8);
  ehlo_conn_fini(&h.conn);
  close(fd);
}

static void a_write_to_a_peer_that_is_gone_tells_its_last_words_first(void **state) {
  struct peer *p = *state;
  struct heard h;
  heard_init(&h, p, 100);
  int fd = heard_open(&h, p);
  say(fd, "421 too many\r\n");
  assert_int_equal(ehlo_conn_write(&h.conn, ehlo_slice_str("unread by the peer"), false), 0);
  close(fd); /* with unread bytes: the kernel sends a reset */
  ehlo_conn_write(&h.conn, ehlo_slice_str("more\r\n"), false);
  ehlo_conn_write(&h.conn, ehlo_slice_str("and more\r\n"), false);
  TURN_UNTIL(p->loop, heard_event(&h, 'F') || heard_event(&h, 'E'));
  assert_true(h.events[1] == 'd');
  assert_slice(ehlo_buf_slice(&h.conn.input), "421 too many\r\n");
  ehlo_conn_fini(&h.conn);
}

static void close_now(struct heard *h, enum ehlo_conn_event event) {
  (void)event;
  ehlo_conn_close(&h->conn);
}
static void fini_now(struct heard *h, enum ehlo_conn_event event) {
  (void)event;
  ehlo_conn_fini(&h->conn);
  memset(&h->conn, 0x5a, sizeof h->conn);
}

static void a_receiver_may_close_or_free_inside_any_event(void **state) {
  struct peer *p = *state;
  void (*const thens[])(struct heard *, enum ehlo_conn_event) = {close_now, fini_now};
  for (int freeing = 0; freeing < 2; freeing++) {
    for (int row = 0; row < 4; row++) {
      struct heard h;
      heard_init(&h, p, 100);
      if (row == 0) { /* in CONNECTED */
        h.then = thens[freeing];
        assert_int_equal(ehlo_conn_open(&h.conn, ehlo_dialler_direct, &p->at, NULL), 0);
        int fd = accept(p->listener, NULL, NULL);
        say(fd, "220 x\r\n");
        TURN_UNTIL(p->loop, h.n > 0);
        close(fd);
      } else { /* in DATA, CLOSED, FAILED */
        int fd = heard_open(&h, p);
        h.then = thens[freeing];
        h.n = 0;
        if (row == 1) say(fd, "data");
        if (row == 3) reset(fd);
        if (row != 3) close(fd);
        TURN_UNTIL(p->loop, h.n > 0);
      }
      for (int i = 0; i < 3; i++)
        ehlo_loop_turn(p->loop, false);
      assert_int_equal(h.n, 1);
      if (!freeing) ehlo_conn_fini(&h.conn);
    }
  }
}

static void a_connection_may_be_opened_again_after_its_end(void **state) {
  struct peer *p = *state;
  struct heard h;
  heard_init(&h, p, 100);
  int fd = heard_open(&h, p);
  say(fd, "old");
  reset(fd);
  TURN_UNTIL(p->loop, heard_event(&h, 'F'));
  memset(h.events, 0, sizeof h.events);
  h.n = 0;
  fd = heard_open(&h, p);
  assert_int_equal(h.conn.input.len, 0);
  assert_int_equal(h.conn.error, 0);
  assert_string_equal(h.conn.trouble, "");
  ehlo_conn_fini(&h.conn);
  close(fd);
}

static void an_accepted_socket_is_open_at_once_and_hears_a_half_close(void **state) {
  struct peer *p = *state;
  struct heard client, server;
  heard_init(&client, p, 100);
  heard_init(&server, p, 100);
  int fd = heard_open(&client, p);
  assert_int_equal(ehlo_conn_adopt(&server.conn, fd), 0);
  assert_true(ehlo_conn_is_open(&server.conn));
  ehlo_conn_write(&server.conn, ehlo_slice_str("220 x\r\n"), false);
  TURN_UNTIL(p->loop, heard_event(&client, 'd'));
  ehlo_conn_close(&client.conn);
  TURN_UNTIL(p->loop, heard_event(&server, 'E'));
  ehlo_conn_fini(&client.conn);
  ehlo_conn_fini(&server.conn);
}

static void close_leaves_no_event_behind(void **state) {
  struct peer *p = *state;
  struct heard h;
  heard_init(&h, p, 100);
  int fd = heard_open(&h, p);
  say(fd, "x");
  ehlo_conn_write(&h.conn, ehlo_slice_str("y"), false);
  ehlo_conn_close(&h.conn);
  ehlo_conn_close(&h.conn);
  assert_false(ehlo_loop_turn(p->loop, true));
  assert_string_equal(h.events, "C");
  ehlo_conn_fini(&h.conn);
  close(fd);
}

static void a_source_address_is_used(void **state) {
  struct peer *p = *state;
  struct heard h;
  heard_init(&h, p, 100);
  struct ehlo_endpoint from, local, peer;
  assert_int_equal(ehlo_endpoint_read(ehlo_slice_str("127.0.0.77"), 0, &from), 0);
  assert_int_equal(ehlo_conn_open(&h.conn, ehlo_dialler_direct, &p->at, &from), 0);
  TURN_UNTIL(p->loop, heard_event(&h, 'C'));
  assert_int_equal(ehlo_conn_names(&h.conn, &local, &peer), 0);
  assert_int_equal(local.bytes[3], 77);
  ehlo_conn_fini(&h.conn);
  close(accept(p->listener, NULL, NULL));
}

static int set_up(void **state) {
  static struct peer p;
  peer_open(&p);
  *state = &p;
  return 0;
}
static int tear_down(void **state) {
  peer_close(*state);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_connection_tells_that_it_is_connected_then_gives_its_bytes),
      cmocka_unit_test(bytes_that_come_one_by_one_arrive_in_order),
      cmocka_unit_test(data_before_the_end_is_told_first),
      cmocka_unit_test(a_reset_is_told_as_such),
      cmocka_unit_test(a_refused_connection_says_refused),
      cmocka_unit_test(a_dial_that_fails_at_once_fills_the_words_too),
      cmocka_unit_test(reading_pauses_when_the_input_is_full_and_goes_on_when_resumed),
      cmocka_unit_test(much_input_is_taken_over_several_turns),
      cmocka_unit_test(a_slow_reader_gets_everything_and_the_writer_is_told),
      cmocka_unit_test(the_queue_has_a_maximum),
      cmocka_unit_test(a_write_is_drained_from_the_loop_and_never_inside_the_call),
      cmocka_unit_test(a_write_to_a_peer_that_is_gone_tells_its_last_words_first),
      cmocka_unit_test(a_receiver_may_close_or_free_inside_any_event),
      cmocka_unit_test(a_connection_may_be_opened_again_after_its_end),
      cmocka_unit_test(an_accepted_socket_is_open_at_once_and_hears_a_half_close),
      cmocka_unit_test(close_leaves_no_event_behind),
      cmocka_unit_test(a_source_address_is_used),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
