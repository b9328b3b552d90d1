/* Owns: line editing by GNU readline (or libedit), as the module ehlo-prompt.so: the only part under readline's licence.
 * Callers: the prompt, through ehlo/shell/line_editor.h. One terminal, so one editor: readline itself has no handles. */
#include "ehlo/shell/line_editor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#ifdef EHLO_LIBEDIT
#include <editline/readline.h>
#else
#include <readline/history.h>
#include <readline/readline.h>
#endif

/* readline calls back without an argument, so what its callbacks share has to lie here. */
static struct {
  char *line;
  bool done;
  const struct ehlo_line_completer *completer;
  size_t count;
  size_t next;
} editor;

static void take_line(char *line) {
  editor.line = line;
  editor.done = true;
  rl_callback_handler_remove();
}

/* readline frees what it is given, by its own free. */
static char *next_candidate(const char *text, int state) {
  (void)text;
  if (state == 0) editor.next = 0;
  if (editor.next >= editor.count) return NULL;
  const char *candidate = editor.completer->candidate(editor.completer->arg, editor.next++);
  return candidate ? strdup(candidate) : NULL;
}

static char **complete(const char *text, int start, int end) {
  (void)end;
  const struct ehlo_line_completer *c = editor.completer;
  rl_attempted_completion_over = 1;
  rl_completion_append_character = '\0';
  if (!c) return NULL;
  int files = 0;
  editor.count = c->begin(c->arg, rl_line_buffer, (size_t)start, strlen(text), &files);
  char **matches = editor.count > 0 ? rl_completion_matches(text, next_candidate) : NULL;
  c->end(c->arg);
  if (!matches) rl_attempted_completion_over = !files;
  return matches;
}

/* Dots and colons belong to a word: `codes.lookup`, `session:rcpt`, 5.7.1. */
static const char word_breaks[] = " \t\n\"'`@$><=;|&{}()[],+-*%^~#!?\\";

static void set_up(void) {
  rl_readline_name = "ehlo";
  rl_catch_signals = 0;
#ifndef EHLO_LIBEDIT
  rl_catch_sigwinch = 0;
  rl_change_environment = 0; /* COLUMNS in the environment is the person's word on the width, not ours */
  rl_variable_bind("enable-bracketed-paste", "on");
  rl_variable_bind("show-all-if-ambiguous", "on");
#endif
  /* libedit asks for a pointer to char, and only reads. */
  rl_completer_word_break_characters = (char *)(uintptr_t)word_breaks;
  rl_attempted_completion_function = complete;
}

/* The line so far is given up, also out of a running history search. */
static void abandon(void) {
#ifndef EHLO_LIBEDIT
  rl_free_line_state();
  rl_callback_sigcleanup();
#endif
  rl_callback_handler_remove();
  fputs("^C\n", stdout);
  fflush(stdout);
}

/* Ctrl-Z: the terminal goes back to the shell in its own mode, and the line is there again after `fg`. */
static void suspend(void) {
  sigset_t stop;
  sigset_t old;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  rl_deprep_terminal();
  fputc('\n', stdout);
  fflush(stdout);
  raise(SIGTSTP);
  sigprocmask(SIG_UNBLOCK, &stop, &old);
  sigprocmask(SIG_SETMASK, &old, NULL);
  rl_prep_terminal(1);
  rl_on_new_line();
  rl_redisplay();
}

/* What a signal means for the reading; EHLO_LINE_READ: go on. */
static int heed(int fd, int *signo) {
  struct signalfd_siginfo info;
  if (read(fd, &info, sizeof info) != (ssize_t)sizeof info) return EHLO_LINE_READ;
  *signo = (int)info.ssi_signo;
  switch (*signo) {
  case SIGWINCH:
#ifndef EHLO_LIBEDIT
    rl_resize_terminal();
#endif
    return EHLO_LINE_READ;
  case SIGTSTP: suspend(); return EHLO_LINE_READ;
  case SIGINT: abandon(); return EHLO_LINE_INTERRUPTED;
  default: return EHLO_LINE_SIGNALLED;
  }
}

/* A terminal that hung up is looked at before its bytes: what was typed half must not run. */
static int wait_for_line(int signals, int *signo) {
  struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
  while (!editor.done) {
    if (poll(fds, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return EHLO_LINE_BROKEN;
    }
    if (fds[1].revents) {
      const int result = heed(signals, signo);
      if (result != EHLO_LINE_READ) return result;
      continue;
    }
    if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) {
      *signo = SIGHUP;
      return EHLO_LINE_SIGNALLED;
    }
    if (fds[0].revents & POLLIN) rl_callback_read_char();
  }
  return editor.line ? EHLO_LINE_READ : EHLO_LINE_EOF;
}

static int read_line(const char *prompt, char **line, int *signo) {
  static const int heeded[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH};
  sigset_t set;
  sigset_t old;
  *line = NULL;
  *signo = 0;
  sigemptyset(&set);
  for (size_t i = 0; i < sizeof heeded / sizeof *heeded; i++)
    sigaddset(&set, heeded[i]);
  const int signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals < 0) return EHLO_LINE_BROKEN;
  sigprocmask(SIG_BLOCK, &set, &old);
  editor.line = NULL;
  editor.done = false;
  rl_callback_handler_install(prompt, take_line);
  const int result = wait_for_line(signals, signo);
  if (!editor.done && result != EHLO_LINE_INTERRUPTED) rl_callback_handler_remove();
  close(signals);
  sigprocmask(SIG_SETMASK, &old, NULL);
  *line = editor.line;
  return result;
}

static void release(char *line) {
  free(line);
}

static void history_add(const char *entry, int max) {
  if (history_length == 0) stifle_history(max);
  add_history(entry);
}

static void history_clear(void) {
  clear_history();
}

static void set_completer(const struct ehlo_line_completer *completer) {
  editor.completer = completer;
}

__attribute__((visibility("default"))) const struct ehlo_line_editor *ehlo_line_editor_open(void) {
  static const struct ehlo_line_editor functions = {.version = EHLO_LINE_EDITOR_VERSION,
                                                    .read = read_line,
                                                    .release = release,
                                                    .history_add = history_add,
                                                    .history_clear = history_clear,
                                                    .set_completer = set_completer};
  set_up();
  return &functions;
}
