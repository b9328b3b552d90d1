/* Owns: the Lua module ehlo.line_editor: reading lines through the module ehlo-prompt.so, which is opened here and late, and
 * running what was read so that Ctrl-C ends that and nothing else. Callers: the prompt's Lua side. */
#include <dlfcn.h>
#include <errno.h>
#include <lauxlib.h>
#include <lua.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ehlo/base/clock.h"
#include "ehlo/base/memory.h"
#include "ehlo/lua/context.h"
#include "ehlo/shell/interrupt.h"
#include "ehlo/shell/line_editor.h"
#include "ehlo/shell/prompt.h"
#include "ehlo/store/private_file.h"

enum { HISTORY_MAX = 2000, CANDIDATES_MAX = 2000, PAUSE_SLICE_MS = 50 };

/* Lives in a userdata, the upvalue of every function here. */
struct prompt {
  const struct ehlo_line_editor *editor;
  struct ehlo_line_completer completer;
  lua_State *L; /* whoever reads now */
  int found;    /* stack index of the candidates while completing, 0 otherwise */
};

static const char completer_key; /* its address is the registry key of the completing function */

static struct prompt *self(lua_State *L) {
  return lua_touserdata(L, lua_upvalueindex(1));
}

static void block_interrupt(int how) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigprocmask(how, &set, NULL);
}

/* completer(line, start, length, again) -> list, whether file names may be offered, what to show instead. */
static int call_completer(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &completer_key);
  lua_pushstring(L, lua_touserdata(L, 1)); /* made a string here, where running out of memory does no harm */
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  lua_pushvalue(L, 4);
  lua_call(L, 4, 3);
  luaL_checktype(L, -3, LUA_TTABLE);
  return 3;
}

static int push_question(lua_State *L, const char *line, size_t start, size_t len, int again) {
  if (!lua_checkstack(L, 16)) return 0;
  lua_pushcfunction(L, call_completer);
  lua_pushlightuserdata(L, (void *)(uintptr_t)line);
  lua_pushinteger(L, (lua_Integer)start);
  lua_pushinteger(L, (lua_Integer)len);
  lua_pushboolean(L, again);
  return 1;
}

/* A fault while completing must cost no more than the completion. */
static size_t begin_completion(void *arg, const char *line, size_t start, size_t len, int again, int *files,
                               const char **text) {
  struct prompt *p = arg;
  lua_State *L = p->L;
  p->found = lua_gettop(L);
  *files = 0;
  *text = NULL;
  if (!push_question(L, line, start, len, again) || lua_pcall(L, 4, 3, 0) != LUA_OK) return 0;
  *files = lua_toboolean(L, -2);
  if (lua_type(L, -1) == LUA_TSTRING) *text = lua_tostring(L, -1);
  const size_t count = lua_rawlen(L, -3);
  return count < CANDIDATES_MAX ? count : CANDIDATES_MAX;
}

static const char *candidate(void *arg, size_t index) {
  struct prompt *p = arg;
  lua_settop(p->L, p->found + 3);
  return lua_rawgeti(p->L, p->found + 1, (lua_Integer)index + 1) == LUA_TSTRING ? lua_tostring(p->L, -1) : NULL;
}

static void end_completion(void *arg) {
  struct prompt *p = arg;
  lua_settop(p->L, p->found);
}

static int push_result(lua_State *L, int result, int detail, int error) {
  static const char *const words[] = {"line", "eof", "interrupt", "signal", "broken"};
  lua_pushnil(L);
  lua_pushstring(L, words[result]);
  if (result == EHLO_LINE_SIGNALLED) {
    lua_pushinteger(L, detail);
  } else if (result == EHLO_LINE_INTERRUPTED) {
    lua_pushboolean(L, detail);
  } else {
    lua_pushstring(L, strerror(error));
  }
  return 3;
}

/* read(prompt) -> line | nil, "eof" | nil, "interrupt", whether nothing was typed | nil, "signal", number | nil, "broken", why */
static int read_line(lua_State *L) {
  struct prompt *p = self(L);
  const char *prompt = luaL_checkstring(L, 1);
  char *line = NULL;
  int signo = 0;
  p->L = L;
  const int result = p->editor->read(prompt, &line, &signo);
  const int error = errno;
  p->L = NULL;
  if (result == EHLO_LINE_INTERRUPTED) {
    const int empty = !line || line[0] == '\0';
    p->editor->release(line);
    return push_result(L, result, empty, error);
  }
  if (result != EHLO_LINE_READ) return push_result(L, result, signo, error);
  lua_pushstring(L, line); /* throws only where memory is out, and the line with it */
  p->editor->release(line);
  return 1;
}

static int history_add(lua_State *L) {
  self(L)->editor->history_add(luaL_checkstring(L, 1), HISTORY_MAX);
  return 0;
}

static int set_completer(lua_State *L) {
  struct prompt *p = self(L);
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &completer_key);
  p->editor->set_completer(&p->completer);
  return 0;
}

/* Where it happened goes along, for those who ask for it. */
static int with_traceback(lua_State *L) {
  lua_createtable(L, 0, 2);
  lua_pushvalue(L, 1);
  lua_setfield(L, -2, "value");
  luaL_traceback(L, L, NULL, 1);
  lua_setfield(L, -2, "traceback");
  return 1;
}

/* call(f, ...) -> true, results | false, {value=, traceback=} | nil when interrupted. Outside of it SIGINT is blocked and
 * belongs to the reading; no Lua runs between the failing call and the end of the interrupt, for it would fail as well. */
