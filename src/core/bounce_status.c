/* Owns: the delivery status of RFC 3464 and RFC 6533, also where it is damaged or stands in plain text. Callers: the reader of bounces.
 * A recipient begins at each Final-Recipient that the group does not have yet, or behind an empty line; fields may come in any order. */
#include <stdint.h>

#include "bounce_inner.h"

enum field {
  FIELD_FINAL,
  FIELD_ORIGINAL,
  FIELD_ACTUAL,
  FIELD_ACTION,
  FIELD_STATUS,
  FIELD_DIAGNOSTIC,
  FIELD_REMOTE,
  FIELD_REPORTER,
  FIELDS
};
static const char *const names[FIELDS] = {
    "final-recipient", "original-recipient", "x-actual-recipient", "action",
    "status",          "diagnostic-code",    "remote-mta",         "reporting-mta"};

struct group {
  struct ehlo_slice fields[FIELDS];
};

static bool is_blank(struct ehlo_slice line) {
  return ehlo_slice_trim(line).len == 0;
}

/* The name of a field at the start of a line, or FIELDS. */
static enum field field_of(struct ehlo_slice line, size_t *value) {
  const char *colon = line.len > 0 ? memchr(line.ptr, ':', line.len < 32 ? line.len : 32) : NULL;
  if (!colon) return FIELDS;
  const struct ehlo_slice name = ehlo_slice_trim(text_until(line, (size_t)(colon - line.ptr)));
  *value = (size_t)(colon - line.ptr) + 1;
  for (int i = 0; i < FIELDS; i++) {
    if (ehlo_slice_equal_nocase(name, ehlo_slice_str(names[i]))) return (enum field)i;
  }
  return FIELDS;
}

static bool begins_field(struct ehlo_slice line) {
  size_t i = 0;
  while (i < line.len && (ehlo_is_alpha((unsigned char)line.ptr[i]) || line.ptr[i] == '-'))
    i++;
  return i > 1 && i < line.len && line.ptr[i] == ':' && (i + 1 == line.len || line.ptr[i + 1] == ' ');
}

/* The value with its continuation lines; some servers forget to indent those. */
static struct ehlo_slice whole_value(struct ehlo_slice line, size_t value, struct ehlo_slice *rest) {
  struct ehlo_slice ahead = *rest, next;
  size_t end = line.len;
  while (text_line(&ahead, &next) && !is_blank(next)) {
    if (next.ptr[0] != ' ' && next.ptr[0] != '\t' && begins_field(next)) break;
    end = (size_t)(next.ptr + next.len - line.ptr);
    *rest = ahead;
  }
  return ehlo_slice_trim(ehlo_slice_of(line.ptr + value, end - value));
}

/* "rfc822;user@host", "RFC822; <user@host>", "utf-8; user@host" */
static struct ehlo_slice without_type(struct ehlo_slice s) {
  const char *mark = s.len > 0 ? memchr(s.ptr, ';', s.len) : NULL;
  if (mark && (size_t)(mark - s.ptr) < 24) s = text_from(s, (size_t)(mark - s.ptr) + 1);
  return ehlo_slice_trim(s);
}

/* RFC 6533 writes characters beyond ASCII as \x{E9} where the report itself must be ASCII. */
static struct ehlo_slice without_hex(struct bounce_work *w, struct ehlo_slice s) {
  if (!text_has(s, "\\x{")) return s;
  char *to = arena_take(&w->memory, s.len);
  if (!to) return s;
  size_t n = 0;
  for (size_t i = 0; i < s.len;) {
    uint32_t c = 0;
    size_t k = i + 3;
    if (!text_starts(text_from(s, i), "\\x{")) {
      to[n++] = s.ptr[i++];
      continue;
    }
    for (; k < s.len && k < i + 9 && s.ptr[k] != '}'; k++) {
      const int low = ehlo_to_lower((unsigned char)s.ptr[k]);
      c = c * 16 + (uint32_t)(ehlo_is_digit(low) ? low - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : 0);
    }
    if (c >= 0x10000 && c < 0x110000) to[n++] = (char)(0xf0 | c >> 18), to[n++] = (char)(0x80 | (c >> 12 & 63));
    if (c >= 0x800 && c < 0x10000) to[n++] = (char)(0xe0 | c >> 12);
    if (c >= 0x800) to[n++] = (char)(0x80 | (c >> 6 & 63));
    if (c >= 0x80 && c < 0x800) to[n++] = (char)(0xc0 | c >> 6);
    to[n++] = c >= 0x80 ? (char)(0x80 | (c & 63)) : (char)c;
    i = k < s.len ? k + 1 : k;
  }
  arena_trim(&w->memory, to, n);
  return ehlo_slice_of(to, n);
}

