/* Owns: tests of the transcript. */
#include "unit.h"

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/core/transcript.h"

#define S(text) ehlo_slice_of(text, sizeof(text) - 1)

static void entries_come_back_as_they_went_in(void **state) {
  (void)state;
  struct ehlo_transcript t;
  struct ehlo_transcript_entry e;
  size_t pos = 0;
  ehlo_transcript_init(&t, 1000);
  assert_false(ehlo_transcript_next(&t, &pos, &e));
  assert_false(ehlo_transcript_at(&t, 0, &e));
  const long first = ehlo_transcript_add(&t, 0.25, EHLO_NOTED, EHLO_PHASE_CONNECT, S("connected"));
  const long second = ehlo_transcript_add(&t, 90000.5, EHLO_SENT, EHLO_PHASE_QUIT, S("QUIT\r\n"));
  const long third = ehlo_transcript_add(&t, 1e-6, EHLO_RECEIVED, EHLO_PHASE_EHLO_TLS, ehlo_slice_of("a\0b", 3));
  assert_int_equal(first, 0);
  assert_true(second > first && third > second);
  assert_true(ehlo_transcript_add(&t, 0, EHLO_RECEIVED, EHLO_PHASE_DNS, S("")) > third);
  assert_int_equal(t.entries, 4);

  assert_true(ehlo_transcript_at(&t, second, &e));
  assert_true(e.at == 90000.5);
  assert_int_equal(e.direction, EHLO_SENT);
  assert_int_equal(e.phase, EHLO_PHASE_QUIT);
  assert_slice(e.bytes, "QUIT\r\n");

  int seen = 0;
  for (pos = 0; ehlo_transcript_next(&t, &pos, &e); seen++) {
    if (seen == 0) assert_slice(e.bytes, "connected");
    if (seen == 2) assert_int_equal(e.bytes.len, 3);
  }
  assert_int_equal(seen, 4);
  ehlo_transcript_fini(&t);
}

static void no_offset_reads_beyond_the_entries(void **state) {
  (void)state;
  struct ehlo_transcript t;
  struct ehlo_transcript_entry e;
  ehlo_transcript_init(&t, 1000);
  for (int i = 0; i < 5; i++)
    (void)ehlo_transcript_add(&t, i, EHLO_SENT, EHLO_PHASE_MAIL, S("\xff\xff\xff\xff\xff"));
  for (long offset = -20; offset < (long)t.bytes.len + 20; offset++) {
    if (!ehlo_transcript_at(&t, offset, &e)) continue;
    assert_true(e.bytes.ptr >= t.bytes.data);
    assert_true(e.bytes.ptr + e.bytes.len <= t.bytes.data + t.bytes.len);
  }
  ehlo_transcript_fini(&t);
}

static void beyond_the_maximum_entries_are_dropped_and_it_says_so(void **state) {
  (void)state;
  struct ehlo_transcript t;
  ehlo_transcript_init(&t, 40);
  assert_true(ehlo_transcript_add(&t, 0, EHLO_SENT, EHLO_PHASE_MAIL, S("123456")) >= 0);
  assert_false(t.cut);
  assert_int_equal(ehlo_transcript_add(&t, 0, EHLO_SENT, EHLO_PHASE_MAIL, S("12345678901")), EHLO_E_LIMIT);
  assert_true(t.cut);
  assert_true(ehlo_transcript_add(&t, 0, EHLO_SENT, EHLO_PHASE_MAIL, S("1234567890")) >= 0);
  assert_int_equal(t.entries, 2);
  assert_int_equal(ehlo_transcript_add(&t, 0, EHLO_SENT, EHLO_PHASE_MAIL, S("")), EHLO_E_LIMIT);
  assert_int_equal(t.bytes.error, 0);
  ehlo_transcript_fini(&t);
}

#ifdef EHLO_FAULTS
static void without_memory_later_entries_may_still_come(void **state) {
  (void)state;
  struct ehlo_transcript t;
  ehlo_transcript_init(&t, 1000);
  ehlo_memory_fail_at(1, 0);
  assert_int_equal(ehlo_transcript_add(&t, 0, EHLO_SENT, EHLO_PHASE_MAIL, S("a")), EHLO_E_MEMORY);
  ehlo_memory_fail_at(0, 0);
  assert_true(t.cut);
  assert_int_equal(ehlo_transcript_add(&t, 0, EHLO_SENT, EHLO_PHASE_MAIL, S("b")), 0);
  ehlo_transcript_fini(&t);
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(entries_come_back_as_they_went_in),
      cmocka_unit_test(no_offset_reads_beyond_the_entries),
      cmocka_unit_test(beyond_the_maximum_entries_are_dropped_and_it_says_so),
#ifdef EHLO_FAULTS
      cmocka_unit_test(without_memory_later_entries_may_still_come),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
