/* Owns: tests of targets, mailboxes and names for EHLO. */
#include "unit.h"

#include "ehlo/base/error.h"
#include "ehlo/core/address.h"
#include "guard.h"

#define BYTES(text) text, sizeof(text) - 1
#define L63 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123"

struct target_row {
  const char *bytes;
  size_t len;
  const char *host; /* NULL: refused */
  unsigned port;
  int family;
};

static const struct target_row targets[] = {
    {BYTES("mx.example.org"), "mx.example.org", 0, 0},
    {BYTES("mx.example.org:587"), "mx.example.org", 587, 0},
    {BYTES("mx.example.org."), "mx.example.org", 0, 0},
    {BYTES("mx.example.org.:25"), "mx.example.org", 25, 0},
    {BYTES("localhost"), "localhost", 0, 0},
    {BYTES("_dmarc.a_b.example"), "_dmarc.a_b.example", 0, 0},
    {BYTES("m\xc3\xbcller.example"), "m\xc3\xbcller.example", 0, 0},
    {BYTES("192.0.2.1"), "192.0.2.1", 0, 4},
    {BYTES("192.0.2.1:2525"), "192.0.2.1", 2525, 4},
    {BYTES("[192.0.2.1]:25"), "192.0.2.1", 25, 4},
    {BYTES("2001:db8::1"), "2001:db8::1", 0, 6},
    {BYTES("::1"), "::1", 0, 6},
    {BYTES("::ffff:192.0.2.1"), "::ffff:192.0.2.1", 0, 6},
    {BYTES("[2001:db8::1]"), "2001:db8::1", 0, 6},
    {BYTES("[2001:db8::1]:25"), "2001:db8::1", 25, 6},
    {BYTES("[IPv6:2001:db8::1]"), "2001:db8::1", 0, 6},
    {BYTES("[ipv6:2001:db8::1]:65535"), "2001:db8::1", 65535, 6},
    {BYTES(L63 ".example"), L63 ".example", 0, 0},
    {BYTES("1.example"), "1.example", 0, 0},
    {BYTES(""), NULL, 0, 0},
    {BYTES("."), NULL, 0, 0},
    {BYTES(":25"), NULL, 0, 0},
    {BYTES("a..b"), NULL, 0, 0},
    {BYTES(".a"), NULL, 0, 0},
    {BYTES("a b"), NULL, 0, 0},
    {BYTES(" a"), NULL, 0, 0},
    {BYTES("a\r\nQUIT"), NULL, 0, 0},
    {BYTES("a\0b"), NULL, 0, 0},
    {BYTES("a\x7f"), NULL, 0, 0},
    {BYTES("a\xc2\x85"), NULL, 0, 0},
    {BYTES("a\xff"), NULL, 0, 0},
    {BYTES("a@example.org"), NULL, 0, 0},
    {BYTES("smtp://mx.example.org"), NULL, 0, 0},
    {BYTES("a,b"), NULL, 0, 0},
    {BYTES("mx.example.org:"), NULL, 0, 0},
    {BYTES("mx.example.org:0"), NULL, 0, 0},
    {BYTES("mx.example.org:65536"), NULL, 0, 0},
    {BYTES("mx.example.org:25x"), NULL, 0, 0},
    {BYTES("mx.example.org:+25"), NULL, 0, 0},
    {BYTES("a:b:c"), NULL, 0, 0},
    {BYTES("2001:db8::1::2"), NULL, 0, 0},
    {BYTES("fe80::1%eth0"), NULL, 0, 0},
    {BYTES("300.1.1.1"), NULL, 0, 0},
    {BYTES("1.2.3"), NULL, 0, 0},
    {BYTES("[2001:db8::1"), NULL, 0, 0},
    {BYTES("[2001:db8::1]25"), NULL, 0, 0},
    {BYTES("[]"), NULL, 0, 0},
    {BYTES("[mx.example.org]"), NULL, 0, 0},
    {BYTES("[IPv6:192.0.2.1]"), NULL, 0, 0},
    {BYTES("["), NULL, 0, 0},
    {BYTES(L63 "4.example"), NULL, 0, 0},
    {BYTES(L63 "." L63 "." L63 "." L63), NULL, 0, 0},
};

