/* Owns: the phases of a session and the words for them. Callers: everybody. */
#ifndef EHLO_CORE_PHASE_H
#define EHLO_CORE_PHASE_H

enum ehlo_phase {
  EHLO_PHASE_DNS,
  EHLO_PHASE_CONNECT,
  EHLO_PHASE_GREETING,
  EHLO_PHASE_EHLO, /* HELO and LHLO too */
  EHLO_PHASE_STARTTLS,
  EHLO_PHASE_TLS,
  EHLO_PHASE_EHLO_TLS, /* the second EHLO: timed apart, called "ehlo" as a phase */
  EHLO_PHASE_AUTH,
  EHLO_PHASE_MAIL,
  EHLO_PHASE_RCPT,
  EHLO_PHASE_DATA,
  EHLO_PHASE_RSET,
  EHLO_PHASE_COMMAND, /* any other verb: NOOP, VRFY, HELP ... */
  EHLO_PHASE_QUIT,
  EHLO_PHASES
};

/* "dns", "connect" ... as outcomes and messages say it (EHLO_TLS gives "ehlo"). */
const char *ehlo_phase_name(enum ehlo_phase phase);
/* The key in `timing`: as above, but "ehlo_tls". */
const char *ehlo_phase_timing_name(enum ehlo_phase phase);
/* The phase of a command verb ("MAIL", any case), COMMAND for those without one. */
enum ehlo_phase ehlo_phase_of_verb(const char *verb, unsigned long len);

#endif
