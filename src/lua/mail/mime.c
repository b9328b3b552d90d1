/* Owns: opening the private module that takes mails apart. Callers: the mail binding, on the first mail. */
#include <dlfcn.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>

#include "ehlo/core/mime.h"
#include "ehlo/lua/context.h"
#include "inner.h"

#define OPENED "ehlo.mime.reader"

ehlo_mime_reader *mail_open_mime(lua_State *L) {
  ehlo_mime_reader *reader = NULL;
  void *symbol = NULL;
  if (lua_getfield(L, LUA_REGISTRYINDEX, OPENED) == LUA_TLIGHTUSERDATA) symbol = lua_touserdata(L, -1);
  lua_pop(L, 1);
  if (!symbol) {
    const struct ehlo_context *context = ehlo_context_of(L);
    const char *path = lua_pushfstring(L, "%s/ehlo-mime.so", context ? context->folder : ".");
    /* Never closed: GLib does not stand it. */
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!module)
      luaL_error(L, "the module that reads mails cannot be opened: %s. Build it anew: scripts/ehlo", dlerror());
    symbol = dlsym(module, EHLO_MIME_SYMBOL);
    if (!symbol) luaL_error(L, "%s is no mail module of ehlo's. Build it anew: scripts/ehlo", path);
    lua_pop(L, 1);
    lua_pushlightuserdata(L, symbol);
    lua_setfield(L, LUA_REGISTRYINDEX, OPENED);
  }
  memcpy(&reader, &symbol, sizeof reader); /* ISO C knows no cast from an object's address to a function's */
  return reader;
}
