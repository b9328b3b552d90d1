/* Owns: counting explanations, as Lua sees it. Callers: scripts, through mail.tally; the reader of logs. */
#include <string.h>

#include "ehlo/core/log_explain.h"
#include "ehlo/core/tally.h"
#include "inner.h"

#define TALLY "ehlo.tally"

struct ehlo_tally *mail_check_tally(lua_State *L, int index) {
  struct ehlo_tally **t = luaL_checkudata(L, index, TALLY);
  return *t;
}

static int tally_gc(lua_State *L) {
  struct ehlo_tally **t = luaL_checkudata(L, 1, TALLY);
  ehlo_tally_free(*t);
  *t = NULL;
  return 0;
}

/* Strings stay on the stack, so that slices of them hold. */
static struct ehlo_slice field(lua_State *L, int index, const char *key) {
  size_t len = 0;
  if (lua_getfield(L, index, key) != LUA_TSTRING) {
    lua_pop(L, 1);
    return ehlo_slice_of("", 0);
  }
  const char *text = lua_tolstring(L, -1, &len);
  return ehlo_slice_of(text, len);
}

/* tally:add(explanation, {address=, time=, inbound=, queue_id=, input=, text=}) */
static int tally_add(lua_State *L) {
  static const char *const known[] = {"address", "host", "time", "inbound", "queue_id", "input", "text", NULL};
  struct ehlo_tally *t = mail_check_tally(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 3);
  if (lua_isnil(L, 3)) {
    lua_newtable(L);
    lua_replace(L, 3);
  }
  ehlo_check_options(L, 3, known);
  struct ehlo_tally_item item = {
      .cause = field(L, 2, "cause"), .retry = field(L, 2, "retry"), .acts = field(L, 2, "acts")};
  item.address = field(L, 3, "address");
  if (item.address.len == 0) item.address = field(L, 2, "address");
  item.place = ehlo_log_place(field(L, 2, "provider"), field(L, 2, "host"), item.address, &item.is_provider);
  item.queue_id = field(L, 3, "queue_id");
  item.input = field(L, 3, "input");
  item.text = field(L, 3, "text");
  lua_getfield(L, 3, "time");
  item.time = (int64_t)lua_tonumber(L, -1);
  lua_getfield(L, 3, "inbound");
  item.inbound = lua_toboolean(L, -1);
  if (ehlo_tally_add(t, &item, NULL) != 0) return luaL_error(L, "out of memory");
  return 0;
}

static void set_integer(lua_State *L, const char *key, int64_t value) {
  lua_pushinteger(L, value);
  lua_setfield(L, -2, key);
}

/* Times are those of the clock on the wall: 0 stands for unknown, which is nil here. */
static void set_span(lua_State *L, int64_t first, int64_t last) {
  if (first <= 0) return;
  set_integer(L, "first", first);
  set_integer(L, "last", last);
}

static void push_examples(lua_State *L, const struct ehlo_tally_row *row) {
  lua_createtable(L, row->n_examples, 0);
  for (int i = 0; i < row->n_examples; i++) {
    const struct ehlo_tally_example *e = &row->examples[i];
    lua_createtable(L, 0, 5);
    ehlo_set_slice(L, "address", ehlo_slice_str(e->address));
    ehlo_set_slice(L, "queue_id", ehlo_slice_str(e->queue_id));
    ehlo_set_slice(L, "input", ehlo_slice_str(e->input));
    ehlo_set_slice(L, "text", ehlo_slice_str(e->text));
    if (e->time > 0) set_integer(L, "time", e->time);
    lua_rawseti(L, -2, i + 1);
  }
}

static void push_row(lua_State *L, const struct ehlo_tally_row *row) {
  lua_createtable(L, 0, 12);
  ehlo_set_slice(L, "cause", ehlo_slice_str(row->cause));
  ehlo_set_slice(L, "retry", ehlo_slice_str(row->retry));
  ehlo_set_slice(L, "acts", ehlo_slice_str(row->acts));
  lua_pushboolean(L, row->inbound);
  lua_setfield(L, -2, "inbound");
  set_integer(L, "count", row->count);
  set_integer(L, "distinct", row->places);
  set_integer(L, "elsewhere", row->elsewhere);
  set_span(L, row->first, row->last);
  push_examples(L, row);
  lua_setfield(L, -2, "examples");
  lua_newtable(L);
  lua_setfield(L, -2, "places");
}

static void add_place(lua_State *L, int rows, const struct ehlo_tally_place *place) {
  lua_rawgeti(L, rows, place->row + 1);
  lua_getfield(L, -1, "places");
  lua_createtable(L, 0, 5);
  ehlo_set_slice(L, "name", ehlo_slice_str(place->name));
  lua_pushboolean(L, place->is_provider);
  lua_setfield(L, -2, "provider");
  set_integer(L, "count", place->count);
  set_span(L, place->first, place->last);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 2);
}

/* tally:rows(): a list, in no order; and how many that waited went out later. */
static int tally_rows(lua_State *L) {
  const struct ehlo_tally *t = mail_check_tally(L, 1);
  size_t n, n_places;
  const struct ehlo_tally_row *rows = ehlo_tally_rows(t, &n);
  const struct ehlo_tally_place *places = ehlo_tally_places(t, &n_places);
  lua_createtable(L, (int)n, 0);
  const int list = lua_gettop(L);
  for (size_t i = 0; i < n; i++) {
    push_row(L, &rows[i]);
    lua_rawseti(L, list, (lua_Integer)i + 1);
  }
  for (size_t i = 0; i < n_places; i++) {
    if (places[i].count > 0) add_place(L, list, &places[i]);
  }
  lua_pushinteger(L, ehlo_tally_sent_later(t));
  return 2;
}

int mail_tally(lua_State *L) {
  static const luaL_Reg methods[] = {{"add", tally_add}, {"rows", tally_rows}, {NULL, NULL}};
  struct ehlo_tally **t = lua_newuserdatauv(L, sizeof(struct ehlo_tally *), 0);
  *t = NULL;
  if (luaL_newmetatable(L, TALLY)) {
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, tally_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushliteral(L, TALLY);
    lua_setfield(L, -2, "__metatable");
  }
  lua_setmetatable(L, -2);
  *t = ehlo_tally_new();
  return *t ? 1 : luaL_error(L, "out of memory");
}
