/* Owns: opening the private module that holds everything with a socket. Callers: the shell, on the first touch of smtp, dns
 * or task. */
#include <dlfcn.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>

#include "ehlo/lua/bindings.h"
#include "ehlo/lua/context.h"

/* Not "ehlo.net": under that name the module keeps its own state. */
#define OPENED "ehlo.net.module"

/* ISO C knows no cast from an object's address to a function's. */
static lua_CFunction function_of(void *symbol) {
  lua_CFunction function = NULL;
  memcpy(&function, &symbol, sizeof function);
  return function;
}

int ehlo_open_net(lua_State *L) {
  if (lua_getfield(L, LUA_REGISTRYINDEX, OPENED) == LUA_TTABLE) return 1;
  lua_pop(L, 1);
  const struct ehlo_context *context = ehlo_context_of(L);
  const char *path = lua_pushfstring(L, "%s/ehlo-net.so", context ? context->folder : ".");
  /* Never closed: its code is in use as long as the process lives. */
  void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!module) return luaL_error(L, "the network module cannot be opened: %s. Build it anew: scripts/ehlo", dlerror());
  lua_CFunction open = function_of(dlsym(module, "luaopen_ehlo_net"));
  if (!open) return luaL_error(L, "%s is no network module of ehlo's. Build it anew: scripts/ehlo", path);
  lua_pushcfunction(L, open);
  lua_call(L, 0, 1);
  lua_pushvalue(L, -1);
  lua_setfield(L, LUA_REGISTRYINDEX, OPENED);
  return 1;
}
