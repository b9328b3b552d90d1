/* Mails as signatures see them: the examples of RFC 6376 3.4.5, and what mail in the wild has beside them. */
#include "guard.h"
#include "unit.h"

#include "ehlo/core/canonical.h"

static struct ehlo_buf out;

static int begin(void **state) {
  (void)state;
  ehlo_buf_init(&out, 1 << 20);
  return 0;
}

static int end(void **state) {
  (void)state;
  ehlo_buf_fini(&out);
  return 0;
}

static struct ehlo_slice field(const char *raw, enum ehlo_canonical form) {
  ehlo_buf_reset(&out);
  assert_int_equal(ehlo_canonical_field(ehlo_slice_str(raw), form, &out), 0);
  return ehlo_buf_slice(&out);
}

static struct ehlo_slice body(const char *text, enum ehlo_canonical form, uint64_t limit) {
  ehlo_buf_reset(&out);
  assert_int_equal(ehlo_canonical_body(ehlo_slice_str(text), form, limit, &out), 0);
  return ehlo_buf_slice(&out);
}

static void simple_leaves_fields_as_they_are(void **state) {
  (void)state;
  assert_slice(field("A: X\r\n", EHLO_CANONICAL_SIMPLE), "A: X\r\n");
  assert_slice(field("B : Y\t\r\n\tZ  \r\n", EHLO_CANONICAL_SIMPLE), "B : Y\t\r\n\tZ  \r\n");
  assert_slice(field("C: without end", EHLO_CANONICAL_SIMPLE), "C: without end\r\n");
}

static void relaxed_unfolds_fields_and_reduces_blanks(void **state) {
  (void)state;
  assert_slice(field("A: X\r\n", EHLO_CANONICAL_RELAXED), "a:X\r\n");
  assert_slice(field("B : Y\t\r\n\tZ  \r\n", EHLO_CANONICAL_RELAXED), "b:Y Z\r\n");
  assert_slice(field("SUBJect:\r\n \t a \t\r\n  b\r\n \r\n", EHLO_CANONICAL_RELAXED), "subject:a b\r\n");
  assert_slice(field("Empty:\r\n", EHLO_CANONICAL_RELAXED), "empty:\r\n");
  assert_slice(field("Blank: \t \r\n", EHLO_CANONICAL_RELAXED), "blank:\r\n");
  assert_slice(field("Cr: a\rb\r\n", EHLO_CANONICAL_RELAXED), "cr:a\rb\r\n");
}

static void simple_drops_empty_lines_at_the_end_only(void **state) {
  (void)state;
  assert_slice(body(" C \r\nD \t E\r\n\r\n\r\n", EHLO_CANONICAL_SIMPLE, UINT64_MAX), " C \r\nD \t E\r\n");
  assert_slice(body("\r\n\r\nx\r\n", EHLO_CANONICAL_SIMPLE, UINT64_MAX), "\r\n\r\nx\r\n");
  assert_slice(body("no end", EHLO_CANONICAL_SIMPLE, UINT64_MAX), "no end\r\n");
  assert_slice(body("x\r\n \r\n", EHLO_CANONICAL_SIMPLE, UINT64_MAX), "x\r\n \r\n");
}

static void relaxed_reduces_blanks_in_lines_and_drops_blank_ones_at_the_end(void **state) {
  (void)state;
  assert_slice(body(" C \r\nD \t E\r\n\r\n\r\n", EHLO_CANONICAL_RELAXED, UINT64_MAX), " C\r\nD E\r\n");
  assert_slice(body("x\r\n \t\r\n\r\n", EHLO_CANONICAL_RELAXED, UINT64_MAX), "x\r\n");
  assert_slice(body("\t\tx\r\n", EHLO_CANONICAL_RELAXED, UINT64_MAX), " x\r\n");
}

