/* Owns: decoding DNS answers, bounded and without loops. Callers: net's resolver.
 * Every count and length comes from outside and may lie. */
#include "ehlo/core/dnsmsg.h"

#include "ehlo/base/error.h"

enum {
  HEADER = 12,
  RECORD_HEAD = 10, /* type, class, TTL, length */
  MESSAGE_MAX = 65535,
  NAME_WIRE_MAX = 255,
  JUMPS_MAX = 128,
  OFFSET_BITS = 16 /* a position is the record's number above its offset */
};

static unsigned byte_at(const struct ehlo_dnsmsg *m, size_t offset) {
  return (unsigned char)m->bytes.ptr[offset];
}

static unsigned read16(const struct ehlo_dnsmsg *m, size_t offset) {
  return byte_at(m, offset) << 8 | byte_at(m, offset + 1);
}

int ehlo_dnsmsg_open(struct ehlo_slice bytes, struct ehlo_dnsmsg *out) {
  *out = (struct ehlo_dnsmsg){0};
  if (bytes.len < HEADER || bytes.len > MESSAGE_MAX) return EHLO_E_SYNTAX;
  out->bytes = bytes;
  out->rcode = (int)(byte_at(out, 3) & 0x0f);
  out->questions = read16(out, 4);
  out->answers = read16(out, 6);
  return 0;
}

/* A name's text as it grows. The array is large enough for any name of 255 bytes on the wire. */
struct name_text {
  char *out;
  size_t len;
  size_t wire;
};

static void add_byte(struct name_text *t, unsigned byte) {
  if (byte == '.' || byte == '\\') t->out[t->len++] = '\\';
  if (byte > 0x20 && byte < 0x7f) {
    t->out[t->len++] = (char)byte;
    return;
  }
  t->out[t->len++] = '\\';
  t->out[t->len++] = (char)('0' + byte / 100);
  t->out[t->len++] = (char)('0' + byte / 10 % 10);
  t->out[t->len++] = (char)('0' + byte % 10);
}

static int add_label(const struct ehlo_dnsmsg *m, size_t at, size_t len, struct name_text *t) {
  if (len >= m->bytes.len - at) return EHLO_E_SYNTAX; /* the length byte itself is one of them */
  t->wire += len + 1;
  if (t->wire > NAME_WIRE_MAX - 1) return EHLO_E_SYNTAX; /* the root's byte is still to come */
  if (t->len > 0) t->out[t->len++] = '.';
  for (size_t i = 1; i <= len; i++)
    add_byte(t, byte_at(m, at + i));
  return 0;
}

static long walk_name(const struct ehlo_dnsmsg *m, size_t offset, struct name_text *t) {
  size_t at = offset, lowest = offset;
  long used = 0;
  for (unsigned jumps = 0; at < m->bytes.len;) {
    const unsigned head = byte_at(m, at);
    if (head == 0) return used > 0 ? used : (long)(at + 1 - offset);
    if (head < 0x40) {
      if (add_label(m, at, head, t)) return EHLO_E_SYNTAX;
      at += head + 1;
      continue;
    }
    /* A pointer leads to an earlier place than any before it, or names could run in circles. */
    if (head < 0xc0 || m->bytes.len - at < 2 || ++jumps > JUMPS_MAX) return EHLO_E_SYNTAX;
    if (used == 0) used = (long)(at + 2 - offset);
    at = read16(m, at) & 0x3fff;
    if (at >= lowest || at < HEADER) return EHLO_E_SYNTAX;
    lowest = at;
  }
  return EHLO_E_SYNTAX;
}

long ehlo_dnsmsg_name(const struct ehlo_dnsmsg *m, size_t offset, char out[EHLO_DNS_NAME]) {
  struct name_text t = {.out = out};
  const long used = walk_name(m, offset, &t);
  if (used > 0 && t.len == 0) out[t.len++] = '.';
  out[used > 0 ? t.len : 0] = '\0';
  return used;
}

void ehlo_dnsmsg_question(const struct ehlo_dnsmsg *m, char out[EHLO_DNS_NAME]) {
  out[0] = '\0';
  if (m->questions > 0) (void)ehlo_dnsmsg_name(m, HEADER, out);
}

/* Where the first answer begins, or 0. */
static size_t skip_questions(const struct ehlo_dnsmsg *m) {
  char name[EHLO_DNS_NAME];
  size_t at = HEADER;
  for (unsigned i = 0; i < m->questions; i++) {
    const long used = ehlo_dnsmsg_name(m, at, name);
    if (used < 0 || m->bytes.len - at - (size_t)used < 4) return 0;
    at += (size_t)used + 4;
  }
  return at;
}

static size_t read_record(const struct ehlo_dnsmsg *m, size_t at, struct ehlo_dns_record *out) {
  const long used = ehlo_dnsmsg_name(m, at, out->name);
  if (used < 0 || m->bytes.len - at - (size_t)used < RECORD_HEAD) return 0;
  at += (size_t)used;
  const size_t len = read16(m, at + 8);
  out->type = (uint16_t)read16(m, at);
  out->ttl = (uint32_t)read16(m, at + 4) << 16 | read16(m, at + 6);
  if (out->ttl > INT32_MAX) out->ttl = 0; /* RFC 2181 8 */
  at += RECORD_HEAD;
  if (len > m->bytes.len - at) return 0;
  out->rdata = ehlo_slice_of(m->bytes.ptr + at, len);
  out->rdata_offset = at;
  return at + len;
}

int ehlo_dnsmsg_next(const struct ehlo_dnsmsg *m, size_t *pos, struct ehlo_dns_record *out) {
  const size_t number = *pos >> OFFSET_BITS;
  out->name[0] = '\0';
  out->type = 0;
  out->ttl = 0;
  out->rdata = ehlo_slice_of("", 0);
  out->rdata_offset = 0;
  if (number >= m->answers) return 0;
  const size_t at = *pos == 0 ? skip_questions(m) : *pos & MESSAGE_MAX;
  const size_t next = at >= HEADER && at < m->bytes.len ? read_record(m, at, out) : 0;
  if (next == 0) return EHLO_E_SYNTAX;
  *pos = (number + 1) << OFFSET_BITS | next;
  return 1;
}

int ehlo_dnsmsg_alias(const struct ehlo_dnsmsg *m, const char *name, struct ehlo_dns_record *out,
                      char target[EHLO_DNS_NAME]) {
  const struct ehlo_slice wanted = ehlo_slice_str(name);
  int more;
  target[0] = '\0';
  for (size_t pos = 0; (more = ehlo_dnsmsg_next(m, &pos, out)) > 0;) {
    if (out->type != EHLO_RR_CNAME || !ehlo_slice_equal_nocase(ehlo_slice_str(out->name), wanted)) continue;
    const long used = ehlo_dnsmsg_name(m, out->rdata_offset, target);
    if (used > 0 && (size_t)used == out->rdata.len) return 1;
    target[0] = '\0';
    return EHLO_E_SYNTAX;
  }
  return more;
}
