/* Owns: the one place where connections are begun; replaceable, so that a sandbox, a proxy or a test can stand in. */
#ifndef EHLO_NET_DIALLER_H
#define EHLO_NET_DIALLER_H

#include "ehlo/net/endpoint.h"

struct ehlo_dialler {
  /* A non-blocking socket whose connect is under way or complete, or EHLO_E_CONNECT / EHLO_E_PERMISSION / EHLO_E_SYSTEM
   * with errno set. `from` has family 0 where any source will do. */
  int (*dial)(struct ehlo_dialler *d, const struct ehlo_endpoint *to, const struct ehlo_endpoint *from);
};
extern struct ehlo_dialler *const ehlo_dialler_direct;

#endif
