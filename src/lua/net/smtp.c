/* Owns: the smtp module: connect, probe, configure. Callers: scripts. */
#include "../inner.h"
#include "inner.h"

#include <string.h>

#include "session.h"

#define PROBE "ehlo.probe"

static int probe_gc(lua_State *L) {
  ehlo_probe_fini(luaL_checkudata(L, 1, PROBE));
  return 0;
}

/* The probe is on top of the caller's frame at `ctx`. Its record becomes an object; a probe that the world ended early has one too. */
static int probe_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  struct ehlo_probe *p = luaL_checkudata(L, (int)ctx, PROBE);
  if (p->op.error == EHLO_E_MEMORY) return luaL_error(L, "out of memory");
  net_push_record(L, NULL);
  *(struct ehlo_record **)lua_touserdata(L, -1) = ehlo_session_take_record(&p->session);
  ehlo_probe_fini(p);
  memset(p, 0, sizeof *p);
  return 1;
}

/* What the probe says beyond its plain commands. The texts made for it stay on the stack; where there is a table of options it is at 2. */
static void read_commands(lua_State *L, struct ehlo_probe_options *o) {
  lua_settop(L, 2);
  if (!lua_istable(L, 2)) return;
  if (lua_getfield(L, 2, "mail") != LUA_TNIL) o->mail_parameters = net_push_parameters(L, -1);
  if (lua_getfield(L, 2, "rcpt") != LUA_TNIL) o->rcpt_parameters = net_push_parameters(L, -1);
  if (lua_getfield(L, 2, "xclient") != LUA_TNIL) o->xclient = net_push_xclient(L, -1);
}

static int probe(lua_State *L) {
  static const char *const known[] = {
      NET_DIALLING_OPTIONS, "from", "to", "mail", "rcpt", "xclient", "lmtp", "auth", NULL};
  const char *target = luaL_checkstring(L, 1);
  struct ehlo_probe_options options;
  net_read_options(L, 2, &options, known);
  if (options.session.timeout <= 0) options.session.timeout = 60;
  read_commands(L, &options);
  struct ehlo_probe *p = lua_newuserdatauv(L, sizeof *p, 0);
  memset(p, 0, sizeof *p);
  luaL_setmetatable(L, PROBE);
  const int place = lua_gettop(L);
  struct ehlo_auth_options auth;
  if (lua_istable(L, 2) && lua_getfield(L, 2, "auth") != LUA_TNIL) {
    net_read_auth(L, lua_gettop(L), &auth);
    options.auth = &auth;
  }
  struct ehlo_unusable wrong;
  const int error = ehlo_probe_init(p, &net_of(L)->env, target, &options, &wrong);
  if (error == EHLO_E_SYNTAX) return net_push_unusable(L, &wrong);
  if (error || ehlo_probe_start(p) != 0)
    return luaL_error(L, "the probe could not be started: %s", ehlo_error_text(error));
  return net_await(L, &p->op, probe_finish, place);
}

/* probe_mx(domain, options): in Lua, for it is policies that decide. */
static int probe_mx(lua_State *L) {
  static const char *const known[] = {NET_DIALLING_OPTIONS, "from", "to", "mail", "rcpt", "xclient", "lmtp", "mta_sts",
                                      "concurrency",        NULL};
  (void)luaL_checkstring(L, 1);
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) {
    luaL_checktype(L, 2, LUA_TTABLE);
    ehlo_check_options(L, 2, known);
  }
  return net_call_script(L, "ehlo.probe_mx", "run");
}

/* Which resolver answers: {server = "ADDRESS[:PORT]", recursive = true, trust_anchor = FILE, hosts = FILE}. The strings are kept by the
 * registry for as long as the state lives. */
static int resolver(lua_State *L) {
  static const char *const known[] = {"server", "recursive", "trust_anchor", "hosts", NULL};
  luaL_checktype(L, 1, LUA_TTABLE);
  ehlo_check_options(L, 1, known);
  struct ehlo_smtp_env *env = &net_of(L)->env;
  struct ehlo_resolver_options o = {0};
  lua_settop(L, 1);
  lua_getfield(L, 1, "server");
  o.server = luaL_optstring(L, -1, NULL);
  lua_getfield(L, 1, "trust_anchor");
  o.trust_anchor = luaL_optstring(L, -1, NULL);
  lua_getfield(L, 1, "hosts");
  o.hosts = luaL_optstring(L, -1, NULL);
  lua_getfield(L, 1, "recursive");
  o.recursive = lua_toboolean(L, -1);
  const char *why = "";
  if (ehlo_resolver_check(&o, &why) != 0) return net_push_error(L, EHLO_E_SYNTAX, "syntax", why);
  if (env->resolver && ehlo_resolver_busy(env->resolver))
    return net_push_error(L, EHLO_E_BUSY, "busy",
                          "a task waits for an answer of the resolver: choose another before or after");
  lua_pushvalue(L, 1);
  lua_setfield(L, LUA_REGISTRYINDEX, "ehlo.resolver");
  ehlo_resolver_free(env->resolver);
  env->resolver = NULL;
  env->resolver_options = o;
  lua_pushboolean(L, 1);
  return 1;
}

/* witnesses{HOST, ...}: whom a probe that cannot connect asks whether this side is to blame; none with an empty list. */
static int witnesses(lua_State *L) {
  const char *names[EHLO_WITNESSES_MAX];
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  const lua_Integer n = (lua_Integer)lua_rawlen(L, 1);
  luaL_argcheck(L, n <= EHLO_WITNESSES_MAX, 1, "at most 8 hosts");
  for (lua_Integer i = 1; i <= n; i++) {
    luaL_argcheck(L, lua_rawgeti(L, 1, i) == LUA_TSTRING, 1, "a list of hosts, each a string");
    names[i - 1] = lua_tostring(L, -1); /* stays valid: the list holds it */
    lua_pop(L, 1);
  }
  const int error = ehlo_witnesses_choose(&net_of(L)->env.witnesses, names, (int)n);
  if (error == EHLO_E_SYNTAX) return net_push_error(L, error, "syntax", "A witness is a HOST or HOST:PORT.");
  if (error) return luaL_error(L, "%s", ehlo_error_text(error));
  lua_pushboolean(L, 1);
  return 1;
}

/* patience(SECONDS): sessions that are begun from now on end by then, whatever their own options grant; without a number they have all
 * their time again. */
static int patience(lua_State *L) {
  struct ehlo_smtp_env *env = &net_of(L)->env;
  const lua_Number seconds = luaL_optnumber(L, 1, 0);
  luaL_argcheck(L, seconds >= 0, 1, "a number of seconds");
  env->ends = seconds > 0 ? ehlo_loop_now(env->loop) + seconds : 0;
  return 0;
}

int net_open_smtp(lua_State *L) {
  static const luaL_Reg functions[] = {{"connect", smtp_connect},
                                       {"probe", probe},
                                       {"probe_mx", probe_mx},
                                       {"resolver", resolver},
                                       {"witnesses", witnesses},
                                       {"patience", patience},
                                       {NULL, NULL}};
  luaL_newmetatable(L, PROBE);
  lua_pushcfunction(L, probe_gc);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  return 1;
}
