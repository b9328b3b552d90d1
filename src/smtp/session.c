/* Owns: the life of a session: its states, its op, its deadlines and its end. Callers: the probe and the smtp binding,
 * through ehlo/smtp/session.h. */
#include "session_inner.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ehlo/base/clock.h"

enum { INPUT_MAX = 128 * 1024 };

/* Seconds for each phase unless the caller names one number for all. RFC 5321 4.5.3.2 lets an MTA wait minutes; a person at a
 * prompt does not, and says so with --timeout when it takes longer. */
static const double step_seconds[EHLO_PHASES] = {
    [EHLO_PHASE_DNS] = 12,      [EHLO_PHASE_CONNECT] = 15, [EHLO_PHASE_GREETING] = 60, [EHLO_PHASE_EHLO] = 60,
    [EHLO_PHASE_STARTTLS] = 60, [EHLO_PHASE_TLS] = 30,     [EHLO_PHASE_EHLO_TLS] = 60, [EHLO_PHASE_AUTH] = 60,
    [EHLO_PHASE_MAIL] = 60,     [EHLO_PHASE_RCPT] = 60,    [EHLO_PHASE_DATA] = 120,    [EHLO_PHASE_RSET] = 30,
    [EHLO_PHASE_COMMAND] = 60,  [EHLO_PHASE_QUIT] = 5,
};

void session_enter(struct ehlo_session *s, enum ehlo_session_state state) {
  s->state = state;
}

double session_at(const struct ehlo_session *s) {
  const double at = ehlo_loop_now(s->env->loop) - s->began;
  return s->began > 0 && at > 0 ? at : 0;
}

void session_note(struct ehlo_session *s, const char *format, ...) {
  char text[512];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  (void)ehlo_transcript_add(&s->record->transcript, session_at(s), EHLO_NOTED, s->phase, ehlo_slice_str(text));
}

static double deadline_of(const struct ehlo_session *s, enum ehlo_phase phase) {
  const double now = ehlo_loop_now(s->env->loop);
  const double deadline = now + (s->options.step > 0 ? s->options.step : step_seconds[phase]);
  return s->give_up > 0 && s->give_up < deadline ? s->give_up : deadline;
}

void session_extend(struct ehlo_session *s) {
  (void)ehlo_timer_arm(&s->op.deadline, deadline_of(s, s->phase));
}

void ehlo_session_extend(struct ehlo_session *s) {
  if (s->state == EHLO_SESSION_AWAITING) session_extend(s);
}

/* Replies come in later as well as now. A dialogue of which the next step is ours does not go on by itself. */
static bool outlasts(const struct ehlo_op *op) {
  const struct ehlo_session *s = (const struct ehlo_session *)op /* its first member */;
  return s->state == EHLO_SESSION_AWAITING && s->phase != EHLO_PHASE_GREETING && !s->auth && !s->body_due &&
         !s->feeding;
}

/* A hang-up between two commands is told by the command that could not be sent any more; at QUIT it is of no account. */
static int too_late(struct ehlo_session *s, enum ehlo_phase phase) {
  if (s->peer_left && phase != EHLO_PHASE_QUIT)
    ehlo_record_fail(s->record, EHLO_E_CLOSED, phase, "closed",
                     "the server closed the connection before %s could be sent", ehlo_phase_name(phase));
  return EHLO_E_CLOSED;
}

int session_begin(struct ehlo_session *s, enum ehlo_phase phase) {
  if (s->state == EHLO_SESSION_CLOSED) return too_late(s, phase);
  if (s->op.state == EHLO_OP_STARTED || s->op.state == EHLO_OP_WAITING) return EHLO_E_BUSY;
  const int error = ehlo_op_start(&s->op, deadline_of(s, phase));
  if (error) return error;
  s->phase = phase;
  s->phase_began = ehlo_loop_now(s->env->loop);
  s->exchange = -1;
  return 0;
}

/* Phases may come more than once in a scripted session: the times add up. */
static void note_time(struct ehlo_session *s) {
  double *seconds = &s->record->timing[s->phase];
  const double spent = ehlo_loop_now(s->env->loop) - s->phase_began;
  *seconds = (*seconds > 0 ? *seconds : 0) + (spent > 0 ? spent : 0);
  s->record->total = session_at(s);
}

