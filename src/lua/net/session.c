/* Owns: session objects: a verb a method, each giving a reply object or nil, message, err. Callers: scripts, through smtp.connect. */
#include "task.h"

#include <string.h>

#include "ehlo/core/address.h"

#define SESSION "ehlo.session"

struct ehlo_session *session_check(lua_State *L) {
  return luaL_checkudata(L, 1, SESSION);
}

struct ehlo_session *session_ready(lua_State *L) {
  struct ehlo_session *s = session_check(L);
  if (s->op.state == EHLO_OP_STARTED) ehlo_session_extend(s);
  net_settle(L, &s->op);
  return s;
}

int session_failed(lua_State *L, struct ehlo_session *s) {
  net_push_failure(L, s->record, s->op.error ? s->op.error : EHLO_E_CLOSED);
  lua_pushvalue(L, 1);
  lua_setfield(L, -2, "session");
  return 3;
}

int session_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  struct ehlo_session *s = session_check(L);
  if (s->op.error || s->exchange < 0) return session_failed(L, s);
  net_push_exchange_reply(L, s->record, s->exchange);
  return 1;
}

int session_begun(lua_State *L, struct ehlo_session *s, int error, lua_KFunction finish) {
  switch (error) {
  case 0: return net_await(L, &s->op, finish, 0);
  case EHLO_E_SYNTAX:
    return luaL_error(L,
                      "CR, LF and NUL cannot be part of a command: session:raw breaks that rule for those who mean to");
  case EHLO_E_BUSY:
    return luaL_error(L, s->conn.secured ? "TLS is on already" : "the session is busy with another command");
  case EHLO_E_CLOSED: return session_failed(L, s);
  default: return luaL_error(L, "the command could not be sent: %s", ehlo_error_text(error));
  }
}

static int begun(lua_State *L, struct ehlo_session *s, int error) {
  return session_begun(L, s, error, session_finish);
}

static int command_of(lua_State *L, enum ehlo_phase phase, const char *line, size_t len) {
  struct ehlo_session *s = session_ready(L);
  return begun(L, s, ehlo_session_command(s, phase, ehlo_slice_of(line, len)));
}

static int greet(lua_State *L, const char *verb) {
  struct ehlo_session *s = session_ready(L);
  return begun(L, s, ehlo_session_ehlo(s, verb));
}
static int ehlo(lua_State *L) {
  return greet(L, "EHLO");
}
static int helo(lua_State *L) {
  return greet(L, "HELO");
}
static int lhlo(lua_State *L) {
  return greet(L, "LHLO");
}

/* starttls([behind]): what stands in the same write behind the command breaks the rules, to see how a server takes it. */
static int starttls(lua_State *L) {
  struct ehlo_session *s = session_ready(L);
  size_t len;
  const char *behind = luaL_optlstring(L, 2, "", &len);
  if (len == 0) return begun(L, s, ehlo_session_starttls(s));
  if (!(ehlo_context_of(L)->allow & EHLO_ALLOW_INTRUSIVE))
    return luaL_error(L, "bytes behind STARTTLS need leave that this run does not have: add --allow intrusive");
  session_permit(L, behind, len);
  return begun(L, s, ehlo_session_starttls_with(s, ehlo_slice_of(behind, len)));
}
static int quit(lua_State *L) {
  struct ehlo_session *s = session_ready(L);
  return begun(L, s, ehlo_session_quit(s));
}
static int rset(lua_State *L) {
  return command_of(L, EHLO_PHASE_RSET, "RSET", 4);
}
static int noop(lua_State *L) {
  return command_of(L, EHLO_PHASE_COMMAND, "NOOP", 4);
}

static int help(lua_State *L) {
  const char *topic = luaL_optstring(L, 2, "");
  const char *line = *topic ? lua_pushfstring(L, "HELP %s", topic) : lua_pushliteral(L, "HELP");
  return command_of(L, EHLO_PHASE_COMMAND, line, lua_rawlen(L, -1));
}

