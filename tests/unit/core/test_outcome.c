/* Owns: tests of the outcome, as tables: every phase with every class of reply, every failure in every phase. */
#include "unit.h"

#include "ehlo/base/error.h"
#include "ehlo/core/outcome.h"

static int add(struct ehlo_record *r, enum ehlo_phase phase, const char *reply) {
  struct ehlo_reply read;
  (void)ehlo_reply_read(ehlo_slice_str(reply), &read);
  const char *verb = phase == EHLO_PHASE_DATA ? "DATA\r\n" : "...\r\n";
  const long sent = ehlo_transcript_add(&r->transcript, 0, EHLO_SENT, phase, ehlo_slice_str(verb));
  const struct ehlo_exchange x = {
      .sent = (int32_t)sent,
      .received = (int32_t)ehlo_transcript_add(&r->transcript, 0, EHLO_RECEIVED, phase, ehlo_slice_str(reply)),
      .anomalies = read.anomalies,
      .code = (int16_t)read.code,
      .phase = (uint8_t)phase,
  };
  return ehlo_record_add_exchange(r, &x);
}

static struct ehlo_record *to_recipient(enum ehlo_tls_level level) {
  struct ehlo_record *r = ehlo_record_new("x");
  r->tls_level = level;
  r->extent = EHLO_EXTENT_RCPT;
  return r;
}

static void assert_outcome(const struct ehlo_record *r, const char *word, enum ehlo_phase phase, int exchange) {
  struct ehlo_outcome o;
  ehlo_outcome_of(r, &o);
  assert_string_equal(o.word, word);
  assert_int_equal(o.phase, phase);
  assert_int_equal(o.exchange, exchange);
}

/* The order of a probe; each phase is answered well up to the one under test. */
static const struct {
  enum ehlo_phase phase;
  const char *good;
} course[] = {
    {EHLO_PHASE_GREETING, "220 mx"}, {EHLO_PHASE_EHLO, "250-mx\r\n250 STARTTLS"},
    {EHLO_PHASE_STARTTLS, "220 go"}, {EHLO_PHASE_EHLO_TLS, "250 mx"},
    {EHLO_PHASE_AUTH, "235 in"},     {EHLO_PHASE_MAIL, "250 ok"},
    {EHLO_PHASE_RCPT, "250 ok"},     {EHLO_PHASE_DATA, "354 go"},
    {EHLO_PHASE_RSET, "250 ok"},     {EHLO_PHASE_COMMAND, "250 ok"},
    {EHLO_PHASE_QUIT, "221 bye"},
};
enum { COURSE = sizeof course / sizeof course[0] };

static void walk(struct ehlo_record *r, size_t steps) {
  for (size_t i = 0; i < steps; i++)
    (void)add(r, course[i].phase, course[i].good);
}

#define T "refused-temporarily"
#define P "refused-permanently"
#define V "protocol-violation"
#define N "no-mail-service"
#define F "tls-failed"
#define GONE "unreachable" /* no refusal, but it did not get as far as asked */

