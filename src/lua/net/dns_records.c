/* Owns: DNS answers as Lua tables: the chain of aliases, then the records at its end, a row a type. Callers: dns.c. */
#include "dns.h"

#include <string.h>

#include "../inner.h"
#include "ehlo/core/base64.h"

/* libunbound follows fewer; what other resolvers hand on may be longer, or run in circles. */
enum { ALIASES_MAX = 32 };

static void set_text(lua_State *L, const char *key, const char *text) {
  lua_pushstring(L, text);
  lua_setfield(L, -2, key);
}

static void set_number(lua_State *L, const char *key, lua_Integer number) {
  lua_pushinteger(L, number);
  lua_setfield(L, -2, key);
}

static void set_bytes(lua_State *L, const char *key, struct ehlo_slice bytes) {
  lua_pushlstring(L, bytes.ptr, bytes.len);
  lua_setfield(L, -2, key);
}

static void set_hex(lua_State *L, const char *key, struct ehlo_slice bytes) {
  static const char digits[] = "0123456789abcdef";
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (size_t i = 0; i < bytes.len; i++) {
    const unsigned char byte = (unsigned char)bytes.ptr[i];
    luaL_addchar(&b, digits[byte >> 4]);
    luaL_addchar(&b, digits[byte & 15]);
  }
  luaL_pushresult(&b);
  lua_setfield(L, -2, key);
}

static int push_address(lua_State *L, const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r) {
  struct ehlo_endpoint e = {.family = r->type == EHLO_RR_A ? 4 : 6};
  char text[EHLO_ENDPOINT_TEXT];
  (void)m;
  if (r->rdata.len != (e.family == 4 ? 4u : 16u)) return EHLO_E_SYNTAX;
  memcpy(e.bytes, r->rdata.ptr, r->rdata.len);
  set_text(L, "address", ehlo_endpoint_text(&e, text));
  return 0;
}

static int push_host(lua_State *L, const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r) {
  char name[EHLO_DNS_NAME];
  if (ehlo_dns_target(m, r, name)) return EHLO_E_SYNTAX;
  set_text(L, "host", name);
  return 0;
}

static int push_mx(lua_State *L, const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r) {
  char name[EHLO_DNS_NAME];
  uint16_t preference;
  if (ehlo_dns_mx(m, r, &preference, name)) return EHLO_E_SYNTAX;
  set_number(L, "preference", preference);
  set_text(L, "host", name);
  return 0;
}

static int push_txt(lua_State *L, const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r) {
  struct ehlo_slice part;
  luaL_Buffer b;
  int more;
  (void)m;
  luaL_buffinit(L, &b);
  for (size_t at = 0; (more = ehlo_dns_txt_next(r, &at, &part)) > 0;)
    luaL_addlstring(&b, part.ptr, part.len);
  luaL_pushresult(&b);
  lua_setfield(L, -2, "text");
  return more;
}

static int push_tlsa(lua_State *L, const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r) {
  struct ehlo_dns_pin pin;
  (void)m;
  if (ehlo_dns_tlsa(r, &pin)) return EHLO_E_SYNTAX;
  set_number(L, "usage", pin.usage);
  set_number(L, "selector", pin.selector);
  set_number(L, "matching", pin.matching);
  set_hex(L, "data", pin.data);
  return 0;
}

static int push_caa(lua_State *L, const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r) {
  struct ehlo_dns_caa caa;
  (void)m;
  if (ehlo_dns_caa(r, &caa)) return EHLO_E_SYNTAX;
  set_number(L, "flags", caa.flags);
  lua_pushboolean(L, caa.flags & 0x80);
  lua_setfield(L, -2, "critical");
  set_bytes(L, "tag", caa.tag);
  set_bytes(L, "value", caa.value);
  return 0;
}

static int push_soa(lua_State *L, const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r) {
  struct ehlo_dns_soa soa;
  if (ehlo_dns_soa(m, r, &soa)) return EHLO_E_SYNTAX;
  set_text(L, "primary", soa.primary);
  set_text(L, "mailbox", soa.mailbox);
  set_number(L, "serial", soa.serial);
  set_number(L, "refresh", soa.refresh);
  set_number(L, "retry", soa.retry);
  set_number(L, "expire", soa.expire);
  set_number(L, "minimum", soa.minimum);
  return 0;
}

static int push_srv(lua_State *L, const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r) {
  struct ehlo_dns_srv srv;
  if (ehlo_dns_srv(m, r, &srv)) return EHLO_E_SYNTAX;
  set_number(L, "priority", srv.priority);
  set_number(L, "weight", srv.weight);
  set_number(L, "port", srv.port);
  set_text(L, "host", srv.host);
  return 0;
}

static int push_ds(lua_State *L, const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r) {
  struct ehlo_dns_ds ds;
  (void)m;
  if (ehlo_dns_ds(r, &ds)) return EHLO_E_SYNTAX;
  set_number(L, "key_tag", ds.key_tag);
  set_number(L, "algorithm", ds.algorithm);
  set_number(L, "digest_type", ds.digest_type);
  set_hex(L, "digest", ds.digest);
  return 0;
}

