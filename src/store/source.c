/* Owns: reading files and pipes piece by piece, and following a log. Callers: bindings, through ehlo/store/source.h. */
#include "ehlo/store/source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "source_journal.h"
#include "source_packed.h"

enum { LOOK = 1 << 16, PIPE_PATIENCE = 100 /* milliseconds */, EVENTS = 4096, WHY_MAX = 512 };

struct ehlo_source {
  char path[PATH_MAX];
  int fd;
  int watch; /* inotify; -1 where it cannot be had */
  bool follow, folder, regular, peeked;
  bool by_cr; /* its lines end in CR alone: they are handed out with LF */
  dev_t device;
  ino_t inode;
  int64_t size, changed, position;
  const char *compression;
  struct packed *packed;
  bool journaled; /* what is read are records of a journal; of this machine's where there is no path */
  int64_t since;
  struct journal *journal;
  struct ehlo_buf ahead; /* what was peeked at and not yet read */
  struct ehlo_buf raw;   /* of what is compressed: peeked at and not yet unpacked */
};

static int trouble(struct ehlo_buf *why, const char *what) {
  const int error = errno;
  (void)ehlo_buf_addf(why, "%s: %s", what, strerror(error));
  return error == ENOENT || error == ENOTDIR ? EHLO_E_NOT_FOUND : EHLO_E_SYSTEM;
}

/* Takes the facts of what is open. */
static int look_at(struct ehlo_source *s, struct ehlo_buf *why) {
  struct stat facts;
  if (fstat(s->fd, &facts) != 0) return trouble(why, "it cannot be examined");
  s->folder = S_ISDIR(facts.st_mode);
  s->regular = S_ISREG(facts.st_mode);
  s->size = s->regular ? (int64_t)facts.st_size : 0;
  s->changed = (int64_t)facts.st_mtime;
  s->device = facts.st_dev;
  s->inode = facts.st_ino;
  return 0;
}

/* The folder is watched too: a rotated log's successor appears there. */
static void watch(struct ehlo_source *s) {
  char folder[PATH_MAX];
  s->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (s->watch < 0) return;
  const char *slash = strrchr(s->path, '/');
  const int len = slash ? (int)(slash - s->path) : 0;
  (void)snprintf(folder, sizeof folder, "%.*s", slash ? (len > 0 ? len : 1) : 1, slash ? s->path : ".");
  (void)inotify_add_watch(s->watch, folder, IN_CREATE | IN_MOVED_TO);
  (void)inotify_add_watch(s->watch, s->path, IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF);
}

int ehlo_source_open(const char *path, bool follow, struct ehlo_source **out, struct ehlo_buf *why) {
  struct ehlo_source *s = *out = ehlo_memory_zalloc(1, sizeof *s);
  if (!s) return EHLO_E_MEMORY;
  s->fd = s->watch = -1;
  ehlo_buf_init(&s->ahead, LOOK);
  ehlo_buf_init(&s->raw, LOOK);
  if (!path) {
    s->journaled = true;
    s->follow = follow;
    return 0;
  }
  int error = 0;
  const int n = snprintf(s->path, sizeof s->path, "%s", path);
  if (n < 0 || (size_t)n >= sizeof s->path) {
    (void)ehlo_buf_add_str(why, "its name is too long");
    error = EHLO_E_NOT_FOUND;
  } else {
    s->fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    error = s->fd < 0 ? trouble(why, "it cannot be opened") : look_at(s, why);
  }
  if (error) {
    ehlo_source_close(s);
    *out = NULL;
    return error;
  }
  if (s->folder) {
    const struct journal_census census = journal_count(path);
    s->journaled = census.readable + census.refused > 0;
  }
  s->follow = follow && (s->regular || s->journaled) && strcmp(path, "-") != 0;
  if (s->follow && !s->journaled) watch(s);
  return 0;
}

void ehlo_source_close(struct ehlo_source *s) {
  if (!s) return;
  packed_close(s->packed);
  journal_close(s->journal);
  if (s->fd >= 0) (void)close(s->fd);
  if (s->watch >= 0) (void)close(s->watch);
  ehlo_buf_fini(&s->ahead);
  ehlo_buf_fini(&s->raw);
  ehlo_memory_free(s);
}

