/* Owns: a fuzz entry for what reads logs, journals and queue listings, from the file on: what it is, its lines and their events come out
 * the same however the lines end and wherever the bytes were cut. See drive.c. */
#include <string.h>

#include "ehlo/base/error.h"
#include "ehlo/core/content.h"
#include "ehlo/core/log_explain.h"
#include "line_ends.h"
#include "memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { JSON_MAX = 1 << 24, SAID_MAX = 1 << 17 };

static int take(void *arg, const struct ehlo_log_event *e, const struct ehlo_log_past *past) {
  struct ehlo_explanation x;
  struct ehlo_buf said;
  if (e->status < EHLO_STATUS_DEFERRED) return 0;
  ehlo_buf_init(&said, SAID_MAX);
  if (ehlo_log_explain(ehlo_catalogue_builtin(), e, &said, &x) != 0 || x.evidence.len == 0) abort();
  if (ehlo_log_json(e, past, &x, ehlo_slice_str("fuzz"), "log", arg) != 0) abort();
  ehlo_explanation_fini(&x);
  ehlo_buf_fini(&said);
  return 0;
}

/* As the commands do it, a piece of `step` bytes at a time. */
static enum ehlo_content tell(const struct ehlo_buf *copy, size_t step, struct ehlo_buf *out) {
  const struct ehlo_log_options options = {.clock = {1796000000, 60}, .queue_id = {"", 0}};
  struct ehlo_log_reader *reader = ehlo_log_reader_new(&options);
  struct memory_file file = memory_file_open(copy->data, copy->len);
  struct ehlo_slice first;
  char piece[COPY_MAX];
  long n;
  if (!reader || ehlo_source_peek(file.source, &first, &file.why) != 0) abort();
  const enum ehlo_content content = ehlo_content_detect(first);
  ehlo_log_reader_begin(reader, first);
  while ((n = ehlo_source_read(file.source, piece, step, &file.why)) > 0)
    if (ehlo_log_reader_feed(reader, ehlo_slice_of(piece, (size_t)n), take, out) != 0) abort();
  if (n < 0 || ehlo_log_reader_end(reader, take, out) != 0) abort();
  memory_file_close(&file);
  ehlo_log_reader_free(reader);
  return content;
}

/* Numbers tell how long a field of the journal's export is, its line ends counted; and what looks packed is not read here. */
static bool may_be_compared(const uint8_t *data, size_t size) {
  const struct ehlo_slice s = ehlo_slice_of((const char *)data, size);
  return ehlo_slice_find_nocase(s, ehlo_slice_str("__CURSOR"), 0) == SIZE_MAX &&
         ehlo_slice_find_nocase(s, ehlo_slice_str("__REALTIME"), 0) == SIZE_MAX;
}

static bool looks_packed(const uint8_t *data, size_t size) {
  return size > 2 && (data[0] == 0x1f || data[0] == 'B' || data[0] == 0xfd || data[0] == 0x28);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct ehlo_buf copy, told[LINE_ENDS];
  if (size < 1 || looks_packed(data + 1, size - 1)) return 0;
  ehlo_buf_init(&copy, COPY_MAX);
  const size_t step = 1 + data[0];
  enum ehlo_content content[LINE_ENDS];
  for (int i = 0; i < LINE_ENDS; i++) {
    ehlo_buf_init(&told[i], JSON_MAX);
    end_lines_in(line_ends[i], data, size, &copy);
    content[i] = tell(&copy, i == 0 ? COPY_MAX : step, &told[i]);
    if (!may_be_compared(data, size)) continue;
    if (content[i] != content[0]) abort();
    must_equal(&told[0], &told[i]);
  }
  for (int i = 0; i < LINE_ENDS; i++)
    ehlo_buf_fini(&told[i]);
  ehlo_buf_fini(&copy);
  return 0;
}
