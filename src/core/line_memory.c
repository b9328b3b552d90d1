/* Owns: whole explanations of replies of one line, by the line with its parts taken out. Callers: explain's memory. A part is an address
 * in angle brackets, an IPv4 address in square ones, or a word of letters and digits: of each its view is left, so that the same
 * phrases are found, and whether it is accused depends on what stands around it, which is the same as well. */
#include "line_memory.h"

#include "ehlo/base/memory.h"
#include "places.h"

enum {
  SET_BITS = 12,
  SETS = 1 << SET_BITS,
  WAYS = 2,
  PARTS = 4,
  WORD_LEAST = 6,
  LINE_LEAST = 5,
  FIXED = -1,
  BYTES_MAX = 1 << 16
};

/* A line as it is looked up. */
struct shape {
  char bytes[PHRASE_VIEW_MAX];
  size_t len;
  uint64_t hash;
  struct ehlo_slice parts[PARTS];
  int n_parts;
  uint32_t measure; /* the lengths of the parts, where they count; else 0 */
};

struct kept {
  uint64_t hash;
  struct ehlo_buf bytes; /* the shape, then all that the explanation's slices lie in */
  size_t shape_len;
  int n_parts;
  uint32_t measure;
  struct ehlo_explanation e;
  int part_of[EHLO_EXPLAIN_PLACES]; /* which part each of `about` is, or FIXED */
};

struct line_memory {
  const struct ehlo_catalogue *catalogue;
  const struct phrase_view *view;
  struct kept *sets[SETS][WAYS]; /* the latest first */
};

struct line_memory *line_memory_new(const struct ehlo_catalogue *c, const struct phrase_view *v) {
  struct line_memory *m = ehlo_memory_zalloc(1, sizeof *m);
  if (!m) return NULL;
  m->catalogue = c;
  m->view = v;
  return m;
}

static void kept_free(struct kept *k) {
  if (!k) return;
  ehlo_buf_fini(&k->bytes);
  ehlo_explanation_fini(&k->e);
  ehlo_memory_free(k);
}

void line_memory_free(struct line_memory *m) {
  if (!m) return;
  for (int i = 0; i < SETS * WAYS; i++)
    kept_free(m->sets[i / WAYS][i % WAYS]);
  ehlo_memory_free(m);
}

/* ---- the shape of a line ---- */

enum { L = 1, D = 2, O = 4, LETTER = L, DIGIT = D, OTHER = O };

/* What a byte of a part may be, by its number; 0 for what ends it. */
static const unsigned char kinds_of[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* controls */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, O, 0, O, O, 0, D, D, D, D, D, D, D, D, D, D, 0, 0, 0, 0, 0, 0, /* + - . 0 to 9 */
    O, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, O, /* @ A to Z _ */
    0, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, 0, /* a to z */
};

static inline unsigned kind_of(char c) {
  return kinds_of[(unsigned char)c];
}

static bool is_part(struct ehlo_slice s, unsigned kinds, char before, char after) {
  const struct ehlo_slice www = {"www.", 4};
  if (s.len < WORD_LEAST || s.len > PHRASE_PART_MAX) return false;
  if (before == ' ') return kinds == (LETTER | DIGIT) && (after == ' ' || after == '\0');
  if (!(before == '[' && after == ']') && !(before == '<' && after == '>')) return false;
  if (kind_of(s.ptr[0]) == OTHER || kind_of(s.ptr[s.len - 1]) == OTHER) return false;
  if (before == '[') return (kinds & LETTER) == 0 && places_is_ipv4(s);
  return places_is_address(s) && ehlo_slice_find_nocase(s, www, 0) == SIZE_MAX;
}

/* What stands twice in a line is accused once, or leads to a link: it is no part, and stays as it is. */
static bool stands_twice(struct ehlo_slice line, struct ehlo_slice part) {
  const char *sign = memchr(part.ptr, '@', part.len);
  if (sign) { /* two addresses have two signs, which are found sooner */
    const char *end = line.ptr + line.len;
    if (memchr(line.ptr, '@', line.len) == sign && !memchr(sign + 1, '@', (size_t)(end - sign - 1))) return false;
  }
  const size_t own = (size_t)(part.ptr - line.ptr);
  return ehlo_slice_find_nocase(line, part, 0) != own || ehlo_slice_find_nocase(line, part, own + 1) != SIZE_MAX;
}

/* Whether one of the parts is the same. */
static bool is_there(const struct shape *shape, struct ehlo_slice part) {
  for (int i = 0; i < shape->n_parts; i++) {
    if (ehlo_slice_equal_nocase(shape->parts[i], part)) return true;
  }
  return false;
}

