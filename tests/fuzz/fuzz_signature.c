/* Owns: a libFuzzer entry for minisign's files, which come from any server: a key that is read is written as it was meant, and what is
 * read as a signature vouches for no document but its own. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ehlo/store/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_key(struct ehlo_slice s) {
  struct ehlo_public_key key, again;
  char line[EHLO_KEY_TEXT];
  if (ehlo_public_key_read(s, &key) != 0) return;
  if (ehlo_public_key_text(&key, line) != 0) abort();
  if (ehlo_public_key_read(ehlo_slice_str(line), &again) != 0 || memcmp(&key, &again, sizeof key) != 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char line[] = "RWTf3t2aCTk4DqjsyumLIsRD/N8wNZaPpGlq//qQyys0QlOfbDOyhCOZ";
  const struct ehlo_slice s = ehlo_slice_of((const char *)data, size);
  struct ehlo_signature signature;
  struct ehlo_public_key key;
  try_key(s);
  if (ehlo_signature_read(s, &signature) != 0) return 0;
  if (ehlo_public_key_read(ehlo_slice_str(line), &key) != 0) abort();
  memcpy(key.id, signature.id, sizeof key.id); /* anybody may write that number */
  if (ehlo_signature_verify(&signature, &key, ehlo_slice_str("another document")) == 0) abort();
  if (signature.trusted.ptr < s.ptr || signature.trusted.ptr + signature.trusted.len > s.ptr + s.len) abort();
  return 0;
}
