/* Owns: whose turn it is to connect to an address: those that stand there, those that wait, and a clock for each place.
 * Callers: the session. */
#include "ehlo/smtp/pace.h"

#include <search.h>
#include <stddef.h>
#include <string.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

TAILQ_HEAD(tickets, ehlo_pace_ticket);

struct ehlo_pace_place {
  struct ehlo_endpoint at;
  double next; /* loop clock: when the next connection would be due if none were made at will */
  struct tickets standing, waiting;
  TAILQ_ENTRY(ehlo_pace_place) link; /* among the empty ones */
};

static int compare(const void *a, const void *b) {
  const struct ehlo_endpoint *x = &((const struct ehlo_pace_place *)a)->at,
                             *y = &((const struct ehlo_pace_place *)b)->at;
  const int bytes = memcmp(x->bytes, y->bytes, sizeof x->bytes);
  if (bytes) return bytes;
  if (x->port != y->port) return x->port < y->port ? -1 : 1;
  if (x->scope != y->scope) return x->scope < y->scope ? -1 : 1;
  return x->family != y->family ? (int)x->family - (int)y->family : strcmp(x->path, y->path);
}

static bool is_empty(const struct ehlo_pace_place *place) {
  return TAILQ_EMPTY(&place->standing) && TAILQ_EMPTY(&place->waiting);
}

static void forget(struct ehlo_pace *p, struct ehlo_pace_place *place) {
  TAILQ_REMOVE(&p->empty, place, link);
  (void)tdelete(place, &p->places, compare);
  ehlo_memory_free(place);
}

/* Two at a time, so that there are never many more places than are needed, and no call takes long. */
static void forget_old(struct ehlo_pace *p, double now) {
  for (int i = 0; i < 2; i++) {
    struct ehlo_pace_place *oldest = TAILQ_FIRST(&p->empty);
    if (!oldest || oldest->next > now) return;
    forget(p, oldest);
  }
}

/* The place of an address, which is no longer among the empty ones. NULL: no memory. */
static struct ehlo_pace_place *enter(struct ehlo_pace *p, const struct ehlo_endpoint *to) {
  const struct ehlo_pace_place wanted = {.at = *to};
  void *found = tfind(&wanted, &p->places, compare);
  if (found) {
    struct ehlo_pace_place *place = *(struct ehlo_pace_place **)found;
    if (is_empty(place)) TAILQ_REMOVE(&p->empty, place, link);
    return place;
  }
  struct ehlo_pace_place *made = ehlo_memory_zalloc(1, sizeof *made);
  if (!made) return NULL;
  made->at = *to;
  TAILQ_INIT(&made->standing);
  TAILQ_INIT(&made->waiting);
  if (tsearch(made, &p->places, compare)) return made;
  ehlo_memory_free(made);
  return NULL;
}

static bool is_kin(const struct ehlo_pace_ticket *standing, const struct ehlo_pace_ticket *t) {
  return standing->owner && (standing->owner == t->owner || standing->owner == t->parent);
}

/* How many stand there that this one has to wait for, and whether its own kin does. */
static int in_the_way(const struct ehlo_pace_place *place, const struct ehlo_pace_ticket *t, bool *kin) {
  const struct ehlo_pace_ticket *s;
  int n = 0;
  *kin = false;
  TAILQ_FOREACH(s, &place->standing, link) {
    if (is_kin(s, t))
      *kin = true;
    else
      n += s->owner != NULL;
  }
  return n;
}

static bool is_crowded(const struct ehlo_pace_place *place, const struct ehlo_pace_ticket *t, double now) {
  bool kin;
  return t->limits.per_address > 0 && in_the_way(place, t, &kin) >= t->limits.per_address && !kin &&
         now < t->asked + EHLO_PACE_PATIENCE;
}

static double interval(const struct ehlo_pace_ticket *t) {
  return t->limits.rate > 0 ? 1 / t->limits.rate : 0;
}

