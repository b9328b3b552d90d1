/* Owns: setting libunbound up: whom it asks, what it trusts, and habits that suit a diagnosis. Callers: resolver.c. */
#include <fcntl.h>
#include <stdio.h>
#include <unbound-event.h>
#include <unbound.h>
#include <unistd.h>

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"
#include "ehlo/base/scan.h"
#include "resolver_private.h"

enum { SERVERS_MAX = 8, FILE_MAX = 65536, SERVER_TEXT = EHLO_ENDPOINT_TEXT + 8 };

static const char root_key[] = "/usr/share/dns/root.key";

const char *ehlo_resolver_anchor(const struct ehlo_resolver_options *o) {
  if (o->trust_anchor) return o->trust_anchor[0] ? o->trust_anchor : NULL;
  return access(root_key, R_OK) == 0 ? root_key : NULL;
}

/* "192.0.2.1", "192.0.2.1:5353", "2001:db8::1", "[2001:db8::1]:5353". */
static int read_server(struct ehlo_slice text, struct ehlo_endpoint *out) {
  struct ehlo_scan c = ehlo_scan_of(text);
  uint64_t port = 53;
  if (ehlo_scan_char(&c, '[')) {
    struct ehlo_slice address = ehlo_scan_until(&c, ']');
    if (!ehlo_scan_char(&c, ']')) return EHLO_E_SYNTAX;
    if (ehlo_scan_char(&c, ':') && (!ehlo_scan_number(&c, 5, 65535, &port) || !port)) return EHLO_E_SYNTAX;
    if (!ehlo_scan_done(&c)) return EHLO_E_SYNTAX;
    return ehlo_endpoint_read(address, (uint16_t)port, out) || out->family != 6 ? EHLO_E_SYNTAX : 0;
  }
  if (ehlo_endpoint_read(text, 53, out) == 0) return out->family == 1 ? EHLO_E_SYNTAX : 0;
  struct ehlo_slice address = ehlo_scan_until(&c, ':');
  if (!ehlo_scan_char(&c, ':') || !ehlo_scan_number(&c, 5, 65535, &port) || !port || !ehlo_scan_done(&c))
    return EHLO_E_SYNTAX;
  return ehlo_endpoint_read(address, (uint16_t)port, out) || out->family != 4 ? EHLO_E_SYNTAX : 0;
}

int ehlo_resolver_check(const struct ehlo_resolver_options *o, const char **why) {
  struct ehlo_endpoint e;
  *why = NULL;
  if (o->server && read_server(ehlo_slice_str(o->server), &e)) {
    *why = "the resolver must be ADDRESS, ADDRESS:PORT or [IPV6]:PORT; it cannot be a name";
  } else if (o->server && o->recursive) {
    *why = "a resolver and asking from the root down exclude each other; give one of the two";
  } else if (o->trust_anchor && o->trust_anchor[0] && access(o->trust_anchor, R_OK) != 0) {
    *why = "the file of the trust anchor cannot be read; check its name and permissions";
  } else if (o->hosts && o->hosts[0] && access(o->hosts, R_OK) != 0) {
    *why = "the hosts file cannot be read; check its name and permissions";
  }
  return *why ? EHLO_E_SYNTAX : 0;
}

static int forward_to(struct ub_ctx *context, const struct ehlo_endpoint *e) {
  char address[EHLO_ENDPOINT_TEXT], text[SERVER_TEXT];
  ehlo_endpoint_text(e, address);
  snprintf(text, sizeof text, "%s@%u", address, e->port);
  return ub_ctx_set_fwd(context, text);
}

static bool is_blank(int c) {
  return c == ' ' || c == '\t' || c == '\r';
}
static bool is_not_blank(int c) {
  return !is_blank(c);
}

/* "nameserver ADDRESS", as resolv.conf(5) has it; everything else there is of no use to fully qualified names. */
static bool server_of_line(struct ehlo_slice line, struct ehlo_endpoint *out) {
  struct ehlo_scan c = ehlo_scan_of(line);
  if (!ehlo_scan_word_nocase(&c, "nameserver")) return false;
  if (!ehlo_scan_while(&c, is_blank).len) return false;
  return ehlo_endpoint_read(ehlo_scan_while(&c, is_not_blank), 53, out) == 0 && out->family != 1;
}

static void read_file(const char *path, struct ehlo_buf *b) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return;
  for (;;) {
    char *place = ehlo_buf_reserve(b, 1024);
    ssize_t n = place ? read(fd, place, 1024) : 0;
    if (n <= 0) break;
    ehlo_buf_grew(b, (size_t)n);
  }
  close(fd);
}

/* The first word of the first line that is no comment: the owner of its first DS or DNSKEY. */
void ehlo_resolver_anchor_name(const struct ehlo_resolver_options *o, char out[256]) {
  struct ehlo_buf b;
  const char *file = ehlo_resolver_anchor(o);
  ehlo_buf_init(&b, FILE_MAX);
  if (file) read_file(file, &b);
  snprintf(out, 256, ".");
  struct ehlo_scan c = ehlo_scan_of(ehlo_buf_slice(&b));
  while (!ehlo_scan_done(&c)) {
    struct ehlo_scan line = ehlo_scan_of(ehlo_scan_until(&c, '\n'));
    ehlo_scan_char(&c, '\n');
    struct ehlo_slice word = ehlo_scan_while(&line, is_not_blank);
    if (!word.len || word.ptr[0] == ';' || word.len > 255) continue;
    snprintf(out, 256, "%.*s", (int)word.len, word.ptr);
    break;
  }
  ehlo_buf_fini(&b);
}

