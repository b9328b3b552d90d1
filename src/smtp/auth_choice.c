/* Owns: the mechanisms, strongest first, and which of them a session may use. Callers: the probe and the smtp binding. */
#include <stdio.h>
#include <string.h>

#include "auth_inner.h"
#include "ehlo/core/capability.h"
#include "ehlo/core/escape.h"
#include "session_inner.h"

static const struct auth_row *rows(int i) {
  static const struct auth_row all[] = {
      {.name = "SCRAM-SHA-256-PLUS",
       .begin = auth_gsasl_begin,
       .automatic = true,
       .binds = true,
       .speaks = true,
       .proves = true},
      {.name = "SCRAM-SHA-1-PLUS",
       .begin = auth_gsasl_begin,
       .automatic = true,
       .binds = true,
       .speaks = true,
       .proves = true},
      {.name = "SCRAM-SHA-256", .begin = auth_gsasl_begin, .automatic = true, .speaks = true, .proves = true},
      {.name = "SCRAM-SHA-1", .begin = auth_gsasl_begin, .automatic = true, .speaks = true, .proves = true},
      {.name = "CRAM-MD5", .begin = auth_gsasl_begin, .automatic = true},
      {.name = "PLAIN", .begin = auth_gsasl_begin, .automatic = true, .readable = true, .speaks = true},
      {.name = "LOGIN", .begin = auth_gsasl_begin, .automatic = true, .readable = true},
      {.name = "EXTERNAL", .begin = auth_gsasl_begin, .speaks = true, .no_user = true, .no_secret = true},
      {.name = "OAUTHBEARER", .begin = auth_oauthbearer_begin, .readable = true, .speaks = true, .no_user = true},
      {.name = "XOAUTH2", .begin = auth_xoauth2_begin, .readable = true, .speaks = true},
  };
  return i >= 0 && (size_t)i < sizeof all / sizeof *all ? &all[i] : NULL;
}

const char *ehlo_auth_mechanism(int index) {
  const struct auth_row *row = rows(index);
  return row ? row->name : NULL;
}

/* TLS 1.3 has no tls-unique, and below it tls-exporter is not what servers know (RFC 9266 4). */
int auth_binding(const struct ehlo_session *s, const char **kind, unsigned char *out, size_t size) {
  const char *version = s->record->tls ? s->record->tls->version : NULL;
  *kind = version && strcmp(version, "TLSv1.3") == 0 ? "tls-exporter" : "tls-unique";
  return ehlo_conn_binding(&s->conn, *kind, out, size);
}

static bool can_bind(const struct ehlo_session *s) {
  unsigned char bytes[256];
  const char *kind;
  return auth_binding(s, &kind, bytes, sizeof bytes) > 0;
}

static const struct auth_row *named(const char *name) {
  const struct auth_row *row;
  for (int i = 0; (row = rows(i)); i++)
    if (ehlo_slice_equal_nocase(ehlo_slice_str(name), ehlo_slice_str(row->name))) return row;
  return NULL;
}

/* A mechanism that was named is used also where the server does not list it: how it answers is then the finding. */
static int take_named(const struct ehlo_session *s, const struct ehlo_auth_options *o, const struct auth_row **out,
                      char *why, size_t size) {
  const struct auth_row *row = named(o->mechanism);
  if (!row) {
    snprintf(why, size,
             "no such mechanism: SCRAM-SHA-256, SCRAM-SHA-1 (each also with -PLUS), CRAM-MD5, PLAIN, LOGIN, EXTERNAL, "
             "OAUTHBEARER and XOAUTH2 are known");
    return EHLO_E_ARGUMENT;
  }
  if (row->binds && !can_bind(s)) {
    snprintf(why, size,
             "%s is bound to TLS, and there is none, or it is of a kind that cannot be bound to: see starttls",
             row->name);
    return EHLO_E_NOT_FOUND;
  }
  if (row->readable && !s->conn.secured && !o->insecure) {
    snprintf(why, size, "%s without TLS would send the secret readable for all on the way: begin TLS first", row->name);
    return EHLO_E_PERMISSION;
  }
  *out = row;
  return 0;
}

static int none_left(const struct ehlo_capability *offered, bool readable, char *why, size_t size) {
  struct ehlo_buf list;
  ehlo_buf_init(&list, 4096);
  (void)ehlo_escape_terminal(offered->params, &list);
  if (readable)
    snprintf(why, size,
             "without TLS only mechanisms are left that send the secret readable (the server offers: %.150s): begin "
             "TLS first",
             list.data ? list.data : "");
  else
    snprintf(why, size, "the server offers no mechanism that can be chosen (it lists: %.150s): name one",
             list.data ? list.data : "");
  ehlo_buf_fini(&list);
  return readable ? EHLO_E_PERMISSION : EHLO_E_NOT_FOUND;
}

static int take_strongest(const struct ehlo_session *s, const struct auth_row **out, char *why, size_t size) {
  struct ehlo_reply ehlo;
  struct ehlo_capability offered;
  if (!ehlo_record_capabilities(s->record, &ehlo) || !ehlo_capability_find(&ehlo, "AUTH", &offered)) {
    snprintf(why, size, "the server lists no AUTH: it may do so after EHLO, after STARTTLS, or on port 587 only");
    return EHLO_E_NOT_FOUND;
  }
  bool readable = false;
  const struct auth_row *row;
  for (int i = 0; (row = rows(i)); i++) {
    if (!row->automatic || !ehlo_capability_auth(&ehlo, row->name) || (row->binds && !can_bind(s))) continue;
    readable = row->readable && !s->conn.secured;
    if (readable) continue;
    *out = row;
    return 0;
  }
  return none_left(&offered, readable, why, size);
}

static int check(const struct auth_row *row, const struct ehlo_auth_options *o, char *why, size_t size) {
  if (!row->no_user && (!o->user || !*o->user))
    snprintf(why, size, "%s needs a user", row->name);
  else if (!row->no_secret && o->secret.len == 0)
    snprintf(why, size, "%s needs a secret", row->name);
  else if (o->secret.len > 0 && memchr(o->secret.ptr, '\0', o->secret.len))
    snprintf(why, size, "a secret cannot hold a NUL byte");
  else
    return 0;
  return EHLO_E_ARGUMENT;
}

int ehlo_session_auth(struct ehlo_session *s, const struct ehlo_auth_options *o, char *why, size_t why_size) {
  const struct auth_row *row = NULL;
  snprintf(why, why_size, "%s", "");
  if (s->state != EHLO_SESSION_OPEN)
    return s->state == EHLO_SESSION_CLOSED ? session_begin(s, EHLO_PHASE_AUTH) : EHLO_E_BUSY;
  int error = o->mechanism ? take_named(s, o, &row, why, why_size) : take_strongest(s, &row, why, why_size);
  if (!error) error = check(row, o, why, why_size);
  if (!error) error = session_auth_start(s, row, o, why, why_size);
  if (error && !*why) snprintf(why, why_size, "%s", ehlo_error_text(error));
  return error;
}