struct ehlo_source_facts ehlo_source_facts(const struct ehlo_source *s) {
  const int64_t size = s->journal ? journal_size(s->journal) : s->size;
  const int64_t position = s->journal ? journal_position(s->journal) : s->position;
  const struct ehlo_source_facts facts = {
      s->compression, s->folder && !s->journaled, s->regular, s->journaled, size, position, s->changed};
  return facts;
}

void ehlo_source_since(struct ehlo_source *s, int64_t since) {
  s->since = since;
}

/* A pipe is waited for by poll, which a signal always ends: read might go on after it. */
static long read_raw(struct ehlo_source *s, char *bytes, size_t size, struct ehlo_buf *why) {
  if (!s->regular) {
    struct pollfd wait = {.fd = s->fd, .events = POLLIN};
    if (poll(&wait, 1, -1) < 0) return errno == EINTR ? EHLO_E_AGAIN : trouble(why, "it cannot be read");
  }
  const ssize_t n = read(s->fd, bytes, size);
  if (n < 0) return errno == EINTR || errno == EAGAIN ? EHLO_E_AGAIN : trouble(why, "it cannot be read");
  s->position += n;
  return (long)n;
}

/* Whether the name means another file now, or this one was cut off; then reading begins anew. Called at the end of the old one, so that
 * nothing of it is lost. */
static bool renewed(struct ehlo_source *s) {
  struct stat now;
  if (stat(s->path, &now) != 0) return false; /* between two files of a rotation */
  if (now.st_dev == s->device && now.st_ino == s->inode) {
    if ((int64_t)now.st_size >= s->position) return false;
    if (lseek(s->fd, 0, SEEK_SET) != 0) return false;
    s->position = 0;
    return true;
  }
  const int fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return false;
  (void)close(s->fd);
  s->fd = fd;
  s->position = 0;
  (void)look_at(s, &(struct ehlo_buf){.max = 0});
  if (s->watch >= 0) (void)inotify_add_watch(s->watch, s->path, IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF);
  return true;
}

/* What unpacking reads: first what was peeked at, then the rest. */
static long read_for_unpacking(void *arg, char *bytes, size_t size) {
  struct ehlo_source *s = arg;
  if (s->raw.len > 0) {
    const size_t n = s->raw.len < size ? s->raw.len : size;
    memcpy(bytes, s->raw.data, n);
    ehlo_buf_consume(&s->raw, n);
    return (long)n;
  }
  struct ehlo_buf why;
  ehlo_buf_init(&why, WHY_MAX);
  long n;
  do {
    n = read_raw(s, bytes, size, &why);
  } while (n == EHLO_E_AGAIN);
  ehlo_buf_fini(&why);
  return n;
}

static struct journal_place journal_place(const struct ehlo_source *s) {
  const bool file = s->fd >= 0 && !s->folder;
  const struct journal_place place = {s->folder ? s->path : NULL, file ? s->fd : -1, s->since, s->follow};
  return place;
}

/* A file's successor is read once it is whole. */
static void follow_journal(struct ehlo_source *s) {
  struct ehlo_buf why;
  struct journal *next;
  if (!renewed(s)) return;
  ehlo_buf_init(&why, WHY_MAX);
  const struct journal_place place = journal_place(s);
  if (journal_open(&place, &next, &why) == 0) {
    journal_close(s->journal);
    s->journal = next;
  } else {
    s->inode = 0;
  }
  ehlo_buf_fini(&why);
}

static long read_next(struct ehlo_source *s, char *bytes, size_t size, struct ehlo_buf *why) {
  if (s->journal) {
    const long got = journal_read(s->journal, bytes, size, why);
    if (got != 0 || !s->follow) return got;
    if (s->regular) follow_journal(s);
    return EHLO_E_AGAIN;
  }
  if (s->packed) return packed_read(s->packed, bytes, size, why);
  long n = read_raw(s, bytes, size, why);
  if (n != 0 || !s->follow) return n;
  if (renewed(s)) n = read_raw(s, bytes, size, why);
  return n == 0 ? EHLO_E_AGAIN : n;
}

static bool has_more_soon(const struct ehlo_source *s) {
  struct pollfd wait = {.fd = s->fd, .events = POLLIN};
  return s->journal || s->regular || poll(&wait, 1, PIPE_PATIENCE) > 0;
}