static void an_empty_body_is_one_line_in_simple_and_nothing_in_relaxed(void **state) {
  (void)state;
  static const char *const bodies[] = {"", "\r\n", "\r\n\r\n\r\n"};
  for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
    assert_slice(body(bodies[i], EHLO_CANONICAL_SIMPLE, UINT64_MAX), "\r\n");
    assert_slice(body(bodies[i], EHLO_CANONICAL_RELAXED, UINT64_MAX), "");
  }
}

static void a_length_counts_the_canonical_form(void **state) {
  (void)state;
  assert_slice(body("a  b\r\nc\r\n", EHLO_CANONICAL_RELAXED, 5), "a b\r\n");
  assert_slice(body("a  b\r\nc\r\n", EHLO_CANONICAL_RELAXED, 0), "");
  assert_slice(body("a\r\n", EHLO_CANONICAL_SIMPLE, 3), "a\r\n");
  assert_slice(body("a\r\n", EHLO_CANONICAL_SIMPLE, 100), "a\r\n");
}

static void line_ends_become_those_of_smtp(void **state) {
  (void)state;
  static const struct {
    const char *from, *to;
  } rows[] = {{"a\nb\n", "a\r\nb\r\n"},
              {"a\r\nb\r\n", "a\r\nb\r\n"},
              {"a\r\r\nb", "a\r\r\nb"},
              {"a\rb\n\n", "a\rb\r\n\r\n"},
              {"From x@example.org Mon\nA: b\n", "A: b\r\n"},
              {"", ""}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    ehlo_buf_reset(&out);
    assert_int_equal(ehlo_canonical_lines(ehlo_slice_str(rows[i].from), &out), 0);
    assert_slice(ehlo_buf_slice(&out), rows[i].to);
  }
}

static void a_mail_is_cut_into_fields_and_body(void **state) {
  (void)state;
  struct ehlo_slice rest = ehlo_slice_str("From: a@b\r\nSubject : one\r\n\ttwo\r\nno colon\r\nX:\r\n\r\nbody\r\n");
  struct ehlo_mail_field f;
  assert_true(ehlo_mail_field_next(&rest, &f));
  assert_slice(f.name, "From");
  assert_slice(f.value, " a@b");
  assert_slice(f.raw, "From: a@b\r\n");
  assert_true(ehlo_mail_field_next(&rest, &f));
  assert_slice(f.name, "Subject");
  assert_slice(f.value, " one\r\n\ttwo");
  assert_true(ehlo_mail_field_next(&rest, &f));
  assert_slice(f.name, "");
  assert_slice(f.raw, "no colon\r\n");
  assert_true(ehlo_mail_field_next(&rest, &f));
  assert_slice(f.value, "");
  assert_false(ehlo_mail_field_next(&rest, &f));
  assert_slice(rest, "body\r\n");
}

static void a_header_without_body_ends_where_the_mail_does(void **state) {
  (void)state;
  struct ehlo_slice rest = ehlo_slice_str("From: a@b");
  struct ehlo_mail_field f;
  assert_true(ehlo_mail_field_next(&rest, &f));
  assert_slice(f.raw, "From: a@b");
  assert_false(ehlo_mail_field_next(&rest, &f));
  assert_slice(rest, "");
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(simple_leaves_fields_as_they_are),
      cmocka_unit_test(relaxed_unfolds_fields_and_reduces_blanks),
      cmocka_unit_test(simple_drops_empty_lines_at_the_end_only),
      cmocka_unit_test(relaxed_reduces_blanks_in_lines_and_drops_blank_ones_at_the_end),
      cmocka_unit_test(an_empty_body_is_one_line_in_simple_and_nothing_in_relaxed),
      cmocka_unit_test(a_length_counts_the_canonical_form),
      cmocka_unit_test(line_ends_become_those_of_smtp),
      cmocka_unit_test(a_mail_is_cut_into_fields_and_body),
      cmocka_unit_test(a_header_without_body_ends_where_the_mail_does),
  };
  return cmocka_run_group_tests(tests, begin, end);
}
