/* Owns: which bytes of a text a phrase can be about. Callers: explain's memory. Every run of four bytes of every wording is in one set: a
 * byte that none of its runs in the text is in the set for belongs to no wording, whatever it is. Letters and digits of that sort become
 * one mark, for a wording only asks whether such a byte stands beside it; the rest stays as it is. */
#include "phrase_view.h"

#include "amend.h"
#include "ehlo/base/memory.h"
#include "image.h"
#include "phrase.h"

enum { RUN = 4, WORD_BITS = 14, SHORTS = 32, MEASURED_MARK = PHRASE_VIEW_MARK + 1 };

/* Three bits of one word stand for a run: some thousandth of other runs seem to be in the set, which only makes more views. */
struct run_set {
  uint64_t words[1 << WORD_BITS];
};

struct phrase_view {
  struct run_set known;
  struct run_set
      starred; /* of wordings with a star: how far apart their parts are counts, so such a text is measured */
  struct ehlo_slice shorts[SHORTS]; /* the parts of those that are shorter than a run; they lie in the catalogue */
  int n_shorts;                     /* SHORTS and 1 where there are too many: no such text has a view */
  uint64_t pairs[1 << 10];          /* a bit for each two bytes that one may begin with */
  bool firsts[256];                 /* whether one may begin with this byte */
};

struct place {
  size_t word;
  uint64_t bits;
};

/* Of letters in either case; a few marks look like others, which only makes more views. */
static inline uint64_t hash_of(uint32_t run) {
  return (run | 0x20202020u) * (uint64_t)0x9e3779b97f4a7c15u;
}

static inline struct place place_of(uint64_t hash) {
  const uint64_t bits =
      (uint64_t)1 << (hash >> 44 & 63) | (uint64_t)1 << (hash >> 38 & 63) | (uint64_t)1 << (hash >> 32 & 63);
  return (struct place){hash >> (64 - WORD_BITS), bits};
}

static void add_run(struct run_set *set, uint32_t run) {
  const struct place at = place_of(hash_of(run));
  set->words[at.word] |= at.bits;
}

/* Most of the runs that are not there lack the first bit. */
static inline bool has(const struct run_set *set, uint64_t hash) {
  const uint64_t word = set->words[hash >> (64 - WORD_BITS)];
  if ((word >> (hash >> 44 & 63) & 1) == 0) return false;
  const struct place at = place_of(hash);
  return (word & at.bits) == at.bits;
}

/* Runs that hold a star are added too: they do no harm. */
static void add_words(struct run_set *set, struct ehlo_slice words) {
  for (size_t i = 0; i + RUN <= words.len; i++)
    add_run(set, image_load(words.ptr + i));
}

static bool is_word_byte(char c) {
  return ehlo_is_alpha((unsigned char)c) || ehlo_is_digit((unsigned char)c);
}

static unsigned pair_of(char a, char b) {
  return ((unsigned)(unsigned char)a | 0x20) << 8 | ((unsigned)(unsigned char)b | 0x20);
}

static inline bool begins_short(const struct phrase_view *v, struct ehlo_slice text, size_t at) {
  if (!v->firsts[(unsigned char)text.ptr[at]]) return false;
  const unsigned pair = pair_of(text.ptr[at], at + 1 < text.len ? text.ptr[at + 1] : ' ');
  return (v->pairs[pair / 64] >> pair % 64 & 1) != 0;
}

/* What is all marks stays as it is in every view. */
static void add_short(struct phrase_view *v, struct ehlo_slice part) {
  bool words = false;
  for (size_t i = 0; i < part.len; i++)
    words = words || is_word_byte(part.ptr[i]);
  for (int i = 0; i < v->n_shorts && i < SHORTS; i++)
    words = words && !ehlo_slice_equal(v->shorts[i], part);
  if (!words) return;
  if (v->n_shorts < SHORTS) v->shorts[v->n_shorts] = part;
  if (v->n_shorts <= SHORTS) v->n_shorts++;
  v->firsts[(unsigned char)part.ptr[0]] = v->firsts[ehlo_to_upper((unsigned char)part.ptr[0])] = true;
  const unsigned first = part.len > 1 ? (unsigned char)part.ptr[1] : 0, last = part.len > 1 ? first : UINT8_MAX;
  for (unsigned c = first; c <= last; c++) {
    const unsigned pair = pair_of(part.ptr[0], (char)c);
    v->pairs[pair / 64] |= (uint64_t)1 << pair % 64;
  }
}

static void add_shorts(struct phrase_view *v, struct ehlo_slice wording) {
  while (wording.len > 0) {
    const char *star = memchr(wording.ptr, '*', wording.len);
    const size_t len = star ? (size_t)(star - wording.ptr) : wording.len, taken = star ? len + 1 : len;
    if (len > 0 && len < RUN) add_short(v, ehlo_slice_of(wording.ptr, len));
    wording = ehlo_slice_of(wording.ptr + taken, wording.len - taken);
  }
}

static void add_wordings(struct phrase_view *v, const struct ehlo_catalogue *c) {
  const uint32_t n = image_number(c, IMAGE_AT_N_ANCHORS);
  const char *anchor = c->image.ptr + image_number(c, IMAGE_AT_ANCHORS);
  for (uint32_t i = 0; i < n; i++, anchor += IMAGE_ANCHOR) {
    const struct ehlo_slice wording = image_string(c, image_load(anchor));
    add_words(&v->known, wording);
    add_run(&v->known, image_load(anchor + 8));
    if (wording.len == 0 || !memchr(wording.ptr, '*', wording.len)) continue;
    add_run(&v->starred, image_load(anchor + 8));
    add_shorts(v, wording);
  }
}