/* Fills the look-ahead: to its maximum or the end for files; of a pipe what comes at once, and one line at least. */
static int fill(struct ehlo_source *s, struct ehlo_buf *why) {
  while (s->ahead.len < LOOK) {
    char *place = ehlo_buf_reserve(&s->ahead, LOOK - s->ahead.len);
    if (!place) return EHLO_E_MEMORY;
    const long n = read_next(s, place, LOOK - s->ahead.len, why);
    if (n == EHLO_E_AGAIN && s->follow) return 0;
    if (n <= 0) return (int)n;
    ehlo_buf_grew(&s->ahead, (size_t)n);
    if (memchr(s->ahead.data, '\n', s->ahead.len) && !has_more_soon(s)) return 0;
  }
  return 0;
}

/* Compressed bytes that were peeked at go to the unpacker; what it makes of them takes their place. */
static int unpack(struct ehlo_source *s, struct ehlo_buf *why) {
  s->raw = s->ahead;
  ehlo_buf_init(&s->ahead, LOOK);
  s->follow = false;
  const int error = packed_open(read_for_unpacking, s, &s->packed, why);
  return error ? error : fill(s, why);
}

/* libsystemd reads the file by itself; what was peeked at has served. */
static int open_journal(struct ehlo_source *s, struct ehlo_buf *why) {
  const struct journal_place place = journal_place(s);
  s->journaled = true;
  ehlo_buf_reset(&s->ahead);
  if (place.fd >= 0 && (!s->regular || s->packed)) {
    (void)ehlo_buf_add_str(why, "a journal is read from a file, neither compressed nor through a pipe: unpack it, or "
                                "pipe `journalctl -o export`");
    return EHLO_E_SYSTEM;
  }
  const int error = journal_open(&place, &s->journal, why);
  return error ? error : fill(s, why);
}

static void end_lines(const struct ehlo_source *s, char *bytes, size_t n) {
  for (size_t i = 0; s->by_cr && i < n; i++)
    if (bytes[i] == '\r') bytes[i] = '\n';
}

int ehlo_source_peek(struct ehlo_source *s, struct ehlo_slice *first, struct ehlo_buf *why) {
  *first = ehlo_slice_of("", 0);
  if ((s->folder && !s->journaled) || s->peeked) return 0;
  s->peeked = true;
  int error = s->journaled ? open_journal(s, why) : fill(s, why);
  s->compression = packed_name(ehlo_buf_slice(&s->ahead));
  if (!error && s->compression) error = unpack(s, why);
  if (!error && journal_is_file(ehlo_buf_slice(&s->ahead))) error = open_journal(s, why);
  if (error && error != EHLO_E_AGAIN &&
      s->ahead.len > 0) { /* what came before the damage counts; reading on tells of it */
    ehlo_buf_reset(why);
    error = 0;
  }
  const size_t len = s->ahead.len;
  s->by_cr = len > 0 && memchr(s->ahead.data, '\r', len) && !memchr(s->ahead.data, '\n', len);
  end_lines(s, s->ahead.data, len);
  *first = ehlo_buf_slice(&s->ahead);
  return error;
}

long ehlo_source_read(struct ehlo_source *s, char *bytes, size_t size, struct ehlo_buf *why) {
  struct ehlo_slice first;
  if (s->folder && !s->journaled) return 0;
  const int error = ehlo_source_peek(s, &first, why);
  if (error) return error;
  if (s->ahead.len == 0) {
    const long got = read_next(s, bytes, size, why);
    if (got > 0) end_lines(s, bytes, (size_t)got);
    return got;
  }
  const size_t n = s->ahead.len < size ? s->ahead.len : size;
  memcpy(bytes, s->ahead.data, n);
  ehlo_buf_consume(&s->ahead, n);
  return (long)n;
}

/* Without inotify (a network's file system, too many watches) it is looked at again after the time. */
void ehlo_source_wait(struct ehlo_source *s, int milliseconds) {
  char events[EVENTS];
  if (s->journal && journal_wait(s->journal, milliseconds)) return;
  struct pollfd wait = {.fd = s->watch, .events = POLLIN};
  if (poll(&wait, s->watch >= 0 ? 1 : 0, milliseconds) <= 0) return;
  while (read(s->watch, events, sizeof events) > 0) {
  }
}
