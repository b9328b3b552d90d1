/* Owns: the small steps over the text of a report: lines, addresses, known words. Callers: the readers of bounces. */
#ifndef EHLO_CORE_MAIL_TEXT_H
#define EHLO_CORE_MAIL_TEXT_H

#include "arena.h"

/* Takes the next line, without its LF, off `rest`. */
bool text_line(struct ehlo_slice *rest, struct ehlo_slice *line);
static inline struct ehlo_slice text_from(struct ehlo_slice s, size_t at) {
  return at < s.len ? ehlo_slice_of(s.ptr + at, s.len - at) : ehlo_slice_of(s.ptr + s.len, 0);
}
static inline struct ehlo_slice text_until(struct ehlo_slice s, size_t end) {
  return ehlo_slice_of(s.ptr, end < s.len ? end : s.len);
}
bool text_has(struct ehlo_slice s, const char *words);
bool text_starts(struct ehlo_slice s, const char *words);
bool text_ends(struct ehlo_slice s, const char *words);
/* Whether one of the NULL-terminated words occurs. */
bool text_has_any(struct ehlo_slice s, const char *const *words);

/* The first mail address at or after `from`, bare; `at` is its place. Empty where there is none. */
struct ehlo_slice text_address(struct ehlo_slice s, size_t from, size_t *at);
/* White space folded to single spaces. */
struct ehlo_slice text_folded(struct arena *a, struct ehlo_slice s);
/* HTML as plain text: tags gone, blocks on lines of their own, the common entities undone. */
struct ehlo_slice text_of_html(struct arena *a, struct ehlo_slice html);

#endif
