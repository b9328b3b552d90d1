/* Owns: comparisons as Lua tables, and their JSON. Callers: the codes binding. */
#include <string.h>

#include "ehlo/base/error.h"
#include "ehlo/core/compare.h"
#include "ehlo/lua/context.h"
#include "ehlo/lua/push.h"
#include "inner.h"

#define COMPARISON "ehlo.comparison"
#define WORK "ehlo.comparison.work"
enum { JSON_MAX = 64 << 20 };

static int work_gc(lua_State *L) {
  ehlo_comparison_fini(lua_touserdata(L, 1));
  return 0;
}

/* Pushes a comparison that the collector ends, for what follows may raise. */
static struct ehlo_comparison *push_work(lua_State *L, const struct ehlo_code *codes, int n) {
  struct ehlo_comparison *c = lua_newuserdatauv(L, sizeof *c, 0);
  memset(c, 0, sizeof *c);
  if (luaL_newmetatable(L, WORK)) {
    lua_pushcfunction(L, work_gc);
    lua_setfield(L, -2, "__gc");
  }
  lua_setmetatable(L, -2);
  const int error = ehlo_compare(ehlo_context_of(L)->catalogue, codes, n, c);
  if (error) luaL_error(L, "the codes cannot be compared: %s", ehlo_error_text(error));
  return c;
}

static void push_differences(lua_State *L, const struct ehlo_comparison *c) {
  lua_createtable(L, c->n_differences, 0);
  for (int i = 0; i < c->n_differences; i++) {
    lua_createtable(L, 0, 2);
    lua_pushstring(L, c->differences[i].field);
    lua_setfield(L, -2, "field");
    lua_createtable(L, c->n_items, 0);
    for (int k = 0; k < c->n_items; k++) {
      const struct ehlo_slice value = ehlo_buf_slice(&c->differences[i].values[k]);
      lua_pushlstring(L, value.ptr, value.len);
      lua_rawseti(L, -2, k + 1);
    }
    lua_setfield(L, -2, "values");
    lua_rawseti(L, -2, i + 1);
  }
}

static void push_common(lua_State *L, const struct ehlo_comparison *c) {
  lua_createtable(L, c->n_common, 0);
  for (int i = 0; i < c->n_common; i++) {
    lua_createtable(L, 0, 2);
    lua_pushstring(L, c->common[i].field);
    lua_setfield(L, -2, "field");
    ehlo_set_slice(L, "value", ehlo_buf_slice(&c->common[i].values[0]));
    lua_rawseti(L, -2, i + 1);
  }
}

static void add_field(lua_State *L, struct ehlo_buf *out, const char *key) {
  if (lua_getfield(L, 1, key) == LUA_TSTRING) {
    if (out->len > 0) (void)ehlo_buf_add_char(out, '\n');
    (void)ehlo_buf_add_str(out, lua_tostring(L, -1));
  }
  lua_pop(L, 1);
}

static int comparison_tostring(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  struct ehlo_buf *out = ehlo_scratch_push(L, JSON_MAX);
  add_field(L, out, "headline");
  add_field(L, out, "summary");
  add_field(L, out, "when_to_use");
  ehlo_scratch_finish(L, out);
  return ehlo_push_text(L);
}

static int read_items(lua_State *L, int index, struct ehlo_code *codes) {
  const int n = (int)luaL_len(L, index);
  luaL_argcheck(L, n <= EHLO_COMPARE_ITEMS, 1, "too many items");
  for (int i = 0; i < n; i++) {
    lua_geti(L, index, i + 1);
    const struct ehlo_card *card = ehlo_entry_card(L, -1);
    if (!card) luaL_error(L, "item %d of the comparison is no entry any more", i + 1);
    memset(&codes[i], 0, sizeof codes[i]);
    if (card->enhanced) {
      codes[i].enhanced = card->parts;
    } else {
      codes[i].reply = card->reply;
    }
    lua_pop(L, 1);
  }
  return n;
}

/* Made again from the items: comparing is cheap, and most comparisons are never written as JSON. */
static int comparison_json(lua_State *L) {
  struct ehlo_code codes[EHLO_COMPARE_ITEMS];
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_getfield(L, 1, "items");
  luaL_checktype(L, -1, LUA_TTABLE);
  const int n = read_items(L, lua_gettop(L), codes);
  const struct ehlo_comparison *c = push_work(L, codes, n);
  struct ehlo_buf *out = ehlo_scratch_push(L, JSON_MAX);
  (void)ehlo_comparison_json(c, out);
  ehlo_scratch_finish(L, out);
  return 1;
}

static const luaL_Reg metamethods[] = {
    {"__tostring", comparison_tostring},
    {"__json", comparison_json},
    {NULL, NULL},
};

static void push_comparison(lua_State *L, const struct ehlo_comparison *c) {
  lua_createtable(L, 0, 7);
  lua_pushstring(L, c->kind);
  lua_setfield(L, -2, "kind");
  lua_createtable(L, c->n_items, 0);
  for (int i = 0; i < c->n_items; i++) {
    ehlo_push_card(L, &c->items[i]);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "items");
  push_differences(L, c);
  lua_setfield(L, -2, "differences");
  push_common(L, c);
  lua_setfield(L, -2, "common");
  ehlo_set_slice(L, "headline", ehlo_buf_slice(&c->headline));
  ehlo_set_slice(L, "summary", ehlo_buf_slice(&c->summary));
  ehlo_set_slice(L, "when_to_use", ehlo_buf_slice(&c->when_to_use));
  ehlo_push_metatable(L, COMPARISON, metamethods);
  lua_setmetatable(L, -2);
}

/* Adds one code to the list; a pair such as 550/5.1.1 is two codes to compare, and comes here twice. */
static void add_code(lua_State *L, struct ehlo_code *codes, int *n, struct ehlo_code code) {
  if (*n == EHLO_COMPARE_ITEMS) luaL_error(L, "at most %d codes can be compared", (int)EHLO_COMPARE_ITEMS);
  codes[(*n)++] = code;
}

int ehlo_codes_compare(lua_State *L) {
  struct ehlo_code codes[EHLO_COMPARE_ITEMS];
  const int given = lua_gettop(L);
  int n = 0;
  for (int i = 1; i <= given; i++) {
    struct ehlo_code code;
    if (!ehlo_check_code(L, i, &code)) return ehlo_push_failure(L, "syntax");
    if (code.reply) add_code(L, codes, &n, (struct ehlo_code){.reply = code.reply});
    if (code.enhanced.class) add_code(L, codes, &n, (struct ehlo_code){.enhanced = code.enhanced});
  }
  luaL_argcheck(L, n >= 2, given > 0 ? given : 1, "two or more codes are needed to compare");
  push_comparison(L, push_work(L, codes, n));
  return 1;
}
