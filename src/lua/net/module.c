/* Owns: the network module as Lua sees it: one loop and one environment a state, and the tables smtp, dns, http, crypto and task. Callers: the
 * program opens it on first use through luaopen_ehlo_net. */
#include "inner.h"

#include <string.h>

#include "ehlo/lua/coroutines.h"
#include "ehlo/net/http.h"
#include "ehlo/net/suffix.h"

#define NET "ehlo.net"

struct ehlo_net *net_of(lua_State *L) {
  lua_getfield(L, LUA_REGISTRYINDEX, NET);
  struct ehlo_net *net = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return net;
}

static int passed_on(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  (void)ctx;
  return lua_gettop(L);
}

int net_call_script(lua_State *L, const char *module, const char *function) {
  lua_getglobal(L, "require");
  lua_pushstring(L, module);
  lua_call(L, 1, 1);
  lua_getfield(L, -1, function);
  lua_insert(L, 1);
  lua_pop(L, 1);
  lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, passed_on);
  return passed_on(L, LUA_OK, 0);
}

static void wake(void *loop) {
  ehlo_loop_wake(loop);
}

/* Runs when the state closes, after everything that could hold a session. */
static int net_gc(lua_State *L) {
  struct ehlo_net *net = lua_touserdata(L, 1);
  if (net->context) {
    net->context->wake = NULL;
    net->context->wake_arg = NULL;
    net->context->abandon = NULL;
    net->context->end_tasks = NULL;
    net->context->abandon_arg = NULL;
  }
  ehlo_http_close(net->http);
  net->http = NULL;
  ehlo_suffixes_free(net->suffixes);
  net->suffixes = NULL;
  if (net->has_env) ehlo_smtp_env_fini(&net->env);
  ehlo_loop_free(net->loop);
  net->loop = NULL;
  return 0;
}

static void set_up(lua_State *L) {
  struct ehlo_net *net = lua_newuserdatauv(L, sizeof *net, 0);
  memset(net, 0, sizeof *net);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, net_gc);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  lua_setfield(L, LUA_REGISTRYINDEX, NET);
  net->context = ehlo_context_of(L);
  if (!net->context) {
    net->context = &net->own_context;
    net->own_context.allow = EHLO_ALLOW_SAFE | EHLO_ALLOW_RECIPIENT;
    ehlo_context_set(L, net->context);
    ehlo_coroutines_replace(L);
  }
  net->loop = ehlo_loop_new();
  if (!net->loop || ehlo_smtp_env_init(&net->env, net->loop) != 0)
    luaL_error(L, "the event loop could not be made: out of memory or of files");
  net->has_env = true;
  net->context->wake_arg = net->loop;
  net->context->wake = wake;
  net->context->abandon_arg = net;
  net->context->abandon = net_abandon;
  net->context->end_tasks = net_end_tasks;
}

__attribute__((visibility("default"))) int luaopen_ehlo_net(lua_State *L);

int luaopen_ehlo_net(lua_State *L) {
  static const struct {
    const char *name;
    lua_CFunction open;
  } modules[] = {{"task", net_open_task},
                 {"smtp", net_open_smtp},
                 {"dns", net_open_dns},
                 {"http", net_open_http},
                 {"crypto", net_open_crypto}};
  set_up(L);
  net_register_faults(L);
  net_register_reply(L);
  net_register_record(L);
  net_register_session(L);
  net_open_store(L);
  lua_setfield(L, LUA_REGISTRYINDEX, "ehlo.store");
  lua_newtable(L);
  for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
    modules[i].open(L);
    lua_setfield(L, -2, modules[i].name);
  }
  lua_getfield(L, -1, "smtp");
  net_open_listener(L);
  lua_setfield(L, -2, "listen");
  lua_pop(L, 1);
  return 1;
}
