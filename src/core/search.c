/* Owns: finding entries by words. Callers: the search command, did-you-mean. One pass over all entries: half a thousand of
 * them take about a millisecond, which no index would repay. */
#include "ehlo/core/search.h"

enum { WORDS = 16 };

struct words {
  struct ehlo_slice word[WORDS];
  int n;
};

/* What a word is worth where it is found: at the start of a word, or within one. */
struct weight {
  enum ehlo_field field;
  int whole, start, inside;
};
static const struct weight weights[] = {
    {EHLO_FIELD_CODE, 1000, 300, 30}, {EHLO_FIELD_PATTERN, 900, 200, 20}, {EHLO_FIELD_NAME, 120, 80, 40},
    {EHLO_FIELD_TEXT, 100, 60, 30},   {EHLO_FIELD_ALSO, 50, 30, 15},      {EHLO_FIELD_PROVIDER, 90, 60, 30},
    {EHLO_FIELD_CAUSE, 80, 50, 25},   {EHLO_FIELD_MEANING, 12, 12, 6},    {EHLO_FIELD_FIX, 8, 8, 4},
    {EHLO_FIELD_WHEN, 8, 8, 4},       {EHLO_FIELD_NOTES, 6, 6, 3},        {EHLO_FIELD_COMMANDS, 6, 6, 3},
    {EHLO_FIELD_ENHANCED, 10, 5, 0},  {EHLO_FIELD_REPLIES, 10, 5, 0},     {EHLO_FIELD_ID, 20, 10, 5},
};

static void split(struct ehlo_slice query, struct words *out) {
  out->n = 0;
  size_t at = 0;
  while (at < query.len && out->n < WORDS) {
    while (at < query.len && (unsigned char)query.ptr[at] <= ' ')
      at++;
    const size_t start = at;
    while (at < query.len && (unsigned char)query.ptr[at] > ' ')
      at++;
    if (at > start) out->word[out->n++] = ehlo_slice_of(query.ptr + start, at - start);
  }
}

static bool is_letter(char c) {
  return ehlo_is_alpha((unsigned char)c) || ehlo_is_digit((unsigned char)c);
}

static int worth(struct ehlo_slice text, struct ehlo_slice word, const struct weight *w) {
  if (text.len == word.len && ehlo_slice_equal_nocase(text, word)) return w->whole;
  int best = 0;
  size_t at = ehlo_slice_find_nocase(text, word, 0);
  while (at != SIZE_MAX && best < w->start) {
    best = at == 0 || !is_letter(text.ptr[at - 1]) ? w->start : w->inside;
    at = ehlo_slice_find_nocase(text, word, at + 1);
  }
  return best;
}

static int worth_of_word(struct ehlo_entry e, struct ehlo_slice word) {
  int best = 0;
  for (size_t i = 0; i < sizeof weights / sizeof weights[0]; i++) {
    if (weights[i].whole <= best) continue;
    const uint32_t n = ehlo_entry_items(e, weights[i].field);
    for (uint32_t k = 0; k < n; k++) {
      const int here = worth(ehlo_entry_item(e, weights[i].field, k), word, &weights[i]);
      if (here > best) best = here;
    }
  }
  return best;
}

/* 0 where a word is missing. */
static int score_of(struct ehlo_entry e, const struct words *words) {
  int score = 0;
  for (int i = 0; i < words->n; i++) {
    const int here = worth_of_word(e, words->word[i]);
    if (here == 0) return 0;
    score += here;
  }
  return score;
}

static int insert(struct ehlo_hit *hits, int n, int max, struct ehlo_hit hit) {
  int at = n < max ? n : max;
  while (at > 0 && hits[at - 1].score < hit.score)
    at--;
  if (at >= max) return n;
  const int kept = n < max ? n : max - 1;
  memmove(hits + at + 1, hits + at, (size_t)(kept - at) * sizeof *hits);
  hits[at] = hit;
  return kept + 1;
}

int ehlo_search(const struct ehlo_catalogue *c, struct ehlo_slice query, struct ehlo_hit *hits, int max) {
  struct words words;
  split(query, &words);
  if (words.n == 0 || max <= 0) return 0;
  int n = 0;
  const int32_t count = ehlo_catalogue_count(c);
  for (int32_t i = 0; i < count; i++) {
    const struct ehlo_hit hit = {i, score_of(ehlo_catalogue_entry(c, i), &words)};
    if (hit.score > 0) n = insert(hits, n, max, hit);
  }
  return n;
}
