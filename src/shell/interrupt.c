/* Owns: Ctrl-C. Callers: the program and the prompt, through ehlo/shell/interrupt.h. */
#include "ehlo/shell/interrupt.h"

#include <lua.h>
#include <signal.h>
#include <stddef.h>

#include "ehlo/lua/context.h"
#include "ehlo/lua/coroutines.h"

enum { PATIENCE = 3 }; /* as often a person presses Ctrl-C before it ends the program, whatever runs */

/* A signal handler gets no argument: these are the only pointers of the program that lie outside any structure of a state's. */
static struct {
  struct ehlo_context *volatile context;
  lua_State *volatile outermost;
} interruptible;

/* The outermost thread is armed too: it might resume one coroutine after the other. */
static void handle(int signal) {
  struct ehlo_context *context = interruptible.context;
  if (!context) return;
  if (++context->interrupted >= PATIENCE) {
    sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL); /* a call into C that does not end */
    raise(signal);
    return;
  }
  ehlo_coroutines_arm(interruptible.outermost);
  lua_State *running = context->running;
  if (running && running != interruptible.outermost) ehlo_coroutines_arm(running);
  if (context->wake) context->wake(context->wake_arg);
}

void ehlo_interrupt_begin(struct ehlo_context *context, lua_State *L) {
  struct sigaction action = {.sa_handler = handle};
  sigemptyset(&action.sa_mask);
  context->interrupted = 0;
  context->running = L;
  interruptible.outermost = L;
  interruptible.context = context;
  sigaction(SIGINT, &action, NULL);
}

void ehlo_interrupt_end(struct ehlo_context *context, lua_State *L) {
  interruptible.context = NULL;
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  lua_sethook(L, NULL, 0, 0);
  context->running = NULL;
  context->interrupted = 0;
}
