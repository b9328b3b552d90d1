/* Owns: reading a mail into a list of parts over the MIME-reader interface. Callers: the reader of bounces, the mail binding.
 * Bounded: no more of a mail is kept than a small multiple of what is looked at. */
#include "ehlo/core/mail.h"

#include <stdint.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

enum { KEEP = 1 << 16, SLACK = 4096, FACTOR = 4, BOUNDARIES = 4096, HEADER = 1 << 18 };

/* Slices cannot be kept while the buffer grows: until the end, `ptr` holds an offset from its start. */
static struct ehlo_slice keep(struct ehlo_mail *m, const char *bytes, size_t len) {
  const size_t at = m->bytes.len;
  if (ehlo_buf_add(&m->bytes, bytes, len) != 0) return ehlo_slice_of(NULL, 0);
  return ehlo_slice_of((const char *)(uintptr_t)at, len);
}

static void settle(const struct ehlo_mail *m, struct ehlo_slice *s) {
  *s = s->len == 0 ? ehlo_slice_of("", 0) : ehlo_slice_of(m->bytes.data + (uintptr_t)s->ptr, s->len);
}

static bool is(struct ehlo_slice s, const char *word) {
  return ehlo_slice_equal_nocase(s, ehlo_slice_str(word));
}

static bool is_message(struct ehlo_slice type) {
  return is(type, "message/rfc822") || is(type, "message/global") || is(type, "text/rfc822-headers");
}

/* Bodies of the mail that a report returns are left out, and HTML where there are plain words. */
static bool wants_body(struct ehlo_mail *m, struct ehlo_slice type, int depth) {
  const bool text = ehlo_slice_starts_nocase(type, ehlo_slice_str("text/"));
  const bool kept = text || (ehlo_slice_starts_nocase(type, ehlo_slice_str("message/")) && !is_message(type));
  if (m->scope == EHLO_MAIL_ALL || !kept) return kept;
  const struct ehlo_slice root = ehlo_slice_of(m->bytes.data + (uintptr_t)m->parts[0].type.ptr, m->parts[0].type.len);
  if (m->returned > 0 && depth <= m->returned) m->returned = 0;
  if (m->returned > 0 && is(root, "multipart/report")) return false;
  return !(m->plain && is(type, "text/html"));
}

static bool part_room(struct ehlo_mail *m) {
  if (m->n_parts < m->part_room) return true;
  const int room = m->part_room ? EHLO_MAIL_PARTS : 8;
  struct ehlo_mail_part *grown = ehlo_memory_realloc(m->parts, (size_t)room * sizeof *grown);
  if (!grown) m->bytes.error = EHLO_E_MEMORY;
  if (!grown) return false;
  m->parts = grown;
  m->part_room = room;
  return true;
}

static long take_part(void *to, int depth, const char *type, size_t len) {
  struct ehlo_mail *m = to;
  if (m->n_parts == EHLO_MAIL_PARTS || m->bytes.error || !part_room(m)) return -1;
  struct ehlo_mail_part *part = &m->parts[m->n_parts++];
  *part = (struct ehlo_mail_part){.depth = depth, .type = keep(m, type, len), .header = m->n_headers};
  const struct ehlo_slice name = ehlo_slice_of(type, len);
  const bool wanted = !m->bytes.error && wants_body(m, name, depth);
  if (is_message(name) && m->returned == 0) m->returned = depth;
  return wanted ? (long)(m->bytes.max - m->bytes.len) : 0;
}

