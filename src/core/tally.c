/* Owns: counting explanations. Callers: bindings, through ehlo/core/tally.h. */
#include "ehlo/core/tally.h"

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

enum { BUCKETS = 1 << 15, ROW_SLOTS = 2 * EHLO_TALLY_ROWS, TEXT_MAX = 400, WORD_MAX = 255, BEYOND = -2 };

struct ehlo_tally {
  struct ehlo_tally_row rows[EHLO_TALLY_ROWS];
  size_t n_rows;
  int16_t row_slots[ROW_SLOTS]; /* by hash, the next free one; the row's number and 1 */
  struct ehlo_tally_place *places;
  size_t n_places, capacity;
  int32_t buckets[BUCKETS];
  int64_t later;
};

struct ehlo_tally *ehlo_tally_new(void) {
  struct ehlo_tally *t = ehlo_memory_zalloc(1, sizeof *t);
  if (t) memset(t->buckets, 0xff, sizeof t->buckets);
  return t;
}

static void free_example(struct ehlo_tally_example *e) {
  ehlo_memory_free(e->address);
  ehlo_memory_free(e->queue_id);
  ehlo_memory_free(e->input);
  ehlo_memory_free(e->text);
}

void ehlo_tally_free(struct ehlo_tally *t) {
  if (!t) return;
  for (size_t i = 0; i < t->n_rows; i++) {
    for (int k = 0; k < t->rows[i].n_examples; k++)
      free_example(&t->rows[i].examples[k]);
    ehlo_memory_free(t->rows[i].cause);
    ehlo_memory_free(t->rows[i].retry);
    ehlo_memory_free(t->rows[i].acts);
  }
  for (size_t i = 0; i < t->n_places; i++)
    ehlo_memory_free(t->places[i].name);
  ehlo_memory_free(t->places);
  ehlo_memory_free(t);
}

static bool is(const char *text, struct ehlo_slice s) {
  return strncmp(text, s.ptr, s.len) == 0 && text[s.len] == '\0';
}

static char *copy(struct ehlo_slice s, size_t most) {
  return ehlo_memory_dup(s.ptr ? s.ptr : "", s.len < most ? s.len : most);
}

/* Where the row is in the table of slots, or a free slot for it: there are more slots than rows. */
static int16_t *row_slot(struct ehlo_tally *t, const struct ehlo_tally_item *item) {
  const uint64_t hash = ehlo_slice_hash(item->retry, ehlo_slice_hash(item->cause, item->inbound));
  uint32_t at = (uint32_t)(hash >> 32) % ROW_SLOTS;
  for (; t->row_slots[at] != 0; at = (at + 1) % ROW_SLOTS) {
    const struct ehlo_tally_row *row = &t->rows[t->row_slots[at] - 1];
    if (row->inbound == item->inbound && is(row->cause, item->cause) && is(row->retry, item->retry)) break;
  }
  return &t->row_slots[at];
}

/* The row, made where it is new; -1 when out of memory. The last row takes what comes when all are taken: the words are from a closed list. */
static int row_of(struct ehlo_tally *t, const struct ehlo_tally_item *item) {
  int16_t *slot = row_slot(t, item);
  if (*slot != 0) return *slot - 1;
  if (t->n_rows == EHLO_TALLY_ROWS) return EHLO_TALLY_ROWS - 1;
  struct ehlo_tally_row *row = &t->rows[t->n_rows];
  row->inbound = item->inbound;
  row->cause = copy(item->cause, WORD_MAX);
  row->retry = copy(item->retry, WORD_MAX);
  row->acts = copy(item->acts, WORD_MAX);
  if (row->cause && row->retry && row->acts) {
    *slot = (int16_t)++t->n_rows;
    return *slot - 1;
  }
  ehlo_memory_free(row->cause);
  ehlo_memory_free(row->retry);
  ehlo_memory_free(row->acts);
  memset(row, 0, sizeof *row);
  return -1;
}

/* Names of domains are the same in either case. */
static uint32_t hash_of(int row, struct ehlo_slice name) {
  return (uint32_t)(ehlo_slice_hash_nocase(name, (uint64_t)row) >> 32) % BUCKETS;
}

