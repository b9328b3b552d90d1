/* Owns: the task module: spawn, map, sleep, deadline, cancel, and the life of a task. Callers: scripts. */
#include "task.h"

#include <math.h>
#include <string.h>

#include "ehlo/base/memory.h"
#include "ehlo/lua/coroutines.h"

#define TASK "ehlo.task"

/* Cancelling a task ends what it waits for; its coroutine is closed, to-be-closed variables with it. */
static void stopped(struct ehlo_op *op) {
  (void)op;
}

static void enlist(struct ehlo_net *net, struct ehlo_task *task) {
  task->parent = net->current;
  task->next = net->tasks;
  task->place = &net->tasks;
  if (task->next) task->next->place = &task->next;
  net->tasks = task;
}

static void strike(struct ehlo_task *task) {
  if (!task->place) return;
  *task->place = task->next;
  if (task->next) task->next->place = task->place;
  task->place = NULL;
}

static void anchor(lua_State *L, struct ehlo_task *task, int index) {
  lua_pushvalue(L, index);
  lua_rawsetp(L, LUA_REGISTRYINDEX, task);
}

/* Nobody waits any longer for connections that the task leaves open: whoever has them now means to. */
static void leave_places(struct ehlo_task *task) {
  for (struct lua_session *s = task->sessions; s && s->session.ticket.owner; s = s->next)
    ehlo_pace_disown(&s->session.ticket);
}

void task_release(lua_State *L, struct ehlo_task *task) {
  strike(task);
  leave_places(task);
  while (task->sessions)
    session_disown(task->sessions);
  lua_pushnil(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, task);
}

struct ehlo_task *task_new(lua_State *L, int arguments) {
  const int first = lua_gettop(L) - arguments;
  struct ehlo_task *task = lua_newuserdatauv(L, sizeof *task, 1);
  memset(task, 0, sizeof *task);
  luaL_setmetatable(L, TASK);
  ehlo_op_init(&task->op, net_of(L)->loop, stopped);
  task->co = lua_newthread(L);
  lua_setiuservalue(L, -2, 1);
  lua_insert(L, first);
  lua_xmove(L, task->co, arguments + 1);
  anchor(L, task, -1);
  enlist(net_of(L), task);
  (void)ehlo_op_start(&task->op, 0);
  return task;
}

static void close_sessions(struct ehlo_task *task) {
  while (task->sessions) {
    struct lua_session *s = task->sessions;
    session_disown(s);
    ehlo_session_close(&s->session);
  }
}

void task_cancel(lua_State *L, struct ehlo_task *task) {
  struct ehlo_net *net = net_of(L);
  if (task->ended) return;
  if (task == net->current) luaL_error(L, "a task cannot cancel itself: return, or raise an error");
  struct ehlo_op *op = task->waits_for;
  task->waits_for = NULL;
  task->ended = task->failed = task->cancelled = true;
  if (op) {
    op->waiter = NULL;
    ehlo_op_cancel(op, EHLO_E_CANCELLED);
  }
  close_sessions(task);
  ehlo_coroutines_close(L, task->co);
  lua_settop(task->co, 0);
  lua_pushliteral(task->co, "cancelled");
  task->results = 1;
  ehlo_op_finish(&task->op, 0);
  strike(task);
  for (struct ehlo_task *t = net->tasks; t;) {
    struct ehlo_task *child = t->parent == task && t != net->current ? t : NULL;
    t = t->next;
    if (!child) continue;
    task_cancel(L, child);
    t = net->tasks; /* the list changed under us */
  }
  task_release(L, task);
}

void task_cancel_all(lua_State *L, struct ehlo_net *net) {
  while (net->tasks && net->tasks != net->current)
    task_cancel(L, net->tasks);
}

static struct ehlo_task *check_task(lua_State *L, int index) {
  return luaL_checkudata(L, index, TASK);
}

/* Results of an ended task stay with it, so that several may ask. */
static int push_results(lua_State *L, struct ehlo_task *task) {
  if (task->failed) {
    lua_pushvalue(task->co, -1);
    lua_xmove(task->co, L, 1);
    const char *message = luaL_tolstring(L, -1, NULL);
    return net_push_error(L, task->cancelled ? EHLO_E_CANCELLED : EHLO_E_INTERNAL,
                          task->cancelled ? "cancelled" : "error", message);
  }
  luaL_checkstack(L, task->results, "too many results");
  const int first = lua_gettop(task->co) - task->results + 1;
  for (int i = 0; i < task->results; i++)
    lua_pushvalue(task->co, first + i);
  lua_xmove(task->co, L, task->results);
  return task->results;
}

