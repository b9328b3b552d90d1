/* Owns: a rehearsal server and a client session on one loop, for tests. Callers: tests of smtp. */
#ifndef EHLO_TESTS_REHEARSE_H
#define EHLO_TESTS_REHEARSE_H

#include "net/mint.h"
#include "net/peer.h"

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/smtp/auth.h"
#include "ehlo/smtp/listener.h"

/* What a server says in place of the usual: at most one answer a verb. */
struct said {
  enum ehlo_serve_verb verb;
  const char *raw;
};

struct stage {
  struct ehlo_loop *loop;
  struct ehlo_tls *tls, *client_tls; /* of the server; NULL: the environment's */
  struct ehlo_listener *listener;
  struct ehlo_smtp_env env;
  struct ehlo_session session;
  bool opened;
};

static inline void stage_answer(struct ehlo_listener_options *o, const struct said *said) {
  struct ehlo_answers *a = &o->answers[said->verb];
  a->list = ehlo_memory_zalloc(1, sizeof *a->list);
  if (!a->list) return;
  a->n = 1;
  a->list->cut = -1;
  a->list->raw_len = strlen(said->raw);
  a->list->raw = ehlo_memory_dup(said->raw, a->list->raw_len);
}

/* False where memory ran out. `o` is filled up; its address, name and TLS are the stage's. */
static inline bool stage_listen(struct stage *s, struct ehlo_listener_options *o) {
  char why[200];
  assert_int_equal(ehlo_endpoint_read(ehlo_slice_str("127.0.0.1"), 0, &o->at), 0);
  o->name = "mx.example.org";
  o->tls = s->tls;
  s->listener = ehlo_listener_open(s->loop, o, why, sizeof why);
  return s->listener != NULL;
}

/* Waits for the operation that began with `error`; its reply's code, or 0. */
static inline int stage_code(struct stage *s, int error) {
  if (error) return 0;
  ehlo_op_drive(&s->session.op);
  const int at = s->session.exchange;
  return s->session.op.error || at < 0 ? 0 : s->session.record->exchanges[at].code;
}

/* To the greeting, whose code it gives. */
static inline int stage_connect(struct stage *s, double step) {
  char target[64];
  struct ehlo_unusable wrong;
  const struct ehlo_session_options o = {
      .helo = "client.example.net", .tls_level = EHLO_TLS_MAY, .family = 4, .step = step, .tls = s->client_tls};
  snprintf(target, sizeof target, "127.0.0.1:%u", ehlo_listener_at(s->listener)->port);
  if (ehlo_smtp_env_init(&s->env, s->loop) != 0) return 0;
  s->opened = true;
  if (ehlo_session_init(&s->session, &s->env, target, &o, &wrong) != 0) return 0;
  return stage_code(s, ehlo_session_connect(&s->session));
}

static inline int stage_say(struct stage *s, enum ehlo_phase phase, const char *line) {
  return stage_code(s, ehlo_session_command(&s->session, phase, ehlo_slice_str(line)));
}

static inline void stage_clear(struct stage *s) {
  if (s->opened) {
    ehlo_session_fini(&s->session);
    ehlo_smtp_env_fini(&s->env);
  }
  ehlo_listener_free(s->listener);
  s->listener = NULL;
  s->opened = false;
  memset(&s->session, 0, sizeof s->session);
}

#endif
