/* Owns: the exchange of AUTH (RFC 4954): the AUTH line, challenges and responses, "*", the last reply. Callers: the session, and
 * whoever authenticates, through ehlo/smtp/auth.h. What a mechanism says comes from auth_gsasl.c and auth_oauth.c. */
#include "auth_inner.h"

#include <stdio.h>
#include <string.h>

#include "ehlo/core/base64.h"
#include "ehlo/core/escape.h"
#include "session_inner.h"

void auth_wipe(struct ehlo_buf *b) {
  if (b->data) ehlo_memory_wipe(b->data, b->len);
  ehlo_buf_fini(b);
}

static void wipe_text(char *text, size_t len) {
  if (text) ehlo_memory_wipe(text, len);
  ehlo_memory_free(text);
}

static void discard(struct ehlo_auth *a) {
  if (!a) return;
  if (a->end) a->end(a);
  ehlo_memory_free(a->user);
  ehlo_memory_free(a->authzid);
  wipe_text(a->secret, a->secret_len);
  auth_wipe(&a->challenge);
  auth_wipe(&a->early);
  ehlo_memory_free(a);
}

void session_auth_end(struct ehlo_session *s) {
  discard(s->auth);
  s->auth = NULL;
}

/* Own copies, and the mechanism's own state. */
static int make(struct ehlo_session *s, const struct auth_row *row, const struct ehlo_auth_options *o, char *why,
                size_t why_size, struct ehlo_auth **out) {
  struct ehlo_auth *a = ehlo_memory_zalloc(1, sizeof *a);
  *out = NULL;
  if (!a) return EHLO_E_MEMORY;
  a->row = row;
  a->session = s;
  ehlo_buf_init(&a->challenge, AUTH_LINE_MAX);
  ehlo_buf_init(&a->early, 2 * AUTH_LINE_MAX);
  if (o->user) a->user = ehlo_memory_dup(o->user, strlen(o->user));
  if (o->authzid) a->authzid = ehlo_memory_dup(o->authzid, strlen(o->authzid));
  if (o->secret.ptr) a->secret = ehlo_memory_dup(o->secret.ptr, o->secret.len);
  if (a->secret) a->secret_len = o->secret.len;
  const bool whole = !a->user == !o->user && !a->authzid == !o->authzid && !a->secret == !o->secret.ptr;
  const int error = whole ? row->begin(a, why, why_size) : EHLO_E_MEMORY;
  if (error)
    discard(a);
  else
    *out = a;
  return error;
}

/* Servers echo what they got: no response may come back into the transcript. The name alone is no secret. */
static int learn(struct ehlo_session *s, struct ehlo_slice secret, const char *user) {
  if (!s->redactor) s->redactor = ehlo_redactor_new();
  if (!s->redactor) return EHLO_E_MEMORY;
  if (user && ehlo_slice_equal(secret, ehlo_slice_str(user))) return 0;
  return ehlo_redactor_add(s->redactor, secret);
}

/* Base64 of the next response, "=" for an empty one where `initial`. 0, 1 when it is the last, or an error. */
static int respond(struct ehlo_auth *a, struct ehlo_slice in, bool initial, struct ehlo_buf *out, char *why,
                   size_t why_size) {
  struct ehlo_buf plain;
  ehlo_buf_init(&plain, AUTH_LINE_MAX);
  if (!ehlo_buf_reserve(&plain, AUTH_LINE_MAX)) return EHLO_E_MEMORY; /* grown once: no copies stay behind */
  int rc = a->step(a, in, &plain, why, why_size);
  if (rc >= 0) {
    int error = plain.len > 3 ? learn(a->session, ehlo_buf_slice(&plain), a->user) : 0;
    if (!error && plain.len == 0 && initial) error = ehlo_buf_add_char(out, '=');
    if (!error) error = ehlo_base64_encode(ehlo_buf_slice(&plain), out);
    if (error) rc = error;
  }
  auth_wipe(&plain);
  return rc;
}

static int send_line(struct ehlo_session *s, struct ehlo_buf *line, const char *shown) {
  int error = ehlo_buf_add(line, "\r\n", 2);
  if (!error && session_expect(s, EHLO_PHASE_AUTH, ehlo_slice_str(shown)) < 0) error = EHLO_E_MEMORY;
  return error ? error : ehlo_conn_write(&s->conn, ehlo_buf_slice(line), true);
}

/* The initial response goes on the AUTH line where that stays within 512 bytes (RFC 4954 4), else after a 334. */
static int begin(struct ehlo_session *s, struct ehlo_auth *a, struct ehlo_buf *line, char *why, size_t why_size) {
  (void)ehlo_buf_addf(line, "AUTH %s", a->row->name);
  if (!a->row->speaks) return line->error;
  const size_t head = line->len;
  int error = ehlo_buf_add_char(line, ' ');
  if (!error) {
    const int rc = respond(a, ehlo_slice_str(""), true, line, why, why_size);
    error = rc < 0 ? rc : 0;
  }
  if (error || line->len + 2 <= 512) return error;
  a->early_due = true;
  error = ehlo_buf_add(&a->early, line->data + head + 1, line->len - head - 1);
  ehlo_memory_wipe(line->data + head, line->len - head);
  line->len = head;
  (void)s;
  return error;
}

