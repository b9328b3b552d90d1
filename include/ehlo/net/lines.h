/* Owns: reading lines from a descriptor without keeping the loop from its other work. Callers: bindings, for standard input. */
#ifndef EHLO_NET_LINES_H
#define EHLO_NET_LINES_H

#include <sys/queue.h>

#include "ehlo/base/slice.h"
#include "ehlo/net/op.h"

enum { EHLO_LINE_MAX = 64 * 1024 };

struct ehlo_lines;

/* Somebody who waits for a line. Those who came first are served first. */
struct ehlo_line_wait {
  struct ehlo_op op; /* done when ehlo_lines_take has something for it */
  struct ehlo_lines *of;
  TAILQ_ENTRY(ehlo_line_wait) link;
};

/* `fd` stays the caller's. NULL: no memory. */
struct ehlo_lines *ehlo_lines_new(struct ehlo_loop *loop, int fd);
void ehlo_lines_free(struct ehlo_lines *l); /* those who wait are told EHLO_E_CANCELLED */
/* Starts wait->op. EHLO_E_BUSY where it waits already. */
int ehlo_lines_ask(struct ehlo_lines *l, struct ehlo_line_wait *wait);
/* After wait->op is done with error 0. 1 and the line without its end, good until the next call with `l`; 0 at the end of the input;
 * EHLO_E_LIMIT and the beginning of a line that is longer than EHLO_LINE_MAX, the rest of which is skipped; EHLO_E_SYSTEM. */
int ehlo_lines_take(struct ehlo_line_wait *wait, struct ehlo_slice *line);

#endif
