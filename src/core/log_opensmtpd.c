/* Owns: what OpenSMTPD writes about a message: its lines since 6.0, and the older ones. Callers: ehlo_log_read. */
#include "log_private.h"

enum { MESSAGE_LEN = 8 };

static void set_pair(struct ehlo_slice key, struct ehlo_slice value, struct ehlo_log_event *e) {
  if (ehlo_slice_equal(key, log_word("evpid"))) {
    e->queue_id = value;
  } else if (ehlo_slice_equal(key, log_word("msgid"))) {
    e->queue_id = log_to(value, MESSAGE_LEN);
  } else if (ehlo_slice_equal(key, log_word("from"))) {
    e->from = log_bare_address(value);
    e->has_from = true;
  } else if (ehlo_slice_equal(key, log_word("to"))) {
    e->to = log_bare_address(value);
  } else if (ehlo_slice_equal(key, log_word("relay")) || ehlo_slice_equal(key, log_word("address"))) {
    /* "192.0.2.25 (mx.example.org)" */
    const char *blank = value.len > 0 ? memchr(value.ptr, ' ', value.len) : NULL;
    e->relay_address = log_to(value, blank ? (size_t)(blank - value.ptr) : value.len);
    const struct ehlo_slice name = blank ? log_from(value, (size_t)(blank - value.ptr) + 1) : log_word("");
    if (name.len > 2 && name.ptr[0] == '(') e->relay = ehlo_slice_of(name.ptr + 1, name.len - 2);
  } else if (ehlo_slice_equal(key, log_word("host"))) {
    e->relay = value;
  } else if (ehlo_slice_equal(key, log_word("delay"))) {
    e->delay = log_seconds(value);
  } else if (ehlo_slice_equal(key, log_word("stat"))) {
    e->text = value;
  }
}

static enum ehlo_log_status status_of(struct ehlo_slice word) {
  static const struct {
    const char *word;
    enum ehlo_log_status status;
  } rows[] = {{"Ok", EHLO_STATUS_SENT},
              {"TempFail", EHLO_STATUS_DEFERRED},
              {"PermFail", EHLO_STATUS_BOUNCED},
              {"Expire", EHLO_STATUS_EXPIRED}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (ehlo_slice_equal_nocase(word, log_word(rows[i].word))) return rows[i].status;
  }
  return EHLO_STATUS_NONE;
}

static void read_pairs(struct ehlo_slice s, bool blanks, struct ehlo_log_event *e) {
  struct ehlo_slice key, value;
  while (log_next_pair(&s, blanks, &key, &value)) {
    /* the last value is a sentence, in quotes or bare */
    if (ehlo_slice_equal(key, log_word("stat")) && value.len > 0 && value.ptr[-1] != '"') {
      value = ehlo_slice_of(value.ptr, (size_t)(s.ptr + s.len - value.ptr));
      s = log_word("");
    }
    if (ehlo_slice_equal(key, log_word("result"))) e->status = status_of(value);
    set_pair(key, value, e);
  }
}

/* "session smtp failed-command address=192.0.2.1 host=h command="RCPT TO:<a>" result="550 Invalid recipient"" */
static bool read_failed(struct ehlo_slice s, struct ehlo_log_event *e) {
  struct ehlo_slice pairs = s, key, value, command = log_word(""), result = log_word("");
  while (log_next_pair(&pairs, true, &key, &value)) {
    if (ehlo_slice_equal(key, log_word("command"))) command = value;
    if (ehlo_slice_equal(key, log_word("result"))) result = value;
    set_pair(key, value, e);
  }
  if (!log_has_code(result) || (result.ptr[0] != '4' && result.ptr[0] != '5')) return false;
  e->what = EHLO_LOG_REJECTED;
  e->status = result.ptr[0] == '4' ? EHLO_STATUS_PUT_OFF : EHLO_STATUS_REJECTED;
  e->phase = log_phase(command);
  e->text = result;
  struct ehlo_slice address = log_after(command, "<");
  address = log_to(address, log_find(address, ">"));
  if (e->phase == EHLO_PHASE_RCPT) e->to = address;
  if (e->phase == EHLO_PHASE_MAIL) e->from = address;
  return true;
}

/* "relay: TempFail for 8e7a3f...: session=..., from=<a>, to=<b>, ..., stat=words" */
static bool read_old(struct ehlo_slice s, struct ehlo_log_event *e) {
  const struct ehlo_slice rest = log_after(s, ": ");
  struct ehlo_slice words = rest;
  e->status = status_of(log_next_word(&words));
  if (e->status == EHLO_STATUS_NONE || !log_starts(words, "for ")) return false;
  words = log_from(words, 4);
  const size_t colon = log_find(words, ": ");
  if (colon == SIZE_MAX) return false;
  e->queue_id = log_to(words, colon);
  read_pairs(log_from(words, colon + 2), false, e);
  e->what = EHLO_LOG_ATTEMPT;
  return true;
}

bool log_read_opensmtpd(struct ehlo_slice s, struct ehlo_log_event *e) {
  static const char *const deliveries[] = {"mta delivery ", "mda delivery ", "mta event=delivery ",
                                           "mda event=delivery "};
  if (log_starts(s, "relay: ") || log_starts(s, "delivery: ")) return read_old(s, e);
  const struct ehlo_slice whole = s;
  (void)log_next_word(&s); /* the session */
  for (size_t i = 0; i < sizeof deliveries / sizeof *deliveries; i++) {
    if (!log_starts(s, deliveries[i]) && !log_starts(whole, deliveries[i])) continue;
    const struct ehlo_slice rest = log_from(log_starts(whole, deliveries[i]) ? whole : s, strlen(deliveries[i]));
    e->what = EHLO_LOG_ATTEMPT;
    read_pairs(rest, true, e);
    return e->status != EHLO_STATUS_NONE;
  }
  if (log_starts(s, "smtp failed-command ") || log_starts(s, "smtp event=failed-command ")) {
    return read_failed(log_after(s, "failed-command "), e);
  }
  if (log_starts(s, "smtp message ") || log_starts(s, "smtp envelope ")) {
    e->what = EHLO_LOG_ARRIVED;
    read_pairs(log_from(s, strlen("smtp message ")), true, e);
    return e->queue_id.len > 0;
  }
  return false;
}
