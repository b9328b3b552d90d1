/* Owns: decoding DNS answers (RFC 1035 4), bounded and without loops. Callers: net's resolver. */
#ifndef EHLO_CORE_DNSMSG_H
#define EHLO_CORE_DNSMSG_H

#include <stdbool.h>
#include <stdint.h>

#include "ehlo/base/slice.h"

enum ehlo_rrtype {
  EHLO_RR_A = 1,
  EHLO_RR_NS = 2,
  EHLO_RR_CNAME = 5,
  EHLO_RR_SOA = 6,
  EHLO_RR_PTR = 12,
  EHLO_RR_MX = 15,
  EHLO_RR_TXT = 16,
  EHLO_RR_AAAA = 28,
  EHLO_RR_SRV = 33,
  EHLO_RR_DS = 43,
  EHLO_RR_DNSKEY = 48,
  EHLO_RR_TLSA = 52,
  EHLO_RR_CAA = 257
};
enum { EHLO_DNS_NAME = 1025 }; /* presentation form, \DDD escapes included, and NUL */

struct ehlo_dnsmsg {
  struct ehlo_slice bytes;
  int rcode; /* 0 noerror, 2 servfail, 3 nxdomain ... */
  unsigned questions, answers;
};
struct ehlo_dns_record {
  char name[EHLO_DNS_NAME]; /* owner, without the final dot; "." for the root */
  uint16_t type;
  uint32_t ttl;
  struct ehlo_slice rdata; /* raw */
  size_t rdata_offset;
};

int ehlo_dnsmsg_open(struct ehlo_slice bytes, struct ehlo_dnsmsg *out); /* EHLO_E_SYNTAX */
/* Walks the answer section; *pos = 0 starts. 1 record, 0 end, EHLO_E_SYNTAX. */
int ehlo_dnsmsg_next(const struct ehlo_dnsmsg *m, size_t *pos, struct ehlo_dns_record *out);
/* A name inside the message at `offset` (compression followed, at most 128 jumps); returns bytes used there, or < 0. */
long ehlo_dnsmsg_name(const struct ehlo_dnsmsg *m, size_t offset, char out[EHLO_DNS_NAME]);

/* The name that was asked for; "" where the message has no question. */
void ehlo_dnsmsg_question(const struct ehlo_dnsmsg *m, char out[EHLO_DNS_NAME]);
/* The CNAME of `name` among the answers, and where it leads. 1, 0 where there is none, EHLO_E_SYNTAX. Whoever follows
 * these puts a bound on it: they may run in circles. */
int ehlo_dnsmsg_alias(const struct ehlo_dnsmsg *m, const char *name, struct ehlo_dns_record *out,
                      char target[EHLO_DNS_NAME]);

#endif
