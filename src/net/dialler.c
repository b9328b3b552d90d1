/* Owns: beginning a connection straight from this machine. Callers: connections, through the dialler they were
 * given. */
#include "ehlo/net/dialler.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ehlo/base/error.h"

static int give_up(int fd, int error) {
  int kept = errno;
  close(fd);
  errno = kept;
  return error;
}

static int dial(struct ehlo_dialler *d, const struct ehlo_endpoint *to, const struct ehlo_endpoint *from) {
  (void)d;
  struct sockaddr_storage address;
  int len = ehlo_endpoint_sockaddr(to, &address);
  if (len < 0) return len;
  int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return EHLO_E_SYSTEM;
  if (to->family != 1) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  if (from && from->family) {
    struct sockaddr_storage source;
    int source_len = ehlo_endpoint_sockaddr(from, &source);
    if (source_len < 0) return give_up(fd, source_len);
#ifdef IP_BIND_ADDRESS_NO_PORT
    /* The kernel picks the port at connect, when it knows the peer: else 28,000 connections use up all ports. */
    int on = 1;
    if (!from->port) setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
#endif
    if (bind(fd, (struct sockaddr *)&source, (socklen_t)source_len) < 0) return give_up(fd, EHLO_E_CONNECT);
  }
  int rc;
  do {
    rc = connect(fd, (struct sockaddr *)&address, (socklen_t)len);
  } while (rc < 0 && errno == EINTR);
  if (rc < 0 && errno != EINPROGRESS && errno != EALREADY && errno != EISCONN) return give_up(fd, EHLO_E_CONNECT);
  return fd;
}

/* Never written to; the type is not const so that other diallers may keep state behind theirs. */
static const struct ehlo_dialler direct = {.dial = dial};
struct ehlo_dialler *const ehlo_dialler_direct = (struct ehlo_dialler *)&direct;
