/* Owns: the folders of a catalogue's versions and the link that says which is in force. Callers: bindings, through
 * ehlo/store/landing.h. The order of the system calls is the point here: whatever is named has been synced before. */
#include "ehlo/store/landing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ehlo/base/scan.h"

#define FRESH ".new"          /* a version while it is written */
#define STALE ".old"          /* a version while it is removed */
#define FRESH_LINK ".current" /* a link before it is renamed */
#define LINK "current"

enum { VERSION_TEXT = 24, VERSION_DIGITS = 16 };

static bool is_name(const char *name) {
  return name[0] != '\0' && name[0] != '.' && !strchr(name, '/') && strlen(name) < NAME_MAX;
}

static int sync_fd(int fd) {
  while (fsync(fd) != 0)
    if (errno != EINTR) return errno;
  return 0;
}

/* --- files --- */

static int write_all(int fd, struct ehlo_slice bytes) {
  while (bytes.len > 0) {
    const ssize_t n = write(fd, bytes.ptr, bytes.len);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    bytes = ehlo_slice_of(bytes.ptr + n, bytes.len - (size_t)n);
  }
  return sync_fd(fd);
}

static int write_file(int folder, const char *name, struct ehlo_slice bytes) {
  const int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (fd < 0) return errno;
  int error = write_all(fd, bytes);
  if (close(fd) != 0 && !error) error = errno;
  return error;
}

static int make_folders(const char *path) {
  char folder[PATH_MAX];
  const int n = snprintf(folder, sizeof folder, "%s", path);
  if (n < 0 || (size_t)n >= sizeof folder) return ENAMETOOLONG;
  for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(folder, 0755) != 0 && errno != EEXIST) return errno;
    *slash = '/';
  }
  return 0;
}

int ehlo_landing_write(const char *path, struct ehlo_slice bytes) {
  char folder[PATH_MAX], fresh[NAME_MAX + 1];
  int error = make_folders(path);
  if (error) return error;
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
  const int n = snprintf(fresh, sizeof fresh, "%s" FRESH, name);
  if (n < 0 || (size_t)n >= sizeof fresh) return ENAMETOOLONG;
  const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return errno;
  error = write_file(fd, fresh, bytes);
  if (!error && renameat(fd, fresh, fd, name) != 0) error = errno;
  if (!error)
    error = sync_fd(fd);
  else
    (void)unlinkat(fd, fresh, 0);
  (void)close(fd);
  return error;
}

/* --- folders --- */

static int open_folder(int at, const char *name, int *out) {
  *out = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  return *out < 0 ? errno : 0;
}

/* Calls `each` for every name in the folder, until it returns an errno. */
static int walk(int folder, int (*each)(int folder, const char *name, void *arg), void *arg) {
  const int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd < 0 ? NULL : fdopendir(fd);
  if (!dir) {
    const int error = errno;
    if (fd >= 0) (void)close(fd);
    return error;
  }
  int error = 0;
  for (const struct dirent *entry; !error && (entry = readdir(dir)) != NULL;)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) error = each(folder, entry->d_name, arg);
  (void)closedir(dir);
  return error;
}

static int remove_file(int folder, const char *name, void *arg) {
  (void)arg;
  return unlinkat(folder, name, 0) == 0 || errno == ENOENT ? 0 : errno;
}

/* A folder of files, with all in it; none there is fine. */
static int remove_folder(int at, const char *name) {
  int folder;
  int error = open_folder(at, name, &folder);
  if (error) return error == ENOENT ? 0 : error;
  error = walk(folder, remove_file, NULL);
  (void)close(folder);
  if (!error && unlinkat(at, name, AT_REMOVEDIR) != 0) error = errno;
  return error;
}

