/* Owns: the bundled Lua scripts, embedded in the program. Callers: the shell's loader. */
#ifndef EHLO_SHELL_SCRIPTS_H
#define EHLO_SHELL_SCRIPTS_H

#include <stddef.h>

struct ehlo_script {
  const char *name; /* "lib/render", "commands/code"; NULL after the last */
  const unsigned char *chunk;
  size_t size;
};
extern const struct ehlo_script ehlo_scripts[]; /* sorted within each folder */

const struct ehlo_script *ehlo_script_find(const char *name);

struct lua_State;
/* Adds a searcher, so that `require "ehlo.NAME"` finds lib/NAME, and the table `shell` with chunk(name) and names(folder). */
void ehlo_scripts_open(struct lua_State *L);

#endif
