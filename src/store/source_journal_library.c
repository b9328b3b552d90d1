/* Owns: opening libsystemd, with the first journal that is read. Callers: source_journal.c. */
#include "source_journal_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define ROW(symbol, field)                                                                                             \
  { #symbol, offsetof(struct journal_library, field) }

bool journal_library_open(struct journal_library *library) {
  static const struct {
    const char *symbol;
    size_t place;
  } rows[] = {ROW(sd_id128_get_machine, get_machine),
              ROW(sd_journal_open, open),
              ROW(sd_journal_open_directory, open_directory),
              ROW(sd_journal_open_files_fd, open_files_fd),
              ROW(sd_journal_close, close),
              ROW(sd_journal_add_match, add_match),
              ROW(sd_journal_add_disjunction, add_disjunction),
              ROW(sd_journal_query_unique, query_unique),
              ROW(sd_journal_enumerate_available_unique, next_unique),
              ROW(sd_journal_set_data_threshold, set_data_threshold),
              ROW(sd_journal_seek_head, seek_head),
              ROW(sd_journal_seek_realtime_usec, seek_realtime),
              ROW(sd_journal_next, next),
              ROW(sd_journal_get_realtime_usec, get_realtime),
              ROW(sd_journal_get_data, get_data),
              ROW(sd_journal_get_usage, get_usage),
              ROW(sd_journal_get_cutoff_realtime_usec, get_cutoff),
              ROW(sd_journal_get_fd, get_fd),
              ROW(sd_journal_process, process)};
  void *handle = dlopen(JOURNAL_LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!handle) return false;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    void *symbol = dlsym(handle, rows[i].symbol);
    if (!symbol) return false;
    /* ISO C knows no cast from an object's address to a function's */
    memcpy((char *)library + rows[i].place, &symbol, sizeof symbol);
  }
  return true;
}
