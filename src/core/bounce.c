/* Owns: reading a mail as a report about deliveries. Callers: the mail binding.
 * The standard parts are heard first (RFC 3464, 5965, 8098); without them the words decide. */
#include "ehlo/core/bounce.h"

#include <stdint.h>

#include "bounce_inner.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "mail_words.h"

enum { FIRST = 4, KEEP = 16, STORY = 8192 };

const char *ehlo_mail_kind_name(enum ehlo_mail_kind kind) {
  static const char *const names[] = {"mail", "bounce", "delivery-notice", "feedback-report", "auto-reply"};
  return (size_t)kind < sizeof names / sizeof names[0] ? names[kind] : names[0];
}

struct ehlo_bounce_recipient *bounce_add(struct bounce_work *w) {
  struct ehlo_bounce *out = w->out;
  const struct ehlo_slice none = {"", 0};
  if (out->n == EHLO_BOUNCE_RECIPIENTS || w->memory.error) return NULL;
  if (out->n == out->capacity) {
    const int capacity = out->capacity ? out->capacity * 2 : FIRST;
    struct ehlo_bounce_recipient *grown =
        ehlo_memory_realloc(out->recipients, (size_t)capacity * sizeof *out->recipients);
    if (!grown) {
      w->memory.error = EHLO_E_MEMORY;
      return NULL;
    }
    out->recipients = grown;
    out->capacity = capacity;
  }
  struct ehlo_bounce_recipient *r = &out->recipients[out->n++];
  *r = (struct ehlo_bounce_recipient){.phase = EHLO_PHASES};
  r->address = r->action = r->host = r->ip = r->said = r->text = r->story = none;
  return r;
}

/* ---- what was said ---- */

/* Lines of the reporter's own behind the reply. */
static struct ehlo_slice without_tail(struct ehlo_slice s) {
  static const char *const tails[] = {"giving up on",
                                      "i'm not going to try",
                                      ">>> ",
                                      "/i'm not going",
                                      "... while talking",
                                      "this has been a permanent",
                                      "--",
                                      "==",
                                      "(other mxes",
                                      "for further assistance",
                                      "your message was",
                                      "the attachment contains"};
  struct ehlo_slice rest = s, line;
  while (text_line(&rest, &line)) {
    const size_t at = (size_t)(line.ptr - s.ptr);
    const struct ehlo_slice bare = ehlo_slice_trim(line);
    for (size_t i = 0; at > 0 && i < sizeof tails / sizeof tails[0]; i++) {
      if (text_starts(bare, tails[i])) return ehlo_slice_trim(text_until(s, at));
    }
  }
  return s;
}

/* Without a code, the reason stands first, and advice behind it. A paragraph such as "because:" only leads to it. */
static struct ehlo_slice first_paragraph(struct ehlo_slice s) {
  for (struct ehlo_slice rest = ehlo_slice_trim(s);;) {
    const size_t at = ehlo_slice_find_nocase(rest, ehlo_slice_str("\n\n"), 0);
    if (at == SIZE_MAX) return rest;
    const struct ehlo_slice paragraph = ehlo_slice_trim(text_until(rest, at));
    if (paragraph.len == 0 || paragraph.ptr[paragraph.len - 1] != ':' || memchr(paragraph.ptr, '\n', paragraph.len))
      return paragraph;
    rest = ehlo_slice_trim(text_from(rest, at));
  }
}

static bool is_name_byte(char c) {
  return ehlo_is_alpha((unsigned char)c) || ehlo_is_digit((unsigned char)c) || c == '.' || c == '-' || c == '_' ||
         c == ':';
}

static struct ehlo_slice name_at(struct ehlo_slice s, size_t at) {
  size_t end = at;
  while (end < s.len && end < at + 255 && is_name_byte(s.ptr[end]))
    end++;
  while (end > at && (s.ptr[end - 1] == '.' || s.ptr[end - 1] == ':' || s.ptr[end - 1] == '-'))
    end--;
  return ehlo_slice_of(s.ptr + at, end - at);
}

