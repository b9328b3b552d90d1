/* Owns: the verbs that carry more than a line: data, bdat, pipeline, raw, xclient. Callers: scripts, as methods of a session. */
#include <string.h>

#include "task.h"

/* What every operation of several replies ends with: the list of them. Stack: 1 the session. */
static int list_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  struct ehlo_session *s = session_check(L);
  if (s->op.error) return session_failed(L, s);
  lua_newtable(L);
  lua_Integer n = 0;
  for (int i = s->first; i <= s->exchange && s->exchange >= 0; i++) {
    net_push_exchange_reply(L, s->record, i);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

/* data(message): the reply to the message, or to DATA where that was refused; with LHLO the list of one reply a recipient. */
static int data_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  struct ehlo_session *s = session_check(L);
  if (s->op.error || !s->lmtp || s->exchange == s->first) return session_finish(L, LUA_OK, 0);
  lua_newtable(L);
  for (int i = s->first + 1; i <= s->exchange; i++) {
    net_push_exchange_reply(L, s->record, i);
    lua_rawseti(L, -2, i - s->first);
  }
  return 1;
}

int session_data(lua_State *L) {
  struct ehlo_session *s = session_ready(L);
  size_t len;
  const char *message = luaL_checklstring(L, 2, &len); /* stays on the stack until the op is done */
  lua_settop(L, 2);
  session_permit(L, "DATA", 4);
  return session_begun(L, s, ehlo_session_data(s, ehlo_slice_of(message, len)), data_finish);
}

int session_bdat(lua_State *L) {
  struct ehlo_session *s = session_ready(L);
  size_t len;
  const char *chunk = luaL_checklstring(L, 2, &len);
  luaL_argcheck(L, len <= EHLO_SESSION_CHUNK, 2, "a chunk of at most 921600 bytes: send more of them");
  const bool last = lua_toboolean(L, 3);
  session_permit(L, "BDAT", 4);
  return session_begun(L, s, ehlo_session_bdat(s, ehlo_slice_of(chunk, len), last),
                       last && s->lmtp ? list_finish : session_finish);
}

enum { PIPELINE_MAX = 1000 };

int session_pipeline(lua_State *L) {
  struct ehlo_session *s = session_ready(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  const lua_Integer n = (lua_Integer)lua_rawlen(L, 2);
  luaL_argcheck(L, n >= 1 && n <= PIPELINE_MAX, 2, "a list of 1 to 1000 commands");
  struct ehlo_slice *lines = lua_newuserdatauv(L, (size_t)n * sizeof *lines, 0);
  for (lua_Integer i = 1; i <= n; i++) {
    if (lua_rawgeti(L, 2, i) != LUA_TSTRING) return luaL_error(L, "command %d of the pipeline is no string", (int)i);
    lines[i - 1].ptr = lua_tolstring(L, -1, &lines[i - 1].len);
    session_permit(L, lines[i - 1].ptr, lines[i - 1].len);
    lua_pop(L, 1); /* the list holds it */
  }
  return session_begun(L, s, ehlo_session_pipeline(s, lines, (int)n), list_finish);
}

/* raw(bytes[, replies]): what no other verb would send, for those who test how a server takes it. */
int session_raw(lua_State *L) {
  struct ehlo_session *s = session_ready(L);
  size_t len;
  const char *bytes = luaL_checklstring(L, 2, &len);
  const lua_Integer replies = luaL_optinteger(L, 3, 1);
  luaL_argcheck(L, replies >= 0 && replies <= PIPELINE_MAX, 3, "how many replies to await, from 0 to 1000");
  for (const char *line = bytes; line && line < bytes + len;) {
    session_permit(L, line, (size_t)(bytes + len - line));
    line = memchr(line, '\n', (size_t)(bytes + len - line));
    if (line) line++;
  }
  return session_begun(L, s, ehlo_session_raw(s, ehlo_slice_of(bytes, len), (int)replies), list_finish);
}

int session_xclient(lua_State *L) {
  struct ehlo_session *s = session_ready(L);
  lua_settop(L, 2);
  lua_pushliteral(L, "XCLIENT ");
  (void)net_push_xclient(L, 2);
  lua_concat(L, 2);
  size_t len;
  const char *text = lua_tolstring(L, -1, &len);
  return session_begun(L, s, ehlo_session_command(s, EHLO_PHASE_COMMAND, ehlo_slice_of(text, len)), session_finish);
}
