/* Owns: finding and loading the bundled scripts. Callers: the program at start-up. */
#include "ehlo/shell/scripts.h"

#include <lauxlib.h>
#include <lua.h>
#include <string.h>

const struct ehlo_script *ehlo_script_find(const char *name) {
  for (const struct ehlo_script *s = ehlo_scripts; s->name; s++)
    if (strcmp(s->name, name) == 0) return s;
  return NULL;
}

static int load_script(lua_State *L, const struct ehlo_script *s) {
  return luaL_loadbufferx(L, (const char *)s->chunk, s->size, s->name, "b");
}

/* require "ehlo.render" -> lib/render */
static int searcher(lua_State *L) {
  const char *module = luaL_checkstring(L, 1);
  if (strncmp(module, "ehlo.", 5) != 0) return 0;
  const char *path = luaL_gsub(L, module + 5, ".", "/");
  const struct ehlo_script *s = ehlo_script_find(lua_pushfstring(L, "lib/%s", path));
  if (!s) {
    lua_pushfstring(L, "no bundled script 'lib/%s'", path);
    return 1;
  }
  if (load_script(L, s) != LUA_OK) return lua_error(L);
  lua_pushstring(L, s->name);
  return 2;
}

/* shell.chunk(name): the function of a bundled script, or nil. */
static int chunk(lua_State *L) {
  const struct ehlo_script *s = ehlo_script_find(luaL_checkstring(L, 1));
  if (!s) return 0;
  if (load_script(L, s) != LUA_OK) return lua_error(L);
  return 1;
}

/* shell.names(folder): names in "commands/", without the folder. */
static int names(lua_State *L) {
  size_t len;
  const char *folder = luaL_checklstring(L, 1, &len);
  lua_Integer n = 0;
  lua_newtable(L);
  for (const struct ehlo_script *s = ehlo_scripts; s->name; s++) {
    if (strncmp(s->name, folder, len) != 0 || strchr(s->name + len, '/')) continue;
    lua_pushstring(L, s->name + len);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

void ehlo_scripts_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"chunk", chunk}, {"names", names}, {NULL, NULL}};
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "searchers");
  const lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
  for (lua_Integer i = n; i >= 2; i--) { /* behind package.preload, before the files of the disk */
    lua_rawgeti(L, -1, i);
    lua_rawseti(L, -2, i + 1);
  }
  lua_pushcfunction(L, searcher);
  lua_rawseti(L, -2, 2);
  lua_pop(L, 2);
  luaL_newlib(L, functions);
  lua_setglobal(L, "shell");
}
