/* Owns: reading logs and queue listings, as Lua sees it. Callers: scripts, through mail.log. */
#include <string.h>
#include <time.h>

#include "ehlo/core/log_explain.h"
#include "ehlo/core/tally.h"
#include "inner.h"

#define LOG "ehlo.log"

enum { JSON_MAX = 1 << 28, SAID_MAX = 1 << 17, USER_TALLY = 1, USER_NAME = 2 };

enum form { FORM_COUNT, FORM_TABLES, FORM_NDJSON };
static const char *const forms[] = {"count", "tables", "ndjson", NULL};

struct log {
  struct ehlo_log_reader *reader;
  struct ehlo_tally *tally; /* of uservalue 1; NULL for none */
  struct ehlo_buf said, stamp, out;
  struct ehlo_explanation explanation;
  bool explained; /* there is one to be ended */
  bool one;       /* one message is told: all its events are wanted */
  const char *kind;
  struct ehlo_slice name;
  /* while bytes are read */
  lua_State *L;
  enum form form;
  lua_Integer n;
};

static struct log *check(lua_State *L) {
  return luaL_checkudata(L, 1, LOG);
}

static void forget_explanation(struct log *log) {
  if (log->explained) ehlo_explanation_fini(&log->explanation);
  log->explained = false;
}

static int log_gc(lua_State *L) {
  struct log *log = check(L);
  forget_explanation(log);
  ehlo_log_reader_free(log->reader);
  log->reader = NULL;
  ehlo_buf_fini(&log->said);
  ehlo_buf_fini(&log->stamp);
  ehlo_buf_fini(&log->out);
  return 0;
}

static void set_number(lua_State *L, const char *key, double value) {
  if (value < 0) return;
  lua_pushnumber(L, value);
  lua_setfield(L, -2, key);
}

static void set_delays(lua_State *L, const struct ehlo_log_event *e) {
  static const char *const keys[] = {"before_queue", "in_queue", "connecting", "sending"};
  if (e->delays[0] < 0) return;
  lua_createtable(L, 0, 4);
  for (int i = 0; i < 4; i++)
    set_number(L, keys[i], e->delays[i]);
  lua_setfield(L, -2, "delays");
}

/* The facts of the line, as the JSON names them. */
static void push_facts(struct log *log, const struct ehlo_log_event *e, const struct ehlo_log_past *past) {
  static const char *const whats[] = {"other", "arrived", "attempt", "trial", "rejected", "notice", "ended"};
  lua_State *L = log->L;
  lua_createtable(L, 0, 18);
  lua_pushstring(L, whats[e->what]);
  lua_setfield(L, -2, "event");
  ehlo_set_slice(L, "product", ehlo_slice_str(e->product));
  ehlo_set_slice(L, "program", e->program);
  ehlo_buf_reset(&log->stamp);
  (void)ehlo_log_stamp(e, &log->stamp);
  ehlo_set_slice(L, "time", ehlo_buf_slice(&log->stamp));
  if (e->time > 0) {
    lua_pushinteger(L, e->time);
    lua_setfield(L, -2, "wall");
  }
  ehlo_set_slice(L, "queue_id", e->queue_id);
  ehlo_set_slice(L, "other_id", e->other_id);
  ehlo_set_slice(L, "message_id", e->message_id);
  ehlo_set_slice(L, "to", e->to);
  if (e->has_from) {
    lua_pushlstring(L, e->from.ptr, e->from.len);
    lua_setfield(L, -2, "from");
  }
  ehlo_set_slice(L, "subject", e->subject);
  ehlo_set_slice(L, "orig_to", e->orig_to);
  ehlo_set_slice(L, "status", ehlo_slice_str(ehlo_log_status_name(e->status)));
  ehlo_set_slice(L, "phase", ehlo_slice_str(e->phase < EHLO_PHASES ? ehlo_phase_name(e->phase) : ""));
  ehlo_set_slice(L, "relay", e->relay);
  ehlo_set_slice(L, "relay_address", e->relay_address);
  ehlo_buf_reset(&log->said);
  (void)ehlo_log_words(e, &log->said);
  ehlo_set_slice(L, "text", ehlo_buf_slice(&log->said));
  if (past->attempts > 0) {
    lua_pushinteger(L, past->attempts);
    lua_setfield(L, -2, "attempts");
  }
  set_number(L, "delay", e->delay);
  set_delays(L, e);
}

