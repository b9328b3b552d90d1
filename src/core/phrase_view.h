/* Owns: a text as the matcher of phrases sees it, without what no phrase can be about. Callers: explain's memory. */
#ifndef EHLO_CORE_PHRASE_VIEW_H
#define EHLO_CORE_PHRASE_VIEW_H

#include "ehlo/core/explain.h"

enum { PHRASE_VIEW_MAX = 1024, PHRASE_PART_MAX = 80, PHRASE_VIEW_MARK = 1 };

struct phrase_view;

struct phrase_view *phrase_view_new(const struct ehlo_catalogue *c); /* NULL when out of memory */
void phrase_view_free(struct phrase_view *v);

/* Texts that give the same view with the same codes and phase are matched by the same phrases, say the same words of the tables of signs
 * and amendments, and so are decided alike. 0 for a text of which that cannot be said. `measured`: a wording with a star may be in it, so
 * that lengths count. */
size_t phrase_view_of(const struct phrase_view *v, struct ehlo_enhanced enhanced, struct ehlo_slice text,
                      char out[PHRASE_VIEW_MAX], bool *measured);

/* Appends the view of a part of a text, which is at most as long as the part. false where there is none. */
bool phrase_view_part(const struct phrase_view *v, struct ehlo_slice text, struct ehlo_slice part, char *out,
                      size_t *n);

#endif
