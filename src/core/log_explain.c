/* Owns: bringing an event of a log to explain: its words with the codes that the line names apart from them. Callers: bindings. */
#include "ehlo/core/log_explain.h"

#include "amend.h"
#include "ehlo/base/error.h"
#include "log_private.h"

#define WORD(text)                                                                                                     \
  { text, sizeof text - 1 }
static const struct {
  struct ehlo_slice ending; /* of the names of its mail hosts */
  struct ehlo_slice provider;
} providers[] = {{WORD(".google.com"), WORD("Gmail")},
                 {WORD(".googlemail.com"), WORD("Gmail")},
                 {WORD(".mail.protection.outlook.com"), WORD("Microsoft 365")},
                 {WORD(".mx.microsoft"), WORD("Microsoft 365")},
                 {WORD(".olc.protection.outlook.com"), WORD("Outlook.com")},
                 {WORD(".yahoodns.net"), WORD("Yahoo")},
                 {WORD(".mail.icloud.com"), WORD("iCloud")},
                 {WORD(".pphosted.com"), WORD("Proofpoint")},
                 {WORD(".ppe-hosted.com"), WORD("Proofpoint")},
                 {WORD(".mimecast.com"), WORD("Mimecast")},
                 {WORD(".mail.ru"), WORD("mail.ru")},
                 {WORD(".gmx.net"), WORD("GMX / web.de")},
                 {WORD(".web.de"), WORD("GMX / web.de")},
                 {WORD(".qq.com"), WORD("QQ Mail")},
                 {WORD(".orange.fr"), WORD("Orange")},
                 {WORD(".comcast.net"), WORD("Comcast")},
                 {WORD(".cox.net"), WORD("Cox")},
                 {WORD(".att.net"), WORD("AT&T")},
                 {WORD(".secureserver.net"), WORD("GoDaddy")}};

enum { PROVIDERS = sizeof providers / sizeof *providers };

/* Names of relays say whose they are, where the words do not. */
struct ehlo_slice ehlo_log_provider(struct ehlo_slice host) {
  struct ehlo_slice found = {"", 0};
  size_t longest = 0;
  for (size_t i = 0; host.len > 0 && i < PROVIDERS; i++) {
    if (providers[i].ending.len <= longest || !ehlo_slice_ends_nocase(host, providers[i].ending)) continue;
    longest = providers[i].ending.len;
    found = providers[i].provider;
  }
  return found;
}

static struct ehlo_slice domain_of(struct ehlo_slice address) {
  const char *at = address.len > 0 ? memrchr(address.ptr, '@', address.len) : NULL;
  return at ? log_from(address, (size_t)(at - address.ptr) + 1) : address;
}

struct ehlo_slice ehlo_log_place(struct ehlo_slice named, struct ehlo_slice host, struct ehlo_slice address,
                                 bool *is_provider) {
  struct ehlo_slice place = ehlo_log_provider(host);
  for (size_t i = 0; named.len > 0 && i < PROVIDERS && place.len == 0; i++) {
    if (ehlo_slice_equal(named, providers[i].provider)) place = named;
  }
  *is_provider = place.len > 0;
  return *is_provider ? place : domain_of(address);
}

/* The reply as the server gave it, or the words with the enhanced code that the log names for them. */
static int put_together(const struct ehlo_log_event *e, struct ehlo_buf *said) {
  char text[EHLO_ENHANCED_TEXT];
  struct ehlo_enhanced own;
  ehlo_buf_reset(said);
  if (e->status == EHLO_STATUS_EXPIRED) return ehlo_buf_add_str(said, "5.4.7 The delivery time has expired");
  if (!log_has_code(e->text)) {
    if (e->code != 0) {
      (void)ehlo_buf_addf(said, "%d ", e->code);
    } else if (e->dsn.class != 0 && ehlo_enhanced_scan(e->text, &own) <= 0) {
      (void)ehlo_buf_addf(said, "%s ", ehlo_enhanced_format(e->dsn, text));
    }
  }
  const size_t head = said->len;
  (void)ehlo_log_words(e, said);
  if (said->len == head) (void)ehlo_buf_add_str(said, "The log gives no reason");
  return said->error == EHLO_E_LIMIT ? 0 : said->error;
}

/* What a listing's marks stand for, where it has no words of the other side. */
static const struct {
  const char *text, *retry, *meaning, *fix;
} marks[] = {
    {LOG_QUEUE_FROZEN, "unclear",
     "Exim has frozen the message and does not try it any more. Mostly it is a bounce that nobody takes.",
     "See what happened with exim -Mvl ID. Then thaw it with exim -Mt ID, or remove it with exim -Mrm ID."},
    {LOG_QUEUE_HELD, "unclear",
     "Postfix keeps the message and does not try to deliver it: somebody, or a rule with HOLD, wanted it so.",
     "Look at it with postcat -q ID. Then release it with postsuper -H ID, or delete it with postsuper -d ID."},
    {LOG_QUEUE_SILENT, "yes", "The message waits for its next try; this kind of listing gives no reasons.",
     "Look the message up in the log by its queue id: what the other side said stands there."},
};

static void explain_mark(struct ehlo_slice said, struct ehlo_explanation *out) {
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
    if (!ehlo_slice_equal(said, log_word(marks[i].text))) continue;
    out->retry = log_word(marks[i].retry);
    out->meaning = log_word(marks[i].meaning);
    out->fix = log_word(marks[i].fix);
    ehlo_buf_reset(&out->evidence);
    (void)ehlo_buf_add_str(&out->evidence, "Known by the mark in the listing.");
  }
}

int ehlo_log_explain(const struct ehlo_catalogue *c, const struct ehlo_log_event *e, struct ehlo_buf *said,
                     struct ehlo_explanation *out) {
  const int error = put_together(e, said);
  const int explained = ehlo_explain_text(c, ehlo_buf_slice(said), e->phase, out);
  /* the words name no code: whether it is tried again is what the server does */
  const bool own = out->code == 0 && out->enhanced.class == 0;
  if (own && e->status == EHLO_STATUS_DEFERRED) out->retry = log_word("yes");
  if (own && e->status == EHLO_STATUS_BOUNCED) out->retry = log_word("no");
  if (e->status == EHLO_STATUS_BOUNCED || e->status == EHLO_STATUS_EXPIRED) ehlo_explanation_give_up(out);
  if (own) explain_mark(ehlo_buf_slice(said), out);
  if (out->provider.len == 0) out->provider = ehlo_log_provider(e->relay);
  return error ? error : explained;
}
