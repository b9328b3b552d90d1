/* Owns: in builds with fault injection, what lets a script lose an allocation of the network module. Callers: module.c. */
#include "inner.h"

#ifdef EHLO_FAULTS

#include "ehlo/base/memory.h"

/* fail_at(nth[, lasting]): the nth allocation from now fails, once or from then on; 0 disarms. Returns how many there were since the
 * last call. */
static int fail_at(lua_State *L) {
  const lua_Integer nth = luaL_checkinteger(L, 1);
  lua_pushinteger(L, (lua_Integer)ehlo_memory_count());
  ehlo_memory_fail_at((unsigned long)nth, lua_toboolean(L, 2));
  return 1;
}

void net_register_faults(lua_State *L) {
  lua_pushcfunction(L, fail_at);
  lua_setfield(L, LUA_REGISTRYINDEX, "ehlo.fail_at");
}

#else

void net_register_faults(lua_State *L) {
  (void)L;
}

#endif
