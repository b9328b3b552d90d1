/* Owns: where journals lie, and whether one may read them: libsystemd leaves out in silence what it cannot open. Callers: source.c,
 * source_journal.c. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
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

/* What could not be closed in order has a tilde behind its name. */
static bool is_journal_name(const char *name) {
  return ends_in(name, ".journal") || ends_in(name, ".journal~");
}

static bool is_machine_name(const char *name) {
  return strlen(name) == MACHINE && strspn(name, "0123456789abcdef") == MACHINE;
}

/* 1: its first bytes are a journal's; 0: they are not; -1: it cannot be read. */
static int look_into(const char *folder, const char *name) {
  char path[PATH_MAX], first[sizeof MAGIC - 1];
  const int n = snprintf(path, sizeof path, "%s/%s", folder, name);
  if (n < 0 || (size_t)n >= sizeof path) return 0;
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) return errno == EACCES || errno == EPERM ? -1 : 0;
  const ssize_t got = read(fd, first, sizeof first);
  (void)close(fd);
  return got > 0 && journal_is_file(ehlo_slice_of(first, (size_t)got));
}

/* What the first file with the name of a journal's is, here or in a machine's folder; 0 where there is none. */
static int find_file(const char *path, bool deeper) {
  char below[PATH_MAX];
  int found = 0;
  DIR *dir = opendir(path);
  if (!dir) return deeper && errno != EACCES ? 0 : -1;
  const struct dirent *entry;
  for (int i = 0; found <= 0 && i < NAMES_MAX && (entry = readdir(dir)) != NULL; i++) {
    int here = 0;
    if (is_journal_name(entry->d_name)) here = look_into(path, entry->d_name);
    const int n =
        deeper && is_machine_name(entry->d_name) ? snprintf(below, sizeof below, "%s/%s", path, entry->d_name) : -1;
    if (n > 0 && (size_t)n < sizeof below) here = find_file(below, false);
    if (here != 0) found = here;
  }
  (void)closedir(dir);
  return found;
}

bool journal_is_folder(const char *path) {
  return find_file(path, true) != 0;
}

static int refused(struct ehlo_buf *why) {
  (void)ehlo_buf_add_str(why, "reading the journal is not permitted: " MAY);
  return EHLO_E_SYSTEM;
}

int journal_folder_check(const char *path, struct ehlo_buf *why) {
  if (find_file(path, true) < 0) return refused(why);
  (void)ehlo_buf_add_str(why, "its journal is damaged: none of the files can be read");
  return EHLO_E_SYNTAX;
}

/* Servers write to the system's journal, which not everybody may read; one's own is no matter here. */
int journal_machine_check(const char *machine, struct ehlo_buf *why) {
  static const char *const roots[] = {"/var/log/journal", "/run/log/journal"};
  char path[PATH_MAX];
  bool any = false;
  for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
    (void)snprintf(path, sizeof path, "%s/%s/system.journal", roots[i], machine);
    if (access(path, R_OK) != 0 && (errno == EACCES || errno == EPERM)) return refused(why);
    (void)snprintf(path, sizeof path, "%s/%s", roots[i], machine);
    any = any || access(path, F_OK) == 0;
  }
  if (any) return 0;
  (void)ehlo_buf_add_str(
      why, "this machine keeps none: there is no folder of its own in /var/log/journal and /run/log/journal");
  return EHLO_E_NOT_FOUND;
}
