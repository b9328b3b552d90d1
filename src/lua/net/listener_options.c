/* Owns: the options of smtp.listen as a script writes them. Callers: listener.c. */
#include "listener.h"

#include <string.h>

#include "ehlo/base/memory.h"
#include "ehlo/net/acceptor.h"

static const char *const answer_keys[] = {"reply", "raw", "inject", "delay", "drip", "cut", "drop", "silent", NULL};

static char *kept(lua_State *L, int index, const char *key, size_t *len) {
  size_t n = 0;
  if (lua_getfield(L, index, key) == LUA_TNIL) {
    lua_pop(L, 1);
    return NULL;
  }
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &n) : NULL;
  if (!text) luaL_error(L, "'%s' of an answer must be a string", key);
  if (n > 128 * 1024) luaL_error(L, "'%s' of an answer is too long", key);
  if (!len && strlen(text) != n) luaL_error(L, "'%s' of an answer holds a NUL byte: use raw", key);
  char *copy = ehlo_memory_dup(text, n);
  if (!copy) luaL_error(L, "out of memory");
  if (len) *len = n;
  lua_pop(L, 1);
  return copy;
}

static double seconds(lua_State *L, int index, const char *key) {
  lua_getfield(L, index, key);
  const double value = luaL_optnumber(L, -1, 0);
  if (!(value >= 0 && value < 1e6)) luaL_error(L, "'%s' must be seconds, from 0 to below a million", key);
  lua_pop(L, 1);
  return value;
}

static long whole(lua_State *L, int index, const char *key, long otherwise, long most) {
  int ok = 1;
  const bool absent = lua_getfield(L, index, key) == LUA_TNIL;
  const lua_Integer value = absent ? otherwise : lua_tointegerx(L, -1, &ok);
  if (!ok || (!absent && (value < 0 || value > most)))
    luaL_error(L, "'%s' must be a whole number, 0 to %d", key, (int)most);
  lua_pop(L, 1);
  return (long)value;
}

static bool flag(lua_State *L, int index, const char *key) {
  lua_getfield(L, index, key);
  const bool value = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return value;
}

static void check_reply(lua_State *L, const char *text) {
  const bool code = ehlo_is_digit((unsigned char)text[0]) && ehlo_is_digit((unsigned char)text[1]) &&
                    ehlo_is_digit((unsigned char)text[2]) && (text[3] == ' ' || text[3] == '-' || text[3] == '\0');
  if (!code) luaL_error(L, "an answer is \"CODE text\", such as \"450 4.2.0 greylisted\"; for other bytes use raw");
}

static void read_fields(lua_State *L, int index, struct ehlo_answer *a) {
  ehlo_check_options(L, index, answer_keys);
  a->reply = kept(L, index, "reply", NULL);
  if (a->reply) check_reply(L, a->reply);
  a->raw = kept(L, index, "raw", &a->raw_len);
  a->inject = kept(L, index, "inject", &a->inject_len);
  a->delay = seconds(L, index, "delay");
  a->drip = seconds(L, index, "drip");
  a->cut = whole(L, index, "cut", -1, 1 << 20);
  a->drop = flag(L, index, "drop");
  a->silent = flag(L, index, "silent");
}

/* The value on top is one answer; popped. */
static void read_answer(lua_State *L, int functions, struct ehlo_answer *a) {
  const int value = lua_gettop(L);
  a->cut = -1;
  switch (lua_type(L, value)) {
  case LUA_TSTRING:
    check_reply(L, lua_tostring(L, value));
    a->reply = ehlo_memory_dup(lua_tostring(L, value), strlen(lua_tostring(L, value)));
    if (!a->reply) luaL_error(L, "out of memory");
    break;
  case LUA_TFUNCTION:
    a->asks = (int)lua_rawlen(L, functions) + 1;
    lua_pushvalue(L, value);
    lua_rawseti(L, functions, a->asks);
    break;
  case LUA_TTABLE: read_fields(L, value, a); break;
  default: luaL_error(L, "an answer is a string, a table or a function, not a %s", luaL_typename(L, value));
  }
  lua_settop(L, value - 1);
}

