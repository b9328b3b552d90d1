/* Owns: opening a catalogue image and finding entries and fields in it. Callers: look-up, explain, compare, search.
 * Every offset read from the image is checked before it is followed, so a damaged image gives empty fields, no crash. */
#include "ehlo/core/catalogue.h"

#include "ehlo/base/error.h"
#include "image.h"

const struct ehlo_field_row ehlo_field_rows[EHLO_FIELDS] = {
    [EHLO_FIELD_CODE] = {"code", EHLO_TYPE_STRING},         [EHLO_FIELD_ID] = {"id", EHLO_TYPE_STRING},
    [EHLO_FIELD_KIND] = {"kind", EHLO_TYPE_STRING},         [EHLO_FIELD_PATTERN] = {"pattern", EHLO_TYPE_STRING},
    [EHLO_FIELD_NAME] = {"name", EHLO_TYPE_STRING},         [EHLO_FIELD_CLASS] = {"class", EHLO_TYPE_STRING},
    [EHLO_FIELD_CATEGORY] = {"category", EHLO_TYPE_STRING}, [EHLO_FIELD_MEANING] = {"meaning", EHLO_TYPE_STRING},
    [EHLO_FIELD_WHEN] = {"when", EHLO_TYPE_STRING},         [EHLO_FIELD_FIX] = {"fix", EHLO_TYPE_STRING},
    [EHLO_FIELD_RETRY] = {"retry", EHLO_TYPE_STRING},       [EHLO_FIELD_ACTS] = {"acts", EHLO_TYPE_STRING},
    [EHLO_FIELD_STATUS] = {"status", EHLO_TYPE_STRING},     [EHLO_FIELD_TEXT] = {"text", EHLO_TYPE_STRING},
    [EHLO_FIELD_PROVIDER] = {"provider", EHLO_TYPE_STRING}, [EHLO_FIELD_CAUSE] = {"cause", EHLO_TYPE_STRING},
    [EHLO_FIELD_SOURCE] = {"source", EHLO_TYPE_STRING},     [EHLO_FIELD_DIRECTION] = {"direction", EHLO_TYPE_STRING},
    [EHLO_FIELD_COMMANDS] = {"commands", EHLO_TYPE_LIST},   [EHLO_FIELD_ENHANCED] = {"enhanced", EHLO_TYPE_LIST},
    [EHLO_FIELD_REPLIES] = {"replies", EHLO_TYPE_LIST},     [EHLO_FIELD_CODES] = {"codes", EHLO_TYPE_LIST},
    [EHLO_FIELD_SEE_ALSO] = {"see_also", EHLO_TYPE_LIST},   [EHLO_FIELD_NOTES] = {"notes", EHLO_TYPE_LIST},
    [EHLO_FIELD_ALSO] = {"also", EHLO_TYPE_LIST},           [EHLO_FIELD_STANDARDS] = {"standards", EHLO_TYPE_STANDARDS},
    [EHLO_FIELD_ORIGIN] = {"origin", EHLO_TYPE_STRING},
};

int ehlo_field_from(struct ehlo_slice name) {
  for (int f = 0; f < EHLO_FIELDS; f++) {
    if (ehlo_slice_equal(name, ehlo_slice_str(ehlo_field_rows[f].name))) return f;
  }
  return -1;
}

static bool fits(const struct ehlo_catalogue *c, uint32_t slot, uint64_t bytes) {
  const uint64_t at = image_number(c, slot);
  return at >= IMAGE_HEADER && at + bytes <= c->image.len;
}

static bool header_is_good(const struct ehlo_catalogue *c) {
  if (memcmp(c->image.ptr, IMAGE_MAGIC, sizeof IMAGE_MAGIC - 1) != 0) return false;
  if (image_number(c, IMAGE_AT_FORMAT) != IMAGE_FORMAT || image_number(c, IMAGE_AT_SIZE) != c->image.len) return false;
  if (image_number(c, IMAGE_AT_FIELDS) != EHLO_FIELDS || image_number(c, IMAGE_AT_STRIDE) != IMAGE_STRIDE) return false;
  const uint64_t replies = image_number(c, IMAGE_AT_N_REPLY);
  const uint64_t enhanced = image_number(c, IMAGE_AT_N_ENHANCED);
  const uint64_t phrases = image_number(c, IMAGE_AT_N_PHRASE);
  return fits(c, IMAGE_AT_ENTRIES, (replies + enhanced + phrases) * IMAGE_STRIDE) &&
         fits(c, IMAGE_AT_REPLIES, IMAGE_REPLIES * 2) && fits(c, IMAGE_AT_ENHANCED, enhanced * 4) &&
         fits(c, IMAGE_AT_ANCHORS, (uint64_t)image_number(c, IMAGE_AT_N_ANCHORS) * IMAGE_ANCHOR) &&
         fits(c, IMAGE_AT_FIRST_ANCHORS, ((1u << IMAGE_SLOT_BITS) + 1) * 4) &&
         (image_number(c, IMAGE_AT_DIGITS) == 0 || fits(c, IMAGE_AT_DIGITS, IMAGE_DIGIT_ROWS * IMAGE_DIGITS));
}

