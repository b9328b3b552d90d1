/* Owns: the dns module: records by type, addresses, and the host that takes a domain's mail. Callers: scripts. */
#include "inner.h"

#include <stdio.h>
#include <string.h>

#include "ehlo/base/memory.h"
#include "ehlo/core/dnsmsg.h"

#define QUERY "ehlo.query"

/* One question as an op: the answer's bytes are kept until the coroutine reads them. */
struct query {
  struct ehlo_op op;
  struct ehlo_question *question;
  struct ehlo_buf packet;
  struct ehlo_dns_answer answer;
  struct ehlo_addresses found;
  struct ehlo_endpoint *list;
  uint16_t type;
  char name[EHLO_DNS_NAME];
};

static void stopped(struct ehlo_op *op) {
  struct query *q = (struct query *)op; /* its first member */
  if (q->question) ehlo_question_cancel(q->question);
  q->question = NULL;
}

static int query_gc(lua_State *L) {
  struct query *q = luaL_checkudata(L, 1, QUERY);
  ehlo_op_fini(&q->op);
  ehlo_buf_fini(&q->packet);
  ehlo_memory_free(q->list);
  q->list = NULL;
  return 0;
}

static struct query *query_new(lua_State *L) {
  struct query *q = lua_newuserdatauv(L, sizeof *q, 0);
  memset(q, 0, sizeof *q);
  ehlo_op_init(&q->op, net_of(L)->loop, stopped);
  ehlo_buf_init(&q->packet, 128 * 1024);
  luaL_setmetatable(L, QUERY);
  return q;
}

static void answered(void *arg, const struct ehlo_dns_answer *answer) {
  struct query *q = arg;
  q->question = NULL;
  q->answer = *answer;
  if (!answer->error) (void)ehlo_buf_add_slice(&q->packet, answer->message.bytes);
  ehlo_op_finish(&q->op, 0);
}

static void push_security(lua_State *L, int security) {
  if (security < 0)
    lua_pushliteral(L, "bogus");
  else
    lua_pushboolean(L, security > 0);
}

static void set_name(lua_State *L, const char *key, const char *name) {
  lua_pushstring(L, name);
  lua_setfield(L, -2, key);
}

static void push_address(lua_State *L, const struct ehlo_dns_record *r) {
  struct ehlo_endpoint e = {.family = r->type == EHLO_RR_A ? 4 : 6};
  char text[EHLO_ENDPOINT_TEXT];
  if (r->rdata.len != (e.family == 4 ? 4u : 16u)) return;
  memcpy(e.bytes, r->rdata.ptr, r->rdata.len);
  set_name(L, "address", ehlo_endpoint_text(&e, text));
}

static void push_txt(lua_State *L, const struct ehlo_dns_record *r) {
  struct ehlo_slice part;
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (size_t at = 0; ehlo_dns_txt_next(r, &at, &part) > 0;)
    luaL_addlstring(&b, part.ptr, part.len);
  luaL_pushresult(&b);
  lua_setfield(L, -2, "text");
}

static void push_tlsa(lua_State *L, const struct ehlo_dns_record *r) {
  static const char digits[] = "0123456789abcdef";
  struct ehlo_dns_pin pin;
  if (ehlo_dns_tlsa(r, &pin) != 0) return;
  lua_pushinteger(L, pin.usage);
  lua_setfield(L, -2, "usage");
  lua_pushinteger(L, pin.selector);
  lua_setfield(L, -2, "selector");
  lua_pushinteger(L, pin.matching);
  lua_setfield(L, -2, "matching");
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (size_t i = 0; i < pin.data.len; i++) {
    const unsigned char byte = (unsigned char)pin.data.ptr[i];
    luaL_addchar(&b, digits[byte >> 4]);
    luaL_addchar(&b, digits[byte & 15]);
  }
  luaL_pushresult(&b);
  lua_setfield(L, -2, "data");
}

