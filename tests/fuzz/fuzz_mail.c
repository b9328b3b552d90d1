/* Owns: a fuzz entry for the reader of mails: whatever the bytes, a mail is named for something and told in one line of JSON, the same
 * however its lines end; and every recipient of it with evidence. See drive.c. */
#include <dlfcn.h>
#include <string.h>

#include "ehlo/base/error.h"
#include "ehlo/core/bounce.h"
#include "line_ends.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { JSON_MAX = 1 << 24 };

/* As the binding keeps them from one mail to the next: what an input leaves must not reach the one after it. */
struct kept {
  struct ehlo_mime_reader *reader;
  struct ehlo_mail mail;
  struct ehlo_bounce bounce;
};

static void open_reader(struct kept *k) {
  ehlo_mime_open_reader *open = NULL;
  void *module = dlopen(EHLO_FOLDER "/ehlo-mime.so", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  void *symbol = module ? dlsym(module, EHLO_MIME_SYMBOL) : NULL;
  if (!symbol) abort();
  memcpy(&open, &symbol, sizeof open);
  if (open(&k->reader) != 0) abort();
}

static void check(const struct ehlo_bounce *b) {
  for (int i = 0; i < b->n && ehlo_bounce_tells(b); i++) {
    struct ehlo_explanation e;
    if (ehlo_bounce_explain(ehlo_catalogue_builtin(), &b->recipients[i], &e) == 0 && e.evidence.len == 0) abort();
    ehlo_explanation_fini(&e);
  }
}

/* False where there is no mail in it. */
static bool tell(struct kept *k, struct ehlo_slice bytes, enum ehlo_mail_scope scope, struct ehlo_buf *out) {
  if (ehlo_mail_read(bytes, scope, k->reader, &k->mail) != 0) return false;
  if (ehlo_bounce_read(&k->mail, &k->bounce) != 0) abort();
  if (ehlo_bounce_json(ehlo_catalogue_builtin(), &k->bounce, ehlo_slice_str("fuzz"), out) != 0) abort();
  check(&k->bounce);
  return true;
}

/* The same from memory that held no mail before. */
static void tell_afresh(struct ehlo_mime_reader *reader, struct ehlo_slice bytes, struct ehlo_buf *out) {
  struct kept fresh = {.reader = reader};
  (void)tell(&fresh, bytes, EHLO_MAIL_REPORT, out);
  ehlo_bounce_fini(&fresh.bounce);
  ehlo_mail_fini(&fresh.mail);
}

static void check_line(const struct ehlo_buf *line) {
  for (size_t i = 0; i < line->len; i++)
    if ((unsigned char)line->data[i] < ' ' && (line->data[i] != '\n' || i + 1 < line->len)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct kept kept;
  struct ehlo_buf copy, told[LINE_ENDS];
  if (!kept.reader) open_reader(&kept);
  ehlo_buf_init(&copy, COPY_MAX);
  for (int i = 0; i < LINE_ENDS; i++) {
    ehlo_buf_init(&told[i], JSON_MAX);
    end_lines_in(line_ends[i], data, size, &copy);
    (void)tell(&kept, ehlo_buf_slice(&copy), EHLO_MAIL_REPORT, &told[i]);
    must_equal(&told[0], &told[i]);
  }
  check_line(&told[0]);
  ehlo_buf_reset(&told[1]);
  tell_afresh(kept.reader, ehlo_buf_slice(&copy), &told[1]);
  must_equal(&told[0], &told[1]);
  ehlo_buf_reset(&told[0]);
  (void)tell(&kept, ehlo_slice_of((const char *)data, size), EHLO_MAIL_ALL, &told[0]);
  for (int i = 0; i < LINE_ENDS; i++)
    ehlo_buf_fini(&told[i]);
  ehlo_buf_fini(&copy);
  return 0;
}
