/* Owns: the dialogue of a probe, a row a step, and where a reply ends it. Callers: the smtp binding. */
#include "ehlo/smtp/probe.h"

#include <stdio.h>
#include <string.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/core/address.h"
#include "ehlo/core/capability.h"

/* `wanted` false skips the step. `begin` starts it. `judge` looks at its reply; what it leaves undone, the next rows do. */
struct ehlo_probe_step {
  bool (*wanted)(const struct ehlo_probe *p);
  int (*begin)(struct ehlo_probe *p);
  void (*judge)(struct ehlo_probe *p);
};

static const struct ehlo_exchange *last(const struct ehlo_probe *p) {
  const int i = p->session.exchange;
  return i >= 0 ? &p->session.record->exchanges[i] : NULL;
}
static int last_class(const struct ehlo_probe *p) {
  const struct ehlo_exchange *x = last(p);
  return x ? x->code / 100 : 0;
}

static bool always(const struct ehlo_probe *p) {
  return !p->ends_early;
}
static void need_success(struct ehlo_probe *p) {
  if (last_class(p) != 2) p->ends_early = true;
}

static int begin_connect(struct ehlo_probe *p) {
  return ehlo_session_connect(&p->session);
}
static int begin_ehlo(struct ehlo_probe *p) {
  return ehlo_session_ehlo(&p->session, "EHLO");
}
static int begin_helo(struct ehlo_probe *p) {
  return ehlo_session_ehlo(&p->session, "HELO");
}

/* HELO only after a 5yz to EHLO (RFC 5321 4.1.1.1), never after silence or a 4yz. */
static void judge_ehlo(struct ehlo_probe *p) {
  if (last_class(p) != 5) need_success(p);
}
static bool wants_helo(const struct ehlo_probe *p) {
  return !p->ends_early && last(p)->phase == EHLO_PHASE_EHLO && last_class(p) == 5;
}
static void judge_helo(struct ehlo_probe *p) {
  struct ehlo_record *r = p->session.record;
  need_success(p);
  if (p->ends_early) return;
  r->helo_fallback = true;
  (void)ehlo_record_find(r, "helo-fallback", "EHLO was refused and HELO accepted: the server knows no extensions.");
}

static bool offers(const struct ehlo_probe *p, const char *keyword) {
  struct ehlo_reply ehlo;
  struct ehlo_capability c;
  return !p->session.record->helo_fallback && ehlo_record_capabilities(p->session.record, &ehlo) &&
         ehlo_capability_find(&ehlo, keyword, &c);
}
static bool wants_starttls(const struct ehlo_probe *p) {
  const struct ehlo_session_options *o = &p->session.options;
  return !p->ends_early && !o->implicit_tls && o->tls_level != EHLO_TLS_NONE &&
         (o->tls_level > EHLO_TLS_MAY || offers(p, "STARTTLS"));
}
static int begin_starttls(struct ehlo_probe *p) {
  if (offers(p, "STARTTLS")) return ehlo_session_starttls(&p->session);
  ehlo_record_fail(p->session.record, EHLO_E_TLS, EHLO_PHASE_STARTTLS, "not-offered",
                   "TLS level %s was asked for, and the reply to EHLO does not list STARTTLS",
                   ehlo_tls_level_name(p->session.options.tls_level));
  p->ends_early = true;
  return EHLO_E_NOT_FOUND;
}
static void judge_starttls(struct ehlo_probe *p) {
  struct ehlo_record *r = p->session.record;
  const struct ehlo_exchange *x = last(p);
  if (last_class(p) == 2) return; /* the handshake too is done, though the server may have hung up since */
  if (x && x->code != 421 && p->session.options.tls_level == EHLO_TLS_MAY) {
    (void)ehlo_record_find(r, "tls-refused",
                           "STARTTLS was offered, then refused with %d; the session went on in plain text.", x->code);
    return;
  }
  p->ends_early = true;
}

static bool is_secured(const struct ehlo_probe *p) {
  const struct ehlo_record *r = p->session.record;
  return !p->ends_early && r->starttls >= 0 && r->exchanges[r->starttls].code / 100 == 2;
}

