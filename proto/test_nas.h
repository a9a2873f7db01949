/* One end of NAS in a test, which sends and receives exactly what the test wants. */
#pragma once

#include "base/test.h"
#include "proto/nas_security.h"

struct test_nas {
	struct nas_security security;
	enum nas_direction out; /* NAS_UPLINK: this end is a UE */
	struct arena *arena;    /* of all results */
};

/* A message in plain octets; protected (security header type) octets. */
struct bytes test_nas_plain(struct test_nas *n, const struct nas_msg *m);
struct bytes test_nas_protected(
	struct test_nas *n, enum nas_security_header_type type, const struct nas_msg *m);

/* What the other end sent. Ciphered messages must have a good MAC; *type: its security header. */
struct nas_msg test_nas_open(struct test_nas *n, struct bytes pdu, uint8_t *type);
