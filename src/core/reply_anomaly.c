/* Owns: the words and sentences for what a reply does beyond the grammar. Callers: reports, bindings. */
#include "ehlo/core/reply.h"

struct row {
  uint32_t bit;
  const char *name;
  const char *text;
};

static const struct row rows[] = {
    {EHLO_ANOMALY_BARE_LF, "bare-lf", "A line ends in LF alone; SMTP lines end in CR LF."},
    {EHLO_ANOMALY_BARE_CR, "bare-cr", "A CR stands inside a line; in SMTP it may stand only before LF."},
    {EHLO_ANOMALY_NUL, "nul", "The text holds a NUL byte."},
    {EHLO_ANOMALY_CONTROL, "control", "The text holds control characters."},
    {EHLO_ANOMALY_EIGHT_BIT, "eight-bit", "The text holds bytes beyond ASCII, which only SMTPUTF8 permits."},
    {EHLO_ANOMALY_LONG_LINE, "long-line", "A line is longer than the 512 octets that RFC 5321 permits."},
    {EHLO_ANOMALY_ENHANCED_CLASS, "enhanced-class",
     "The class of the enhanced code contradicts the first digit of the reply code."},
    {EHLO_ANOMALY_ENHANCED_MIXED, "enhanced-mixed", "The lines of one reply carry different enhanced codes."},
    {EHLO_ANOMALY_NO_SEPARATOR, "no-separator", "Neither a space nor a hyphen follows the reply code."},
    {EHLO_ANOMALY_SECOND_DIGIT, "second-digit",
     "The second digit of the reply code is beyond 5, which RFC 5321 does not "
     "define."},
    {EHLO_ANOMALY_MIXED_CODES, "mixed-codes", "The lines of one reply carry different reply codes."},
    {EHLO_ANOMALY_FIRST_DIGIT, "first-digit", "The first digit of the reply code is not 2, 3, 4 or 5."},
    {EHLO_ANOMALY_NOT_A_REPLY, "not-a-reply", "A line does not begin with a three-digit code."},
    {EHLO_ANOMALY_OVERLONG_LINE, "overlong-line", "A line is longer than ehlo accepts."},
    {EHLO_ANOMALY_TOO_MANY_LINES, "too-many-lines", "The reply has more lines than ehlo accepts."},
    {EHLO_ANOMALY_OVERLONG_REPLY, "overlong-reply", "The reply is longer than ehlo accepts."},
    {EHLO_ANOMALY_CUT_OFF, "cut-off", "The connection ended in the middle of a reply."},
    {EHLO_ANOMALY_INJECTED, "injected",
     "Bytes followed the reply to STARTTLS before TLS began; someone may have injected them."},
    {EHLO_ANOMALY_UNASKED, "unasked", "The server sent bytes when no reply was due."},
};

static const struct row *find(uint32_t bit) {
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (rows[i].bit == bit) return &rows[i];
  }
  return NULL;
}

const char *ehlo_anomaly_name(uint32_t bit) {
  const struct row *row = find(bit);
  return row ? row->name : NULL;
}

const char *ehlo_anomaly_text(uint32_t bit) {
  const struct row *row = find(bit);
  return row ? row->text : NULL;
}
