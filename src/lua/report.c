/* Owns: the module `report`: measuring, wrapping and escaping text; JSON has a file of its own. Callers: scripts. */
#include <string.h>

#include "ehlo/base/buf.h"
#include "ehlo/core/escape.h"
#include "ehlo/lua/bindings.h"
#include "inner.h"

enum { COLUMNS_MAX = 10000 };

static struct ehlo_slice from(struct ehlo_slice s, size_t at) {
  return ehlo_slice_of(s.ptr + at, s.len - at);
}

/* Length of a colour sequence, ESC [ digits and semicolons m, at the start of `s`, or 0: our own colours take no column. */
static size_t colour_len(struct ehlo_slice s) {
  if (s.len < 3 || s.ptr[0] != '\033' || s.ptr[1] != '[') return 0;
  size_t i = 2;
  while (i < s.len && (ehlo_is_digit((unsigned char)s.ptr[i]) || s.ptr[i] == ';'))
    i++;
  return i < s.len && s.ptr[i] == 'm' ? i + 1 : 0;
}

/* One step: a colour sequence, a character or a stray byte; sets the columns it takes. */
static size_t step(struct ehlo_slice s, size_t *columns) {
  unsigned code_point;
  size_t len = colour_len(s);
  *columns = 0;
  if (len > 0) return len;
  len = ehlo_utf8_decode(s, &code_point);
  if (len == 0) len = 1;
  *columns = ehlo_escape_width(ehlo_slice_of(s.ptr, len));
  return len;
}

static size_t width_of(struct ehlo_slice s) {
  size_t total = 0, columns;
  if (s.len > 0 && !memchr(s.ptr, '\033', s.len)) return ehlo_escape_width(s);
  for (size_t at = 0; at < s.len; total += columns)
    at += step(from(s, at), &columns);
  return total;
}

static int report_width(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)width_of(ehlo_check_slice(L, 1)));
  return 1;
}

static size_t check_columns(lua_State *L, int index) {
  const lua_Integer columns = luaL_checkinteger(L, index);
  luaL_argcheck(L, columns >= 1 && columns <= COLUMNS_MAX, index, "columns from 1 to 10000");
  return (size_t)columns;
}

/* Bytes of `s` that fit in `columns`, one character at least; what takes no column (a combining mark) stays with what it marks. */
static size_t fitting(struct ehlo_slice s, size_t columns) {
  size_t at = 0, used = 0, next;
  while (at < s.len) {
    const size_t len = step(from(s, at), &next);
    if (used + next > columns && used > 0) break;
    used += next;
    at += len;
  }
  return at;
}

/* What wrapping carries from word to word. The list lies at `list`, the line so far is a run of the text: words in it keep the
 * spaces between them. */
struct wrap {
  lua_State *L;
  int list;
  lua_Integer n;
  size_t columns;
  struct ehlo_slice line;
  size_t used;
};

static void end_line(struct wrap *w) {
  lua_pushlstring(w->L, w->line.ptr, w->line.len);
  lua_rawseti(w->L, w->list, ++w->n);
  w->line = ehlo_slice_of("", 0);
  w->used = 0;
}

static void add_word(struct wrap *w, struct ehlo_slice word) {
  size_t columns = width_of(word);
  if (w->line.len > 0) {
    const size_t gap = (size_t)(word.ptr - (w->line.ptr + w->line.len));
    if (w->used + gap + columns <= w->columns) {
      w->line.len += gap + word.len;
      w->used += gap + columns;
      return;
    }
    end_line(w);
  }
  /* A link is of no use in pieces: the terminal may break it, and copying still works. */
  const bool link = ehlo_slice_find_nocase(word, ehlo_slice_str("://"), 0) != SIZE_MAX;
  while (columns > w->columns && !link) {
    w->line = ehlo_slice_of(word.ptr, fitting(word, w->columns));
    word = from(word, w->line.len);
    end_line(w);
    columns = width_of(word);
  }
  w->line = word;
  w->used = columns;
}

static void wrap_paragraph(struct wrap *w, struct ehlo_slice s) {
  size_t at = 0;
  while (at < s.len) {
    while (at < s.len && s.ptr[at] == ' ')
      at++;
    const size_t start = at;
    while (at < s.len && s.ptr[at] != ' ')
      at++;
    if (at > start) add_word(w, ehlo_slice_of(s.ptr + start, at - start));
  }
  end_line(w);
}

static int report_wrap(lua_State *L) {
  struct ehlo_slice s = ehlo_check_slice(L, 1);
  struct wrap w = {.L = L, .columns = check_columns(L, 2), .line = {"", 0}};
  lua_newtable(L);
  w.list = lua_gettop(L);
  for (;;) {
    const char *end = s.len > 0 ? memchr(s.ptr, '\n', s.len) : NULL;
    const size_t len = end ? (size_t)(end - s.ptr) : s.len;
    wrap_paragraph(&w, ehlo_slice_of(s.ptr, len));
    if (!end || len + 1 == s.len) return 1;
    s = from(s, len + 1);
  }
}

static int report_pad(lua_State *L) {
  static const char *const sides[] = {"left", "right", NULL};
  const struct ehlo_slice s = ehlo_check_slice(L, 1);
  const lua_Integer columns = luaL_checkinteger(L, 2);
  const bool right = luaL_checkoption(L, 3, "left", sides) == 1;
  luaL_argcheck(L, columns >= 0 && columns <= COLUMNS_MAX, 2, "columns from 0 to 10000");
  const size_t width = width_of(s);
  const size_t missing = width < (size_t)columns ? (size_t)columns - width : 0;
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  if (!right) luaL_addlstring(&b, s.ptr, s.len);
  memset(luaL_prepbuffsize(&b, missing + 1), ' ', missing);
  luaL_addsize(&b, missing);
  if (right) luaL_addlstring(&b, s.ptr, s.len);
  luaL_pushresult(&b);
  return 1;
}

/* The longest form of a byte is six: &quot; */
static int escaped(lua_State *L, int (*escape)(struct ehlo_slice, struct ehlo_buf *)) {
  const struct ehlo_slice s = ehlo_check_slice(L, 1);
  struct ehlo_buf *out = ehlo_scratch_push(L, s.len * 6 + 1);
  (void)escape(s, out);
  ehlo_scratch_finish(L, out);
  return 1;
}
static int report_escape(lua_State *L) {
  return escaped(L, ehlo_escape_terminal);
}
static int report_escape_html(lua_State *L) {
  return escaped(L, ehlo_escape_html);
}

int ehlo_open_report(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"width", report_width},
      {"wrap", report_wrap},
      {"pad", report_pad},
      {"escape", report_escape},
      {"escape_html", report_escape_html},
      {"json", ehlo_report_json},
      {NULL, NULL},
  };
  luaL_newlib(L, functions);
  lua_pushlightuserdata(L, NULL);
  lua_setfield(L, -2, "null");
  return 1;
}
