/* Owns: names to addresses and records: /etc/hosts, then resolv.conf's servers through libunbound on the loop,
 * validated. Callers: sessions, the dns binding. libunbound is opened at the first question. */
#ifndef EHLO_NET_RESOLVER_H
#define EHLO_NET_RESOLVER_H

#include "ehlo/core/dnsmsg.h"
#include "ehlo/net/endpoint.h"
#include "ehlo/net/loop.h"

struct ehlo_resolver_options {
  const char *server;       /* ADDRESS[:PORT] ([v6]:port too) in place of resolv.conf's; NULL */
  const char *trust_anchor; /* file; NULL: dns-root-data's /usr/share/dns/root.key; "" for none */
  const char *hosts;        /* NULL: /etc/hosts; "" for none */
  const char *resolv_conf;  /* NULL: /etc/resolv.conf */
  bool recursive;           /* ask the authoritative servers from the root down */
};

enum ehlo_dns_security { EHLO_DNS_BOGUS = -1, EHLO_DNS_INSECURE = 0, EHLO_DNS_SECURE = 1 };

struct ehlo_dns_answer {
  int error; /* 0 (rcode tells), EHLO_E_DNS (no server answered, bogus), EHLO_E_TIMEOUT, EHLO_E_CANCELLED */
  int rcode;
  enum ehlo_dns_security security;
  /* Static word: NULL, "nxdomain", "no-data", "servfail", "bogus", "refused", "timeout", "resolver". */
  const char *reason;
  char why[200];              /* libunbound's reason for bogus, or a sentence */
  struct ehlo_dnsmsg message; /* valid during the callback only */
};

struct ehlo_resolver;
struct ehlo_question;

/* NULL: no memory. */
struct ehlo_resolver *ehlo_resolver_new(struct ehlo_loop *loop, const struct ehlo_resolver_options *options);
/* Whoever waits is not told. Safe from inside an answer; before the loop is freed. */
void ehlo_resolver_free(struct ehlo_resolver *r);
/* EHLO_E_SYNTAX with a sentence where the options cannot be used (checked without asking anything). */
int ehlo_resolver_check(const struct ehlo_resolver_options *options, const char **why);
/* The servers that the options name, or resolv.conf's, at most `max` of them; none where the world is asked itself. */
int ehlo_resolver_servers(const struct ehlo_resolver_options *options, struct ehlo_endpoint *out, int max);
/* True while somebody waits for an answer: freeing it now would leave them with a question that is gone. */
bool ehlo_resolver_busy(const struct ehlo_resolver *r);
/* True when validation had to be switched off, since the servers do not deliver the root's keys. Known after the
 * first answer. */
bool ehlo_resolver_insecure(const struct ehlo_resolver *r);
/* True once it is known that it can validate, and does. */
bool ehlo_resolver_validates(const struct ehlo_resolver *r);

/* A name as the DNS has it: IDNA 2008 A-labels for what is not ASCII, lengths checked. EHLO_E_SYNTAX, EHLO_E_MEMORY. */
int ehlo_resolver_name(const char *name, char out[256]);

/* One question. `name` in presentation form; names in UTF-8 are turned into IDNA 2008 A-labels first. The callback
 * comes exactly once, perhaps before this returns (*out is then NULL). An error return means that the callback will
 * not come. */
int ehlo_resolver_ask(struct ehlo_resolver *r, const char *name, uint16_t type, double deadline,
                      void (*answered)(void *arg, const struct ehlo_dns_answer *answer), void *arg,
                      struct ehlo_question **out);
void ehlo_question_cancel(struct ehlo_question *q); /* the callback will not come */

/* All addresses of a name: hosts file first, else A and AAAA side by side (`family` 0, 4 or 6). IPv6 first, as RFC 6724
 * orders by default, only where this machine has a global address and a route, else IPv4 first. Same callback rules. */
struct ehlo_addresses {
  int error;          /* 0 when there is at least one */
  const char *reason; /* as above; "no-address" where the name exists without any */
  char why[200];
  int security;               /* -2 where the hosts file or a literal answered */
  struct ehlo_endpoint *list; /* valid during the callback; ports are 0 */
  int n;
};
int ehlo_resolver_addresses(struct ehlo_resolver *r, const char *name, int family, double deadline,
                            void (*answered)(void *arg, const struct ehlo_addresses *found), void *arg,
                            struct ehlo_question **out);

#endif
