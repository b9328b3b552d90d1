/* The rehearsal server, by the bytes that a client sends and gets: framing, order, where a message ends, and the faults that it
 * makes on purpose. Each dialogue goes out whole and in one-byte pieces, and must be answered alike. */
#include "rehearse.h"

#include <errno.h>

enum { ROOM = 64 * 1024 };

/* A client of plain system calls. */
struct client {
  int fd;
  char got[ROOM];
  size_t len;
  bool ended;
};

static void join(struct client *c, const struct stage *s) {
  struct sockaddr_in at = {.sin_family = AF_INET,
                           .sin_port = htons(ehlo_listener_at(s->listener)->port),
                           .sin_addr = {htonl(INADDR_LOOPBACK)}};
  *c = (struct client){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  assert_int_equal(connect(c->fd, (struct sockaddr *)&at, sizeof at), 0);
}

static bool hear_more(struct client *c) {
  const ssize_t n = recv(c->fd, c->got + c->len, ROOM - 1 - c->len, MSG_DONTWAIT);
  if (n > 0) c->len += (size_t)n;
  c->got[c->len] = '\0';
  return n == 0 || (n < 0 && errno != EAGAIN);
}

/* The client's own socket is not on the loop: nothing would wake it. */
#define SPIN_UNTIL(loop, condition)                                                                                    \
  do {                                                                                                                 \
    const double spin_end = ehlo_clock_monotonic() + 5;                                                                \
    while (!(condition)) {                                                                                             \
      ehlo_loop_turn(loop, false);                                                                                     \
      if (ehlo_clock_monotonic() > spin_end) fail_msg("waited in vain for: %s", #condition);                           \
    }                                                                                                                  \
  } while (0)

static void listen_to_the_end(struct stage *s, struct client *c) {
  SPIN_UNTIL(s->loop, (c->ended = hear_more(c)));
  close(c->fd);
}

/* All that the server says to a client that sends `input` and no more. */
static void converse(struct stage *s, struct client *c, const char *input, size_t len, size_t piece) {
  join(c, s);
  for (size_t at = 0; at < len; at += piece) {
    const size_t now = at + piece > len ? len - at : piece;
    if (send(c->fd, input + at, now, MSG_NOSIGNAL) < 0) break; /* the server hung up before */
    if (piece < len) ehlo_loop_turn(s->loop, false);
  }
  shutdown(c->fd, SHUT_WR);
  listen_to_the_end(s, c);
}

/* The codes of complete replies, in order: "220 250 ". */
static void codes_of(const struct client *c, char *out, size_t size) {
  size_t used = 0;
  out[0] = '\0';
  for (const char *line = c->got; line && *line; line = strchr(line, '\n')) {
    line += *line == '\n';
    if (strlen(line) > 3 && line[3] != '-') used += (size_t)snprintf(out + used, size - used, "%.3s ", line);
    if (used + 8 > size) break;
  }
}

#define HELLO "EHLO me.example.net\r\n"
#define MAIL "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n"

static const struct {
  const char *says, *input, *codes;
  const char *kept; /* the one message that must have been recorded; NULL: none */
} rows[] = {
    {"a whole message", HELLO MAIL "DATA\r\nx\r\n.\r\nQUIT\r\n", "220 250 250 250 354 250 221 ", "x\r\n"},
    {"commands of any case, and line ends of LF alone", "ehlo me\nmail from:<>\nrcpt to:<b@example.org>\nquit\n",
     "220 250 250 250 221 ", NULL},
    {"dots are unstuffed at the start of a line only", HELLO MAIL "DATA\r\n..a.\r\nb..\r\n.c\r\n.\r\n",
     "220 250 250 250 354 250 ", ".a.\r\nb..\r\nc\r\n"},
    {"a message ends with CRLF . CRLF and nothing less",
     HELLO MAIL "DATA\r\na\n.\nb\n.\r\nc\r\n.\nd\r.\r\n.\r\nNOOP\r\n", "220 250 250 250 354 250 250 ",
     "a\n.\nb\n.\r\nc\r\n\nd\r.\r\n"},
    {"a message that is cut off is none", HELLO MAIL "DATA\r\nx\r\n", "220 250 250 250 354 ", NULL},
    {"chunks are counted, whatever stands in them",
     HELLO MAIL "BDAT 9\r\n\r\n.\r\nQUIT"
                "BDAT 2 LAST\r\nxyNOOP\r\n",
     "220 250 250 250 250 250 250 ", "\r\n.\r\nQUITxy"},
    {"a last chunk may be empty", HELLO MAIL "BDAT 1\r\nxBDAT 0 LAST\r\n", "220 250 250 250 250 250 ", "x"},
    {"a chunk out of order is taken in, and refused", "BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", "220 503 250 ", NULL},
    {"DATA after BDAT is refused", HELLO MAIL "BDAT 1\r\nxDATA\r\nRSET\r\n", "220 250 250 250 250 503 250 ", NULL},
    {"a size that is none ends the session", HELLO MAIL "BDAT x\r\nNOOP\r\n", "220 250 250 250 501 ", NULL},
    {"a size beyond all bounds ends the session", HELLO MAIL "BDAT 99999999999999999999\r\nNOOP\r\n",
     "220 250 250 250 501 ", NULL},
    {"a login in two steps", HELLO "AUTH LOGIN\r\ndXNlcg==\r\nc2VjcmV0\r\nNOOP\r\n", "220 250 334 334 235 250 ", NULL},
    {"a login that is called off", HELLO "AUTH PLAIN\r\n*\r\nNOOP\r\n", "220 250 334 501 250 ", NULL},
    {"a response that is no base64", HELLO "AUTH PLAIN !\r\nNOOP\r\n", "220 250 501 250 ", NULL},
    {"an empty response", HELLO "AUTH PLAIN =\r\nNOOP\r\n", "220 250 535 250 ", NULL},
    {"a mechanism that nobody knows", HELLO "AUTH X\r\nAUTH\r\n", "220 250 504 501 ", NULL},
    {"STARTTLS where there is no TLS", HELLO "STARTTLS\r\nNOOP\r\n", "220 250 502 250 ", NULL},
    {"addresses that are none",
     HELLO "MAIL FROM:a\r\nMAIL FROM:<a\r\nMAIL FROM:<a>b\r\nMAIL TO:<>\r\nMAIL FROM:<\">\"@b>\r\n",
     "220 250 501 501 501 501 250 ", NULL},
    {"an empty line is no command", "\r\nNOOP\r\n", "220 500 250 ", NULL},
};

static void each_dialogue_is_answered_alike_whole_and_in_pieces(void **state) {
  (void)state;
  static struct client c;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    for (size_t piece = 1; piece < 5000; piece += 4998) {
      struct stage s = {.loop = ehlo_loop_new()};
      struct ehlo_listener_options o = {.user = "user", .secret = "secret"};
      char codes[256];
      assert_true(stage_listen(&s, &o));
      converse(&s, &c, rows[i].input, strlen(rows[i].input), piece);
      codes_of(&c, codes, sizeof codes);
      if (strcmp(codes, rows[i].codes) != 0)
        fail_msg("%s (%zu): %s, not %s", rows[i].says, piece, codes, rows[i].codes);
      const struct ehlo_visit *v = ehlo_listener_visit(s.listener, 0);
      assert_int_equal(v->n_messages, rows[i].kept != NULL);
      if (rows[i].kept) {
        const struct ehlo_buf *body = &v->messages[0].body;
        if (body->len != strlen(rows[i].kept) || memcmp(body->data, rows[i].kept, body->len) != 0)
          fail_msg("%s (%zu): kept \"%.*s\"", rows[i].says, piece, (int)body->len, body->data);
      }
      stage_clear(&s);
      ehlo_loop_free(s.loop);
    }
  }
}

static void a_line_without_an_end_is_given_up(void **state) {
  (void)state;
  static struct client c;
  static char endless[40000];
  struct stage s = {.loop = ehlo_loop_new()};
  struct ehlo_listener_options o = {0};
  memset(endless, 'x', sizeof endless);
  assert_true(stage_listen(&s, &o));
  join(&c, &s);
  assert_true(send(c.fd, endless, sizeof endless, MSG_NOSIGNAL) > 0);
  SPIN_UNTIL(s.loop, (c.ended = hear_more(&c)));
  assert_non_null(strstr(c.got, "\r\n500 5.5.6 "));
  close(c.fd);
  stage_clear(&s);
  ehlo_loop_free(s.loop);
}

static struct ehlo_answer *answer_of(struct ehlo_listener_options *o, enum ehlo_serve_verb verb) {
  stage_answer(o, &(struct said){verb, "250 Ok\r\n"});
  return o->answers[verb].list;
}

static void faults_are_made_as_told(void **state) {
  (void)state;
  static struct client c;
  static const struct {
    const char *says, *input, *wire; /* what follows the greeting */
    struct ehlo_answer fault;
  } faults[] = {
      {"bytes as they are", "NOOP\r\n", "250 Ok\r\n", {.cut = -1}},
      {"no reply at all", "NOOP\r\nNOOP\r\n", "", {.cut = -1, .drop = true}},
      {"half a reply, and an end", "NOOP\r\nNOOP\r\n", "250", {.cut = 3}},
      {"nothing of a reply, and an end", "NOOP\r\nNOOP\r\n", "", {.cut = 0}},
      {"a reply that drips", "NOOP\r\n", "250 Ok\r\n", {.cut = -1, .drip = 0.001}},
      {"a reply that is late", "NOOP\r\n", "250 Ok\r\n", {.cut = -1, .delay = 0.01}},
  };
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
    struct stage s = {.loop = ehlo_loop_new()};
    struct ehlo_listener_options o = {0};
    struct ehlo_answer *a = answer_of(&o, EHLO_SERVE_NOOP);
    a->cut = faults[i].fault.cut;
    a->drop = faults[i].fault.drop;
    a->drip = faults[i].fault.drip;
    a->delay = faults[i].fault.delay;
    assert_true(stage_listen(&s, &o));
    join(&c, &s);
    assert_true(send(c.fd, faults[i].input, strlen(faults[i].input), MSG_NOSIGNAL) > 0);
    const bool ends = faults[i].fault.drop || faults[i].fault.cut >= 0;
    SPIN_UNTIL(s.loop, (c.ended = hear_more(&c)) || (!ends && strstr(c.got, "Ok\r\n")));
    const char *rest = strchr(c.got, '\n');
    if (c.ended != ends || !rest || strcmp(rest + 1, faults[i].wire) != 0)
      fail_msg("%s: \"%s\", %s", faults[i].says, c.got, c.ended ? "ended" : "goes on");
    close(c.fd);
    stage_clear(&s);
    ehlo_loop_free(s.loop);
  }
}

