/* Owns: the list of what can be opened in a Lua state. Callers: the shell, the stand-alone module, tests. */
#ifndef EHLO_LUA_BINDINGS_H
#define EHLO_LUA_BINDINGS_H

struct lua_State;

/* lua_CFunctions: each leaves its module table on the stack. */
int ehlo_open_codes(struct lua_State *L);  /* codes: look-up, compare, explain, search */
int ehlo_open_report(struct lua_State *L); /* report: width, wrap, escape, json */
int ehlo_open_json(struct lua_State *L);   /* ehlo.json: read */

/* Opens `ehlo-net.so` from the context's folder and leaves its table {smtp=, dns=, http=, task=} on the stack; raises where it cannot. */
int ehlo_open_net(struct lua_State *L);
/* Opens `ehlo-mail.so` in the same way: {mail=}. */
int ehlo_open_mail(struct lua_State *L);
/* The same module, but leaves the table ehlo.store, which is no global: signatures and landings, for the catalogue's commands. It needs OpenSSL too. */
int ehlo_open_store(struct lua_State *L);

#endif
