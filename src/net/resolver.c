/* Owns: questions to libunbound on the loop: held until it is known whether validation works, sent, answered once,
 * with a deadline. Callers: sessions, the dns binding, resolver_addresses.c. */
#include <stddef.h>
#include <stdio.h>
#include <unbound-event.h>
#include <unbound.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/core/dnsrdata.h"
#include "resolver_private.h"

enum { CLASS_IN = 1, TYPE_DNSKEY = 48, TYPE_ANY = 255, RCODE_SERVFAIL = 2, RCODE_NXDOMAIN = 3, RCODE_REFUSED = 5 };

static void on_later(struct ehlo_later *l);

/* --- life --- */

static bool copy(const char **field) {
  if (!*field) return true;
  *field = ehlo_memory_dup(*field, strlen(*field));
  return *field != NULL;
}

struct ehlo_resolver *ehlo_resolver_new(struct ehlo_loop *loop, const struct ehlo_resolver_options *options) {
  struct ehlo_resolver *r = ehlo_memory_zalloc(1, sizeof *r);
  if (!r) return NULL;
  r->loop = loop;
  r->held_end = &r->held;
  r->later.run = on_later;
  r->route_checked = -1;
  if (options) r->options = *options;
  struct ehlo_resolver_options *o = &r->options;
  const char **fields[] = {&o->server, &o->trust_anchor, &o->hosts, &o->resolv_conf};
  bool fine = true;
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    if (!fine) *fields[i] = NULL; /* still the caller's */
    fine = fine && copy(fields[i]);
  }
  if (fine) return r;
  ehlo_resolver_free(r);
  return NULL;
}

static void unlink_asked(struct asked *q) {
  struct ehlo_resolver *r = q->resolver;
  *q->at = q->next;
  if (q->next) {
    q->next->at = q->at;
  } else if (r->held_end == &q->next) {
    r->held_end = q->at;
  }
}

static void drop(struct asked *q) {
  ehlo_timer_disarm(&q->timer);
  unlink_asked(q);
  ehlo_memory_free(q);
}

static void destroy(struct ehlo_resolver *r) {
  if (r->context) ub_ctx_delete(r->context);
  ehlo_later_remove(
      r->loop, &r->later); /* only now: libunbound ends what it was asked, and a probe that ends asks for its turn */
  while (r->held)
    drop(r->held);
  while (r->sent)
    drop(r->sent);
  ehlo_resolver_drop_lookups(r);
  ehlo_hosts_free(r->hosts);
  ehlo_memory_free((char *)r->options.server);
  ehlo_memory_free((char *)r->options.trust_anchor);
  ehlo_memory_free((char *)r->options.hosts);
  ehlo_memory_free((char *)r->options.resolv_conf);
  ehlo_memory_free(r);
}

static void detach(struct asked *q) {
  q->detached = true;
  ehlo_timer_disarm(&q->timer);
  if (q->state == ASKED_HELD) drop(q);
}

void ehlo_resolver_free(struct ehlo_resolver *r) {
  if (!r) return;
  while (r->held)
    drop(r->held);
  for (struct asked *q = r->sent; q; q = q->next)
    detach(q);
  ehlo_resolver_drop_lookups(r);
  if (!r->inside) {
    destroy(r);
    return;
  }
  r->dying = true; /* libunbound cannot be deleted from inside its own callback */
  ehlo_later_add(r->loop, &r->later);
}

bool ehlo_resolver_insecure(const struct ehlo_resolver *r) {
  return r->insecure;
}

bool ehlo_resolver_validates(const struct ehlo_resolver *r) {
  return r->stage == RESOLVER_READY && !r->insecure && ehlo_resolver_anchor(&r->options);
}

/* --- answers --- */

static void deliver(struct asked *q, const struct ehlo_dns_answer *answer) {
  void (*answered)(void *arg, const struct ehlo_dns_answer *answer) = q->answered;
  void *arg = q->arg;
  if (q->inside) *q->inside = true;
  q->inside = NULL;
  detach(q); /* a held one is gone now; one that was sent is libunbound's to end */
  answered(arg, answer);
}

static void fail(struct asked *q, int error, const char *reason, const char *why) {
  struct ehlo_dns_answer a = {.error = error, .rcode = RCODE_SERVFAIL, .reason = reason};
  snprintf(a.why, sizeof a.why, "%s", why);
  deliver(q, &a);
}

