/* Owns: names for classes of replies, and guesses at what a server is that does not speak SMTP. Callers: reports. */
#include "ehlo/core/reply.h"

const char *ehlo_reply_class(int code) {
  switch (code >= 200 && code <= 599 ? code / 100 : 0) {
  case 2: return "positive-completion";
  case 3: return "positive-intermediate";
  case 4: return "transient-negative";
  case 5: return "permanent-negative";
  default: return NULL;
  }
}

/* Cisco's "fixup" and its kin replace most of a greeting by asterisks, sometimes leaving a digit or two. */
static bool mostly_asterisks(struct ehlo_slice s) {
  size_t stars = 0, others = 0;
  for (size_t i = 0; i < s.len && s.ptr[i] != '\n'; i++) {
    const char c = s.ptr[i];
    if (c == '*')
      stars++;
    else if (c != ' ' && c != '\r' && !(i < 3 && ehlo_is_digit((unsigned char)c)))
      others++;
  }
  return stars >= 4 && stars >= 2 * others;
}

static bool contains(struct ehlo_slice s, const char *word) {
  return ehlo_slice_find_nocase(s, ehlo_slice_str(word), 0) != SIZE_MAX;
}

const char *ehlo_reply_looks_like(struct ehlo_slice bytes) {
  static const struct {
    const char *start;
    const char *guess;
  } rows[] = {
      {"HTTP/", "an HTTP server"},
      {"<!DOCTYPE", "an HTTP server"},
      {"<html", "an HTTP server"},
      {"SSH-", "an SSH server"},
      {"* OK", "an IMAP server"},
      {"* PREAUTH", "an IMAP server"},
      {"* BYE", "an IMAP server"},
      {"+OK", "a POP3 server"},
      {"-ERR", "a POP3 server"},
      {"\x15\x03", "a TLS server (implicit TLS)"},
      {"\x16\x03", "a TLS server (implicit TLS)"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (ehlo_slice_starts_nocase(bytes, ehlo_slice_str(rows[i].start))) return rows[i].guess;
  }
  if (mostly_asterisks(bytes)) return "a middlebox that rewrites SMTP";
  if (ehlo_slice_starts_nocase(bytes, ehlo_slice_str("220")) && contains(bytes, "FTP") && !contains(bytes, "SMTP")) {
    return "an FTP server";
  }
  return "something else";
}
