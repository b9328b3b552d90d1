/* Owns: the module ehlo.layer_files: what the catalogue's layers need of the disk and of the program. Callers: scripts/lib/layers.lua
 * and document.lua, through require. */
#include <lauxlib.h>
#include <lua.h>

#include "ehlo/core/catalogue.h"
#include "ehlo/shell/layers.h"

/* builtin() -> the document of the built-in catalogue, as text. */
static int builtin(lua_State *L) {
  const struct ehlo_slice document = ehlo_catalogue_builtin_document();
  lua_pushlstring(L, document.ptr, document.len);
  return 1;
}

int ehlo_layers_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"builtin", builtin}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
