/* Owns: smtp.listen and the server object: its fields, its end, and the functions of a script that answer clients.
 * Callers: scripts. */
#include "listener.h"

#include <string.h>

#include "task.h"

static struct lua_server *check(lua_State *L) {
  return luaL_checkudata(L, 1, SERVER);
}

static void push_lines(lua_State *L, const struct ehlo_buf *b) {
  lua_newtable(L);
  lua_Integer n = 0;
  for (size_t at = 0; at < b->len;) {
    const char *end = memchr(b->data + at, '\n', b->len - at);
    const size_t len = end ? (size_t)(end - b->data) - at : b->len - at;
    lua_pushlstring(L, b->data + at, len);
    lua_rawseti(L, -2, ++n);
    at += len + 1;
  }
}

static void push_visit(lua_State *L, const struct ehlo_visit *v) {
  lua_createtable(L, 0, 5);
  lua_pushstring(L, v->address);
  lua_setfield(L, -2, "address");
  lua_pushstring(L, v->helo);
  lua_setfield(L, -2, "helo");
  lua_pushboolean(L, v->tls);
  lua_setfield(L, -2, "tls");
  push_lines(L, &v->commands);
  lua_setfield(L, -2, "commands");
  lua_createtable(L, v->n_messages, 0);
  for (int i = 0; i < v->n_messages; i++) {
    const struct ehlo_visit_message *m = &v->messages[i];
    lua_createtable(L, 0, 4);
    lua_pushstring(L, m->from ? m->from : "");
    lua_setfield(L, -2, "from");
    push_lines(L, &m->to);
    lua_setfield(L, -2, "to");
    lua_pushlstring(L, m->body.data ? m->body.data : "", m->body.len);
    lua_setfield(L, -2, "bytes");
    lua_pushinteger(L, (lua_Integer)m->size);
    lua_setfield(L, -2, "size");
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "messages");
}

static void answer_with(lua_State *L, struct lua_server *server, lua_Integer connection, const char *reply) {
  (void)L;
  if (server->listener) ehlo_listener_reply(server->listener, (uint64_t)connection, reply);
}

/* Stack: 1 server, 2 connection, then what the function gave. */
static int answered(lua_State *L, int status, lua_KContext ctx) {
  (void)ctx;
  struct lua_server *server = check(L);
  const bool failed = status != LUA_OK && status != LUA_YIELD;
  const char *reply = failed ? NULL : lua_tostring(L, -1);
  const bool sound = reply && strlen(reply) >= 3 && strspn(reply, "0123456789") == 3;
  if (failed || (!sound && !lua_isnil(L, -1))) {
    lua_getiuservalue(L, 1, SERVER_ERRORS);
    if (failed) {
      luaL_tolstring(L, 3, NULL);
    } else {
      lua_pushfstring(L, "an answer is \"CODE text\" or nil, and the function returned a %s", luaL_typename(L, 3));
    }
    if (lua_rawlen(L, -2) < 1000) lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    answer_with(L, server, lua_tointeger(L, 2), "451 4.3.0 The function that answers failed");
    return 0;
  }
  answer_with(L, server, lua_tointeger(L, 2), reply);
  return 0;
}

/* The body of a task: 1 server, 2 connection, 3 function, 4 what is known, 5 argument. */
static int answering(lua_State *L) {
  return answered(L, lua_pcallk(L, 2, 1, 0, 0, answered), 0);
}

static void push_known(lua_State *L, const struct ehlo_question_asked *q) {
  lua_createtable(L, 0, 8);
  lua_pushstring(L, q->address);
  lua_setfield(L, -2, "address");
  lua_pushstring(L, q->helo);
  lua_setfield(L, -2, "helo");
  lua_pushstring(L, q->from);
  lua_setfield(L, -2, "from");
  lua_pushinteger(L, q->recipients);
  lua_setfield(L, -2, "recipients");
  lua_pushinteger(L, q->count);
  lua_setfield(L, -2, "count");
  lua_pushinteger(L, (lua_Integer)q->connection);
  lua_setfield(L, -2, "connection");
  lua_pushstring(L, ehlo_serve_verb_name(q->verb));
  lua_setfield(L, -2, "verb");
  lua_pushboolean(L, q->tls);
  lua_setfield(L, -2, "tls");
}

/* Protected: 1 server. Each question becomes a task. */
static int begin_tasks(lua_State *L) {
  struct lua_server *server = check(L);
  struct ehlo_question_asked q;
  while (server->listener && ehlo_listener_next_question(server->listener, &q)) {
    lua_settop(L, 1);
    lua_pushcfunction(L, answering);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, (lua_Integer)q.connection);
    lua_getiuservalue(L, 1, SERVER_FUNCTIONS);
    lua_rawgeti(L, -1, q.asks);
    lua_remove(L, -2);
    push_known(L, &q);
    lua_pushstring(L, q.argument);
    struct ehlo_task *task = task_new(L, 5);
    task_resume(L, net_of(L), task, 5);
  }
  return 0;
}

static void listen_for_questions(struct lua_server *server) {
  (void)ehlo_op_start(&server->question, 0);
  (void)ehlo_op_wait(&server->question, server);
}

