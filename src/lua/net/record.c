/* Owns: the record of a session as a Lua object: fields made when they are read, so that 40,000 of them stay small. Callers: probe
 * results, and sessions, whose fields are the same. */
#include "../inner.h"
#include "inner.h"

#include <string.h>

#include "ehlo/core/capability.h"
#include "ehlo/core/record_json.h"

#define RECORD "ehlo.record"

static void push_string(lua_State *L, const char *text) {
  if (text && *text)
    lua_pushstring(L, text);
  else
    lua_pushnil(L);
}
static void set_string(lua_State *L, const char *key, const char *text) {
  push_string(L, text);
  lua_setfield(L, -2, key);
}
static void push_escaped(lua_State *L, struct ehlo_slice s) {
  struct ehlo_buf *shown = ehlo_scratch_push(L, 1 << 20);
  (void)ehlo_escape_terminal(s, shown);
  ehlo_scratch_finish(L, shown);
}

static void target(lua_State *L, const struct ehlo_record *r) {
  push_string(L, r->target);
}
static void host(lua_State *L, const struct ehlo_record *r) {
  push_string(L, r->host);
}
static void address(lua_State *L, const struct ehlo_record *r) {
  push_string(L, r->address);
}
static void port(lua_State *L, const struct ehlo_record *r) {
  if (r->port)
    lua_pushinteger(L, r->port);
  else
    lua_pushnil(L); /* a unix socket, or a program */
}
static void source(lua_State *L, const struct ehlo_record *r) {
  push_string(L, r->source);
}
static void source_ptr(lua_State *L, const struct ehlo_record *r) {
  push_string(L, r->source_ptr);
}
static void helo(lua_State *L, const struct ehlo_record *r) {
  push_string(L, r->helo);
}
static void started(lua_State *L, const struct ehlo_record *r) {
  lua_pushnumber(L, r->started);
}
static void helo_fallback(lua_State *L, const struct ehlo_record *r) {
  lua_pushboolean(L, r->helo_fallback);
}
static void anomalies(lua_State *L, const struct ehlo_record *r) {
  net_push_anomalies(L, ehlo_record_anomalies(r));
}
static void tls_level(lua_State *L, const struct ehlo_record *r) {
  lua_pushstring(L, ehlo_tls_level_name(r->tls_level));
}

static void outcome(lua_State *L, const struct ehlo_record *r) {
  struct ehlo_outcome o;
  ehlo_outcome_of(r, &o);
  lua_pushstring(L, o.word);
}
static void exit_status(lua_State *L, const struct ehlo_record *r) {
  struct ehlo_outcome o;
  ehlo_outcome_of(r, &o);
  lua_pushinteger(L, o.exit);
}
static void phase(lua_State *L, const struct ehlo_record *r) {
  struct ehlo_outcome o;
  ehlo_outcome_of(r, &o);
  lua_pushstring(L, ehlo_phase_name(o.phase));
}
static void reply(lua_State *L, const struct ehlo_record *r) {
  struct ehlo_outcome o;
  ehlo_outcome_of(r, &o);
  net_push_exchange_reply(L, r, o.exchange);
}

static void explanation(lua_State *L, const struct ehlo_record *r) {
  struct ehlo_outcome o;
  struct ehlo_reply decisive;
  ehlo_outcome_of(r, &o);
  if (o.exchange >= 0 && ehlo_record_reply(r, o.exchange, &decisive))
    ehlo_push_reply_explanation(L, &decisive, r->exchanges[o.exchange].phase);
  else
    lua_pushnil(L);
}

static void banner(lua_State *L, const struct ehlo_record *r) {
  struct ehlo_reply greeting;
  if (r->greeting < 0 || !ehlo_record_reply(r, r->greeting, &greeting)) {
    lua_pushnil(L);
    return;
  }
  struct ehlo_buf *text = ehlo_scratch_push(L, 1 << 20);
  (void)ehlo_reply_unfold(&greeting, text);
  push_escaped(L, ehlo_buf_slice(text));
  lua_remove(L, -2);
}

