/* Owns: credentials as a script gives them, and session:auth. Callers: scripts; the smtp binding for probes. */
#include <string.h>

#include "ehlo/smtp/auth.h"
#include "session.h"

/* The field, left on the stack; NULL where there is none. */
static const char *field(lua_State *L, int index, const char *key, size_t *len) {
  const int type = lua_getfield(L, index, key);
  if (type == LUA_TFUNCTION && strcmp(key, "secret") == 0) lua_call(L, 0, 1);
  if (lua_isnil(L, -1) && type == LUA_TNIL) return NULL;
  if (lua_type(L, -1) != LUA_TSTRING) luaL_error(L, "'%s' must be a string, not a %s", key, luaL_typename(L, -1));
  const char *text = lua_tolstring(L, -1, len);
  if (strlen(text) != *len) luaL_error(L, "'%s' holds a NUL byte", key);
  return text;
}

void net_read_auth(lua_State *L, int index, struct ehlo_auth_options *out) {
  static const char *const known[] = {"mechanism", "user", "authzid", "secret", "insecure", NULL};
  size_t len = 0;
  bool is_known = false;
  memset(out, 0, sizeof *out);
  luaL_checktype(L, index, LUA_TTABLE);
  ehlo_check_options(L, index, known);
  session_permit(L, "AUTH", 4);
  luaL_checkstack(L, 8, "too many values");
  out->mechanism = field(L, index, "mechanism", &len);
  for (int i = 0; out->mechanism && ehlo_auth_mechanism(i); i++)
    is_known =
        is_known || ehlo_slice_equal_nocase(ehlo_slice_str(out->mechanism), ehlo_slice_str(ehlo_auth_mechanism(i)));
  if (out->mechanism && !is_known) luaL_error(L, "no such mechanism of AUTH is known: \"%s\"", out->mechanism);
  out->user = field(L, index, "user", &len);
  out->authzid = field(L, index, "authzid", &len);
  const char *secret = field(L, index, "secret", &len);
  if (secret) out->secret = ehlo_slice_of(secret, len);
  const int type = lua_getfield(L, index, "insecure");
  if (type != LUA_TNIL && type != LUA_TBOOLEAN)
    luaL_error(L, "'insecure' must be true or false, not a %s", lua_typename(L, type));
  out->insecure = lua_toboolean(L, -1);
}

int session_auth(lua_State *L) {
  struct ehlo_session *s = session_ready(L);
  struct ehlo_auth_options options;
  char why[300];
  lua_settop(L, 2);
  net_read_auth(L, 2, &options);
  const int error = ehlo_session_auth(s, &options, why, sizeof why);
  switch (error) {
  case 0:
  case EHLO_E_BUSY:
  case EHLO_E_CLOSED: return session_begun(L, s, error, session_finish);
  case EHLO_E_ARGUMENT: return luaL_error(L, "%s", why);
  default: return net_push_error(L, error, ehlo_error_name(error), why);
  }
}
