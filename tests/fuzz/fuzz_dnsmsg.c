/* Owns: a libFuzzer entry for the DNS decoder: no input may be read beyond its end or without end.
 * Build: clang -fsanitize=fuzzer,address,undefined with the base and core layers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ehlo/core/dnsrdata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(const char *name) {
  if (strlen(name) >= EHLO_DNS_NAME) abort();
}

static void check_slice(const struct ehlo_dns_record *r, struct ehlo_slice s) {
  if (s.len > 0 && (s.ptr < r->rdata.ptr || s.ptr + s.len > r->rdata.ptr + r->rdata.len)) abort();
}

/* Every reader, whatever the type says: all of it is a stranger's. */
static void read_rdata(const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r) {
  struct ehlo_dns_soa soa;
  struct ehlo_dns_srv srv;
  struct ehlo_dns_caa caa;
  struct ehlo_dns_ds ds;
  struct ehlo_dns_key key;
  struct ehlo_dns_pin pin;
  (void)ehlo_dns_soa(m, r, &soa);
  check_name(soa.primary);
  check_name(soa.mailbox);
  (void)ehlo_dns_srv(m, r, &srv);
  check_name(srv.host);
  (void)ehlo_dns_caa(r, &caa);
  check_slice(r, caa.tag);
  check_slice(r, caa.value);
  (void)ehlo_dns_ds(r, &ds);
  check_slice(r, ds.digest);
  (void)ehlo_dns_key(r, &key);
  check_slice(r, key.key);
  (void)ehlo_dns_tlsa(r, &pin);
  check_slice(r, pin.data);
}

static void follow(const struct ehlo_dnsmsg *m) {
  struct ehlo_dns_record r;
  char name[EHLO_DNS_NAME], target[EHLO_DNS_NAME];
  ehlo_dnsmsg_question(m, name);
  for (int n = 0; n < 32 && ehlo_dnsmsg_alias(m, name, &r, target) > 0; n++) {
    check_name(target);
    memcpy(name, target, sizeof name);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct ehlo_dnsmsg m;
  struct ehlo_dns_record r;
  if (ehlo_dnsmsg_open(ehlo_slice_of((const char *)data, size), &m)) return 0;
  size_t before = 0;
  for (size_t pos = 0; ehlo_dnsmsg_next(&m, &pos, &r) > 0; before = pos) {
    char name[EHLO_DNS_NAME];
    uint16_t preference;
    struct ehlo_slice text;
    if (pos <= before || r.rdata_offset + r.rdata.len > size) abort();
    check_name(r.name);
    (void)ehlo_dns_mx(&m, &r, &preference, name);
    check_name(name);
    (void)ehlo_dns_target(&m, &r, name);
    check_name(name);
    for (size_t at = 0; ehlo_dns_txt_next(&r, &at, &text) > 0;)
      continue;
    read_rdata(&m, &r);
  }
  follow(&m);
  return 0;
}
