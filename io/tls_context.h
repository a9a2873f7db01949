/* What all connections of a server of io/tls.h have in common. Internal to io/. */
#pragma once

#include <openssl/ssl.h>
#include <stddef.h>

/* TLS 1.3 alone, without tickets and early data, with a certificate chain and its key in PEM. NULL with a
 * message. */
SSL_CTX *tls_context(const char *certificate, const char *key, char *error, size_t size);
