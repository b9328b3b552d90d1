/* Owns: base64 (RFC 4648 4). Callers: everybody. */
#ifndef EHLO_CORE_BASE64_H
#define EHLO_CORE_BASE64_H

#include "ehlo/base/buf.h"

/* Appends with padding; returns out->error. */
int ehlo_base64_encode(struct ehlo_slice bytes, struct ehlo_buf *out);
/* Appends what `text` stands for; padding may be missing. EHLO_E_SYNTAX for anything else that is no base64, with nothing appended. */
int ehlo_base64_decode(struct ehlo_slice text, struct ehlo_buf *out);
/* The six bits of a letter, also of the alphabet for URLs, or -1. */
int ehlo_base64_value(char letter);

#endif
