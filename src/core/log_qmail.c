/* Owns: what qmail-send writes. Callers: ehlo_log_read. A delivery's lines hang together by its number, its message by the inode's. */
#include "log_private.h"

/* qmail-remote's own words in front of what the server said, and what they answer. */
static void read_words(struct ehlo_slice text, struct ehlo_log_event *e) {
  static const struct {
    const char *words;
    enum ehlo_phase phase;
  } rows[] = {{"_does_not_like_recipient.", EHLO_PHASE_RCPT},        {"_does_not_like_sender.", EHLO_PHASE_MAIL},
              {"_but_sender_was_rejected.", EHLO_PHASE_MAIL},        {"_but_greeting_failed.", EHLO_PHASE_GREETING},
              {"_but_my_name_was_rejected.", EHLO_PHASE_EHLO},       {"_failed_on_DATA_command.", EHLO_PHASE_DATA},
              {"_failed_after_I_sent_the_message.", EHLO_PHASE_DATA}};
  e->text = text;
  e->writing = EHLO_WRITING_UNDERSCORES;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const size_t at = log_find(text, rows[i].words);
    if (at == SIZE_MAX) continue;
    e->phase = rows[i].phase;
    struct ehlo_slice host = log_to(text, at);
    host = log_starts(host, "Connected_to_") ? log_from(host, strlen("Connected_to_")) : host;
    e->relay_address = host;
  }
  const struct ehlo_slice said = log_after(text, "Remote_host_said:_");
  if (log_starts(said, "4") || log_starts(said, "5")) e->text = said;
  e->text = log_to(e->text, log_find(e->text, "/Giving_up_on_"));
  if (e->text.len > 0 && e->text.ptr[e->text.len - 1] == '/') e->text.len--;
}

static bool is_number(struct ehlo_slice s) {
  for (size_t i = 0; i < s.len; i++) {
    if (!ehlo_is_digit((unsigned char)s.ptr[i])) return false;
  }
  return s.len > 0 && s.len < 20;
}

static bool read_result(struct ehlo_slice s, struct ehlo_log_event *e) {
  static const struct {
    const char *word;
    enum ehlo_log_status status;
  } rows[] = {
      {"success: ", EHLO_STATUS_SENT}, {"failure: ", EHLO_STATUS_BOUNCED}, {"deferral: ", EHLO_STATUS_DEFERRED}};
  struct ehlo_scan c = ehlo_scan_of(s);
  uint64_t number;
  if (!ehlo_scan_number(&c, 9, 999999999, &number) || !ehlo_scan_char(&c, ':') || !ehlo_scan_char(&c, ' '))
    return false;
  const struct ehlo_slice rest = ehlo_slice_of(c.at, ehlo_scan_left(&c));
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (!log_starts(rest, rows[i].word)) continue;
    e->what = EHLO_LOG_ATTEMPT;
    e->status = rows[i].status;
    e->delivery = (int)number;
    read_words(log_from(rest, strlen(rows[i].word)), e);
    return true;
  }
  return false;
}

/* "starting delivery 7: msg 12345 to remote user@example.org" */
static bool read_start(struct ehlo_slice s, struct ehlo_log_event *e) {
  struct ehlo_scan c = ehlo_scan_of(s);
  uint64_t number;
  if (!ehlo_scan_number(&c, 9, 999999999, &number)) return false;
  struct ehlo_slice rest = log_after(ehlo_slice_of(c.at, ehlo_scan_left(&c)), ": msg ");
  const struct ehlo_slice id = log_next_word(&rest);
  if (!is_number(id) || !log_starts(rest, "to ")) return false;
  (void)log_next_word(&rest);
  (void)log_next_word(&rest);
  e->what = EHLO_LOG_ARRIVED;
  e->delivery = (int)number;
  e->queue_id = id;
  e->to = rest;
  return e->to.len > 0;
}

bool log_read_qmail(struct ehlo_slice s, struct ehlo_log_event *e) {
  struct log_line inner;
  /* splogger puts a stamp of its own behind syslog's */
  if (s.len > 0 && ehlo_is_digit((unsigned char)s.ptr[0]) && log_line_split(s, &inner) && inner.form == STAMP_EPOCH)
    s = inner.message;
  if (log_starts(s, "starting delivery ")) return read_start(log_from(s, strlen("starting delivery ")), e);
  if (log_starts(s, "delivery ")) return read_result(log_from(s, strlen("delivery ")), e);
  if (log_starts(s, "info msg ")) {
    struct ehlo_slice rest = log_from(s, strlen("info msg "));
    const size_t colon = log_find(rest, ": ");
    const struct ehlo_slice from = log_after(rest, " from <");
    if (colon == SIZE_MAX || !is_number(log_to(rest, colon))) return false;
    e->what = EHLO_LOG_ARRIVED;
    e->queue_id = log_to(rest, colon);
    e->from = log_to(from, log_find(from, "> "));
    e->has_from = true;
    return true;
  }
  if (log_starts(s, "end msg ") || log_starts(s, "bounce msg ")) {
    struct ehlo_slice rest = log_from(s, log_starts(s, "end") ? strlen("end msg ") : strlen("bounce msg "));
    e->queue_id = log_next_word(&rest);
    e->what = log_starts(s, "end") ? EHLO_LOG_ENDED : EHLO_LOG_NOTICE;
    return is_number(e->queue_id);
  }
  if (log_starts(s, "new msg ")) {
    e->queue_id = log_from(s, strlen("new msg "));
    e->what = EHLO_LOG_ARRIVED;
    return is_number(e->queue_id);
  }
  return false;
}
