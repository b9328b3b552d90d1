/* Owns: what the terminal is and can. Callers: the shell's Lua side. */
#include "ehlo/shell/terminal.h"

#include <dirent.h>
#include <langinfo.h>
#include <lauxlib.h>
#include <locale.h>
#include <lua.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int is_tty(lua_State *L) {
  lua_pushboolean(L, isatty((int)luaL_checkinteger(L, 1)));
  return 1;
}

static int width(lua_State *L) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 0;
  lua_pushinteger(L, size.ws_col);
  return 1;
}

static int utf8(lua_State *L) {
  const char *set = setlocale(LC_CTYPE, "") ? nl_langinfo(CODESET) : "";
  lua_pushboolean(L, strcasecmp(set, "UTF-8") == 0);
  return 1;
}

static int compare(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }
static int is_script(const struct dirent *entry) {
  const size_t len = strlen(entry->d_name);
  return len > 4 && entry->d_name[0] != '.' && strcmp(entry->d_name + len - 4, ".lua") == 0;
}

/* files(folder): the .lua files of a folder, sorted; an empty list where there is none. */
static int files(lua_State *L) {
  struct dirent **entries = NULL;
  const int n = scandir(luaL_checkstring(L, 1), &entries, is_script, compare);
  lua_newtable(L);
  for (int i = 0; i < n; i++) {
    lua_pushstring(L, entries[i]->d_name);
    lua_rawseti(L, -2, i + 1);
    free(entries[i]);
  }
  free(entries);
  return 1;
}

int ehlo_terminal_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"is_tty", is_tty}, {"width", width}, {"utf8", utf8}, {"files", files}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
