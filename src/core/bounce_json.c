/* Owns: notifications of mail services that come as JSON in a mail: Amazon SES by way of SNS, and what is written alike. Callers: the reader
 * of bounces. The JSON may be quoted inside JSON, folded by the mail, or cut off, so fields are looked for rather than parsed. */
#include <stdint.h>

#include "bounce_inner.h"

/* Escapes undone as often as they were done: `\"Type\"` becomes `"Type"`. */
static struct ehlo_slice unescaped(struct bounce_work *w, struct ehlo_slice s) {
  char *to = arena_take(&w->memory, s.len);
  if (!to) return ehlo_slice_of("", 0);
  size_t n = 0;
  for (size_t i = 0; i < s.len; i++) {
    if (s.ptr[i] == '\\') {
      while (i + 1 < s.len && s.ptr[i] == '\\')
        i++;
      to[n++] = s.ptr[i] == 'n' || s.ptr[i] == 'r' || s.ptr[i] == 't' ? ' ' : s.ptr[i];
    } else if (s.ptr[i] != '\n') {
      to[n++] = s.ptr[i];
    }
  }
  arena_trim(&w->memory, to, n);
  return ehlo_slice_of(to, n);
}

/* The text after `"key":"`, from `from` on and before `end`. */
static struct ehlo_slice value_of(struct ehlo_slice s, const char *key, size_t from, size_t end) {
  const size_t at = ehlo_slice_find_nocase(text_until(s, end), ehlo_slice_str(key), from);
  if (at == SIZE_MAX) return ehlo_slice_of("", 0);
  size_t start = at + strlen(key);
  while (start < end && strchr("\" :[", s.ptr[start]))
    start++;
  /* a diagnostic holds quotes of its own: the value ends where a next field or the object's end follows */
  size_t stop = start;
  while (stop < end && !(s.ptr[stop] == '"' && stop + 1 < s.len && strchr(",}]", s.ptr[stop + 1])))
    stop++;
  return ehlo_slice_of(s.ptr + start, stop - start);
}

static void add(struct bounce_work *w, struct ehlo_slice s, size_t at, size_t end) {
  struct ehlo_bounce_recipient *r = bounce_add(w);
  if (!r) return;
  r->address = value_of(s, "\"emailAddress\"", at, end);
  r->action = value_of(s, "\"action\"", at, end);
  (void)ehlo_enhanced_scan(value_of(s, "\"status\"", at, end), &r->status);
  const struct ehlo_slice said = value_of(s, "\"diagnosticCode\"", at, end);
  if (said.len > 0) bounce_take_said(w, r, said);
}

static void add_all(struct bounce_work *w, struct ehlo_slice s) {
  size_t from = ehlo_slice_find_nocase(s, ehlo_slice_str("edRecipients\""), 0);
  if (from == SIZE_MAX) return;
  const char *close = memchr(s.ptr + from, ']', s.len - from);
  const size_t stop = close ? (size_t)(close - s.ptr) : s.len;
  static const char object[] = "{";
  while ((from = ehlo_slice_find_nocase(text_until(s, stop), ehlo_slice_str(object), from)) != SIZE_MAX) {
    const size_t next = ehlo_slice_find_nocase(text_until(s, stop), ehlo_slice_str("{\"emailAddress\""), from + 1);
    add(w, s, from, next == SIZE_MAX ? stop : next);
    if (next == SIZE_MAX) break;
    from = next;
  }
}

static void read_mail(struct bounce_work *w, struct ehlo_slice s) {
  const size_t at = ehlo_slice_find_nocase(s, ehlo_slice_str("\"mail\""), 0);
  if (at == SIZE_MAX) return;
  w->out->from = value_of(s, "\"source\"", at, s.len);
  w->out->to = value_of(s, "\"destination\"", at, s.len);
  w->out->subject = value_of(s, "\"subject\"", at, s.len);
  w->out->reporter = value_of(s, "\"reportingMTA\"", 0, s.len);
}

/* A delivery names its recipients as plain texts, beside the server's answer. */
static void add_delivery(struct bounce_work *w, struct ehlo_slice s) {
  const struct ehlo_slice said = value_of(s, "\"smtpResponse\"", 0, s.len);
  size_t at;
  struct ehlo_bounce_recipient *r = bounce_add(w);
  if (!r) return;
  r->address = text_address(w->out->to, 0, &at);
  r->action = ehlo_slice_str("delivered");
  bounce_take_said(w, r, said);
}

bool bounce_read_json(struct bounce_work *w, struct ehlo_slice text) {
  const struct ehlo_slice start = ehlo_slice_trim(text);
  if (start.len == 0 || start.ptr[0] != '{' || !text_has(start, "notificationType")) return false;
  const struct ehlo_slice s = unescaped(w, start);
  const struct ehlo_slice type = value_of(s, "\"notificationType\"", 0, s.len);
  read_mail(w, s);
  if (text_starts(type, "Bounce")) {
    w->out->kind = EHLO_MAIL_BOUNCE;
    add_all(w, s);
  } else if (text_starts(type, "Complaint")) {
    w->out->kind = EHLO_MAIL_FEEDBACK;
  } else {
    w->out->kind = EHLO_MAIL_DELIVERY_NOTICE;
    add_delivery(w, s);
  }
  return true;
}
