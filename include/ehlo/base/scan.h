/* Owns: small grammar steps over a slice. Callers: parsers of every layer.
 * Each step advances the cursor on success and leaves it alone on failure, so a
 * grammar reads as a chain of && . */
#ifndef EHLO_BASE_SCAN_H
#define EHLO_BASE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "ehlo/base/slice.h"

struct ehlo_scan {
  const char *at;
  const char *end;
};

static inline struct ehlo_scan ehlo_scan_of(struct ehlo_slice s) {
  struct ehlo_scan c = {s.ptr, s.ptr + s.len};
  return c;
}
static inline bool ehlo_scan_done(const struct ehlo_scan *c) {
  return c->at == c->end;
}
static inline size_t ehlo_scan_left(const struct ehlo_scan *c) {
  return (size_t)(c->end - c->at);
}
/* The byte under the cursor, or -1 at the end. */
static inline int ehlo_scan_peek(const struct ehlo_scan *c) {
  return c->at < c->end ? (unsigned char)*c->at : -1;
}
bool ehlo_scan_char(struct ehlo_scan *c, char wanted);
bool ehlo_scan_word_nocase(struct ehlo_scan *c, const char *wanted);
/* 1 to max_digits digits with a value of at most max; no sign, no white space. */
bool ehlo_scan_number(struct ehlo_scan *c, unsigned max_digits, uint64_t max, uint64_t *out);
/* The run of bytes for which `is` holds; may be empty. */
struct ehlo_slice ehlo_scan_while(struct ehlo_scan *c, bool (*is)(int));
/* Up to the byte `stop` or the end; the cursor stands on `stop`. */
struct ehlo_slice ehlo_scan_until(struct ehlo_scan *c, char stop);
void ehlo_scan_spaces(struct ehlo_scan *c); /* SP and HT */

#endif
