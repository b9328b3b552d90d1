/* Owns: explanations as Lua tables. Callers: the codes binding; sessions, for r:explain(). */
#include <string.h>

#include "ehlo/base/error.h"
#include "ehlo/core/escape.h"
#include "ehlo/lua/context.h"
#include "ehlo/lua/push.h"
#include "inner.h"

#define EXPLANATION "ehlo.explanation"
#define WORK "ehlo.explanation.work"

enum { TEXT_MAX = 1 << 20 };

/* The order of the JSON object; `address` is for bounces and logs, which name the recipient. */
static const char *const order[] = {"address",       "code",     "enhanced",      "cause", "retry",
                                    "acts",          "provider", "about",         "tag",   "verdicts",
                                    "suppress",      "links",    "meaning",       "fix",   "evidence",
                                    "evidence_kind", "phrase",   "contradiction", NULL};

static void add_text(struct ehlo_buf *out, lua_State *L, int index) {
  size_t len;
  const char *text = lua_tolstring(L, index, &len);
  (void)ehlo_escape_json(ehlo_slice_of(text, len), out);
}

static void add_list(struct ehlo_buf *out, lua_State *L, int index) {
  (void)ehlo_buf_add_char(out, '[');
  for (lua_Integer i = 1; lua_rawgeti(L, index, i) == LUA_TSTRING; i++) {
    if (i > 1) (void)ehlo_buf_add_char(out, ',');
    add_text(out, L, -1);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  (void)ehlo_buf_add_char(out, ']');
}

static int explanation_json(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  struct ehlo_buf *out = ehlo_scratch_push(L, TEXT_MAX);
  for (int i = 0; order[i]; i++) {
    int type = lua_getfield(L, 1, order[i]);
    if (type == LUA_TUSERDATA) type = lua_getfield(L, -1, "id"); /* the phrase */
    (void)ehlo_buf_addf(out, "%c\"%s\":", i == 0 ? '{' : ',', order[i]);
    if (type == LUA_TTABLE) {
      add_list(out, L, lua_gettop(L));
    } else if (lua_isinteger(L, -1)) {
      (void)ehlo_buf_addf(out, "%lld", (long long)lua_tointeger(L, -1));
    } else if (type == LUA_TSTRING) {
      add_text(out, L, -1);
    } else {
      (void)ehlo_buf_add_str(out, "null");
    }
    lua_settop(L, 2);
  }
  (void)ehlo_buf_add_char(out, '}');
  ehlo_scratch_finish(L, out);
  return 1;
}

/* Parts of it were said by a server, hence the escapes. */
static int explanation_tostring(lua_State *L) {
  static const char *const rows[][2] = {
      {"cause", ""},   {"retry", ", retry: "}, {"acts", ", acts: "},     {"meaning", "\n  "},
      {"fix", "\n  "}, {"evidence", "\n  "},   {"contradiction", "\n  "}};
  luaL_checktype(L, 1, LUA_TTABLE);
  struct ehlo_buf *out = ehlo_scratch_push(L, TEXT_MAX);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (lua_getfield(L, 1, rows[i][0]) == LUA_TSTRING) {
      (void)ehlo_buf_add_str(out, rows[i][1]);
      (void)ehlo_escape_terminal(ehlo_check_slice(L, -1), out);
    }
    lua_pop(L, 1);
  }
  ehlo_scratch_finish(L, out);
  return ehlo_push_text(L);
}

static const luaL_Reg metamethods[] = {
    {"__tostring", explanation_tostring}, {"__json", explanation_json}, {NULL, NULL}};

static void set_places(lua_State *L, const char *key, const struct ehlo_slice *places, int n) {
  lua_createtable(L, n, 0);
  for (int i = 0; i < n; i++) {
    lua_pushlstring(L, places[i].ptr, places[i].len);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, key);
}

