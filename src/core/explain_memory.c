/* Owns: what was decided about texts, by their view. Callers: bindings, through ehlo/core/explain_memory.h. A decision is kept with the parts
 * of its JSON that no text changes; places and links are read from each text anew. */
#include "ehlo/core/explain_memory.h"

#include "ehlo/base/memory.h"
#include "explain_inner.h"
#include "line_memory.h"
#include "phrase_view.h"
#include "places.h"

enum { SET_BITS = 12, SETS = 1 << SET_BITS, WAYS = 2, JSON_MAX = 1 << 16 };

struct decision {
  uint64_t hash;
  enum ehlo_phase phase;
  struct ehlo_explanation e; /* its `text` is the view; its links are those of the advice */
  struct ehlo_buf head, tail;
};

struct ehlo_explain_memory {
  const struct ehlo_catalogue *catalogue;
  struct phrase_view *view;
  struct line_memory *lines;
  struct decision *sets[SETS][WAYS]; /* the latest first */
};

static void decision_free(struct decision *d) {
  if (!d) return;
  ehlo_explanation_fini(&d->e);
  ehlo_buf_fini(&d->head);
  ehlo_buf_fini(&d->tail);
  ehlo_memory_free(d);
}

struct ehlo_explain_memory *ehlo_explain_memory_new(const struct ehlo_catalogue *c) {
  struct ehlo_explain_memory *m = ehlo_memory_zalloc(1, sizeof *m);
  if (!m) return NULL;
  m->catalogue = c;
  m->view = phrase_view_new(c);
  m->lines = m->view ? line_memory_new(c, m->view) : NULL;
  if (m->lines) return m;
  ehlo_explain_memory_free(m);
  return NULL;
}

void ehlo_explain_memory_free(struct ehlo_explain_memory *m) {
  if (!m) return;
  for (int i = 0; i < SETS * WAYS; i++)
    decision_free(m->sets[i / WAYS][i % WAYS]);
  line_memory_free(m->lines);
  phrase_view_free(m->view);
  ehlo_memory_free(m);
}

/* A text by its view, and what else the decision depends on. */
struct key {
  char view[PHRASE_VIEW_MAX];
  size_t len; /* 0 where nothing can be remembered */
  uint64_t hash;
  int code;
  struct ehlo_enhanced enhanced;
  enum ehlo_phase phase;
};

static uint64_t bits_of(const struct key *k) {
  return (uint64_t)k->code << 40 | (uint64_t)k->phase << 32 | (uint64_t)k->enhanced.class << 24 |
         (uint64_t)k->enhanced.subject << 12 | k->enhanced.detail;
}

static void make_key(const struct ehlo_explain_memory *m, const struct ehlo_explanation *e, enum ehlo_phase phase,
                     struct key *k) {
  k->code = e->code;
  k->enhanced = e->enhanced;
  k->phase = phase;
  bool measured;
  k->len = phrase_view_of(m->view, e->enhanced, ehlo_buf_slice(&e->text), k->view, &measured);
  k->hash = ehlo_slice_hash(ehlo_slice_of(k->view, k->len), bits_of(k));
}

static bool is_for(const struct decision *d, const struct key *k) {
  return d && d->hash == k->hash && d->e.code == k->code && d->phase == k->phase &&
         d->e.enhanced.class == k->enhanced.class && d->e.enhanced.subject == k->enhanced.subject &&
         d->e.enhanced.detail == k->enhanced.detail &&
         ehlo_slice_equal(ehlo_buf_slice(&d->e.text), ehlo_slice_of(k->view, k->len));
}

static struct decision **set_of(struct ehlo_explain_memory *m, const struct key *k) {
  return m->sets[k->hash >> (64 - SET_BITS)];
}

static const struct decision *find(struct ehlo_explain_memory *m, const struct key *k) {
  struct decision **set = set_of(m, k);
  for (int i = 0; k->len > 0 && i < WAYS; i++) {
    if (is_for(set[i], k)) return set[i];
  }
  return NULL;
}

/* What was decided, without the text. The strings are the memory's own. */
static void recall(const struct decision *d, struct ehlo_explanation *e) {
  const struct ehlo_explanation *known = &d->e;
  e->cause = known->cause;
  e->retry = known->retry;
  e->acts = known->acts;
  e->provider = known->provider;
  e->meaning = known->meaning;
  e->fix = known->fix;
  e->suppress = known->suppress;
  e->phrase = known->phrase;
  e->evidence_kind = known->evidence_kind;
  (void)ehlo_buf_add_slice(&e->evidence, ehlo_buf_slice(&known->evidence));
  (void)ehlo_buf_add_slice(&e->contradiction, ehlo_buf_slice(&known->contradiction));
  e->json_head = ehlo_buf_slice(&d->head);
  e->json_tail = ehlo_buf_slice(&d->tail);
}

/* Decides in a place of the memory's own, whose last decision goes; NULL when out of memory. */
static const struct decision *decide(struct ehlo_explain_memory *m, const struct key *k,
                                     const struct ehlo_explanation *e) {
  const struct ehlo_slice none = {"", 0};
  struct decision *d = ehlo_memory_zalloc(1, sizeof *d), **set = set_of(m, k);
  if (!d) return NULL;
  d->hash = k->hash;
  d->phase = k->phase;
  ehlo_explanation_init(&d->e, m->catalogue);
  ehlo_buf_init(&d->head, JSON_MAX);
  ehlo_buf_init(&d->tail, JSON_MAX);
  d->e.code = k->code;
  d->e.enhanced = k->enhanced;
  (void)ehlo_buf_add_slice(&d->e.text, ehlo_buf_slice(&e->text));
  const int error = d->e.text.error ? d->e.text.error : explanation_decide(&d->e, m->catalogue, k->phase);
  explanation_add_links(&d->e);
  explanation_json_head(&d->e, none, &d->head);
  explanation_json_tail(&d->e, &d->tail);
  ehlo_buf_reset(&d->e.text);
  (void)ehlo_buf_add(&d->e.text, k->view, k->len);
  if (error || d->e.text.error || d->head.error || d->tail.error) {
    decision_free(d);
    return NULL;
  }
  decision_free(set[WAYS - 1]);
  memmove(set + 1, set, (WAYS - 1) * sizeof *set);
  return set[0] = d;
}

int ehlo_explain_reply_with(struct ehlo_explain_memory *m, const struct ehlo_reply *reply, enum ehlo_phase phase,
                            struct ehlo_explanation *e) {
  struct key key;
  explanation_reset(e, m->catalogue);
  int error = explanation_take(e, reply);
  if (error) return error;
  make_key(m, e, phase, &key);
  const struct decision *d = find(m, &key);
  if (!d && key.len > 0) d = decide(m, &key, e);
  if (d) {
    recall(d, e);
  } else {
    error = explanation_decide(e, m->catalogue, phase);
  }
  places_find(ehlo_buf_slice(&e->text), e);
  for (int i = 0; d && i < d->e.n_links; i++)
    places_add(e->links, &e->n_links, d->e.links[i]);
  if (!d) explanation_add_links(e);
  return error ? error : e->evidence.error ? e->evidence.error : e->contradiction.error;
}

const struct ehlo_explanation *ehlo_explain_line(struct ehlo_explain_memory *m, struct ehlo_slice line) {
  return line_memory_find(m->lines, line);
}

void ehlo_explain_keep_line(struct ehlo_explain_memory *m, struct ehlo_slice line, const struct ehlo_explanation *e) {
  line_memory_keep(m->lines, line, e);
}
