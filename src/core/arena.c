/* Owns: a chain of blocks from which pieces are cut. Callers: readers of mails. */
#include "arena.h"

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

enum { BLOCK = 4000 };

struct arena_block {
  struct arena_block *before;
  size_t used, size;
  char bytes[];
};

void arena_fini(struct arena *a) {
  while (a->last) {
    struct arena_block *block = a->last;
    a->last = block->before;
    ehlo_memory_free(block);
  }
}

void arena_reuse(struct arena *a) {
  struct arena_block *first = a->last;
  while (first && first->before)
    first = first->before;
  if (first && first->size > BLOCK) first = NULL;
  while (a->last && a->last != first) {
    struct arena_block *block = a->last;
    a->last = block->before;
    ehlo_memory_free(block);
  }
  if (first) first->used = 0;
  a->error = 0;
}

char *arena_take(struct arena *a, size_t len) {
  if (a->error) return NULL;
  if (!a->last || a->last->size - a->last->used < len + 1) {
    const size_t size = len + 1 > BLOCK ? len + 1 : BLOCK;
    struct arena_block *block = ehlo_memory_alloc(sizeof *block + size);
    if (!block) {
      a->error = EHLO_E_MEMORY;
      return NULL;
    }
    *block = (struct arena_block){.before = a->last, .size = size};
    a->last = block;
  }
  char *piece = a->last->bytes + a->last->used;
  a->last->used += len + 1;
  piece[len] = '\0';
  return piece;
}

void arena_trim(struct arena *a, const char *piece, size_t used) {
  if (piece) a->last->used = (size_t)(piece - a->last->bytes) + used + 1;
}

struct ehlo_slice arena_copy(struct arena *a, struct ehlo_slice s) {
  if (s.len == 0) return ehlo_slice_of("", 0);
  char *piece = arena_take(a, s.len);
  if (!piece) return ehlo_slice_of("", 0);
  memcpy(piece, s.ptr, s.len);
  return ehlo_slice_of(piece, s.len);
}
