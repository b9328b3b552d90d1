/* Owns: the growing byte buffer. Callers: everybody. The maximum is checked before any memory is asked for,
 * and a failed append leaves the bytes as they were. */
#include "ehlo/base/buf.h"

#include <stdint.h>
#include <stdio.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

enum { FIRST_CAP = 64 };

void ehlo_buf_init(struct ehlo_buf *b, size_t max) {
  *b = (struct ehlo_buf){.max = max < SIZE_MAX / 4 ? max : SIZE_MAX / 4};
}

void ehlo_buf_fini(struct ehlo_buf *b) {
  ehlo_memory_free(b->data);
  ehlo_buf_init(b, b->max);
}

void ehlo_buf_reset(struct ehlo_buf *b) {
  b->len = 0;
  b->error = 0;
  if (b->data) b->data[0] = '\0';
}

void ehlo_buf_reuse(struct ehlo_buf *b, size_t max, size_t keep) {
  if (b->cap > keep || b->cap > max) ehlo_buf_fini(b);
  struct ehlo_buf kept = *b;
  ehlo_buf_init(b, max);
  b->data = kept.data;
  b->cap = kept.cap;
  ehlo_buf_reset(b);
}

/* Grows so that `len` bytes more and the NUL fit. Doubles, but never beyond what the maximum can use. */
static int grow(struct ehlo_buf *b, size_t len) {
  if (b->error) return b->error;
  if (len > b->max - b->len) return b->error = EHLO_E_LIMIT;
  const size_t need = b->len + len + 1;
  if (need <= b->cap) return 0;
  size_t cap = b->cap > 0 ? b->cap : FIRST_CAP;
  while (cap < need)
    cap *= 2;
  if (cap > b->max + 1) cap = b->max + 1;
  char *grown = ehlo_memory_realloc(b->data, cap);
  if (!grown) return b->error = EHLO_E_MEMORY;
  b->data = grown;
  b->cap = cap;
  return 0;
}

static inline int make_room(struct ehlo_buf *b, size_t len) {
  return b->error == 0 && len < b->cap - b->len ? 0 : grow(b, len);
}

int ehlo_buf_add(struct ehlo_buf *b, const void *bytes, size_t len) {
  if (make_room(b, len)) return b->error;
  if (len > 0) memcpy(b->data + b->len, bytes, len);
  b->len += len;
  b->data[b->len] = '\0';
  return 0;
}

int ehlo_buf_add_slice(struct ehlo_buf *b, struct ehlo_slice s) {
  return ehlo_buf_add(b, s.ptr, s.len);
}

int ehlo_buf_add_str(struct ehlo_buf *b, const char *text) {
  return ehlo_buf_add(b, text, strlen(text));
}

int ehlo_buf_add_char(struct ehlo_buf *b, char c) {
  return ehlo_buf_add(b, &c, 1);
}

int ehlo_buf_addf(struct ehlo_buf *b, const char *format, ...) {
  va_list args;
  va_start(args, format);
  const int error = ehlo_buf_addv(b, format, args);
  va_end(args);
  return error;
}

int ehlo_buf_addv(struct ehlo_buf *b, const char *format, va_list args) {
  if (b->error) return b->error;
  const size_t room = b->cap > b->len ? b->cap - b->len : 0;
  va_list again;
  va_copy(again, args);
  const int wrote = vsnprintf(room > 0 ? b->data + b->len : NULL, room, format, args);
  if (wrote < 0) {
    b->error = EHLO_E_LIMIT; /* longer than an int can tell */
  } else if ((size_t)wrote >= room && make_room(b, (size_t)wrote) == 0) {
    (void)vsnprintf(b->data + b->len, (size_t)wrote + 1, format, again);
  }
  va_end(again);
  if (b->error == 0) b->len += (size_t)wrote;
  if (b->data) b->data[b->len] = '\0';
  return b->error;
}

char *ehlo_buf_reserve(struct ehlo_buf *b, size_t len) {
  return make_room(b, len) ? NULL : b->data + b->len;
}

void ehlo_buf_grew(struct ehlo_buf *b, size_t len) {
  if (!b->data || len > b->cap - 1 - b->len) return;
  b->len += len;
  b->data[b->len] = '\0';
}

void ehlo_buf_consume(struct ehlo_buf *b, size_t len) {
  if (!b->data) return;
  if (len > b->len) len = b->len;
  b->len -= len;
  if (len > 0) memmove(b->data, b->data + len, b->len);
  b->data[b->len] = '\0';
}

char *ehlo_buf_take(struct ehlo_buf *b, size_t *len) {
  if (len) *len = 0;
  if (make_room(b, 0)) return NULL;
  char *taken = b->data;
  taken[b->len] = '\0';
  if (len) *len = b->len;
  ehlo_buf_init(b, b->max);
  return taken;
}