/* "host mx.example.org [192.0.2.1]", "while talking to mx.example.org.:", "Connected to 192.0.2.1", "by mx.example.org. [192.0.2.1]" */
static void find_host(struct ehlo_bounce_recipient *r) {
  static const char *const leads[] = {"host ",         "host: ",       "while talking to ", "connected to ",
                                      "giving up on ", "remote host ", "connect to ",       " by "};
  const struct ehlo_slice s = text_until(r->story, 1024);
  for (size_t i = 0; i < sizeof leads / sizeof leads[0] && r->host.len == 0; i++) {
    const size_t at = ehlo_slice_find_nocase(s, ehlo_slice_str(leads[i]), 0);
    if (at == SIZE_MAX) continue;
    const struct ehlo_slice name = name_at(s, at + strlen(leads[i]));
    if (name.len == 0 || !memchr(name.ptr, '.', name.len)) continue;
    r->host = name;
    const size_t next = (size_t)(name.ptr - s.ptr) + name.len;
    const char *open = next < s.len ? memchr(s.ptr + next, '[', s.len - next < 4 ? s.len - next : 4) : NULL;
    if (open) r->ip = name_at(s, (size_t)(open - s.ptr) + 1);
  }
}

void bounce_take_said(struct bounce_work *w, struct ehlo_bounce_recipient *r, struct ehlo_slice story) {
  story = text_until(story, STORY);
  const struct said said = reply_in(story);
  if (r->story.len == 0) r->story = story;
  if (r->said.len > 0 && said.code == 0) return;
  const struct ehlo_slice reply = without_tail(said.code != 0 ? text_from(story, said.at) : first_paragraph(story));
  const size_t skip = said.code != 0 ? said.text - said.at : 0;
  r->code = said.code;
  if (said.enhanced.class != 0) r->enhanced = said.enhanced;
  r->said = ehlo_slice_trim(reply);
  r->text = text_folded(&w->memory, text_from(reply, skip));
  const enum ehlo_phase phase = reply_phase(story, said.at);
  if (phase != EHLO_PHASES) r->phase = phase;
  find_host(r);
}

/* ---- parts ---- */

static bool is(const struct bounce_work *w, int part, const char *type) {
  return ehlo_slice_equal(w->mail->parts[part].type, ehlo_slice_str(type));
}

static bool is_message(const struct bounce_work *w, int part) {
  return is(w, part, "message/rfc822") || is(w, part, "message/global") || is(w, part, "text/rfc822-headers") ||
         is(w, part, "message/rfc822-headers") || is(w, part, "message/global-headers") || is(w, part, "text/rfc822");
}

/* The first part of a type that is not within a returned mail below `top`, or -1. */
static int find_part(const struct bounce_work *w, const char *type) {
  int inside = 1000;
  for (int i = w->top; i < w->mail->n_parts; i++) {
    const int depth = w->mail->parts[i].depth;
    if (i > w->top && depth <= w->mail->parts[w->top].depth && w->top > 0) break;
    if (depth <= inside) inside = 1000;
    if (inside == 1000 && is(w, i, type)) return i;
    if (inside == 1000 && i > w->top && is_message(w, i)) inside = depth;
  }
  return -1;
}

static int find_original(const struct bounce_work *w) {
  for (int i = w->top + 1; i < w->mail->n_parts; i++) {
    if (is_message(w, i)) return i;
  }
  return -1;
}

static int find_status(const struct bounce_work *w) {
  const int plain = find_part(w, "message/delivery-status");
  return plain >= 0 ? plain : find_part(w, "message/global-delivery-status");
}

/* A person forwards a bounce as an attachment: the message within is the report. */
static void look_inside(struct bounce_work *w) {
  if (w->status >= 0 || find_part(w, "message/feedback-report") >= 0) return;
  for (int i = 1; i < w->mail->n_parts; i++) {
    const bool report = is(w, i, "multipart/report") && i > 0 && is_message(w, i - 1);
    if (!report) continue;
    w->top = i;
    w->status = find_status(w);
    if (w->status >= 0) return;
    w->top = 0;
  }
}

/* A person passed a bounce on: the words are the server's, behind quote marks. */
static bool is_passed_on(struct ehlo_slice text) {
  return text_has(text, "\n>") && text_has(text, "mailer-daemon") && text_has(text, "\n> ");
}

