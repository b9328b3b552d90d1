/* Owns: asking the person for a secret, with nothing shown of what is typed. Callers: the shell's Lua side, as terminal.secret. */
#include <errno.h>
#include <lauxlib.h>
#include <lua.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ehlo/base/memory.h"
#include "ehlo/shell/terminal.h"

enum { SECRET_MAX = 8192, CTRL_C = 3, CTRL_D = 4, CTRL_U = 21, BACKSPACE = 8, DELETE = 127 };

/* Keys come one by one and signals are keys, so that no way out of here leaves the terminal silent. The length, or -1 when cancelled. */
static int take_keys(char *line) {
  int len = 0;
  for (;;) {
    unsigned char key;
    const ssize_t n = read(STDIN_FILENO, &key, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0 || key == CTRL_C || (key == CTRL_D && len == 0)) return -1;
    if (key == '\r' || key == '\n' || key == CTRL_D) return len;
    if (key == CTRL_U)
      len = 0;
    else if (key == BACKSPACE || key == DELETE)
      len -= len > 0;
    else if (len < SECRET_MAX)
      line[len++] = (char)key;
  }
}

static void say(const char *text) {
  size_t left = strlen(text);
  for (ssize_t n; left > 0 && (n = write(STDERR_FILENO, text, left)) > 0; text += n)
    left -= (size_t)n;
}

int ehlo_terminal_secret(lua_State *L) {
  const char *prompt = luaL_checkstring(L, 1);
  struct termios before, silent;
  char line[SECRET_MAX];
  if (tcgetattr(STDIN_FILENO, &before) != 0) return 0;
  silent = before;
  silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG);
  silent.c_cc[VMIN] = 1;
  silent.c_cc[VTIME] = 0;
  if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) != 0) return 0;
  say(prompt);
  const int len = take_keys(line);
  (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  say("\n");
  if (len >= 0) lua_pushlstring(L, line, (size_t)len);
  ehlo_memory_wipe(line, sizeof line);
  return len >= 0;
}
