/* Owns: manners towards other people's servers: how many connections to one address stand at a time, and how fast new ones follow.
 * Callers: sessions, before they dial. Addresses that differ do not wait for each other. */
#ifndef EHLO_SMTP_PACE_H
#define EHLO_SMTP_PACE_H

#include <sys/queue.h>

#include "ehlo/net/endpoint.h"
#include "ehlo/net/loop.h"

enum { EHLO_PACE_PER_ADDRESS = 1, EHLO_PACE_RATE = 10, EHLO_PACE_BURST = 10, EHLO_PACE_PATIENCE = 300 };

/* What holds for one connection. 0 in either field: no limit. */
struct ehlo_pace_limits {
  int per_address; /* connections at a time to one address and port */
  double rate;     /* new ones a second, once EHLO_PACE_BURST were made at will */
};

struct ehlo_pace_place; /* what is known of one address */
TAILQ_HEAD(ehlo_pace_places, ehlo_pace_place);

struct ehlo_pace {
  struct ehlo_loop *loop;
  void *places;                  /* a tree, by address and port */
  struct ehlo_pace_places empty; /* where nobody is: forgotten once their pace allows it, oldest first */
};

/* One connection's leave to stand. Embedded in its session. */
struct ehlo_pace_ticket {
  /* Called from the loop when a ticket that had to wait is granted. */
  void (*granted)(struct ehlo_pace_ticket *t);
  /* A task and the task that began it, for identity only. Tickets without an owner are counted by nobody. */
  const void *owner, *parent;
  struct ehlo_pace_limits limits;
  /* private below */
  struct ehlo_pace *pace;
  struct ehlo_pace_place *place;      /* NULL: not taken */
  TAILQ_ENTRY(ehlo_pace_ticket) link; /* among those that stand, or those that wait */
  struct ehlo_timer turn;
  double asked;
  bool waits;
};

void ehlo_pace_init(struct ehlo_pace *p, struct ehlo_loop *loop);
void ehlo_pace_fini(struct ehlo_pace *p); /* after all tickets */

/* 1: the connection may be made now, and ends with ehlo_pace_return. 0: `granted` will say when. EHLO_E_MEMORY.
 * Connections of the same owner, or of its parent, do not stand in the way of each other: a script that holds one and
 * asks for another means it. Nobody waits longer than EHLO_PACE_PATIENCE seconds for others to leave. */
int ehlo_pace_take(struct ehlo_pace *p, struct ehlo_pace_ticket *t, const struct ehlo_endpoint *to);
/* Harmless for a ticket that was never taken. */
void ehlo_pace_return(struct ehlo_pace_ticket *t);
/* From now on counted by nobody. */
void ehlo_pace_disown(struct ehlo_pace_ticket *t);

#endif