static struct ehlo_slice unquoted(struct bounce_work *w, struct ehlo_slice text) {
  char *to = arena_take(&w->memory, text.len + 1);
  struct ehlo_slice rest = text, line;
  size_t n = 0;
  if (!to) return text;
  while (text_line(&rest, &line)) {
    const bool transcript = text_starts(line, ">>> ");
    size_t skip = !transcript && line.len > 0 && line.ptr[0] == '>';
    if (skip == 1 && line.len > 1 && line.ptr[1] == ' ') skip = 2;
    memcpy(to + n, line.ptr + skip, line.len - skip);
    n += line.len - skip;
    to[n++] = '\n';
  }
  return ehlo_slice_of(to, n);
}

/* Behind the header that a mail program repeats when it forwards. */
static struct ehlo_slice past_header(struct ehlo_slice text) {
  const size_t at = ehlo_slice_find_nocase(text, ehlo_slice_str("mailer-daemon"), 0);
  const size_t end = ehlo_slice_find_nocase(text, ehlo_slice_str("\n\n"), at);
  return end == SIZE_MAX ? text : text_from(text, end);
}

/* Where a line such as "---------- Forwarded message ---------" stands over the header of a server's mail, what follows that header:
 * mail programs that forward without quote marks. The text as it is where there is none. */
static struct ehlo_slice past_forward(struct ehlo_slice text) {
  enum { HEADER = 12 };
  static const char *const marks[] = {"forwarded message", "original message",        "weitergeleitete nachricht",
                                      "message transf",    "mensaje reenviado",       "messaggio inoltrato",
                                      "mensagem encaminh", "urspr\u00fcngliche nach", NULL};
  struct ehlo_slice rest = text, line;
  int left = 0;
  bool server = false;
  while (text_line(&rest, &line)) {
    if (line.len < 120 && text_has_any(line, marks)) {
      left = HEADER;
      server = false;
    } else if (left > 0) {
      const bool blank = ehlo_slice_trim(line).len == 0;
      server = server || (memchr(line.ptr, ':', line.len) && text_has_any(line, words_servers));
      if (blank && server) return rest;
      left--;
    }
  }
  return text;
}

/* The texts of the report, joined; HTML only where there is nothing else. */
static void gather_report(struct bounce_work *w) {
  struct ehlo_slice text = {"", 0}, html = {"", 0};
  const int end = w->original > 0 ? w->original : w->mail->n_parts;
  size_t total = 0;
  for (int i = w->top; i < end; i++)
    total += is(w, i, "text/plain") ? w->mail->parts[i].body.len + 2 : 0;
  char *to = arena_take(&w->memory, total);
  if (!to) return;
  for (int i = w->top; i < end; i++) {
    const struct ehlo_slice body = w->mail->parts[i].body;
    if (is(w, i, "text/html") && html.len == 0) html = body;
    if (!is(w, i, "text/plain") || body.len == 0) continue;
    memcpy(to + text.len, body.ptr, body.len);
    memcpy(to + text.len + body.len, "\n\n", 2);
    text = ehlo_slice_of(to, text.len + body.len + 2);
  }
  if (ehlo_slice_trim(text).len == 0) text = text_of_html(&w->memory, html);
  /* a multipart whose boundaries are lost has no parts */
  if (ehlo_slice_trim(text).len == 0 && w->status < 0) text = w->mail->body;
  if (is_passed_on(text)) {
    text = past_header(unquoted(w, text));
  } else if (w->status < 0 && !bounce_from_a_server(w)) {
    const struct ehlo_slice whole = text;
    text = past_forward(whole);
    w->passed_on = text.ptr != whole.ptr;
  }
  const size_t at = bounce_copy_at(text);
  w->report = text_until(text, at);
  w->returned = text_from(text, at);
}

/* ---- the kinds ---- */

static bool has_arrived(struct ehlo_slice action) {
  static const char *const words[] = {"delivered", "relayed", "expanded"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (ehlo_slice_equal(action, ehlo_slice_str(words[i]))) return true;
  }
  return false;
}

static bool succeeded(struct ehlo_slice action) {
  return has_arrived(action) || ehlo_slice_equal(action, ehlo_slice_str("deliverable"));
}

bool ehlo_bounce_arrived(const struct ehlo_bounce *bounce, const struct ehlo_bounce_recipient *recipient) {
  return bounce->kind == EHLO_MAIL_DELIVERY_NOTICE || has_arrived(recipient->action);
}

