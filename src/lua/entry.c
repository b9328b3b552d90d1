/* Owns: entries of the catalogue as Lua objects: read-only, one for each code, strings remembered after the first read.
 * Callers: the codes binding; explanations and sessions hand them out too. */
#include <string.h>

#include "ehlo/lua/context.h"
#include "ehlo/lua/push.h"
#include "inner.h"

#define ENTRY "ehlo.entry"
enum { FIELD_MAX = 64 * 1024, JSON_MAX = 64 << 20 };

/* What an entry has beyond the catalogue's own fields. */
enum {
  EXTRA_PHRASES = EHLO_FIELDS,
  EXTRA_FROM_DIGITS,
  EXTRA_NAMES_PROVIDER,
  EXTRA_STALE,
  EXTRA_ADDED_NOTES,
  EXTRA_END
};
static const char *const extra_names[] = {"phrases", "from_digits", "names_provider", "stale", "added_notes"};

struct entry {
  struct ehlo_card card;
  bool phrase; /* a phrase has no card: the catalogue alone knows it */
};

static struct ehlo_slice string_of(const struct entry *e, enum ehlo_field f, struct ehlo_buf *scratch) {
  return e->phrase ? ehlo_entry_string(e->card.entry, f) : ehlo_card_string(&e->card, f, scratch);
}
static uint32_t items_of(const struct entry *e, enum ehlo_field f) {
  return e->phrase ? ehlo_entry_items(e->card.entry, f) : ehlo_card_items(&e->card, f);
}
static struct ehlo_slice item_of(const struct entry *e, enum ehlo_field f, uint32_t k, struct ehlo_buf *scratch) {
  return e->phrase ? ehlo_entry_item(e->card.entry, f, k) : ehlo_card_item(&e->card, f, k, scratch);
}

/* "5321 4.2.3" as {rfc = 5321, section = "4.2.3"}. */
static void push_standard(lua_State *L, struct ehlo_slice s) {
  lua_Integer rfc = 0;
  size_t i = 0;
  while (i < s.len && ehlo_is_digit(s.ptr[i]) && rfc < 1000000)
    rfc = rfc * 10 + (s.ptr[i++] - '0');
  while (i < s.len && s.ptr[i] == ' ')
    i++;
  lua_createtable(L, 0, 2);
  lua_pushinteger(L, rfc);
  lua_setfield(L, -2, "rfc");
  ehlo_set_slice(L, "section", ehlo_slice_of(s.ptr + i, s.len - i));
}

