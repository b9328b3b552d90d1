/* Owns: memory for texts that live and die together and never move. Callers: readers whose slices must last. */
#ifndef EHLO_CORE_ARENA_H
#define EHLO_CORE_ARENA_H

#include "ehlo/base/slice.h"

struct arena_block;
struct arena {
  struct arena_block *last;
  int error; /* 0 or EHLO_E_MEMORY; remembered */
};
void arena_fini(struct arena *a);
/* Empty again, with one block of the usual size kept. */
void arena_reuse(struct arena *a);
/* `len` bytes and a NUL behind them, or NULL. */
char *arena_take(struct arena *a, size_t len);
/* Gives back what was not used of the last piece taken. */
void arena_trim(struct arena *a, const char *piece, size_t used);
struct ehlo_slice arena_copy(struct arena *a, struct ehlo_slice s); /* empty on failure */

#endif
