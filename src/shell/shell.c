/* Owns: making a shell and running a command line in it. Callers: main, tests. */
#include "ehlo/shell/shell.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ehlo/base/clock.h"
#include "ehlo/base/error.h"
#include "ehlo/core/catalogue.h"
#include "ehlo/lua/bindings.h"
#include "ehlo/lua/coroutines.h"
#include "ehlo/shell/interrupt.h"
#include "ehlo/shell/layers.h"
#include "ehlo/shell/prompt.h"
#include "ehlo/shell/scripts.h"
#include "ehlo/shell/terminal.h"

enum { EXIT_FAULT = 70, EXIT_INTERRUPTED = 130 };

/* guard(f, handler): f() so that Ctrl-C ends it. True and its result; false and what the handler made of an error; nil and "interrupted",
 * or "terminated" for SIGTERM where that is heeded. No Lua runs between an interrupted call and the end of the interrupt: it would fail
 * as well. */
static int guard(lua_State *L) {
  struct ehlo_context *context = ehlo_context_of(L);
  lua_settop(L, 2);
  lua_insert(L, 1);
  ehlo_interrupt_begin(context, L);
  const int status = lua_pcall(L, 0, 1, 1);
  const bool interrupted = context->interrupted, terminated = context->terminated;
  ehlo_interrupt_end(context, L);
  if (status != LUA_OK && interrupted) {
    lua_pushnil(L);
    lua_pushstring(L, terminated ? "terminated" : "interrupted");
    return 2;
  }
  lua_pushboolean(L, status == LUA_OK);
  lua_insert(L, -2);
  return 2;
}
static int heed_sigterm(lua_State *L) {
  (void)L;
  ehlo_interrupt_heed_sigterm();
  return 0;
}
static const struct {
  const char *word;
  unsigned bit;
} permissions[] = {{"safe", EHLO_ALLOW_SAFE},
                   {"recipient", EHLO_ALLOW_RECIPIENT},
                   {"login", EHLO_ALLOW_LOGIN},
                   {"intrusive", EHLO_ALLOW_INTRUSIVE},
                   {"send", EHLO_ALLOW_SEND}};
enum { PERMISSIONS = sizeof permissions / sizeof *permissions };

static unsigned permission_bit(const char *word) {
  for (size_t i = 0; i < PERMISSIONS; i++)
    if (strcmp(permissions[i].word, word) == 0) return permissions[i].bit;
  return 0;
}

/* allow("send"): leave for a kind of probe, as --allow gives it. False for an unknown word. */
static int allow(lua_State *L) {
  const unsigned bit = permission_bit(luaL_checkstring(L, 1));
  ehlo_context_of(L)->allow |= bit;
  lua_pushboolean(L, bit != 0);
  return 1;
}

/* allowed() -> the list of what there is leave for; allowed(list) puts that in its place. */
static int allowed(lua_State *L) {
  struct ehlo_context *context = ehlo_context_of(L);
  if (!lua_isnoneornil(L, 1)) {
    unsigned bits = 0;
    luaL_checktype(L, 1, LUA_TTABLE);
    for (lua_Integer i = 1; lua_geti(L, 1, i) == LUA_TSTRING; i++, lua_pop(L, 1))
      bits |= permission_bit(lua_tostring(L, -1));
    context->allow = bits;
  }
  lua_Integer n = 0;
  lua_newtable(L);
  for (size_t i = 0; i < PERMISSIONS; i++) {
    if (!(context->allow & permissions[i].bit)) continue;
    lua_pushstring(L, permissions[i].word);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

/* clock(): seconds from some moment on, for measuring how long things take. */
static int clock_now(lua_State *L) {
  lua_pushnumber(L, ehlo_clock_monotonic());
  return 1;
}

/* Found by require, not by a global: they are for scripts/lib. */
static void preload(lua_State *L, const char *module, lua_CFunction open) {
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushcfunction(L, open);
  lua_setfield(L, -2, module);
  lua_pop(L, 1);
}

/* Those that are modules in Lua. */
static int open_lua_module(lua_State *L, const char *name) {
  lua_createtable(L, 0, 1);
  lua_getglobal(L, "require");
  lua_pushfstring(L, "ehlo.%s", name);
  lua_call(L, 1, 1);
  lua_setfield(L, -2, name);
  return 1;
}
static int open_catalogue(lua_State *L) {
  return open_lua_module(L, "catalogue");
}
static int open_policy(lua_State *L) {
  return open_lua_module(L, "policy");
}
static int open_runbook(lua_State *L) {
  return open_lua_module(L, "runbook");
}

/* report.compare(...) is in Lua, and read at its first call. */
static int late_compare(lua_State *L) {
  const int n = lua_gettop(L);
  lua_getglobal(L, "require");
  lua_pushliteral(L, "ehlo.comparing");
  lua_call(L, 1, 1);
  lua_getfield(L, -1, "values");
  lua_insert(L, 1);
  lua_pop(L, 1);
  lua_call(L, n, 1);
  return 1;
}

static int open_report(lua_State *L) {
  ehlo_open_report(L);
  lua_pushcfunction(L, late_compare);
  lua_setfield(L, -2, "compare");
  return 1;
}

/* The tables of modules appear in the globals when the first of each is touched. */
static int late_global(lua_State *L) {
  static const struct {
    const char *name;
    lua_CFunction open;
  } rows[] = {{"smtp", ehlo_open_net}, {"dns", ehlo_open_net},    {"task", ehlo_open_net},
              {"http", ehlo_open_net}, {"mail", ehlo_open_mail},  {"catalogue", open_catalogue},
              {"policy", open_policy}, {"crypto", ehlo_open_net}, {"runbook", open_runbook}};
  const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  lua_CFunction open = NULL;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (strcmp(rows[i].name, key) == 0) open = rows[i].open;
  }
  if (!open) return 0;
  open(L);
  lua_pushnil(L);
  while (lua_next(L, -2)) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, 1);
  }
  lua_pushvalue(L, 2);
  lua_rawget(L, 1);
  return 1;
}