static void expire(struct ehlo_timer *t) {
  struct asked *q = (struct asked *)((char *)t - offsetof(struct asked, timer));
  char why[200];
  snprintf(why, sizeof why, "no answer about %.140s came in time", q->name);
  fail(q, EHLO_E_TIMEOUT, "timeout", why);
}

static bool has_record(const struct ehlo_dnsmsg *m, uint16_t type) {
  struct ehlo_dns_record record;
  size_t pos = 0;
  while (ehlo_dnsmsg_next(m, &pos, &record) > 0)
    if (record.type == type || type == TYPE_ANY) return true;
  return false;
}

static void judge_rcode(const struct asked *q, struct ehlo_dns_answer *a) {
  const char *type = ehlo_rrtype_name(q->type);
  if (a->rcode == 0) {
    if (has_record(&a->message, q->type)) return;
    a->reason = "no-data";
    snprintf(a->why, sizeof a->why, "%.140s has no %s record", q->name, type ? type : "such");
  } else if (a->rcode == RCODE_NXDOMAIN) {
    a->reason = "nxdomain";
    snprintf(a->why, sizeof a->why, "the name %.140s does not exist", q->name);
  } else if (a->rcode == RCODE_REFUSED) {
    a->error = EHLO_E_DNS;
    a->reason = "refused";
    snprintf(a->why, sizeof a->why, "the resolver refuses to answer about %.140s", q->name);
  } else {
    a->error = EHLO_E_DNS;
    a->reason = "servfail";
    snprintf(a->why, sizeof a->why, "no server gave a usable answer about %.120s: they failed, or stayed silent",
             q->name);
  }
}

static void judge(const struct asked *q, int rcode, struct ehlo_slice packet, int security, const char *why,
                  struct ehlo_dns_answer *a) {
  *a = (struct ehlo_dns_answer){.rcode = rcode};
  a->security = security == 1 ? EHLO_DNS_BOGUS : security == 2 ? EHLO_DNS_SECURE : EHLO_DNS_INSECURE;
  bool opened = rcode == 0 && ehlo_dnsmsg_open(packet, &a->message) == 0;
  if (opened) a->rcode = a->message.rcode;
  if (a->security == EHLO_DNS_BOGUS) {
    a->error = EHLO_E_DNS;
    a->reason = "bogus";
    snprintf(a->why, sizeof a->why, "%s", why ? why : "DNSSEC validation failed");
  } else if (rcode == 0 && !opened) {
    a->error = EHLO_E_DNS;
    a->reason = "resolver";
    snprintf(a->why, sizeof a->why, "the resolver library gave an answer that cannot be read");
  } else {
    judge_rcode(q, a);
  }
}

static struct ehlo_slice packet_of(const void *packet, int len) {
  return ehlo_slice_of(packet && len > 0 ? packet : "", packet && len > 0 ? (size_t)len : 0);
}

/* May come before ub_resolve_event has returned. The packet lies in a buffer that the next question overwrites:
 * questions asked from inside here are held until it is over. */
static void on_answer(void *arg, int rcode, void *packet, int len, int security, char *why, int limited) {
  struct asked *q = arg;
  struct ehlo_resolver *r = q->resolver;
  (void)limited;
  if (!q->detached) {
    struct ehlo_dns_answer a;
    judge(q, rcode, packet_of(packet, len), security, why, &a);
    r->inside++;
    deliver(q, &a);
    r->inside--;
  }
  drop(q);
}

/* --- asking --- */

static void link_held(struct ehlo_resolver *r, struct asked *q) {
  q->state = ASKED_HELD;
  q->next = NULL;
  q->at = r->held_end;
  *r->held_end = q;
  r->held_end = &q->next;
}

static void move_to_sent(struct ehlo_resolver *r, struct asked *q) {
  unlink_asked(q);
  q->state = ASKED_SENT;
  q->next = r->sent;
  q->at = &r->sent;
  if (r->sent) r->sent->at = &q->next;
  r->sent = q;
}

static void send_one(struct ehlo_resolver *r, struct asked *q) {
  move_to_sent(r, q);
  r->inside++; /* whoever is answered may free the resolver, or ask again */
  int rc = ub_resolve_event(r->context, q->name, q->type, CLASS_IN, q, on_answer, NULL);
  if (rc) { /* else the question may be answered already, and gone */
    if (!q->detached) fail(q, rc == UB_NOMEM ? EHLO_E_MEMORY : EHLO_E_DNS, "resolver", ub_strerror(rc));
    drop(q);
  }
  r->inside--;
}

/* RFC 4035 5: without the root's keys nothing can be validated, and everything would be bogus. A resolver that
 * withholds them is common enough (old ones, captive ones): validation is given up then, and said to be. */
