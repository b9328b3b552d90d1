/* Owns: the grammar of replies and its incremental reading. Callers: sessions, explain, bindings.
 * Each violation is decided at one certain byte, the first that settles it, so that the result is the same however
 * the network cut the bytes. */
#include "ehlo/core/reply.h"

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"

enum { LONG_LINE = 512, CODE_DIGITS = 3 }; /* RFC 5321 4.5.3.1.5 */

const struct ehlo_reply_limits ehlo_reply_limits_default = {.line = 4096, .lines = 128, .bytes = 65536};

static size_t add_capped(size_t a, size_t b) {
  return b > SIZE_MAX - a ? SIZE_MAX : a + b;
}

static size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

static bool has_code(struct ehlo_slice line) {
  if (line.len < CODE_DIGITS) return false;
  for (size_t i = 0; i < CODE_DIGITS; i++) {
    if (!ehlo_is_digit((unsigned char)line.ptr[i])) return false;
  }
  return true;
}

static int code_of(struct ehlo_slice line) {
  return (line.ptr[0] - '0') * 100 + (line.ptr[1] - '0') * 10 + (line.ptr[2] - '0');
}

/* The line without its LF and one CR before it. */
static struct ehlo_slice without_end(struct ehlo_slice line) {
  if (line.len > 0 && line.ptr[line.len - 1] == '\n') line.len--;
  if (line.len > 0 && line.ptr[line.len - 1] == '\r') line.len--;
  return line;
}

/* What follows code and separator; the whole line where there is no code. */
static struct ehlo_slice text_of(struct ehlo_slice content) {
  if (!has_code(content)) return content;
  size_t skip = CODE_DIGITS;
  if (content.len > skip && (content.ptr[skip] == ' ' || content.ptr[skip] == '-')) skip++;
  return ehlo_slice_of(content.ptr + skip, content.len - skip);
}

static bool is_name_char(char c) {
  return ehlo_is_digit((unsigned char)c) || ehlo_is_alpha((unsigned char)c) || c == '-' || c == '_';
}

/* Length of the enhanced code that begins `text`. Host names such as 4.3.2.dsl.example.org are none, and 3yz replies
 * carry none: their text may be a challenge. */
static size_t enhanced_of(int code, struct ehlo_slice text, struct ehlo_enhanced *out) {
  *out = (struct ehlo_enhanced){0};
  if (code / 100 == 3) return 0;
  struct ehlo_enhanced found;
  const size_t len = ehlo_enhanced_scan(text, &found);
  if (len == 0) return 0;
  const char *next = text.ptr + len;
  const size_t left = text.len - len;
  if (left > 0 && is_name_char(next[0])) return 0;
  if (left > 1 && next[0] == '.' && is_name_char(next[1])) return 0;
  *out = found;
  return len;
}

/* HT is the one control that text may hold. */
static uint32_t oddity(unsigned char byte) {
  if (byte >= 0x80) return EHLO_ANOMALY_EIGHT_BIT;
  if (byte == '\r') return EHLO_ANOMALY_BARE_CR;
  if (byte == '\0') return EHLO_ANOMALY_NUL;
  return byte == 0x7f || (byte < 0x20 && byte != '\t') ? EHLO_ANOMALY_CONTROL : 0;
}

static uint32_t oddities(struct ehlo_slice s) {
  uint32_t found = 0;
  for (size_t i = 0; i < s.len; i++) {
    const unsigned char byte = (unsigned char)s.ptr[i];
    if ((unsigned char)(byte - 0x20) >= 0x5f) found |= oddity(byte);
  }
  return found;
}

static bool same_enhanced(struct ehlo_enhanced a, struct ehlo_enhanced b) {
  return a.class == b.class && a.subject == b.subject && a.detail == b.detail;
}

/* Notes all about a finished line; true when it is the last of its reply. */
static bool finish_line(struct ehlo_reply_scan *state, struct ehlo_slice line) {
  const struct ehlo_slice content = without_end(line);
  state->anomalies |= oddities(content);
  if (line.len - content.len == 1 && line.ptr[line.len - 1] == '\n') state->anomalies |= EHLO_ANOMALY_BARE_LF;
  if (line.len > LONG_LINE) state->anomalies |= EHLO_ANOMALY_LONG_LINE;

  struct ehlo_enhanced enhanced;
  if (enhanced_of(state->code, text_of(content), &enhanced) > 0) {
    if (enhanced.class != state->code / 100) state->anomalies |= EHLO_ANOMALY_ENHANCED_CLASS;
    if (state->enhanced.class == 0) state->enhanced = enhanced;
    if (!same_enhanced(state->enhanced, enhanced)) state->anomalies |= EHLO_ANOMALY_ENHANCED_MIXED;
  }
  state->lines++;
  const char separator = content.len > CODE_DIGITS ? content.ptr[CODE_DIGITS] : ' ';
  if (separator != ' ' && separator != '-') state->anomalies |= EHLO_ANOMALY_NO_SEPARATOR;
  return separator != '-';
}

static void fill(struct ehlo_slice bytes, size_t len, const struct ehlo_reply_scan *state, struct ehlo_reply *out) {
  *out = (struct ehlo_reply){
      .raw = ehlo_slice_of(bytes.ptr, len),
      .code = state->code,
      .enhanced = state->enhanced,
      .anomalies = state->anomalies,
      .lines = state->lines,
  };
}

