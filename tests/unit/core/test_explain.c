/* Owns: tests of explanations: the order of trust, contradictions, what a text accuses, and completeness. */
#include "ehlo/core/explain.h"

#include <stdlib.h>

#include "core/slips.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "guard.h"
#include "unit.h"

static void explain(const char *text, enum ehlo_phase phase, struct ehlo_explanation *e) {
  assert_int_equal(ehlo_explain_text(ehlo_catalogue_builtin(), ehlo_slice_str(text), phase, e), 0);
}

struct row {
  const char *text;
  enum ehlo_phase phase;
  const char *cause, *retry, *suppress, *kind;
};

/* 577: the second digit stands for nothing; where an enhanced code comes with it, its digits tell more. */
static void digits_that_stand_for_nothing_are_not_made_up(void **state) {
  (void)state;
  struct ehlo_explanation e;
  explain("577 Nope", EHLO_PHASE_RCPT, &e);
  assert_true(ehlo_slice_find_nocase(e.meaning, ehlo_slice_str("No standard says what a second digit of 7"), 0) !=
              SIZE_MAX);
  assert_true(ehlo_slice_find_nocase(e.meaning, ehlo_slice_str("information"), 0) == SIZE_MAX);
  ehlo_explanation_fini(&e);
  explain("577 5.7.99 Nope", EHLO_PHASE_RCPT, &e);
  assert_true(ehlo_slice_find_nocase(e.meaning, ehlo_slice_str("security or policy"), 0) != SIZE_MAX);
  assert_true(ehlo_slice_equal(ehlo_buf_slice(&e.evidence), ehlo_slice_str("Known by the digits of 5.7.99 only.")));
  ehlo_explanation_fini(&e);
}

