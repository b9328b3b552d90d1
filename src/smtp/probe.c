/* Owns: the dialogue of a probe, a row a step, and where a reply ends it. Callers: the smtp binding. */
#include "ehlo/smtp/probe.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/base/scan.h"
#include "ehlo/core/address.h"
#include "ehlo/core/capability.h"

/* RFC 5321 4.5.3.1.4 gives a command line 512 bytes, and extensions add to it; with a path of 256 this fits in any sum of them. */
enum { PARAMETERS_MAX = 512 };

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

/* A connection that is slow to come may never come: whether that is our fault should be known by then. */
static void grow_suspicious(struct ehlo_timer *t) {
  struct ehlo_probe *p = (struct ehlo_probe *)((char *)t - offsetof(struct ehlo_probe, suspicion));
  struct ehlo_session *s = &p->session;
  if (s->state == EHLO_SESSION_CONNECTING && ehlo_witnesses_matter(&s->env->witnesses, &s->addresses[0]))
    ehlo_witnesses_prepare(&s->env->witnesses);
}

static int begin_connect(struct ehlo_probe *p) {
  const double timeout = p->session.options.timeout, wait = timeout > 0 && timeout < 6 ? timeout / 3 : 2;
  (void)ehlo_timer_arm(&p->suspicion, ehlo_loop_now(p->session.env->loop) + wait);
  return ehlo_session_connect(&p->session);
}
static int begin_ehlo(struct ehlo_probe *p) {
  return ehlo_session_ehlo(&p->session, p->lmtp ? "LHLO" : "EHLO");
}
static int begin_helo(struct ehlo_probe *p) {
  return ehlo_session_ehlo(&p->session, "HELO");
}

/* HELO only after a 5yz to EHLO (RFC 5321 4.1.1.1), never after silence or a 4yz; nor after a PROXY header: what refused
 * may have been an answer to that, and each later reply would be taken for that of the next command. */
