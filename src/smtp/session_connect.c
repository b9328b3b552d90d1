/* Owns: from a target's name to a greeting: resolving, trying each address, implicit TLS. Callers: the session. */
#include "session_inner.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* An address that stays silent must not use up the time of those behind it. */
enum { ATTEMPT_SECONDS = 6 };

static void address_failed(struct ehlo_session *s, const char *trouble) {
  (void)ehlo_record_find(s->record, "address-failed", "%s port %u: %s", s->record->address, s->record->port, trouble);
}

static bool has_more(const struct ehlo_session *s) {
  return s->next_address < s->n_addresses;
}

static bool open_connection(struct ehlo_session *s, const struct ehlo_endpoint *to) {
  struct ehlo_dialler *dialler = s->pipe ? &s->pipe->dialler : s->env->dialler;
  if (ehlo_conn_open(&s->conn, dialler, to, &s->source) != 0) {
    if (s->pipe)
      snprintf(s->conn.trouble, sizeof s->conn.trouble, "the program could not be started (%s)", strerror(errno));
    ehlo_pace_return(&s->ticket);
    if (has_more(s)) address_failed(s, s->conn.trouble);
    return false;
  }
  session_enter(s, EHLO_SESSION_CONNECTING);
  session_extend(s);
  if (has_more(s)) (void)ehlo_timer_arm(&s->attempt, ehlo_loop_now(s->env->loop) + ATTEMPT_SECONDS);
  return true;
}

/* Others are served first: that time is not the server's, and no deadline runs. */
static void queue_up(struct ehlo_session *s) {
  session_enter(s, EHLO_SESSION_QUEUEING);
  ehlo_timer_disarm(&s->op.deadline);
}

/* The next address in line; false when none is left or the dial could not even begin for all of them. */
static bool dial_next(struct ehlo_session *s) {
  while (has_more(s)) {
    struct ehlo_endpoint *to = &s->addresses[s->next_address++];
    to->port = s->record->port;
    ehlo_endpoint_text(to, s->record->address);
    if (ehlo_pace_take(&s->env->pace, &s->ticket, to) == 0) {
      queue_up(s);
      return true;
    }
    if (open_connection(s, to)) return true;
  }
  return false;
}

static void dial_or_fail(struct ehlo_session *s) {
  if (dial_next(s)) return;
  const char *trouble = s->conn.trouble[0] ? s->conn.trouble : "no connection could be made";
  const int error = s->conn.error ? s->conn.error : EHLO_E_CONNECT;
  if (s->record->port == 0)
    session_fail(s, error, s->conn.reason, "%s: %s", s->record->address, trouble);
  else
    session_fail(s, error, s->conn.reason, "%s port %u: %s", s->record->address, s->record->port, trouble);
}

void session_turn_came(struct ehlo_pace_ticket *t) {
  struct ehlo_session *s = (struct ehlo_session *)((char *)t - offsetof(struct ehlo_session, ticket));
  const double waited = ehlo_loop_now(s->env->loop) - t->asked;
  s->began += waited;
  s->phase_began += waited;
  if (s->give_up > 0) s->give_up += waited;
  session_note(s, "waited %.1f s for its turn: this address was asked by others before", waited);
  if (!open_connection(s, &s->addresses[s->next_address - 1])) dial_or_fail(s);
}

/* One phase's clock stops, the next one's starts; the op goes on. */
static void next_phase(struct ehlo_session *s, enum ehlo_phase phase) {
  const double now = ehlo_loop_now(s->env->loop);
  double *seconds = &s->record->timing[s->phase];
  *seconds = (*seconds > 0 ? *seconds : 0) + (now - s->phase_began);
  s->phase = phase;
  s->phase_began = now;
  session_extend(s);
}

void session_connect_failed(struct ehlo_session *s) {
  ehlo_timer_disarm(&s->attempt);
  ehlo_pace_return(&s->ticket);
  if (has_more(s)) address_failed(s, s->conn.trouble);
  dial_or_fail(s);
}

void session_attempt_over(struct ehlo_timer *t) {
  struct ehlo_session *s = (struct ehlo_session *)((char *)t - offsetof(struct ehlo_session, attempt));
  ehlo_conn_close(&s->conn);
  ehlo_pace_return(&s->ticket);
  address_failed(s, "no answer to the connection attempt; trying the next address");
  dial_or_fail(s);
}

/* Before anything else, TLS too. */
static int send_proxy_header(struct ehlo_session *s, const struct ehlo_endpoint *local,
                             const struct ehlo_endpoint *peer) {
  struct ehlo_buf header;
  if (!s->proxy.version) return 0;
  ehlo_buf_init(&header, 256);
  int error = ehlo_proxy_header(&s->proxy, local, peer, &header);
  if (!error) error = ehlo_conn_write(&s->conn, ehlo_buf_slice(&header), false);
  if (!error)
    (void)ehlo_transcript_add(&s->record->transcript, session_at(s), EHLO_SENT, s->phase, ehlo_buf_slice(&header));
  ehlo_buf_fini(&header);
  return error;
}