/* The results of checks run up to an equals sign that may stand far behind: no part may be in between. */
static bool may_tell_verdicts(struct ehlo_slice line) {
  static const char *const checks[] = {"spf", "dkim", "dmarc", "arc"};
  if (!memchr(line.ptr, '=', line.len)) return false;
  for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
    if (ehlo_slice_find_nocase(line, ehlo_slice_str(checks[i]), 0) != SIZE_MAX) return true;
  }
  return false;
}

static void copy_to(struct shape *out, struct ehlo_slice line, size_t from, size_t to) {
  memcpy(out->bytes + out->len, line.ptr + from, to - from);
  out->len += to - from;
}

/* Of a line such as "550 ...", or a "550-..." that stands alone, with single spaces and no control bytes. */
static bool make_shape(const struct line_memory *m, struct ehlo_slice line, struct shape *out) {
  size_t at = LINE_LEAST - 1, copied = 0;
  out->n_parts = 0;
  out->len = 0;
  out->measure = 0;
  if (line.len < LINE_LEAST || line.len > PHRASE_VIEW_MAX || (line.ptr[3] != ' ' && line.ptr[3] != '-') ||
      may_tell_verdicts(line))
    return false;
  while (at < line.len) {
    const size_t start = at;
    unsigned kinds = 0;
    for (unsigned kind; at < line.len && (kind = kind_of(line.ptr[at])) != 0; at++)
      kinds |= kind;
    const struct ehlo_slice run = ehlo_slice_of(line.ptr + start, at - start);
    if (is_part(run, kinds, run.ptr[-1], at < line.len ? line.ptr[at] : '\0') && !stands_twice(line, run)) {
      if (out->n_parts == PARTS) return false;
      out->parts[out->n_parts++] = run;
      copy_to(out, line, copied, start);
      copied = at;
      if (!phrase_view_part(m->view, line, run, out->bytes, &out->len)) return false;
    }
    if (at == line.len) break;
    if ((unsigned char)line.ptr[at] < ' ' || (line.ptr[at] == ' ' && line.ptr[at - 1] == ' ')) return false;
    at++;
  }
  copy_to(out, line, copied, line.len);
  out->hash = ehlo_slice_hash(ehlo_slice_of(out->bytes, out->len), (uint64_t)out->n_parts);
  return true;
}

/* From now on the lengths of its parts count. */
static void measure(struct shape *out) {
  out->measure = 1;
  for (int i = 0; i < out->n_parts; i++)
    out->measure = out->measure << 7 | (uint32_t)out->parts[i].len;
  out->hash = ehlo_slice_hash(ehlo_slice_of((const char *)&out->measure, sizeof out->measure), out->hash);
}

/* ---- what is kept ---- */

static struct kept **set_of(struct line_memory *m, const struct shape *shape) {
  return m->sets[shape->hash >> (64 - SET_BITS)];
}

static bool is_of(const struct kept *k, const struct shape *shape) {
  return k && k->hash == shape->hash && k->n_parts == shape->n_parts && k->measure == shape->measure &&
         k->shape_len == shape->len && memcmp(k->bytes.data, shape->bytes, shape->len) == 0;
}

/* Puts this line's parts in the place of those that were there; false where one of them is accused anyway. */
static bool put_parts(struct kept *k, const struct shape *shape) {
  for (int i = 0; i < k->e.n_about; i++) {
    if (k->part_of[i] != FIXED) {
      k->e.about[i] = shape->parts[k->part_of[i]];
    } else if (is_there(shape, k->e.about[i])) {
      return false;
    }
  }
  return true;
}

static struct kept *find(struct line_memory *m, const struct shape *shape) {
  struct kept **set = set_of(m, shape);
  for (int i = 0; i < WAYS; i++) {
    if (is_of(set[i], shape)) return set[i];
  }
  return NULL;
}

const struct ehlo_explanation *line_memory_find(struct line_memory *m, struct ehlo_slice line) {
  struct shape shape;
  if (!make_shape(m, line, &shape)) return NULL;
  struct kept *k = find(m, &shape);
  if (!k && shape.n_parts > 0) {
    measure(&shape);
    k = find(m, &shape);
  }
  return k && put_parts(k, &shape) ? &k->e : NULL;
}

/* A copy of the slice behind what is kept already. There is room: the buffer does not move. */
static void keep_slice(struct kept *k, struct ehlo_slice *s) {
  const size_t at = k->bytes.len;
  (void)ehlo_buf_add_slice(&k->bytes, *s);
  if (!k->bytes.error) *s = ehlo_slice_of(k->bytes.data + at, s->len);
}

static void keep_list(struct kept *k, struct ehlo_slice *list, int n) {
  for (int i = 0; i < n; i++)
    keep_slice(k, &list[i]);
}

static size_t size_of(const struct ehlo_explanation *e, const struct shape *shape) {
  size_t all = shape->len + e->json_head.len + e->json_tail.len + e->meaning.len + e->fix.len + e->tag.len + 1;
  for (int i = 0; i < EHLO_EXPLAIN_PLACES; i++)
    all += (i < e->n_about ? e->about[i].len : 0) + (i < e->n_links ? e->links[i].len : 0);
  return all;
}

