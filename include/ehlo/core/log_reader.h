/* Owns: a log, a journal or a queue listing read piece by piece: lines are put together, events of one message joined, and handed on.
 * Callers: the mail binding, tests. Memory is bounded, whatever is read: so many open messages, so many bytes of a line. */
#ifndef EHLO_CORE_LOG_READER_H
#define EHLO_CORE_LOG_READER_H

#include <stddef.h>

#include "ehlo/core/log.h"

enum { EHLO_LOG_LINE_MAX = 1 << 16, EHLO_LOG_MESSAGES = 100000 };

struct ehlo_log_reader;

struct ehlo_log_options {
  struct ehlo_log_clock clock;
  struct ehlo_slice
      queue_id;  /* only this message, and all of it; empty: whatever was refused, failed or waits, and what was sent */
  int64_t since; /* nothing older, by the clock on the wall; 0 for all */
  size_t messages; /* open messages that are remembered; 0 for EHLO_LOG_MESSAGES */
};

/* What is known of the delivery that an event belongs to, from lines before it. */
struct ehlo_log_past {
  int attempts;  /* this one counted; 0 where the message is not known */
  int32_t *mark; /* the taker's own, kept with the recipient: -1 at first. NULL where nothing is kept */
};

/* Slices of `e` are valid during the call. Not 0 ends the reading, and comes back from feed. */
typedef int ehlo_log_taker(void *arg, const struct ehlo_log_event *e, const struct ehlo_log_past *past);

/* NULL when out of memory. The options are copied. */
struct ehlo_log_reader *ehlo_log_reader_new(const struct ehlo_log_options *options);
void ehlo_log_reader_free(struct ehlo_log_reader *r);

/* Before the bytes of another source: `first` are its first bytes, which tell its form. */
void ehlo_log_reader_begin(struct ehlo_log_reader *r, struct ehlo_slice first);
/* Bytes as they come. 0, EHLO_E_MEMORY, or what the taker returned. */
int ehlo_log_reader_feed(struct ehlo_log_reader *r, struct ehlo_slice bytes, ehlo_log_taker *take, void *arg);
/* The source has ended: what is left is a line too. */
int ehlo_log_reader_end(struct ehlo_log_reader *r, ehlo_log_taker *take, void *arg);

#endif
