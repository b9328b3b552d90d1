/* Owns: tests of reading logs in core: heads and stamps of lines, joining with bounds, counting, and running out of memory anywhere. */
#include "ehlo/core/log_explain.h"

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/core/content.h"
#include "ehlo/core/tally.h"
#include "guard.h"
#include "unit.h"

/* 2026-11-23 21:40:00 UTC, on a machine an hour east of it. */
static const struct ehlo_log_clock clock_of_tests = {1795470000, 60};

#define EVENT "postfix/smtp[1]: 4ZfQ1b3x: to=<a@b.example>, relay=none, delay=1, dsn=4.4.1, status=deferred (no)"

static const struct {
  const char *line;
  const char *stamp;
} stamps[] = {
    {"Nov  3 04:05:06 h " EVENT, "2026-11-03T04:05:06"},
    {"Nov 03 04:05:06.123 h " EVENT, "2026-11-03T04:05:06.123000"},
    {"Dec 31 23:59:59 h " EVENT, "2025-12-31T23:59:59"}, /* later than now: last year's */
    {"Nov 24 20:00:00 h " EVENT, "2026-11-24T20:00:00"}, /* a clock may be ahead */
    {"<22>Nov  3 04:05:06 h " EVENT, "2026-11-03T04:05:06"},
    {"2024-02-29T04:05:06.000001+01:00 h " EVENT, "2024-02-29T04:05:06.000001+01:00"},
    {"2026-11-03T04:05:06-0530 h " EVENT, "2026-11-03T04:05:06-05:30"},
    {"2026-11-03T04:05:06Z h " EVENT, "2026-11-03T04:05:06Z"},
    {"2026-11-03 04:05:06.789 +0100 1abcde-0001Ab-CD ** a@b.example: Unrouteable address",
     "2026-11-03T04:05:06.789000+01:00"},
    {"2026-11-03 04:05:06 1abcde-0001Ab-CD ** a@b.example: Unrouteable address", "2026-11-03T04:05:06"},
    {"@400000006553f10a1dcd6500 delivery 1: failure: no_/", "2023-11-14T23:13:20.500000+01:00"},
    {"Nov  3 04:05:06 h qmail: 1700000000.250000 delivery 1: failure: no_/", "2026-11-03T04:05:06"},
};

static void every_form_of_stamp_is_read(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof stamps / sizeof *stamps; i++) {
    struct ehlo_log_event e;
    struct ehlo_buf out;
    const struct ehlo_slice line = ehlo_slice_str(stamps[i].line);
    ehlo_buf_init(&out, 64);
    assert_true(ehlo_log_read(line, &e));
    assert_int_equal(e.what, EHLO_LOG_ATTEMPT);
    ehlo_log_date(line, &clock_of_tests, &e);
    assert_int_equal(ehlo_log_stamp(&e, &out), 0);
    assert_slice(ehlo_buf_slice(&out), stamps[i].stamp);
    ehlo_buf_fini(&out);
  }
}

/* Each prefix of each line, ending at a forbidden page. */
static void a_line_may_end_anywhere(void **state) {
  (void)state;
  struct guard g;
  assert_int_equal(guard_open(&g, 4096), 0);
  for (size_t i = 0; i < sizeof stamps / sizeof *stamps; i++) {
    for (size_t len = 0; len <= strlen(stamps[i].line); len++) {
      struct ehlo_log_event e;
      const struct ehlo_slice line = ehlo_slice_of(guard_put(&g, stamps[i].line, len), len);
      if (ehlo_log_read(line, &e)) ehlo_log_date(line, &clock_of_tests, &e);
      (void)ehlo_content_detect(line);
    }
  }
  guard_close(&g);
}