static int wait_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  return push_results(L, check_task(L, 1));
}

static int task_wait(lua_State *L) {
  struct ehlo_task *task = check_task(L, 1);
  if (task == net_of(L)->current) return luaL_error(L, "a task cannot wait for itself");
  lua_settop(L, 1);
  if (task->ended) return push_results(L, task);
  if (task->op.state == EHLO_OP_WAITING) return luaL_error(L, "another task waits for this one already");
  return net_await(L, &task->op, wait_finish, 0);
}

static int task_cancel_method(lua_State *L) {
  task_cancel(L, check_task(L, 1));
  return 0;
}

static int task_status(lua_State *L) {
  const struct ehlo_task *task = check_task(L, 1);
  lua_pushstring(L, !task->ended ? "running" : task->cancelled ? "cancelled" : task->failed ? "failed" : "done");
  return 1;
}

static int task_gc(lua_State *L) {
  struct ehlo_task *task = check_task(L, 1);
  strike(task);
  ehlo_op_fini(&task->op);
  return 0;
}

static int spawn(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  struct ehlo_task *task = task_new(L, lua_gettop(L) - 1);
  task_resume(L, net_of(L), task, lua_gettop(task->co) - 1);
  return 1;
}

static int cancel(lua_State *L) {
  task_cancel(L, check_task(L, 1));
  return 0;
}

/* Sleep: an op with nothing under way, which its deadline ends. */
static int sleep_gc(lua_State *L) {
  ehlo_op_fini(lua_touserdata(L, 1));
  return 0;
}

static int sleep_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  const struct ehlo_op *op = lua_touserdata(L, -1);
  if (op->error == EHLO_E_CANCELLED) return net_push_error(L, op->error, "cancelled", "cancelled");
  lua_pushboolean(L, 1);
  return 1;
}

static int sleep_for(lua_State *L) {
  const double seconds = luaL_checknumber(L, 1);
  luaL_argcheck(L, seconds >= 0 && seconds < 1e9, 1, "seconds, 0 or more");
  struct ehlo_net *net = net_of(L);
  struct ehlo_op *op = lua_newuserdatauv(L, sizeof *op, 0);
  ehlo_op_init(op, net->loop, NULL);
  luaL_setmetatable(L, "ehlo.sleep");
  const int error = ehlo_op_start(op, ehlo_loop_now(net->loop) + seconds);
  if (error) return net_push_error(L, error, "error", ehlo_error_text(error));
  return net_await(L, op, sleep_finish, 0);
}

/* deadline(seconds, f, ...): f runs as a task of its own, which is cancelled when the time is over. */
static int deadline_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  struct ehlo_task *task = check_task(L, 1);
  if (task->ended) return push_results(L, task);
  task->op.waiter = NULL;
  const int why = task->op.error;
  task_cancel(L, task);
  if (why == EHLO_E_TIMEOUT) return net_push_error(L, why, "timed-out", "the deadline passed");
  return net_push_error(L, why, "cancelled", "cancelled");
}

static int deadline(lua_State *L) {
  const double seconds = luaL_checknumber(L, 1);
  luaL_argcheck(L, seconds > 0 && seconds < 1e9, 1, "seconds, more than 0");
  luaL_checktype(L, 2, LUA_TFUNCTION);
  struct ehlo_net *net = net_of(L);
  struct ehlo_task *task = task_new(L, lua_gettop(L) - 2);
  lua_replace(L, 1);
  lua_settop(L, 1);
  (void)ehlo_timer_arm(&task->op.deadline, ehlo_loop_now(net->loop) + seconds);
  task_resume(L, net, task, lua_gettop(task->co) - 1);
  if (task->ended) return push_results(L, task);
  return net_await(L, &task->op, deadline_finish, 0);
}

/* map(list, f, {concurrency = n}): as many workers as that, each taking the next item until none is left. f gets the item alone, so that
 * smtp.probe, whose second argument are options, can be f. What they share is a
 * table: 1 list, 2 f, 3 results, 4 errors, 5 next, 6 size. */
enum { SHARED_LIST = 1, SHARED_F, SHARED_RESULTS, SHARED_ERRORS, SHARED_NEXT, SHARED_SIZE };

static int worker_step(lua_State *L, int status, lua_KContext item);