static void what_came_in_the_clear_with_starttls_is_never_read(void **state) {
  (void)state;
  static struct client c;
  static const char *const names[] = {"mx.example.org"};
  const struct ehlo_tls_made made = {.names = names, .n_names = 1};
  char why[200];
  struct stage s = {.loop = ehlo_loop_new()};
  struct ehlo_listener_options o = {0};
  s.tls = ehlo_tls_new(&(struct ehlo_tls_settings){.made = &made, .server = true}, why, sizeof why);
  assert_true(stage_listen(&s, &o));
  static const char input[] = HELLO "STARTTLS\r\n" MAIL "RSET\r\n";
  join(&c, &s);
  assert_true(send(c.fd, input, strlen(input), MSG_NOSIGNAL) > 0);
  SPIN_UNTIL(s.loop, (c.ended = hear_more(&c)) || strstr(c.got, "220 2.0.0 Go ahead\r\n"));
  shutdown(c.fd, SHUT_WR);
  listen_to_the_end(&s, &c);
  assert_null(strstr(c.got, "250 2.1.0"));
  const struct ehlo_visit *v = ehlo_listener_visit(s.listener, 0);
  const struct ehlo_slice said = ehlo_buf_slice(&v->commands);
  assert_int_equal(ehlo_slice_find_nocase(said, ehlo_slice_str("MAIL"), 0), SIZE_MAX);
  stage_clear(&s);
  ehlo_tls_free(s.tls);
  ehlo_loop_free(s.loop);
}

