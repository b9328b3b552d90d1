/* Owns: a Lua state with the bindings in it, and asserting by chunks of Lua. Callers: the tests of this folder. */
#ifndef EHLO_TESTS_LUA_STATE_H
#define EHLO_TESTS_LUA_STATE_H

#include "unit.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "ehlo/core/catalogue.h"
#include "ehlo/lua/bindings.h"
#include "ehlo/lua/context.h"

struct state {
  lua_State *L;
  struct ehlo_context context;
};

static inline int state_open(void **place) {
  static struct state state;
  state = (struct state){.L = luaL_newstate()};
  state.context.catalogue = ehlo_catalogue_builtin();
  state.context.folder = "/nowhere";
  luaL_openlibs(state.L);
  ehlo_context_set(state.L, &state.context);
  luaL_requiref(state.L, "codes", ehlo_open_codes, 1);
  luaL_requiref(state.L, "report", ehlo_open_report, 1);
  lua_settop(state.L, 0);
  *place = &state;
  return 0;
}

static inline int state_close(void **place) {
  struct state *state = *place;
  lua_close(state->L);
  return 0;
}

/* Runs a chunk, which asserts by itself. */
static inline void lua_holds(void **place, const char *chunk) {
  struct state *state = *place;
  if (luaL_dostring(state->L, chunk) != LUA_OK) fail_msg("%s", lua_tostring(state->L, -1));
  lua_settop(state->L, 0);
}

/* Runs a chunk that must raise a message with `part` in it. */
static inline void lua_raises(void **place, const char *chunk, const char *part) {
  struct state *state = *place;
  assert_int_not_equal(luaL_dostring(state->L, chunk), LUA_OK);
  const char *message = lua_tostring(state->L, -1);
  if (!message || !strstr(message, part)) fail_msg("raised: %s", message);
  lua_settop(state->L, 0);
}

#define state_test(function) cmocka_unit_test_setup_teardown(function, state_open, state_close)

#endif
