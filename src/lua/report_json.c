/* Owns: report.json: Lua values as JSON in a stable order. Callers: the report binding. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ehlo/core/escape.h"
#include "ehlo/lua/push.h"
#include "inner.h"

enum { DEPTH = 100, INDENT_MAX = 8, JSON_MAX = 512 << 20 };

/* What writing carries from value to value. `open` is the table of the tables that are being written: one met again is a cycle. */
struct writer {
  lua_State *L;
  struct ehlo_buf *out;
  int open;
  int depth;
};

static void write_value(struct writer *w, int index);

static void write_number(struct writer *w, int index) {
  if (lua_isinteger(w->L, index)) {
    (void)ehlo_buf_addf(w->out, "%lld", (long long)lua_tointeger(w->L, index));
    return;
  }
  const double number = lua_tonumber(w->L, index);
  char text[40];
  if (!isfinite(number)) {
    (void)ehlo_buf_add_str(w->out, "null");
    return;
  }
  for (int digits = 15; digits <= 17; digits++) {
    (void)snprintf(text, sizeof text, "%.*g", digits, number);
    if (strtod(text, NULL) == number) break;
  }
  char *comma = strchr(text, ','); /* the locale's */
  if (comma) *comma = '.';
  (void)ehlo_buf_add_str(w->out, text);
}

static void write_string(struct writer *w, int index) {
  size_t len;
  const char *text = lua_tolstring(w->L, index, &len);
  (void)ehlo_escape_json(ehlo_slice_of(text, len), w->out);
}

/* The number of keys that are not 1 ... n; tells lists and objects apart. */
static lua_Integer keys_beyond(lua_State *L, int index, lua_Integer n) {
  lua_Integer beyond = 0;
  lua_pushnil(L);
  while (lua_next(L, index)) {
    lua_pop(L, 1);
    if (lua_type(L, -1) != LUA_TSTRING && !lua_isinteger(L, -1))
      luaL_error(L, "JSON knows lists and names; this table has a key of type %s", luaL_typename(L, -1));
    beyond += !lua_isinteger(L, -1) || lua_tointeger(L, -1) < 1 || lua_tointeger(L, -1) > n;
  }
  return beyond;
}

static void write_list(struct writer *w, int index, lua_Integer n) {
  (void)ehlo_buf_add_char(w->out, '[');
  for (lua_Integer i = 1; i <= n; i++) {
    if (i > 1) (void)ehlo_buf_add_char(w->out, ',');
    lua_rawgeti(w->L, index, i);
    write_value(w, lua_gettop(w->L));
    lua_pop(w->L, 1);
  }
  (void)ehlo_buf_add_char(w->out, ']');
}

/* The name and the value are on top of the stack; both go. */
static void write_member(struct writer *w) {
  const char last = w->out->len > 0 ? w->out->data[w->out->len - 1] : '{';
  if (last != '{') (void)ehlo_buf_add_char(w->out, ',');
  write_string(w, lua_gettop(w->L) - 1);
  (void)ehlo_buf_add_char(w->out, ':');
  write_value(w, lua_gettop(w->L));
  lua_pop(w->L, 2);
}

struct name {
  struct ehlo_slice text; /* anchored in the list of texts, where it is number `place` */
  lua_Integer place;
};

