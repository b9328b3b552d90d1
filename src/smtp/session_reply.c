/* Owns: commands out, replies in: framing, matching each reply to its command, and what a hostile server does in between.
 * Callers: the session. */
#include "session_inner.h"

#include <stdio.h>
#include <string.h>

#include "ehlo/core/escape.h"

enum { COMMAND_MAX = 64 * 1024, SHOWN_MAX = 64 };

static void set_aside(struct ehlo_session *s, size_t len) {
  const struct ehlo_slice early = ehlo_slice_of(s->conn.input.data, len);
  (void)session_keep(s, s->phase, early);
  (void)ehlo_record_find(s->record, "unasked-reply",
                         "The server sent %zu bytes before they were asked for; they were not taken for an answer.",
                         len);
  ehlo_buf_consume(&s->conn.input, len);
}

/* RFC 5321 lets a server speak only when asked, but for a 421 before it closes. Any other reply that lies here before a command was
 * sent, or has begun to come, must never be taken for the answer to it. */
void session_set_aside_unasked(struct ehlo_session *s) {
  s->unasked = false;
  while (s->conn.input.len > 0) {
    struct ehlo_reply reply;
    struct ehlo_reply_scan scan = {0};
    const long used = ehlo_reply_scan(ehlo_buf_slice(&s->conn.input), &ehlo_reply_limits_default, &scan, &reply);
    s->unasked = used == EHLO_E_AGAIN;
    if (s->unasked || (used > 0 && reply.code == 421)) return;
    set_aside(s, used > 0 ? (size_t)used : s->conn.input.len);
  }
}

static int add_exchange(struct ehlo_session *s, enum ehlo_phase phase, long sent) {
  const struct ehlo_exchange x = {.seconds = -1, .sent = (int32_t)sent, .received = -1, .phase = (uint8_t)phase};
  const int index = ehlo_record_add_exchange(s->record, &x);
  if (index < 0) return index;
  s->exchange = index;
  s->expected = index + 1;
  return index;
}

void session_await(struct ehlo_session *s) {
  session_enter(s, EHLO_SESSION_AWAITING);
  s->scan = (struct ehlo_reply_scan){0};
  if (s->phase == EHLO_PHASE_GREETING && (s->next_reply = add_exchange(s, EHLO_PHASE_GREETING, -1)) < 0) {
    session_fail(s, EHLO_E_MEMORY, NULL, "out of memory");
    return;
  }
  if (s->conn.input.len > 0) session_read(s);
}

int session_open(struct ehlo_session *s, enum ehlo_phase phase) {
  if (s->state != EHLO_SESSION_OPEN && s->state != EHLO_SESSION_CLOSED) return EHLO_E_BUSY;
  const int error = session_begin(s, phase);
  if (error) return error;
  session_set_aside_unasked(s);
  s->first = s->next_reply = s->expected = s->record->n_exchanges;
  return 0;
}

int session_expect(struct ehlo_session *s, enum ehlo_phase phase, struct ehlo_slice shown) {
  const long at = ehlo_transcript_add(&s->record->transcript, session_at(s), EHLO_SENT, phase, shown);
  return add_exchange(s, phase, at < 0 ? -1 : at);
}

int session_sent(struct ehlo_session *s, int error) {
  if (error)
    session_fail(s, error, NULL, "the command could not be sent: %s", ehlo_error_text(error));
  else if (s->next_reply == s->expected)
    session_done(s);
  else
    session_await(s);
  return 0;
}

static int check_line(struct ehlo_slice line) {
  if (!ehlo_address_line_safe(line)) return EHLO_E_SYNTAX;
  return line.len > COMMAND_MAX ? EHLO_E_LIMIT : 0;
}

