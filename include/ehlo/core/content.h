/* Owns: telling what a run of bytes is that an operator hands in: a reply or many, a log, a queue listing, a mail, an mbox. Callers: explain's
 * inputs. */
#ifndef EHLO_CORE_CONTENT_H
#define EHLO_CORE_CONTENT_H

#include "ehlo/base/slice.h"

enum { EHLO_CONTENT_LOOK = 1 << 16 }; /* bytes that are enough to tell */

enum ehlo_content {
  EHLO_CONTENT_EMPTY,
  EHLO_CONTENT_REPLY,   /* also what is nothing else */
  EHLO_CONTENT_REPLIES, /* one after the other */
  EHLO_CONTENT_LOG,
  EHLO_CONTENT_QUEUE,
  EHLO_CONTENT_MAIL,
  EHLO_CONTENT_MBOX
};

/* Looks at the first bytes; more than EHLO_CONTENT_LOOK of them are not looked at. */
enum ehlo_content ehlo_content_detect(struct ehlo_slice first);
const char *ehlo_content_name(enum ehlo_content kind); /* "empty", "reply", "replies", "log", "queue", "mail", "mbox" */

#endif
