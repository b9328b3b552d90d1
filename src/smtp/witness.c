/* Owns: asking the witnesses: one session to each, side by side, as far as their greeting. Callers: the probe, the session. */
#include "ehlo/smtp/witness.h"

#include <stddef.h>
#include <string.h>

#include "ehlo/base/memory.h"
#include "session_inner.h"

enum { WITNESS_SECONDS = 6, VERDICT_HOLDS = 60, SMTP_PORT = 25 };

/* Mail exchangers of providers so large that all of them are hardly ever silent at once. */
static const char *const defaults[] = {"gmail-smtp-in.l.google.com", "mta5.am0.yahoodns.net", "mx01.mail.icloud.com"};

struct witness {
  struct ehlo_session session;
  struct ehlo_witness_inquiry *inquiry;
  bool ended;
};

struct ehlo_witness_inquiry {
  struct ehlo_witnesses *of;
  int n, left, silent;
  struct witness each[EHLO_WITNESSES_MAX];
};

static void decide(struct ehlo_witnesses *w, enum ehlo_witness_verdict verdict) {
  w->verdict = verdict;
  w->decided = ehlo_loop_now(w->env->loop);
  w->asking = false;
  while (!TAILQ_EMPTY(&w->waiting)) {
    struct ehlo_witness_wait *wait = TAILQ_FIRST(&w->waiting);
    TAILQ_REMOVE(&w->waiting, wait, link);
    wait->of = NULL;
    ehlo_op_finish(&wait->op, 0);
  }
}

/* A name that could not be resolved says nothing of port 25; a host that refuses or stays silent does. */
static bool is_silent(const struct ehlo_record *r) {
  return r->failure.error && r->failure.phase == EHLO_PHASE_CONNECT;
}
static bool has_answered(const struct ehlo_record *r) {
  return r->timing[EHLO_PHASE_CONNECT] >= 0 && !is_silent(r);
}

static void end_of(struct witness *each) {
  struct ehlo_witness_inquiry *q = each->inquiry;
  struct ehlo_witnesses *w = q->of;
  const struct ehlo_record *r = each->session.record;
  if (each->ended) return;
  each->ended = true;
  q->left--;
  q->silent += is_silent(r);
  if (has_answered(r)) {
    if (w->asking) decide(w, EHLO_WITNESS_ANSWERED);
    if (each->session.state == EHLO_SESSION_OPEN) (void)ehlo_session_quit(&each->session); /* nobody waits for it */
  } else if (q->left == 0 && w->asking) {
    decide(w, q->silent > 0 ? EHLO_WITNESS_SILENT : EHLO_WITNESS_UNKNOWN);
  }
}

static void told(struct ehlo_op *op) {
  end_of(op->waiter);
}

static void end_inquiry(struct ehlo_witnesses *w) {
  if (!w->inquiry) return;
  for (int i = 0; i < w->inquiry->n; i++)
    ehlo_session_fini(&w->inquiry->each[i].session);
  ehlo_memory_free(w->inquiry);
  w->inquiry = NULL;
}

static void begin_one(struct ehlo_witness_inquiry *q, const char *name) {
  const struct ehlo_session_options options = {.timeout = WITNESS_SECONDS};
  struct ehlo_unusable wrong;
  struct witness *each = &q->each[q->n++];
  each->inquiry = q;
  q->left++;
  if (ehlo_session_init(&each->session, q->of->env, name, &options, &wrong) != 0 ||
      ehlo_session_connect(&each->session) != 0) {
    each->ended = true;
    q->left--;
    return;
  }
  each->session.op.told = told;
}

static void forget_names(struct ehlo_witnesses *w) {
  for (int i = 0; i < w->n; i++)
    ehlo_memory_free(w->names[i]);
  w->n = 0;
}

