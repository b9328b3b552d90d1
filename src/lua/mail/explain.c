/* Owns: mails as Lua tables: mail.read gives the parts, mail.explain what the mail tells of deliveries. Callers: scripts. */
#include <string.h>

#include "ehlo/core/bounce.h"
#include "ehlo/core/content.h"
#include "ehlo/core/log_explain.h"
#include "ehlo/core/tally.h"
#include "ehlo/store/folder.h"
#include "inner.h"

#define WORK "ehlo.mail.work"
#define KEPT "ehlo.mail.kept"

enum { JSON_MAX = 64 << 20, SMALL = 1 << 16 };

/* What must be freed when Lua raises in between. Folders hold thousands of mails, so one is kept in the registry while it is not at
 * work, with its memory. */
struct work {
  struct ehlo_mail mail;
  struct ehlo_bounce bounce;
  struct ehlo_explanation explanation;
  struct ehlo_buf file, line;
};

static void clear(struct work *w) {
  ehlo_explanation_fini(&w->explanation);
  ehlo_bounce_fini(&w->bounce);
  ehlo_mail_fini(&w->mail);
  ehlo_buf_fini(&w->file);
  ehlo_buf_fini(&w->line);
}

static int work_gc(lua_State *L) {
  clear(lua_touserdata(L, 1));
  return 0;
}

/* On the stack until it is given back; what a finaliser explains meanwhile gets one of its own. */
static struct work *take_work(lua_State *L) {
  struct work *w = lua_getfield(L, LUA_REGISTRYINDEX, KEPT) == LUA_TUSERDATA ? lua_touserdata(L, -1) : NULL;
  if (!w) {
    lua_pop(L, 1);
    w = ehlo_work_push(L, WORK, sizeof *w, work_gc);
  }
  lua_pushnil(L);
  lua_setfield(L, LUA_REGISTRYINDEX, KEPT);
  ehlo_buf_reuse(&w->file, SMALL, SMALL);
  ehlo_buf_reuse(&w->line, JSON_MAX, SMALL);
  return w;
}

/* `index`: where it stands on the stack. What a large mail took is freed. */
static void give_back(lua_State *L, int index) {
  struct work *w = lua_touserdata(L, index);
  if (w->mail.raw.cap > SMALL || w->line.cap > SMALL) clear(w);
  lua_pushvalue(L, index);
  lua_setfield(L, LUA_REGISTRYINDEX, KEPT);
}

/* Whether there is a mail in `bytes`. */
static bool read_mail(lua_State *L, struct work *w, struct ehlo_slice bytes, enum ehlo_mail_scope scope) {
  const int error = ehlo_mail_read(bytes, scope, mail_open_mime(L), &w->mail);
  if (error == EHLO_E_MEMORY || (!error && ehlo_bounce_read(&w->mail, &w->bounce) != 0)) luaL_error(L, "out of memory");
  return !error;
}

static int push_no_mail(lua_State *L, int index) {
  give_back(L, index);
  lua_pushliteral(L, "there is no mail in it");
  return ehlo_push_failure(L, "syntax");
}

static void set_code(lua_State *L, const char *key, struct ehlo_enhanced code) {
  char text[EHLO_ENHANCED_TEXT];
  ehlo_set_slice(L, key, ehlo_slice_str(ehlo_enhanced_format(code, text)));
}

/* ---- mail.explain ---- */

static void push_message(lua_State *L, const struct ehlo_bounce *b) {
  lua_createtable(L, 0, 4);
  ehlo_set_slice(L, "from", b->from);
  ehlo_set_slice(L, "to", b->to);
  ehlo_set_slice(L, "subject", b->subject);
  ehlo_set_slice(L, "reporter", b->reporter);
}

