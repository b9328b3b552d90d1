/* Owns: small helpers between C and the Lua stack. Callers: bindings. */
#include "inner.h"

#include <string.h>

#include "ehlo/base/error.h"

#define SCRATCH "ehlo.scratch"

static int scratch_gc(lua_State *L) {
  ehlo_buf_fini(lua_touserdata(L, 1));
  return 0;
}

void *ehlo_work_push(lua_State *L, const char *type, size_t size, lua_CFunction gc) {
  void *work = lua_newuserdatauv(L, size, 0);
  memset(work, 0, size);
  if (luaL_newmetatable(L, type)) {
    lua_pushcfunction(L, gc);
    lua_setfield(L, -2, "__gc");
  }
  lua_setmetatable(L, -2);
  return work;
}

struct ehlo_buf *ehlo_scratch_push(lua_State *L, size_t max) {
  struct ehlo_buf *b = ehlo_work_push(L, SCRATCH, sizeof *b, scratch_gc);
  ehlo_buf_init(b, max);
  return b;
}

void ehlo_scratch_finish(lua_State *L, struct ehlo_buf *b) {
  if (b->error) luaL_error(L, "the text cannot be made: %s", ehlo_error_text(b->error));
  lua_pushlstring(L, b->data ? b->data : "", b->len);
  ehlo_buf_fini(b);
  lua_replace(L, -2);
}

void ehlo_push_slice(lua_State *L, struct ehlo_slice s) {
  if (s.len > 0) {
    lua_pushlstring(L, s.ptr, s.len);
  } else {
    lua_pushnil(L);
  }
}

struct ehlo_slice ehlo_check_slice(lua_State *L, int index) {
  size_t len = 0;
  const char *text = luaL_checklstring(L, index, &len);
  return ehlo_slice_of(text, len);
}

void ehlo_set_slice(lua_State *L, const char *key, struct ehlo_slice s) {
  if (s.len == 0) return;
  lua_pushlstring(L, s.ptr, s.len);
  lua_setfield(L, -2, key);
}

int ehlo_push_failure(lua_State *L, const char *class) {
  lua_pushnil(L);
  lua_insert(L, -2);
  lua_createtable(L, 0, 2);
  lua_pushstring(L, class);
  lua_setfield(L, -2, "class");
  lua_pushvalue(L, -2);
  lua_setfield(L, -2, "message");
  return 3;
}

int ehlo_push_text(lua_State *L) {
  if (lua_getfield(L, LUA_REGISTRYINDEX, EHLO_TEXT) != LUA_TFUNCTION) {
    lua_pop(L, 1);
    return 1;
  }
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  if (!lua_isstring(L, -1)) lua_pop(L, 1);
  return 1;
}

void ehlo_push_metatable(lua_State *L, const char *name, const luaL_Reg *functions) {
  if (!luaL_newmetatable(L, name)) return;
  luaL_setfuncs(L, functions, 0);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__metatable");
}