static int wants_header(void *to, const char *name, size_t len) {
  static const char *const names[] = {"From",
                                      "To",
                                      "Subject",
                                      "Return-Path",
                                      "X-Failed-Recipients",
                                      "Auto-Submitted",
                                      "Precedence",
                                      "X-Auto-Response-Suppress"};
  const struct ehlo_mail *m = to;
  const struct ehlo_slice s = ehlo_slice_of(name, len);
  if (m->scope == EHLO_MAIL_ALL) return true;
  const int first = len > 0 ? ehlo_to_lower((unsigned char)name[0]) : '\0';
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (ehlo_to_lower((unsigned char)names[i][0]) == first && is(s, names[i])) return true;
  }
  if (first != 'x' && first != 'a') return false;
  return ehlo_slice_starts_nocase(s, ehlo_slice_str("X-POST-Mess")) ||
         ehlo_slice_find_nocase(s, ehlo_slice_str("auto"), 0) != SIZE_MAX;
}

static bool is_mime_field(struct ehlo_slice name) {
  return ehlo_slice_starts_nocase(name, ehlo_slice_str("content-")) || is(name, "mime-version");
}

static bool make_room(struct ehlo_mail *m) {
  if (m->n_headers < m->room) return true;
  if (m->room == EHLO_MAIL_HEADERS) return false;
  const int room = m->room ? m->room * 4 : 32;
  struct ehlo_mail_header *grown = ehlo_memory_realloc(m->headers, (size_t)room * sizeof *grown);
  if (!grown) m->bytes.error = EHLO_E_MEMORY;
  if (!grown) return false;
  m->headers = grown;
  m->room = room;
  return true;
}

static void take_header(void *to, const char *name, size_t name_len, const char *value, size_t value_len) {
  struct ehlo_mail *m = to;
  if (m->n_parts == 0 || m->bytes.error || !make_room(m)) return;
  struct ehlo_mail_header *header = &m->headers[m->n_headers];
  header->name = keep(m, name, name_len);
  header->value = keep(m, value, value_len);
  if (m->bytes.error) return;
  m->n_headers++;
  m->parts[m->n_parts - 1].n_headers++;
}

/* Decoded text may bring line ends of its own. */
static void take_body(void *to, const char *bytes, size_t len) {
  struct ehlo_mail *m = to;
  struct ehlo_mail_part *part = &m->parts[m->n_parts - 1];
  part->body = keep(m, bytes, len);
  if (part->body.len == 0) return;
  char *at = m->bytes.data + (uintptr_t)part->body.ptr;
  size_t kept = memchr(at, '\r', len) || memchr(at, '\0', len) ? 0 : len;
  const bool cr_alone = memchr(at, '\n', len) == NULL;
  for (size_t i = kept; i < len; i++) {
    if (at[i] == '\r' && !cr_alone && (i + 1 == len || at[i + 1] == '\n' || at[i + 1] == '\r')) continue;
    at[kept++] = at[i] == '\r' || at[i] == '\0' ? '\n' : at[i];
  }
  part->body.len = kept;
  m->bytes.len -= len - kept;
  const struct ehlo_slice type = ehlo_slice_of(m->bytes.data + (uintptr_t)part->type.ptr, part->type.len);
  if (kept > 0 && is(type, "text/plain")) m->plain = true;
}

/* A mail has one kind of line end; where it has no LF at all, that is CR. */
static int unify_lines(struct ehlo_slice in, struct ehlo_buf *out) {
  const bool cr_alone = memchr(in.ptr, '\n', in.len) == NULL;
  char *to = ehlo_buf_reserve(out, in.len);
  if (!to) return out->error;
  if (!memchr(in.ptr, '\r', in.len)) {
    memcpy(to, in.ptr, in.len);
    ehlo_buf_grew(out, in.len);
    return 0;
  }
  size_t kept = 0;
  for (size_t i = 0; i < in.len; i++) {
    if (in.ptr[i] != '\r') {
      to[kept++] = in.ptr[i];
    } else if (cr_alone) {
      to[kept++] = '\n';
    } else if (i + 1 == in.len || (in.ptr[i + 1] != '\n' && in.ptr[i + 1] != '\r')) {
      to[kept++] = '\r';
    }
  }
  ehlo_buf_grew(out, kept);
  return 0;
}

