/* Owns: which fields of two or more codes differ, and what they share. Callers: bindings. Sentences that all items have are
 * said once, under what they share; each item keeps what is its own. */
#include "ehlo/core/compare.h"

#include "compare_private.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

enum { VALUE_MAX = 8192, TEXT_MAX = 16384 };

static const enum ehlo_field fields[] = {EHLO_FIELD_NAME,      EHLO_FIELD_CLASS,    EHLO_FIELD_MEANING,
                                         EHLO_FIELD_WHEN,      EHLO_FIELD_FIX,      EHLO_FIELD_RETRY,
                                         EHLO_FIELD_ACTS,      EHLO_FIELD_COMMANDS, EHLO_FIELD_ENHANCED,
                                         EHLO_FIELD_STANDARDS, EHLO_FIELD_STATUS,   EHLO_FIELD_CATEGORY};
enum { N_FIELDS = sizeof fields / sizeof fields[0] };

int compare_class(const struct ehlo_card *card) {
  return card->enhanced ? card->parts.class : card->reply / 100;
}

/* A reply's enhanced codes stand beside an enhanced code's replies. */
static enum ehlo_field own_field(const struct ehlo_card *card, enum ehlo_field f) {
  return f == EHLO_FIELD_ENHANCED && card->enhanced ? EHLO_FIELD_REPLIES : f;
}

static bool has_item(const struct ehlo_card *card, enum ehlo_field f, struct ehlo_slice wanted) {
  for (uint32_t k = 0; k < ehlo_card_items(card, f); k++) {
    if (ehlo_slice_equal(ehlo_card_item(card, f, k, NULL), wanted)) return true;
  }
  return false;
}

static bool same_list(const struct ehlo_card *a, const struct ehlo_card *b, enum ehlo_field f) {
  const uint32_t n = ehlo_card_items(a, own_field(a, f));
  if (a->enhanced != b->enhanced && f == EHLO_FIELD_ENHANCED) return false;
  if (n != ehlo_card_items(b, own_field(b, f))) return false;
  for (uint32_t k = 0; k < n; k++) {
    if (!has_item(b, own_field(b, f), ehlo_card_item(a, own_field(a, f), k, NULL))) return false;
  }
  return true;
}

bool compare_same(const struct ehlo_card *a, const struct ehlo_card *b, enum ehlo_field f) {
  if (ehlo_field_rows[f].type != EHLO_TYPE_STRING) return same_list(a, b, f);
  struct ehlo_buf left, right;
  ehlo_buf_init(&left, VALUE_MAX);
  ehlo_buf_init(&right, VALUE_MAX);
  const bool same = ehlo_slice_equal(ehlo_card_string(a, f, &left), ehlo_card_string(b, f, &right));
  ehlo_buf_fini(&left);
  ehlo_buf_fini(&right);
  return same;
}

static bool all_same(const struct ehlo_comparison *c, enum ehlo_field f) {
  for (int i = 1; i < c->n_items; i++) {
    if (!compare_same(&c->items[0], &c->items[i], f)) return false;
  }
  return true;
}

static bool none_has(const struct ehlo_comparison *c, enum ehlo_field f) {
  struct ehlo_buf scratch;
  ehlo_buf_init(&scratch, VALUE_MAX);
  bool none = true;
  for (int i = 0; i < c->n_items && none; i++) {
    const enum ehlo_field own = own_field(&c->items[i], f);
    none = ehlo_field_rows[own].type == EHLO_TYPE_STRING ? ehlo_card_string(&c->items[i], own, &scratch).len == 0
                                                         : ehlo_card_items(&c->items[i], own) == 0;
  }
  ehlo_buf_fini(&scratch);
  return none;
}

/* ---- values as a reader wants them ---- */

static void add_standard(struct ehlo_slice s, struct ehlo_buf *out) {
  const char *space = memchr(s.ptr, ' ', s.len);
  const size_t rfc = space ? (size_t)(space - s.ptr) : s.len;
  (void)ehlo_buf_add_str(out, "RFC ");
  (void)ehlo_buf_add(out, s.ptr, rfc);
  if (!space) return;
  const struct ehlo_slice section = ehlo_slice_of(space + 1, s.len - rfc - 1);
  (void)ehlo_buf_add_str(out, memchr(section.ptr, ',', section.len) ? " sections " : " section ");
  (void)ehlo_buf_add_slice(out, section);
}

