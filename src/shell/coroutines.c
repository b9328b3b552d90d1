/* Owns: coroutine.resume and coroutine.wrap that say which thread runs, so that Ctrl-C finds it. Callers: the shell, before any
 * script runs; the network module puts its own in their place when it is opened. */
#include "ehlo/shell/interrupt.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "ehlo/lua/context.h"

/* Calls the function at 1 with what follows it, `co` being the thread that runs meanwhile. Returns how many results. */
static int call_as(lua_State *L, lua_State *co) {
  struct ehlo_context *context = ehlo_context_of(L);
  lua_State *outer = context->running;
  context->running = co;
  if (context->interrupted) ehlo_interrupt_arm(co);
  const int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
  context->running = outer;
  if (context->interrupted) ehlo_interrupt_arm(L); /* it may catch what ended the other */
  return status == LUA_OK ? lua_gettop(L) : lua_error(L);
}

static int resume(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTHREAD);
  lua_State *co = lua_tothread(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  return call_as(L, co);
}

/* Upvalues: what the library's wrap returned, and its thread. */
static int wrapped(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  return call_as(L, lua_tothread(L, lua_upvalueindex(2)));
}

static int wrap(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, 1, 1);
  if (!lua_getupvalue(L, 1, 1) || !lua_isthread(L, -1)) {
    lua_settop(L, 1); /* some other library's wrap */
    return 1;
  }
  lua_pushcclosure(L, wrapped, 2);
  return 1;
}

static void replace(lua_State *L, const char *name, lua_CFunction function) {
  lua_getfield(L, -1, name);
  lua_pushcclosure(L, function, 1);
  lua_setfield(L, -2, name);
}

void ehlo_interrupt_coroutines(lua_State *L) {
  lua_getglobal(L, LUA_COLIBNAME);
  replace(L, "resume", resume);
  replace(L, "wrap", wrap);
  lua_pop(L, 1);
}
