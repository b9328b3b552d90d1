/* Owns: tests of reading stored replies, walking their lines, and guessing at other protocols. */
#include "unit.h"

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"
#include "ehlo/core/reply.h"
#include "guard.h"

static struct ehlo_reply read_reply(const char *text) {
  struct ehlo_reply reply;
  (void)ehlo_reply_read(ehlo_slice_str(text), &reply);
  return reply;
}

static void a_stored_reply_may_lack_its_end(void **state) {
  (void)state;
  const struct {
    const char *text;
    long result;
    int code;
    size_t lines;
    uint32_t anomalies;
  } rows[] = {
      {"250", 3, 250, 1, 0},
      {"250 OK", 6, 250, 1, 0},
      {"250 OK\r", 7, 250, 1, 0},
      {"250 OK\r\n", 8, 250, 1, 0},
      {"250-a\r\n", 7, 250, 1, 0},
      {"250-a", 5, 250, 1, 0},
      {"250-a\r\n250 b", 12, 250, 2, 0},
      {"250-a\n250 b", 11, 250, 2, EHLO_ANOMALY_BARE_LF},
      {"250 a\r\n550 b", 7, 250, 1, 0},
      {"550 4.4.7 x", 11, 550, 1, EHLO_ANOMALY_ENHANCED_CLASS},
      {"", EHLO_E_SYNTAX, 0, 0, 0},
      {"25", EHLO_E_NOT_SMTP, 0, 0, EHLO_ANOMALY_NOT_A_REPLY},
      {"hello", EHLO_E_NOT_SMTP, 0, 0, EHLO_ANOMALY_NOT_A_REPLY},
      {"250-a\r\n25", EHLO_E_PROTOCOL, 250, 1, EHLO_ANOMALY_NOT_A_REPLY},
      {"250-a\r\n260", EHLO_E_PROTOCOL, 250, 1, EHLO_ANOMALY_MIXED_CODES},
      {"700 x", EHLO_E_PROTOCOL, 700, 0, EHLO_ANOMALY_FIRST_DIGIT},
  };
  struct guard g;
  assert_int_equal(guard_open(&g, 64), 0);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const size_t len = strlen(rows[i].text);
    struct ehlo_reply out;
    const long result = ehlo_reply_read(ehlo_slice_of(guard_put(&g, rows[i].text, len), len), &out);
    assert_int_equal(result, rows[i].result);
    assert_int_equal(out.code, rows[i].code);
    assert_int_equal(out.lines, rows[i].lines);
    assert_int_equal(out.anomalies, rows[i].anomalies);
    if (result > 0) assert_int_equal(out.raw.len, result);
  }
  guard_close(&g);
}

static void lines_are_walked_with_their_texts(void **state) {
  (void)state;
  const struct ehlo_reply reply = read_reply("550-5.7.1  Message\r\n550-\n550\r\n550x5.7.26 y\r\n");
  struct ehlo_reply_line line;
  size_t pos = 0;
  assert_true(ehlo_reply_next_line(&reply, &pos, true, &line));
  assert_slice(line.text, "Message");
  assert_slice(line.raw, "550-5.7.1  Message\r\n");
  assert_int_equal(line.enhanced.subject, 7);
  assert_false(line.last);
  assert_true(ehlo_reply_next_line(&reply, &pos, true, &line));
  assert_slice(line.raw, "550-\n");
  assert_slice(line.text, "");
  assert_true(ehlo_reply_next_line(&reply, &pos, true, &line));
  assert_slice(line.raw, "550\r\n");
  assert_slice(line.text, "");
  assert_true(line.last);
  assert_false(ehlo_reply_next_line(&reply, &pos, true, &line));
  assert_int_equal(line.raw.len, 0);
}

static void an_enhanced_code_is_kept_or_skipped_as_asked(void **state) {
  (void)state;
  const struct ehlo_reply reply = read_reply("550 5.1.1 <a@b>: unknown");
  struct ehlo_reply_line line;
  size_t pos = 0;
  assert_true(ehlo_reply_next_line(&reply, &pos, false, &line));
  assert_slice(line.text, "5.1.1 <a@b>: unknown");
  assert_int_equal(line.enhanced.class, 5);
  pos = 0;
  assert_true(ehlo_reply_next_line(&reply, &pos, true, &line));
  assert_slice(line.text, "<a@b>: unknown");
  pos = 0;
  const struct ehlo_reply bare = read_reply("550 5.1.1");
  assert_true(ehlo_reply_next_line(&bare, &pos, true, &line));
  assert_slice(line.text, "");
}