static void add_items(const struct ehlo_card *card, enum ehlo_field f, struct ehlo_buf *out) {
  const uint32_t n = ehlo_card_items(card, f);
  if (n == 0) (void)ehlo_buf_add_str(out, f == EHLO_FIELD_COMMANDS ? "not tied to a command" : "none");
  for (uint32_t k = 0; k < n; k++) {
    const struct ehlo_slice item = ehlo_card_item(card, f, k, NULL);
    if (k > 0) (void)ehlo_buf_add_str(out, f == EHLO_FIELD_STANDARDS ? "; " : ", ");
    if (f == EHLO_FIELD_STANDARDS) {
      add_standard(item, out);
    } else if (ehlo_slice_equal(item, ehlo_slice_str("end-of-data"))) {
      (void)ehlo_buf_add_str(out, "end of data");
    } else {
      (void)ehlo_buf_add_slice(out, item);
    }
  }
}

static void add_value(const struct ehlo_card *card, enum ehlo_field f, struct ehlo_buf *out) {
  const enum ehlo_field own = own_field(card, f);
  if (ehlo_field_rows[own].type != EHLO_TYPE_STRING) {
    add_items(card, own, out);
    return;
  }
  struct ehlo_buf scratch;
  ehlo_buf_init(&scratch, VALUE_MAX);
  (void)ehlo_buf_add_slice(out, ehlo_card_string(card, own, &scratch));
  if (scratch.error && !out->error) out->error = scratch.error;
  ehlo_buf_fini(&scratch);
}

/* ---- sentences ---- */

/* The next sentence of `s` from *pos, with its full stop. */
static bool next_sentence(struct ehlo_slice s, size_t *pos, struct ehlo_slice *sentence) {
  while (*pos < s.len && s.ptr[*pos] == ' ')
    (*pos)++;
  const size_t start = *pos;
  while (*pos < s.len) {
    const char c = s.ptr[(*pos)++];
    if ((c == '.' || c == '?' || c == '!') && *pos < s.len && s.ptr[*pos] == ' ') break;
  }
  *sentence = ehlo_slice_of(s.ptr + start, *pos - start);
  return sentence->len > 0;
}

static bool has_sentence(struct ehlo_slice s, struct ehlo_slice wanted) {
  struct ehlo_slice sentence;
  size_t pos = 0;
  while (next_sentence(s, &pos, &sentence)) {
    if (ehlo_slice_equal(sentence, wanted)) return true;
  }
  return false;
}

static void add_sentence(struct ehlo_buf *out, struct ehlo_slice sentence) {
  if (out->len > 0) (void)ehlo_buf_add_char(out, ' ');
  (void)ehlo_buf_add_slice(out, sentence);
}

static bool all_have(const struct ehlo_difference *d, int n, struct ehlo_slice sentence) {
  for (int i = 0; i < n; i++) {
    if (!has_sentence(ehlo_buf_slice(&d->values[i]), sentence)) return false;
  }
  return true;
}

/* Moves the sentences that all values of `d` have to `shared`. */
static void split_shared(struct ehlo_difference *d, int n, struct ehlo_buf *shared) {
  struct ehlo_slice sentence;
  size_t pos = 0;
  while (next_sentence(ehlo_buf_slice(&d->values[0]), &pos, &sentence)) {
    if (all_have(d, n, sentence)) add_sentence(shared, sentence);
  }
  if (shared->len == 0) return;
  for (int i = 0; i < n; i++) {
    struct ehlo_buf own;
    ehlo_buf_init(&own, VALUE_MAX);
    pos = 0;
    while (next_sentence(ehlo_buf_slice(&d->values[i]), &pos, &sentence)) {
      if (!has_sentence(ehlo_buf_slice(shared), sentence)) add_sentence(&own, sentence);
    }
    if (own.len == 0) (void)ehlo_buf_add_str(&own, "Nothing beyond that.");
    if (!own.error) own.error = d->values[i].error;
    ehlo_buf_fini(&d->values[i]);
    d->values[i] = own;
  }
}

/* ---- putting it together ---- */

static const char *field_name(const struct ehlo_comparison *c, enum ehlo_field f) {
  if (f != EHLO_FIELD_ENHANCED) return ehlo_field_rows[f].name;
  if (strcmp(c->kind, "reply") == 0) return "enhanced";
  return strcmp(c->kind, "enhanced") == 0 ? "replies" : "pairs";
}

static struct ehlo_difference *begin(struct ehlo_difference *list, int *n, const char *field) {
  struct ehlo_difference *d = &list[(*n)++];
  d->field = field;
  for (int i = 0; i < EHLO_COMPARE_ITEMS; i++)
    ehlo_buf_init(&d->values[i], VALUE_MAX);
  return d;
}

static bool is_prose(enum ehlo_field f) {
  return f == EHLO_FIELD_MEANING || f == EHLO_FIELD_WHEN || f == EHLO_FIELD_FIX;
}

