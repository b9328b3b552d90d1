/* Owns: the module `codes`: look-up, walking, search; compare and explain have files of their own. Callers: scripts. */
#include <string.h>

#include "ehlo/base/error.h"
#include "ehlo/core/code.h"
#include "ehlo/core/search.h"
#include "ehlo/lua/bindings.h"
#include "ehlo/lua/context.h"
#include "ehlo/lua/push.h"
#include "inner.h"

enum { WHY_MAX = 1024, HITS = 100 };

int ehlo_check_code(lua_State *L, int index, struct ehlo_code *out) {
  memset(out, 0, sizeof *out);
  const struct ehlo_card *card = ehlo_entry_card(L, index);
  if (card) {
    if (card->enhanced) {
      out->enhanced = card->parts;
    } else {
      out->reply = card->reply;
    }
    return 1;
  }
  /* A reply's `code` is an integer, so an integer must do as well as a string; 5.7 is neither. */
  if (lua_type(L, index) != LUA_TSTRING && !lua_isinteger(L, index)) {
    luaL_typeerror(L, index, "code (a string such as \"521\", an integer or an entry)");
  }
  size_t len = 0;
  const char *text = luaL_tolstring(L, index, &len);
  struct ehlo_buf *why = ehlo_scratch_push(L, WHY_MAX);
  if (ehlo_code_read(ehlo_slice_of(text, len), out, why) == 0) {
    ehlo_buf_fini(why);
    lua_pop(L, 2);
    return 1;
  }
  ehlo_scratch_finish(L, why);
  lua_replace(L, -2);
  return 0;
}

static void push_code(lua_State *L, const struct ehlo_catalogue *catalogue, struct ehlo_code code) {
  struct ehlo_card card;
  ehlo_card_of(catalogue, code, &card);
  ehlo_push_card(L, &card);
}

/* Its first upvalue is the table of entries, so that a code asked before costs one look into it. */
static int codes_lookup(lua_State *L) {
  if (lua_type(L, 1) == LUA_TSTRING) {
    lua_pushvalue(L, 1);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  }
  struct ehlo_code code;
  if (!ehlo_check_code(L, 1, &code)) return ehlo_push_failure(L, "syntax");
  const struct ehlo_catalogue *catalogue = ehlo_context_of(L)->catalogue;
  int n = 0;
  if (code.reply) {
    push_code(L, catalogue, (struct ehlo_code){.reply = code.reply});
    n++;
  }
  if (code.enhanced.class) {
    push_code(L, catalogue, (struct ehlo_code){.enhanced = code.enhanced});
    n++;
  }
  return n;
}

static void push_entry(lua_State *L, struct ehlo_entry entry) {
  struct ehlo_code code;
  struct ehlo_buf *why = ehlo_scratch_push(L, WHY_MAX);
  const bool phrase = ehlo_slice_equal(ehlo_entry_string(entry, EHLO_FIELD_KIND), ehlo_slice_str("phrase"));
  if (!phrase && ehlo_code_read(ehlo_entry_string(entry, EHLO_FIELD_CODE), &code, why) == 0) {
    push_code(L, entry.catalogue, code);
  } else {
    ehlo_push_phrase(L, &entry);
  }
  ehlo_buf_fini(why);
  lua_replace(L, -2);
}

/* Upvalues: the next index, the kind that is wanted or nil for all codes. */
static int each_next(lua_State *L) {
  const struct ehlo_catalogue *catalogue = ehlo_context_of(L)->catalogue;
  const struct ehlo_slice wanted = ehlo_slice_str(lua_tostring(L, lua_upvalueindex(2)));
  int32_t i = (int32_t)lua_tointeger(L, lua_upvalueindex(1));
  for (; i < ehlo_catalogue_count(catalogue); i++) {
    const struct ehlo_entry entry = ehlo_catalogue_entry(catalogue, i);
    const struct ehlo_slice kind = ehlo_entry_string(entry, EHLO_FIELD_KIND);
    const bool fits = wanted.len ? ehlo_slice_equal(kind, wanted) : !ehlo_slice_equal(kind, ehlo_slice_str("phrase"));
    if (!fits) continue;
    lua_pushinteger(L, i + 1);
    lua_replace(L, lua_upvalueindex(1));
    push_entry(L, entry);
    return 1;
  }
  lua_pushnil(L);
  return 1;
}

static int codes_each(lua_State *L) {
  static const char *const kinds[] = {"reply", "enhanced", "phrase", NULL};
  lua_settop(L, 1);
  lua_pushinteger(L, 0);
  if (lua_isnil(L, 1)) {
    lua_pushnil(L);
  } else {
    lua_pushstring(L, kinds[luaL_checkoption(L, 1, NULL, kinds)]);
  }
  lua_pushcclosure(L, each_next, 2);
  return 1;
}

static int codes_search(lua_State *L) {
  static const char *const known[] = {"limit", NULL};
  const struct ehlo_slice query = ehlo_check_slice(L, 1);
  lua_Integer limit = 20;
  if (!lua_isnoneornil(L, 2)) {
    ehlo_check_options(L, 2, known);
    if (lua_getfield(L, 2, "limit") != LUA_TNIL) {
      int whole = 0;
      limit = lua_tointegerx(L, -1, &whole);
      luaL_argcheck(L, whole && limit >= 1 && limit <= HITS, 2, "'limit' is a whole number from 1 to 100");
    }
  }
  struct ehlo_hit hits[HITS];
  const struct ehlo_catalogue *catalogue = ehlo_context_of(L)->catalogue;
  const int n = ehlo_search(catalogue, query, hits, (int)limit);
  lua_createtable(L, n > 0 ? n : 0, 0);
  for (int i = 0; i < n; i++) {
    push_entry(L, ehlo_catalogue_entry(catalogue, hits[i].index));
    lua_rawseti(L, -2, i + 1);
  }
  return 1;
}

/* codes.causes(): the words that an explanation's `cause` can be. */
static int codes_causes(lua_State *L) {
  lua_Integer n = 0;
  lua_newtable(L);
  for (const char *const *word = ehlo_explain_causes(); *word; word++) {
    lua_pushstring(L, *word);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

/* codes.about(): which catalogue answers. */
static int codes_about(lua_State *L) {
  static const char *const keys[] = {"name", "issued", "expires", NULL};
  const struct ehlo_catalogue *catalogue = ehlo_context_of(L)->catalogue;
  lua_createtable(L, 0, 5);
  for (const char *const *k = keys; *k; k++)
    ehlo_set_slice(L, *k, ehlo_catalogue_about(catalogue, *k));
  lua_pushinteger(L, (lua_Integer)catalogue->version);
  lua_setfield(L, -2, "version");
  lua_pushinteger(L, ehlo_catalogue_count(catalogue));
  lua_setfield(L, -2, "entries");
  return 1;
}

int ehlo_open_codes(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"lookup", NULL},
      {"each", codes_each},
      {"compare", ehlo_codes_compare},
      {"explain", ehlo_codes_explain},
      {"search", codes_search},
      {"about", codes_about},
      {"causes", codes_causes},
      {NULL, NULL},
  };
  const struct ehlo_context *context = ehlo_context_of(L);
  if (!context || !context->catalogue) return luaL_error(L, "no catalogue has been set for this state");
  luaL_newlib(L, functions);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, EHLO_ENTRIES);
  lua_pushcclosure(L, codes_lookup, 1);
  lua_setfield(L, -2, "lookup");
  return 1;
}
