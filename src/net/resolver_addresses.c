/* Owns: all addresses of a name: literals, the hosts file, localhost, else A and AAAA side by side, in the order in
 * which to try them. Callers: sessions, the dns binding. */
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "resolver_private.h"

enum { LIST_MAX = 128, ROUTE_SECONDS = 10, NOT_ASKED = -2 };

struct half {
  struct ehlo_question *question;
  bool pending;
  int error;
  const char *reason;
  enum ehlo_dns_security security;
  int n;
  char why[200];
};

struct lookup {
  struct ehlo_question head; /* first */
  struct ehlo_resolver *resolver;
  struct lookup *next, **at; /* all of the resolver's, to be freed with it */
  struct half half[2];       /* A, AAAA */
  void (*answered)(void *arg, const struct ehlo_addresses *found);
  void *arg;
  bool asking; /* the second question is still to be asked */
  struct ehlo_endpoint *list[2];
};

static void free_lookup(struct lookup *l) {
  *l->at = l->next;
  if (l->next) l->next->at = l->at;
  ehlo_memory_free(l->list[0]);
  ehlo_memory_free(l->list[1]);
  ehlo_memory_free(l);
}

void ehlo_resolver_drop_lookups(struct ehlo_resolver *r) {
  while (r->lookups)
    free_lookup(r->lookups);
}

/* --- which family first --- */

/* RFC 6724: an IPv6 destination is worth trying first where the kernel would use a global source address for it; one of
 * fc00::/7 has another label than global addresses have, and loses to IPv4. No packet is sent. */
static bool see_route6(void) {
  const struct sockaddr_in6 far = {
      .sin6_port = htons(25), .sin6_family = AF_INET6, .sin6_addr = {{{0x20, 0x01, 0x07, 0xfe, [15] = 0x53}}}};
  struct sockaddr_in6 own = {0};
  socklen_t len = sizeof own;
  int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  bool found = connect(fd, (const struct sockaddr *)&far, sizeof far) == 0 &&
               getsockname(fd, (struct sockaddr *)&own, &len) == 0;
  close(fd);
  return found && (own.sin6_addr.s6_addr[0] & 0xe0) == 0x20;
}

bool ehlo_resolver_route6(struct ehlo_resolver *r) {
  double now = ehlo_loop_now(r->loop);
  if (r->route_checked < 0 || now - r->route_checked > ROUTE_SECONDS) {
    r->route_checked = now;
    r->has_route6 = see_route6();
  }
  return r->has_route6;
}

/* --- without the DNS --- */

static int put_in_order(struct ehlo_resolver *r, const struct ehlo_endpoint *in, int n, struct ehlo_endpoint *out) {
  int first = ehlo_resolver_route6(r) ? 6 : 4, filled = 0;
  for (int pass = 0; pass < 2; pass++)
    for (int i = 0; i < n; i++)
      if ((in[i].family == first) == (pass == 0)) out[filled++] = in[i];
  return filled;
}

static int loopback(int family, struct ehlo_endpoint *out) {
  int n = 0;
  if (family != 6) out[n++] = (struct ehlo_endpoint){.family = 4, .bytes = {127, 0, 0, 1}};
  if (family != 4) out[n++] = (struct ehlo_endpoint){.family = 6, .bytes = {[15] = 1}};
  return n;
}

/* RFC 6761 6.3: never asked of anybody. */
static bool is_localhost(struct ehlo_slice name) {
  static const struct ehlo_slice word = {"localhost", 9};
  if (name.len && name.ptr[name.len - 1] == '.') name.len--;
  if (name.len < word.len) return false;
  struct ehlo_slice end = ehlo_slice_of(name.ptr + name.len - word.len, word.len);
  return ehlo_slice_equal_nocase(end, word) && (name.len == word.len || end.ptr[-1] == '.');
}