static int call(lua_State *L) {
  struct ehlo_context *context = ehlo_context_of(L);
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_pushcfunction(L, with_traceback);
  lua_insert(L, 1);
  ehlo_interrupt_begin(context, L);
  block_interrupt(SIG_UNBLOCK);
  const int status = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 1);
  const int interrupted = context->interrupted != 0;
  if (status != LUA_OK && interrupted && context->end_tasks) {
    lua_sethook(L, NULL, 0, 0);
    context->end_tasks(context->abandon_arg, L);
  }
  block_interrupt(SIG_BLOCK);
  ehlo_interrupt_end(context, L);
  if (status != LUA_OK && interrupted) return 0;
  lua_pushboolean(L, status == LUA_OK);
  lua_replace(L, 1);
  return lua_gettop(L);
}

/* pause(seconds): waits, unless Ctrl-C comes first; false then. The prompt has nothing else to do meanwhile, and a signal ends the poll. */
static int pause_for(lua_State *L) {
  const struct ehlo_context *context = ehlo_context_of(L);
  const double end = ehlo_clock_monotonic() + luaL_checknumber(L, 1);
  for (double left; !context->interrupted && (left = end - ehlo_clock_monotonic()) > 0;)
    (void)poll(NULL, 0, left > PAUSE_SLICE_MS / 1000.0 ? PAUSE_SLICE_MS : (int)(left * 1000) + 1);
  lua_pushboolean(L, !context->interrupted);
  return 1;
}

/* die(number): ends the program the way the signal would have, so that whoever started it sees that. */
static int die(lua_State *L) {
  const int signo = (int)luaL_checkinteger(L, 1);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signo);
  fflush(NULL);
  signal(signo, SIG_DFL);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  raise(signo);
  _exit(128 + signo); /* a signal that its parent had set to be ignored */
}

static int push_outcome(lua_State *L, int error) {
  if (error == 0) {
    lua_pushboolean(L, 1);
    return 1;
  }
  lua_pushnil(L);
  lua_pushstring(L, strerror(error));
  return 2;
}

/* tail(path, bytes) -> text | nil, why, errno: the end of a file, from the beginning of a line. */
static int tail(lua_State *L) {
  char *text = NULL;
  size_t len = 0;
  const char *path = luaL_checkstring(L, 1);
  const int error = ehlo_private_file_tail(path, (size_t)luaL_checkinteger(L, 2), &text, &len);
  if (error) {
    lua_pushnil(L);
    lua_pushstring(L, strerror(error));
    lua_pushinteger(L, error);
    return 3;
  }
  lua_pushlstring(L, text, len); /* throws only where memory is out, and the text with it */
  ehlo_memory_free(text);
  return 1;
}

/* append(path, text), shorten(path, limit, bytes) -> true | nil, why: files that only their owner reads; folders are made. */
static int append(lua_State *L) {
  size_t len;
  const char *text = luaL_checklstring(L, 2, &len);
  return push_outcome(L, ehlo_private_file_append(luaL_checkstring(L, 1), text, len));
}
static int shorten(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  const size_t limit = (size_t)luaL_checkinteger(L, 2);
  return push_outcome(L, ehlo_private_file_shorten(path, limit, (size_t)luaL_checkinteger(L, 3)));
}

/* begin(), finish(): around the whole prompt. */
static int begin(lua_State *L) {
  (void)L;
  block_interrupt(SIG_BLOCK);
  return 0;
}
static int finish(lua_State *L) {
  ehlo_interrupt_begin(ehlo_context_of(L), L);
  block_interrupt(SIG_UNBLOCK);
  return 0;
}

static const struct ehlo_line_editor *load_editor(lua_State *L) {
  const struct ehlo_context *context = ehlo_context_of(L);
  const char *path = lua_pushfstring(L, "%s/ehlo-prompt.so", context ? context->folder : ".");
  void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!module)
    luaL_error(
        L, "the prompt cannot be opened: %s\nThe file belongs beside the program; ehlo run and ehlo -e work without it",
        dlerror());
  const struct ehlo_line_editor *(*open)(void) = NULL;
  void *symbol = dlsym(module, EHLO_LINE_EDITOR_SYMBOL);
  memcpy(&open, &symbol, sizeof open); /* ISO C knows no cast from an object's address to a function's */
  const struct ehlo_line_editor *editor = open ? open() : NULL;
  if (!editor || editor->version != EHLO_LINE_EDITOR_VERSION)
    luaL_error(L, "%s is of another version of ehlo: install both from one build", path);
  return editor;
}

static int open_module(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"read", read_line}, {"history_add", history_add}, {"set_completer", set_completer},
      {"call", call},      {"pause", pause_for},         {"die", die},
      {"append", append},  {"shorten", shorten},         {"tail", tail},
      {"begin", begin},    {"finish", finish},           {NULL, NULL}};
  const struct ehlo_line_editor *editor = load_editor(L);
  luaL_newlibtable(L, functions);
  struct prompt *p = lua_newuserdatauv(L, sizeof *p, 0);
  *p = (struct prompt){.editor = editor};
  p->completer =
      (struct ehlo_line_completer){.arg = p, .begin = begin_completion, .candidate = candidate, .end = end_completion};
  luaL_setfuncs(L, functions, 1);
  return 1;
}

void ehlo_prompt_open(lua_State *L) {
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushcfunction(L, open_module);
  lua_setfield(L, -2, "ehlo.line_editor");
  lua_pop(L, 1);
}