static const struct {
  const char *text;
  const char *kind;
} contents[] = {
    {"", "empty"},
    {" \r\n", "empty"},
    {"550 5.1.1 no such user", "reply"},
    {"Connection timed out", "reply"},
    {"Reason: it is full", "reply"},
    {"Nov  3 04:05:06 h " EVENT "\n", "log"},
    {"Nov  3 04:05:06 h kernel: hello\nNov  3 04:05:06 h " EVENT, "log"},
    {"\xEF\xBB\xBFNov  3 04:05:06 h kernel: hello\n", "log"},
    {"{\"MESSAGE\":\"x\"}\n", "log"},
    {"__CURSOR=s=1\nMESSAGE=x\n", "log"},
    {"{\"queue_name\": \"deferred\"}\n", "queue"},
    {"-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n", "queue"},
    {"Mail queue is empty\n", "queue"},
    {"25m  2.9K 1abcde-0001Ab-CD <a@b.example>\n          c@d.example\n", "queue"},
    {"From: a@b.example\nTo: c@d.example\n\nhello", "mail"},
    {"Return-Path: <>\r\nReceived: from x\r\n by y\r\n\r\n", "mail"},
    {"From MAILER-DAEMON Tue Nov  3 04:05:06 2026\nReturn-Path: <>\n", "mbox"},
};

static void the_detector_tells_what_bytes_are(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
    const enum ehlo_content kind = ehlo_content_detect(ehlo_slice_str(contents[i].text));
    assert_string_equal(ehlo_content_name(kind), contents[i].kind);
  }
}

/* ---- reading ---- */

struct seen {
  int events, known_senders;
  int32_t marks[8];
  int fail_after;
};

static int see(void *arg, const struct ehlo_log_event *e, const struct ehlo_log_past *past) {
  struct seen *seen = arg;
  if (past->mark && seen->events < 8) {
    seen->marks[seen->events] = *past->mark;
    *past->mark = seen->events;
  }
  seen->events++;
  seen->known_senders += e->has_from;
  return seen->fail_after > 0 && seen->events == seen->fail_after ? EHLO_E_CANCELLED : 0;
}

static struct ehlo_log_reader *reader_of(size_t messages) {
  const struct ehlo_log_options options = {.clock = clock_of_tests, .queue_id = {"", 0}, .messages = messages};
  struct ehlo_log_reader *r = ehlo_log_reader_new(&options);
  if (r) ehlo_log_reader_begin(r, ehlo_slice_of("", 0));
  return r;
}

static int feed(struct ehlo_log_reader *r, const char *text, struct seen *seen) {
  return ehlo_log_reader_feed(r, ehlo_slice_str(text), see, seen);
}

static void the_oldest_message_is_forgotten_first(void **state) {
  (void)state;
  struct ehlo_log_reader *r = reader_of(10);
  struct seen seen = {0};
  char line[200];
  for (int i = 0; i < 100; i++) {
    snprintf(line, sizeof line, "Nov  3 04:05:06 h postfix/qmgr[1]: 4ZfQ%04d: from=<a@b.example>, size=1, nrcpt=1\n",
             i);
    assert_int_equal(feed(r, line, &seen), 0);
  }
  for (int i = 0; i < 100; i++) {
    const int before = seen.known_senders;
    snprintf(line, sizeof line, "Nov  3 04:05:06 h postfix/smtp[1]: 4ZfQ%04d: to=<x@y.example>, status=bounced (no)\n",
             i);
    assert_int_equal(feed(r, line, &seen), 0);
    assert_int_equal(seen.known_senders - before, i >= 90);
  }
  ehlo_log_reader_free(r);
}

static void a_mark_stays_with_the_recipient(void **state) {
  (void)state;
  struct ehlo_log_reader *r = reader_of(0);
  struct seen seen = {0};
  const char *line = "Nov  3 04:05:06 h " EVENT "\n";
  assert_int_equal(feed(r, line, &seen), 0);
  assert_int_equal(feed(r, line, &seen), 0);
  assert_int_equal(feed(r, "Nov  3 04:05:06 h postfix/qmgr[1]: 4ZfQ1b3x: removed\n", &seen), 0);
  assert_int_equal(feed(r, line, &seen), 0);
  assert_int_equal(seen.events, 3);
  assert_int_equal(seen.marks[0], -1);
  assert_int_equal(seen.marks[1], 0);
  assert_int_equal(seen.marks[2], -1);
  ehlo_log_reader_free(r);
}

