/* Owns: the http module: get and allowed. Callers: scripts. */
#include "inner.h"

#include <stdio.h>
#include <string.h>

#include "ehlo/net/http.h"

#define FETCH "ehlo.fetch"
#define SIZE_MOST (256.0 * 1024 * 1024)

enum { HEADERS_MAX = 32, DRIVEN = -1 };

static int fetch_gc(lua_State *L) {
  ehlo_fetch_fini(luaL_checkudata(L, 1, FETCH));
  return 0;
}

/* --- what came --- */

static int push_failure(lua_State *L, const struct ehlo_fetch *f, const char *url) {
  struct ehlo_record record = {.failure = {.error = f->error, .phase = EHLO_PHASE_CONNECT}};
  struct ehlo_outcome outcome;
  ehlo_outcome_of(&record, &outcome);
  const char *class = f->error == EHLO_E_SYNTAX      ? "syntax"
                      : f->error == EHLO_E_LIMIT     ? "protocol-violation"
                      : f->error == EHLO_E_NOT_FOUND ? "unreachable"
                                                     : outcome.word;
  /* What stands before an @ may be a password. */
  lua_pushfstring(L, "%s: %s", f->error == EHLO_E_SYNTAX && strchr(url, '@') ? "the URL" : url, f->why);
  net_push_error(L, f->error, class, lua_tostring(L, -1));
  return 3;
}

static struct ehlo_slice line_of(struct ehlo_slice *rest) {
  const char *stop = memchr(rest->ptr, '\n', rest->len);
  const struct ehlo_slice line = ehlo_slice_of(rest->ptr, stop ? (size_t)(stop - rest->ptr) : rest->len);
  const size_t taken = line.len + (stop ? 1 : 0);
  *rest = ehlo_slice_of(rest->ptr + taken, rest->len - taken);
  return line;
}

/* Fields by their names in small letters; what came several times is joined with a comma. */
static void push_headers(lua_State *L, const struct ehlo_buf *head) {
  lua_newtable(L);
  for (struct ehlo_slice rest = ehlo_buf_slice(head); rest.len > 0;) {
    const struct ehlo_slice line = line_of(&rest);
    const char *colon = memchr(line.ptr, ':', line.len);
    if (!colon || (line.len > 5 && memcmp(line.ptr, "HTTP/", 5) == 0)) continue;
    const size_t n = (size_t)(colon - line.ptr);
    const struct ehlo_slice value = ehlo_slice_trim(ehlo_slice_of(colon + 1, line.len - n - 1));
    luaL_Buffer name;
    luaL_buffinit(L, &name);
    for (size_t i = 0; i < n; i++)
      luaL_addchar(&name, (char)ehlo_to_lower((unsigned char)line.ptr[i]));
    luaL_pushresult(&name);
    lua_pushvalue(L, -1);
    const bool again = lua_rawget(L, -3) == LUA_TSTRING;
    if (again) lua_pushliteral(L, ", ");
    lua_pushlstring(L, value.ptr, value.len);
    if (again) lua_concat(L, 3);
    if (!again) lua_remove(L, -2);
    lua_rawset(L, -3);
  }
}

static void push_body(lua_State *L, struct ehlo_fetch *f) {
  lua_pushlstring(L, f->body.data ? f->body.data : "", f->body.len);
  lua_setfield(L, -2, "body");
  push_headers(L, &f->head);
  lua_setfield(L, -2, "headers");
}

static int push_result(lua_State *L, struct ehlo_fetch *f) {
  const int error = f->op.error ? f->op.error : f->error;
  if (error) {
    push_failure(L, f, lua_tostring(L, 1));
    push_body(L, f); /* to go on from there later */
    return 3;
  }
  lua_createtable(L, 0, 5);
  lua_pushinteger(L, f->status);
  lua_setfield(L, -2, "status");
  lua_pushstring(L, f->url);
  lua_setfield(L, -2, "url");
  lua_pushnumber(L, f->seconds);
  lua_setfield(L, -2, "seconds");
  push_body(L, f);
  return 1;
}

