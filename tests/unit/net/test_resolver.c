/* The resolver against a DNS server of a few rows on loopback: every kind of answer, silence, and who goes away
 * when. */
#include "peer.h"
#include "responder.h"

#include <stdlib.h>

#include "ehlo/base/error.h"
#include "ehlo/net/resolver.h"

static const struct responder_row rows[] = {
    {"mx.example.org", 1, 0, {"192.0.2.1", "192.0.2.2"}},
    {"mx.example.org", 28, 0, {"2001:db8::1"}},
    {"v4.example.org", 1, 0, {"192.0.2.4"}},
    {"example.org", 15, 0, {"10 mx.example.org", "20 v4.example.org"}},
    {"nothing.example.org", 16, 0, {NULL}},
    {"broken.example.org", 1, 2, {NULL}},
    {"silent.example.org", 1, RESPONDER_SILENT, {NULL}},
    {"xn--bcher-kva.example", 1, 0, {"192.0.2.8"}},
    {"mail.site.test", 1, 0, {"192.0.2.9"}},
    {"1.0.0.10.in-addr.arpa", 12, 0, {"inside.example.org"}},
    {"half.example.org", 28, 0, {NULL}},
};

struct scene {
  struct ehlo_loop *loop;
  struct responder dns;
  struct ehlo_resolver *resolver;
};

struct seen {
  struct scene *scene;
  int calls, error, rcode, records, security;
  char reason[32], why[200], first[EHLO_DNS_NAME];
  struct ehlo_question *question;
  void (*then)(struct seen *s);
  /* addresses */
  int n;
  struct ehlo_endpoint list[8];
};

static void answered(void *arg, const struct ehlo_dns_answer *a) {
  struct seen *s = arg;
  struct ehlo_dns_record record;
  size_t pos = 0;
  s->calls++;
  s->question = NULL;
  s->error = a->error;
  s->rcode = a->rcode;
  s->security = (int)a->security;
  snprintf(s->reason, sizeof s->reason, "%s", a->reason ? a->reason : "");
  snprintf(s->why, sizeof s->why, "%s", a->why);
  while (!a->error && ehlo_dnsmsg_next(&a->message, &pos, &record) > 0)
    s->records++;
  if (s->then) s->then(s);
}

static void found(void *arg, const struct ehlo_addresses *a) {
  struct seen *s = arg;
  s->calls++;
  s->question = NULL;
  s->error = a->error;
  s->security = a->security;
  s->n = a->n;
  snprintf(s->reason, sizeof s->reason, "%s", a->reason ? a->reason : "");
  snprintf(s->why, sizeof s->why, "%s", a->why);
  for (int i = 0; i < a->n && i < 8; i++)
    s->list[i] = a->list[i];
}

static void open_scene(struct scene *s, struct ehlo_resolver_options options) {
  s->loop = ehlo_loop_new();
  responder_open(&s->dns, s->loop, rows, sizeof rows / sizeof *rows);
  options.server = s->dns.server;
  s->resolver = ehlo_resolver_new(s->loop, &options);
  assert_non_null(s->resolver);
}

static void close_scene(struct scene *s) {
  ehlo_resolver_free(s->resolver);
  responder_close(&s->dns);
  ehlo_loop_free(s->loop);
}

static void ask(struct scene *scene, struct seen *s, const char *name, uint16_t type) {
  *s = (struct seen){.scene = scene};
  assert_int_equal(
      ehlo_resolver_ask(scene->resolver, name, type, ehlo_loop_now(scene->loop) + 4, answered, s, &s->question), 0);
  TURN_UNTIL(scene->loop, s->calls == 1);
}

static void find(struct scene *scene, struct seen *s, const char *name, int family) {
  *s = (struct seen){.scene = scene};
  assert_int_equal(
      ehlo_resolver_addresses(scene->resolver, name, family, ehlo_loop_now(scene->loop) + 4, found, s, &s->question),
      0);
  TURN_UNTIL(scene->loop, s->calls == 1);
}

static const struct ehlo_resolver_options plain = {.trust_anchor = "", .hosts = ""};