static void each_reply_in_each_phase_has_its_outcome(void **state) {
  (void)state;
  static const char *const replies[] = {"354 go",      "421 bye",     "450 wait", "550 no",
                                        "521 no mail", "556 no mail", "250\r\n"};
  enum { REPLIES = sizeof replies / sizeof replies[0] };
  static const struct {
    enum ehlo_tls_level level;
    const char *words[REPLIES]; /* NULL: the reply has no say */
  } rows[COURSE] = {
      [0] = {EHLO_TLS_ENCRYPT, {V, T, T, P, N, N, ""}},                      /* greeting */
      [1] = {EHLO_TLS_ENCRYPT, {V, T, T, P, P, N, ""}},                      /* EHLO */
      [2] = {EHLO_TLS_ENCRYPT, {F, T, F, F, F, F, ""}},                      /* STARTTLS */
      [3] = {EHLO_TLS_ENCRYPT, {V, T, T, P, P, N, ""}},                      /* EHLO over TLS */
      [4] = {EHLO_TLS_ENCRYPT, {V, T, T, P, P, N, ""}},                      /* AUTH */
      [5] = {EHLO_TLS_ENCRYPT, {V, T, T, P, P, N, ""}},                      /* MAIL */
      [6] = {EHLO_TLS_ENCRYPT, {V, T, T, P, P, N, ""}},                      /* RCPT */
      [7] = {EHLO_TLS_ENCRYPT, {"", T, T, P, P, N, ""}},                     /* DATA */
      [8] = {EHLO_TLS_ENCRYPT, {NULL, T, NULL, NULL, NULL, NULL, NULL}},     /* RSET */
      [9] = {EHLO_TLS_ENCRYPT, {NULL, T, NULL, NULL, NULL, NULL, NULL}},     /* another command */
      [10] = {EHLO_TLS_ENCRYPT, {NULL, NULL, NULL, NULL, NULL, NULL, NULL}}, /* QUIT */
  };
  for (size_t step = 0; step < COURSE; step++) {
    for (size_t k = 0; k < REPLIES; k++) {
      struct ehlo_record *r = to_recipient(rows[step].level);
      walk(r, step);
      const int here = add(r, course[step].phase, replies[k]);
      const char *word = rows[step].words[k];
      struct ehlo_outcome o;
      ehlo_outcome_of(r, &o);
      if (word && *word) {
        assert_outcome(r, word, course[step].phase, here);
      } else if (step < 6) {
        assert_string_equal(o.word, GONE);
      } else {
        const int last = word ? here : 7;
        assert_outcome(r, "ready", word ? course[step].phase : EHLO_PHASE_DATA, last);
      }
      ehlo_record_free(r);
    }
  }
}

static void starttls_refused_is_a_finding_only_under_may(void **state) {
  (void)state;
  for (int level = EHLO_TLS_NONE; level <= EHLO_TLS_DANE; level++) {
    struct ehlo_record *r = to_recipient((enum ehlo_tls_level)level);
    walk(r, 2);
    (void)add(r, EHLO_PHASE_STARTTLS, "454 TLS not available");
    (void)add(r, EHLO_PHASE_MAIL, "250 ok");
    const int rcpt = add(r, EHLO_PHASE_RCPT, "250 ok");
    if (level >= EHLO_TLS_ENCRYPT)
      assert_outcome(r, F, EHLO_PHASE_STARTTLS, 2);
    else
      assert_outcome(r, "ready", EHLO_PHASE_RCPT, rcpt);
    ehlo_record_free(r);
  }
  struct ehlo_record *r = to_recipient(EHLO_TLS_MAY);
  walk(r, 2);
  (void)add(r, EHLO_PHASE_STARTTLS, "454 TLS not available");
  const int mail = add(r, EHLO_PHASE_MAIL, "530 5.7.0 Must issue STARTTLS first");
  assert_outcome(r, P, EHLO_PHASE_MAIL, mail);
  ehlo_record_free(r);
}