/* When its pace lets the ticket go; in the past where it may. */
static double due(const struct ehlo_pace_place *place, const struct ehlo_pace_ticket *t) {
  return t->limits.rate > 0 ? place->next - (EHLO_PACE_BURST - 1) * interval(t) : 0;
}

static void stand(struct ehlo_pace_place *place, struct ehlo_pace_ticket *t, double now) {
  place->next = (place->next > now ? place->next : now) + interval(t);
  t->waits = false;
  TAILQ_INSERT_TAIL(&place->standing, t, link);
}

/* The first in the queue is looked at with the next turn of the loop, never inside the call that made room for it. */
static void call_next(struct ehlo_pace_place *place) {
  struct ehlo_pace_ticket *first = TAILQ_FIRST(&place->waiting);
  if (first) (void)ehlo_timer_arm(&first->turn, ehlo_loop_now(first->pace->loop));
}

static void turn_came(struct ehlo_timer *timer) {
  struct ehlo_pace_ticket *t = (struct ehlo_pace_ticket *)((char *)timer - offsetof(struct ehlo_pace_ticket, turn));
  struct ehlo_pace_place *place = t->place;
  const double now = ehlo_loop_now(t->pace->loop), at = due(place, t);
  if (t != TAILQ_FIRST(&place->waiting)) return;
  if (at > now) {
    (void)ehlo_timer_arm(&t->turn, at);
  } else if (is_crowded(place, t, now)) {
    (void)ehlo_timer_arm(&t->turn, t->asked + EHLO_PACE_PATIENCE); /* sooner when one that stands there leaves */
  } else {
    TAILQ_REMOVE(&place->waiting, t, link);
    stand(place, t, now);
    call_next(place);
    t->granted(t);
  }
}

void ehlo_pace_init(struct ehlo_pace *p, struct ehlo_loop *loop) {
  *p = (struct ehlo_pace){.loop = loop};
  TAILQ_INIT(&p->empty);
}

void ehlo_pace_fini(struct ehlo_pace *p) {
  while (!TAILQ_EMPTY(&p->empty))
    forget(p, TAILQ_FIRST(&p->empty));
}

int ehlo_pace_take(struct ehlo_pace *p, struct ehlo_pace_ticket *t, const struct ehlo_endpoint *to) {
  const double now = ehlo_loop_now(p->loop);
  forget_old(p, now);
  struct ehlo_pace_place *place = enter(p, to);
  if (!place) return EHLO_E_MEMORY;
  t->pace = p;
  t->place = place;
  t->asked = now;
  bool kin;
  (void)in_the_way(place, t, &kin);
  if ((kin || TAILQ_EMPTY(&place->waiting)) && due(place, t) <= now && !is_crowded(place, t, now)) {
    stand(place, t, now);
    return 1;
  }
  t->waits = true;
  ehlo_timer_init(&t->turn, p->loop, turn_came);
  if (kin) /* whoever waits may wait for its kin: it must not stand behind them */
    TAILQ_INSERT_HEAD(&place->waiting, t, link);
  else
    TAILQ_INSERT_TAIL(&place->waiting, t, link);
  call_next(place);
  return 0;
}

void ehlo_pace_return(struct ehlo_pace_ticket *t) {
  struct ehlo_pace_place *place = t->place;
  if (!place) return;
  t->place = NULL;
  if (t->waits) {
    ehlo_timer_disarm(&t->turn);
    TAILQ_REMOVE(&place->waiting, t, link);
    t->waits = false;
  } else {
    TAILQ_REMOVE(&place->standing, t, link);
  }
  if (is_empty(place))
    TAILQ_INSERT_TAIL(&t->pace->empty, place, link);
  else
    call_next(place);
}

void ehlo_pace_disown(struct ehlo_pace_ticket *t) {
  t->owner = t->parent = NULL;
  if (t->place) call_next(t->place);
}
