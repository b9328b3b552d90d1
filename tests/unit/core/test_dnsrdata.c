/* Owns: tests of what the data of records says. Each record ends at a forbidden page, whole and cut short at every byte. */
#include "unit.h"

#include "ehlo/base/error.h"
#include "ehlo/core/base64.h"
#include "ehlo/core/dnsrdata.h"
#include "guard.h"

static void a_tlsa_tells_what_it_pins_and_a_short_one_is_malformed(void **state) {
  (void)state;
  static const char bytes[] = "\3\1\2\xca\xfe";
  struct guard g;
  assert_int_equal(guard_open(&g, 5), 0);
  for (size_t len = 0; len <= 5; len++) {
    struct ehlo_dns_record r = {.rdata = ehlo_slice_of(guard_put(&g, bytes, len), len)};
    struct ehlo_dns_pin pin = {9, 9, 9, {NULL, 9}};
    assert_int_equal(ehlo_dns_tlsa(&r, &pin), len > 3 ? 0 : EHLO_E_SYNTAX);
    assert_int_equal(pin.usage, len > 3 ? 3 : 0);
    assert_int_equal(pin.selector, len > 3 ? 1 : 0);
    assert_int_equal(pin.matching, len > 3 ? 2 : 0);
    assert_int_equal(pin.data.len, len > 3 ? len - 3 : 0);
    if (len > 3) assert_memory_equal(pin.data.ptr, bytes + 3, len - 3);
  }
  guard_close(&g);
}

/* An answer to a question about example.org that has one record of `len` bytes, the last of which ends at the forbidden page. */
struct one {
  struct guard guard;
  struct ehlo_dnsmsg message;
  struct ehlo_dns_record record;
};

enum { ROOM = 1024 };

static void one_open(struct one *o) {
  assert_int_equal(guard_open(&o->guard, ROOM), 0);
}

static void one_put(struct one *o, const char *rdata, size_t len) {
  static const char head[] = "\x12\x34\x81\x80\0\x01\0\x01\0\0\0\0\x07"
                             "example\x03org\0\0\x0f\0\x01\xc0\x0c\0\x0f\0\x01\0\0\x0e\x10";
  char bytes[ROOM];
  size_t n = sizeof head - 1, pos = 0;
  memcpy(bytes, head, n);
  bytes[n++] = (char)(len >> 8);
  bytes[n++] = (char)(len & 0xff);
  memcpy(bytes + n, rdata, len);
  n += len;
  assert_int_equal(ehlo_dnsmsg_open(ehlo_slice_of(guard_put(&o->guard, bytes, n), n), &o->message), 0);
  assert_int_equal(ehlo_dnsmsg_next(&o->message, &pos, &o->record), 1);
}

static void a_soa_tells_all_seven_and_nothing_less(void **state) {
  (void)state;
  static const char rdata[] =
      "\x02ns\xc0\x0c\x0ahostmaster\xc0\x0c\x78\x95\x2d\x01\0\0\x1c\x20\0\0\x0e\x10\0\x12\x75\0\xff\xff\xff\xff!";
  const size_t whole = sizeof rdata - 2;
  struct one o;
  struct ehlo_dns_soa soa;
  one_open(&o);
  one_put(&o, rdata, whole);
  assert_int_equal(ehlo_dns_soa(&o.message, &o.record, &soa), 0);
  assert_string_equal(soa.primary, "ns.example.org");
  assert_string_equal(soa.mailbox, "hostmaster.example.org");
  assert_int_equal(soa.serial, 0x78952d01);
  assert_int_equal(soa.refresh, 7200);
  assert_int_equal(soa.retry, 3600);
  assert_int_equal(soa.expire, 1209600);
  assert_int_equal(soa.minimum, 0xffffffff);
  for (size_t len = 0; len <= whole + 1; len++) {
    if (len == whole) continue;
    one_put(&o, rdata, len);
    assert_int_equal(ehlo_dns_soa(&o.message, &o.record, &soa), EHLO_E_SYNTAX);
    assert_string_equal(soa.primary, "");
    assert_int_equal(soa.serial, 0);
  }
  guard_close(&o.guard);
}

static void a_srv_tells_priority_weight_port_and_host(void **state) {
  (void)state;
  static const char rdata[] = "\0\x0a\0\x05\x02\x4b\x04mail\xc0\x0c!", absent[] = "\0\0\0\0\0\0\0";
  const size_t whole = sizeof rdata - 2;
  struct one o;
  struct ehlo_dns_srv srv;
  one_open(&o);
  for (size_t len = 0; len <= whole + 1; len++) {
    one_put(&o, rdata, len);
    assert_int_equal(ehlo_dns_srv(&o.message, &o.record, &srv), len == whole ? 0 : EHLO_E_SYNTAX);
    assert_string_equal(srv.host, len == whole ? "mail.example.org" : "");
    assert_int_equal(srv.priority, len == whole ? 10 : 0);
    assert_int_equal(srv.weight, len == whole ? 5 : 0);
    assert_int_equal(srv.port, len == whole ? 587 : 0);
  }
  one_put(&o, absent, sizeof absent - 1);
  assert_int_equal(ehlo_dns_srv(&o.message, &o.record, &srv), 0);
  assert_string_equal(srv.host, ".");
  guard_close(&o.guard);
}