/* --- waiting, with a word about progress now and then --- */

static int wait_on(lua_State *L, lua_KContext place);

static int woken(lua_State *L, int status, lua_KContext place) {
  return status == LUA_YIELD ? wait_on(L, place) : DRIVEN;
}

static void report(lua_State *L, const struct ehlo_fetch *f) {
  if (lua_getfield(L, 2, "on_progress") != LUA_TFUNCTION) {
    lua_pop(L, 1);
    return;
  }
  lua_pushinteger(L, (lua_Integer)f->received);
  if (f->total > 0)
    lua_pushinteger(L, (lua_Integer)f->total);
  else
    lua_pushnil(L);
  lua_call(L, 2, 0);
}

/* In a task the await does not return but comes back through `woken`; outside any it has driven the loop. */
static int wait_on(lua_State *L, lua_KContext place) {
  struct ehlo_fetch *f = luaL_checkudata(L, (int)place, FETCH);
  for (;;) {
    if (f->op.state != EHLO_OP_STARTED) {
      if (f->over) return push_result(L, f);
      report(L, f);
      if (ehlo_fetch_continue(f) != 0) return luaL_error(L, "out of memory");
    }
    const int results = net_await(L, &f->op, woken, place);
    if (results != DRIVEN) return results;
  }
}

/* --- options --- */

/* Appends "Name: value" to the list at `list`; CR, LF and NUL would make two of one. */
static void add_header(lua_State *L, int list, const char *name, const char *value, size_t len) {
  if (memchr(value, '\r', len) || memchr(value, '\n', len) || memchr(value, '\0', len))
    luaL_error(L, "the header field %s holds a line break or NUL", name);
  lua_pushfstring(L, "%s: %s", name, value);
  lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
}

static void add_option_header(lua_State *L, int list, const char *option, const char *name) {
  size_t len;
  if (lua_getfield(L, 2, option) != LUA_TNIL) {
    const char *value = lua_tolstring(L, -1, &len);
    if (!value) luaL_error(L, "option '%s' must be a string", option);
    add_header(L, list, name, value, len);
  }
  lua_pop(L, 1);
}

static void add_own_headers(lua_State *L, int list) {
  const int type = lua_getfield(L, 2, "headers");
  if (type != LUA_TNIL && type != LUA_TTABLE) luaL_error(L, "option 'headers' must be a table {name = value}");
  if (type == LUA_TTABLE) {
    lua_pushnil(L);
    while (lua_next(L, -2)) {
      size_t len;
      if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
        luaL_error(L, "option 'headers' must be a table {name = value} of strings");
      const char *name = lua_tostring(L, -2), *value = lua_tolstring(L, -1, &len);
      if (name[0] == '\0' || strpbrk(name, "\r\n\t :;"))
        luaL_error(L, "option 'headers': \"%s\" is no name of a field", name);
      add_header(L, list, name, value, len);
      lua_pop(L, 1);
    }
  }
  lua_pop(L, 1);
}

/* The lines as C wants them, in a userdata; the strings stay on the list. [-0, +2, m] */
static const char *const *push_lines(lua_State *L, bool resumes) {
  lua_newtable(L);
  const int list = lua_gettop(L);
  add_own_headers(L, list);
  add_option_header(L, list, "etag", resumes ? "If-Range" : "If-None-Match");
  if (!resumes) add_option_header(L, list, "last_modified", "If-Modified-Since");
  const size_t n = lua_rawlen(L, list);
  if (n > HEADERS_MAX) luaL_error(L, "option 'headers': at most %d fields", HEADERS_MAX);
  const char **lines = lua_newuserdatauv(L, (n + 1) * sizeof *lines, 0);
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, list, (lua_Integer)i + 1);
    lines[i] = lua_tostring(L, -1);
    lua_pop(L, 1);
  }
  lines[n] = NULL;
  return lines;
}

