/* Owns: what the two files of smtp.listen share. Callers: those only. */
#ifndef EHLO_LUA_NET_LISTENER_H
#define EHLO_LUA_NET_LISTENER_H

#include "ehlo/smtp/listener.h"
#include "inner.h"

#define SERVER "ehlo.server"

struct lua_server {
  struct ehlo_listener *listener;       /* NULL before it is open */
  struct ehlo_op question;              /* done when a client waits for a function's answer */
  struct ehlo_op wait;                  /* done when the server is closed */
  lua_State *runner;                    /* where functions are begun; its anchor is a user value */
  struct ehlo_listener_options options; /* while they are read: freed with the object */
};
enum { SERVER_FUNCTIONS = 1, SERVER_RUNNER, SERVER_ERRORS, SERVER_VALUES = SERVER_ERRORS };

/* Reads the table at index 1 into the server's options; `functions` is the index of a list that keeps functions. What is
 * borrowed stays on the stack. */
void listener_read(lua_State *L, struct lua_server *server, int functions);

#endif