static void push_recipient(lua_State *L, struct work *w, const struct ehlo_bounce_recipient *r) {
  if (ehlo_bounce_explain(ehlo_context_of(L)->catalogue, r, &w->explanation) == EHLO_E_MEMORY)
    luaL_error(L, "out of memory");
  ehlo_push_explanation(L, &w->explanation);
  ehlo_explanation_fini(&w->explanation);
  ehlo_set_slice(L, "address", r->address);
  ehlo_set_slice(L, "action", r->action);
  ehlo_set_slice(L, "host", r->host);
  ehlo_set_slice(L, "ip", r->ip);
  ehlo_set_slice(L, "said", r->said);
  set_code(L, "status", r->status);
  if (r->phase != EHLO_PHASES) ehlo_set_slice(L, "phase", ehlo_slice_str(ehlo_phase_name(r->phase)));
}

/* The line of JSON, made without tables: folders of mails are large. */
static int push_line(lua_State *L, struct work *w, struct ehlo_slice input) {
  if (ehlo_bounce_json(ehlo_context_of(L)->catalogue, &w->bounce, input, &w->line) == EHLO_E_MEMORY)
    luaL_error(L, "out of memory");
  if (w->line.error) luaL_error(L, "the text cannot be made: %s", ehlo_error_text(w->line.error));
  lua_pushlstring(L, w->line.data, w->line.len);
  return 1;
}

static int push_table(lua_State *L, struct work *w) {
  const struct ehlo_bounce *b = &w->bounce;
  lua_createtable(L, 0, 3);
  ehlo_set_slice(L, "kind", ehlo_slice_str(ehlo_mail_kind_name(b->kind)));
  push_message(L, b);
  lua_setfield(L, -2, "message");
  const bool explained = ehlo_bounce_tells(b);
  lua_createtable(L, explained ? b->n : 0, 0);
  for (int i = 0; explained && i < b->n; i++) {
    push_recipient(L, w, &b->recipients[i]);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "explanations");
  return 1;
}

/* mail.explain(bytes [, input]): with a name for the input, the line of NDJSON instead of a table. */
int mail_explain(lua_State *L) {
  const struct ehlo_slice bytes = ehlo_check_slice(L, 1);
  lua_settop(L, 2);
  struct work *w = take_work(L);
  if (!read_mail(L, w, bytes, EHLO_MAIL_REPORT)) return push_no_mail(L, 3);
  const int results = lua_type(L, 2) == LUA_TSTRING ? push_line(L, w, ehlo_check_slice(L, 2)) : push_table(L, w);
  give_back(L, 3);
  return results;
}

static int count(struct ehlo_tally *t, const struct ehlo_bounce_recipient *r, const struct ehlo_explanation *e,
                 struct ehlo_slice path) {
  struct ehlo_tally_item item = {.cause = e->cause, .retry = e->retry, .acts = e->acts, .address = r->address};
  item.place = ehlo_log_place(e->provider, r->host, r->address, &item.is_provider);
  item.queue_id = ehlo_slice_of("", 0);
  item.input = path;
  item.text = r->said;
  return ehlo_tally_add(t, &item, NULL);
}

/* Counts its recipients instead: the kind of mail, and how many they are. */
static int push_count(lua_State *L, struct work *w, struct ehlo_tally *t, struct ehlo_slice path) {
  const struct ehlo_bounce *b = &w->bounce;
  int n = 0;
  for (int i = 0; i < b->n && ehlo_bounce_tells(b); i++) {
    if (ehlo_bounce_arrived(b, &b->recipients[i])) continue; /* no failure */
    n++;
    int error = ehlo_bounce_explain(ehlo_context_of(L)->catalogue, &b->recipients[i], &w->explanation);
    if (!error) error = count(t, &b->recipients[i], &w->explanation, path);
    ehlo_explanation_fini(&w->explanation);
    if (error == EHLO_E_MEMORY) return luaL_error(L, "out of memory");
  }
  lua_pushstring(L, ehlo_mail_kind_name(b->kind));
  lua_pushinteger(L, n);
  return 2;
}

