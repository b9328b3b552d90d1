/* Owns: what all sessions of one shell share. Callers: bindings make one a shell. */
#include "ehlo/smtp/env.h"

#include <string.h>
#include <unistd.h>

#include "ehlo/base/buf.h"
#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
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
  ehlo_pace_init(&env->pace, loop);
  ehlo_witnesses_init(&env->witnesses, env);
  find_hostname(env->hostname);
  return 0;
}

void ehlo_smtp_env_fini(struct ehlo_smtp_env *env) {
  if (env->loop) {
    ehlo_witnesses_fini(&env->witnesses);
    ehlo_pace_fini(&env->pace);
    ehlo_children_fini(&env->children);
  }
  ehlo_resolver_free(env->resolver);
  ehlo_tls_free(env->tls);
  ehlo_tls_free(env->chosen);
  ehlo_memory_free(env->chosen_for);
  env->chosen = NULL;
  env->chosen_for = NULL;
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

struct ehlo_tls *ehlo_smtp_env_tls_for(struct ehlo_smtp_env *env, const struct ehlo_tls_settings *settings, char *why,
                                       size_t why_size) {
  const char *const parts[] = {settings->ca_file,     settings->min_version, settings->max_version,
                               settings->certificate, settings->key,         settings->alpn,
                               settings->groups,      settings->security,    settings->resume ? "resume" : NULL};
  struct ehlo_buf key;
  ehlo_buf_init(&key, 64 * 1024);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    (void)ehlo_buf_addf(&key, "%s\n", parts[i] ? parts[i] : "");
  if (!key.error && env->chosen && strcmp(env->chosen_for, key.data) == 0) {
    ehlo_buf_fini(&key);
    return env->chosen;
  }
  ehlo_tls_free(env->chosen);
  ehlo_memory_free(env->chosen_for);
  size_t len;
  env->chosen_for = ehlo_buf_take(&key, &len);
  struct ehlo_tls_settings shared = *settings;
  if (!shared.ca_file && !shared.server) shared.trust_of = ehlo_smtp_env_tls(env, why, why_size);
  env->chosen = env->chosen_for ? ehlo_tls_new(&shared, why, why_size) : NULL;
  ehlo_buf_fini(&key);
  return env->chosen;
}