/* Failures: phase and reason with what they mean, after a good course up to that phase. */
static void each_failure_has_its_outcome(void **state) {
  (void)state;
  static const struct {
    int error;
    enum ehlo_phase phase;
    const char *reason;
    const char *word;
  } rows[] = {
      {EHLO_E_DNS, EHLO_PHASE_DNS, "nxdomain", "dns-failed"},
      {EHLO_E_DNS, EHLO_PHASE_DNS, NULL, "dns-failed"},
      {EHLO_E_DNS, EHLO_PHASE_DNS, "null-mx", N},
      {EHLO_E_TIMEOUT, EHLO_PHASE_DNS, NULL, "dns-failed"},
      {EHLO_E_CONNECT, EHLO_PHASE_CONNECT, "refused", "unreachable"},
      {EHLO_E_CONNECT, EHLO_PHASE_CONNECT, "blocked-locally", "blocked-locally"},
      {EHLO_E_TIMEOUT, EHLO_PHASE_CONNECT, "blocked-locally", "blocked-locally"},
      {EHLO_E_TIMEOUT, EHLO_PHASE_CONNECT, NULL, "timed-out"},
      {EHLO_E_CLOSED, EHLO_PHASE_GREETING, "reset", "unreachable"},
      {EHLO_E_TIMEOUT, EHLO_PHASE_GREETING, NULL, "timed-out"},
      {EHLO_E_NOT_SMTP, EHLO_PHASE_GREETING, NULL, "not-smtp"},
      {EHLO_E_NOT_SMTP, EHLO_PHASE_EHLO, NULL, V},
      {EHLO_E_PROTOCOL, EHLO_PHASE_EHLO, "cut-off", V},
      {EHLO_E_CLOSED, EHLO_PHASE_EHLO, "closed", "unreachable"},
      {EHLO_E_TLS, EHLO_PHASE_STARTTLS, "not-offered", "tls-not-offered"},
      {EHLO_E_PROTOCOL, EHLO_PHASE_STARTTLS, "injected", V},
      {EHLO_E_TLS, EHLO_PHASE_TLS, NULL, F},
      {EHLO_E_CLOSED, EHLO_PHASE_TLS, "closed", F},
      {EHLO_E_TIMEOUT, EHLO_PHASE_TLS, NULL, "timed-out"},
      {EHLO_E_TRUST, EHLO_PHASE_TLS, "certificate-expired", "tls-untrusted"},
      {EHLO_E_TLS, EHLO_PHASE_MAIL, NULL, F},
      {EHLO_E_CLOSED, EHLO_PHASE_RCPT, NULL, "unreachable"},
      {EHLO_E_NOT_FOUND, EHLO_PHASE_AUTH, "no-mechanism", "refused-permanently"},
      {EHLO_E_NOT_FOUND, EHLO_PHASE_MAIL, "no-smtputf8", "refused-permanently"},
      {EHLO_E_TIMEOUT, EHLO_PHASE_RSET, NULL, "timed-out"},
      {EHLO_E_CANCELLED, EHLO_PHASE_MAIL, NULL, "cancelled"},
      {EHLO_E_MEMORY, EHLO_PHASE_MAIL, NULL, "fault"},
      {EHLO_E_INTERNAL, EHLO_PHASE_MAIL, NULL, "fault"},
      {EHLO_E_ARGUMENT, EHLO_PHASE_MAIL, NULL, "fault"},
      {EHLO_E_SYSTEM, EHLO_PHASE_CONNECT, NULL, "fault"},
      {EHLO_E_BUSY, EHLO_PHASE_CONNECT, NULL, "fault"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct ehlo_record *r = to_recipient(EHLO_TLS_ENCRYPT);
    for (size_t k = 0; k < COURSE && course[k].phase < rows[i].phase; k++)
      (void)add(r, course[k].phase, course[k].good);
    if (r->n_exchanges > 1) r->ehlo = 1;
    ehlo_record_fail(r, rows[i].error, rows[i].phase, rows[i].reason, "told");
    assert_outcome(r, rows[i].word, rows[i].phase, strcmp(rows[i].word, "tls-not-offered") == 0 ? 1 : -1);
    ehlo_record_free(r);
  }
}

static void trouble_at_quit_decides_nothing(void **state) {
  (void)state;
  static const int errors[] = {EHLO_E_CLOSED, EHLO_E_TIMEOUT, EHLO_E_PROTOCOL, EHLO_E_CANCELLED};
  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
    struct ehlo_record *r = to_recipient(EHLO_TLS_MAY);
    walk(r, 7);
    (void)add(r, EHLO_PHASE_QUIT, "250-a\r\n550 b");
    ehlo_record_fail(r, errors[i], EHLO_PHASE_QUIT, NULL, "told");
    assert_outcome(r, "ready", EHLO_PHASE_RCPT, 6);
    ehlo_record_free(r);
  }
}

/* EHLO refused, then HELO: `helo` is its reply, or NULL for the failure. */
static void after_a_refused_ehlo_helo_decides(void **state) {
  (void)state;
  static const struct {
    const char *helo;
    int error;
    const char *word;
    int exchange;
  } rows[] = {
      {"250 mx", 0, "ready", 2},        {"502 neither", 0, P, 2},
      {"450 later", 0, T, 2},           {"421 bye", 0, T, 2},
      {"421 bye", EHLO_E_CLOSED, T, 2}, {NULL, EHLO_E_TIMEOUT, "timed-out", -1},
      {NULL, EHLO_E_PROTOCOL, V, -1},   {NULL, EHLO_E_CANCELLED, "cancelled", -1},
      {NULL, EHLO_E_CLOSED, P, 1}, /* it hung up after it had refused */
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct ehlo_record *r = ehlo_record_new("x");
    r->extent = EHLO_EXTENT_EHLO;
    walk(r, 1);
    (void)add(r, EHLO_PHASE_EHLO, "502 what?");
    if (rows[i].helo) (void)add(r, EHLO_PHASE_EHLO, rows[i].helo);
    if (rows[i].error) ehlo_record_fail(r, rows[i].error, EHLO_PHASE_EHLO, NULL, "told");
    assert_outcome(r, rows[i].word, EHLO_PHASE_EHLO, rows[i].exchange);
    ehlo_record_free(r);
  }
}

