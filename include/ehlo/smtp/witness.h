/* Owns: telling a block on this side from trouble at the other: hosts that are known to answer are asked whether port 25 leads anywhere
 * from here. Callers: probes that could not connect. One inquiry serves all of them, and its answer holds for a while. */
#ifndef EHLO_SMTP_WITNESS_H
#define EHLO_SMTP_WITNESS_H

#include <sys/queue.h>

#include "ehlo/net/endpoint.h"
#include "ehlo/net/op.h"

struct ehlo_smtp_env;
struct ehlo_witness_inquiry; /* under way */

enum ehlo_witness_verdict { EHLO_WITNESS_UNKNOWN, EHLO_WITNESS_ANSWERED, EHLO_WITNESS_SILENT };
enum { EHLO_WITNESSES_MAX = 8 };

/* Whoever waits for the verdict. Embedded in the probe. */
struct ehlo_witness_wait {
  struct ehlo_op op; /* done when the verdict is there */
  struct ehlo_witnesses *of;
  TAILQ_ENTRY(ehlo_witness_wait) link;
};

struct ehlo_witnesses {
  struct ehlo_smtp_env *env;
  char *names[EHLO_WITNESSES_MAX]; /* owned; HOST or HOST:PORT */
  int n;
  bool asking; /* the verdict is to come */
  bool chosen; /* named by a person: asked whatever the target's address and port */
  enum ehlo_witness_verdict verdict;
  double decided; /* loop clock */
  struct ehlo_witness_inquiry *inquiry;
  TAILQ_HEAD(, ehlo_witness_wait) waiting;
};

void ehlo_witnesses_init(struct ehlo_witnesses *w,
                         struct ehlo_smtp_env *env); /* big mail providers, until told otherwise */
void ehlo_witnesses_fini(struct ehlo_witnesses *w);
/* Whom to ask from now on; none at all for n = 0. EHLO_E_LIMIT, EHLO_E_MEMORY, EHLO_E_SYNTAX for what is no target. */
int ehlo_witnesses_choose(struct ehlo_witnesses *w, const char *const *names, int n);

/* Is an inquiry of use for a connection to `to` that failed? Unless a person chose the witnesses, port 25 and an address of the public
 * Internet are asked for: nothing is learned by Gmail's answer where a machine of the own network is down. */
bool ehlo_witnesses_matter(const struct ehlo_witnesses *w, const struct ehlo_endpoint *to);
/* Begins an inquiry, unless one is under way or its answer still holds: for a connection that is slow to come, so that the verdict is
 * there when it is given up. */
void ehlo_witnesses_prepare(struct ehlo_witnesses *w);
/* True: the verdict is there already. False: wait->op (started, by the caller's `told`) ends when it is. */
bool ehlo_witnesses_ask(struct ehlo_witnesses *w, struct ehlo_witness_wait *wait);
/* A connection to `peer` stands: port 25 is open from here, and nobody need be asked for a while. */
void ehlo_witnesses_saw(struct ehlo_witnesses *w, const struct ehlo_endpoint *peer);

#endif
