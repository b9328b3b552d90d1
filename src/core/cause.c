/* Owns: the closed list of causes, and which cause a code stands for where no phrase says more. Callers: explain.
 * Rows, so that a postmaster can check them one by one. */
#include "cause.h"

#include "ehlo/core/explain.h"

static const char *const causes[] = {"mailbox-unknown",
                                     "mailbox-moved",
                                     "mailbox-disabled",
                                     "mailbox-full",
                                     "recipient-restricted",
                                     "address-syntax",
                                     "domain-unknown",
                                     "domain-refuses-mail",
                                     "dns-failure",
                                     "connection-failed",
                                     "timeout",
                                     "delivery-expired",
                                     "mail-loop",
                                     "relay-denied",
                                     "sender-invalid",
                                     "sender-domain-unknown",
                                     "sender-not-permitted",
                                     "sender-blocked",
                                     "sender-account-blocked",
                                     "ip-blocklisted",
                                     "domain-blocklisted",
                                     "url-blocklisted",
                                     "reputation",
                                     "no-ptr",
                                     "helo-invalid",
                                     "spf-fail",
                                     "spf-error",
                                     "dkim-fail",
                                     "dmarc-fail",
                                     "arc-fail",
                                     "mail-unauthenticated",
                                     "spam-content",
                                     "virus-found",
                                     "attachment-refused",
                                     "content-malformed",
                                     "message-too-large",
                                     "smtputf8-required",
                                     "greylisted",
                                     "rate-limited",
                                     "recipient-rate-limited",
                                     "sending-quota-exceeded",
                                     "server-busy",
                                     "too-many-recipients",
                                     "storage-full",
                                     "server-fault",
                                     "tls-required",
                                     "tls-unavailable",
                                     "tls-failed",
                                     "tls-untrusted",
                                     "login-required",
                                     "login-failed",
                                     "login-unavailable",
                                     "command-disabled",
                                     "protocol-error",
                                     "policy",
                                     "accepted-unverified",
                                     "unclear",
                                     NULL};

const char *const *ehlo_explain_causes(void) {
  return causes;
}

struct enhanced_row {
  uint8_t class; /* 0: 4 and 5 alike */
  uint16_t subject, detail;
  bool vague;
  const char *cause;
};
static const struct enhanced_row enhanced_rows[] = {
    {0, 0, 0, true, "unclear"},
    {0, 1, 0, true, "unclear"},
    {0, 1, 1, false, "mailbox-unknown"},
    {0, 1, 2, false, "domain-unknown"},
    {0, 1, 3, false, "address-syntax"},
    {0, 1, 4, false, "mailbox-unknown"},
    {5, 1, 5, false, "domain-unknown"},
    {0, 1, 6, false, "mailbox-moved"},
    {0, 1, 7, false, "sender-invalid"},
    {0, 1, 8, false, "sender-domain-unknown"},
    {0, 1, 9, true, "unclear"},
    {0, 1, 10, false, "domain-refuses-mail"},
    {0, 2, 0, true, "unclear"},
    {4, 2, 1, true, "mailbox-disabled"},
    {5, 2, 1, false, "mailbox-disabled"},
    {0, 2, 2, false, "mailbox-full"},
    {0, 2, 3, false, "message-too-large"},
    {0, 2, 4, false, "server-fault"},
    {0, 3, 0, true, "server-fault"},
    {0, 3, 1, false, "storage-full"},
    {4, 3, 2, false, "server-busy"},
    {5, 3, 2, true, "domain-refuses-mail"},
    {0, 3, 3, false, "protocol-error"},
    {0, 3, 4, false, "message-too-large"},
    {0, 3, 5, false, "server-fault"},
    {0, 4, 0, true, "connection-failed"},
    {0, 4, 1, true, "connection-failed"},
    {0, 4, 2, true, "connection-failed"},
    {0, 4, 3, false, "dns-failure"},
    {0, 4, 4, false, "dns-failure"},
    {4, 4, 5, false, "server-busy"},
    {5, 4, 5, false, "sending-quota-exceeded"},
    {0, 4, 6, false, "mail-loop"},
    {0, 4, 7, true, "delivery-expired"},
    {0, 5, 0, true, "protocol-error"},
    {0, 5, 1, true, "protocol-error"},
    {0, 5, 2, true, "protocol-error"},
    {0, 5, 3, false, "too-many-recipients"},
    {0, 5, 4, true, "protocol-error"},
    {0, 5, 5, false, "protocol-error"},
    {0, 5, 6, false, "protocol-error"},
    {0, 6, 0, false, "content-malformed"},
    {0, 6, 1, false, "attachment-refused"},
    {0, 6, 2, false, "content-malformed"},
    {0, 6, 3, false, "content-malformed"},
    {0, 6, 4, false, "content-malformed"},
    {0, 6, 5, false, "content-malformed"},
    {0, 6, 6, false, "content-malformed"},
    {0, 6, 7, false, "smtputf8-required"},
    {0, 6, 8, false, "smtputf8-required"},
    {0, 6, 9, false, "smtputf8-required"},
    {0, 6, 10, false, "smtputf8-required"},
    {0, 7, 0, true, "policy"},
    {4, 7, 1, true, "greylisted"},
    {5, 7, 1, true, "policy"},
    {0, 7, 2, false, "recipient-restricted"},
    {0, 7, 3, true, "policy"},
    {4, 7, 4, false, "tls-unavailable"},
    {5, 7, 4, true, "login-unavailable"},
    {0, 7, 5, true, "tls-failed"},
    {0, 7, 6, false, "tls-failed"},
    {0, 7, 7, false, "content-malformed"},
    {0, 7, 8, false, "login-failed"},
    {0, 7, 9, true, "login-failed"},
    {0, 7, 10, false, "tls-required"},
    {0, 7, 11, false, "tls-required"},
    {4, 7, 12, false, "login-failed"},
    {5, 7, 12, false, "recipient-restricted"},
    {0, 7, 13, false, "sender-account-blocked"},
    {0, 7, 14, false, "server-fault"},
    {0, 7, 15, false, "policy"},
    {0, 7, 16, false, "message-too-large"},
    {0, 7, 17, false, "mailbox-moved"},
    {0, 7, 18, false, "mailbox-moved"},
    {0, 7, 19, false, "server-fault"},
    {0, 7, 20, false, "dkim-fail"},
    {0, 7, 21, false, "dkim-fail"},
    {0, 7, 22, false, "dkim-fail"},
    {4, 7, 23, false, "no-ptr"},
    {5, 7, 23, false, "spf-fail"},
    {0, 7, 24, false, "spf-error"},
    {0, 7, 25, false, "no-ptr"},
    {0, 7, 26, false, "mail-unauthenticated"},
    {4, 7, 27, false, "spf-fail"},
    {5, 7, 27, false, "sender-invalid"},
    {0, 7, 28, false, "rate-limited"},
    {4, 7, 29, false, "tls-required"},
    {5, 7, 29, false, "arc-fail"},
    {4, 7, 30, false, "dkim-fail"},
    {5, 7, 30, false, "tls-required"},
};