static bool wants_auth(const struct ehlo_probe *p) {
  return !p->ends_early && p->with_auth;
}
/* What cannot even begin is told as a failure: no mechanism, or none that keeps the secret from being read. */
static int begin_auth(struct ehlo_probe *p) {
  char why[300];
  const int error = ehlo_session_auth(&p->session, &p->auth, why, sizeof why);
  if (!error || error == EHLO_E_CLOSED || error == EHLO_E_MEMORY) return error;
  const bool readable = error == EHLO_E_PERMISSION;
  ehlo_record_fail(p->session.record, readable ? EHLO_E_TLS : error, EHLO_PHASE_AUTH,
                   readable ? "not-offered" : "no-mechanism", "%s", why);
  p->ends_early = true;
  return EHLO_E_NOT_FOUND;
}

static bool wants_mail(const struct ehlo_probe *p) {
  return !p->ends_early && p->to;
}
static int path_command(struct ehlo_probe *p, enum ehlo_phase phase, const char *verb, const char *mailbox) {
  char line[600];
  const int n = snprintf(line, sizeof line, "%s:<%s>", verb, mailbox);
  return ehlo_session_command(&p->session, phase, ehlo_slice_of(line, (size_t)n));
}
static int begin_mail(struct ehlo_probe *p) {
  return path_command(p, EHLO_PHASE_MAIL, "MAIL FROM", p->from);
}
static int begin_rcpt(struct ehlo_probe *p) {
  return path_command(p, EHLO_PHASE_RCPT, "RCPT TO", p->to);
}
static void judge_path(struct ehlo_probe *p) {
  need_success(p);
}

/* Also after a refused RCPT: the transaction is open, and it is good manners to end it. */
static bool wants_rset(const struct ehlo_probe *p) {
  const struct ehlo_exchange *x = last(p);
  return p->to && x && (x->phase == EHLO_PHASE_RCPT || x->phase == EHLO_PHASE_MAIL) && x->code != 421;
}
static int begin_rset(struct ehlo_probe *p) {
  return ehlo_session_command(&p->session, EHLO_PHASE_RSET, ehlo_slice_str("RSET"));
}
static void judge_nothing(struct ehlo_probe *p) {
  (void)p;
}

static bool wants_quit(const struct ehlo_probe *p) {
  const struct ehlo_exchange *x = last(p);
  return !p->no_quit && !(x && x->code == 421);
}
static int begin_quit(struct ehlo_probe *p) {
  return ehlo_session_quit(&p->session);
}

static const struct ehlo_probe_step steps[] = {
    {always, begin_connect, need_success},
    {always, begin_ehlo, judge_ehlo},
    {wants_helo, begin_helo, judge_helo},
    {wants_starttls, begin_starttls, judge_starttls},
    {is_secured, begin_ehlo, need_success},
    {wants_auth, begin_auth, need_success},
    {wants_mail, begin_mail, judge_path},
    {wants_mail, begin_rcpt, judge_path},
    {wants_rset, begin_rset, judge_nothing},
    {wants_quit, begin_quit, judge_nothing},
    {NULL, NULL, NULL},
};

/* What the world did is in the record: only our own end of a session is an error of the probe. */
static void finish(struct ehlo_probe *p) {
  const int error = p->session.op.error;
  ehlo_session_close(&p->session);
  ehlo_op_finish(&p->op, error == EHLO_E_CANCELLED || error == EHLO_E_MEMORY ? error : 0);
}

/* Goes from step to step as long as each is done at once; waits otherwise. */
static void advance(struct ehlo_probe *p) {
  struct ehlo_session *s = &p->session;
  for (; p->step->begin; p->step++) {
    /* A server that hung up: what was still to ask fails as it begins, and says so; the courtesies are left out. */
    if (s->state == EHLO_SESSION_CLOSED && p->step->judge == judge_nothing) break;
    if (!p->step->wanted(p)) continue;
    const int error = p->step->begin(p);
    if (error == EHLO_E_NOT_FOUND) continue;
    if (error) {
      if (error != EHLO_E_CLOSED) ehlo_record_fail(s->record, error, s->phase, NULL, "%s", ehlo_error_text(error));
      break;
    }
    if (ehlo_op_wait(&s->op, p)) return;
    if (s->op.error) break;
    p->step->judge(p);
  }
  finish(p);
}

