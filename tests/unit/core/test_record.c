/* Owns: tests of the record. */
#include "unit.h"

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/core/record.h"

static int answered(struct ehlo_record *r, enum ehlo_phase phase, const char *reply) {
  struct ehlo_exchange x = {.sent = -1, .phase = (uint8_t)phase};
  x.received = (int32_t)ehlo_transcript_add(&r->transcript, 1, EHLO_RECEIVED, phase, ehlo_slice_str(reply));
  struct ehlo_reply out;
  (void)ehlo_reply_read(ehlo_slice_str(reply), &out);
  x.code = (int16_t)out.code;
  x.anomalies = out.anomalies;
  return ehlo_record_add_exchange(r, &x);
}

static void a_new_record_knows_nothing(void **state) {
  (void)state;
  struct ehlo_record *r = ehlo_record_new("mx.example.org");
  struct ehlo_reply out;
  assert_string_equal(r->target, "mx.example.org");
  assert_int_equal(r->greeting, -1);
  assert_int_equal(r->ehlo, -1);
  assert_int_equal(r->dns_secure, -2);
  for (int i = 0; i < EHLO_PHASES; i++)
    assert_true(r->timing[i] < 0);
  assert_int_equal(r->failure.error, 0);
  assert_false(ehlo_record_reply(r, 0, &out));
  assert_false(ehlo_record_reply(r, -1, &out));
  assert_false(ehlo_record_capabilities(r, &out));
  assert_int_equal(ehlo_record_anomalies(r), 0);
  ehlo_record_free(r);
  ehlo_record_free(NULL);
}

static void replies_are_read_from_the_transcript(void **state) {
  (void)state;
  struct ehlo_record *r = ehlo_record_new("x");
  struct ehlo_reply out;
  for (int i = 0; i < 20; i++) {
    char text[32];
    (void)snprintf(text, sizeof text, "250 number %d\r\n", i);
    assert_int_equal(answered(r, EHLO_PHASE_COMMAND, text), i);
  }
  const struct ehlo_exchange silent = {.sent = 0, .received = -1};
  assert_int_equal(ehlo_record_add_exchange(r, &silent), 20);
  assert_true(ehlo_record_reply(r, 17, &out));
  assert_slice(out.raw, "250 number 17\r\n");
  assert_false(ehlo_record_reply(r, 20, &out));
  assert_false(ehlo_record_reply(r, 21, &out));
  ehlo_record_free(r);
}

static void capabilities_are_those_of_the_last_ehlo(void **state) {
  (void)state;
  struct ehlo_record *r = ehlo_record_new("x");
  struct ehlo_reply out;
  r->ehlo = answered(r, EHLO_PHASE_EHLO, "250-mx\r\n250 STARTTLS\r\n");
  assert_true(ehlo_record_capabilities(r, &out));
  assert_slice(out.raw, "250-mx\r\n250 STARTTLS\r\n");
  r->ehlo_tls = answered(r, EHLO_PHASE_EHLO_TLS, "250 mx\r\n");
  assert_true(ehlo_record_capabilities(r, &out));
  assert_slice(out.raw, "250 mx\r\n");
  r->ehlo_tls = answered(r, EHLO_PHASE_EHLO_TLS, "421 busy\r\n");
  assert_false(ehlo_record_capabilities(r, &out));
  assert_int_equal(out.code, 0);
  ehlo_record_free(r);
}

static void helo_gives_no_capabilities(void **state) {
  (void)state;
  struct ehlo_record *r = ehlo_record_new("x");
  struct ehlo_reply out;
  r->ehlo = answered(r, EHLO_PHASE_EHLO, "250 mx\r\n");
  r->helo_fallback = true;
  assert_false(ehlo_record_capabilities(r, &out));
  ehlo_record_free(r);
}

static void anomalies_of_all_replies_are_gathered(void **state) {
  (void)state;
  struct ehlo_record *r = ehlo_record_new("x");
  (void)answered(r, EHLO_PHASE_GREETING, "220 a\n");
  (void)answered(r, EHLO_PHASE_EHLO, "250 \xff\r\n");
  (void)answered(r, EHLO_PHASE_QUIT, "221 bye\r\n");
  assert_int_equal(ehlo_record_anomalies(r), EHLO_ANOMALY_BARE_LF | EHLO_ANOMALY_EIGHT_BIT);
  ehlo_record_free(r);
}

static void the_first_failure_counts_and_is_fit_for_a_terminal(void **state) {
  (void)state;
  struct ehlo_record *r = ehlo_record_new("x");
  ehlo_record_fail(r, EHLO_E_DNS, EHLO_PHASE_DNS, "nxdomain", "no such name: %s", "a\x1b[2J\n");
  ehlo_record_fail(r, EHLO_E_CLOSED, EHLO_PHASE_GREETING, NULL, "later");
  assert_int_equal(r->failure.error, EHLO_E_DNS);
  assert_int_equal(r->failure.phase, EHLO_PHASE_DNS);
  assert_string_equal(r->failure.reason, "nxdomain");
  assert_string_equal(r->failure.text, "no such name: a\\x1B[2J\\n");
  ehlo_record_free(r);
}

