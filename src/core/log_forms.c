/* Owns: which form a source has, and its lines' way to the reader of that form. Callers: log_reader.c. */
#include "log_forms.h"

#include "ehlo/core/log_reader.h"
#include "log_private.h"

typedef int line_reader(struct log_form_state *s, struct ehlo_slice line, log_form_taker *take, void *arg);

static int plain_line(struct log_form_state *s, struct ehlo_slice line, log_form_taker *take, void *arg) {
  struct ehlo_log_event e;
  s->line = line;
  return ehlo_log_read(line, &e) && e.what != EHLO_LOG_OTHER ? take(arg, &e) : 0;
}

static bool is_exim_queue(struct ehlo_slice s) {
  struct ehlo_slice line = log_to(s, log_find(s, "\n"));
  line = ehlo_slice_trim(line);
  const struct ehlo_slice age = log_next_word(&line);
  return age.len > 1 && ehlo_is_digit((unsigned char)age.ptr[0]) && strchr("smhdw", age.ptr[age.len - 1]) &&
         log_find(line, " <") != SIZE_MAX;
}

static bool is_postqueue(struct ehlo_slice s) {
  return log_starts(s, "-Queue ID-") || log_starts(s, "Mail queue is empty") ||
         log_find(log_to(s, 200), "-Q-ID-") != SIZE_MAX;
}

static bool is_journal_json(struct ehlo_slice s) {
  return log_starts(s, "{") && log_find(s, "\"MESSAGE\"") != SIZE_MAX;
}
bool log_form_is_export(struct ehlo_slice s) {
  return log_starts(s, "__CURSOR=") || log_starts(s, "__REALTIME_TIMESTAMP=");
}
static bool is_postqueue_json(struct ehlo_slice s) {
  return log_starts(s, "{\"queue_name\"");
}

static const struct {
  bool (*is)(struct ehlo_slice first);
  line_reader *read;
} forms[FORMS] = {[FORM_LINES] = {NULL, plain_line},
                  [FORM_JOURNAL_JSON] = {is_journal_json, journal_json_line},
                  [FORM_JOURNAL_EXPORT] = {log_form_is_export, journal_export_line},
                  [FORM_POSTQUEUE_JSON] = {is_postqueue_json, queue_json_line},
                  [FORM_POSTQUEUE] = {is_postqueue, queue_postfix_line},
                  [FORM_EXIM_QUEUE] = {is_exim_queue, queue_exim_line}};

static struct ehlo_buf *buffers(struct log_form_state *s, size_t i) {
  struct ehlo_buf *const all[] = {&s->made, &s->machine, &s->program, &s->message, &s->queue_id, &s->from, &s->reason};
  return i < sizeof all / sizeof *all ? all[i] : NULL;
}

void log_form_init(struct log_form_state *s) {
  memset(s, 0, sizeof *s);
  for (size_t i = 0; buffers(s, i); i++)
    ehlo_buf_init(buffers(s, i), EHLO_LOG_LINE_MAX);
}

void log_form_fini(struct log_form_state *s) {
  for (size_t i = 0; buffers(s, i); i++)
    ehlo_buf_fini(buffers(s, i));
}

void log_form_begin(struct log_form_state *s, struct ehlo_slice first) {
  if (log_starts(first, "\xEF\xBB\xBF")) first = log_from(first, 3);
  while (first.len > 0 && (first.ptr[0] == '\n' || first.ptr[0] == '\r'))
    first = log_from(first, 1);
  s->form = FORM_LINES;
  s->product = "postfix";
  s->length_left = 0;
  s->value_left = 0;
  for (int f = 1; f < FORMS; f++) {
    if (!forms[f].is(first)) continue;
    s->form = (enum log_form)f;
    break;
  }
  for (size_t i = 0; buffers(s, i); i++)
    ehlo_buf_reset(buffers(s, i));
}

int log_form_line(struct log_form_state *s, struct ehlo_slice line, log_form_taker *take, void *arg) {
  return forms[s->form].read(s, line, take, arg);
}

/* The last record of the journal has no empty line behind it. */
int log_form_end(struct log_form_state *s, log_form_taker *take, void *arg) {
  return s->form == FORM_JOURNAL_EXPORT ? journal_export_line(s, log_word(""), take, arg) : 0;
}

void log_form_date(const struct log_form_state *s, const struct ehlo_log_clock *clock, struct ehlo_log_event *e) {
  const int64_t local = (int64_t)clock->offset * 60;
  if (s->form == FORM_LINES || s->form == FORM_POSTQUEUE) {
    ehlo_log_date(s->line, clock, e);
    if (s->form == FORM_POSTQUEUE && e->time > 0) e->delay = (double)(clock->now + local - e->time);
    return;
  }
  if (s->form == FORM_EXIM_QUEUE) { /* it tells ages */
    e->time = e->delay >= 0 ? clock->now + local - (int64_t)e->delay : 0;
    return;
  }
  if (s->seconds <= 0) return;
  e->time = s->seconds + local;
  e->micros = s->micros;
  e->offset = clock->offset;
  if (s->form == FORM_POSTQUEUE_JSON) e->delay = (double)(clock->now - s->seconds);
}
