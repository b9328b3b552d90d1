/* Owns: a libFuzzer entry for the reply parser: a reply read whole and read in pieces must come out the same.
 * Build: clang -fsanitize=fuzzer,address,undefined with the base and core layers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"
#include "ehlo/core/capability.h"
#include "ehlo/core/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ehlo_reply_limits limits = {.line = 100, .lines = 8, .bytes = 300};

static long read_in_pieces(struct ehlo_slice s, size_t step, struct ehlo_reply *out) {
  struct ehlo_reply_scan state = {0};
  long result = EHLO_E_AGAIN;
  for (size_t len = 0; result == EHLO_E_AGAIN; len += step) {
    if (len > s.len) len = s.len;
    result = ehlo_reply_scan(ehlo_slice_of(s.ptr, len), &limits, &state, out);
    if (len == s.len) break;
  }
  return result;
}

static void use(const struct ehlo_reply *reply) {
  struct ehlo_buf text;
  struct ehlo_capability c;
  ehlo_buf_init(&text, 1 << 16);
  (void)ehlo_reply_unfold(reply, &text);
  for (size_t pos = 0; ehlo_capability_next(reply, &pos, &c);)
    continue;
  (void)ehlo_capability_size(reply);
  (void)ehlo_reply_looks_like(reply->raw);
  ehlo_buf_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1) return 0;
  const size_t step = 1 + data[0] % 16;
  const struct ehlo_slice s = ehlo_slice_of((const char *)data + 1, size - 1);
  struct ehlo_reply whole = {0}, pieces = {0}, stored = {0};
  const long a = read_in_pieces(s, s.len + 1, &whole);
  const long b = read_in_pieces(s, step, &pieces);
  if (a != b || whole.raw.len != pieces.raw.len || whole.anomalies != pieces.anomalies || whole.code != pieces.code ||
      whole.lines != pieces.lines || memcmp(&whole.enhanced, &pieces.enhanced, sizeof whole.enhanced) != 0) {
    abort();
  }
  if (a > 0) use(&whole);
  if (ehlo_reply_read(s, &stored) == EHLO_E_AGAIN) abort();
  use(&stored);
  return 0;
}
