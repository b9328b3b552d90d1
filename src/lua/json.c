/* Owns: the module ehlo.json: reading JSON into Lua tables through jansson, which is opened when the first text is read, so that
 * nothing else pays for it. Callers: scripts/lib, through require. What is read comes from outside: size, depth and the number of
 * values are bounded, and a key that stands twice in one object is refused. */
#include <dlfcn.h>
#include <string.h>

#include <jansson.h>
#include <lauxlib.h>
#include <lua.h>

#include "ehlo/base/buf.h"
#include "ehlo/core/escape.h"
#include "ehlo/lua/bindings.h"
#include "inner.h"

#define LIBRARY "libjansson.so.4"
#define ROOT "ehlo.json.root"
enum { BYTES_MAX = 64 << 20, MARKS_MAX = 1 << 20, DEPTH_MAX = 64, WHY_MAX = 1024 };

/* Lives in a userdata, the upvalue of read(). All NULL until the library is open. */
struct library {
  json_t *(*loadb)(const char *buffer, size_t len, size_t flags, json_error_t *error);
  void (*free)(json_t *value);
  void *(*first)(json_t *object);
  void *(*next)(json_t *object, void *at);
  const char *(*key)(void *at);
  json_t *(*value)(void *at);
  size_t (*size)(const json_t *array);
  json_t *(*item)(const json_t *array, size_t index);
  const char *(*text)(const json_t *string);
  size_t (*length)(const json_t *string);
  json_int_t (*integer)(const json_t *integer);
  double (*real)(const json_t *real);
};

struct root {
  const struct library *lib;
  json_t *value;
};

static void open_library(lua_State *L, struct library *lib) {
  static const struct {
    const char *name;
    size_t offset;
  } rows[] = {{"json_loadb", offsetof(struct library, loadb)},
              {"json_delete", offsetof(struct library, free)},
              {"json_object_iter", offsetof(struct library, first)},
              {"json_object_iter_next", offsetof(struct library, next)},
              {"json_object_iter_key", offsetof(struct library, key)},
              {"json_object_iter_value", offsetof(struct library, value)},
              {"json_array_size", offsetof(struct library, size)},
              {"json_array_get", offsetof(struct library, item)},
              {"json_string_value", offsetof(struct library, text)},
              {"json_string_length", offsetof(struct library, length)},
              {"json_integer_value", offsetof(struct library, integer)},
              {"json_real_value", offsetof(struct library, real)}};
  if (lib->loadb) return;
  struct library found = {0};
  /* Never closed: its code is in use as long as the process lives. */
  void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    void *symbol = handle ? dlsym(handle, rows[i].name) : NULL;
    if (!symbol)
      luaL_error(L, "reading JSON needs jansson (" LIBRARY "), which is not here: install the package libjansson4");
    memcpy((char *)&found + rows[i].offset, &symbol, sizeof symbol);
  }
  *lib = found;
}

static int root_gc(lua_State *L) {
  struct root *root = lua_touserdata(L, 1);
  /* json_decref is inlined into its caller, and the count of a root is one. */
  if (root->value) root->lib->free(root->value);
  root->value = NULL;
  return 0;
}

static struct root *push_root(lua_State *L, const struct library *lib) {
  struct root *root = lua_newuserdatauv(L, sizeof *root, 0);
  *root = (struct root){.lib = lib};
  if (luaL_newmetatable(L, ROOT)) {
    lua_pushcfunction(L, root_gc);
    lua_setfield(L, -2, "__gc");
  }
  lua_setmetatable(L, -2);
  return root;
}

/* What makes a value costs a byte of the text at least, and a hundred of memory: no text may have too many of them. */
static bool has_too_many_values(struct ehlo_slice s) {
  size_t marks = 0;
  for (size_t i = 0; i < s.len; i++)
    marks += s.ptr[i] == ',' || s.ptr[i] == '[' || s.ptr[i] == '{' || s.ptr[i] == ':';
  return marks > MARKS_MAX;
}

static bool push_value(lua_State *L, const struct library *lib, json_t *value, int depth);

static bool push_object(lua_State *L, const struct library *lib, json_t *object, int depth) {
  lua_newtable(L);
  for (void *at = lib->first(object); at; at = lib->next(object, at)) {
    lua_pushstring(L, lib->key(at));
    if (!push_value(L, lib, lib->value(at), depth + 1)) return false;
    lua_rawset(L, -3);
  }
  return true;
}

static bool push_array(lua_State *L, const struct library *lib, json_t *array, int depth) {
  const size_t n = lib->size(array);
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    if (!push_value(L, lib, lib->item(array, i), depth + 1)) return false;
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return true;
}

/* False where it is nested too deep; what is on the stack then is the caller's to drop. */
static bool push_value(lua_State *L, const struct library *lib, json_t *value, int depth) {
  if (depth > DEPTH_MAX) return false;
  luaL_checkstack(L, 4, "JSON");
  switch (json_typeof(value)) {
  case JSON_OBJECT: return push_object(L, lib, value, depth);
  case JSON_ARRAY: return push_array(L, lib, value, depth);
  case JSON_STRING: lua_pushlstring(L, lib->text(value), lib->length(value)); return true;
  case JSON_INTEGER: lua_pushinteger(L, lib->integer(value)); return true;
  case JSON_REAL: lua_pushnumber(L, lib->real(value)); return true;
  case JSON_TRUE:
  case JSON_FALSE: lua_pushboolean(L, json_typeof(value) == JSON_TRUE); return true;
  default: lua_pushlightuserdata(L, NULL); return true;
  }
}

static int refuse(lua_State *L, const char *why) {
  lua_pushnil(L);
  lua_pushstring(L, why);
  return 2;
}

/* jansson quotes what it stumbled over, which may be anything. */
static int refuse_text(lua_State *L, const json_error_t *error) {
  struct ehlo_buf *why = ehlo_scratch_push(L, WHY_MAX);
  (void)ehlo_buf_addf(why, "line %d, column %d: ", error->line, error->column);
  (void)ehlo_escape_terminal(ehlo_slice_str(error->text), why);
  ehlo_scratch_finish(L, why);
  lua_pushnil(L);
  lua_insert(L, -2);
  return 2;
}

/* read(bytes) -> value | nil, why. Objects and arrays are tables, null is the field `null` of this module. */
static int read(lua_State *L) {
  const struct ehlo_slice bytes = ehlo_check_slice(L, 1);
  struct library *lib = lua_touserdata(L, lua_upvalueindex(1));
  open_library(L, lib);
  if (bytes.len > BYTES_MAX) return refuse(L, "it is longer than 64 MiB");
  if (has_too_many_values(bytes)) return refuse(L, "it has more than a million values");
  lua_settop(L, 1);
  struct root *root = push_root(L, lib);
  json_error_t error;
  root->value = lib->loadb(bytes.ptr, bytes.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
  if (!root->value) return refuse_text(L, &error);
  const bool whole = push_value(L, lib, root->value, 1);
  lib->free(root->value);
  root->value = NULL;
  return whole ? 1 : refuse(L, "it is nested too deep");
}

int ehlo_open_json(lua_State *L) {
  static const luaL_Reg functions[] = {{"read", read}, {NULL, NULL}};
  luaL_newlibtable(L, functions);
  struct library *lib = lua_newuserdatauv(L, sizeof *lib, 0);
  memset(lib, 0, sizeof *lib);
  luaL_setfuncs(L, functions, 1);
  lua_pushlightuserdata(L, NULL);
  lua_setfield(L, -2, "null");
  return 1;
}