static void the_first_refusal_of_a_pipeline_decides(void **state) {
  (void)state;
  struct ehlo_record *r = to_recipient(EHLO_TLS_MAY);
  walk(r, 2);
  const int mail = add(r, EHLO_PHASE_MAIL, "452 full");
  (void)add(r, EHLO_PHASE_RCPT, "503 MAIL first");
  (void)add(r, EHLO_PHASE_RSET, "250 ok");
  ehlo_record_fail(r, EHLO_E_CLOSED, EHLO_PHASE_RSET, NULL, "told");
  assert_outcome(r, T, EHLO_PHASE_MAIL, mail);
  ehlo_record_free(r);
}

static void a_second_attempt_that_succeeds_supersedes_a_refusal(void **state) {
  (void)state;
  struct ehlo_record *r = to_recipient(EHLO_TLS_MAY);
  walk(r, 2);
  (void)add(r, EHLO_PHASE_AUTH, "535 wrong");
  (void)add(r, EHLO_PHASE_AUTH, "334 again");
  (void)add(r, EHLO_PHASE_AUTH, "235 in");
  (void)add(r, EHLO_PHASE_MAIL, "451 wait");
  (void)add(r, EHLO_PHASE_RSET, "250 ok");
  (void)add(r, EHLO_PHASE_MAIL, "250 ok");
  const int rcpt = add(r, EHLO_PHASE_RCPT, "251 forwarded");
  assert_outcome(r, "ready", EHLO_PHASE_RCPT, rcpt);
  const int data = add(r, EHLO_PHASE_DATA, "354 go");
  assert_outcome(r, "ready", EHLO_PHASE_DATA, data);
  const int end = add(r, EHLO_PHASE_DATA, "554 spam");
  assert_outcome(r, P, EHLO_PHASE_DATA, end);
  ehlo_record_free(r);
}

static void a_challenge_that_nothing_follows_lets_nobody_in(void **state) {
  (void)state;
  struct ehlo_record *r = ehlo_record_new("x");
  r->extent = EHLO_EXTENT_EHLO;
  walk(r, 2);
  const int challenge = add(r, EHLO_PHASE_AUTH, "334 ");
  assert_outcome(r, V, EHLO_PHASE_AUTH, challenge);
  (void)add(r, EHLO_PHASE_QUIT, "221 bye");
  assert_outcome(r, V, EHLO_PHASE_AUTH, challenge);
  ehlo_record_free(r);

  r = ehlo_record_new("x");
  (void)add(r, EHLO_PHASE_GREETING, "220 mx");
  (void)add(r, EHLO_PHASE_AUTH, "334 ");
  const int response = add(r, EHLO_PHASE_COMMAND, "235 in");
  assert_outcome(r, "ready", EHLO_PHASE_AUTH, response - 1);
  ehlo_record_free(r);
}

static void an_intermediate_reply_to_a_message_is_no_success(void **state) {
  (void)state;
  struct ehlo_record *r = ehlo_record_new("x");
  (void)add(r, EHLO_PHASE_GREETING, "220 mx");
  (void)add(r, EHLO_PHASE_DATA, "354 go");
  const int message = add(r, EHLO_PHASE_DATA, "354 go");
  r->exchanges[message].sent =
      (int32_t)ehlo_transcript_add(&r->transcript, 0, EHLO_SENT, EHLO_PHASE_DATA, ehlo_slice_str("(message)\r\n"));
  assert_outcome(r, V, EHLO_PHASE_DATA, message);
  ehlo_record_free(r);
}

