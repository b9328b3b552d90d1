/* Owns: sender, recipient and subject of the mail that came back, from its own part, from its headers alone, or from the copy at the end of
 * the report. Callers: the reader of bounces. */
#include <stdint.h>

#include "bounce_inner.h"

enum { HEADER_LINES = 400 };

/* "Name <a@b>" becomes a@b; what has no address stays as it is. */
static struct ehlo_slice bare(struct ehlo_slice value) {
  size_t at;
  const char *open = value.len > 0 ? memchr(value.ptr, '<', value.len) : NULL;
  struct ehlo_slice found = text_address(value, open ? (size_t)(open - value.ptr) : 0, &at);
  if (found.len == 0) found = text_address(value, 0, &at);
  return found.len > 0 ? found : ehlo_slice_trim(value);
}

static void set(struct ehlo_slice *field, struct ehlo_slice value) {
  if (field->len == 0) *field = ehlo_slice_trim(value);
}

/* A header in plain text: unfolded by its lines that begin with a blank. */
static void read_headers(struct bounce_work *w, struct ehlo_slice text) {
  static const char *const names[] = {"from:", "to:", "subject:"};
  struct ehlo_slice *fields[] = {&w->out->from, &w->out->to, &w->out->subject};
  struct ehlo_slice rest = text, line, ahead, next;
  for (int n = 0; n < HEADER_LINES && text_line(&rest, &line); n++) {
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
      if (!text_starts(line, names[i])) continue;
      size_t end = line.len;
      for (ahead = rest; text_line(&ahead, &next) && next.len > 1 && strchr(" \t", next.ptr[0]); rest = ahead)
        end = (size_t)(next.ptr + next.len - line.ptr);
      const struct ehlo_slice value = text_from(text_until(ehlo_slice_of(line.ptr, end), end), strlen(names[i]));
      set(fields[i], i < 2 ? bare(value) : text_folded(&w->memory, value));
      break;
    }
  }
}

static void read_part(struct bounce_work *w, int part) {
  set(&w->out->from, bare(ehlo_mail_header(w->mail, part, "From")));
  set(&w->out->to, bare(ehlo_mail_header(w->mail, part, "To")));
  set(&w->out->subject, ehlo_mail_header(w->mail, part, "Subject"));
}

void bounce_read_original(struct bounce_work *w) {
  if (w->original >= 0) {
    const bool has_message =
        w->original + 1 < w->mail->n_parts && w->mail->parts[w->original + 1].depth > w->mail->parts[w->original].depth;
    if (has_message) read_part(w, w->original + 1);
    if (!has_message) read_headers(w, w->mail->parts[w->original].body);
  }
  read_headers(w, w->returned);
}