static void step_told(struct ehlo_op *op) {
  struct ehlo_probe *p = op->waiter;
  if (p->op.state != EHLO_OP_STARTED && p->op.state != EHLO_OP_WAITING) return;
  if (op->error) {
    finish(p);
    return;
  }
  p->step->judge(p);
  p->step++;
  advance(p);
}

static void stopped(struct ehlo_op *op) {
  struct ehlo_probe *p = (struct ehlo_probe *)op; /* its first member */
  p->session.op.told = NULL;                      /* it will be found in the ready queue with nobody to tell */
  p->session.op.waiter = NULL;
  ehlo_op_cancel(&p->session.op, op->error);
  ehlo_session_close(&p->session);
}

static char *copy_mailbox(const char *text, bool null_allowed, const char **why, int *error) {
  struct ehlo_mailbox m;
  *error = ehlo_address_mailbox(ehlo_slice_str(text ? text : ""), null_allowed, &m, why);
  if (*error) return NULL;
  char *copy = ehlo_memory_dup(m.whole.ptr, m.whole.len);
  if (!copy) *error = EHLO_E_MEMORY;
  return copy;
}

static int copy_auth(struct ehlo_probe *p, const struct ehlo_auth_options *o) {
  const char *const texts[] = {o->mechanism, o->user, o->authzid};
  const char **const copies[] = {&p->auth.mechanism, &p->auth.user, &p->auth.authzid};
  p->with_auth = true;
  p->auth.insecure = o->insecure;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (texts[i] && !(*copies[i] = ehlo_memory_dup(texts[i], strlen(texts[i])))) return EHLO_E_MEMORY;
  if (!o->secret.ptr) return 0;
  p->auth.secret = ehlo_slice_of(ehlo_memory_dup(o->secret.ptr, o->secret.len), o->secret.len);
  return p->auth.secret.ptr ? 0 : EHLO_E_MEMORY;
}

static void forget_auth(struct ehlo_auth_options *o) {
  char *secret = (char *)o->secret.ptr;
  if (secret) ehlo_memory_wipe(secret, o->secret.len);
  ehlo_memory_free(secret);
  ehlo_memory_free((char *)o->mechanism);
  ehlo_memory_free((char *)o->user);
  ehlo_memory_free((char *)o->authzid);
  *o = (struct ehlo_auth_options){0};
}

int ehlo_probe_init(struct ehlo_probe *p, struct ehlo_smtp_env *env, const char *target,
                    const struct ehlo_probe_options *options, const char **why) {
  memset(p, 0, sizeof *p);
  int error = ehlo_session_init(&p->session, env, target, &options->session, why);
  if (!error && options->to) {
    p->to = copy_mailbox(options->to, false, why, &error);
    if (!error) p->from = copy_mailbox(options->from, true, why, &error);
  }
  if (!error && options->auth) error = copy_auth(p, options->auth);
  if (error) return error;
  p->no_quit = options->no_quit;
  p->step = steps;
  p->session.record->extent = p->to ? EHLO_EXTENT_RCPT : EHLO_EXTENT_EHLO;
  ehlo_op_init(&p->op, env->loop, stopped);
  p->session.op.told = step_told;
  return 0;
}

void ehlo_probe_fini(struct ehlo_probe *p) {
  if (p->op.loop) ehlo_op_fini(&p->op);
  ehlo_session_fini(&p->session);
  ehlo_memory_free(p->from);
  ehlo_memory_free(p->to);
  forget_auth(&p->auth);
  p->from = p->to = NULL;
}

int ehlo_probe_start(struct ehlo_probe *p) {
  const int error = ehlo_op_start(&p->op, 0);
  if (error) return error;
  advance(p);
  return 0;
}
