/* Owns: the grammar of enhanced status codes. Callers: everybody. */
#include "ehlo/core/enhanced.h"

#include "ehlo/base/scan.h"

/* One to three digits without a leading zero, RFC 3463 2; a fourth digit makes it no part at all. */
static bool part(struct ehlo_scan *c, uint16_t *out) {
  const char *start = c->at;
  uint64_t value;
  if (!ehlo_scan_number(c, 3, 999, &value)) return false;
  *out = (uint16_t)value;
  return *start != '0' || c->at == start + 1;
}

static bool ends_here(const struct ehlo_scan *c) {
  if (c->at < c->end && ehlo_is_digit((unsigned char)c->at[0])) return false;
  return !(ehlo_scan_left(c) >= 2 && c->at[0] == '.' && ehlo_is_digit((unsigned char)c->at[1]));
}

size_t ehlo_enhanced_scan(struct ehlo_slice s, struct ehlo_enhanced *out) {
  *out = (struct ehlo_enhanced){0};
  struct ehlo_scan c = ehlo_scan_of(s);
  struct ehlo_enhanced e = {0};
  const int class = ehlo_scan_peek(&c);
  if (class != '2' && class != '4' && class != '5') return 0;
  c.at++;
  e.class = (uint8_t)(class - '0');
  if (!(ehlo_scan_char(&c, '.') && part(&c, &e.subject) && ehlo_scan_char(&c, '.') && part(&c, &e.detail))) return 0;
  if (!ends_here(&c)) return 0;
  *out = e;
  return (size_t)(c.at - s.ptr);
}

static char *put_number(char *to, unsigned n) {
  if (n >= 100) *to++ = (char)('0' + n / 100 % 10);
  if (n >= 10) *to++ = (char)('0' + n / 10 % 10);
  *to++ = (char)('0' + n % 10);
  return to;
}

char *ehlo_enhanced_format(struct ehlo_enhanced e, char out[EHLO_ENHANCED_TEXT]) {
  char *to = out;
  if (e.class != 0) {
    *to++ = (char)('0' + e.class % 10);
    *to++ = '.';
    to = put_number(to, e.subject % 1000U);
    *to++ = '.';
    to = put_number(to, e.detail % 1000U);
  }
  *to = '\0';
  return out;
}
