/* Owns: phrase matching as explain uses it. Callers: explain. */
#ifndef EHLO_CORE_PHRASE_H
#define EHLO_CORE_PHRASE_H

#include "ehlo/core/explain.h"

struct phrase_context {
  int code;                      /* 0 for unknown */
  struct ehlo_enhanced enhanced; /* class 0 for unknown */
  enum ehlo_phase phase;         /* EHLO_PHASES for unknown */
  bool any_class;                /* phrases known with another class of reply are let in */
};

/* `wording` is the text of the phrase that was found. */
struct ehlo_entry phrase_find(const struct ehlo_catalogue *c, struct ehlo_slice text, const struct phrase_context *in,
                              struct ehlo_slice *wording);
bool phrase_is_generic(struct ehlo_entry e);  /* common words of all makes */
unsigned phrase_classes(struct ehlo_entry e); /* bit 5 for a phrase that comes with 5yz */

struct phrase_sign {
  const char *provider;
  const char *sign; /* what a text of this provider holds */
};
const struct phrase_sign *phrase_signs(size_t *n);

/* Words that only lead to a reason, or that a standard has for several: "mailbox unavailable". */
bool phrase_leads_in(struct ehlo_slice wording);

#endif
