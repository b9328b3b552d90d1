/* Owns: a growing byte buffer with a maximum given at creation. Callers: everybody.
 * A failed append leaves the bytes as they were and is remembered in `error`, so a
 * run of appends may be checked once at its end. */
#ifndef EHLO_BASE_BUF_H
#define EHLO_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

#include "ehlo/base/slice.h"

struct ehlo_buf {
  char *data; /* NUL-terminated beyond len whenever not NULL */
  size_t len;
  size_t cap;
  size_t max; /* bytes, the NUL not counted */
  int error;  /* 0, EHLO_E_MEMORY or EHLO_E_LIMIT: sticky until reset */
};

void ehlo_buf_init(struct ehlo_buf *b, size_t max);
void ehlo_buf_fini(struct ehlo_buf *b);  /* frees; the buffer may be used again */
void ehlo_buf_reset(struct ehlo_buf *b); /* empties and forgets the error; keeps the memory */
/* The same, with another maximum; memory beyond `keep` bytes is given back. A buffer of zeroes will do. */
void ehlo_buf_reuse(struct ehlo_buf *b, size_t max, size_t keep);

/* Each returns b->error. */
int ehlo_buf_add(struct ehlo_buf *b, const void *bytes, size_t len);
int ehlo_buf_add_slice(struct ehlo_buf *b, struct ehlo_slice s);
int ehlo_buf_add_str(struct ehlo_buf *b, const char *text);
int ehlo_buf_add_char(struct ehlo_buf *b, char c);
int ehlo_buf_addf(struct ehlo_buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
int ehlo_buf_addv(struct ehlo_buf *b, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Makes room for `len` bytes more and gives the place to write them, or NULL.
 * Follow with ehlo_buf_grew. */
char *ehlo_buf_reserve(struct ehlo_buf *b, size_t len);
void ehlo_buf_grew(struct ehlo_buf *b, size_t len);

/* Drops bytes from the front. */
void ehlo_buf_consume(struct ehlo_buf *b, size_t len);

/* Takes the bytes out; the caller frees them with ehlo_memory_free. NULL when the buffer is in error. */
char *ehlo_buf_take(struct ehlo_buf *b, size_t *len);

static inline struct ehlo_slice ehlo_buf_slice(const struct ehlo_buf *b) {
  return ehlo_slice_of(b->data ? b->data : "", b->len);
}

#endif
