/* Owns: tests of the DNS decoder. Messages end at a forbidden page, whole and cut short at every byte. */
#include "unit.h"

#include "ehlo/base/error.h"
#include "ehlo/core/dnsrdata.h"
#include "guard.h"

#define HEAD(answers) "\x12\x34\x81\x80\0\x01\0" answers "\0\0\0\0"
#define QUESTION                                                                                                       \
  "\x07"                                                                                                               \
  "example\x03org\0\0\x0f\0\x01"                                       /* at 12 */
#define RECORD(type, len) "\xc0\x0c\0" type "\0\x01\0\0\x0e\x10\0" len /* owner: the question's name; TTL 3600 */

/* example.org: two MX, the second compressed in its middle; a CNAME; a TXT of two strings. */
/* clang-format off */
static const char answer[] = HEAD("\x04") QUESTION
    RECORD("\x0f", "\x07") "\0\x0a\x02mx\xc0\x0c"
    RECORD("\x0f", "\x11") "\0\x14\x03" "a.b\x02" "c\\" "\x05other\xc0\x14"
    RECORD("\x05", "\x01") "\0"
    RECORD("\x10", "\x08") "\x04v=x1\x02yz";
/* clang-format on */

enum { LENGTH = sizeof answer - 1 };

static void assert_end(const struct ehlo_dnsmsg *m, size_t pos) {
  struct ehlo_dns_record r;
  assert_int_equal(ehlo_dnsmsg_next(m, &pos, &r), 0);
}

static void records_are_walked_in_order(void **state) {
  (void)state;
  struct guard g;
  struct ehlo_dnsmsg m;
  struct ehlo_dns_record r;
  char name[EHLO_DNS_NAME];
  uint16_t preference;
  size_t pos = 0, at = 0;
  struct ehlo_slice text;
  assert_int_equal(guard_open(&g, LENGTH), 0);
  assert_int_equal(ehlo_dnsmsg_open(ehlo_slice_of(guard_put(&g, answer, LENGTH), LENGTH), &m), 0);
  assert_int_equal(m.rcode, 0);
  assert_int_equal(m.questions, 1);
  assert_int_equal(m.answers, 4);

  assert_int_equal(ehlo_dnsmsg_next(&m, &pos, &r), 1);
  assert_string_equal(r.name, "example.org");
  assert_int_equal(r.type, EHLO_RR_MX);
  assert_int_equal(r.ttl, 3600);
  assert_int_equal(ehlo_dns_mx(&m, &r, &preference, name), 0);
  assert_int_equal(preference, 10);
  assert_string_equal(name, "mx.example.org");

  assert_int_equal(ehlo_dnsmsg_next(&m, &pos, &r), 1);
  assert_int_equal(ehlo_dns_mx(&m, &r, &preference, name), 0);
  assert_int_equal(preference, 20);
  assert_string_equal(name, "a\\.b.c\\\\.other.org");

  assert_int_equal(ehlo_dnsmsg_next(&m, &pos, &r), 1);
  assert_int_equal(r.type, EHLO_RR_CNAME);
  assert_int_equal(ehlo_dns_target(&m, &r, name), 0);
  assert_string_equal(name, ".");

  assert_int_equal(ehlo_dnsmsg_next(&m, &pos, &r), 1);
  assert_int_equal(ehlo_dns_txt_next(&r, &at, &text), 1);
  assert_slice(text, "v=x1");
  assert_int_equal(ehlo_dns_txt_next(&r, &at, &text), 1);
  assert_slice(text, "yz");
  assert_int_equal(ehlo_dns_txt_next(&r, &at, &text), 0);
  assert_end(&m, pos);
  guard_close(&g);
}

/* Reads all that can be read; gives the number of whole records, or an error. */
static int read_all(struct ehlo_slice bytes) {
  struct ehlo_dnsmsg m;
  struct ehlo_dns_record r;
  size_t pos = 0;
  int records = 0;
  if (ehlo_dnsmsg_open(bytes, &m)) return EHLO_E_SYNTAX;
  for (;; records++) {
    const int got = ehlo_dnsmsg_next(&m, &pos, &r);
    if (got <= 0) return got < 0 ? got : records;
    char name[EHLO_DNS_NAME];
    uint16_t preference;
    struct ehlo_slice text;
    (void)ehlo_dns_mx(&m, &r, &preference, name);
    (void)ehlo_dns_target(&m, &r, name);
    for (size_t at = 0; ehlo_dns_txt_next(&r, &at, &text) > 0;)
      continue;
  }
}

