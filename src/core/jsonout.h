/* Owns: the few steps by which core writes JSON straight into a buffer. Callers: the *_json.c files of core.
 * The buffer remembers its first error, so nothing is checked in between. */
#ifndef EHLO_CORE_JSONOUT_H
#define EHLO_CORE_JSONOUT_H

#include "ehlo/core/escape.h"

/* Our own words, as they are. */
static inline void json_raw(struct ehlo_buf *out, const char *text) {
  (void)ehlo_buf_add(out, text, strlen(text));
}

/* Keys are our own words: no escaping. A comma stands in front unless an object or a list has just begun. */
static inline void json_comma(struct ehlo_buf *out) {
  const char last = out->len > 0 ? out->data[out->len - 1] : '{';
  if (last != '{' && last != '[' && last != ':') (void)ehlo_buf_add_char(out, ',');
}
static inline void json_key(struct ehlo_buf *out, const char *key) {
  json_comma(out);
  (void)ehlo_buf_add_char(out, '"');
  (void)ehlo_buf_add_str(out, key);
  (void)ehlo_buf_add(out, "\":", 2);
}
/* An absent text is null. */
static inline void json_text(struct ehlo_buf *out, struct ehlo_slice s) {
  if (s.len == 0) {
    (void)ehlo_buf_add_str(out, "null");
  } else {
    (void)ehlo_escape_json(s, out);
  }
}
static inline void json_pair(struct ehlo_buf *out, const char *key, struct ehlo_slice s) {
  json_key(out, key);
  json_text(out, s);
}
static inline void json_bool(struct ehlo_buf *out, const char *key, int value) {
  json_key(out, key);
  (void)ehlo_buf_add_str(out, value ? "true" : "false");
}
static inline void json_item(struct ehlo_buf *out, struct ehlo_slice s) {
  json_comma(out);
  json_text(out, s);
}

#endif
