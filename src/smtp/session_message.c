/* Owns: sending a message: DATA with its dots stuffed, BDAT in chunks, and the replies that LMTP gives a recipient. Callers: the session. */
#include <stdio.h>

#include "session_inner.h"

enum { PIECE = 16 * 1024 };

/* One reply, or with LMTP one for each recipient that was accepted (RFC 2033 4.2). */
static int expect_verdicts(struct ehlo_session *s, const char *shown) {
  const int replies = s->lmtp && s->accepted > 0 ? s->accepted : 1;
  for (int i = 0; i < replies; i++)
    if (session_expect(s, EHLO_PHASE_DATA, ehlo_slice_str(i ? "" : shown)) < 0) return EHLO_E_MEMORY;
  return 0;
}

/* Stuffs dots and makes each CRLF, CR or LF a CRLF. Takes as much of the body as fits into a piece. */
static void stuff(struct ehlo_session *s, struct ehlo_buf *out) {
  size_t used = 0;
  for (; used < s->body.len && out->len < PIECE; used++) {
    const char c = s->body.ptr[used];
    const bool lf_of_crlf = c == '\n' && s->after_cr;
    s->after_cr = c == '\r';
    if (lf_of_crlf) continue;
    if (c == '\r' || c == '\n') {
      (void)ehlo_buf_add(out, "\r\n", 2);
      s->line_start = true;
      continue;
    }
    if (c == '.' && s->line_start) (void)ehlo_buf_add_char(out, '.');
    (void)ehlo_buf_add_char(out, c);
    s->line_start = false;
  }
  s->body = ehlo_slice_of(s->body.ptr + used, s->body.len - used);
}

void session_feed(struct ehlo_session *s) {
  if (!s->feeding) return;
  struct ehlo_buf out;
  ehlo_buf_init(&out, PIECE * 2 + 16);
  stuff(s, &out);
  if (s->body.len == 0) {
    (void)ehlo_buf_add_str(&out, s->line_start ? ".\r\n" : "\r\n.\r\n");
    s->feeding = false;
  }
  const int error = out.error ? out.error : ehlo_conn_write(&s->conn, ehlo_buf_slice(&out), false);
  ehlo_buf_fini(&out);
  if (error) session_fail(s, error, NULL, "the message could not be sent: %s", ehlo_error_text(error));
}

bool session_data_answered(struct ehlo_session *s, int code) {
  s->body_due = false;
  if (code != 354) return false;
  char shown[64];
  snprintf(shown, sizeof shown, "(message of %zu bytes)\r\n", s->body.len);
  if (expect_verdicts(s, shown) < 0) {
    session_fail(s, EHLO_E_MEMORY, NULL, "out of memory");
    return true;
  }
  s->accepted = 0;
  s->line_start = true;
  s->after_cr = false;
  s->feeding = true;
  session_feed(s);
  return true;
}

int ehlo_session_data(struct ehlo_session *s, struct ehlo_slice message) {
  if (s->state != EHLO_SESSION_OPEN) return s->state == EHLO_SESSION_CLOSED ? EHLO_E_CLOSED : EHLO_E_BUSY;
  s->body = message;
  s->body_due = true;
  const int error = session_send(s, EHLO_PHASE_DATA, ehlo_slice_str("DATA"), false);
  if (error) s->body_due = false;
  return error;
}

int ehlo_session_bdat(struct ehlo_session *s, struct ehlo_slice chunk, bool last) {
  if (chunk.len > EHLO_SESSION_CHUNK) return EHLO_E_LIMIT;
  int error = session_open(s, EHLO_PHASE_DATA);
  if (error) return error;
  char line[64];
  const int n = snprintf(line, sizeof line, "BDAT %zu%s\r\n", chunk.len, last ? " LAST" : "");
  if (last)
    error = expect_verdicts(s, line);
  else if (session_expect(s, EHLO_PHASE_DATA, ehlo_slice_of(line, (size_t)n)) < 0)
    error = EHLO_E_MEMORY;
  if (last) s->accepted = 0;
  if (!error) error = ehlo_conn_write(&s->conn, ehlo_slice_of(line, (size_t)n), false);
  if (!error) error = ehlo_conn_write(&s->conn, chunk, false);
  return session_sent(s, error);
}
