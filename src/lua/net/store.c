/* Owns: the module ehlo.store: signatures and the landing of catalogues. Callers: scripts/lib/catalogue*.lua, through require.
 * What fails gives nil and the system's words. */
#include "inner.h"

#include <errno.h>
#include <string.h>

#include "ehlo/store/landing.h"
#include "ehlo/store/signature.h"

#define LANDING "ehlo.landing"

enum { FILES_MAX = 8 };

static struct ehlo_slice check_slice(lua_State *L, int index) {
  size_t len;
  const char *text = luaL_checklstring(L, index, &len);
  return ehlo_slice_of(text, len);
}

static int tell(lua_State *L, int error) {
  if (error) {
    lua_pushnil(L);
    lua_pushstring(L, strerror(error));
    return 2;
  }
  lua_pushboolean(L, 1);
  return 1;
}

/* --- signatures --- */

static int no_key(lua_State *L) {
  lua_pushnil(L);
  lua_pushliteral(L, "this is no public key of minisign's: 56 letters and digits that begin with RW");
  return 2;
}

/* key(text) -> {text, id} */
static int key(lua_State *L) {
  struct ehlo_public_key read;
  char text[EHLO_KEY_TEXT], id[EHLO_KEY_ID_TEXT];
  if (ehlo_public_key_read(check_slice(L, 1), &read) != 0 || ehlo_public_key_text(&read, text) != 0) return no_key(L);
  ehlo_key_id_text(read.id, id);
  lua_createtable(L, 0, 2);
  lua_pushstring(L, text);
  lua_setfield(L, -2, "text");
  lua_pushstring(L, id);
  lua_setfield(L, -2, "id");
  return 1;
}

static int refuse(lua_State *L, int error, const struct ehlo_signature *s) {
  char id[EHLO_KEY_ID_TEXT];
  ehlo_key_id_text(s->id, id);
  lua_pushnil(L);
  if (error == EHLO_E_NOT_FOUND)
    lua_pushfstring(L, "it is signed with the key %s, which is not trusted for it", id);
  else if (error == EHLO_E_TRUST)
    lua_pushfstring(L, "the signature does not match the document, which may be damaged or forged (key %s)", id);
  else if (error == EHLO_E_PROTOCOL)
    lua_pushfstring(L, "the signature's trusted comment is not what was signed: it may be forged (key %s)", id);
  else
    lua_pushliteral(L, "OpenSSL cannot verify Ed25519 signatures here");
  return 2;
}

/* verify(document, signature, keys) -> {key = id, comment} */
static int verify(lua_State *L) {
  const struct ehlo_slice document = check_slice(L, 1), text = check_slice(L, 2);
  struct ehlo_signature signature;
  struct ehlo_public_key known;
  char id[EHLO_KEY_ID_TEXT];
  luaL_checktype(L, 3, LUA_TTABLE);
  if (ehlo_signature_read(text, &signature) != 0) {
    lua_pushnil(L);
    lua_pushliteral(L, "its signature is no signature file of minisign's");
    return 2;
  }
  int error = EHLO_E_NOT_FOUND;
  const lua_Integer n = luaL_len(L, 3);
  for (lua_Integer i = 1; i <= n && error == EHLO_E_NOT_FOUND; i++) {
    lua_geti(L, 3, i);
    if (ehlo_public_key_read(check_slice(L, -1), &known) != 0) return no_key(L);
    error = ehlo_signature_verify(&signature, &known, document);
    lua_pop(L, 1);
  }
  if (error) return refuse(L, error, &signature);
  ehlo_key_id_text(signature.id, id);
  lua_createtable(L, 0, 2);
  lua_pushstring(L, id);
  lua_setfield(L, -2, "key");
  lua_pushlstring(L, signature.trusted.ptr, signature.trusted.len);
  lua_setfield(L, -2, "comment");
  return 1;
}

/* --- landing --- */

static struct ehlo_landing *check_landing(lua_State *L) {
  struct ehlo_landing *l = luaL_checkudata(L, 1, LANDING);
  if (l->lock < 0) luaL_error(L, "the lock is open no more");
  return l;
}

