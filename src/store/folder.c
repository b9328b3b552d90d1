/* Owns: walking the names in a folder. Callers: bindings. */
#include "ehlo/store/folder.h"

#include <dirent.h>

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