static enum ehlo_mail_kind kind_of_status(const struct ehlo_bounce *b) {
  for (int i = 0; i < b->n; i++) {
    const struct ehlo_bounce_recipient *r = &b->recipients[i];
    const bool good = r->action.len > 0 ? succeeded(r->action) : r->status.class == 2;
    if (!good) return EHLO_MAIL_BOUNCE;
  }
  return EHLO_MAIL_DELIVERY_NOTICE;
}

/* What the words for people know and the status does not. */
static void complete_one(struct bounce_work *w, struct ehlo_bounce_recipient *r,
                         const struct ehlo_bounce_recipient *told) {
  if (r->phase == EHLO_PHASES) r->phase = told->phase;
  if (r->ip.len == 0 && (r->host.len == 0 || ehlo_slice_equal_nocase(r->host, told->host))) {
    r->ip = told->ip;
    if (told->host.len > 0) r->host = told->host;
  }
  if (r->code != 0 || told->story.len == 0 || (r->said.len > 0 && told->code == 0)) return;
  const enum ehlo_phase phase = r->phase;
  bounce_take_said(w, r, told->code != 0 ? told->story : told->said);
  r->story = told->story;
  if (r->phase == EHLO_PHASES) r->phase = phase;
}

static void complete(struct bounce_work *w) {
  struct ehlo_bounce words = {.from = w->out->from, .to = w->out->to};
  struct bounce_work side = *w;
  side.out = &words;
  bounce_read_text(&side);
  w->memory = side.memory;
  const bool alone = words.n == 1 && w->out->n == 1;
  for (int i = 0; i < w->out->n; i++) {
    for (int k = 0; k < words.n; k++) {
      if (!alone && !ehlo_slice_equal_nocase(words.recipients[k].address, w->out->recipients[i].address)) continue;
      complete_one(w, &w->out->recipients[i], &words.recipients[k]);
      break;
    }
  }
  ehlo_memory_free(words.recipients);
}

static void settle_enhanced(struct ehlo_bounce *b) {
  for (int i = 0; i < b->n; i++) {
    struct ehlo_bounce_recipient *r = &b->recipients[i];
    const bool vague = r->enhanced.class == r->status.class && r->enhanced.subject == 0 && r->enhanced.detail == 0;
    if (r->enhanced.class == 0 || vague) r->enhanced = r->status;
  }
}

static bool is_late(const struct bounce_work *w) {
  static const char *const words[] = {"not yet been delivered",
                                      "has been delayed",
                                      "will be retried",
                                      "attempts will continue",
                                      "still trying",
                                      "will keep trying",
                                      "warning: could not send",
                                      "warning message only",
                                      "delivery is delayed",
                                      NULL};
  return text_has_any(w->report, words) || text_has(ehlo_mail_header(w->mail, w->top, "Subject"), "delay");
}

/* A delivery status that lost its part: in the text itself, or in a whole report that was pasted into it. */
static bool read_status_in_text(struct bounce_work *w) {
  static const char mark[] = "final-recipient:";
  size_t at = ehlo_slice_find_nocase(w->report, ehlo_slice_str(mark), 0);
  if (at != SIZE_MAX) {
    const size_t start = ehlo_slice_find_nocase(w->report, ehlo_slice_str("reporting-mta:"), 0);
    const bool found = bounce_read_status(w, w->report);
    w->report = text_until(w->report, start < at ? start : at);
    return found;
  }
  at = ehlo_slice_find_nocase(w->returned, ehlo_slice_str(mark), 0);
  if (at == SIZE_MAX || !bounce_looks_like(w)) return false;
  const size_t group = ehlo_slice_find_nocase(w->returned, ehlo_slice_str("reporting-mta:"), 0);
  if (group < at) at = group;
  const size_t end = bounce_copy_at(text_from(w->returned, at));
  return bounce_read_status(w, ehlo_slice_of(w->returned.ptr + at, end));
}

static bool read_standard(struct bounce_work *w) {
  struct ehlo_bounce *out = w->out;
  if (find_part(w, "message/feedback-report") >= 0) {
    out->kind = EHLO_MAIL_FEEDBACK;
    return true;
  }
  const bool found = w->status >= 0 ? bounce_read_status(w, w->mail->parts[w->status].body) : read_status_in_text(w);
  if (!found) {
    const bool mdn = find_part(w, "message/disposition-notification") >= 0;
    if (mdn) out->kind = EHLO_MAIL_DELIVERY_NOTICE;
    return mdn;
  }
  out->kind = kind_of_status(out);
  if (out->kind == EHLO_MAIL_BOUNCE) complete(w);
  return true;
}