void session_done(struct ehlo_session *s) {
  note_time(s);
  session_enter(s, EHLO_SESSION_OPEN);
  ehlo_op_finish(&s->op, 0);
}

static void let_go(struct ehlo_session *s) {
  if (s->question) {
    ehlo_question_cancel(s->question);
    s->question = NULL;
  }
  if (s->ptr_question) {
    ehlo_question_cancel(s->ptr_question);
    s->ptr_question = NULL;
  }
  ehlo_timer_disarm(&s->attempt);
  ehlo_pace_return(&s->ticket);
  session_auth_end(s);
  ehlo_conn_close(&s->conn);
  session_enter(s, EHLO_SESSION_CLOSED);
}

/* Of several commands at once it is the one whose reply was awaited that failed. */
static enum ehlo_phase phase_due(const struct ehlo_session *s) {
  const bool awaits = s->state == EHLO_SESSION_AWAITING && s->next_reply >= 0 && s->next_reply < s->expected;
  return awaits ? (enum ehlo_phase)s->record->exchanges[s->next_reply].phase : s->phase;
}

void session_fail(struct ehlo_session *s, int error, const char *reason, const char *format, ...) {
  char text[512];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  const enum ehlo_phase phase = phase_due(s);
  note_time(s);
  if (phase == EHLO_PHASE_QUIT)
    (void)ehlo_record_find(s->record, "quit-trouble", "After QUIT: %s", text);
  else
    ehlo_record_fail(s->record, error, phase, reason, "%s", text);
  let_go(s);
  ehlo_op_finish(&s->op, s->phase == EHLO_PHASE_QUIT ? 0 : error);
}

/* What the server owed us when the time was over. */
static const char *owed(enum ehlo_phase phase) {
  static const char *const text[EHLO_PHASES] = {
      [EHLO_PHASE_DNS] = "no answer from the resolver",
      [EHLO_PHASE_CONNECT] = "no answer to the connection attempt",
      [EHLO_PHASE_GREETING] = "no greeting",
      [EHLO_PHASE_EHLO] = "no complete reply to EHLO",
      [EHLO_PHASE_STARTTLS] = "no complete reply to STARTTLS",
      [EHLO_PHASE_TLS] = "the TLS handshake did not end",
      [EHLO_PHASE_EHLO_TLS] = "no complete reply to EHLO over TLS",
      [EHLO_PHASE_AUTH] = "no complete reply to AUTH",
      [EHLO_PHASE_MAIL] = "no complete reply to MAIL",
      [EHLO_PHASE_RCPT] = "no complete reply to RCPT",
      [EHLO_PHASE_DATA] = "no complete reply to the message",
      [EHLO_PHASE_RSET] = "no complete reply to RSET",
      [EHLO_PHASE_COMMAND] = "no complete reply to the command",
      [EHLO_PHASE_QUIT] = "no complete reply to QUIT",
  };
  return text[phase];
}

/* The op was cancelled or its deadline passed. */
static void stopped(struct ehlo_op *op) {
  struct ehlo_session *s = (struct ehlo_session *)op /* its first member */;
  const double spent = ehlo_loop_now(s->env->loop) - s->phase_began;
  if (op->error == EHLO_E_TIMEOUT)
    session_fail(s, EHLO_E_TIMEOUT, "deadline", "%s within %.1f s", owed(phase_due(s)), spent);
  else
    session_fail(s, EHLO_E_CANCELLED, "cancelled", "cancelled after %.1f s", spent);
}

/* After a 220 to STARTTLS the next bytes on the wire must be TLS: plain text there is injected, or the mark of a server that goes on
 * in the clear. Either way it is no answer, and more than a failed handshake. */