static void each_kind_of_answer_is_told_apart(void **state) {
  (void)state;
  static const struct {
    const char *name;
    uint16_t type;
    int error, rcode, records;
    const char *reason;
  } cases[] = {
      {"mx.example.org", EHLO_RR_A, 0, 0, 2, ""},
      {"mx.example.org.", EHLO_RR_AAAA, 0, 0, 1, ""},
      {"example.org", EHLO_RR_MX, 0, 0, 2, ""},
      {"nothing.example.org", EHLO_RR_A, 0, 0, 0, "no-data"},
      {"absent.example.org", EHLO_RR_A, 0, 3, 0, "nxdomain"},
      {"broken.example.org", EHLO_RR_A, EHLO_E_DNS, 2, 0, "servfail"},
      {"b\xc3\xbc"
       "cher.example",
       EHLO_RR_A, 0, 0, 1, ""},
      {"mail.site.test", EHLO_RR_A, 0, 0, 1, ""},
      {"1.0.0.10.in-addr.arpa", EHLO_RR_PTR, 0, 0, 1, ""},
  };
  struct scene scene;
  struct seen s;
  open_scene(&scene, plain);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ask(&scene, &s, cases[i].name, cases[i].type);
    if (s.error != cases[i].error || s.rcode != cases[i].rcode || s.records != cases[i].records)
      fail_msg("%s: error %d, rcode %d, %d records (%s)", cases[i].name, s.error, s.rcode, s.records, s.why);
    assert_string_equal(s.reason, cases[i].reason);
    assert_int_equal(s.why[0] != '\0', cases[i].reason[0] != '\0');
  }
  assert_false(ehlo_resolver_insecure(scene.resolver)); /* nothing to validate with: not the servers' fault */
  close_scene(&scene);
}

static void silence_ends_at_the_deadline(void **state) {
  (void)state;
  struct scene scene;
  struct seen s = {0};
  open_scene(&scene, plain);
  double now = ehlo_loop_now(scene.loop);
  assert_int_equal(
      ehlo_resolver_ask(scene.resolver, "silent.example.org", EHLO_RR_A, now + 0.05, answered, &s, &s.question), 0);
  assert_non_null(s.question);
  TURN_UNTIL(scene.loop, s.calls == 1);
  assert_int_equal(s.error, EHLO_E_TIMEOUT);
  assert_string_equal(s.reason, "timeout");
  assert_true(ehlo_loop_now(scene.loop) >= now + 0.05);
  ask(&scene, &s, "mx.example.org", EHLO_RR_A); /* and others are still answered */
  assert_int_equal(s.records, 2);
  close_scene(&scene);
}

static void a_cancelled_question_is_never_answered(void **state) {
  (void)state;
  struct scene scene;
  struct seen s = {0}, other;
  open_scene(&scene, plain);
  assert_int_equal(ehlo_resolver_ask(scene.resolver, "v4.example.org", EHLO_RR_A, 0, answered, &s, &s.question), 0);
  ehlo_question_cancel(s.question);
  ask(&scene, &other, "mx.example.org", EHLO_RR_A);
  for (int i = 0; i < 5; i++)
    ehlo_loop_turn(scene.loop, false);
  assert_int_equal(s.calls, 0);
  close_scene(&scene);
}

static void an_answer_may_come_before_the_call_returns(void **state) {
  (void)state;
  struct scene scene;
  struct seen s;
  open_scene(&scene, plain);
  ask(&scene, &s, "mx.example.org", EHLO_RR_A);
  struct seen again = {0};
  assert_int_equal(ehlo_resolver_ask(scene.resolver, "localhost", EHLO_RR_A, 0, answered, &again, &again.question), 0);
  assert_int_equal(again.calls, 1);
  assert_null(again.question);
  assert_int_equal(again.records, 1);
  close_scene(&scene);
}

static void ask_more(struct seen *s) {
  s->then = NULL;
  struct ehlo_question *q;
  assert_int_equal(ehlo_resolver_ask(s->scene->resolver, "localhost", EHLO_RR_A, 0, answered, s, &q), 0);
  assert_int_equal(ehlo_resolver_ask(s->scene->resolver, "v4.example.org", EHLO_RR_A, 0, answered, s, &q), 0);
  assert_int_equal(s->calls, 1); /* not from inside an answer */
}

