/* Owns: the few texts in which a second phrase turns the first one round: a blocklist that refused the receiver's resolver
 * lists nobody, and a rejected sender address says nothing about the recipient. Callers: explain. */
#include "amend.h"

#include <stdint.h>

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
    {"recipient address rejected",
     {"sender-domain-unknown"},
     "domain-unknown",
     "sender",
     "The recipient's domain has no mail host in DNS, or its name servers did not answer the server that wrote this.",
     "Look for a typing error behind the @. If there is none, ask several resolvers for the domain's MX and address "
     "records, and wait "
     "where only some of them have an answer."},
};

static const char no_domain[] = " does not exist";

const char *amend_sign(size_t i) {
  const size_t n = sizeof rows / sizeof rows[0];
  return i < n ? rows[i].sign : i == n ? no_domain : NULL;
}

static bool applies(const struct row *row, const struct ehlo_explanation *e) {
  if (ehlo_slice_find_nocase(ehlo_buf_slice(&e->text), ehlo_slice_str(row->sign), 0) == SIZE_MAX) return false;
  for (size_t i = 0; i < sizeof row->causes / sizeof row->causes[0] && row->causes[i]; i++) {
    if (ehlo_slice_equal(e->cause, ehlo_slice_str(row->causes[i]))) return true;
  }
  return false;
}

/* What is unknown or refused at MAIL is the sender, at EHLO the client's name, not the recipient. */
static const struct moment_row {
  enum ehlo_phase phase;
  const char *from, *to, *acts;
  const char *meaning, *fix;
} moments[] = {
    {EHLO_PHASE_MAIL, "mailbox-unknown", "sender-invalid", "sending-admin", sender_meaning, sender_fix},
    {EHLO_PHASE_MAIL, "domain-unknown", "sender-domain-unknown", "sending-admin",
     "The server finds no such domain in DNS, and MAIL FROM was the command it answered: it means the sender's.",
     "Send with an envelope sender whose domain exists and has an MX or an address record."},
    {EHLO_PHASE_MAIL, "policy", "sender-blocked", "sending-admin",
     "The server refuses this envelope sender by a rule of its own.",
     "Ask the receiving postmaster, from another address, why this sender is refused."},
    {EHLO_PHASE_EHLO, "domain-unknown", "helo-invalid", "sending-admin",
     "The server does not accept the name that the sending host gave in EHLO or HELO.",
     "Let the sending host introduce itself with its own full name, one that resolves to its address."},
};

static void amend_by_phase(struct ehlo_explanation *e, enum ehlo_phase phase) {
  for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
    if (moments[i].phase != phase || !ehlo_slice_equal(e->cause, ehlo_slice_str(moments[i].from))) continue;
    e->cause = ehlo_slice_str(moments[i].to);
    e->acts = ehlo_slice_str(moments[i].acts);
    e->meaning = ehlo_slice_str(moments[i].meaning);
    e->fix = ehlo_slice_str(moments[i].fix);
    return;
  }
}

static bool is_name_byte(char c) {
  return ehlo_is_alpha((unsigned char)c) || ehlo_is_digit((unsigned char)c) || c == '.' || c == '-';
}

/* "example.net does not exist": a name without an @ in front of the words is a domain. */
static void amend_domain(struct ehlo_explanation *e) {
  const struct ehlo_slice text = ehlo_buf_slice(&e->text);
  const size_t at = ehlo_slice_find_nocase(text, ehlo_slice_str(no_domain), 0);
  bool dotted = false;
  if (at == SIZE_MAX || !ehlo_slice_equal(e->cause, ehlo_slice_str("mailbox-unknown"))) return;
  size_t start = at;
  for (; start > 0 && is_name_byte(text.ptr[start - 1]); start--)
    dotted = dotted || text.ptr[start - 1] == '.';
  if (!dotted || (start > 0 && text.ptr[start - 1] != ' ')) return;
  e->cause = ehlo_slice_str("domain-unknown");
  e->acts = ehlo_slice_str("sender");
  e->meaning = ehlo_slice_str("DNS has no such domain, says the server.");
  e->fix = ehlo_slice_str("See which domain it names: the sender's own, or a typing error in the recipient's address.");
}

void ehlo_explanation_give_up(struct ehlo_explanation *e) {
  static const char *const passing[] = {"delivery-expired", "timeout", "connection-failed"};
  if (e->code != 0 || !ehlo_slice_equal(e->retry, ehlo_slice_str("no"))) return;
  for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++) {
    if (!ehlo_slice_equal(e->cause, ehlo_slice_str(passing[i]))) continue;
    e->retry = ehlo_slice_str("yes");
    ehlo_buf_reset(&e->contradiction);
    if (e->enhanced.class == 0) return;
    (void)ehlo_buf_add_str(
        &e->contradiction,
        "The digits say permanent because the server that wrote them has given up; the fault that it met passes.");
    return;
  }
}

void ehlo_explanation_amend(struct ehlo_explanation *e, enum ehlo_phase phase) {
  amend_domain(e);
  amend_by_phase(e, phase);
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
