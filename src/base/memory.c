/* Owns: the only calls of malloc and friends, and their failure on request in test builds.
 * Callers: everybody. */
#include "ehlo/base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef EHLO_FAULTS
/* The one piece of mutable state outside structs: it exists in test builds alone, a copy for each thread. */
static _Thread_local struct {
  unsigned long at;
  unsigned long count;
  int and_after;
} fault;

void ehlo_memory_fail_at(unsigned long nth, int and_after) {
  fault.at = nth;
  fault.count = 0;
  fault.and_after = and_after;
}

unsigned long ehlo_memory_count(void) {
  return fault.count;
}

static int refused(void) {
  fault.count++;
  if (fault.at == 0) return 0;
  return fault.and_after ? fault.count >= fault.at : fault.count == fault.at;
}
#else
static int refused(void) {
  return 0;
}
#endif

/* malloc(0) may give NULL, which callers would take for a failure. */
static size_t at_least_one(size_t size) {
  return size > 0 ? size : 1;
}

void *ehlo_memory_alloc(size_t size) {
  return refused() ? NULL : malloc(at_least_one(size));
}

void *ehlo_memory_zalloc(size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / size) return NULL;
  return refused() ? NULL : calloc(1, at_least_one(count * size));
}

void *ehlo_memory_realloc(void *old, size_t size) {
  return refused() ? NULL : realloc(old, at_least_one(size));
}

char *ehlo_memory_dup(const char *bytes, size_t len) {
  if (len == SIZE_MAX) return NULL;
  char *copy = ehlo_memory_alloc(len + 1);
  if (!copy) return NULL;
  if (len > 0) memcpy(copy, bytes, len);
  copy[len] = '\0';
  return copy;
}

void ehlo_memory_free(void *ptr) {
  free(ptr);
}

void ehlo_memory_wipe(void *ptr, size_t size) {
  if (size > 0) explicit_bzero(ptr, size);
}