/* Without any line, the server is on this machine: resolv.conf(5). */
static int servers_of_file(const char *path, struct ehlo_endpoint *out, int max) {
  struct ehlo_buf b;
  int n = 0;
  ehlo_buf_init(&b, FILE_MAX);
  read_file(path, &b);
  struct ehlo_scan c = ehlo_scan_of(ehlo_buf_slice(&b));
  while (n < max && !ehlo_scan_done(&c)) {
    n += server_of_line(ehlo_scan_until(&c, '\n'), &out[n]);
    ehlo_scan_char(&c, '\n');
  }
  ehlo_buf_fini(&b);
  if (n == 0) out[n++] = (struct ehlo_endpoint){.family = 4, .port = 53, .bytes = {127, 0, 0, 1}};
  return n;
}

int ehlo_resolver_servers(const struct ehlo_resolver_options *o, struct ehlo_endpoint *out, int max) {
  if (o->recursive || max < 1) return 0;
  if (o->server) return read_server(ehlo_slice_str(o->server), out) == 0;
  return servers_of_file(o->resolv_conf ? o->resolv_conf : "/etc/resolv.conf", out, max);
}

enum need { ALWAYS, FORWARDING, RECURSING };

static const struct {
  enum need when;
  const char *option, *value;
} settings[] = {
    {ALWAYS, "use-syslog:", "no"},
    {ALWAYS, "do-not-query-localhost:", "no"},
    {ALWAYS, "outgoing-range:", "256"}, /* sixteen as it comes: many questions would wait for a socket */
    {ALWAYS, "num-queries-per-thread:", "4096"},
    {FORWARDING, "qname-minimisation:", "no"}, /* the forwarder does that; asked of one, it costs a question a label */
    {RECURSING, "qname-minimisation:", "yes"},
    /* A site's own resolver knows its private addresses and names: libunbound would deny them, or call them bogus. */
    {FORWARDING, "unblock-lan-zones:", "yes"},
    {FORWARDING, "insecure-lan-zones:", "yes"},
    {FORWARDING, "domain-insecure:", "test."},
    {FORWARDING, "domain-insecure:", "invalid."},
    {FORWARDING, "domain-insecure:", "home.arpa."},
    {FORWARDING, "domain-insecure:", "internal."},
    {FORWARDING, "domain-insecure:", "local."},
};

static int set_all(struct ub_ctx *context, bool recursive) {
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
    if (settings[i].when != ALWAYS && settings[i].when != (recursive ? RECURSING : FORWARDING)) continue;
    int rc = ub_ctx_set_option(context, settings[i].option, settings[i].value);
    if (rc) return rc;
  }
  return 0;
}

/* Names that libunbound answers by itself (RFC 6761) go to the resolver like others; it ends the set-up, so it
 * comes last. */
static int unblock(struct ub_ctx *context) {
  static const char *const zones[] = {"test.", "invalid.", "home.arpa."};
  int rc = 0;
  for (size_t i = 0; !rc && i < sizeof zones / sizeof *zones; i++)
    rc = ub_ctx_zone_remove(context, zones[i]);
  return rc;
}

static int set_up(struct ub_ctx *context, const struct ehlo_resolver_options *o, bool anchored) {
  const char *anchor = anchored ? ehlo_resolver_anchor(o) : NULL;
  ub_ctx_debugout(context, NULL);
  int rc = set_all(context, o->recursive);
  if (!rc) rc = anchor ? ub_ctx_add_ta_file(context, anchor) : ub_ctx_set_option(context, "module-config:", "iterator");
  if (rc || o->recursive) return rc;
  struct ehlo_endpoint servers[SERVERS_MAX];
  const int n = ehlo_resolver_servers(o, servers, SERVERS_MAX);
  if (n == 0) return UB_SYNTAX;
  bool near = true;
  for (int i = 0; !rc && i < n; i++) {
    near = near && ehlo_endpoint_is_loopback(&servers[i]);
    rc = forward_to(context, &servers[i]);
  }
  /* Connected sockets keep strangers from probing ports by ICMP; within this machine there are none, and it costs a system call. */
  if (!rc && near) rc = ub_ctx_set_option(context, "udp-connect:", "no");
  return rc ? rc : unblock(context);
}

struct ub_ctx *ehlo_resolver_context(struct ehlo_resolver *r, bool anchored, int *error, const char **why) {
  *error = ehlo_resolver_check(&r->options, why);
  if (*error) return NULL;
  struct ub_ctx *context = ub_ctx_create_event(ehlo_loop_base(r->loop));
  int rc = context ? set_up(context, &r->options, anchored) : UB_NOMEM;
  if (!rc) return context;
  *error = rc == UB_NOMEM ? EHLO_E_MEMORY : EHLO_E_SYSTEM;
  *why = ub_strerror(rc);
  if (context) ub_ctx_delete(context);
  return NULL;
}
