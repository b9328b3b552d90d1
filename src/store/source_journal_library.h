/* Owns: the functions of libsystemd that are used. Callers: source_journal.c. */
#ifndef EHLO_STORE_SOURCE_JOURNAL_LIBRARY_H
#define EHLO_STORE_SOURCE_JOURNAL_LIBRARY_H

#include <stdbool.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

#define JOURNAL_LIBRARY "libsystemd.so.0"

struct journal_library {
  __typeof__(sd_id128_get_machine) *get_machine;
  __typeof__(sd_journal_open) *open;
  __typeof__(sd_journal_open_directory) *open_directory;
  __typeof__(sd_journal_open_files_fd) *open_files_fd;
  __typeof__(sd_journal_close) *close;
  __typeof__(sd_journal_add_match) *add_match;
  __typeof__(sd_journal_add_disjunction) *add_disjunction;
  __typeof__(sd_journal_query_unique) *query_unique;
  __typeof__(sd_journal_enumerate_available_unique) *next_unique;
  __typeof__(sd_journal_set_data_threshold) *set_data_threshold;
  __typeof__(sd_journal_seek_head) *seek_head;
  __typeof__(sd_journal_seek_realtime_usec) *seek_realtime;
  __typeof__(sd_journal_next) *next;
  __typeof__(sd_journal_get_realtime_usec) *get_realtime;
  __typeof__(sd_journal_get_data) *get_data;
  __typeof__(sd_journal_get_usage) *get_usage;
  __typeof__(sd_journal_get_cutoff_realtime_usec) *get_cutoff;
  __typeof__(sd_journal_get_fd) *get_fd;
  __typeof__(sd_journal_process) *process;
};

/* False where there is none, or one that lacks something. It is never closed again. */
bool journal_library_open(struct journal_library *library);

#endif
