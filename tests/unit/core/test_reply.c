/* Owns: tests of the reply grammar. Every case is read whole, byte by byte and cut in two at every place, and always
 * ends at a forbidden page. */
#include "unit.h"

#include "ehlo/base/error.h"
#include "ehlo/core/reply.h"
#include "guard.h"

#define REPLY(text) text, sizeof(text) - 1

struct row {
  const char *bytes;
  size_t len;
  long result; /* a length, or an error */
  size_t raw;  /* bytes of out->raw */
  int code;
  size_t lines;
  uint32_t anomalies;
  const char *enhanced;
};

enum { ROOM = 4096, AGAIN = EHLO_E_AGAIN, BAD = EHLO_E_PROTOCOL, ALIEN = EHLO_E_NOT_SMTP };

#define A(name) EHLO_ANOMALY_##name

static const struct row rows[] = {
    /* whole replies */
    {REPLY("250 OK\r\n"), 8, 8, 250, 1, 0, ""},
    {REPLY("250\r\n"), 5, 5, 250, 1, 0, ""},
    {REPLY("250 \r\n"), 6, 6, 250, 1, 0, ""},
    {REPLY("250-mx\r\n250-SIZE 1\r\n250 HELP\r\n"), 30, 30, 250, 3, 0, ""},
    {REPLY("250-a\r\n250\r\n"), 12, 12, 250, 2, 0, ""},
    {REPLY("550-5.7.1 no\r\n550 5.7.1 way\r\n"), 29, 29, 550, 2, 0, "5.7.1"},
    {REPLY("550-no\r\n550 5.7.26 way\r\n"), 24, 24, 550, 2, 0, "5.7.26"},
    {REPLY("354 go\tahead\r\n"), 14, 14, 354, 1, 0, ""},
    {REPLY("334 5.1.1\r\n"), 11, 11, 334, 1, 0, ""},
    {REPLY("220 4.3.2.dsl.ex\r\n"), 18, 18, 220, 1, 0, ""},
    {REPLY("220 4.3.2a\r\n"), 12, 12, 220, 1, 0, ""},
    {REPLY("556 5.1.10 null MX\r\n"), 20, 20, 556, 1, 0, "5.1.10"},
    /* what follows a reply is not looked at */
    {REPLY("250 a\r\n550 b\r\n"), 7, 7, 250, 1, 0, ""},
    {REPLY("220 go\r\n\x01\x02"), 8, 8, 220, 1, 0, ""},
    /* oddities */
    {REPLY("250 OK\n"), 7, 7, 250, 1, A(BARE_LF), ""},
    {REPLY("250\n"), 4, 4, 250, 1, A(BARE_LF), ""},
    {REPLY("250-a\n250 b\r\n"), 13, 13, 250, 2, A(BARE_LF), ""},
    {REPLY("250 a\rb\r\n"), 9, 9, 250, 1, A(BARE_CR), ""},
    {REPLY("250 a\r\r\n"), 8, 8, 250, 1, A(BARE_CR), ""},
    {REPLY("250\r\r\n"), 6, 6, 250, 1, A(BARE_CR) | A(NO_SEPARATOR), ""},
    {REPLY("250 a\0b\r\n"), 9, 9, 250, 1, A(NUL), ""},
    {REPLY("250 \x1b[2J\r\n"), 10, 10, 250, 1, A(CONTROL), ""},
    {REPLY("250 \x7f\r\n"), 7, 7, 250, 1, A(CONTROL), ""},
    {REPLY("250 \xc3\xa9\r\n"), 8, 8, 250, 1, A(EIGHT_BIT), ""},
    {REPLY("250OK\r\n"), 7, 7, 250, 1, A(NO_SEPARATOR), ""},
    {REPLY("250\tOK\r\n"), 8, 8, 250, 1, A(NO_SEPARATOR), ""},
    {REPLY("2500\r\n"), 6, 6, 250, 1, A(NO_SEPARATOR), ""},
    {REPLY("571 no\r\n"), 8, 8, 571, 1, A(SECOND_DIGIT), ""},
    {REPLY("550 4.4.7 late\r\n"), 16, 16, 550, 1, A(ENHANCED_CLASS), "4.4.7"},
    {REPLY("550-5.1.1 a\r\n550 5.7.1 b\r\n"), 26, 26, 550, 2, A(ENHANCED_MIXED), "5.1.1"},
    {REPLY("550-5.1.1 a\r\n550 4.1.1 b\r\n"), 26, 26, 550, 2, A(ENHANCED_MIXED) | A(ENHANCED_CLASS), "5.1.1"},
    /* not yet */
    {REPLY(""), AGAIN, 0, 0, 0, 0, ""},
    {REPLY("2"), AGAIN, 0, 0, 0, 0, ""},
    {REPLY("250 OK"), AGAIN, 0, 0, 0, 0, ""},
    {REPLY("250 OK\r"), AGAIN, 0, 0, 0, 0, ""},
    {REPLY("250-OK\r\n"), AGAIN, 0, 0, 0, 0, ""},
    {REPLY("250-OK\r\n25"), AGAIN, 0, 0, 0, 0, ""},
    /* no reply at all: the first byte that cannot be one decides */
    {REPLY("HTTP/1.1 400 Bad Request\r\n"), ALIEN, 1, 0, 0, A(NOT_A_REPLY), ""},
    {REPLY("22x\r\n"), ALIEN, 3, 0, 0, A(NOT_A_REPLY), ""},
    {REPLY("25\r\n"), ALIEN, 3, 0, 0, A(NOT_A_REPLY), ""},
    {REPLY("\r\n"), ALIEN, 1, 0, 0, A(NOT_A_REPLY), ""},
    {REPLY("\x16\x03\x01"), ALIEN, 1, 0, 0, A(NOT_A_REPLY) | A(CONTROL), ""},
    {REPLY("\0"), ALIEN, 1, 0, 0, A(NOT_A_REPLY) | A(NUL), ""},
    {REPLY("-50 x\r\n"), ALIEN, 1, 0, 0, A(NOT_A_REPLY), ""},
    /* violations */
    {REPLY("250-a\r\nb\r\n"), BAD, 8, 250, 1, A(NOT_A_REPLY), ""},
    {REPLY("250-a\n\r\n"), BAD, 7, 250, 1, A(NOT_A_REPLY) | A(BARE_LF), ""},
    {REPLY("250-a\r\n550 b\r\n"), BAD, 10, 250, 1, A(MIXED_CODES), ""},
    {REPLY("550-5.1.1 \xff\r\n551 b\r\n"), BAD, 16, 550, 1, A(MIXED_CODES) | A(EIGHT_BIT), "5.1.1"},
    {REPLY("199 x\r\n"), BAD, 3, 199, 0, A(FIRST_DIGIT), ""},
    {REPLY("000 x\r\n"), BAD, 3, 0, 0, A(FIRST_DIGIT), ""},
    {REPLY("600"), BAD, 3, 600, 0, A(FIRST_DIGIT), ""},
    {REPLY("999 x\r\n"), BAD, 3, 999, 0, A(FIRST_DIGIT), ""},
    /* the limits of these tests: 20 bytes a line, 4 lines, 50 bytes a reply */
    {REPLY("250 45678901234567\r\n"), 20, 20, 250, 1, 0, ""},
    {REPLY("250 456789012345678\r\n"), BAD, 20, 250, 0, A(OVERLONG_LINE), ""},
    {REPLY("250 45678901234567\n\n"), 19, 19, 250, 1, A(BARE_LF), ""},
    {REPLY("250 4567890\0234567890123456789012345678901234567890123456789"), BAD, 20, 250, 0,
     A(OVERLONG_LINE) | A(CONTROL), ""},
    {REPLY("250-\r\n250-\r\n250-\r\n250 \r\n"), 24, 24, 250, 4, 0, ""},
    {REPLY("250-\r\n250-\r\n250-\r\n250-\r\n250 \r\n"), BAD, 24, 250, 4, A(TOO_MANY_LINES), ""},
    {REPLY("250-45678901234567\r\n250-45678901234567\r\n250 4567\r\n"), 50, 50, 250, 3, 0, ""},
    {REPLY("250-45678901234567\r\n250-45678901234567\r\n250-4567\r\n250 \r\n"), BAD, 50, 250, 3, A(OVERLONG_REPLY), ""},
    {REPLY("250-45678901234567\r\n250-45678901234567\r\n250 45678\r\n"), BAD, 50, 250, 2, A(OVERLONG_REPLY), ""},
};

