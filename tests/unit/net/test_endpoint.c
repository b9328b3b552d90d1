/* Endpoints: text and the kernel's form, there and back. */
#include "ehlo/net/endpoint.h"
#include "unit.h"

#include <sys/socket.h>

#include "ehlo/base/error.h"
#include "guard.h"

static void addresses_are_read_and_written_in_canonical_form(void **state) {
  (void)state;
  static const struct {
    const char *in, *out, *reverse;
    int family;
  } rows[] = {
      {"192.0.2.1", "192.0.2.1", "1.2.0.192.in-addr.arpa", 4},
      {"2001:DB8:0:0::1", "2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", 6},
      {"::ffff:192.0.2.9", "::ffff:192.0.2.9", NULL, 6},
      {"fe80::1%1", "fe80::1%lo", NULL, 6},
      {"fe80::1%99999", "fe80::1%99999", NULL, 6},
      {"/run/lmtp.sock", "/run/lmtp.sock", "", 1},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct ehlo_endpoint e, back;
    char text[EHLO_ENDPOINT_TEXT], reverse[80];
    assert_int_equal(ehlo_endpoint_read(ehlo_slice_str(rows[i].in), 25, &e), 0);
    assert_int_equal(e.family, rows[i].family);
    assert_string_equal(ehlo_endpoint_text(&e, text), rows[i].out);
    ehlo_endpoint_reverse(&e, reverse);
    if (rows[i].reverse) assert_string_equal(reverse, rows[i].reverse);
    struct sockaddr_storage storage;
    assert_true(ehlo_endpoint_sockaddr(&e, &storage) > 0);
    ehlo_endpoint_from_sockaddr((struct sockaddr *)&storage, &back);
    assert_memory_equal(&e, &back, sizeof e);
  }
}

static void what_is_no_address_is_refused(void **state) {
  (void)state;
  static const char *const rows[] = {"",          "1.2.3",    "1.2.3.4.5", "1.2.3.256",  "mail.example.org",
                                     "1.2.3.4%1", "fe80::1%", ":::",       "[2001::1]",  "fe80::1%nosuchinterface0",
                                     "0x7f.1",    "1.2.3.4 ", "127.1",     "12345::1234"};
  struct ehlo_endpoint e;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    assert_int_equal(ehlo_endpoint_read(ehlo_slice_str(rows[i]), 0, &e), EHLO_E_SYNTAX);
  assert_int_equal(ehlo_endpoint_read(ehlo_slice_of("1.2.3.4\0", 8), 0, &e), EHLO_E_SYNTAX);
  char path[200];
  memset(path, '/', sizeof path);
  assert_int_equal(ehlo_endpoint_read(ehlo_slice_of(path, 108), 0, &e), EHLO_E_SYNTAX);
  assert_int_equal(ehlo_endpoint_read(ehlo_slice_of(path, 107), 0, &e), 0);
}

static void reading_stops_at_the_end_of_the_text(void **state) {
  (void)state;
  struct guard g;
  assert_int_equal(guard_open(&g, 256), 0);
  static const char *const rows[] = {"192.0.2.1", "fe80::1%1", "2001:db8::1", "/run/x", "%", ""};
  struct ehlo_endpoint e;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    for (size_t len = 0; len <= strlen(rows[i]); len++)
      (void)ehlo_endpoint_read(ehlo_slice_of(guard_put(&g, rows[i], len), len), 0, &e);
  guard_close(&g);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(addresses_are_read_and_written_in_canonical_form),
      cmocka_unit_test(what_is_no_address_is_refused),
      cmocka_unit_test(reading_stops_at_the_end_of_the_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