static void what_the_taker_returns_ends_the_reading(void **state) {
  (void)state;
  struct ehlo_log_reader *r = reader_of(0);
  struct seen seen = {.fail_after = 2};
  const char *line = "Nov  3 04:05:06 h " EVENT "\nNov  3 04:05:06 h " EVENT "\nNov  3 04:05:06 h " EVENT "\n";
  assert_int_equal(feed(r, line, &seen), EHLO_E_CANCELLED);
  assert_int_equal(seen.events, 2);
  ehlo_log_reader_free(r);
}

/* ---- counting ---- */

static struct ehlo_tally_item item_of(const char *cause, const char *place) {
  const struct ehlo_slice none = {"", 0};
  const struct ehlo_tally_item item = {.cause = ehlo_slice_str(cause),
                                       .retry = ehlo_slice_str("yes"),
                                       .acts = ehlo_slice_str("sender"),
                                       .place = ehlo_slice_str(place),
                                       .time = 1000,
                                       .address = ehlo_slice_str("a@b.example"),
                                       .queue_id = none,
                                       .input = none,
                                       .text = none};
  return item;
}

static void a_delivery_is_counted_where_it_failed_last(void **state) {
  (void)state;
  struct ehlo_tally *t = ehlo_tally_new();
  int32_t mark = -1;
  size_t n;
  const struct ehlo_tally_item first = item_of("greylisted", "B.Example"), second = item_of("timeout", "b.example");
  assert_int_equal(ehlo_tally_add(t, &first, &mark), 0);
  assert_int_equal(ehlo_tally_add(t, &second, &mark), 0);
  assert_int_equal(ehlo_tally_add(t, &second, &mark), 0);
  const struct ehlo_tally_row *rows = ehlo_tally_rows(t, &n);
  assert_int_equal(n, 2);
  assert_int_equal(rows[0].count, 0);
  assert_int_equal(rows[0].places, 0);
  assert_int_equal(rows[1].count, 1);
  assert_int_equal(rows[1].n_examples, 1);
  assert_string_equal(ehlo_tally_places(t, &n)[0].name, "b.example");
  ehlo_tally_free(t);
}

static void beyond_so_many_places_only_their_sum_is_kept(void **state) {
  (void)state;
  struct ehlo_tally *t = ehlo_tally_new();
  char place[32];
  int32_t mark = -1;
  size_t n;
  for (int i = 0; i < EHLO_TALLY_PLACES + 100; i++) {
    snprintf(place, sizeof place, "d%d.example", i);
    const struct ehlo_tally_item item = item_of("greylisted", place);
    mark = -1;
    assert_int_equal(ehlo_tally_add(t, &item, &mark), 0);
  }
  const struct ehlo_tally_item other = item_of("timeout", "d0.example");
  (void)ehlo_tally_places(t, &n);
  assert_int_equal(n, EHLO_TALLY_PLACES);
  assert_int_equal(ehlo_tally_rows(t, &n)[0].elsewhere, 100);
  assert_int_equal(ehlo_tally_add(t, &other, &mark), 0); /* the last of those has another cause now */
  assert_int_equal(ehlo_tally_rows(t, &n)[0].elsewhere, 99);
  assert_int_equal(ehlo_tally_rows(t, &n)[0].count, EHLO_TALLY_PLACES + 99);
  ehlo_tally_free(t);
}

/* ---- everything at once, and without memory ---- */