static const struct row rows[] = {
    {"450 4.2.0 <user@example.org>: Recipient address rejected: Greylisted", EHLO_PHASE_RCPT, "greylisted", "yes", "no",
     "phrase"},
    {"550 5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to "
     "authenticate with either SPF or DKIM.",
     EHLO_PHASE_DATA, "mail-unauthenticated", "no", "no", "phrase"},
    {"550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in local recipient table", EHLO_PHASE_RCPT,
     "mailbox-unknown", "no", "yes", "phrase"},
    {"554 5.7.1 <a@b.example>: Relay access denied", EHLO_PHASE_RCPT, "relay-denied", "no", "no", "phrase"},
    {"450 4.2.0 <a@b.example>: Recipient address rejected: Greylisted, see http://postgrey.example/", EHLO_PHASE_RCPT,
     "greylisted", "yes", "no", "phrase"},
    {"451 4.7.1 Greylisting in action, please come back later", EHLO_PHASE_RCPT, "greylisted", "yes", "no", "phrase"},
    {"450 4.1.1 <a@b.example>: Sender address rejected: unverified address: connection refused", EHLO_PHASE_RCPT,
     "sender-invalid", "yes", "no", "phrase"},
    {"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; Error: open resolver",
     EHLO_PHASE_RCPT, "server-fault", "no", "no", "phrase"},
    {"452 4.2.2 The email account that you tried to reach is over quota. The recipient's inbox is out of storage "
     "space.",
     EHLO_PHASE_RCPT, "mailbox-full", "yes", "after-repeats", "phrase"},
    {"550 5.4.6 xyzzy", EHLO_PHASE_DATA, "mail-loop", "no", "no", "enhanced"},
    {"5.1.1", EHLO_PHASES, "mailbox-unknown", "no", "yes", "enhanced"},
    {"535 5.7.0 xyzzy", EHLO_PHASE_AUTH, "login-failed", "no", "no", "reply"},
    {"535 5.7.8 Error: authentication failed: authentication failure", EHLO_PHASE_AUTH, "login-failed", "no", "no",
     "phrase"},
    {"535 5.7.8 Error: authentication failed: no mechanism available", EHLO_PHASE_AUTH, "login-unavailable", "no", "no",
     "phrase"},
    {"535 5.7.8 Error: authentication failed: bad protocol / cancel", EHLO_PHASE_AUTH, "login-unavailable", "no", "no",
     "phrase"},
    {"535 5.7.8 Error: authentication failed: Invalid authentication mechanism", EHLO_PHASE_AUTH, "login-unavailable",
     "no", "no", "phrase"},
    {"454 4.7.0 Temporary authentication failure: generic failure", EHLO_PHASE_AUTH, "login-unavailable", "yes", "no",
     "phrase"},
    {"503 AUTH command used when not advertised", EHLO_PHASE_AUTH, "command-disabled", "no", "no", "phrase"},
    {"530 xyzzy", EHLO_PHASE_MAIL, "login-required", "no", "no", "reply"},
    {"521 xyzzy", EHLO_PHASE_GREETING, "domain-refuses-mail", "no", "yes", "reply"},
    {"550 xyzzy", EHLO_PHASE_RCPT, "mailbox-unknown", "no", "after-repeats",
     "reply"}, /* or a rule against the sender */
    {"550 Requested action not taken: mailbox unavailable", EHLO_PHASE_RCPT, "mailbox-unknown", "no", "after-repeats",
     "phrase"},
    {"450 Requested mail action not taken: mailbox unavailable", EHLO_PHASE_MAIL, "unclear", "yes", "no", "reply"},
    {"550 5.1.1 sender rejected", EHLO_PHASE_RCPT, "sender-invalid", "no", "no", "phrase"},
    {"550 5.1.1 mailbox unavailable (your address is on a blacklist)", EHLO_PHASE_RCPT, "ip-blocklisted", "no", "no",
     "phrase"},
    {"mailbox for a@b.example is full", EHLO_PHASES, "mailbox-full", "unclear", "after-repeats", "phrase"},
    {"550 5.7.1 <a@b.example>: Recipient address rejected: Please see http://www.openspf.net/Why?id=x", EHLO_PHASE_RCPT,
     "spf-fail", "no", "no", "phrase"},
    {"504 xyzzy", EHLO_PHASE_EHLO, "helo-invalid", "no", "no", "reply"},
    {"454 xyzzy", EHLO_PHASE_STARTTLS, "tls-unavailable", "yes", "no", "reply"},
    {"559 xyzzy", EHLO_PHASE_RCPT, "unclear", "no", "no", "digits"},
    {"5.9.9", EHLO_PHASES, "unclear", "no", "no", "digits"},
    {"xyzzy", EHLO_PHASES, "unclear", "unclear", "no", "digits"},
    {"5.2.2 Command died with status 77: \"/usr/bin/maildrop\". Command output: maildir over quota.", EHLO_PHASES,
     "mailbox-full", "no", "after-repeats", "enhanced"},
    {"5.3.0 Command died with status 77: \"/usr/bin/maildrop\". Command output: maildir over quota.", EHLO_PHASES,
     "mailbox-full", "no", "after-repeats", "phrase"},
    {"4.3.0 temporary failure. Command output: maildrop: maildir over quota.", EHLO_PHASES, "mailbox-full", "yes",
     "after-repeats", "phrase"},
    {"retry time not reached for any host", EHLO_PHASES, "unclear", "yes", "no", "phrase"},
    {"retry time not reached for any host after a long failure period", EHLO_PHASES, "delivery-expired", "yes",
     "after-repeats", "phrase"},
    {"5.7.1 Service unavailable", EHLO_PHASES, "policy", "no", "no", "enhanced"},
    {"550 5.0.0 xyzzy, try again later", EHLO_PHASES, "unclear", "no", "no", "reply"},
    {"550 mailbox temporarily disabled, try again later", EHLO_PHASE_RCPT, "mailbox-disabled", "no", "yes", "phrase"},
    {"450 4.1.2 <a@b.example>: Recipient address rejected: Domain not found", EHLO_PHASE_RCPT, "domain-unknown", "yes",
     "after-repeats", "phrase"},
    {"450 4.1.8 <a@b.example>: Sender address rejected: Domain not found", EHLO_PHASE_RCPT, "sender-domain-unknown",
     "yes", "no", "phrase"},
    {"Connection timed out", EHLO_PHASES, "timeout", "yes", "after-repeats", "phrase"},
    {"550 5.7.515 Access denied, sending domain EXAMPLE.COM", EHLO_PHASES, "mail-unauthenticated", "no", "no",
     "phrase"},
    {"5.7.515", EHLO_PHASES, "mail-unauthenticated", "no", "no", "enhanced"},
    {"252 2.0.0 xyzzy", EHLO_PHASE_COMMAND, "accepted-unverified", "no", "no", "reply"},
};

