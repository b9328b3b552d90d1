/* Owns: what the data of DNS records says, type by type, and the names of the types. Callers: sessions, the dns binding. */
#ifndef EHLO_CORE_DNSRDATA_H
#define EHLO_CORE_DNSRDATA_H

#include "ehlo/core/dnsmsg.h"

/* What rdata says; EHLO_E_SYNTAX where it is cut off or something follows. The root is ".": RFC 7505's null MX has it. */
int ehlo_dns_mx(const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r, uint16_t *preference,
                char out[EHLO_DNS_NAME]);
int ehlo_dns_target(const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r,
                    char out[EHLO_DNS_NAME]); /* PTR, CNAME, NS */
/* Walks the strings of a TXT; *pos = 0 starts. 1 string, 0 end, EHLO_E_SYNTAX. */
int ehlo_dns_txt_next(const struct ehlo_dns_record *r, size_t *pos, struct ehlo_slice *out);

/* What a TLSA pins (RFC 6698 2.1); `data` lies in the message. EHLO_E_SYNTAX where it is cut off or pins nothing. */
struct ehlo_dns_pin {
  uint8_t usage, selector, matching;
  struct ehlo_slice data;
};
int ehlo_dns_tlsa(const struct ehlo_dns_record *r, struct ehlo_dns_pin *out);

struct ehlo_dns_soa { /* RFC 1035 3.3.13 */
  char primary[EHLO_DNS_NAME], mailbox[EHLO_DNS_NAME];
  uint32_t serial, refresh, retry, expire, minimum;
};
int ehlo_dns_soa(const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r, struct ehlo_dns_soa *out);

struct ehlo_dns_srv { /* RFC 2782; the root as host: the service is not offered */
  uint16_t priority, weight, port;
  char host[EHLO_DNS_NAME];
};
int ehlo_dns_srv(const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r, struct ehlo_dns_srv *out);

struct ehlo_dns_caa { /* RFC 8659 4.1 */
  uint8_t flags;
  struct ehlo_slice tag, value;
};
int ehlo_dns_caa(const struct ehlo_dns_record *r, struct ehlo_dns_caa *out);

struct ehlo_dns_ds { /* RFC 4034 5.1 */
  uint16_t key_tag;
  uint8_t algorithm, digest_type;
  struct ehlo_slice digest;
};
int ehlo_dns_ds(const struct ehlo_dns_record *r, struct ehlo_dns_ds *out);

struct ehlo_dns_key { /* RFC 4034 2.1; the tag is computed as its appendix B says */
  uint16_t flags, tag;
  uint8_t protocol, algorithm;
  struct ehlo_slice key;
};
int ehlo_dns_key(const struct ehlo_dns_record *r, struct ehlo_dns_key *out);

/* "A" and so on to number, and back; 0 and NULL for unknown ("TYPE65" works both ways through the buffer). */
uint16_t ehlo_rrtype_from(struct ehlo_slice name);
const char *ehlo_rrtype_name(uint16_t type);

#endif
