/* Owns: a borrowed run of bytes, and comparing and trimming such runs.
 * Callers: everybody. A slice owns nothing and may hold any byte. */
#ifndef EHLO_BASE_SLICE_H
#define EHLO_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct ehlo_slice {
  const char *ptr;
  size_t len;
};

static inline struct ehlo_slice ehlo_slice_of(const char *ptr, size_t len) {
  struct ehlo_slice s = {ptr, len};
  return s;
}
static inline struct ehlo_slice ehlo_slice_str(const char *text) {
  return ehlo_slice_of(text, text ? strlen(text) : 0);
}

bool ehlo_slice_equal(struct ehlo_slice a, struct ehlo_slice b);
/* ASCII case only: protocol words, never names of people. */
bool ehlo_slice_equal_nocase(struct ehlo_slice a, struct ehlo_slice b);
bool ehlo_slice_starts_nocase(struct ehlo_slice s, struct ehlo_slice prefix);
bool ehlo_slice_ends_nocase(struct ehlo_slice s, struct ehlo_slice suffix);
struct ehlo_slice ehlo_slice_trim(struct ehlo_slice s);  /* SP, HT, CR, LF at both ends */
struct ehlo_slice ehlo_slice_chomp(struct ehlo_slice s); /* CR and LF at the end */

/* Position of the first occurrence at or after `from`, ASCII case folded, or SIZE_MAX. */
size_t ehlo_slice_find_nocase(struct ehlo_slice s, struct ehlo_slice needle, size_t from);

/* For tables in memory; the upper bits are the best ones. Not for names that a stranger could choose to collide. */
uint64_t ehlo_slice_hash(struct ehlo_slice s, uint64_t seed);
/* The same for texts that are equal but for ASCII case. */
uint64_t ehlo_slice_hash_nocase(struct ehlo_slice s, uint64_t seed);

/* ASCII only, whatever the locale. */
static inline bool ehlo_is_digit(int c) {
  return c >= '0' && c <= '9';
}
static inline bool ehlo_is_alpha(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline int ehlo_to_lower(int c) {
  return c >= 'A' && c <= 'Z' ? c + 32 : c;
}
static inline int ehlo_to_upper(int c) {
  return c >= 'a' && c <= 'z' ? c - 32 : c;
}

#endif
