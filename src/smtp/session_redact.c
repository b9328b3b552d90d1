/* Owns: the only way of bytes into the transcript of a session that may have sent credentials. Callers: the session. */
#include <stdio.h>

#include "ehlo/core/base64.h"
#include "session_inner.h"

enum { CLEAN_MAX = 1024 * 1024, DECODED_MAX = 64 * 1024 };

long session_keep(struct ehlo_session *s, enum ehlo_phase phase, struct ehlo_slice received) {
  struct ehlo_buf clean;
  ehlo_buf_init(&clean, CLEAN_MAX);
  struct ehlo_slice kept = received;
  char stub[16];
  if (s->redactor && ehlo_redactor_apply(s->redactor, received, &clean) != 0) {
    snprintf(stub, sizeof stub, "%.4s(secret)\r\n", received.len >= 4 ? received.ptr : ""); /* rather too little */
    kept = ehlo_slice_str(stub);
  } else if (s->redactor) {
    kept = ehlo_buf_slice(&clean);
  }
  const long at = ehlo_transcript_add(&s->record->transcript, session_at(s), EHLO_RECEIVED, phase, kept);
  ehlo_buf_fini(&clean);
  return at;
}

/* Everything in a response by hand may be the secret: the whole, and each piece of what it decodes to. */
static int learn(struct ehlo_session *s, struct ehlo_slice response) {
  struct ehlo_buf plain;
  if (!s->redactor) s->redactor = ehlo_redactor_new();
  if (!s->redactor) return EHLO_E_MEMORY;
  response = ehlo_slice_trim(response);
  int error = response.len > 3 ? ehlo_redactor_add(s->redactor, response) : 0;
  ehlo_buf_init(&plain, DECODED_MAX);
  if (!error && ehlo_base64_decode(response, &plain) == 0) {
    for (size_t at = 0; at < plain.len && !error;) {
      size_t end = at;
      while (end < plain.len && plain.data[end] != '\0' && plain.data[end] != '\1')
        end++;
      if (end - at > 3) error = ehlo_redactor_add(s->redactor, ehlo_slice_of(plain.data + at, end - at));
      at = end + 1;
    }
  }
  if (plain.data) ehlo_memory_wipe(plain.data, plain.len);
  ehlo_buf_fini(&plain);
  return error;
}

static bool is_base64(struct ehlo_slice line) {
  line = ehlo_slice_trim(line);
  for (size_t i = 0; i < line.len; i++)
    if (ehlo_base64_value(line.ptr[i]) < 0 && line.ptr[i] != '=') return false;
  return true;
}

/* Did the server just ask for a response, or may it, to an AUTH earlier in the same write? */
static bool challenged(const struct ehlo_session *s, struct ehlo_slice line) {
  const struct ehlo_record *r = s->record;
  if (r->n_exchanges > 0 && r->exchanges[r->n_exchanges - 1].code == 334) return true;
  for (int i = s->first; i < r->n_exchanges; i++)
    if (r->exchanges[i].phase == EHLO_PHASE_AUTH && r->exchanges[i].code == 0 && is_base64(line)) return true;
  return false;
}

struct ehlo_slice session_shown(struct ehlo_session *s, struct ehlo_slice line, char *room, size_t size) {
  static const char hidden[] = "(secret)\r\n";
  if (challenged(s, line)) {
    (void)learn(s, line);
    return ehlo_slice_str(hidden);
  }
  if (!ehlo_slice_starts_nocase(line, ehlo_slice_str("AUTH "))) return line;
  size_t at = 5;
  while (at < line.len && line.ptr[at] == ' ')
    at++;
  while (at < line.len && line.ptr[at] != ' ' && line.ptr[at] != '\r' && line.ptr[at] != '\n')
    at++;
  const struct ehlo_slice response = ehlo_slice_of(line.ptr + at, line.len - at);
  if (ehlo_slice_trim(response).len == 0) return line;
  (void)learn(s, response);
  const int n = snprintf(room, size, "%.*s %s", at < 40 ? (int)at : 4, line.ptr, hidden);
  return ehlo_slice_of(room, n > 0 && (size_t)n < size ? (size_t)n : 0);
}
