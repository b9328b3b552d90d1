/* Owns: a fuzz entry for the reader of mails: whatever the bytes, a mail is named for something and told in one line of JSON, the same
 * however its lines end; and every recipient of it with evidence. See drive.c. */
#include <dlfcn.h>
#include <string.h>

#include "ehlo/base/error.h"
#include "ehlo/core/bounce.h"
#include "line_ends.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { JSON_MAX = 1 << 24 };

static ehlo_mime_reader *open_reader(void) {
  ehlo_mime_reader *reader = NULL;
  void *module = dlopen(EHLO_FOLDER "/ehlo-mime.so", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  void *symbol = module ? dlsym(module, EHLO_MIME_SYMBOL) : NULL;
  if (!symbol) abort();
  memcpy(&reader, &symbol, sizeof reader);
  return reader;
}

static void check(const struct ehlo_bounce *b) {
  for (int i = 0; i < b->n && ehlo_bounce_tells(b); i++) {
    struct ehlo_explanation e;
    if (ehlo_bounce_explain(ehlo_catalogue_builtin(), &b->recipients[i], &e) == 0 && e.evidence.len == 0) abort();
    ehlo_explanation_fini(&e);
  }
}

/* False where there is no mail in it. */
static bool tell(struct ehlo_slice bytes, enum ehlo_mail_scope scope, ehlo_mime_reader *reader, struct ehlo_buf *out) {
  struct ehlo_mail mail;
  struct ehlo_bounce bounce;
  const bool read = ehlo_mail_read(bytes, scope, reader, &mail) == 0;
  if (read) {
    if (ehlo_bounce_read(&mail, &bounce) != 0) abort();
    if (ehlo_bounce_json(ehlo_catalogue_builtin(), &bounce, ehlo_slice_str("fuzz"), out) != 0) abort();
    check(&bounce);
    ehlo_bounce_fini(&bounce);
  }
  ehlo_mail_fini(&mail);
  return read;
}

static void check_line(const struct ehlo_buf *line) {
  for (size_t i = 0; i < line->len; i++)
    if ((unsigned char)line->data[i] < ' ' && (line->data[i] != '\n' || i + 1 < line->len)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static ehlo_mime_reader *reader;
  struct ehlo_buf copy, told[LINE_ENDS];
  if (!reader) reader = open_reader();
  ehlo_buf_init(&copy, COPY_MAX);
  for (int i = 0; i < LINE_ENDS; i++) {
    ehlo_buf_init(&told[i], JSON_MAX);
    end_lines_in(line_ends[i], data, size, &copy);
    (void)tell(ehlo_buf_slice(&copy), EHLO_MAIL_REPORT, reader, &told[i]);
    must_equal(&told[0], &told[i]);
  }
  check_line(&told[0]);
  ehlo_buf_reset(&told[0]);
  (void)tell(ehlo_slice_of((const char *)data, size), EHLO_MAIL_ALL, reader, &told[0]);
  for (int i = 0; i < LINE_ENDS; i++)
    ehlo_buf_fini(&told[i]);
  ehlo_buf_fini(&copy);
  return 0;
}