/* Words that are looked for beside the phrases. */
static void add_signs(struct phrase_view *v, const struct ehlo_catalogue *c) {
  size_t n;
  const struct phrase_sign *signs = phrase_signs(&n);
  for (size_t i = 0; i < n; i++)
    add_words(&v->known, ehlo_slice_str(signs[i].sign));
  for (size_t i = 0; amend_sign(i); i++)
    add_words(&v->known, ehlo_slice_str(amend_sign(i)));
  for (int32_t i = 0; i < ehlo_catalogue_count(c); i++)
    add_words(&v->known, ehlo_entry_string(ehlo_catalogue_entry(c, i), EHLO_FIELD_PROVIDER));
}

struct phrase_view *phrase_view_new(const struct ehlo_catalogue *c) {
  struct phrase_view *v = ehlo_memory_zalloc(1, sizeof *v);
  if (!v) return NULL;
  add_wordings(v, c);
  add_signs(v, c);
  return v;
}

void phrase_view_free(struct phrase_view *v) {
  ehlo_memory_free(v);
}

/* In small letters, with the enhanced code in front, as the matcher has it; 0 where the matcher would fold more than letters, for some
 * words are looked for in the text as it stands. */
static size_t fold(struct ehlo_enhanced enhanced, struct ehlo_slice text, char out[PHRASE_VIEW_MAX]) {
  size_t len = strlen(ehlo_enhanced_format(enhanced, out));
  if (len > 0) out[len++] = ' ';
  if (text.len == 0 || text.len > PHRASE_VIEW_MAX - len) return 0;
  char last = ' ';
  for (size_t i = 0; i < text.len; i++) {
    const char c = text.ptr[i];
    if ((unsigned char)c < ' ' || (c == ' ' && last == ' ')) return 0;
    out[len++] = (char)ehlo_to_lower((unsigned char)c);
    last = c;
  }
  return len;
}

/* The length of the longest short part at `at`. */
static size_t short_at(const struct phrase_view *v, struct ehlo_slice text, size_t at) {
  const struct ehlo_slice rest = ehlo_slice_of(text.ptr + at, text.len - at);
  size_t longest = 0;
  for (int i = 0; i < v->n_shorts && i < SHORTS; i++) {
    if (v->shorts[i].len > longest && ehlo_slice_starts_nocase(rest, v->shorts[i])) longest = v->shorts[i].len;
  }
  return longest;
}

/* Looks at the run and the short part that begin at `at`, and moves `known`, up to which bytes belong to one. false for a wording with a
 * star. */
static inline bool look(const struct phrase_view *v, struct ehlo_slice text, size_t at, size_t *known) {
  if (at + RUN <= text.len) {
    const uint64_t run = hash_of(image_load(text.ptr + at));
    if (has(&v->known, run)) {
      *known = at + RUN;
      return !has(&v->starred, run);
    }
  }
  if (!begins_short(v, text, at)) return true;
  const size_t end = at + short_at(v, text, at);
  if (end > *known) *known = end;
  return true;
}

/* Appends the view of the bytes from `from` to `to` of a text: what is known in small letters. false where a wording with a star may be
 * there. */
static bool see(const struct phrase_view *v, struct ehlo_slice text, size_t from, size_t to, char *out, size_t *n) {
  size_t known = 0, len = *n;
  bool marked = len > 0 && out[len - 1] == PHRASE_VIEW_MARK;
  for (size_t i = from < RUN ? 0 : from - RUN + 1; i < from; i++) {
    if (!look(v, text, i, &known)) return false;
  }
  for (size_t i = from; i < to; i++) {
    if (!look(v, text, i, &known)) return false;
    if (i < known || !is_word_byte(text.ptr[i])) {
      out[len++] = (char)ehlo_to_lower((unsigned char)text.ptr[i]);
      marked = false;
    } else if (!marked) {
      out[len++] = PHRASE_VIEW_MARK;
      marked = true;
    }
  }
  *n = len;
  return true;
}

/* The view of a text in which a wording with a star may be: every byte has one of its own. */
static void measure(const struct phrase_view *v, struct ehlo_slice text, char *out) {
  size_t known = 0;
  for (size_t i = 0; i < text.len; i++) {
    const size_t part = begins_short(v, text, i) ? short_at(v, text, i) : 0;
    if (part > 0 && i + part > known) known = i + part;
    if (i + RUN <= text.len && has(&v->known, hash_of(image_load(text.ptr + i)))) known = i + RUN;
    out[i] = i < known || !is_word_byte(text.ptr[i]) ? text.ptr[i] : MEASURED_MARK;
  }
}

size_t phrase_view_of(const struct phrase_view *v, struct ehlo_enhanced enhanced, struct ehlo_slice text,
                      char out[PHRASE_VIEW_MAX], bool *measured) {
  char folded[PHRASE_VIEW_MAX];
  const struct ehlo_slice whole = ehlo_slice_of(folded, fold(enhanced, text, folded));
  size_t n = 0;
  *measured = !see(v, whole, 0, whole.len, out, &n);
  if (!*measured) return n;
  if (v->n_shorts > SHORTS) return 0;
  measure(v, whole, out);
  return whole.len;
}

bool phrase_view_part(const struct phrase_view *v, struct ehlo_slice text, struct ehlo_slice part, char *out,
                      size_t *n) {
  const size_t from = (size_t)(part.ptr - text.ptr);
  return see(v, text, from, from + part.len, out, n);
}
