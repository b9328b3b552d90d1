/* Owns: tests of what OAUTHBEARER and XOAUTH2 send, and of the list of mechanisms. */
#include "unit.h"

#include "../../../src/smtp/auth_inner.h"
#include "ehlo/base/error.h"

static struct ehlo_slice text(const char *s) {
  return ehlo_slice_str(s);
}

static void oauthbearer_message_is_that_of_its_standard(void **state) {
  (void)state;
  struct ehlo_buf out;
  ehlo_buf_init(&out, 1000);
  assert_int_equal(auth_oauthbearer_message(text("user@example.com"),
                                            text("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="), "server.example.com",
                                            143, &out),
                   0);
  assert_slice(ehlo_buf_slice(&out), "n,a=user@example.com,\1host=server.example.com\1port=143\1"
                                     "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\1\1");
  ehlo_buf_fini(&out);
}

static void oauthbearer_writes_commas_and_equals_signs_of_a_name_as_codes(void **state) {
  (void)state;
  struct ehlo_buf out;
  ehlo_buf_init(&out, 1000);
  assert_int_equal(auth_oauthbearer_message(text("a,b=c"), text("t"), "h", 25, &out), 0);
  assert_slice(ehlo_buf_slice(&out), "n,a=a=2Cb=3Dc,\1host=h\1port=25\1auth=Bearer t\1\1");
  ehlo_buf_reset(&out);
  assert_int_equal(auth_oauthbearer_message(text(""), text("t"), "h", 25, &out), 0);
  assert_slice(ehlo_buf_slice(&out), "n,,\1host=h\1port=25\1auth=Bearer t\1\1");
  ehlo_buf_fini(&out);
}

static void xoauth2_message_names_user_and_token(void **state) {
  (void)state;
  struct ehlo_buf out;
  ehlo_buf_init(&out, 1000);
  assert_int_equal(
      auth_xoauth2_message(text("someuser@example.com"), text("ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"), &out),
      0);
  assert_slice(ehlo_buf_slice(&out),
               "user=someuser@example.com\1auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\1\1");
  ehlo_buf_fini(&out);
}

static void what_would_end_a_field_is_refused(void **state) {
  (void)state;
  static const char *const bad[] = {"a\1b", "a\nb", "a\rb", "a\x7f", "\1"};
  struct ehlo_buf out;
  ehlo_buf_init(&out, 1000);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(auth_oauthbearer_message(text("u"), text(bad[i]), "h", 25, &out), EHLO_E_ARGUMENT);
    assert_int_equal(auth_oauthbearer_message(text(bad[i]), text("t"), "h", 25, &out), EHLO_E_ARGUMENT);
    assert_int_equal(auth_xoauth2_message(text("u"), text(bad[i]), &out), EHLO_E_ARGUMENT);
    assert_int_equal(auth_xoauth2_message(text(bad[i]), text("t"), &out), EHLO_E_ARGUMENT);
  }
  assert_int_equal(auth_xoauth2_message(text(""), text("t"), &out), EHLO_E_ARGUMENT);
  assert_int_equal(auth_xoauth2_message(text("u"), text(""), &out), EHLO_E_ARGUMENT);
  assert_int_equal(out.len, 0);
  ehlo_buf_fini(&out);
}

static void mechanisms_are_listed_from_the_strongest_on(void **state) {
  (void)state;
  int n = 0;
  while (ehlo_auth_mechanism(n))
    n++;
  assert_int_equal(n, 10);
  assert_string_equal(ehlo_auth_mechanism(0), "SCRAM-SHA-256-PLUS");
  assert_null(ehlo_auth_mechanism(-1));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(oauthbearer_message_is_that_of_its_standard),
      cmocka_unit_test(oauthbearer_writes_commas_and_equals_signs_of_a_name_as_codes),
      cmocka_unit_test(xoauth2_message_names_user_and_token),
      cmocka_unit_test(what_would_end_a_field_is_refused),
      cmocka_unit_test(mechanisms_are_listed_from_the_strongest_on),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
