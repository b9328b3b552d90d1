/* Owns: systemd's journal, as source.c sees it: records of mail as text, in the form of `journalctl -o export`. Callers: source.c,
 * source_journal_records.c. */
#ifndef EHLO_STORE_SOURCE_JOURNAL_H
#define EHLO_STORE_SOURCE_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "ehlo/base/buf.h"

struct journal;

struct journal_place {
  const char *folder; /* with files of a journal; NULL with `fd` < 0 for the journal of this machine */
  int fd;             /* one file, which stays the caller's; -1 */
  int64_t since;      /* seconds since 1970: nothing older is read; 0 for all */
  bool follow;
};

/* Files of journals in a folder, and in folders of machines below it. */
struct journal_census {
  size_t readable, refused;
  uint64_t bytes; /* on the disk, of those that should be whole */
  uint64_t least; /* of one of them */
};
struct journal_census journal_count(const char *path);

/* Whether these are the first bytes of a journal's file. */
bool journal_is_file(struct ehlo_slice first);

/* EHLO_E_NOT_FOUND, EHLO_E_SYSTEM, EHLO_E_SYNTAX (damaged) or EHLO_E_MEMORY, with a sentence. */
int journal_open(const struct journal_place *place, struct journal **out, struct ehlo_buf *why);
void journal_close(struct journal *j); /* NULL is legal */

/* The length; 0 where there is no more now. EHLO_E_SYNTAX once all is read, of what was damaged, with a sentence. EHLO_E_AGAIN: a signal
 * came. */
long journal_read(struct journal *j, char *bytes, size_t size, struct ehlo_buf *why);
/* Waits for more, or a signal; false where the caller must look after the file itself. */
bool journal_wait(struct journal *j, int milliseconds);

/* Bytes on the disk, and as many of them as the time that was read of it has of its whole time. */
int64_t journal_size(const struct journal *j);
int64_t journal_position(const struct journal *j);

/* Whether this machine has a journal that one may read: 0 with its files added to the census, or EHLO_E_NOT_FOUND or EHLO_E_SYSTEM with a
 * sentence (source_journal_place.c). */
int journal_machine_check(const char *machine, struct journal_census *census, struct ehlo_buf *why);
/* What to say of a folder none of whose files could be opened. */
int journal_folder_check(const struct journal_census *census, struct ehlo_buf *why);

#endif
