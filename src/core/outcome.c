/* Owns: the one outcome of a probe: its word, exit status, phase, and the reply that decided. Callers: reports, commands,
 * bindings. What first stopped the session decides; what was overcome (EHLO refused, HELO accepted) does not. */
#include "ehlo/core/outcome.h"

#include <string.h>

#include "ehlo/base/error.h"

enum row {
  READY,
  DNS_FAILED,
  UNREACHABLE,
  TIMED_OUT,
  NOT_SMTP,
  TLS_NOT_OFFERED,
  TLS_FAILED,
  TLS_UNTRUSTED,
  PROTOCOL_VIOLATION,
  BLOCKED_LOCALLY,
  REFUSED_TEMPORARILY,
  REFUSED_PERMANENTLY,
  NO_MAIL_SERVICE,
  CANCELLED,
  FAULT,
  ROWS,
  NO_SAY = ROWS /* of a reply that decides nothing */
};

static const struct ehlo_outcome_row rows[ROWS + 1] = {
    [READY] = {"ready", 0, "The session went as far as it was asked to."},
    [DNS_FAILED] = {"dns-failed", 10, "The name could not be resolved; the text tells which way."},
    [UNREACHABLE] = {"unreachable", 11, "There was no connection, or the server closed it instead of answering."},
    [TIMED_OUT] = {"timed-out", 12, "The deadline passed in the phase named."},
    [NOT_SMTP] = {"not-smtp", 13, "Something answered that does not speak SMTP; the text tells what it looks like."},
    [TLS_NOT_OFFERED] = {"tls-not-offered", 14, "TLS was asked for, and the reply to EHLO did not list STARTTLS."},
    [TLS_FAILED] = {"tls-failed", 15, "TLS was offered, and then refused, or it broke."},
    [TLS_UNTRUSTED] = {"tls-untrusted", 16,
                       "TLS works, but the certificate or the DANE record does not prove the server."},
    [PROTOCOL_VIOLATION] = {"protocol-violation", 17, "The server broke the protocol; what it sent is no answer."},
    [BLOCKED_LOCALLY] = {"blocked-locally", 18,
                         "Port 25 is blocked where ehlo runs: hosts known to answer stay silent too."},
    [REFUSED_TEMPORARILY] = {"refused-temporarily", 20, "The server said no for now, with a code that begins with 4."},
    [REFUSED_PERMANENTLY] = {"refused-permanently", 21, "The server said no for good, with a code that begins with 5."},
    [NO_MAIL_SERVICE] = {"no-mail-service", 22, "The domain or the host says that it takes no mail at all."},
    [CANCELLED] = {"cancelled", 130, "The session was interrupted."},
    [FAULT] = {"fault", 70, "Something failed in ehlo itself or on the machine that it runs on."},
};

const struct ehlo_outcome_row *ehlo_outcome_rows(void) {
  return rows;
}

/* What stopped the session: a reply, or a failure. */
struct stop {
  enum row row;
  enum ehlo_phase phase;
  int exchange;
};

static bool is_letter_before(struct ehlo_slice s, size_t at) {
  return at > 0 && ehlo_is_alpha((unsigned char)s.ptr[at - 1]);
}

static bool has_word(struct ehlo_slice text, const char *start_of_word) {
  const struct ehlo_slice word = ehlo_slice_str(start_of_word);
  for (size_t at = 0; (at = ehlo_slice_find_nocase(text, word, at)) != SIZE_MAX; at++) {
    if (!is_letter_before(text, at)) return true; /* "rate", but not "corporate" */
  }
  return false;
}

/* RFC 7504 made 521 the greeting of hosts that take no mail, but many use it to turn one client away. */
static bool gives_a_reason(const struct ehlo_record *r, int exchange) {
  static const char *const starts[] = {"block",    "blacklist", "listed",  "spam",   "reputation",
                                       "policy",   "denied",    "refused", "reject", "rate",
                                       "too many", "error",     "http:",   "https:", "protocol"};
  struct ehlo_reply reply;
  struct ehlo_reply_line line;
  if (!ehlo_record_reply(r, exchange, &reply)) return false;
  for (size_t pos = 0; ehlo_reply_next_line(&reply, &pos, true, &line);) {
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
      if (has_word(line.text, starts[i])) return true;
    }
  }
  return false;
}

static enum row judge_refusal(const struct ehlo_record *r, int exchange) {
  const struct ehlo_exchange *x = &r->exchanges[exchange];
  if (x->code / 100 == 4) return REFUSED_TEMPORARILY;
  if (x->code == 556) return NO_MAIL_SERVICE; /* RFC 7504 5 */
  const bool closed_for_mail = x->code == 521 && x->phase == EHLO_PHASE_GREETING && !gives_a_reason(r, exchange);
  return closed_for_mail ? NO_MAIL_SERVICE : REFUSED_PERMANENTLY;
}

static bool sent_verb(const struct ehlo_record *r, const struct ehlo_exchange *x, const char *verb) {
  struct ehlo_transcript_entry sent;
  return ehlo_transcript_at(&r->transcript, x->sent, &sent) &&
         ehlo_slice_starts_nocase(sent.bytes, ehlo_slice_str(verb));
}

