/* Owns: opening the private modules: that of the network, and that which reads mails and logs. Callers: the shell, on the first touch of
 * one of their tables. */
#include <dlfcn.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>

#include "ehlo/lua/bindings.h"
#include "ehlo/lua/context.h"

/* ISO C knows no cast from an object's address to a function's. */
static lua_CFunction function_of(void *symbol) {
  lua_CFunction function = NULL;
  memcpy(&function, &symbol, sizeof function);
  return function;
}

/* `opened`: where its table hangs on the registry. The module keeps its own state there too, under another name. */
static int open_module(lua_State *L, const char *file, const char *entry, const char *opened) {
  if (lua_getfield(L, LUA_REGISTRYINDEX, opened) == LUA_TTABLE) return 1;
  lua_pop(L, 1);
  const struct ehlo_context *context = ehlo_context_of(L);
  const char *path = lua_pushfstring(L, "%s/%s", context ? context->folder : ".", file);
  /* Never closed: its code is in use as long as the process lives. */
  void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!module) return luaL_error(L, "a module cannot be opened: %s. Build it anew: scripts/ehlo", dlerror());
  lua_CFunction open = function_of(dlsym(module, entry));
  if (!open) return luaL_error(L, "%s is no module of ehlo's. Build it anew: scripts/ehlo", path);
  lua_pushcfunction(L, open);
  lua_call(L, 0, 1);
  lua_pushvalue(L, -1);
  lua_setfield(L, LUA_REGISTRYINDEX, opened);
  return 1;
}

int ehlo_open_net(lua_State *L) {
  return open_module(L, "ehlo-net.so", "luaopen_ehlo_net", "ehlo.net.module");
}

int ehlo_open_store(lua_State *L) {
  ehlo_open_net(L);
  lua_getfield(L, LUA_REGISTRYINDEX, "ehlo.store");
  return 1;
}

int ehlo_open_mail(lua_State *L) {
  return open_module(L, "ehlo-mail.so", "luaopen_ehlo_mail", "ehlo.mail.module");
}
