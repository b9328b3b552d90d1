/* Owns: reading targets, mailboxes and host names as people and scripts write them.
 * Callers: commands, sessions. */
#ifndef EHLO_CORE_ADDRESS_H
#define EHLO_CORE_ADDRESS_H

#include <stdint.h>

#include "ehlo/base/buf.h"

struct ehlo_target {
  struct ehlo_slice host; /* without brackets; a name or an address literal */
  uint16_t port;          /* 0 where none was given */
  int family;             /* 0 name, 4 or 6 for an address literal */
};

/* HOST, HOST:PORT, 192.0.2.1:25, 2001:db8::1, [2001:db8::1]:25, [IPv6:2001:db8::1]. EHLO_E_SYNTAX with a
 * sentence in *why (static) for anything else: empty, blanks, controls, a bad port, a label over 63 bytes. */
int ehlo_address_target(struct ehlo_slice s, struct ehlo_target *out, const char **why);

/* A mailbox as MAIL and RCPT take it, with or without angle brackets; empty or "<>" is the null sender where
 * `null_allowed`. "postmaster" alone is legal. Fills local and domain. UTF-8 passes and sets *utf8.
 * EHLO_E_SYNTAX with *why for CR, LF, NUL, controls, blanks outside quotes, over 64/255/254 bytes. */
struct ehlo_mailbox {
  struct ehlo_slice whole; /* without brackets */
  struct ehlo_slice local;
  struct ehlo_slice domain; /* empty for "postmaster" alone and the null sender */
  int utf8;                 /* there are characters beyond ASCII in it */
  int utf8_local;           /* and they are in the part before the @, where nothing but SMTPUTF8 carries them */
};
int ehlo_address_mailbox(struct ehlo_slice s, int null_allowed, struct ehlo_mailbox *out, const char **why);

/* A name for EHLO: a domain or an address literal in brackets. */
int ehlo_address_helo(struct ehlo_slice s, const char **why);

/* True when nothing in `s` could end or split a command line: no CR, LF, NUL. */
int ehlo_address_line_safe(struct ehlo_slice s);

#endif