static int landing_close(lua_State *L) {
  ehlo_landing_close(luaL_checkudata(L, 1, LANDING));
  return 0;
}

/* lock(root) -> landing, or nil, message, busy */
static int lock(lua_State *L) {
  const char *root = luaL_checkstring(L, 1);
  struct ehlo_landing *l = lua_newuserdatauv(L, sizeof *l, 0);
  *l = (struct ehlo_landing){-1, -1};
  luaL_setmetatable(L, LANDING);
  const int error = ehlo_landing_open(l, root);
  if (!error) return 1;
  const int results = tell(L, error);
  lua_pushboolean(L, error == EWOULDBLOCK);
  return results + 1;
}

static uint64_t check_version(lua_State *L, int index) {
  const lua_Integer version = luaL_checkinteger(L, index);
  luaL_argcheck(L, version >= 1 && version < ((lua_Integer)1 << 53), index, "a version from 1 to below 2^53");
  return (uint64_t)version;
}

static int landing_clean(lua_State *L) {
  return tell(L, ehlo_landing_clean(check_landing(L), luaL_checkstring(L, 2)));
}

/* put(name, version, {file = bytes}) */
static int landing_put(lua_State *L) {
  struct ehlo_landing *l = check_landing(L);
  struct ehlo_landing_file files[FILES_MAX];
  size_t n = 0;
  luaL_checktype(L, 4, LUA_TTABLE);
  lua_settop(L, 4);
  lua_pushnil(L);
  while (lua_next(L, 4)) {
    if (n == FILES_MAX || lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
      return luaL_argerror(L, 4, "a table {name = bytes} of a few files");
    files[n].name = lua_tostring(L, -2);
    files[n++].bytes = check_slice(L, -1); /* the table holds both */
    lua_pop(L, 1);
  }
  return tell(L, ehlo_landing_put(l, luaL_checkstring(L, 2), check_version(L, 3), files, n));
}

static int landing_switch(lua_State *L) {
  return tell(L, ehlo_landing_switch(check_landing(L), luaL_checkstring(L, 2), check_version(L, 3)));
}

static int landing_remove(lua_State *L) {
  return tell(L, ehlo_landing_remove(check_landing(L), luaL_checkstring(L, 2)));
}

/* versions(root, name) -> list, current or nil; nil, message where it cannot be looked at */
static int versions(lua_State *L) {
  uint64_t list[EHLO_LANDING_VERSIONS], current;
  size_t n;
  const int error = ehlo_landing_versions(luaL_checkstring(L, 1), luaL_checkstring(L, 2), list, &n, &current);
  if (error) return tell(L, error);
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushinteger(L, (lua_Integer)list[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  if (current == 0) return 1;
  lua_pushinteger(L, (lua_Integer)current);
  return 2;
}

/* May throw out of the walk, which costs a directory handle where memory is out. */
static void add_name(void *arg, const char *name) {
  lua_State *L = arg;
  lua_pushstring(L, name);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

/* names(root) -> list, in no order */
static int names(lua_State *L) {
  const char *root = luaL_checkstring(L, 1);
  lua_newtable(L);
  const int error = ehlo_landing_names(root, add_name, L);
  return error ? tell(L, error) : 1;
}

/* write(path, bytes) */
static int write_file(lua_State *L) {
  return tell(L, ehlo_landing_write(luaL_checkstring(L, 1), check_slice(L, 2)));
}

int net_open_store(lua_State *L) {
  static const luaL_Reg functions[] = {{"key", key},           {"verify", verify},    {"lock", lock}, {"names", names},
                                       {"versions", versions}, {"write", write_file}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"clean", landing_clean},   {"put", landing_put},     {"switch", landing_switch},
                                     {"remove", landing_remove}, {"close", landing_close}, {NULL, NULL}};
  luaL_newmetatable(L, LANDING);
  lua_pushcfunction(L, landing_close);
  lua_setfield(L, -2, "__gc");
  lua_pushcfunction(L, landing_close);
  lua_setfield(L, -2, "__close");
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  return 1;
}