static const struct ehlo_reply_limits small = {.line = 20, .lines = 4, .bytes = 50};

static void check(const struct row *row, long result, const struct ehlo_reply *out, const char *bytes) {
  char enhanced[EHLO_ENHANCED_TEXT];
  assert_int_equal(result, row->result);
  assert_int_equal(out->raw.len, row->raw);
  if (row->raw > 0) assert_ptr_equal(out->raw.ptr, bytes);
  assert_int_equal(out->code, row->code);
  assert_int_equal(out->lines, row->lines);
  assert_int_equal(out->anomalies, row->anomalies);
  assert_string_equal(ehlo_enhanced_format(out->enhanced, enhanced), row->enhanced);
}

static void each_reply_read_whole_gives_its_result(void **state) {
  (void)state;
  struct guard g;
  assert_int_equal(guard_open(&g, ROOM), 0);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const char *bytes = guard_put(&g, rows[i].bytes, rows[i].len);
    struct ehlo_reply_scan scan = {0};
    struct ehlo_reply out;
    const long result = ehlo_reply_scan(ehlo_slice_of(bytes, rows[i].len), &small, &scan, &out);
    check(&rows[i], result, &out, bytes);
  }
  guard_close(&g);
}

/* Cut at two places: the first call sees `a` bytes, the second `b`, then all. Each sees only its own bytes. */
static void read_cut(const struct row *row, struct guard *g, size_t a, size_t b) {
  const size_t ends[] = {a, b, row->len};
  struct ehlo_reply_scan scan = {0};
  struct ehlo_reply out = {0};
  long result = EHLO_E_AGAIN;
  const char *bytes = NULL;
  for (size_t i = 0; i < 3 && result == EHLO_E_AGAIN; i++) {
    bytes = guard_put(g, row->bytes, ends[i]);
    result = ehlo_reply_scan(ehlo_slice_of(bytes, ends[i]), &small, &scan, &out);
  }
  check(row, result, &out, bytes);
}