static void a_target_is_a_name_or_an_address_with_or_without_a_port(void **state) {
  (void)state;
  struct guard g;
  assert_int_equal(guard_open(&g, 1024), 0);
  for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
    const struct target_row *row = &targets[i];
    const struct ehlo_slice s = ehlo_slice_of(guard_put(&g, row->bytes, row->len), row->len);
    struct ehlo_target t;
    const char *why;
    assert_int_equal(ehlo_address_target(s, &t, &why), row->host ? 0 : EHLO_E_SYNTAX);
    assert_int_equal(why != NULL, row->host == NULL);
    assert_slice(t.host, row->host ? row->host : "");
    assert_int_equal(t.port, row->port);
    assert_int_equal(t.family, row->family);
  }
  guard_close(&g);
}

struct mailbox_row {
  const char *bytes;
  size_t len;
  const char *local; /* NULL: refused */
  const char *domain;
  int utf8;
};

#define A64 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234"

static const struct mailbox_row mailboxes[] = {
    {BYTES("a@example.org"), "a", "example.org", 0},
    {BYTES("<a@example.org>"), "a", "example.org", 0},
    {BYTES("first.last+tag=x/y@example.org"), "first.last+tag=x/y", "example.org", 0},
    {BYTES(".a..b.@example.org"), ".a..b.", "example.org", 0},
    {BYTES("\"a b\\\"c@d\"@example.org"), "\"a b\\\"c@d\"", "example.org", 0},
    {BYTES("\"\"@example.org"), "\"\"", "example.org", 0},
    {BYTES("postmaster"), "postmaster", "", 0},
    {BYTES("<Postmaster>"), "Postmaster", "", 0},
    {BYTES("a@[192.0.2.1]"), "a", "[192.0.2.1]", 0},
    {BYTES("a@[IPv6:2001:db8::1]"), "a", "[IPv6:2001:db8::1]", 0},
    {BYTES("m\xc3\xbcller@example.org"), "m\xc3\xbcller", "example.org", 1},
    {BYTES("a@m\xc3\xbcller.example"), "a", "m\xc3\xbcller.example", 1},
    {BYTES(A64 "@example.org"), A64, "example.org", 0},
    {BYTES(A64 "a@example.org"), NULL, NULL, 0},
    {BYTES("a"), NULL, NULL, 0},
    {BYTES("a@"), NULL, NULL, 0},
    {BYTES("@example.org"), NULL, NULL, 0},
    {BYTES("@a,@b:c@example.org"), NULL, NULL, 0},
    {BYTES("a@b@example.org"), NULL, NULL, 0},
    {BYTES("a b@example.org"), NULL, NULL, 0},
    {BYTES("a@example.org "), NULL, NULL, 0},
    {BYTES("a@exam ple.org"), NULL, NULL, 0},
    {BYTES("a@example.org> SIZE=1"), NULL, NULL, 0},
    {BYTES("<a@example.org> SIZE=1"), NULL, NULL, 0},
    {BYTES("<a@example.org"), NULL, NULL, 0},
    {BYTES("a>b@example.org"), NULL, NULL, 0},
    {BYTES("<"), NULL, NULL, 0},
    {BYTES("a\r\nRCPT TO:<b@example.org>"), NULL, NULL, 0},
    {BYTES("\"a\r\n\"@example.org"), NULL, NULL, 0},
    {BYTES("\"a\\\n\"@example.org"), NULL, NULL, 0},
    {BYTES("a\0b@example.org"), NULL, NULL, 0},
    {BYTES("a@exa\0mple.org"), NULL, NULL, 0},
    {BYTES("a\t@example.org"), NULL, NULL, 0},
    {BYTES("\xff@example.org"), NULL, NULL, 0},
    {BYTES("\"a@example.org"), NULL, NULL, 0},
    {BYTES("\"a\\"), NULL, NULL, 0},
    {BYTES("\"a\"b@example.org"), NULL, NULL, 0},
    {BYTES("a@[192.0.2.1"), NULL, NULL, 0},
    {BYTES("a@["), NULL, NULL, 0},
    {BYTES("a@[]"), NULL, NULL, 0},
    {BYTES("a@[2001:db8::1]"), NULL, NULL, 0},
    {BYTES("a@[mx]"), NULL, NULL, 0},
    {BYTES("a@192.0.2.1"), NULL, NULL, 0},
    {BYTES("a@example.org."), NULL, NULL, 0},
    {BYTES("a@example..org"), NULL, NULL, 0},
    {BYTES("a@" L63 "." L63 "." L63 "." L63), NULL, NULL, 0},
};

