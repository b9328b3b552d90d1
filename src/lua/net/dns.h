/* Owns: what the files of the dns module share. Callers: src/lua/net/dns*.c only. */
#ifndef EHLO_LUA_NET_DNS_H
#define EHLO_LUA_NET_DNS_H

#include "ehlo/core/dnsrdata.h"
#include "inner.h"

/* The types that have a function of their own; a NULL name ends. `push` adds a record's fields to the table on top, or gives
 * EHLO_E_SYNTAX. [-0, +0, m] */
struct dns_type {
  const char *name;
  uint16_t type;
  int (*push)(lua_State *L, const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r);
};
extern const struct dns_type dns_types[];

extern const luaL_Reg dns_names[];

/* Gives the table on top the fields `canonical` and `aliases`. NULL, or why they cannot be told: "loop" or "malformed". [-0, +0, m] */
const char *dns_set_chain(lua_State *L, const struct ehlo_dnsmsg *m, bool secure);
/* The records of `type` at the end of the chain, as a list with `secure`, `canonical` and `aliases`. NULL, or why there is none. [-0, +1, m] */
const char *dns_push_list(lua_State *L, const struct ehlo_dnsmsg *m, uint16_t type, bool secure);

#endif