static int path_command(lua_State *L, enum ehlo_phase phase, const char *verb, bool null_allowed) {
  size_t len;
  const char *given = luaL_checklstring(L, 2, &len);
  struct ehlo_mailbox m;
  const char *why = "";
  if (ehlo_address_mailbox(ehlo_slice_of(given, len), null_allowed, &m, &why) != 0) return luaL_argerror(L, 2, why);
  lua_settop(L, 3);
  lua_pushfstring(L, "%s:<", verb);
  lua_pushlstring(L, m.whole.ptr, m.whole.len);
  lua_pushstring(L, lua_isnil(L, 3) ? ">" : "> ");
  if (lua_isnil(L, 3))
    lua_pushliteral(L, "");
  else
    net_push_parameters(L, 3);
  lua_concat(L, 4);
  const char *text = lua_tolstring(L, -1, &len);
  return command_of(L, phase, text, len);
}
static int mail(lua_State *L) {
  return path_command(L, EHLO_PHASE_MAIL, "MAIL FROM", true);
}
static int rcpt(lua_State *L) {
  return path_command(L, EHLO_PHASE_RCPT, "RCPT TO", false);
}

/* Verbs that carry mail, credentials or guesses need leave, also when they are spelled out. */
void session_permit(lua_State *L, const char *line, size_t len) {
  static const struct {
    const char *verb;
    unsigned needs;
    const char *word;
  } rows[] = {{"DATA", EHLO_ALLOW_SEND, "send"},           {"BDAT", EHLO_ALLOW_SEND, "send"},
              {"BURL", EHLO_ALLOW_SEND, "send"},           {"AUTH", EHLO_ALLOW_LOGIN, "login"},
              {"VRFY", EHLO_ALLOW_INTRUSIVE, "intrusive"}, {"EXPN", EHLO_ALLOW_INTRUSIVE, "intrusive"},
              {"ETRN", EHLO_ALLOW_INTRUSIVE, "intrusive"}, {"TURN", EHLO_ALLOW_INTRUSIVE, "intrusive"},
              {"ATRN", EHLO_ALLOW_INTRUSIVE, "intrusive"}};
  const struct ehlo_context *context = ehlo_context_of(L);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (ehlo_slice_starts_nocase(ehlo_slice_of(line, len), ehlo_slice_str(rows[i].verb)) &&
        !(context->allow & rows[i].needs))
      luaL_error(L, "%s needs leave that this run does not have: add --allow %s", rows[i].verb, rows[i].word);
}

static int command(lua_State *L) {
  size_t len;
  const char *line = luaL_checklstring(L, 2, &len);
  luaL_argcheck(L, len > 0, 2, "an empty command");
  session_permit(L, line, len);
  const char *space = memchr(line, ' ', len);
  return command_of(L, ehlo_phase_of_verb(line, space ? (size_t)(space - line) : len), line, len);
}

static int named(lua_State *L, const char *verb) {
  const char *argument = luaL_checkstring(L, 2);
  const char *line = lua_pushfstring(L, "%s %s", verb, argument);
  const size_t len = lua_rawlen(L, -1);
  session_permit(L, line, len);
  return command_of(L, EHLO_PHASE_COMMAND, line, len);
}
static int vrfy(lua_State *L) {
  return named(L, "VRFY");
}
static int expn(lua_State *L) {
  return named(L, "EXPN");
}
static int etrn(lua_State *L) {
  return named(L, "ETRN");
}

static int close_session(lua_State *L) {
  ehlo_session_close(session_check(L));
  return 0;
}

void session_disown(struct lua_session *s) {
  if (!s->place) return;
  *s->place = s->next;
  if (s->next) s->next->place = s->place;
  s->place = NULL;
}

/* A session opened inside a task is that task's: cancelling it closes the connection. */
static void own(struct ehlo_net *net, struct lua_session *s) {
  if (!net->current) return;
  s->next = net->current->sessions;
  s->place = &net->current->sessions;
  if (s->next) s->next->place = &s->next;
  net->current->sessions = s;
}

static int session_gc(lua_State *L) {
  struct ehlo_session *s = session_check(L);
  session_disown((struct lua_session *)s);
  ehlo_session_fini(s);
  return 0;
}

static int connect_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status;
  struct ehlo_session *s = luaL_checkudata(L, (int)ctx, SESSION);
  if (s->op.error) {
    net_push_failure(L, s->record, s->op.error);
    lua_pushvalue(L, (int)ctx);
    lua_setfield(L, -2, "session");
    return 3;
  }
  lua_pushvalue(L, (int)ctx);
  return 1;
}

