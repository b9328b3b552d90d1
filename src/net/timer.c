/* Owns: one-shot timers in a binary heap, so that a session's many deadlines cost a few swaps and no event each.
 * Callers: everybody who holds a loop; loop.c fires them. */
#include <float.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "loop_private.h"

void ehlo_timer_init(struct ehlo_timer *t, struct ehlo_loop *loop, void (*fire)(struct ehlo_timer *t)) {
  *t = (struct ehlo_timer){.fire = fire, .loop = loop, .slot = -1};
}

static void put(struct ehlo_timers *all, int slot, struct ehlo_timer *t) {
  all->heap[slot] = t;
  t->slot = slot;
}

static void sift_up(struct ehlo_timers *all, int slot, struct ehlo_timer *t) {
  while (slot > 0) {
    int parent = (slot - 1) / 2;
    if (all->heap[parent]->at <= t->at) break;
    put(all, slot, all->heap[parent]);
    slot = parent;
  }
  put(all, slot, t);
}

static void sift_down(struct ehlo_timers *all, int slot, struct ehlo_timer *t) {
  for (;;) {
    int child = 2 * slot + 1;
    if (child >= all->n) break;
    if (child + 1 < all->n && all->heap[child + 1]->at < all->heap[child]->at) child++;
    if (t->at <= all->heap[child]->at) break;
    put(all, slot, all->heap[child]);
    slot = child;
  }
  put(all, slot, t);
}

static int make_room(struct ehlo_timers *all) {
  if (all->n < all->cap) return 0;
  int cap = all->cap ? all->cap * 2 : 16;
  struct ehlo_timer **heap = ehlo_memory_realloc(all->heap, (size_t)cap * sizeof *heap);
  if (!heap) return EHLO_E_MEMORY;
  all->heap = heap;
  all->cap = cap;
  return 0;
}

int ehlo_timer_arm(struct ehlo_timer *t, double at) {
  struct ehlo_timers *all = ehlo_loop_timers(t->loop);
  /* Armed for the past by a timer that is firing: the next turn's, or one timer could hold the loop for ever. */
  if (all->firing && !(at > all->fired_at)) at = all->fired_at * (1 + 2 * DBL_EPSILON);
  if (t->slot < 0) {
    int error = make_room(all);
    if (error) return error;
    t->at = at;
    sift_up(all, all->n++, t);
    return 0;
  }
  double before = t->at;
  t->at = at;
  if (at < before) {
    sift_up(all, t->slot, t);
  } else {
    sift_down(all, t->slot, t);
  }
  return 0;
}

void ehlo_timer_disarm(struct ehlo_timer *t) {
  if (t->slot < 0) return;
  struct ehlo_timers *all = ehlo_loop_timers(t->loop);
  int slot = t->slot;
  t->slot = -1;
  struct ehlo_timer *last = all->heap[--all->n];
  if (last == t) return;
  if (slot > 0 && all->heap[(slot - 1) / 2]->at > last->at) {
    sift_up(all, slot, last);
  } else {
    sift_down(all, slot, last);
  }
}

void ehlo_timers_fire(struct ehlo_timers *all, double now) {
  all->firing = true;
  all->fired_at = now;
  while (all->n > 0 && all->heap[0]->at <= now) {
    struct ehlo_timer *t = all->heap[0];
    ehlo_timer_disarm(t);
    t->fire(t);
  }
  all->firing = false;
}

void ehlo_timers_fini(struct ehlo_timers *all) {
  for (int i = 0; i < all->n; i++)
    all->heap[i]->slot = -1;
  ehlo_memory_free(all->heap);
  *all = (struct ehlo_timers){0};
}
