/* Owns: the session object of scripts. Callers: the smtp module. */
#ifndef EHLO_LUA_NET_SESSION_H
#define EHLO_LUA_NET_SESSION_H

#include "inner.h"

int smtp_connect(lua_State *L); /* connect(target[, options]) */

#endif
