/* Owns: line editing by libedit, as the module ehlo-prompt.so of builds with EHLO_LIBEDIT. It edits, completes, keeps the history and
 * takes pasted lines whole; what else readline can is not to be had here. Callers: the prompt, through ehlo/shell/line_editor.h. */
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include <histedit.h>

#include <editline/readline.h>

#include "inner.h"

enum { LINE_MAX_BYTES = 1 << 18, WIDE_ENOUGH = 100, MATCHES_MAX = 2000 };

#define PASTE_BEGINS "\x1b[200~"
#define PASTE_ENDS "\x1b[201~"

enum action { NOTHING, REDRAW, INSERT, SUSPEND, GIVE_UP };

#define ACTION_KEY L'\037' /* Ctrl-_, which nobody types to libedit */

/* libedit calls back with its own handle only, and there is one terminal. */
static struct {
  EditLine *el;
  History *history;
  const char *prompt;
  const struct ehlo_line_completer *completer;
  const struct prompt_signals *signals;
  int result, signo;  /* why the reading ended, where no line did */
  size_t keys, tab;   /* keys read; how many they were at the last Tab */
  enum action action; /* what is to be done before the next key is read */
  bool at_end;        /* the cursor is where that can be done */
  bool empty;         /* nothing was typed when the line was given up */
  bool brackets;      /* the terminal can tell what is pasted */
  char in[4096];      /* bytes read and not used yet */
  size_t at, len;
  char text[LINE_MAX_BYTES]; /* what is being pasted; the line while it is completed */
} editor;

static void end_with(int result) {
  editor.result = result;
}

/* What a signal asks for is done by libedit's own means, between two keys: first to the end of the line by a key of its own, then
 * the action, by the key that nobody types. Whether reading goes on. */
static bool heed(int signo) {
  switch (signo) {
  case SIGWINCH:
    el_resize(editor.el);
    editor.action = REDRAW;
    return true;
  case SIGTSTP: editor.action = SUSPEND; return true;
  case SIGINT: editor.action = GIVE_UP; return true;
  default: end_with(EHLO_LINE_SIGNALLED); return false;
  }
}

static unsigned char suspend(void) {
  el_set(editor.el, EL_PREP_TERM, 0);
  fputc('\n', stdout);
  fflush(stdout);
  prompt_signals_stop();
  el_set(editor.el, EL_PREP_TERM, 1);
  el_resize(editor.el);
  return CC_REDISPLAY;
}

static unsigned char give_up(void) {
  const LineInfo *line = el_line(editor.el);
  editor.empty = line->lastchar == line->buffer;
  fputs("^C\n", stdout);
  fflush(stdout);
  end_with(EHLO_LINE_INTERRUPTED);
  return CC_EOF;
}

static unsigned char act(EditLine *el, int key) {
  (void)key;
  const enum action action = editor.action;
  editor.action = NOTHING;
  switch (action) {
  case SUSPEND: return suspend();
  case GIVE_UP: return give_up();
  case INSERT: return el_insertstr(el, editor.text) == 0 ? CC_REFRESH : CC_ERROR;
  case REDRAW: return CC_REDISPLAY;
  default: return CC_NORM;
  }
}

/* Waits for more bytes behind those that are not used yet, or for an action; false where reading is over. */
static bool fill(void) {
  memmove(editor.in, editor.in + editor.at, editor.len - editor.at);
  editor.len -= editor.at;
  editor.at = 0;
  for (;;) {
    switch (prompt_signals_wait(editor.signals, &editor.signo)) {
    case PROMPT_SIGNAL:
      if (!heed(editor.signo)) return false;
      return true;
    case PROMPT_INPUT: {
      const ssize_t n = read(STDIN_FILENO, editor.in + editor.len, sizeof editor.in - editor.len);
      if (n <= 0) end_with(EHLO_LINE_EOF);
      if (n > 0) editor.len += (size_t)n;
      return n > 0;
    }
    default: end_with(EHLO_LINE_BROKEN); return false;
    }
  }
}

/* Whether the unused bytes begin with `mark`; asks for more where they may. -1: reading is over. */
static int begins_with(const char *mark) {
  for (size_t i = 0; mark[i]; i++) {
    while (i > 1 && editor.at + i == editor.len)
      if (!fill()) return -1;
    if (editor.at + i == editor.len || editor.in[editor.at + i] != mark[i]) return 0;
  }
  return 1;
}

