/* Owns: writing a PROXY header. Callers: sessions, once their connection stands. */
#include "ehlo/net/proxy.h"

#include <string.h>

#include "ehlo/base/error.h"

/* IPv4 beside IPv6 is written as a mapped address: a header has one family. */
static struct ehlo_endpoint mapped(const struct ehlo_endpoint *e) {
  struct ehlo_endpoint six = *e;
  if (e->family != 4) return six;
  memset(six.bytes, 0, sizeof six.bytes);
  memset(six.bytes + 10, 0xff, 2);
  memcpy(six.bytes + 12, e->bytes, 4);
  six.family = 6;
  return six;
}

static bool is_tcp(const struct ehlo_endpoint *e) {
  return e->family == 4 || e->family == 6;
}

static int write_text(const struct ehlo_endpoint *from, const struct ehlo_endpoint *to, struct ehlo_buf *out) {
  char source[EHLO_ENDPOINT_TEXT], destination[EHLO_ENDPOINT_TEXT];
  if (!is_tcp(from) || !is_tcp(to)) return ehlo_buf_addf(out, "PROXY UNKNOWN\r\n");
  return ehlo_buf_addf(out, "PROXY TCP%d %s %s %u %u\r\n", from->family, ehlo_endpoint_text(from, source),
                       ehlo_endpoint_text(to, destination), from->port, to->port);
}

static int write_binary(const struct ehlo_endpoint *from, const struct ehlo_endpoint *to, struct ehlo_buf *out) {
  static const char signature[] = "\r\n\r\n\0\r\nQUIT\n";
  enum { PROXIED = 0x21, UNSPECIFIED = 0, TCP4 = 0x11, TCP6 = 0x21 };
  const bool known = is_tcp(from) && is_tcp(to);
  const size_t size = from->family == 4 ? 4 : 16, length = known ? 2 * size + 4 : 0;
  const unsigned char fixed[4] = {PROXIED,
                                  !known              ? UNSPECIFIED
                                  : from->family == 4 ? TCP4
                                                      : TCP6,
                                  0, (unsigned char)length};
  int error = ehlo_buf_add(out, signature, sizeof signature - 1);
  if (!error) error = ehlo_buf_add(out, (const char *)fixed, sizeof fixed);
  if (error || !known) return error;
  const unsigned char ports[4] = {(unsigned char)(from->port >> 8), (unsigned char)from->port,
                                  (unsigned char)(to->port >> 8), (unsigned char)to->port};
  error = ehlo_buf_add(out, (const char *)from->bytes, size);
  if (!error) error = ehlo_buf_add(out, (const char *)to->bytes, size);
  return error ? error : ehlo_buf_add(out, (const char *)ports, sizeof ports);
}

int ehlo_proxy_header(const struct ehlo_proxy_options *options, const struct ehlo_endpoint *local,
                      const struct ehlo_endpoint *peer, struct ehlo_buf *out) {
  struct ehlo_endpoint from = options->source.family ? options->source : *local,
                       to = options->destination.family ? options->destination : *peer;
  from.scope = to.scope = 0; /* a zone means nothing on another machine */
  if (is_tcp(&from) && is_tcp(&to) && from.family != to.family) {
    from = mapped(&from);
    to = mapped(&to);
  }
  if (options->version == 1) return write_text(&from, &to, out);
  return options->version == 2 ? write_binary(&from, &to, out) : EHLO_E_ARGUMENT;
}
