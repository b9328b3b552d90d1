/* Owns: enhanced status codes, RFC 3463: class.subject.detail. Callers: everybody. */
#ifndef EHLO_CORE_ENHANCED_H
#define EHLO_CORE_ENHANCED_H

#include <stdint.h>

#include "ehlo/base/slice.h"

struct ehlo_enhanced {
  uint8_t class; /* 2, 4, 5; 0 for none */
  uint16_t subject;
  uint16_t detail;
};

enum { EHLO_ENHANCED_TEXT = 12 }; /* "5.999.999" and its NUL fit */

/* Length of the code at the start of `s`, or 0. Parts have one to three digits and no
 * leading zero; what follows must not be a digit or ".digit" (so that 5.1.1.2 is none). */
size_t ehlo_enhanced_scan(struct ehlo_slice s, struct ehlo_enhanced *out);
/* Writes "5.7.1" and returns out; "" where class is 0. */
char *ehlo_enhanced_format(struct ehlo_enhanced e, char out[EHLO_ENHANCED_TEXT]);

#endif
