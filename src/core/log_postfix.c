/* Owns: what Postfix's programs write about a message. Callers: ehlo_log_read. The forms are those of Postfix 2.3 and later (delays=, dsn=). */
#include "log_private.h"

enum { ID_MAX = 24 };

/* "4ABCdef12z3: " in front; short ids are hexadecimal, long ones drop the vowels. */
static bool take_id(struct ehlo_slice *s, struct ehlo_slice *id) {
  size_t len = 0;
  while (len < s->len && len <= ID_MAX &&
         (ehlo_is_alpha((unsigned char)s->ptr[len]) || ehlo_is_digit((unsigned char)s->ptr[len])))
    len++;
  if (len < 5 || len > ID_MAX || len + 1 >= s->len || s->ptr[len] != ':' || s->ptr[len + 1] != ' ') return false;
  *id = log_to(*s, len);
  *s = log_from(*s, len + 2);
  return true;
}

static void read_delays(struct ehlo_slice value, struct ehlo_log_event *e) {
  for (int i = 0; i < 4 && value.len > 0; i++) {
    const char *slash = memchr(value.ptr, '/', value.len);
    const size_t len = slash ? (size_t)(slash - value.ptr) : value.len;
    e->delays[i] = log_seconds(log_to(value, len));
    value = log_from(value, len + 1);
  }
}

static enum ehlo_log_status status_of(struct ehlo_slice word) {
  static const struct {
    const char *word;
    enum ehlo_log_status status;
  } rows[] = {
      {"sent", EHLO_STATUS_SENT},        {"deferred", EHLO_STATUS_DEFERRED},     {"bounced", EHLO_STATUS_BOUNCED},
      {"expired", EHLO_STATUS_EXPIRED},  {"force-expired", EHLO_STATUS_EXPIRED}, {"undeliverable", EHLO_STATUS_BOUNCED},
      {"deliverable", EHLO_STATUS_SENT}, {"SOFTBOUNCE", EHLO_STATUS_DEFERRED}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (ehlo_slice_equal(word, log_word(rows[i].word))) return rows[i].status;
  }
  return EHLO_STATUS_NONE;
}

/* "host mx[192.0.2.25] said: 550 ... (in reply to RCPT TO command)": only what the host said, and to what. */
void log_read_reason(struct ehlo_slice text, struct ehlo_log_event *e) {
  static const char *const marks[] = {" said: ", " refused to talk to me: "};
  const size_t reply_to = log_find_last(text, " (in reply to ");
  e->text = text;
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
    const size_t at = log_find(text, marks[i]);
    const size_t begin = at == SIZE_MAX ? at : at + strlen(marks[i]);
    if (at == SIZE_MAX || !log_has_code(log_from(text, begin)) || begin > reply_to) continue;
    e->text = ehlo_slice_of(text.ptr + begin, (reply_to == SIZE_MAX ? text.len : reply_to) - begin);
    if (i == 1) e->phase = EHLO_PHASE_GREETING;
    if (reply_to != SIZE_MAX) e->phase = log_phase(log_from(text, reply_to + strlen(" (in reply to ")));
    if (e->relay.len == 0) {
      const size_t host = log_find(text, "host ");
      if (host != SIZE_MAX && host + 5 < at) log_set_relay(e, ehlo_slice_of(text.ptr + host + 5, at - host - 5));
    }
    return;
  }
}

/* "status=bounced (words)": the words may hold anything, parentheses too. */
static void read_status(struct ehlo_slice s, struct ehlo_log_event *e) {
  size_t len = 0;
  while (len < s.len && s.ptr[len] != ' ' && s.ptr[len] != ',')
    len++;
  e->status = status_of(log_to(s, len));
  struct ehlo_slice text = ehlo_slice_trim(log_from(s, len));
  if (log_starts(text, "(")) {
    text = log_from(text, 1);
    if (text.len > 0 && text.ptr[text.len - 1] == ')') text.len--;
  } else if (log_starts(text, ", ")) {
    text = log_from(text, 2);
  }
  e->text = text;
  if (e->status != EHLO_STATUS_SENT) log_read_reason(text, e);
}

static void set_pair(struct ehlo_slice key, struct ehlo_slice value, struct ehlo_log_event *e) {
  if (ehlo_slice_equal(key, log_word("to"))) {
    e->to = log_bare_address(value);
  } else if (ehlo_slice_equal(key, log_word("from"))) {
    e->from = log_bare_address(value);
    e->has_from = true;
  } else if (ehlo_slice_equal(key, log_word("orig_to"))) {
    e->orig_to = log_bare_address(value);
  } else if (ehlo_slice_equal(key, log_word("relay"))) {
    if (!ehlo_slice_equal(value, log_word("none"))) log_set_relay(e, value);
  } else if (ehlo_slice_equal(key, log_word("delay"))) {
    e->delay = log_seconds(value);
  } else if (ehlo_slice_equal(key, log_word("delays"))) {
    read_delays(value, e);
  } else if (ehlo_slice_equal(key, log_word("dsn"))) {
    (void)ehlo_enhanced_scan(value, &e->dsn);
  } else if (ehlo_slice_equal(key, log_word("client"))) {
    log_set_relay(e, value);
  } else if (ehlo_slice_equal(key, log_word("message-id")) || ehlo_slice_equal(key, log_word("resent-message-id"))) {
    e->message_id = log_bare_address(value);
  }
}