static void the_most_trusted_source_decides(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct ehlo_explanation e;
    explain(rows[i].text, rows[i].phase, &e);
    if (!ehlo_slice_equal(e.cause, ehlo_slice_str(rows[i].cause)) || strcmp(e.evidence_kind, rows[i].kind) != 0) {
      fail_msg("%s: %.*s by %s (%s)", rows[i].text, (int)e.cause.len, e.cause.ptr, e.evidence_kind, e.evidence.data);
    }
    assert_slice(e.retry, rows[i].retry);
    assert_slice(e.suppress, rows[i].suppress);
    assert_true(e.acts.len > 0 && e.meaning.len > 0 && e.fix.len > 0);
    assert_null(slip_in_sentences(e.evidence.data));
    ehlo_explanation_fini(&e);
  }
}

static void every_code_in_every_phase_is_explained_completely(void **state) {
  (void)state;
  const struct ehlo_catalogue *c = ehlo_catalogue_builtin();
  char text[32];
  for (int code = 200; code < 600; code++) {
    for (int phase = 0; phase <= EHLO_PHASES; phase++) {
      struct ehlo_explanation e;
      if (code / 10 % 10 > 5 && !ehlo_entry_exists(ehlo_catalogue_reply(c, code))) continue;
      (void)snprintf(text, sizeof text, "%d xyzzy", code);
      explain(text, (enum ehlo_phase)phase, &e);
      assert_int_equal(e.code, code);
      assert_true(e.meaning.len > 0 && e.fix.len > 0 && e.acts.len > 0 && e.retry.len > 0);
      assert_true(e.cause.len > 0 || code < 400);
      assert_null(slip_in_sentences(e.evidence.data));
      if (code >= 500) assert_false(ehlo_slice_equal(e.retry, ehlo_slice_str("yes")));
      ehlo_explanation_fini(&e);
    }
  }
}

static void every_cause_of_the_catalogue_and_of_the_tables_is_on_the_list(void **state) {
  (void)state;
  const struct ehlo_catalogue *c = ehlo_catalogue_builtin();
  const char *const *causes = ehlo_explain_causes();
  int n = 0;
  while (causes[n])
    n++;
  assert_int_equal(n, 57);
  for (int32_t i = 0; i < ehlo_catalogue_count(c); i++) {
    struct ehlo_explanation e;
    char text[EHLO_ENHANCED_TEXT];
    const struct ehlo_entry entry = ehlo_catalogue_entry(c, i);
    const struct ehlo_slice code = ehlo_entry_string(entry, EHLO_FIELD_CODE);
    if (code.len == 0 || code.ptr[0] < '4') continue;
    (void)snprintf(text, sizeof text, "%.*s", (int)code.len, code.ptr);
    explain(text, EHLO_PHASES, &e);
    bool listed = false;
    for (int k = 0; k < n; k++)
      listed = listed || ehlo_slice_equal(e.cause, ehlo_slice_str(causes[k]));
    assert_true(listed);
    ehlo_explanation_fini(&e);
  }
}

static void contradicting_classes_are_said_and_the_reply_code_decides(void **state) {
  (void)state;
  struct ehlo_explanation e;
  explain("550 4.4.7 xyzzy", EHLO_PHASES, &e);
  assert_slice(e.retry, "no");
  assert_string_equal(
      e.contradiction.data,
      "The reply code 550 says permanent, the enhanced code 4.4.7 says temporary: the reply code decides.");
  ehlo_explanation_fini(&e);
  explain("450 5.1.1 xyzzy", EHLO_PHASE_RCPT, &e);
  assert_slice(e.retry, "yes");
  assert_slice(e.suppress, "after-repeats");
  ehlo_explanation_fini(&e);
  explain("450 User unknown in local recipient table", EHLO_PHASE_RCPT, &e);
  assert_slice(e.retry, "yes");
  assert_slice(e.cause, "mailbox-unknown");
  ehlo_explanation_fini(&e);
}

