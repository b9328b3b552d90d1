/* Owns: a fuzz entry for what an EHLO lists: each capability must lie within the reply, be met once, and be found by its name. See
 * drive.c. */
#include <stdint.h>
#include <stdlib.h>

#include "ehlo/core/capability.h"
#include "ehlo/core/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool within(struct ehlo_slice part, struct ehlo_slice whole) {
  return !part.len || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct ehlo_reply reply;
  struct ehlo_capability c, found;
  const struct ehlo_slice bytes = ehlo_slice_of((const char *)data, size);
  if (ehlo_reply_read(bytes, &reply) <= 0) return 0;
  size_t seen = 0;
  for (size_t pos = 0; ehlo_capability_next(&reply, &pos, &c); seen++) {
    char name[64];
    if (!within(c.keyword, bytes) || !within(c.params, bytes) || seen > size) abort();
    if (c.keyword.len >= sizeof name || memchr(c.keyword.ptr, '\0', c.keyword.len)) continue;
    memcpy(name, c.keyword.ptr, c.keyword.len);
    name[c.keyword.len] = '\0';
    if (!ehlo_capability_find(&reply, name, &found)) abort();
  }
  (void)ehlo_capability_size(&reply);
  return 0;
}
