/* Owns: what one line of a mail server's log, or one entry of its queue, tells. Callers: the reader of logs, tests. Nothing is allocated:
 * slices point into the line. */
#ifndef EHLO_CORE_LOG_H
#define EHLO_CORE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "ehlo/core/enhanced.h"
#include "ehlo/core/phase.h"

enum ehlo_log_what {
  EHLO_LOG_OTHER,    /* of no mail server, or of nobody's mail */
  EHLO_LOG_ARRIVED,  /* a fact about a message: sender, client, message-id */
  EHLO_LOG_ATTEMPT,  /* a delivery to one recipient, and how it ended */
  EHLO_LOG_TRIAL,    /* one host of several was no use; the attempt goes on */
  EHLO_LOG_REJECTED, /* a command of a client was refused */
  EHLO_LOG_NOTICE,   /* a bounce or notice was sent about it: `other_id` */
  EHLO_LOG_ENDED     /* the message has left the queue */
};

enum ehlo_log_status {
  EHLO_STATUS_NONE,
  EHLO_STATUS_SENT,
  EHLO_STATUS_DEFERRED,
  EHLO_STATUS_BOUNCED,
  EHLO_STATUS_EXPIRED,
  EHLO_STATUS_REJECTED,
  EHLO_STATUS_PUT_OFF /* rejected, for now */
};
const char *ehlo_log_status_name(enum ehlo_log_status status); /* "sent" ...; NULL for NONE */

/* How the words of a server were changed on their way into the log. */
enum ehlo_log_writing {
  EHLO_WRITING_PLAIN,
  EHLO_WRITING_BACKSLASHES, /* line ends written as \n */
  EHLO_WRITING_UNDERSCORES  /* blanks written as _ and line ends as / */
};

enum { EHLO_LOG_NO_OFFSET = 10000 };

struct ehlo_log_event {
  const char *product; /* "postfix", "exim", "sendmail", "opensmtpd", "qmail" */
  enum ehlo_log_what what;
  enum ehlo_log_status status;
  int64_t time;              /* seconds of the clock on the wall, as if it showed UTC; 0 for unknown */
  int micros;                /* and the part of a second */
  int offset;                /* minutes east of UTC that the line names; EHLO_LOG_NO_OFFSET where it names none */
  struct ehlo_slice machine; /* that wrote the log */
  struct ehlo_slice program; /* "postfix/smtp" */
  struct ehlo_slice queue_id;
  struct ehlo_slice other_id; /* of the notice */
  struct ehlo_slice from, to, orig_to;
  bool has_from; /* the null sender is a sender */
  struct ehlo_slice message_id, subject;
  struct ehlo_slice relay;         /* the other side's name */
  struct ehlo_slice relay_address; /* and IP address */
  struct ehlo_slice text;          /* what was said, as the log has it */
  enum ehlo_log_writing writing;
  int code;                 /* implied by the line where the text has none: 0, or as the server's defaults are */
  struct ehlo_enhanced dsn; /* class 0 for none */
  enum ehlo_phase phase;    /* that the text answers; EHLO_PHASES for unknown */
  double delay;             /* seconds, -1 for unknown */
  double delays[4];         /* before the queue manager, in the queue, connecting, sending; -1 for unknown */
  int delivery;             /* number by which lines of one delivery belong together; 0 for none */
};

/* What the clock showed when the log was read: lines of syslog name no year. */
struct ehlo_log_clock {
  int64_t now; /* seconds since 1970, UTC */
  int offset;  /* minutes east of UTC of this machine */
};

/* Whether lines of a program of that name are read: "postfix/smtp", "exim". */
bool ehlo_log_is_server(struct ehlo_slice program);

/* Reads one line, without its end. False where it is no line of a log that is known here; a line of another program is EHLO_LOG_OTHER. */
bool ehlo_log_read(struct ehlo_slice line, struct ehlo_log_event *out);
/* Fills time, micros and offset of an event from its line; apart, for it is only wanted for few lines. */
void ehlo_log_date(struct ehlo_slice line, const struct ehlo_log_clock *clock, struct ehlo_log_event *e);
/* "2026-11-03T04:05:06", with ".123456" and the offset where they are known. Empty for an unknown time. */
struct ehlo_buf;
int ehlo_log_stamp(const struct ehlo_log_event *e, struct ehlo_buf *out);
/* The words of the other side, as they were before they were logged. */
int ehlo_log_words(const struct ehlo_log_event *e, struct ehlo_buf *out);

#endif
