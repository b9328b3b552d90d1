/* Handshakes between two connections of one loop: facts, and a named verdict for every way in which a peer is not
 * to be trusted. */
#include "mint.h"
#include "peer.h"

#include <openssl/sha.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"

struct house {
  struct peer peer;
  char folder[64];
  struct mint_one ca, good;
};

static const char *path(struct house *h, const char *name, char out[128]) {
  snprintf(out, 128, "%s/%s", h->folder, name);
  return out;
}

enum { DAY = 86400 };

static void make_all(struct house *h) {
  static const struct {
    const char *file;
    struct mint_order order;
    bool by_ca;
  } rows[] = {
      {"good", {"mx.example.org", "DNS:mx.example.org,DNS:*.mail.example.org,IP:127.0.0.1", -DAY, 90 * DAY, 0}, true},
      {"other", {"mail.other.org", "DNS:mail.other.org", -DAY, 90 * DAY, 0}, true},
      {"expired", {"mx.example.org", "DNS:mx.example.org", -400 * DAY, -21 * DAY - 60, 0}, true},
      {"early", {"mx.example.org", "DNS:mx.example.org", 3 * DAY + 60, 90 * DAY, 0}, true},
      {"self", {"mx.example.org", "DNS:mx.example.org", -DAY, 90 * DAY, 0}, false},
      {"nameless", {"old.example.org", NULL, -DAY, 90 * DAY, 0}, true},
  };
  char file[128];
  h->ca = mint_make((struct mint_order){"Test Root", NULL, -2 * DAY, 900 * DAY, 1}, NULL);
  mint_save(path(h, "ca", file), &h->ca, NULL);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct mint_one one = mint_make(rows[i].order, rows[i].by_ca ? &h->ca : NULL);
    mint_save(path(h, rows[i].file, file), &one, NULL);
    if (i == 0) {
      mint_save(path(h, "chain", file), &one, &h->ca);
      h->good = one;
    } else {
      mint_free(&one);
    }
  }
}

struct meeting {
  struct heard client, server;
  struct ehlo_tls *client_tls, *server_tls;
};

/* Connects two ends and lets them shake hands. `ca` false: the client trusts nobody known here. */
static void meet(struct house *h, struct meeting *m, const char *certificate, const struct ehlo_tls_peer *peer, bool ca,
                 const char *most) {
  char file[128], roots[128], why[200];
  memset(m, 0, sizeof *m);
  struct ehlo_tls_settings server = {.certificate = path(h, certificate, file), .server = true, .diagnose_old = true};
  struct ehlo_tls_settings client = {
      .ca_file = path(h, ca ? "ca" : "other", roots), .max_version = most, .diagnose_old = true};
  m->server_tls = ehlo_tls_new(&server, why, sizeof why);
  m->client_tls = ehlo_tls_new(&client, why, sizeof why);
  if (!m->server_tls || !m->client_tls) fail_msg("%s", why);
  heard_init(&m->client, &h->peer, 4096);
  heard_init(&m->server, &h->peer, 4096);
  int fd = heard_open(&m->client, &h->peer);
  assert_int_equal(ehlo_conn_adopt(&m->server.conn, fd), 0);
  assert_int_equal(ehlo_conn_secure(&m->server.conn, m->server_tls, NULL), 0);
  assert_int_equal(ehlo_conn_secure(&m->client.conn, m->client_tls, peer), 0);
  assert_int_equal(ehlo_conn_write(&m->client.conn, ehlo_slice_str("x"), false), EHLO_E_BUSY);
  TURN_UNTIL(h->peer.loop, heard_event(&m->client, 'S') || heard_event(&m->client, 'F'));
}

static void part(struct meeting *m) {
  ehlo_conn_fini(&m->client.conn);
  ehlo_conn_fini(&m->server.conn);
  ehlo_tls_free(m->client_tls);
  ehlo_tls_free(m->server_tls);
}

