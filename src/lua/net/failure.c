/* Owns: how what the world did wrong comes back to a script: nil, message, err. Callers: the network bindings. */
#include "../inner.h"
#include "inner.h"

#include <stdio.h>

int net_push_error(lua_State *L, int error, const char *class, const char *message) {
  lua_pushnil(L);
  lua_pushstring(L, message);
  lua_createtable(L, 0, 3);
  lua_pushstring(L, class);
  lua_setfield(L, -2, "class");
  lua_pushstring(L, ehlo_error_name(error));
  lua_setfield(L, -2, "error");
  return 3;
}

int net_push_failure(lua_State *L, const struct ehlo_record *r, int error) {
  struct ehlo_outcome o;
  const struct ehlo_failure *f = &r->failure;
  if (f->error)
    ehlo_outcome_of_failure(r, &o);
  else
    ehlo_outcome_of(r, &o);
  char place[160];
  char message[512];
  snprintf(place, sizeof place, "%s", r->host ? r->host : r->target);
  snprintf(message, sizeof message, "%s: %s", place, f->error ? f->text : ehlo_error_text(error));
  net_push_error(L, f->error ? f->error : error, f->error ? o.word : ehlo_error_name(error), message);
  lua_pushstring(L, ehlo_phase_name(o.phase));
  lua_setfield(L, -2, "phase");
  lua_pushstring(L, f->reason);
  lua_setfield(L, -2, "reason");
  return 3;
}

int net_push_unusable(lua_State *L, const struct ehlo_unusable *wrong) {
  struct ehlo_buf *message = ehlo_scratch_push(L, 4096);
  (void)ehlo_buf_addf(message, "%s \"", wrong->what);
  (void)ehlo_escape_terminal(ehlo_slice_str(wrong->text), message);
  if (ehlo_buf_addf(message, "\" cannot be used. %s", wrong->why))
    return net_push_error(L, EHLO_E_SYNTAX, "syntax", wrong->why);
  ehlo_scratch_finish(L, message);
  return net_push_error(L, EHLO_E_SYNTAX, "syntax", lua_tostring(L, -1));
}
