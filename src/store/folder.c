/* Owns: walking the names in a folder, and reading small files of it. Callers: bindings. */
#include "ehlo/store/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

struct ehlo_folder {
  DIR *dir;
};

int ehlo_folder_open(const char *path, struct ehlo_folder **out) {
  *out = ehlo_memory_zalloc(1, sizeof **out);
  if (!*out) return EHLO_E_MEMORY;
  (*out)->dir = opendir(path);
  if ((*out)->dir) return 0;
  ehlo_memory_free(*out);
  *out = NULL;
  return EHLO_E_SYSTEM;
}

void ehlo_folder_close(struct ehlo_folder *folder) {
  if (folder) (void)closedir(folder->dir);
  ehlo_memory_free(folder);
}

const char *ehlo_folder_next(struct ehlo_folder *folder) {
  const struct dirent *entry = readdir(folder->dir);
  while (entry && entry->d_name[0] == '.')
    entry = readdir(folder->dir);
  return entry ? entry->d_name : NULL;
}

int ehlo_folder_read_small(const char *path, struct ehlo_buf *out) {
  struct stat facts;
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return EHLO_E_NOT_FOUND;
  int error = EHLO_E_NOT_FOUND;
  if (fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size > 0 && (size_t)facts.st_size < out->max) {
    const size_t size = (size_t)facts.st_size;
    char *place = ehlo_buf_reserve(out, size);
    error = place ? error : EHLO_E_MEMORY;
    if (place && read(fd, place, size) == (ssize_t)size) {
      ehlo_buf_grew(out, size);
      error = 0;
    }
  }
  (void)close(fd);
  return error;
}
