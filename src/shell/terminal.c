/* Owns: what the terminal is and can. Callers: the shell's Lua side. */
#include "ehlo/shell/terminal.h"

#include <dirent.h>
#include <langinfo.h>
#include <lauxlib.h>
#include <locale.h>
#include <lua.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int is_tty(lua_State *L) {
  lua_pushboolean(L, isatty((int)luaL_checkinteger(L, 1)));
  return 1;
}

/* Pushes a measure of the terminal, unless it is 0: unknown. */
static int push_measure(lua_State *L, unsigned short measure) {
  if (measure == 0) return 0;
  lua_pushinteger(L, measure);
  return 1;
}
static int width(lua_State *L) {
  struct winsize size;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? push_measure(L, size.ws_col) : 0;
}
static int height(lua_State *L) {
  struct winsize size;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? push_measure(L, size.ws_row) : 0;
}

static int utf8(lua_State *L) {
  const char *set = setlocale(LC_CTYPE, "") ? nl_langinfo(CODESET) : "";
  lua_pushboolean(L, strcasecmp(set, "UTF-8") == 0);
  return 1;
}

static int is_script(const struct dirent *entry) {
  const size_t len = strlen(entry->d_name);
  return len > 4 && entry->d_name[0] != '.' && strcmp(entry->d_name + len - 4, ".lua") == 0;
}

/* files(folder): the .lua files of a folder, in no order; an empty list where there is none. */
static int files(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  lua_newtable(L);
  DIR *folder = opendir(path);
  if (!folder) return 1;
  lua_Integer n = 0;
  for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    if (!is_script(entry)) continue;
    lua_pushstring(L, entry->d_name);
    lua_rawseti(L, -2, ++n);
  }
  (void)closedir(folder);
  return 1;
}

int ehlo_terminal_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"is_tty", is_tty}, {"width", width}, {"height", height},
                                       {"utf8", utf8},     {"files", files}, {"secret", ehlo_terminal_secret},
                                       {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
