/* Owns: cutting the free text of a report into recipients. Callers: the reader of bounces.
 * The older mail servers have a form in common: the address that failed stands at the start of a line, and what follows up to the next
 * such line tells why. What differs is how the address is dressed; so each line with an address is given a rank, and the lines of
 * the best rank are the recipients. */
#include <stdint.h>

#include "bounce_inner.h"
#include "ehlo/base/memory.h"
#include "mail_words.h"

enum rank { RANK_NONE, RANK_INSIDE, RANK_HEADER, RANK_LABEL, RANK_REPLY, RANK_START, RANK_CLEAR, RANK_LISTED, RANKS };

struct mark {
  struct ehlo_slice address;
  size_t line; /* where its line begins */
  size_t rest; /* where what is said about it begins */
  enum rank rank;
};

enum { MARKS = 4096, LINES = 20000, LOOK_BACK = 64 };

struct marks {
  struct mark *list;
  size_t n, capacity;
};

static bool push(struct marks *m, const struct mark *mark) {
  if (m->n == MARKS) return true;
  if (m->n == m->capacity) {
    const size_t capacity = m->capacity ? m->capacity * 2 : 16;
    struct mark *grown = ehlo_memory_realloc(m->list, capacity * sizeof *grown);
    if (!grown) return false;
    m->list = grown;
    m->capacity = capacity;
  }
  m->list[m->n++] = *mark;
  return true;
}

/* Words behind which the address that failed stands. */
static bool is_label(struct ehlo_slice before) {
  if (text_has_any(before, words_no_labels)) return false;
  for (;;) {
    if (text_ends(before, "\uff1a")) before.len -= 3; /* the wide colon of East Asia */
    if (before.len == 0 || !strchr(" \t<[\"':=(", before.ptr[before.len - 1])) break;
    before.len--;
  }
  for (size_t i = 0; words_labels[i]; i++) {
    const size_t len = strlen(words_labels[i]);
    if (!text_ends(before, words_labels[i])) continue;
    if (before.len == len || !ehlo_is_alpha((unsigned char)before.ptr[before.len - len - 1])) return true;
  }
  return false;
}

/* The header of the original, repeated: it may name others, or what the address was before it was forwarded. */
static bool is_to(struct ehlo_slice before) {
  return text_starts(ehlo_slice_trim(before), "to:");
}

/* How clearly the line is about the address alone, by what follows it. */
static enum rank rank_of_rest(struct ehlo_slice rest) {
  static const char *const clear[] = {":", "...", " on ", " [", "[", " (", ";", " -", "\t", " :", ",", " :"};
  if (ehlo_slice_trim(rest).len == 0) return RANK_CLEAR;
  for (size_t i = 0; i < sizeof clear / sizeof clear[0]; i++) {
    if (text_starts(rest, clear[i])) return RANK_CLEAR;
  }
  return RANK_START;
}

/* An address that is never the one that failed, where another is at hand. */
static bool is_office(struct ehlo_slice address) {
  return text_starts(address, "postmaster@") || text_starts(address, "mailer-daemon@") ||
         text_starts(address, "abuse@") || text_starts(address, "support@") || text_starts(address, "helpdesk@") ||
         text_starts(address, "noreply@");
}

/* "550 5.1.1 <user@example.org>... User unknown", as transcripts have it. */
static bool begins_reply(struct ehlo_slice line, size_t at) {
  const struct ehlo_slice s = ehlo_slice_trim(text_until(line, at));
  if (s.len < 4 || s.len > 16 || !strchr("45", s.ptr[0]) || s.ptr[s.len - 1] != '<') return false;
  for (size_t i = 0; i + 1 < s.len; i++) {
    if (!ehlo_is_digit((unsigned char)s.ptr[i]) && s.ptr[i] != '.' && s.ptr[i] != ' ') return false;
  }
  return s.ptr[3] == ' ';
}

static enum rank rank_line(struct ehlo_slice line, struct mark *mark) {
  size_t at, lead = 0;
  mark->address = text_address(line, 0, &at);
  if (mark->address.len == 0) return RANK_NONE;
  while (lead < at && strchr(" \t*<>\"'([-+", line.ptr[lead]))
    lead++;
  size_t end = at + mark->address.len;
  while (end < line.len && strchr(">\"')]", line.ptr[end]))
    end++;
  mark->rest = end;
  enum rank rank = lead == at ? rank_of_rest(text_from(line, end)) : RANK_INSIDE;
  if (rank == RANK_INSIDE && begins_reply(line, at)) rank = RANK_REPLY;
  if (rank == RANK_INSIDE && is_label(text_until(line, at)))
    rank = is_to(text_until(line, at)) ? RANK_HEADER : RANK_LABEL;
  if (rank < RANK_START) mark->rest = 0; /* the words in front belong to it */
  if (is_office(mark->address) && rank > RANK_INSIDE) rank = RANK_INSIDE;
  return rank;
}

