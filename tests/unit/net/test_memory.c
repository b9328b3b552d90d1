/* Memory that runs out at any point: each allocation of ours fails in turn, once and from then on; nothing crashes or leaks,
 * and nobody waits for ever. In builds with fault injection only. */
#include "mint.h"
#include "peer.h"
#include "responder.h"

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/net/op.h"
#include "ehlo/net/resolver.h"

#ifdef EHLO_FAULTS

struct house {
  char folder[64], file[128];
};

struct outcome {
  bool done, fine;
};

static void nothing(struct ehlo_timer *t) {
  (void)t;
}

/* Turns until `done`; false when it never comes. The guard's place in the heap was made before memory failed. */
static bool turn_until(struct ehlo_loop *loop, const bool *done) {
  double end = ehlo_clock_monotonic() + 2;
  struct ehlo_timer guard;
  ehlo_timer_init(&guard, loop, nothing);
  if (ehlo_timer_arm(&guard, end)) return true;
  while (!*done && ehlo_clock_monotonic() < end)
    ehlo_loop_turn(loop, true);
  ehlo_timer_disarm(&guard);
  return *done;
}

struct shaken {
  struct heard heard;
  bool secured, ended;
};

static void note(struct heard *h, enum ehlo_conn_event event) {
  struct shaken *s = (struct shaken *)h;
  s->secured |= event == EHLO_CONN_SECURED;
  s->ended |= event == EHLO_CONN_DATA || event == EHLO_CONN_FAILED || event == EHLO_CONN_CLOSED;
}

/* A handshake and a reply; true when all of it worked. */
static bool shake_hands(struct house *h, struct peer *p) {
  char why[200];
  bool worked = false;
  struct shaken client = {0}, server = {0};
  struct ehlo_tls *ours = ehlo_tls_new(&(struct ehlo_tls_settings){.ca_file = h->file}, why, sizeof why);
  struct ehlo_tls *theirs =
      ehlo_tls_new(&(struct ehlo_tls_settings){.certificate = h->file, .server = true}, why, sizeof why);
  unsigned char hash[32] = {0};
  const struct ehlo_tlsa tlsa = {3, 1, 1, hash, sizeof hash};
  const struct ehlo_tls_peer peer = {
      .name = "other.example", .level = EHLO_TLS_DANE, .tlsa = &tlsa, .n_tlsa = 1, .dane_trusted = true};
  heard_init(&client.heard, p, 4096);
  heard_init(&server.heard, p, 4096);
  client.heard.then = server.heard.then = note;
  if (!ours || !theirs) goto out;
  if (ehlo_conn_open(&client.heard.conn, ehlo_dialler_direct, &p->at, NULL)) goto out;
  int fd = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC);
  if (ehlo_conn_adopt(&server.heard.conn, fd)) {
    close(fd);
    goto out;
  }
  for (int i = 0; i < 50 && !heard_event(&client.heard, 'C'); i++)
    ehlo_loop_turn(p->loop, true);
  if (ehlo_conn_secure(&server.heard.conn, theirs, NULL)) goto out;
  if (ehlo_conn_secure(&client.heard.conn, ours, &peer)) goto out;
  for (int i = 0; i < 200 && !(client.secured && server.secured) && !client.ended && !server.ended; i++)
    ehlo_loop_turn(p->loop, true);
  if (!client.secured || !server.secured || client.ended || server.ended) goto out;
  if (ehlo_conn_write(&server.heard.conn, ehlo_slice_str("250 ok\r\n"), true)) goto out;
  assert_true(turn_until(p->loop, &client.ended));
  worked = client.heard.conn.input.len == 8 && client.heard.conn.facts && client.heard.conn.facts->n_verdicts == 1;
out:
  ehlo_conn_fini(&client.heard.conn);
  ehlo_conn_fini(&server.heard.conn);
  ehlo_tls_free(ours);
  ehlo_tls_free(theirs);
  return worked;
}

static void told(void *arg, const struct ehlo_addresses *a) {
  struct outcome *o = arg;
  o->done = true;
  o->fine = a->error == 0 && a->n == 2;
}

static const struct responder_row rows[] = {{"mx.example.org", 1, 0, {"192.0.2.1", "192.0.2.2"}}};

static bool find_addresses(struct house *h, struct peer *p) {
  struct responder dns;
  struct outcome o = {0};
  struct ehlo_question *q = NULL;
  (void)h;
  responder_open(&dns, p->loop, rows, 1);
  struct ehlo_resolver *r = ehlo_resolver_new(
      p->loop, &(struct ehlo_resolver_options){.server = dns.server, .trust_anchor = "", .hosts = "/etc/hosts"});
  double deadline = ehlo_loop_now(p->loop) + 1;
  if (r && ehlo_resolver_addresses(r, "mx.example.org", 0, deadline, told, &o, &q) == 0)
    assert_true(turn_until(p->loop, &o.done));
  ehlo_resolver_free(r);
  responder_close(&dns);
  return o.fine;
}

static void visit_every_allocation(struct house *h, bool (*scene)(struct house *h, struct peer *p)) {
  for (int lasting = 0; lasting < 2; lasting++) {
    bool passed = false;
    int nth = 1;
    for (; nth < 500 && !passed; nth++) {
      struct peer p;
      peer_open(&p);
      ehlo_memory_fail_at((unsigned long)nth, lasting);
      passed = scene(h, &p);
      bool reached = ehlo_memory_count() >= (unsigned long)nth;
      ehlo_memory_fail_at(0, 0);
      peer_close(&p);
      if (passed && reached) passed = false; /* it got over the failure: go on */
    }
    assert_true(passed);
    assert_true(nth > 5);
  }
}

static void handshakes_survive_the_loss_of_any_allocation(void **state) {
  visit_every_allocation(*state, shake_hands);
}
static void look_ups_survive_the_loss_of_any_allocation(void **state) {
  visit_every_allocation(*state, find_addresses);
}

static int set_up(void **state) {
  static struct house h;
  snprintf(h.folder, sizeof h.folder, "/tmp/ehlo-memory-XXXXXX");
  if (!mkdtemp(h.folder)) return -1;
  snprintf(h.file, sizeof h.file, "%s/own", h.folder);
  struct mint_one one = mint_make((struct mint_order){"mx.example.org", "DNS:mx.example.org", -60, 86400, 0}, NULL);
  mint_save(h.file, &one, NULL);
  mint_free(&one);
  *state = &h;
  return 0;
}
static int tear_down(void **state) {
  struct house *h = *state;
  unlink(h->file);
  rmdir(h->folder);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(handshakes_survive_the_loss_of_any_allocation),
      cmocka_unit_test(look_ups_survive_the_loss_of_any_allocation),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

#else

int main(void) {
  return 0;
}

#endif
