/* Owns: the seam between the prompt and whatever library edits lines. The module `ehlo-prompt.so` gives one of these;
 * nothing else of ehlo sees that library. Callers: the prompt. */
#ifndef EHLO_SHELL_LINE_EDITOR_H
#define EHLO_SHELL_LINE_EDITOR_H

#include <stddef.h>

enum ehlo_line_result {
  EHLO_LINE_READ = 0,        /* a line, perhaps of several rows */
  EHLO_LINE_EOF = 1,         /* Ctrl-D on an empty line, or the input ended */
  EHLO_LINE_INTERRUPTED = 2, /* Ctrl-C: what was typed is gone */
  EHLO_LINE_SIGNALLED = 3,   /* SIGTERM or SIGHUP came, or the terminal went away: the program must end */
  EHLO_LINE_BROKEN = 4       /* the terminal cannot be read: errno tells why */
};

/* Proposes words. `begin` returns how many candidates there are for line[start .. start + len), sets `*files` where file
 * names may be offered in their absence, and `*text` where something is to be shown in
 * their place (valid until `end`); `again` says that nothing else was pressed since the last time. `candidate` gives each, valid until `end`, which
 * follows every `begin`: a word, or a word, a tab, and what it is. */
struct ehlo_line_completer {
  void *arg;
  size_t (*begin)(void *arg, const char *line, size_t start, size_t len, int again, int *files, const char **text);
  const char *(*candidate)(void *arg, size_t index);
  void (*end)(void *arg);
};

#define EHLO_LINE_EDITOR_VERSION 2

struct ehlo_line_editor {
  int version;
  /* Fills `*line` (freed by `release`) where it returns EHLO_LINE_READ, or EHLO_LINE_INTERRUPTED (what was given up), and `*signo`
   * for EHLO_LINE_SIGNALLED. SIGINT must be blocked by the caller. The terminal is in its usual mode whenever this does not run. */
  int (*read)(const char *prompt, char **line, int *signo);
  void (*release)(char *line);
  void (*history_add)(const char *entry, int max);
  void (*history_clear)(void);
  /* `completer` must outlive every later read; NULL: none. */
  void (*set_completer)(const struct ehlo_line_completer *completer);
};

/* The one symbol of the module. */
const struct ehlo_line_editor *ehlo_line_editor_open(void);
#define EHLO_LINE_EDITOR_SYMBOL "ehlo_line_editor_open"

#endif
