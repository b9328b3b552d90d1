/* Owns: a libFuzzer entry for the DNS decoder: no input may be read beyond its end or without end.
 * Build: clang -fsanitize=fuzzer,address,undefined with the base and core layers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ehlo/core/dnsmsg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(const char *name) {
  if (strlen(name) >= EHLO_DNS_NAME) abort();
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
  }
  return 0;
}
