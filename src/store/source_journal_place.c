/* Owns: where journals lie, and whether one may read them: libsystemd leaves out in silence what it cannot open. Callers: source.c,
 * source_journal.c. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ehlo/base/error.h"
#include "source_journal.h"

enum { MACHINE = 32 /* hexadecimal digits of a machine's id */, NAMES_MAX = 100000 };

#define MAGIC "LPKSHHRH"
#define MAY "run this as root, or add the user to the group systemd-journal or adm"

bool journal_is_file(struct ehlo_slice first) {
  return first.len >= sizeof MAGIC - 1 && memcmp(first.ptr, MAGIC, sizeof MAGIC - 1) == 0;
}

static bool ends_in(const char *name, const char *end) {
  const size_t len = strlen(name), n = strlen(end);
  return len > n && strcmp(name + len - n, end) == 0;
}

/* What journald found damaged, and put aside, has a tilde behind its name. */
static bool is_journal_name(const char *name) {
  return ends_in(name, ".journal") || ends_in(name, ".journal~");
}

static bool is_machine_name(const char *name) {
  return strlen(name) == MACHINE && strspn(name, "0123456789abcdef") == MACHINE;
}

static void add_size(struct journal_census *census, uint64_t bytes) {
  census->bytes += bytes;
  if (census->least == 0 || bytes < census->least) census->least = bytes;
}

/* Counts a file with the name of a journal's. */
static void count_file(int folder, const char *name, struct journal_census *census) {
  char first[sizeof MAGIC - 1];
  struct stat facts;
  const int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  census->refused += fd < 0 && (errno == EACCES || errno == EPERM);
  if (fd < 0) return;
  const ssize_t got = read(fd, first, sizeof first);
  if (got > 0 && journal_is_file(ehlo_slice_of(first, (size_t)got)) && fstat(fd, &facts) == 0) {
    census->readable++;
    if (!ends_in(name, "~")) add_size(census, (uint64_t)facts.st_blocks * 512);
  }
  (void)close(fd);
}

static void count_folder(const char *path, bool deeper, struct journal_census *census) {
  char below[PATH_MAX];
  DIR *dir = opendir(path);
  census->refused += !dir && !deeper && errno == EACCES;
  if (!dir) return;
  const struct dirent *entry;
  for (int i = 0; i < NAMES_MAX && (entry = readdir(dir)) != NULL; i++) {
    if (is_journal_name(entry->d_name)) count_file(dirfd(dir), entry->d_name, census);
    if (!deeper || !is_machine_name(entry->d_name)) continue;
    const int n = snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
    if (n > 0 && (size_t)n < sizeof below) count_folder(below, false, census);
  }
  (void)closedir(dir);
}

struct journal_census journal_count(const char *path) {
  struct journal_census census = {0};
  count_folder(path, true, &census);
  return census;
}

static int refused(struct ehlo_buf *why) {
  (void)ehlo_buf_add_str(why, "reading the journal is not permitted: " MAY);
  return EHLO_E_SYSTEM;
}

int journal_folder_check(const struct journal_census *census, struct ehlo_buf *why) {
  if (census->readable == 0) return refused(why);
  (void)ehlo_buf_add_str(why, "this journal is damaged: none of its files can be read");
  return EHLO_E_SYNTAX;
}

/* Servers write to the system's journal, which not everybody may read; one's own is no matter here. */
int journal_machine_check(const char *machine, struct journal_census *census, struct ehlo_buf *why) {
  static const char *const roots[] = {"/var/log/journal", "/run/log/journal"};
  char path[PATH_MAX];
  for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
    (void)snprintf(path, sizeof path, "%s/%s/system.journal", roots[i], machine);
    if (access(path, R_OK) != 0 && (errno == EACCES || errno == EPERM)) return refused(why);
    (void)snprintf(path, sizeof path, "%s/%s", roots[i], machine);
    count_folder(path, false, census);
  }
  if (census->readable > 0) return 0;
  if (census->refused > 0) return refused(why);
  (void)ehlo_buf_add_str(why,
                         "this machine keeps none: there is no file of it in /var/log/journal and /run/log/journal");
  return EHLO_E_NOT_FOUND;
}
