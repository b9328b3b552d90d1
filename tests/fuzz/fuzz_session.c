/* Owns: a fuzz entry for the client session: a server that answers each line of the client with the next piece of the input (pieces
 * end with 0xff; the first byte chooses the mechanism of AUTH) must neither crash nor hang it. See drive.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ehlo/core/outcome.h"
#include "ehlo/net/acceptor.h"
#include "ehlo/net/conn.h"
#include "ehlo/smtp/probe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct server {
  struct ehlo_loop *loop;
  struct ehlo_conn conn;
  struct ehlo_slice left; /* of the input */
  bool accepted;
};

static void answer(struct server *s) {
  const char *end = s->left.len ? memchr(s->left.ptr, 0xff, s->left.len) : NULL;
  const size_t len = end ? (size_t)(end - s->left.ptr) : s->left.len;
  if (len) (void)ehlo_conn_write(&s->conn, ehlo_slice_of(s->left.ptr, len), false);
  const size_t used = len + (end != NULL);
  s->left = ehlo_slice_of(s->left.ptr + used, s->left.len - used);
  if (!s->left.len) ehlo_conn_close(&s->conn); /* so that the client need not wait for its deadline */
}

static void heard(void *arg, enum ehlo_conn_event event) {
  struct server *s = arg;
  const char *end;
  if (event != EHLO_CONN_DATA) return;
  while (s->conn.inner && s->conn.input.len && (end = memchr(s->conn.input.data, '\n', s->conn.input.len))) {
    ehlo_buf_consume(&s->conn.input, (size_t)(end - s->conn.input.data) + 1);
    answer(s);
  }
  ehlo_conn_resume(&s->conn);
}

static void accepted(void *arg, int fd) {
  struct server *s = arg;
  if (s->accepted) abort();
  s->accepted = true;
  ehlo_conn_init(&s->conn, s->loop, 65536, heard, s);
  if (ehlo_conn_adopt(&s->conn, fd) != 0) abort();
  answer(s);
}

static void probe(struct server *s, unsigned port, unsigned choice) {
  struct ehlo_smtp_env env;
  struct ehlo_probe p;
  char target[64];
  struct ehlo_unusable wrong;
  int n = 0;
  while (ehlo_auth_mechanism(n))
    n++;
  const struct ehlo_auth_options auth = {.mechanism = ehlo_auth_mechanism((int)choice % n),
                                         .user = "user",
                                         .secret = ehlo_slice_str("secret"),
                                         .insecure = true};
  const struct ehlo_probe_options o = {
      .session = {.helo = "client.example.net", .timeout = 0.01, .tls_level = EHLO_TLS_NONE},
      .to = "b@example.org",
      .auth = strstr(auth.mechanism, "PLUS") ? NULL : &auth};
  snprintf(target, sizeof target, "127.0.0.1:%u", port);
  if (ehlo_smtp_env_init(&env, s->loop) != 0 || ehlo_probe_init(&p, &env, target, &o, &wrong) != 0) abort();
  if (ehlo_probe_start(&p) != 0) abort();
  ehlo_op_drive(&p.op);
  struct ehlo_outcome outcome;
  ehlo_outcome_of(p.session.record, &outcome);
  if (s->accepted && (outcome.exit == 70 || outcome.exit == 130)) abort();
  ehlo_probe_fini(&p);
  ehlo_smtp_env_fini(&env);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char why[200];
  struct ehlo_endpoint at;
  if (!size) return 0;
  struct server s = {.loop = ehlo_loop_new(), .left = ehlo_slice_of((const char *)data + 1, size - 1)};
  if (!s.loop || ehlo_endpoint_read(ehlo_slice_str("127.0.0.1"), 0, &at) != 0) abort();
  struct ehlo_acceptor *a = ehlo_acceptor_open(s.loop, &at, accepted, &s, why, sizeof why);
  if (!a) abort();
  probe(&s, ehlo_acceptor_at(a)->port, data[0]);
  ehlo_acceptor_close(a);
  if (s.accepted) ehlo_conn_fini(&s.conn);
  ehlo_loop_free(s.loop);
  return 0;
}