static void questions_asked_inside_an_answer_wait_for_the_loop(void **state) {
  (void)state;
  struct scene scene;
  open_scene(&scene, plain);
  struct seen s = {.scene = &scene, .then = ask_more};
  assert_int_equal(ehlo_resolver_ask(scene.resolver, "mx.example.org", EHLO_RR_A, 0, answered, &s, &s.question), 0);
  TURN_UNTIL(scene.loop, s.calls == 3);
  assert_int_equal(s.records, 4);
  close_scene(&scene);
}

static void free_it(struct seen *s) {
  ehlo_resolver_free(s->scene->resolver);
  s->scene->resolver = NULL;
}

static void the_resolver_may_be_freed_inside_an_answer(void **state) {
  (void)state;
  static const char *const names[] = {"mx.example.org", "localhost"};
  for (int i = 0; i < 2; i++) {
    struct scene scene;
    open_scene(&scene, plain);
    struct seen s = {.scene = &scene, .then = free_it}, other = {0}, third = {0};
    struct ehlo_question *q;
    assert_int_equal(ehlo_resolver_ask(scene.resolver, "silent.example.org", EHLO_RR_A, 0, answered, &other, &q), 0);
    assert_int_equal(ehlo_resolver_addresses(scene.resolver, "silent.example.org", 0, 0, found, &third, &q), 0);
    assert_int_equal(ehlo_resolver_ask(scene.resolver, names[i], EHLO_RR_A, 0, answered, &s, &s.question), 0);
    TURN_UNTIL(scene.loop, s.calls == 1);
    for (int k = 0; k < 3; k++)
      ehlo_loop_turn(scene.loop, false);
    assert_int_equal(other.calls + third.calls, 0);
    close_scene(&scene);
  }
}

/* libunbound ends what it was asked when it is deleted, and that must not bring back what is freed. */
static void a_resolver_that_is_freed_before_it_knows_of_validation_leaves_nothing_behind(void **state) {
  (void)state;
  struct scene scene;
  struct seen s = {0};
  if (access("/usr/share/dns/root.key", R_OK) != 0) skip();
  open_scene(&scene, (struct ehlo_resolver_options){.hosts = ""});
  assert_int_equal(ehlo_resolver_ask(scene.resolver, "mx.example.org", EHLO_RR_A, 0, answered, &s, &s.question), 0);
  ehlo_resolver_free(scene.resolver);
  scene.resolver = NULL;
  for (int k = 0; k < 3; k++)
    ehlo_loop_turn(scene.loop, false);
  assert_int_equal(s.calls, 0);
  close_scene(&scene);
}

static void a_resolver_that_withholds_the_roots_keys_is_used_without_validation(void **state) {
  (void)state;
  struct scene scene;
  struct seen s;
  if (access("/usr/share/dns/root.key", R_OK) != 0) skip();
  open_scene(&scene, (struct ehlo_resolver_options){.hosts = ""});
  ask(&scene, &s, "mx.example.org", EHLO_RR_A);
  assert_int_equal(s.error, 0);
  assert_int_equal(s.records, 2);
  assert_int_equal(s.security, EHLO_DNS_INSECURE);
  assert_true(scene.dns.dnskey_asked > 0);
  assert_true(ehlo_resolver_insecure(scene.resolver));
  close_scene(&scene);
}