/* The part that the slice of the line is, FIXED where it is apart from all; PARTS where it is neither. */
static int part_at(struct ehlo_slice s, const struct shape *shape) {
  for (int p = 0; p < shape->n_parts; p++) {
    const struct ehlo_slice part = shape->parts[p];
    if (s.ptr + s.len <= part.ptr || s.ptr >= part.ptr + part.len) continue;
    return s.ptr == part.ptr && s.len == part.len ? p : PARTS;
  }
  return FIXED;
}

/* Which parts `about` speaks of, by their place: the text is the end of the line. false where a part is only a piece of what the text names. */
static bool map_parts(struct kept *k, struct ehlo_slice line, struct ehlo_slice text, const struct shape *shape) {
  const char *start = line.ptr + line.len - text.len;
  for (int i = 0; i < k->e.n_about; i++) {
    k->part_of[i] = part_at(ehlo_slice_of(start + (k->e.about[i].ptr - text.ptr), k->e.about[i].len), shape);
    if (k->part_of[i] == PARTS) return false;
  }
  for (int i = 0; i < k->e.n_links; i++) {
    const struct ehlo_slice link = k->e.links[i];
    const bool own = link.ptr >= text.ptr && link.ptr < text.ptr + text.len; /* else of the advice */
    if (own && part_at(ehlo_slice_of(start + (link.ptr - text.ptr), link.len), shape) != FIXED) return false;
  }
  return true;
}

/* The explanation in `k` still has the caller's strings: they become its own. */
static void take_over(struct kept *k, const struct ehlo_explanation *e, const struct shape *shape) {
  (void)ehlo_buf_reserve(&k->bytes, size_of(e, shape));
  (void)ehlo_buf_add(&k->bytes, shape->bytes, shape->len);
  k->shape_len = shape->len;
  keep_list(k, k->e.about, k->e.n_about);
  keep_list(k, k->e.links, k->e.n_links);
  keep_slice(k, &k->e.tag);
  keep_slice(k, &k->e.meaning);
  keep_slice(k, &k->e.fix);
  keep_slice(k, &k->e.json_head);
  keep_slice(k, &k->e.json_tail);
  (void)ehlo_buf_add_slice(&k->e.evidence, ehlo_buf_slice(&e->evidence));
  (void)ehlo_buf_add_slice(&k->e.contradiction, ehlo_buf_slice(&e->contradiction));
}

static struct kept *new_kept(const struct line_memory *m, const struct ehlo_explanation *e, const struct shape *shape) {
  struct kept *k = ehlo_memory_zalloc(1, sizeof *k);
  if (!k) return NULL;
  struct ehlo_explanation none;
  ehlo_explanation_init(&none, m->catalogue);
  k->e = *e;
  k->e.evidence = none.evidence;
  k->e.contradiction = none.contradiction;
  k->e.text = none.text;
  k->e.scratch[0] = none.scratch[0];
  k->e.scratch[1] = none.scratch[1];
  ehlo_buf_init(&k->bytes, BYTES_MAX);
  k->hash = shape->hash;
  k->n_parts = shape->n_parts;
  k->measure = shape->measure;
  return k;
}

/* The shape under which the line is kept. false where it is not. */
static bool shape_to_keep(const struct line_memory *m, struct ehlo_slice line, const struct ehlo_explanation *e,
                          struct shape *out) {
  char view[PHRASE_VIEW_MAX];
  const struct ehlo_slice text = ehlo_buf_slice(&e->text);
  bool measured;
  if (e->json_tail.len == 0 || e->n_verdicts > 0 || e->n_about == EHLO_EXPLAIN_PLACES || text.len > line.len)
    return false;
  if (memcmp(line.ptr + line.len - text.len, text.ptr, text.len) != 0) return false;
  if (!make_shape(m, line, out)) return false;
  if (phrase_view_of(m->view, e->enhanced, text, view, &measured) == 0) return false;
  if (measured && out->n_parts > 0) measure(out);
  return true;
}

void line_memory_keep(struct line_memory *m, struct ehlo_slice line, const struct ehlo_explanation *e) {
  struct shape shape;
  if (!shape_to_keep(m, line, e, &shape)) return;
  struct kept *k = new_kept(m, e, &shape), **set = set_of(m, &shape);
  if (!k) return;
  const bool mapped = map_parts(k, line, ehlo_buf_slice(&e->text), &shape);
  take_over(k, e, &shape);
  if (!mapped || k->bytes.error || k->e.evidence.error || k->e.contradiction.error || is_of(set[0], &shape)) {
    kept_free(k);
    return;
  }
  kept_free(set[WAYS - 1]);
  memmove(set + 1, set, (WAYS - 1) * sizeof *set);
  set[0] = k;
}