/* The line "From sender date" that an mbox puts in front, and empty lines before the first header. */
static struct ehlo_slice without_envelope(struct ehlo_slice s) {
  while (s.len > 0 && s.ptr[0] == '\n')
    s = ehlo_slice_of(s.ptr + 1, s.len - 1);
  if (s.len < 5 || memcmp(s.ptr, "From ", 5) != 0) return s;
  const char *end = memchr(s.ptr, '\n', s.len);
  return end ? ehlo_slice_of(end + 1, s.len - (size_t)(end + 1 - s.ptr)) : ehlo_slice_of("", 0);
}

/* Each line that begins with two hyphens may begin a part, and a part costs GMime far more memory than its bytes: an attack. */
static struct ehlo_slice without_swarm(struct ehlo_slice s) {
  size_t at = 0;
  const bool endless = s.len > HEADER && !memmem(s.ptr, HEADER, "\n\n", 2);
  if (endless) s.len = HEADER; /* so does each header */
  if (s.len / 4 < BOUNDARIES) return s;
  for (int n = 0; n < BOUNDARIES; n++) {
    const char *found = at < s.len ? memmem(s.ptr + at, s.len - at, "\n--", 3) : NULL;
    if (!found) return s;
    at = (size_t)(found - s.ptr) + 3;
  }
  return ehlo_slice_of(s.ptr, at);
}

static size_t past_empty_line(struct ehlo_slice s, size_t from) {
  const char *found = from < s.len ? memmem(s.ptr + from, s.len - from, "\n\n", 2) : NULL;
  return found ? (size_t)(found - s.ptr) + 2 : s.len;
}

/* The length of the field's name at the start of a line, 0 where it is no field. */
static size_t field_name(const char *line, size_t len) {
  size_t n = 0;
  while (n < len && line[n] > ' ' && line[n] < 127 && line[n] != ':')
    n++;
  return n < len && line[n] == ':' ? n : 0;
}

/* GMime makes an object of each field and takes addresses apart: the header costs it more than all the rest. Those that nobody asks for
 * are taken out beforehand; what is no field stays as it is. Returns what is left of the header that begins at `s`, the rest moved up. */
static struct ehlo_slice without_idle_fields(struct ehlo_mail *m, struct ehlo_slice s, size_t header) {
  char *const start = m->raw.data + (s.ptr - m->raw.data);
  size_t kept = header, at = header;
  bool idle = false;
  const size_t end = past_empty_line(s, header);
  while (at < end) {
    const char *line_end = memchr(start + at, '\n', end - at);
    const size_t len = line_end ? (size_t)(line_end - (start + at)) + 1 : end - at, name = field_name(start + at, len);
    const bool folded = start[at] == ' ' || start[at] == '\t';
    if (name > 0) idle = !wants_header(m, start + at, name) && !is_mime_field(ehlo_slice_of(start + at, name));
    if (name == 0 && !folded) idle = false;
    if (!idle) memmove(start + kept, start + at, len);
    if (!idle) kept += len;
    at += len;
  }
  memmove(start + kept, start + end, s.len - end);
  return ehlo_slice_of(start, s.len - (end - kept));
}

/* Of the mail that a standard report returns only the header matters here, and its body may be large. What follows it is left away too,
 * unless the status is there. */
static struct ehlo_slice without_returned_body(struct ehlo_mail *m, struct ehlo_slice s) {
  const size_t body = past_empty_line(s, 0);
  const struct ehlo_slice header = ehlo_slice_of(s.ptr, body);
  if (ehlo_slice_find_nocase(header, ehlo_slice_str("multipart/report"), 0) == SIZE_MAX) return s;
  const size_t type = ehlo_slice_find_nocase(s, ehlo_slice_str("\ncontent-type: message/rfc822"), body);
  if (type == SIZE_MAX) return s;
  const size_t begin = past_empty_line(s, type), end = past_empty_line(s, begin);
  const struct ehlo_slice rest = ehlo_slice_of(s.ptr + end, s.len - end);
  if (ehlo_slice_find_nocase(rest, ehlo_slice_str("delivery-status"), 0) == SIZE_MAX) s = ehlo_slice_of(s.ptr, end);
  return without_idle_fields(m, s, begin);
}