/* A 3yz asks for more: for the response to a challenge, which then followed, and for the message after DATA. Anywhere else it grants
 * nothing. */
static bool takes_intermediate(const struct ehlo_record *r, int exchange) {
  const struct ehlo_exchange *x = &r->exchanges[exchange];
  if (x->phase == EHLO_PHASE_DATA) return sent_verb(r, x, "DATA");
  if (x->phase != EHLO_PHASE_AUTH || x->code != 334 || exchange + 1 == r->n_exchanges) return false;
  return x[1].phase == EHLO_PHASE_AUTH || x[1].phase == EHLO_PHASE_COMMAND; /* a response sent by hand has no verb */
}

/* What one reply says about its phase. */
static enum row judge(const struct ehlo_record *r, int exchange) {
  const struct ehlo_exchange *x = &r->exchanges[exchange];
  const int class = x->code / 100;
  if (x->phase == EHLO_PHASE_QUIT) return NO_SAY;
  if (x->anomalies & EHLO_ANOMALY_VIOLATIONS) {
    const bool alien = x->phase == EHLO_PHASE_GREETING && x->code == 0 && x->anomalies & EHLO_ANOMALY_NOT_A_REPLY;
    return alien ? NOT_SMTP : PROTOCOL_VIOLATION;
  }
  if (x->code == 0) return NO_SAY;
  if (x->code == 421) return REFUSED_TEMPORARILY; /* in any phase: the server is about to close */
  if (x->phase == EHLO_PHASE_RSET) return NO_SAY;
  if (x->phase == EHLO_PHASE_COMMAND && exchange != r->stopper) return NO_SAY;
  if (class == 2) return READY;
  if (x->phase == EHLO_PHASE_STARTTLS) return r->tls_level >= EHLO_TLS_ENCRYPT ? TLS_FAILED : NO_SAY;
  if (class == 3) return takes_intermediate(r, exchange) ? READY : PROTOCOL_VIOLATION;
  return judge_refusal(r, exchange);
}

/* Did the positive reply to `phase` show that the session got past `stop`? TLS that was demanded and refused is never
 * got past in plain text. */
static bool overcomes(enum ehlo_phase phase, const struct stop *stop) {
  if (stop->row == PROTOCOL_VIOLATION || stop->row == NOT_SMTP) return false;
  if (stop->row == TLS_FAILED) return phase == EHLO_PHASE_STARTTLS;
  return phase >= stop->phase || stop->phase == EHLO_PHASE_RSET || stop->phase == EHLO_PHASE_COMMAND;
}

/* The reply that stopped the session, if one did: READY, and the last positive one, if none did. */
static struct stop stopping_reply(const struct ehlo_record *r) {
  struct stop none = {READY, EHLO_PHASE_DNS, -1}, stop = none;
  for (int i = 0; i < r->n_exchanges; i++) {
    struct stop here = {judge(r, i), (enum ehlo_phase)r->exchanges[i].phase, i};
    if (i == r->stopper) here.phase = EHLO_PHASE_EHLO; /* it would have said who we are */
    if (here.row == NO_SAY) continue;
    if (here.row == READY) {
      none = here;
      if (stop.row != READY && overcomes(here.phase, &stop)) stop.row = READY;
    } else if (stop.row == READY || stop.phase == here.phase) {
      stop = here;
    }
  }
  return stop.row == READY ? none : stop;
}

/* What a failure means where no phase makes a difference. */
static enum row row_of_error(int error) {
  static const struct {
    int error;
    enum row row;
  } known[] = {
      {EHLO_E_DNS, DNS_FAILED},    {EHLO_E_CONNECT, UNREACHABLE},         {EHLO_E_CLOSED, UNREACHABLE},
      {EHLO_E_TIMEOUT, TIMED_OUT}, {EHLO_E_NOT_SMTP, PROTOCOL_VIOLATION}, {EHLO_E_PROTOCOL, PROTOCOL_VIOLATION},
      {EHLO_E_TLS, TLS_FAILED},    {EHLO_E_TRUST, TLS_UNTRUSTED},         {EHLO_E_CANCELLED, CANCELLED},
  };
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    if (known[i].error == error) return known[i].row;
  }
  return FAULT;
}