static void a_long_failure_text_is_cut_between_characters(void **state) {
  (void)state;
  for (int lead = 0; lead < 4; lead++) {
    struct ehlo_record *r = ehlo_record_new("x");
    char text[1001];
    size_t len = 0;
    for (; len < (size_t)lead; len++)
      text[len] = 'x';
    for (; len + 2 < sizeof text; len += 2)
      memcpy(text + len, "\xc3\xbc", 2);
    text[len] = '\0';
    ehlo_record_fail(r, EHLO_E_CONNECT, EHLO_PHASE_CONNECT, NULL, "%s", text);
    len = strlen(r->failure.text);
    assert_true(len >= 250 && len < sizeof r->failure.text);
    assert_string_equal(r->failure.text + len - 3, "...");
    assert_int_equal(r->failure.text[len - 4], (char)0xbc);
    assert_null(strstr(r->failure.text, "\\x"));
    ehlo_record_free(r);
  }
}

static void findings_are_kept_in_order_and_fit_for_a_terminal(void **state) {
  (void)state;
  struct ehlo_record *r = ehlo_record_new("x");
  assert_int_equal(ehlo_record_find(r, "helo-fallback", "EHLO was answered %d", 502), 0);
  assert_int_equal(ehlo_record_find(r, "tls-refused", "said \"%s\"", "no\r"), 0);
  char longest[2000];
  memset(longest, 0x01, sizeof longest);
  longest[sizeof longest - 1] = '\0';
  assert_int_equal(ehlo_record_find(r, "long", "%s", longest), 0);
  assert_int_equal(r->n_findings, 3);
  assert_string_equal(r->findings[0].text, "EHLO was answered 502");
  assert_string_equal(r->findings[1].word, "tls-refused");
  assert_string_equal(r->findings[1].text, "said \"no\\r\"");
  assert_non_null(strstr(r->findings[2].text, "\\x01..."));
  ehlo_record_free(r);
}

static void tls_levels_have_postfix_words(void **state) {
  (void)state;
  for (int i = EHLO_TLS_NONE; i <= EHLO_TLS_DANE; i++) {
    assert_int_equal(ehlo_tls_level_from(ehlo_tls_level_name((enum ehlo_tls_level)i)), i);
  }
  assert_int_equal(ehlo_tls_level_from("secure"), -1);
  assert_int_equal(ehlo_tls_level_from(""), -1);
  ehlo_tls_facts_free(NULL);
}

static struct ehlo_tls_facts *some_facts(void) {
  struct ehlo_tls_facts *facts = ehlo_memory_zalloc(1, sizeof *facts);
  facts->version = ehlo_memory_dup("TLSv1.3", 7);
  facts->chain = ehlo_memory_zalloc(1, sizeof *facts->chain);
  facts->n_chain = 1;
  facts->chain[0].subject = ehlo_memory_dup("mx", 2);
  facts->chain[0].names = ehlo_memory_zalloc(1, sizeof(char *));
  facts->chain[0].names[0] = ehlo_memory_dup("mx", 2);
  facts->chain[0].n_names = 1;
  facts->verdicts = ehlo_memory_zalloc(1, sizeof *facts->verdicts);
  facts->verdicts[0].text = ehlo_memory_dup("expired", 7);
  facts->n_verdicts = 1;
  return facts;
}

static void a_record_frees_all_that_it_holds(void **state) {
  (void)state;
  struct ehlo_record *r = ehlo_record_new("x");
  r->host = ehlo_memory_dup("mx", 2);
  r->helo = ehlo_memory_dup("me", 2);
  r->source_ptr = ehlo_memory_dup("ptr", 3);
  r->tls = some_facts();
  assert_int_equal(ehlo_record_find(r, "a", "b"), 0);
  ehlo_record_free(r); /* the sanitizer tells what is left */
}

#ifdef EHLO_FAULTS
static void each_allocation_may_fail(void **state) {
  (void)state;
  for (unsigned long nth = 1; nth <= 2; nth++) {
    ehlo_memory_fail_at(nth, 0);
    assert_null(ehlo_record_new("x"));
    ehlo_memory_fail_at(0, 0);
  }
  struct ehlo_record *r = ehlo_record_new("x");
  const struct ehlo_exchange x = {0};
  ehlo_memory_fail_at(1, 1);
  assert_int_equal(ehlo_record_add_exchange(r, &x), EHLO_E_MEMORY);
  assert_int_equal(ehlo_record_find(r, "a", "b"), EHLO_E_MEMORY);
  ehlo_record_fail(r, EHLO_E_MEMORY, EHLO_PHASE_MAIL, NULL, "no memory at byte %d\n", 7);
  ehlo_memory_fail_at(2, 0);
  assert_int_equal(ehlo_record_find(r, "a", "b"), EHLO_E_MEMORY);
  ehlo_memory_fail_at(0, 0);
  assert_int_equal(r->n_findings, 0);
  assert_int_equal(r->n_exchanges, 0);
  assert_string_equal(r->failure.text, "no memory at byte 7\\n");
  ehlo_record_free(r);
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_record_knows_nothing),
      cmocka_unit_test(replies_are_read_from_the_transcript),
      cmocka_unit_test(capabilities_are_those_of_the_last_ehlo),
      cmocka_unit_test(helo_gives_no_capabilities),
      cmocka_unit_test(anomalies_of_all_replies_are_gathered),
      cmocka_unit_test(the_first_failure_counts_and_is_fit_for_a_terminal),
      cmocka_unit_test(a_long_failure_text_is_cut_between_characters),
      cmocka_unit_test(findings_are_kept_in_order_and_fit_for_a_terminal),
      cmocka_unit_test(tls_levels_have_postfix_words),
      cmocka_unit_test(a_record_frees_all_that_it_holds),
#ifdef EHLO_FAULTS
      cmocka_unit_test(each_allocation_may_fail),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