static bool listed(const struct bounce_work *w, struct ehlo_slice address) {
  return w->failed.len > 0 && ehlo_slice_find_nocase(w->failed, address, 0) != SIZE_MAX;
}

/* Said again in the words about it: the same block goes on. Bounded, for a report may be all addresses. */
static bool seen(const struct marks *m, const struct mark *mark) {
  for (size_t i = m->n; i > 0 && i + LOOK_BACK > m->n; i--) {
    const struct mark *old = &m->list[i - 1];
    if (old->rank >= mark->rank && ehlo_slice_equal_nocase(old->address, mark->address)) return true;
  }
  return false;
}

/* "Intended Recipients: <a@example.org>, <b@example.org>": the next address of the row, with nothing but marks before it. */
static bool next_in_row(const struct bounce_work *w, struct ehlo_slice line, const struct mark *mark,
                        struct mark *next) {
  size_t at, end = (size_t)(mark->address.ptr - line.ptr) + mark->address.len;
  bool parted = false;
  while (end < line.len && strchr(" \t,;<>\"'", line.ptr[end]))
    parted |= line.ptr[end] == ',' || line.ptr[end] == ';', end++;
  *next = (struct mark){.rank = mark->rank, .address = text_address(line, end, &at)};
  if (!parted || next->address.len == 0 || at != end) return false;
  end += next->address.len;
  while (end < line.len && strchr(">\"')]", line.ptr[end]))
    end++;
  next->line = (size_t)(next->address.ptr - w->report.ptr);
  next->rest = next->line + (end - at);
  return true;
}

/* Those of a row share what is said behind the last. */
static bool push_row(struct bounce_work *w, struct marks *m, struct ehlo_slice line, struct mark mark) {
  for (;;) {
    struct mark next;
    const bool more = mark.rank > RANK_INSIDE && next_in_row(w, line, &mark, &next);
    if (more) mark.rest = next.line;
    if (!seen(m, &mark) && !push(m, &mark)) return false;
    if (!more) return true;
    mark = next;
  }
}

static bool find_marks(struct bounce_work *w, struct marks *m) {
  struct ehlo_slice rest = w->report, line;
  for (int n = 0; n < LINES && text_line(&rest, &line); n++) {
    struct mark mark = {.line = (size_t)(line.ptr - w->report.ptr)};
    mark.rank = rank_line(line, &mark);
    if (mark.rank == RANK_NONE) continue;
    mark.rest += mark.line;
    if (mark.rank == RANK_CLEAR && listed(w, mark.address)) mark.rank = RANK_LISTED;
    if (!push_row(w, m, line, mark)) {
      w->memory.error = -1;
      return false;
    }
  }
  return true;
}

static enum rank best_rank(const struct marks *m) {
  enum rank best = RANK_NONE;
  for (size_t i = 0; i < m->n; i++) {
    if (m->list[i].rank > best) best = m->list[i].rank;
  }
  return best;
}

static size_t next_of_rank(const struct marks *m, size_t from, enum rank rank) {
  while (from < m->n && m->list[from].rank != rank)
    from++;
  return from;
}

static struct ehlo_bounce_recipient *known(struct ehlo_bounce *out, struct ehlo_slice address) {
  for (int i = 0; i < out->n; i++) {
    if (ehlo_slice_equal_nocase(out->recipients[i].address, address)) return &out->recipients[i];
  }
  return NULL;
}

/* Where a transcript tells of several, the lines from this one's RCPT on, else the line that names it beside a code. */
static struct ehlo_slice own_lines(struct ehlo_slice story, struct ehlo_slice address) {
  size_t at = 0;
  struct ehlo_slice rest = story, line;
  while (text_line(&rest, &line)) {
    if (ehlo_slice_find_nocase(line, address, 0) == SIZE_MAX) continue;
    at = (size_t)(line.ptr - story.ptr);
    if (text_has(line, "rcpt to") || reply_in(line).code != 0) return text_from(story, at);
  }
  return story;
}

static void add_block(struct bounce_work *w, const struct mark *mark, struct ehlo_slice story, bool shared) {
  struct ehlo_bounce_recipient *r = known(w->out, mark->address);
  if (r && (r->code != 0 || ehlo_slice_trim(story).len == 0)) return;
  if (!r && !(r = bounce_add(w))) return;
  r->address = mark->address;
  if (shared) story = own_lines(story, mark->address);
  story = ehlo_slice_trim(story);
  bounce_take_said(w, r, story.len > 0 ? story : ehlo_slice_trim(w->report));
}

