/* Owns: small steps over the words of a log line. Callers: the readers of products. */
#include "log_private.h"

size_t log_find(struct ehlo_slice s, const char *needle) {
  const char *found = memmem(s.ptr, s.len, needle, strlen(needle));
  return found ? (size_t)(found - s.ptr) : SIZE_MAX;
}

size_t log_find_last(struct ehlo_slice s, const char *needle) {
  size_t last = SIZE_MAX;
  for (size_t at = 0;;) {
    const size_t next = log_find(log_from(s, at), needle);
    if (next == SIZE_MAX) return last;
    last = at + next;
    at = last + 1;
  }
}

struct ehlo_slice log_after(struct ehlo_slice s, const char *mark) {
  const size_t at = log_find(s, mark);
  return at == SIZE_MAX ? log_word("") : log_from(s, at + strlen(mark));
}

struct ehlo_slice log_next_word(struct ehlo_slice *s) {
  const char *blank = s->len > 0 ? memchr(s->ptr, ' ', s->len) : NULL;
  const struct ehlo_slice word = log_to(*s, blank ? (size_t)(blank - s->ptr) : s->len);
  *s = log_from(*s, word.len + 1);
  return word;
}

struct ehlo_slice log_bare_address(struct ehlo_slice s) {
  if (s.len >= 2 && s.ptr[0] == '<' && s.ptr[s.len - 1] == '>') return ehlo_slice_of(s.ptr + 1, s.len - 2);
  return s;
}

static size_t separator_at(struct ehlo_slice s, bool blanks, size_t from) {
  for (size_t i = from; i < s.len; i++) {
    if ((blanks && s.ptr[i] == ' ') || (s.ptr[i] == ',' && i + 1 < s.len && s.ptr[i + 1] == ' ')) return i;
  }
  return s.len;
}

/* The length of a value: up to the separator, which counts for nothing within <> or "". */
static size_t value_len(struct ehlo_slice s, bool blanks, char close) {
  for (size_t i = 1; close && i < s.len; i++) {
    if (s.ptr[i] == close && (i + 1 == s.len || s.ptr[i + 1] == ',' || s.ptr[i + 1] == ' '))
      return separator_at(s, blanks, i + 1);
  }
  return separator_at(s, blanks, 0);
}

static bool is_key_byte(int c) {
  return ehlo_is_alpha(c) || c == '_' || c == '-' || ehlo_is_digit(c);
}

bool log_next_pair(struct ehlo_slice *s, bool blanks, struct ehlo_slice *key, struct ehlo_slice *value) {
  struct ehlo_scan c = ehlo_scan_of(*s);
  while (ehlo_scan_peek(&c) == ' ' || ehlo_scan_peek(&c) == ',' || ehlo_scan_peek(&c) == ';')
    c.at++;
  *key = ehlo_scan_while(&c, is_key_byte);
  if (key->len == 0 || !ehlo_scan_char(&c, '=')) return false;
  const struct ehlo_slice rest = ehlo_slice_of(c.at, ehlo_scan_left(&c));
  const int first = ehlo_scan_peek(&c);
  *value = log_to(rest, value_len(rest, blanks, first == '<' ? '>' : first == '"' ? '"' : '\0'));
  *s = log_from(rest, value->len);
  if (first == '"' && value->len >= 2) *value = ehlo_slice_of(value->ptr + 1, value->len - 2);
  return true;
}

void log_set_relay(struct ehlo_log_event *e, struct ehlo_slice relay) {
  const char *open = relay.len > 0 ? memchr(relay.ptr, '[', relay.len) : NULL;
  e->relay = ehlo_slice_trim(log_to(relay, open ? (size_t)(open - relay.ptr) : relay.len));
  if (!open) return;
  const struct ehlo_slice rest = log_from(relay, (size_t)(open - relay.ptr) + 1);
  const char *close = memchr(rest.ptr, ']', rest.len);
  const struct ehlo_slice address = close ? log_to(rest, (size_t)(close - rest.ptr)) : log_word("");
  if (!memchr(address.ptr, '/', address.len)) e->relay_address = address; /* else a socket of this machine's */
}