static enum row judge_failure(const struct ehlo_failure *f) {
  static const struct {
    int error;          /* 0: any */
    int phase;          /* -1: any */
    const char *reason; /* NULL: any */
    enum row row;
  } special[] = {
      {0, -1, "blocked-locally", BLOCKED_LOCALLY},
      {EHLO_E_DNS, -1, "null-mx", NO_MAIL_SERVICE},
      {EHLO_E_TIMEOUT, EHLO_PHASE_DNS, NULL, DNS_FAILED},
      {EHLO_E_NOT_SMTP, EHLO_PHASE_GREETING, NULL, NOT_SMTP},
      {EHLO_E_TLS, -1, "not-offered", TLS_NOT_OFFERED},
      {EHLO_E_NOT_FOUND, EHLO_PHASE_AUTH, NULL, REFUSED_PERMANENTLY}, /* no AUTH there, or none that is known */
      {EHLO_E_NOT_FOUND, EHLO_PHASE_MAIL, NULL, REFUSED_PERMANENTLY}, /* no SMTPUTF8 for a mailbox that needs it */
      {EHLO_E_CLOSED, EHLO_PHASE_TLS, NULL, TLS_FAILED},              /* no reply was awaited: the handshake broke */
  };
  for (size_t i = 0; i < sizeof special / sizeof special[0]; i++) {
    if (special[i].error != 0 && special[i].error != f->error) continue;
    if (special[i].phase >= 0 && special[i].phase != (int)f->phase) continue;
    if (special[i].reason && (!f->reason || strcmp(special[i].reason, f->reason) != 0)) continue;
    return special[i].row;
  }
  return row_of_error(f->error);
}

/* The reply behind a failure: the one that broke the rules, that refused STARTTLS, or that did not list it. */
static int exchange_of_failure(const struct ehlo_record *r, enum row row) {
  if (row == TLS_NOT_OFFERED) return r->ehlo;
  for (int i = r->n_exchanges - 1; i >= 0; i--) {
    const struct ehlo_exchange *x = &r->exchanges[i];
    if (x->phase != r->failure.phase) continue;
    if ((row == PROTOCOL_VIOLATION || row == NOT_SMTP) && x->anomalies & EHLO_ANOMALY_VIOLATIONS) return i;
    if (row == TLS_FAILED && x->phase == EHLO_PHASE_STARTTLS && x->code != 0 && x->code / 100 != 2) return i;
  }
  return -1;
}

/* After a refusal the session may have tried again in the same phase, HELO after EHLO: then silence there is what stopped
 * it. A server that hangs up has given its answer before, and after a 421 nothing else counts. */
static bool failure_decides(const struct ehlo_record *r, const struct stop *stop) {
  if (r->failure.error == 0 || r->failure.phase == EHLO_PHASE_QUIT) return false;
  if (stop->row == READY) return true;
  if (stop->phase != r->failure.phase || r->exchanges[stop->exchange].code == 421) return false;
  return r->failure.error != EHLO_E_CLOSED;
}

/* What a server granted before TLS says nothing of what it grants inside (RFC 3207 4.2). */
static bool granted(const struct ehlo_record *r, enum ehlo_phase asked) {
  bool so_far = false;
  for (int i = 0; i < r->n_exchanges; i++) {
    const struct ehlo_exchange *x = &r->exchanges[i];
    if (x->code / 100 != 2) continue;
    if (x->phase == EHLO_PHASE_STARTTLS && asked == EHLO_PHASE_EHLO) so_far = false;
    if (x->phase == asked || (x->phase == EHLO_PHASE_EHLO_TLS && asked == EHLO_PHASE_EHLO)) so_far = true;
  }
  return so_far;
}

/* The first phase that the extent asks for and no reply has granted; EHLO_PHASES when all went well. */
static enum ehlo_phase missing_phase(const struct ehlo_record *r) {
  static const enum ehlo_phase asked[] = {EHLO_PHASE_GREETING, EHLO_PHASE_EHLO, EHLO_PHASE_MAIL, EHLO_PHASE_RCPT};
  for (size_t i = 0; i < sizeof asked / sizeof asked[0] && i <= (size_t)r->extent; i++)
    if (!granted(r, asked[i])) return asked[i];
  return EHLO_PHASES;
}

static struct stop decide(const struct ehlo_record *r) {
  const struct stop stop = stopping_reply(r);
  if (failure_decides(r, &stop)) {
    const enum row row = judge_failure(&r->failure);
    return (struct stop){row, r->failure.phase, exchange_of_failure(r, row)};
  }
  if (stop.row != READY) return stop;
  /* The connection ended between two commands, and nothing was asked that could have failed. */
  const enum ehlo_phase missing = missing_phase(r);
  if (missing != EHLO_PHASES) return (struct stop){UNREACHABLE, missing, -1};
  return stop;
}

static struct ehlo_outcome told(struct stop stop) {
  return (struct ehlo_outcome){
      .word = rows[stop.row].word, .exit = rows[stop.row].exit, .phase = stop.phase, .exchange = stop.exchange};
}

void ehlo_outcome_of(const struct ehlo_record *r, struct ehlo_outcome *out) {
  *out = told(decide(r));
}

void ehlo_outcome_of_failure(const struct ehlo_record *r, struct ehlo_outcome *out) {
  int last = r->n_exchanges - 1;
  while (last >= 0 && r->exchanges[last].code == 0)
    last--;
  const enum row row = judge_failure(&r->failure);
  if (row == UNREACHABLE && last >= 0 && r->exchanges[last].code == 421)
    *out = told((struct stop){REFUSED_TEMPORARILY, (enum ehlo_phase)r->exchanges[last].phase, last});
  else
    *out = told((struct stop){row, r->failure.phase, exchange_of_failure(r, row)});
}
