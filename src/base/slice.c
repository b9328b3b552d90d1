/* Owns: comparing, trimming and searching borrowed runs of bytes. Callers: everybody. */
#include "ehlo/base/slice.h"

bool ehlo_slice_equal(struct ehlo_slice a, struct ehlo_slice b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static bool same_nocase(const char *a, const char *b, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if (a[i] != b[i] && ehlo_to_lower((unsigned char)a[i]) != ehlo_to_lower((unsigned char)b[i])) return false;
  }
  return true;
}

bool ehlo_slice_equal_nocase(struct ehlo_slice a, struct ehlo_slice b) {
  return a.len == b.len && same_nocase(a.ptr, b.ptr, a.len);
}

bool ehlo_slice_starts_nocase(struct ehlo_slice s, struct ehlo_slice prefix) {
  return s.len >= prefix.len && same_nocase(s.ptr, prefix.ptr, prefix.len);
}

bool ehlo_slice_ends_nocase(struct ehlo_slice s, struct ehlo_slice suffix) {
  return s.len >= suffix.len && same_nocase(s.ptr + (s.len - suffix.len), suffix.ptr, suffix.len);
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct ehlo_slice ehlo_slice_trim(struct ehlo_slice s) {
  while (s.len > 0 && is_blank(s.ptr[0])) {
    s.ptr++;
    s.len--;
  }
  while (s.len > 0 && is_blank(s.ptr[s.len - 1]))
    s.len--;
  return s;
}

/* The next place of `c` at or after `from`, `end` where there is none. */
static size_t next_of(struct ehlo_slice s, int c, size_t from, size_t end) {
  const char *found = from < end ? memchr(s.ptr + from, c, end - from) : NULL;
  return found ? (size_t)(found - s.ptr) : end;
}

size_t ehlo_slice_find_nocase(struct ehlo_slice s, struct ehlo_slice needle, size_t from) {
  if (from > s.len || needle.len > s.len - from) return SIZE_MAX;
  if (needle.len == 0) return from;
  const int small = ehlo_to_lower((unsigned char)needle.ptr[0]), large = ehlo_to_upper(small);
  const size_t end = s.len - needle.len + 1;
  size_t a = next_of(s, small, from, end), b = large == small ? end : next_of(s, large, from, end);
  while (a < end || b < end) {
    const size_t at = a < b ? a : b;
    if (same_nocase(s.ptr + at, needle.ptr, needle.len)) return at;
    if (a == at) a = next_of(s, small, at + 1, end);
    if (b == at) b = next_of(s, large, at + 1, end);
  }
  return SIZE_MAX;
}

/* `fold`: bits that are set in every byte. */
static inline uint64_t hash_of(struct ehlo_slice s, uint64_t seed, uint64_t fold) {
  const uint64_t odd = 0x9e3779b97f4a7c15u;
  uint64_t hash = (s.len ^ seed) * odd, word;
  size_t i = 0;
  for (; i + sizeof word <= s.len; i += sizeof word) {
    memcpy(&word, s.ptr + i, sizeof word);
    hash = (hash ^ (word | fold)) * odd;
    hash ^= hash >> 29;
  }
  for (; i < s.len; i++)
    hash = (hash ^ ((unsigned char)s.ptr[i] | (fold & 0xff))) * odd;
  return (hash ^ hash >> 32) * odd;
}

uint64_t ehlo_slice_hash(struct ehlo_slice s, uint64_t seed) {
  return hash_of(s, seed, 0);
}

uint64_t ehlo_slice_hash_nocase(struct ehlo_slice s, uint64_t seed) {
  return hash_of(s, seed, 0x2020202020202020u);
}

struct ehlo_slice ehlo_slice_chomp(struct ehlo_slice s) {
  while (s.len > 0 && (s.ptr[s.len - 1] == '\n' || s.ptr[s.len - 1] == '\r'))
    s.len--;
  return s;
}
