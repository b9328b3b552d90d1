/* Owns: the detector of what an operator hands in. Callers: explain's inputs. One row a kind, tried in their order. */
#include "ehlo/core/content.h"

#include "ehlo/core/log.h"
#include "log_forms.h"

enum { LINES = 40, FEW = 10 }; /* FEW: one of so many may be something else */

static bool starts(struct ehlo_slice s, const char *prefix) {
  return s.len >= strlen(prefix) && memcmp(s.ptr, prefix, strlen(prefix)) == 0;
}

/* Line ends are LF, CRLF or CR. */
static bool next_line(struct ehlo_slice *s, struct ehlo_slice *line) {
  if (s->len == 0) return false;
  size_t len = 0;
  while (len < s->len && s->ptr[len] != '\n' && s->ptr[len] != '\r')
    len++;
  *line = ehlo_slice_of(s->ptr, len);
  size_t end = len < s->len ? len + 1 : len;
  if (end < s->len && s->ptr[len] == '\r' && s->ptr[end] == '\n') end++;
  *s = ehlo_slice_of(s->ptr + end, s->len - end);
  return true;
}

/* "From sender Tue Nov  3 04:05:06 2026" */
static bool is_mbox(struct ehlo_slice s) {
  struct ehlo_slice line;
  if (!starts(s, "From ") || !next_line(&s, &line)) return false;
  size_t colons = 0;
  for (size_t i = 0; i < line.len; i++)
    colons += line.ptr[i] == ':';
  return colons >= 1 || line.len > 30;
}

/* "25m  2.9K 1abcde-0001Ab-CD <a@b>" of exim -bp */
static bool is_exim_queue(struct ehlo_slice line) {
  size_t at = 0;
  while (at < line.len && line.ptr[at] == ' ')
    at++;
  const size_t digits = at;
  while (at < line.len && ehlo_is_digit((unsigned char)line.ptr[at]))
    at++;
  if (at == digits || at >= line.len || !strchr("smhdw", line.ptr[at]) || line.len < at + 20) return false;
  const char *open = memchr(line.ptr, '<', line.len);
  return open && memchr(open, '>', (size_t)(line.ptr + line.len - open)) &&
         memchr(line.ptr, '-', (size_t)(open - line.ptr));
}

static bool is_queue(struct ehlo_slice s) {
  struct ehlo_slice line = {"", 0};
  while (line.len == 0 && next_line(&s, &line)) {
  }
  if (ehlo_slice_find_nocase(ehlo_slice_of(s.ptr, s.len < 200 ? s.len : 200), ehlo_slice_str("-Q-ID-"), 0) != SIZE_MAX)
    return true;
  return starts(line, "{\"queue_name\"") || starts(line, "-Queue ID-") || starts(line, "Mail queue is empty") ||
         is_exim_queue(line);
}

static bool is_log(struct ehlo_slice s) {
  struct ehlo_slice line;
  struct ehlo_log_event e;
  if (log_form_is_export(s) ||
      (starts(s, "{") && ehlo_slice_find_nocase(s, ehlo_slice_str("\"MESSAGE\""), 0) != SIZE_MAX))
    return true;
  for (int i = 0; i < LINES && next_line(&s, &line); i++) {
    if (ehlo_log_read(line, &e)) return true;
  }
  return false;
}

static bool is_header(struct ehlo_slice line, bool *known) {
  static const char *const names[] = {"received",      "return-path", "delivered-to",   "from",         "to",
                                      "subject",       "date",        "message-id",     "mime-version", "content-type",
                                      "x-original-to", "reply-to",    "dkim-signature", "x-envelope-to"};
  size_t len = 0;
  while (len < line.len && line.ptr[len] > ' ' && line.ptr[len] < 127 && line.ptr[len] != ':')
    len++;
  if (len == 0 || len >= line.len || line.ptr[len] != ':') return false;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    *known = *known || ehlo_slice_equal_nocase(ehlo_slice_of(line.ptr, len), ehlo_slice_str(names[i]));
  return true;
}

/* Two fields at least, folded or not, one of them of a name that mails have. */
static bool is_mail(struct ehlo_slice s) {
  struct ehlo_slice line;
  int fields = 0;
  bool known = false;
  for (int i = 0; i < LINES && next_line(&s, &line); i++) {
    if (line.len == 0 && fields == 0) continue;
    if (fields > 0 && line.len > 0 && (line.ptr[0] == ' ' || line.ptr[0] == '\t')) continue;
    if (!is_header(line, &known)) break;
    fields++;
  }
  return fields >= 2 && known;
}

static bool has_code(struct ehlo_slice line) {
  return line.len >= 4 && line.ptr[0] >= '2' && line.ptr[0] <= '5' && ehlo_is_digit((unsigned char)line.ptr[1]) &&
         ehlo_is_digit((unsigned char)line.ptr[2]) && (line.ptr[3] == ' ' || line.ptr[3] == '-');
}

/* Nearly every line has a code, and after the first reply's last line another begins. */
static bool is_replies(struct ehlo_slice s) {
  struct ehlo_slice line;
  int lines = 0, lasts = 0, others = 0;
  for (; lines < LINES && next_line(&s, &line); lines++) {
    if (line.len == 0) continue;
    const bool is_cut = s.len == 0, is_code = has_code(line);
    others += !is_code && !is_cut;
    lasts += is_code && line.ptr[3] == ' ';
  }
  return lasts >= 2 && others * FEW <= lines;
}

enum ehlo_content ehlo_content_detect(struct ehlo_slice first) {
  static const struct {
    bool (*is)(struct ehlo_slice s);
    enum ehlo_content kind;
  } rows[] = {{is_mbox, EHLO_CONTENT_MBOX},
              {is_queue, EHLO_CONTENT_QUEUE},
              {is_mail, EHLO_CONTENT_MAIL},
              {is_replies, EHLO_CONTENT_REPLIES},
              {is_log, EHLO_CONTENT_LOG}};
  if (first.len > EHLO_CONTENT_LOOK) first.len = EHLO_CONTENT_LOOK;
  if (starts(first, "\xEF\xBB\xBF")) first = ehlo_slice_of(first.ptr + 3, first.len - 3);
  if (ehlo_slice_trim(first).len == 0) return EHLO_CONTENT_EMPTY;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (rows[i].is(first)) return rows[i].kind;
  }
  return EHLO_CONTENT_REPLY;
}

const char *ehlo_content_name(enum ehlo_content kind) {
  static const char *const names[] = {"empty", "reply", "replies", "log", "queue", "mail", "mbox"};
  return (size_t)kind < sizeof names / sizeof *names ? names[kind] : names[0];
}
