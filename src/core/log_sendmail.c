/* Owns: what Sendmail writes about a message. Callers: ehlo_log_read. */
#include "log_private.h"

enum { ID_MIN = 10, ID_MAX = 20 };

static bool take_id(struct ehlo_slice *s, struct ehlo_slice *id) {
  const char *colon = s->len > 0 ? memchr(s->ptr, ':', s->len) : NULL;
  const size_t len = colon ? (size_t)(colon - s->ptr) : 0;
  if (len > ID_MAX || !log_starts(log_from(*s, len), ": ")) return false;
  if (len < ID_MIN && !log_starts(*s, "NOQUEUE:")) return false;
  for (size_t i = 0; i < len; i++) {
    if (!ehlo_is_alpha((unsigned char)s->ptr[i]) && !ehlo_is_digit((unsigned char)s->ptr[i])) return false;
  }
  *id = log_to(*s, log_starts(*s, "NOQUEUE:") ? 0 : len);
  *s = log_from(*s, len + 2);
  return true;
}

/* "<a@b>,<c@d>": the first of them. */
static struct ehlo_slice first_address(struct ehlo_slice s) {
  const size_t end = log_find(s, ">,");
  return log_bare_address(end == SIZE_MAX ? s : log_to(s, end + 1));
}

static void read_pairs(struct ehlo_slice s, struct ehlo_log_event *e) {
  struct ehlo_slice key, value;
  while (log_next_pair(&s, false, &key, &value)) {
    if (ehlo_slice_equal(key, log_word("to"))) {
      e->to = first_address(value);
    } else if (ehlo_slice_equal(key, log_word("from"))) {
      e->from = log_bare_address(value);
      e->has_from = true;
    } else if (ehlo_slice_equal(key, log_word("delay"))) {
      e->delay = log_seconds(value);
    } else if (ehlo_slice_equal(key, log_word("dsn"))) {
      (void)ehlo_enhanced_scan(value, &e->dsn);
    } else if (ehlo_slice_equal(key, log_word("msgid"))) {
      e->message_id = log_bare_address(value);
    } else if (ehlo_slice_equal(key, log_word("relay"))) {
      log_set_relay(e, value);
      if (e->relay.len > 0 && e->relay.ptr[e->relay.len - 1] == '.') e->relay.len--;
    }
  }
}

static void read_stat(struct ehlo_slice stat, struct ehlo_log_event *e) {
  if (log_starts(stat, "Sent")) {
    e->status = EHLO_STATUS_SENT;
  } else if (log_starts(stat, "Deferred")) {
    e->status = EHLO_STATUS_DEFERRED;
    stat = log_starts(stat, "Deferred: ") ? log_from(stat, strlen("Deferred: ")) : stat;
  } else {
    e->status = e->dsn.class == 4 ? EHLO_STATUS_DEFERRED : e->dsn.class == 2 ? EHLO_STATUS_SENT : EHLO_STATUS_BOUNCED;
  }
  if (e->text.len == 0) e->text = stat;
}

/* "..., reply=550 5.1.1 ..., stat=User unknown": both may hold commas. */
static bool read_delivery(struct ehlo_slice s, struct ehlo_log_event *e) {
  const size_t stat = log_find_last(s, ", stat=");
  if (stat == SIZE_MAX) return false;
  struct ehlo_slice head = log_to(s, stat);
  const size_t reply = log_find(head, ", reply=");
  if (reply != SIZE_MAX) {
    const struct ehlo_slice said = log_from(head, reply + strlen(", reply="));
    if (log_has_code(said)) e->text = said;
    head = log_to(head, reply);
  }
  read_pairs(head, e);
  const struct ehlo_slice word = log_from(s, stat + strlen(", stat="));
  if (log_starts(word, "queued")) return false;
  e->what = EHLO_LOG_ATTEMPT;
  read_stat(word, e);
  return true;
}

static void set_refused(struct ehlo_slice text, struct ehlo_log_event *e) {
  e->what = EHLO_LOG_REJECTED;
  e->text = text;
  e->status = log_starts(text, "4") ? EHLO_STATUS_PUT_OFF : EHLO_STATUS_REJECTED;
}

/* "ruleset=check_rcpt, arg1=<a@b>, relay=host [192.0.2.1], reject=550 5.7.1 ..." */
static bool read_ruleset(struct ehlo_slice s, struct ehlo_log_event *e) {
  static const struct {
    const char *ruleset;
    enum ehlo_phase phase;
  } rows[] = {{"check_rcpt", EHLO_PHASE_RCPT}, {"check_mail", EHLO_PHASE_MAIL},   {"check_relay", EHLO_PHASE_GREETING},
              {"check_data", EHLO_PHASE_DATA}, {"check_eom", EHLO_PHASE_DATA},    {"check_compat", EHLO_PHASE_RCPT},
              {"tls_server", EHLO_PHASE_TLS},  {"check_vrfy", EHLO_PHASE_COMMAND}};
  const size_t at = log_find(s, "reject=");
  if (at == SIZE_MAX) return false;
  const struct ehlo_slice name = log_after(log_to(s, at), "ruleset="), argument = log_after(log_to(s, at), "arg1=");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (!log_starts(name, rows[i].ruleset)) continue;
    e->phase = rows[i].phase;
  }
  read_pairs(log_to(s, at), e);
  const struct ehlo_slice address = log_bare_address(log_to(argument, log_find(argument, ", ")));
  if (e->phase == EHLO_PHASE_RCPT) e->to = address;
  if (e->phase == EHLO_PHASE_MAIL) e->from = address;
  e->has_from = e->phase == EHLO_PHASE_MAIL;
  set_refused(log_from(s, at + strlen("reject=")), e);
  return true;
}

bool log_read_sendmail(struct ehlo_slice s, struct ehlo_log_event *e) {
  if (log_starts(s, "ruleset=")) return read_ruleset(s, e);
  if (!take_id(&s, &e->queue_id)) return false;
  if (log_starts(s, "ruleset=") || log_starts(s, "reject=") || log_find(s, ", reject=") != SIZE_MAX)
    return read_ruleset(s, e);
  if (log_starts(s, "to=")) return read_delivery(s, e);
  if (log_starts(s, "from=")) {
    e->what = EHLO_LOG_ARRIVED;
    read_pairs(s, e);
    return true;
  }
  const size_t dots = log_find(s, ">... ");
  if (log_starts(s, "<") && dots != SIZE_MAX) {
    e->to = ehlo_slice_of(s.ptr + 1, dots - 1);
    e->phase = EHLO_PHASE_RCPT;
    e->code = 550;
    set_refused(log_from(s, dots + 5), e);
    return true;
  }
  struct ehlo_slice other;
  if (take_id(&s, &other) && other.len > 0) { /* "A: B: DSN: User unknown": B is the notice about A */
    e->what = EHLO_LOG_NOTICE;
    e->other_id = other;
    e->text = s;
    return true;
  }
  return false;
}
