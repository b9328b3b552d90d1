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

#endif