/* Pasted line ends are part of the line: only a typed one ends it. */
static bool paste(void) {
  size_t len = 0;
  editor.at += strlen(PASTE_BEGINS);
  for (;;) {
    const int over = begins_with(PASTE_ENDS);
    if (over < 0 || (over == 0 && editor.at == editor.len && !fill())) return false;
    if (over > 0) break;
    const char c = editor.in[editor.at++];
    if (len + 1 < sizeof editor.text && c != '\0') editor.text[len++] = c == '\r' ? '\n' : c;
  }
  editor.at += strlen(PASTE_ENDS);
  while (len > 0 && editor.text[len - 1] == '\n')
    len--;
  editor.text[len] = '\0';
  editor.action = INSERT;
  return true;
}

/* A key that makes libedit do what is asked for, or 0. What is done to the terminal is done behind the whole line. */
static wchar_t action_key(void) {
  if (editor.action == NOTHING) return 0;
  const bool moves = editor.action == SUSPEND || editor.action == GIVE_UP;
  if (moves && !editor.at_end) {
    editor.at_end = true;
    return L'\005'; /* Ctrl-E; it also ends a search */
  }
  editor.at_end = false;
  return ACTION_KEY;
}

/* One letter, whole. */
static int next_letter(EditLine *el, wchar_t *out) {
  (void)el;
  for (;;) {
    if ((*out = action_key()) != 0) return 1;
    if (editor.at == editor.len) {
      if (!fill()) return -1;
      continue;
    }
    const int pasted = begins_with(PASTE_BEGINS);
    if (pasted < 0 || (pasted > 0 && !paste())) return -1;
    if (pasted > 0) continue;
    mbstate_t state = {0};
    const size_t n = mbrtowc(out, editor.in + editor.at, editor.len - editor.at, &state);
    if (n == (size_t)-2) { /* a part of a letter */
      if (!fill()) return -1;
      continue;
    }
    if (n == (size_t)-1) *out = L'?'; /* no letter of this locale */
    editor.at += n == (size_t)-1 || n == 0 ? 1 : n;
    editor.keys++;
    return 1;
  }
}

static char *prompt_text(EditLine *el) {
  (void)el;
  return (char *)(size_t)editor.prompt; /* only read */
}

/* The candidates of one Tab: our own copies, in one table. */
struct matches {
  char *words[MATCHES_MAX];
  size_t n, shared; /* bytes that all begin with */
};

static void add_match(struct matches *m, const char *word) {
  char *copy = m->n < MATCHES_MAX ? strdup(word) : NULL;
  if (!copy) return;
  const size_t whole = strcspn(copy, "\t");
  size_t same = 0;
  while (m->n > 0 && same < m->shared && same < whole && copy[same] == m->words[0][same])
    same++;
  m->shared = m->n > 0 ? same : whole;
  m->words[m->n++] = copy;
}

static void free_matches(struct matches *m) {
  while (m->n > 0)
    free(m->words[--m->n]);
}

static void add_files(struct matches *m, const char *text) {
  for (char *name; (name = rl_filename_completion_function(text, m->n > 0)) != NULL; free(name))
    add_match(m, name);
}

static void list(const struct matches *m) {
  int longest = 0;
  for (size_t i = 0; i < m->n; i++) {
    const int whole = (int)strcspn(m->words[i], "\t");
    if (whole > longest) longest = whole;
  }
  fputc('\n', stdout);
  for (size_t i = 0; i < m->n && i < WIDE_ENOUGH; i++) {
    const int whole = (int)strcspn(m->words[i], "\t");
    const char *about = m->words[i][whole] ? m->words[i] + whole + 1 : "";
    printf("%-*.*s%s%s\n", *about ? longest : 0, whole, m->words[i], *about ? "  " : "", about);
  }
  if (m->n > WIDE_ENOUGH) printf("and %zu more\n", m->n - WIDE_ENOUGH);
  fflush(stdout);
}

static void gather(struct matches *m, const char *line, size_t start, size_t len) {
  const struct ehlo_line_completer *c = editor.completer;
  const int again = editor.keys == editor.tab + 1;
  int files = 0;
  const char *instead = NULL;
  editor.tab = editor.keys;
  const size_t n = c->begin(c->arg, line, start, len, again, &files, &instead);
  if (instead) printf("\n%s\n", instead);
  for (size_t i = 0; i < n; i++) {
    const char *word = c->candidate(c->arg, i);
    if (word) add_match(m, word);
  }
  c->end(c->arg);
  if (n == 0 && files) add_files(m, line + start);
}

/* Dots and colons belong to a word: `codes.lookup`, `session:rcpt`, 5.7.1. */
static const char word_breaks[] = " \t\n\"'`@$><=;|&{}()[],+-*%^~#!?\\";