static void on_probe(void *arg, int rcode, void *packet, int len, int security, char *why, int limited) {
  struct ehlo_resolver *r = arg;
  (void)packet, (void)len, (void)why, (void)limited;
  r->stage = rcode != 0 || security == 1 ? RESOLVER_LAME : RESOLVER_READY;
  ehlo_later_add(r->loop, &r->later);
}

static int open_context(struct ehlo_resolver *r, bool anchored) {
  const char *why;
  int error;
  r->context = ehlo_resolver_context(r, anchored, &error, &why);
  if (!r->context) return error;
  r->stage = RESOLVER_READY;
  if (!anchored || !ehlo_resolver_anchor(&r->options)) return 0;
  if (r->options.recursive) return 0; /* no resolver stands between that could keep DNSSEC back */
  r->stage = RESOLVER_PROBING;
  char name[256];
  ehlo_resolver_anchor_name(&r->options, name);
  int rc = ub_resolve_event(r->context, name, TYPE_DNSKEY, CLASS_IN, r, on_probe, NULL);
  if (!rc) return 0;
  ub_ctx_delete(r->context);
  r->context = NULL;
  r->stage = RESOLVER_COLD;
  return rc == UB_NOMEM ? EHLO_E_MEMORY : EHLO_E_SYSTEM;
}

/* Those that were held when it began; what they lead to waits for the next turn. */
static void release(struct ehlo_resolver *r, int error) {
  int n = 0;
  for (struct asked *q = r->held; q; q = q->next)
    n++;
  r->inside++;
  for (; n > 0 && r->held; n--) {
    if (error) {
      fail(r->held, error, "resolver", "the resolver library could not be set up");
    } else {
      send_one(r, r->held);
    }
  }
  r->inside--;
}

static void on_later(struct ehlo_later *l) {
  struct ehlo_resolver *r = (struct ehlo_resolver *)((char *)l - offsetof(struct ehlo_resolver, later));
  int error = 0;
  if (r->dying) {
    destroy(r);
    return;
  }
  if (r->stage == RESOLVER_LAME) {
    ub_ctx_delete(r->context);
    r->insecure = true;
    r->stage = RESOLVER_COLD;
    error = open_context(r, false);
  }
  if (r->stage == RESOLVER_PROBING) return;
  release(r, error);
  if (!r->dying && r->held && r->stage == RESOLVER_READY) ehlo_later_add(r->loop, &r->later);
}

static void cancel_asked(struct ehlo_question *q) {
  detach((struct asked *)q);
}

void ehlo_question_cancel(struct ehlo_question *q) {
  if (q) q->cancel(q);
}

static struct asked *make(struct ehlo_resolver *r, const char *name, uint16_t type, int *error) {
  struct asked *q = ehlo_memory_zalloc(1, sizeof *q);
  *error = q ? ehlo_resolver_name(name, q->name) : EHLO_E_MEMORY;
  if (*error) {
    ehlo_memory_free(q);
    return NULL;
  }
  q->head.cancel = cancel_asked;
  q->resolver = r;
  q->type = type;
  ehlo_timer_init(&q->timer, r->loop, expire);
  return q;
}

int ehlo_resolver_ask(struct ehlo_resolver *r, const char *name, uint16_t type, double deadline,
                      void (*answered)(void *arg, const struct ehlo_dns_answer *answer), void *arg,
                      struct ehlo_question **out) {
  int error;
  *out = NULL;
  struct asked *q = make(r, name, type, &error);
  if (!q) return error;
  q->answered = answered;
  q->arg = arg;
  if (r->stage == RESOLVER_COLD) error = open_context(r, !r->insecure);
  if (!error && deadline > 0) error = ehlo_timer_arm(&q->timer, deadline);
  if (error) {
    ehlo_memory_free(q);
    return error;
  }
  link_held(r, q);
  bool inside = false;
  if (r->stage != RESOLVER_READY || r->inside || r->held != q) {
    if (r->stage == RESOLVER_READY) ehlo_later_add(r->loop, &r->later);
  } else {
    q->inside = &inside;
    send_one(r, q);
  }
  if (inside) return 0;
  q->inside = NULL;
  *out = &q->head;
  return 0;
}

bool ehlo_resolver_busy(const struct ehlo_resolver *r) {
  for (const struct asked *q = r->sent; q; q = q->next)
    if (!q->detached) return true;
  return r->held != NULL || r->lookups != NULL;
}
