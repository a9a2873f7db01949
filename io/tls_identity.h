/*
 * What a server of ours shows who connects: an own certification authority, made once, and a certificate by
 * it for the names that the server is reached at. In PEM, the keys with mode 0600, all in one directory.
 */
#pragma once

#include "base/bytes.h"

enum tls_identity_limit {
	TLS_IDENTITY_PATH_SIZE = 160,
	TLS_AUTHORITY_DAYS = 3650,
	TLS_CERTIFICATE_DAYS = 397, /* longer ones browsers refuse */
	TLS_RENEW_DAYS = 30,        /* before its end a new one is made */
};

struct tls_identity {
	char authority[TLS_IDENTITY_PATH_SIZE];   /* for those who connect: its certificate */
	char certificate[TLS_IDENTITY_PATH_SIZE]; /* chain and */
	char key[TLS_IDENTITY_PATH_SIZE];
	bool made; /* a new certificate, now */
};

/* When the first certificate of a PEM file ends, in seconds since 1970 UTC. False: it does not read. */
MUST_USE bool tls_certificate_end(const char *path, uint64_t *utc_s);

/*
 * Makes in `directory` what is missing, is near its end, or lacks one of the names (DNS names and addresses
 * as text). False with a message in error.
 */
MUST_USE bool tls_identity_make(const char *directory, const char *const *names, size_t count,
	struct tls_identity *out, char *error, size_t error_size);
