/* Owns: which bytes of a text a phrase can be about. Callers: explain's memory. Every run of four bytes of every wording is in one set: a
 * byte that none of its runs in the text is in the set for belongs to no wording, whatever it is. Letters and digits of that sort become
 * one mark, for a wording only asks whether such a byte stands beside it; the rest stays as it is. */
#include "phrase_view.h"

#include "amend.h"
#include "ehlo/base/memory.h"
#include "image.h"
#include "phrase.h"

enum { RUN = 4, WORD_BITS = 14 };

/* Three bits of one word stand for a run: some thousandth of other runs seem to be in the set, which only makes more views. */
struct run_set {
  uint64_t words[1 << WORD_BITS];
};

struct phrase_view {
  struct run_set known;
  struct run_set
      starred; /* of wordings with a star: how far apart their parts are counts, so such a text has no view */
};

struct place {
  size_t word;
  uint64_t bits;
};

static struct place place_of(uint32_t run) {
  const uint64_t hash = run * (uint64_t)0x9e3779b97f4a7c15u;
  const uint64_t bits =
      (uint64_t)1 << (hash >> 44 & 63) | (uint64_t)1 << (hash >> 38 & 63) | (uint64_t)1 << (hash >> 32 & 63);
  return (struct place){hash >> (64 - WORD_BITS), bits};
}

static void add_run(struct run_set *set, uint32_t run) {
  const struct place at = place_of(run);
  set->words[at.word] |= at.bits;
}

static bool has(const struct run_set *set, struct place at) {
  return (set->words[at.word] & at.bits) == at.bits;
}

/* Runs that hold a star are added too: they do no harm. */
static void add_words(struct run_set *set, struct ehlo_slice words) {
  for (size_t i = 0; i + RUN <= words.len; i++) {
    char run[RUN];
    for (size_t k = 0; k < RUN; k++)
      run[k] = (char)ehlo_to_lower((unsigned char)words.ptr[i + k]);
    add_run(set, image_load(run));
  }
}

static void add_wordings(struct phrase_view *v, const struct ehlo_catalogue *c) {
  const uint32_t n = image_number(c, IMAGE_AT_N_ANCHORS);
  const char *anchor = c->image.ptr + image_number(c, IMAGE_AT_ANCHORS);
  for (uint32_t i = 0; i < n; i++, anchor += IMAGE_ANCHOR) {
    const struct ehlo_slice wording = image_string(c, image_load(anchor));
    add_words(&v->known, wording);
    add_run(&v->known, image_load(anchor + 8));
    if (wording.len > 0 && memchr(wording.ptr, '*', wording.len)) add_run(&v->starred, image_load(anchor + 8));
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

static bool is_word_byte(char c) {
  return ehlo_is_alpha((unsigned char)c) || ehlo_is_digit((unsigned char)c);
}

/* Appends the view of the bytes from `from` to `to` of a text in small letters. false where a wording with a star may be there. */
static bool see(const struct phrase_view *v, struct ehlo_slice text, size_t from, size_t to, char *out, size_t *n) {
  size_t known = 0; /* up to there bytes are in a run of the set */
  for (size_t i = 0; i < to; i++) {
    if (i + RUN <= text.len) {
      const struct place run = place_of(image_load(text.ptr + i));
      const bool here = has(&v->known, run);
      if (here && has(&v->starred, run)) return false;
      if (here) known = i + RUN;
    }
    if (i < from) continue;
    if (i < known || !is_word_byte(text.ptr[i])) {
      out[(*n)++] = text.ptr[i];
    } else if (*n == 0 || out[*n - 1] != PHRASE_VIEW_MARK) {
      out[(*n)++] = PHRASE_VIEW_MARK;
    }
  }
  return true;
}

size_t phrase_view_of(const struct phrase_view *v, struct ehlo_enhanced enhanced, struct ehlo_slice text,
                      char out[PHRASE_VIEW_MAX]) {
  const size_t len = fold(enhanced, text, out);
  size_t n = 0;
  return see(v, ehlo_slice_of(out, len), 0, len, out, &n) ? n : 0;
}

bool phrase_view_part(const struct phrase_view *v, struct ehlo_slice text, struct ehlo_slice part, char *out,
                      size_t *n) {
  char near[PHRASE_PART_MAX + 2 * (RUN - 1)];
  const size_t at = (size_t)(part.ptr - text.ptr), before = at < RUN - 1 ? at : RUN - 1;
  const size_t left = text.len - at - part.len, after = left < RUN - 1 ? left : RUN - 1;
  const size_t len = before + part.len + after;
  if (part.len > PHRASE_PART_MAX) return false;
  for (size_t i = 0; i < len; i++)
    near[i] = (char)ehlo_to_lower((unsigned char)*(part.ptr - before + i));
  return see(v, ehlo_slice_of(near, len), before, before + part.len, out, n);
}
