/* Owns: tests of explaining with a memory: it tells nothing else than one that decides each time, whatever stands between the words. */
#include "ehlo/core/explain_memory.h"

#include "ehlo/base/memory.h"
#include "guard.h"
#include "unit.h"

enum { REPLY_MAX = 1200 };

struct maker {
  uint32_t seed;
  char text[REPLY_MAX];
  size_t len;
};

static uint32_t below(struct maker *m, uint32_t n) {
  m->seed = m->seed * 1664525u + 1013904223u;
  return (m->seed >> 8) % n;
}

static void put(struct maker *m, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct maker *m, const char *format, ...) {
  va_list args;
  va_start(args, format);
  const int wrote = vsnprintf(m->text + m->len, sizeof m->text - m->len, format, args);
  va_end(args);
  m->len += (size_t)wrote < sizeof m->text - m->len ? (size_t)wrote : sizeof m->text - m->len - 1;
}

/* A wording of the catalogue, whole, cut at either end, or in capitals. */
static void put_wording(struct maker *m) {
  const struct ehlo_catalogue *c = ehlo_catalogue_builtin();
  const struct ehlo_entry e = ehlo_catalogue_entry(c, (int32_t)below(m, (uint32_t)ehlo_catalogue_count(c)));
  const struct ehlo_slice s = ehlo_entry_string(e, EHLO_FIELD_TEXT);
  const size_t from = below(m, 4) == 0 && s.len > 4 ? below(m, 4) : 0;
  const size_t cut = below(m, 4) == 0 && s.len > 8 ? below(m, 4) : 0;
  if (s.len == 0) return;
  const size_t start = m->len;
  put(m, "%.*s", (int)(s.len - from - cut), s.ptr + from);
  for (size_t i = start; i < m->len && below(m, 9) == 0; i++)
    m->text[i] = (char)ehlo_to_upper((unsigned char)m->text[i]);
}

static void put_piece(struct maker *m) {
  static const char *const words[] = {"spamhaus",
                                      "Yahoo",
                                      "gsmtp",
                                      " does not exist",
                                      "a.example does not exist",
                                      "/returnc/",
                                      "  ",
                                      "\t",
                                      "SPF= Fail",
                                      "[TSS04]",
                                      "550-5.1.1 ",
                                      "*",
                                      "web.de",
                                      "rejected",
                                      "error: open resolver",
                                      "\xc3\xa9",
                                      "\x01",
                                      "<",
                                      ">",
                                      "sender address rejected"};
  switch (below(m, 8)) {
  case 5: put(m, "<%08x.spam@yahoo%u.example>", below(m, 1 << 24), below(m, 9)); break;
  case 0: put(m, "<user%u@host%u.example>", below(m, 1000), below(m, 50)); break;
  case 1: put(m, "[192.0.2.%u]", below(m, 256)); break;
  case 2: put(m, "%08x%04x", below(m, 1 << 24), below(m, 1 << 16)); break;
  case 3: put(m, "%s", words[below(m, sizeof words / sizeof *words)]); break;
  case 4: put(m, "https://a%u.example/?q=%u", below(m, 9), below(m, 1 << 20)); break;
  default: put_wording(m);
  }
  if (below(m, 3) > 0) put(m, "%s", ": \0, \0 " + 3 * below(m, 3));
}

static struct ehlo_slice make_reply(struct maker *m) {
  static const int codes[] = {250, 421, 450, 451, 452, 550, 551, 552, 553, 554, 571};
  const int code = codes[below(m, sizeof codes / sizeof *codes)];
  m->len = 0;
  put(m, "%d ", code);
  if (below(m, 2) == 0) put(m, "%u.%u.%u ", below(m, 3) == 0 ? 5 : (unsigned)code / 100, below(m, 8), below(m, 30));
  for (uint32_t n = 1 + below(m, 4); n > 0; n--)
    put_piece(m);
  return ehlo_slice_of(m->text, m->len);
}

/* Digits become others, and now and then letters, so that names and numbers are new and some words broken. */
static void change_parts(struct maker *m) {
  for (size_t i = 4; i < m->len; i++) {
    if (ehlo_is_digit((unsigned char)m->text[i]) && m->text[i - 1] != '.' && below(m, 2) == 0)
      m->text[i] = (char)('0' + below(m, 10));
    if (ehlo_is_alpha((unsigned char)m->text[i]) && below(m, 150) == 0) m->text[i] = (char)('a' + below(m, 26));
  }
}

/* What each says of the reply is one text, in `out`. */
static void tell(const struct ehlo_explanation *e, struct ehlo_buf *out) {
  ehlo_buf_reset(out);
  assert_int_equal(ehlo_explanation_json(e, out), 0);
  (void)ehlo_buf_addf(out, " %.*s|%.*s", (int)e->evidence.len, e->evidence.data ? e->evidence.data : "",
                      (int)e->contradiction.len, e->contradiction.data ? e->contradiction.data : "");
}

