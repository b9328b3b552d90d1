/* Owns: sources of bytes as Lua sees them: a file, compressed or not, a pipe, standard input. Callers: scripts, through mail.open. */
#include <string.h>

#include "ehlo/core/content.h"
#include "ehlo/core/escape.h"
#include "inner.h"

#define SOURCE "ehlo.source"

enum { READ_MAX = 1 << 24, READ = 1 << 16, WAIT_MAX = 3600 };

static struct ehlo_source **check(lua_State *L, int index) {
  return luaL_checkudata(L, index, SOURCE);
}

struct ehlo_source *mail_check_source(lua_State *L, int index) {
  struct ehlo_source **s = check(L, index);
  if (!*s) luaL_argerror(L, index, "the source is closed");
  return *s;
}

static int source_gc(lua_State *L) {
  struct ehlo_source **s = check(L, 1);
  ehlo_source_close(*s);
  *s = NULL;
  return 0;
}

/* source:read([n]): at most so many bytes, or nil at the end; "" where nothing is there now. */
static int source_read(lua_State *L) {
  struct ehlo_source *s = mail_check_source(L, 1);
  const lua_Integer size = luaL_optinteger(L, 2, READ);
  luaL_argcheck(L, size >= 1 && size <= READ_MAX, 2, "1 to 16777216 bytes");
  struct ehlo_buf *why = ehlo_scratch_push(L, MAIL_WHY);
  luaL_Buffer b;
  char *place = luaL_buffinitsize(L, &b, (size_t)size);
  const long n = ehlo_source_read(s, place, (size_t)size, why);
  if (n < 0 && n != EHLO_E_AGAIN) return mail_push_failure(L, (int)n, why);
  if (n == 0) {
    lua_pushnil(L);
    return 1;
  }
  luaL_pushresultsize(&b, n > 0 ? (size_t)n : 0);
  return 1;
}

/* source:wait(seconds): until there may be more. */
static int source_wait(lua_State *L) {
  struct ehlo_source *s = mail_check_source(L, 1);
  const lua_Number seconds = luaL_optnumber(L, 2, 1);
  luaL_argcheck(L, seconds >= 0 && seconds <= WAIT_MAX, 2, "0 to 3600 seconds");
  ehlo_source_wait(s, (int)(seconds * 1000));
  return 0;
}

static const luaL_Reg methods[] = {{"read", source_read}, {"wait", source_wait}, {"close", source_gc}, {NULL, NULL}};

static int push_fact(lua_State *L, const struct ehlo_source *s, const char *key) {
  const struct ehlo_source_facts facts = ehlo_source_facts(s);
  if (strcmp(key, "size") == 0) {
    lua_pushinteger(L, facts.size);
  } else if (strcmp(key, "position") == 0) {
    lua_pushinteger(L, facts.position);
  } else if (strcmp(key, "changed") == 0) {
    lua_pushinteger(L, facts.changed);
  } else if (strcmp(key, "regular") == 0) {
    lua_pushboolean(L, facts.regular);
  } else if (strcmp(key, "journal") == 0) {
    lua_pushboolean(L, facts.journal);
  } else if (strcmp(key, "compression") == 0 && facts.compression) {
    lua_pushstring(L, facts.compression);
  } else {
    return 0;
  }
  return 1;
}

/* Fields: path, kind, size, position, changed, regular, journal, compression; then the methods (upvalue 1). */
static int source_index(lua_State *L) {
  struct ehlo_source **s = check(L, 1);
  const char *key = lua_tostring(L, 2);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL || !key) return 1;
  if (strcmp(key, "path") == 0 || strcmp(key, "kind") == 0)
    return lua_getiuservalue(L, 1, key[0] == 'p' ? 1 : 2) != LUA_TNONE;
  return *s ? push_fact(L, *s, key) : 0;
}

static void set_type(lua_State *L) {
  if (luaL_newmetatable(L, SOURCE)) {
    luaL_newlib(L, methods);
    lua_pushcclosure(L, source_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, source_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, source_gc);
    lua_setfield(L, -2, "__close");
    lua_pushliteral(L, SOURCE);
    lua_setfield(L, -2, "__metatable");
  }
  lua_setmetatable(L, -2);
}

static const char *kind_of(const struct ehlo_source *s, struct ehlo_slice first) {
  const struct ehlo_source_facts facts = ehlo_source_facts(s);
  if (facts.journal) return "log"; /* also where it has no mail yet */
  return facts.folder ? "folder" : ehlo_content_name(ehlo_content_detect(first));
}

struct wish {
  const char *path; /* NULL: the journal */
  bool follow;
  int64_t since;
};

static struct wish read_wish(lua_State *L) {
  static const char *const of_path[] = {"follow", "since", NULL};
  static const char *const of_journal[] = {"journal", "follow", "since", NULL};
  struct wish wish = {NULL, false, 0};
  const int options = lua_istable(L, 1) ? 1 : 2;
  if (options == 2) wish.path = luaL_checkstring(L, 1);
  if (lua_isnoneornil(L, options)) return wish;
  ehlo_check_options(L, options, wish.path ? of_path : of_journal);
  if (!wish.path)
    luaL_argcheck(L, lua_getfield(L, 1, "journal") == LUA_TBOOLEAN && lua_toboolean(L, -1), 1,
                  "a path, or {journal = true}");
  lua_getfield(L, options, "follow");
  wish.follow = lua_toboolean(L, -1);
  if (lua_getfield(L, options, "since") != LUA_TNIL) {
    const lua_Number since = luaL_checknumber(L, -1);
    luaL_argcheck(L, since >= 0 && since < 1e11, options, "'since' is seconds since 1970");
    wish.since = (int64_t)since;
  }
  return wish;
}

/* mail.open(path, {follow=, since=}), mail.open{journal=true, follow=, since=} */
int mail_open(lua_State *L) {
  const struct wish wish = read_wish(L);
  struct ehlo_buf *why = ehlo_scratch_push(L, MAIL_WHY);
  struct ehlo_source **s = lua_newuserdatauv(L, sizeof(struct ehlo_source *), 2);
  const int place = lua_gettop(L);
  *s = NULL;
  set_type(L);
  lua_pushstring(L, wish.path ? wish.path : "journal");
  lua_setiuservalue(L, place, 1);
  struct ehlo_slice first;
  int error = ehlo_source_open(wish.path, wish.follow, s, why);
  if (!error) ehlo_source_since(*s, wish.since);
  if (!error) error = ehlo_source_peek(*s, &first, why);
  if (error == EHLO_E_AGAIN) {
    lua_pushliteral(L, "interrupted");
    return lua_error(L);
  }
  if (error) return mail_push_failure(L, error, why);
  lua_pushstring(L, kind_of(*s, first));
  lua_setiuservalue(L, place, 2);
  return 1;
}

/* mail.kind(bytes): what they are. */
int mail_kind(lua_State *L) {
  lua_pushstring(L, ehlo_content_name(ehlo_content_detect(ehlo_check_slice(L, 1))));
  return 1;
}