/* Keys are upper case, as RFC 5321 2.4 lets servers write them in any. */
static void push_upper(lua_State *L, struct ehlo_slice s) {
  luaL_Buffer b;
  char *out = luaL_buffinitsize(L, &b, s.len + 1);
  for (size_t i = 0; i < s.len; i++)
    out[i] = (char)ehlo_to_upper(s.ptr[i]);
  luaL_pushresultsize(&b, s.len);
}

static void capabilities(lua_State *L, const struct ehlo_record *r) {
  struct ehlo_reply ehlo;
  struct ehlo_capability c;
  if (!ehlo_record_capabilities(r, &ehlo)) {
    lua_pushnil(L);
    return;
  }
  lua_newtable(L);
  for (size_t at = 0; ehlo_capability_next(&ehlo, &at, &c);) {
    push_upper(L, c.keyword);
    push_escaped(L, c.params);
    lua_rawset(L, -3);
  }
}
static void capability_list(lua_State *L, const struct ehlo_record *r) {
  struct ehlo_reply ehlo;
  struct ehlo_capability c;
  lua_newtable(L);
  if (!ehlo_record_capabilities(r, &ehlo)) return;
  lua_Integer n = 0;
  for (size_t at = 0; ehlo_capability_next(&ehlo, &at, &c);) {
    lua_createtable(L, 0, 2);
    push_escaped(L, c.keyword);
    lua_setfield(L, -2, "keyword");
    push_escaped(L, c.params);
    lua_setfield(L, -2, "params");
    lua_rawseti(L, -2, ++n);
  }
}

static void push_certificate(lua_State *L, const struct ehlo_certificate *c) {
  lua_newtable(L);
  set_string(L, "subject", c->subject);
  set_string(L, "issuer", c->issuer);
  set_string(L, "key", c->key);
  set_string(L, "signature", c->signature);
  set_string(L, "sha256", c->sha256);
  lua_pushnumber(L, c->not_before);
  lua_setfield(L, -2, "not_before");
  lua_pushnumber(L, c->not_after);
  lua_setfield(L, -2, "not_after");
  lua_createtable(L, c->n_names, 0);
  for (int i = 0; i < c->n_names; i++) {
    lua_pushstring(L, c->names[i]);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "names");
}

static void push_pairs(lua_State *L, const char *word, const char *text) {
  lua_createtable(L, 0, 2);
  set_string(L, "word", word);
  set_string(L, "text", text);
}

/* {usage, selector, matching, data, depth}: depth nil where the record is about no certificate that was sent. */
static void push_pins(lua_State *L, const struct ehlo_tls_facts *f) {
  lua_createtable(L, f->n_pins, 0);
  for (int i = 0; i < f->n_pins; i++) {
    const struct ehlo_tls_pin *p = &f->pins[i];
    const struct {
      const char *key;
      int value;
    } numbers[] = {{"usage", p->usage}, {"selector", p->selector}, {"matching", p->matching}, {"depth", p->depth}};
    lua_createtable(L, 0, 5);
    set_string(L, "data", p->data);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
      if (numbers[k].value < 0) continue;
      lua_pushinteger(L, numbers[k].value);
      lua_setfield(L, -2, numbers[k].key);
    }
    lua_rawseti(L, -2, i + 1);
  }
}
static void tls(lua_State *L, const struct ehlo_record *r) {
  const struct ehlo_tls_facts *f = r->tls;
  if (!f) {
    lua_pushnil(L);
    return;
  }
  lua_newtable(L);
  set_string(L, "version", f->version);
  set_string(L, "cipher", f->cipher);
  set_string(L, "group", f->group);
  set_string(L, "alpn", f->alpn);
  set_string(L, "sni", f->sni);
  lua_pushinteger(L, f->bits);
  lua_setfield(L, -2, "bits");
  lua_pushboolean(L, f->trusted);
  lua_setfield(L, -2, "trusted");
  lua_pushboolean(L, f->resumed);
  lua_setfield(L, -2, "resumed");
  lua_createtable(L, f->n_chain, 0);
  for (int i = 0; i < f->n_chain; i++) {
    push_certificate(L, &f->chain[i]);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "chain");
  lua_createtable(L, f->n_verdicts, 0);
  for (int i = 0; i < f->n_verdicts; i++) {
    push_pairs(L, f->verdicts[i].word, f->verdicts[i].text);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "verdicts");
  push_pins(L, f);
  lua_setfield(L, -2, "tlsa");
}