static void handshake_failed(struct ehlo_session *s) {
  const bool plain = s->conn.reason && strcmp(s->conn.reason, "plain-text") == 0;
  if (plain && !s->options.implicit_tls) {
    if (s->record->starttls >= 0) s->record->exchanges[s->record->starttls].anomalies |= EHLO_ANOMALY_INJECTED;
    session_fail(s, EHLO_E_PROTOCOL, "injected",
                 "plain text followed the reply to STARTTLS where the TLS handshake was due");
    return;
  }
  session_fail(s, EHLO_E_TLS, s->conn.reason, "%s", s->conn.trouble);
}

static void conn_event(void *arg, enum ehlo_conn_event event) {
  struct ehlo_session *s = arg;
  switch (event) {
  case EHLO_CONN_CONNECTED: session_connected(s); break;
  case EHLO_CONN_SECURED: session_secured(s); break;
  case EHLO_CONN_DATA: session_read(s); break;
  case EHLO_CONN_DRAINED: session_feed(s); break;
  case EHLO_CONN_CLOSED: session_peer_closed(s); break;
  case EHLO_CONN_FAILED:
    if (s->state == EHLO_SESSION_CONNECTING)
      session_connect_failed(s);
    else if (s->state == EHLO_SESSION_SECURING && s->conn.error == EHLO_E_TLS)
      handshake_failed(s);
    else if (s->conn.error == EHLO_E_CLOSED || s->state == EHLO_SESSION_OPEN)
      session_peer_closed(s);
    else
      session_fail(s, s->conn.error, s->conn.reason, "%s", s->conn.trouble);
    break;
  }
}

static int read_end(const char *what, const char *text, struct ehlo_endpoint *out, struct ehlo_unusable *wrong) {
  struct ehlo_target read;
  *wrong = (struct ehlo_unusable){what, text, "An IP address is wanted, with a port if need be: 192.0.2.1:4711."};
  if (!text) return 0;
  const char *ignored;
  if (ehlo_address_target(ehlo_slice_str(text), &read, &ignored) != 0 || !read.family) return EHLO_E_SYNTAX;
  return ehlo_endpoint_read(read.host, read.port, out);
}

static int copy_names(struct ehlo_session *s, const struct ehlo_session_options *options, struct ehlo_unusable *wrong) {
  if (options->helo) {
    *wrong = (struct ehlo_unusable){"the EHLO name", options->helo, ""};
    const int error = ehlo_address_helo(ehlo_slice_str(options->helo), &wrong->why);
    if (error) return error;
    s->options.helo = s->strings[0] = ehlo_memory_dup(options->helo, strlen(options->helo));
    if (!s->strings[0]) return EHLO_E_MEMORY;
  }
  if (options->sni) {
    *wrong = (struct ehlo_unusable){"the name for TLS", options->sni, ""};
    const int error = ehlo_address_helo(ehlo_slice_str(options->sni), &wrong->why);
    if (error) return error;
    s->options.sni = s->strings[2] = ehlo_memory_dup(options->sni, strlen(options->sni));
    if (!s->strings[2]) return EHLO_E_MEMORY;
  }
  if (options->domain) {
    *wrong = (struct ehlo_unusable){"the mail domain", options->domain, ""};
    const int error = ehlo_address_helo(ehlo_slice_str(options->domain), &wrong->why);
    if (error) return error;
    s->options.domain = s->strings[3] = ehlo_memory_dup(options->domain, strlen(options->domain));
    if (!s->strings[3]) return EHLO_E_MEMORY;
  }
  if (options->address) {
    *wrong = (struct ehlo_unusable){"the target's address", options->address, "It is no IP address."};
    if (ehlo_endpoint_read(ehlo_slice_str(options->address), 0, &s->given) != 0 || s->given.family == 1)
      return EHLO_E_SYNTAX;
  }
  s->options.address = NULL; /* read, and the caller's */
  if (options->pipe && !(s->pipe = ehlo_pipe_new(&s->env->children, options->pipe))) return EHLO_E_MEMORY;
  if (!options->source) return 0;
  *wrong = (struct ehlo_unusable){"the source address", options->source, "It is no IP address."};
  if (ehlo_endpoint_read(ehlo_slice_str(options->source), 0, &s->source) != 0) return EHLO_E_SYNTAX;
  s->options.source = s->strings[1] = ehlo_memory_dup(options->source, strlen(options->source));
  return s->strings[1] ? 0 : EHLO_E_MEMORY;
}

