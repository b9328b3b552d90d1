/* Owns: the PROXY header that load balancers put before a connection's first bytes, versions 1 and 2. Callers: sessions.
 * Source: HAProxy's document "The PROXY protocol, versions 1 and 2". */
#ifndef EHLO_NET_PROXY_H
#define EHLO_NET_PROXY_H

#include "ehlo/base/buf.h"
#include "ehlo/net/endpoint.h"

struct ehlo_proxy_options {
  int version; /* 0: no header; 1 or 2 */
  struct ehlo_endpoint source,
      destination; /* whom the server shall believe to talk; family 0: the connection's own ends */
};

/* Adds the header of a connection from `local` to `peer`. What is no TCP connection is said to be unknown. EHLO_E_MEMORY, or
 * EHLO_E_ARGUMENT for another version. */
int ehlo_proxy_header(const struct ehlo_proxy_options *options, const struct ehlo_endpoint *local,
                      const struct ehlo_endpoint *peer, struct ehlo_buf *out);

#endif
