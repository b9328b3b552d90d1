/* Owns: what the data of DNS records says, type by type, and the names of the types. Callers: sessions, the dns binding.
 * Lengths come from outside; a record that is cut off, or goes on too long, is malformed as a whole. */
#include "ehlo/core/dnsrdata.h"

#include "ehlo/base/error.h"
#include "ehlo/base/scan.h"

static uint16_t read16(struct ehlo_slice s, size_t at) {
  return (uint16_t)((unsigned char)s.ptr[at] << 8 | (unsigned char)s.ptr[at + 1]);
}

static uint32_t read32(struct ehlo_slice s, size_t at) {
  return (uint32_t)read16(s, at) << 16 | read16(s, at + 2);
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
  if (error == 0) *preference = read16(r->rdata, 0);
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

int ehlo_dns_soa(const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r, struct ehlo_dns_soa *out) {
  enum { NUMBERS = 20 };
  *out = (struct ehlo_dns_soa){0};
  if (r->rdata.len <= NUMBERS) return EHLO_E_SYNTAX;
  const size_t names = r->rdata.len - NUMBERS;
  const long first = ehlo_dnsmsg_name(m, r->rdata_offset, out->primary);
  const long second =
      first > 0 && (size_t)first < names ? ehlo_dnsmsg_name(m, r->rdata_offset + (size_t)first, out->mailbox) : -1;
  if (second < 0 || (size_t)(first + second) != names) {
    *out = (struct ehlo_dns_soa){0};
    return EHLO_E_SYNTAX;
  }
  uint32_t *const numbers[] = {&out->serial, &out->refresh, &out->retry, &out->expire, &out->minimum};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    *numbers[i] = read32(r->rdata, names + 4 * i);
  return 0;
}

int ehlo_dns_srv(const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r, struct ehlo_dns_srv *out) {
  *out = (struct ehlo_dns_srv){0};
  if (rdata_name(m, r, 6, out->host)) return EHLO_E_SYNTAX;
  out->priority = read16(r->rdata, 0);
  out->weight = read16(r->rdata, 2);
  out->port = read16(r->rdata, 4);
  return 0;
}

int ehlo_dns_caa(const struct ehlo_dns_record *r, struct ehlo_dns_caa *out) {
  *out = (struct ehlo_dns_caa){.tag = ehlo_slice_of("", 0), .value = ehlo_slice_of("", 0)};
  const size_t len = r->rdata.len > 2 ? (unsigned char)r->rdata.ptr[1] : 0;
  if (len == 0 || len > r->rdata.len - 2) return EHLO_E_SYNTAX;
  out->flags = (uint8_t)r->rdata.ptr[0];
  out->tag = ehlo_slice_of(r->rdata.ptr + 2, len);
  out->value = ehlo_slice_of(r->rdata.ptr + 2 + len, r->rdata.len - 2 - len);
  return 0;
}

int ehlo_dns_ds(const struct ehlo_dns_record *r, struct ehlo_dns_ds *out) {
  *out = (struct ehlo_dns_ds){.digest = ehlo_slice_of("", 0)};
  if (r->rdata.len <= 4) return EHLO_E_SYNTAX;
  out->key_tag = read16(r->rdata, 0);
  out->algorithm = (uint8_t)r->rdata.ptr[2];
  out->digest_type = (uint8_t)r->rdata.ptr[3];
  out->digest = ehlo_slice_of(r->rdata.ptr + 4, r->rdata.len - 4);
  return 0;
}

/* RFC 4034 appendix B, and B.1 for algorithm 1. */
static uint16_t key_tag(struct ehlo_slice rdata) {
  if (rdata.ptr[3] == 1) return rdata.len < 7 ? 0 : read16(rdata, rdata.len - 3);
  uint32_t sum = 0;
  for (size_t i = 0; i < rdata.len; i++)
    sum += (uint32_t)(unsigned char)rdata.ptr[i] << (i & 1 ? 0 : 8);
  return (uint16_t)(sum + (sum >> 16));
}

int ehlo_dns_key(const struct ehlo_dns_record *r, struct ehlo_dns_key *out) {
  *out = (struct ehlo_dns_key){.key = ehlo_slice_of("", 0)};
  if (r->rdata.len <= 4) return EHLO_E_SYNTAX;
  out->flags = read16(r->rdata, 0);
  out->protocol = (uint8_t)r->rdata.ptr[2];
  out->algorithm = (uint8_t)r->rdata.ptr[3];
  out->key = ehlo_slice_of(r->rdata.ptr + 4, r->rdata.len - 4);
  out->tag = key_tag(r->rdata);
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
