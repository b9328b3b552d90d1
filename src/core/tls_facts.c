/* Owns: the words for TLS levels, and the end of what is known of a TLS session. Callers: net, outcome, reports. */
#include "ehlo/core/tls_facts.h"

#include <string.h>

#include "ehlo/base/memory.h"

static const char *const levels[] = {
    [EHLO_TLS_NONE] = "none",     [EHLO_TLS_MAY] = "may",   [EHLO_TLS_ENCRYPT] = "encrypt",
    [EHLO_TLS_VERIFY] = "verify", [EHLO_TLS_DANE] = "dane",
};

enum { LEVELS = sizeof levels / sizeof levels[0] };

int ehlo_tls_level_from(const char *word) {
  for (int i = 0; i < LEVELS; i++) {
    if (strcmp(levels[i], word) == 0) return i;
  }
  return -1;
}

const char *ehlo_tls_level_name(enum ehlo_tls_level level) {
  return (int)level >= 0 && (int)level < LEVELS ? levels[level] : "unknown";
}

static void certificate_fini(struct ehlo_certificate *c) {
  char *const owned[] = {c->subject, c->issuer, c->key, c->signature, c->sha256};
  for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
    ehlo_memory_free(owned[i]);
  for (int i = 0; i < c->n_names; i++)
    ehlo_memory_free(c->names[i]);
  ehlo_memory_free(c->names);
}

void ehlo_tls_facts_free(struct ehlo_tls_facts *facts) {
  if (!facts) return;
  char *const owned[] = {facts->version, facts->cipher, facts->group, facts->alpn, facts->sni};
  for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
    ehlo_memory_free(owned[i]);
  for (int i = 0; i < facts->n_chain; i++)
    certificate_fini(&facts->chain[i]);
  for (int i = 0; i < facts->n_verdicts; i++)
    ehlo_memory_free(facts->verdicts[i].text);
  for (int i = 0; i < facts->n_pins; i++)
    ehlo_memory_free(facts->pins[i].data);
  ehlo_memory_free(facts->pins);
  ehlo_memory_free(facts->chain);
  ehlo_memory_free(facts->verdicts);
  ehlo_memory_free(facts);
}