static int worker_next(lua_State *L) {
  for (;;) {
    leave_places(net_of(L)->current);
    lua_settop(L, 1);
    lua_rawgeti(L, 1, SHARED_NEXT);
    const lua_Integer i = lua_tointeger(L, -1);
    lua_rawgeti(L, 1, SHARED_SIZE);
    if (i > lua_tointeger(L, -1)) return 0;
    lua_pushinteger(L, i + 1);
    lua_rawseti(L, 1, SHARED_NEXT);
    lua_settop(L, 1);
    lua_rawgeti(L, 1, SHARED_F);
    lua_rawgeti(L, 1, SHARED_LIST);
    lua_rawgeti(L, -1, i);
    lua_remove(L, -2);
    const int status = lua_pcallk(L, 1, 1, 0, (lua_KContext)i, worker_step);
    lua_rawgeti(L, 1, status == LUA_OK ? SHARED_RESULTS : SHARED_ERRORS);
    lua_insert(L, -2);
    lua_rawseti(L, -2, i);
  }
}

static int worker_step(lua_State *L, int status, lua_KContext item) {
  lua_rawgeti(L, 1, status == LUA_YIELD || status == LUA_OK ? SHARED_RESULTS : SHARED_ERRORS);
  lua_insert(L, -2);
  lua_rawseti(L, -2, (lua_Integer)item);
  return worker_next(L);
}

/* Waits for worker after worker; `ctx` is the number of the one waited for. Stack: 1 shared, 2 the workers. */
static int map_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  for (lua_Integer i = (lua_Integer)ctx;; i++) {
    lua_settop(L, 2);
    if (lua_rawgeti(L, 2, i) == LUA_TNIL) break;
    struct ehlo_task *worker = check_task(L, -1);
    if (!worker->ended) return net_await(L, &worker->op, map_finish, (lua_KContext)i);
  }
  lua_rawgeti(L, 1, SHARED_RESULTS);
  lua_rawgeti(L, 1, SHARED_ERRORS);
  if (lua_next(L, (lua_pushnil(L), -2)) == 0) {
    lua_pop(L, 1);
    lua_pushnil(L);
    return 2;
  }
  lua_pop(L, 2);
  return 2;
}

static lua_Integer concurrency_of(lua_State *L, int index) {
  static const char *const known[] = {"concurrency", NULL};
  if (lua_isnoneornil(L, index)) return 16;
  luaL_checktype(L, index, LUA_TTABLE);
  ehlo_check_options(L, index, known);
  lua_getfield(L, index, "concurrency");
  const lua_Integer n = luaL_optinteger(L, -1, 16);
  luaL_argcheck(L, n >= 1 && n <= 100000, index, "concurrency from 1 to 100000");
  lua_pop(L, 1);
  return n;
}

static int map(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  const lua_Integer size = (lua_Integer)lua_rawlen(L, 1);
  lua_Integer workers = concurrency_of(L, 3);
  if (workers > size) workers = size;
  lua_settop(L, 2);
  lua_createtable(L, 6, 0);
  lua_insert(L, 1);
  lua_rawseti(L, 1, SHARED_F);
  lua_rawseti(L, 1, SHARED_LIST);
  lua_createtable(L, (int)size, 0);
  lua_rawseti(L, 1, SHARED_RESULTS);
  lua_newtable(L);
  lua_rawseti(L, 1, SHARED_ERRORS);
  lua_pushinteger(L, 1);
  lua_rawseti(L, 1, SHARED_NEXT);
  lua_pushinteger(L, size);
  lua_rawseti(L, 1, SHARED_SIZE);
  lua_createtable(L, (int)workers, 0);
  for (lua_Integer i = 1; i <= workers; i++) {
    lua_pushcfunction(L, worker_next);
    lua_pushvalue(L, 1);
    struct ehlo_task *task = task_new(L, 1);
    lua_rawseti(L, 2, i);
    task_resume(L, net_of(L), task, 1);
  }
  return map_finish(L, LUA_OK, 1);
}

int net_open_task(lua_State *L) {
  static const luaL_Reg functions[] = {{"spawn", spawn},     {"map", map},
                                       {"sleep", sleep_for}, {"deadline", deadline},
                                       {"cancel", cancel},   {"read_line", net_read_line},
                                       {NULL, NULL}};
  static const luaL_Reg methods[] = {
      {"wait", task_wait}, {"cancel", task_cancel_method}, {"status", task_status}, {NULL, NULL}};
  luaL_newmetatable(L, TASK);
  lua_pushcfunction(L, task_gc);
  lua_setfield(L, -2, "__gc");
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  net_register_input(L);
  luaL_newmetatable(L, "ehlo.sleep");
  lua_pushcfunction(L, sleep_gc);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 2);
  luaL_newlib(L, functions);
  return 1;
}
