/* Owns: resuming a script's own coroutines, so that Ctrl-C finds the thread that runs and a wait inside one reaches the scheduler.
 * Callers: the shell, through ehlo/lua/coroutines.h; scripts, as coroutine.resume and coroutine.wrap. */
#include "ehlo/lua/coroutines.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdint.h>

#include "ehlo/lua/context.h"

enum { GRACE = 10000 }; /* instructions of the VM, for what <close> variables have to do once the error flies */

static const int everywhere = LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT;

/* A coroutine that was armed and suspended before it could raise may be resumed when all that is over. */
static bool still_interrupted(lua_State *L) {
  if (ehlo_context_of(L)->interrupted) return true;
  lua_sethook(L, NULL, 0, 0);
  return false;
}

/* After the grace: a script that catches errors in a loop is ended at its next instruction. */
static void raise_for_good(lua_State *L, lua_Debug *ar) {
  (void)ar;
  if (!still_interrupted(L)) return;
  lua_sethook(L, raise_for_good, everywhere, 1);
  luaL_error(L, "interrupted");
}

int ehlo_coroutines_interrupt(lua_State *L) {
  if (lua_gethook(L) != raise_for_good) lua_sethook(L, raise_for_good, LUA_MASKCOUNT, GRACE);
  return luaL_error(L, "interrupted");
}

static void raise_interrupted(lua_State *L, lua_Debug *ar) {
  (void)ar;
  if (still_interrupted(L)) (void)ehlo_coroutines_interrupt(L);
}

/* lua_sethook may be called from a signal handler (its manual says so). Once only: each grace would begin anew. */
void ehlo_coroutines_arm(lua_State *L) {
  if (lua_gethook(L) != raise_for_good) lua_sethook(L, raise_interrupted, everywhere, 1);
}

/* An address inside the context: the same for the program and its modules, and no script's. */
void ehlo_coroutines_push_sentinel(lua_State *L, const struct ehlo_context *context) {
  lua_pushlightuserdata(L, (void *)(uintptr_t)&context->wake);
}
bool ehlo_coroutines_is_sentinel(lua_State *L, int index, const struct ehlo_context *context) {
  return lua_islightuserdata(L, index) && lua_touserdata(L, index) == (const void *)&context->wake;
}

void ehlo_coroutines_close(lua_State *L, lua_State *co) {
#if LUA_VERSION_RELEASE_NUM >= 50406
  lua_closethread(co, L);
#else
  (void)L;
  lua_resetthread(co);
#endif
}

static int resume_step(lua_State *L, int status, lua_KContext wraps);

static int failed(lua_State *L, lua_State *co, bool wraps) {
  if (!wraps) {
    lua_pushboolean(L, 0);
    lua_xmove(co, L, 1);
    return 2;
  }
  ehlo_coroutines_close(L, co);
  lua_xmove(co, L, 1);
  return lua_error(L);
}

static int give(lua_State *L, lua_State *co, int results, bool wraps) {
  if (!lua_checkstack(L, results + 1)) {
    lua_pop(co, results);
    return luaL_error(L, "too many results to resume");
  }
  if (!wraps) lua_pushboolean(L, 1);
  lua_xmove(co, L, results);
  return results + (wraps ? 0 : 1);
}

/* The coroutine waits for an op: whoever runs this one must wait too. */
static int wait_outside(lua_State *L, lua_State *co, const struct ehlo_context *context, bool wraps) {
  lua_pop(co, 1);
  if (!lua_isyieldable(L)) {
    if (context->abandon) context->abandon(context->abandon_arg);
    return luaL_error(L, "cannot wait here: the coroutine that waits was resumed from inside a callback of C");
  }
  ehlo_coroutines_push_sentinel(L, context);
  return lua_yieldk(L, 1, wraps, resume_step);
}

/* Ctrl-C arms the thread that runs. When that has died of it, the one that resumed it would go on: so it is armed in turn. */
static int resume_with(lua_State *L, lua_State *co, int arguments, bool wraps) {
  struct ehlo_context *context = ehlo_context_of(L);
  lua_State *outer = context->running;
  int results = 0;
  context->running = co;
  if (context->interrupted) ehlo_coroutines_arm(co);
  const int status = lua_resume(co, L, arguments, &results);
  context->running = outer;
  if (context->interrupted) ehlo_coroutines_arm(L);
  if (status != LUA_OK && status != LUA_YIELD) return failed(L, co, wraps);
  if (status == LUA_YIELD && results == 1 && ehlo_coroutines_is_sentinel(co, -1, context))
    return wait_outside(L, co, context, wraps);
  return give(L, co, results, wraps);
}

static int resume_step(lua_State *L, int status, lua_KContext wraps) {
  (void)status;
  lua_State *co = lua_tothread(L, wraps ? lua_upvalueindex(1) : 1);
  return resume_with(L, co, 0, wraps != 0);
}

static int refuse(lua_State *L, const char *why, bool wraps) {
  if (wraps) return luaL_error(L, "%s", why);
  lua_pushboolean(L, 0);
  lua_pushstring(L, why);
  return 2;
}

static int resume_checked(lua_State *L, lua_State *co, int arguments, bool wraps) {
  const bool fresh = lua_status(co) == LUA_OK;
  lua_Debug ar;
  if (fresh && lua_getstack(co, 0, &ar)) return refuse(L, "cannot resume non-suspended coroutine", wraps);
  if (fresh ? lua_gettop(co) == 0 : lua_status(co) != LUA_YIELD)
    return refuse(L, "cannot resume dead coroutine", wraps);
  if (!lua_checkstack(co, arguments)) return refuse(L, "too many arguments to resume", wraps);
  lua_xmove(L, co, arguments);
  return resume_with(L, co, arguments, wraps);
}

static int resume(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTHREAD);
  return resume_checked(L, lua_tothread(L, 1), lua_gettop(L) - 1, false);
}

static int wrapped(lua_State *L) {
  return resume_checked(L, lua_tothread(L, lua_upvalueindex(1)), lua_gettop(L), true);
}

static int wrap(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, wrapped, 1);
  return 1;
}

void ehlo_coroutines_replace(lua_State *L) {
  static const luaL_Reg functions[] = {{"resume", resume}, {"wrap", wrap}, {NULL, NULL}};
  if (lua_getglobal(L, LUA_COLIBNAME) == LUA_TTABLE) luaL_setfuncs(L, functions, 0);
  lua_pop(L, 1);
}