static void set_side_by_side(struct ehlo_comparison *c, enum ehlo_field f) {
  if (none_has(c, f)) return;
  if (all_same(c, f)) {
    struct ehlo_difference *shared = begin(c->common, &c->n_common, field_name(c, f));
    add_value(&c->items[0], f, &shared->values[0]);
    return;
  }
  struct ehlo_difference *d = begin(c->differences, &c->n_differences, field_name(c, f));
  for (int i = 0; i < c->n_items; i++)
    add_value(&c->items[i], f, &d->values[i]);
  if (!is_prose(f)) return;
  struct ehlo_buf shared;
  ehlo_buf_init(&shared, VALUE_MAX);
  split_shared(d, c->n_items, &shared);
  if (shared.len > 0) {
    struct ehlo_difference *common = begin(c->common, &c->n_common, field_name(c, f));
    common->values[0] = shared;
  } else {
    ehlo_buf_fini(&shared);
  }
}

/* A pair stands for its enhanced code, which says more; where that is the same for all, for its reply code. */
static bool pairs_differ_in_reply_only(const struct ehlo_code *codes, int n) {
  for (int i = 0; i < n; i++) {
    if (codes[i].reply == 0 || codes[i].enhanced.class == 0) return false;
    const struct ehlo_enhanced *a = &codes[0].enhanced, *b = &codes[i].enhanced;
    if (a->class != b->class || a->subject != b->subject || a->detail != b->detail) return false;
  }
  return true;
}

static void set_items(const struct ehlo_catalogue *catalogue, const struct ehlo_code *codes, int n,
                      struct ehlo_comparison *c) {
  const bool by_reply = pairs_differ_in_reply_only(codes, n);
  int enhanced = 0;
  for (int i = 0; i < n; i++) {
    struct ehlo_code code = codes[i];
    if (code.enhanced.class != 0 && !by_reply) code.reply = 0;
    bool here = false;
    ehlo_card_of(catalogue, code, &c->items[c->n_items]);
    for (int k = 0; k < c->n_items; k++)
      here = here || strcmp(c->items[k].code, c->items[c->n_items].code) == 0;
    if (here && n > 2) continue; /* given twice */
    enhanced += c->items[c->n_items].enhanced;
    c->n_items++;
  }
  c->kind = enhanced == 0 ? "reply" : enhanced == c->n_items ? "enhanced" : "mixed";
}

static int error_of(const struct ehlo_comparison *c) {
  const struct ehlo_buf *texts[] = {&c->headline, &c->summary, &c->when_to_use};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    if (texts[i]->error) return texts[i]->error;
  }
  for (int i = 0; i < c->n_differences; i++) {
    for (int k = 0; k < c->n_items; k++) {
      if (c->differences[i].values[k].error) return c->differences[i].values[k].error;
    }
  }
  for (int i = 0; i < c->n_common; i++) {
    if (c->common[i].values[0].error) return c->common[i].values[0].error;
  }
  return 0;
}

int ehlo_compare(const struct ehlo_catalogue *c, const struct ehlo_code *codes, int n, struct ehlo_comparison *out) {
  *out = (struct ehlo_comparison){.kind = "reply"};
  ehlo_buf_init(&out->headline, TEXT_MAX);
  ehlo_buf_init(&out->summary, TEXT_MAX);
  ehlo_buf_init(&out->when_to_use, TEXT_MAX);
  if (n < 2 || n > EHLO_COMPARE_ITEMS) return EHLO_E_ARGUMENT;
  out->differences = ehlo_memory_zalloc(N_FIELDS, sizeof *out->differences);
  out->common = ehlo_memory_zalloc(N_FIELDS, sizeof *out->common);
  if (!out->differences || !out->common) return EHLO_E_MEMORY;
  set_items(c, codes, n, out);
  for (int i = 0; i < N_FIELDS; i++)
    set_side_by_side(out, fields[i]);
  compare_say(out);
  return error_of(out);
}

static void free_list(struct ehlo_difference *list, int n) {
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < EHLO_COMPARE_ITEMS; k++)
      ehlo_buf_fini(&list[i].values[k]);
  }
  ehlo_memory_free(list);
}

void ehlo_comparison_fini(struct ehlo_comparison *c) {
  free_list(c->differences, c->n_differences);
  free_list(c->common, c->n_common);
  c->differences = c->common = NULL;
  c->n_differences = c->n_common = 0;
  ehlo_buf_fini(&c->headline);
  ehlo_buf_fini(&c->summary);
  ehlo_buf_fini(&c->when_to_use);
}