static struct ehlo_slice address_of(struct bounce_work *w, struct ehlo_slice field) {
  size_t at;
  struct ehlo_slice s = without_hex(w, without_type(field));
  /* "@relay.example.net:user@host" is a route */
  const char *colon = s.len > 0 && s.ptr[0] == '@' ? memchr(s.ptr, ':', s.len) : NULL;
  if (colon) s = text_from(s, (size_t)(colon - s.ptr) + 1);
  const struct ehlo_slice found = text_address(s, 0, &at);
  return found.len > 0 && s.ptr[0] != '/' && s.ptr[0] != '|' ? found : s;
}

static struct ehlo_slice action_of(struct bounce_work *w, struct ehlo_slice field) {
  size_t len = 0;
  while (len < field.len && (ehlo_is_alpha((unsigned char)field.ptr[len]) || field.ptr[len] == '-'))
    len++;
  const struct ehlo_slice copy = arena_copy(&w->memory, text_until(field, len));
  char *p = (char *)(uintptr_t)copy.ptr;
  for (size_t i = 0; i < copy.len; i++)
    p[i] = (char)ehlo_to_lower((unsigned char)p[i]);
  return copy;
}

/* "dns; mx.example.org (192.0.2.1, the server for the domain)" */
static void take_remote(struct ehlo_bounce_recipient *r, struct ehlo_slice field) {
  const struct ehlo_slice s = without_type(field);
  size_t len = 0;
  while (len < s.len && !strchr(" \t\n([,", s.ptr[len]))
    len++;
  struct ehlo_slice name = text_until(s, len);
  if (name.len > 0 && name.ptr[name.len - 1] == '.') name.len--;
  if (name.len > 0) r->host = name;
}

static void add(struct bounce_work *w, struct group *g) {
  const struct ehlo_slice *f = g->fields;
  if (f[FIELD_FINAL].len == 0 && f[FIELD_ORIGINAL].len == 0 && f[FIELD_ACTUAL].len == 0) return;
  struct ehlo_bounce_recipient *r = bounce_add(w);
  if (!r) return;
  struct ehlo_slice address = address_of(w, f[FIELD_FINAL]);
  if (address.len == 0 || !memchr(address.ptr, '@', address.len)) {
    const struct ehlo_slice other = address_of(w, f[f[FIELD_ORIGINAL].len > 0 ? FIELD_ORIGINAL : FIELD_ACTUAL]);
    if (other.len > 0) address = other;
  }
  r->address = address;
  r->action = action_of(w, f[FIELD_ACTION]);
  (void)ehlo_enhanced_scan(without_type(f[FIELD_STATUS]), &r->status);
  if (f[FIELD_REMOTE].len > 0) take_remote(r, f[FIELD_REMOTE]);
  struct ehlo_slice diagnostic = f[FIELD_DIAGNOSTIC];
  const char *mark = diagnostic.len > 0 ? memchr(diagnostic.ptr, ';', diagnostic.len < 24 ? diagnostic.len : 24) : NULL;
  if (mark) diagnostic = ehlo_slice_trim(text_from(diagnostic, (size_t)(mark - diagnostic.ptr) + 1));
  if (diagnostic.len > 0) bounce_take_said(w, r, diagnostic);
  /* words behind the status say it for people: "5.2.1 (mailbox disabled)" */
  const char *open = f[FIELD_STATUS].len > 0 ? memchr(f[FIELD_STATUS].ptr, '(', f[FIELD_STATUS].len) : NULL;
  if (r->said.len == 0 && open)
    bounce_take_said(w, r, text_from(f[FIELD_STATUS], (size_t)(open - f[FIELD_STATUS].ptr)));
}

static void close_group(struct bounce_work *w, struct group *g) {
  if (g->fields[FIELD_REPORTER].len > 0 && w->out->reporter.len == 0)
    w->out->reporter = without_type(g->fields[FIELD_REPORTER]);
  add(w, g);
  *g = (struct group){0};
}

static bool has_all(const struct group *g) {
  return g->fields[FIELD_FINAL].len > 0 && (g->fields[FIELD_ACTION].len > 0 || g->fields[FIELD_STATUS].len > 0);
}

bool bounce_read_status(struct bounce_work *w, struct ehlo_slice fields) {
  struct group g = {0};
  struct ehlo_slice rest = fields, line;
  const int before = w->out->n;
  size_t value = 0;
  while (text_line(&rest, &line)) {
    const enum field field = field_of(line, &value);
    if (field == FIELDS) continue; /* a group has no end: lines may be doubled by empty ones */
    const bool again = g.fields[field].len > 0;
    const bool next = field == FIELD_FINAL || field == FIELD_ORIGINAL || field == FIELD_ACTION;
    if (again && (next || has_all(&g))) close_group(w, &g);
    const struct ehlo_slice text = whole_value(line, value, &rest);
    if (g.fields[field].len == 0) g.fields[field] = text;
  }
  close_group(w, &g);
  return w->out->n > before;
}
