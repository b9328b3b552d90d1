/* Owns: the one outcome of a probe, its exit status and its sentence. Callers: reports, commands, bindings.
 * A pure function of the record. */
#ifndef EHLO_CORE_OUTCOME_H
#define EHLO_CORE_OUTCOME_H

#include "ehlo/core/record.h"

struct ehlo_outcome {
  const char *word; /* "ready", "refused-temporarily" ...: static */
  int exit;
  enum ehlo_phase phase; /* where it was decided; the last phase reached when ready */
  int exchange;          /* index of the reply that decided, never QUIT's; -1 where none did */
};

void ehlo_outcome_of(const struct ehlo_record *r, struct ehlo_outcome *out);
/* What ended one command of a session, whatever earlier commands met: the record's failure, or the 421 behind it. */
void ehlo_outcome_of_failure(const struct ehlo_record *r, struct ehlo_outcome *out);
/* Table rows, for documentation, tests and reports: word, exit, meaning; NULL word after the last. */
struct ehlo_outcome_row {
  const char *word;
  int exit;
  const char *meaning;
};
const struct ehlo_outcome_row *ehlo_outcome_rows(void);

#endif
