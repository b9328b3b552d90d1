/* Owns: writing files that only their owner may read, such as the history. Callers: the prompt, through ehlo/store/private_file.h. */
#include "ehlo/store/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ehlo/base/memory.h"

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

/* Whoever puts another file in its place holds the lock, so what was opened may be the old one once the lock is ours. */
static bool is_still(int fd, const char *path) {
  struct stat held;
  struct stat named;
  if (fstat(fd, &held) != 0 || stat(path, &named) != 0) return false;
  return named.st_ino == held.st_ino && named.st_dev == held.st_dev;
}

/* A lock that somebody keeps for a second is not waited for: a line written in one piece does no harm. 0, or an errno. */
static int open_locked(const char *path, int flags, int *out) {
  enum { TRIES = 100, PAUSE_MS = 10 };
  for (int tries = 0; tries < TRIES; tries++) {
    const int fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | flags, 0600);
    if (fd < 0) return errno;
    for (; flock(fd, LOCK_EX | LOCK_NB) != 0 && tries < TRIES; tries++)
      (void)poll(NULL, 0, PAUSE_MS);
    if (tries >= TRIES || is_still(fd, path)) {
      *out = fd;
      return 0;
    }
    close(fd);
  }
  return EAGAIN;
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
  int fd = -1;
  int error = make_folders(path);
  if (!error) error = open_locked(path, O_CREAT | O_APPEND, &fd);
  if (error) return error;
  struct stat about;
  if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && (about.st_mode & 077)) (void)fchmod(fd, 0600);
  error = write_all(fd, text, len);
  if (close(fd) != 0 && !error) error = errno;
  return error;
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

static int read_all(int fd, char *text, size_t max, size_t *len) {
  while (*len < max) {
    const ssize_t n = read(fd, text + *len, max - *len);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    if (n == 0) return 0;
    *len += (size_t)n;
  }
  return 0;
}

/* Where only a part was read, what comes before its first line end is a part of a line. */
static void drop_partial(char *text, size_t *len) {
  const char *end = memchr(text, '\n', *len);
  const size_t gone = end ? (size_t)(end - text) + 1 : *len;
  memmove(text, text + gone, *len - gone);
  *len -= gone;
}

static int read_tail(int fd, size_t max, char **text, size_t *len) {
  struct stat about;
  if (fstat(fd, &about) != 0) return errno;
  if (S_ISDIR(about.st_mode)) return EISDIR;
  if (!S_ISREG(about.st_mode)) return EINVAL;
  const bool partial = (size_t)about.st_size > max;
  if (partial && lseek(fd, -(off_t)max, SEEK_END) < 0) return errno;
  *text = ehlo_memory_alloc(max);
  if (!*text) return ENOMEM;
  const int error = read_all(fd, *text, max, len);
  if (!error && partial) drop_partial(*text, len);
  return error;
}

int ehlo_private_file_tail(const char *path, size_t max, char **text, size_t *len) {
  *text = NULL;
  *len = 0;
  const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a pipe that nobody writes to must not hold us */
  if (fd < 0) return errno;
  const int error = read_tail(fd, max, text, len);
  close(fd);
  if (!error) return 0;
  ehlo_memory_free(*text);
  *text = NULL;
  *len = 0;
  return error;
}

int ehlo_private_file_shorten(const char *path, size_t limit, size_t max) {
  int fd = -1;
  int error = open_locked(path, 0, &fd);
  if (error) return error;
  struct stat about;
  char *text = NULL;
  size_t len = 0;
  if (fstat(fd, &about) != 0) error = errno;
  if (!error && (size_t)about.st_size > limit) {
    error = ehlo_private_file_tail(path, max, &text, &len);
    if (!error) error = ehlo_private_file_replace(path, text, len);
  }
  ehlo_memory_free(text);
  close(fd);
  return error;
}