static void what_was_granted_before_tls_counts_for_nothing_inside(void **state) {
  (void)state;
  struct ehlo_record *r = ehlo_record_new("x");
  r->extent = EHLO_EXTENT_EHLO;
  walk(r, 2);
  assert_outcome(r, "ready", EHLO_PHASE_EHLO, 1);
  (void)add(r, EHLO_PHASE_STARTTLS, "454 not now");
  assert_outcome(r, "ready", EHLO_PHASE_EHLO, 1);
  (void)add(r, EHLO_PHASE_STARTTLS, "220 go");
  assert_outcome(r, GONE, EHLO_PHASE_EHLO, -1);
  const int second = add(r, EHLO_PHASE_EHLO_TLS, "250 mx");
  assert_outcome(r, "ready", EHLO_PHASE_EHLO_TLS, second);
  ehlo_record_free(r);
}

static void a_command_that_failed_fails_as_itself_whatever_came_before(void **state) {
  (void)state;
  struct ehlo_outcome o;
  struct ehlo_record *r = ehlo_record_new("x");
  walk(r, 6);
  (void)add(r, EHLO_PHASE_RCPT, "550 no");
  ehlo_record_fail(r, EHLO_E_TIMEOUT, EHLO_PHASE_COMMAND, "deadline", "told");
  assert_outcome(r, P, EHLO_PHASE_RCPT, 6);
  ehlo_outcome_of_failure(r, &o);
  assert_string_equal(o.word, "timed-out");
  assert_int_equal(o.phase, EHLO_PHASE_COMMAND);
  ehlo_record_free(r);

  r = ehlo_record_new("x");
  walk(r, 2);
  const int bye = add(r, EHLO_PHASE_MAIL, "421 bye");
  ehlo_record_fail(r, EHLO_E_CLOSED, EHLO_PHASE_COMMAND, "closed", "told");
  ehlo_outcome_of_failure(r, &o);
  assert_string_equal(o.word, T);
  assert_int_equal(o.phase, EHLO_PHASE_MAIL);
  assert_int_equal(o.exchange, bye);
  ehlo_record_free(r);
}

static void an_earlier_phase_does_not_supersede_a_refusal(void **state) {
  (void)state;
  struct ehlo_record *r = to_recipient(EHLO_TLS_MAY);
  walk(r, 2);
  const int mail = add(r, EHLO_PHASE_MAIL, "550 no");
  (void)add(r, EHLO_PHASE_EHLO, "250 mx");
  assert_outcome(r, P, EHLO_PHASE_MAIL, mail);
  ehlo_record_free(r);
}

static void a_521_greeting_with_a_reason_is_a_refusal(void **state) {
  (void)state;
  static const struct {
    const char *reply;
    const char *word;
  } rows[] = {
      {"521 mx.example.org does not accept mail", N},
      {"521 corporate.example.org takes no mail", N},
      {"521", N},
      {"521 5.7.1 Your address is BLOCKED", P},
      {"521-mx\r\n521 see https://example.org/why", P},
      {"521 192.0.2.1 listed at bl.example", P},
      {"521 5.3.2 rate limited", P},
      {"521 Protocol error", P},
      {"521 Too many connections", P},
      {"521 Access denied", P},
      {"554 no mail here", P},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct ehlo_record *r = to_recipient(EHLO_TLS_MAY);
    (void)add(r, EHLO_PHASE_GREETING, rows[i].reply);
    ehlo_record_fail(r, EHLO_E_CLOSED, EHLO_PHASE_EHLO, NULL, "told");
    assert_outcome(r, rows[i].word, EHLO_PHASE_GREETING, 0);
    ehlo_record_free(r);
  }
}

