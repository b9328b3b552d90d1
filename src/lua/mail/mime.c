/* Owns: opening the private module that takes mails apart, and one reader of it a state. Callers: the mail binding, on the first
 * mail. */
#include <dlfcn.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>

#include "ehlo/core/mime.h"
#include "ehlo/lua/context.h"
#include "inner.h"

#define READER "ehlo.mime.reader"

static int reader_gc(lua_State *L) {
  struct ehlo_mime_reader **reader = lua_touserdata(L, 1);
  if (*reader) (*reader)->close(*reader);
  *reader = NULL;
  return 0;
}

static ehlo_mime_open_reader *open_module(lua_State *L) {
  ehlo_mime_open_reader *open = NULL;
  const struct ehlo_context *context = ehlo_context_of(L);
  const char *path = lua_pushfstring(L, "%s/ehlo-mime.so", context ? context->folder : ".");
  /* Never closed: GLib does not stand it. */
  void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!module)
    luaL_error(L, "the module that reads mails cannot be opened: %s. Build it anew: scripts/ehlo", dlerror());
  void *symbol = dlsym(module, EHLO_MIME_SYMBOL);
  if (!symbol) luaL_error(L, "%s is no mail module of ehlo's. Build it anew: scripts/ehlo", path);
  lua_pop(L, 1);
  memcpy(&open, &symbol, sizeof open); /* ISO C knows no cast from an object's address to a function's */
  return open;
}

struct ehlo_mime_reader *mail_open_mime(lua_State *L) {
  struct ehlo_mime_reader **reader = NULL;
  if (lua_getfield(L, LUA_REGISTRYINDEX, READER "s") == LUA_TUSERDATA) reader = lua_touserdata(L, -1);
  lua_pop(L, 1);
  if (reader) return *reader;
  reader = ehlo_work_push(L, READER, sizeof *reader, reader_gc);
  if (open_module(L)(reader) != 0) luaL_error(L, "out of memory");
  lua_setfield(L, LUA_REGISTRYINDEX, READER "s");
  return *reader;
}
