/* Owns: Ctrl-C. Callers: the program and the prompt, through ehlo/shell/interrupt.h. */
#include "ehlo/shell/interrupt.h"

#include <lauxlib.h>
#include <lua.h>
#include <signal.h>
#include <stddef.h>

#include "ehlo/lua/context.h"

/* A signal handler gets no argument: this is the one pointer of the program that lies outside any structure. */
static struct ehlo_context *volatile interruptible;

static void raise_interrupted(lua_State *L, lua_Debug *ar) {
  (void)ar;
  luaL_error(L, "interrupted");
}

/* lua_sethook may be called from a signal handler (its manual says so); the hook stays until the prompt has control again. */
static void handle(int signal) {
  (void)signal;
  struct ehlo_context *context = interruptible;
  if (!context) return;
  context->interrupted = 1;
  lua_State *running = context->running;
  if (running) lua_sethook(running, raise_interrupted, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
  if (context->wake) context->wake(context->wake_arg);
}

void ehlo_interrupt_begin(struct ehlo_context *context, lua_State *L) {
  struct sigaction action = {.sa_handler = handle};
  sigemptyset(&action.sa_mask);
  context->interrupted = 0;
  context->running = L;
  interruptible = context;
  sigaction(SIGINT, &action, NULL);
}

void ehlo_interrupt_end(struct ehlo_context *context, lua_State *L) {
  interruptible = NULL;
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  lua_sethook(L, NULL, 0, 0);
  context->running = NULL;
  context->interrupted = 0;
}
