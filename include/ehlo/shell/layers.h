/* Owns: the disk's side of the catalogue's layers. Callers: the shell, which preloads it as the Lua module ehlo.layer_files. */
#ifndef EHLO_SHELL_LAYERS_H
#define EHLO_SHELL_LAYERS_H

struct lua_State;

int ehlo_layers_open(struct lua_State *L);

#endif