/* 0 where the name is no version's. */
static uint64_t version_of(const char *name) {
  struct ehlo_scan c = ehlo_scan_of(ehlo_slice_str(name));
  uint64_t version = 0;
  if (name[0] < '1' || name[0] > '9' || strlen(name) > VERSION_DIGITS) return 0;
  return ehlo_scan_number(&c, VERSION_DIGITS, UINT64_MAX, &version) && ehlo_scan_done(&c) ? version : 0;
}

static uint64_t current_of(int folder) {
  char target[VERSION_TEXT];
  const ssize_t n = readlinkat(folder, LINK, target, sizeof target - 1);
  if (n <= 0) return 0;
  target[n] = '\0';
  return version_of(target);
}

/* --- landing --- */

int ehlo_landing_open(struct ehlo_landing *l, const char *root) {
  char inside[PATH_MAX];
  *l = (struct ehlo_landing){-1, -1};
  const int n = snprintf(inside, sizeof inside, "%s/.lock", root);
  if (n < 0 || (size_t)n >= sizeof inside) return ENAMETOOLONG;
  int error = make_folders(inside);
  if (error) return error;
  l->lock = open(inside, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (l->lock < 0 || flock(l->lock, LOCK_EX | LOCK_NB) != 0) error = errno;
  if (!error) l->folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (!error && l->folder < 0) error = errno;
  if (error) ehlo_landing_close(l);
  return error;
}

void ehlo_landing_close(struct ehlo_landing *l) {
  if (l->folder >= 0) (void)close(l->folder);
  if (l->lock >= 0) (void)close(l->lock);
  *l = (struct ehlo_landing){-1, -1};
}

static int clean(int folder) {
  int error = remove_file(folder, FRESH_LINK, NULL);
  if (!error) error = remove_folder(folder, FRESH);
  return error ? error : remove_folder(folder, STALE);
}

/* What has a version's name is whole: it loses the name first. */
static int remove_version(int folder, const char *name) {
  if (renameat(folder, name, folder, STALE) != 0) return errno == ENOENT ? 0 : errno;
  return remove_folder(folder, STALE);
}

int ehlo_landing_clean(struct ehlo_landing *l, const char *name) {
  int folder;
  if (!is_name(name)) return EINVAL;
  int error = open_folder(l->folder, name, &folder);
  if (error) return error == ENOENT ? 0 : error;
  error = clean(folder);
  (void)close(folder);
  return error;
}

/* What is to be named is on the disk before, and the name is after. */
static int point(int folder, const char *version) {
  int error = remove_file(folder, FRESH_LINK, NULL);
  if (!error && symlinkat(version, folder, FRESH_LINK) != 0) error = errno;
  if (!error && renameat(folder, FRESH_LINK, folder, LINK) != 0) error = errno;
  return error ? error : sync_fd(folder);
}

static int write_version(int folder, const struct ehlo_landing_file *files, size_t n) {
  int fresh;
  if (mkdirat(folder, FRESH, 0755) != 0) return errno;
  int error = open_folder(folder, FRESH, &fresh);
  if (error) return error;
  for (size_t i = 0; i < n && !error; i++)
    error = is_name(files[i].name) ? write_file(fresh, files[i].name, files[i].bytes) : EINVAL;
  if (!error) error = sync_fd(fresh);
  (void)close(fresh);
  return error;
}

struct kept {
  uint64_t now, before;
};

static int prune(int folder, const char *name, void *arg) {
  const struct kept *kept = arg;
  const uint64_t version = version_of(name);
  return version == 0 || version == kept->now || version == kept->before ? 0 : remove_version(folder, name);
}

static int put(int folder, uint64_t version, const struct ehlo_landing_file *files, size_t n) {
  char name[VERSION_TEXT];
  struct kept kept = {version, current_of(folder)};
  if (kept.before == version) return EEXIST;
  snprintf(name, sizeof name, "%" PRIu64, version);
  int error = clean(folder);
  if (!error) error = write_version(folder, files, n);
  if (!error)
    error = remove_version(folder, name); /* landed once and then rolled back, or killed before it was in force */
  if (!error && renameat(folder, FRESH, folder, name) != 0) error = errno;
  if (!error) error = sync_fd(folder);
  if (!error) error = point(folder, name);
  if (error) {
    (void)clean(folder);
    return error;
  }
  (void)walk(folder, prune, &kept); /* what stays is only in the way */
  return 0;
}

int ehlo_landing_put(struct ehlo_landing *l, const char *name, uint64_t version, const struct ehlo_landing_file *files,
                     size_t n) {
  int folder;
  if (!is_name(name)) return EINVAL;
  if (mkdirat(l->folder, name, 0755) != 0 && errno != EEXIST) return errno;
  int error = sync_fd(l->folder);
  if (!error) error = open_folder(l->folder, name, &folder);
  if (error) return error;
  error = put(folder, version, files, n);
  (void)close(folder);
  return error;
}

int ehlo_landing_switch(struct ehlo_landing *l, const char *name, uint64_t version) {
  char text[VERSION_TEXT];
  int folder, inside;
  if (!is_name(name)) return EINVAL;
  int error = open_folder(l->folder, name, &folder);
  if (error) return error;
  snprintf(text, sizeof text, "%" PRIu64, version);
  error = open_folder(folder, text, &inside);
  if (!error) {
    (void)close(inside);
    error = point(folder, text);
  }
  (void)close(folder);
  return error;
}

static int remove_any(int folder, const char *name, void *arg) {
  (void)arg;
  if (unlinkat(folder, name, 0) == 0 || errno == ENOENT) return 0;
  return errno == EISDIR || errno == EPERM ? remove_folder(folder, name) : errno;
}

/* The link goes first: a version half removed is never in force. */
int ehlo_landing_remove(struct ehlo_landing *l, const char *name) {
  int folder;
  if (!is_name(name)) return EINVAL;
  int error = open_folder(l->folder, name, &folder);
  if (error) return error == ENOENT ? 0 : error;
  error = remove_file(folder, LINK, NULL);
  if (!error) error = sync_fd(folder);
  if (!error) error = walk(folder, remove_any, NULL);
  (void)close(folder);
  if (!error && unlinkat(l->folder, name, AT_REMOVEDIR) != 0) error = errno;
  return error ? error : sync_fd(l->folder);
}

/* --- looking --- */

struct list {
  uint64_t *versions;
  size_t n;
};

static int note(int folder, const char *name, void *arg) {
  (void)folder;
  struct list *list = arg;
  const uint64_t version = version_of(name);
  if (version > 0 && list->n < EHLO_LANDING_VERSIONS) list->versions[list->n++] = version;
  return 0;
}

int ehlo_landing_versions(const char *root, const char *name, uint64_t versions[EHLO_LANDING_VERSIONS], size_t *n,
                          uint64_t *current) {
  char path[PATH_MAX];
  int folder;
  *n = 0;
  *current = 0;
  if (!is_name(name)) return EINVAL;
  const int len = snprintf(path, sizeof path, "%s/%s", root, name);
  if (len < 0 || (size_t)len >= sizeof path) return ENAMETOOLONG;
  int error = open_folder(AT_FDCWD, path, &folder);
  if (error) return error == ENOENT ? 0 : error;
  struct list list = {versions, 0};
  error = walk(folder, note, &list);
  *n = list.n;
  *current = current_of(folder);
  (void)close(folder);
  return error;
}

struct names {
  void (*each)(void *arg, const char *name);
  void *arg;
};

static int tell_name(int folder, const char *name, void *arg) {
  const struct names *names = arg;
  struct stat info;
  if (is_name(name) && fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode))
    names->each(names->arg, name);
  return 0;
}

int ehlo_landing_names(const char *root, void (*each)(void *arg, const char *name), void *arg) {
  struct names names = {each, arg};
  const int folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return errno == ENOENT ? 0 : errno;
  const int error = walk(folder, tell_name, &names);
  (void)close(folder);
  return error;
}
