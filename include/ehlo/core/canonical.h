/* Owns: a mail cut into header fields and body as they were sent, and their canonical forms (RFC 6376 3.4), over which signatures are
 * made. Callers: the mail binding. All of it is linear in its input. */
#ifndef EHLO_CORE_CANONICAL_H
#define EHLO_CORE_CANONICAL_H

#include <stdbool.h>
#include <stdint.h>

#include "ehlo/base/buf.h"

enum { EHLO_MAIL_FIELDS_MAX = 4096 };

/* A header field: `raw` is all of it with its line ends; `name` and `value` point into it, the name without blanks behind it, the value
 * as it stands behind the colon. Without a colon in its first line it has no name. */
struct ehlo_mail_field {
  struct ehlo_slice raw, name, value;
};

/* Appends the mail with every line end made CRLF, as SMTP carries it; the "From " line of an mbox is left out. Returns out->error. */
int ehlo_canonical_lines(struct ehlo_slice mail, struct ehlo_buf *out);

/* The next header field in `rest`, whose lines end in CRLF. False at the header's end; `rest` is then the body. */
bool ehlo_mail_field_next(struct ehlo_slice *rest, struct ehlo_mail_field *field);

enum ehlo_canonical { EHLO_CANONICAL_SIMPLE, EHLO_CANONICAL_RELAXED };

/* Appends the canonical form of one field, its final CRLF included. Returns out->error. */
int ehlo_canonical_field(struct ehlo_slice raw, enum ehlo_canonical form, struct ehlo_buf *out);
/* Appends the first `limit` bytes of the canonical form of a body. Returns out->error. */
int ehlo_canonical_body(struct ehlo_slice body, enum ehlo_canonical form, uint64_t limit, struct ehlo_buf *out);

#endif