static void a_message_cut_short_is_malformed(void **state) {
  (void)state;
  struct guard g;
  assert_int_equal(guard_open(&g, LENGTH), 0);
  for (size_t len = 0; len < LENGTH; len++) {
    assert_int_equal(read_all(ehlo_slice_of(guard_put(&g, answer, len), len)), EHLO_E_SYNTAX);
  }
  assert_int_equal(read_all(ehlo_slice_of(guard_put(&g, answer, LENGTH), LENGTH)), 4);
  guard_close(&g);
}

static void no_changed_byte_reads_beyond_the_message(void **state) {
  (void)state;
  struct guard g;
  assert_int_equal(guard_open(&g, LENGTH), 0);
  for (size_t i = 0; i < LENGTH; i++) {
    for (unsigned value = 0; value < 256; value++) {
      char *bytes = guard_put(&g, answer, LENGTH);
      bytes[i] = (char)value;
      assert_true(read_all(ehlo_slice_of(bytes, LENGTH)) <= 0xffff);
    }
  }
  guard_close(&g);
}

static void counts_that_lie_end_in_an_error(void **state) {
  (void)state;
  char bytes[LENGTH];
  memcpy(bytes, answer, LENGTH);
  bytes[6] = (char)0xff; /* answers */
  assert_int_equal(read_all(ehlo_slice_of(bytes, LENGTH)), EHLO_E_SYNTAX);
  bytes[6] = 0;
  bytes[4] = (char)0xff; /* questions */
  assert_int_equal(read_all(ehlo_slice_of(bytes, LENGTH)), EHLO_E_SYNTAX);
  bytes[4] = 0;
  bytes[7] = 2;
  assert_int_equal(read_all(ehlo_slice_of(bytes, LENGTH)), 2);
  assert_int_equal(read_all(ehlo_slice_of(bytes, 11)), EHLO_E_SYNTAX);
}

static long name_at(const char *bytes, size_t len, size_t offset, char out[EHLO_DNS_NAME]) {
  const struct ehlo_dnsmsg m = {.bytes = ehlo_slice_of(bytes, len)};
  return ehlo_dnsmsg_name(&m, offset, out);
}

static void pointers_that_lead_nowhere_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *what;
    const char bytes[10];
  } rows[] = {
      {"itself", "\xc0\x0c"},
      {"forward", "\xc0\x0e\x01"
                  "a"},
      {"a label and then itself", "\x01"
                                  "a\xc0\x0c"},
      {"the header", "\xc0\x02"},
      {"beyond the end", "\xff\xff"},
      {"reserved bits 01", "\x40"
                           "a"},
      {"reserved bits 10", "\x80"
                           "a"},
  };
  char bytes[22], out[EHLO_DNS_NAME];
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    memset(bytes, 0, sizeof bytes);
    memcpy(bytes + 12, rows[i].bytes, sizeof rows[i].bytes);
    assert_true(name_at(bytes, sizeof bytes, 12, out) < 0);
    assert_string_equal(out, "");
  }
  memset(bytes, 0, sizeof bytes);
  memcpy(bytes + 12,
         "\x01"
         "a\0\xc0\x11\xc0\x0f",
         7); /* two pointers that lead to each other */
  assert_true(name_at(bytes, sizeof bytes, 17, out) < 0);
  assert_true(name_at(bytes, sizeof bytes, sizeof bytes, out) < 0);
  assert_true(name_at(bytes, sizeof bytes, 1000, out) < 0);
}

static void a_chain_of_pointers_has_a_bound(void **state) {
  (void)state;
  char bytes[12 + 3 + 400], out[EHLO_DNS_NAME];
  memset(bytes, 0, sizeof bytes);
  memcpy(bytes + 12,
         "\x01"
         "a",
         3);
  for (unsigned i = 0; i < 200; i++) { /* each leads to the one before it */
    const unsigned to = i == 0 ? 12 : 15 + 2 * (i - 1);
    bytes[15 + 2 * i] = (char)(0xc0 | to >> 8);
    bytes[16 + 2 * i] = (char)(to & 0xff);
  }
  assert_int_equal(name_at(bytes, sizeof bytes, 15 + 2 * 127, out), 2);
  assert_string_equal(out, "a");
  assert_true(name_at(bytes, sizeof bytes, 15 + 2 * 128, out) < 0);
}