static void judge_ehlo(struct ehlo_probe *p) {
  if (last_class(p) == 5 && p->session.options.proxy) {
    p->ends_early = true;
    (void)ehlo_record_find(p->session.record, "proxy-not-understood",
                           "The refusal may be an answer to the PROXY header: the server seems not to expect one.");
    return;
  }
  if (last_class(p) != 5 || p->lmtp) need_success(p);
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

/* Postfix's XCLIENT: the server takes us for another client, greets it, and wants its EHLO. */
static bool wants_xclient(const struct ehlo_probe *p) {
  return !p->ends_early && p->xclient;
}
static int begin_xclient(struct ehlo_probe *p) {
  char line[600];
  const int n = snprintf(line, sizeof line, "XCLIENT %s", p->xclient);
  return ehlo_session_command(&p->session, EHLO_PHASE_COMMAND, ehlo_slice_of(line, (size_t)n));
}
static void judge_xclient(struct ehlo_probe *p) {
  need_success(p);
  if (p->ends_early) p->session.record->stopper = p->session.exchange;
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
static int path_command(struct ehlo_probe *p, enum ehlo_phase phase, const char *verb, const char *mailbox,
                        const char *parameters) {
  char line[320 + PARAMETERS_MAX];
  const int n =
      snprintf(line, sizeof line, "%s:<%s>%s%s", verb, mailbox, parameters ? " " : "", parameters ? parameters : "");
  return ehlo_session_command(&p->session, phase, ehlo_slice_of(line, (size_t)n));
}

/* Where the person wrote SMTPUTF8 among the parameters, it is sent whatever the server lists. */
static bool has_utf8_parameter(const char *parameters) {
  struct ehlo_scan c = ehlo_scan_of(ehlo_slice_str(parameters ? parameters : ""));
  while (ehlo_scan_spaces(&c), !ehlo_scan_done(&c))
    if (ehlo_slice_equal_nocase(ehlo_scan_until(&c, ' '), ehlo_slice_str("SMTPUTF8"))) return true;
  return false;
}
static int begin_mail(struct ehlo_probe *p) {
  const char *given = p->mail_parameters ? p->mail_parameters : "";
  char parameters[PARAMETERS_MAX + sizeof "SMTPUTF8 "];
  if (!p->needs_utf8 || has_utf8_parameter(given))
    return path_command(p, EHLO_PHASE_MAIL, "MAIL FROM", p->from, p->mail_parameters);
  snprintf(parameters, sizeof parameters, "SMTPUTF8%s%s", *given ? " " : "", given);
  if (offers(p, "SMTPUTF8")) return path_command(p, EHLO_PHASE_MAIL, "MAIL FROM", p->from, parameters);
  ehlo_record_fail(
      p->session.record, EHLO_E_NOT_FOUND, EHLO_PHASE_MAIL, "no-smtputf8",
      "mail from or to a mailbox beyond ASCII needs SMTPUTF8 (RFC 6531), and the server does not list it: ask for "
      "an address in ASCII");
  p->ends_early = true;
  return EHLO_E_NOT_FOUND;
}
static int begin_rcpt(struct ehlo_probe *p) {
  return path_command(p, EHLO_PHASE_RCPT, "RCPT TO", p->to, p->rcpt_parameters);
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
    {wants_xclient, begin_xclient, judge_xclient},
    {wants_xclient, begin_ehlo, need_success},
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
  ehlo_timer_disarm(&p->suspicion);
  ehlo_op_finish(&p->op, error == EHLO_E_CANCELLED || error == EHLO_E_MEMORY ? error : 0);
}

/* Nobody could be reached: is it they, or is it us? */
static void blame(struct ehlo_probe *p) {
  const struct ehlo_witnesses *w = &p->session.env->witnesses;
  struct ehlo_record *r = p->session.record;
  if (w->verdict != EHLO_WITNESS_SILENT) return;
  (void)ehlo_record_find(
      r, "blocked-locally",
      "%s%s could not be reached either, and %s known to answer: such connections are blocked on this side.",
      w->names[0], w->n > 1 ? " and the other witnesses" : "", w->n > 1 ? "they are" : "it is");
  r->failure.reason = "blocked-locally";
}

static void witnesses_told(struct ehlo_op *op) {
  struct ehlo_probe *p = op->waiter;
  if (p->op.state != EHLO_OP_STARTED && p->op.state != EHLO_OP_WAITING) return;
  blame(p);
  finish(p);
}

/* The probe's last step, where its connection could not be made and an inquiry could tell why. True while it goes on. */
static bool inquires(struct ehlo_probe *p) {
  struct ehlo_session *s = &p->session;
  const struct ehlo_failure *f = &s->record->failure;
  const bool failed = f->phase == EHLO_PHASE_CONNECT && (f->error == EHLO_E_CONNECT || f->error == EHLO_E_TIMEOUT);
  if (!failed || s->n_addresses == 0 || !ehlo_witnesses_matter(&s->env->witnesses, &s->addresses[0])) return false;
  p->witness.op.told = witnesses_told;
  const bool in_time = s->give_up == 0 || ehlo_loop_now(s->env->loop) < s->give_up;
  if (in_time && !ehlo_witnesses_ask(&s->env->witnesses, &p->witness) && ehlo_op_wait(&p->witness.op, p)) return true;
  blame(p);
  return false;
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
  if (!inquires(p)) finish(p);
}

static void step_told(struct ehlo_op *op) {
  struct ehlo_probe *p = op->waiter;
  if (p->op.state != EHLO_OP_STARTED && p->op.state != EHLO_OP_WAITING) return;
  if (op->error) {
    if (!inquires(p)) finish(p);
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
  if (!p->witness.of) return;
  p->witness.op.waiter = NULL;
  ehlo_op_cancel(&p->witness.op, op->error);
}

/* With a domain in A-labels where that is all it takes: every server understands these. */
static int in_ascii(const struct ehlo_mailbox *m, char **out, struct ehlo_unusable *wrong) {
  char domain[256], whole[400];
  wrong->why = "Its domain cannot be written as the DNS has it (IDNA 2008).";
  if (m->domain.len >= sizeof domain) return EHLO_E_SYNTAX;
  snprintf(whole, sizeof whole, "%.*s", (int)m->domain.len, m->domain.ptr);
  const int error = ehlo_resolver_name(whole, domain);
  if (error) return error;
  const int n = snprintf(whole, sizeof whole, "%.*s@%s", (int)m->local.len, m->local.ptr, domain);
  *out = ehlo_memory_dup(whole, (size_t)n);
  return *out ? 0 : EHLO_E_MEMORY;
}

static int copy_mailbox(struct ehlo_probe *p, const char *what, const char *text, bool null_allowed, char **out,
                        struct ehlo_unusable *wrong) {
  struct ehlo_mailbox m;
  *wrong = (struct ehlo_unusable){what, text ? text : "", ""};
  const int error = ehlo_address_mailbox(ehlo_slice_str(wrong->text), null_allowed, &m, &wrong->why);
  if (error) return error;
  if (m.utf8_local) p->needs_utf8 = true;
  if (m.utf8 && !m.utf8_local) return in_ascii(&m, out, wrong);
  *out = ehlo_memory_dup(m.whole.ptr, m.whole.len);
  return *out ? 0 : EHLO_E_MEMORY;
}

/* What goes into a command line as it stands: it must not end it. */
static int copy_words(const char *what, const char *text, char **out, struct ehlo_unusable *wrong) {
  if (!text) return 0;
  *wrong = (struct ehlo_unusable){what, text, "It is longer than 512 bytes, or holds a control character."};
  if (strlen(text) > PARAMETERS_MAX) return EHLO_E_SYNTAX;
  for (const char *c = text; *c; c++)
    if ((unsigned char)*c < 32 || *c == 127) return EHLO_E_SYNTAX;
  *out = ehlo_memory_dup(text, strlen(text));
  return *out ? 0 : EHLO_E_MEMORY;
}

static int copy_commands(struct ehlo_probe *p, const struct ehlo_probe_options *o, struct ehlo_unusable *wrong) {
  int error = 0;
  if (o->to) {
    error = copy_mailbox(p, "the recipient", o->to, false, &p->to, wrong);
    if (!error) error = copy_mailbox(p, "the sender", o->from, true, &p->from, wrong);
  }
  if (!error) error = copy_words("the list of MAIL parameters", o->mail_parameters, &p->mail_parameters, wrong);
  if (!error) error = copy_words("the list of RCPT parameters", o->rcpt_parameters, &p->rcpt_parameters, wrong);
  return error ? error : copy_words("the list of XCLIENT attributes", o->xclient, &p->xclient, wrong);
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
                    const struct ehlo_probe_options *options, struct ehlo_unusable *wrong) {
  memset(p, 0, sizeof *p);
  int error = ehlo_session_init(&p->session, env, target, &options->session, wrong);
  if (!error) error = copy_commands(p, options, wrong);
  if (!error && options->auth) error = copy_auth(p, options->auth);
  if (error) return error;
  p->no_quit = options->no_quit;
  p->lmtp = options->lmtp;
  p->step = steps;
  p->session.record->extent = p->to ? EHLO_EXTENT_RCPT : EHLO_EXTENT_EHLO;
  ehlo_op_init(&p->op, env->loop, stopped);
  ehlo_timer_init(&p->suspicion, env->loop, grow_suspicious);
  p->session.op.told = step_told;
  return 0;
}

void ehlo_probe_fini(struct ehlo_probe *p) {
  if (p->op.loop) {
    ehlo_op_fini(&p->op);
    ehlo_timer_disarm(&p->suspicion);
  }
  if (p->witness.op.loop) ehlo_op_fini(&p->witness.op);
  ehlo_session_fini(&p->session);
  char **const owned[] = {&p->from, &p->to, &p->mail_parameters, &p->rcpt_parameters, &p->xclient};
  for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) {
    ehlo_memory_free(*owned[i]);
    *owned[i] = NULL;
  }
  forget_auth(&p->auth);
}

int ehlo_probe_start(struct ehlo_probe *p) {
  const int error = ehlo_op_start(&p->op, 0);
  if (error) return error;
  advance(p);
  return 0;
}
