/* Owns: the check of option tables: a key that is unknown is an error that names the nearest known one. Callers: bindings. */
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>

#include "ehlo/lua/push.h"

enum { WORD = 32 };

/* Edits (insert, delete, replace) between two words; words beyond WORD bytes are far from everything. */
static int distance(const char *a, const char *b) {
  const size_t n = strlen(a), m = strlen(b);
  int row[WORD + 1];
  if (n > WORD || m > WORD) return WORD;
  for (size_t j = 0; j <= m; j++)
    row[j] = (int)j;
  for (size_t i = 1; i <= n; i++) {
    int diagonal = row[0];
    row[0] = (int)i;
    for (size_t j = 1; j <= m; j++) {
      const int replaced = diagonal + (a[i - 1] != b[j - 1]);
      const int shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
      diagonal = row[j];
      row[j] = replaced < shorter ? replaced : shorter;
    }
  }
  return row[m];
}

static const char *nearest(const char *word, const char *const *known) {
  const char *best = NULL;
  int least = 3;
  for (; *known; known++) {
    const int d = distance(word, *known);
    if (d < least && d < (int)strlen(word)) {
      least = d;
      best = *known;
    }
  }
  return best;
}

static int refuse(lua_State *L, int index, const char *key, const char *const *known) {
  const char *near = nearest(key, known);
  if (near) {
    lua_pushfstring(L, "unknown option '%s'; did you mean '%s'?", key, near);
    return luaL_argerror(L, index, lua_tostring(L, -1));
  }
  luaL_Buffer list;
  luaL_buffinit(L, &list);
  for (const char *const *k = known; *k; k++) {
    if (k != known) luaL_addstring(&list, ", ");
    luaL_addstring(&list, *k);
  }
  luaL_pushresult(&list);
  lua_pushfstring(L, "unknown option '%s' (known: %s)", key, lua_tostring(L, -1));
  return luaL_argerror(L, index, lua_tostring(L, -1));
}

void ehlo_check_options(lua_State *L, int index, const char *const *known) {
  luaL_checktype(L, index, LUA_TTABLE);
  index = lua_absindex(L, index);
  lua_pushnil(L);
  while (lua_next(L, index)) {
    if (lua_type(L, -2) != LUA_TSTRING) luaL_argerror(L, index, "options are named: {name = value}");
    const char *key = lua_tostring(L, -2);
    const char *const *k = known;
    while (*k && strcmp(*k, key) != 0)
      k++;
    if (!*k) refuse(L, index, key, known);
    lua_pop(L, 1);
  }
}
