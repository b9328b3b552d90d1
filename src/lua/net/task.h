/* Owns: what a task is. Callers: the scheduler and the task binding. */
#ifndef EHLO_LUA_NET_TASK_H
#define EHLO_LUA_NET_TASK_H

#include "session.h"

/* A userdata; its user value is the coroutine. Anchored on the registry while it runs. */
struct ehlo_task {
  struct ehlo_op op; /* done when the task has ended */
  lua_State *co;
  struct ehlo_op *waits_for;
  struct lua_session *sessions;    /* opened by it: closed when it is cancelled */
  struct ehlo_task *parent;        /* that began it: cancelled with it. NULL outside any */
  struct ehlo_task *next, **place; /* in the list of those that have not ended */
  bool ended, failed, cancelled;
  int results; /* on co's stack */
};

void task_resume(lua_State *L, struct ehlo_net *net, struct ehlo_task *task, int arguments);
/* The end of its anchor. */
void task_release(lua_State *L, struct ehlo_task *task);
/* A task that will run the function with `arguments` arguments on top of the stack, not begun yet; leaves the userdata. [-(n+1), +1, m] */
struct ehlo_task *task_new(lua_State *L, int arguments);
/* Ends it and the tasks it began, and closes the sessions they opened. */
void task_cancel(lua_State *L, struct ehlo_task *task);
void task_cancel_all(lua_State *L, struct ehlo_net *net);

#endif
