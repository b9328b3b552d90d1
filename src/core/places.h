/* Owns: finding addresses, domains, links, tags and verdicts in the text of a reply. Callers: explain. */
#ifndef EHLO_CORE_PLACES_H
#define EHLO_CORE_PLACES_H

#include "ehlo/core/explain.h"

/* Fills about, links, tag and verdicts of `e` with slices of `text`. */
void places_find(struct ehlo_slice text, struct ehlo_explanation *e);
/* Adds one, unless it is there or there is no room. */
void places_add(struct ehlo_slice *list, int *n, struct ehlo_slice s);
/* Adds the links of a sentence of the catalogue. */
void places_add_links(struct ehlo_slice text, struct ehlo_explanation *e);

bool places_is_address(struct ehlo_slice s);
bool places_is_ipv4(struct ehlo_slice s);

#endif
