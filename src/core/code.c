/* Owns: reading what a person writes for a code, and the sentence for what is none. Callers: bindings, explain. */
#include "ehlo/core/code.h"

#include "ehlo/base/error.h"
#include "ehlo/base/scan.h"
#include "ehlo/core/escape.h"

enum { SHOWN = 60 };

/* Second digits beyond 5 are no reply codes by RFC 5321 4.2.1, yet these are met in practice. */
static const short beyond_the_grammar[] = {471, 498, 571, 585, 591};

static bool is_met_in_practice(int code) {
  for (size_t i = 0; i < sizeof beyond_the_grammar / sizeof beyond_the_grammar[0]; i++) {
    if (beyond_the_grammar[i] == code) return true;
  }
  return false;
}

static bool is_reply(int code) {
  return code >= 200 && code <= 599 && (code / 10 % 10 <= 5 || is_met_in_practice(code));
}

/* Three digits and no more at the start of `s`; -1 otherwise. */
static int three_digits(struct ehlo_slice s) {
  if (s.len < 3 || (s.len > 3 && ehlo_is_digit((unsigned char)s.ptr[3]))) return -1;
  int value = 0;
  for (size_t i = 0; i < 3; i++) {
    if (!ehlo_is_digit((unsigned char)s.ptr[i])) return -1;
    value = value * 10 + (s.ptr[i] - '0');
  }
  return value;
}

static struct ehlo_slice from(struct ehlo_slice s, size_t at) {
  return at <= s.len ? ehlo_slice_of(s.ptr + at, s.len - at) : ehlo_slice_of("", 0);
}

static bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/* One or more numbers with dots between them: what was meant for an enhanced code. */
static bool is_dotted(struct ehlo_slice s) {
  bool dot = false;
  for (size_t i = 0; i < s.len; i++) {
    if (s.ptr[i] == '.') {
      dot = true;
    } else if (!ehlo_is_digit((unsigned char)s.ptr[i])) {
      return false;
    }
  }
  return dot;
}

static size_t longest_run(struct ehlo_slice s) {
  size_t longest = 0, run = 0;
  for (size_t i = 0; i < s.len; i++) {
    run = s.ptr[i] == '.' ? 0 : run + 1;
    if (run > longest) longest = run;
  }
  return longest;
}

static int dots(struct ehlo_slice s) {
  int n = 0;
  for (size_t i = 0; i < s.len; i++)
    n += s.ptr[i] == '.';
  return n;
}

static const char usual[] = "give three digits (521) or three parts (5.7.1)";

static const char *why_not_enhanced(struct ehlo_slice s) {
  if (dots(s) != 2 || s.ptr[0] == '.' || s.ptr[s.len - 1] == '.') return usual;
  if (s.ptr[1] == '.' && s.ptr[0] != '2' && s.ptr[0] != '4' && s.ptr[0] != '5') {
    return "an enhanced code begins with 2, 4 or 5";
  }
  if (longest_run(s) > 3) return "a part of an enhanced code has at most three digits";
  if (s.ptr[1] == '.') return "the parts of an enhanced code have no leading zeros";
  return usual;
}

static const char *why_not_reply(int code) {
  if (code < 200 || code > 599) return "a reply code begins with 2, 3, 4 or 5";
  return "the second digit of a reply code is at most 5, and no server is known to send this one";
}

static bool begins_with_code(struct ehlo_slice s) {
  struct ehlo_enhanced e;
  return three_digits(s) >= 0 || ehlo_enhanced_scan(s, &e) > 0;
}

/* Where a second code begins behind a separator, or 0. */
static size_t second_code(struct ehlo_slice s) {
  for (size_t i = 1; i + 1 < s.len; i++) {
    const char c = s.ptr[i];
    if ((is_space(c) || c == ',' || c == '/' || c == '-' || c == ';') && begins_with_code(from(s, i + 1))) return i + 1;
  }
  return 0;
}

/* `s` holds a code and, from `second` on, another. */
static const char *why_not_two(struct ehlo_slice s, struct ehlo_slice second) {
  struct ehlo_enhanced e;
  if (s.ptr[1] == '.' && three_digits(second) >= 0) return "in a pair the reply code comes first (550/5.1.1)";
  if (s.ptr[1] != '.' && ehlo_enhanced_scan(second, &e) == second.len) return "a pair is written as 550/5.1.1";
  return "it holds more than one, and each needs an argument of its own";
}

static const char *why_not(struct ehlo_slice s) {
  if (s.len == 0) return usual;
  if (is_space(s.ptr[0]) || is_space(s.ptr[s.len - 1])) return "write it without white space around it";
  if ((s.ptr[0] == '+' || s.ptr[0] == '-') && begins_with_code(from(s, 1))) return "write it without a sign";
  for (size_t i = 0; i < s.len; i++) {
    if ((unsigned char)s.ptr[i] >= 0x80) return "only the digits 0 to 9 and dots make a code";
  }
  const size_t second = begins_with_code(s) ? second_code(s) : 0;
  if (second > 0) return why_not_two(s, from(s, second));
  if (is_dotted(s)) return why_not_enhanced(s);
  const int code = three_digits(s);
  return code >= 0 && s.len == 3 ? why_not_reply(code) : usual;
}

static int refuse(struct ehlo_slice s, struct ehlo_buf *why) {
  if (!why) return EHLO_E_SYNTAX;
  (void)ehlo_buf_add_char(why, '"');
  const bool cut = s.len > SHOWN;
  (void)ehlo_escape_terminal(cut ? ehlo_slice_of(s.ptr, SHOWN) : s, why);
  (void)ehlo_buf_addf(why, "%s\" is no SMTP code: %s.", cut ? "..." : "", why_not(s));
  return EHLO_E_SYNTAX;
}

int ehlo_code_read(struct ehlo_slice s, struct ehlo_code *out, struct ehlo_buf *why) {
  *out = (struct ehlo_code){0};
  struct ehlo_code code = {0};
  if (s.len > 0 && ehlo_enhanced_scan(s, &code.enhanced) == s.len) {
    *out = code;
    return 0;
  }
  code.reply = three_digits(s);
  code.enhanced = (struct ehlo_enhanced){0};
  if (!is_reply(code.reply)) return refuse(s, why);
  if (s.len > 3) {
    const bool separated = s.ptr[3] == '/' || s.ptr[3] == ' ' || s.ptr[3] == '-';
    const struct ehlo_slice rest = from(s, 4);
    if (!separated || rest.len == 0 || ehlo_enhanced_scan(rest, &code.enhanced) != rest.len) return refuse(s, why);
  }
  *out = code;
  return 0;
}