static void a_reply_that_breaks_the_grammar_is_no_answer(void **state) {
  (void)state;
  struct ehlo_record *r = to_recipient(EHLO_TLS_MAY);
  walk(r, 1);
  struct ehlo_exchange x = {
      .received = -1, .anomalies = EHLO_ANOMALY_MIXED_CODES, .code = 550, .phase = EHLO_PHASE_EHLO};
  const int broken = ehlo_record_add_exchange(r, &x);
  assert_outcome(r, V, EHLO_PHASE_EHLO, broken);
  ehlo_record_fail(r, EHLO_E_PROTOCOL, EHLO_PHASE_EHLO, "mixed-codes", "told");
  assert_outcome(r, V, EHLO_PHASE_EHLO, broken);
  ehlo_record_free(r);

  r = to_recipient(EHLO_TLS_MAY);
  x = (struct ehlo_exchange){.received = -1, .anomalies = EHLO_ANOMALY_NOT_A_REPLY, .phase = EHLO_PHASE_GREETING};
  (void)ehlo_record_add_exchange(r, &x);
  assert_outcome(r, "not-smtp", EHLO_PHASE_GREETING, 0);
  ehlo_record_fail(r, EHLO_E_NOT_SMTP, EHLO_PHASE_GREETING, "not-smtp", "told");
  assert_outcome(r, "not-smtp", EHLO_PHASE_GREETING, 0);
  ehlo_record_free(r);
}

static void harmless_anomalies_change_nothing(void **state) {
  (void)state;
  struct ehlo_record *r = ehlo_record_new("x");
  r->extent = EHLO_EXTENT_EHLO;
  (void)add(r, EHLO_PHASE_GREETING, "220 \xff\x01\n");
  (void)add(r, EHLO_PHASE_EHLO, "250OK\n");
  r->exchanges[1].anomalies |= EHLO_ANOMALY_UNASKED;
  assert_outcome(r, "ready", EHLO_PHASE_EHLO, 1);
  ehlo_record_free(r);
}

static void a_session_that_got_less_far_than_asked_is_never_ready(void **state) {
  (void)state;
  static const enum ehlo_phase missing[] = {EHLO_PHASE_GREETING, EHLO_PHASE_EHLO, EHLO_PHASE_MAIL, EHLO_PHASE_RCPT};
  for (int extent = EHLO_EXTENT_CONNECT; extent <= EHLO_EXTENT_RCPT; extent++) {
    struct ehlo_record *r = ehlo_record_new("x");
    r->extent = (enum ehlo_extent)extent;
    for (int have = 0; have <= extent; have++) {
      assert_outcome(r, GONE, missing[have], -1);
      (void)add(r, missing[have], "250 ok");
    }
    assert_outcome(r, "ready", missing[extent], extent);
    ehlo_record_free(r);
  }
}

static void every_word_has_one_exit_status_and_a_sentence(void **state) {
  (void)state;
  const struct ehlo_outcome_row *rows = ehlo_outcome_rows();
  size_t count = 0;
  for (; rows[count].word; count++) {
    assert_true(rows[count].meaning[strlen(rows[count].meaning) - 1] == '.');
    for (size_t k = 0; k < count; k++) {
      assert_int_not_equal(rows[k].exit, rows[count].exit);
      assert_string_not_equal(rows[k].word, rows[count].word);
    }
  }
  assert_int_equal(count, 15);
  assert_string_equal(rows[0].word, "ready");
  assert_int_equal(rows[0].exit, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_reply_in_each_phase_has_its_outcome),
      cmocka_unit_test(starttls_refused_is_a_finding_only_under_may),
      cmocka_unit_test(each_failure_has_its_outcome),
      cmocka_unit_test(trouble_at_quit_decides_nothing),
      cmocka_unit_test(after_a_refused_ehlo_helo_decides),
      cmocka_unit_test(the_first_refusal_of_a_pipeline_decides),
      cmocka_unit_test(a_second_attempt_that_succeeds_supersedes_a_refusal),
      cmocka_unit_test(a_challenge_that_nothing_follows_lets_nobody_in),
      cmocka_unit_test(an_intermediate_reply_to_a_message_is_no_success),
      cmocka_unit_test(what_was_granted_before_tls_counts_for_nothing_inside),
      cmocka_unit_test(a_command_that_failed_fails_as_itself_whatever_came_before),
      cmocka_unit_test(an_earlier_phase_does_not_supersede_a_refusal),
      cmocka_unit_test(a_521_greeting_with_a_reason_is_a_refusal),
      cmocka_unit_test(a_reply_that_breaks_the_grammar_is_no_answer),
      cmocka_unit_test(harmless_anomalies_change_nothing),
      cmocka_unit_test(a_session_that_got_less_far_than_asked_is_never_ready),
      cmocka_unit_test(every_word_has_one_exit_status_and_a_sentence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
