/* Owns: telling reply codes from other numbers, and which command was answered. Callers: the readers of bounces.
 * A number is believed by what stands around it: an enhanced code behind it, words such as "said:" before it, the start of a line. */
#include "mail_reply.h"

#include <stdint.h>

enum { LOOK = 4096, ENOUGH = 2 };

static bool is_word(char c) {
  return ehlo_is_alpha((unsigned char)c) || ehlo_is_digit((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* "#550 5.1.1 RESOLVER..." is how Exchange begins a line; elsewhere a number behind # is none of a reply: "(#5.1.1)", "ticket #550". */
static bool is_hash_of_line(struct ehlo_slice s, size_t at) {
  return s.ptr[at] == '#' && (at == 0 || s.ptr[at - 1] == '\n');
}

static bool digits_at(struct ehlo_slice s, size_t i) {
  if (s.len - i < 3 || (s.ptr[i] != '2' && s.ptr[i] != '4' && s.ptr[i] != '5')) return false;
  if (!ehlo_is_digit((unsigned char)s.ptr[i + 1]) || !ehlo_is_digit((unsigned char)s.ptr[i + 2])) return false;
  const bool joined = i > 0 && (is_word(s.ptr[i - 1]) || strchr(".-_/#@=+%,", s.ptr[i - 1]));
  if (joined && !is_hash_of_line(s, i - 1)) return false;
  return s.len - i == 3 || strchr(" -\t\n:,;'\"#<])", s.ptr[i + 3]) != NULL;
}

/* What stands before a reply, blanks taken off. */
static int points_before(struct ehlo_slice before) {
  static const char *const leads[] = {
      "said:",      "<<<",      "reason:",  "smtp;",       "smtp:",     "responded:", "as follows: [",
      "was:",       "error",    "error:",   "]:",          "):",        "code",       "code:",
      "code :",     "reply:",   "replied:", "response:",   "returned:", "failure:",   "answer:",
      "x-postfix;", "dsn:",     "me:",      "status:",     "<out>",     "server:",    "refused:",
      "rejected:",  "message:", "text:",    "diagnostic:", "smtp",      "...",        "with"};
  size_t blanks = 0;
  while (before.len > 0 && strchr(" \t\n\"'([#", before.ptr[before.len - 1])) {
    blanks += before.ptr[before.len - 1] == '\n';
    before.len--;
  }
  const int start = blanks > 0 || before.len == 0 ? 2 : 0;
  for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++) {
    if (text_ends(before, leads[i])) return 6;
  }
  return start;
}

static size_t past_marks(struct ehlo_slice s, size_t i) {
  while (i < s.len && strchr(" -\t'\"#(:[,", s.ptr[i]))
    i++;
  return i;
}

/* 0 for no reply. */
static int points(struct ehlo_slice s, size_t i, struct said *out) {
  if (!digits_at(s, i)) return 0;
  *out = (struct said){.code = (s.ptr[i] - '0') * 100 + (s.ptr[i + 1] - '0') * 10 + (s.ptr[i + 2] - '0'), .at = i};
  const size_t next = past_marks(s, i + 3);
  size_t len = ehlo_enhanced_scan(text_from(s, next), &out->enhanced);
  /* "554 4.3.2.dsl.example.org" names a host */
  if (len > 0 && next + len < s.len && (is_word(s.ptr[next + len]) || s.ptr[next + len] == '.') &&
      next + len + 1 < s.len && is_word(s.ptr[next + len + 1]))
    len = 0;
  if (len == 0) out->enhanced.class = 0;
  out->text = len > 0 ? past_marks(s, next + len) : i + 3;
  int sum = points_before(text_until(s, i));
  if (len > 0) sum += out->enhanced.class == out->code / 100 ? 4 : 2;
  if (len > 0 && i > 0 && s.ptr[i - 1] == '<')
    sum += 8; /* 554 4.4.7 Message expired <421 4.4.2 Connection timed out> */
  if (out->enhanced.subject == 4 && out->enhanced.detail == 7)
    sum -= 3; /* that the time ran out is the reporter's own; another reply beside it says why */
  if (i + 3 < s.len && s.ptr[i + 3] == '-') sum += 2;
  if (s.ptr[i + 1] > '5') sum -= 3;
  if (out->code / 100 == 2 && (i > 0 || len == 0)) sum -= 6; /* X-Unix; 255 is an exit status */
  return sum;
}

struct ehlo_enhanced enhanced_in(struct ehlo_slice s, int class) {
  struct ehlo_enhanced found = {0};
  s = text_until(s, LOOK);
  for (size_t i = 0; i < s.len; i++) {
    if (s.ptr[i] != '4' && s.ptr[i] != '5') continue;
    if (i > 0 && (is_word(s.ptr[i - 1]) || strchr(".-_/@=", s.ptr[i - 1]))) continue;
    const size_t len = ehlo_enhanced_scan(text_from(s, i), &found);
    const bool ends = i + len >= s.len || !(is_word(s.ptr[i + len]) || s.ptr[i + len] == '-');
    if (len > 0 && ends && (class == 0 || found.class == class)) return found;
  }
  return (struct ehlo_enhanced){0};
}

struct said reply_in(struct ehlo_slice s) {
  struct said best = {0}, here;
  int most = ENOUGH - 1;
  s = text_until(s, LOOK);
  for (size_t i = 0; i + 3 <= s.len; i++) {
    if (s.ptr[i] != '4' && s.ptr[i] != '5' && s.ptr[i] != '2') continue;
    const int sum = points(s, i, &here);
    if (sum <= most) continue;
    most = sum;
    best = here;
  }
  if (best.code == 0) {
    best.enhanced = enhanced_in(s, 0);
  } else if (best.enhanced.class == 0) {
    best.enhanced = enhanced_in(text_from(s, best.text), best.code / 100);
  }
  /* "5.3.0 - Other mail system problem 550-'Unknown user'" */
  if (best.code != 0 && best.at > 0 && best.enhanced.class == 0) (void)ehlo_enhanced_scan(s, &best.enhanced);
  return best;
}

/* ---- the command that was answered ---- */

static const struct {
  const char *words;
  enum ehlo_phase phase;
} phases[] = {
    {"rcpt to", EHLO_PHASE_RCPT},
    {"rcpt_to", EHLO_PHASE_RCPT},
    {"rcpt command", EHLO_PHASE_RCPT},
    {"smtp:rcpt", EHLO_PHASE_RCPT},
    {"does not like recipient", EHLO_PHASE_RCPT},
    {"rejected recipient", EHLO_PHASE_RCPT},
    {"recipient verify", EHLO_PHASE_RCPT},
    {"(state 13)", EHLO_PHASE_RCPT},
    {"(state 14)", EHLO_PHASE_RCPT},
    {"mail from", EHLO_PHASE_MAIL},
    {"mail_from", EHLO_PHASE_MAIL},
    {"mail command", EHLO_PHASE_MAIL},
    {"sender was rejected", EHLO_PHASE_MAIL},
    {"(state 12)", EHLO_PHASE_MAIL},
    {"end of data", EHLO_PHASE_DATA},
    {"end-of-data", EHLO_PHASE_DATA},
    {"final data", EHLO_PHASE_DATA},
    {">>> data", EHLO_PHASE_DATA},
    {"data command", EHLO_PHASE_DATA},
    {"after data", EHLO_PHASE_DATA},
    {"text command", EHLO_PHASE_DATA},
    {"after i sent the message", EHLO_PHASE_DATA},
    {"(state 15)", EHLO_PHASE_DATA},
    {"(state 16)", EHLO_PHASE_DATA},
    {"(state 17)", EHLO_PHASE_DATA},
    {"(state 18)", EHLO_PHASE_DATA},
    {"initial connection", EHLO_PHASE_GREETING},
    {"refused to talk to me", EHLO_PHASE_GREETING},
    {"greeting failed", EHLO_PHASE_GREETING},
    {"(state 8)", EHLO_PHASE_GREETING},
    {"ehlo command", EHLO_PHASE_EHLO},
    {"helo command", EHLO_PHASE_EHLO},
    {"after ehlo", EHLO_PHASE_EHLO},
    {"after helo", EHLO_PHASE_EHLO},
    {"my name was rejected", EHLO_PHASE_EHLO},
    {"(state 9)", EHLO_PHASE_EHLO},
    {"starttls", EHLO_PHASE_STARTTLS},
    {"auth command", EHLO_PHASE_AUTH},
};

static enum ehlo_phase phase_at(struct ehlo_slice s) {
  const char first = (char)ehlo_to_lower((unsigned char)s.ptr[0]);
  for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
    if (phases[i].words[0] == first && text_starts(s, phases[i].words)) return phases[i].phase;
  }
  return EHLO_PHASES;
}

/* Whether one of the rows may begin with it: asked for every byte. */
static bool begins_phase(char c) {
  static const bool firsts[256] = {
      ['r'] = true, ['s'] = true, ['d'] = true, ['m'] = true, ['e'] = true, ['f'] = true, ['a'] = true,
      ['t'] = true, ['i'] = true, ['g'] = true, ['h'] = true, ['('] = true, ['>'] = true};
  return firsts[ehlo_to_lower((unsigned char)c)];
}

/* Behind a reply only these tell what it answered; other words there are about something else. */
static bool refers_back(struct ehlo_slice s, size_t at) {
  const struct ehlo_slice before = ehlo_slice_of(s.ptr + (at > 12 ? at - 12 : 0), at > 12 ? 12 : at);
  return text_ends(before, "in reply to ") || text_ends(before, "[") || text_starts(text_from(s, at), "(state");
}

/* The last that is named before the reply, else the one that it is said to reply to ("in reply to RCPT TO command"). */
enum ehlo_phase reply_phase(struct ehlo_slice s, size_t at) {
  enum ehlo_phase found = EHLO_PHASES;
  s = text_until(s, LOOK);
  for (size_t i = 0; i < s.len && (i < at || found == EHLO_PHASES); i++) {
    if (!begins_phase(s.ptr[i]) || (i > 0 && is_word(s.ptr[i - 1]))) continue;
    const enum ehlo_phase here = phase_at(text_from(s, i));
    if (here != EHLO_PHASES && (i < at || refers_back(s, i))) found = here;
  }
  return found;
}
