/* Owns: a listening socket on the loop. Callers: the rehearsal server. */
#ifndef EHLO_NET_ACCEPTOR_H
#define EHLO_NET_ACCEPTOR_H

#include "ehlo/net/endpoint.h"
#include "ehlo/net/loop.h"

struct ehlo_acceptor;

/* NULL with a sentence in `why`. `accepted` gets each new socket and owns it; it is called from the loop only, and may
 * close the acceptor. */
struct ehlo_acceptor *ehlo_acceptor_open(struct ehlo_loop *loop, const struct ehlo_endpoint *at,
                                         void (*accepted)(void *arg, int fd), void *arg, char *why, size_t size);
/* Where it listens, with the port that the kernel chose. */
const struct ehlo_endpoint *ehlo_acceptor_at(const struct ehlo_acceptor *a);
void ehlo_acceptor_close(struct ehlo_acceptor *a);
#endif
