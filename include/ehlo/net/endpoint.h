/* Owns: an address and port as plain data. Callers: resolver, dialler, sessions. */
#ifndef EHLO_NET_ENDPOINT_H
#define EHLO_NET_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "ehlo/base/slice.h"

enum { EHLO_ENDPOINT_TEXT = 64 }; /* a longer path of a unix socket is cut */

struct ehlo_endpoint {
  uint8_t family; /* 4, 6, or 0 for none, 1 for a unix socket */
  uint16_t port;
  uint32_t scope; /* IPv6 zone */
  uint8_t bytes[16];
  char path[108]; /* unix socket */
};

/* "192.0.2.1", "2001:db8::1", "fe80::1%eth0", "/run/lmtp.sock". EHLO_E_SYNTAX. */
int ehlo_endpoint_read(struct ehlo_slice text, uint16_t port, struct ehlo_endpoint *out);
/* The address without port. */
const char *ehlo_endpoint_text(const struct ehlo_endpoint *e, char out[EHLO_ENDPOINT_TEXT]);
/* "1.2.0.192.in-addr.arpa" and the like; out holds 80 bytes. */
void ehlo_endpoint_reverse(const struct ehlo_endpoint *e, char out[80]);

/* To and from the kernel's form; `storage` is a struct sockaddr_storage. */
struct sockaddr;
int ehlo_endpoint_sockaddr(const struct ehlo_endpoint *e, void *storage); /* its length */
void ehlo_endpoint_from_sockaddr(const struct sockaddr *sa, struct ehlo_endpoint *out);

/* 127/8, ::1 or a unix socket. */
bool ehlo_endpoint_is_loopback(const struct ehlo_endpoint *e);
/* Where its block belongs: "public", "loopback", "private", "link-local", "documentation", "multicast", "reserved", or "local" for a
 * unix socket. */
const char *ehlo_endpoint_kind(const struct ehlo_endpoint *e);
/* An address of the public Internet: none that is private, local, kept for documentation, or a group's. */
bool ehlo_endpoint_is_public(const struct ehlo_endpoint *e);

#endif
