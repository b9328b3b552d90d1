/* Owns: what a mail tells of deliveries: what kind of mail it is, and of a bounce each recipient with what was said about it.
 * Callers: the mail binding. Pure functions of the mail. */
#ifndef EHLO_CORE_BOUNCE_H
#define EHLO_CORE_BOUNCE_H

#include "ehlo/core/explain.h"
#include "ehlo/core/mail.h"

enum ehlo_mail_kind {
  EHLO_MAIL_ORDINARY,
  EHLO_MAIL_BOUNCE,
  EHLO_MAIL_DELIVERY_NOTICE,
  EHLO_MAIL_FEEDBACK,
  EHLO_MAIL_AUTO_REPLY
};
/* "mail", "bounce", "delivery-notice", "feedback-report", "auto-reply" */
const char *ehlo_mail_kind_name(enum ehlo_mail_kind kind);

enum { EHLO_BOUNCE_RECIPIENTS = 4096 };

struct ehlo_bounce_recipient {
  struct ehlo_slice address;
  struct ehlo_slice action;      /* "failed", "delayed", "delivered" ... */
  struct ehlo_slice host;        /* that refused: a name, empty where unknown */
  struct ehlo_slice ip;          /* and its address */
  struct ehlo_slice said;        /* the reply, from its code on, as the report has it; else the reporter's own words */
  struct ehlo_slice text;        /* the same without codes: what phrases are matched against */
  struct ehlo_slice story;       /* all that the report says about this recipient */
  int code;                      /* of the reply, 0 for none */
  struct ehlo_enhanced enhanced; /* of the reply, else the report's status */
  struct ehlo_enhanced status;   /* as the reporter put it, class 0 for none */
  enum ehlo_phase phase;         /* EHLO_PHASES for unknown */
};

struct arena_block;
struct ehlo_bounce {
  enum ehlo_mail_kind kind;
  struct ehlo_slice from, to, subject; /* of the mail that came back; of this one where it is no report */
  struct ehlo_slice reporter;          /* the host that wrote the report, or its address */
  struct ehlo_bounce_recipient *recipients;
  int n, capacity;
  struct arena_block *memory;
};

/* Reads what `mail` tells; slices point into it or into memory of `out`, which holds zeroes, or a bounce read before, whose memory is
 * used again. 0 or EHLO_E_MEMORY; to be ended with _fini always. */
int ehlo_bounce_read(const struct ehlo_mail *mail, struct ehlo_bounce *out);
void ehlo_bounce_fini(struct ehlo_bounce *bounce);

/* What happened to one recipient, as ehlo_explain_reply tells it. Where the reporter's status and the reply contradict, or its words know
 * more than the reply, the explanation says so. */
int ehlo_bounce_explain(const struct ehlo_catalogue *c, const struct ehlo_bounce_recipient *recipient,
                        struct ehlo_explanation *out);

/* {"ehlo":1,input,kind,message,recipients:[...]} with a line end. 0, EHLO_E_MEMORY, or EHLO_E_LIMIT where `out` is full. */
int ehlo_bounce_json(const struct ehlo_catalogue *c, const struct ehlo_bounce *bounce, struct ehlo_slice input,
                     struct ehlo_buf *out);
/* Whether recipients of this kind of mail are explained. */
bool ehlo_bounce_tells(const struct ehlo_bounce *bounce);
/* Whether the mail reached this recipient, or went on towards it: no failure, though it is told of one beside it. */
bool ehlo_bounce_arrived(const struct ehlo_bounce *bounce, const struct ehlo_bounce_recipient *recipient);

#endif
