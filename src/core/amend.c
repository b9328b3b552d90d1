/* Owns: the few texts in which a second phrase turns the first one round: a blocklist that refused the receiver's resolver
 * lists nobody, and a rejected sender address says nothing about the recipient. Callers: explain. */
#include "amend.h"

struct row {
  const char *sign;      /* what the text holds besides */
  const char *causes[4]; /* of the phrase that was found */
  const char *cause, *acts;
  const char *meaning, *fix;
};

static const char resolver_meaning[] = "Nobody is listed: the blocklist refused to answer the resolver that the "
                                       "receiving server asks through, and the server "
                                       "took the refusal for a listing.";
static const char resolver_fix[] = "Tell the receiving postmaster by another way that the server must ask the list "
                                   "through a resolver of its own, or with "
                                   "a key, and not through a public one. Nothing is wrong on the sending side.";
static const char sender_meaning[] =
    "The server checked the envelope sender, not the recipient, and could not confirm that it exists.";
static const char sender_fix[] = "Send with an envelope sender that exists, and see that the MX of its domain answers "
                                 "to RCPT for it: what follows the "
                                 "colon is its answer.";

static const struct row rows[] = {
    {"error: open resolver",
     {"ip-blocklisted", "domain-blocklisted", "url-blocklisted"},
     "server-fault",
     "receiving-admin",
     resolver_meaning,
     resolver_fix},
    {"/returnc/",
     {"ip-blocklisted", "domain-blocklisted", "url-blocklisted"},
     "server-fault",
     "receiving-admin",
     resolver_meaning,
     resolver_fix},
    {"sender address rejected",
     {"mailbox-unknown", "greylisted", "server-fault"},
     "sender-invalid",
     "sending-admin",
     sender_meaning,
     sender_fix},
};

static bool applies(const struct row *row, const struct ehlo_explanation *e) {
  if (ehlo_slice_find_nocase(ehlo_buf_slice(&e->text), ehlo_slice_str(row->sign), 0) == SIZE_MAX) return false;
  for (size_t i = 0; i < sizeof row->causes / sizeof row->causes[0] && row->causes[i]; i++) {
    if (ehlo_slice_equal(e->cause, ehlo_slice_str(row->causes[i]))) return true;
  }
  return false;
}

void ehlo_explanation_amend(struct ehlo_explanation *e) {
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (!applies(&rows[i], e)) continue;
    e->cause = ehlo_slice_str(rows[i].cause);
    e->acts = ehlo_slice_str(rows[i].acts);
    e->meaning = ehlo_slice_str(rows[i].meaning);
    e->fix = ehlo_slice_str(rows[i].fix);
    (void)ehlo_buf_addf(&e->evidence, " The text also holds \"%s\".", rows[i].sign);
    return;
  }
}
