/* Owns: the tests of a shell as a whole. Callers: ctest. */
#include "unit.h"

#include <lauxlib.h>
#include <lua.h>

#include "ehlo/shell/scripts.h"
#include "ehlo/shell/shell.h"

static int run(struct ehlo_shell *s, int argc, const char *const *argv) {
  char *words[8] = {NULL};
  for (int i = 0; i < argc; i++)
    words[i] = (char *)(uintptr_t)argv[i];
  return ehlo_shell_run(s, argc, words);
}

static void two_shells_live_in_one_process(void **state) {
  (void)state;
  struct ehlo_shell a, b;
  assert_int_equal(ehlo_shell_init(&a, NULL), 0);
  assert_int_equal(ehlo_shell_init(&b, NULL), 0);
  assert_int_equal(luaL_dostring(a.L, "mine = codes.lookup('521').name"), LUA_OK);
  assert_int_equal(lua_getglobal(b.L, "mine"), LUA_TNIL);
  assert_int_equal(luaL_dostring(b.L, "assert(codes.lookup('521').name == 'Host does not accept mail')"), LUA_OK);
  ehlo_shell_fini(&a);
  assert_int_equal(luaL_dostring(b.L, "assert(codes.lookup('5.7.1').retry == 'no')"), LUA_OK);
  ehlo_shell_fini(&b);
}

static void a_command_line_gives_its_exit_status(void **state) {
  (void)state;
  static const struct {
    int argc, status;
    const char *argv[6];
  } rows[] = {
      {4, 0, {"ehlo", "521", "--output", "/dev/null"}},
      {3, 2, {"ehlo", "code", "99"}},
      {2, 2, {"ehlo", "compere"}},
      {3, 1, {"ehlo", "-e", "error('oops')"}},
      {3, 0, {"ehlo", "-e", "local _ = 1"}},
      {3, 1, {"ehlo", "-e", "local = 1"}},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct ehlo_shell s;
    assert_int_equal(ehlo_shell_init(&s, NULL), 0);
    assert_int_equal(run(&s, rows[i].argc, rows[i].argv), rows[i].status);
    ehlo_shell_fini(&s);
  }
}

static void bundled_scripts_are_found_by_name_alone(void **state) {
  (void)state;
  assert_non_null(ehlo_script_find("lib/main"));
  assert_non_null(ehlo_script_find("commands/code"));
  assert_null(ehlo_script_find("commands/../lib/main"));
  assert_null(ehlo_script_find(""));
}

static void every_bundled_script_loads(void **state) {
  (void)state;
  lua_State *L = luaL_newstate();
  assert_non_null(L);
  for (const struct ehlo_script *s = ehlo_scripts; s->name; s++) {
    assert_int_equal(luaL_loadbufferx(L, (const char *)s->chunk, s->size, s->name, "b"), LUA_OK);
    lua_settop(L, 0);
  }
  lua_close(L);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_shells_live_in_one_process),
      cmocka_unit_test(a_command_line_gives_its_exit_status),
      cmocka_unit_test(bundled_scripts_are_found_by_name_alone),
      cmocka_unit_test(every_bundled_script_loads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
