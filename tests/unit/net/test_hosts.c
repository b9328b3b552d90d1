/* The hosts file: what counts as a line, and that nothing is read beyond its end. */
#include "../../../src/net/hosts.h"
#include "guard.h"
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

static const char text[] = "127.0.0.1\tlocalhost\n"
                           "# 192.0.2.66 commented.example.org\n"
                           "192.0.2.1  mx.example.org mx  # the old one\r\n"
                           "2001:db8::1 MX.Example.org.\n"
                           "192.0.2.2 mx.example.org\n"
                           "\n"
                           "not-an-address name.example.org\n"
                           "192.0.2.3\n"
                           "/run/x socket.example.org\n"
                           "fe80::1%1 zone.example.org\n"
                           "192.0.2.9 last.example.org";

static void names_are_found_without_regard_to_case_in_the_files_order(void **state) {
  (void)state;
  struct ehlo_hosts *h = ehlo_hosts_parse(ehlo_slice_str(text));
  struct ehlo_endpoint e[4];
  char out[EHLO_ENDPOINT_TEXT];
  assert_int_equal(ehlo_hosts_find(h, ehlo_slice_str("mx.EXAMPLE.org"), 0, e, 4), 3);
  assert_string_equal(ehlo_endpoint_text(&e[0], out), "192.0.2.1");
  assert_string_equal(ehlo_endpoint_text(&e[1], out), "2001:db8::1");
  assert_string_equal(ehlo_endpoint_text(&e[2], out), "192.0.2.2");
  assert_int_equal(ehlo_hosts_find(h, ehlo_slice_str("mx.example.org."), 6, e, 4), 1);
  assert_int_equal(ehlo_hosts_find(h, ehlo_slice_str("mx.example.org"), 0, e, 2), 2);
  assert_int_equal(ehlo_hosts_find(h, ehlo_slice_str("last.example.org"), 4, e, 4), 1);
  assert_int_equal(ehlo_hosts_find(h, ehlo_slice_str("zone.example.org"), 0, e, 4), 1);
  assert_int_equal(e[0].scope, 1);
  ehlo_hosts_free(h);
}

static void what_is_no_line_is_passed_over(void **state) {
  (void)state;
  struct ehlo_hosts *h = ehlo_hosts_parse(ehlo_slice_str(text));
  struct ehlo_endpoint e[4];
  static const char *const names[] = {
      "commented.example.org", "name.example.org", "socket.example.org", "the", "old", "", "192.0.2.1"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    assert_int_equal(ehlo_hosts_find(h, ehlo_slice_str(names[i]), 0, e, 4), 0);
  ehlo_hosts_free(h);
}

static void a_file_cut_anywhere_is_read_to_its_end_and_no_further(void **state) {
  (void)state;
  struct guard g;
  assert_int_equal(guard_open(&g, sizeof text), 0);
  for (size_t len = 0; len < sizeof text; len++)
    ehlo_hosts_free(ehlo_hosts_parse(ehlo_slice_of(guard_put(&g, text, len), len)));
  guard_close(&g);
}

static void a_file_that_is_not_there_is_empty(void **state) {
  (void)state;
  struct ehlo_endpoint e;
  struct ehlo_hosts *h = ehlo_hosts_read("/nonexistent/hosts");
  assert_non_null(h);
  assert_int_equal(ehlo_hosts_find(h, ehlo_slice_str("localhost"), 0, &e, 1), 0);
  ehlo_hosts_free(h);
}

static void a_file_on_disk_is_read_whole(void **state) {
  (void)state;
  char path[] = "/tmp/ehlo-hosts-XXXXXX";
  FILE *f = fdopen(mkstemp(path), "w");
  for (int i = 0; i < 5000; i++)
    fprintf(f, "192.0.%d.%d host%d.example.org\n", i / 250, i % 250, i);
  fclose(f);
  struct ehlo_endpoint e;
  char out[EHLO_ENDPOINT_TEXT];
  struct ehlo_hosts *h = ehlo_hosts_read(path);
  unlink(path);
  assert_int_equal(ehlo_hosts_find(h, ehlo_slice_str("host4999.example.org"), 0, &e, 1), 1);
  assert_string_equal(ehlo_endpoint_text(&e, out), "192.0.19.249");
  ehlo_hosts_free(h);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_are_found_without_regard_to_case_in_the_files_order),
      cmocka_unit_test(what_is_no_line_is_passed_over),
      cmocka_unit_test(a_file_cut_anywhere_is_read_to_its_end_and_no_further),
      cmocka_unit_test(a_file_that_is_not_there_is_empty),
      cmocka_unit_test(a_file_on_disk_is_read_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
