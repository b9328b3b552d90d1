/* Owns: the declaration of certificates made on the spot. Callers: tls.c. */
#ifndef EHLO_NET_TLS_MADE_H
#define EHLO_NET_TLS_MADE_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "ehlo/net/tls.h"

/* Makes a P-256 key and a certificate that signs itself, and gives both to the context. */
bool ehlo_tls_use_made(SSL_CTX *ctx, const struct ehlo_tls_made *made);

#endif