static void words_against_the_digits_are_said_and_the_digits_decide(void **state) {
  (void)state;
  struct ehlo_explanation e;
  explain("552 disk full", EHLO_PHASE_DATA, &e);
  assert_slice(e.retry, "no");
  assert_string_equal(e.contradiction.data,
                      "The words tell of a fault that passes, 552 of one that lasts: the first digit decides.");
  ehlo_explanation_fini(&e);
  explain("450 no such user", EHLO_PHASE_RCPT, &e);
  assert_slice(e.retry, "yes");
  assert_string_equal(e.contradiction.data,
                      "The words tell of a fault that lasts, 450 of one that passes: the first digit decides.");
  ehlo_explanation_fini(&e);
  explain("452 disk full", EHLO_PHASE_DATA, &e);
  assert_int_equal(e.contradiction.len, 0);
  ehlo_explanation_fini(&e);
}

/* A common wording speaks of a product only as an example: "in Sendmail, ...". */
static bool speaks_of(struct ehlo_slice sentence, struct ehlo_slice product) {
  static const char *const leads[] = {"in ", "In ", "At ", "at ", "on ", "On ", "an ", " a "};
  for (size_t at = 0; at + product.len <= sentence.len; at++) {
    if (memcmp(sentence.ptr + at, product.ptr, product.len) != 0) continue;
    bool led = at > 0 && sentence.ptr[at - 1] != ' '; /* a link */
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++)
      led = led || (at >= 3 && memcmp(sentence.ptr + at - 3, leads[i], 3) == 0);
    if (!led) return true;
  }
  return false;
}

static void words_that_name_no_provider_are_not_explained_as_one_providers(void **state) {
  (void)state;
  const struct ehlo_catalogue *c = ehlo_catalogue_builtin();
  for (int32_t i = 0; i < ehlo_catalogue_count(c); i++) {
    const struct ehlo_entry entry = ehlo_catalogue_entry(c, i);
    const struct ehlo_slice provider = ehlo_entry_string(entry, EHLO_FIELD_PROVIDER);
    if (provider.len == 0 || ehlo_entry_names_provider(entry)) continue;
    if (ehlo_slice_equal(ehlo_entry_string(entry, EHLO_FIELD_DIRECTION), ehlo_slice_str("local"))) continue;
    const size_t space = ehlo_slice_find_nocase(provider, ehlo_slice_str(" "), 0);
    const struct ehlo_slice name = ehlo_slice_of(provider.ptr, space == SIZE_MAX ? provider.len : space);
    if (speaks_of(ehlo_entry_string(entry, EHLO_FIELD_MEANING), name) ||
        speaks_of(ehlo_entry_string(entry, EHLO_FIELD_FIX), name)) {
      const struct ehlo_slice id = ehlo_entry_string(entry, EHLO_FIELD_ID);
      fail_msg("%.*s", (int)id.len, id.ptr);
    }
  }
}

static bool holds(const struct ehlo_slice *list, int n, const char *text) {
  for (int i = 0; i < n; i++) {
    if (ehlo_slice_equal(list[i], ehlo_slice_str(text))) return true;
  }
  return false;
}

