/* Owns: Ctrl-C. Callers: the program and the prompt, through ehlo/shell/interrupt.h. */
#include "ehlo/shell/interrupt.h"

#include <lua.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "ehlo/lua/context.h"
#include "ehlo/lua/coroutines.h"

enum { PATIENCE = 3 }; /* as often a person presses Ctrl-C before it ends the program, whatever runs */

/* A signal handler gets no argument: these are the only pointers of the program that lie outside any structure of a state's. */
static struct {
  struct ehlo_context *volatile context;
  lua_State *volatile outermost;
  bool heeds_sigterm;
} interruptible;

static void set_handler(int signal, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler};
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, NULL);
}

/* The outermost thread is armed too: it might resume one coroutine after the other. */
static void handle(int signal) {
  struct ehlo_context *context = interruptible.context;
  if (!context) return;
  if (signal == SIGTERM) context->terminated = 1;
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
  context->interrupted = context->terminated = 0;
  context->running = L;
  interruptible.outermost = L;
  interruptible.context = context;
  set_handler(SIGINT, handle);
}

void ehlo_interrupt_heed_sigterm(void) {
  interruptible.heeds_sigterm = true;
  set_handler(SIGTERM, handle);
}

void ehlo_interrupt_end(struct ehlo_context *context, lua_State *L) {
  interruptible.context = NULL;
  set_handler(SIGINT, SIG_DFL);
  if (interruptible.heeds_sigterm) set_handler(SIGTERM, SIG_DFL);
  interruptible.heeds_sigterm = false;
  lua_sethook(L, NULL, 0, 0);
  context->running = NULL;
  context->interrupted = context->terminated = 0;
}
