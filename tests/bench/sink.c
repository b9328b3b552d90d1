/* Owns: an SMTP server that agrees to everything as fast as it can, so that what is measured is the client. Run by
 * tests/bench/run and tests/load:  sink PORT [CERTIFICATE.pem | tarpit]
 * It listens on every address of the loopback interface, 127/8, and on no other; 0 takes any free port, which is printed. A
 * tarpit sends a greeting that never ends, a byte at a time. */
#include <event2/event.h>
#include <event2/listener.h>
#include <net/if.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

struct sink {
  struct event_base *base;
  SSL_CTX *ctx;
  bool tarpit;
};
struct peer {
  struct sink *sink;
  struct event *event;
  SSL *ssl;
  int fd;
  bool shaking;
  size_t len;
  char line[1024];
};

static void leave(struct peer *p) {
  event_free(p->event);
  SSL_free(p->ssl);
  close(p->fd);
  free(p);
}

static bool say_with(struct peer *p, const char *text, int flags) {
  const size_t len = strlen(text);
  const ssize_t n = p->ssl ? SSL_write(p->ssl, text, (int)len) : send(p->fd, text, len, MSG_NOSIGNAL | flags);
  return n == (ssize_t)len; /* never more than the kernel's own buffer holds */
}
static bool say(struct peer *p, const char *text) {
  return say_with(p, text, 0);
}

static bool greet_ehlo(struct peer *p) {
  const bool offer = p->sink->ctx && !p->ssl;
  return say(p, offer ? "250-sink.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 8BITMIME\r\n"
                      : "250-sink.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250 8BITMIME\r\n");
}

/* False when the connection is over. */
static bool answer(struct peer *p, const char *line) {
  if (strncasecmp(line, "EHLO", 4) == 0) return greet_ehlo(p);
  if (strncasecmp(line, "QUIT", 4) == 0)
    return say_with(p, "221 2.0.0 bye\r\n", MSG_MORE) && false; /* in one packet with the FIN */
  if (strncasecmp(line, "STARTTLS", 8) != 0 || !p->sink->ctx || p->ssl) return say(p, "250 2.0.0 ok\r\n");
  if (!say(p, "220 2.0.0 ready\r\n")) return false;
  p->ssl = SSL_new(p->sink->ctx);
  if (!p->ssl || !SSL_set_fd(p->ssl, p->fd)) return false;
  SSL_set_accept_state(p->ssl);
  p->shaking = true;
  return true;
}

static bool take_lines(struct peer *p) {
  char *end;
  while ((end = memchr(p->line, '\n', p->len))) {
    const size_t used = (size_t)(end - p->line) + 1;
    *end = '\0';
    if (!answer(p, p->line)) return false;
    memmove(p->line, p->line + used, p->len - used);
    p->len -= used;
  }
  return p->len < sizeof p->line;
}

static ssize_t take(struct peer *p) {
  char *into = p->line + p->len;
  const size_t room = sizeof p->line - p->len;
  if (!p->ssl) return recv(p->fd, into, room, 0);
  const int n = SSL_read(p->ssl, into, (int)room);
  if (n > 0) return n;
  const bool waits = SSL_get_error(p->ssl, n) == SSL_ERROR_WANT_READ;
  ERR_clear_error();
  return waits ? -1 : 0;
}

static void on_event(evutil_socket_t fd, short what, void *arg) {
  (void)fd;
  struct peer *p = arg;
  if (what & EV_TIMEOUT) {
    if (!say(p, "2")) leave(p);
    return;
  }
  if (p->shaking) {
    const int n = SSL_do_handshake(p->ssl);
    if (n != 1 && SSL_get_error(p->ssl, n) == SSL_ERROR_WANT_READ) return;
    if (n != 1) {
      ERR_clear_error();
      leave(p);
      return;
    }
    p->shaking = false;
  }
  do {
    const ssize_t n = take(p);
    if (n < 0) return;
    p->len += (size_t)n;
    if (n == 0 || !take_lines(p)) {
      leave(p);
      return;
    }
  } while (p->ssl && SSL_pending(p->ssl) > 0);
}

static void on_connection(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *from, int len, void *arg) {
  (void)l, (void)from, (void)len;
  struct peer *p = calloc(1, sizeof *p);
  if (!p) {
    close(fd);
    return;
  }
  p->sink = arg;
  p->fd = fd;
  p->event = event_new(p->sink->base, fd, EV_READ | EV_PERSIST, on_event, p);
  const struct timeval byte_after = {.tv_usec = 500000};
  const char *greeting = p->sink->tarpit ? "220-" : "220 sink.example ESMTP\r\n";
  if (!p->event || event_add(p->event, p->sink->tarpit ? &byte_after : NULL) || !say(p, greeting)) leave(p);
}

static SSL_CTX *make_context(const char *certificate) {
  SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
  if (!ctx || SSL_CTX_use_certificate_chain_file(ctx, certificate) != 1 ||
      SSL_CTX_use_PrivateKey_file(ctx, certificate, SSL_FILETYPE_PEM) != 1) {
    fprintf(stderr, "sink: the certificate and key in %s cannot be used\n", certificate);
    exit(1);
  }
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(ctx, 0);
  return ctx;
}

/* A socket that only the loopback interface reaches; its port goes to `port`. */
static int listening(unsigned *port) {
  static const char loopback[] = "lo";
  const int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port)};
  socklen_t len = sizeof at;
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) ||
      setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, loopback, sizeof loopback) ||
      bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 4096) ||
      getsockname(fd, (struct sockaddr *)&at, &len)) {
    perror("sink: cannot listen");
    exit(1);
  }
  *port = ntohs(at.sin_port);
  return fd;
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: sink PORT [CERTIFICATE.pem | tarpit]\n");
    return 2;
  }
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  signal(SIGPIPE, SIG_IGN);
  struct sink sink = {.base = event_base_new(), .tarpit = argc > 2 && strcmp(argv[2], "tarpit") == 0};
  if (argc > 2 && !sink.tarpit) sink.ctx = make_context(argv[2]);
  unsigned port = (unsigned)strtoul(argv[1], NULL, 10);
  if (!evconnlistener_new(sink.base, on_connection, &sink, LEV_OPT_CLOSE_ON_FREE, 0, listening(&port))) {
    fprintf(stderr, "sink: out of memory\n");
    return 1;
  }
  printf("listening %u\n", port);
  fflush(stdout);
  event_base_dispatch(sink.base);
  return 0;
}
