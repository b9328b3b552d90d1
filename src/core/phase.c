/* Owns: the words for the phases of a session. Callers: everybody. */
#include "ehlo/core/phase.h"

#include "ehlo/base/slice.h"

struct row {
  const char *name;
  const char *timing;
};

static const struct row rows[EHLO_PHASES] = {
    [EHLO_PHASE_DNS] = {"dns", "dns"},
    [EHLO_PHASE_CONNECT] = {"connect", "connect"},
    [EHLO_PHASE_GREETING] = {"greeting", "greeting"},
    [EHLO_PHASE_EHLO] = {"ehlo", "ehlo"},
    [EHLO_PHASE_STARTTLS] = {"starttls", "starttls"},
    [EHLO_PHASE_TLS] = {"tls", "tls"},
    [EHLO_PHASE_EHLO_TLS] = {"ehlo", "ehlo_tls"},
    [EHLO_PHASE_AUTH] = {"auth", "auth"},
    [EHLO_PHASE_MAIL] = {"mail", "mail"},
    [EHLO_PHASE_RCPT] = {"rcpt", "rcpt"},
    [EHLO_PHASE_DATA] = {"data", "data"},
    [EHLO_PHASE_RSET] = {"rset", "rset"},
    [EHLO_PHASE_COMMAND] = {"command", "command"},
    [EHLO_PHASE_QUIT] = {"quit", "quit"},
};

static int known(enum ehlo_phase phase) {
  return (int)phase >= 0 && (int)phase < EHLO_PHASES;
}

const char *ehlo_phase_name(enum ehlo_phase phase) {
  return known(phase) ? rows[phase].name : "unknown";
}

const char *ehlo_phase_timing_name(enum ehlo_phase phase) {
  return known(phase) ? rows[phase].timing : "unknown";
}

enum ehlo_phase ehlo_phase_of_verb(const char *verb, unsigned long len) {
  static const struct {
    const char *verb;
    enum ehlo_phase phase;
  } verbs[] = {
      {"EHLO", EHLO_PHASE_EHLO},         {"HELO", EHLO_PHASE_EHLO}, {"LHLO", EHLO_PHASE_EHLO},
      {"STARTTLS", EHLO_PHASE_STARTTLS}, {"AUTH", EHLO_PHASE_AUTH}, {"MAIL", EHLO_PHASE_MAIL},
      {"RCPT", EHLO_PHASE_RCPT},         {"DATA", EHLO_PHASE_DATA}, {"BDAT", EHLO_PHASE_DATA},
      {"RSET", EHLO_PHASE_RSET},         {"QUIT", EHLO_PHASE_QUIT},
  };
  for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
    if (ehlo_slice_equal_nocase(ehlo_slice_of(verb, len), ehlo_slice_str(verbs[i].verb))) return verbs[i].phase;
  }
  return EHLO_PHASE_COMMAND;
}