static void push_message(lua_State *L, const struct ehlo_log_event *e) {
  lua_createtable(L, 0, 4);
  if (e->has_from) {
    lua_pushlstring(L, e->from.ptr, e->from.len);
    lua_setfield(L, -2, "from");
  }
  ehlo_set_slice(L, "to", e->to);
  ehlo_set_slice(L, "subject", e->subject);
  ehlo_set_slice(L, "reporter", e->machine);
}

/* As of a recipient of a bounce. What was refused here was refused by this machine. */
static void push_explanation(struct log *log, const struct ehlo_log_event *e) {
  lua_State *L = log->L;
  const bool inbound = e->what == EHLO_LOG_REJECTED;
  const bool for_now = e->status == EHLO_STATUS_DEFERRED || e->status == EHLO_STATUS_PUT_OFF;
  ehlo_push_explanation(L, &log->explanation);
  ehlo_set_slice(L, "address", e->to);
  ehlo_set_slice(L, "action", ehlo_slice_str(for_now ? "delayed" : "failed"));
  ehlo_set_slice(L, "host", inbound ? e->machine : e->relay.len > 0 ? e->relay : e->relay_address);
  ehlo_set_slice(L, "ip", inbound || e->relay.len == 0 ? ehlo_slice_of("", 0) : e->relay_address);
  ehlo_set_slice(L, "phase", ehlo_slice_str(e->phase < EHLO_PHASES ? ehlo_phase_name(e->phase) : ""));
  ehlo_set_slice(L, "said", ehlo_buf_slice(&log->said));
  lua_rawseti(L, -2, 1);
}

static void add_table(struct log *log, const struct ehlo_log_event *e, const struct ehlo_log_past *past) {
  lua_State *L = log->L;
  lua_createtable(L, 0, 5);
  ehlo_set_slice(L, "input", log->name);
  ehlo_set_slice(L, "kind", ehlo_slice_str(log->kind));
  lua_createtable(L, 1, 0);
  if (log->explained) push_explanation(log, e);
  lua_setfield(L, -2, "explanations");
  push_message(L, e);
  lua_setfield(L, -2, "message");
  push_facts(log, e, past);
  lua_setfield(L, -2, "log");
  lua_rawseti(L, -2, log->n);
}

static int count(struct log *log, const struct ehlo_log_event *e, const struct ehlo_log_past *past) {
  const struct ehlo_explanation *x = &log->explanation;
  const bool inbound = e->what == EHLO_LOG_REJECTED;
  const struct ehlo_slice host =
      e->relay.len > 0 && !ehlo_slice_equal(e->relay, ehlo_slice_str("unknown")) ? e->relay : e->relay_address;
  bool is_provider;
  const struct ehlo_slice place = ehlo_log_place(x->provider, e->relay, e->to, &is_provider);
  const struct ehlo_tally_item item = {.cause = x->cause,
                                       .retry = x->retry,
                                       .acts = x->acts,
                                       .place = inbound ? host : place,
                                       .is_provider = !inbound && is_provider,
                                       .inbound = inbound,
                                       .time = e->time,
                                       .address = e->to,
                                       .queue_id = e->queue_id,
                                       .input = log->name,
                                       .text = ehlo_buf_slice(&log->said)};
  return log->tally ? ehlo_tally_add(log->tally, &item, past->mark) : 0;
}

static int take(void *arg, const struct ehlo_log_event *e, const struct ehlo_log_past *past) {
  struct log *log = arg;
  const bool failed = e->status >= EHLO_STATUS_DEFERRED;
  forget_explanation(log);
  if (!failed && past->mark && *past->mark != -1 && log->tally) ehlo_tally_later(log->tally);
  if (!failed && !log->one) return 0;
  int error = 0;
  if (failed) {
    log->explained = true;
    error = ehlo_log_explain(ehlo_context_of(log->L)->catalogue, e, &log->said, &log->explanation);
    if (!error) error = count(log, e, past);
  }
  if (error) return error;
  log->n++;
  if (log->form == FORM_TABLES) add_table(log, e, past);
  if (log->form == FORM_NDJSON && failed)
    return ehlo_log_json(e, past, &log->explanation, log->name, log->kind, &log->out);
  return 0;
}

/* What the form wants: a number, a list, or a text. */
static int finish(struct log *log, int error) {
  lua_State *L = log->L;
  if (error) return luaL_error(L, "the log cannot be read: %s", ehlo_error_text(error));
  if (log->form == FORM_COUNT) {
    lua_pushinteger(L, log->n);
  } else if (log->form == FORM_NDJSON) {
    lua_pushlstring(L, log->out.data ? log->out.data : "", log->out.len);
  }
  return 1;
}

