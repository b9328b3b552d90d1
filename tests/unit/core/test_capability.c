/* Owns: tests of the list of extensions. */
#include "unit.h"

#include "ehlo/core/capability.h"
#include "guard.h"

static const char typical[] = "250-mx.example.org Hello [192.0.2.1]\r\n"
                              "250-SIZE 52428800\r\n"
                              "250-\r\n"
                              "250-8BITMIME\r\n"
                              "250-starttls\r\n"
                              "250-AUTH PLAIN  LOGIN\tXOAUTH2\r\n"
                              "250-AUTH=CRAM-MD5 NTLM\r\n"
                              "250-XVENDOR=1 a b \r\n"
                              "250 DSN\r\n";

static struct ehlo_reply read_reply(const char *text) {
  struct ehlo_reply reply;
  (void)ehlo_reply_read(ehlo_slice_str(text), &reply);
  return reply;
}

static void each_line_but_the_first_names_an_extension(void **state) {
  (void)state;
  static const struct {
    const char *keyword;
    const char *params;
  } rows[] = {
      {"SIZE", "52428800"},      {"8BITMIME", ""},     {"starttls", ""}, {"AUTH", "PLAIN  LOGIN\tXOAUTH2"},
      {"AUTH", "CRAM-MD5 NTLM"}, {"XVENDOR=1", "a b"}, {"DSN", ""},
  };
  const struct ehlo_reply reply = read_reply(typical);
  struct ehlo_capability c;
  size_t pos = 0;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    assert_true(ehlo_capability_next(&reply, &pos, &c));
    assert_slice(c.keyword, rows[i].keyword);
    assert_slice(c.params, rows[i].params);
  }
  assert_false(ehlo_capability_next(&reply, &pos, &c));
}

static void keywords_are_found_in_any_case(void **state) {
  (void)state;
  const struct ehlo_reply reply = read_reply(typical);
  struct ehlo_capability c;
  assert_true(ehlo_capability_find(&reply, "STARTTLS", &c));
  assert_true(ehlo_capability_find(&reply, "dsn", &c));
  assert_false(ehlo_capability_find(&reply, "START", &c));
  assert_false(ehlo_capability_find(&reply, "mx.example.org", &c));
}

static void mechanisms_of_both_forms_count(void **state) {
  (void)state;
  const struct ehlo_reply reply = read_reply(typical);
  assert_true(ehlo_capability_auth(&reply, "plain"));
  assert_true(ehlo_capability_auth(&reply, "LOGIN"));
  assert_true(ehlo_capability_auth(&reply, "XOAUTH2"));
  assert_true(ehlo_capability_auth(&reply, "NTLM"));
  assert_false(ehlo_capability_auth(&reply, "CRAM"));
  assert_false(ehlo_capability_auth(&reply, ""));
  const struct ehlo_reply last = read_reply("250-a\r\n250 AUTH LOGIN\r\n");
  assert_true(ehlo_capability_auth(&last, "LOGIN"));
}

static void a_size_is_a_number_or_none(void **state) {
  (void)state;
  static const struct {
    const char *reply;
    uint64_t size;
  } rows[] = {
      {"250-a\r\n250 SIZE 10240000\r\n", 10240000},
      {"250-a\r\n250 size  7 \r\n", 7},
      {"250-a\r\n250 SIZE 0\r\n", 0},
      {"250-a\r\n250 SIZE\r\n", 0},
      {"250-a\r\n250 SIZE 10M\r\n", 0},
      {"250-a\r\n250 SIZE -1\r\n", 0},
      {"250-a\r\n250 SIZE 18446744073709551615\r\n", UINT64_MAX},
      {"250-a\r\n250 SIZE 18446744073709551616\r\n", 0},
      {"250-a\r\n250 HELP\r\n", 0},
      {"250 SIZE 7\r\n", 0},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const struct ehlo_reply reply = read_reply(rows[i].reply);
    assert_true(ehlo_capability_size(&reply) == rows[i].size);
  }
}

static void a_refusal_lists_nothing(void **state) {
  (void)state;
  const struct ehlo_reply reply = read_reply("502-what\r\n502 STARTTLS\r\n");
  struct ehlo_capability c;
  size_t pos = 0;
  assert_false(ehlo_capability_next(&reply, &pos, &c));
  assert_false(ehlo_capability_find(&reply, "STARTTLS", &c));
}

static void every_part_of_a_reply_is_read_within_its_bounds(void **state) {
  (void)state;
  struct guard g;
  assert_int_equal(guard_open(&g, sizeof typical), 0);
  for (size_t len = 0; len < sizeof typical; len++) {
    const struct ehlo_reply reply = {.raw = ehlo_slice_of(guard_put(&g, typical, len), len), .code = 250};
    struct ehlo_capability c;
    size_t count = 0;
    for (size_t pos = 0; ehlo_capability_next(&reply, &pos, &c); count++)
      assert_true(c.keyword.len > 0);
    assert_true(count <= 7);
    (void)ehlo_capability_size(&reply);
    (void)ehlo_capability_auth(&reply, "XOAUTH2 and more");
  }
  guard_close(&g);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_line_but_the_first_names_an_extension),
      cmocka_unit_test(keywords_are_found_in_any_case),
      cmocka_unit_test(mechanisms_of_both_forms_count),
      cmocka_unit_test(a_size_is_a_number_or_none),
      cmocka_unit_test(a_refusal_lists_nothing),
      cmocka_unit_test(every_part_of_a_reply_is_read_within_its_bounds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
