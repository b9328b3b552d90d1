/* Owns: the module `mail` as Lua sees it: reading mails, logs and queue listings. Callers: the program opens it on first use through
 * luaopen_ehlo_mail. */
#include "inner.h"

__attribute__((visibility("default"))) int luaopen_ehlo_mail(lua_State *L);

int mail_push_failure(lua_State *L, int error, const struct ehlo_buf *why) {
  lua_pushnil(L);
  if (why->len > 0) {
    lua_pushlstring(L, why->data, why->len);
  } else {
    lua_pushstring(L, ehlo_error_text(error));
  }
  lua_createtable(L, 0, 2);
  lua_pushstring(L, ehlo_error_name(error));
  lua_setfield(L, -2, "class");
  lua_pushvalue(L, -2);
  lua_setfield(L, -2, "message");
  return 3;
}

int luaopen_ehlo_mail(lua_State *L) {
  static const luaL_Reg functions[] = {{"open", mail_open},
                                       {"kind", mail_kind},
                                       {"read", mail_read},
                                       {"explain", mail_explain},
                                       {"explain_file", mail_explain_file},
                                       {"list", mail_list},
                                       {"log", mail_log},
                                       {"replies", mail_replies},
                                       {"tally", mail_tally},
                                       {"fields", mail_fields},
                                       {"canonical_field", mail_canonical_field},
                                       {"canonical_body", mail_canonical_body},
                                       {NULL, NULL}};
  lua_createtable(L, 0, 1);
  luaL_newlib(L, functions);
  lua_setfield(L, -2, "mail");
  return 1;
}
