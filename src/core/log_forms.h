/* Owns: the forms in which logs and queues come, beside plain lines. Callers: log_reader.c. */
#ifndef EHLO_CORE_LOG_FORMS_H
#define EHLO_CORE_LOG_FORMS_H

#include "ehlo/base/buf.h"
#include "ehlo/core/log.h"

enum log_form {
  FORM_LINES,
  FORM_JOURNAL_JSON,
  FORM_JOURNAL_EXPORT,
  FORM_POSTQUEUE_JSON,
  FORM_POSTQUEUE,
  FORM_EXIM_QUEUE,
  FORMS
};

struct log_form_state {
  enum log_form form;
  struct ehlo_slice line; /* that events came from last: where their date stands */
  struct ehlo_buf made;   /* a line of syslog's form, made from a record of the journal */
  /* the record of the journal, or the entry of the queue, that is being put together */
  struct ehlo_buf machine, program, message, queue_id, from, reason;
  const char *product; /* whose queue it is */
  int64_t seconds;     /* since 1970, UTC */
  int micros;
  /* a field of the journal's that comes as bytes: where it goes (NULL: nowhere), and how much of its length and of it is to come */
  struct ehlo_buf *field;
  int length_left;
  uint64_t value_left;
  int64_t wall; /* as the clock on the wall showed it; 0 where unknown */
};

typedef int log_form_taker(void *arg, struct ehlo_log_event *e);

/* Whether these are the first bytes of what `journalctl -o export` writes. */
bool log_form_is_export(struct ehlo_slice first);

void log_form_init(struct log_form_state *s);
void log_form_fini(struct log_form_state *s);
void log_form_begin(struct log_form_state *s, struct ehlo_slice first);
int log_form_line(struct log_form_state *s, struct ehlo_slice line, log_form_taker *take, void *arg);
/* Takes bytes from the front that belong to no line; false where there are none. */
bool log_form_bytes(struct log_form_state *s, struct ehlo_slice *bytes);
int log_form_end(struct log_form_state *s, log_form_taker *take, void *arg);
void log_form_date(const struct log_form_state *s, const struct ehlo_log_clock *clock, struct ehlo_log_event *e);

/* One line of each form (journal: log_journal.c; queues: log_queue.c). */
int journal_json_line(struct log_form_state *s, struct ehlo_slice line, log_form_taker *take, void *arg);
int journal_export_line(struct log_form_state *s, struct ehlo_slice line, log_form_taker *take, void *arg);
int queue_json_line(struct log_form_state *s, struct ehlo_slice line, log_form_taker *take, void *arg);
int queue_postfix_line(struct log_form_state *s, struct ehlo_slice line, log_form_taker *take, void *arg);
int queue_exim_line(struct log_form_state *s, struct ehlo_slice line, log_form_taker *take, void *arg);

#endif
