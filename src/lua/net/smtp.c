/* Owns: the smtp module: connect, probe, configure. Callers: scripts. */
#include "../inner.h"
#include "inner.h"

#include <string.h>

#include "ehlo/core/address.h"
#include "session.h"

#define PROBE "ehlo.probe"

static int probe_gc(lua_State *L) {
  ehlo_probe_fini(luaL_checkudata(L, 1, PROBE));
  return 0;
}

/* Which of the strings it was that could not be used, and why: they are looked at again, since the sentence names none. */
int smtp_push_malformed(lua_State *L, const char *target, const struct ehlo_probe_options *o, const char *why) {
  struct ehlo_mailbox m;
  struct ehlo_target t;
  const char *ignored, *what = "the EHLO name or source address",
                       *text = o->session.helo ? o->session.helo : o->session.source;
  if (target[0] != '/' && ehlo_address_target(ehlo_slice_str(target), &t, &ignored) != 0) {
    what = "the target";
    text = target;
  } else if (o->to && ehlo_address_mailbox(ehlo_slice_str(o->to), false, &m, &ignored) != 0) {
    what = "the recipient";
    text = o->to;
  } else if (o->from && ehlo_address_mailbox(ehlo_slice_str(o->from), true, &m, &ignored) != 0) {
    what = "the sender";
    text = o->from;
  }
  struct ehlo_buf *message = ehlo_scratch_push(L, 4096);
  (void)ehlo_buf_addf(message, "%s \"", what);
  (void)ehlo_escape_terminal(ehlo_slice_str(text ? text : ""), message);
  if (ehlo_buf_addf(message, "\" cannot be used. %s", why)) return net_push_error(L, EHLO_E_SYNTAX, "syntax", why);
  ehlo_scratch_finish(L, message);
  return net_push_error(L, EHLO_E_SYNTAX, "syntax", lua_tostring(L, -1));
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

static int probe(lua_State *L) {
  static const char *const known[] = {"helo",    "source",  "family",  "port",        "tls", "implicit_tls",
                                      "tls_min", "tls_max", "ca_file", "certificate", "key", "timeout",
                                      "step",    "from",    "to",      "auth",        NULL};
  const char *target = luaL_checkstring(L, 1);
  struct ehlo_probe_options options;
  net_read_options(L, 2, &options, known);
  if (options.session.timeout <= 0) options.session.timeout = 60;
  lua_settop(L, 2);
  struct ehlo_probe *p = lua_newuserdatauv(L, sizeof *p, 0);
  memset(p, 0, sizeof *p);
  luaL_setmetatable(L, PROBE);
  struct ehlo_auth_options auth;
  if (lua_istable(L, 2) && lua_getfield(L, 2, "auth") != LUA_TNIL) {
    net_read_auth(L, lua_gettop(L), &auth);
    options.auth = &auth;
  }
  const char *why = "";
  const int error = ehlo_probe_init(p, &net_of(L)->env, target, &options, &why);
  if (error == EHLO_E_SYNTAX) return smtp_push_malformed(L, target, &options, why);
  if (error || ehlo_probe_start(p) != 0)
    return luaL_error(L, "the probe could not be started: %s", ehlo_error_text(error));
  return net_await(L, &p->op, probe_finish, 3);
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
  lua_pushvalue(L, 1);
  lua_setfield(L, LUA_REGISTRYINDEX, "ehlo.resolver");
  ehlo_resolver_free(env->resolver);
  env->resolver = NULL;
  env->resolver_options = o;
  lua_pushboolean(L, 1);
  return 1;
}

int net_open_smtp(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"connect", smtp_connect}, {"probe", probe}, {"resolver", resolver}, {NULL, NULL}};
  luaL_newmetatable(L, PROBE);
  lua_pushcfunction(L, probe_gc);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  return 1;
}