static void a_good_certificate_is_trusted_and_described(void **state) {
  struct house *h = *state;
  struct meeting m;
  struct ehlo_tls_peer peer = {.name = "mx.example.org", .level = EHLO_TLS_VERIFY};
  meet(h, &m, "chain", &peer, true, NULL);
  assert_string_equal(m.client.events, "CS");
  const struct ehlo_tls_facts *f = m.client.conn.facts;
  assert_true(f->trusted);
  assert_int_equal(f->n_verdicts, 0);
  assert_string_equal(f->version, "TLSv1.3");
  assert_string_equal(f->cipher, "TLS_AES_256_GCM_SHA384");
  assert_string_equal(f->group, "X25519");
  assert_string_equal(f->sni, "mx.example.org");
  assert_int_equal(f->bits, 256);
  assert_int_equal(f->n_chain, 2);
  assert_string_equal(f->chain[0].subject, "mx.example.org");
  assert_string_equal(f->chain[0].issuer, "Test Root");
  assert_string_equal(f->chain[0].key, "ECDSA P-256");
  assert_string_equal(f->chain[0].signature, "ecdsa-with-SHA256");
  assert_int_equal(strlen(f->chain[0].sha256), 64);
  assert_int_equal(f->chain[0].n_names, 3);
  assert_string_equal(f->chain[0].names[1], "*.mail.example.org");
  assert_string_equal(f->chain[0].names[2], "127.0.0.1");
  assert_true(f->chain[0].not_after - f->chain[0].not_before == 91.0 * DAY);
  part(&m);
}

static void each_bad_certificate_gets_its_word_and_its_facts(void **state) {
  struct house *h = *state;
  static const struct {
    const char *file;
    bool ca;
    const char *name, *address, *word, *text[3];
  } rows[] = {
      {"other",
       true,
       "mx.example.org",
       NULL,
       "certificate-host-mismatch",
       {"the certificate is for mail.other.org, you asked for mx.example.org"}},
      {"nameless",
       true,
       "mx.example.org",
       NULL,
       "certificate-host-mismatch",
       {"the certificate is for old.example.org, you asked for mx.example.org"}},
      {"good",
       true,
       "a.b.mail.example.org",
       NULL,
       "certificate-host-mismatch",
       {"mx.example.org, *.mail.example.org and 127.0.0.1, you asked for a.b.mail"}},
      {"good", true, NULL, "192.0.2.1", "certificate-host-mismatch", {"you asked for 192.0.2.1"}},
      {"expired",
       true,
       "mx.example.org",
       NULL,
       "certificate-expired",
       {"the certificate expired on ", "(21 days ago)"}},
      {"early", true, "mx.example.org", NULL, "validation-failure", {"is not valid yet", "(in 3 days)"}},
      {"self", true, "mx.example.org", NULL, "certificate-not-trusted", {"self-signed"}},
      {"good",
       false,
       "mx.example.org",
       NULL,
       "certificate-not-trusted",
       {"its issuer Test Root is not among the trusted", "intermediate"}},
      {"chain", false, "mx.example.org", NULL, "certificate-not-trusted", {"its chain ends at Test Root"}},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct meeting m;
    struct ehlo_tls_peer peer = {.name = rows[i].name, .address = rows[i].address, .level = EHLO_TLS_MAY};
    meet(h, &m, rows[i].file, &peer, rows[i].ca, NULL);
    assert_string_equal(m.client.events, "CS"); /* a verdict is no failure */
    const struct ehlo_tls_facts *f = m.client.conn.facts;
    assert_false(f->trusted);
    if (f->n_verdicts != 1)
      fail_msg("row %zu: %d verdicts, last %s", i, f->n_verdicts,
               f->n_verdicts ? f->verdicts[f->n_verdicts - 1].text : "");
    assert_string_equal(f->verdicts[0].word, rows[i].word);
    for (int k = 0; k < 3 && rows[i].text[k]; k++)
      if (!strstr(f->verdicts[0].text, rows[i].text[k]))
        fail_msg("row %zu: \"%s\" lacks \"%s\"", i, f->verdicts[0].text, rows[i].text[k]);
    part(&m);
  }
}

static void names_and_addresses_that_match_are_trusted(void **state) {
  struct house *h = *state;
  static const struct ehlo_tls_peer rows[] = {
      {.name = "MX.Example.ORG"}, {.name = "a.mail.example.org"}, {.address = "127.0.0.1"}, {.name = NULL}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct meeting m;
    meet(h, &m, "good", &rows[i], true, NULL);
    assert_true(m.client.conn.facts->trusted);
    part(&m);
  }
}

static void several_faults_give_several_verdicts(void **state) {
  struct house *h = *state;
  struct meeting m;
  struct ehlo_tls_peer peer = {.name = "wrong.example.org", .level = EHLO_TLS_VERIFY};
  meet(h, &m, "expired", &peer, false, NULL);
  const struct ehlo_tls_facts *f = m.client.conn.facts;
  assert_int_equal(f->n_verdicts, 3); /* issuer, date, name */
  part(&m);
}