static void the_longest_name_fits_and_a_longer_one_is_refused(void **state) {
  (void)state;
  char bytes[12 + 300], out[EHLO_DNS_NAME];
  static const unsigned char lengths[] = {63, 63, 63, 61}; /* 254 bytes, and the root's */
  for (unsigned extra = 0; extra <= 1; extra++) {
    size_t at = 12;
    memset(bytes, 1, sizeof bytes);
    for (size_t i = 0; i < 4; i++) {
      const unsigned len = lengths[i] + (i == 3 ? extra : 0);
      bytes[at] = (char)len;
      at += len + 1;
    }
    bytes[at] = 0;
    const long used = name_at(bytes, sizeof bytes, 12, out);
    assert_int_equal(used, extra ? EHLO_E_SYNTAX : 255);
    assert_int_equal(strlen(out), extra ? 0 : 4 * 250 + 3);
  }
  assert_memory_equal(out, "", 1);
}

static void odd_bytes_of_a_name_are_written_as_numbers(void **state) {
  (void)state;
  static const char bytes[] = "............\x08"
                              "a \0\x7f\xff\"\\.\0";
  char out[EHLO_DNS_NAME];
  assert_int_equal(name_at(bytes, sizeof bytes - 1, 12, out), 10);
  assert_string_equal(out, "a\\032\\000\\127\\255\"\\\\\\.");
}

static void rdata_with_something_behind_the_name_is_malformed(void **state) {
  (void)state;
  static const char bytes[] = HEAD("\x01") QUESTION RECORD("\x0f", "\x05") "\0\x0a\xc0\x0c!";
  struct ehlo_dnsmsg m;
  struct ehlo_dns_record r;
  char name[EHLO_DNS_NAME];
  uint16_t preference = 7;
  size_t pos = 0;
  assert_int_equal(ehlo_dnsmsg_open(ehlo_slice_of(bytes, sizeof bytes - 1), &m), 0);
  assert_int_equal(ehlo_dnsmsg_next(&m, &pos, &r), 1);
  assert_int_equal(ehlo_dns_mx(&m, &r, &preference, name), EHLO_E_SYNTAX);
  assert_int_equal(preference, 0);
  assert_string_equal(name, "");
  r.rdata.len = 2;
  assert_int_equal(ehlo_dns_mx(&m, &r, &preference, name), EHLO_E_SYNTAX);
  r.rdata.len = 0;
  assert_int_equal(ehlo_dns_target(&m, &r, name), EHLO_E_SYNTAX);
}

static void the_question_is_told(void **state) {
  (void)state;
  struct ehlo_dnsmsg m;
  char name[EHLO_DNS_NAME];
  assert_int_equal(ehlo_dnsmsg_open(ehlo_slice_of(answer, LENGTH), &m), 0);
  ehlo_dnsmsg_question(&m, name);
  assert_string_equal(name, "example.org");
  m.questions = 0;
  ehlo_dnsmsg_question(&m, name);
  assert_string_equal(name, "");
}

static void an_alias_is_found_whatever_its_case(void **state) {
  (void)state;
  /* clang-format off */
  static const char bytes[] = HEAD("\x02") QUESTION
      RECORD("\x10", "\x02") "\x01x"
      RECORD("\x05", "\x05") "\x02mx\xc0\x0c";
  /* clang-format on */
  struct ehlo_dnsmsg m;
  struct ehlo_dns_record r;
  char target[EHLO_DNS_NAME];
  assert_int_equal(ehlo_dnsmsg_open(ehlo_slice_of(bytes, sizeof bytes - 1), &m), 0);
  assert_int_equal(ehlo_dnsmsg_alias(&m, "EXAMPLE.org", &r, target), 1);
  assert_string_equal(target, "mx.example.org");
  assert_int_equal(r.ttl, 3600);
  assert_int_equal(ehlo_dnsmsg_alias(&m, target, &r, target), 0);
  assert_string_equal(target, "");
  assert_int_equal(ehlo_dnsmsg_open(ehlo_slice_of(bytes, sizeof bytes - 2), &m), 0);
  assert_int_equal(ehlo_dnsmsg_alias(&m, "example.org", &r, target), EHLO_E_SYNTAX);
  assert_string_equal(target, "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(records_are_walked_in_order),
      cmocka_unit_test(a_message_cut_short_is_malformed),
      cmocka_unit_test(no_changed_byte_reads_beyond_the_message),
      cmocka_unit_test(counts_that_lie_end_in_an_error),
      cmocka_unit_test(pointers_that_lead_nowhere_are_refused),
      cmocka_unit_test(a_chain_of_pointers_has_a_bound),
      cmocka_unit_test(the_longest_name_fits_and_a_longer_one_is_refused),
      cmocka_unit_test(odd_bytes_of_a_name_are_written_as_numbers),
      cmocka_unit_test(rdata_with_something_behind_the_name_is_malformed),
      cmocka_unit_test(the_question_is_told),
      cmocka_unit_test(an_alias_is_found_whatever_its_case),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
