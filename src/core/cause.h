/* Owns: the causes that codes stand for. Callers: explain. */
#ifndef EHLO_CORE_CAUSE_H
#define EHLO_CORE_CAUSE_H

#include "ehlo/core/enhanced.h"
#include "ehlo/core/phase.h"

/* The word, or NULL where the code says none. `vague` is set where another source that is sure should be heard first. */
const char *cause_of_enhanced(struct ehlo_enhanced code, bool *vague);
const char *cause_of_reply(int code, enum ehlo_phase phase, bool *vague);
/* Whether the address should leave the list: "yes", "no" or "after-repeats". */
const char *cause_suppress(struct ehlo_slice cause, bool temporary);

#endif
