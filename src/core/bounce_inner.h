/* Owns: what the readers of bounces share. Callers: the bounce_*.c files. */
#ifndef EHLO_CORE_BOUNCE_INNER_H
#define EHLO_CORE_BOUNCE_INNER_H

#include "arena.h"
#include "ehlo/core/bounce.h"
#include "mail_reply.h"
#include "mail_text.h"

/* While a mail is read. Texts may be empty, never NULL. */
struct bounce_work {
  const struct ehlo_mail *mail;
  struct ehlo_bounce *out;
  struct arena memory;
  int top;                    /* the part that is the report: 0, or a message within a forwarding mail */
  int status;                 /* part with the delivery status, or -1 */
  int original;               /* part with the mail that came back, or its headers; or -1 */
  struct ehlo_slice report;   /* the words for people, up to the copy of the mail */
  struct ehlo_slice returned; /* the copy that follows in the same text */
  struct ehlo_slice failed;   /* X-Failed-Recipients */
  bool passed_on;             /* the report stands in the mail of a person, below the header that it came with */
};

/* A new recipient, or NULL: the memory's error tells. */
struct ehlo_bounce_recipient *bounce_add(struct bounce_work *w);
/* Fills code, enhanced, said, text, phase and host from what was said; texts that are there already stay. */
void bounce_take_said(struct bounce_work *w, struct ehlo_bounce_recipient *r, struct ehlo_slice story);

/* Reads fields such as Final-Recipient and Status into recipients; false where there are none. */
bool bounce_read_status(struct bounce_work *w, struct ehlo_slice fields);
/* Cuts w->report into recipients, by the addresses in it. */
void bounce_read_text(struct bounce_work *w);
/* Notifications in JSON, as mail services send them. */
bool bounce_read_json(struct bounce_work *w, struct ehlo_slice text);
/* The place in a text where the copy of the returned mail begins, or its length. */
size_t bounce_copy_at(struct ehlo_slice text);
/* From, To and Subject of the mail that came back. */
void bounce_read_original(struct bounce_work *w);
/* Whether the mail looks like a report of a failed delivery, without one of the standard parts. */
bool bounce_looks_like(const struct bounce_work *w);
bool bounce_from_a_server(const struct bounce_work *w);
bool bounce_is_auto_reply(const struct bounce_work *w);

#endif