static const char whole[] =
    "Nov  3 04:05:06 h postfix/qmgr[1]: 4ZfQ1b3x: from=<n@b.example>, size=1, nrcpt=1 (queue active)\n"
    "Nov  3 04:05:06 h postfix/cleanup[1]: 4ZfQ1b3x: message-id=<1@b.example>\n"
    "Nov  3 04:05:06 h " EVENT "\nNov  3 04:05:07 h " EVENT "\n"
    "Nov  3 04:05:08 h postfix/qmgr[1]: 4ZfQ1b3x: from=<n@b.example>, status=expired, returned to sender\n"
    "Nov  3 04:05:09 h qmail: starting delivery 7: msg 12 to remote a@b.example\n"
    "Nov  3 04:05:09 h qmail: delivery 7: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_no/\n"
    "Nov  3 04:05:10 h exim[1]: 1abcde-0001Ab-CD <= n@b.example H=x [192.0.2.1] id=2@b.example T=\"hello\" for "
    "a@b.example\n"
    "Nov  3 04:05:10 h exim[1]: 1abcde-0001Ab-CD ** a@b.example: Unrouteable";

struct all {
  struct ehlo_tally *tally;
  struct ehlo_buf said, out;
  int n;
};

static int take_all(void *arg, const struct ehlo_log_event *e, const struct ehlo_log_past *past) {
  struct all *all = arg;
  struct ehlo_explanation x;
  int error = ehlo_log_explain(ehlo_catalogue_builtin(), e, &all->said, &x);
  if (!error) {
    const struct ehlo_tally_item item = {.cause = x.cause,
                                         .retry = x.retry,
                                         .acts = x.acts,
                                         .place = e->to,
                                         .address = e->to,
                                         .queue_id = e->queue_id,
                                         .input = e->machine,
                                         .text = ehlo_buf_slice(&all->said)};
    error = ehlo_tally_add(all->tally, &item, past->mark);
  }
  if (!error) error = ehlo_log_json(e, past, &x, e->machine, "log", &all->out);
  ehlo_explanation_fini(&x);
  all->n++;
  return error;
}

/* 0, or EHLO_E_MEMORY. */
static int read_whole(int *n) {
  struct all all = {.tally = ehlo_tally_new()};
  ehlo_buf_init(&all.said, 1 << 16);
  ehlo_buf_init(&all.out, 1 << 20);
  struct ehlo_log_reader *r = reader_of(0);
  int error = all.tally && r ? 0 : EHLO_E_MEMORY;
  for (size_t at = 0; at < strlen(whole) && !error; at += 50) {
    const size_t left = strlen(whole) - at;
    error = ehlo_log_reader_feed(r, ehlo_slice_of(whole + at, left < 50 ? left : 50), take_all, &all);
  }
  if (!error) error = ehlo_log_reader_end(r, take_all, &all);
  ehlo_log_reader_free(r);
  ehlo_tally_free(all.tally);
  ehlo_buf_fini(&all.said);
  ehlo_buf_fini(&all.out);
  *n = all.n;
  return error;
}

static void a_log_is_read_whole(void **state) {
  (void)state;
  int n;
  assert_int_equal(read_whole(&n), 0);
  assert_int_equal(n, 5);
}

static void any_allocation_may_fail(void **state) {
  (void)state;
#ifdef EHLO_FAULTS
  int n;
  ehlo_memory_fail_at(0, 0);
  assert_int_equal(read_whole(&n), 0);
  const unsigned long all = ehlo_memory_count();
  assert_true(all > 10);
  for (unsigned long at = 1; at <= all; at++) {
    ehlo_memory_fail_at(at, 0);
    const int error = read_whole(&n);
    ehlo_memory_fail_at(0, 0);
    assert_true(error == EHLO_E_MEMORY || error == 0);
  }
#endif
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_form_of_stamp_is_read),
      cmocka_unit_test(a_line_may_end_anywhere),
      cmocka_unit_test(the_detector_tells_what_bytes_are),
      cmocka_unit_test(the_oldest_message_is_forgotten_first),
      cmocka_unit_test(a_mark_stays_with_the_recipient),
      cmocka_unit_test(what_the_taker_returns_ends_the_reading),
      cmocka_unit_test(a_delivery_is_counted_where_it_failed_last),
      cmocka_unit_test(beyond_so_many_places_only_their_sum_is_kept),
      cmocka_unit_test(a_log_is_read_whole),
      cmocka_unit_test(any_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