/* From the ready queue, in the thread that is the server's own. */
static void told(struct ehlo_op *op) {
  struct lua_server *server = op->waiter;
  lua_State *L = server->runner;
  listen_for_questions(server);
  lua_settop(L, 0);
  lua_pushcfunction(L, begin_tasks);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, server) != LUA_TUSERDATA || lua_pcall(L, 1, 0, 0) != LUA_OK) lua_settop(L, 0);
}

static void asked(void *arg) {
  struct lua_server *server = arg;
  ehlo_op_finish(&server->question, 0);
}

static void shut(lua_State *L, struct lua_server *server) {
  if (server->listener) ehlo_listener_close(server->listener);
  ehlo_op_finish(&server->wait, 0);
  ehlo_op_fini(&server->question);
  lua_pushnil(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, server);
}

static int server_close(lua_State *L) {
  shut(L, check(L));
  return 0;
}

static int server_gc(lua_State *L) {
  struct lua_server *server = check(L);
  ehlo_listener_free(server->listener);
  server->listener = NULL;
  if (server->wait.loop) {
    ehlo_op_fini(&server->question);
    ehlo_op_fini(&server->wait);
  }
  for (int v = 0; v < EHLO_SERVE_VERBS; v++)
    ehlo_answers_free(&server->options.answers[v]);
  ehlo_tls_free(server->options.tls);
  server->options.tls = NULL;
  return 0;
}

static int wait_finish(lua_State *L, int status, lua_KContext ctx) {
  (void)status, (void)ctx;
  const struct lua_server *server = check(L);
  if (server->wait.error) return net_push_error(L, server->wait.error, "cancelled", "cancelled");
  lua_pushboolean(L, 1);
  return 1;
}

static int server_wait(lua_State *L) {
  struct lua_server *server = check(L);
  lua_settop(L, 1);
  if (server->wait.state == EHLO_OP_WAITING) return luaL_error(L, "another task waits for this server already");
  if (server->wait.state == EHLO_OP_DONE && server->wait.error) (void)ehlo_op_start(&server->wait, 0);
  return net_await(L, &server->wait, wait_finish, 0);
}

static int server_index(lua_State *L) {
  const struct lua_server *server = check(L);
  const char *key = luaL_checkstring(L, 2);
  char text[EHLO_ENDPOINT_TEXT];
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  const struct ehlo_listener *l = server->listener;
  if (strcmp(key, "port") == 0) {
    lua_pushinteger(L, ehlo_listener_at(l)->port);
  } else if (strcmp(key, "address") == 0) {
    lua_pushstring(L, ehlo_endpoint_text(ehlo_listener_at(l), text));
  } else if (strcmp(key, "count") == 0) {
    lua_pushinteger(L, (lua_Integer)ehlo_listener_count(l));
  } else if (strcmp(key, "errors") == 0) {
    lua_getiuservalue(L, 1, SERVER_ERRORS);
  } else if (strcmp(key, "sessions") == 0) {
    const int n = ehlo_listener_visits(l);
    lua_createtable(L, n, 0);
    for (int i = 0; i < n; i++) {
      push_visit(L, ehlo_listener_visit(l, i));
      lua_rawseti(L, -2, i + 1);
    }
  } else {
    lua_pushnil(L);
  }
  return 1;
}

static int listen_on(lua_State *L) {
  if (lua_isnoneornil(L, 1)) {
    lua_settop(L, 0);
    lua_newtable(L);
  }
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  struct ehlo_net *net = net_of(L);
  struct lua_server *server = lua_newuserdatauv(L, sizeof *server, SERVER_VALUES);
  memset(server, 0, sizeof *server);
  luaL_setmetatable(L, SERVER);
  ehlo_op_init(&server->question, net->loop, NULL);
  ehlo_op_init(&server->wait, net->loop, NULL);
  server->question.told = told;
  lua_newtable(L);
  lua_setiuservalue(L, 2, SERVER_ERRORS);
  server->runner = lua_newthread(L);
  lua_setiuservalue(L, 2, SERVER_RUNNER);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, 2, SERVER_FUNCTIONS);
  listener_read(L, server, 3);
  server->options.ask = asked;
  server->options.arg = server;
  char why[256] = "";
  server->listener = ehlo_listener_open(net->loop, &server->options, why, sizeof why);
  if (!server->listener) return net_push_error(L, EHLO_E_SYSTEM, "unreachable", why);
  lua_pushvalue(L, 2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, server); /* open until it is closed, as a socket that others may use */
  listen_for_questions(server);
  (void)ehlo_op_start(&server->wait, 0);
  lua_pushvalue(L, 2);
  return 1;
}

int net_open_listener(lua_State *L) {
  static const luaL_Reg methods[] = {{"close", server_close}, {"wait", server_wait}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", server_gc}, {"__close", server_close}, {NULL, NULL}};
  luaL_newmetatable(L, SERVER);
  luaL_setfuncs(L, meta, 0);
  luaL_newlib(L, methods);
  lua_pushcclosure(L, server_index, 1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  lua_pushcfunction(L, listen_on);
  return 1;
}
