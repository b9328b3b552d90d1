/* Owns: talking to a program's standard input and output in place of a host: `exim -bs`, `sendmail -bs`. Callers: sessions, for what a
 * person or a script named; nothing that came from outside ever names a program. No shell reads the words. */
#ifndef EHLO_NET_PIPE_H
#define EHLO_NET_PIPE_H

#include <sys/types.h>

#include "ehlo/net/dialler.h"

enum { EHLO_PIPE_WORDS = 32 };

/* Programs that were begun and have not ended. One an environment: the ends of its sessions must not wait for them. */
struct ehlo_children {
  pid_t *list;
  int n, cap;
};
/* Lets those that go on in spite of their closed input have a second, then ends them. */
void ehlo_children_fini(struct ehlo_children *c);

struct ehlo_pipe {
  struct ehlo_dialler dialler; /* first: dials by starting the program */
  struct ehlo_children *children;
  char *words[EHLO_PIPE_WORDS + 1];
};

/* The words are copied. NULL: no memory, or no word, or more than EHLO_PIPE_WORDS. */
struct ehlo_pipe *ehlo_pipe_new(struct ehlo_children *children, const char *const *words);
void ehlo_pipe_free(struct ehlo_pipe *p); /* after its connection */

#endif