static void names_that_cannot_be_asked_are_refused_at_once(void **state) {
  (void)state;
  struct scene scene;
  struct seen s = {0};
  char longest[400];
  memset(longest, 'a', sizeof longest);
  longest[64] = '\0';
  open_scene(&scene, plain);
  const char *const names[] = {
      "", "a..b", ".a", longest, "a.\\300", "a\\", "\xff\xfe.example", "b\xc3\xbc\xe2\x80\x8d.example"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    assert_int_equal(ehlo_resolver_ask(scene.resolver, names[i], EHLO_RR_A, 0, answered, &s, &s.question),
                     EHLO_E_SYNTAX);
  for (int i = 0; i < 300; i += 50)
    longest[i] = '.';
  longest[64] = 'a';
  longest[0] = 'a';
  longest[299] = '\0';
  assert_int_equal(ehlo_resolver_ask(scene.resolver, longest, EHLO_RR_A, 0, answered, &s, &s.question), EHLO_E_SYNTAX);
  assert_int_equal(s.calls, 0);
  assert_int_equal(scene.dns.asked, 0);
  close_scene(&scene);
}

static void addresses_of_both_families_come_in_one_answer(void **state) {
  (void)state;
  struct scene scene;
  struct seen s;
  open_scene(&scene, plain);
  find(&scene, &s, "mx.example.org", 0);
  assert_int_equal(s.error, 0);
  assert_int_equal(s.n, 3);
  assert_true(s.list[0].family == 6 || s.list[2].family == 6); /* at an end: families are kept together */
  assert_int_equal(s.security, EHLO_DNS_INSECURE);
  find(&scene, &s, "mx.example.org", 6);
  assert_int_equal(s.n, 1);
  find(&scene, &s, "v4.example.org", 0);
  assert_int_equal(s.n, 1);
  close_scene(&scene);
}

static void no_address_says_why(void **state) {
  (void)state;
  static const struct {
    const char *name;
    int family, error;
    const char *reason;
  } cases[] = {
      {"absent.example.org", 0, EHLO_E_DNS, "nxdomain"}, {"nothing.example.org", 0, EHLO_E_DNS, "no-address"},
      {"v4.example.org", 6, EHLO_E_DNS, "no-address"},   {"broken.example.org", 0, EHLO_E_DNS, "servfail"},
      {"192.0.2.1", 6, EHLO_E_DNS, "no-address"},
  };
  struct scene scene;
  struct seen s;
  open_scene(&scene, plain);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    find(&scene, &s, cases[i].name, cases[i].family);
    assert_int_equal(s.error, cases[i].error);
    assert_string_equal(s.reason, cases[i].reason);
    assert_true(s.why[0] != '\0');
  }
  close_scene(&scene);
}

static void literals_localhost_and_the_hosts_file_need_no_dns(void **state) {
  (void)state;
  char path[] = "/tmp/ehlo-hosts-XXXXXX";
  FILE *f = fdopen(mkstemp(path), "w");
  fputs("192.0.2.77 mx.example.org\n", f);
  fclose(f);
  static const struct {
    const char *name;
    int n, last;
  } cases[] = {{"192.0.2.5", 1, 5}, {"LOCALHOST", 2, 1}, {"a.localhost.", 2, 1}, {"mx.example.org", 1, 77}};
  struct scene scene;
  open_scene(&scene, (struct ehlo_resolver_options){.hosts = path});
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct seen s = {0};
    assert_int_equal(ehlo_resolver_addresses(scene.resolver, cases[i].name, 0, 0, found, &s, &s.question), 0);
    assert_int_equal(s.calls, 1);
    assert_int_equal(s.n, cases[i].n);
    assert_int_equal(s.security, -2);
    assert_int_equal(s.list[0].bytes[s.list[0].family == 4 ? 3 : 15], cases[i].last);
  }
  assert_int_equal(scene.dns.asked, 0);
  unlink(path);
  close_scene(&scene);
}

static void a_cancelled_search_is_never_answered(void **state) {
  (void)state;
  struct scene scene;
  struct seen s = {0}, other;
  open_scene(&scene, plain);
  assert_int_equal(ehlo_resolver_addresses(scene.resolver, "v4.example.org", 0, 0, found, &s, &s.question), 0);
  ehlo_question_cancel(s.question);
  find(&scene, &other, "mx.example.org", 4);
  assert_int_equal(s.calls, 0);
  assert_int_equal(other.n, 2);
  close_scene(&scene);
}