static void count_question(void *arg) {
  ++*(int *)arg;
}

static void a_question_is_told_once_and_its_answer_may_come_late_or_never(void **state) {
  (void)state;
  static struct client c;
  int asked = 0;
  struct ehlo_question_asked q;
  struct stage s = {.loop = ehlo_loop_new()};
  struct ehlo_listener_options o = {.ask = count_question, .arg = &asked};
  answer_of(&o, EHLO_SERVE_NOOP)->asks = 7;
  assert_true(stage_listen(&s, &o));
  for (int goes_away = 0; goes_away < 2; goes_away++) {
    join(&c, &s);
    assert_true(send(c.fd, "NOOP one\r\nHELP\r\n", 16, MSG_NOSIGNAL) > 0);
    SPIN_UNTIL(s.loop, asked == 1);
    assert_true(ehlo_listener_next_question(s.listener, &q));
    assert_int_equal(q.asks, 7);
    assert_string_equal(q.argument, "one");
    assert_false(ehlo_listener_next_question(s.listener, &q));
    const uint64_t connection = q.connection;
    if (goes_away) {
      close(c.fd);
      for (int i = 0; i < 5; i++)
        ehlo_loop_turn(s.loop, false);
    }
    ehlo_listener_reply(s.listener, connection, "251 late");
    ehlo_listener_reply(s.listener, connection, "252 twice");
    ehlo_listener_reply(s.listener, 12345, "253 nobody");
    if (!goes_away) {
      SPIN_UNTIL(s.loop, (c.ended = hear_more(&c)) || strstr(c.got, "214 "));
      assert_non_null(strstr(c.got, "251 late\r\n"));
      assert_null(strstr(c.got, "252"));
      close(c.fd);
    }
    asked = 0;
  }
  stage_clear(&s);
  ehlo_loop_free(s.loop);
}

