#include "io/tls_context.h"

#include <openssl/err.h>
#include <stdio.h>
#include <string.h>

/* Why the last call of OpenSSL was refused. */
static void say(char *error, size_t size, const char *what)
{
	unsigned long code = ERR_get_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;

	snprintf(error, size, "%s: %s", what,
		reason ? reason
		: code ? strerror(ERR_GET_REASON(code))
		       : "refused");
	ERR_clear_error();
}

/* HTTP/2 and HTTP/1.1 are what is spoken here (RFC 7301); what it is the octets show (RFC 9113 3.4). Who
 * offers something else only is refused. */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
	const unsigned char *in, unsigned int in_len, void *arg)
{
	static const unsigned char ours[] = "\x02h2\x08http/1.1";

	return SSL_select_next_proto((unsigned char **)out, out_len, ours, sizeof(ours) - 1, in, in_len) ==
			       OPENSSL_NPN_NEGOTIATED
		       ? SSL_TLSEXT_ERR_OK
		       : SSL_TLSEXT_ERR_ALERT_FATAL;
}

SSL_CTX *tls_context(const char *certificate, const char *key, char *error, size_t size)
{
	SSL_CTX *x = SSL_CTX_new(TLS_server_method());
	const char *wrong = "TLS";

	ERR_clear_error();
	if (x && SSL_CTX_set_min_proto_version(x, TLS1_3_VERSION) == 1) {
		wrong = certificate;
		if (SSL_CTX_use_certificate_chain_file(x, certificate) == 1) {
			wrong = key;
			if (SSL_CTX_use_PrivateKey_file(x, key, SSL_FILETYPE_PEM) == 1 &&
				SSL_CTX_check_private_key(x) == 1)
				wrong = NULL;
		}
	}
	if (wrong) {
		say(error, size, wrong);
		SSL_CTX_free(x);
		return NULL;
	}
	SSL_CTX_set_mode(x, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
				    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_options(x, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
	SSL_CTX_set_num_tickets(x, 0);
	SSL_CTX_set_session_cache_mode(x, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_alpn_select_cb(x, choose_protocol, NULL);
	return x;
}
