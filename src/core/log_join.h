/* Owns: the table of open messages, as the reader of logs sees it. Callers: log_reader.c. */
#ifndef EHLO_CORE_LOG_JOIN_H
#define EHLO_CORE_LOG_JOIN_H

#include "ehlo/core/log_reader.h"

enum { JOIN_ID_MAX = 24, JOIN_TEXT_MAX = 512, JOIN_RECIPIENTS = 64, JOIN_DELIVERIES = 1024 };

struct join_recipient {
  char *address; /* with what was said last behind it, each ended by NUL */
  uint32_t hash;
  int32_t mark;
  int attempts;
};

struct join_message {
  char id[JOIN_ID_MAX];
  uint8_t id_len;
  bool has_from;
  int32_t next; /* in its bucket, or in the free list */
  int32_t older, newer;
  char *from, *message_id, *subject; /* NULL where unknown */
  struct join_recipient *recipients;
  int n, capacity;
};

struct join {
  struct join_message *messages;
  int32_t *buckets;
  size_t capacity, used, mask;
  int32_t free_list, oldest, newest;
  struct {
    int number;
    char id[JOIN_ID_MAX];
    char *to;
  } deliveries[JOIN_DELIVERIES]; /* qmail's, by their number */
};

int join_init(struct join *j, size_t messages);
void join_fini(struct join *j);
/* The message of an id; made where it is new and `make`. NULL: unknown, or no memory. */
struct join_message *join_find(struct join *j, struct ehlo_slice id, bool make);
void join_forget(struct join *j, struct join_message *m);
/* The recipient of a message; made where it is new. NULL beyond JOIN_RECIPIENTS, or without memory. */
struct join_recipient *join_recipient(struct join_message *m, struct ehlo_slice address);
/* Keeps what the event says about its message, and completes the event by what was known. */
int join_learn(struct join *j, const struct ehlo_log_event *e);
void join_complete(struct join *j, struct ehlo_log_event *e);

#endif
