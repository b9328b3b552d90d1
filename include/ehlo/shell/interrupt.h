/* Owns: Ctrl-C. Callers: the program and the prompt. */
#ifndef EHLO_SHELL_INTERRUPT_H
#define EHLO_SHELL_INTERRUPT_H

struct lua_State;
struct ehlo_context;

/* From now on SIGINT interrupts what runs: `running` of the context gets a hook that raises "interrupted" and stays armed
 * until ehlo_interrupt_end, so that a pcall in a loop cannot swallow it; a waiting loop is woken. Without a begin, SIGINT ends the program. */
void ehlo_interrupt_begin(struct ehlo_context *context, struct lua_State *L);
void ehlo_interrupt_end(struct ehlo_context *context, struct lua_State *L);
/* Until the end SIGTERM does the same, for work that has something to say when it is ended. */
void ehlo_interrupt_heed_sigterm(void);

#endif