/* A new table each time: what a script does to it stays its own. An absent list is nil. */
static void push_list(lua_State *L, const struct entry *e, enum ehlo_field f) {
  const uint32_t n = items_of(e, f);
  if (n == 0) {
    lua_pushnil(L);
    return;
  }
  struct ehlo_buf *scratch = ehlo_scratch_push(L, FIELD_MAX);
  lua_createtable(L, (int)n, 0);
  for (uint32_t k = 0; k < n; k++) {
    ehlo_buf_reset(scratch);
    const struct ehlo_slice item = item_of(e, f, k, scratch);
    if (ehlo_field_rows[f].type == EHLO_TYPE_STANDARDS) {
      push_standard(L, item);
    } else {
      lua_pushlstring(L, item.ptr, item.len);
    }
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
  lua_replace(L, -2);
}

static void push_string(lua_State *L, const struct entry *e, enum ehlo_field f) {
  struct ehlo_buf *scratch = ehlo_scratch_push(L, FIELD_MAX);
  const struct ehlo_slice s = string_of(e, f, scratch);
  ehlo_push_slice(L, s);
  ehlo_buf_fini(scratch);
  lua_replace(L, -2);
}

static void push_phrases(lua_State *L, const struct entry *e) {
  lua_newtable(L);
  if (e->phrase) return;
  for (int32_t k = 0;; k++) {
    const struct ehlo_entry phrase = ehlo_catalogue_phrase_of(e->card.entry, k);
    if (!ehlo_entry_exists(phrase)) return;
    ehlo_push_phrase(L, &phrase);
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
}

static const char *field_name(int f) {
  return f < EHLO_FIELDS ? ehlo_field_rows[f].name : extra_names[f - EHLO_FIELDS];
}

static int field_from(struct ehlo_slice name) {
  for (int f = EHLO_FIELDS; f < EXTRA_END; f++) {
    if (ehlo_slice_equal(name, ehlo_slice_str(field_name(f)))) return f;
  }
  return ehlo_field_from(name);
}

/* Pushes the field's value; true where it is one that may be remembered. */
static bool push_field(lua_State *L, const struct entry *e, int f) {
  if (f == EXTRA_PHRASES) {
    push_phrases(L, e);
  } else if (f == EXTRA_FROM_DIGITS) {
    lua_pushboolean(L, e->card.from_digits && !e->phrase);
    return true;
  } else if (f == EXTRA_NAMES_PROVIDER) {
    e->phrase ? lua_pushboolean(L, ehlo_entry_names_provider(e->card.entry)) : lua_pushnil(L);
  } else if (f == EXTRA_STALE) {
    lua_pushboolean(L, ehlo_entry_is_stale(e->card.entry));
  } else if (f == EXTRA_ADDED_NOTES) {
    lua_pushinteger(L, ehlo_entry_added_notes(e->card.entry));
  } else if (e->phrase && f == EHLO_FIELD_ENHANCED && items_of(e, EHLO_FIELD_ENHANCED) > 0) {
    /* A phrase may go with several; like its `code`, its `enhanced` is the first, as in JSON. */
    const struct ehlo_slice first = ehlo_entry_item(e->card.entry, EHLO_FIELD_ENHANCED, 0);
    lua_pushlstring(L, first.ptr, first.len);
    return true;
  } else if (ehlo_field_rows[f].type == EHLO_TYPE_STRING) {
    push_string(L, e, (enum ehlo_field)f);
    return !lua_isnil(L, -1);
  } else {
    push_list(L, e, (enum ehlo_field)f);
  }
  return false;
}

/* Only the VM calls this, with an entry first: the metatable is protected, so no check is made here. */
static int entry_index(lua_State *L) {
  lua_getiuservalue(L, 1, 1);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, -2) != LUA_TNIL) return 1;
  if (lua_type(L, 2) != LUA_TSTRING) return 1;
  const int f = field_from(ehlo_check_slice(L, 2));
  if (f < 0) return 1;
  lua_pop(L, 1);
  if (!push_field(L, lua_touserdata(L, 1), f)) return 1;
  lua_pushvalue(L, 2);
  lua_pushvalue(L, -2);
  lua_rawset(L, -4);
  return 1;
}

static int entry_newindex(lua_State *L) {
  return luaL_error(L, "an entry of the catalogue is read-only (field '%s')", luaL_tolstring(L, 2, NULL));
}

static int entry_next(lua_State *L) {
  const struct entry *e = luaL_checkudata(L, 1, ENTRY);
  int f = lua_isnil(L, 2) ? 0 : field_from(ehlo_check_slice(L, 2)) + 1;
  for (; f < EXTRA_END; f++) {
    lua_settop(L, 1);
    lua_pushstring(L, field_name(f));
    (void)push_field(L, e, f);
    if (!lua_isnil(L, 3)) return 2;
  }
  lua_pushnil(L);
  return 1;
}

static int entry_pairs(lua_State *L) {
  luaL_checkudata(L, 1, ENTRY);
  lua_pushcfunction(L, entry_next);
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}

static int entry_eq(lua_State *L) {
  const struct entry *a = luaL_testudata(L, 1, ENTRY), *b = luaL_testudata(L, 2, ENTRY);
  const bool equal = a && b && a->phrase == b->phrase && strcmp(a->card.code, b->card.code) == 0 &&
                     a->card.enhanced == b->card.enhanced && a->card.entry.index == b->card.entry.index &&
                     a->card.entry.catalogue == b->card.entry.catalogue;
  lua_pushboolean(L, equal);
  return 1;
}

