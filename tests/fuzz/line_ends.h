/* Owns: copies of an input that differ in nothing but the ends of their lines. Callers: the fuzz entries of the readers, whose answers must
 * not differ at all. */
#ifndef EHLO_TESTS_FUZZ_LINE_ENDS_H
#define EHLO_TESTS_FUZZ_LINE_ENDS_H

#include <stdint.h>
#include <stdlib.h>

#include "ehlo/base/buf.h"

static const char *const line_ends[] = {"\n", "\r\n", "\r"};
enum { LINE_ENDS = sizeof line_ends / sizeof *line_ends, COPY_MAX = 1 << 16 };

/* Whatever ends a line of `data`, `end` ends it in the copy, which begins `copy` anew. */
static inline void end_lines_in(const char *end, const uint8_t *data, size_t size, struct ehlo_buf *copy) {
  ehlo_buf_reset(copy);
  for (size_t i = 0; i < size; i++) {
    const char byte = (char)data[i];
    if (byte == '\n' || byte == '\r') {
      i += byte == '\r' && i + 1 < size && data[i + 1] == '\n';
      (void)ehlo_buf_add_str(copy, end);
    } else {
      (void)ehlo_buf_add_char(copy, byte);
    }
  }
  if (copy->error) abort();
}

static inline void must_equal(const struct ehlo_buf *a, const struct ehlo_buf *b) {
  if (a->len != b->len || (a->len > 0 && memcmp(a->data, b->data, a->len) != 0)) abort();
}

#endif
