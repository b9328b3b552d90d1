/* Owns: what the dns module tells beside records: public suffixes, who answers questions, and mail hosts, which are a module in Lua.
 * Callers: dns.c. */
#include "dns.h"

#include <stdio.h>
#include <string.h>

#include "ehlo/net/suffix.h"

static int find_suffix(lua_State *L, struct ehlo_suffix *out) {
  struct ehlo_net *net = net_of(L);
  const char *name = luaL_checkstring(L, 1);
  if (!net->suffixes) net->suffixes = ehlo_suffixes_new();
  if (!net->suffixes) return luaL_error(L, "out of memory");
  if (ehlo_suffixes_find(net->suffixes, name, out) == 0) return 0;
  lua_pushfstring(L, "%s: this is no name of a domain", name);
  net_push_error(L, EHLO_E_SYNTAX, "dns-failed", lua_tostring(L, -1));
  lua_pushliteral(L, "name");
  lua_setfield(L, -2, "reason");
  return 3;
}

/* public_suffix(name): the suffix, and whether the list has a rule for its top level. */
static int public_suffix(lua_State *L) {
  struct ehlo_suffix s;
  const int failed = find_suffix(L, &s);
  if (failed) return failed;
  lua_pushstring(L, s.suffix);
  lua_pushboolean(L, s.listed);
  return 2;
}

static int organisational_domain(lua_State *L) {
  struct ehlo_suffix s;
  const int failed = find_suffix(L, &s);
  if (failed) return failed;
  lua_pushstring(L, s.organisation);
  return 1;
}

/* ascii(name): as DNS has it, what is not ASCII in IDNA's form (xn--), in small letters, without a final dot. */
static int ascii(lua_State *L) {
  char out[256];
  const char *name = luaL_checkstring(L, 1);
  if (ehlo_resolver_name(name, out) != 0) {
    lua_pushfstring(L, "%s: this is no name that DNS could hold", name);
    net_push_error(L, EHLO_E_SYNTAX, "dns-failed", lua_tostring(L, -1));
    return 3;
  }
  for (char *c = out; *c; c++)
    if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + 32);
  const size_t len = strlen(out);
  lua_pushlstring(L, out, len > 1 && out[len - 1] == '.' ? len - 1 : len);
  return 1;
}

/* type(word): "mx" and "TYPE15" become "MX"; nil for what is no type. */
static int type(lua_State *L) {
  const uint16_t number = ehlo_rrtype_from(ehlo_slice_str(luaL_checkstring(L, 1)));
  const char *word = ehlo_rrtype_name(number);
  if (word)
    lua_pushstring(L, word);
  else if (number)
    lua_pushfstring(L, "TYPE%d", (int)number);
  else
    lua_pushnil(L);
  return 1;
}

/* address_kind(address): "public", "loopback", "private" and so on. */
static int address_kind(lua_State *L) {
  struct ehlo_endpoint e;
  const char *text = luaL_checkstring(L, 1);
  const bool fine = ehlo_endpoint_read(ehlo_slice_str(text), 0, &e) == 0 && e.family != 1;
  luaL_argcheck(L, fine, 1, "an IP address");
  lua_pushstring(L, ehlo_endpoint_kind(&e));
  return 1;
}

static void push_servers(lua_State *L, const struct ehlo_resolver_options *options) {
  enum { MOST = 8 };
  struct ehlo_endpoint servers[MOST];
  const int n = ehlo_resolver_servers(options, servers, MOST);
  lua_createtable(L, n, 0);
  for (int i = 0; i < n; i++) {
    char address[EHLO_ENDPOINT_TEXT], text[EHLO_ENDPOINT_TEXT + 10];
    ehlo_endpoint_text(&servers[i], address);
    snprintf(text, sizeof text, servers[i].family == 6 ? "[%s]:%u" : "%s:%u", address, servers[i].port);
    lua_pushstring(L, text);
    lua_rawseti(L, -2, i + 1);
  }
}

/* resolver(): whom questions go to, and whether answers are validated, which is known after the first of them. */
static int resolver(lua_State *L) {
  const struct ehlo_smtp_env *env = &net_of(L)->env;
  const struct ehlo_resolver *r = env->resolver;
  lua_createtable(L, 0, 4);
  push_servers(L, &env->resolver_options);
  lua_setfield(L, -2, "servers");
  lua_pushboolean(L, env->resolver_options.recursive);
  lua_setfield(L, -2, "recursive");
  const bool validates = r && ehlo_resolver_validates(r), known = validates || (r && ehlo_resolver_insecure(r));
  if (known) lua_pushboolean(L, validates);
  if (known) lua_setfield(L, -2, "validates");
  return 1;
}

static int mail_hosts(lua_State *L) {
  return net_call_script(L, "ehlo.mail_hosts", "find");
}

const luaL_Reg dns_names[] = {{"public_suffix", public_suffix},
                              {"organisational_domain", organisational_domain},
                              {"ascii", ascii},
                              {"type", type},
                              {"address_kind", address_kind},
                              {"resolver", resolver},
                              {"mail_hosts", mail_hosts},
                              {NULL, NULL}};