static void a_reply_cut_at_any_two_places_gives_the_same_result(void **state) {
  (void)state;
  struct guard g;
  assert_int_equal(guard_open(&g, ROOM), 0);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    for (size_t a = 0; a <= rows[i].len; a++) {
      for (size_t b = a; b <= rows[i].len; b++)
        read_cut(&rows[i], &g, a, b);
    }
  }
  guard_close(&g);
}

static void a_reply_that_comes_byte_by_byte_gives_the_same_result(void **state) {
  (void)state;
  struct guard g;
  assert_int_equal(guard_open(&g, ROOM), 0);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct ehlo_reply_scan scan = {0};
    struct ehlo_reply out = {0};
    const char *bytes = NULL;
    long result = EHLO_E_AGAIN;
    for (size_t len = 0; len <= rows[i].len && result == EHLO_E_AGAIN; len++) {
      bytes = guard_put(&g, rows[i].bytes, len);
      result = ehlo_reply_scan(ehlo_slice_of(bytes, len), &small, &scan, &out);
    }
    check(&rows[i], result, &out, bytes);
  }
  guard_close(&g);
}

static void finished_lines_are_not_looked_at_again(void **state) {
  (void)state;
  char bytes[] = "250-first\r\n250 last\r\n";
  struct ehlo_reply_scan scan = {0};
  struct ehlo_reply out;
  assert_int_equal(ehlo_reply_scan(ehlo_slice_of(bytes, 15), &ehlo_reply_limits_default, &scan, &out), EHLO_E_AGAIN);
  assert_int_equal(scan.scanned, 15);
  memset(bytes, '\n', 11);
  assert_int_equal(ehlo_reply_scan(ehlo_slice_of(bytes, 21), &ehlo_reply_limits_default, &scan, &out), 21);
  assert_int_equal(out.lines, 2);
  assert_int_equal(out.anomalies, 0);
}

