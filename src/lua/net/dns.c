/* Owns: the dns module: records by type, addresses, and the host that takes a domain's mail. Callers: scripts. */
#include "dns.h"

#include <stdio.h>
#include <string.h>

#include "ehlo/base/memory.h"

#define QUERY "ehlo.query"

/* One question as an op: the answer's bytes are kept until the coroutine reads them. Small, for there may be thousands in wait of the collector. */
struct query {
  struct ehlo_op op;
  struct ehlo_net *net;
  struct ehlo_question *question;
  struct ehlo_buf packet;
  union {
    struct ehlo_dns_answer answer; /* of a question for records */
    struct ehlo_addresses found;   /* of one for addresses */
  };
  struct ehlo_endpoint *list;
  uint16_t type;
  double deadline;
  int hops;    /* aliases that were followed to see whether they run in a circle */
  char name[]; /* as it was asked for */
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

static struct query *query_new(lua_State *L, const char *name) {
  const size_t room = strlen(name) + 1;
  struct query *q = lua_newuserdatauv(L, sizeof *q + room, 0);
  memset(q, 0, sizeof *q);
  memcpy(q->name, name, room);
  q->net = net_of(L);
  ehlo_op_init(&q->op, q->net->loop, stopped);
  ehlo_buf_init(&q->packet, 128 * 1024);
  luaL_setmetatable(L, QUERY);
  return q;
}

/* One step along the aliases of a name for which the servers failed: as long as it goes on, the next is asked. An honest chain
 * has ended by HOPS; what is left is a circle. Nothing else changes the answer that is there. */
enum { HOPS = 16, HOPS_SECONDS = 3 };

static void follow(struct query *q, const char *name);

static void followed(void *arg, const struct ehlo_dns_answer *answer) {
  struct query *q = arg;
  struct ehlo_dns_record r;
  char name[EHLO_DNS_NAME], target[EHLO_DNS_NAME];
  q->question = NULL;
  if (!answer->error && answer->rcode == 0) {
    ehlo_dnsmsg_question(&answer->message, name);
    if (ehlo_dnsmsg_alias(&answer->message, name, &r, target) > 0) {
      if (++q->hops < HOPS) {
        follow(q, target);
        return;
      }
      q->answer.reason = "loop";
      snprintf(q->answer.why, sizeof q->answer.why, "its aliases (CNAME) lead in a circle");
    }
  }
  ehlo_op_finish(&q->op, 0);
}

static void follow(struct query *q, const char *name) {
  struct ehlo_net *net = q->net;
  const double soon = ehlo_loop_now(net->loop) + HOPS_SECONDS;
  const double deadline = soon < q->deadline ? soon : q->deadline;
  if (ehlo_resolver_ask(net->env.resolver, name, EHLO_RR_CNAME, deadline, followed, q, &q->question))
    ehlo_op_finish(&q->op, 0);
}

static void answered(void *arg, const struct ehlo_dns_answer *answer) {
  struct query *q = arg;
  q->question = NULL;
  q->answer = *answer;
  if (!answer->error) (void)ehlo_buf_add_slice(&q->packet, answer->message.bytes);
  if (answer->error && answer->reason && strcmp(answer->reason, "servfail") == 0 && q->type != EHLO_RR_CNAME) {
    follow(q, q->name);
    return;
  }
  ehlo_op_finish(&q->op, 0);
}

static int push_failure(lua_State *L, const char *name, int error, const char *reason, const char *why) {
  char message[EHLO_DNS_NAME + 300];
  const char *text = why && *why ? why : reason ? reason : ehlo_error_text(error);
  const bool named = ehlo_slice_find_nocase(ehlo_slice_str(text), ehlo_slice_str(name), 0) != SIZE_MAX;
  snprintf(message, sizeof message, "%s%s%s", named ? "" : name, named ? "" : ": ", text);
  net_push_error(L, error ? error : EHLO_E_DNS, "dns-failed", message);
  lua_pushliteral(L, "dns");
  lua_setfield(L, -2, "phase");
  lua_pushstring(L, reason);
  lua_setfield(L, -2, "reason");
  return 3;
}

static int push_bad(lua_State *L, const char *name, const char *reason) {
  const bool loop = strcmp(reason, "loop") == 0;
  return push_failure(L, name, EHLO_E_DNS, reason,
                      loop ? "its aliases (CNAME) lead in a circle" : "the answer is malformed");
}

/* An answer that a name does not exist tells, besides, whether that was proved, and which name of a chain it is. */
static int push_refusal(lua_State *L, struct query *q) {
  const struct ehlo_dns_answer *a = &q->answer;
  const bool denied = !a->error && a->reason && strcmp(a->reason, "nxdomain") == 0,
             secure = a->security == EHLO_DNS_SECURE;
  struct ehlo_dnsmsg m;
  push_failure(L, q->name, a->error, a->reason, a->why);
  if (!denied || ehlo_dnsmsg_open(ehlo_buf_slice(&q->packet), &m) != 0) return 3;
  (void)dns_set_chain(L, &m, secure);
  lua_pushboolean(L, secure);
  lua_setfield(L, -2, "secure");
  lua_getfield(L, -1, "canonical");
  lua_getfield(L, -2, "aliases");
  if (lua_rawlen(L, -1) > 0) {
    lua_pushfstring(L, "%s: it is an alias (CNAME) of %s, which does not exist", q->name, lua_tostring(L, -2));
    lua_replace(L, -5);
  }
  lua_pop(L, 2);
  return 3;
}

/* Records of the type asked for; a name that exists without any gives an empty list. */
static int query_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  struct query *q = luaL_checkudata(L, (int)ctx, QUERY);
  const struct ehlo_dns_answer *a = &q->answer;
  if (q->op.error) return push_failure(L, q->name, q->op.error, a->reason, a->why);
  if (a->error || a->security < 0 || a->rcode != 0) return push_refusal(L, q);
  struct ehlo_dnsmsg m;
  if (ehlo_dnsmsg_open(ehlo_buf_slice(&q->packet), &m) != 0) return push_bad(L, q->name, "malformed");
  const char *trouble = dns_push_list(L, &m, q->type, a->security == EHLO_DNS_SECURE);
  if (trouble) return push_bad(L, q->name, trouble);
  ehlo_buf_fini(&q->packet);
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
  struct query *q = query_new(L, name);
  const int place = lua_gettop(L);
  q->type = type;
  q->deadline = deadline;
  if (ehlo_op_start(&q->op, 0) != 0) return luaL_error(L, "out of memory");
  const int error = ehlo_resolver_ask(resolver, q->name, type, deadline, answered, q, &q->question);
  if (error) return push_failure(L, name, error, "name", "this is no name that DNS could hold");
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
  struct query *q = query_new(L, name);
  const int place = lua_gettop(L);
  if (ehlo_op_start(&q->op, 0) != 0) return luaL_error(L, "out of memory");
  struct ehlo_question *question = NULL;
  const int error = ehlo_resolver_addresses(resolver, q->name, 0, deadline, found, q, &question);
  if (error) return push_failure(L, name, error, "name", "this is no name that DNS could hold");
  q->question = question;
  return net_await(L, &q->op, addresses_finish, place);
}

int net_open_dns(lua_State *L) {
  static const luaL_Reg functions[] = {{"query", query}, {"addresses", addresses}, {NULL, NULL}};
  luaL_newmetatable(L, QUERY);
  lua_pushcfunction(L, query_gc);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  luaL_setfuncs(L, dns_names, 0);
  for (const struct dns_type *row = dns_types; row->name; row++) {
    lua_pushinteger(L, row->type);
    lua_pushcclosure(L, row->type == EHLO_RR_PTR ? ptr : by_type, 1);
    lua_setfield(L, -2, row->name);
  }
  return 1;
}
