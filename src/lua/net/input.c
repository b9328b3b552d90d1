/* Owns: lines of standard input, for tasks that read it while others talk to servers. Callers: scripts, through task.read_line. */
#include "inner.h"

#include <string.h>
#include <unistd.h>

#include "ehlo/net/lines.h"

#define WAIT "ehlo.line"
#define INPUT "ehlo.input"

static int wait_gc(lua_State *L) {
  struct ehlo_line_wait *wait = lua_touserdata(L, 1);
  if (wait->op.loop) ehlo_op_fini(&wait->op);
  return 0;
}

static int input_gc(lua_State *L) {
  struct ehlo_lines **input = lua_touserdata(L, 1);
  ehlo_lines_free(*input);
  *input = NULL;
  return 0;
}

/* One a state, made at the first line; it may hold bytes that were read and not asked for yet. */
static struct ehlo_lines *input_of(lua_State *L) {
  struct ehlo_lines **input;
  if (lua_getfield(L, LUA_REGISTRYINDEX, INPUT) == LUA_TUSERDATA) {
    input = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return *input;
  }
  lua_pop(L, 1);
  input = lua_newuserdatauv(L, sizeof *input, 0);
  *input = NULL;
  luaL_setmetatable(L, INPUT);
  *input = ehlo_lines_new(net_of(L)->loop, STDIN_FILENO);
  if (!*input) luaL_error(L, "out of memory");
  lua_setfield(L, LUA_REGISTRYINDEX, INPUT);
  return *input;
}

static int finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  struct ehlo_line_wait *wait = lua_touserdata(L, -1);
  struct ehlo_slice line;
  if (wait->op.error) return net_push_error(L, wait->op.error, "cancelled", "cancelled");
  const int got = ehlo_lines_take(wait, &line);
  if (got == EHLO_E_LIMIT) return net_push_error(L, got, "syntax", "a line of the input is longer than 65536 bytes");
  if (got < 0) return net_push_error(L, got, "error", "standard input could not be read");
  if (got == 0) return 0;
  lua_pushlstring(L, line.ptr, line.len);
  return 1;
}

int net_read_line(lua_State *L) {
  struct ehlo_lines *input = input_of(L);
  struct ehlo_line_wait *wait = lua_newuserdatauv(L, sizeof *wait, 0);
  memset(wait, 0, sizeof *wait);
  luaL_setmetatable(L, WAIT);
  const int error = ehlo_lines_ask(input, wait);
  if (error) return net_push_error(L, error, "error", ehlo_error_text(error));
  return net_await(L, &wait->op, finish, 0);
}

void net_register_input(lua_State *L) {
  luaL_newmetatable(L, WAIT);
  lua_pushcfunction(L, wait_gc);
  lua_setfield(L, -2, "__gc");
  luaL_newmetatable(L, INPUT);
  lua_pushcfunction(L, input_gc);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 2);
}
