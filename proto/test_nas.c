#include "proto/test_nas.h"

struct bytes test_nas_plain(struct test_nas *n, const struct nas_msg *m)
{
	uint8_t buf[2048];
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(nas_encode(m, &w));
	return arena_bytes(n->arena, writer_bytes(&w));
}

struct bytes test_nas_protected(
	struct test_nas *n, enum nas_security_header_type type, const struct nas_msg *m)
{
	uint8_t buf[2048];
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(nas_protect(&n->security, n->out, type, test_nas_plain(n, m), &w));
	return arena_bytes(n->arena, writer_bytes(&w));
}

struct nas_msg test_nas_open(struct test_nas *n, struct bytes pdu, uint8_t *type)
{
	enum nas_direction in = n->out == NAS_UPLINK ? NAS_DOWNLINK : NAS_UPLINK;
	struct nas_security_header h;
	struct tlv_fault fault;
	struct nas_msg m;
	struct bytes plain;
	uint32_t count;

	assert_true(nas_security_header_decode(pdu, &h, &fault));
	plain = h.inner;
	if (h.type == NAS_INTEGRITY_CIPHERED || h.type == NAS_INTEGRITY_CIPHERED_NEW_CONTEXT)
		assert_true(nas_unprotect(&n->security, in, &h, n->arena, &plain, &count));
	assert_true(nas_decode(plain, n->arena, &m, &fault));
	if (type)
		*type = (uint8_t)h.type;
	return m;
}
