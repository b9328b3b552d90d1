/* Owns: the tests of Ctrl-C. The signal is raised from inside the running script, so that nothing depends on time.
 * Callers: ctest. */
#include "unit.h"

#include <signal.h>

#include <lauxlib.h>
#include <lua.h>

#include "ehlo/lua/coroutines.h"
#include "ehlo/shell/interrupt.h"
#include "ehlo/shell/shell.h"

static int press(lua_State *L) {
  (void)L;
  raise(SIGINT);
  return 0;
}

static int set_up(void **state) {
  static struct ehlo_shell shell; /* outlives the test, as main's does */
  *state = &shell;
  if (ehlo_shell_init(&shell, NULL) != 0) return -1;
  lua_register(shell.L, "press", press);
  return 0;
}
static int tear_down(void **state) {
  ehlo_shell_fini(*state);
  return 0;
}

/* The script must not come to its end: it presses Ctrl-C and loops for ever. */
static void stops(struct ehlo_shell *s, const char *script) {
  ehlo_interrupt_begin(&s->context, s->L);
  assert_true(luaL_dostring(s->L, script));
  assert_non_null(strstr(lua_tostring(s->L, -1), "interrupted"));
  assert_true(s->context.interrupted);
  ehlo_interrupt_end(&s->context, s->L);
  lua_settop(s->L, 0);
}

static void a_loop_is_ended(void **state) {
  stops(*state, "press() while true do end");
}
static void a_loop_that_catches_errors_is_ended(void **state) {
  stops(*state, "press() while true do pcall(function() while true do end end) end");
}
static void a_loop_in_a_coroutine_is_ended(void **state) {
  stops(*state, "coroutine.wrap(function() press() while true do pcall(error) end end)()");
  stops(*state, "local co = coroutine.create(function() press() while true do pcall(error) end end)\n"
                "while true do coroutine.resume(co) end");
}
static void a_loop_that_makes_coroutines_is_ended(void **state) {
  stops(*state, "press() while true do pcall(coroutine.wrap(function() while true do end end)) end");
}

static void a_loop_between_coroutines_is_ended(void **state) {
  stops(*state, "coroutine.wrap(function() while true do\n"
                "coroutine.resume(coroutine.create(function() press() while true do end end)) end end)()");
  stops(*state, "coroutine.wrap(function() while true do\n"
                "pcall(coroutine.wrap(function() press() while true do end end)) end end)()");
}
static void a_coroutine_that_survives_goes_on_afterwards(void **state) {
  struct ehlo_shell *s = *state;
  assert_int_equal(luaL_dostring(s->L, "co = coroutine.create(function() for i = 1, 9 do coroutine.yield(i) end end)\n"
                                       "coroutine.resume(co)"),
                   LUA_OK);
  lua_getglobal(s->L, "co");
  ehlo_coroutines_arm(lua_tothread(s->L, -1)); /* Ctrl-C came while it was about to yield */
  lua_pop(s->L, 1);
  assert_int_equal(luaL_dostring(s->L, "return select(2, coroutine.resume(co))"), LUA_OK);
  assert_int_equal(lua_tointeger(s->L, -1), 2);
}

static void the_shell_is_as_before_afterwards(void **state) {
  struct ehlo_shell *s = *state;
  stops(s, "press() while true do end");
  assert_int_equal(s->context.interrupted, 0);
  assert_null(lua_gethook(s->L));
  assert_int_equal(luaL_dostring(s->L, "local n = 0 for i = 1, 1000 do n = n + i end return n"), LUA_OK);
  assert_int_equal(lua_tointeger(s->L, -1), 500500);
}

static void coroutines_behave_as_the_manual_says(void **state) {
  struct ehlo_shell *s = *state;
  const char *script =
      "local co = coroutine.create(function(a) local b = coroutine.yield(a + 1) error({b}) end)\n"
      "local ok, n = coroutine.resume(co, 1) assert(ok and n == 2)\n"
      "local failed, e = coroutine.resume(co, 'x') assert(failed == false and e[1] == 'x')\n"
      "local dead, why = coroutine.resume(co) assert(dead == false and why:find('dead'))\n"
      "local f = coroutine.wrap(function(...) return select('#', coroutine.yield(...)) end)\n"
      "assert(select('#', f(1, nil, nil)) == 3) assert(f(nil, nil) == 2)\n"
      "assert(not pcall(f)) assert(not pcall(coroutine.resume, 1)) assert(not pcall(coroutine.wrap, 1))\n"
      "local inner = coroutine.wrap(function() coroutine.wrap(function() error('deep', 0) end)() end)\n"
      "local _, message = pcall(inner) assert(message == 'deep', message)";
  assert_int_equal(luaL_dostring(s->L, script), LUA_OK);
  assert_ptr_equal(s->context.running, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_loop_is_ended, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_loop_that_catches_errors_is_ended, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_loop_in_a_coroutine_is_ended, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_loop_that_makes_coroutines_is_ended, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_loop_between_coroutines_is_ended, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_coroutine_that_survives_goes_on_afterwards, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_shell_is_as_before_afterwards, set_up, tear_down),
      cmocka_unit_test_setup_teardown(coroutines_behave_as_the_manual_says, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
