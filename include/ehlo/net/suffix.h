/* Owns: where in a name what the public may register begins: the public suffix list, by libpsl. Callers: the dns binding. */
#ifndef EHLO_NET_SUFFIX_H
#define EHLO_NET_SUFFIX_H

#include <stdbool.h>

struct ehlo_suffixes;

/* The list of the machine where there is one newer than libpsl's own. NULL: no memory. */
struct ehlo_suffixes *ehlo_suffixes_new(void);
void ehlo_suffixes_free(struct ehlo_suffixes *s);

struct ehlo_suffix {
  char suffix[256];       /* "co.uk" */
  char organisation[256]; /* "example.co.uk"; the name itself where that is a suffix */
  bool listed;            /* false: no rule names its top level, as with names of a site's own */
};
/* `name` in any form that the resolver takes; results in small letters and A-labels. EHLO_E_SYNTAX: no name, or an address. */
int ehlo_suffixes_find(const struct ehlo_suffixes *s, const char *name, struct ehlo_suffix *out);

#endif
