/* Owns: how a script waits without blocking: the await, and the pump. Callers: every binding that starts an op. */
#include "inner.h"

#include "ehlo/lua/coroutines.h"
#include "task.h"

/* Outside any task the wait is the loop's own: other tasks go on meanwhile. */
static void drive(lua_State *L, struct ehlo_net *net, struct ehlo_op *op) {
  while (op->state != EHLO_OP_DONE && op->state != EHLO_OP_IDLE) {
    if (net->context->interrupted) {
      if (!op->outlasts || !op->outlasts(op)) ehlo_op_cancel(op, EHLO_E_CANCELLED);
      task_cancel_all(L, net);
      (void)ehlo_coroutines_interrupt(L);
    }
    net_pump(net, L);
    if (op->state == EHLO_OP_DONE) break;
    if (!ehlo_loop_turn(net->loop, true)) ehlo_op_cancel(op, EHLO_E_INTERNAL);
  }
}

void net_settle(lua_State *L, struct ehlo_op *op) {
  struct ehlo_net *net = net_of(L);
  if (op->state == EHLO_OP_STARTED && !net->current) drive(L, net, op);
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
  ehlo_coroutines_push_sentinel(L, net->context);
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
  if (net->context->interrupted) ehlo_coroutines_arm(co);
  int results = 0;
  const int status = lua_resume(co, L, arguments, &results);
  if (status != LUA_OK && status != LUA_YIELD)
    ehlo_coroutines_close(L, co); /* its <close> variables; the error stays on top */
  net->context->running = outer_thread;
  net->current = outer;
  if (status != LUA_YIELD)
    note_end(task, status, status == LUA_OK ? results : 1);
  else if (results == 1 && ehlo_coroutines_is_sentinel(co, -1, net->context))
    lua_pop(co, 1);
  else
    refuse_foreign_yield(co, task, results);
  if (task->ended) task_release(L, task);
}

/* A coroutine of the task's own yielded to wait, and whoever resumed it cannot. */
void net_abandon(void *arg) {
  const struct ehlo_net *net = arg;
  struct ehlo_op *op = net->current ? net->current->waits_for : NULL;
  if (!op) return;
  net->current->waits_for = NULL;
  op->waiter = NULL;
  ehlo_op_cancel(op, EHLO_E_CANCELLED);
}

static int end_tasks(lua_State *L) {
  task_cancel_all(L, lua_touserdata(L, 1));
  return 0;
}

/* Ctrl-C may end a script between two waits: what it spawned must not go on behind the person's back. */
void net_end_tasks(void *net, lua_State *L) {
  if (!lua_checkstack(L, 3)) return;
  lua_pushcfunction(L, end_tasks);
  lua_pushlightuserdata(L, net);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) lua_pop(L, 1);
}
