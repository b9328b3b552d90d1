/* Owns: the error numbers of every layer, their stable names and plain words.
 * Callers: everybody. Numbers are negative so that 0 is success and a positive
 * return can carry a count. */
#ifndef EHLO_BASE_ERROR_H
#define EHLO_BASE_ERROR_H

enum ehlo_error {
  EHLO_OK = 0,
  EHLO_E_AGAIN = -1,       /* incomplete: the same call may succeed with more bytes */
  EHLO_E_MEMORY = -2,      /* allocation failed */
  EHLO_E_ARGUMENT = -3,    /* the caller's mistake */
  EHLO_E_SYNTAX = -4,      /* malformed input */
  EHLO_E_LIMIT = -5,       /* a maximum was reached */
  EHLO_E_NOT_FOUND = -6,   /* no such thing */
  EHLO_E_PROTOCOL = -7,    /* the peer broke the grammar or the order */
  EHLO_E_NOT_SMTP = -8,    /* the peer speaks something else */
  EHLO_E_DNS = -9,         /* names could not be resolved */
  EHLO_E_CONNECT = -10,    /* no connection could be made */
  EHLO_E_CLOSED = -11,     /* the peer closed or reset the connection */
  EHLO_E_TIMEOUT = -12,    /* a deadline passed */
  EHLO_E_TLS = -13,        /* the handshake or the TLS stream broke */
  EHLO_E_TRUST = -14,      /* the handshake succeeded, the verdict on the peer did not */
  EHLO_E_CANCELLED = -15,  /* cancelled by the caller */
  EHLO_E_PERMISSION = -16, /* the probe's permission does not reach that far */
  EHLO_E_SYSTEM = -17,     /* a system call failed; errno told why at the time */
  EHLO_E_BUSY = -18,       /* an operation is under way on this object already */
  EHLO_E_INTERNAL = -19    /* a fault of ehlo's own */
};

/* Name such as "timeout"; plain words such as "a deadline passed". Static strings;
 * unknown numbers give "internal". */
const char *ehlo_error_name(int error);
const char *ehlo_error_text(int error);

#endif
