/* Owns: the context on the Lua registry. Callers: bindings, the shell. */
#include "ehlo/lua/context.h"

#include <lauxlib.h>
#include <lua.h>

/* A name, not an address: the program and its private modules each hold a copy of this file. */
#define KEY "ehlo.context"

void ehlo_context_set(lua_State *L, struct ehlo_context *context) {
  lua_pushlightuserdata(L, context);
  lua_setfield(L, LUA_REGISTRYINDEX, KEY);
}

struct ehlo_context *ehlo_context_of(lua_State *L) {
  lua_getfield(L, LUA_REGISTRYINDEX, KEY);
  struct ehlo_context *context = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return context;
}
