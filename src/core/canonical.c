/* Owns: header fields and bodies in the forms over which DKIM and ARC sign (RFC 6376 3.4). Callers: the mail binding. */
#include "ehlo/core/canonical.h"

#include <string.h>

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

static struct ehlo_slice without_crlf(struct ehlo_slice line) {
  const bool ended = line.len >= 2 && memcmp(line.ptr + line.len - 2, "\r\n", 2) == 0;
  return ehlo_slice_of(line.ptr, line.len - (ended ? 2 : 0));
}

/* The next line with its CRLF, or the bytes that are left. */
static struct ehlo_slice take_line(struct ehlo_slice *rest) {
  const char *end = rest->len > 0 ? memmem(rest->ptr, rest->len, "\r\n", 2) : NULL;
  const struct ehlo_slice line = ehlo_slice_of(rest->ptr, end ? (size_t)(end + 2 - rest->ptr) : rest->len);
  *rest = ehlo_slice_of(rest->ptr + line.len, rest->len - line.len);
  return line;
}

static struct ehlo_slice without_envelope(struct ehlo_slice mail) {
  if (mail.len < 5 || memcmp(mail.ptr, "From ", 5) != 0) return mail;
  const char *end = memchr(mail.ptr, '\n', mail.len);
  return end ? ehlo_slice_of(end + 1, mail.len - (size_t)(end + 1 - mail.ptr)) : ehlo_slice_of("", 0);
}

int ehlo_canonical_lines(struct ehlo_slice mail, struct ehlo_buf *out) {
  mail = without_envelope(mail);
  size_t at = 0;
  while (at < mail.len && !out->error) {
    const char *end = memchr(mail.ptr + at, '\n', mail.len - at);
    size_t len = end ? (size_t)(end - mail.ptr) - at : mail.len - at;
    const size_t next = at + len + (end != NULL);
    if (end && len > 0 && mail.ptr[at + len - 1] == '\r') len--;
    (void)ehlo_buf_add(out, mail.ptr + at, len);
    if (end) (void)ehlo_buf_add(out, "\r\n", 2);
    at = next;
  }
  return out->error;
}

bool ehlo_mail_field_next(struct ehlo_slice *rest, struct ehlo_mail_field *field) {
  const char *start = rest->ptr;
  const struct ehlo_slice first = take_line(rest), text = without_crlf(first);
  size_t len = first.len;
  if (text.len == 0) return false;
  while (rest->len > 0 && is_blank(rest->ptr[0]))
    len += take_line(rest).len;
  field->raw = ehlo_slice_of(start, len);
  field->name = ehlo_slice_of("", 0);
  field->value = without_crlf(field->raw);
  const char *colon = memchr(text.ptr, ':', text.len);
  if (!colon || is_blank(text.ptr[0])) return true;
  field->name = ehlo_slice_trim(ehlo_slice_of(text.ptr, (size_t)(colon - text.ptr)));
  field->value = ehlo_slice_of(colon + 1, field->value.len - (size_t)(colon + 1 - start));
  return true;
}

static void add_lower(struct ehlo_buf *out, struct ehlo_slice s) {
  char *to = ehlo_buf_reserve(out, s.len);
  if (!to) return;
  for (size_t i = 0; i < s.len; i++)
    to[i] = (char)ehlo_to_lower((unsigned char)s.ptr[i]);
  ehlo_buf_grew(out, s.len);
}

/* Each run of blanks, and in a field of line ends too, is one SP; none at the end, nor at the start where `trim` says so. */
static void add_reduced(struct ehlo_buf *out, struct ehlo_slice s, bool folded, bool trim) {
  char *to = ehlo_buf_reserve(out, s.len);
  size_t n = 0;
  if (!to) return;
  for (size_t i = 0; i < s.len; i++) {
    const bool end = folded && s.ptr[i] == '\r' && i + 1 < s.len && s.ptr[i + 1] == '\n';
    i += end;
    if (end) continue;
    if (!is_blank(s.ptr[i])) {
      to[n++] = s.ptr[i];
    } else if (n > 0 ? to[n - 1] != ' ' : !trim) {
      to[n++] = ' ';
    }
  }
  if (n > 0 && to[n - 1] == ' ') n--;
  ehlo_buf_grew(out, n);
}

int ehlo_canonical_field(struct ehlo_slice raw, enum ehlo_canonical form, struct ehlo_buf *out) {
  const struct ehlo_slice text = without_crlf(raw);
  const char *colon = text.len > 0 ? memchr(text.ptr, ':', text.len) : NULL;
  if (form == EHLO_CANONICAL_SIMPLE || !colon) {
    (void)ehlo_buf_add_slice(out, text);
  } else {
    add_lower(out, ehlo_slice_trim(ehlo_slice_of(text.ptr, (size_t)(colon - text.ptr))));
    (void)ehlo_buf_add_char(out, ':');
    add_reduced(out, ehlo_slice_of(colon + 1, text.len - (size_t)(colon + 1 - text.ptr)), true, true);
  }
  return ehlo_buf_add(out, "\r\n", 2);
}

int ehlo_canonical_body(struct ehlo_slice body, enum ehlo_canonical form, uint64_t limit, struct ehlo_buf *out) {
  const size_t start = out->len;
  size_t kept = start; /* up to the last line that is not empty */
  while (body.len > 0 && !out->error) {
    const size_t before = out->len;
    const struct ehlo_slice line = without_crlf(take_line(&body));
    if (form == EHLO_CANONICAL_RELAXED) {
      add_reduced(out, line, false, false);
    } else {
      (void)ehlo_buf_add_slice(out, line);
    }
    const bool empty = out->len == before;
    (void)ehlo_buf_add(out, "\r\n", 2);
    if (!empty) kept = out->len;
  }
  if (out->error) return out->error;
  out->len = kept;
  if (kept == start && form == EHLO_CANONICAL_SIMPLE) (void)ehlo_buf_add(out, "\r\n", 2);
  if (!out->error && out->len - start > limit) out->len = start + (size_t)limit;
  return out->error;
}