/* Addresses known without a question; 0 for none, EHLO_E_MEMORY. */
static int known(struct ehlo_resolver *r, const char *name, int family, struct ehlo_endpoint *out) {
  struct ehlo_slice s = ehlo_slice_str(name);
  if (!r->hosts) r->hosts = ehlo_hosts_read(r->options.hosts ? r->options.hosts : "/etc/hosts");
  if (!r->hosts) return EHLO_E_MEMORY;
  struct ehlo_endpoint found[LIST_MAX];
  int n = ehlo_hosts_find(r->hosts, s, family, found, LIST_MAX);
  if (!n && is_localhost(s)) n = loopback(family, found);
  return put_in_order(r, found, n, out);
}

static bool is_literal(const char *name, struct ehlo_endpoint *out) {
  struct ehlo_slice s = ehlo_slice_str(name);
  return ehlo_endpoint_read(s, 0, out) == 0 && out->family != 1;
}

static void tell_at_once(struct ehlo_endpoint *list, int n,
                         void (*answered)(void *arg, const struct ehlo_addresses *found), void *arg) {
  struct ehlo_addresses found = {.security = NOT_ASKED, .list = list, .n = n};
  answered(arg, &found);
}

static void tell_wrong_family(const char *name, int family,
                              void (*answered)(void *arg, const struct ehlo_addresses *found), void *arg) {
  struct ehlo_addresses found = {.error = EHLO_E_DNS, .reason = "no-address", .security = NOT_ASKED};
  snprintf(found.why, sizeof found.why, "%.60s is no IPv%d address", name, family);
  answered(arg, &found);
}

/* --- with the DNS --- */

