/* Owns: setting two or more codes side by side: what differs, what they share, in sentences made for a reader. Callers: bindings. */
#ifndef EHLO_CORE_COMPARE_H
#define EHLO_CORE_COMPARE_H

#include "ehlo/core/code.h"

enum { EHLO_COMPARE_ITEMS = 16 };

struct ehlo_difference {
  const char *field;                          /* "class", "commands", "meaning" ... */
  struct ehlo_buf values[EHLO_COMPARE_ITEMS]; /* one for each item, for a reader */
};

struct ehlo_comparison {
  const char *kind; /* "reply", "enhanced", "mixed" */
  struct ehlo_card items[EHLO_COMPARE_ITEMS];
  int n_items;
  struct ehlo_difference *differences;
  int n_differences;
  struct ehlo_difference *common; /* values[0] holds the shared value */
  int n_common;
  struct ehlo_buf headline;    /* "Both temporary: keep the mail queued" */
  struct ehlo_buf summary;     /* sentences: how they differ in kind and moment */
  struct ehlo_buf when_to_use; /* sentences: which one a server sends when, and what to do with each */
};

/* EHLO_E_ARGUMENT for fewer than two or more than EHLO_COMPARE_ITEMS codes; EHLO_E_MEMORY. End with _fini either way. */
int ehlo_compare(const struct ehlo_catalogue *c, const struct ehlo_code *codes, int n, struct ehlo_comparison *out);
void ehlo_comparison_fini(struct ehlo_comparison *out);
/* {kind, items: [...], differences: [{field, values}], common: [{field, value}], summary, when_to_use} without envelope */
int ehlo_comparison_json(const struct ehlo_comparison *c, struct ehlo_buf *out);

#endif
