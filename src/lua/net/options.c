/* Owns: the options of connect and probe as a script writes them. Callers: the smtp binding. */
#include "task.h"

#include <string.h>

static const char *text(lua_State *L, int index, const char *key) {
  const int type = lua_getfield(L, index, key);
  if (type != LUA_TNIL && type != LUA_TSTRING)
    luaL_error(L, "option '%s' must be a string, not a %s", key, luaL_typename(L, -1));
  const char *value = lua_tostring(L, -1); /* stays valid: the table holds it */
  if (value && strlen(value) != lua_rawlen(L, -1)) luaL_error(L, "option '%s' holds a NUL byte", key);
  lua_pop(L, 1);
  return value;
}

/* A limit: a number from 0, which means none, to `most`. */
static double limit(lua_State *L, int index, const char *key, double otherwise, double most) {
  if (lua_getfield(L, index, key) == LUA_TNIL) {
    lua_pop(L, 1);
    return otherwise;
  }
  const double value = lua_isnumber(L, -1) ? lua_tonumber(L, -1) : -1;
  if (!(value >= 0 && value <= most))
    luaL_error(L, "option '%s' must be a number from 0 (no limit) to %d", key, (int)most);
  lua_pop(L, 1);
  return value;
}

/* A list of words. What holds the strings is the table, and what holds the list a userdata that stays on the stack. */
static const char *const *words(lua_State *L, int index, const char *key) {
  const int type = lua_getfield(L, index, key);
  if (type == LUA_TNIL) {
    lua_pop(L, 1);
    return NULL;
  }
  const lua_Integer n = type == LUA_TTABLE ? (lua_Integer)lua_rawlen(L, -1) : 0;
  if (n < 1 || n > EHLO_PIPE_WORDS) luaL_error(L, "option '%s' must be a list of 1 to %d words", key, EHLO_PIPE_WORDS);
  const char **list = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof *list, 0);
  for (lua_Integer i = 1; i <= n; i++) {
    if (lua_rawgeti(L, -2, i) != LUA_TSTRING) luaL_error(L, "option '%s' must be a list of strings", key);
    list[i - 1] = lua_tostring(L, -1);
    lua_pop(L, 1);
  }
  list[n] = NULL;
  lua_remove(L, -2);
  return list;
}

static int proxy(lua_State *L, int index) {
  const int type = lua_getfield(L, index, "proxy");
  const lua_Integer version = type == LUA_TNIL ? 0 : lua_tointeger(L, -1);
  if (type != LUA_TNIL && version != 1 && version != 2) luaL_error(L, "option 'proxy' is the header's version, 1 or 2");
  lua_pop(L, 1);
  return (int)version;
}

/* Whose the session will be: tasks wait for each other's connections, and never for their own. */
static void read_manners(lua_State *L, int index, struct ehlo_session_options *out) {
  const struct ehlo_task *task = net_of(L)->current;
  out->pace = (struct ehlo_pace_limits){EHLO_PACE_PER_ADDRESS, EHLO_PACE_RATE};
  out->owner = task;
  out->owner_parent = task ? task->parent : NULL;
  if (!index) return;
  out->pace.per_address = (int)limit(L, index, "per_address", EHLO_PACE_PER_ADDRESS, 100000);
  out->pace.rate = limit(L, index, "rate", EHLO_PACE_RATE, 1000000);
}

static double number(lua_State *L, int index, const char *key) {
  const int type = lua_getfield(L, index, key);
  if (type == LUA_TNIL) {
    lua_pop(L, 1);
    return 0;
  }
  if (!lua_isnumber(L, -1))
    luaL_error(L, "option '%s' must be a number of seconds, not a %s", key, luaL_typename(L, -1));
  const double value = lua_tonumber(L, -1);
  if (!(value > 0 && value < 1e6)) luaL_error(L, "option '%s' must be more than 0 and below a million", key);
  lua_pop(L, 1);
  return value;
}

static bool flag(lua_State *L, int index, const char *key) {
  const int type = lua_getfield(L, index, key);
  if (type != LUA_TNIL && type != LUA_TBOOLEAN)
    luaL_error(L, "option '%s' must be true or false, not a %s", key, luaL_typename(L, -1));
  const bool value = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return value;
}

