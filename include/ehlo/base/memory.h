/* Owns: allocation for all layers. Test builds (EHLO_FAULTS) can make the Nth
 * allocation fail. Callers: everybody; nobody calls malloc and friends directly. */
#ifndef EHLO_BASE_MEMORY_H
#define EHLO_BASE_MEMORY_H

#include <stddef.h>

/* All return NULL on failure. `zalloc` gives zeroed memory for count * size bytes
 * and refuses products that overflow. free(NULL) is legal. */
void *ehlo_memory_alloc(size_t size);
void *ehlo_memory_zalloc(size_t count, size_t size);
void *ehlo_memory_realloc(void *old, size_t size);
char *ehlo_memory_dup(const char *bytes, size_t len); /* NUL-terminated copy */
void ehlo_memory_free(void *ptr);

/* Secrets: wipes in a way that the compiler keeps. */
void ehlo_memory_wipe(void *ptr, size_t size);

#ifdef EHLO_FAULTS
/* Fails the nth allocation from now (1 = the next one), once or from then on.
 * 0 disarms. `count` tells how many allocations happened since arming. */
void ehlo_memory_fail_at(unsigned long nth, int and_after);
unsigned long ehlo_memory_count(void);
#endif

#endif