static void a_text_gives_its_places_links_tag_and_verdicts(void **state) {
  (void)state;
  struct ehlo_explanation e;
  explain("550-5.7.26 This mail has been blocked because the sender is unauthenticated.\r\n"
          "550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.\r\n"
          "550-5.7.26  DKIM = did not pass\r\n"
          "550-5.7.26  SPF [example.net] with ip: [198.51.100.7] = did not pass\r\n"
          "550 5.7.26  https://support.google.com/mail/answer/81126#authentication x - gsmtp\r\n",
          EHLO_PHASE_DATA, &e);
  assert_slice(e.provider, "Gmail");
  assert_true(holds(e.about, e.n_about, "example.net") && holds(e.about, e.n_about, "198.51.100.7"));
  assert_true(holds(e.links, e.n_links, "https://support.google.com/mail/answer/81126#authentication"));
  assert_int_equal(e.n_verdicts, 2);
  assert_slice(e.verdicts[0], "DKIM = did not pass");
  assert_slice(e.verdicts[1], "SPF [example.net] with ip: [198.51.100.7] = did not pass");
  ehlo_explanation_fini(&e);
  explain(
      "421 4.7.0 [TSS04] Messages from 192.0.2.7 temporarily deferred due to unexpected volume or user complaints - "
      "4.16.55.1; see https://postmaster.yahooinc.com/error-codes",
      EHLO_PHASE_GREETING, &e);
  assert_slice(e.tag, "TSS04");
  assert_slice(e.provider, "Yahoo");
  assert_int_equal(e.n_about, 1);
  assert_slice(e.about[0], "192.0.2.7");
  ehlo_explanation_fini(&e);
  explain("550 spam message rejected", EHLO_PHASE_DATA, &e);
  assert_int_equal(e.n_links, 0); /* mail.ru says so as well, and only there does its postmaster's page help */
  ehlo_explanation_fini(&e);
  explain("550 5.1.10 RESOLVER.ADR.RecipientNotFound; sending domain example.net, address in 5322.From, a@Example.Org "
          "[AM5EUR03FT012.eop-EUR03.prod.protection.outlook.com]",
          EHLO_PHASE_RCPT, &e);
  assert_int_equal(e.n_about, 2);
  assert_slice(e.about[0], "example.net");
  assert_slice(e.about[1], "a@Example.Org");
  ehlo_explanation_fini(&e);
  explain("550 5.7.1 <a@b.example>: client unknown[2001:db8::25] Spf= Fail , Dkim= Pass , DMARC= Fail blocked using "
          "x.example",
          EHLO_PHASE_RCPT, &e);
  assert_true(holds(e.about, e.n_about, "a@b.example") && holds(e.about, e.n_about, "2001:db8::25"));
  assert_false(holds(e.about, e.n_about, "x.example"));
  assert_true(e.n_verdicts == 3 && ehlo_slice_equal(e.verdicts[0], ehlo_slice_str("Spf= Fail")));
  ehlo_explanation_fini(&e);
}

static void codes_that_a_log_folded_in_are_taken_out(void **state) {
  (void)state;
  struct ehlo_explanation e;
  explain(
      "421-4.7.28 Gmail has detected an unusual rate of 421-4.7.28 unsolicited mail originating from your IP address.",
      EHLO_PHASES, &e);
  assert_slice(e.cause, "rate-limited");
  assert_null(strstr(e.text.data, "4.7.28"));
  ehlo_explanation_fini(&e);
}

static void what_a_server_said_is_found_in_a_log_line(void **state) {
  (void)state;
  struct ehlo_explanation e;
  explain("host mx.example.org[192.0.2.25] said: 552 5.2.2 Mailbox full (in reply to RCPT TO command)", EHLO_PHASES,
          &e);
  assert_true(e.code == 552 && e.enhanced.detail == 2);
  assert_slice(e.cause, "mailbox-full");
  assert_false(holds(e.about, e.n_about, "mx.example.org"));
  ehlo_explanation_fini(&e);
  explain("host mx.example.org[192.0.2.25] said: 550 xyzzy (in reply to MAIL FROM command)", EHLO_PHASES, &e);
  assert_slice(e.cause, "sender-blocked");
  ehlo_explanation_fini(&e);
  explain("host mx.example.org[192.0.2.25] said: 550 xyzzy (in reply to MAIL FROM command)", EHLO_PHASE_RCPT, &e);
  assert_slice(e.cause, "mailbox-unknown"); /* who asks knows better */
  ehlo_explanation_fini(&e);
}

static void success_is_no_trouble(void **state) {
  (void)state;
  struct ehlo_explanation e;
  explain("250 2.1.5 Ok", EHLO_PHASE_RCPT, &e);
  assert_int_equal(e.cause.len, 0);
  assert_slice(e.retry, "no");
  ehlo_explanation_fini(&e);
}

static void nothing_cannot_be_explained(void **state) {
  (void)state;
  struct ehlo_explanation e;
  static const char *const texts[] = {"", " ", "\r\n\t"};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    assert_int_equal(ehlo_explain_text(ehlo_catalogue_builtin(), ehlo_slice_str(texts[i]), EHLO_PHASES, &e),
                     EHLO_E_SYNTAX);
    ehlo_explanation_fini(&e);
  }
}

