/* Owns: what went over the wire and when, in one bounded run of memory. Callers: sessions write, everyone reads.
 * Secrets are redacted on the way in: what is not in here cannot leak from here. */
#ifndef EHLO_CORE_TRANSCRIPT_H
#define EHLO_CORE_TRANSCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "ehlo/base/buf.h"
#include "ehlo/core/phase.h"

enum ehlo_direction {
  EHLO_SENT,     /* bytes of ours */
  EHLO_RECEIVED, /* bytes of the server */
  EHLO_NOTED     /* a remark of ehlo's own: "connected", "TLS started" */
};

struct ehlo_transcript {
  struct ehlo_buf bytes; /* packed entries */
  uint32_t entries;
  bool cut; /* the maximum was reached; later bytes are missing */
};

struct ehlo_transcript_entry {
  double at; /* seconds since the start of the session */
  enum ehlo_direction direction;
  enum ehlo_phase phase;
  struct ehlo_slice bytes; /* raw as on the wire; escape before showing */
};

void ehlo_transcript_init(struct ehlo_transcript *t, size_t max_bytes);
void ehlo_transcript_fini(struct ehlo_transcript *t);
/* Returns the entry's offset (>= 0), a handle for ehlo_transcript_at that stays good, or EHLO_E_*. When the maximum is
 * reached the entry is dropped, `cut` set, EHLO_E_LIMIT returned. */
long ehlo_transcript_add(struct ehlo_transcript *t, double at, enum ehlo_direction d, enum ehlo_phase phase,
                         struct ehlo_slice bytes);
bool ehlo_transcript_at(const struct ehlo_transcript *t, long offset, struct ehlo_transcript_entry *out);
/* *pos = 0 starts. */
bool ehlo_transcript_next(const struct ehlo_transcript *t, size_t *pos, struct ehlo_transcript_entry *out);

#endif
