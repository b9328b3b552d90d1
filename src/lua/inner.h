/* Owns: what the files of this folder share. Callers: bindings only. */
#ifndef EHLO_LUA_INNER_H
#define EHLO_LUA_INNER_H

#include <lauxlib.h>
#include <lua.h>

#include "ehlo/base/buf.h"

/* Pushes a buffer that the collector frees, so that an error between its first byte and its last leaks nothing. [-0, +1, m] */
/* Memory of that size, all zero, which `gc` ends also when Lua raises in between. [-0, +1, m] */
void *ehlo_work_push(lua_State *L, const char *type, size_t size, lua_CFunction gc);
struct ehlo_buf *ehlo_scratch_push(lua_State *L, size_t max);
/* Replaces the buffer on top by its bytes as a string; raises where the buffer is in error. [-1, +1, m] */
void ehlo_scratch_finish(lua_State *L, struct ehlo_buf *b);

/* Empty gives nil. [-0, +1, m] */
void ehlo_push_slice(lua_State *L, struct ehlo_slice s);
struct ehlo_slice ehlo_check_slice(lua_State *L, int index);
/* Sets the field of the table on top; an empty slice sets nothing. [-0, +0, m] */
void ehlo_set_slice(lua_State *L, const char *key, struct ehlo_slice s);

/* nil, message, {class=, message=}: what the world did. The message is on top. [-1, +3, m] */
int ehlo_push_failure(lua_State *L, const char *class);

/* For __tostring: the plain text of the object at index 1, by the renderer that the shell put on the registry; where there is
 * none, the string on top. Leaves one string on top and returns 1. */
int ehlo_push_text(lua_State *L);
#define EHLO_TEXT "ehlo.show" /* where the renderer hangs on the registry */

/* Makes or finds the metatable `name` with the functions, and protects it. [-0, +1, m] */
void ehlo_push_metatable(lua_State *L, const char *name, const luaL_Reg *functions);

/* An entry at `index`; NULL where it is something else. */
struct ehlo_card;
const struct ehlo_card *ehlo_entry_card(lua_State *L, int index);
struct ehlo_entry;
void ehlo_push_phrase(lua_State *L, const struct ehlo_entry *entry);

/* Registry tables of entries by code: what the catalogue has stays, what was composed from digits may be collected. */
#define EHLO_ENTRIES "ehlo.entries"

/* Functions of the two modules that have files of their own. */
int ehlo_report_json(lua_State *L);
int ehlo_codes_compare(lua_State *L);
int ehlo_codes_explain(lua_State *L);

/* Reads the code in argument `index` (a string, an integer or an entry). False with the message pushed where it is malformed. */
struct ehlo_code;
int ehlo_check_code(lua_State *L, int index, struct ehlo_code *out);

#endif