int ehlo_catalogue_open(struct ehlo_slice image, struct ehlo_catalogue *out) {
  *out = (struct ehlo_catalogue){.image = {"", 0}};
  const struct ehlo_catalogue c = {.image = image};
  if (!image.ptr || image.len < IMAGE_HEADER || image.len > IMAGE_MAX || !header_is_good(&c)) return EHLO_E_SYNTAX;
  out->image = image;
  out->version =
      (uint64_t)image_load(image.ptr + IMAGE_AT_VERSION + 4) << 32 | image_load(image.ptr + IMAGE_AT_VERSION);
  return 0;
}

struct ehlo_slice ehlo_catalogue_about(const struct ehlo_catalogue *c, const char *key) {
  static const struct {
    const char *key;
    uint32_t at;
  } rows[] = {{"name", IMAGE_AT_NAME}, {"issued", IMAGE_AT_ISSUED}, {"expires", IMAGE_AT_EXPIRES}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (strcmp(rows[i].key, key) == 0) return image_string(c, image_number(c, rows[i].at));
  }
  return ehlo_slice_of("", 0);
}

int32_t ehlo_catalogue_count(const struct ehlo_catalogue *c) {
  return (int32_t)(image_number(c, IMAGE_AT_N_REPLY) + image_number(c, IMAGE_AT_N_ENHANCED) +
                   image_number(c, IMAGE_AT_N_PHRASE));
}

struct ehlo_entry ehlo_catalogue_entry(const struct ehlo_catalogue *c, int32_t index) {
  const struct ehlo_entry e = {c, index >= 0 && index < ehlo_catalogue_count(c) ? index : -1};
  return e;
}

struct ehlo_entry ehlo_catalogue_reply(const struct ehlo_catalogue *c, int code) {
  const struct ehlo_entry none = {c, -1};
  if (code < 0 || code >= IMAGE_REPLIES || c->image.len < IMAGE_HEADER) return none;
  const size_t at = image_load(c->image.ptr + IMAGE_AT_REPLIES) + (size_t)code * 2;
  if (at + 2 > c->image.len) return none;
  return ehlo_catalogue_entry(c, (int32_t)image_load16(c->image.ptr + at) - 1);
}

