/* Owns: a libFuzzer entry for mails as signatures see them: what is cut apart is the whole again, a canonical form of a canonical form
 * is itself, and relaxed makes nothing longer. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ehlo/core/canonical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 1 << 20 };

static void same(struct ehlo_slice a, struct ehlo_slice b) {
  if (!ehlo_slice_equal(a, b)) abort();
}

static void try_body(struct ehlo_slice body, enum ehlo_canonical form) {
  struct ehlo_buf once, twice;
  ehlo_buf_init(&once, ROOM);
  ehlo_buf_init(&twice, ROOM);
  if (ehlo_canonical_body(body, form, UINT64_MAX, &once) != 0) abort();
  if (once.len > body.len + 2) abort();
  if (ehlo_canonical_body(ehlo_buf_slice(&once), form, UINT64_MAX, &twice) != 0) abort();
  same(ehlo_buf_slice(&once), ehlo_buf_slice(&twice));
  ehlo_buf_fini(&once);
  ehlo_buf_fini(&twice);
}

static void try_field(const struct ehlo_mail_field *field, enum ehlo_canonical form) {
  struct ehlo_buf once, twice;
  ehlo_buf_init(&once, ROOM);
  ehlo_buf_init(&twice, ROOM);
  if (ehlo_canonical_field(field->raw, form, &once) != 0) abort();
  if (once.len > field->raw.len + 2) abort();
  if (ehlo_canonical_field(ehlo_buf_slice(&once), form, &twice) != 0) abort();
  same(ehlo_buf_slice(&once), ehlo_buf_slice(&twice));
  ehlo_buf_fini(&once);
  ehlo_buf_fini(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct ehlo_buf mail;
  struct ehlo_mail_field field;
  ehlo_buf_init(&mail, ROOM);
  if (ehlo_canonical_lines(ehlo_slice_of((const char *)data, size), &mail) != 0) abort();
  struct ehlo_slice rest = ehlo_buf_slice(&mail);
  const char *at = rest.ptr;
  while (ehlo_mail_field_next(&rest, &field)) {
    if (field.raw.ptr != at || field.value.ptr + field.value.len > rest.ptr) abort();
    at += field.raw.len;
    try_field(&field, EHLO_CANONICAL_SIMPLE);
    try_field(&field, EHLO_CANONICAL_RELAXED);
  }
  if (rest.len > 0 && (rest.ptr != at + 2 || rest.ptr + rest.len != mail.data + mail.len)) abort();
  try_body(rest, EHLO_CANONICAL_SIMPLE);
  try_body(rest, EHLO_CANONICAL_RELAXED);
  ehlo_buf_fini(&mail);
  return 0;
}
