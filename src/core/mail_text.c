/* Owns: lines, addresses and known words in the text of a report. Callers: the readers of bounces. */
#include "mail_text.h"

#include <stdint.h>

bool text_line(struct ehlo_slice *rest, struct ehlo_slice *line) {
  if (rest->len == 0) return false;
  const char *end = memchr(rest->ptr, '\n', rest->len);
  const size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
  *line = ehlo_slice_of(rest->ptr, len);
  *rest = text_from(*rest, len + 1);
  return true;
}

bool text_has(struct ehlo_slice s, const char *words) {
  return ehlo_slice_find_nocase(s, ehlo_slice_str(words), 0) != SIZE_MAX;
}

bool text_starts(struct ehlo_slice s, const char *words) {
  if (s.len == 0 || ehlo_to_lower((unsigned char)s.ptr[0]) != ehlo_to_lower((unsigned char)words[0])) return false;
  return ehlo_slice_starts_nocase(s, ehlo_slice_str(words));
}

bool text_ends(struct ehlo_slice s, const char *words) {
  return words[0] != '\0' && ehlo_slice_ends_nocase(s, ehlo_slice_str(words));
}

bool text_has_any(struct ehlo_slice s, const char *const *words) {
  for (; *words; words++) {
    if (text_has(s, *words)) return true;
  }
  return false;
}

static bool is_domain_byte(char c) {
  return ehlo_is_alpha((unsigned char)c) || ehlo_is_digit((unsigned char)c) || c == '.' || c == '-' || c == '_' ||
         (unsigned char)c >= 0x80;
}

static bool is_local_byte(char c) {
  return is_domain_byte(c) || (c != '\0' && strchr("!#$%&*+/=?^`{|}~'", c));
}

/* Where the local part before the @ at `at` begins; `at` where there is none. */
static size_t local_start(struct ehlo_slice s, size_t at, size_t from) {
  size_t start = at;
  if (at > from && s.ptr[at - 1] == '"') {
    for (start = at - 1; start > from && start + 64 > at && s.ptr[start - 1] != '"' && s.ptr[start - 1] != '\n';)
      start--;
    return start > from && s.ptr[start - 1] == '"' ? start - 1 : at;
  }
  while (start > from && start + 128 > at && is_local_byte(s.ptr[start - 1]))
    start--;
  while (start < at && (strchr("'`=/*.", s.ptr[start]) && s.ptr[start + 1] != '?'))
    start++;
  return start;
}

static size_t domain_end(struct ehlo_slice s, size_t at) {
  size_t end = at + 1;
  if (end < s.len && s.ptr[end] == '[') {
    while (end < s.len && end < at + 64 && s.ptr[end] != ']' && s.ptr[end] != '\n')
      end++;
    return end < s.len && s.ptr[end] == ']' ? end + 1 : at + 1;
  }
  while (end < s.len && end < at + 255 && is_domain_byte(s.ptr[end]))
    end++;
  while (end > at + 1 && (s.ptr[end - 1] == '.' || s.ptr[end - 1] == '-' || s.ptr[end - 1] == '_'))
    end--;
  return end;
}

struct ehlo_slice text_address(struct ehlo_slice s, size_t from, size_t *at) {
  while (from < s.len) {
    const char *sign = memchr(s.ptr + from, '@', s.len - from);
    if (!sign) break;
    const size_t middle = (size_t)(sign - s.ptr), start = local_start(s, middle, from), end = domain_end(s, middle);
    if (start < middle && end > middle + 1) {
      *at = start;
      return ehlo_slice_of(s.ptr + start, end - start);
    }
    from = middle + 1;
  }
  *at = s.len;
  return ehlo_slice_of("", 0);
}

static bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

struct ehlo_slice text_folded(struct arena *a, struct ehlo_slice s) {
  char *to = arena_take(a, s.len);
  if (!to) return ehlo_slice_of("", 0);
  size_t n = 0;
  for (size_t i = 0; i < s.len; i++) {
    if (!is_space(s.ptr[i])) {
      to[n++] = s.ptr[i];
    } else if (n > 0 && to[n - 1] != ' ') {
      to[n++] = ' ';
    }
  }
  while (n > 0 && to[n - 1] == ' ')
    n--;
  arena_trim(a, to, n);
  to[n] = '\0';
  return ehlo_slice_of(to, n);
}

/* ---- HTML ---- */

static bool breaks_line(struct ehlo_slice tag) {
  static const char *const names[] = {"br", "p",  "/p", "div", "/div", "tr", "/tr", "li",  "td",
                                      "th", "h1", "h2", "h3",  "hr",   "ul", "pre", "/h1", "/h2"};
  size_t len = 0;
  while (len < tag.len && (ehlo_is_alpha((unsigned char)tag.ptr[len]) || ehlo_is_digit((unsigned char)tag.ptr[len]) ||
                           (len == 0 && tag.ptr[0] == '/')))
    len++;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (ehlo_slice_equal_nocase(text_until(tag, len), ehlo_slice_str(names[i]))) return true;
  }
  return false;
}

/* Past the tag that opens at `at`; what style and script hold goes with them. */
static size_t past_tag(struct ehlo_slice html, size_t at) {
  static const char *const hidden[][2] = {{"<style", "</style"}, {"<script", "</script"}, {"<!--", "-->"}};
  for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
    if (!text_starts(text_from(html, at), hidden[i][0])) continue;
    const size_t end = ehlo_slice_find_nocase(html, ehlo_slice_str(hidden[i][1]), at);
    if (end == SIZE_MAX) return html.len;
    at = end;
    break;
  }
  const char *end = at < html.len ? memchr(html.ptr + at, '>', html.len - at) : NULL;
  return end ? (size_t)(end - html.ptr) + 1 : html.len;
}

static size_t entity(struct ehlo_slice s, char *c) {
  static const struct {
    const char *name;
    char c;
  } rows[] = {{"&lt;", '<'},   {"&gt;", '>'},   {"&amp;", '&'}, {"&quot;", '"'},
              {"&nbsp;", ' '}, {"&#39;", '\''}, {"&#64;", '@'}, {"&apos;", '\''}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (!text_starts(s, rows[i].name)) continue;
    *c = rows[i].c;
    return strlen(rows[i].name);
  }
  return 0;
}

struct ehlo_slice text_of_html(struct arena *a, struct ehlo_slice html) {
  char *to = arena_take(a, html.len);
  if (!to) return ehlo_slice_of("", 0);
  size_t n = 0;
  for (size_t i = 0; i < html.len;) {
    char c = html.ptr[i];
    size_t len = 1;
    if (c == '<') {
      len = past_tag(html, i) - i;
      c = breaks_line(text_from(html, i + 1)) ? '\n' : '\0';
    } else if (c == '&') {
      const size_t named = entity(text_from(html, i), &c);
      if (named > 0) len = named;
    } else if (c == '\n') {
      c = ' ';
    }
    if (c != '\0') to[n++] = c;
    i += len;
  }
  arena_trim(a, to, n);
  to[n] = '\0';
  return ehlo_slice_of(to, n);
}
