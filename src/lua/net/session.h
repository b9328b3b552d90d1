/* Owns: the session object of scripts. Callers: the smtp module. */
#ifndef EHLO_LUA_NET_SESSION_H
#define EHLO_LUA_NET_SESSION_H

#include "inner.h"

/* A session belongs to the task that opened it, if any, for as long as that task lives. */
struct lua_session {
  struct ehlo_session session; /* first: the object is the session */
  struct lua_session *next, **place;
};
void session_disown(struct lua_session *s);

int smtp_connect(lua_State *L); /* connect(target[, options]) */

/* For the files that hold verbs. */
struct ehlo_session *session_check(lua_State *L); /* the object at index 1 */
/* The same for a verb: a reply that Ctrl-C left outstanding is waited for first, lest it pass for the answer to this one. */
struct ehlo_session *session_ready(lua_State *L);
/* The last reply, or nil, message, err with the session in err.session. */
int session_finish(lua_State *L, int status, lua_KContext ctx);
int session_failed(lua_State *L, struct ehlo_session *s);
/* What a begun operation gave: waits and continues with `finish`, or raises for a script's mistake. */
int session_begun(lua_State *L, struct ehlo_session *s, int error, lua_KFunction finish);
/* Raises unless this run has leave for the command that the line begins with. */
void session_permit(lua_State *L, const char *line, size_t len);

int session_data(lua_State *L);
int session_bdat(lua_State *L);
int session_pipeline(lua_State *L);
int session_raw(lua_State *L);
int session_xclient(lua_State *L);
int session_auth(lua_State *L);

/* The table of credentials at `index`, with its strings left on the stack; a secret that is a function is called. Raises without leave. */
struct ehlo_auth_options;
void net_read_auth(lua_State *L, int index, struct ehlo_auth_options *out);

#endif