static bool make_room(struct ehlo_tally *t) {
  if (t->n_places < t->capacity) return true;
  const size_t more = t->capacity == 0 ? 64 : t->capacity * 2;
  struct ehlo_tally_place *places = ehlo_memory_realloc(t->places, more * sizeof *places);
  if (!places) return false;
  t->places = places;
  t->capacity = more;
  return true;
}

/* The place, BEYOND where there are too many, -1 when out of memory. */
static int32_t place_of(struct ehlo_tally *t, int row, const struct ehlo_tally_item *item) {
  const struct ehlo_slice name = {item->place.ptr, item->place.len < WORD_MAX ? item->place.len : WORD_MAX};
  int32_t *bucket = &t->buckets[hash_of(row, name)];
  for (int32_t at = *bucket; at >= 0; at = t->places[at].next) {
    if (t->places[at].row == row && ehlo_slice_equal_nocase(ehlo_slice_str(t->places[at].name), name)) return at;
  }
  if (t->n_places == EHLO_TALLY_PLACES) return BEYOND;
  if (!make_room(t)) return -1;
  struct ehlo_tally_place *place = &t->places[t->n_places];
  *place = (struct ehlo_tally_place){
      .name = copy(name, WORD_MAX), .is_provider = item->is_provider, .row = row, .next = *bucket};
  if (!place->name) return -1;
  for (char *c = place->name; *c && !item->is_provider; c++)
    *c = (char)ehlo_to_lower((unsigned char)*c);
  *bucket = (int32_t)t->n_places;
  return (int32_t)t->n_places++;
}

static void widen(int64_t *first, int64_t *last, int64_t time) {
  if (time <= 0) return;
  if (*first == 0 || time < *first) *first = time;
  if (time > *last) *last = time;
}

static int add_example(struct ehlo_tally_row *row, const struct ehlo_tally_item *item) {
  if (row->n_examples == EHLO_TALLY_EXAMPLES) return 0;
  for (int i = 0; i < row->n_examples; i++) {
    if (is(row->examples[i].address, item->address)) return 0;
  }
  struct ehlo_tally_example *e = &row->examples[row->n_examples];
  *e = (struct ehlo_tally_example){copy(item->address, WORD_MAX), copy(item->queue_id, WORD_MAX),
                                   copy(item->input, TEXT_MAX), copy(item->text, TEXT_MAX), item->time};
  if (e->address && e->queue_id && e->input && e->text) {
    row->n_examples++;
    return 0;
  }
  free_example(e);
  memset(e, 0, sizeof *e);
  return EHLO_E_MEMORY;
}

/* Marks: a place, or below BEYOND a row whose place was not kept. */
static void take_back(struct ehlo_tally *t, int32_t mark) {
  if (mark == -1) return;
  const bool known = mark >= 0 && (size_t)mark < t->n_places;
  const size_t row = known ? (size_t)t->places[mark].row : (size_t)(BEYOND - mark);
  if (row >= t->n_rows) return;
  t->rows[row].count--;
  if (!known) {
    t->rows[row].elsewhere--;
  } else if (--t->places[mark].count == 0) {
    t->rows[row].places--;
  }
}

int ehlo_tally_add(struct ehlo_tally *t, const struct ehlo_tally_item *item, int32_t *mark) {
  const int at = row_of(t, item);
  const int32_t place = at < 0 ? -1 : place_of(t, at, item);
  if (place == -1) return EHLO_E_MEMORY;
  if (mark) take_back(t, *mark);
  struct ehlo_tally_row *row = &t->rows[at];
  row->count++;
  widen(&row->first, &row->last, item->time);
  if (place == BEYOND) {
    row->elsewhere++;
  } else {
    if (t->places[place].count++ == 0) row->places++;
    widen(&t->places[place].first, &t->places[place].last, item->time);
  }
  if (mark) *mark = place >= 0 ? place : BEYOND - at;
  return add_example(row, item);
}

void ehlo_tally_later(struct ehlo_tally *t) {
  t->later++;
}
int64_t ehlo_tally_sent_later(const struct ehlo_tally *t) {
  return t->later;
}
const struct ehlo_tally_row *ehlo_tally_rows(const struct ehlo_tally *t, size_t *n) {
  *n = t->n_rows;
  return t->rows;
}
const struct ehlo_tally_place *ehlo_tally_places(const struct ehlo_tally *t, size_t *n) {
  *n = t->n_places;
  return t->places;
}
