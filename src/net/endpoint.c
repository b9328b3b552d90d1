/* Owns: addresses as plain data: reading, writing, reverse names, the kernel's form. Pure but for names of
 * interfaces. */
#include "ehlo/net/endpoint.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "ehlo/base/error.h"
#include "ehlo/base/scan.h"

static int read_zone(struct ehlo_slice zone, uint32_t *out) {
  char name[IF_NAMESIZE];
  struct ehlo_scan c = ehlo_scan_of(zone);
  uint64_t number;
  if (ehlo_scan_number(&c, 10, UINT32_MAX, &number) && ehlo_scan_done(&c)) {
    *out = (uint32_t)number;
    return 0;
  }
  if (!zone.len || zone.len >= sizeof name) return EHLO_E_SYNTAX;
  memcpy(name, zone.ptr, zone.len);
  name[zone.len] = '\0';
  *out = if_nametoindex(name);
  return *out ? 0 : EHLO_E_SYNTAX;
}

static int read_path(struct ehlo_slice text, struct ehlo_endpoint *out) {
  if (text.len >= sizeof out->path || memchr(text.ptr, '\0', text.len)) return EHLO_E_SYNTAX;
  out->family = 1;
  memcpy(out->path, text.ptr, text.len);
  return 0;
}

int ehlo_endpoint_read(struct ehlo_slice text, uint16_t port, struct ehlo_endpoint *out) {
  *out = (struct ehlo_endpoint){0};
  if (text.len && text.ptr[0] == '/') return read_path(text, out);
  char digits[INET6_ADDRSTRLEN];
  const char *percent = text.len ? memchr(text.ptr, '%', text.len) : NULL;
  size_t len = percent ? (size_t)(percent - text.ptr) : text.len;
  if (!len || len >= sizeof digits || memchr(text.ptr, '\0', len)) return EHLO_E_SYNTAX;
  memcpy(digits, text.ptr, len);
  digits[len] = '\0';
  struct ehlo_endpoint e = {.port = port};
  if (inet_pton(AF_INET6, digits, e.bytes) == 1) {
    e.family = 6;
    if (percent && read_zone(ehlo_slice_of(percent + 1, text.len - len - 1), &e.scope)) return EHLO_E_SYNTAX;
  } else if (!percent && inet_pton(AF_INET, digits, e.bytes) == 1) {
    e.family = 4;
  } else {
    return EHLO_E_SYNTAX;
  }
  *out = e;
  return 0;
}

const char *ehlo_endpoint_text(const struct ehlo_endpoint *e, char out[EHLO_ENDPOINT_TEXT]) {
  char digits[INET6_ADDRSTRLEN] = "", name[IF_NAMESIZE];
  out[0] = '\0';
  if (e->family == 1) snprintf(out, EHLO_ENDPOINT_TEXT, "%.*s", EHLO_ENDPOINT_TEXT - 1, e->path);
  if (e->family != 4 && e->family != 6) return out;
  inet_ntop(e->family == 4 ? AF_INET : AF_INET6, e->bytes, digits, sizeof digits);
  if (!e->scope) {
    snprintf(out, EHLO_ENDPOINT_TEXT, "%s", digits);
  } else if (if_indextoname(e->scope, name)) {
    snprintf(out, EHLO_ENDPOINT_TEXT, "%s%%%s", digits, name);
  } else {
    snprintf(out, EHLO_ENDPOINT_TEXT, "%s%%%u", digits, e->scope);
  }
  return out;
}

void ehlo_endpoint_reverse(const struct ehlo_endpoint *e, char out[80]) {
  static const char hex[] = "0123456789abcdef";
  const uint8_t *b = e->bytes;
  out[0] = '\0';
  if (e->family == 4) snprintf(out, 80, "%u.%u.%u.%u.in-addr.arpa", b[3], b[2], b[1], b[0]);
  if (e->family != 6) return;
  char *at = out;
  for (int i = 15; i >= 0; i--) {
    *at++ = hex[b[i] & 15];
    *at++ = '.';
    *at++ = hex[b[i] >> 4];
    *at++ = '.';
  }
  snprintf(at, 16, "ip6.arpa");
}