static int remember_names(struct ehlo_witnesses *w, const char *const *names, int n) {
  forget_names(w);
  for (int i = 0; i < n; i++) {
    w->names[i] = ehlo_memory_dup(names[i], strlen(names[i]));
    if (!w->names[i]) return EHLO_E_MEMORY;
    w->n++;
  }
  return 0;
}

static void begin_inquiry(struct ehlo_witnesses *w) {
  end_inquiry(w);
  w->asking = true;
  w->inquiry = ehlo_memory_zalloc(1, sizeof *w->inquiry);
  if (!w->inquiry ||
      (!w->chosen && w->n == 0 && remember_names(w, defaults, (int)(sizeof defaults / sizeof *defaults)) != 0)) {
    decide(w, EHLO_WITNESS_UNKNOWN);
    return;
  }
  w->inquiry->of = w;
  for (int i = 0; i < w->n; i++)
    begin_one(w->inquiry, w->names[i]);
  for (int i = 0; i < w->inquiry->n; i++) {
    struct witness *each = &w->inquiry->each[i];
    if (!each->ended && !ehlo_op_wait(&each->session.op, each)) end_of(each);
  }
  if (w->inquiry->left == 0 && w->asking) decide(w, EHLO_WITNESS_UNKNOWN);
}

void ehlo_witnesses_init(struct ehlo_witnesses *w, struct ehlo_smtp_env *env) {
  memset(w, 0, sizeof *w);
  w->env = env;
  TAILQ_INIT(&w->waiting);
}

void ehlo_witnesses_fini(struct ehlo_witnesses *w) {
  end_inquiry(w);
  forget_names(w);
}

int ehlo_witnesses_choose(struct ehlo_witnesses *w, const char *const *names, int n) {
  struct ehlo_target target;
  const char *why;
  if (n > EHLO_WITNESSES_MAX) return EHLO_E_LIMIT;
  for (int i = 0; i < n; i++)
    if (ehlo_address_target(ehlo_slice_str(names[i]), &target, &why) != 0) return EHLO_E_SYNTAX;
  w->chosen = true;
  w->verdict = EHLO_WITNESS_UNKNOWN;
  w->decided = 0;
  return remember_names(w, names, n);
}

bool ehlo_witnesses_matter(const struct ehlo_witnesses *w, const struct ehlo_endpoint *to) {
  return w->chosen ? w->n > 0 : to->port == SMTP_PORT && ehlo_endpoint_is_public(to);
}

static bool is_known(const struct ehlo_witnesses *w) {
  return w->verdict != EHLO_WITNESS_UNKNOWN && ehlo_loop_now(w->env->loop) < w->decided + VERDICT_HOLDS;
}

void ehlo_witnesses_prepare(struct ehlo_witnesses *w) {
  if (!w->asking && !is_known(w)) begin_inquiry(w);
}

static void stopped(struct ehlo_op *op) {
  struct ehlo_witness_wait *wait = (struct ehlo_witness_wait *)op; /* its first member */
  if (wait->of) TAILQ_REMOVE(&wait->of->waiting, wait, link);
  wait->of = NULL;
}

bool ehlo_witnesses_ask(struct ehlo_witnesses *w, struct ehlo_witness_wait *wait) {
  if (is_known(w)) return true;
  void (*const to_tell)(struct ehlo_op *) = wait->op.told;
  ehlo_op_init(&wait->op, w->env->loop, stopped);
  wait->op.told = to_tell;
  if (ehlo_op_start(&wait->op, 0) != 0) return true;
  wait->of = w;
  TAILQ_INSERT_TAIL(&w->waiting, wait, link);
  ehlo_witnesses_prepare(w);
  return wait->op.state == EHLO_OP_DONE;
}

void ehlo_witnesses_saw(struct ehlo_witnesses *w, const struct ehlo_endpoint *peer) {
  if (w->chosen || peer->port != SMTP_PORT || !ehlo_endpoint_is_public(peer)) return;
  w->verdict = EHLO_WITNESS_ANSWERED;
  w->decided = ehlo_loop_now(w->env->loop);
}
