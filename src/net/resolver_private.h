/* Owns: the inside of the resolver, shared by its files: resolver.c (questions), resolver_context.c (libunbound's
 * set-up), resolver_name.c and resolver_addresses.c. Callers: those only. */
#ifndef EHLO_NET_RESOLVER_PRIVATE_H
#define EHLO_NET_RESOLVER_PRIVATE_H

#include "ehlo/net/resolver.h"
#include "hosts.h"
#include "loop_private.h"

struct ub_ctx;
struct lookup;

/* What a caller holds: a question or a search for addresses. */
struct ehlo_question {
  void (*cancel)(struct ehlo_question *q);
};

enum asked_state {
  ASKED_HELD, /* waits until the set-up is known to work, or until libunbound can be entered */
  ASKED_SENT  /* libunbound has it, and will call back: it knows no cancel that could be relied on */
};

struct asked {
  struct ehlo_question head; /* first */
  struct ehlo_resolver *resolver;
  struct asked *next, **at; /* in `held` or `sent` */
  enum asked_state state;
  bool detached; /* nobody waits any more; freed when libunbound calls back */
  bool *inside;  /* raised when the answer comes before the asking call has returned */
  uint16_t type;
  struct ehlo_timer timer;
  void (*answered)(void *arg, const struct ehlo_dns_answer *answer);
  void *arg;
  char name[256];
};

enum resolver_stage {
  RESOLVER_COLD,    /* libunbound was not opened yet */
  RESOLVER_PROBING, /* the root's keys were asked for; questions are held meanwhile */
  RESOLVER_LAME,    /* they were not delivered: a context without anchor is to be made, from the loop */
  RESOLVER_READY
};

struct ehlo_resolver {
  struct ehlo_loop *loop;
  struct ehlo_resolver_options options; /* strings are ours */
  struct ub_ctx *context;
  enum resolver_stage stage;
  bool insecure;
  bool dying; /* freed inside a callback of libunbound */
  int inside; /* depth of its callbacks */
  struct asked *held, **held_end, *sent;
  struct lookup *lookups; /* searches for addresses under way */
  struct ehlo_later later;
  struct ehlo_hosts *hosts; /* NULL until first used */
  double route_checked;     /* when it was last seen whether there is an IPv6 route */
  bool has_route6;
};

/* A context by the options, with or without trust anchor. NULL: with an error and a static sentence. */
struct ub_ctx *ehlo_resolver_context(struct ehlo_resolver *r, bool anchored, int *error, const char **why);
/* The trust anchor's file, or NULL where there is none. */
const char *ehlo_resolver_anchor(const struct ehlo_resolver_options *options);
/* The zone that it is for: "." but for a file of one's own. */
void ehlo_resolver_anchor_name(const struct ehlo_resolver_options *options, char out[256]);

/* Frees the searches for addresses that are under way; nobody is told. */
void ehlo_resolver_drop_lookups(struct ehlo_resolver *r);

/* True when this machine would reach a global IPv6 address from a global one of its own; looks anew after some
 * seconds. */
bool ehlo_resolver_route6(struct ehlo_resolver *r);

#endif