static void a_mailbox_is_a_local_part_and_a_domain(void **state) {
  (void)state;
  struct guard g;
  assert_int_equal(guard_open(&g, 1024), 0);
  for (size_t i = 0; i < sizeof mailboxes / sizeof mailboxes[0]; i++) {
    const struct mailbox_row *row = &mailboxes[i];
    const struct ehlo_slice s = ehlo_slice_of(guard_put(&g, row->bytes, row->len), row->len);
    struct ehlo_mailbox m;
    const char *why;
    assert_int_equal(ehlo_address_mailbox(s, 1, &m, &why), row->local ? 0 : EHLO_E_SYNTAX);
    assert_int_equal(why != NULL, row->local == NULL);
    assert_slice(m.local, row->local ? row->local : "");
    assert_slice(m.domain, row->local ? row->domain : "");
    assert_int_equal(m.utf8, row->utf8);
    assert_int_equal(m.utf8_local, row->local && strchr(row->local, '\xc3') != NULL);
    if (row->local) assert_true(ehlo_address_line_safe(m.whole));
  }
  guard_close(&g);
}

static void the_null_address_is_for_senders(void **state) {
  (void)state;
  const char *const forms[] = {"", "<>"};
  for (size_t i = 0; i < 2; i++) {
    struct ehlo_mailbox m;
    const char *why;
    assert_int_equal(ehlo_address_mailbox(ehlo_slice_str(forms[i]), 1, &m, &why), 0);
    assert_int_equal(m.whole.len, 0);
    assert_int_equal(m.local.len, 0);
    assert_int_equal(ehlo_address_mailbox(ehlo_slice_str(forms[i]), 0, &m, &why), EHLO_E_SYNTAX);
    assert_non_null(why);
  }
}

static void a_name_for_ehlo_is_a_domain_or_a_literal(void **state) {
  (void)state;
  static const struct {
    const char *name;
    int good;
  } rows[] = {
      {"mx.example.org", 1},
      {"localhost", 1},
      {"[192.0.2.1]", 1},
      {"[IPv6:2001:db8::1]", 1},
      {"192.0.2.1", 0},
      {"2001:db8::1", 0},
      {"[2001:db8::1]", 0},
      {"[192.0.2.1", 0},
      {"", 0},
      {"m\xc3\xbcller.example", 0},
      {"a b", 0},
      {"a\r\nb", 0},
      {"a.", 0},
      {"mx.example.org:25", 0},
  };
  struct guard g;
  assert_int_equal(guard_open(&g, 64), 0);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const size_t len = strlen(rows[i].name);
    const char *why;
    const int error = ehlo_address_helo(ehlo_slice_of(guard_put(&g, rows[i].name, len), len), &why);
    assert_int_equal(error, rows[i].good ? 0 : EHLO_E_SYNTAX);
    assert_int_equal(why == NULL, rows[i].good);
  }
  guard_close(&g);
}

static void a_line_is_safe_without_cr_lf_and_nul(void **state) {
  (void)state;
  assert_true(ehlo_address_line_safe(ehlo_slice_str("MAIL FROM:<a@b> \x01\xff")));
  assert_true(ehlo_address_line_safe(ehlo_slice_of(NULL, 0)));
  assert_false(ehlo_address_line_safe(ehlo_slice_str("a\rb")));
  assert_false(ehlo_address_line_safe(ehlo_slice_str("a\n")));
  assert_false(ehlo_address_line_safe(ehlo_slice_of("a\0", 2)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_target_is_a_name_or_an_address_with_or_without_a_port),
      cmocka_unit_test(a_mailbox_is_a_local_part_and_a_domain),
      cmocka_unit_test(the_null_address_is_for_senders),
      cmocka_unit_test(a_name_for_ehlo_is_a_domain_or_a_literal),
      cmocka_unit_test(a_line_is_safe_without_cr_lf_and_nul),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
