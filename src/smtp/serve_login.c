/* Owns: AUTH PLAIN and LOGIN on the server's side. Callers: the rehearsal server. */
#include "ehlo/base/memory.h"
#include "ehlo/core/base64.h"
#include "serve_inner.h"

#include <stdio.h>

enum { PLAIN, LOGIN_USER, LOGIN_SECRET, DECODED_MAX = 8192 };

static void verdict(struct serve *s, bool right) {
  s->mode = SERVE_COMMANDS;
  s->login_user[0] = '\0';
  serve_say(s, EHLO_SERVE_AUTH, ehlo_slice_of("", 0),
            right ? "235 2.7.0 Authenticated" : "535 5.7.8 The credentials are not right");
}

/* A challenge is part of the exchange: no script answers in its place. */
static void challenge(struct serve *s, const char *text, int step) {
  s->mode = SERVE_LOGIN;
  s->login_step = step;
  serve_refuse(s, text);
}

static bool same(struct ehlo_slice a, const char *b) {
  return b && ehlo_slice_equal(a, ehlo_slice_str(b));
}

/* authzid NUL user NUL secret (RFC 4616) */
static bool plain_is_right(const struct serve *s, struct ehlo_slice bytes) {
  const char *first = bytes.len ? memchr(bytes.ptr, '\0', bytes.len) : NULL;
  if (!first) return false;
  struct ehlo_slice rest = ehlo_slice_of(first + 1, bytes.len - (size_t)(first + 1 - bytes.ptr));
  const char *second = rest.len ? memchr(rest.ptr, '\0', rest.len) : NULL;
  if (!second) return false;
  const struct ehlo_slice user = ehlo_slice_of(rest.ptr, (size_t)(second - rest.ptr));
  const struct ehlo_slice secret = ehlo_slice_of(second + 1, rest.len - user.len - 1);
  return same(user, s->listener->user) && same(secret, s->listener->secret);
}

static void take(struct serve *s, struct ehlo_slice bytes) {
  switch (s->login_step) {
  case PLAIN: verdict(s, plain_is_right(s, bytes)); return;
  case LOGIN_USER:
    snprintf(s->login_user, sizeof s->login_user, "%.*s", (int)(bytes.len < 255 ? bytes.len : 255),
             bytes.len ? bytes.ptr : "");
    challenge(s, "334 UGFzc3dvcmQ6", LOGIN_SECRET);
    return;
  default:
    verdict(s, s->listener->user && strcmp(s->login_user, s->listener->user) == 0 && same(bytes, s->listener->secret));
  }
}

void serve_login_line(struct serve *s, struct ehlo_slice line) {
  struct ehlo_buf bytes;
  ehlo_buf_init(&bytes, DECODED_MAX);
  s->mode = SERVE_COMMANDS;
  if (ehlo_slice_equal(line, ehlo_slice_str("*"))) {
    serve_refuse(s, "501 5.7.0 Cancelled");
  } else if (!ehlo_slice_equal(line, ehlo_slice_str("=")) && ehlo_base64_decode(line, &bytes) != 0) {
    serve_refuse(s, "501 5.5.2 This is no base64");
  } else {
    take(s, ehlo_buf_slice(&bytes)); /* s may be gone after this */
  }
  if (bytes.data) ehlo_memory_wipe(bytes.data, bytes.cap);
  ehlo_buf_fini(&bytes);
}

void serve_login_begin(struct serve *s, struct ehlo_slice argument) {
  const char *space = memchr(argument.ptr, ' ', argument.len);
  const size_t word = space ? (size_t)(space - argument.ptr) : argument.len;
  const struct ehlo_slice mechanism = ehlo_slice_of(argument.ptr, word);
  const struct ehlo_slice initial = ehlo_slice_trim(ehlo_slice_of(argument.ptr + word, argument.len - word));
  if (!s->listener->user) {
    serve_say(s, EHLO_SERVE_AUTH, mechanism, "502 5.5.1 No authentication here");
    return;
  }
  if (ehlo_slice_equal_nocase(mechanism, ehlo_slice_str("PLAIN"))) {
    s->login_step = PLAIN;
  } else if (ehlo_slice_equal_nocase(mechanism, ehlo_slice_str("LOGIN"))) {
    s->login_step = LOGIN_USER;
  } else {
    serve_say(s, EHLO_SERVE_AUTH, mechanism, "504 5.5.4 That mechanism is not known here");
    return;
  }
  if (initial.len) {
    serve_login_line(s, initial);
  } else {
    challenge(s, s->login_step == PLAIN ? "334 " : "334 VXNlcm5hbWU6", s->login_step);
  }
}