static void the_json_has_one_recipients_keys_in_order(void **state) {
  (void)state;
  static const char *const keys[] = {"{\"address\":null", "\"code\":550",    "\"enhanced\":\"5.1.1\"", "\"cause\":",
                                     "\"retry\":",        "\"acts\":",       "\"provider\":",          "\"about\":[",
                                     "\"tag\":null",      "\"verdicts\":[]", "\"suppress\":\"yes\"",   "\"links\":[",
                                     "\"meaning\":",      "\"fix\":",        "\"evidence\":\"Known"};
  struct ehlo_explanation e;
  struct ehlo_buf out;
  ehlo_buf_init(&out, 1 << 16);
  explain("550 5.1.1 <a@b.example>: no \"such\" user", EHLO_PHASE_RCPT, &e);
  assert_int_equal(ehlo_explanation_json(&e, &out), 0);
  const char *at = out.data;
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    at = strstr(at, keys[i]);
    if (!at) fail_msg("%s in %s", keys[i], out.data);
  }
  ehlo_buf_fini(&out);
  ehlo_explanation_fini(&e);
}

static void any_bytes_are_explained_within_their_bounds(void **state) {
  (void)state;
  static const char pieces[] =
      "550-5.7.1 421 4. [TSS04] <a@b.c> SPF= dkim= https:// 2001:db8:: (S3150) said: 192.0.2.1\r\n\0\xff\"";
  struct guard g;
  unsigned seed = 7;
  char text[400];
  assert_int_equal(guard_open(&g, sizeof text), 0);
  for (int round = 0; round < 4000; round++) {
    size_t len = 0;
    while (len < (size_t)(round % 300) + 1) {
      seed = seed * 1664525u + 1013904223u;
      const size_t from = (seed >> 16) % (sizeof pieces - 1), n = 1 + (seed >> 8) % 12;
      for (size_t k = 0; k < n && from + k < sizeof pieces - 1 && len < sizeof text; k++)
        text[len++] = pieces[from + k];
    }
    struct ehlo_explanation e;
    const struct ehlo_slice s = ehlo_slice_of(guard_put(&g, text, len), len);
    (void)ehlo_explain_text(ehlo_catalogue_builtin(), s, EHLO_PHASES, &e);
    ehlo_explanation_fini(&e);
  }
  guard_close(&g);
}

#ifdef EHLO_FAULTS
static void an_explanation_without_memory_fails_and_leaks_nothing(void **state) {
  (void)state;
  for (unsigned long nth = 1; nth < 40; nth++) {
    struct ehlo_explanation e;
    ehlo_memory_fail_at(nth, 0);
    const int result = ehlo_explain_text(ehlo_catalogue_builtin(), ehlo_slice_str("550 4.9.9 xyzzy"), EHLO_PHASES, &e);
    ehlo_memory_fail_at(0, 0);
    ehlo_explanation_fini(&e);
    assert_true(result == 0 || result == EHLO_E_MEMORY);
  }
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(digits_that_stand_for_nothing_are_not_made_up),
      cmocka_unit_test(the_most_trusted_source_decides),
      cmocka_unit_test(every_code_in_every_phase_is_explained_completely),
      cmocka_unit_test(every_cause_of_the_catalogue_and_of_the_tables_is_on_the_list),
      cmocka_unit_test(contradicting_classes_are_said_and_the_reply_code_decides),
      cmocka_unit_test(words_against_the_digits_are_said_and_the_digits_decide),
      cmocka_unit_test(words_that_name_no_provider_are_not_explained_as_one_providers),
      cmocka_unit_test(a_text_gives_its_places_links_tag_and_verdicts),
      cmocka_unit_test(codes_that_a_log_folded_in_are_taken_out),
      cmocka_unit_test(what_a_server_said_is_found_in_a_log_line),
      cmocka_unit_test(success_is_no_trouble),
      cmocka_unit_test(nothing_cannot_be_explained),
      cmocka_unit_test(the_json_has_one_recipients_keys_in_order),
      cmocka_unit_test(any_bytes_are_explained_within_their_bounds),
#ifdef EHLO_FAULTS
      cmocka_unit_test(an_explanation_without_memory_fails_and_leaks_nothing),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