int smtp_connect(lua_State *L) {
  static const char *const known[] = {NET_DIALLING_OPTIONS, NULL};
  const char *target = luaL_checkstring(L, 1);
  struct ehlo_probe_options options;
  net_read_options(L, 2, &options, known);
  lua_settop(L, 2);
  struct lua_session *box = lua_newuserdatauv(L, sizeof *box, 0);
  memset(box, 0, sizeof *box);
  luaL_setmetatable(L, SESSION);
  struct ehlo_session *s = &box->session;
  own(net_of(L), box);
  /* a script's `timeout` bounds each step: its session may live as long as it likes */
  if (options.session.timeout > 0 && options.session.step <= 0) options.session.step = options.session.timeout;
  options.session.timeout = 0;
  struct ehlo_unusable wrong;
  int error = ehlo_session_init(s, &net_of(L)->env, target, &options.session, &wrong);
  if (error == EHLO_E_SYNTAX) return net_push_unusable(L, &wrong);
  if (!error) error = ehlo_session_connect(s);
  if (error) return luaL_error(L, "the session could not be started: %s", ehlo_error_text(error));
  return net_await(L, &s->op, connect_finish, 3);
}

static const luaL_Reg methods[] = {
    {"ehlo", ehlo},
    {"helo", helo},
    {"lhlo", lhlo},
    {"starttls", starttls},
    {"mail", mail},
    {"rcpt", rcpt},
    {"rset", rset},
    {"noop", noop},
    {"help", help},
    {"vrfy", vrfy},
    {"expn", expn},
    {"etrn", etrn},
    {"command", command},
    {"quit", quit},
    {"data", session_data},
    {"bdat", session_bdat},
    {"pipeline", session_pipeline},
    {"raw", session_raw},
    {"xclient", session_xclient},
    {"auth", session_auth},
    {"close", close_session},
    {NULL, NULL},
};

/* Methods first, then the fields of the record. */
static int session_index(lua_State *L) {
  struct ehlo_session *s = session_check(L);
  if (lua_type(L, 2) != LUA_TSTRING) return 0;
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  const char *key = lua_tostring(L, 2);
  if (strcmp(key, "closed") == 0) {
    lua_pushboolean(L, s->state == EHLO_SESSION_CLOSED);
    return 1;
  }
  if (!s->record || !net_push_record_field(L, s->record, key)) lua_pushnil(L);
  return 1;
}

/* pairs: whether it is closed, then the fields of the record. */
static int next_field(lua_State *L) {
  const struct ehlo_session *s = session_check(L);
  const char *key = luaL_optstring(L, 2, NULL);
  if (!key) {
    lua_pushliteral(L, "closed");
    lua_pushboolean(L, s->state == EHLO_SESSION_CLOSED);
    return 2;
  }
  return s->record ? net_next_record_field(L, s->record, strcmp(key, "closed") == 0 ? NULL : key) : 0;
}

static int session_pairs(lua_State *L) {
  (void)session_check(L);
  lua_pushcfunction(L, next_field);
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}

static int session_tostring(lua_State *L) {
  struct ehlo_session *s = session_check(L);
  if (!s->record) {
    lua_pushliteral(L, "session");
    return 1;
  }
  lua_pushfstring(L, "%s:%d", s->record->host ? s->record->host : s->record->address, (int)s->record->port);
  if (s->record->greeting < 0) return 1;
  lua_pushliteral(L, "  ");
  net_push_exchange_reply(L, s->record, s->record->greeting);
  (void)luaL_tolstring(L, -1, NULL);
  lua_remove(L, -2);
  lua_concat(L, 3);
  return 1;
}

static int session_json(lua_State *L) {
  struct ehlo_session *s = session_check(L);
  if (s->record) return net_push_record_json(L, s->record);
  lua_pushliteral(L, "null");
  return 1;
}

void net_register_session(lua_State *L) {
  static const luaL_Reg meta[] = {
      {"__tostring", session_tostring}, {"__json", session_json},
      {"__pairs", session_pairs},       {"__gc", session_gc},
      {"__close", session_gc},          {NULL, NULL},
  };
  luaL_newmetatable(L, SESSION);
  luaL_setfuncs(L, meta, 0);
  luaL_newlib(L, methods);
  lua_pushcclosure(L, session_index, 1);
  lua_setfield(L, -2, "__index");
  lua_pushliteral(L, "session");
  lua_setfield(L, -2, "__name");
  lua_pop(L, 1);
}
