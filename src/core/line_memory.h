/* Owns: whole explanations of replies of one line, by the line with its addresses and numbers taken out. Callers: explain's memory. */
#ifndef EHLO_CORE_LINE_MEMORY_H
#define EHLO_CORE_LINE_MEMORY_H

#include "phrase_view.h"

struct line_memory;

struct line_memory *line_memory_new(const struct ehlo_catalogue *c,
                                    const struct phrase_view *v); /* NULL when out of memory */
void line_memory_free(struct line_memory *m);

/* NULL where none is known. It holds until the next call. */
const struct ehlo_explanation *line_memory_find(struct line_memory *m, struct ehlo_slice line);
void line_memory_keep(struct line_memory *m, struct ehlo_slice line, const struct ehlo_explanation *e);

#endif