static void a_caa_has_a_tag_and_may_have_no_value(void **state) {
  (void)state;
  static const char rdata[] = "\x80\x05issueca.example.net";
  struct one o;
  struct ehlo_dns_caa caa;
  one_open(&o);
  for (size_t len = 0; len < sizeof rdata; len++) {
    one_put(&o, rdata, len);
    assert_int_equal(ehlo_dns_caa(&o.record, &caa), len >= 7 ? 0 : EHLO_E_SYNTAX);
    if (len < 7) assert_slice(caa.tag, "");
  }
  one_put(&o, rdata, sizeof rdata - 1);
  assert_int_equal(ehlo_dns_caa(&o.record, &caa), 0);
  assert_int_equal(caa.flags, 0x80);
  assert_slice(caa.tag, "issue");
  assert_slice(caa.value, "ca.example.net");
  one_put(&o, "\0\0value", 7);
  assert_int_equal(ehlo_dns_caa(&o.record, &caa), EHLO_E_SYNTAX);
  guard_close(&o.guard);
}

static void a_ds_tells_which_key_it_vouches_for(void **state) {
  (void)state;
  static const char rdata[] = "\x4f\x66\x08\x02\xe0\x6d";
  struct one o;
  struct ehlo_dns_ds ds;
  one_open(&o);
  for (size_t len = 0; len < sizeof rdata; len++) {
    one_put(&o, rdata, len);
    assert_int_equal(ehlo_dns_ds(&o.record, &ds), len > 4 ? 0 : EHLO_E_SYNTAX);
  }
  assert_int_equal(ds.key_tag, 20326);
  assert_int_equal(ds.algorithm, 8);
  assert_int_equal(ds.digest_type, 2);
  assert_slice(ds.digest, "\xe0\x6d");
  guard_close(&o.guard);
}

/* The key of RFC 4034 5.4. */
static void a_key_has_the_tag_that_the_standard_computes(void **state) {
  (void)state;
  static const char key[] =
      "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/"
      "M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==";
  struct one o;
  struct ehlo_dns_key k;
  struct ehlo_buf b;
  one_open(&o);
  ehlo_buf_init(&b, ROOM);
  assert_int_equal(ehlo_buf_add_slice(&b, ehlo_slice_of("\x01\0\x03\x05", 4)), 0);
  assert_int_equal(ehlo_base64_decode(ehlo_slice_str(key), &b), 0);
  const struct ehlo_slice rdata = ehlo_buf_slice(&b);
  one_put(&o, rdata.ptr, rdata.len);
  assert_int_equal(ehlo_dns_key(&o.record, &k), 0);
  assert_int_equal(k.flags, 256);
  assert_int_equal(k.protocol, 3);
  assert_int_equal(k.algorithm, 5);
  assert_int_equal(k.tag, 60485);
  assert_int_equal(k.key.len, rdata.len - 4);
  for (size_t len = 0; len <= 8; len++) { /* algorithm 1 takes its tag from the end: it may not be there */
    one_put(&o, "\x01\x01\x03\x01\x01\x02\x03\x04", len);
    assert_int_equal(ehlo_dns_key(&o.record, &k), len > 4 ? 0 : EHLO_E_SYNTAX);
    assert_int_equal(k.tag, len == 8 ? 0x0203 : len == 7 ? 0x0102 : 0);
  }
  ehlo_buf_fini(&b);
  guard_close(&o.guard);
}

static void types_have_names_and_numbers(void **state) {
  (void)state;
  assert_int_equal(ehlo_rrtype_from(ehlo_slice_str("mx")), EHLO_RR_MX);
  assert_int_equal(ehlo_rrtype_from(ehlo_slice_str("TYPE65")), 65);
  assert_int_equal(ehlo_rrtype_from(ehlo_slice_str("TYPE65535")), 65535);
  assert_int_equal(ehlo_rrtype_from(ehlo_slice_str("TYPE65536")), 0);
  assert_int_equal(ehlo_rrtype_from(ehlo_slice_str("TYPE")), 0);
  assert_int_equal(ehlo_rrtype_from(ehlo_slice_str("TYPE1x")), 0);
  assert_int_equal(ehlo_rrtype_from(ehlo_slice_str("")), 0);
  assert_int_equal(ehlo_rrtype_from(ehlo_slice_str("NONSENSE")), 0);
  assert_string_equal(ehlo_rrtype_name(EHLO_RR_TLSA), "TLSA");
  assert_null(ehlo_rrtype_name(65280));
  for (unsigned type = 1; type < 300; type++) {
    const char *name = ehlo_rrtype_name((uint16_t)type);
    if (name) assert_int_equal(ehlo_rrtype_from(ehlo_slice_str(name)), type);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_tlsa_tells_what_it_pins_and_a_short_one_is_malformed),
      cmocka_unit_test(a_soa_tells_all_seven_and_nothing_less),
      cmocka_unit_test(a_srv_tells_priority_weight_port_and_host),
      cmocka_unit_test(a_caa_has_a_tag_and_may_have_no_value),
      cmocka_unit_test(a_ds_tells_which_key_it_vouches_for),
      cmocka_unit_test(a_key_has_the_tag_that_the_standard_computes),
      cmocka_unit_test(types_have_names_and_numbers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
