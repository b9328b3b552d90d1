/* Owns: how a script waits without blocking: the await, the pump, the sentinel that tells the scheduler's yields from the
 * script's own. Callers: every binding that starts an op. */
#include "inner.h"

#include "task.h"

/* Its address is the sentinel: no script can make the same light userdata. */
static const char sentinel = 0;

static void push_sentinel(lua_State *L) {
  lua_pushlightuserdata(L, (void *)(uintptr_t)&sentinel);
}
static bool is_sentinel(lua_State *L, int index) {
  return lua_touserdata(L, index) == (const void *)&sentinel;
}

static void interrupt_hook(lua_State *L, lua_Debug *ar) {
  (void)ar;
  luaL_error(L, "interrupted");
}

/* After Ctrl-C every thread that goes on is armed, not only the one that ran then: any of them may catch the error and loop. */
static void arm(const struct ehlo_net *net, lua_State *co) {
  if (net->context->interrupted) lua_sethook(co, interrupt_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

static int interrupted(lua_State *L) {
  return luaL_error(L, "interrupted");
}

/* Outside any task the wait is the loop's own: other tasks go on meanwhile. */
static void drive(lua_State *L, struct ehlo_net *net, struct ehlo_op *op) {
  while (op->state != EHLO_OP_DONE && op->state != EHLO_OP_IDLE) {
    if (net->context->interrupted) {
      ehlo_op_cancel(op, EHLO_E_CANCELLED);
      task_cancel_all(L, net);
      interrupted(L);
    }
    net_pump(net, L);
    if (op->state == EHLO_OP_DONE) break;
    if (!ehlo_loop_turn(net->loop, true)) ehlo_op_cancel(op, EHLO_E_INTERNAL);
  }
}

int net_await(lua_State *L, struct ehlo_op *op, lua_KFunction finish, lua_KContext ctx) {
  struct ehlo_net *net = net_of(L);
  if (op->state == EHLO_OP_DONE || op->state == EHLO_OP_IDLE) return finish(L, LUA_OK, ctx);
  struct ehlo_task *task = net->current;
  if (!task) {
    drive(L, net, op);
    return finish(L, LUA_OK, ctx);
  }
  if (!lua_isyieldable(L)) {
    ehlo_op_cancel(op, EHLO_E_CANCELLED);
    return luaL_error(
        L, "cannot wait here: a task cannot yield from inside a callback of C, such as gsub's, sort's or tostring's");
  }
  (void)ehlo_op_wait(op, task);
  task->waits_for = op;
  push_sentinel(L);
  return lua_yieldk(L, 1, ctx, finish);
}

void net_pump(struct ehlo_net *net, lua_State *L) {
  for (struct ehlo_op *op; (op = ehlo_loop_next_ready(net->loop)) != NULL;) {
    if (op->told)
      op->told(op);
    else if (op->waiter)
      task_resume(L, net, op->waiter, 0);
  }
}

static void note_end(struct ehlo_task *task, int status, int results) {
  task->ended = true;
  task->waits_for = NULL;
  task->failed = status != LUA_OK;
  task->results = results;
  ehlo_op_finish(&task->op, 0);
}

/* A yield that is not ours came to the bottom of a task: nobody is there to take it. */
static void refuse_foreign_yield(lua_State *co, struct ehlo_task *task, int results) {
  lua_pop(co, results);
  lua_pushliteral(co, "a task yielded outside any coroutine of its own: nobody can resume it");
  note_end(task, LUA_ERRRUN, 1);
}

void task_resume(lua_State *L, struct ehlo_net *net, struct ehlo_task *task, int arguments) {
  if (task->ended) return;
  lua_State *co = task->co, *outer_thread = net->context->running;
  struct ehlo_task *outer = net->current;
  task->waits_for = NULL;
  net->current = task;
  net->context->running = co;
  arm(net, co);
  int results = 0;
  const int status = lua_resume(co, L, arguments, &results);
  net->context->running = outer_thread;
  net->current = outer;
  if (status != LUA_YIELD)
    note_end(task, status, status == LUA_OK ? results : 1);
  else if (results == 1 && is_sentinel(co, -1))
    lua_pop(co, 1);
  else
    refuse_foreign_yield(co, task, results);
  if (task->ended) task_release(L, task);
}

/* coroutine.resume and wrap of a script's own coroutines, which must let our sentinel pass outward. */

static int resume_step(lua_State *L, int status, lua_KContext wraps);

static int resume_result(lua_State *L, lua_State *co, int status, int results, bool wraps) {
  if (status == LUA_OK || status == LUA_YIELD) {
    if (!lua_checkstack(L, results + 1)) {
      lua_pop(co, results);
      return luaL_error(L, "too many results to resume");
    }
    if (!wraps) lua_pushboolean(L, 1);
    lua_xmove(co, L, results);
    return results + (wraps ? 0 : 1);
  }
  if (wraps) {
    lua_xmove(co, L, 1);
    return lua_error(L);
  }
  lua_pushboolean(L, 0);
  lua_xmove(co, L, 1);
  return 2;
}

static int resume_with(lua_State *L, lua_State *co, int arguments, bool wraps) {
  struct ehlo_net *net = net_of(L);
  lua_State *outer = net->context->running;
  net->context->running = co;
  arm(net, co);
  int results = 0;
  const int status = lua_resume(co, L, arguments, &results);
  net->context->running = outer;
  arm(net, L);
  if (status != LUA_YIELD || results != 1 || !is_sentinel(co, -1)) return resume_result(L, co, status, results, wraps);
  lua_pop(co, 1);
  if (!lua_isyieldable(L)) {
    if (net->current && net->current->waits_for) {
      struct ehlo_op *op = net->current->waits_for;
      net->current->waits_for = NULL;
      op->waiter = NULL;
      ehlo_op_cancel(op, EHLO_E_CANCELLED);
    }
    return luaL_error(L, "cannot wait here: the coroutine that waits was resumed from inside a callback of C");
  }
  push_sentinel(L);
  return lua_yieldk(L, 1, wraps, resume_step);
}

static int resume_step(lua_State *L, int status, lua_KContext wraps) {
  (void)status;
  lua_State *co = lua_tothread(L, wraps ? lua_upvalueindex(1) : 1);
  return resume_with(L, co, 0, wraps != 0);
}

static int can_resume(lua_State *L, lua_State *co, int arguments, bool wraps) {
  const bool fresh = lua_status(co) == LUA_OK;
  if ((fresh && lua_gettop(co) == 0) || (!fresh && lua_status(co) != LUA_YIELD)) {
    if (wraps) return luaL_error(L, "cannot resume dead coroutine");
    lua_pushboolean(L, 0);
    lua_pushliteral(L, "cannot resume dead coroutine");
    return 2;
  }
  lua_Debug ar;
  if (fresh && lua_getstack(co, 0, &ar)) {
    if (wraps) return luaL_error(L, "cannot resume non-suspended coroutine");
    lua_pushboolean(L, 0);
    lua_pushliteral(L, "cannot resume non-suspended coroutine");
    return 2;
  }
  if (!lua_checkstack(co, arguments)) return luaL_error(L, "too many arguments to resume");
  lua_xmove(L, co, arguments);
  return resume_with(L, co, arguments, wraps);
}

static int coroutine_resume(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTHREAD);
  return can_resume(L, lua_tothread(L, 1), lua_gettop(L) - 1, false);
}

static int wrapped(lua_State *L) {
  return can_resume(L, lua_tothread(L, lua_upvalueindex(1)), lua_gettop(L), true);
}

static int coroutine_wrap(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, wrapped, 1);
  return 1;
}

void net_wrap_coroutines(lua_State *L) {
  static const luaL_Reg functions[] = {{"resume", coroutine_resume}, {"wrap", coroutine_wrap}, {NULL, NULL}};
  if (lua_getglobal(L, "coroutine") == LUA_TTABLE) luaL_setfuncs(L, functions, 0);
  lua_pop(L, 1);
}
