/* Owns: what all sessions of one shell share: the loop, the resolver, the dialler, one TLS context, the default EHLO name.
 * Callers: sessions, probes, bindings. */
#ifndef EHLO_SMTP_ENV_H
#define EHLO_SMTP_ENV_H

#include "ehlo/net/dialler.h"
#include "ehlo/net/loop.h"
#include "ehlo/net/pipe.h"
#include "ehlo/net/resolver.h"
#include "ehlo/net/tls.h"
#include "ehlo/smtp/pace.h"
#include "ehlo/smtp/witness.h"

struct ehlo_smtp_env {
  struct ehlo_loop *loop;
  struct ehlo_resolver *resolver; /* made at the first question, by the options below */
  struct ehlo_resolver_options resolver_options;
  struct ehlo_dialler *dialler;
  struct ehlo_pace pace;
  struct ehlo_children children;
  struct ehlo_witnesses witnesses;
  double ends; /* when all sessions end at the latest, on the loop's clock; 0: each by its own options */
  struct ehlo_tls
      *tls; /* made at the first handshake: the system's trusted roots, old versions accepted for diagnosis */
  struct ehlo_tls *chosen;     /* the last one made for settings of a script's own, kept since probes come in runs */
  char *chosen_for;            /* those settings */
  char hostname[256];          /* fully qualified, or "" where this machine has no such name */
  struct ehlo_endpoint ptr_of; /* the last source address whose name was asked */
  char ptr[256];
};

/* EHLO_E_MEMORY or 0. `loop` stays the caller's. */
int ehlo_smtp_env_init(struct ehlo_smtp_env *env, struct ehlo_loop *loop);
void ehlo_smtp_env_fini(struct ehlo_smtp_env *env);
struct ehlo_resolver *ehlo_smtp_env_resolver(struct ehlo_smtp_env *env); /* NULL: no memory */
/* NULL with a sentence in why. */
struct ehlo_tls *ehlo_smtp_env_tls(struct ehlo_smtp_env *env, char *why, size_t why_size);
/* A context for settings other than the shell's; the one of the last call where they are the same. It stays the environment's:
 * whoever keeps it takes a reference. */
struct ehlo_tls *ehlo_smtp_env_tls_for(struct ehlo_smtp_env *env, const struct ehlo_tls_settings *settings, char *why,
                                       size_t why_size);

#endif