static int push_dnskey(lua_State *L, const struct ehlo_dnsmsg *m, const struct ehlo_dns_record *r) {
  struct ehlo_dns_key key;
  (void)m;
  if (ehlo_dns_key(r, &key)) return EHLO_E_SYNTAX;
  set_number(L, "flags", key.flags);
  set_number(L, "protocol", key.protocol);
  set_number(L, "algorithm", key.algorithm);
  set_number(L, "key_tag", key.tag);
  struct ehlo_buf *b = ehlo_scratch_push(L, 128 * 1024);
  (void)ehlo_base64_encode(key.key, b);
  ehlo_scratch_finish(L, b);
  lua_setfield(L, -2, "key");
  return 0;
}

const struct dns_type dns_types[] = {
    {"a", EHLO_RR_A, push_address},
    {"aaaa", EHLO_RR_AAAA, push_address},
    {"mx", EHLO_RR_MX, push_mx},
    {"txt", EHLO_RR_TXT, push_txt},
    {"ns", EHLO_RR_NS, push_host},
    {"cname", EHLO_RR_CNAME, push_host},
    {"ptr", EHLO_RR_PTR, push_host},
    {"tlsa", EHLO_RR_TLSA, push_tlsa},
    {"caa", EHLO_RR_CAA, push_caa},
    {"soa", EHLO_RR_SOA, push_soa},
    {"srv", EHLO_RR_SRV, push_srv},
    {"ds", EHLO_RR_DS, push_ds},
    {"dnskey", EHLO_RR_DNSKEY, push_dnskey},
    {NULL, 0, NULL},
};

/* name, ttl and secure: what every record has. */
static void push_head(lua_State *L, const struct ehlo_dns_record *r, bool secure) {
  lua_createtable(L, 0, 6);
  set_text(L, "name", r->name);
  set_number(L, "ttl", r->ttl);
  lua_pushboolean(L, secure);
  lua_setfield(L, -2, "secure");
}

/* The aliases that lead from the name that was asked for to `at`, as a list on top. */
static const char *push_aliases(lua_State *L, const struct ehlo_dnsmsg *m, bool secure, char at[EHLO_DNS_NAME]) {
  struct ehlo_dns_record r;
  char target[EHLO_DNS_NAME];
  int found, n = 0;
  ehlo_dnsmsg_question(m, at);
  lua_newtable(L);
  while ((found = ehlo_dnsmsg_alias(m, at, &r, target)) > 0) {
    if (++n > ALIASES_MAX) return "loop";
    push_head(L, &r, secure);
    set_text(L, "host", target);
    lua_rawseti(L, -2, n);
    memcpy(at, target, EHLO_DNS_NAME);
  }
  return found < 0 ? "malformed" : NULL;
}

static const char *set_chain(lua_State *L, const struct ehlo_dnsmsg *m, bool secure, char end[EHLO_DNS_NAME]) {
  const char *trouble = push_aliases(L, m, secure, end);
  lua_setfield(L, -2, "aliases");
  set_text(L, "canonical", end);
  return trouble;
}

const char *dns_set_chain(lua_State *L, const struct ehlo_dnsmsg *m, bool secure) {
  char end[EHLO_DNS_NAME];
  return set_chain(L, m, secure, end);
}

static const struct dns_type *row_of(uint16_t type) {
  const struct dns_type *row = dns_types;
  while (row->name && row->type != type)
    row++;
  return row;
}

static void start_list(lua_State *L, uint16_t type, bool secure) {
  lua_createtable(L, 4, 4);
  lua_pushboolean(L, secure);
  lua_setfield(L, -2, "secure");
  const char *word = ehlo_rrtype_name(type);
  if (word)
    lua_pushstring(L, word);
  else
    lua_pushfstring(L, "TYPE%d", (int)type);
  lua_setfield(L, -2, "type");
}

const char *dns_push_list(lua_State *L, const struct ehlo_dnsmsg *m, uint16_t type, bool secure) {
  const struct dns_type *row = row_of(type);
  struct ehlo_dns_record r;
  char end[EHLO_DNS_NAME];
  start_list(L, type, secure);
  if (type == EHLO_RR_CNAME) { /* asked for itself, an alias is not followed */
    lua_newtable(L);
    lua_setfield(L, -2, "aliases");
    ehlo_dnsmsg_question(m, end);
    set_text(L, "canonical", end);
  } else {
    const char *trouble = set_chain(L, m, secure, end);
    if (trouble) return trouble;
  }
  lua_Integer n = 0;
  int more;
  for (size_t at = 0; (more = ehlo_dnsmsg_next(m, &at, &r)) > 0;) {
    if (r.type != type || !ehlo_slice_equal_nocase(ehlo_slice_str(r.name), ehlo_slice_str(end))) continue;
    push_head(L, &r, secure);
    if (row->push && row->push(L, m, &r) != 0) return "malformed";
    set_bytes(L, "rdata", r.rdata);
    lua_rawseti(L, -2, ++n);
  }
  return more < 0 ? "malformed" : NULL;
}
