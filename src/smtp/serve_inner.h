/* Owns: what the files of the rehearsal server share. Callers: listen.c, listen_visit.c, serve*.c. */
#ifndef EHLO_SMTP_SERVE_INNER_H
#define EHLO_SMTP_SERVE_INNER_H

#include "ehlo/net/acceptor.h"
#include "ehlo/net/conn.h"
#include "ehlo/smtp/listener.h"

enum {
  SERVE_INPUT_MAX = 16 * 1024,
  SERVE_LINE_MAX = 12288, /* RFC 4954 4 for AUTH; others need less */
  SERVE_ANSWER_MAX = 256 * 1024,
  SERVE_IDLE = 300 /* seconds: RFC 5321 4.5.3.2.7 */
};

enum serve_mode { SERVE_COMMANDS, SERVE_BODY, SERVE_CHUNK, SERVE_LOGIN, SERVE_VERDICTS };

/* What the client has said so far of one message. */
struct serve_mail {
  bool begun;
  bool chunks; /* BDAT was used: DATA may not follow */
  bool kept;   /* accepted, for one recipient at least */
  int recipients;
  char *from;
  struct ehlo_buf to, body;
  uint64_t size;
};

struct serve {
  struct ehlo_conn conn;
  struct ehlo_listener *listener;
  struct serve *next, **place;
  uint64_t id;
  long visit; /* where it is recorded; -1: nowhere */
  enum serve_mode mode;
  bool greeted, turned_away, said_hello, authenticated, busy, last_chunk, line_start;
  bool proceeding; /* the reading loop runs: an answer that is through at once must not begin another */
  bool *gone;      /* set while it runs: raised when the connection is freed */
  struct serve_mail mail;
  uint64_t chunk_left;
  bool asked_lmtp, lmtp; /* LHLO was the last greeting; it was accepted */
  int verdicts;          /* on the message, still to give: with LMTP one for each recipient (RFC 2033 4.2) */
  int login_step;        /* AUTH: 0 PLAIN, 1 LOGIN's user, 2 LOGIN's secret */
  char login_user[256];
  char helo[256];
  char address[EHLO_ENDPOINT_TEXT];
  int counts[EHLO_SERVE_VERBS];
  /* the answer under way */
  enum ehlo_serve_verb verb;
  const struct ehlo_answer *answer;
  struct ehlo_buf usual; /* what a sound server says, lines parted by LF */
  struct ehlo_buf out;   /* on the wire */
  size_t sent;
  int code;
  bool asked, told, closing;
  char *argument;
  struct ehlo_timer timer, idle;
};

struct ehlo_listener {
  struct ehlo_loop *loop;
  struct ehlo_acceptor *acceptor;
  struct ehlo_endpoint at;
  struct ehlo_listener_options options;
  char *name, *user, *secret;
  struct ehlo_buf capabilities; /* each ended by LF */
  struct serve *open;
  struct ehlo_visit *visits;
  int n_visits, cap_visits;
  size_t kept; /* bytes in all visits */
  uint64_t count;
};

/* serve.c */
void serve_accept(struct ehlo_listener *l, int fd);
void serve_free(struct serve *s);
/* Reads on, once an answer is through; false when the connection is gone. */
bool serve_proceed(struct serve *s);
void serve_forget_mail(struct serve *s);

/* serve_verbs.c: one line of a client. */
void serve_line(struct serve *s, struct ehlo_slice line);
void serve_ehlo_text(struct serve *s);
/* What an answer brings about once it is through; false when the connection is gone. */
bool serve_effect(struct serve *s);

/* serve_login.c */
void serve_login_begin(struct serve *s, struct ehlo_slice argument);
void serve_login_line(struct serve *s, struct ehlo_slice line);

/* serve_say.c: `usual` is what a sound server says ("250 2.0.0 Ok"). */
void serve_say(struct serve *s, enum ehlo_serve_verb verb, struct ehlo_slice argument, const char *usual);
/* The same past any script: what stands in the way of the command. */
void serve_refuse(struct serve *s, const char *text);
void serve_reply_told(struct serve *s, const char *reply);
void serve_tick(struct serve *s); /* the timer fired */

/* listen_visit.c */
long visit_new(struct ehlo_listener *l, const char *address);
void visit_command(struct serve *s, struct ehlo_slice line);
void visit_message(struct serve *s); /* takes the mail over */
struct ehlo_visit *visit_of(struct serve *s);
void visits_free(struct ehlo_listener *l);

#endif
