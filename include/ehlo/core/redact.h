/* Owns: taking secrets out of what a server says. Callers: sessions that sent credentials. */
#ifndef EHLO_CORE_REDACT_H
#define EHLO_CORE_REDACT_H

#include "ehlo/base/buf.h"

struct ehlo_redactor;

/* NULL: no memory. Free wipes. */
struct ehlo_redactor *ehlo_redactor_new(void);
void ehlo_redactor_free(struct ehlo_redactor *r);
/* Looks for `secret` as it is and in base64, wherever it stands inside of what was encoded. Copies it. Empty ones count for nothing.
 * EHLO_E_MEMORY, EHLO_E_LIMIT for more than 256 secrets. */
int ehlo_redactor_add(struct ehlo_redactor *r, struct ehlo_slice secret);
/* Appends `in` with "(secret)" in the place of each. The code at the start of a reply line is never taken for one. A NULL redactor
 * copies. Returns out->error. */
int ehlo_redactor_apply(const struct ehlo_redactor *r, struct ehlo_slice in, struct ehlo_buf *out);

#endif
