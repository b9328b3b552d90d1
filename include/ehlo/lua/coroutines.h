/* Owns: coroutine.resume and coroutine.wrap as ehlo needs them, and the hook of Ctrl-C. Callers: the shell; the network half. */
#ifndef EHLO_LUA_COROUTINES_H
#define EHLO_LUA_COROUTINES_H

#include <stdbool.h>

struct lua_State;
struct ehlo_context;

/* Makes `L` raise "interrupted" at every step for as long as the context is interrupted. Async-signal-safe. */
void ehlo_coroutines_arm(struct lua_State *L);
/* Raises "interrupted" once what runs is to end, and leaves its <close> variables a moment. */
int ehlo_coroutines_interrupt(struct lua_State *L);
/* Puts others in the place of resume and wrap: they say which thread runs, so that Ctrl-C finds it, and pass the sentinel
 * outward, so that a wait inside a script's own coroutine suspends the task around it. Needs a context. May throw. */
void ehlo_coroutines_replace(struct lua_State *L);
/* Ends a coroutine, to-be-closed variables included; its error object, where there is one, is left on top of `co`. */
void ehlo_coroutines_close(struct lua_State *L, struct lua_State *co);

/* What a thread yields that waits for an op: no yield of a script's own looks like it. */
void ehlo_coroutines_push_sentinel(struct lua_State *L, const struct ehlo_context *context);
bool ehlo_coroutines_is_sentinel(struct lua_State *L, int index, const struct ehlo_context *context);

#endif
