/* Owns: starting a program with a socket as its standard input and output, and seeing to its end. Callers: sessions. */
#include "ehlo/net/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

extern char **environ;

enum { GRACE_MILLISECONDS = 1000 };

static void reap(struct ehlo_children *c) {
  int kept = 0;
  for (int i = 0; i < c->n; i++)
    if (waitpid(c->list[i], NULL, WNOHANG) == 0) c->list[kept++] = c->list[i];
  c->n = kept;
}

static int remember(struct ehlo_children *c, pid_t child) {
  if (c->n == c->cap) {
    const int cap = c->cap ? 2 * c->cap : 8;
    pid_t *list = ehlo_memory_realloc(c->list, (size_t)cap * sizeof *list);
    if (!list) return EHLO_E_MEMORY;
    c->list = list;
    c->cap = cap;
  }
  c->list[c->n++] = child;
  return 0;
}

static void end(pid_t child) {
  struct pollfd ended = {.fd = pidfd_open(child, 0), .events = POLLIN};
  if (ended.fd < 0 || poll(&ended, 1, GRACE_MILLISECONDS) <= 0) (void)kill(child, SIGKILL);
  if (ended.fd >= 0) close(ended.fd);
  (void)waitpid(child, NULL, 0);
}

void ehlo_children_fini(struct ehlo_children *c) {
  reap(c);
  for (int i = 0; i < c->n; i++)
    end(c->list[i]);
  ehlo_memory_free(c->list);
  *c = (struct ehlo_children){0};
}

/* The program gets its socket and our standard error; signals are as a program expects them. 0 or an errno. */
static int start(char **words, int fd, pid_t *child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, ours;
  int error = posix_spawn_file_actions_init(&actions);
  if (error) return error;
  error = posix_spawnattr_init(&attributes);
  if (error) {
    posix_spawn_file_actions_destroy(&actions);
    return error;
  }
  sigemptyset(&none);
  sigemptyset(&ours);
  sigaddset(&ours, SIGPIPE);
  sigaddset(&ours, SIGINT);
  error = posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
  if (!error) error = posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
  if (!error) error = posix_spawnattr_setsigmask(&attributes, &none);
  if (!error) error = posix_spawnattr_setsigdefault(&attributes, &ours);
  if (!error) error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (!error) error = posix_spawnp(child, words[0], &actions, &attributes, words, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

static int dial(struct ehlo_dialler *d, const struct ehlo_endpoint *to, const struct ehlo_endpoint *from) {
  struct ehlo_pipe *p = (struct ehlo_pipe *)d; /* its first member */
  int ends[2];
  pid_t child;
  (void)to, (void)from;
  reap(p->children);
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return EHLO_E_SYSTEM;
  if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 || (errno = start(p->words, ends[1], &child)) != 0) {
    const int kept = errno;
    close(ends[0]);
    close(ends[1]);
    errno = kept;
    return EHLO_E_CONNECT;
  }
  close(ends[1]);
  if (remember(p->children, child) == 0) return ends[0];
  close(ends[0]);
  end(child);
  return EHLO_E_MEMORY;
}

struct ehlo_pipe *ehlo_pipe_new(struct ehlo_children *children, const char *const *words) {
  if (!words[0]) return NULL;
  struct ehlo_pipe *p = ehlo_memory_zalloc(1, sizeof *p);
  if (!p) return NULL;
  p->dialler.dial = dial;
  p->children = children;
  for (int i = 0; words[i]; i++) {
    if (i == EHLO_PIPE_WORDS || !(p->words[i] = ehlo_memory_dup(words[i], strlen(words[i])))) {
      ehlo_pipe_free(p);
      return NULL;
    }
  }
  return p;
}

void ehlo_pipe_free(struct ehlo_pipe *p) {
  if (!p) return;
  for (int i = 0; i < EHLO_PIPE_WORDS; i++)
    ehlo_memory_free(p->words[i]);
  reap(p->children);
  ehlo_memory_free(p);
}