const char *cause_of_enhanced(struct ehlo_enhanced code, bool *vague) {
  *vague = true;
  if (code.class != 4 && code.class != 5) return NULL;
  for (size_t i = 0; i < sizeof enhanced_rows / sizeof enhanced_rows[0]; i++) {
    const struct enhanced_row *row = &enhanced_rows[i];
    if (row->subject != code.subject || row->detail != code.detail) continue;
    if (row->class != 0 && row->class != code.class) continue;
    *vague = row->vague;
    return row->cause;
  }
  return NULL;
}

/* A code's rows stand together, the one for any phase last. */
#define ANY EHLO_PHASES
struct reply_row {
  int code;
  enum ehlo_phase phase;
  bool vague;
  const char *cause;
};
static const struct reply_row reply_rows[] = {
    {252, ANY, false, "accepted-unverified"},
    {403, ANY, false, "tls-untrusted"},
    {420, ANY, false, "timeout"},
    {421, ANY, true, "server-busy"},
    {422, EHLO_PHASE_AUTH, false, "login-failed"},
    {422, ANY, true, "mailbox-full"},
    {424, ANY, false, "server-fault"},
    {430, ANY, false, "protocol-error"},
    {431, ANY, false, "storage-full"},
    {432, EHLO_PHASE_AUTH, false, "login-failed"},
    {432, ANY, true, "recipient-rate-limited"},
    {435, ANY, false, "login-unavailable"},
    {441, ANY, false, "connection-failed"},
    {442, ANY, false, "connection-failed"},
    {446, ANY, false, "mail-loop"},
    {447, ANY, false, "delivery-expired"},
    {449, ANY, false, "dns-failure"},
    {450, EHLO_PHASE_RCPT, true, "greylisted"},
    {450, ANY, true, "unclear"},
    {451, ANY, true, "server-fault"},
    {452, EHLO_PHASE_RCPT, true, "too-many-recipients"},
    {452, ANY, true, "storage-full"},
    {453, ANY, true, "unclear"},
    {454, EHLO_PHASE_AUTH, false, "login-unavailable"},
    {454, EHLO_PHASE_STARTTLS, false, "tls-unavailable"},
    {454, ANY, true, "tls-unavailable"},
    {455, ANY, false, "protocol-error"},
    {456, ANY, false, "policy"},
    {458, ANY, false, "server-fault"},
    {459, ANY, false, "policy"},
    {471, ANY, true, "policy"},
    {498, ANY, false, "dns-failure"},
    {500, ANY, false, "protocol-error"},
    {501, EHLO_PHASE_EHLO, false, "helo-invalid"},
    {501, EHLO_PHASE_EHLO_TLS, false, "helo-invalid"},
    {501, EHLO_PHASE_MAIL, false, "address-syntax"},
    {501, EHLO_PHASE_RCPT, false, "address-syntax"},
    {501, ANY, true, "protocol-error"},
    {502, ANY, false, "command-disabled"},
    {503, ANY, false, "protocol-error"},
    {504, EHLO_PHASE_EHLO, false, "helo-invalid"},
    {504, EHLO_PHASE_EHLO_TLS, false, "helo-invalid"},
    {504, EHLO_PHASE_MAIL, false, "address-syntax"},
    {504, EHLO_PHASE_RCPT, false, "address-syntax"},
    {504, EHLO_PHASE_AUTH, false, "login-unavailable"},
    {504, ANY, true, "command-disabled"},
    {505, ANY, false, "login-required"},
    {510, ANY, false, "mailbox-unknown"},
    {511, ANY, false, "mailbox-unknown"},
    {512, ANY, false, "domain-unknown"},
    {513, ANY, false, "address-syntax"},
    {520, ANY, false, "protocol-error"},
    {521, EHLO_PHASE_GREETING, false, "domain-refuses-mail"},
    {521, EHLO_PHASE_CONNECT, false, "domain-refuses-mail"},
    {521, ANY, true, "domain-refuses-mail"},
    {522, ANY, false, "mailbox-full"},
    {523, ANY, false, "tls-required"},
    {524, EHLO_PHASE_RCPT, false, "server-fault"},
    {524, ANY, false, "tls-required"},
    {525, EHLO_PHASE_RCPT, false, "mailbox-disabled"},
    {525, ANY, false, "sender-account-blocked"},
    {530, EHLO_PHASE_AUTH, false, "tls-required"},
    {530, ANY, false, "login-required"},
    {533, ANY, true, "policy"},
    {534, ANY, false, "login-failed"},
    {535, ANY, false, "login-failed"},
    {538, ANY, false, "tls-required"},
    {540, ANY, true, "unclear"},
    {541, ANY, true, "policy"},
    {550, EHLO_PHASE_RCPT, true, "mailbox-unknown"},
    {550, EHLO_PHASE_MAIL, true, "sender-blocked"},
    {550, EHLO_PHASE_GREETING, true, "policy"},
    {550, EHLO_PHASE_EHLO, true, "policy"},
    {550, EHLO_PHASE_DATA, true, "policy"},
    {550, EHLO_PHASE_COMMAND, true, "mailbox-unknown"},
    {550, ANY, true, "unclear"},
    {551, ANY, false, "mailbox-moved"},
    {552, EHLO_PHASE_RCPT, true, "mailbox-full"},
    {552, EHLO_PHASE_MAIL, true, "message-too-large"},
    {552, EHLO_PHASE_DATA, true, "message-too-large"},
    {552, ANY, true, "mailbox-full"},
    {553, EHLO_PHASE_MAIL, true, "sender-not-permitted"},
    {553, ANY, true, "address-syntax"},
    {554, EHLO_PHASE_STARTTLS, false, "tls-failed"},
    {554, ANY, true, "policy"},
    {555, ANY, false, "protocol-error"},
    {556, ANY, false, "domain-refuses-mail"},
    {557, ANY, true, "policy"},
    {571, ANY, true, "policy"},
    {585, ANY, false, "mailbox-unknown"},
    {591, ANY, false, "ip-blocklisted"},
};

const char *cause_of_reply(int code, enum ehlo_phase phase, bool *vague) {
  *vague = true;
  for (size_t i = 0; i < sizeof reply_rows / sizeof reply_rows[0]; i++) {
    const struct reply_row *row = &reply_rows[i];
    if (row->code != code || (row->phase != ANY && row->phase != phase)) continue;
    *vague = row->vague;
    return row->cause;
  }
  return NULL;
}

const char *cause_suppress(struct ehlo_slice cause, bool temporary) {
  static const struct {
    const char *cause;
    const char *suppress;
  } rows[] = {
      {"mailbox-unknown", "yes"},
      {"mailbox-moved", "yes"},
      {"mailbox-disabled", "yes"},
      {"address-syntax", "yes"},
      {"domain-unknown", "yes"},
      {"domain-refuses-mail", "yes"},
      {"mailbox-full", "after-repeats"},
      {"dns-failure", "after-repeats"},
      {"connection-failed", "after-repeats"},
      {"timeout", "after-repeats"},
      {"delivery-expired", "after-repeats"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (!ehlo_slice_equal(cause, ehlo_slice_str(rows[i].cause))) continue;
    return temporary ? "after-repeats" : rows[i].suppress;
  }
  return "no";
}
