/* Owns: a memory of what was decided about texts, so that replies that differ only in names and numbers are decided once. Callers: the
 * mail binding, for streams of replies. An explanation that comes from a memory is the same as one that does not; it must not outlive it. */
#ifndef EHLO_CORE_EXPLAIN_MEMORY_H
#define EHLO_CORE_EXPLAIN_MEMORY_H

#include "ehlo/core/explain.h"

struct ehlo_explain_memory;

/* NULL when out of memory. Its size is bounded. */
struct ehlo_explain_memory *ehlo_explain_memory_new(const struct ehlo_catalogue *c);
void ehlo_explain_memory_free(struct ehlo_explain_memory *m);

/* As ehlo_explain_reply. `e` is one that ehlo_explanation_init or an earlier call left: its buffers are used again. */
int ehlo_explain_reply_with(struct ehlo_explain_memory *m, const struct ehlo_reply *reply, enum ehlo_phase phase,
                            struct ehlo_explanation *e);

/* A reply of one line, without its end, where one that differs in addresses and numbers only was kept; else NULL. It holds until the next
 * call. */
const struct ehlo_explanation *ehlo_explain_line(struct ehlo_explain_memory *m, struct ehlo_slice line);
/* Keeps what ehlo_explain_reply_with made of this line. */
void ehlo_explain_keep_line(struct ehlo_explain_memory *m, struct ehlo_slice line, const struct ehlo_explanation *e);

#endif