static void dane_is_judged_by_its_records(void **state) {
  struct house *h = *state;
  unsigned char hash[32], bad[32] = {1}, *der = NULL, *ca = NULL, ca_hash[32];
  int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(h->good.certificate), &der);
  SHA256(der, (size_t)len, hash);
  len = i2d_X509(h->ca.certificate, &ca);
  SHA256(ca, (size_t)len, ca_hash);
  const struct ehlo_tlsa match = {3, 1, 1, hash, 32}, wrong = {3, 1, 1, bad, 32}, pkix = {1, 1, 1, hash, 32},
                         root = {2, 0, 1, ca_hash, 32}, broken = {3, 1, 1, hash, 7};
  const struct {
    const char *file, *name;
    struct ehlo_tlsa records[2];
    int n;
    bool secure;
    const char *word;
  } rows[] = {
      {"good", "elsewhere.example", {wrong, match}, 2, true, NULL}, /* the key counts, not the name, not the issuer */
      {"chain", "mx.example.org", {root}, 1, true, NULL},
      {"chain", "elsewhere.example", {root}, 1, true, "certificate-host-mismatch"},
      {"good", "mx.example.org", {wrong}, 1, true, "tlsa-invalid"},
      {"good", "mx.example.org", {pkix, broken}, 2, true, "tlsa-invalid"},
      {"good", "mx.example.org", {match}, 1, false, "dnssec-invalid"},
      {"good", "mx.example.org", {match}, 0, true, "dane-required"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct meeting m;
    struct ehlo_tls_peer peer = {.name = rows[i].name,
                                 .level = EHLO_TLS_DANE,
                                 .tlsa = rows[i].records,
                                 .n_tlsa = rows[i].n,
                                 .dane_trusted = rows[i].secure};
    meet(h, &m, rows[i].file, &peer, i > 1, NULL);
    const struct ehlo_tls_facts *f = m.client.conn.facts;
    if (f->trusted != !rows[i].word) fail_msg("row %zu: %s", i, f->n_verdicts ? f->verdicts[0].text : "trusted");
    if (rows[i].word) assert_string_equal(f->verdicts[f->n_verdicts - 1].word, rows[i].word);
    if (i == 3) assert_non_null(strstr(f->verdicts[0].text, "one that would: 3 1 1 "));
    part(&m);
  }
  OPENSSL_free(der);
  OPENSSL_free(ca);
}

static void bytes_flow_both_ways_after_the_handshake(void **state) {
  struct house *h = *state;
  struct meeting m;
  struct ehlo_tls_peer peer = {.name = "mx.example.org"};
  meet(h, &m, "good", &peer, true, NULL);
  TURN_UNTIL(h->peer.loop, heard_event(&m.server, 'S'));
  assert_int_equal(ehlo_conn_write(&m.server.conn, ehlo_slice_str("250 ok\r\n"), false), 0);
  TURN_UNTIL(h->peer.loop, m.client.conn.input.len == 8);
  assert_slice(ehlo_buf_slice(&m.client.conn.input), "250 ok\r\n");
  enum { MUCH = 700000 };
  char *bytes = ehlo_memory_zalloc(1, MUCH);
  assert_int_equal(ehlo_conn_write(&m.client.conn, ehlo_slice_of(bytes, MUCH), true), 0);
  size_t got = 0;
  while (got < MUCH) {
    TURN_UNTIL(h->peer.loop, m.server.conn.input.len > 0);
    got += m.server.conn.input.len;
    ehlo_buf_consume(&m.server.conn.input, m.server.conn.input.len);
    ehlo_conn_resume(&m.server.conn);
  }
  TURN_UNTIL(h->peer.loop, heard_event(&m.client, 'w'));
  ehlo_memory_free(bytes);
  ehlo_conn_close(&m.server.conn);
  TURN_UNTIL(h->peer.loop, heard_event(&m.client, 'E'));
  assert_string_equal(m.client.conn.trouble, "");
  part(&m);
}