/* mail.explain_file(path [, tally]): the line of NDJSON for a small mail in a file by itself, nothing for any other file. */
int mail_explain_file(lua_State *L) {
  const struct ehlo_slice path = ehlo_check_slice(L, 1);
  struct ehlo_tally *tally = lua_isnoneornil(L, 2) ? NULL : mail_check_tally(L, 2);
  lua_settop(L, 2);
  struct work *w = take_work(L);
  const int error = ehlo_folder_read_small(path.ptr, &w->file);
  if (error == EHLO_E_MEMORY) return luaL_error(L, "out of memory");
  const struct ehlo_slice bytes = ehlo_buf_slice(&w->file);
  int results = 0;
  if (!error && ehlo_content_detect(bytes) == EHLO_CONTENT_MAIL && read_mail(L, w, bytes, EHLO_MAIL_REPORT))
    results = tally ? push_count(L, w, tally, path) : push_line(L, w, path);
  give_back(L, 3);
  return results;
}

/* ---- mail.read ---- */

static void push_headers(lua_State *L, const struct ehlo_mail *m, const struct ehlo_mail_part *part) {
  lua_createtable(L, part->n_headers, 0);
  for (int i = 0; i < part->n_headers; i++) {
    const struct ehlo_mail_header *header = &m->headers[part->header + i];
    lua_createtable(L, 0, 2);
    lua_pushlstring(L, header->name.ptr, header->name.len);
    lua_setfield(L, -2, "name");
    lua_pushlstring(L, header->value.ptr, header->value.len);
    lua_setfield(L, -2, "value");
    lua_rawseti(L, -2, i + 1);
  }
}

static void push_parts(lua_State *L, const struct ehlo_mail *m) {
  lua_createtable(L, m->n_parts, 0);
  for (int i = 0; i < m->n_parts; i++) {
    const struct ehlo_mail_part *part = &m->parts[i];
    lua_createtable(L, 0, 4);
    ehlo_set_slice(L, "type", part->type);
    lua_pushinteger(L, part->depth);
    lua_setfield(L, -2, "depth");
    ehlo_set_slice(L, "body", part->body);
    push_headers(L, m, part);
    lua_setfield(L, -2, "headers");
    lua_rawseti(L, -2, i + 1);
  }
}

static void push_status(lua_State *L, const struct ehlo_bounce *b) {
  lua_createtable(L, b->n, 0);
  for (int i = 0; i < b->n; i++) {
    const struct ehlo_bounce_recipient *r = &b->recipients[i];
    lua_createtable(L, 0, 6);
    ehlo_set_slice(L, "address", r->address);
    ehlo_set_slice(L, "action", r->action);
    ehlo_set_slice(L, "host", r->host);
    ehlo_set_slice(L, "said", r->said);
    set_code(L, "status", r->status);
    set_code(L, "enhanced", r->enhanced);
    if (r->code) {
      lua_pushinteger(L, r->code);
      lua_setfield(L, -2, "code");
    }
    lua_rawseti(L, -2, i + 1);
  }
}

int mail_read(lua_State *L) {
  const struct ehlo_slice bytes = ehlo_check_slice(L, 1);
  lua_settop(L, 1);
  struct work *w = take_work(L);
  if (!read_mail(L, w, bytes, EHLO_MAIL_ALL)) return push_no_mail(L, 2);
  lua_createtable(L, 0, 5);
  ehlo_set_slice(L, "kind", ehlo_slice_str(ehlo_mail_kind_name(w->bounce.kind)));
  push_message(L, &w->bounce);
  lua_setfield(L, -2, "message");
  push_headers(L, &w->mail, &w->mail.parts[0]);
  lua_setfield(L, -2, "headers");
  push_parts(L, &w->mail);
  lua_setfield(L, -2, "parts");
  push_status(L, &w->bounce);
  lua_setfield(L, -2, "status");
  give_back(L, 2);
  return 1;
}