int session_auth_start(struct ehlo_session *s, const struct auth_row *row, const struct ehlo_auth_options *o, char *why,
                       size_t why_size) {
  struct ehlo_auth *a;
  struct ehlo_buf line;
  int error = make(s, row, o, why, why_size, &a);
  if (error) return error;
  ehlo_buf_init(&line, 2 * AUTH_LINE_MAX);
  if (!ehlo_buf_reserve(&line, 2 * AUTH_LINE_MAX)) error = EHLO_E_MEMORY;
  if (!error) error = learn(s, ehlo_slice_of(a->secret ? a->secret : "", a->secret_len), NULL);
  if (!error) error = begin(s, a, &line, why, why_size);
  if (!error) error = session_open(s, EHLO_PHASE_AUTH);
  if (error) {
    discard(a);
  } else {
    char shown[64];
    const bool responds = strchr(line.data + strlen("AUTH "), ' ') != NULL;
    snprintf(shown, sizeof shown, "AUTH %s%s\r\n", row->name, responds ? " (secret)" : "");
    session_auth_end(s);
    s->auth = a;
    (void)session_sent(s, send_line(s, &line, shown));
  }
  auth_wipe(&line);
  return error;
}

void session_auth_hear(struct ehlo_session *s, const struct ehlo_reply *reply) {
  struct ehlo_auth *a = s->auth;
  struct ehlo_reply_line line;
  size_t pos = 0;
  if (!a || s->phase != EHLO_PHASE_AUTH || reply->code != 334) return;
  ehlo_buf_reset(&a->challenge);
  a->malformed = !ehlo_reply_next_line(reply, &pos, false, &line) || !line.last ||
                 ehlo_base64_decode(ehlo_slice_trim(line.text), &a->challenge) != 0;
}

/* "*" (RFC 4954 4): the server answers with 501, which is then the reply of AUTH; the finding tells why. */
static int cancel(struct ehlo_session *s, struct ehlo_auth *a, struct ehlo_buf *line, const char *why) {
  (void)ehlo_record_find(s->record, "auth-cancelled", "AUTH %s was broken off: %s.", a->row->name, why);
  a->cancelled = true;
  ehlo_buf_reset(line);
  (void)ehlo_buf_add_char(line, '*');
  return send_line(s, line, "*\r\n");
}

/* Why a token was refused comes as a challenge (RFC 7628 3.2.2). */
static void note_detail(struct ehlo_session *s, const struct ehlo_auth *a) {
  struct ehlo_buf clean, shown;
  if (a->turn < 1 || a->challenge.len == 0) return;
  ehlo_buf_init(&clean, 4 * AUTH_LINE_MAX);
  ehlo_buf_init(&shown, 16 * AUTH_LINE_MAX);
  if (ehlo_redactor_apply(s->redactor, ehlo_buf_slice(&a->challenge), &clean) == 0 &&
      ehlo_escape_terminal(ehlo_buf_slice(&clean), &shown) == 0 && shown.data)
    (void)ehlo_record_find(s->record, "auth-detail", "The server says of the token: %.300s", shown.data);
  ehlo_buf_fini(&clean);
  ehlo_buf_fini(&shown);
}

static int answer(struct ehlo_session *s, struct ehlo_auth *a, struct ehlo_buf *line) {
  char why[200] = "out of memory";
  session_set_aside_unasked(s); /* a 235 that came before our response answers nothing */
  if (a->malformed) return cancel(s, a, line, "the challenge is not one line of base64");
  if (++a->rounds > AUTH_ROUNDS_MAX) return cancel(s, a, line, "the challenges do not end");
  if (a->early_due) {
    a->early_due = false;
    const int error = ehlo_buf_add_slice(line, ehlo_buf_slice(&a->early));
    return error ? error : send_line(s, line, "(secret)\r\n");
  }
  note_detail(s, a);
  const int rc = respond(a, ehlo_buf_slice(&a->challenge), false, line, why, sizeof why);
  if (rc == EHLO_E_MEMORY) return rc;
  return rc < 0 ? cancel(s, a, line, why) : send_line(s, line, "(secret)\r\n");
}

/* A server that lets us in without having shown that it knows the secret may be anybody. */
static void last_reply(struct ehlo_session *s, int code) {
  const struct ehlo_auth *a = s->auth;
  if (code / 100 == 2 && a->row->proves && !a->proved)
    (void)ehlo_record_find(s->record, "auth-unproven",
                           "The server accepted %s without proof that it knows the secret: it may not be the server.",
                           a->row->name);
  session_auth_end(s);
}

bool session_auth_answered(struct ehlo_session *s, int code) {
  struct ehlo_auth *a = s->auth;
  if (!a || s->phase != EHLO_PHASE_AUTH) return false;
  if (code != 334 || a->cancelled) {
    last_reply(s, code);
    return false;
  }
  struct ehlo_buf line;
  ehlo_buf_init(&line, 2 * AUTH_LINE_MAX);
  const int error = ehlo_buf_reserve(&line, 2 * AUTH_LINE_MAX) ? answer(s, a, &line) : EHLO_E_MEMORY;
  auth_wipe(&line);
  if (error) session_fail(s, error, NULL, "the response to a challenge could not be sent: %s", ehlo_error_text(error));
  return true;
}
