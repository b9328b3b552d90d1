/* Owns: the name of our own source address, which decides much of what a server answers. Asked beside the session, never waited
 * for; the last answer is kept for all sessions. Callers: the session. */
#include <string.h>

#include "ehlo/core/dnsrdata.h"
#include "session_inner.h"

enum { PTR_SECONDS = 5 };

static bool same(const struct ehlo_endpoint *a, const struct ehlo_endpoint *b) {
  return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static void keep(struct ehlo_session *s, const char *name) {
  if (!name[0] || s->record->source_ptr) return;
  s->record->source_ptr = ehlo_memory_dup(name, strlen(name));
}

static void answered(void *arg, const struct ehlo_dns_answer *answer) {
  struct ehlo_session *s = arg;
  struct ehlo_dns_record r;
  s->ptr_question = NULL;
  if (answer->error || answer->rcode || answer->security < 0) return;
  for (size_t at = 0; ehlo_dnsmsg_next(&answer->message, &at, &r) > 0;) {
    char name[EHLO_DNS_NAME];
    if (r.type != EHLO_RR_PTR || ehlo_dns_target(&answer->message, &r, name) != 0) continue;
    if (strlen(name) >= sizeof s->env->ptr) continue;
    memcpy(s->env->ptr, name, strlen(name) + 1);
    keep(s, name);
    return;
  }
}

void session_ask_ptr(struct ehlo_session *s, const struct ehlo_endpoint *local) {
  struct ehlo_smtp_env *env = s->env;
  if (ehlo_endpoint_is_loopback(local)) {
    keep(s, "localhost");
    return;
  }
  if (same(local, &env->ptr_of)) {
    keep(s, env->ptr);
    return;
  }
  struct ehlo_resolver *resolver = ehlo_smtp_env_resolver(env);
  if (!resolver) return;
  env->ptr_of = *local;
  env->ptr[0] = '\0';
  char name[80];
  ehlo_endpoint_reverse(local, name);
  struct ehlo_question *question = NULL;
  const double deadline = ehlo_loop_now(env->loop) + PTR_SECONDS;
  if (ehlo_resolver_ask(resolver, name, EHLO_RR_PTR, deadline, answered, s, &question) == 0) s->ptr_question = question;
}
