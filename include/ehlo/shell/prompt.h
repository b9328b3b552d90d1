/* Owns: opening line editing late, for the prompt's Lua side. Callers: the shell. */
#ifndef EHLO_SHELL_PROMPT_H
#define EHLO_SHELL_PROMPT_H

struct lua_State;
/* Adds package.preload["ehlo.line_editor"], which opens the module `ehlo-prompt.so` when it is required. */
void ehlo_prompt_open(struct lua_State *L);

#endif
