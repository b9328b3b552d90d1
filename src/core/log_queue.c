/* Owns: listings of what waits in a queue: `postqueue -j`, `postqueue -p` (mailq, also Sendmail's), `exim -bp`. Callers: log_forms.c. */
#include <jansson.h>

#include "ehlo/base/error.h"
#include "log_forms.h"
#include "log_private.h"

enum { STAMP_LEN = 15 };

static const struct ehlo_slice none = {"", 0};

/* An entry says no more than the reason in parentheses, as status= does in Postfix's log and stat= in Sendmail's. */
static int hand_on(const char *product, struct log_form_state *s, struct ehlo_slice to, struct ehlo_slice reason,
                   log_form_taker *take, void *arg) {
  struct ehlo_log_event e;
  if (log_starts(reason, "Deferred: ")) reason = log_from(reason, strlen("Deferred: "));
  log_queue_event(product, reason, &e);
  e.queue_id = ehlo_buf_slice(&s->queue_id);
  e.from = ehlo_buf_slice(&s->from);
  e.has_from = true;
  e.to = to;
  return take(arg, &e);
}

static struct ehlo_slice text_of(const json_t *value) {
  return json_is_string(value) ? ehlo_slice_of(json_string_value(value), json_string_length(value)) : none;
}

static void set(struct ehlo_buf *b, struct ehlo_slice text) {
  ehlo_buf_reset(b);
  (void)ehlo_buf_add_slice(b, text);
}

/* Postfix shows the null sender as MAILER-DAEMON. */
static void set_from(struct log_form_state *s, struct ehlo_slice from) {
  set(&s->from, ehlo_slice_equal(from, log_word("MAILER-DAEMON")) ? none : from);
}

int queue_json_line(struct log_form_state *s, struct ehlo_slice line, log_form_taker *take, void *arg) {
  json_t *entry = json_loadb(line.ptr, line.len, JSON_ALLOW_NUL, NULL), *recipient;
  if (!entry) return 0;
  const bool held = ehlo_slice_equal(text_of(json_object_get(entry, "queue_name")), log_word("hold"));
  set(&s->queue_id, text_of(json_object_get(entry, "queue_id")));
  set_from(s, text_of(json_object_get(entry, "sender")));
  s->seconds = (int64_t)json_integer_value(json_object_get(entry, "arrival_time"));
  s->micros = 0;
  size_t i;
  int error = 0;
  json_array_foreach(json_object_get(entry, "recipients"), i, recipient) {
    struct ehlo_slice reason = text_of(json_object_get(recipient, "delay_reason"));
    if (reason.len == 0 && held) reason = log_word(LOG_QUEUE_HELD);
    if (reason.len == 0 || error) continue; /* it has not been tried yet */
    error = hand_on("postfix", s, text_of(json_object_get(recipient, "address")), reason, take, arg);
  }
  json_decref(entry);
  return error;
}

/* "4ABCdef12z3*    1234 Tue Nov  3 04:05:06  sender@example.org" */
static void begin_entry(struct log_form_state *s, struct ehlo_slice line) {
  struct ehlo_slice id = log_next_word(&line);
  const bool held = id.len > 0 && memchr(id.ptr, '!', id.len);
  while (id.len > 0 && (id.ptr[id.len - 1] == '*' || id.ptr[id.len - 1] == '!' || id.ptr[id.len - 1] == '#' ||
                        id.ptr[id.len - 1] == '-'))
    id.len--;
  set(&s->queue_id, id);
  set(&s->reason, held ? log_word(LOG_QUEUE_HELD) : none);
  line = ehlo_slice_trim(line);
  (void)log_next_word(&line); /* size */
  (void)log_next_word(&line); /* day of the week */
  ehlo_buf_reset(&s->made);
  const bool has_seconds = line.len > 12 && line.ptr[12] == ':'; /* Sendmail leaves them out */
  (void)ehlo_buf_add_slice(&s->made, log_to(line, has_seconds ? STAMP_LEN : STAMP_LEN - 3));
  if (!has_seconds) (void)ehlo_buf_add_str(&s->made, ":00");
  (void)ehlo_buf_add_str(&s->made, " - queue: ");
  const char *blank = line.len > 0 ? memrchr(line.ptr, ' ', line.len) : NULL;
  set_from(s, log_bare_address(blank ? log_from(line, (size_t)(blank - line.ptr) + 1) : none));
}

int queue_postfix_line(struct log_form_state *s, struct ehlo_slice line, log_form_taker *take, void *arg) {
  const struct ehlo_slice text = ehlo_slice_trim(line);
  if (text.len > 0 && text.ptr[0] == '-' && log_find(text, "-Q-ID-") != SIZE_MAX) s->product = "sendmail";
  if (text.len == 0 || text.ptr[0] == '-') return 0;
  if (text.ptr[0] == '(') {
    set(&s->reason, ehlo_slice_of(text.ptr + 1, text.len - (text.ptr[text.len - 1] == ')' ? 2 : 1)));
    return 0;
  }
  if (line.ptr[0] != ' ' && line.ptr[0] != '\t') {
    begin_entry(s, line);
    return 0;
  }
  const bool is_address = text.ptr[0] == '<' || text.ptr[0] == '"' || !memchr(text.ptr, ' ', text.len);
  if (s->reason.len == 0 || s->queue_id.len == 0 || !is_address) return 0;
  s->line = ehlo_buf_slice(&s->made);
  return hand_on(s->product, s, log_bare_address(text), ehlo_buf_slice(&s->reason), take, arg);
}

/* "25m  2.9K 1abcde-0001Ab-CD <sender@example.org> *** frozen ***", then the recipients, "D" in front of those that are done. */
int queue_exim_line(struct log_form_state *s, struct ehlo_slice line, log_form_taker *take, void *arg) {
  struct ehlo_slice text = ehlo_slice_trim(line);
  const size_t open = log_find(text, " <"), close = log_find(text, ">");
  if (text.len == 0) return 0;
  if (ehlo_is_digit((unsigned char)text.ptr[0]) && open != SIZE_MAX && close != SIZE_MAX && open < close) {
    struct ehlo_slice words = log_to(text, open);
    s->wall = (int64_t)log_seconds(log_next_word(&words));
    words = ehlo_slice_trim(words);
    (void)log_next_word(&words);
    set(&s->queue_id, ehlo_slice_trim(words));
    set(&s->from, ehlo_slice_of(text.ptr + open + 2, close - open - 2));
    set(&s->reason, log_word(log_find(text, "*** frozen ***") != SIZE_MAX ? LOG_QUEUE_FROZEN : LOG_QUEUE_SILENT));
    return 0;
  }
  if (s->queue_id.len == 0 || log_starts(text, "D ")) return 0;
  struct ehlo_log_event e;
  log_queue_event("exim", ehlo_buf_slice(&s->reason), &e);
  e.queue_id = ehlo_buf_slice(&s->queue_id);
  e.from = ehlo_buf_slice(&s->from);
  e.has_from = true;
  e.to = text;
  e.delay = (double)s->wall;
  return take(arg, &e);
}
