/* Owns: the table of error numbers with their names and words. Callers: everybody. */
#include "ehlo/base/error.h"

#include <stddef.h>

struct row {
  int error;
  const char *name;
  const char *text;
};

static const struct row rows[] = {
    {EHLO_OK, "ok", "no error"},
    {EHLO_E_AGAIN, "again", "more bytes are needed"},
    {EHLO_E_MEMORY, "memory", "there is not enough memory"},
    {EHLO_E_ARGUMENT, "argument", "an argument is not valid"},
    {EHLO_E_SYNTAX, "syntax", "the input is malformed"},
    {EHLO_E_LIMIT, "limit", "a maximum was reached"},
    {EHLO_E_NOT_FOUND, "not-found", "there is no such thing"},
    {EHLO_E_PROTOCOL, "protocol", "the peer broke the protocol"},
    {EHLO_E_NOT_SMTP, "not-smtp", "the peer does not speak SMTP"},
    {EHLO_E_DNS, "dns", "the name could not be resolved"},
    {EHLO_E_CONNECT, "connect", "no connection could be made"},
    {EHLO_E_CLOSED, "closed", "the peer closed the connection"},
    {EHLO_E_TIMEOUT, "timeout", "a deadline passed"},
    {EHLO_E_TLS, "tls", "TLS could not be set up or broke"},
    {EHLO_E_TRUST, "trust", "the peer's certificate is not to be trusted"},
    {EHLO_E_CANCELLED, "cancelled", "the operation was cancelled"},
    {EHLO_E_PERMISSION, "permission", "permission for this was not given"},
    {EHLO_E_SYSTEM, "system", "a system call failed"},
    {EHLO_E_BUSY, "busy", "another operation is under way"},
    {EHLO_E_INTERNAL, "internal", "there is a fault in ehlo itself"},
};

static const struct row *find(int error) {
  const size_t count = sizeof rows / sizeof rows[0];
  for (size_t i = 0; i < count; i++) {
    if (rows[i].error == error) return &rows[i];
  }
  return &rows[count - 1];
}

const char *ehlo_error_name(int error) {
  return find(error)->name;
}

const char *ehlo_error_text(int error) {
  return find(error)->text;
}