static int by_bytes(const void *a, const void *b) {
  const struct ehlo_slice *x = &((const struct name *)a)->text, *y = &((const struct name *)b)->text;
  const int order = memcmp(x->ptr, y->ptr, x->len < y->len ? x->len : y->len);
  return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* Fills `names`, which has room for n, the list at `keys` and the list of texts behind it by what is not in the table at `done`; integers become digits. */
static size_t collect(struct writer *w, int index, int done, struct name *names, lua_Integer n, int keys) {
  lua_State *L = w->L;
  size_t count = 0;
  lua_pushnil(L);
  while (lua_next(L, index)) {
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    const bool skip = lua_rawget(L, done) != LUA_TNIL;
    lua_pop(L, 1);
    if (skip) continue;
    if ((lua_Integer)count == n)
      luaL_error(L, "a table that changes while it is written cannot be JSON"); /* by a __json */
    struct name *name = &names[count++];
    name->place = (lua_Integer)count;
    lua_pushvalue(L, -1);
    lua_rawseti(L, keys, name->place);
    lua_pushvalue(L, -1);
    name->text.ptr = lua_tolstring(L, -1, &name->text.len);
    lua_rawseti(L, keys + 1, name->place);
  }
  return count;
}

/* The members in the order of their names' bytes, without those in the table at `done`; at most n of them. */
static void write_sorted(struct writer *w, int index, lua_Integer n, int done) {
  lua_State *L = w->L;
  struct name *names = lua_newuserdatauv(L, (size_t)n * sizeof *names + 1, 0);
  lua_newtable(L);
  const int keys = lua_gettop(L);
  lua_newtable(L);
  const int texts = lua_gettop(L);
  const size_t count = collect(w, index, done, names, n, keys);
  qsort(names, count, sizeof *names, by_bytes);
  for (size_t i = 0; i < count; i++) {
    lua_rawgeti(L, texts, names[i].place);
    lua_rawgeti(L, keys, names[i].place);
    lua_rawget(L, index);
    write_member(w);
  }
  lua_pop(L, 3);
}

/* The names in the list at `order` (0: none) come first, null where absent: absent facts are stated. Then all others. */
static void write_object(struct writer *w, int index, lua_Integer n, int order) {
  lua_State *L = w->L;
  lua_newtable(L);
  const int done = lua_gettop(L);
  (void)ehlo_buf_add_char(w->out, '{');
  for (lua_Integer i = 1; order && lua_rawgeti(L, order, i) == LUA_TSTRING; i++) {
    lua_pushvalue(L, -1);
    lua_pushboolean(L, 1);
    lua_rawset(L, done);
    lua_pushvalue(L, -1);
    lua_rawget(L, index);
    write_member(w);
  }
  lua_settop(L, done);
  write_sorted(w, index, n, done);
  (void)ehlo_buf_add_char(w->out, '}');
  lua_pop(L, 1);
}

static void enter(struct writer *w, int index) {
  lua_State *L = w->L;
  luaL_checkstack(L, 12, "a value nested too deeply for JSON");
  lua_pushvalue(L, index);
  if (lua_rawget(L, w->open) != LUA_TNIL) luaL_error(L, "a table that contains itself cannot be written as JSON");
  lua_pop(L, 1);
  if (++w->depth > DEPTH) luaL_error(L, "tables nested deeper than %d cannot be written as JSON", DEPTH);
  lua_pushvalue(L, index);
  lua_pushboolean(L, 1);
  lua_rawset(L, w->open);
}

static void leave(struct writer *w, int index) {
  w->depth--;
  lua_pushvalue(w->L, index);
  lua_pushnil(w->L);
  lua_rawset(w->L, w->open);
}

static void write_table(struct writer *w, int index) {
  lua_State *L = w->L;
  enter(w, index);
  const int found = luaL_getmetafield(L, index, "__order");
  const bool ordered = found == LUA_TTABLE;
  const lua_Integer n = (lua_Integer)lua_rawlen(L, index);
  const lua_Integer beyond = keys_beyond(L, index, n);
  if (!ordered && beyond == 0) {
    write_list(w, index, n);
  } else {
    write_object(w, index, n + beyond, ordered ? lua_gettop(L) : 0);
  }
  if (found != LUA_TNIL) lua_pop(L, 1);
  leave(w, index);
}

/* An object that writes itself: its text is put in as it is. */
static bool write_own(struct writer *w, int index) {
  lua_State *L = w->L;
  luaL_checkstack(L, 4, "a value nested too deeply for JSON");
  if (luaL_getmetafield(L, index, "__json") == LUA_TNIL) return false;
  lua_pushvalue(L, index);
  lua_call(L, 1, 1);
  size_t len;
  const char *text = lua_tolstring(L, -1, &len);
  if (!text) luaL_error(L, "__json must return a string, not a %s", luaL_typename(L, -1));
  (void)ehlo_buf_add(w->out, text, len);
  lua_pop(L, 1);
  return true;
}

static void write_value(struct writer *w, int index) {
  lua_State *L = w->L;
  switch (lua_type(L, index)) {
  case LUA_TNIL: (void)ehlo_buf_add_str(w->out, "null"); return;
  case LUA_TBOOLEAN: (void)ehlo_buf_add_str(w->out, lua_toboolean(L, index) ? "true" : "false"); return;
  case LUA_TNUMBER: write_number(w, index); return;
  case LUA_TSTRING: write_string(w, index); return;
  case LUA_TLIGHTUSERDATA:
    if (lua_touserdata(L, index)) break;
    (void)ehlo_buf_add_str(w->out, "null"); /* report.null */
    return;
  case LUA_TTABLE:
    if (!write_own(w, index)) write_table(w, index);
    return;
  default:
    if (write_own(w, index)) return;
    break;
  }
  luaL_error(L, "a %s cannot be written as JSON", luaL_typename(L, index));
}

static void new_line(struct ehlo_buf *out, lua_Integer spaces) {
  (void)ehlo_buf_add_char(out, '\n');
  for (; spaces > 0; spaces--)
    (void)ehlo_buf_add_char(out, ' ');
}

/* The bytes of the string at the start of `s`, with both quotes. */
static size_t string_len(struct ehlo_slice s) {
  size_t i = 1;
  while (i < s.len && s.ptr[i] != '"')
    i += s.ptr[i] == '\\' && i + 1 < s.len ? 2 : 1;
  return i < s.len ? i + 1 : s.len;
}

/* Lays compact JSON out over lines, what objects wrote themselves included. */
static void lay_out(struct ehlo_slice s, lua_Integer indent, struct ehlo_buf *out) {
  lua_Integer level = 0;
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.ptr[i];
    const char next = i + 1 < s.len ? s.ptr[i + 1] : '\0';
    if (c == '"') {
      const size_t len = string_len(ehlo_slice_of(s.ptr + i, s.len - i));
      (void)ehlo_buf_add(out, s.ptr + i, len);
      i += len - 1;
      continue;
    }
    const bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';
    if (opens && (next == '}' || next == ']')) {
      (void)ehlo_buf_add(out, s.ptr + i++, 2);
      continue;
    }
    if (closes) new_line(out, --level * indent);
    (void)ehlo_buf_add_char(out, c);
    if (opens) new_line(out, ++level * indent);
    if (c == ',') new_line(out, level * indent);
    if (c == ':') (void)ehlo_buf_add_char(out, ' ');
  }
}

