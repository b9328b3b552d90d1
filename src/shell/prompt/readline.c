/* Owns: line editing by GNU readline, as the module ehlo-prompt.so: the only part under readline's licence. Callers: the prompt,
 * through ehlo/shell/line_editor.h. One terminal, so one editor: readline itself has no handles. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "inner.h"

enum { DESCRIBED_MAX = 300 };

/* readline calls back without an argument, so what its callbacks share has to lie here. */
static struct {
  char *line;
  bool done;
  const struct ehlo_line_completer *completer;
  size_t count;
  size_t next;
  char *described[DESCRIBED_MAX]; /* candidates with what they are, "521\tHost does not accept mail", as they came */
  size_t n_described;
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
  if (!candidate) return NULL;
  char *word = strdup(candidate);
  char *tab = word ? strchr(word, '\t') : NULL;
  if (!tab) return word;
  char *copy = editor.n_described < DESCRIBED_MAX ? strdup(candidate) : NULL;
  if (copy) editor.described[editor.n_described++] = copy;
  *tab = '\0';
  return word;
}

static void forget_descriptions(void) {
  while (editor.n_described > 0)
    free(editor.described[--editor.n_described]);
}

static const char *description(const char *word) {
  const size_t len = strlen(word);
  for (size_t i = 0; i < editor.n_described; i++)
    if (strncmp(editor.described[i], word, len) == 0 && editor.described[i][len] == '\t')
      return editor.described[i] + len + 1;
  return "";
}

/* The cursor goes behind the whole line, so that what is written next overwrites none of its rows. */
static int leave_line(void) {
  const int point = rl_point;
  rl_point = rl_end;
  rl_redisplay();
  return point;
}

static void return_to_line(int point) {
  rl_point = point;
  rl_on_new_line();
  rl_redisplay();
}

/* As many bytes of a description as fit, whole letters only. Wide letters may still wrap: that does no harm. */
static int fitting(const char *text, int columns) {
  int n = (int)strlen(text);
  if (n > columns) n = columns > 0 ? columns : 0;
  while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
    n--;
  return n;
}

/* What the candidates are stands beside them, as long as they fit on the screen that way. */
static void list_matches(char **matches, int n, int longest) {
  int rows;
  int columns;
  rl_get_screen_size(&rows, &columns);
  const int point = leave_line();
  if (editor.n_described == 0 || n > rows - 2) {
    rl_display_match_list(matches, n, longest);
    return_to_line(point);
    return;
  }
  rl_crlf();
  for (int i = 1; i <= n; i++) {
    const char *about = description(matches[i]);
    fprintf(rl_outstream, "%-*s  %.*s\n", longest, matches[i], fitting(about, columns - longest - 3), about);
  }
  return_to_line(point);
}

static void show(const char *text) {
  const int point = leave_line();
  rl_crlf();
  fprintf(rl_outstream, "%s\n", text);
  return_to_line(point);
}

static char **complete(const char *text, int start, int end) {
  (void)end;
  const struct ehlo_line_completer *c = editor.completer;
  rl_attempted_completion_over = 1;
  rl_completion_append_character = '\0';
  if (!c) return NULL;
  int files = 0;
  const char *instead = NULL;
  forget_descriptions();
  const int again = rl_last_func == rl_complete;
  editor.count = c->begin(c->arg, rl_line_buffer, (size_t)start, strlen(text), again, &files, &instead);
  if (instead) show(instead);
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
  rl_catch_sigwinch = 0;
  rl_change_environment = 0; /* COLUMNS in the environment is the person's word on the width, not ours */
  rl_variable_bind("enable-bracketed-paste", "on");
  rl_variable_bind("show-all-if-ambiguous", "on");
  rl_variable_bind("page-completions", "off"); /* its pager reads keys by itself, deaf to signals */
  rl_completer_word_break_characters = (char *)(uintptr_t)word_breaks; /* only read */
  rl_attempted_completion_function = complete;
  rl_completion_display_matches_hook = list_matches;
}

/* The line so far is given up, also out of a running history search. */
static void abandon(void) {
  editor.line = strdup(rl_line_buffer);
  rl_callback_sigcleanup();
  (void)leave_line();
  fputs("^C\n", rl_outstream);
  fflush(rl_outstream);
  rl_free_line_state();
  rl_callback_handler_remove();
}

/* Ctrl-Z: the terminal goes back to the shell in its own mode, and the line is there again after `fg`. */
static void suspend(void) {
  const int point = leave_line();
  rl_deprep_terminal();
  fputc('\n', stdout);
  fflush(stdout);
  prompt_signals_stop();
  rl_prep_terminal(1);
  rl_resize_terminal();
  return_to_line(point);
}

/* What a signal means for the reading; EHLO_LINE_READ: go on. */
static int heed(int signo) {
  switch (signo) {
  case SIGWINCH: rl_resize_terminal(); return EHLO_LINE_READ;
  case SIGTSTP: suspend(); return EHLO_LINE_READ;
  case SIGINT: abandon(); return EHLO_LINE_INTERRUPTED;
  default: return EHLO_LINE_SIGNALLED;
  }
}

static int wait_for_line(const struct prompt_signals *signals, int *signo) {
  while (!editor.done) {
    int result = EHLO_LINE_READ;
    switch (prompt_signals_wait(signals, signo)) {
    case PROMPT_INPUT: rl_callback_read_char(); break;
    case PROMPT_SIGNAL: result = heed(*signo); break;
    default: result = EHLO_LINE_BROKEN; break;
    }
    if (result != EHLO_LINE_READ) return result;
  }
  return editor.line ? EHLO_LINE_READ : EHLO_LINE_EOF;
}

static int read_line(const char *prompt, char **line, int *signo) {
  struct prompt_signals signals;
  *line = NULL;
  *signo = 0;
  if (prompt_signals_open(&signals) != 0) return EHLO_LINE_BROKEN;
  editor.line = NULL;
  editor.done = false;
  rl_callback_handler_install(prompt, take_line);
  const int result = wait_for_line(&signals, signo);
  if (!editor.done && result != EHLO_LINE_INTERRUPTED) rl_callback_handler_remove();
  forget_descriptions();
  prompt_signals_close(&signals);
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
