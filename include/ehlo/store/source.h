/* Owns: reading what lies in files, compressed or not, in systemd's journal, or comes through a pipe, piece by piece; following a log as it
 * grows, is rotated or cut off. Callers: bindings. */
#ifndef EHLO_STORE_SOURCE_H
#define EHLO_STORE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "ehlo/base/slice.h"

struct ehlo_source;
struct ehlo_buf;

struct ehlo_source_facts {
  const char *compression; /* "gzip", "bzip2", "xz", "zstd"; NULL for none */
  bool folder;             /* nothing can be read from it */
  bool regular;            /* a file with an end */
  bool journal;            /* its bytes are records about mail, in the form of `journalctl -o export` */
  int64_t size;            /* bytes as they lie on the disk; 0 for pipes */
  int64_t position; /* so many of them were read; of a journal, which is not read as a whole, by the time reached */
  int64_t changed;  /* seconds since 1970 */
};

/* `path` "-" is standard input, NULL the journal of this machine. `follow`: the end of a file is not the end. EHLO_E_NOT_FOUND,
 * EHLO_E_SYSTEM, EHLO_E_MEMORY, with a sentence in `why`. */
int ehlo_source_open(const char *path, bool follow, struct ehlo_source **out, struct ehlo_buf *why);
/* Before the first bytes are asked for: of a journal nothing older is read. Seconds since 1970. */
void ehlo_source_since(struct ehlo_source *s, int64_t since);
void ehlo_source_close(struct ehlo_source *s); /* NULL is legal */
struct ehlo_source_facts ehlo_source_facts(const struct ehlo_source *s);

/* The first bytes, to see what it is; they are read again later. Waits for a line of a pipe, at least. Where none of them is LF, CR ends the
 * lines of the whole, and is handed out as LF. */
int ehlo_source_peek(struct ehlo_source *s, struct ehlo_slice *first, struct ehlo_buf *why);

/* What comes next, at least a byte: the length, 0 at the end. EHLO_E_AGAIN: nothing now, of a source that is followed, or a signal came;
 * EHLO_E_SYSTEM or EHLO_E_SYNTAX (damaged compression or journal) with a sentence. */
long ehlo_source_read(struct ehlo_source *s, char *bytes, size_t size, struct ehlo_buf *why);

/* Waits until there may be more, at most so many milliseconds; returns early when a signal comes. */
void ehlo_source_wait(struct ehlo_source *s, int milliseconds);

#endif