int session_send(struct ehlo_session *s, enum ehlo_phase phase, struct ehlo_slice line, bool secret) {
  int error = check_line(line);
  if (!error) error = session_open(s, phase);
  if (error) return error;
  struct ehlo_buf out;
  ehlo_buf_init(&out, COMMAND_MAX + 2);
  (void)ehlo_buf_add_slice(&out, line);
  error = ehlo_buf_add(&out, "\r\n", 2);
  char room[SHOWN_MAX];
  const struct ehlo_slice shown =
      secret ? ehlo_slice_str("(secret)\r\n") : session_shown(s, ehlo_buf_slice(&out), room, sizeof room);
  if (!error && session_expect(s, phase, shown) < 0) error = EHLO_E_MEMORY;
  if (!error) error = ehlo_conn_write(&s->conn, ehlo_buf_slice(&out), secret);
  ehlo_buf_fini(&out);
  return session_sent(s, error);
}

static enum ehlo_phase phase_of(struct ehlo_slice line) {
  const char *space = memchr(line.ptr, ' ', line.len);
  return ehlo_phase_of_verb(line.ptr, space ? (size_t)(space - line.ptr) : line.len);
}

int ehlo_session_pipeline(struct ehlo_session *s, const struct ehlo_slice *lines, int n) {
  int error = n < 1 ? EHLO_E_ARGUMENT : 0;
  for (int i = 0; i < n && !error; i++)
    error = check_line(lines[i]);
  if (!error) error = session_open(s, phase_of(lines[0]));
  if (error) return error;
  struct ehlo_buf out;
  ehlo_buf_init(&out, 900 * 1024);
  for (int i = 0; i < n && !error; i++) {
    const size_t from = out.len;
    (void)ehlo_buf_add_slice(&out, lines[i]);
    error = ehlo_buf_add(&out, "\r\n", 2);
    char room[SHOWN_MAX];
    const struct ehlo_slice line = ehlo_slice_of(out.data + from, out.len - from);
    if (!error && session_expect(s, phase_of(lines[i]), session_shown(s, line, room, sizeof room)) < 0)
      error = EHLO_E_MEMORY;
  }
  if (!error) error = ehlo_conn_write(&s->conn, ehlo_buf_slice(&out), false);
  ehlo_buf_fini(&out);
  return session_sent(s, error);
}

int ehlo_session_raw(struct ehlo_session *s, struct ehlo_slice bytes, int replies) {
  int error = session_open(s, EHLO_PHASE_COMMAND);
  if (error) return error;
  char room[SHOWN_MAX];
  const struct ehlo_slice shown = session_shown(s, bytes, room, sizeof room);
  for (int i = 0; i < replies && !error; i++)
    if (session_expect(s, EHLO_PHASE_COMMAND, i ? ehlo_slice_str("") : shown) < 0) error = EHLO_E_MEMORY;
  if (replies == 0)
    (void)ehlo_transcript_add(&s->record->transcript, session_at(s), EHLO_SENT, EHLO_PHASE_COMMAND, shown);
  if (!error) error = ehlo_conn_write(&s->conn, bytes, false);
  return session_sent(s, error);
}

static void keep_reply(struct ehlo_session *s, const struct ehlo_reply *reply) {
  struct ehlo_exchange *x = &s->record->exchanges[s->next_reply];
  const long at = session_keep(s, (enum ehlo_phase)x->phase, reply->raw);
  x->received = at < 0 ? -1 : (int32_t)at;
  x->code = (int16_t)reply->code;
  x->enhanced = reply->enhanced;
  x->anomalies = reply->anomalies;
  x->seconds = ehlo_loop_now(s->env->loop) - s->phase_began;
}

/* The first bytes of what is wrong, for the sentence. */
static void quote(const struct ehlo_session *s, struct ehlo_slice bytes, char out[80]) {
  struct ehlo_buf shown, clean;
  ehlo_buf_init(&clean, 1024 * 1024);
  bytes = ehlo_redactor_apply(s->redactor, bytes, &clean) == 0 ? ehlo_buf_slice(&clean) : ehlo_slice_str("");
  ehlo_buf_init(&shown, 512);
  if (bytes.len > 40) bytes.len = 40;
  (void)ehlo_escape_terminal(ehlo_slice_trim(bytes), &shown);
  snprintf(out, 80, "%.70s", shown.data ? shown.data : "");
  ehlo_buf_fini(&shown);
  ehlo_buf_fini(&clean);
}

