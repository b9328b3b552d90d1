/* Owns: the mechanisms of GNU SASL, which is opened when the first is used, so that nothing else pays for it. Callers: auth.c. */
#include "auth_inner.h"

#include <dlfcn.h>
#include <gsasl.h>
#include <stdio.h>
#include <string.h>

#include "ehlo/base/error.h"
#include "ehlo/base/memory.h"
#include "ehlo/base/scan.h"
#include "ehlo/core/base64.h"

#define LIBRARY "libgsasl.so.18"

struct auth_library {
  void *handle;
  int (*init)(Gsasl **ctx);
  void (*done)(Gsasl *ctx);
  int (*start)(Gsasl *ctx, const char *mech, Gsasl_session **sctx);
  void (*finish)(Gsasl_session *sctx);
  int (*set)(Gsasl_session *sctx, Gsasl_property prop, const char *data);
  int (*step)(Gsasl_session *sctx, const char *input, size_t input_len, char **output, size_t *output_len);
  void (*free)(void *ptr);
  const char *(*strerror)(int err);
};

/* NULL with a sentence. It is never unloaded: libraries below it keep state of their own. */
static struct auth_library *open_library(char *why, size_t why_size) {
  static const struct {
    const char *name;
    size_t offset;
  } rows[] = {{"gsasl_init", offsetof(struct auth_library, init)},
              {"gsasl_done", offsetof(struct auth_library, done)},
              {"gsasl_client_start", offsetof(struct auth_library, start)},
              {"gsasl_finish", offsetof(struct auth_library, finish)},
              {"gsasl_property_set", offsetof(struct auth_library, set)},
              {"gsasl_step", offsetof(struct auth_library, step)},
              {"gsasl_free", offsetof(struct auth_library, free)},
              {"gsasl_strerror", offsetof(struct auth_library, strerror)}};
  struct auth_library *lib = ehlo_memory_zalloc(1, sizeof *lib);
  if (!lib) {
    snprintf(why, why_size, "out of memory");
    return NULL;
  }
  lib->handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  bool whole = lib->handle != NULL;
  for (size_t i = 0; i < sizeof rows / sizeof *rows && whole; i++) {
    void *symbol = dlsym(lib->handle, rows[i].name);
    memcpy((char *)lib + rows[i].offset, &symbol, sizeof symbol);
    whole = symbol != NULL;
  }
  if (whole) return lib;
  snprintf(why, why_size, "AUTH needs GNU SASL (" LIBRARY "), which is not here: install the package libgsasl18");
  if (lib->handle) (void)dlclose(lib->handle);
  ehlo_memory_free(lib);
  return NULL;
}

static void end(struct ehlo_auth *a) {
  struct auth_library *lib = a->library;
  if (!lib) return;
  if (a->exchange) lib->finish(a->exchange);
  if (a->context) lib->done(a->context);
  (void)dlclose(lib->handle);
  ehlo_memory_free(lib);
  a->library = NULL;
  a->exchange = a->context = NULL;
}

/* A server may ask for so many rounds of hashing that they never end. */
static bool too_many_iterations(const struct ehlo_auth *a, struct ehlo_slice in) {
  if (!a->row->proves) return false;
  const size_t at = ehlo_slice_find_nocase(in, ehlo_slice_str(",i="), 0);
  if (at == SIZE_MAX) return false;
  struct ehlo_scan c = ehlo_scan_of(ehlo_slice_of(in.ptr + at + 3, in.len - at - 3));
  uint64_t n;
  return !ehlo_scan_number(&c, 9, AUTH_ITERATIONS_MAX, &n);
}

static int step(struct ehlo_auth *a, struct ehlo_slice in, struct ehlo_buf *out, char *why, size_t why_size) {
  struct auth_library *lib = a->library;
  char *answer = NULL;
  size_t len = 0;
  if (too_many_iterations(a, in)) {
    snprintf(why, why_size, "the server asks for more than %d rounds of hashing", AUTH_ITERATIONS_MAX);
    return EHLO_E_LIMIT;
  }
  const int rc = lib->step(a->exchange, in.len ? in.ptr : NULL, in.len, &answer, &len);
  if (rc != GSASL_OK && rc != GSASL_NEEDS_MORE) {
    snprintf(why, why_size, "%s", lib->strerror(rc));
    return rc == GSASL_MALLOC_ERROR ? EHLO_E_MEMORY : EHLO_E_PROTOCOL;
  }
  const int error = ehlo_buf_add(out, answer ? answer : "", len);
  if (answer) {
    ehlo_memory_wipe(answer, len);
    lib->free(answer);
  }
  if (error) return error;
  if (rc == GSASL_OK) a->proved = true;
  return rc == GSASL_OK;
}

/* Given to -PLUS alone: with it at hand GNU SASL 2.2 refuses to do SCRAM without, so that "y" (RFC 5802 6: we could, you do
 * not offer it) cannot be said. */
static int set_binding(struct ehlo_auth *a) {
  const char *kind;
  unsigned char bytes[256];
  struct ehlo_buf text;
  if (!a->row->binds) return 0;
  const int len = auth_binding(a->session, &kind, bytes, sizeof bytes);
  if (len < 0) return 0;
  ehlo_buf_init(&text, 400);
  int error = ehlo_base64_encode(ehlo_slice_of((const char *)bytes, (size_t)len), &text);
  if (!error &&
      a->library->set(a->exchange, strcmp(kind, "tls-exporter") == 0 ? GSASL_CB_TLS_EXPORTER : GSASL_CB_TLS_UNIQUE,
                      text.data) != GSASL_OK)
    error = EHLO_E_MEMORY;
  ehlo_buf_fini(&text);
  return error;
}

static int set_all(struct ehlo_auth *a) {
  const struct {
    Gsasl_property property;
    const char *value;
  } rows[] = {{GSASL_AUTHID, a->user},
              {GSASL_AUTHZID, a->row->no_secret && !a->authzid ? (a->user ? a->user : "") : a->authzid},
              {GSASL_PASSWORD, a->secret},
              {GSASL_SERVICE, "smtp"},
              {GSASL_HOSTNAME, a->session->record->host ? a->session->record->host : a->session->record->address}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].value && a->library->set(a->exchange, rows[i].property, rows[i].value) != GSASL_OK)
      return EHLO_E_MEMORY;
  return set_binding(a);
}

int auth_gsasl_begin(struct ehlo_auth *a, char *why, size_t why_size) {
  a->end = end;
  a->step = step;
  a->library = open_library(why, why_size);
  if (!a->library) return EHLO_E_SYSTEM;
  Gsasl *context = NULL;
  Gsasl_session *exchange = NULL;
  int rc = a->library->init(&context);
  a->context = context;
  if (rc == GSASL_OK) rc = a->library->start(context, a->row->name, &exchange);
  a->exchange = exchange;
  if (rc == GSASL_OK) return set_all(a);
  snprintf(why, why_size, "GNU SASL cannot do %s: %s", a->row->name, a->library->strerror(rc));
  return rc == GSASL_MALLOC_ERROR ? EHLO_E_MEMORY : EHLO_E_SYSTEM;
}