static unsigned char complete(EditLine *el, int key) {
  (void)key;
  const LineInfo *line = el_line(el);
  const size_t end = (size_t)(line->cursor - line->buffer);
  if (!editor.completer || end >= sizeof editor.text) return CC_ERROR;
  memcpy(editor.text, line->buffer, end);
  editor.text[end] = '\0';
  size_t start = end;
  while (start > 0 && !strchr(word_breaks, editor.text[start - 1]))
    start--;
  struct matches m = {.n = 0};
  gather(&m, editor.text, start, end - start);
  if (m.n > 0 && m.shared > end - start) {
    char *rest = m.words[0] + (end - start);
    rest[m.shared - (end - start)] = '\0';
    int inserted = el_insertstr(el, rest);
    const char *opening = start > 0 && strchr("'\"", editor.text[start - 1]) ? editor.text + start - 1 : NULL;
    const size_t last = strlen(m.words[0]);
    if (opening && m.n == 1 && last > 0 && m.words[0][last - 1] != '/')
      inserted |= el_insertstr(el, *opening == '"' ? "\"" : "'");
    free_matches(&m);
    return inserted == 0 ? CC_REFRESH : CC_ERROR;
  } else if (m.n > 1) {
    list(&m);
  }
  free_matches(&m);
  return CC_REDISPLAY;
}

static void brackets(bool on) {
  if (!editor.brackets) return;
  fputs(on ? "\x1b[?2004h" : "\x1b[?2004l\r", stdout);
  fflush(stdout);
}

static int read_line(const char *prompt, char **line, int *signo) {
  struct prompt_signals signals;
  *line = NULL;
  *signo = 0;
  if (prompt_signals_open(&signals) != 0) return EHLO_LINE_BROKEN;
  editor.prompt = prompt;
  editor.signals = &signals;
  editor.result = EHLO_LINE_READ;
  int len = 0;
  brackets(true);
  const char *text = el_gets(editor.el, &len);
  if (editor.result == EHLO_LINE_READ && text && len > 0) {
    *line = strdup(text);
    char *last = *line ? *line + strlen(*line) - 1 : NULL;
    if (last && *last == '\n') *last = '\0';
  } else if (editor.result == EHLO_LINE_READ) {
    editor.result = EHLO_LINE_EOF;
  } else {
    if (editor.result == EHLO_LINE_INTERRUPTED) *line = strdup(editor.empty ? "" : "given up");
    el_reset(editor.el);
  }
  brackets(false);
  prompt_signals_close(&signals);
  *signo = editor.signo;
  return editor.result;
}

static void release(char *line) {
  free(line);
}

static void history_enter(const char *entry, int max) {
  HistEvent event;
  history(editor.history, &event, H_SETSIZE, max);
  history(editor.history, &event, H_ENTER, entry);
}

static void history_forget(void) {
  HistEvent event;
  history(editor.history, &event, H_CLEAR);
}

static void set_completer(const struct ehlo_line_completer *completer) {
  editor.completer = completer;
}

static void set_up(void) {
  const char *terminal = getenv("TERM");
  setlocale(LC_CTYPE, "");
  editor.brackets = terminal && strcmp(terminal, "dumb") != 0;
  editor.history = history_init();
  editor.el = el_init("ehlo", stdin, stdout, stderr);
  if (!editor.el || !editor.history) return;
  el_set(editor.el, EL_PROMPT, prompt_text);
  el_set(editor.el, EL_EDITOR, "emacs");
  el_set(editor.el, EL_SIGNAL, 0);
  el_set(editor.el, EL_HIST, history, editor.history);
  el_set(editor.el, EL_GETCFN, next_letter);
  el_set(editor.el, EL_ADDFN, "ehlo-complete", "completes a word", complete);
  el_set(editor.el, EL_ADDFN, "ehlo-act", "does what a signal or a paste asks for", act);
  el_set(editor.el, EL_BIND, "^_", "ehlo-act", NULL);
  el_set(editor.el, EL_BIND, "^I", "ehlo-complete", NULL);
  el_set(editor.el, EL_BIND, "^R", "em-inc-search-prev", NULL);
  el_source(editor.el, NULL);
}

__attribute__((visibility("default"))) const struct ehlo_line_editor *ehlo_line_editor_open(void) {
  static const struct ehlo_line_editor functions = {.version = EHLO_LINE_EDITOR_VERSION,
                                                    .read = read_line,
                                                    .release = release,
                                                    .history_add = history_enter,
                                                    .history_clear = history_forget,
                                                    .set_completer = set_completer};
  set_up();
  return editor.el && editor.history ? &functions : NULL;
}
