/* Owns: a fuzz entry for what unpacks: damaged or not, a packed file gives its bytes, the same in large pieces and in small, or says what is
 * wrong with it. See drive.c. */
#include "ehlo/base/error.h"
#include "line_ends.h"
#include "memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 20, PIECE = 1 << 16 };

/* The first MOST bytes of what was packed; what is damaged says so. */
static void unpack(const uint8_t *data, size_t size, size_t step, struct ehlo_buf *out) {
  struct memory_file file = memory_file_open(data, size);
  char piece[PIECE];
  long n = 0;
  while (out->len < MOST && (n = ehlo_source_read(file.source, piece, step, &file.why)) > 0)
    if (ehlo_buf_add(out, piece, (size_t)n) != 0) abort();
  if (n < 0 && (n == EHLO_E_AGAIN || file.why.len == 0)) abort();
  memory_file_close(&file);
  if (out->len > MOST) out->len = MOST;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1) return 0;
  struct ehlo_buf whole, pieces;
  ehlo_buf_init(&whole, MOST + PIECE);
  ehlo_buf_init(&pieces, MOST + PIECE);
  unpack(data + 1, size - 1, PIECE, &whole);
  unpack(data + 1, size - 1, 1 + data[0], &pieces);
  must_equal(&whole, &pieces);
  ehlo_buf_fini(&whole);
  ehlo_buf_fini(&pieces);
  return 0;
}