static void resolv_conf_names_the_servers(void **state) {
  (void)state;
  char path[] = "/tmp/ehlo-resolv-XXXXXX";
  struct scene scene;
  struct seen s = {0};
  open_scene(&scene, plain);
  FILE *f = fdopen(mkstemp(path), "w");
  fputs("# nameserver 127.0.0.9\nsearch example.org\nnameserver 127.0.0.1\nnameserver nonsense\n", f);
  fclose(f);
  ehlo_resolver_free(scene.resolver);
  scene.resolver = ehlo_resolver_new(
      scene.loop, &(struct ehlo_resolver_options){.trust_anchor = "", .hosts = "", .resolv_conf = path});
  /* Port 53 of loopback is not ours to answer: that the question is taken is what can be seen here. */
  assert_int_equal(ehlo_resolver_ask(scene.resolver, "mx.example.org", EHLO_RR_A, ehlo_loop_now(scene.loop) + 0.02,
                                     answered, &s, &s.question),
                   0);
  TURN_UNTIL(scene.loop, s.calls == 1);
  assert_true(s.error != 0);
  unlink(path);
  close_scene(&scene);
}

static void options_are_checked_before_anything_is_asked(void **state) {
  (void)state;
  static const struct {
    struct ehlo_resolver_options options;
    bool fine;
  } cases[] = {
      {{.server = NULL}, true},
      {{.server = "192.0.2.1"}, true},
      {{.server = "192.0.2.1:5353"}, true},
      {{.server = "2001:db8::1"}, true},
      {{.server = "[2001:db8::1]:5353"}, true},
      {{.server = "[2001:db8::1]"}, true},
      {{.server = "dns.example.org"}, false},
      {{.server = ""}, false},
      {{.server = "192.0.2.1:"}, false},
      {{.server = "192.0.2.1:0"}, false},
      {{.server = "192.0.2.1:65536"}, false},
      {{.server = "[192.0.2.1]:53"}, false},
      {{.server = "/run/dns.sock"}, false},
      {{.server = "192.0.2.1", .recursive = true}, false},
      {{.trust_anchor = "/nonexistent.key"}, false},
      {{.hosts = "/nonexistent/hosts"}, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *why;
    int error = ehlo_resolver_check(&cases[i].options, &why);
    if ((error == 0) != cases[i].fine) fail_msg("row %zu: %s", i, why ? why : "taken");
    assert_int_equal(why != NULL, !cases[i].fine);
  }
}

static int count_answered(const struct seen *s, int n) {
  int done = 0;
  for (int i = 0; i < n; i++)
    done += s[i].calls;
  return done;
}

static void many_questions_at_once_are_all_answered(void **state) {
  (void)state;
  enum { N = 400 };
  static struct seen s[N];
  struct scene scene;
  char name[64];
  open_scene(&scene, plain);
  for (int i = 0; i < N; i++) {
    s[i] = (struct seen){.scene = &scene};
    snprintf(name, sizeof name, "n%d.example.org", i);
    assert_int_equal(ehlo_resolver_ask(scene.resolver, name, EHLO_RR_A, ehlo_loop_now(scene.loop) + 10, answered, &s[i],
                                       &s[i].question),
                     0);
  }
  TURN_UNTIL(scene.loop, count_answered(s, N) == N);
  for (int i = 0; i < N; i++)
    assert_string_equal(s[i].reason, "nxdomain");
  close_scene(&scene);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_kind_of_answer_is_told_apart),
      cmocka_unit_test(silence_ends_at_the_deadline),
      cmocka_unit_test(a_cancelled_question_is_never_answered),
      cmocka_unit_test(an_answer_may_come_before_the_call_returns),
      cmocka_unit_test(questions_asked_inside_an_answer_wait_for_the_loop),
      cmocka_unit_test(the_resolver_may_be_freed_inside_an_answer),
      cmocka_unit_test(a_resolver_that_is_freed_before_it_knows_of_validation_leaves_nothing_behind),
      cmocka_unit_test(a_resolver_that_withholds_the_roots_keys_is_used_without_validation),
      cmocka_unit_test(names_that_cannot_be_asked_are_refused_at_once),
      cmocka_unit_test(addresses_of_both_families_come_in_one_answer),
      cmocka_unit_test(no_address_says_why),
      cmocka_unit_test(literals_localhost_and_the_hosts_file_need_no_dns),
      cmocka_unit_test(a_cancelled_search_is_never_answered),
      cmocka_unit_test(resolv_conf_names_the_servers),
      cmocka_unit_test(options_are_checked_before_anything_is_asked),
      cmocka_unit_test(many_questions_at_once_are_all_answered),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