/* The words of the report that begins at the part `top`, and the mail that it returns. */
static void gather(struct bounce_work *w) {
  w->original = find_original(w);
  w->failed = ehlo_mail_header(w->mail, w->top, "X-Failed-Recipients");
  gather_report(w);
  bounce_read_original(w);
}

/* From here on the part `top` is the mail that is read. */
static void move_to(struct bounce_work *w, int top) {
  w->top = top;
  w->status = find_status(w);
  w->out->from = w->out->to = w->out->subject = ehlo_slice_of("", 0);
  gather(w);
}

/* A person forwards a report of one of the older forms as an attachment. Few are tried: each costs the text once more. */
static bool find_words_inside(struct bounce_work *w) {
  enum { TRIED = 3 };
  int tried = 0;
  if (w->top > 0 || bounce_is_auto_reply(w)) return false;
  for (int i = 1; i < w->mail->n_parts && tried < TRIED; i++) {
    if (!is_message(w, i - 1) || w->mail->parts[i].depth <= w->mail->parts[i - 1].depth) continue;
    move_to(w, i);
    if (bounce_looks_like(w)) return true;
    tried++;
  }
  if (tried > 0) move_to(w, 0);
  return false;
}

static void read_words(struct bounce_work *w) {
  struct ehlo_bounce *out = w->out;
  if (bounce_read_json(w, w->report)) return;
  const bool here = bounce_looks_like(w), inside = !here && find_words_inside(w);
  if (inside && read_standard(w)) return;
  if (!here && !inside) {
    out->kind = bounce_is_auto_reply(w) ? EHLO_MAIL_AUTO_REPLY : EHLO_MAIL_ORDINARY;
    return;
  }
  out->kind = EHLO_MAIL_BOUNCE;
  bounce_read_text(w);
  const bool late = is_late(w);
  for (int i = 0; i < out->n; i++)
    out->recipients[i].action = ehlo_slice_str(late ? "delayed" : "failed");
}

/* Empty again; the memory of few recipients and few words is kept. */
static void reuse(struct ehlo_bounce *b) {
  struct arena memory = {.last = b->memory};
  arena_reuse(&memory);
  const bool small = b->capacity <= KEEP;
  if (!small) ehlo_memory_free(b->recipients);
  *b = (struct ehlo_bounce){
      .memory = memory.last, .recipients = small ? b->recipients : NULL, .capacity = small ? b->capacity : 0};
  b->from = b->to = b->subject = b->reporter = ehlo_slice_of("", 0);
}

int ehlo_bounce_read(const struct ehlo_mail *mail, struct ehlo_bounce *out) {
  const struct ehlo_slice none = {"", 0};
  struct bounce_work w = {.mail = mail, .out = out, .report = none, .returned = none};
  reuse(out);
  w.memory.last = out->memory;
  w.status = find_status(&w);
  look_inside(&w);
  gather(&w);
  if (!read_standard(&w)) read_words(&w);
  if (out->kind == EHLO_MAIL_ORDINARY || out->kind == EHLO_MAIL_AUTO_REPLY) {
    out->from = out->to = out->subject = none;
    w.original = -1;
    w.returned = none;
  }
  if (out->from.len == 0 && out->kind != EHLO_MAIL_BOUNCE) out->from = ehlo_mail_header(mail, 0, "From");
  if (out->to.len == 0) out->to = ehlo_mail_header(mail, 0, "To");
  if (out->subject.len == 0) out->subject = ehlo_mail_header(mail, 0, "Subject");
  if (out->reporter.len == 0) out->reporter = ehlo_mail_header(mail, w.top, "From");
  settle_enhanced(out);
  out->memory = w.memory.last;
  return w.memory.error ? EHLO_E_MEMORY : 0;
}

void ehlo_bounce_fini(struct ehlo_bounce *bounce) {
  struct arena memory = {.last = bounce->memory};
  arena_fini(&memory);
  ehlo_memory_free(bounce->recipients);
  *bounce = (struct ehlo_bounce){0};
}