/* "521 Host does not accept mail (permanent-negative)", and the meaning on a line of its own. */
static int entry_tostring(lua_State *L) {
  const struct entry *e = luaL_checkudata(L, 1, ENTRY);
  static const enum ehlo_field fields[2][4] = {
      {EHLO_FIELD_CODE, EHLO_FIELD_NAME, EHLO_FIELD_CLASS, EHLO_FIELD_MEANING},
      {EHLO_FIELD_ID, EHLO_FIELD_TEXT, EHLO_FIELD_CAUSE, EHLO_FIELD_MEANING},
  };
  const char *parts[4];
  for (int i = 0; i < 4; i++) {
    push_string(L, e, fields[e->phrase][i]);
    parts[i] = luaL_optstring(L, -1, "-");
  }
  lua_pushfstring(L, "%s  %s (%s)\n  %s", parts[0], parts[1], parts[2], parts[3]);
  return ehlo_push_text(L);
}

static int entry_json(lua_State *L) {
  const struct entry *e = luaL_checkudata(L, 1, ENTRY);
  struct ehlo_buf *out = ehlo_scratch_push(L, JSON_MAX);
  (void)(e->phrase ? ehlo_entry_json(e->card.entry, out) : ehlo_card_json(&e->card, out));
  ehlo_scratch_finish(L, out);
  return 1;
}

static const luaL_Reg metamethods[] = {
    {"__index", entry_index},
    {"__newindex", entry_newindex},
    {"__pairs", entry_pairs},
    {"__eq", entry_eq},
    {"__tostring", entry_tostring},
    {"__json", entry_json},
    {NULL, NULL},
};

static void empty(lua_State *L, const char *name) {
  if (lua_getfield(L, LUA_REGISTRYINDEX, name) == LUA_TTABLE) {
    lua_pushnil(L);
    while (lua_next(L, -2)) {
      lua_pop(L, 1);
      lua_pushvalue(L, -1);
      lua_pushnil(L);
      lua_rawset(L, -4); /* a field that is there may be cleared while the table is walked */
    }
  }
  lua_pop(L, 1);
}

void ehlo_catalogue_use(lua_State *L, const struct ehlo_catalogue *catalogue) {
  ehlo_context_of(L)->catalogue = catalogue;
  empty(L, EHLO_ENTRIES);
  empty(L, EHLO_ENTRIES ".composed");
}

/* Pushes the registry's table of entries that stay (or that may be collected). */
static void push_cache(lua_State *L, bool stays) {
  const char *name = stays ? EHLO_ENTRIES : EHLO_ENTRIES ".composed";
  if (!luaL_getsubtable(L, LUA_REGISTRYINDEX, name) && !stays) {
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
  }
}

static struct entry *new_entry(lua_State *L) {
  struct entry *e = lua_newuserdatauv(L, sizeof *e, 1);
  memset(e, 0, sizeof *e);
  lua_newtable(L);
  lua_setiuservalue(L, -2, 1);
  ehlo_push_metatable(L, ENTRY, metamethods);
  lua_setmetatable(L, -2);
  return e;
}

void ehlo_push_card(lua_State *L, const struct ehlo_card *card) {
  push_cache(L, !card->from_digits);
  if (lua_getfield(L, -1, card->code) == LUA_TNIL) {
    lua_pop(L, 1);
    new_entry(L)->card = *card;
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, card->code);
  }
  lua_replace(L, -2);
}

void ehlo_push_phrase(lua_State *L, const struct ehlo_entry *entry) {
  push_cache(L, false);
  if (lua_rawgeti(L, -1, entry->index) == LUA_TNIL) {
    lua_pop(L, 1);
    struct entry *e = new_entry(L);
    e->card.entry = *entry;
    e->phrase = true;
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, entry->index);
  }
  lua_replace(L, -2);
}

const struct ehlo_card *ehlo_entry_card(lua_State *L, int index) {
  const struct entry *e = luaL_testudata(L, index, ENTRY);
  return e && !e->phrase ? &e->card : NULL;
}