static void fewer_bytes_than_before_are_the_callers_mistake(void **state) {
  (void)state;
  struct ehlo_reply_scan scan = {0};
  struct ehlo_reply out;
  assert_int_equal(ehlo_reply_scan(ehlo_slice_of("250 OK", 6), &small, &scan, &out), EHLO_E_AGAIN);
  assert_int_equal(ehlo_reply_scan(ehlo_slice_of("250 O", 5), &small, &scan, &out), EHLO_E_ARGUMENT);
}

static void a_line_beyond_512_octets_is_noted(void **state) {
  (void)state;
  char bytes[514];
  for (size_t len = 512; len <= 513; len++) {
    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes, "250 ", 4);
    memcpy(bytes + len - 2, "\r\n", 2);
    struct ehlo_reply_scan scan = {0};
    struct ehlo_reply out;
    const long result = ehlo_reply_scan(ehlo_slice_of(bytes, len), &ehlo_reply_limits_default, &scan, &out);
    assert_int_equal(result, len);
    assert_int_equal(out.anomalies, len > 512 ? EHLO_ANOMALY_LONG_LINE : 0);
  }
}

static void limits_of_nothing_end_at_once(void **state) {
  (void)state;
  const struct ehlo_reply_limits none = {0};
  struct ehlo_reply_scan scan = {0};
  struct ehlo_reply out;
  assert_int_equal(ehlo_reply_scan(ehlo_slice_of("", 0), &none, &scan, &out), EHLO_E_PROTOCOL);
  const struct ehlo_reply_limits all = {SIZE_MAX, SIZE_MAX, SIZE_MAX};
  scan = (struct ehlo_reply_scan){0};
  assert_int_equal(ehlo_reply_scan(ehlo_slice_of("250-a\r\n250 b\r\n", 14), &all, &scan, &out), 14);
}

static void every_violation_is_a_bit_of_the_mask(void **state) {
  (void)state;
  for (unsigned i = 0; i < 32; i++) {
    const uint32_t bit = 1u << i;
    assert_int_equal(ehlo_anomaly_name(bit) == NULL, ehlo_anomaly_text(bit) == NULL);
    if (i >= 16) assert_true((bit & EHLO_ANOMALY_VIOLATIONS) || bit == EHLO_ANOMALY_UNASKED || !ehlo_anomaly_name(bit));
    if (i < 16) assert_false(bit & EHLO_ANOMALY_VIOLATIONS);
  }
  assert_string_equal(ehlo_anomaly_name(EHLO_ANOMALY_BARE_LF), "bare-lf");
  assert_string_equal(ehlo_anomaly_name(EHLO_ANOMALY_INJECTED), "injected");
  assert_null(ehlo_anomaly_name(0));
  assert_null(ehlo_anomaly_name(EHLO_ANOMALY_BARE_LF | EHLO_ANOMALY_NUL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_reply_read_whole_gives_its_result),
      cmocka_unit_test(a_reply_cut_at_any_two_places_gives_the_same_result),
      cmocka_unit_test(a_reply_that_comes_byte_by_byte_gives_the_same_result),
      cmocka_unit_test(finished_lines_are_not_looked_at_again),
      cmocka_unit_test(fewer_bytes_than_before_are_the_callers_mistake),
      cmocka_unit_test(a_line_beyond_512_octets_is_noted),
      cmocka_unit_test(limits_of_nothing_end_at_once),
      cmocka_unit_test(every_violation_is_a_bit_of_the_mask),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