static void channel_bindings_agree_at_both_ends(void **state) {
  struct house *h = *state;
  static const struct {
    const char *most, *kind;
    int len;
  } rows[] = {{"TLSv1.3", "tls-exporter", 32},
              {"TLSv1.2", "tls-unique", 12},
              {"TLSv1.2", "tls-server-end-point", 32},
              {"TLSv1.3", "tls-unique", EHLO_E_NOT_FOUND},
              {"TLSv1.3", "nonsense", EHLO_E_NOT_FOUND}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct meeting m;
    unsigned char ours[64], theirs[64];
    struct ehlo_tls_peer peer = {.name = "mx.example.org"};
    meet(h, &m, "good", &peer, true, rows[i].most);
    TURN_UNTIL(h->peer.loop, heard_event(&m.server, 'S'));
    assert_string_equal(m.client.conn.facts->version, rows[i].most);
    assert_int_equal(ehlo_conn_binding(&m.client.conn, rows[i].kind, ours, sizeof ours), rows[i].len);
    assert_int_equal(ehlo_conn_binding(&m.server.conn, rows[i].kind, theirs, sizeof theirs), rows[i].len);
    if (rows[i].len > 0) assert_memory_equal(ours, theirs, (size_t)rows[i].len);
    part(&m);
  }
}

static void old_versions_can_be_spoken_for_diagnosis(void **state) {
  struct house *h = *state;
  struct meeting m;
  struct ehlo_tls_peer peer = {.name = "mx.example.org"};
  meet(h, &m, "good", &peer, true, "TLSv1");
  assert_string_equal(m.client.events, "CS");
  assert_string_equal(m.client.conn.facts->version, "TLSv1");
  part(&m);
}

/* One end is TLS, the other writes what it likes. */
static void meet_raw(struct house *h, struct heard *client, struct ehlo_tls **tls, struct ehlo_slice answer,
                     bool hang_up) {
  char why[200];
  *tls = ehlo_tls_new(&(struct ehlo_tls_settings){0}, why, sizeof why);
  struct ehlo_tls_peer peer = {.name = "mx.example.org"};
  heard_init(client, &h->peer, 4096);
  int fd = heard_open(client, &h->peer);
  assert_int_equal(ehlo_conn_secure(&client->conn, *tls, &peer), 0);
  ehlo_loop_turn(h->peer.loop, true);
  char hello[2000];
  assert_true(recv(fd, hello, sizeof hello, 0) > 100);
  if (answer.len) assert_true(send(fd, answer.ptr, answer.len, 0) > 0);
  if (hang_up) close(fd);
  TURN_UNTIL(h->peer.loop, heard_event(client, 'F'));
  if (!hang_up) close(fd);
  assert_int_equal(client->conn.error, EHLO_E_TLS);
  assert_string_equal(client->events, "CF");
}

static void a_peer_that_does_not_speak_tls_is_named_so(void **state) {
  struct heard client;
  struct ehlo_tls *tls;
  meet_raw(*state, &client, &tls, ehlo_slice_str("220 mx.example.org ESMTP\r\n"), false);
  assert_non_null(strstr(client.conn.trouble, "not TLS"));
  ehlo_conn_fini(&client.conn);
  ehlo_tls_free(tls);
}

static void a_peer_that_hangs_up_in_the_handshake_is_told(void **state) {
  struct heard client;
  struct ehlo_tls *tls;
  meet_raw(*state, &client, &tls, (struct ehlo_slice){0}, true);
  assert_non_null(strstr(client.conn.trouble, "in the middle of the handshake"));
  ehlo_conn_fini(&client.conn);
  ehlo_tls_free(tls);
}

static void an_alert_is_put_into_words(void **state) {
  struct heard client;
  struct ehlo_tls *tls;
  meet_raw(*state, &client, &tls, ehlo_slice_of("\x15\x03\x03\0\x02\x02\x28", 7), false);
  assert_non_null(strstr(client.conn.trouble, "alert handshake_failure"));
  assert_string_equal(client.conn.reason, "validation-failure");
  ehlo_conn_fini(&client.conn);
  ehlo_tls_free(tls);
}

static void closing_without_close_notify_is_an_end_with_a_note(void **state) {
  struct house *h = *state;
  struct meeting m;
  struct ehlo_tls_peer peer = {.name = "mx.example.org"};
  meet(h, &m, "good", &peer, true, NULL);
  TURN_UNTIL(h->peer.loop, heard_event(&m.server, 'S'));
  m.server.conn.secured = false; /* so that close says nothing */
  ehlo_conn_close(&m.server.conn);
  TURN_UNTIL(h->peer.loop, heard_event(&m.client, 'E'));
  assert_non_null(strstr(m.client.conn.trouble, "close_notify"));
  part(&m);
}