static void timing(lua_State *L, const struct ehlo_record *r) {
  lua_newtable(L);
  for (int i = 0; i < EHLO_PHASES; i++) {
    if (r->timing[i] < 0) continue;
    lua_pushnumber(L, r->timing[i]);
    lua_setfield(L, -2, ehlo_phase_timing_name((enum ehlo_phase)i));
  }
  lua_pushnumber(L, r->total);
  lua_setfield(L, -2, "total");
}

static void findings(lua_State *L, const struct ehlo_record *r) {
  lua_createtable(L, r->n_findings, 0);
  for (int i = 0; i < r->n_findings; i++) {
    push_pairs(L, r->findings[i].word, r->findings[i].text);
    lua_rawseti(L, -2, i + 1);
  }
}

static void failure(lua_State *L, const struct ehlo_record *r) {
  if (!r->failure.error) {
    lua_pushnil(L);
    return;
  }
  lua_createtable(L, 0, 4);
  set_string(L, "error", ehlo_error_name(r->failure.error));
  set_string(L, "phase", ehlo_phase_name(r->failure.phase));
  set_string(L, "reason", r->failure.reason);
  set_string(L, "text", r->failure.text);
}

static void push_wire(lua_State *L, struct ehlo_slice s) {
  push_escaped(L, ehlo_slice_chomp(s));
}

static void exchanges(lua_State *L, const struct ehlo_record *r) {
  lua_createtable(L, r->n_exchanges, 0);
  for (int i = 0; i < r->n_exchanges; i++) {
    const struct ehlo_exchange *x = &r->exchanges[i];
    struct ehlo_transcript_entry entry;
    lua_createtable(L, 0, 5);
    set_string(L, "phase", ehlo_phase_timing_name(x->phase));
    if (x->sent >= 0 && ehlo_transcript_at(&r->transcript, x->sent, &entry)) {
      push_wire(L, entry.bytes);
      lua_setfield(L, -2, "sent");
    }
    if (x->received >= 0 && ehlo_transcript_at(&r->transcript, x->received, &entry)) {
      lua_pushnumber(L, entry.at);
      lua_setfield(L, -2, "at");
      net_push_exchange_reply(L, r, i);
      lua_setfield(L, -2, "reply");
      lua_pushnumber(L, x->seconds);
      lua_setfield(L, -2, "seconds");
    }
    lua_rawseti(L, -2, i + 1);
  }
}

static void transcript(lua_State *L, const struct ehlo_record *r) {
  static const char *const directions[] = {"sent", "received", "noted"};
  struct ehlo_transcript_entry entry;
  lua_Integer n = 0;
  lua_newtable(L);
  for (size_t at = 0; ehlo_transcript_next(&r->transcript, &at, &entry);) {
    lua_createtable(L, 0, 4);
    lua_pushnumber(L, entry.at);
    lua_setfield(L, -2, "at");
    set_string(L, "direction", directions[entry.direction]);
    set_string(L, "phase", ehlo_phase_timing_name(entry.phase));
    push_wire(L, entry.bytes);
    lua_setfield(L, -2, "text");
    lua_rawseti(L, -2, ++n);
  }
}

static void dns_secure(lua_State *L, const struct ehlo_record *r) {
  static const char *const words[] = {"bogus", "insecure", "secure"};
  if (r->dns_secure < -1 || r->dns_secure > 1)
    lua_pushnil(L);
  else
    lua_pushstring(L, words[r->dns_secure + 1]);
}

static void peer(lua_State *L, const struct ehlo_record *r) {
  lua_createtable(L, 0, 3);
  set_string(L, "host", r->host);
  set_string(L, "address", r->address);
  port(L, r);
  lua_setfield(L, -2, "port");
}

