/* Owns: mails as signatures see them: mail.fields, mail.canonical_field, mail.canonical_body. Callers: scripts. */
#include "ehlo/core/canonical.h"
#include "inner.h"

static enum ehlo_canonical check_form(lua_State *L, int index) {
  static const char *const forms[] = {"simple", "relaxed", NULL};
  return luaL_checkoption(L, index, NULL, forms) == 0 ? EHLO_CANONICAL_SIMPLE : EHLO_CANONICAL_RELAXED;
}

static void push_field(lua_State *L, const struct ehlo_mail_field *field) {
  lua_createtable(L, 0, 3);
  lua_pushlstring(L, field->name.ptr, field->name.len);
  lua_setfield(L, -2, "name");
  lua_pushlstring(L, field->value.ptr, field->value.len);
  lua_setfield(L, -2, "value");
  lua_pushlstring(L, field->raw.ptr, field->raw.len);
  lua_setfield(L, -2, "raw");
}

/* mail.fields(bytes): the list of fields, and the body. */
int mail_fields(lua_State *L) {
  const struct ehlo_slice bytes = ehlo_check_slice(L, 1);
  struct ehlo_mail_field field;
  struct ehlo_buf *lines = ehlo_scratch_push(L, SIZE_MAX / 4);
  if (ehlo_canonical_lines(bytes, lines) != 0) return luaL_error(L, "out of memory");
  struct ehlo_slice rest = ehlo_buf_slice(lines);
  lua_newtable(L);
  for (lua_Integer n = 1; ehlo_mail_field_next(&rest, &field); n++) {
    if (n > EHLO_MAIL_FIELDS_MAX) {
      lua_pushfstring(L, "its header has more than %d fields", EHLO_MAIL_FIELDS_MAX);
      return ehlo_push_failure(L, "syntax");
    }
    push_field(L, &field);
    lua_rawseti(L, -2, n);
  }
  lua_pushlstring(L, rest.ptr, rest.len);
  ehlo_buf_fini(lines);
  return 2;
}

/* mail.canonical_field(raw, form) */
int mail_canonical_field(lua_State *L) {
  const struct ehlo_slice raw = ehlo_check_slice(L, 1);
  const enum ehlo_canonical form = check_form(L, 2);
  struct ehlo_buf *out = ehlo_scratch_push(L, SIZE_MAX / 4);
  (void)ehlo_canonical_field(raw, form, out);
  ehlo_scratch_finish(L, out);
  return 1;
}

/* mail.canonical_body(body, form [, length]) */
int mail_canonical_body(lua_State *L) {
  const struct ehlo_slice body = ehlo_check_slice(L, 1);
  const enum ehlo_canonical form = check_form(L, 2);
  const lua_Integer length = luaL_optinteger(L, 3, LUA_MAXINTEGER);
  luaL_argcheck(L, length >= 0, 3, "a number of bytes, 0 or more");
  struct ehlo_buf *out = ehlo_scratch_push(L, SIZE_MAX / 4);
  (void)ehlo_canonical_body(body, form, (uint64_t)length, out);
  ehlo_scratch_finish(L, out);
  return 1;
}