static bool same_address(const struct ehlo_endpoint *a, const struct ehlo_endpoint *b) {
  return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static void take_records(struct lookup *l, int which, const struct ehlo_dnsmsg *m) {
  struct half *h = &l->half[which];
  const uint16_t type = which ? EHLO_RR_AAAA : EHLO_RR_A;
  const size_t len = which ? 16 : 4;
  struct ehlo_dns_record record;
  size_t pos = 0;
  while (h->n < LIST_MAX && ehlo_dnsmsg_next(m, &pos, &record) > 0) {
    if (record.type != type || record.rdata.len != len) continue;
    struct ehlo_endpoint e = {.family = which ? 6 : 4};
    memcpy(e.bytes, record.rdata.ptr, len);
    bool seen = false;
    for (int i = 0; i < h->n; i++)
      seen |= same_address(&l->list[which][i], &e);
    if (seen) continue;
    struct ehlo_endpoint *grown = ehlo_memory_realloc(l->list[which], (size_t)(h->n + 1) * sizeof *grown);
    if (!grown) {
      h->error = EHLO_E_MEMORY;
      return;
    }
    l->list[which] = grown;
    grown[h->n++] = e;
  }
}

/* What to say where neither half has an address: a failure outweighs "not there", for it may hide an address. */
static void sum_up_trouble(struct lookup *l, struct ehlo_addresses *a) {
  const struct half *told = NULL;
  for (int i = 0; i < 2; i++) {
    const struct half *h = &l->half[i];
    if (!h->reason && !h->error) continue;
    if (!told || (h->error && !told->error)) told = h;
  }
  a->error = told && told->error ? told->error : EHLO_E_DNS;
  a->reason = told ? told->reason : "no-address";
  a->security = told ? (int)told->security : EHLO_DNS_INSECURE;
  if (told) snprintf(a->why, sizeof a->why, "%s", told->why);
  if (!a->reason || strcmp(a->reason, "no-data") != 0) return;
  a->reason = "no-address";
  if (l->half[0].reason && l->half[1].reason)
    snprintf(a->why, sizeof a->why, "the name exists, but has neither an A nor an AAAA record");
}

static void tell(struct lookup *l) {
  struct ehlo_addresses a = {.security = EHLO_DNS_SECURE};
  int total = l->half[0].n + l->half[1].n, first = ehlo_resolver_route6(l->resolver) ? 1 : 0;
  struct ehlo_endpoint *all = NULL;
  if (total) {
    all = ehlo_memory_zalloc((size_t)total, sizeof *all);
    if (!all) a.error = EHLO_E_MEMORY;
  } else {
    sum_up_trouble(l, &a);
  }
  for (int pass = 0; all && pass < 2; pass++) {
    int which = pass == 0 ? first : 1 - first;
    if (!l->half[which].n) continue;
    memcpy(all + a.n, l->list[which], (size_t)l->half[which].n * sizeof *all);
    a.n += l->half[which].n;
    if ((int)l->half[which].security < a.security) a.security = (int)l->half[which].security;
  }
  a.list = all;
  void (*answered)(void *arg, const struct ehlo_addresses *found) = l->answered;
  void *arg = l->arg;
  free_lookup(l); /* first: the receiver may free the resolver */
  answered(arg, &a);
  ehlo_memory_free(all);
}

static void have_half(struct lookup *l, int which, const struct ehlo_dns_answer *answer) {
  struct half *h = &l->half[which];
  h->pending = false;
  h->question = NULL;
  h->error = answer->error;
  h->reason = answer->reason;
  h->security = answer->security;
  snprintf(h->why, sizeof h->why, "%s", answer->why);
  if (!answer->error && !answer->reason) take_records(l, which, &answer->message);
  if (!l->asking && !l->half[0].pending && !l->half[1].pending) tell(l);
}
static void have_a(void *arg, const struct ehlo_dns_answer *answer) {
  have_half(arg, 0, answer);
}
static void have_aaaa(void *arg, const struct ehlo_dns_answer *answer) {
  have_half(arg, 1, answer);
}

static void cancel_lookup(struct ehlo_question *q) {
  struct lookup *l = (struct lookup *)q;
  for (int i = 0; i < 2; i++)
    ehlo_question_cancel(l->half[i].question);
  free_lookup(l);
}

static int ask_half(struct lookup *l, int which, const char *name, double deadline) {
  struct half *h = &l->half[which];
  h->pending = true;
  int error = ehlo_resolver_ask(l->resolver, name, which ? EHLO_RR_AAAA : EHLO_RR_A, deadline,
                                which ? have_aaaa : have_a, l, &h->question);
  if (error) h->pending = false;
  return error;
}

static int ask_both(struct ehlo_resolver *r, const char *name, int family, double deadline,
                    void (*answered)(void *arg, const struct ehlo_addresses *found), void *arg,
                    struct ehlo_question **out) {
  struct lookup *l = ehlo_memory_zalloc(1, sizeof *l);
  if (!l) return EHLO_E_MEMORY;
  l->head.cancel = cancel_lookup;
  l->resolver = r;
  l->answered = answered;
  l->arg = arg;
  l->asking = true;
  l->next = r->lookups;
  l->at = &r->lookups;
  if (l->next) l->next->at = &l->next;
  r->lookups = l;
  int error = 0;
  for (int which = 0; which < 2 && !error; which++)
    if (!family || family == (which ? 6 : 4)) error = ask_half(l, which, name, deadline);
  if (error) {
    cancel_lookup(&l->head);
    return error;
  }
  l->asking = false;
  if (l->half[0].pending || l->half[1].pending) {
    *out = &l->head;
  } else {
    tell(l);
  }
  return 0;
}

int ehlo_resolver_addresses(struct ehlo_resolver *r, const char *name, int family, double deadline,
                            void (*answered)(void *arg, const struct ehlo_addresses *found), void *arg,
                            struct ehlo_question **out) {
  struct ehlo_endpoint list[LIST_MAX];
  char ascii[256];
  *out = NULL;
  if (is_literal(name, &list[0])) {
    if (family && list[0].family != family) {
      tell_wrong_family(name, family, answered, arg);
    } else {
      tell_at_once(list, 1, answered, arg);
    }
    return 0;
  }
  int error = ehlo_resolver_name(name, ascii);
  if (error) return error;
  int n = known(r, ascii, family, list);
  if (n < 0) return n;
  if (n == 0) return ask_both(r, ascii, family, deadline, answered, arg, out);
  tell_at_once(list, n, answered, arg);
  return 0;
}