/* Ends in the violation `bit`, decided by the first `len` bytes. */
static long violate(struct ehlo_slice bytes, size_t len, uint32_t bit, const struct ehlo_reply_scan *state,
                    struct ehlo_reply *out) {
  const struct ehlo_slice rest = ehlo_slice_of(bytes.ptr + state->line_start, len - state->line_start);
  fill(bytes, len, state, out);
  out->anomalies |= bit | oddities(without_end(rest));
  return bit == EHLO_ANOMALY_NOT_A_REPLY && state->lines == 0 ? EHLO_E_NOT_SMTP : EHLO_E_PROTOCOL;
}

/* Judges the code that begins the line. Gives the violation, or 0; *decided is how many bytes of the line it took. */
static uint32_t judge_code(struct ehlo_slice line, struct ehlo_reply_scan *state, size_t *decided) {
  for (size_t i = 0; i < smaller(line.len, CODE_DIGITS); i++) {
    *decided = i + 1;
    if (!ehlo_is_digit((unsigned char)line.ptr[i])) return EHLO_ANOMALY_NOT_A_REPLY;
  }
  if (line.len < CODE_DIGITS) return 0;
  const int code = code_of(line);
  if (state->lines > 0) return code != state->code ? EHLO_ANOMALY_MIXED_CODES : 0;
  state->code = code;
  if (code < 200 || code > 599) return EHLO_ANOMALY_FIRST_DIGIT;
  if (line.ptr[1] > '5') state->anomalies |= EHLO_ANOMALY_SECOND_DIGIT;
  return 0;
}

long ehlo_reply_scan(struct ehlo_slice bytes, const struct ehlo_reply_limits *limits, struct ehlo_reply_scan *state,
                     struct ehlo_reply *out) {
  *out = (struct ehlo_reply){0};
  if (bytes.len < state->scanned) return EHLO_E_ARGUMENT;
  for (;;) {
    /* Nothing is looked at beyond `edge`: had the network stopped there, it would have been decided. */
    const size_t line_edge = add_capped(state->line_start, limits->line);
    const size_t edge = smaller(line_edge, limits->bytes);
    const size_t reach = smaller(bytes.len, edge);
    const char *line = bytes.ptr + state->line_start;
    size_t decided = 0;
    const uint32_t violation = judge_code(ehlo_slice_of(line, reach - state->line_start), state, &decided);
    if (violation) return violate(bytes, state->line_start + decided, violation, state, out);

    const size_t unseen = reach - state->scanned;
    const char *end = unseen > 0 ? memchr(bytes.ptr + state->scanned, '\n', unseen) : NULL;
    if (!end) {
      state->scanned = reach;
      if (bytes.len < edge) return EHLO_E_AGAIN;
      const uint32_t bit = edge < line_edge ? EHLO_ANOMALY_OVERLONG_REPLY : EHLO_ANOMALY_OVERLONG_LINE;
      return violate(bytes, edge, bit, state, out);
    }
    const size_t next = (size_t)(end + 1 - bytes.ptr);
    const bool last = finish_line(state, ehlo_slice_of(line, next - state->line_start));
    state->line_start = state->scanned = next;
    if (last) {
      fill(bytes, next, state, out);
      return (long)next;
    }
    if (state->lines >= limits->lines) return violate(bytes, next, EHLO_ANOMALY_TOO_MANY_LINES, state, out);
  }
}

long ehlo_reply_read(struct ehlo_slice bytes, struct ehlo_reply *out) {
  *out = (struct ehlo_reply){0};
  if (bytes.len == 0) return EHLO_E_SYNTAX;
  struct ehlo_reply_scan state = {0};
  const long result = ehlo_reply_scan(bytes, &ehlo_reply_limits_default, &state, out);
  if (result != EHLO_E_AGAIN) return result;

  const size_t left = bytes.len - state.line_start;
  if (left > 0 && left < CODE_DIGITS) return violate(bytes, bytes.len, EHLO_ANOMALY_NOT_A_REPLY, &state, out);
  if (left > 0) (void)finish_line(&state, ehlo_slice_of(bytes.ptr + state.line_start, left));
  fill(bytes, bytes.len, &state, out);
  return (long)bytes.len;
}

bool ehlo_reply_next_line(const struct ehlo_reply *reply, size_t *pos, bool skip_enhanced,
                          struct ehlo_reply_line *line) {
  *line = (struct ehlo_reply_line){0};
  if (*pos >= reply->raw.len) return false;
  const char *start = reply->raw.ptr + *pos;
  const size_t left = reply->raw.len - *pos;
  const char *end = memchr(start, '\n', left);
  line->raw = ehlo_slice_of(start, end ? (size_t)(end + 1 - start) : left);
  line->last = line->raw.len == left;
  *pos += line->raw.len;

  line->text = text_of(without_end(line->raw));
  size_t skip = enhanced_of(reply->code, line->text, &line->enhanced);
  if (skip_enhanced && skip > 0) {
    while (skip < line->text.len && (line->text.ptr[skip] == ' ' || line->text.ptr[skip] == '\t'))
      skip++;
    line->text.ptr += skip;
    line->text.len -= skip;
  }
  return true;
}

int ehlo_reply_unfold(const struct ehlo_reply *reply, struct ehlo_buf *out) {
  struct ehlo_reply_line line;
  size_t pos = 0;
  bool first = true;
  while (ehlo_reply_next_line(reply, &pos, true, &line)) {
    const struct ehlo_slice text = ehlo_slice_trim(line.text);
    if (text.len == 0) continue;
    if (!first) (void)ehlo_buf_add_char(out, ' ');
    (void)ehlo_buf_add_slice(out, text);
    first = false;
  }
  return out->error;
}