static struct ehlo_slice first_line(struct ehlo_slice s) {
  struct ehlo_slice line = {"", 0};
  (void)text_line(&s, &line);
  return line;
}

/* Addresses in a row share what follows the last of them. */
static void cut(struct bounce_work *w, const struct marks *m, enum rank rank) {
  for (size_t i = next_of_rank(m, 0, rank); i < m->n;) {
    size_t last = i, next = next_of_rank(m, i + 1, rank);
    struct ehlo_slice story = {"", 0};
    for (;;) {
      const size_t end = next < m->n ? m->list[next].line : w->report.len, start = m->list[last].rest;
      story = ehlo_slice_of(w->report.ptr + start, end - start);
      if (rank == RANK_REPLY) story = first_line(story);
      while (story.len > 0 && strchr(":;, \t\n", story.ptr[0]))
        story = text_from(story, 1);
      if (story.len > 0 || next == m->n) break;
      last = next;
      next = next_of_rank(m, last + 1, rank);
    }
    const bool shared = last != i || next == m->n;
    for (size_t k = i; k <= last; k = next_of_rank(m, k + 1, rank))
      add_block(w, &m->list[k], story, shared && last != i);
    i = next;
  }
}

/* Where there is one recipient, all of the report is about it, also what stands before the address. */
static void hear_whole(struct bounce_work *w) {
  struct ehlo_bounce_recipient *r = w->out->n == 1 ? &w->out->recipients[0] : NULL;
  if (!r || r->code != 0) return;
  r->story = ehlo_slice_trim(w->report);
  if (reply_in(r->story).code != 0) bounce_take_said(w, r, r->story);
}

/* "User mailbox exceeds allowed size: user@example.org": the one address that the words hold, where they hold no other. */
static struct ehlo_slice only_address(const struct bounce_work *w, const struct marks *m) {
  const struct ehlo_slice none = {"", 0};
  struct ehlo_slice found = none;
  for (size_t i = 0; i < m->n; i++) {
    const struct ehlo_slice here = m->list[i].address;
    if (is_office(here) || ehlo_slice_find_nocase(w->out->from, here, 0) != SIZE_MAX) continue;
    if (ehlo_slice_find_nocase(ehlo_mail_header(w->mail, w->top, "To"), here, 0) != SIZE_MAX) continue;
    if (found.len > 0 && !ehlo_slice_equal_nocase(found, here)) return none;
    found = here;
  }
  return found;
}

/* Where no line of the text is about an address, what the header or the returned mail names. */
static void take_elsewhere(struct bounce_work *w, const struct marks *m) {
  size_t at;
  struct ehlo_slice address = text_address(w->failed, 0, &at);
  if (address.len == 0) address = text_address(w->out->to, 0, &at);
  if (address.len == 0) address = only_address(w, m);
  struct ehlo_bounce_recipient *r = bounce_add(w);
  if (!r) return;
  r->address = address;
  bounce_take_said(w, r, ehlo_slice_trim(w->report));
}

void bounce_read_text(struct bounce_work *w) {
  struct marks m = {0};
  if (find_marks(w, &m)) {
    const enum rank rank = best_rank(&m);
    if (rank > RANK_INSIDE) {
      cut(w, &m, rank);
      hear_whole(w);
    } else {
      take_elsewhere(w, &m);
    }
  }
  ehlo_memory_free(m.list);
}

/* ---- where the copy begins ---- */

static bool begins_copy(struct ehlo_slice line) {
  const struct ehlo_slice s = ehlo_slice_trim(line);
  static const char *const signs[] = {"essag", "header", "origin", "nachricht", "copy", "mail", "text", NULL};
  if (s.len == 0 || s.len > 120 || !text_has_any(s, signs)) return false;
  if (strchr("-=*_#", s.ptr[0]) && text_has_any(s, words_copies_marked)) return true;
  return s.len < 90 && text_has_any(s, words_copies);
}

static bool is_header(struct ehlo_slice line) {
  if (line.len < 11 || !memchr(line.ptr, ':', line.len < 20 ? line.len : 20)) return false;
  static const char *const names[] = {"received:",       "return-path:", "message-id:",   "mime-version:",
                                      "dkim-signature:", "x-received:",  "delivered-to:", "x-originating-ip:"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (text_starts(line, names[i])) return true;
  }
  return false;
}

size_t bounce_copy_at(struct ehlo_slice text) {
  struct ehlo_slice rest = text, line;
  while (text_line(&rest, &line)) {
    const size_t at = (size_t)(line.ptr - text.ptr);
    if (at > 0 && (begins_copy(line) || is_header(line))) return at;
  }
  return text.len;
}
