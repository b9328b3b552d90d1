/* Owns: OAUTHBEARER (RFC 7628) and XOAUTH2, which carry a token in place of a password. Callers: auth.c. */
#include "auth_inner.h"

#include <stdio.h>

#include "ehlo/base/error.h"

/* Ctrl-A separates the fields: nothing given may hold one. */
static bool has_control(struct ehlo_slice s) {
  for (size_t i = 0; i < s.len; i++)
    if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7f) return true;
  return false;
}

/* RFC 5801 4: a comma or an equals sign in a name would end it. */
static void add_name(struct ehlo_slice name, struct ehlo_buf *out) {
  for (size_t i = 0; i < name.len; i++) {
    if (name.ptr[i] == ',')
      (void)ehlo_buf_add_str(out, "=2C");
    else if (name.ptr[i] == '=')
      (void)ehlo_buf_add_str(out, "=3D");
    else
      (void)ehlo_buf_add_char(out, name.ptr[i]);
  }
}

int auth_oauthbearer_message(struct ehlo_slice user, struct ehlo_slice token, const char *host, unsigned port,
                             struct ehlo_buf *out) {
  if (token.len == 0 || has_control(token) || has_control(user)) return EHLO_E_ARGUMENT;
  (void)ehlo_buf_add_str(out, user.len ? "n,a=" : "n,");
  add_name(user, out);
  (void)ehlo_buf_addf(out, ",\1host=%s\1port=%u\1auth=Bearer ", host, port);
  (void)ehlo_buf_add_slice(out, token);
  return ehlo_buf_add_str(out, "\1\1");
}

int auth_xoauth2_message(struct ehlo_slice user, struct ehlo_slice token, struct ehlo_buf *out) {
  if (token.len == 0 || user.len == 0 || has_control(token) || has_control(user)) return EHLO_E_ARGUMENT;
  (void)ehlo_buf_add_str(out, "user=");
  (void)ehlo_buf_add_slice(out, user);
  (void)ehlo_buf_add_str(out, "\1auth=Bearer ");
  (void)ehlo_buf_add_slice(out, token);
  return ehlo_buf_add_str(out, "\1\1");
}

static int unusable(char *why, size_t size, int error) {
  if (error == EHLO_E_ARGUMENT)
    snprintf(why, size, "a token is one line of printable characters: see that the file holds nothing else");
  return error;
}

/* A second challenge tells, in JSON, why the token was refused; it is answered so that the refusal itself can follow. */
static int bearer_step(struct ehlo_auth *a, struct ehlo_slice in, struct ehlo_buf *out, char *why, size_t why_size) {
  (void)in;
  if (a->turn++ > 0) return ehlo_buf_add_str(out, "\1") ? EHLO_E_MEMORY : 1;
  const struct ehlo_record *r = a->session->record;
  const int error = auth_oauthbearer_message(ehlo_slice_str(a->user), ehlo_slice_of(a->secret, a->secret_len),
                                             r->host ? r->host : r->address, r->port, out);
  return unusable(why, why_size, error);
}

static int xoauth2_step(struct ehlo_auth *a, struct ehlo_slice in, struct ehlo_buf *out, char *why, size_t why_size) {
  (void)in;
  if (a->turn++ > 0) return 1; /* an empty answer */
  return unusable(why, why_size,
                  auth_xoauth2_message(ehlo_slice_str(a->user), ehlo_slice_of(a->secret, a->secret_len), out));
}

int auth_oauthbearer_begin(struct ehlo_auth *a, char *why, size_t why_size) {
  (void)why, (void)why_size;
  a->step = bearer_step;
  return 0;
}

int auth_xoauth2_begin(struct ehlo_auth *a, char *why, size_t why_size) {
  (void)why, (void)why_size;
  a->step = xoauth2_step;
  return 0;
}
