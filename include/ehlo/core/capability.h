/* Owns: the extensions that a reply to EHLO lists (RFC 5321 4.1.1.1). Callers: sessions, reports. */
#ifndef EHLO_CORE_CAPABILITY_H
#define EHLO_CORE_CAPABILITY_H

#include "ehlo/core/reply.h"

struct ehlo_capability {
  struct ehlo_slice keyword; /* as sent; compare without regard to case */
  struct ehlo_slice params;  /* the rest of the line, trimmed; "AUTH=LOGIN PLAIN" of old servers gives AUTH */
};

/* Walks the capabilities of a 250 to EHLO: the first line (the server's name) is none, empty lines are skipped.
 * *pos = 0 starts. */
bool ehlo_capability_next(const struct ehlo_reply *ehlo, size_t *pos, struct ehlo_capability *out);
/* Finds one by keyword. */
bool ehlo_capability_find(const struct ehlo_reply *ehlo, const char *keyword, struct ehlo_capability *out);
/* SIZE's limit in bytes; 0 where none is stated or the number is malformed. */
uint64_t ehlo_capability_size(const struct ehlo_reply *ehlo);
/* Is `word` (a mechanism) among the parameters of AUTH, in either form? */
bool ehlo_capability_auth(const struct ehlo_reply *ehlo, const char *mechanism);

#endif
