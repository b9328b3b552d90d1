/* Owns: what Exim writes into its main log. Callers: ehlo_log_read. Ids are of the old length (16) and of that since 4.97 (23). */
#include "log_private.h"

static bool is_id(struct ehlo_slice s) {
  static const size_t lengths[][3] = {{6, 6, 2}, {6, 11, 4}};
  for (size_t f = 0; f < 2; f++) {
    const size_t a = lengths[f][0], b = lengths[f][1], c = lengths[f][2];
    if (s.len != a + b + c + 2 || s.ptr[a] != '-' || s.ptr[a + b + 1] != '-') continue;
    size_t others = 0;
    for (size_t i = 0; i < s.len; i++)
      others += !ehlo_is_alpha((unsigned char)s.ptr[i]) && !ehlo_is_digit((unsigned char)s.ptr[i]);
    if (others == 2) return true;
  }
  return false;
}

/* "SMTP error from remote mail server after RCPT TO:<a@b>: 550 ...", before 4.80 with the host behind the command. */
static void read_text(struct ehlo_slice text, struct ehlo_log_event *e) {
  static const char *const marks[] = {"from remote mail server after ", "from remote mailer after "};
  e->text = text;
  e->writing = EHLO_WRITING_BACKSLASHES;
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
    const struct ehlo_slice command = log_after(text, marks[i]);
    if (command.len == 0) continue;
    struct ehlo_slice said = log_after(command, ": ");
    if (log_starts(said, "host ")) {
      const size_t end = log_find(said, "]: ");
      if (end != SIZE_MAX) {
        log_set_relay(e, ehlo_slice_of(said.ptr + 5, end + 1 - 5));
        said = log_from(said, end + 3);
      }
    }
    if (!log_has_code(said)) return;
    e->phase = log_phase(command);
    e->text = said;
    return;
  }
}

/* R=router T=transport F=<sender> H=host [address] ... up to the colon in front of the words. */
static void read_fields(struct ehlo_slice s, struct ehlo_log_event *e) {
  while (s.len > 0) {
    const struct ehlo_slice word = log_next_word(&s);
    if (log_starts(word, "H=(")) { /* only what it called itself */
      continue;
    } else if (log_starts(word, "H=")) {
      e->relay = log_from(word, 2);
    } else if (log_starts(word, "[") && e->relay_address.len == 0) {
      struct ehlo_log_event relay = {.relay_address = {"", 0}};
      log_set_relay(&relay, word);
      e->relay_address = relay.relay_address;
    } else if (log_starts(word, "F=") || log_starts(word, "P=<")) {
      e->from = log_bare_address(log_from(word, 2));
      e->has_from = true;
    } else if (log_starts(word, "<") && e->orig_to.len == 0) {
      e->orig_to = log_bare_address(word);
    } else if (log_starts(word, "id=")) {
      e->message_id = log_from(word, 3);
    } else if (log_starts(word, "QT=")) {
      e->delay = log_seconds(log_from(word, 3));
    } else if (log_starts(word, "T=\"")) {
      e->subject = ehlo_slice_of(word.ptr + 3, log_to(log_from(word, 3), s.len + word.len).len);
    }
  }
}

/* The words begin behind the first colon that ends a word; a DN or a subject in quotes may hold one. */
static size_t text_at(struct ehlo_slice s) {
  bool quoted = false;
  for (size_t i = 0; i + 1 < s.len; i++) {
    if (s.ptr[i] == '"') quoted = !quoted;
    if (!quoted && s.ptr[i] == ':' && s.ptr[i + 1] == ' ') return i;
  }
  return s.len;
}

static bool read_delivery(struct ehlo_slice s, enum ehlo_log_status status, struct ehlo_log_event *e) {
  const size_t colon = text_at(s);
  struct ehlo_slice head = log_to(s, colon);
  e->what = EHLO_LOG_ATTEMPT;
  e->status = status;
  e->to = log_bare_address(log_next_word(&head));
  read_fields(head, e);
  if (status == EHLO_STATUS_SENT) {
    const struct ehlo_slice reply = log_after(s, " C=\"");
    e->text = reply.len > 0 ? log_to(reply, log_find(reply, "\"")) : reply;
    return true;
  }
  read_text(log_from(s, colon + 2), e);
  if (log_starts(e->text, "retry time not reached"))
    e->what = EHLO_LOG_TRIAL; /* nobody was asked: what was said before still holds */
  return e->to.len > 0;
}