static void push_record(lua_State *L, const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r, int security) {
  char name[EHLO_DNS_NAME];
  uint16_t preference;
  lua_createtable(L, 0, 5);
  set_name(L, "name", r->name);
  lua_pushinteger(L, r->ttl);
  lua_setfield(L, -2, "ttl");
  push_security(L, security);
  lua_setfield(L, -2, "secure");
  switch (r->type) {
  case EHLO_RR_A:
  case EHLO_RR_AAAA: push_address(L, r); break;
  case EHLO_RR_MX:
    if (ehlo_dns_mx(m, r, &preference, name) != 0) break;
    lua_pushinteger(L, preference);
    lua_setfield(L, -2, "preference");
    set_name(L, "host", name);
    break;
  case EHLO_RR_PTR:
  case EHLO_RR_NS:
  case EHLO_RR_CNAME:
    if (ehlo_dns_target(m, r, name) == 0) set_name(L, "host", name);
    break;
  case EHLO_RR_TXT: push_txt(L, r); break;
  case EHLO_RR_TLSA: push_tlsa(L, r); break;
  default: break;
  }
  lua_pushlstring(L, r->rdata.ptr, r->rdata.len);
  lua_setfield(L, -2, "rdata");
}

static int push_failure(lua_State *L, const char *name, int error, const char *reason, const char *why) {
  char message[EHLO_DNS_NAME + 300];
  snprintf(message, sizeof message, "%s: %s", name, why && *why ? why : reason ? reason : ehlo_error_text(error));
  net_push_error(L, error ? error : EHLO_E_DNS, "dns-failed", message);
  lua_pushliteral(L, "dns");
  lua_setfield(L, -2, "phase");
  lua_pushstring(L, reason);
  lua_setfield(L, -2, "reason");
  return 3;
}

