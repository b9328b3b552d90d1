/* Owns: waiting for keys and signals at once. Callers: the line editors of this folder. */
#include "inner.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

int prompt_signals_open(struct prompt_signals *s) {
  static const int heeded[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH};
  sigset_t set;
  sigemptyset(&set);
  for (size_t i = 0; i < sizeof heeded / sizeof *heeded; i++)
    sigaddset(&set, heeded[i]);
  s->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (s->fd < 0) return -1;
  sigprocmask(SIG_BLOCK, &set, &s->old);
  return 0;
}

void prompt_signals_close(struct prompt_signals *s) {
  close(s->fd);
  sigprocmask(SIG_SETMASK, &s->old, NULL);
}

/* A terminal that hung up is looked at before its bytes: what was typed half must not run. */
enum prompt_event prompt_signals_wait(const struct prompt_signals *s, int *signo) {
  struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = s->fd, .events = POLLIN}};
  for (;;) {
    if (poll(fds, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return PROMPT_BROKEN;
    }
    struct signalfd_siginfo info;
    if (fds[1].revents && read(s->fd, &info, sizeof info) == (ssize_t)sizeof info) {
      *signo = (int)info.ssi_signo;
      return PROMPT_SIGNAL;
    }
    if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) {
      *signo = SIGHUP;
      return PROMPT_SIGNAL;
    }
    if (fds[0].revents & POLLIN) return PROMPT_INPUT;
  }
}

void prompt_signals_stop(void) {
  sigset_t stop;
  sigset_t old;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  raise(SIGTSTP);
  sigprocmask(SIG_UNBLOCK, &stop, &old);
  sigprocmask(SIG_SETMASK, &old, NULL);
}
