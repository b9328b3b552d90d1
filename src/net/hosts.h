/* Owns: the hosts file: names and their addresses, read once. Callers: the resolver. */
#ifndef EHLO_NET_HOSTS_H
#define EHLO_NET_HOSTS_H

#include "ehlo/net/endpoint.h"

struct ehlo_hosts;

/* Lines that cannot be read are passed over, as everybody else does. A file that is not there is an empty one.
 * NULL: no memory. */
struct ehlo_hosts *ehlo_hosts_read(const char *path);
struct ehlo_hosts *ehlo_hosts_parse(struct ehlo_slice text);
void ehlo_hosts_free(struct ehlo_hosts *hosts);
/* Addresses of `name` in the file's order, of one family or (0) both; at most `max`. Returns how many. */
int ehlo_hosts_find(const struct ehlo_hosts *hosts, struct ehlo_slice name, int family, struct ehlo_endpoint *out,
                    int max);

#endif