static void open_global(lua_State *L, const char *name, lua_CFunction open) {
  lua_pushcfunction(L, open);
  lua_call(L, 0, 1);
  lua_setglobal(L, name);
}

static int open_all(lua_State *L) {
  static const luaL_Reg functions[] = {{"guard", guard},     {"heed_sigterm", heed_sigterm}, {"allow", allow},
                                       {"allowed", allowed}, {"clock", clock_now},           {NULL, NULL}};
  struct ehlo_shell *s = lua_touserdata(L, 1);
  luaL_openlibs(L);
  ehlo_context_set(L, &s->context);
  ehlo_coroutines_replace(L);
  ehlo_scripts_open(L);
  lua_getglobal(L, "shell");
  luaL_setfuncs(L, functions, 0);
  lua_pushliteral(L, EHLO_VERSION);
  lua_setfield(L, -2, "version");
  open_global(L, "terminal", ehlo_terminal_open);
  open_global(L, "codes", ehlo_open_codes);
  open_global(L, "report", open_report);
  ehlo_prompt_open(L);
  preload(L, "ehlo.json", ehlo_open_json);
  preload(L, "ehlo.store", ehlo_open_store);
  preload(L, "ehlo.layer_files", ehlo_layers_open);
  lua_pushglobaltable(L);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, late_global);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  return 0;
}

static void find_folder(struct ehlo_shell *s, const char *folder) {
  if (folder) {
    snprintf(s->folder, sizeof s->folder, "%s", folder);
    return;
  }
  const ssize_t n = readlink("/proc/self/exe", s->folder, sizeof s->folder - 1);
  s->folder[n > 0 ? n : 0] = '\0';
  char *slash = strrchr(s->folder, '/');
  if (slash) *slash = '\0';
}

int ehlo_shell_init(struct ehlo_shell *s, const char *folder) {
  memset(s, 0, sizeof *s);
  find_folder(s, folder);
  s->context.catalogue = ehlo_catalogue_builtin();
  s->context.folder = s->folder;
  s->context.allow = EHLO_ALLOW_SAFE | EHLO_ALLOW_RECIPIENT;
  s->L = luaL_newstate();
  if (!s->L) return EHLO_E_MEMORY;
  lua_pushcfunction(s->L, open_all);
  lua_pushlightuserdata(s->L, s);
  if (lua_pcall(s->L, 1, 0, 0) == LUA_OK) return 0;
  fprintf(stderr, "ehlo: %s\n", lua_tostring(s->L, -1));
  ehlo_shell_fini(s);
  return EHLO_E_INTERNAL;
}

void ehlo_shell_fini(struct ehlo_shell *s) {
  if (s->L) lua_close(s->L);
  s->L = NULL;
}

static int traceback(lua_State *L) {
  luaL_traceback(L, L, luaL_tolstring(L, 1, NULL), 1);
  return 1;
}

int ehlo_shell_run(struct ehlo_shell *s, int argc, char **argv) {
  lua_State *L = s->L;
  lua_settop(L, 0);
  lua_pushcfunction(L, traceback);
  const struct ehlo_script *script = ehlo_script_find("lib/main");
  if (!script || luaL_loadbufferx(L, (const char *)script->chunk, script->size, script->name, "b") != LUA_OK) {
    fprintf(stderr, "ehlo: the program is incomplete: its script lib/main cannot be loaded\n");
    return EXIT_FAULT;
  }
  luaL_checkstack(L, argc, "too many arguments");
  for (int i = 1; i < argc; i++)
    lua_pushstring(L, argv[i]);
  if (lua_pcall(L, argc > 1 ? argc - 1 : 0, 1, 1) == LUA_OK) return (int)lua_tointeger(L, -1);
  if (s->context.interrupted) return EXIT_INTERRUPTED;
  fprintf(stderr, "ehlo: a fault of ehlo's own, please report it:\n%s\n", lua_tostring(L, -1));
  return EXIT_FAULT;
}
