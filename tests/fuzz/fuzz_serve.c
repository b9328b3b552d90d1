/* Owns: a fuzz entry for the rehearsal server: what a client sends, in two pieces, must neither crash nor hang it, nor make it keep
 * more than its bounds; and a client that hangs up is let go. See drive.c. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ehlo/base/clock.h"
#include "ehlo/smtp/listener.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int dial(const struct ehlo_listener *l) {
  struct sockaddr_in at = {
      .sin_family = AF_INET, .sin_port = htons(ehlo_listener_at(l)->port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) abort();
  if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0) return fd;
  close(fd); /* thousands a second may use up the ports for a while */
  return -1;
}

static void nothing(struct ehlo_timer *t) {
  (void)t;
}

/* Reads to the end; the server has no reason to keep a client that said all it had to say. */
static void hear_out(struct ehlo_loop *loop, int fd) {
  char answers[4096];
  ssize_t n;
  struct ehlo_timer guard;
  const double end = ehlo_clock_monotonic() + 10;
  ehlo_timer_init(&guard, loop, nothing);
  if (ehlo_timer_arm(&guard, end) != 0) abort();
  do {
    ehlo_loop_turn(loop, false);
    n = recv(fd, answers, sizeof answers, MSG_DONTWAIT);
    if (ehlo_clock_monotonic() > end) abort();
  } while (n != 0 && !(n < 0 && errno != EAGAIN));
  ehlo_timer_disarm(&guard);
}

static void check(const struct ehlo_listener *l, size_t size) {
  const struct ehlo_visit *v = ehlo_listener_visit(l, 0);
  if (!v) return;
  for (int i = 0; i < v->n_messages; i++)
    if (v->messages[i].body.len > size || v->messages[i].size > size) abort();
}

static void speak(struct ehlo_loop *loop, const struct ehlo_listener *l, int fd, const uint8_t *data, size_t size) {
  const size_t first = size > 1 ? data[0] % size : size;
  (void)send(fd, data, first, MSG_NOSIGNAL);
  for (int i = 0; i < 4; i++)
    ehlo_loop_turn(loop, false);
  (void)send(fd, data + first, size - first, MSG_NOSIGNAL);
  shutdown(fd, SHUT_WR);
  hear_out(loop, fd);
  check(l, size);
  close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char why[200];
  struct ehlo_loop *loop = ehlo_loop_new();
  struct ehlo_listener_options o = {.name = "mx.example.org", .user = "user", .secret = "secret", .recipients = 50};
  if (!loop || ehlo_endpoint_read(ehlo_slice_str("127.0.0.1"), 0, &o.at) != 0) abort();
  struct ehlo_listener *l = ehlo_listener_open(loop, &o, why, sizeof why);
  if (!l) abort();
  const int fd = dial(l);
  if (fd >= 0) speak(loop, l, fd, data, size);
  ehlo_listener_free(l);
  ehlo_loop_free(loop);
  return 0;
}
