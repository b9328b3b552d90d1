/* Owns: the numbers of the catalogue's binary form, as src/core/catalogue/image.lua writes it, and bounded reads of it.
 * Callers: the catalogue's own files in core. Everything in an image may be hostile: it may come from disk. */
#ifndef EHLO_CORE_IMAGE_H
#define EHLO_CORE_IMAGE_H

#include <string.h>

#include "ehlo/core/catalogue.h"

#define IMAGE_MAGIC "EHLO-CAT"
enum { IMAGE_FORMAT = 2, IMAGE_HEADER = 128, IMAGE_MAX = 64 << 20 };
enum { IMAGE_STRIDE = (EHLO_FIELDS + 4) * 4, IMAGE_REPLIES = 1000, IMAGE_ANCHOR = 16 };
enum { IMAGE_SLOT_BITS = 14, IMAGE_DIGITS = 24, IMAGE_DIGIT_ROWS = 22 };
enum {
  IMAGE_AT_FORMAT = 8,
  IMAGE_AT_SIZE = 12,
  IMAGE_AT_VERSION = 16,
  IMAGE_AT_NAME = 24,
  IMAGE_AT_ISSUED = 28,
  IMAGE_AT_EXPIRES = 32,
  IMAGE_AT_FIELDS = 36,
  IMAGE_AT_STRIDE = 40,
  IMAGE_AT_N_REPLY = 44,
  IMAGE_AT_N_ENHANCED = 48,
  IMAGE_AT_N_PHRASE = 52,
  IMAGE_AT_ENTRIES = 56,
  IMAGE_AT_REPLIES = 60,
  IMAGE_AT_ENHANCED = 64,
  IMAGE_AT_ANCHORS = 68,
  IMAGE_AT_DIGITS = 72,
  IMAGE_AT_N_ANCHORS = 76,
  IMAGE_AT_FIRST_ANCHORS = 80
};
/* What an entry's record holds behind its fields. */
enum { IMAGE_EXTRA_PHRASES, IMAGE_EXTRA_FLAGS, IMAGE_EXTRA_CODE_GUESS, IMAGE_EXTRA_ENHANCED_GUESS };
enum { IMAGE_FLAG_NAMES_PROVIDER = 1, IMAGE_FLAG_FROM_PHRASES = 2, IMAGE_FLAG_PARTIAL = 4, IMAGE_FLAGS_NOTES = 8 };

static inline uint32_t image_load(const char *p) {
  const unsigned char *b = (const unsigned char *)p;
  return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}
/* The slot of a run of four bytes in the table of the anchors. */
static inline uint32_t image_run_slot(uint32_t run) {
  return (run * 2654435761u) >> (32 - IMAGE_SLOT_BITS);
}
static inline uint32_t image_load16(const char *p) {
  const unsigned char *b = (const unsigned char *)p;
  return (uint32_t)b[0] | (uint32_t)b[1] << 8;
}

/* The number at `at`, 0 beyond the end. */
static inline uint32_t image_number(const struct ehlo_catalogue *c, size_t at) {
  return c->image.len >= 4 && at <= c->image.len - 4 ? image_load(c->image.ptr + at) : 0;
}

/* The string at `at`: a length and its bytes. Empty for 0 and for what does not fit. */
static inline struct ehlo_slice image_string(const struct ehlo_catalogue *c, uint32_t at) {
  const struct ehlo_slice none = {"", 0};
  if (at == 0 || (size_t)at + 4 > c->image.len) return none;
  const uint32_t len = image_load(c->image.ptr + at);
  if (len > c->image.len - at - 4) return none;
  return ehlo_slice_of(c->image.ptr + at + 4, len);
}

/* How many numbers the list at `at` has, and the k-th of them. */
static inline uint32_t image_count(const struct ehlo_catalogue *c, uint32_t at) {
  if (at == 0 || (size_t)at + 4 > c->image.len) return 0;
  const uint32_t n = image_load(c->image.ptr + at);
  return n <= (c->image.len - at - 4) / 4 ? n : 0;
}
static inline uint32_t image_item(const struct ehlo_catalogue *c, uint32_t at, uint32_t k) {
  return k < image_count(c, at) ? image_load(c->image.ptr + at + 4 + (size_t)k * 4) : 0;
}

/* A number of an entry's record: a field, or EHLO_FIELDS + one of the extras. */
static inline uint32_t image_slot(struct ehlo_entry e, uint32_t slot) {
  if (!ehlo_entry_exists(e)) return 0;
  const size_t at = image_load(e.catalogue->image.ptr + IMAGE_AT_ENTRIES);
  return image_number(e.catalogue, at + (size_t)e.index * IMAGE_STRIDE + (size_t)slot * 4);
}

/* What the digits say: rows 0-3 the classes of replies, 4-9 their second digits, 10-12 the classes of enhanced codes,
 * 13-20 their subjects, 21 any other subject. `column`: 0 name, 1 meaning, 2 fix, 3 retry, 4 acts, 5 standards (a list). */
enum image_digit_column {
  IMAGE_DIGIT_NAME,
  IMAGE_DIGIT_MEANING,
  IMAGE_DIGIT_FIX,
  IMAGE_DIGIT_RETRY,
  IMAGE_DIGIT_ACTS,
  IMAGE_DIGIT_STANDARDS
};
static inline uint32_t image_digit_slot(const struct ehlo_catalogue *c, uint32_t row, enum image_digit_column column) {
  const uint32_t at = image_number(c, IMAGE_AT_DIGITS);
  if (at == 0 || row >= IMAGE_DIGIT_ROWS) return 0;
  return image_number(c, at + (size_t)row * IMAGE_DIGITS + (size_t)column * 4);
}
static inline struct ehlo_slice image_digit(const struct ehlo_catalogue *c, uint32_t row,
                                            enum image_digit_column column) {
  return image_string(c, image_digit_slot(c, row, column));
}

#endif