static lua_Integer check_indent(lua_State *L, int index) {
  static const char *const known[] = {"indent", NULL};
  lua_Integer indent = 0;
  if (lua_isnoneornil(L, index)) return 0;
  ehlo_check_options(L, index, known);
  if (lua_getfield(L, index, "indent") != LUA_TNIL) {
    int whole = 0;
    indent = lua_tointegerx(L, -1, &whole);
    luaL_argcheck(L, whole && indent >= 0 && indent <= INDENT_MAX, index, "'indent' is a whole number from 0 to 8");
  }
  lua_pop(L, 1);
  return indent;
}

int ehlo_report_json(lua_State *L) {
  luaL_checkany(L, 1);
  const lua_Integer indent = check_indent(L, 2);
  lua_settop(L, 1);
  lua_newtable(L);
  struct ehlo_buf *compact = ehlo_scratch_push(L, JSON_MAX);
  struct writer w = {.L = L, .out = compact, .open = 2};
  write_value(&w, 1);
  if (indent > 0 && !compact->error) {
    struct ehlo_buf *pretty = ehlo_scratch_push(L, JSON_MAX);
    lay_out(ehlo_buf_slice(compact), indent, pretty);
    ehlo_scratch_finish(L, pretty);
    return 1;
  }
  ehlo_scratch_finish(L, compact);
  return 1;
}