static void what_a_client_floods_is_recorded_within_bounds(void **state) {
  (void)state;
  static struct client c;
  static char flood[64 * 1024];
  struct stage s = {.loop = ehlo_loop_new()};
  struct ehlo_listener_options o = {0};
  const int small = 4096;
  for (size_t at = 0; at + 6 <= sizeof flood; at += 6)
    memcpy(flood + at, "HELP\r\n", 6);
  assert_true(stage_listen(&s, &o));
  join(&c, &s);
  setsockopt(c.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  ssize_t n = 1;
  for (int i = 0; i < 2000 && (n > 0 || errno == EAGAIN); i++) {
    n = send(c.fd, flood, sizeof flood - sizeof flood % 6, MSG_NOSIGNAL | MSG_DONTWAIT);
    ehlo_loop_turn(s.loop, false);
  }
  const struct ehlo_visit *v = ehlo_listener_visit(s.listener, 0);
  assert_true(v->commands.len <= 64 * 1024);
  close(c.fd);
  stage_clear(&s);
  ehlo_loop_free(s.loop);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_dialogue_is_answered_alike_whole_and_in_pieces),
      cmocka_unit_test(a_line_without_an_end_is_given_up),
      cmocka_unit_test(faults_are_made_as_told),
      cmocka_unit_test(what_came_in_the_clear_with_starttls_is_never_read),
      cmocka_unit_test(a_question_is_told_once_and_its_answer_may_come_late_or_never),
      cmocka_unit_test(what_a_client_floods_is_recorded_within_bounds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