static double number(lua_State *L, const char *key, double usual, double least, double most) {
  lua_getfield(L, 2, key);
  if (!lua_isnoneornil(L, -1) && !lua_isnumber(L, -1)) luaL_error(L, "option '%s' must be a number", key);
  const double value = lua_isnil(L, -1) ? usual : lua_tonumber(L, -1);
  if (!(value >= least && value <= most)) luaL_error(L, "option '%s' must lie between %f and %f", key, least, most);
  lua_pop(L, 1);
  return value;
}

static void read_options(lua_State *L, struct ehlo_http_request *out) {
  static const char *const known[] = {"headers", "timeout",     "max_size",    "etag",      "last_modified",
                                      "ca_file", "resume_from", "on_progress", "redirects", NULL};
  if (lua_isnoneornil(L, 2)) {
    lua_settop(L, 1);
    lua_newtable(L);
  }
  ehlo_check_options(L, 2, known);
  out->timeout = number(L, "timeout", 60, 0.001, 86400);
  out->max_size = (size_t)number(L, "max_size", 16.0 * 1024 * 1024, 1, SIZE_MOST);
  out->resume_from = (uint64_t)number(L, "resume_from", 0, 0, SIZE_MOST);
  const int type = lua_getfield(L, 2, "ca_file");
  if (type != LUA_TNIL && type != LUA_TSTRING) luaL_error(L, "option 'ca_file' must be a string");
  out->ca_file = lua_tostring(L, -1); /* stays valid: the table holds it */
  const int progress = lua_getfield(L, 2, "on_progress");
  if (progress != LUA_TNIL && progress != LUA_TFUNCTION) luaL_error(L, "option 'on_progress' must be a function");
  out->ticks = progress == LUA_TFUNCTION;
  const int redirects = lua_getfield(L, 2, "redirects");
  if (redirects != LUA_TNIL && redirects != LUA_TBOOLEAN) luaL_error(L, "option 'redirects' must be true or false");
  out->stays = redirects == LUA_TBOOLEAN && !lua_toboolean(L, -1);
  lua_pop(L, 3);
}

static struct ehlo_http *open_http(lua_State *L) {
  struct ehlo_net *net = net_of(L);
  char why[512];
  if (!net->http) {
    net->http = ehlo_http_open(net->loop, net->context->folder ? net->context->folder : ".", why, sizeof why);
    if (!net->http) luaL_error(L, "%s", why);
  }
  return net->http;
}

/* allowed(url) */
static int allowed(lua_State *L) {
  const char *url = luaL_checkstring(L, 1), *refusal = ehlo_http_refuses(open_http(L), url);
  if (refusal) return net_push_error(L, EHLO_E_SYNTAX, "syntax", refusal);
  lua_pushboolean(L, 1);
  return 1;
}

/* get(url, options) */
static int get(lua_State *L) {
  struct ehlo_http_request request = {.url = luaL_checkstring(L, 1)};
  luaL_argcheck(L, strlen(request.url) == lua_rawlen(L, 1), 1, "a URL holds no NUL");
  lua_settop(L, 2);
  read_options(L, &request);
  request.headers = push_lines(L, request.resume_from > 0);
  struct ehlo_http *http = open_http(L);
  struct ehlo_resolver *resolver = ehlo_smtp_env_resolver(&net_of(L)->env);
  if (!resolver) return luaL_error(L, "out of memory");
  struct ehlo_fetch *f = lua_newuserdatauv(L, sizeof *f, 0);
  const int place = lua_gettop(L);
  ehlo_fetch_init(f, http, resolver);
  luaL_setmetatable(L, FETCH);
  if (ehlo_fetch_start(f, &request) != 0) return luaL_error(L, "out of memory");
  return wait_on(L, place);
}

int net_open_http(lua_State *L) {
  static const luaL_Reg functions[] = {{"get", get}, {"allowed", allowed}, {NULL, NULL}};
  luaL_newmetatable(L, FETCH);
  lua_pushcfunction(L, fetch_gc);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  return 1;
}