/* The value on top is all that a verb answers; popped. */
static void read_answers(lua_State *L, int functions, struct ehlo_answers *out) {
  const int value = lua_gettop(L);
  const bool list = lua_type(L, value) == LUA_TTABLE && lua_rawlen(L, value) > 0;
  const int n = list ? (int)lua_rawlen(L, value) : 1;
  if (n > 10000) luaL_error(L, "too many answers for one verb");
  if (out->n) luaL_error(L, "two answers are given for one verb");
  out->list = ehlo_memory_zalloc((size_t)n, sizeof *out->list);
  if (!out->list) luaL_error(L, "out of memory");
  out->n = n;
  for (int i = 0; i < n; i++) {
    if (list) {
      lua_rawgeti(L, value, i + 1);
    } else {
      lua_pushvalue(L, value);
    }
    read_answer(L, functions, &out->list[i]);
  }
  lua_settop(L, value - 1);
}

static void read_verbs(lua_State *L, int index, int functions, struct ehlo_listener_options *o, bool all) {
  for (int v = 0; v < EHLO_SERVE_VERBS; v++) {
    if (v == EHLO_SERVE_EHLO && !all) continue; /* beside the other options, ehlo is the list of capabilities */
    if (lua_getfield(L, index, ehlo_serve_verb_name((enum ehlo_serve_verb)v)) == LUA_TNIL) {
      lua_pop(L, 1);
    } else {
      read_answers(L, functions, &o->answers[v]);
    }
  }
}

/* Strings of a list, borrowed: the array is a userdata left on the stack. */
static const char *const *strings(lua_State *L, int list, int *n) {
  *n = (int)lua_rawlen(L, list);
  if (*n > 1000) luaL_error(L, "the list is too long");
  const char **out = lua_newuserdatauv(L, sizeof *out * (size_t)(*n + 1), 0);
  for (int i = 0; i < *n; i++) {
    if (lua_rawgeti(L, list, i + 1) != LUA_TSTRING) luaL_error(L, "the list must hold strings only");
    out[i] = lua_tostring(L, -1); /* the list holds it */
    if (strpbrk(out[i], "\r\n") || strlen(out[i]) > 1000) luaL_error(L, "one line each, of at most 1000 bytes");
    lua_pop(L, 1);
  }
  out[*n] = NULL;
  return out;
}

static const char *text(lua_State *L, int index, const char *key, const char *otherwise) {
  const int type = lua_getfield(L, index, key);
  if (type != LUA_TNIL && type != LUA_TSTRING) luaL_error(L, "option '%s' must be a string", key);
  const char *value = type == LUA_TNIL ? otherwise : lua_tostring(L, -1);
  if (value && strpbrk(value, "\r\n")) luaL_error(L, "option '%s' must be one line", key);
  lua_pop(L, 1);
  return value;
}

