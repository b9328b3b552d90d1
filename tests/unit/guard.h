/* Owns: placing test input so that it ends at a forbidden page: one byte read too many is a crash.
 * Callers: the tests of every parser. */
#ifndef EHLO_TESTS_GUARD_H
#define EHLO_TESTS_GUARD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct guard {
  char *pages; /* forbidden, `room` bytes of open pages, forbidden */
  size_t room;
  size_t page;
};

/* 0, or -1 when the pages cannot be had. */
static inline int guard_open(struct guard *g, size_t room) {
  g->pages = NULL;
  g->page = (size_t)sysconf(_SC_PAGESIZE);
  g->room = (room + g->page - 1) / g->page * g->page;
  if (g->room == 0) g->room = g->page;
  void *pages = mmap(NULL, g->room + 2 * g->page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return -1;
  g->pages = pages;
  return mprotect(g->pages + g->page, g->room, PROT_READ | PROT_WRITE);
}

static inline void guard_close(struct guard *g) {
  (void)munmap(g->pages, g->room + 2 * g->page);
}

/* Copies `len` bytes so that they end where the forbidden page begins, and gives their place. */
static inline char *guard_put(struct guard *g, const void *bytes, size_t len) {
  if (len > g->room) return NULL;
  char *place = g->pages + g->page + g->room - len;
  if (len > 0) memcpy(place, bytes, len);
  return place;
}

#endif
