/* Owns: what both line editors share: the signals and the terminal's end. Callers: src/shell/prompt only. */
#ifndef EHLO_SHELL_PROMPT_INNER_H
#define EHLO_SHELL_PROMPT_INNER_H

#include <signal.h>

#include "ehlo/shell/line_editor.h"

enum prompt_event {
  PROMPT_INPUT,  /* a byte can be read */
  PROMPT_SIGNAL, /* `signo` came; SIGHUP where the terminal is gone */
  PROMPT_BROKEN  /* errno tells why */
};

/* While a line is read the signals that matter come through a descriptor: no handler runs in the middle of the editor. */
struct prompt_signals {
  int fd;
  sigset_t old;
};

/* 0, or -1 with errno. */
int prompt_signals_open(struct prompt_signals *s);
void prompt_signals_close(struct prompt_signals *s);
enum prompt_event prompt_signals_wait(const struct prompt_signals *s, int *signo);
/* Ctrl-Z: stops the program until it is told to go on. The terminal must be in its usual mode. */
void prompt_signals_stop(void);

#endif