static int copy_options(struct ehlo_session *s, const struct ehlo_session_options *options,
                        struct ehlo_unusable *wrong) {
  s->options = *options;
  if (options->tls) s->options.tls = ehlo_tls_ref(options->tls);
  s->proxy.version = options->proxy;
  s->ticket = (struct ehlo_pace_ticket){
      .granted = session_turn_came, .owner = options->owner, .parent = options->owner_parent, .limits = options->pace};
  int error = read_end("the source of the PROXY header", options->proxy_source, &s->proxy.source, wrong);
  if (!error)
    error = read_end("the destination of the PROXY header", options->proxy_destination, &s->proxy.destination, wrong);
  return error ? error : copy_names(s, options, wrong);
}

int ehlo_session_init(struct ehlo_session *s, struct ehlo_smtp_env *env, const char *target,
                      const struct ehlo_session_options *options, struct ehlo_unusable *wrong) {
  memset(s, 0, sizeof *s);
  s->env = env;
  s->exchange = -1;
  s->conn.loop = env->loop;
  *wrong = (struct ehlo_unusable){"the target", target, ""};
  struct ehlo_target read;
  const bool path = target[0] == '/' || options->pipe; /* a unix socket, as LMTP servers use */
  int error = path ? 0 : ehlo_address_target(ehlo_slice_str(target), &read, &wrong->why);
  if (path) read = (struct ehlo_target){.host = ehlo_slice_str(target), .family = 1};
  if (!error && read.family > 1 && options->family && read.family != options->family) {
    wrong->why = "It is an address of the family that was ruled out.";
    error = EHLO_E_SYNTAX;
  }
  if (!error) error = copy_options(s, options, wrong);
  if (error) return error;
  s->record = ehlo_record_new(target);
  if (!s->record) return EHLO_E_MEMORY;
  /* a path and a program have no port */
  s->record->port = path ? 0 : read.port ? read.port : options->port ? options->port : options->implicit_tls ? 465 : 25;
  s->record->host = read.family ? NULL : ehlo_memory_dup(read.host.ptr, read.host.len);
  if (!read.family && !s->record->host) return EHLO_E_MEMORY;
  s->record->tls_level = options->tls_level;
  s->record->implicit_tls = options->implicit_tls;
  s->record->started = ehlo_clock_wall();
  ehlo_op_init(&s->op, env->loop, stopped);
  s->op.outlasts = outlasts;
  ehlo_timer_init(&s->attempt, env->loop, session_attempt_over);
  ehlo_conn_init(&s->conn, env->loop, INPUT_MAX, conn_event, s);
  return 0;
}

void ehlo_session_close(struct ehlo_session *s) {
  if (s->state == EHLO_SESSION_CLOSED || !s->record) return;
  s->record->total = session_at(s);
  let_go(s);
  if (s->op.state != EHLO_OP_IDLE) ehlo_op_finish(&s->op, EHLO_E_CANCELLED);
}

void ehlo_session_fini(struct ehlo_session *s) {
  if (s->op.loop) {
    ehlo_session_close(s);
    ehlo_op_fini(&s->op);
    ehlo_conn_fini(&s->conn);
  }
  ehlo_tls_free(s->options.tls);
  s->options.tls = NULL;
  session_auth_end(s);
  ehlo_redactor_free(s->redactor);
  s->redactor = NULL;
  ehlo_record_free(s->record);
  s->record = NULL;
  ehlo_memory_free(s->addresses);
  s->addresses = NULL;
  ehlo_memory_free(s->tlsa);
  s->tlsa = NULL;
  ehlo_pipe_free(s->pipe);
  s->pipe = NULL;
  for (size_t i = 0; i < sizeof s->strings / sizeof *s->strings; i++) {
    ehlo_memory_free(s->strings[i]);
    s->strings[i] = NULL;
  }
}

struct ehlo_record *ehlo_session_take_record(struct ehlo_session *s) {
  struct ehlo_record *r = s->record;
  s->record = NULL;
  return r;
}