int ehlo_endpoint_sockaddr(const struct ehlo_endpoint *e, void *storage) {
  memset(storage, 0, sizeof(struct sockaddr_storage));
  if (e->family == 4) {
    struct sockaddr_in *in = storage;
    in->sin_family = AF_INET;
    in->sin_port = htons(e->port);
    memcpy(&in->sin_addr, e->bytes, 4);
    return (int)sizeof *in;
  }
  if (e->family == 6) {
    struct sockaddr_in6 *in = storage;
    in->sin6_family = AF_INET6;
    in->sin6_port = htons(e->port);
    in->sin6_scope_id = e->scope;
    memcpy(&in->sin6_addr, e->bytes, 16);
    return (int)sizeof *in;
  }
  if (e->family == 1) {
    struct sockaddr_un *un = storage;
    un->sun_family = AF_UNIX;
    memcpy(un->sun_path, e->path, sizeof un->sun_path - 1);
    return (int)sizeof *un;
  }
  return EHLO_E_ARGUMENT;
}

void ehlo_endpoint_from_sockaddr(const struct sockaddr *sa, struct ehlo_endpoint *out) {
  *out = (struct ehlo_endpoint){0};
  if (sa->sa_family == AF_INET) {
    struct sockaddr_in in;
    memcpy(&in, sa, sizeof in);
    out->family = 4;
    out->port = ntohs(in.sin_port);
    memcpy(out->bytes, &in.sin_addr, 4);
  } else if (sa->sa_family == AF_INET6) {
    struct sockaddr_in6 in;
    memcpy(&in, sa, sizeof in);
    out->family = 6;
    out->port = ntohs(in.sin6_port);
    out->scope = in.sin6_scope_id;
    memcpy(out->bytes, &in.sin6_addr, 16);
  } else if (sa->sa_family == AF_UNIX) {
    struct sockaddr_un un;
    memcpy(&un, sa, sizeof un);
    out->family = 1;
    memcpy(out->path, un.sun_path, sizeof out->path - 1);
  }
}

bool ehlo_endpoint_is_loopback(const struct ehlo_endpoint *e) {
  static const uint8_t one[16] = {[15] = 1};
  if (e->family == 4) return e->bytes[0] == 127;
  if (e->family == 6) return memcmp(e->bytes, one, sizeof one) == 0;
  return e->family == 1;
}

/* Blocks that no host of the public Internet has (RFC 6890 and its registries), by their first bits. */
const char *ehlo_endpoint_kind(const struct ehlo_endpoint *e) {
  static const struct {
    const char *kind;
    uint8_t family, bits, bytes[16];
  } special[] = {
      {"reserved", 4, 8, {0}},
      {"private", 4, 8, {10}},
      {"private", 4, 10, {100, 64}},
      {"loopback", 4, 8, {127}},
      {"link-local", 4, 16, {169, 254}},
      {"private", 4, 12, {172, 16}},
      {"reserved", 4, 24, {192, 0, 0}},
      {"documentation", 4, 24, {192, 0, 2}},
      {"private", 4, 16, {192, 168}},
      {"reserved", 4, 15, {198, 18}},
      {"documentation", 4, 24, {198, 51, 100}},
      {"documentation", 4, 24, {203, 0, 113}},
      {"multicast", 4, 4, {224}},
      {"reserved", 4, 3, {224}},
      {"loopback", 6, 128, {[15] = 1}},
      {"reserved", 6, 16, {0}},
      {"private", 6, 7, {0xfc}},
      {"link-local", 6, 10, {0xfe, 0x80}},
      {"multicast", 6, 8, {0xff}},
      {"documentation", 6, 32, {0x20, 0x01, 0x0d, 0xb8}},
  };
  if (e->family != 4 && e->family != 6) return "local";
  for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
    bool same = special[i].family == e->family;
    for (int bit = 0; same && bit < special[i].bits; bit++) {
      const int mask = 0x80 >> (bit % 8);
      same = ((e->bytes[bit / 8] ^ special[i].bytes[bit / 8]) & mask) == 0;
    }
    if (same) return special[i].kind;
  }
  return "public";
}

bool ehlo_endpoint_is_public(const struct ehlo_endpoint *e) {
  return strcmp(ehlo_endpoint_kind(e), "public") == 0;
}
