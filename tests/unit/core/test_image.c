/* Images of catalogues that anybody may have written: whatever the bytes are, every way of reading them ends, and within them. */
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/core/code.h"
#include "ehlo/core/compare.h"
#include "ehlo/core/explain.h"
#include "ehlo/core/search.h"
#include "unit.h"

enum { ROUNDS = 160, CHANGES = 24, HEADER = 128, FIELD_MAX = 65536, ENTRIES_READ = 64 };

/* The same numbers in every run, so that a failure can be found again. */
static uint32_t next(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(*state >> 33);
}

static size_t read_entry(struct ehlo_entry e) {
  size_t seen = 0;
  for (int f = 0; f < EHLO_FIELDS; f++) {
    const struct ehlo_slice s = ehlo_entry_string(e, (enum ehlo_field)f);
    for (size_t i = 0; i < s.len && i < FIELD_MAX; i++)
      seen += s.ptr[i] != 0;
    for (uint32_t k = 0; k < ehlo_entry_items(e, (enum ehlo_field)f) && k < 64; k++)
      seen += ehlo_entry_item(e, (enum ehlo_field)f, k).len;
  }
  for (int32_t k = 0; k < 64 && ehlo_entry_exists(ehlo_catalogue_phrase_of(e, k)); k++)
    seen += ehlo_entry_string(ehlo_catalogue_phrase_of(e, k), EHLO_FIELD_ID).len;
  return seen + ehlo_entry_names_provider(e) + ehlo_entry_added_notes(e) + ehlo_entry_is_stale(e);
}

static void ask(const struct ehlo_catalogue *c, const char *text) {
  struct ehlo_code code;
  struct ehlo_card card;
  struct ehlo_buf out;
  ehlo_buf_init(&out, 1 << 22);
  assert_int_equal(ehlo_code_read(ehlo_slice_str(text), &code, NULL), 0);
  ehlo_card_of(c, code, &card);
  (void)ehlo_card_json(&card, &out);
  ehlo_buf_fini(&out);
}

static void explain(const struct ehlo_catalogue *c, const char *text) {
  struct ehlo_explanation e;
  if (ehlo_explain_text(c, ehlo_slice_str(text), EHLO_PHASES, &e) == 0) ehlo_explanation_fini(&e);
}

/* Everything that the program does with a catalogue. */
static void use(const struct ehlo_catalogue *c, uint64_t *state) {
  static const char *const codes[] = {"250", "421", "521", "550", "559", "2.0.0", "4.7.1", "5.1.1", "5.7.515", "5.9.9"};
  size_t seen = 0;
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
    ask(c, codes[i]);
  const int32_t n = ehlo_catalogue_count(c);
  for (int k = 0; k < ENTRIES_READ && n > 0; k++)
    seen += read_entry(ehlo_catalogue_entry(c, (int32_t)(next(state) % (uint32_t)n)));
  seen += ehlo_entry_string(ehlo_catalogue_phrase(c, ehlo_slice_str("exim-load")), EHLO_FIELD_TEXT).len;
  seen += ehlo_catalogue_about(c, "name").len + ehlo_catalogue_about(c, "expires").len;
  explain(c, "550 5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.example.org");
  explain(c, "451 4.7.1 Greylisted, please try again in 300 seconds");
  assert_true(seen < SIZE_MAX);
}

/* A copy without room behind it, so that a read beyond its end is seen. */
static char *copy_of(struct ehlo_slice image) {
  char *copy = ehlo_memory_alloc(image.len);
  assert_non_null(copy);
  memcpy(copy, image.ptr, image.len);
  return copy;
}

static void change(char *bytes, size_t from, size_t to, uint64_t *state) {
  static const unsigned char values[] = {0, 1, 0x7f, 0x80, 0xff};
  const size_t at = from + next(state) % (to - from);
  const uint32_t how = next(state);
  bytes[at] = (char)(how % 2 == 0 ? values[how / 2 % sizeof values] : how >> 8);
}

static void changed_images_are_read_within_their_bytes(void **unused) {
  (void)unused;
  const struct ehlo_catalogue *builtin = ehlo_catalogue_builtin();
  uint64_t state = 5321;
  int opened = 0;
  for (int round = 0; round < ROUNDS; round++) {
    char *image = copy_of(builtin->image);
    /* the header in some rounds, the records and indexes at the end in others, anything in the rest */
    const size_t len = builtin->image.len;
    const size_t from = round % 4 == 1 ? 36 : round % 4 == 2 ? len * 3 / 4 : HEADER;
    const size_t to = round % 4 == 1 ? HEADER : len;
    for (int k = 0; k < (round % 4 == 1 ? 1 : CHANGES * (1 + round % 8)); k++)
      change(image, from, to, &state);
    struct ehlo_catalogue c;
    if (ehlo_catalogue_open(ehlo_slice_of(image, len), &c) == 0) {
      opened++;
      use(&c, &state);
    }
    ehlo_memory_free(image);
  }
  assert_true(opened > ROUNDS / 2);
}

static void images_full_of_one_number_are_read_within_their_bytes(void **unused) {
  (void)unused;
  const struct ehlo_slice builtin = ehlo_catalogue_builtin()->image;
  static const unsigned char values[] = {0, 1, 4, 0x7f, 0x80, 0xff};
  uint64_t state = 3463;
  for (size_t i = 0; i < sizeof values; i++) {
    char *image = copy_of(builtin);
    memset(image + HEADER, values[i], builtin.len - HEADER);
    struct ehlo_catalogue c;
    assert_int_equal(ehlo_catalogue_open(ehlo_slice_of(image, builtin.len), &c), 0);
    use(&c, &state);
    ehlo_memory_free(image);
  }
}

static void a_cut_image_does_not_open(void **unused) {
  (void)unused;
  const struct ehlo_slice builtin = ehlo_catalogue_builtin()->image;
  for (size_t len = 0; len < builtin.len; len += len < 2 * HEADER ? 1 : 4099) {
    char *image = copy_of(ehlo_slice_of(builtin.ptr, len + 1));
    struct ehlo_catalogue c;
    assert_int_equal(ehlo_catalogue_open(ehlo_slice_of(image, len), &c), EHLO_E_SYNTAX);
    assert_int_equal(c.image.len, 0);
    ehlo_memory_free(image);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(changed_images_are_read_within_their_bytes),
      cmocka_unit_test(images_full_of_one_number_are_read_within_their_bytes),
      cmocka_unit_test(a_cut_image_does_not_open),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