static struct ehlo_slice body_of(struct ehlo_slice mail) {
  const char *end = mail.len > 1 ? memmem(mail.ptr, mail.len, "\n\n", 2) : NULL;
  return end ? ehlo_slice_of(end + 2, mail.len - (size_t)(end + 2 - mail.ptr)) : ehlo_slice_of("", 0);
}

static void settle_all(struct ehlo_mail *m) {
  for (int i = 0; i < m->n_parts; i++) {
    settle(m, &m->parts[i].type);
    settle(m, &m->parts[i].body);
  }
  for (int i = 0; i < m->n_headers; i++) {
    settle(m, &m->headers[i].name);
    settle(m, &m->headers[i].value);
  }
}

/* Empty again, and ready for a mail of so many bytes. */
static void reuse(struct ehlo_mail *m, enum ehlo_mail_scope scope, size_t len) {
  m->scope = scope;
  m->n_parts = m->n_headers = m->returned = 0;
  m->plain = false;
  m->body = ehlo_slice_of("", 0);
  ehlo_buf_reuse(&m->bytes, len * FACTOR + SLACK, KEEP);
  ehlo_buf_reuse(&m->raw, len + SLACK, KEEP);
}

int ehlo_mail_read(struct ehlo_slice bytes, enum ehlo_mail_scope scope, struct ehlo_mime_reader *reader,
                   struct ehlo_mail *out) {
  const struct ehlo_mime_host host = {out, take_part, wants_header, take_header, take_body};
  const size_t limit = scope == EHLO_MAIL_ALL ? EHLO_MAIL_WHOLE : EHLO_MAIL_READ;
  if (bytes.len > limit) bytes.len = limit;
  reuse(out, scope, bytes.len);
  int error = bytes.len == 0 ? EHLO_E_SYNTAX : unify_lines(bytes, &out->raw);
  if (error) return error;
  struct ehlo_slice mail = without_swarm(without_envelope(ehlo_buf_slice(&out->raw)));
  if (scope == EHLO_MAIL_REPORT) mail = without_returned_body(out, without_idle_fields(out, mail, 0));
  error = EHLO_E_SYNTAX;
  if (mail.len == 0) return error;
  error = EHLO_E_MEMORY;
  if (!ehlo_buf_reserve(&out->bytes, mail.len)) return error;
  error = reader->read(reader, mail.ptr, mail.len, &host) < 0 || out->n_parts == 0 ? EHLO_E_SYNTAX : 0;
  if (out->bytes.error == EHLO_E_MEMORY) error = EHLO_E_MEMORY;
  settle_all(out);
  out->body = body_of(mail);
  return error;
}

void ehlo_mail_fini(struct ehlo_mail *mail) {
  ehlo_memory_free(mail->parts);
  ehlo_memory_free(mail->headers);
  ehlo_buf_fini(&mail->bytes);
  ehlo_buf_fini(&mail->raw);
  *mail = (struct ehlo_mail){0};
}

struct ehlo_slice ehlo_mail_header(const struct ehlo_mail *mail, int part, const char *name) {
  const struct ehlo_slice wanted = ehlo_slice_str(name);
  if (part < 0 || part >= mail->n_parts) return ehlo_slice_of("", 0);
  const struct ehlo_mail_part *p = &mail->parts[part];
  for (int i = p->header; i < p->header + p->n_headers; i++) {
    if (ehlo_slice_equal_nocase(mail->headers[i].name, wanted)) return mail->headers[i].value;
  }
  return ehlo_slice_of("", 0);
}

int ehlo_mail_parent(const struct ehlo_mail *mail, int part) {
  for (int i = part - 1; i >= 0; i--) {
    if (mail->parts[i].depth < mail->parts[part].depth) return i;
  }
  return -1;
}