static void a_memory_tells_what_deciding_anew_tells(void **state) {
  (void)state;
  const struct ehlo_catalogue *c = ehlo_catalogue_builtin();
  struct ehlo_explain_memory *memory = ehlo_explain_memory_new(c);
  struct maker maker = {.seed = 20};
  struct ehlo_explanation kept, fresh;
  struct ehlo_buf a, b;
  assert_non_null(memory);
  ehlo_explanation_init(&kept, c);
  ehlo_buf_init(&a, 1 << 16);
  ehlo_buf_init(&b, 1 << 16);
  for (int round = 0; round < 20000; round++) {
    struct ehlo_reply reply;
    const struct ehlo_slice raw = make_reply(&maker);
    if (ehlo_reply_read(raw, &reply) <= 0) continue;
    const enum ehlo_phase phase = round % 3 == 0 ? EHLO_PHASE_RCPT : round % 3 == 1 ? EHLO_PHASE_MAIL : EHLO_PHASES;
    assert_int_equal(ehlo_explain_reply_with(memory, &reply, phase, &kept), 0);
    assert_int_equal(ehlo_explain_reply(c, &reply, phase, &fresh), 0);
    tell(&kept, &a);
    tell(&fresh, &b);
    if (!ehlo_slice_equal(ehlo_buf_slice(&a), ehlo_buf_slice(&b)))
      fail_msg("%.*s\nis told as %s\nnot as %s", (int)raw.len, raw.ptr, a.data, b.data);
    ehlo_explanation_fini(&fresh);
  }
  ehlo_explanation_fini(&kept);
  ehlo_buf_fini(&a);
  ehlo_buf_fini(&b);
  ehlo_explain_memory_free(memory);
}

/* The advice is the memory's own string: the same one shows that nothing was decided again. */
static const char *advice_for(struct ehlo_explain_memory *memory, const char *text, struct ehlo_explanation *e) {
  struct ehlo_reply reply;
  assert_true(ehlo_reply_read(ehlo_slice_str(text), &reply) > 0);
  assert_int_equal(ehlo_explain_reply_with(memory, &reply, EHLO_PHASES, e), 0);
  return e->json_tail.ptr;
}

/* What a memory of lines tells is told of each second line as if it had been decided for it. */
static void a_kept_line_tells_what_deciding_anew_tells(void **state) {
  (void)state;
  const struct ehlo_catalogue *c = ehlo_catalogue_builtin();
  struct ehlo_explain_memory *memory = ehlo_explain_memory_new(c);
  struct maker maker = {.seed = 21};
  struct ehlo_explanation kept, fresh;
  struct ehlo_buf a, b;
  int told = 0;
  assert_non_null(memory);
  ehlo_explanation_init(&kept, c);
  ehlo_buf_init(&a, 1 << 16);
  ehlo_buf_init(&b, 1 << 16);
  for (int round = 0; round < 60000; round++) {
    struct ehlo_reply reply;
    const uint32_t own = maker.seed;
    maker.seed = own % 2000; /* so that the same replies come again, with other parts */
    struct ehlo_slice raw = make_reply(&maker);
    maker.seed = own * 1664525u + 1013904223u;
    change_parts(&maker);
    raw = ehlo_slice_trim(ehlo_slice_of(raw.ptr, maker.len));
    if (ehlo_reply_read(raw, &reply) <= 0 || reply.lines != 1) continue;
    const struct ehlo_explanation *e = ehlo_explain_line(memory, raw);
    told += e != NULL;
    if (!e) {
      assert_int_equal(ehlo_explain_reply_with(memory, &reply, EHLO_PHASES, &kept), 0);
      ehlo_explain_keep_line(memory, raw, &kept);
      e = &kept;
    }
    assert_int_equal(ehlo_explain_reply(c, &reply, EHLO_PHASES, &fresh), 0);
    tell(e, &a);
    tell(&fresh, &b);
    if (!ehlo_slice_equal(ehlo_buf_slice(&a), ehlo_buf_slice(&b)))
      fail_msg("%.*s\nis told as %s\nnot as %s", (int)raw.len, raw.ptr, a.data, b.data);
    ehlo_explanation_fini(&fresh);
  }
  if (told < 10000) fail_msg("only %d lines were told from memory", told);
  ehlo_explanation_fini(&kept);
  ehlo_buf_fini(&a);
  ehlo_buf_fini(&b);
  ehlo_explain_memory_free(memory);
}

static void replies_that_differ_in_names_and_numbers_are_decided_once(void **state) {
  (void)state;
  static const char *const pairs[][2] = {
      {"550 5.1.1 <qwv7@zzk.example>: user unknown", "550 5.1.1 <xxj31337@kkw9.example>: user unknown"},
      {"550 5.2.2 Mailbox full, id 8f7a6b5c4d", "550 5.2.2 Mailbox full, id 00f1x9zq"},
      /* a wording with a star may be in it: lengths count */
      {"450 4.2.0 Greylisted, id 8f7a6b5c4d", "450 4.2.0 Greylisted, id 00f1x9zq77"},
      {"554 client host [192.0.2.1] blocked", "554 client host [198.51.100.77] blocked"},
  };
  const struct ehlo_catalogue *c = ehlo_catalogue_builtin();
  struct ehlo_explain_memory *memory = ehlo_explain_memory_new(c);
  struct ehlo_explanation e;
  ehlo_explanation_init(&e, c);
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    const char *first = advice_for(memory, pairs[i][0], &e);
    const int about = strpbrk(pairs[i][0], "<[") ? 1 : 0;
    assert_true(first[0] != '\0');
    assert_int_equal(e.n_about, about);
    assert_ptr_equal(first, advice_for(memory, pairs[i][1], &e));
    assert_int_equal(e.n_about, about);
  }
  ehlo_explanation_fini(&e);
  ehlo_explain_memory_free(memory);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_memory_tells_what_deciding_anew_tells),
      cmocka_unit_test(a_kept_line_tells_what_deciding_anew_tells),
      cmocka_unit_test(replies_that_differ_in_names_and_numbers_are_decided_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
