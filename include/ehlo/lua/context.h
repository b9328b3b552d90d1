/* Owns: what the program and its private modules share through one Lua state. It hangs on the Lua registry, so that two
 * shells can live in one process. Callers: bindings and the shell. */
#ifndef EHLO_LUA_CONTEXT_H
#define EHLO_LUA_CONTEXT_H

#include <signal.h>

struct lua_State;
struct ehlo_catalogue;

enum ehlo_allow {
  EHLO_ALLOW_SAFE = 1,      /* connect, EHLO, STARTTLS, NOOP, HELP, QUIT */
  EHLO_ALLOW_RECIPIENT = 2, /* MAIL and RCPT, then RSET */
  EHLO_ALLOW_LOGIN = 4,     /* AUTH */
  EHLO_ALLOW_INTRUSIVE = 8, /* VRFY, EXPN, relay tests */
  EHLO_ALLOW_SEND = 16      /* DATA, BDAT */
};

struct ehlo_context {
  const struct ehlo_catalogue *catalogue;
  const char *folder;                 /* where the program and its modules lie */
  unsigned allow;                     /* enum ehlo_allow bits */
  volatile sig_atomic_t interrupted;  /* Ctrl-C came and the prompt has not had control since */
  volatile sig_atomic_t terminated;   /* it was SIGTERM, which counts as one where somebody heeds it */
  struct lua_State *volatile running; /* the coroutine that runs now: where a hook must be armed */
  void (*volatile wake)(void *arg);   /* makes a waiting loop return; NULL before there is one. Async-signal-safe */
  void *volatile wake_arg;
  void (*abandon)(void *arg); /* what the running task waits for is given up: nobody can wait for it. NULL likewise */
  void (*end_tasks)(void *arg, struct lua_State *L); /* after Ctrl-C: ends all tasks. NULL likewise; throws nothing */
  void *abandon_arg;                                 /* of both */
};

/* Puts `context` on the registry (once, by whoever makes the state); it must outlive the state. */
void ehlo_context_set(struct lua_State *L, struct ehlo_context *context); /* may throw */
/* NULL where there is none. */
struct ehlo_context *ehlo_context_of(struct lua_State *L);

#endif