static int family(lua_State *L, int index) {
  const char *word = text(L, index, "family");
  if (!word) return 0;
  if (strcmp(word, "ipv4") == 0) return 4;
  if (strcmp(word, "ipv6") == 0) return 6;
  return luaL_error(L, "option 'family' must be \"ipv4\" or \"ipv6\", not \"%s\"", word);
}

static enum ehlo_tls_level level(lua_State *L, int index) {
  const char *word = text(L, index, "tls");
  if (!word) return EHLO_TLS_MAY;
  const int value = ehlo_tls_level_from(word);
  if (value < 0) luaL_error(L, "option 'tls' must be none, may, encrypt, verify or dane, not \"%s\"", word);
  return (enum ehlo_tls_level)value;
}

static uint16_t port(lua_State *L, int index) {
  if (lua_getfield(L, index, "port") == LUA_TNIL) {
    lua_pop(L, 1);
    return 0;
  }
  int ok = 0;
  const lua_Integer value = lua_tointegerx(L, -1, &ok);
  if (!ok || value < 1 || value > 65535) luaL_error(L, "option 'port' must be a whole number from 1 to 65535");
  lua_pop(L, 1);
  return (uint16_t)value;
}

const char *net_read_security(lua_State *L, int index, const char *key) {
  static const char *const levels[] = {"0", "1", "2", "3", "4", "5"};
  if (lua_getfield(L, index, key) == LUA_TNIL) {
    lua_pop(L, 1);
    return NULL;
  }
  int ok = 0;
  const lua_Integer value = lua_tointegerx(L, -1, &ok);
  if (!ok || value < 0 || value > 5) luaL_error(L, "option '%s' must be a whole number from 0 to 5", key);
  lua_pop(L, 1);
  return levels[value];
}

/* Settings of TLS other than the shell's; a file that cannot be used is the script's mistake. */
static struct ehlo_tls *own_tls(lua_State *L, int index) {
  const struct ehlo_tls_settings settings = {
      .ca_file = text(L, index, "ca_file"),
      .min_version = text(L, index, "tls_min"),
      .max_version = text(L, index, "tls_max"),
      .certificate = text(L, index, "certificate"),
      .key = text(L, index, "key"),
      .alpn = text(L, index, "alpn"),
      .groups = text(L, index, "tls_groups"),
      .security = net_read_security(L, index, "tls_security"),
      .resume = flag(L, index, "resume"),
      .diagnose_old = true,
  };
  if (!settings.ca_file && !settings.min_version && !settings.max_version && !settings.certificate && !settings.key &&
      !settings.alpn && !settings.resume && !settings.groups && !settings.security)
    return NULL;
  char why[256] = "out of memory";
  struct ehlo_tls *tls = ehlo_smtp_env_tls_for(&net_of(L)->env, &settings, why, sizeof why);
  if (!tls) {
    lua_pushstring(L, why); /* names the file: where the call stands would only be in the way */
    lua_error(L);
  }
  return tls;
}

void net_read_options(lua_State *L, int index, struct ehlo_probe_options *out, const char *const *known) {
  memset(out, 0, sizeof *out);
  out->session.tls_level = EHLO_TLS_MAY;
  if (lua_isnoneornil(L, index)) {
    read_manners(L, 0, &out->session);
    return;
  }
  luaL_checktype(L, index, LUA_TTABLE);
  ehlo_check_options(L, index, known);
  out->session.helo = text(L, index, "helo");
  out->session.source = text(L, index, "source");
  out->session.address = text(L, index, "address");
  out->session.domain = text(L, index, "domain");
  out->session.family = family(L, index);
  out->session.port = port(L, index);
  out->session.tls_level = level(L, index);
  out->session.implicit_tls = flag(L, index, "implicit_tls");
  out->session.timeout = number(L, index, "timeout");
  out->session.step = number(L, index, "step");
  out->session.tls = own_tls(L, index);
  out->session.sni = text(L, index, "sni");
  out->session.pipe = words(L, index, "pipe");
  out->session.proxy = proxy(L, index);
  out->session.proxy_source = text(L, index, "proxy_source");
  out->session.proxy_destination = text(L, index, "proxy_destination");
  read_manners(L, index, &out->session);
  out->lmtp = flag(L, index, "lmtp");
  out->from = text(L, index, "from");
  out->to = text(L, index, "to");
}
