/* Owns: names on their way into the DNS: IDNA 2008 for what is not ASCII, and the lengths of RFC 1035. Callers: the
 * resolver. */
#include <idn2.h>
#include <stdio.h>

#include "ehlo/base/error.h"
#include "resolver_private.h"

enum { LABEL_MAX = 63, WIRE_MAX = 255 };

/* One byte of a label in presentation form: "\." and "\046" are one byte each. How many characters it takes, or 0. */
static size_t one_byte(const char *s) {
  if (*s != '\\') return 1;
  if (!ehlo_is_digit((unsigned char)s[1])) return s[1] ? 2 : 0;
  if (!ehlo_is_digit((unsigned char)s[2]) || !ehlo_is_digit((unsigned char)s[3])) return 0;
  int value = (s[1] - '0') * 100 + (s[2] - '0') * 10 + (s[3] - '0');
  return value < 256 ? 4 : 0;
}

static bool fits(const char *s) {
  size_t wire = 1, label = 0;
  if (strcmp(s, ".") == 0) return true;
  while (*s) {
    if (*s == '.') {
      if (!label) return false;
      wire += label + 1;
      label = 0;
      s++;
      continue;
    }
    size_t step = one_byte(s);
    if (!step || ++label > LABEL_MAX) return false;
    s += step;
  }
  if (label) wire += label + 1;
  return wire > 1 && wire <= WIRE_MAX;
}

static bool is_ascii(const char *s) {
  for (; *s; s++)
    if ((unsigned char)*s >= 0x80) return false;
  return true;
}

int ehlo_resolver_name(const char *name, char out[256]) {
  out[0] = '\0';
  if (strnlen(name, 1024) == 1024) return EHLO_E_SYNTAX;
  if (is_ascii(name)) {
    int n = fits(name) ? snprintf(out, 256, "%s", name) : -1;
    return n >= 0 && n < 256 ? 0 : EHLO_E_SYNTAX;
  }
  uint8_t *ascii = NULL;
  int rc = idn2_lookup_u8((const uint8_t *)name, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (rc != IDN2_OK) return rc == IDN2_MALLOC ? EHLO_E_MEMORY : EHLO_E_SYNTAX;
  int n = fits((const char *)ascii) ? snprintf(out, 256, "%s", (const char *)ascii) : -1;
  idn2_free(ascii);
  return n >= 0 && n < 256 ? 0 : EHLO_E_SYNTAX;
}
