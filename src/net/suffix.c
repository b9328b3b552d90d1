/* Owns: where in a name what the public may register begins: the public suffix list, by libpsl. Callers: the dns binding. */
#include "ehlo/net/suffix.h"

#include <libpsl.h>
#include <stdio.h>
#include <string.h>

#include "ehlo/base/error.h"
#include "ehlo/net/endpoint.h"
#include "ehlo/net/resolver.h"

struct ehlo_suffixes *ehlo_suffixes_new(void) {
  return (struct ehlo_suffixes *)psl_latest(NULL);
}

void ehlo_suffixes_free(struct ehlo_suffixes *s) {
  if (s) psl_free((psl_ctx_t *)s);
}

/* As it stands in the list: A-labels, small letters, no dot at the end. */
static int normal(const char *name, char out[256]) {
  struct ehlo_endpoint e;
  int error = ehlo_resolver_name(name, out);
  if (error) return error;
  size_t len = strlen(out);
  if (len > 0 && out[len - 1] == '.') out[--len] = '\0';
  for (size_t i = 0; i < len; i++)
    if (out[i] >= 'A' && out[i] <= 'Z') out[i] = (char)(out[i] + ('a' - 'A'));
  return len == 0 || ehlo_endpoint_read(ehlo_slice_str(out), 0, &e) == 0 ? EHLO_E_SYNTAX : 0;
}

int ehlo_suffixes_find(const struct ehlo_suffixes *s, const char *name, struct ehlo_suffix *out) {
  const psl_ctx_t *list = (const psl_ctx_t *)s;
  *out = (struct ehlo_suffix){0};
  int error = normal(name, out->organisation);
  if (error) return error;
  const char *suffix = psl_unregistrable_domain(list, out->organisation);
  const char *organisation = psl_registrable_domain(list, out->organisation);
  const char *top = strrchr(out->organisation, '.');
  out->listed = psl_is_public_suffix2(list, top ? top + 1 : out->organisation, PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE);
  snprintf(out->suffix, sizeof out->suffix, "%s", suffix ? suffix : out->organisation);
  if (organisation) memmove(out->organisation, organisation, strlen(organisation) + 1);
  return 0;
}