static void bytes_that_came_too_early_stop_the_handshake_before_it_begins(void **state) {
  struct house *h = *state;
  struct heard client;
  char why[200];
  struct ehlo_tls *tls = ehlo_tls_new(&(struct ehlo_tls_settings){0}, why, sizeof why);
  heard_init(&client, &h->peer, 4096);
  int fd = heard_open(&client, &h->peer);
  assert_true(send(fd, "250 forged\r\n", 12, 0) == 12);
  TURN_UNTIL(h->peer.loop, heard_event(&client, 'd'));
  assert_int_equal(ehlo_conn_secure(&client.conn, tls, NULL), EHLO_E_ARGUMENT);
  ehlo_conn_fini(&client.conn);
  ehlo_tls_free(tls);
  close(fd);
}

static void settings_that_cannot_be_used_are_explained(void **state) {
  struct house *h = *state;
  char ca[128], other[128], why[200];
  path(h, "ca", ca);
  path(h, "other", other);
  const struct {
    struct ehlo_tls_settings settings;
    const char *part;
  } rows[] = {
      {{.min_version = "SSLv3"}, "\"SSLv3\" is no TLS version"},
      {{.min_version = "TLSv1.3", .max_version = "TLSv1.2"}, "above"},
      {{.ca_file = "/nonexistent.pem"}, "/nonexistent.pem cannot be read"},
      {{.certificate = "/nonexistent.pem", .server = true}, "/nonexistent.pem"},
      {{.certificate = ca, .key = other, .server = true}, "private key"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    assert_null(ehlo_tls_new(&rows[i].settings, why, sizeof why));
    if (!strstr(why, rows[i].part)) fail_msg("\"%s\" lacks \"%s\"", why, rows[i].part);
  }
}

static void close_in_shaking(struct heard *h, enum ehlo_conn_event event) {
  (void)event;
  ehlo_conn_fini(&h->conn);
}

static void a_receiver_may_free_at_secured(void **state) {
  struct house *h = *state;
  struct meeting m;
  char file[128], why[200];
  memset(&m, 0, sizeof m);
  m.server_tls =
      ehlo_tls_new(&(struct ehlo_tls_settings){.certificate = path(h, "good", file), .server = true}, why, sizeof why);
  m.client_tls = ehlo_tls_new(&(struct ehlo_tls_settings){0}, why, sizeof why);
  heard_init(&m.client, &h->peer, 4096);
  heard_init(&m.server, &h->peer, 4096);
  assert_int_equal(ehlo_conn_adopt(&m.server.conn, heard_open(&m.client, &h->peer)), 0);
  m.client.then = close_in_shaking;
  ehlo_conn_secure(&m.server.conn, m.server_tls, NULL);
  ehlo_conn_secure(&m.client.conn, m.client_tls, &(struct ehlo_tls_peer){.name = "mx.example.org"});
  TURN_UNTIL(h->peer.loop, heard_event(&m.client, 'S'));
  TURN_UNTIL(h->peer.loop, heard_event(&m.server, 'E') || heard_event(&m.server, 'F'));
  part(&m);
}

static int set_up(void **state) {
  static struct house h;
  peer_open(&h.peer);
  snprintf(h.folder, sizeof h.folder, "/tmp/ehlo-tls-XXXXXX");
  if (!mkdtemp(h.folder)) return -1;
  make_all(&h);
  *state = &h;
  return 0;
}
static int tear_down(void **state) {
  struct house *h = *state;
  static const char *const files[] = {"ca", "good", "chain", "other", "expired", "early", "self", "nameless"};
  char file[128];
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    unlink(path(h, files[i], file));
  rmdir(h->folder);
  mint_free(&h->ca);
  mint_free(&h->good);
  peer_close(&h->peer);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_good_certificate_is_trusted_and_described),
      cmocka_unit_test(each_bad_certificate_gets_its_word_and_its_facts),
      cmocka_unit_test(names_and_addresses_that_match_are_trusted),
      cmocka_unit_test(several_faults_give_several_verdicts),
      cmocka_unit_test(dane_is_judged_by_its_records),
      cmocka_unit_test(bytes_flow_both_ways_after_the_handshake),
      cmocka_unit_test(channel_bindings_agree_at_both_ends),
      cmocka_unit_test(old_versions_can_be_spoken_for_diagnosis),
      cmocka_unit_test(a_peer_that_does_not_speak_tls_is_named_so),
      cmocka_unit_test(a_peer_that_hangs_up_in_the_handshake_is_told),
      cmocka_unit_test(an_alert_is_put_into_words),
      cmocka_unit_test(closing_without_close_notify_is_an_end_with_a_note),
      cmocka_unit_test(bytes_that_came_too_early_stop_the_handshake_before_it_begins),
      cmocka_unit_test(settings_that_cannot_be_used_are_explained),
      cmocka_unit_test(a_receiver_may_free_at_secured),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
