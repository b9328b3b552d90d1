/* Owns: finding entries by words. Callers: the search command, did-you-mean. */
#ifndef EHLO_CORE_SEARCH_H
#define EHLO_CORE_SEARCH_H

#include "ehlo/core/catalogue.h"

struct ehlo_hit {
  int32_t index; /* entry */
  int score;     /* higher is better */
};
/* All words of `query` must occur (ASCII case folded, a word may end in the middle of one of the text's): in code, name, text or
 * provider they weigh more than in meaning, when, fix and notes. Fills at most `max` hits, best first; returns how many. */
int ehlo_search(const struct ehlo_catalogue *c, struct ehlo_slice query, struct ehlo_hit *hits, int max);

#endif
