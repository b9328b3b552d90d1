/* Owns: TLS level dane (RFC 7672): the TLSA records of the server's name and port, asked before it is dialled, and what the session
 * then demands. Only an answer may lower the demand, never the lack of one: an attacker can always make a lookup fail. Callers: the
 * session. */
#include <stdio.h>
#include <string.h>

#include "ehlo/core/dnsrdata.h"
#include "session_inner.h"

enum { DATA_OF_SHA256 = 32, DATA_OF_SHA512 = 64 };

struct harvest {
  int seen, usable;
  size_t bytes; /* data of the usable ones */
};

static void name_of(const struct ehlo_session *s, char out[EHLO_DNS_NAME]) {
  snprintf(out, EHLO_DNS_NAME, "_%u._tcp.%s", s->record->port, s->record->host);
}

/* RFC 7672 3.1.3 has no use for usages 0 and 1; values that nobody has defined, and digests of a wrong size, match nothing. */
static bool is_usable(const struct ehlo_dns_pin *p) {
  static const size_t sizes[] = {0, DATA_OF_SHA256, DATA_OF_SHA512};
  if ((p->usage != 2 && p->usage != 3) || p->selector > 1 || p->matching > 2) return false;
  return p->matching == 0 || p->data.len == sizes[p->matching];
}

/* Counts the records; where `list` is given, which has room for what an earlier walk counted, keeps the usable ones as well. */
static int walk(const struct ehlo_dnsmsg *m, struct ehlo_tlsa *list, unsigned char *room, struct harvest *h) {
  struct ehlo_dns_record r;
  size_t at = 0;
  int more;
  *h = (struct harvest){0};
  while ((more = ehlo_dnsmsg_next(m, &at, &r)) > 0) {
    struct ehlo_dns_pin p;
    if (r.type != EHLO_RR_TLSA) continue;
    h->seen++;
    if (ehlo_dns_tlsa(&r, &p) != 0 || !is_usable(&p)) continue;
    if (list) {
      unsigned char *data = memcpy(room + h->bytes, p.data.ptr, p.data.len);
      list[h->usable] = (struct ehlo_tlsa){p.usage, p.selector, p.matching, data, p.data.len};
    }
    h->usable++;
    h->bytes += p.data.len;
  }
  return more;
}

/* Records and their data in one piece. */
static int keep(struct ehlo_session *s, const struct ehlo_dnsmsg *m, struct harvest *h) {
  int error = walk(m, NULL, NULL, h);
  if (error || h->usable == 0) return error;
  const size_t head = (size_t)h->usable * sizeof *s->tlsa;
  s->tlsa = ehlo_memory_zalloc(1, head + h->bytes);
  if (!s->tlsa) return EHLO_E_MEMORY;
  error = walk(m, s->tlsa, (unsigned char *)s->tlsa + head, h);
  s->n_tlsa = h->usable;
  return error;
}

/* The rest of the session, and its outcome, are those of a level below dane. */
static void lower(struct ehlo_session *s, enum ehlo_tls_level level) {
  s->options.tls_level = s->record->tls_level = level;
}

static void say_unprotected(struct ehlo_session *s, const char *name, const struct harvest *h) {
  const char *const on = "the session went on as with level may";
  if (ehlo_resolver_insecure(s->env->resolver))
    (void)ehlo_record_find(s->record, "dnssec-invalid",
                           "The name servers in use do not deliver what DNSSEC needs, so that the TLSA records of %s "
                           "cannot be relied on: %s. Name another server with --resolver.",
                           name, on);
  else if (h->seen > 0)
    (void)ehlo_record_find(s->record, "dnssec-invalid",
                           "DNSSEC does not protect %s, so that its TLSA records cannot be relied on: %s.", name, on);
  else
    (void)ehlo_record_find(s->record, "dane-required",
                           "Level dane was asked for, and %s has no TLSA records, nor is the name protected by "
                           "DNSSEC: %s.",
                           name, on);
}

/* What the server's own records allow. */
static void judge(struct ehlo_session *s, const char *name, bool secure, const struct harvest *h) {
  if (!secure) {
    lower(s, EHLO_TLS_MAY);
    say_unprotected(s, name, h);
  } else if (h->seen == 0) {
    lower(s, EHLO_TLS_MAY);
    (void)ehlo_record_find(s->record, "dane-required",
                           "Level dane was asked for, and %s has no TLSA records: the session went on as with level "
                           "may.",
                           name);
  } else if (h->usable == 0) {
    lower(s, EHLO_TLS_ENCRYPT); /* RFC 7672 2.2: whoever publishes records has TLS */
    (void)ehlo_record_find(s->record, "tlsa-invalid",
                           "%s has %d TLSA record%s, none of which SMTP can use (usage 2 or 3, with a selector, a "
                           "matching type and data that fit): the session went on as with level encrypt.",
                           name, h->seen, h->seen == 1 ? "" : "s");
  } else {
    session_note(s, "%d TLSA record%s", h->usable, h->usable == 1 ? "" : "s");
  }
}

static void lookup_failed(struct ehlo_session *s, const char *name, const struct ehlo_dns_answer *a) {
  const char *why = a->why[0] ? a->why : a->reason ? a->reason : ehlo_error_text(a->error);
  if (a->security < 0)
    session_fail(s, EHLO_E_DNS, "bogus", "the TLSA records of %s fail validation by DNSSEC: %s", name, why);
  else
    session_fail(s, EHLO_E_DNS, a->reason, "the TLSA records of %s could not be looked up: %s", name, why);
}

static void answered(void *arg, const struct ehlo_dns_answer *a) {
  struct ehlo_session *s = arg;
  struct harvest h = {0};
  char name[EHLO_DNS_NAME];
  name_of(s, name);
  s->question = NULL;
  const bool exists = a->rcode == 0, denied = a->rcode == 3;
  if (a->security < 0 || a->error || (!exists && !denied)) {
    lookup_failed(s, name, a);
    return;
  }
  const bool secure = a->security == EHLO_DNS_SECURE;
  const int error = !exists ? 0 : secure ? keep(s, &a->message, &h) : walk(&a->message, NULL, NULL, &h);
  if (error) {
    session_fail(s, error == EHLO_E_MEMORY ? error : EHLO_E_DNS, NULL, "the TLSA records of %s: %s", name,
                 ehlo_error_text(error));
    return;
  }
  judge(s, name, secure, &h);
  session_dial(s);
}

void session_dane_nameless(struct ehlo_session *s) {
  lower(s, EHLO_TLS_MAY);
  (void)ehlo_record_find(s->record, "dane-required",
                         "Level dane was asked for, and the target is no host name, so that there is none to look up "
                         "TLSA records for: the session went on as with level may.");
}

void session_dane_ask(struct ehlo_session *s) {
  struct ehlo_question *question = NULL;
  char name[EHLO_DNS_NAME];
  name_of(s, name);
  session_extend(s);
  struct ehlo_resolver *resolver = ehlo_smtp_env_resolver(s->env); /* another one, perhaps, than before */
  int error = EHLO_E_MEMORY;
  if (resolver) error = ehlo_resolver_ask(resolver, name, EHLO_RR_TLSA, s->op.deadline.at, answered, s, &question);
  if (error)
    session_fail(s, error == EHLO_E_MEMORY ? error : EHLO_E_DNS, "resolver",
                 "the TLSA records of %s could not be asked for: %s", name, ehlo_error_text(error));
  else
    s->question = question;
}