void ehlo_push_explanation(lua_State *L, const struct ehlo_explanation *e) {
  char enhanced[EHLO_ENHANCED_TEXT];
  lua_createtable(L, 0, 20);
  if (e->code) {
    lua_pushinteger(L, e->code);
    lua_setfield(L, -2, "code");
  }
  ehlo_set_slice(L, "enhanced", ehlo_slice_str(ehlo_enhanced_format(e->enhanced, enhanced)));
  ehlo_set_slice(L, "cause", e->cause);
  ehlo_set_slice(L, "retry", e->retry);
  ehlo_set_slice(L, "acts", e->acts);
  ehlo_set_slice(L, "provider", e->provider);
  ehlo_set_slice(L, "meaning", e->meaning);
  ehlo_set_slice(L, "fix", e->fix);
  ehlo_set_slice(L, "suppress", e->suppress);
  ehlo_set_slice(L, "tag", e->tag);
  ehlo_set_slice(L, "evidence", ehlo_buf_slice(&e->evidence));
  ehlo_set_slice(L, "evidence_kind", ehlo_slice_str(e->evidence_kind));
  ehlo_set_slice(L, "contradiction", ehlo_buf_slice(&e->contradiction));
  ehlo_set_slice(L, "text", ehlo_buf_slice(&e->text));
  set_places(L, "about", e->about, e->n_about);
  set_places(L, "links", e->links, e->n_links);
  set_places(L, "verdicts", e->verdicts, e->n_verdicts);
  if (ehlo_entry_exists(e->phrase)) {
    ehlo_push_phrase(L, &e->phrase);
    lua_setfield(L, -2, "phrase");
  }
  ehlo_push_metatable(L, EXPLANATION, metamethods);
  lua_setmetatable(L, -2);
}

static int work_gc(lua_State *L) {
  ehlo_explanation_fini(lua_touserdata(L, 1));
  return 0;
}

static struct ehlo_explanation *push_work(lua_State *L) {
  return ehlo_work_push(L, WORK, sizeof(struct ehlo_explanation), work_gc);
}

void ehlo_push_reply_explanation(lua_State *L, const struct ehlo_reply *reply, enum ehlo_phase phase) {
  const struct ehlo_context *context = ehlo_context_of(L);
  if (!context || !context->catalogue) {
    lua_pushnil(L);
    return;
  }
  struct ehlo_explanation *e = push_work(L);
  if (ehlo_explain_reply(context->catalogue, reply, phase, e) != 0) luaL_error(L, "out of memory");
  ehlo_push_explanation(L, e);
  lua_remove(L, -2);
}

static enum ehlo_phase check_phase(lua_State *L, int index) {
  const char *word = luaL_checkstring(L, index);
  for (int p = 0; p < EHLO_PHASES; p++) {
    if (strcmp(word, ehlo_phase_name((enum ehlo_phase)p)) == 0) return (enum ehlo_phase)p;
  }
  const enum ehlo_phase phase = ehlo_phase_of_verb(word, strlen(word));
  if (phase != EHLO_PHASE_COMMAND) return phase;
  lua_pushfstring(L, "'%s' is no phase (greeting, ehlo, starttls, auth, mail, rcpt, data ...)", word);
  luaL_argerror(L, 2, lua_tostring(L, -1));
  return EHLO_PHASES;
}

int ehlo_codes_explain(lua_State *L) {
  static const char *const known[] = {"phase", NULL};
  if (ehlo_entry_card(L, 1)) {
    lua_getfield(L, 1, "code");
    lua_replace(L, 1);
  }
  const struct ehlo_slice text = ehlo_check_slice(L, 1);
  enum ehlo_phase phase = EHLO_PHASES;
  if (!lua_isnoneornil(L, 2)) {
    ehlo_check_options(L, 2, known);
    if (lua_getfield(L, 2, "phase") != LUA_TNIL) phase = check_phase(L, lua_gettop(L));
  }
  struct ehlo_explanation *e = push_work(L);
  const int error = ehlo_explain_text(ehlo_context_of(L)->catalogue, text, phase, e);
  if (error == EHLO_E_MEMORY) return luaL_error(L, "out of memory");
  if (error) {
    lua_pushliteral(L, "there is nothing to explain: give a reply such as '550 5.1.1 no such user', or a code");
    return ehlo_push_failure(L, "syntax");
  }
  ehlo_push_explanation(L, e);
  return 1;
}
