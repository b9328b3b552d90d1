/* Owns: decoding DNS answers, bounded and without loops. Callers: net's resolver.
 * Every count and length comes from outside and may lie. */
#include "ehlo/core/dnsmsg.h"

#include "ehlo/base/error.h"
#include "ehlo/base/scan.h"

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

/* The name at `skip` bytes into the rdata must end where the rdata ends. */
static int rdata_name(const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r, size_t skip,
                      char out[EHLO_DNS_NAME]) {
  out[0] = '\0';
  if (r->rdata.len <= skip) return EHLO_E_SYNTAX;
  const long used = ehlo_dnsmsg_name(m, r->rdata_offset + skip, out);
  if (used > 0 && (size_t)used == r->rdata.len - skip) return 0;
  out[0] = '\0';
  return EHLO_E_SYNTAX;
}

int ehlo_dns_mx(const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r, uint16_t *preference,
                char out[EHLO_DNS_NAME]) {
  *preference = 0;
  const int error = rdata_name(m, r, 2, out);
  if (error == 0) *preference = (uint16_t)read16(m, r->rdata_offset);
  return error;
}

int ehlo_dns_target(const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r, char out[EHLO_DNS_NAME]) {
  return rdata_name(m, r, 0, out);
}

int ehlo_dns_txt_next(const struct ehlo_dns_record *r, size_t *pos, struct ehlo_slice *out) {
  *out = ehlo_slice_of("", 0);
  if (*pos >= r->rdata.len) return 0;
  const size_t len = (unsigned char)r->rdata.ptr[*pos];
  if (len > r->rdata.len - *pos - 1) return EHLO_E_SYNTAX;
  *out = ehlo_slice_of(r->rdata.ptr + *pos + 1, len);
  *pos += len + 1;
  return 1;
}

int ehlo_dns_tlsa(const struct ehlo_dns_record *r, struct ehlo_dns_pin *out) {
  enum { HEAD = 3 };
  *out = (struct ehlo_dns_pin){.data = ehlo_slice_of("", 0)};
  if (r->rdata.len <= HEAD) return EHLO_E_SYNTAX;
  const unsigned char *head = (const unsigned char *)r->rdata.ptr;
  out->usage = head[0];
  out->selector = head[1];
  out->matching = head[2];
  out->data = ehlo_slice_of(r->rdata.ptr + HEAD, r->rdata.len - HEAD);
  return 0;
}

struct type_row {
  uint16_t type;
  const char *name;
};

static const struct type_row types[] = {
    {EHLO_RR_A, "A"},       {EHLO_RR_NS, "NS"},     {EHLO_RR_CNAME, "CNAME"},
    {EHLO_RR_SOA, "SOA"},   {EHLO_RR_PTR, "PTR"},   {EHLO_RR_MX, "MX"},
    {EHLO_RR_TXT, "TXT"},   {EHLO_RR_AAAA, "AAAA"}, {EHLO_RR_SRV, "SRV"},
    {EHLO_RR_TLSA, "TLSA"}, {EHLO_RR_CAA, "CAA"},   {13, "HINFO"},
    {35, "NAPTR"},          {39, "DNAME"},          {43, "DS"},
    {44, "SSHFP"},          {46, "RRSIG"},          {47, "NSEC"},
    {48, "DNSKEY"},         {50, "NSEC3"},          {53, "SMIMEA"},
    {61, "OPENPGPKEY"},     {64, "SVCB"},           {65, "HTTPS"},
};

uint16_t ehlo_rrtype_from(struct ehlo_slice name) {
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    if (ehlo_slice_equal_nocase(name, ehlo_slice_str(types[i].name))) return types[i].type;
  }
  uint64_t number;
  struct ehlo_scan c = ehlo_scan_of(name);
  const bool numbered = ehlo_scan_word_nocase(&c, "TYPE") && ehlo_scan_number(&c, 5, UINT16_MAX, &number);
  return numbered && ehlo_scan_done(&c) ? (uint16_t)number : 0;
}

const char *ehlo_rrtype_name(uint16_t type) {
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    if (types[i].type == type) return types[i].name;
  }
  return NULL;
}