/* "<= sender H=host [address] P=esmtp S=123 id=x T="subject" from <sender> for a b" */
static bool read_arrival(struct ehlo_slice s, struct ehlo_log_event *e) {
  e->what = EHLO_LOG_ARRIVED;
  e->from = log_bare_address(log_next_word(&s));
  e->has_from = true;
  const struct ehlo_slice title = log_after(s, " T=\"");
  if (title.len > 0) e->subject = log_to(title, log_find(title, "\" "));
  if (e->subject.len > 0 && e->subject.ptr[e->subject.len - 1] == '"') e->subject.len--;
  const struct ehlo_slice parent = log_after(s, "R=");
  if (e->from.len == 0 && parent.len >= 16) e->other_id = log_to(parent, log_find(parent, " "));
  const struct ehlo_slice sender = e->from, subject = e->subject;
  read_fields(s, e);
  e->from = sender;
  e->subject = subject;
  e->orig_to = log_word("");
  return true;
}

/* "H=(helo) [192.0.2.1] F=<a> temporarily rejected RCPT <b>: words" */
static bool read_refusal(struct ehlo_slice s, struct ehlo_log_event *e) {
  const size_t at = log_find(s, " rejected ");
  if (at == SIZE_MAX) return false;
  const struct ehlo_slice what = log_from(s, at + strlen(" rejected "));
  const struct ehlo_slice head = log_to(s, at);
  const bool for_now = head.len > 12 && log_starts(log_from(head, head.len - 12), " temporarily");
  e->what = EHLO_LOG_REJECTED;
  e->status = for_now ? EHLO_STATUS_PUT_OFF : EHLO_STATUS_REJECTED;
  e->code = for_now ? 451 : 550;
  read_fields(head, e);
  e->phase = log_phase(log_starts(what, "after ") ? log_from(what, 6) : what);
  const struct ehlo_slice rcpt = log_after(what, "RCPT <");
  if (rcpt.len > 0) e->to = log_to(rcpt, log_find(rcpt, ">"));
  if (!e->has_from && log_starts(what, "MAIL <")) {
    e->from = log_to(log_from(what, 6), log_find(log_from(what, 6), ">"));
    e->has_from = true;
  }
  e->text = log_from(what, text_at(what) + 2);
  e->writing = EHLO_WRITING_BACKSLASHES;
  return true;
}

/* "2026-11-03 04:05:06 +0100 ", which Exim writes to syslog too (syslog_timestamp). */
static struct ehlo_slice skip_stamp(struct ehlo_slice s) {
  struct ehlo_slice rest = s;
  const struct ehlo_slice date = log_next_word(&rest);
  if (date.len != 10 || date.ptr[4] != '-' || date.ptr[7] != '-' || !ehlo_is_digit((unsigned char)date.ptr[0]))
    return s;
  (void)log_next_word(&rest);
  if (log_starts(rest, "+") || log_starts(rest, "-")) (void)log_next_word(&rest);
  return rest;
}

bool log_read_exim(struct ehlo_slice s, struct ehlo_log_event *e) {
  static const struct {
    const char *flag;
    enum ehlo_log_status status;
  } flags[] = {{"=> ", EHLO_STATUS_SENT}, {"-> ", EHLO_STATUS_SENT},    {">> ", EHLO_STATUS_SENT},
               {"*> ", EHLO_STATUS_SENT}, {"** ", EHLO_STATUS_BOUNCED}, {"== ", EHLO_STATUS_DEFERRED}};
  struct ehlo_slice rest = skip_stamp(s);
  if (log_starts(rest, "[")) (void)log_next_word(&rest); /* the process */
  struct ehlo_slice after = rest;
  const struct ehlo_slice id = log_next_word(&after);
  if (!is_id(id)) return (log_starts(rest, "H=") || log_starts(rest, "U=")) && read_refusal(rest, e);
  e->queue_id = id;
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
    if (log_starts(after, flags[i].flag)) return read_delivery(log_from(after, 3), flags[i].status, e);
  }
  if (log_starts(after, "<= ")) return read_arrival(log_from(after, 3), e);
  if (log_starts(after, "Completed")) {
    e->what = EHLO_LOG_ENDED;
    return true;
  }
  if (read_refusal(after, e)) return true;
  e->what = EHLO_LOG_TRIAL;
  const struct ehlo_slice head = log_to(after, text_at(after));
  if (log_starts(after, "H=")) read_fields(head, e);
  read_text(log_starts(after, "H=") ? log_from(after, head.len + 2) : after, e);
  return true;
}
