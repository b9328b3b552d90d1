/* Owns: small grammar steps over a slice. Callers: parsers of every layer. */
#include "ehlo/base/scan.h"

bool ehlo_scan_char(struct ehlo_scan *c, char wanted) {
  if (c->at == c->end || *c->at != wanted) return false;
  c->at++;
  return true;
}

bool ehlo_scan_word_nocase(struct ehlo_scan *c, const char *wanted) {
  const struct ehlo_slice word = ehlo_slice_str(wanted);
  if (!ehlo_slice_starts_nocase(ehlo_slice_of(c->at, ehlo_scan_left(c)), word)) return false;
  c->at += word.len;
  return true;
}

bool ehlo_scan_number(struct ehlo_scan *c, unsigned max_digits, uint64_t max, uint64_t *out) {
  *out = 0;
  const char *at = c->at;
  uint64_t value = 0;
  for (unsigned digits = 0; at < c->end && ehlo_is_digit((unsigned char)*at); at++, digits++) {
    const unsigned digit = (unsigned)(*at - '0');
    if (digits == max_digits || value > (UINT64_MAX - digit) / 10) return false;
    value = value * 10 + digit;
  }
  if (at == c->at || value > max) return false;
  c->at = at;
  *out = value;
  return true;
}

struct ehlo_slice ehlo_scan_while(struct ehlo_scan *c, bool (*is)(int)) {
  const char *start = c->at;
  while (c->at < c->end && is((unsigned char)*c->at))
    c->at++;
  return ehlo_slice_of(start, (size_t)(c->at - start));
}

struct ehlo_slice ehlo_scan_until(struct ehlo_scan *c, char stop) {
  const char *start = c->at;
  const size_t left = ehlo_scan_left(c);
  const char *found = left > 0 ? memchr(start, stop, left) : NULL;
  c->at = found ? found : c->end;
  return ehlo_slice_of(start, (size_t)(c->at - start));
}

void ehlo_scan_spaces(struct ehlo_scan *c) {
  while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
    c->at++;
}