static double clock_seconds(struct ehlo_slice s) {
  double total = 0;
  struct ehlo_scan c = ehlo_scan_of(s);
  uint64_t n;
  for (int part = 0; part < 3; part++) {
    if (!ehlo_scan_number(&c, 6, 999999, &n)) return -1;
    total = total * 60 + (double)n;
    if (part < 2 && !ehlo_scan_char(&c, ':')) return -1;
  }
  return total;
}

double log_seconds(struct ehlo_slice s) {
  static const struct {
    char unit;
    double seconds;
  } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
  const char *plus = s.len > 0 ? memchr(s.ptr, '+', s.len) : NULL;
  struct ehlo_scan c = ehlo_scan_of(s);
  uint64_t n;
  if (plus && ehlo_scan_number(&c, 6, 999999, &n))
    return (double)n * 86400 + clock_seconds(log_from(s, (size_t)(plus - s.ptr) + 1));
  if (s.len > 0 && memchr(s.ptr, ':', s.len)) return clock_seconds(s);
  double total = -1;
  while (ehlo_scan_number(&c, 10, 9999999999, &n)) {
    double part = (double)n, scale = 0.1;
    if (ehlo_scan_char(&c, '.')) {
      for (; ehlo_is_digit(ehlo_scan_peek(&c)); c.at++, scale /= 10)
        part += (*c.at - '0') * scale;
    }
    double unit = 1;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
      if (ehlo_scan_peek(&c) == units[i].unit) unit = units[i].seconds;
    }
    if (ehlo_is_alpha(ehlo_scan_peek(&c))) c.at++;
    total = (total < 0 ? 0 : total) + part * unit;
  }
  return total;
}

enum ehlo_phase log_phase(struct ehlo_slice command) {
  static const struct {
    const char *words;
    enum ehlo_phase phase;
  } rows[] = {
      {"pipelined ", EHLO_PHASES}, /* a word of Exim's in front of the command */
      {"sending ", EHLO_PHASES},
      {"end of data", EHLO_PHASE_DATA},
      {"END-OF-MESSAGE", EHLO_PHASE_DATA},
      {"message body", EHLO_PHASE_DATA},
      {"initial connection", EHLO_PHASE_GREETING},
      {"initial server greeting", EHLO_PHASE_GREETING},
      {"CONNECT", EHLO_PHASE_GREETING},
      {"connection", EHLO_PHASE_GREETING},
      {"HELO", EHLO_PHASE_EHLO},
      {"LHLO", EHLO_PHASE_EHLO},
      {"EHLO", EHLO_PHASE_EHLO},
      {"STARTTLS", EHLO_PHASE_STARTTLS},
      {"AUTH", EHLO_PHASE_AUTH},
      {"MAIL", EHLO_PHASE_MAIL},
      {"RCPT", EHLO_PHASE_RCPT},
      {"BDAT", EHLO_PHASE_DATA},
      {"DATA", EHLO_PHASE_DATA},
      {"QUIT", EHLO_PHASE_QUIT},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (!ehlo_slice_starts_nocase(command, log_word(rows[i].words))) continue;
    if (rows[i].phase != EHLO_PHASES) return rows[i].phase;
    command = log_from(command, strlen(rows[i].words));
  }
  return EHLO_PHASES;
}

bool log_has_code(struct ehlo_slice s) {
  if (s.len < 3 || s.ptr[0] < '2' || s.ptr[0] > '5') return false;
  if (!ehlo_is_digit((unsigned char)s.ptr[1]) || !ehlo_is_digit((unsigned char)s.ptr[2])) return false;
  return s.len == 3 || s.ptr[3] == ' ' || s.ptr[3] == '-' || s.ptr[3] == '\n' || s.ptr[3] == '\\';
}
