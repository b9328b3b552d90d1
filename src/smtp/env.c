/* Owns: what all sessions of one shell share. Callers: bindings make one a shell. */
#include "ehlo/smtp/env.h"

#include <string.h>
#include <unistd.h>

#include "ehlo/base/error.h"
#include "ehlo/core/address.h"

/* RFC 5321 4.1.1.1 wants a fully qualified name after EHLO; a bare "localhost" or "mail" is refused by many servers. */
static void find_hostname(char out[256]) {
  out[0] = '\0';
  char name[256];
  if (gethostname(name, sizeof name) != 0) return;
  name[sizeof name - 1] = '\0';
  const char *why;
  if (!strchr(name, '.') || ehlo_address_helo(ehlo_slice_str(name), &why) != 0) return;
  memcpy(out, name, sizeof name);
}

int ehlo_smtp_env_init(struct ehlo_smtp_env *env, struct ehlo_loop *loop) {
  memset(env, 0, sizeof *env);
  env->loop = loop;
  env->dialler = ehlo_dialler_direct;
  find_hostname(env->hostname);
  return 0;
}

void ehlo_smtp_env_fini(struct ehlo_smtp_env *env) {
  ehlo_resolver_free(env->resolver);
  ehlo_tls_free(env->tls);
  env->resolver = NULL;
  env->tls = NULL;
}

struct ehlo_resolver *ehlo_smtp_env_resolver(struct ehlo_smtp_env *env) {
  if (!env->resolver) env->resolver = ehlo_resolver_new(env->loop, &env->resolver_options);
  return env->resolver;
}

struct ehlo_tls *ehlo_smtp_env_tls(struct ehlo_smtp_env *env, char *why, size_t why_size) {
  if (env->tls) return env->tls;
  const struct ehlo_tls_settings settings = {.diagnose_old = true};
  env->tls = ehlo_tls_new(&settings, why, why_size);
  return env->tls;
}
