/* Owns: writing files that only their owner may read, such as the history. Callers: the prompt, through ehlo/store/private_file.h. */
#include "ehlo/store/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make_folders(const char *path) {
  char folder[PATH_MAX];
  const int n = snprintf(folder, sizeof folder, "%s", path);
  if (n < 0 || (size_t)n >= sizeof folder) return ENAMETOOLONG;
  for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) return errno;
    *slash = '/';
  }
  return 0;
}

static int write_all(int fd, const char *text, size_t len) {
  while (len > 0) {
    const ssize_t n = write(fd, text, len);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    text += n;
    len -= (size_t)n;
  }
  return 0;
}

static int write_file(const char *path, int flags, const char *text, size_t len) {
  int error = make_folders(path);
  if (error) return error;
  const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
  if (fd < 0) return errno;
  error = write_all(fd, text, len);
  if (close(fd) != 0 && !error) error = errno;
  return error;
}

int ehlo_private_file_append(const char *path, const char *text, size_t len) {
  return write_file(path, O_APPEND, text, len);
}

int ehlo_private_file_replace(const char *path, const char *text, size_t len) {
  char fresh[PATH_MAX];
  const int n = snprintf(fresh, sizeof fresh, "%s.%ld", path, (long)getpid());
  if (n < 0 || (size_t)n >= sizeof fresh) return ENAMETOOLONG;
  int error = write_file(fresh, O_EXCL, text, len);
  if (!error && rename(fresh, path) != 0) error = errno;
  if (error) unlink(fresh);
  return error;
}