/* Records of the type asked for; a name that exists without any gives an empty list. */
static int query_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  struct query *q = luaL_checkudata(L, (int)ctx, QUERY);
  const struct ehlo_dns_answer *a = &q->answer;
  if (q->op.error || a->error || a->security < 0 || a->rcode != 0)
    return push_failure(L, q->name, q->op.error ? q->op.error : a->error, a->reason, a->why);
  struct ehlo_dnsmsg m;
  struct ehlo_dns_record r;
  lua_newtable(L);
  if (ehlo_dnsmsg_open(ehlo_buf_slice(&q->packet), &m) != 0)
    return push_failure(L, q->name, EHLO_E_DNS, "malformed", "the answer is malformed");
  lua_Integer n = 0;
  for (size_t at = 0; ehlo_dnsmsg_next(&m, &at, &r) > 0;) {
    if (r.type != q->type) continue;
    push_record(L, &m, &r, a->security);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

static double deadline_of(lua_State *L, int index) {
  static const char *const known[] = {"timeout", NULL};
  double seconds = 12;
  if (!lua_isnoneornil(L, index)) {
    luaL_checktype(L, index, LUA_TTABLE);
    ehlo_check_options(L, index, known);
    lua_getfield(L, index, "timeout");
    seconds = luaL_optnumber(L, -1, 12);
    luaL_argcheck(L, seconds > 0 && seconds < 3600, index, "timeout: seconds, more than 0");
    lua_pop(L, 1);
  }
  return ehlo_loop_now(net_of(L)->loop) + seconds;
}

static int ask(lua_State *L, const char *name, uint16_t type, int options) {
  const double deadline = deadline_of(L, options);
  struct ehlo_net *net = net_of(L);
  struct ehlo_resolver *resolver = ehlo_smtp_env_resolver(&net->env);
  if (!resolver) return luaL_error(L, "out of memory");
  struct query *q = query_new(L);
  const int place = lua_gettop(L);
  q->type = type;
  snprintf(q->name, sizeof q->name, "%s", name);
  if (ehlo_op_start(&q->op, 0) != 0) return luaL_error(L, "out of memory");
  struct ehlo_question *question = NULL;
  const int error = ehlo_resolver_ask(resolver, q->name, type, deadline, answered, q, &question);
  if (error) return push_failure(L, name, error, "name", "this is no name that DNS could hold");
  q->question = question;
  return net_await(L, &q->op, query_finish, place);
}

static int by_type(lua_State *L) {
  return ask(L, luaL_checkstring(L, 1), (uint16_t)lua_tointeger(L, lua_upvalueindex(1)), 2);
}

static int ptr(lua_State *L) {
  struct ehlo_endpoint e;
  char name[80];
  if (ehlo_endpoint_read(ehlo_slice_str(luaL_checkstring(L, 1)), 0, &e) != 0 || (e.family != 4 && e.family != 6))
    return luaL_argerror(L, 1, "an IP address");
  ehlo_endpoint_reverse(&e, name);
  return ask(L, name, EHLO_RR_PTR, 2);
}

static int query(lua_State *L) {
  const char *word = luaL_checkstring(L, 2);
  const uint16_t type = ehlo_rrtype_from(ehlo_slice_str(word));
  luaL_argcheck(L, type != 0, 2, "a record type such as \"MX\"");
  return ask(L, luaL_checkstring(L, 1), type, 3);
}

static void found(void *arg, const struct ehlo_addresses *all) {
  struct query *q = arg;
  q->question = NULL;
  q->found = *all;
  q->found.list = NULL;
  if (all->n > 0) q->list = ehlo_memory_zalloc((size_t)all->n, sizeof *q->list);
  if (q->list) memcpy(q->list, all->list, (size_t)all->n * sizeof *q->list);
  ehlo_op_finish(&q->op, all->n > 0 && !q->list ? EHLO_E_MEMORY : 0);
}

static int addresses_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  struct query *q = luaL_checkudata(L, (int)ctx, QUERY);
  if (q->op.error || q->found.error)
    return push_failure(L, q->name, q->op.error ? q->op.error : q->found.error, q->found.reason, q->found.why);
  lua_createtable(L, q->found.n, 0);
  for (int i = 0; i < q->found.n; i++) {
    char text[EHLO_ENDPOINT_TEXT];
    lua_pushstring(L, ehlo_endpoint_text(&q->list[i], text));
    lua_rawseti(L, -2, i + 1);
  }
  return 1;
}

/* addresses(name): as a probe would try them, hosts file included. */
static int addresses(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  const double deadline = deadline_of(L, 2);
  struct ehlo_resolver *resolver = ehlo_smtp_env_resolver(&net_of(L)->env);
  if (!resolver) return luaL_error(L, "out of memory");
  struct query *q = query_new(L);
  const int place = lua_gettop(L);
  snprintf(q->name, sizeof q->name, "%s", name);
  if (ehlo_op_start(&q->op, 0) != 0) return luaL_error(L, "out of memory");
  struct ehlo_question *question = NULL;
  const int error = ehlo_resolver_addresses(resolver, q->name, 0, deadline, found, q, &question);
  if (error) return push_failure(L, name, error, "name", "this is no name that DNS could hold");
  q->question = question;
  return net_await(L, &q->op, addresses_finish, place);
}

int net_open_dns(lua_State *L) {
  static const struct {
    const char *name;
    uint16_t type;
  } types[] = {{"a", EHLO_RR_A},   {"aaaa", EHLO_RR_AAAA},   {"mx", EHLO_RR_MX},    {"txt", EHLO_RR_TXT},
               {"ns", EHLO_RR_NS}, {"cname", EHLO_RR_CNAME}, {"tlsa", EHLO_RR_TLSA}};
  static const luaL_Reg functions[] = {{"ptr", ptr}, {"query", query}, {"addresses", addresses}, {NULL, NULL}};
  luaL_newmetatable(L, QUERY);
  lua_pushcfunction(L, query_gc);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    lua_pushinteger(L, types[i].type);
    lua_pushcclosure(L, by_type, 1);
    lua_setfield(L, -2, types[i].name);
  }
  return 1;
}
