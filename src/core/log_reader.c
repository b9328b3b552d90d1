/* Owns: reading a log piece by piece: lines, their events, and what lines before have told of the same message. Callers: bindings. */
#include "ehlo/core/log_reader.h"

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "log_forms.h"
#include "log_join.h"

struct ehlo_log_reader {
  struct ehlo_log_options options;
  struct join join;
  struct log_form_state form;
  struct ehlo_buf rest; /* the line that has no end yet */
  bool skipping;        /* it is too long: its tail is left out */
  char id[JOIN_ID_MAX];
};

struct ehlo_log_reader *ehlo_log_reader_new(const struct ehlo_log_options *options) {
  struct ehlo_log_reader *r = ehlo_memory_zalloc(1, sizeof *r);
  if (!r) return NULL;
  r->options = *options;
  const size_t len = options->queue_id.len < sizeof r->id ? options->queue_id.len : sizeof r->id;
  if (len > 0) memcpy(r->id, options->queue_id.ptr, len);
  r->options.queue_id = ehlo_slice_of(r->id, len);
  ehlo_buf_init(&r->rest, EHLO_LOG_LINE_MAX);
  log_form_init(&r->form);
  if (join_init(&r->join, options->messages > 0 ? options->messages : EHLO_LOG_MESSAGES) != 0) {
    ehlo_log_reader_free(r);
    return NULL;
  }
  return r;
}

void ehlo_log_reader_free(struct ehlo_log_reader *r) {
  if (!r) return;
  join_fini(&r->join);
  log_form_fini(&r->form);
  ehlo_buf_fini(&r->rest);
  ehlo_memory_free(r);
}

void ehlo_log_reader_begin(struct ehlo_log_reader *r, struct ehlo_slice first) {
  ehlo_buf_reset(&r->rest);
  r->skipping = false;
  log_form_begin(&r->form, first);
}

/* OpenSMTPD's envelopes begin with the id of their message. */
static bool is_wanted(const struct ehlo_log_reader *r, const struct ehlo_log_event *e) {
  const struct ehlo_slice id = r->options.queue_id;
  if (ehlo_slice_equal(e->queue_id, id) || ehlo_slice_equal(e->other_id, id)) return true;
  return strcmp(e->product, "opensmtpd") == 0 && id.len == 8 && e->queue_id.len == 16 &&
         memcmp(e->queue_id.ptr, id.ptr, 8) == 0;
}

static bool is_result(const struct ehlo_log_event *e) {
  return e->what == EHLO_LOG_ATTEMPT || e->what == EHLO_LOG_REJECTED;
}

struct taking {
  struct ehlo_log_reader *r;
  ehlo_log_taker *take;
  void *arg;
};

static int hand_on(const struct taking *t, const struct ehlo_log_event *e, const struct ehlo_log_past *past) {
  if (t->r->options.since > 0 && e->time > 0 && e->time < t->r->options.since) return 0;
  return t->take(t->arg, e, past);
}

/* What is sent at once needs no memory; what waits is remembered until it ends. */
static int take_attempt(const struct taking *t, struct ehlo_log_event *e) {
  struct ehlo_log_past past = {0, NULL};
  const bool waits = e->status == EHLO_STATUS_DEFERRED;
  struct join_message *m = join_find(&t->r->join, e->queue_id, waits);
  struct join_recipient *recipient = m && (waits || m->n > 0) ? join_recipient(m, e->to) : NULL;
  if (recipient) {
    past.attempts = ++recipient->attempts;
    past.mark = &recipient->mark;
  }
  return hand_on(t, e, &past);
}

/* The queue manager gives a message up as a whole: each recipient that waited has failed. */
static int take_expired(const struct taking *t, struct ehlo_log_event *e) {
  struct join_message *m = join_find(&t->r->join, e->queue_id, false);
  int error = 0;
  for (int i = 0; m && i < m->n && !error; i++) {
    struct ehlo_log_event one = *e;
    const struct ehlo_log_past past = {m->recipients[i].attempts, &m->recipients[i].mark};
    one.to = ehlo_slice_str(m->recipients[i].address);
    error = hand_on(t, &one, &past);
  }
  return m && m->n > 0 ? error : hand_on(t, e, &(struct ehlo_log_past){0, NULL});
}

