/* Owns: what stands behind a command's path or verb, as scripts write it: ESMTP parameters and XCLIENT attributes. Callers: the bindings
 * of session and probe. */
#include "inner.h"

/* Words in the order of `known`: KEY=value, or with `flags` KEY alone where the value is true. `write` adds a value. */
static const char *push_words(lua_State *L, int index, const char *const *known, bool flags,
                              void (*write)(luaL_Buffer *out, const char *text, size_t len)) {
  index = lua_absindex(L, index);
  if (lua_type(L, index) == LUA_TSTRING) {
    lua_pushvalue(L, index);
    return lua_tostring(L, -1);
  }
  luaL_checktype(L, index, LUA_TTABLE);
  ehlo_check_options(L, index, known);
  lua_newtable(L); /* keeps the values while the buffer grows */
  const int values = lua_gettop(L);
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  for (int i = 0; known[i]; i++) {
    size_t len = 0;
    const int type = lua_getfield(L, index, known[i]);
    const bool plain = type == LUA_TBOOLEAN && lua_toboolean(L, -1), given = type == LUA_TSTRING || type == LUA_TNUMBER;
    if (type != LUA_TNIL && !given && !(flags && type == LUA_TBOOLEAN))
      luaL_error(L, "'%s' must be a string%s, not a %s", known[i], flags ? " or true" : "", lua_typename(L, type));
    const char *text = given ? lua_tolstring(L, -1, &len) : "";
    lua_rawseti(L, values, i + 1);
    if (!plain && !given) continue;
    if (luaL_bufflen(&out) > 0) luaL_addchar(&out, ' ');
    luaL_addstring(&out, known[i]);
    if (!given) continue;
    luaL_addchar(&out, '=');
    write(&out, text, len);
  }
  luaL_pushresult(&out);
  lua_remove(L, values);
  return lua_tostring(L, -1);
}

static void as_it_stands(luaL_Buffer *out, const char *text, size_t len) {
  luaL_addlstring(out, text, len);
}

/* xtext (RFC 3461 4), so that nothing in a value can end the command. */
static void as_xtext(luaL_Buffer *out, const char *text, size_t len) {
  static const char digits[] = "0123456789ABCDEF";
  for (size_t i = 0; i < len; i++) {
    const unsigned char c = (unsigned char)text[i];
    if (c > 32 && c < 127 && c != '+' && c != '=') {
      luaL_addchar(out, (char)c);
      continue;
    }
    luaL_addchar(out, '+');
    luaL_addchar(out, digits[c >> 4]);
    luaL_addchar(out, digits[c & 15]);
  }
}

const char *net_push_parameters(lua_State *L, int index) {
  static const char *const known[] = {"SIZE",       "BODY",        "SMTPUTF8", "RET",   "ENVID",
                                      "REQUIRETLS", "MT-PRIORITY", "NOTIFY",   "ORCPT", NULL};
  return push_words(L, index, known, true, as_it_stands);
}

const char *net_push_xclient(lua_State *L, int index) {
  static const char *const known[] = {"NAME", "REVERSE_NAME", "ADDR",     "PORT",     "PROTO",
                                      "HELO", "LOGIN",        "DESTADDR", "DESTPORT", NULL};
  return push_words(L, index, known, false, as_xtext);
}
