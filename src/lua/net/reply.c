/* Owns: reply objects: code, enhanced, lines, text, class, seconds, anomalies, explain(). Callers: sessions and records. */
#include "../inner.h"
#include "inner.h"

#include <string.h>

#include "ehlo/core/record_json.h"

#define REPLY "ehlo.reply"

/* A userdata that carries the reply's own bytes, so that it outlives the session. */
struct lua_reply {
  double seconds;
  uint32_t anomalies;
  enum ehlo_phase phase;
  size_t len;
  char bytes[];
};

static struct lua_reply *check(lua_State *L) {
  return luaL_checkudata(L, 1, REPLY);
}

static void read_again(const struct lua_reply *r, struct ehlo_reply *out) {
  if (ehlo_reply_read(ehlo_slice_of(r->bytes, r->len), out) < 0) out->raw = ehlo_slice_of(r->bytes, r->len);
  out->anomalies |= r->anomalies;
}

void net_push_reply(lua_State *L, const struct ehlo_reply *reply, enum ehlo_phase phase, double seconds,
                    uint32_t anomalies) {
  struct lua_reply *r = lua_newuserdatauv(L, sizeof *r + reply->raw.len, 0);
  r->seconds = seconds;
  r->anomalies = anomalies;
  r->phase = phase;
  r->len = reply->raw.len;
  memcpy(r->bytes, reply->raw.ptr, reply->raw.len);
  luaL_setmetatable(L, REPLY);
}

void net_push_exchange_reply(lua_State *L, const struct ehlo_record *r, int exchange) {
  struct ehlo_reply reply;
  if (exchange < 0 || !ehlo_record_reply(r, exchange, &reply)) {
    lua_pushnil(L);
    return;
  }
  const struct ehlo_exchange *x = &r->exchanges[exchange];
  net_push_reply(L, &reply, x->phase, x->seconds, x->anomalies);
}

void net_push_anomalies(lua_State *L, uint32_t anomalies) {
  lua_newtable(L);
  for (lua_Integer n = 0, bit = 0; bit < 32; bit++) {
    const char *name = anomalies & (1u << bit) ? ehlo_anomaly_name(1u << bit) : NULL;
    if (!name) continue;
    lua_pushstring(L, name);
    lua_rawseti(L, -2, ++n);
  }
}

static void push_lines(lua_State *L, const struct ehlo_reply *reply) {
  struct ehlo_reply_line line;
  lua_Integer n = 0;
  lua_newtable(L);
  for (size_t at = 0; ehlo_reply_next_line(reply, &at, false, &line);) {
    lua_pushlstring(L, line.text.ptr, line.text.len);
    lua_rawseti(L, -2, ++n);
  }
}

static void push_text(lua_State *L, const struct ehlo_reply *reply) {
  struct ehlo_buf *text = ehlo_scratch_push(L, 1 << 20);
  (void)ehlo_reply_unfold(reply, text);
  ehlo_scratch_finish(L, text);
}

static int explain(lua_State *L) {
  const struct lua_reply *r = check(L);
  struct ehlo_reply reply;
  read_again(r, &reply);
  ehlo_push_reply_explanation(L, &reply, r->phase);
  return lua_isnil(L, -1) ? luaL_error(L, "no catalogue is loaded: require \"ehlo\" first") : 1;
}

static void push_enhanced(lua_State *L, const struct ehlo_reply *reply) {
  char text[EHLO_ENHANCED_TEXT];
  if (reply->enhanced.class == 0)
    lua_pushnil(L);
  else
    lua_pushstring(L, ehlo_enhanced_format(reply->enhanced, text));
}

/* In the order of push_field's cases. */
static const char *const names[] = {"code",      "enhanced", "lines", "text",    "class", "seconds",
                                    "anomalies", "phase",    "raw",   "explain", NULL};

static int number_of(const char *name) {
  int which = 0;
  while (names[which] && strcmp(names[which], name) != 0)
    which++;
  return which;
}

static void push_field(lua_State *L, const struct lua_reply *r, int which) {
  struct ehlo_reply reply;
  read_again(r, &reply);
  switch (which) {
  case 0: lua_pushinteger(L, reply.code); break;
  case 1: push_enhanced(L, &reply); break;
  case 2: push_lines(L, &reply); break;
  case 3: push_text(L, &reply); break;
  case 4: lua_pushstring(L, ehlo_reply_class(reply.code)); break;
  case 5: lua_pushnumber(L, r->seconds); break;
  case 6: net_push_anomalies(L, r->anomalies | reply.anomalies); break;
  case 7: lua_pushstring(L, ehlo_phase_name(r->phase)); break;
  case 8: lua_pushlstring(L, r->bytes, r->len); break;
  case 9: lua_pushcfunction(L, explain); break;
  default: lua_pushnil(L); break;
  }
}

static int reply_index(lua_State *L) {
  push_field(L, check(L), number_of(lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : ""));
  return 1;
}

static int next_field(lua_State *L) {
  const struct lua_reply *r = check(L);
  for (int i = lua_isnoneornil(L, 2) ? 0 : number_of(luaL_checkstring(L, 2)) + 1; names[i]; i++) {
    lua_pushstring(L, names[i]);
    push_field(L, r, i);
    if (!lua_isnil(L, -1)) return 2;
    lua_pop(L, 2);
  }
  lua_pushnil(L);
  return 1;
}

/* pairs: what is there, and the method among it. */
static int reply_pairs(lua_State *L) {
  (void)check(L);
  lua_pushcfunction(L, next_field);
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}

static int reply_tostring(lua_State *L) {
  const struct lua_reply *r = check(L);
  struct ehlo_buf *shown = ehlo_scratch_push(L, 1 << 20);
  for (size_t at = 0; at < r->len;) {
    const char *end = memchr(r->bytes + at, '\n', r->len - at);
    const size_t next = end ? (size_t)(end - r->bytes) + 1 : r->len;
    if (at > 0) (void)ehlo_buf_add_char(shown, '\n');
    (void)ehlo_escape_terminal(ehlo_slice_chomp(ehlo_slice_of(r->bytes + at, next - at)), shown);
    at = next;
  }
  ehlo_scratch_finish(L, shown);
  return 1;
}

static int reply_json(lua_State *L) {
  const struct lua_reply *r = check(L);
  struct ehlo_reply reply;
  read_again(r, &reply);
  struct ehlo_buf *out = ehlo_scratch_push(L, 16u << 20);
  (void)ehlo_reply_json(&reply, r->seconds, r->anomalies | reply.anomalies, out);
  ehlo_scratch_finish(L, out);
  return 1;
}

void net_register_reply(lua_State *L) {
  static const luaL_Reg meta[] = {{"__index", reply_index},
                                  {"__pairs", reply_pairs},
                                  {"__tostring", reply_tostring},
                                  {"__json", reply_json},
                                  {NULL, NULL}};
  luaL_newmetatable(L, REPLY);
  luaL_setfuncs(L, meta, 0);
  lua_pushliteral(L, "reply");
  lua_setfield(L, -2, "__name");
  lua_pop(L, 1);
}