/* Every field, for reading and for pairs. */
static const struct {
  const char *name;
  void (*push)(lua_State *L, const struct ehlo_record *r);
} fields[] = {
    {"target", target},
    {"host", host},
    {"address", address},
    {"port", port},
    {"source", source},
    {"source_ptr", source_ptr},
    {"helo", helo},
    {"outcome", outcome},
    {"exit", exit_status},
    {"phase", phase},
    {"reply", reply},
    {"explanation", explanation},
    {"banner", banner},
    {"capabilities", capabilities},
    {"capability_list", capability_list},
    {"tls_level", tls_level},
    {"tls", tls},
    {"timing", timing},
    {"anomalies", anomalies},
    {"findings", findings},
    {"failure", failure},
    {"exchanges", exchanges},
    {"transcript", transcript},
    {"dns_secure", dns_secure},
    {"helo_fallback", helo_fallback},
    {"peer", peer},
    {"started", started},
};
enum { FIELDS = sizeof fields / sizeof *fields };

bool net_push_record_field(lua_State *L, const struct ehlo_record *r, const char *name) {
  for (size_t i = 0; i < FIELDS; i++) {
    if (strcmp(fields[i].name, name) != 0) continue;
    fields[i].push(L, r);
    return true;
  }
  return false;
}

static struct ehlo_record *check(lua_State *L) {
  return *(struct ehlo_record **)luaL_checkudata(L, 1, RECORD);
}

void net_push_record(lua_State *L, struct ehlo_record *r) {
  struct ehlo_record **box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = r;
  luaL_setmetatable(L, RECORD);
}

static int record_index(lua_State *L) {
  const struct ehlo_record *r = check(L);
  const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  if (!net_push_record_field(L, r, key)) lua_pushnil(L);
  return 1;
}

int net_next_record_field(lua_State *L, const struct ehlo_record *r, const char *key) {
  size_t i = 0;
  if (key) {
    while (i < FIELDS && strcmp(fields[i].name, key) != 0)
      i++;
    i++;
  }
  for (; i < FIELDS; i++) {
    lua_pushstring(L, fields[i].name);
    fields[i].push(L, r);
    if (!lua_isnil(L, -1)) return 2;
    lua_pop(L, 2);
  }
  lua_pushnil(L);
  return 1;
}

static int next_field(lua_State *L) {
  return net_next_record_field(L, check(L), luaL_optstring(L, 2, NULL));
}

static int record_pairs(lua_State *L) {
  (void)check(L);
  lua_pushcfunction(L, next_field);
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}

int net_push_record_json(lua_State *L, const struct ehlo_record *r) {
  const struct ehlo_context *context = ehlo_context_of(L);
  struct ehlo_buf *out = ehlo_scratch_push(L, 16u << 20);
  (void)ehlo_record_json(r, context ? context->catalogue : NULL, out);
  ehlo_scratch_finish(L, out);
  return 1;
}
static int record_json(lua_State *L) {
  return net_push_record_json(L, check(L));
}

static int record_tostring(lua_State *L) {
  const struct ehlo_record *r = check(L);
  struct ehlo_outcome o;
  ehlo_outcome_of(r, &o);
  lua_pushfstring(L, "%s: %s at %s", r->target, o.word, ehlo_phase_name(o.phase));
  return 1;
}

static int record_gc(lua_State *L) {
  struct ehlo_record **box = luaL_checkudata(L, 1, RECORD);
  ehlo_record_free(*box);
  *box = NULL;
  return 0;
}

void net_register_record(lua_State *L) {
  static const luaL_Reg meta[] = {{"__index", record_index},       {"__pairs", record_pairs}, {"__json", record_json},
                                  {"__tostring", record_tostring}, {"__gc", record_gc},       {NULL, NULL}};
  luaL_newmetatable(L, RECORD);
  luaL_setfuncs(L, meta, 0);
  lua_pushliteral(L, "record");
  lua_setfield(L, -2, "__name");
  lua_pop(L, 1);
}