static void broken_reply(struct ehlo_session *s, int error, const struct ehlo_reply *reply) {
  char seen[80];
  const struct ehlo_slice input = ehlo_buf_slice(&s->conn.input);
  struct ehlo_reply kept = *reply;
  kept.raw = input; /* decided at the earliest byte: the evidence is all that came */
  quote(s, input, seen);
  keep_reply(s, &kept);
  s->record->exchanges[s->next_reply].received = -1; /* no complete reply: it decides nothing */
  if (error == EHLO_E_NOT_SMTP && s->phase == EHLO_PHASE_GREETING) {
    session_fail(s, error, "not-smtp", "what answers looks like %s: \"%s\"", ehlo_reply_looks_like(input), seen);
    return;
  }
  const uint32_t violations = reply->anomalies & EHLO_ANOMALY_VIOLATIONS;
  const uint32_t first = violations & (~violations + 1);
  const char *text = ehlo_anomaly_text(first);
  session_fail(s, EHLO_E_PROTOCOL, ehlo_anomaly_name(first), "%s: \"%s\"", text ? text : "the reply is malformed",
               seen);
}

/* What a reply changes in the session: where the record finds it, and how many recipients a message has. */
static void take_note(struct ehlo_session *s, int index) {
  struct ehlo_record *r = s->record;
  const struct ehlo_exchange *x = &r->exchanges[index];
  switch (x->phase) {
  case EHLO_PHASE_GREETING: r->greeting = index; break;
  case EHLO_PHASE_EHLO: r->ehlo = index, s->accepted = 0; break;
  case EHLO_PHASE_EHLO_TLS: r->ehlo_tls = index, s->accepted = 0; break;
  case EHLO_PHASE_STARTTLS: r->starttls = index; break;
  case EHLO_PHASE_RCPT: s->accepted += x->code / 100 == 2; break;
  case EHLO_PHASE_MAIL:
  case EHLO_PHASE_RSET: s->accepted = 0; break;
  default: break;
  }
}

static void answered(struct ehlo_session *s, int code) {
  take_note(s, s->next_reply);
  if (s->phase == EHLO_PHASE_STARTTLS && code / 100 == 2 && session_tls_answered(s)) return;
  s->next_reply++;
  s->scan = (struct ehlo_reply_scan){0};
  if (s->body_due && session_data_answered(s, code)) return;
  if (s->auth && session_auth_answered(s, code)) return;
  if (s->next_reply < s->expected) return;
  session_done(s);
  if (s->phase == EHLO_PHASE_QUIT) ehlo_session_close(s);
}

void session_read(struct ehlo_session *s) {
  while (s->state == EHLO_SESSION_AWAITING) {
    struct ehlo_reply reply;
    const long used = ehlo_reply_scan(ehlo_buf_slice(&s->conn.input), &ehlo_reply_limits_default, &s->scan, &reply);
    if (used == EHLO_E_AGAIN) {
      ehlo_conn_resume(&s->conn);
      return;
    }
    if (used < 0) {
      broken_reply(s, (int)used, &reply);
      return;
    }
    if (s->unasked && reply.code != 421) {
      set_aside(s, (size_t)used);
      s->unasked = false;
      s->scan = (struct ehlo_reply_scan){0};
      continue;
    }
    s->unasked = false;
    keep_reply(s, &reply);
    session_auth_hear(s, &reply);
    const int code = reply.code;
    ehlo_buf_consume(&s->conn.input, (size_t)used);
    answered(s, code);
  }
  if (s->state == EHLO_SESSION_OPEN) ehlo_conn_resume(&s->conn);
}

