/* Owns: unpacking, as source.c sees it. Callers: source.c. */
#ifndef EHLO_STORE_SOURCE_PACKED_H
#define EHLO_STORE_SOURCE_PACKED_H

#include "ehlo/base/buf.h"

struct packed;

/* The name of the compression that the first bytes show, or NULL. */
const char *packed_name(struct ehlo_slice first);

/* Reads raw bytes: length, 0 at the end, negative for an error. */
typedef long packed_reader(void *arg, char *bytes, size_t size);

int packed_open(packed_reader *read, void *arg, struct packed **out, struct ehlo_buf *why);
long packed_read(struct packed *p, char *bytes, size_t size, struct ehlo_buf *why);
void packed_close(struct packed *p);

#endif
