/* Owns: a DNS server of a few rows on loopback, on the loop of the test. Callers: tests of the resolver. */
#ifndef EHLO_TESTS_RESPONDER_H
#define EHLO_TESTS_RESPONDER_H

#include <arpa/inet.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdlib.h>

#include "ehlo/base/slice.h"
#include "ehlo/net/loop.h"
#include "unit.h"

enum { RESPONDER_SILENT = -1 };

/* `data` is presentation for A, AAAA; a name for CNAME, PTR; "10 name" for MX. An `rcode` beside 0 answers the
 * whole name. */
struct responder_row {
  const char *name;
  uint16_t type;
  int rcode;
  const char *data[3];
};

struct responder {
  int fd;
  uint16_t port;
  char server[32];
  struct event event;
  const struct responder_row *rows;
  int n, asked, dnskey_asked;
  /* Answers that rows cannot hold: writes records at `at`, counts them; SIZE_MAX where it has none for the question. */
  size_t (*special)(void *arg, const char *name, uint16_t type, unsigned char *at, unsigned char *count);
  void *arg;
  unsigned char authority; /* so many of the last special records prove that there is no answer */
};

static inline size_t responder_name(unsigned char *at, const char *name) {
  unsigned char *start = at;
  while (*name && *name != ' ') {
    size_t len = strcspn(name, ".");
    *at++ = (unsigned char)len;
    memcpy(at, name, len);
    at += len;
    name += len + (name[len] == '.');
  }
  *at++ = 0;
  return (size_t)(at - start);
}

static inline size_t responder_rdata(unsigned char *at, uint16_t type, const char *text) {
  if (type == 1) return inet_pton(AF_INET, text, at) == 1 ? 4 : 0;
  if (type == 28) return inet_pton(AF_INET6, text, at) == 1 ? 16 : 0;
  if (type == 15) {
    at[0] = 0;
    at[1] = (unsigned char)strtol(text, NULL, 10);
    return 2 + responder_name(at + 2, strchr(text, ' ') + 1);
  }
  return responder_name(at, text);
}

static inline size_t responder_record(unsigned char *at, uint16_t type, const char *text) {
  static const unsigned char head[] = {0xc0, 12, 0, 0, 0, 1, 0, 0, 0, 60};
  memcpy(at, head, sizeof head);
  at[3] = (unsigned char)type;
  size_t len = responder_rdata(at + 12, type, text);
  at[10] = 0;
  at[11] = (unsigned char)len;
  return 12 + len;
}

static inline void responder_reply(struct responder *r, unsigned char *m, size_t n, struct sockaddr *to,
                                   socklen_t to_len) {
  char name[256] = "";
  size_t at = 12, len = 0;
  while (at < n && m[at]) {
    if (len) name[len++] = '.';
    for (unsigned i = m[at]; i; i--)
      name[len++] = (char)ehlo_to_lower(m[++at]);
    at++;
  }
  uint16_t type = (uint16_t)(m[at + 1] << 8 | m[at + 2]);
  size_t end = at + 5;
  r->asked++;
  r->dnskey_asked += type == 48;
  int rcode = 3;
  m[7] = r->authority = 0;
  size_t special = r->special ? r->special(r->arg, name, type, m + end, &m[7]) : SIZE_MAX;
  if (special != SIZE_MAX) {
    end += special;
    rcode = 0;
  }
  for (int i = 0; i < r->n; i++) {
    const struct responder_row *row = &r->rows[i];
    if (strcmp(row->name, name) != 0) continue;
    if (row->rcode == RESPONDER_SILENT) return;
    rcode = row->rcode;
    if (rcode || (row->type != type && row->type != 5)) continue;
    for (int k = 0; k < 3 && row->data[k]; k++) {
      end += responder_record(m + end, row->type, row->data[k]);
      m[7]++;
    }
  }
  m[2] = 0x81 | (m[2] & 0x79);
  m[3] = (unsigned char)(0x80 | rcode);
  m[8] = m[10] = 0;
  m[9] = r->authority;
  static const unsigned char edns[] = {0, 0, 41, 4, 208, 0, 0, 128, 0, 0, 0}; /* 1232 bytes, DO */
  m[11] = 1;
  memcpy(m + end, edns, sizeof edns);
  end += sizeof edns;
  sendto(r->fd, m, end, 0, to, to_len);
}

static inline void responder_hear(evutil_socket_t fd, short what, void *arg) {
  unsigned char m[2048] = {0};
  struct sockaddr_in6 from;
  socklen_t len = sizeof from;
  (void)what;
  ssize_t n = recvfrom(fd, m, 512, MSG_DONTWAIT, (struct sockaddr *)&from, &len);
  if (n > 16) responder_reply(arg, m, (size_t)n, (struct sockaddr *)&from, len);
}

static inline void responder_open(struct responder *r, struct ehlo_loop *loop, const struct responder_row *rows,
                                  int n) {
  struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t len = sizeof sa;
  *r = (struct responder){.rows = rows, .n = n};
  r->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  assert_int_equal(bind(r->fd, (struct sockaddr *)&sa, sizeof sa), 0);
  assert_int_equal(getsockname(r->fd, (struct sockaddr *)&sa, &len), 0);
  r->port = ntohs(sa.sin_port);
  snprintf(r->server, sizeof r->server, "127.0.0.1:%u", r->port);
  event_assign(&r->event, ehlo_loop_base(loop), r->fd, EV_READ | EV_PERSIST, responder_hear, r);
  event_add(&r->event, NULL);
}

static inline void responder_close(struct responder *r) {
  event_del(&r->event);
  close(r->fd);
}

#endif
