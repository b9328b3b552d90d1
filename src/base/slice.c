/* Owns: comparing, trimming and searching borrowed runs of bytes. Callers: everybody. */
#include "ehlo/base/slice.h"

#include <stdint.h>

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

size_t ehlo_slice_find_nocase(struct ehlo_slice s, struct ehlo_slice needle, size_t from) {
  if (from > s.len || needle.len > s.len - from) return SIZE_MAX;
  if (needle.len == 0) return from;
  const int first = ehlo_to_lower((unsigned char)needle.ptr[0]);
  const size_t last = s.len - needle.len;
  for (size_t i = from; i <= last; i++) {
    if (ehlo_to_lower((unsigned char)s.ptr[i]) == first && same_nocase(s.ptr + i, needle.ptr, needle.len)) return i;
  }
  return SIZE_MAX;
}

struct ehlo_slice ehlo_slice_chomp(struct ehlo_slice s) {
  while (s.len > 0 && (s.ptr[s.len - 1] == '\n' || s.ptr[s.len - 1] == '\r'))
    s.len--;
  return s;
}