void session_connected(struct ehlo_session *s) {
  struct ehlo_endpoint local = {0}, peer = {0};
  ehlo_timer_disarm(&s->attempt);
  if (ehlo_conn_names(&s->conn, &local, &peer) == 0) {
    ehlo_endpoint_text(&local, s->record->source);
    session_ask_ptr(s, &local);
    ehlo_witnesses_saw(&s->env->witnesses, &peer);
  }
  session_note(s, "connected");
  if (send_proxy_header(s, &local, &peer) != 0) {
    session_fail(s, EHLO_E_CLOSED, "closed", "the PROXY header could not be sent");
    return;
  }
  if (s->options.implicit_tls) {
    next_phase(s, EHLO_PHASE_TLS);
    session_secure(s);
    return;
  }
  next_phase(s, EHLO_PHASE_GREETING);
  session_await(s);
}

void session_greet_after_tls(struct ehlo_session *s) {
  next_phase(s, EHLO_PHASE_GREETING);
  session_await(s);
}

void session_dial(struct ehlo_session *s) {
  next_phase(s, EHLO_PHASE_CONNECT);
  dial_or_fail(s);
}

static void have_addresses(struct ehlo_session *s) {
  if (s->options.tls_level == EHLO_TLS_DANE)
    session_dane_ask(s);
  else
    session_dial(s);
}

static void resolved(void *arg, const struct ehlo_addresses *found) {
  struct ehlo_session *s = arg;
  s->question = NULL;
  s->record->dns_secure = found->security;
  if (found->error) {
    const bool late = found->error == EHLO_E_TIMEOUT;
    session_fail(s, EHLO_E_DNS, found->reason, "%s: %s", s->record->host,
                 found->why[0] ? found->why
                 : late        ? "the resolver did not answer in time"
                               : "the name has no address");
    return;
  }
  s->addresses = ehlo_memory_zalloc((size_t)found->n, sizeof *s->addresses);
  if (!s->addresses) {
    session_fail(s, EHLO_E_MEMORY, NULL, "out of memory");
    return;
  }
  memcpy(s->addresses, found->list, (size_t)found->n * sizeof *s->addresses);
  s->n_addresses = found->n;
  char text[EHLO_ENDPOINT_TEXT];
  session_note(s, "%s%s", ehlo_endpoint_text(&found->list[0], text), found->n > 1 ? " and others" : "");
  have_addresses(s);
}

/* The caller has looked the name up, and wants this one of its addresses: as if it were the only one. */
static int dial_given(struct ehlo_session *s) {
  const struct ehlo_addresses one = {.security = -2, .list = &s->given, .n = 1};
  const int error = session_begin(s, EHLO_PHASE_DNS);
  if (error) return error;
  session_enter(s, EHLO_SESSION_RESOLVING);
  resolved(s, &one);
  return 0;
}

/* A target that is an address needs no resolver, and libunbound is not even opened. */
static int dial_literal(struct ehlo_session *s) {
  const struct ehlo_slice whole = ehlo_slice_str(s->record->target);
  struct ehlo_target t;
  const char *why;
  s->addresses = ehlo_memory_zalloc(1, sizeof *s->addresses);
  if (!s->addresses) return EHLO_E_MEMORY;
  t.host = whole;
  if (whole.ptr[0] != '/' && !s->pipe && ehlo_address_target(whole, &t, &why) != 0) return EHLO_E_SYNTAX;
  if (s->pipe) {
    s->addresses[0] = (struct ehlo_endpoint){.family = 1};
    snprintf(s->addresses[0].path, sizeof s->addresses[0].path, "%s", s->pipe->words[0]);
  } else if (ehlo_endpoint_read(t.host, s->record->port, s->addresses) != 0) {
    return EHLO_E_SYNTAX;
  }
  s->n_addresses = 1;
  s->record->dns_secure = -2;
  if (s->options.tls_level == EHLO_TLS_DANE) session_dane_nameless(s);
  const int error = session_begin(s, EHLO_PHASE_CONNECT);
  if (!error) dial_or_fail(s);
  return error;
}

int ehlo_session_connect(struct ehlo_session *s) {
  if (s->state != EHLO_SESSION_NEW) return s->state == EHLO_SESSION_CLOSED ? EHLO_E_CLOSED : EHLO_E_BUSY;
  s->began = ehlo_loop_now(s->env->loop);
  const double all_end = s->env->ends;
  if (s->options.timeout > 0) s->give_up = s->began + s->options.timeout;
  if (all_end > 0 && (s->give_up == 0 || s->give_up > all_end)) s->give_up = all_end;
  if (!s->record->host) return dial_literal(s);
  if (s->given.family) return dial_given(s);
  struct ehlo_resolver *resolver = ehlo_smtp_env_resolver(s->env);
  if (!resolver) return EHLO_E_MEMORY;
  int error = session_begin(s, EHLO_PHASE_DNS);
  if (error) return error;
  session_enter(s, EHLO_SESSION_RESOLVING);
  struct ehlo_question *question = NULL;
  error =
      ehlo_resolver_addresses(resolver, s->record->host, s->options.family, s->op.deadline.at, resolved, s, &question);
  if (error)
    session_fail(s, EHLO_E_DNS, "resolver", "%s: the question could not be asked (%s)", s->record->host,
                 ehlo_error_text(error));
  else
    s->question = question;
  return 0;
}
