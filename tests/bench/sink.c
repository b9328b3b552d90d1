/* Owns: an SMTP server that agrees to everything as fast as it can, so that a benchmark measures the client. Run by
 * tests/bench/run:  sink PORT [CERTIFICATE.pem]
 * It listens on all of the machine's IPv4 addresses: run it in a network of its own. */
#include <event2/event.h>
#include <event2/listener.h>
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

static bool say(struct peer *p, const char *text) {
  const size_t len = strlen(text);
  const ssize_t n = p->ssl ? SSL_write(p->ssl, text, (int)len) : send(p->fd, text, len, MSG_NOSIGNAL);
  return n == (ssize_t)len; /* never more than the kernel's own buffer holds */
}

static bool greet_ehlo(struct peer *p) {
  const bool offer = p->sink->ctx && !p->ssl;
  return say(p, offer ? "250-sink.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 8BITMIME\r\n"
                      : "250-sink.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250 8BITMIME\r\n");
}

/* False when the connection is over. */
static bool answer(struct peer *p, const char *line) {
  if (strncasecmp(line, "EHLO", 4) == 0) return greet_ehlo(p);
  if (strncasecmp(line, "QUIT", 4) == 0) return say(p, "221 2.0.0 bye\r\n") && false;
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

static void on_readable(evutil_socket_t fd, short what, void *arg) {
  (void)fd, (void)what;
  struct peer *p = arg;
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
  p->event = event_new(p->sink->base, fd, EV_READ | EV_PERSIST, on_readable, p);
  if (!p->event || event_add(p->event, NULL) || !say(p, "220 sink.example ESMTP\r\n")) leave(p);
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

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: sink PORT [CERTIFICATE.pem]\n");
    return 2;
  }
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  signal(SIGPIPE, SIG_IGN);
  struct sink sink = {.base = event_base_new(), .ctx = argc > 2 ? make_context(argv[2]) : NULL};
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)strtol(argv[1], NULL, 10))};
  struct evconnlistener *l =
      evconnlistener_new_bind(sink.base, on_connection, &sink, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE, 4096,
                              (struct sockaddr *)&at, sizeof at);
  if (!l) {
    perror("sink: cannot listen");
    return 1;
  }
  printf("listening\n");
  fflush(stdout);
  event_base_dispatch(sink.base);
  return 0;
}