static void text_after_a_missing_separator_is_whole(void **state) {
  (void)state;
  const struct ehlo_reply reply = read_reply("250OK\r\n");
  struct ehlo_reply_line line;
  size_t pos = 0;
  assert_true(ehlo_reply_next_line(&reply, &pos, true, &line));
  assert_slice(line.text, "OK");
}

static void a_line_without_a_code_is_all_text(void **state) {
  (void)state;
  const struct ehlo_reply reply = {.raw = ehlo_slice_str("HTTP/1.1\r\n25\r\n")};
  struct ehlo_reply_line line;
  size_t pos = 0;
  assert_true(ehlo_reply_next_line(&reply, &pos, true, &line));
  assert_slice(line.text, "HTTP/1.1");
  assert_true(ehlo_reply_next_line(&reply, &pos, true, &line));
  assert_slice(line.text, "25");
}

static void texts_unfold_to_one_line(void **state) {
  (void)state;
  const struct {
    const char *reply;
    const char *text;
  } rows[] = {
      {"550-5.7.1 Our system has \r\n550-5.7.1\r\n550 5.7.1  detected", "Our system has detected"},
      {"250 OK\r\n", "OK"},
      {"250\r\n", ""},
      {"334 5.1.1 challenge", "5.1.1 challenge"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct ehlo_buf out;
    ehlo_buf_init(&out, 1000);
    const struct ehlo_reply reply = read_reply(rows[i].reply);
    assert_int_equal(ehlo_reply_unfold(&reply, &out), 0);
    assert_slice(ehlo_buf_slice(&out), rows[i].text);
    ehlo_buf_fini(&out);
  }
  struct ehlo_buf full;
  ehlo_buf_init(&full, 3);
  const struct ehlo_reply reply = read_reply("250 much too long");
  assert_int_equal(ehlo_reply_unfold(&reply, &full), EHLO_E_LIMIT);
  ehlo_buf_fini(&full);
}

static void classes_are_named_after_the_first_digit(void **state) {
  (void)state;
  assert_string_equal(ehlo_reply_class(250), "positive-completion");
  assert_string_equal(ehlo_reply_class(354), "positive-intermediate");
  assert_string_equal(ehlo_reply_class(421), "transient-negative");
  assert_string_equal(ehlo_reply_class(599), "permanent-negative");
  assert_null(ehlo_reply_class(199));
  assert_null(ehlo_reply_class(600));
  assert_null(ehlo_reply_class(-250));
}

static void other_protocols_are_told_apart(void **state) {
  (void)state;
  const struct {
    const char *bytes;
    const char *guess;
  } rows[] = {
      {"HTTP/1.1 400 Bad Request\r\n", "an HTTP server"},
      {"<html>", "an HTTP server"},
      {"<!doctype html>", "an HTTP server"},
      {"SSH-2.0-OpenSSH_9.2\r\n", "an SSH server"},
      {"* OK [CAPABILITY IMAP4rev1]\r\n", "an IMAP server"},
      {"* BYE\r\n", "an IMAP server"},
      {"+OK Dovecot ready.\r\n", "a POP3 server"},
      {"-ERR no\r\n", "a POP3 server"},
      {"220 (vsFTPd 3.0.3)\r\n", "an FTP server"},
      {"220-ProFTPD Server\r\n", "an FTP server"},
      {"220 ftp.example.org ESMTP\r\n", "something else"},
      {"\x16\x03\x01", "a TLS server (implicit TLS)"},
      {"\x15\x03\x03", "a TLS server (implicit TLS)"},
      {"220 ************************0*2**\r\n", "a middlebox that rewrites SMTP"},
      {"***************\r\n", "a middlebox that rewrites SMTP"},
      {"220 *** mail ***\r\n", "something else"},
      {"", "something else"},
      {"\x16", "something else"},
  };
  struct guard g;
  assert_int_equal(guard_open(&g, 64), 0);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const size_t len = strlen(rows[i].bytes);
    const char *bytes = guard_put(&g, rows[i].bytes, len);
    assert_string_equal(ehlo_reply_looks_like(ehlo_slice_of(bytes, len)), rows[i].guess);
  }
  guard_close(&g);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_stored_reply_may_lack_its_end),
      cmocka_unit_test(lines_are_walked_with_their_texts),
      cmocka_unit_test(an_enhanced_code_is_kept_or_skipped_as_asked),
      cmocka_unit_test(text_after_a_missing_separator_is_whole),
      cmocka_unit_test(a_line_without_a_code_is_all_text),
      cmocka_unit_test(texts_unfold_to_one_line),
      cmocka_unit_test(classes_are_named_after_the_first_digit),
      cmocka_unit_test(other_protocols_are_told_apart),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