static int take_event(void *arg, struct ehlo_log_event *e) {
  const struct taking *t = arg;
  struct ehlo_log_reader *r = t->r;
  const bool one = r->options.queue_id.len > 0;
  if (e->what == EHLO_LOG_OTHER) return 0;
  int error = e->what == EHLO_LOG_ARRIVED ? join_learn(&r->join, e) : 0;
  if (error || (!one && !is_result(e) && e->what != EHLO_LOG_ENDED)) return error;
  const bool told =
      one || (is_result(e) && e->status != EHLO_STATUS_SENT); /* of what was sent only the fact is wanted */
  if (told || e->delivery > 0) join_complete(&r->join, e);
  if (one && !is_wanted(r, e)) return 0;
  if (told) log_form_date(&r->form, &r->options.clock, e);
  if (e->what == EHLO_LOG_ATTEMPT) {
    error = e->status == EHLO_STATUS_EXPIRED && e->to.len == 0 ? take_expired(t, e) : take_attempt(t, e);
  } else if (e->what == EHLO_LOG_REJECTED || one) {
    error = hand_on(t, e, &(struct ehlo_log_past){0, NULL});
  }
  if (e->what == EHLO_LOG_ENDED) {
    struct join_message *m = join_find(&r->join, e->queue_id, false);
    if (m) join_forget(&r->join, m);
  }
  return error;
}

static int take_line(const struct taking *t, struct ehlo_slice line) {
  while (line.len > 0 && line.ptr[line.len - 1] == '\r')
    line.len--;
  struct taking copy = *t;
  return log_form_line(&t->r->form, line, take_event, &copy);
}

/* Keeps the beginning of a line whose end has not come. */
static int keep_rest(struct ehlo_log_reader *r, struct ehlo_slice bytes) {
  const size_t room = EHLO_LOG_LINE_MAX - r->rest.len;
  if (r->skipping) return 0;
  if (bytes.len > room) {
    r->skipping = true;
    bytes.len = room;
  }
  return ehlo_buf_add_slice(&r->rest, bytes);
}

int ehlo_log_reader_feed(struct ehlo_log_reader *r, struct ehlo_slice bytes, ehlo_log_taker *take, void *arg) {
  const struct taking t = {r, take, arg};
  int error = 0;
  while (bytes.len > 0 && !error) {
    if (log_form_bytes(&r->form, &bytes)) continue;
    const char *end = memchr(bytes.ptr, '\n', bytes.len);
    if (!end) return keep_rest(r, bytes);
    struct ehlo_slice line = ehlo_slice_of(bytes.ptr, (size_t)(end - bytes.ptr));
    bytes = ehlo_slice_of(end + 1, bytes.len - line.len - 1);
    if (r->rest.len > 0 || r->skipping) {
      error = keep_rest(r, line);
      if (!error) error = take_line(&t, ehlo_buf_slice(&r->rest));
      ehlo_buf_reset(&r->rest);
      r->skipping = false;
    } else {
      if (line.len > EHLO_LOG_LINE_MAX) line.len = EHLO_LOG_LINE_MAX;
      error = take_line(&t, line);
    }
  }
  return error;
}

int ehlo_log_reader_end(struct ehlo_log_reader *r, ehlo_log_taker *take, void *arg) {
  const struct taking t = {r, take, arg};
  int error = r->rest.len > 0 ? take_line(&t, ehlo_buf_slice(&r->rest)) : 0;
  ehlo_buf_reset(&r->rest);
  r->skipping = false;
  struct taking copy = t;
  const int ended = log_form_end(&r->form, take_event, &copy);
  return error ? error : ended;
}
