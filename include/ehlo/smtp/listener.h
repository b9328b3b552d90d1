/* Owns: the rehearsal server: an SMTP server that answers as it is told, with delays and faults, and records what its
 * clients sent. It keeps no mail and hands none on. Callers: the smtp binding. */
#ifndef EHLO_SMTP_LISTENER_H
#define EHLO_SMTP_LISTENER_H

#include <stdbool.h>

#include "ehlo/base/buf.h"
#include "ehlo/net/endpoint.h"
#include "ehlo/net/loop.h"
#include "ehlo/net/tls.h"

enum ehlo_serve_verb {
  EHLO_SERVE_GREETING,
  EHLO_SERVE_EHLO,
  EHLO_SERVE_HELO,
  EHLO_SERVE_STARTTLS,
  EHLO_SERVE_AUTH,
  EHLO_SERVE_MAIL,
  EHLO_SERVE_RCPT,
  EHLO_SERVE_DATA,
  EHLO_SERVE_END, /* of data, and of the last chunk */
  EHLO_SERVE_BDAT,
  EHLO_SERVE_RSET,
  EHLO_SERVE_NOOP,
  EHLO_SERVE_VRFY,
  EHLO_SERVE_EXPN,
  EHLO_SERVE_HELP,
  EHLO_SERVE_QUIT,
  EHLO_SERVE_OTHER, /* verbs that nobody knows */
  EHLO_SERVE_VERBS
};
/* "greeting", "ehlo" ... "end-of-data" ... "other": static. */
const char *ehlo_serve_verb_name(enum ehlo_serve_verb verb);

/* One answer and how it is given. Strings belong to the listener. */
struct ehlo_answer {
  char *reply; /* "CODE text", lines parted by LF; NULL: what a sound server says */
  char *raw;   /* bytes in place of a reply */
  size_t raw_len;
  char *inject; /* bytes right behind it, in the same write */
  size_t inject_len;
  double delay; /* seconds before it */
  double drip;  /* seconds a byte */
  long cut;     /* so many bytes, then the connection is closed; -1: all */
  bool drop;    /* the connection is closed in place of it */
  bool silent;  /* nothing ever comes */
  int asks;     /* not 0: `ask` tells; the number is the asker's own */
};

/* First answer, second answer ... of one connection; the last one stays. */
struct ehlo_answers {
  struct ehlo_answer *list;
  int n;
};

struct ehlo_listener;

/* What is known of a command whose answer is asked for. Borrowed. */
struct ehlo_question_asked {
  uint64_t connection;
  enum ehlo_serve_verb verb;
  int asks;
  int count; /* the how-manieth of its verb on this connection, from 1 */
  const char *argument;
  const char *address, *helo, *from;
  int recipients;
  bool tls;
};

struct ehlo_listener_options {
  struct ehlo_endpoint at;
  const char *name;
  const char *const *capabilities; /* NULL: the usual ones */
  int n_capabilities;
  const char *user, *secret; /* whom AUTH accepts; NULL: no AUTH */
  struct ehlo_tls *tls;      /* NULL: no TLS. A reference is taken */
  bool implicit_tls;
  int rate;       /* connections that are served; later ones meet 421. 0: all */
  int recipients; /* accepted in one transaction; 0: 100 */
  double delay, drip;
  struct ehlo_answers answers[EHLO_SERVE_VERBS]; /* taken over, also on failure */
  void (*ask)(void *arg);                        /* a question waits: from the loop */
  void *arg;
};

struct ehlo_listener *ehlo_listener_open(struct ehlo_loop *loop, struct ehlo_listener_options *options, char *why,
                                         size_t size);
const struct ehlo_endpoint *ehlo_listener_at(const struct ehlo_listener *l);
/* Closes every connection; what was recorded stays until it is freed. */
void ehlo_listener_close(struct ehlo_listener *l);
void ehlo_listener_free(struct ehlo_listener *l);
void ehlo_answers_free(struct ehlo_answers *answers);

/* The next question, once; false when none waits. */
bool ehlo_listener_next_question(struct ehlo_listener *l, struct ehlo_question_asked *out);
/* NULL reply: what a sound server says. Nothing happens where the connection has gone. */
void ehlo_listener_reply(struct ehlo_listener *l, uint64_t connection, const char *reply);

/* --- what was recorded; bounded --- */

struct ehlo_visit_message {
  char *from;
  struct ehlo_buf to;   /* each ended by LF */
  struct ehlo_buf body; /* dots unstuffed */
  uint64_t size;        /* of it all, kept or not */
};
struct ehlo_visit {
  char address[EHLO_ENDPOINT_TEXT];
  char helo[256];
  struct ehlo_buf commands; /* each ended by LF; secrets are taken out */
  bool tls;
  struct ehlo_visit_message *messages;
  int n_messages;
};
int ehlo_listener_visits(const struct ehlo_listener *l);
const struct ehlo_visit *ehlo_listener_visit(const struct ehlo_listener *l, int i);
/* All connections so far, recorded or not. */
uint64_t ehlo_listener_count(const struct ehlo_listener *l);

#endif
