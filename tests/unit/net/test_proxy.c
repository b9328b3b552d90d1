/* PROXY headers, byte by byte. */
#include "ehlo/net/proxy.h"
#include "unit.h"

#include "ehlo/base/error.h"

static struct ehlo_endpoint at(const char *text, uint16_t port) {
  struct ehlo_endpoint e;
  assert_int_equal(ehlo_endpoint_read(ehlo_slice_str(text), port, &e), 0);
  return e;
}

static struct ehlo_buf header(int version, const char *source, const char *local, const char *peer) {
  const struct ehlo_endpoint from = at(local, 40000), to = at(peer, 25);
  struct ehlo_proxy_options o = {.version = version};
  if (source) o.source = at(source, 4711);
  struct ehlo_buf out;
  ehlo_buf_init(&out, 300);
  assert_int_equal(ehlo_proxy_header(&o, &from, &to, &out), 0);
  return out;
}

static void version_1_is_one_line_of_text(void **state) {
  (void)state;
  struct ehlo_buf b = header(1, NULL, "192.0.2.1", "192.0.2.25");
  assert_slice(ehlo_buf_slice(&b), "PROXY TCP4 192.0.2.1 192.0.2.25 40000 25\r\n");
  ehlo_buf_fini(&b);
  b = header(1, "198.51.100.9", "2001:db8::1", "2001:db8::2");
  assert_slice(ehlo_buf_slice(&b), "PROXY TCP6 ::ffff:198.51.100.9 2001:db8::2 4711 25\r\n");
  ehlo_buf_fini(&b);
}

static void what_is_no_tcp_is_unknown(void **state) {
  (void)state;
  struct ehlo_buf b = header(1, NULL, "/run/a", "/run/b");
  assert_slice(ehlo_buf_slice(&b), "PROXY UNKNOWN\r\n");
  ehlo_buf_fini(&b);
  b = header(2, NULL, "/run/a", "/run/b");
  assert_int_equal(b.len, 16);
  assert_memory_equal(b.data + 12, "\x21\0\0\0", 4);
  ehlo_buf_fini(&b);
}

static void version_2_of_six_has_36_bytes_of_addresses(void **state) {
  (void)state;
  struct ehlo_buf b = header(2, NULL, "2001:db8::1", "2001:db8::2");
  static const unsigned char fixed[] = {0x0d, 0x0a, 0x0d, 0x0a, 0,    0x0d, 0x0a, 'Q',
                                        'U',  'I',  'T',  0x0a, 0x21, 0x21, 0,    36};
  assert_int_equal(b.len, 52);
  assert_memory_equal(b.data, fixed, sizeof fixed);
  assert_memory_equal(b.data + 48, "\x9c\x40\0\x19", 4);
  ehlo_buf_fini(&b);
}

static void other_versions_are_refused(void **state) {
  (void)state;
  const struct ehlo_endpoint e = at("192.0.2.1", 1);
  struct ehlo_buf out;
  ehlo_buf_init(&out, 300);
  assert_int_equal(ehlo_proxy_header(&(struct ehlo_proxy_options){.version = 3}, &e, &e, &out), EHLO_E_ARGUMENT);
  assert_int_equal(out.len, 0);
  ehlo_buf_fini(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(version_1_is_one_line_of_text),
      cmocka_unit_test(what_is_no_tcp_is_unknown),
      cmocka_unit_test(version_2_of_six_has_36_bytes_of_addresses),
      cmocka_unit_test(other_versions_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
