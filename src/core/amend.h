/* Owns: what a text says beside a phrase that changes who must act. Callers: explain. */
#ifndef EHLO_CORE_AMEND_H
#define EHLO_CORE_AMEND_H

#include "ehlo/core/explain.h"

/* Where a row applies, it puts its own cause, retry, acts, meaning and fix in place of the phrase's. */
/* `phase`: the command that was answered, EHLO_PHASES for unknown. */
void ehlo_explanation_amend(struct ehlo_explanation *e, enum ehlo_phase phase);

/* Without a reply the 5 is the reporter's, who gives up; what it waited for may be over by now. */
void ehlo_explanation_give_up(struct ehlo_explanation *e);

/* What this file looks for in a text, one after the other; NULL after the last. */
const char *amend_sign(size_t i);

#endif
