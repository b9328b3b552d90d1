/* Owns: what the files of the network bindings share. Callers: src/lua/net only. */
#ifndef EHLO_LUA_NET_INNER_H
#define EHLO_LUA_NET_INNER_H

#include <lauxlib.h>
#include <lua.h>

#include "ehlo/base/error.h"
#include "ehlo/core/escape.h"
#include "ehlo/core/outcome.h"
#include "ehlo/lua/context.h"
#include "ehlo/lua/push.h"
#include "ehlo/net/op.h"
#include "ehlo/smtp/probe.h"

struct ehlo_task;
struct ehlo_http;
struct ehlo_suffixes;

/* One a Lua state; a userdata on the registry, so that it goes with the state. */
struct ehlo_net {
  struct ehlo_loop *loop;
  struct ehlo_smtp_env env;
  struct ehlo_context *context;
  struct ehlo_context own_context; /* where the program gave none: stock lua5.4 */
  struct ehlo_http *http;          /* opened at the first fetch */
  struct ehlo_suffixes *suffixes;  /* opened at the first look into it */
  struct ehlo_task *current;       /* the task that runs now; NULL outside any */
  struct ehlo_task *tasks;         /* all that have not ended */
  bool has_env;
};
struct ehlo_net *net_of(lua_State *L);

/* Waits for `op` (whose owner is anchored on the caller's stack), then continues with `finish(L, status, ctx)`, whose results are
 * the caller's: `return net_await(L, op, finish, ctx);`. In a task it yields; outside any it drives the loop; where the task
 * cannot yield it raises. */
int net_await(lua_State *L, struct ehlo_op *op, lua_KFunction finish, lua_KContext ctx);
/* Where an interrupt left `op` under way, waits for its end before another begins. Raises when it is interrupted in turn. */
void net_settle(lua_State *L, struct ehlo_op *op);
/* Tells C waiters and resumes the coroutines whose ops are done. */
void net_pump(struct ehlo_net *net, lua_State *L);

/* Modules and types; each leaves its table on the stack or registers its metatable. */
int net_open_task(lua_State *L);
int net_open_smtp(lua_State *L);
int net_open_dns(lua_State *L);
int net_open_http(lua_State *L);
int net_open_store(lua_State *L);
int net_open_crypto(lua_State *L);
int net_open_listener(lua_State *L); /* leaves the function listen */
void net_abandon(void *net);         /* these two as the context wants them */
void net_end_tasks(void *net, lua_State *L);
int net_read_line(lua_State *L); /* task.read_line() */
void net_register_input(lua_State *L);
void net_register_faults(lua_State *L);
void net_register_session(lua_State *L);
void net_register_record(lua_State *L);
void net_register_reply(lua_State *L);

/* nil, message, err: err = {class, phase, reason}; the caller may add to the table on top. [-0, +3, m] */
int net_push_failure(lua_State *L, const struct ehlo_record *r, int error);
int net_push_error(lua_State *L, int error, const char *class, const char *message);

/* nil, message, err for a target, mailbox, name or address that cannot be used. */
int net_push_unusable(lua_State *L, const struct ehlo_unusable *wrong);

/* A reply object: keeps its own bytes. `phase` is the command it answered. */
void net_push_reply(lua_State *L, const struct ehlo_reply *reply, enum ehlo_phase phase, double seconds,
                    uint32_t anomalies);
/* The reply of an exchange, or nil. */
void net_push_exchange_reply(lua_State *L, const struct ehlo_record *r, int exchange);
/* Takes the record over. */
void net_push_record(lua_State *L, struct ehlo_record *r);
/* Pushes the field `name` of a record; false (nothing pushed) where there is no such field. */
bool net_push_record_field(lua_State *L, const struct ehlo_record *r, const char *name);
/* For pairs: the name and value of the field behind `key` (NULL: of the first) that is there; nil after the last. [-0, +1|2, m] */
int net_next_record_field(lua_State *L, const struct ehlo_record *r, const char *key);
int net_push_record_json(lua_State *L, const struct ehlo_record *r); /* [-0, +1, m] */
void net_push_anomalies(lua_State *L, uint32_t anomalies);

/* Options of connect and probe, from the table at `index` (none: defaults). Strings stay on the table: it must outlive the use. */
void net_read_options(lua_State *L, int index, struct ehlo_probe_options *out, const char *const *known);
/* OpenSSL's security level, a whole number from 0 to 5, as its digit; NULL where there is none. [-0, +0, e] */
const char *net_read_security(lua_State *L, int index, const char *key);
/* The names of those that say how to reach a server, for the lists of known ones. */
#define NET_DIALLING_OPTIONS                                                                                           \
  "helo", "source", "family", "port", "tls", "implicit_tls", "sni", "pipe", "tls_min", "tls_max", "tls_groups",        \
      "tls_security", "ca_file", "alpn", "resume", "certificate", "key", "timeout", "step", "proxy", "proxy_source",   \
      "proxy_destination", "per_address", "rate", "address", "domain"

/* Functions of these modules that are written in Lua: calls one of a bundled script with all arguments on the stack; it may wait. To be
 * returned as it is. */
int net_call_script(lua_State *L, const char *module, const char *function);

/* ESMTP parameters as they stand in the command: a table such as {SIZE = 1000, SMTPUTF8 = true}, or a string that is taken as it is.
 * The result is pushed. [-0, +1, m] */
const char *net_push_parameters(lua_State *L, int index);
/* The attributes of an XCLIENT command, from a table such as {ADDR = "192.0.2.1"} or a string. [-0, +1, m] */
const char *net_push_xclient(lua_State *L, int index);

#endif