/* The first entry whose key is not below `key`: keys are subject, detail, class. */
static uint32_t lower_bound(const struct ehlo_catalogue *c, uint32_t key) {
  const size_t at = image_number(c, IMAGE_AT_ENHANCED);
  uint32_t low = 0, high = image_number(c, IMAGE_AT_N_ENHANCED);
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (image_number(c, at + (size_t)middle * 4) < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static uint32_t key_of(struct ehlo_enhanced code) {
  return (uint32_t)code.subject << 14 | (uint32_t)code.detail << 4 | code.class;
}

struct ehlo_entry ehlo_catalogue_enhanced(const struct ehlo_catalogue *c, struct ehlo_enhanced code) {
  const struct ehlo_entry none = {c, -1};
  if (code.subject > 999 || code.detail > 999 || code.class > 9) return none;
  const uint32_t at = lower_bound(c, key_of(code));
  const size_t keys = image_number(c, IMAGE_AT_ENHANCED);
  if (at >= image_number(c, IMAGE_AT_N_ENHANCED) || image_number(c, keys + (size_t)at * 4) != key_of(code)) return none;
  return ehlo_catalogue_entry(c, (int32_t)(image_number(c, IMAGE_AT_N_REPLY) + at));
}

struct ehlo_entry ehlo_catalogue_enhanced_any(const struct ehlo_catalogue *c, struct ehlo_enhanced code) {
  static const uint8_t classes[] = {5, 4, 2};
  for (size_t i = 0; i < sizeof classes; i++) {
    code.class = classes[i];
    const struct ehlo_entry e = ehlo_catalogue_enhanced(c, code);
    if (ehlo_entry_exists(e)) return e;
  }
  const struct ehlo_entry none = {c, -1};
  return none;
}

static int order(struct ehlo_slice a, struct ehlo_slice b) {
  const size_t len = a.len < b.len ? a.len : b.len;
  const int difference = len > 0 ? memcmp(a.ptr, b.ptr, len) : 0;
  if (difference != 0) return difference;
  return a.len < b.len ? -1 : a.len > b.len;
}

struct ehlo_entry ehlo_catalogue_phrase(const struct ehlo_catalogue *c, struct ehlo_slice id) {
  const int32_t first = ehlo_catalogue_count(c) - (int32_t)image_number(c, IMAGE_AT_N_PHRASE);
  int32_t low = first, high = ehlo_catalogue_count(c);
  while (low < high) {
    const int32_t middle = low + (high - low) / 2;
    const struct ehlo_entry e = ehlo_catalogue_entry(c, middle);
    const int difference = order(ehlo_entry_string(e, EHLO_FIELD_ID), id);
    if (difference == 0) return e;
    if (difference < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const struct ehlo_entry none = {c, -1};
  return none;
}

struct ehlo_entry ehlo_catalogue_phrase_of(struct ehlo_entry e, int32_t k) {
  const struct ehlo_entry none = {e.catalogue, -1};
  const uint32_t list = image_slot(e, EHLO_FIELDS + IMAGE_EXTRA_PHRASES);
  if (k < 0 || list == 0 || (uint32_t)k >= image_count(e.catalogue, list)) return none;
  const uint32_t index = image_item(e.catalogue, list, (uint32_t)k);
  return index <= INT32_MAX ? ehlo_catalogue_entry(e.catalogue, (int32_t)index) : none;
}

struct ehlo_slice ehlo_entry_string(struct ehlo_entry e, enum ehlo_field f) {
  const uint32_t at = (int)f >= 0 && f < EHLO_FIELDS ? image_slot(e, f) : 0;
  if (at == 0 && f == EHLO_FIELD_ORIGIN && ehlo_entry_exists(e)) return ehlo_slice_str("built-in");
  if (at == 0) return ehlo_slice_of("", 0);
  if (ehlo_field_rows[f].type != EHLO_TYPE_STRING) return ehlo_entry_item(e, f, 0);
  return image_string(e.catalogue, at);
}

uint32_t ehlo_entry_items(struct ehlo_entry e, enum ehlo_field f) {
  const uint32_t at = (int)f >= 0 && f < EHLO_FIELDS ? image_slot(e, f) : 0;
  if (at == 0) return 0;
  return ehlo_field_rows[f].type == EHLO_TYPE_STRING ? 1 : image_count(e.catalogue, at);
}

struct ehlo_slice ehlo_entry_item(struct ehlo_entry e, enum ehlo_field f, uint32_t k) {
  const uint32_t at = (int)f >= 0 && f < EHLO_FIELDS ? image_slot(e, f) : 0;
  if (at == 0) return ehlo_slice_of("", 0);
  if (ehlo_field_rows[f].type == EHLO_TYPE_STRING) return k == 0 ? image_string(e.catalogue, at) : ehlo_slice_of("", 0);
  return image_string(e.catalogue, image_item(e.catalogue, at, k));
}

static uint32_t flags(struct ehlo_entry e) {
  return image_slot(e, EHLO_FIELDS + IMAGE_EXTRA_FLAGS);
}

bool ehlo_entry_names_provider(struct ehlo_entry e) {
  return (flags(e) & IMAGE_FLAG_NAMES_PROVIDER) != 0;
}

bool ehlo_entry_is_partial(struct ehlo_entry e) {
  return (flags(e) & IMAGE_FLAG_PARTIAL) != 0;
}

uint32_t ehlo_entry_added_notes(struct ehlo_entry e) {
  const uint32_t added = flags(e) >> IMAGE_FLAGS_NOTES & 0xff, notes = ehlo_entry_items(e, EHLO_FIELD_NOTES);
  return added < notes ? added : notes;
}

/* Takes what stands before the next `separator` off the front of `s`. */
static struct ehlo_slice next_part(struct ehlo_slice *s, char separator) {
  const char *end = s->len > 0 ? memchr(s->ptr, separator, s->len) : NULL;
  const struct ehlo_slice part = ehlo_slice_of(s->ptr, end ? (size_t)(end - s->ptr) : s->len);
  const size_t taken = end ? part.len + 1 : part.len;
  *s = ehlo_slice_of(s->ptr + taken, s->len - taken);
  return part.len > 0 && part.ptr[0] == ' ' ? ehlo_slice_of(part.ptr + 1, part.len - 1) : part;
}

bool ehlo_entry_is_stale(struct ehlo_entry e) {
  if (!ehlo_entry_exists(e) || e.catalogue->stale.len == 0) return false;
  for (struct ehlo_slice origin = ehlo_entry_string(e, EHLO_FIELD_ORIGIN); origin.len > 0;) {
    const struct ehlo_slice layer = next_part(&origin, ',');
    for (struct ehlo_slice stale = e.catalogue->stale; stale.len > 0;) {
      if (ehlo_slice_equal(next_part(&stale, '\n'), layer)) return true;
    }
  }
  return false;
}