static void read_tls(lua_State *L, struct ehlo_listener_options *o) {
  static const char *const known[] = {"certificate", "key",  "names",  "expired", "days",     "min",
                                      "max",         "alpn", "resume", "groups",  "security", NULL};
  const int type = lua_getfield(L, 1, "tls");
  const int at = lua_gettop(L);
  if (type == LUA_TNIL || (type == LUA_TBOOLEAN && !lua_toboolean(L, at))) {
    if (o->implicit_tls) luaL_error(L, "implicit_tls needs tls: true, or a table");
    return;
  }
  const char *usual[] = {o->name, "localhost", "127.0.0.1"};
  struct ehlo_tls_made made = {.names = usual, .n_names = 3};
  struct ehlo_tls_settings settings = {.server = true, .made = &made};
  if (type == LUA_TTABLE) {
    ehlo_check_options(L, at, known);
    settings.certificate = text(L, at, "certificate", NULL);
    settings.key = text(L, at, "key", NULL);
    settings.min_version = text(L, at, "min", NULL);
    settings.max_version = text(L, at, "max", NULL);
    settings.alpn = text(L, at, "alpn", NULL);
    settings.groups = text(L, at, "groups", NULL);
    settings.security = net_read_security(L, at, "security");
    settings.resume = flag(L, at, "resume");
    made.expired = flag(L, at, "expired");
    made.days = (int)whole(L, at, "days", 30, 36500);
    if (lua_getfield(L, at, "names") == LUA_TTABLE) made.names = strings(L, lua_gettop(L), &made.n_names);
    if (made.n_names < 1) luaL_error(L, "'names' must hold a name at least");
    if (settings.certificate) settings.made = NULL;
  } else if (type != LUA_TBOOLEAN) {
    luaL_error(L, "option 'tls' must be true or a table {certificate=, key=, names=, expired=, days=, min=, max=, "
                  "alpn=, resume=, groups=, security=}");
  }
  char why[256] = "";
  o->tls = ehlo_tls_new(&settings, why, sizeof why);
  if (!o->tls) luaL_error(L, "%s", why);
}

static void read_place(lua_State *L, struct ehlo_listener_options *o) {
  const char *address = text(L, 1, "address", "127.0.0.1");
  const long port = whole(L, 1, "port", 0, 65535);
  if (ehlo_endpoint_read(ehlo_slice_str(address), (uint16_t)port, &o->at) != 0)
    luaL_error(L, "option 'address': \"%s\" is no address", address);
  if (!ehlo_endpoint_is_loopback(&o->at) && !flag(L, 1, "anywhere"))
    luaL_error(L, "%s is no loopback address: others could reach the server. Add anywhere = true if that is meant",
               address);
}

void listener_read(lua_State *L, struct lua_server *server, int functions) {
  static const char *const known[] = {
      "address",  "port",   "anywhere", "name",       "ehlo",  "answers",     "greeting", "helo",
      "starttls", "auth",   "mail",     "rcpt",       "data",  "end-of-data", "bdat",     "rset",
      "noop",     "vrfy",   "expn",     "help",       "quit",  "other",       "tls",      "implicit_tls",
      "user",     "secret", "rate",     "recipients", "delay", "drip",        NULL};
  struct ehlo_listener_options *o = &server->options;
  ehlo_check_options(L, 1, known);
  read_place(L, o);
  o->name = text(L, 1, "name", "rehearsal.example.org");
  if (!*o->name || strlen(o->name) > 255) luaL_error(L, "option 'name' must be a host name");
  o->user = text(L, 1, "user", NULL);
  o->secret = text(L, 1, "secret", NULL);
  if (!o->user != !o->secret) luaL_error(L, "user and secret belong together");
  o->implicit_tls = flag(L, 1, "implicit_tls");
  o->rate = (int)whole(L, 1, "rate", 0, 1000000000);
  o->recipients = (int)whole(L, 1, "recipients", 0, 10000);
  o->delay = seconds(L, 1, "delay");
  o->drip = seconds(L, 1, "drip");
  if (lua_getfield(L, 1, "ehlo") == LUA_TTABLE) {
    o->capabilities = strings(L, lua_gettop(L), &o->n_capabilities);
  } else if (!lua_isnil(L, -1)) {
    luaL_error(L, "option 'ehlo' is a list of capabilities; an answer to EHLO stands in answers.ehlo");
  }
  if (lua_getfield(L, 1, "answers") == LUA_TTABLE) {
    const char *names[EHLO_SERVE_VERBS + 1] = {NULL};
    for (int v = 0; v < EHLO_SERVE_VERBS; v++)
      names[v] = ehlo_serve_verb_name((enum ehlo_serve_verb)v);
    ehlo_check_options(L, lua_gettop(L), names);
    read_verbs(L, lua_gettop(L), functions, o, true);
  }
  read_verbs(L, 1, functions, o, false);
  read_tls(L, o);
}
