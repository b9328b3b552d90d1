/* Owns: the records of a journal, as the process that reads them sees them. Callers: source_journal.c. */
#ifndef EHLO_STORE_SOURCE_JOURNAL_RECORDS_H
#define EHLO_STORE_SOURCE_JOURNAL_RECORDS_H

#include "source_journal.h"

struct records;

/* As journal_open and journal_read, in this process. */
int records_open(const struct journal_place *place, struct records **out, struct ehlo_buf *why);
void records_close(struct records *j); /* NULL is legal */
long records_read(struct records *j, char *bytes, size_t size, struct ehlo_buf *why);
/* Until files of a folder change, at most so long. */
void records_wait(struct records *j, int milliseconds);
int64_t records_size(const struct records *j);
int64_t records_position(const struct records *j);

#endif
