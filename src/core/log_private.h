/* Owns: what the readers of single products share: the head of a line cut off, and small steps over its words. Callers: src/core/log_*.c. */
#ifndef EHLO_CORE_LOG_PRIVATE_H
#define EHLO_CORE_LOG_PRIVATE_H

#include "ehlo/base/scan.h"
#include "ehlo/core/log.h"

enum log_stamp { STAMP_SYSLOG, STAMP_ISO, STAMP_TAI64, STAMP_EPOCH };

struct log_line {
  enum log_stamp form;
  struct ehlo_slice stamp;
  struct ehlo_slice machine; /* empty where the line names none */
  struct ehlo_slice program;
  struct ehlo_slice message;
};

bool log_line_split(struct ehlo_slice line, struct log_line *out);

/* One reader a product. Each gets the message without the line's head; false: no line of that product. */
bool log_read_postfix(struct ehlo_slice message, struct ehlo_log_event *e);
bool log_read_exim(struct ehlo_slice message, struct ehlo_log_event *e);
bool log_read_sendmail(struct ehlo_slice message, struct ehlo_log_event *e);
bool log_read_opensmtpd(struct ehlo_slice message, struct ehlo_log_event *e);
bool log_read_qmail(struct ehlo_slice message, struct ehlo_log_event *e);

/* A recipient that waits in a queue, for the reason that Postfix's status= would name. */
void log_queue_event(const char *product, struct ehlo_slice reason, struct ehlo_log_event *e);
void log_read_reason(struct ehlo_slice text, struct ehlo_log_event *e); /* Postfix's words about an attempt */

/* ---- steps (log_words.c) ---- */

static inline struct ehlo_slice log_word(const char *text) {
  return ehlo_slice_str(text);
}
static inline struct ehlo_slice log_from(struct ehlo_slice s, size_t at) {
  return at < s.len ? ehlo_slice_of(s.ptr + at, s.len - at) : ehlo_slice_of(s.ptr + s.len, 0);
}
static inline struct ehlo_slice log_to(struct ehlo_slice s, size_t end) {
  return ehlo_slice_of(s.ptr, end < s.len ? end : s.len);
}
/* Case counts. In the header, so that the lengths of words are known when it is compiled: each line is asked many times. */
static inline bool log_starts(struct ehlo_slice s, const char *prefix) {
  const size_t len = strlen(prefix);
  return s.len >= len && memcmp(s.ptr, prefix, len) == 0;
}
/* Where `needle` first or last is, or SIZE_MAX. */
size_t log_find(struct ehlo_slice s, const char *needle);
size_t log_find_last(struct ehlo_slice s, const char *needle);
/* What stands behind the first `mark`, or an empty slice. */
struct ehlo_slice log_after(struct ehlo_slice s, const char *mark);
/* The first word, up to a blank; `s` then begins behind the blank. */
struct ehlo_slice log_next_word(struct ehlo_slice *s);
/* Takes <> off; an address in them may be quoted and hold anything. */
struct ehlo_slice log_bare_address(struct ehlo_slice s);
/* KEY=VALUE, separated by a comma and a blank or, where `blanks`, by a blank; VALUE may stand in <> or "". False where there is no further one. */
bool log_next_pair(struct ehlo_slice *s, bool blanks, struct ehlo_slice *key, struct ehlo_slice *value);
/* "host[192.0.2.1]:25" or "host [192.0.2.1]" into relay and relay_address. */
void log_set_relay(struct ehlo_log_event *e, struct ehlo_slice relay);
/* Seconds as "1.2", "00:01:02", "1+00:01:02", "3m", "2d3h"; -1 where it is none. */
double log_seconds(struct ehlo_slice s);
/* The phase of a command as people write it in logs: "RCPT TO", "end of DATA", "initial connection". */
enum ehlo_phase log_phase(struct ehlo_slice command);
/* Whether three digits of a reply begin it. */
bool log_has_code(struct ehlo_slice s);

/* Our own words for what a queue listing shows by a mark, or not at all. */
#define LOG_QUEUE_FROZEN "The message is frozen"
#define LOG_QUEUE_HELD "The message is on hold"
#define LOG_QUEUE_SILENT "The listing gives no reason"

#endif
