/* Owns: the two halves of explaining: what is decided, which a memory may keep, and what the text at hand names. Callers: explain and
 * its memory. */
#ifndef EHLO_CORE_EXPLAIN_INNER_H
#define EHLO_CORE_EXPLAIN_INNER_H

#include "ehlo/core/explain.h"

/* Empties an explanation and keeps the memory of its buffers. */
void explanation_reset(struct ehlo_explanation *e, const struct ehlo_catalogue *c);
/* Code and unfolded text of a reply, without the codes that a log folded into it. */
int explanation_take(struct ehlo_explanation *e, const struct ehlo_reply *reply);
/* Everything but places and links. */
int explanation_decide(struct ehlo_explanation *e, const struct ehlo_catalogue *c, enum ehlo_phase phase);
/* The links of the advice, after the provider is named. */
void explanation_add_links(struct ehlo_explanation *e);
/* The object's beginning, up to what the text names, and its end after that. */
void explanation_json_head(const struct ehlo_explanation *e, struct ehlo_slice address, struct ehlo_buf *out);
void explanation_json_tail(const struct ehlo_explanation *e, struct ehlo_buf *out);

#endif
