/* Memory that runs out at any point of a session, at the client's side or at the rehearsal server's: each allocation fails in turn,
 * once and from then on; nothing crashes, leaks or waits for ever. In builds with fault injection only. */
#include "rehearse.h"

#ifdef EHLO_FAULTS

enum { PATIENCE = 5 }; /* seconds of one scene: more than all of its deadlines */

struct scene {
  const char *name;
  bool (*play)(struct stage *s, const struct scene *scene); /* true when all of it worked */
  bool tls;
  const char *mechanism;
  const char *challenge; /* what AUTH is answered; NULL: as a server that knows the user */
};

static bool listen_and_greet(struct stage *s, const struct scene *scene) {
  struct ehlo_listener_options o = {.user = "user", .secret = "secret", .recipients = 5};
  const struct said said[] = {{EHLO_SERVE_AUTH, scene->challenge}, {EHLO_SERVE_OTHER, "235 2.7.0 in\r\n"}};
  for (size_t i = 0; scene->challenge && i < 2; i++)
    stage_answer(&o, &said[i]);
  if (!stage_listen(s, &o) || stage_connect(s, 1) != 220) return false;
  if (stage_code(s, ehlo_session_ehlo(&s->session, "EHLO")) != 250) return false;
  if (!scene->tls) return true;
  if (stage_code(s, ehlo_session_starttls(&s->session)) != 220 || !s->session.conn.secured) return false;
  return stage_code(s, ehlo_session_ehlo(&s->session, "EHLO")) == 250;
}

static bool log_in(struct stage *s, const struct scene *scene) {
  char why[300];
  const struct ehlo_auth_options o = {.mechanism = scene->mechanism,
                                      .user = "user",
                                      .authzid = "",
                                      .secret = ehlo_slice_str("secret"),
                                      .insecure = true};
  if (!listen_and_greet(s, scene)) return false;
  return stage_code(s, ehlo_session_auth(&s->session, &o, why, sizeof why)) == 235;
}

static bool begin_mail(struct stage *s) {
  return stage_say(s, EHLO_PHASE_MAIL, "MAIL FROM:<a@example.org>") == 250 &&
         stage_say(s, EHLO_PHASE_RCPT, "RCPT TO:<b@example.org>") == 250 &&
         stage_say(s, EHLO_PHASE_RCPT, "RCPT TO:<c@example.org>") == 250;
}

static bool send_mail(struct stage *s, const struct scene *scene) {
  static const char text[] = "Subject: x\r\n\r\n.dot\nbare\r\n";
  const struct ehlo_slice message = ehlo_slice_str(text);
  return listen_and_greet(s, scene) && begin_mail(s) && stage_code(s, ehlo_session_data(&s->session, message)) == 250 &&
         begin_mail(s) && stage_code(s, ehlo_session_bdat(&s->session, message, false)) == 250 &&
         stage_code(s, ehlo_session_bdat(&s->session, message, true)) == 250 && ehlo_listener_visit(s->listener, 0) &&
         ehlo_listener_visit(s->listener, 0)->n_messages == 2 && stage_code(s, ehlo_session_quit(&s->session)) == 221;
}

static bool speak_lmtp(struct stage *s, const struct scene *scene) {
  const struct ehlo_slice lines[] = {ehlo_slice_str("RSET"), ehlo_slice_str("MAIL FROM:<>"),
                                     ehlo_slice_str("RCPT TO:<b@example.org>"), ehlo_slice_str("NOOP x")};
  return listen_and_greet(s, scene) && stage_code(s, ehlo_session_ehlo(&s->session, "LHLO")) == 250 &&
         stage_code(s, ehlo_session_pipeline(&s->session, lines, 4)) == 250 &&
         stage_say(s, EHLO_PHASE_RCPT, "RCPT TO:<c@example.org>") == 250 &&
         stage_code(s, ehlo_session_data(&s->session, ehlo_slice_str("x"))) == 250 &&
         stage_code(s, ehlo_session_raw(&s->session, ehlo_slice_str("VRFY a\r\nHELP\r\n"), 2)) == 214 &&
         stage_say(s, EHLO_PHASE_COMMAND, "XCLIENT ADDR=192.0.2.1") == 500;
}

