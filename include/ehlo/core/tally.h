/* Owns: many explanations counted: by cause and retry, and where each is frequent. Callers: the mail binding. Memory is bounded:
 * beyond so many places only their number of deliveries is kept. */
#ifndef EHLO_CORE_TALLY_H
#define EHLO_CORE_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "ehlo/base/slice.h"

enum { EHLO_TALLY_ROWS = 512, EHLO_TALLY_PLACES = 20000, EHLO_TALLY_EXAMPLES = 3 };

struct ehlo_tally;

struct ehlo_tally_item {
  struct ehlo_slice cause, retry, acts;
  struct ehlo_slice place;    /* a provider's name, or a domain */
  bool is_provider;           /* that it is */
  bool inbound;               /* a client was refused here; else our own delivery */
  int64_t time;               /* as the clock on the wall showed it; 0 for unknown */
  struct ehlo_slice address;  /* of the recipient */
  struct ehlo_slice queue_id; /* or message, for examples */
  struct ehlo_slice input;    /* file */
  struct ehlo_slice text;     /* what was said */
};

struct ehlo_tally_example {
  char *address, *queue_id, *input, *text; /* never NULL */
  int64_t time;
};

struct ehlo_tally_row {
  char *cause, *retry, *acts; /* who acts: as the first of them said */
  bool inbound;
  int64_t count, first, last;
  int64_t places, elsewhere; /* distinct places; deliveries at such as are not counted apart */
  struct ehlo_tally_example examples[EHLO_TALLY_EXAMPLES];
  int n_examples;
};

struct ehlo_tally_place {
  char *name;
  bool is_provider;
  int row;
  int32_t next; /* in its bucket */
  int64_t count, first, last;
};

struct ehlo_tally *ehlo_tally_new(void); /* NULL when out of memory */
void ehlo_tally_free(struct ehlo_tally *t);

/* Counts one. `mark` (may be NULL) is the caller's memory of the delivery, -1 at first: a delivery that failed before in another way is
 * counted for its latest only. 0, or EHLO_E_MEMORY. */
int ehlo_tally_add(struct ehlo_tally *t, const struct ehlo_tally_item *item, int32_t *mark);
/* What waited went out after all. */
void ehlo_tally_later(struct ehlo_tally *t);

int64_t ehlo_tally_sent_later(const struct ehlo_tally *t);
const struct ehlo_tally_row *ehlo_tally_rows(const struct ehlo_tally *t, size_t *n);
const struct ehlo_tally_place *ehlo_tally_places(const struct ehlo_tally *t, size_t *n);

#endif
