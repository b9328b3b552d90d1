/* Owns: tests of base64 and of the redactor. */
#include "unit.h"

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/core/base64.h"
#include "ehlo/core/redact.h"
#include "guard.h"

#define SECRET "c4nary-Hunter2!"

static struct ehlo_slice redact(const struct ehlo_redactor *r, struct ehlo_slice in, struct ehlo_buf *out) {
  ehlo_buf_init(out, 1 << 16);
  assert_int_equal(ehlo_redactor_apply(r, in, out), 0);
  return ehlo_buf_slice(out);
}

static struct ehlo_redactor *knowing(const char *secret) {
  struct ehlo_redactor *r = ehlo_redactor_new();
  assert_non_null(r);
  assert_int_equal(ehlo_redactor_add(r, ehlo_slice_str(secret)), 0);
  return r;
}

static void base64_goes_there_and_back(void **state) {
  (void)state;
  static const char *const rows[][2] = {{"", ""},
                                        {"f", "Zg=="},
                                        {"fo", "Zm8="},
                                        {"foo", "Zm9v"},
                                        {"foob", "Zm9vYg=="},
                                        {"\xff\xfe", "//4="},
                                        {"\xfb\xef\xbe", "++++"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct ehlo_buf a, b;
    ehlo_buf_init(&a, 100);
    ehlo_buf_init(&b, 100);
    assert_int_equal(ehlo_base64_encode(ehlo_slice_str(rows[i][0]), &a), 0);
    assert_slice(ehlo_buf_slice(&a), rows[i][1]);
    assert_int_equal(ehlo_base64_decode(ehlo_slice_str(rows[i][1]), &b), 0);
    assert_slice(ehlo_buf_slice(&b), rows[i][0]);
    ehlo_buf_fini(&a);
    ehlo_buf_fini(&b);
  }
}

static void what_is_no_base64_is_refused(void **state) {
  (void)state;
  static const char *const rows[] = {"Z", "Zg=", "Zg===", "Z!==", "====", "=", "Zm9vY", "Zm9-", "Zm 9v", "Zg==Zg=="};
  struct guard g;
  assert_int_equal(guard_open(&g, 64), 0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct ehlo_buf out;
    ehlo_buf_init(&out, 100);
    const size_t len = strlen(rows[i]);
    assert_int_equal(ehlo_base64_decode(ehlo_slice_of(guard_put(&g, rows[i], len), len), &out), EHLO_E_SYNTAX);
    assert_int_equal(out.len, 0);
    ehlo_buf_fini(&out);
  }
  guard_close(&g);
}

static void secret_is_taken_out_as_it_is(void **state) {
  (void)state;
  struct ehlo_redactor *r = knowing(SECRET);
  struct ehlo_buf out;
  assert_slice(redact(r, ehlo_slice_str("535-no " SECRET "\r\n535 " SECRET SECRET "\r\n"), &out),
               "535-no (secret)\r\n535 (secret)(secret)\r\n");
  ehlo_buf_fini(&out);
  ehlo_redactor_free(r);
}

static void secret_is_taken_out_of_base64_at_every_alignment(void **state) {
  (void)state;
  struct ehlo_redactor *r = knowing(SECRET);
  static const char *const tails[] = {"", "x", "xy", "xyz\1\1"};
  for (size_t before = 0; before < 9; before++)
    for (size_t t = 0; t < 4; t++) {
      char plain[64], line[128];
      const int n = snprintf(plain, sizeof plain, "%.*s%s%s", (int)before, "\1user@ex\2", SECRET, tails[t]);
      struct ehlo_buf encoded, out;
      ehlo_buf_init(&encoded, 200);
      assert_int_equal(ehlo_base64_encode(ehlo_slice_of(plain, (size_t)n), &encoded), 0);
      snprintf(line, sizeof line, "535 5.7.8 <%s> no\r\n", encoded.data);
      assert_slice(redact(r, ehlo_slice_str(line), &out), "535 5.7.8 <(secret)> no\r\n");
      ehlo_buf_fini(&encoded);
      ehlo_buf_fini(&out);
    }
  ehlo_redactor_free(r);
}

static void code_of_a_reply_is_never_taken_for_a_secret(void **state) {
  (void)state;
  struct ehlo_redactor *r = knowing("535");
  struct ehlo_buf out;
  assert_slice(redact(r, ehlo_slice_str("535-a 535 b\n535 c"), &out), "535-a (secret) b\n535 c");
  ehlo_buf_fini(&out);
  ehlo_redactor_free(r);
}

static void clean_text_and_no_redactor_leave_all_as_it_is(void **state) {
  (void)state;
  struct ehlo_redactor *r = knowing(SECRET);
  static const char text[] = "250-mx.example.org\r\n250 AUTH PLAIN\r\n";
  struct guard g;
  struct ehlo_buf out;
  assert_int_equal(guard_open(&g, 256), 0);
  for (size_t len = 0; len < sizeof text; len++) {
    const struct ehlo_slice in = ehlo_slice_of(guard_put(&g, text, len), len);
    assert_true(ehlo_slice_equal(redact(r, in, &out), in));
    ehlo_buf_fini(&out);
    assert_true(ehlo_slice_equal(redact(NULL, in, &out), in));
    ehlo_buf_fini(&out);
  }
  guard_close(&g);
  ehlo_redactor_free(r);
}

static void no_memory_for_a_secret_is_told(void **state) {
  (void)state;
#ifdef EHLO_FAULTS
  bool failed = true;
  for (unsigned long nth = 1; failed; nth++) {
    ehlo_memory_fail_at(nth, 0);
    struct ehlo_redactor *r = ehlo_redactor_new();
    const int error = r ? ehlo_redactor_add(r, ehlo_slice_str(SECRET)) : EHLO_E_MEMORY;
    ehlo_memory_fail_at(0, 0);
    failed = error != 0;
    if (failed) assert_int_equal(error, EHLO_E_MEMORY);
    ehlo_redactor_free(r);
  }
#endif
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(base64_goes_there_and_back),
      cmocka_unit_test(what_is_no_base64_is_refused),
      cmocka_unit_test(secret_is_taken_out_as_it_is),
      cmocka_unit_test(secret_is_taken_out_of_base64_at_every_alignment),
      cmocka_unit_test(code_of_a_reply_is_never_taken_for_a_secret),
      cmocka_unit_test(clean_text_and_no_redactor_leave_all_as_it_is),
      cmocka_unit_test(no_memory_for_a_secret_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