static void start(lua_State *L, struct log *log, int form_at) {
  log->L = L;
  log->n = 0;
  log->form = (enum form)luaL_checkoption(L, form_at, "tables", forms);
  ehlo_buf_reset(&log->out);
  if (log->form == FORM_TABLES) lua_newtable(L);
}

/* log:begin(first, name, kind): another source, by its first bytes. */
static int log_begin(lua_State *L) {
  struct log *log = check(L);
  const struct ehlo_slice first = ehlo_check_slice(L, 2);
  log->name = lua_isnoneornil(L, 3) ? ehlo_slice_of("", 0) : ehlo_check_slice(L, 3);
  lua_settop(L, 4);
  lua_pushvalue(L, 3);
  lua_setiuservalue(L, 1, USER_NAME);
  log->kind = !lua_isnil(L, 4) && strcmp(luaL_checkstring(L, 4), "queue") == 0 ? "queue" : "log";
  ehlo_log_reader_begin(log->reader, first);
  return 0;
}

/* log:feed(bytes, form) */
static int log_feed(lua_State *L) {
  struct log *log = check(L);
  const struct ehlo_slice bytes = ehlo_check_slice(L, 2);
  start(L, log, 3);
  return finish(log, ehlo_log_reader_feed(log->reader, bytes, take, log));
}

/* log:finish(form): the source has ended. */
static int log_finish(lua_State *L) {
  struct log *log = check(L);
  start(L, log, 2);
  return finish(log, ehlo_log_reader_end(log->reader, take, log));
}

/* The moment that ages in a listing and years in a log are counted from, with this machine's offset then. */
static struct ehlo_log_clock clock_at(time_t seconds) {
  struct tm parts;
  const bool known = localtime_r(&seconds, &parts) != NULL;
  const struct ehlo_log_clock clock = {(int64_t)seconds, known ? (int)(parts.tm_gmtoff / 60) : 0};
  return clock;
}

static void read_options(lua_State *L, struct log *log, struct ehlo_log_options *o) {
  static const char *const known[] = {"now", "queue_id", "since", "tally", NULL};
  if (lua_isnoneornil(L, 1)) return;
  ehlo_check_options(L, 1, known);
  if (lua_getfield(L, 1, "now") != LUA_TNIL) {
    const lua_Number now = luaL_checknumber(L, -1);
    luaL_argcheck(L, now >= 0 && now < 1e11, 1, "'now' is seconds since 1970");
    o->clock = clock_at((time_t)now);
  }
  if (lua_getfield(L, 1, "queue_id") != LUA_TNIL) o->queue_id = ehlo_check_slice(L, -1);
  luaL_argcheck(L, o->queue_id.len <= 24, 1, "'queue_id' is longer than any queue's");
  log->one = o->queue_id.len > 0;
  if (lua_getfield(L, 1, "since") != LUA_TNIL)
    o->since = (int64_t)luaL_checknumber(L, -1) + (int64_t)o->clock.offset * 60;
  if (lua_getfield(L, 1, "tally") != LUA_TNIL) log->tally = mail_check_tally(L, lua_gettop(L));
}

static void set_type(lua_State *L) {
  static const luaL_Reg methods[] = {{"begin", log_begin}, {"feed", log_feed}, {"finish", log_finish}, {NULL, NULL}};
  if (luaL_newmetatable(L, LOG)) {
    luaL_newlib(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, log_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushliteral(L, LOG);
    lua_setfield(L, -2, "__metatable");
  }
  lua_setmetatable(L, -2);
}

/* mail.log({now=, queue_id=, since=, tally=}) */
int mail_log(lua_State *L) {
  lua_settop(L, 1);
  struct log *log = lua_newuserdatauv(L, sizeof *log, 2);
  memset(log, 0, sizeof *log);
  log->kind = "log";
  ehlo_buf_init(&log->said, SAID_MAX);
  ehlo_buf_init(&log->stamp, 64);
  ehlo_buf_init(&log->out, JSON_MAX);
  set_type(L);
  struct ehlo_log_options options = {.clock = clock_at(time(NULL)), .queue_id = {"", 0}};
  read_options(L, log, &options);
  if (log->tally) {
    lua_getfield(L, 1, "tally");
    lua_setiuservalue(L, 2, USER_TALLY);
  }
  log->reader = ehlo_log_reader_new(&options);
  if (!log->reader) return luaL_error(L, "out of memory");
  lua_settop(L, 2);
  return 1;
}
