/* Fetching where memory runs out: each allocation of ours fails in turn, once and from then on; nothing crashes, leaks or waits for
 * ever. Then that nothing is left behind when everything is closed in the middle of a fetch. */
#include "peer.h"

#include <fcntl.h>
#include <poll.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/net/http.h"

#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
enum { TURNS = 2000 };

struct house {
  struct peer peer;
  int visitor;
  char folder[4096], url[64];
  struct ehlo_resolver *resolver;
  struct ehlo_http *http;
  struct ehlo_fetch fetch;
};

/* The modules lie beside the program, which is one folder up from the tests. */
static void find_folder(struct house *h) {
  const ssize_t n = readlink("/proc/self/exe", h->folder, sizeof h->folder - 1);
  assert_true(n > 0);
  h->folder[n] = '\0';
  *strrchr(h->folder, '/') = '\0';
  *strrchr(h->folder, '/') = '\0';
}

static void open_house(struct house *h) {
  memset(h, 0, sizeof *h);
  find_folder(h);
  peer_open(&h->peer);
  h->visitor = -1;
  (void)fcntl(h->peer.listener, F_SETFL, O_NONBLOCK);
  snprintf(h->url, sizeof h->url, "http://127.0.0.1:%u/", h->peer.at.port);
}

/* Answers whoever comes, without ever waiting: the other side is this thread too. */
static void serve(struct house *h) {
  char request[4096];
  if (h->visitor < 0) h->visitor = accept4(h->peer.listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (h->visitor < 0 || read(h->visitor, request, sizeof request) < 0) return;
  (void)!send(h->visitor, ANSWER, sizeof ANSWER - 1, MSG_NOSIGNAL);
  close(h->visitor);
  h->visitor = -1;
}

static bool begin(struct house *h, const char *url, double timeout) {
  char why[200];
  const struct ehlo_http_request request = {.url = url, .max_size = 1000, .timeout = timeout};
  const struct ehlo_resolver_options none = {.hosts = "", .trust_anchor = ""};
  h->resolver = ehlo_resolver_new(h->peer.loop, &none);
  h->http = h->resolver ? ehlo_http_open(h->peer.loop, h->folder, why, sizeof why) : NULL;
  if (!h->http) return false;
  ehlo_fetch_init(&h->fetch, h->http, h->resolver);
  return ehlo_fetch_start(&h->fetch, &request) == 0;
}

static void close_house(struct house *h) {
  if (h->visitor >= 0) close(h->visitor);
  h->visitor = -1;
  if (h->http) ehlo_fetch_fini(&h->fetch);
  ehlo_http_close(h->http);
  ehlo_resolver_free(h->resolver);
  h->http = NULL;
  h->resolver = NULL;
}

static bool fetch(struct house *h, double timeout) {
  const bool begun = begin(h, h->url, timeout);
  for (int i = 0; begun && !h->fetch.over && i < TURNS; i++) {
    ehlo_loop_turn(h->peer.loop, false);
    serve(h);
    (void)poll(NULL, 0, h->fetch.over ? 0 : 1);
  }
  if (begun) assert_true(h->fetch.over);
  const bool fine = begun && h->fetch.error == 0 && h->fetch.status == 200 && h->fetch.body.len == 5;
  close_house(h);
  return fine;
}

static void a_fetch_brings_what_the_server_sent(void **state) {
  (void)state;
  struct house h;
  open_house(&h);
  assert_true(fetch(&h, 20));
  assert_true(fetch(&h, 20)); /* and once more, from the start */
  peer_close(&h.peer);
}

static void what_is_under_way_is_given_up_when_all_is_closed(void **state) {
  (void)state;
  struct house h;
  open_house(&h);
  assert_true(begin(&h, h.url, 20));
  for (int i = 0; i < 20; i++)
    ehlo_loop_turn(h.peer.loop, false);
  assert_false(h.fetch.over);
  close_house(&h);
  assert_true(begin(&h, "https://name.example/", 20));
  close_house(&h);
  peer_close(&h.peer);
}

static void a_cancelled_fetch_says_so(void **state) {
  (void)state;
  struct house h;
  open_house(&h);
  assert_true(begin(&h, h.url, 20));
  ehlo_op_cancel(&h.fetch.op, EHLO_E_CANCELLED);
  assert_true(h.fetch.over);
  assert_int_equal(h.fetch.error, EHLO_E_CANCELLED);
  close_house(&h);
  peer_close(&h.peer);
}

#ifdef EHLO_FAULTS
static void a_fetch_survives_the_loss_of_any_allocation(void **state) {
  (void)state;
  for (int lasting = 0; lasting < 2; lasting++) {
    bool passed = false;
    int nth = 1;
    for (; nth < 200 && !passed; nth++) {
      struct house h;
      open_house(&h);
      ehlo_memory_fail_at((unsigned long)nth, lasting);
      passed = fetch(&h, 0.2);
      const bool reached = ehlo_memory_count() >= (unsigned long)nth;
      ehlo_memory_fail_at(0, 0);
      peer_close(&h.peer);
      if (passed && reached) passed = false; /* it got over the failure: go on */
    }
    assert_true(passed);
    assert_true(nth > 5);
  }
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_fetch_brings_what_the_server_sent),
      cmocka_unit_test(what_is_under_way_is_given_up_when_all_is_closed),
      cmocka_unit_test(a_cancelled_fetch_says_so),
#ifdef EHLO_FAULTS
      cmocka_unit_test(a_fetch_survives_the_loss_of_any_allocation),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