static bool read_pairs(struct ehlo_slice s, struct ehlo_log_event *e) {
  struct ehlo_slice key, value;
  e->what = EHLO_LOG_ARRIVED;
  while (log_next_pair(&s, false, &key, &value)) {
    if (ehlo_slice_equal(key, log_word("status"))) {
      e->what = EHLO_LOG_ATTEMPT;
      read_status(ehlo_slice_of(value.ptr, (size_t)(s.ptr + s.len - value.ptr)), e);
      return e->status != EHLO_STATUS_NONE;
    }
    set_pair(key, value, e);
  }
  return true;
}

/* The words that follow an inbound refusal: "; from=<a> to=<b> proto=ESMTP helo=<h>". */
static struct ehlo_slice cut_tail(struct ehlo_slice s, struct ehlo_log_event *e) {
  size_t at = log_find_last(s, "; from=<");
  if (at == SIZE_MAX) at = log_find_last(s, "; proto=");
  if (at == SIZE_MAX) return s;
  struct ehlo_slice tail = log_from(s, at + 1), key, value;
  while (log_next_pair(&tail, true, &key, &value))
    set_pair(key, value, e);
  return log_to(s, at);
}

static void set_refused(struct ehlo_slice text, struct ehlo_log_event *e) {
  e->what = EHLO_LOG_REJECTED;
  e->text = text;
  const bool for_now = log_starts(text, "4");
  if (!log_has_code(text)) {
    (void)ehlo_enhanced_scan(text, &e->dsn);
    e->code = for_now ? 451 : 550; /* a milter's words, or those of header_checks */
  }
  e->status = for_now ? EHLO_STATUS_PUT_OFF : EHLO_STATUS_REJECTED;
}

/* "reject: RCPT from host[192.0.2.1]: 554 5.7.1 ...; from=..." */
static bool read_reject(struct ehlo_slice s, struct ehlo_log_event *e) {
  const struct ehlo_slice all = s;
  const struct ehlo_slice verb = log_next_word(&s);
  if (log_starts(all, "header ") || log_starts(all, "body ")) {
    /* the refused line of the mail stands first; the answer comes last, behind the envelope */
    const size_t from = log_find_last(all, "; from=<"), answer = log_find_last(all, ">: ");
    if (from == SIZE_MAX || answer == SIZE_MAX || answer < from) return false;
    const struct ehlo_slice text = log_from(all, answer + 3);
    const struct ehlo_slice line = cut_tail(log_to(all, answer + 1), e);
    const size_t client = log_find_last(line, " from ");
    if (client != SIZE_MAX) log_set_relay(e, log_from(line, client + strlen(" from ")));
    e->phase = EHLO_PHASE_DATA;
    set_refused(text, e);
    return true;
  }
  const size_t colon = log_find(s, "]: "), port = log_find(s, "]:");
  if (!log_starts(s, "from ") || (colon == SIZE_MAX && port == SIZE_MAX)) return false;
  const size_t end = port != SIZE_MAX && port < colon ? port : colon;
  log_set_relay(e, ehlo_slice_of(s.ptr + 5, end + 1 - 5));
  struct ehlo_slice text = log_after(log_from(s, end), ": ");
  text = cut_tail(text, e);
  e->phase = log_phase(verb);
  set_refused(text, e);
  return true;
}

static bool read_notice(struct ehlo_slice s, struct ehlo_log_event *e) {
  static const char *const marks[] = {
      "sender non-delivery notification: ", "sender delay notification: ", "postmaster non-delivery notification: ",
      "sender delivery status notification: "};
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
    if (!log_starts(s, marks[i])) continue;
    e->what = EHLO_LOG_NOTICE;
    e->other_id = log_from(s, strlen(marks[i]));
    e->text = log_to(s, strlen(marks[i]) - 2);
    return true;
  }
  return false;
}

bool log_read_postfix(struct ehlo_slice s, struct ehlo_log_event *e) {
  static const char *const refusals[] = {"reject: ", "milter-reject: "};
  if (!take_id(&s, &e->queue_id)) return false;
  if (ehlo_slice_equal(e->queue_id, log_word("NOQUEUE"))) e->queue_id = log_word("");
  for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
    if (log_starts(s, refusals[i])) return read_reject(log_from(s, strlen(refusals[i])), e);
  }
  if (e->queue_id.len == 0) return false;
  if (log_starts(s, "removed")) {
    e->what = EHLO_LOG_ENDED;
    return true;
  }
  if (read_notice(s, e)) return true;
  if (log_starts(s, "to=") || log_starts(s, "from=") || log_starts(s, "client=") || log_starts(s, "message-id=") ||
      log_starts(s, "uid=")) {
    return read_pairs(s, e);
  }
  if (log_starts(s, "host ") || log_starts(s, "lost connection with ") || log_starts(s, "conversation with ") ||
      log_starts(s, "enabling PIX") || log_starts(s, "Cannot start TLS")) {
    e->what = EHLO_LOG_TRIAL;
    log_read_reason(s, e);
    return true;
  }
  return false;
}
