/* Owns: the grammar of SMTP replies (RFC 5321 4.2), and what a server does beyond it.
 * Callers: sessions, explain, the Lua bindings. Slices point into the caller's bytes; nothing
 * is allocated and nothing is discarded: oddities are noted as anomalies. */
#ifndef EHLO_CORE_REPLY_H
#define EHLO_CORE_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "ehlo/core/enhanced.h"

enum ehlo_anomaly {
  EHLO_ANOMALY_BARE_LF = 1u << 0,
  EHLO_ANOMALY_BARE_CR = 1u << 1,
  EHLO_ANOMALY_NUL = 1u << 2,
  EHLO_ANOMALY_CONTROL = 1u << 3, /* below 0x20 or 0x7f, other than HT, NUL, CR, LF */
  EHLO_ANOMALY_EIGHT_BIT = 1u << 4,
  EHLO_ANOMALY_LONG_LINE = 1u << 5,      /* beyond the 512 octets of RFC 5321 4.5.3.1.5, below the maximum */
  EHLO_ANOMALY_ENHANCED_CLASS = 1u << 6, /* 550 4.4.7: the classes contradict */
  EHLO_ANOMALY_ENHANCED_MIXED = 1u << 7, /* lines of one reply carry different enhanced codes */
  EHLO_ANOMALY_NO_SEPARATOR = 1u << 8,   /* neither space nor hyphen after the code */
  EHLO_ANOMALY_SECOND_DIGIT = 1u << 9,   /* 571, 591: second digit beyond 5 */
  /* violations: the reply is no answer */
  EHLO_ANOMALY_MIXED_CODES = 1u << 16,
  EHLO_ANOMALY_FIRST_DIGIT = 1u << 17, /* outside 2 to 5 */
  EHLO_ANOMALY_NOT_A_REPLY = 1u << 18, /* a line that does not begin with three digits */
  EHLO_ANOMALY_OVERLONG_LINE = 1u << 19,
  EHLO_ANOMALY_TOO_MANY_LINES = 1u << 20,
  EHLO_ANOMALY_OVERLONG_REPLY = 1u << 21,
  EHLO_ANOMALY_CUT_OFF = 1u << 22,  /* closed inside a reply (the session sets it) */
  EHLO_ANOMALY_INJECTED = 1u << 23, /* bytes followed the 220 to STARTTLS (the session sets it) */
  EHLO_ANOMALY_UNASKED = 1u << 24   /* bytes came where no reply was due (the session sets it) */
};
#define EHLO_ANOMALY_VIOLATIONS 0x00ff0000u

/* Word for one bit, such as "bare-lf", and a sentence for people; NULL for an unknown bit. */
const char *ehlo_anomaly_name(uint32_t bit);
const char *ehlo_anomaly_text(uint32_t bit);

struct ehlo_reply_limits {
  size_t line;  /* bytes of one line with its end */
  size_t lines; /* lines of one reply */
  size_t bytes; /* bytes of one reply */
};
extern const struct ehlo_reply_limits ehlo_reply_limits_default; /* 4096, 128, 65536 */

struct ehlo_reply {
  struct ehlo_slice raw;         /* all lines with their ends, as received */
  int code;                      /* 200-599; of the first line */
  struct ehlo_enhanced enhanced; /* of the first line that has one */
  uint32_t anomalies;
  size_t lines;
};

/* Progress over an unfinished reply, so that a server that sends one byte at a time costs
 * one look at each byte. Zero it before each reply. */
struct ehlo_reply_scan {
  size_t scanned; /* bytes that hold no further line end */
  size_t line_start;
  size_t lines;
  int code;
  struct ehlo_enhanced enhanced;
  uint32_t anomalies;
};

/* Looks at `bytes`, always the same run from its beginning, perhaps longer than last time.
 * Returns the reply's length in bytes and fills `out` when complete; EHLO_E_AGAIN when more is needed;
 * EHLO_E_NOT_SMTP when the very first line is no reply at all; EHLO_E_PROTOCOL for the violations
 * (`out` then holds what was seen; raw ends with the byte that decided, so show `bytes` as evidence).
 * The result does not depend on how the bytes were cut into calls. */
long ehlo_reply_scan(struct ehlo_slice bytes, const struct ehlo_reply_limits *limits, struct ehlo_reply_scan *state,
                     struct ehlo_reply *out);

/* Whole text at once: pasted by a person or stored; the final line end may be missing, and a continuation
 * line may be the last. Returns as above, but never EHLO_E_AGAIN (EHLO_E_SYNTAX for empty input). */
long ehlo_reply_read(struct ehlo_slice bytes, struct ehlo_reply *out);

/* Walks the lines: `text` is what follows code and separator, without line end and, where `skip_enhanced`,
 * without the enhanced code. Start with *pos = 0; false when there are no more. */
struct ehlo_reply_line {
  struct ehlo_slice raw; /* with its end */
  struct ehlo_slice text;
  struct ehlo_enhanced enhanced;
  bool last;
};
bool ehlo_reply_next_line(const struct ehlo_reply *reply, size_t *pos, bool skip_enhanced,
                          struct ehlo_reply_line *line);

/* Appends the lines' texts joined by single spaces, without codes and enhanced codes: what phrases are matched against. */
struct ehlo_buf;
int ehlo_reply_unfold(const struct ehlo_reply *reply, struct ehlo_buf *out);

/* "positive-completion", "positive-intermediate", "transient-negative", "permanent-negative"; NULL for others. */
const char *ehlo_reply_class(int code);

/* What a greeting that is no SMTP looks like: "an HTTP server", "an SSH server", "an IMAP server", "a POP3 server",
 * "an FTP server", "a TLS server (implicit TLS)", "a middlebox that rewrites SMTP" (asterisks), or "something else". Give it all
 * the bytes at hand, not the `raw` of EHLO_E_NOT_SMTP, which may be a single byte. */
const char *ehlo_reply_looks_like(struct ehlo_slice bytes);

#endif