#define BOGUS "334 PDEuMkBteC5leGFtcGxlLm9yZz4=\r\n"
static const struct scene scenes[] = {
    {"messages", send_mail, false, NULL, NULL},
    {"messages inside TLS", send_mail, true, NULL, NULL},
    {"LMTP", speak_lmtp, false, NULL, NULL},
    {"PLAIN", log_in, false, "PLAIN", NULL},
    {"LOGIN", log_in, false, "LOGIN", NULL},
    {"CRAM-MD5", log_in, false, "CRAM-MD5", BOGUS},
    {"SCRAM-SHA-1", log_in, false, "SCRAM-SHA-1", BOGUS},
    {"SCRAM-SHA-256", log_in, false, "SCRAM-SHA-256", BOGUS},
    {"SCRAM-SHA-1-PLUS", log_in, true, "SCRAM-SHA-1-PLUS", BOGUS},
    {"SCRAM-SHA-256-PLUS", log_in, true, "SCRAM-SHA-256-PLUS", BOGUS},
    {"EXTERNAL", log_in, true, "EXTERNAL", "334 \r\n"},
    {"OAUTHBEARER", log_in, false, "OAUTHBEARER", "334 eyJzdGF0dXMiOiJ4In0=\r\n"},
    {"XOAUTH2", log_in, false, "XOAUTH2", "334 eyJzdGF0dXMiOiJ4In0=\r\n"},
};

struct house {
  struct ehlo_tls *server, *client; /* made once: net's own tests lose memory there */
};

/* One go with the nth allocation lost; true when the scene worked and there was no nth. */
static bool play(const struct house *h, const struct scene *scene, unsigned long nth, bool lasting) {
  struct stage s = {.loop = ehlo_loop_new(), .tls = h->server, .client_tls = h->client};
  assert_non_null(s.loop);
  const double began = ehlo_clock_monotonic();
  ehlo_memory_fail_at(nth, lasting);
  const bool worked = scene->play(&s, scene);
  const bool reached = ehlo_memory_count() >= nth;
  ehlo_memory_fail_at(0, 0);
  const double took = ehlo_clock_monotonic() - began;
  if (took > PATIENCE) fail_msg("%s, allocation %lu: took %.1f s", scene->name, nth, took);
  stage_clear(&s);
  ehlo_loop_free(s.loop);
  return worked && !reached;
}

static void sessions_survive_the_loss_of_any_allocation(void **state) {
  for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) {
    for (int lasting = 0; lasting < 2; lasting++) {
      unsigned long nth = 1;
      while (nth < 1000 && !play(*state, &scenes[i], nth, lasting))
        nth++;
      if (nth < 20 || nth == 1000) fail_msg("%s: ended at allocation %lu", scenes[i].name, nth);
    }
  }
}

static int set_up(void **state) {
  static struct house h;
  static const char *const names[] = {"mx.example.org"};
  const struct ehlo_tls_made made = {.names = names, .n_names = 1};
  char why[200];
  h.server = ehlo_tls_new(&(struct ehlo_tls_settings){.made = &made, .server = true, .resume = true}, why, sizeof why);
  h.client = ehlo_tls_new(&(struct ehlo_tls_settings){.diagnose_old = true, .resume = true}, why, sizeof why);
  *state = &h;
  return h.server && h.client ? 0 : -1;
}
static int tear_down(void **state) {
  struct house *h = *state;
  ehlo_tls_free(h->server);
  ehlo_tls_free(h->client);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(sessions_survive_the_loss_of_any_allocation)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

#else

int main(void) {
  return 0;
}

#endif
