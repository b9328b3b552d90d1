/* Owns: one shell: a Lua state with all of ehlo in it. Callers: main, tests. Two may live in one process. */
#ifndef EHLO_SHELL_SHELL_H
#define EHLO_SHELL_SHELL_H

#include "ehlo/lua/context.h"

struct lua_State;

struct ehlo_shell {
  struct lua_State *L;
  struct ehlo_context context;
  char folder[4096];
};

/* 0, or EHLO_E_MEMORY. `folder` is where the modules lie; NULL: the program's own. */
int ehlo_shell_init(struct ehlo_shell *s, const char *folder);
void ehlo_shell_fini(struct ehlo_shell *s);
/* Runs the command line (argv[0] is the program); returns the exit status. */
int ehlo_shell_run(struct ehlo_shell *s, int argc, char **argv);

#endif
