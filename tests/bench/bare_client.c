/* Owns: the reference for the limit: EHLO and QUIT over libevent, with no feature at all. Run by tests/bench/run:
 *   bare_client COUNT AT_ONCE PORT [starttls]
 * Probe I goes to the I-th address of 127/8, as in probes.lua. */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct run {
  struct event_base *base;
  SSL_CTX *ctx;
  uint16_t port;
  long begun, done, good, wanted;
};
struct probe {
  struct run *run;
  struct bufferevent *plain, *io; /* the same, until TLS begins */
  int step;
};

static void begin(struct run *run);

static void end(struct probe *p, bool good) {
  struct run *run = p->run;
  if (p->io != p->plain) bufferevent_free(p->io);
  bufferevent_free(p->plain);
  free(p);
  run->done++;
  run->good += good;
  if (run->begun < run->wanted)
    begin(run);
  else if (run->done == run->wanted)
    event_base_loopbreak(run->base);
}

static void say(struct probe *p, const char *line) {
  bufferevent_write(p->io, line, strlen(line));
}

static void on_read(struct bufferevent *io, void *arg);
static void on_event(struct bufferevent *io, short what, void *arg);

static void secure(struct probe *p) {
  SSL *ssl = SSL_new(p->run->ctx);
  if (ssl) p->io = bufferevent_openssl_filter_new(p->run->base, p->plain, ssl, BUFFEREVENT_SSL_CONNECTING, 0);
  if (!ssl || !p->io) exit(1);
  bufferevent_setcb(p->io, on_read, NULL, on_event, p);
  bufferevent_enable(p->io, EV_READ | EV_WRITE);
}

/* The dialogue in the order of its replies; without TLS it jumps from the first EHLO to QUIT. */
enum { GREETING, EHLO, STARTTLS, EHLO_TLS, QUIT };

static void answered(struct probe *p) {
  switch (p->step) {
  case GREETING: say(p, "EHLO bare.example\r\n"); break;
  case EHLO:
    if (p->run->ctx) {
      say(p, "STARTTLS\r\n");
      break;
    }
    p->step = EHLO_TLS; /* fall through */
  case EHLO_TLS: say(p, "QUIT\r\n"); break;
  case STARTTLS: secure(p); break;
  default: end(p, true); return;
  }
  p->step++;
}

static void on_read(struct bufferevent *io, void *arg) {
  struct probe *p = arg;
  struct evbuffer *in = bufferevent_get_input(io);
  size_t len;
  char *line;
  while ((line = evbuffer_readln(in, &len, EVBUFFER_EOL_CRLF))) {
    const bool last = len > 3 && line[3] == ' ';
    const bool over = p->step == QUIT || (p->step == STARTTLS && last);
    free(line);
    if (last) answered(p);
    if (last && over) return;
  }
}

static void on_event(struct bufferevent *io, short what, void *arg) {
  (void)io;
  struct probe *p = arg;
  if (what & (BEV_EVENT_ERROR | BEV_EVENT_EOF)) end(p, false);
  if ((what & BEV_EVENT_CONNECTED) && p->io != p->plain) say(p, "EHLO bare.example\r\n");
}

static void begin(struct run *run) {
  const long i = run->begun++;
  const uint32_t host =
      127u << 24 | (uint32_t)(1 + i / 62500) << 16 | (uint32_t)(i / 250 % 250 + 1) << 8 | (uint32_t)(i % 250 + 1);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(run->port), .sin_addr = {htonl(host)}};
  struct probe *p = calloc(1, sizeof *p);
  if (!p) exit(1);
  p->run = run;
  p->plain = p->io = bufferevent_socket_new(run->base, -1, BEV_OPT_CLOSE_ON_FREE);
  if (!p->plain) exit(1);
  bufferevent_setcb(p->plain, on_read, NULL, on_event, p);
  bufferevent_enable(p->plain, EV_READ | EV_WRITE);
  if (bufferevent_socket_connect(p->plain, (struct sockaddr *)&to, sizeof to)) exit(1);
}

int main(int argc, char **argv) {
  if (argc < 4) {
    fprintf(stderr, "usage: bare_client COUNT AT_ONCE PORT [starttls]\n");
    return 2;
  }
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  signal(SIGPIPE, SIG_IGN);
  struct run run = {
      .base = event_base_new(), .wanted = strtol(argv[1], NULL, 10), .port = (uint16_t)strtol(argv[3], NULL, 10)};
  if (argc > 4) run.ctx = SSL_CTX_new(TLS_client_method());
  for (long at_once = strtol(argv[2], NULL, 10); at_once > 0 && run.begun < run.wanted; at_once--)
    begin(&run);
  event_base_dispatch(run.base);
  printf("%ld of %ld\n", run.good, run.wanted);
  SSL_CTX_free(run.ctx);
  event_base_free(run.base);
  return run.good == run.wanted ? 0 : 1;
}