/* A 421 that came unasked before the server hung up is its reason, and no other reply will come. */
static void keep_parting_words(struct ehlo_session *s) {
  struct ehlo_reply reply;
  struct ehlo_reply_scan scan = {0};
  const struct ehlo_slice input = ehlo_buf_slice(&s->conn.input);
  if (ehlo_reply_scan(input, &ehlo_reply_limits_default, &scan, &reply) <= 0 || reply.code != 421) return;
  s->next_reply = add_exchange(s, s->phase, -1);
  if (s->next_reply >= 0) keep_reply(s, &reply);
}

void session_peer_closed(struct ehlo_session *s) {
  if (s->state == EHLO_SESSION_AWAITING && s->conn.input.len > 0) {
    struct ehlo_exchange *x = &s->record->exchanges[s->next_reply];
    x->anomalies |= EHLO_ANOMALY_CUT_OFF;
    char seen[80];
    quote(s, ehlo_buf_slice(&s->conn.input), seen);
    (void)session_keep(s, s->phase, ehlo_buf_slice(&s->conn.input));
    session_fail(s, EHLO_E_PROTOCOL, "cut-off", "the connection ended inside a reply, after \"%s\"", seen);
    return;
  }
  if (s->state == EHLO_SESSION_CLOSED) return;
  if (s->state == EHLO_SESSION_OPEN) {
    keep_parting_words(s);
    if (s->conn.error == EHLO_E_TLS && s->phase != EHLO_PHASE_QUIT) /* no hang-up, but bytes that are not TLS */
      ehlo_record_fail(s->record, EHLO_E_TLS, s->phase, s->conn.reason, "%s", s->conn.trouble);
    s->peer_left = true;
    ehlo_session_close(s);
    return;
  }
  if (s->conn.error && s->conn.error != EHLO_E_CLOSED)
    session_fail(s, s->conn.error, s->conn.reason, "%s", s->conn.trouble);
  else if (s->state == EHLO_SESSION_SECURING)
    session_fail(s, EHLO_E_TLS, s->conn.reason, "the server closed the connection during the TLS handshake");
  else
    session_fail(s, EHLO_E_CLOSED, s->conn.reason ? s->conn.reason : "closed",
                 "the server closed the connection before it answered%s%s", s->conn.trouble[0] ? ": " : "",
                 s->conn.trouble);
}

int ehlo_session_command(struct ehlo_session *s, enum ehlo_phase phase, struct ehlo_slice line) {
  return session_send(s, phase, line, false);
}

const char *ehlo_session_helo(struct ehlo_session *s) {
  struct ehlo_record *r = s->record;
  if (r->helo) return r->helo;
  char name[256];
  const bool v6 = strchr(r->source, ':') != NULL;
  if (s->options.helo)
    snprintf(name, sizeof name, "%s", s->options.helo);
  else if (s->env->hostname[0])
    snprintf(name, sizeof name, "%s", s->env->hostname);
  else
    snprintf(name, sizeof name, "[%s%s]", v6 ? "IPv6:" : "", r->source[0] ? r->source : "127.0.0.1");
  r->helo = ehlo_memory_dup(name, strlen(name));
  return r->helo ? r->helo : "[127.0.0.1]";
}

int ehlo_session_ehlo(struct ehlo_session *s, const char *verb) {
  char line[300];
  const int n = snprintf(line, sizeof line, "%s %s", verb, ehlo_session_helo(s));
  s->lmtp = strcmp(verb, "LHLO") == 0;
  const enum ehlo_phase phase = s->conn.secured && !s->options.implicit_tls ? EHLO_PHASE_EHLO_TLS : EHLO_PHASE_EHLO;
  return session_send(s, phase, ehlo_slice_of(line, (size_t)n), false);
}

int ehlo_session_quit(struct ehlo_session *s) {
  return session_send(s, EHLO_PHASE_QUIT, ehlo_slice_str("QUIT"), false);
}
