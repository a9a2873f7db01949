/* Packets spelled out by hand from RFC 4187 clauses 8 to 10 and RFC 9048 clause 3, and every way they can be
 * wrong. */
#include "base/test.h"
#include "wire/eap/eap.h"

#define FILL(n) n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n

static const uint8_t challenge[] = { 1, 7, 0, 100, 50, 1, 0, 0, /* request 7 of 100 octets, AKA'-Challenge */
	1, 5, 0, 0, FILL(0x11),                                 /* AT_RAND */
	2, 5, 0, 0, FILL(0x22),                                 /* AT_AUTN */
	24, 1, 0, 1,                                            /* AT_KDF */
	23, 7, 0, 24, '5', 'G', ':', 'm', 'n', 'c', '0', '0', '1', '.', 'm', 'c', 'c', '0', '0', '1', '.',
	'3', 'g', 'p', 'p', '.', 'o', 'r', /* AT_KDF_INPUT */
	11, 5, 0, 0, FILL(0) };            /* AT_MAC */

static const uint8_t response[] = { 2, 7, 0, 40, 50, 1, 0, 0, 3, 3, 0, 64, 1, 2, 3, 4, 5, 6, 7, 8, 11, 5, 0,
	0, FILL(0) };

static struct eap_packet a_challenge(void)
{
	struct eap_packet p = { .code = EAP_REQUEST, .identifier = 7, .type = EAP_TYPE_AKA_PRIME };

	p.aka.subtype = EAP_AKA_CHALLENGE;
	p.aka.has_rand = p.aka.has_autn = p.aka.has_network_name = p.aka.has_mac = true;
	memset(p.aka.rand, 0x11, 16);
	memset(p.aka.autn, 0x22, 16);
	p.aka.kdf_count = 1;
	p.aka.kdfs[0] = EAP_AKA_KDF_3GPP;
	p.aka.network_name = bytes_of_str("5G:mnc001.mcc001.3gpp.or");
	return p;
}

static void test_challenge(void **state)
{
	struct eap_packet p = a_challenge(), out;
	uint8_t octets[EAP_PACKET_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(eap_encode(&p, &w));
	assert_int_equal(w.len, sizeof(challenge));
	assert_memory_equal(octets, challenge, sizeof(challenge));
	assert_int_equal(p.mac_at, w.len - 16);
	assert_int_equal(eap_decode(writer_bytes(&w), &out), EAP_OK);
	assert_int_equal(out.code, EAP_REQUEST);
	assert_int_equal(out.identifier, 7);
	assert_int_equal(out.aka.subtype, EAP_AKA_CHALLENGE);
	assert_memory_equal(out.aka.rand, p.aka.rand, 16);
	assert_memory_equal(out.aka.autn, p.aka.autn, 16);
	assert_int_equal(out.aka.kdf_count, 1);
	assert_int_equal(out.aka.kdfs[0], 1);
	assert_true(bytes_equal(out.aka.network_name, p.aka.network_name));
	assert_int_equal(out.mac_at, p.mac_at);
}

static void test_by_hand(void **state)
{
	struct eap_packet p;

	assert_int_equal(eap_decode(BYTES(challenge), &p), EAP_OK);
	assert_int_equal(p.aka.autn[15], 0x22);
	assert_int_equal(eap_decode(BYTES(response), &p), EAP_OK);
	assert_int_equal(p.code, EAP_RESPONSE);
	assert_int_equal(p.aka.res_len, 8);
	assert_int_equal(p.aka.res[7], 8);
	assert_int_equal(p.mac_at, 24);
	assert_true(p.aka.has_mac);
}

static void test_failures(void **state)
{
	static const uint8_t sync[] = { 2, 9, 0, 28, 50, 4, 0, 0, 4, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
		13, 14, 24, 1, 0, 1 };
	static const uint8_t reject[] = { 2, 9, 0, 8, 50, 2, 0, 0 };
	static const uint8_t error[] = { 2, 9, 0, 12, 50, 14, 0, 0, 22, 1, 0, 3 };
	static const uint8_t success[] = { 3, 9, 0, 4, 0xff }; /* and padding of the lower layer */
	struct eap_packet p;

	assert_int_equal(eap_decode(BYTES(sync), &p), EAP_OK);
	assert_true(p.aka.has_auts);
	assert_int_equal(p.aka.auts[13], 14);
	assert_int_equal(eap_decode(BYTES(reject), &p), EAP_OK);
	assert_int_equal(p.aka.subtype, EAP_AKA_AUTHENTICATION_REJECT);
	assert_int_equal(eap_decode(BYTES(error), &p), EAP_OK);
	assert_true(p.aka.has_client_error);
	assert_int_equal(p.aka.client_error, 3);
	assert_int_equal(eap_decode(BYTES(success), &p), EAP_OK);
	assert_int_equal(p.code, EAP_SUCCESS);
}

/* What is decoded is written as the same octets, whatever it is: each message of the method. */
static void test_again(void **state)
{
	static const uint8_t subtypes[] = { EAP_AKA_CHALLENGE, EAP_AKA_AUTHENTICATION_REJECT,
		EAP_AKA_SYNCHRONIZATION_FAILURE, EAP_AKA_NOTIFICATION, EAP_AKA_CLIENT_ERROR };

	for (unsigned i = 0; i < 200; i++) {
		struct eap_packet p = { EAP_REQUEST + i % 2, (uint8_t)i, EAP_TYPE_AKA_PRIME }, out;
		uint8_t first[EAP_PACKET_MAX], second[EAP_PACKET_MAX];
		struct writer w = writer_of(first, sizeof(first)), again = writer_of(second, sizeof(second));

		p.aka.subtype = subtypes[i % ARRAY_LEN(subtypes)];
		p.aka.has_auts = i & 1;
		p.aka.res_len = i & 2 ? (uint8_t)(EAP_AKA_RES_MIN + i % 13) : 0;
		p.aka.kdf_count = (uint8_t)(i % (EAP_AKA_KDFS_MAX + 1));
		p.aka.has_network_name = i & 4;
		p.aka.network_name = i & 4 ? bytes_of((const uint8_t *)"0123456789", i % 11) : BYTES_NONE;
		p.aka.has_notification = i & 8;
		p.aka.has_client_error = i & 16;
		p.aka.has_rand = i & 32;
		p.aka.has_mac = i & 64;
		assert_true(eap_encode(&p, &w));
		assert_int_equal(eap_decode(writer_bytes(&w), &out), EAP_OK);
		assert_true(eap_encode(&out, &again));
		assert_int_equal(w.len, again.len);
		assert_memory_equal(first, second, w.len);
		assert_int_equal(out.mac_at, p.mac_at);
		assert_int_equal(out.aka.res_len, p.aka.res_len);
	}
}

/* A legacy Nak, RFC 3748 5.3.1: what is behind the type is there, and goes out again. */
static void test_nak(void **state)
{
	static const uint8_t nak[] = { 2, 9, 0, 7, 3, 13, 21 };
	uint8_t octets[16];
	struct writer w = writer_of(octets, sizeof(octets));
	struct eap_packet p;

	assert_int_equal(eap_decode(BYTES(nak), &p), EAP_OK);
	assert_int_equal(p.type, EAP_TYPE_NAK);
	assert_true(bytes_equal(p.data, bytes_of(nak + 5, 2)));
	assert_true(eap_encode(&p, &w));
	assert_true(bytes_equal(writer_bytes(&w), BYTES(nak)));
}

struct wrong {
	const char *what;
	enum eap_fault fault;
	size_t len;
	uint8_t octets[32];
};

static const struct wrong wrongs[] = {
	{ "empty", EAP_MALFORMED, 0, { 0 } },
	{ "a header cut", EAP_MALFORMED, 3, { 1, 1, 0 } },
	{ "code 0", EAP_MALFORMED, 4, { 0, 1, 0, 4 } },
	{ "code 5", EAP_MALFORMED, 4, { 5, 1, 0, 4 } },
	{ "a length below the header", EAP_MALFORMED, 4, { 3, 1, 0, 3 } },
	{ "a length behind the end", EAP_MALFORMED, 8, { 1, 1, 0, 9, 50, 2, 0, 0 } },
	{ "success with data", EAP_MALFORMED, 5, { 3, 1, 0, 5, 50 } },
	{ "a request without type", EAP_MALFORMED, 4, { 1, 1, 0, 4 } },
	{ "no subtype", EAP_MALFORMED, 5, { 1, 1, 0, 5, 50 } },
	{ "reserved octets cut", EAP_MALFORMED, 7, { 1, 1, 0, 7, 50, 1, 0 } },
	{ "an attribute of no length", EAP_MALFORMED, 12, { 1, 1, 0, 12, 50, 1, 0, 0, 24, 0, 0, 1 } },
	{ "an attribute behind the end", EAP_MALFORMED, 12, { 1, 1, 0, 12, 50, 1, 0, 0, 24, 2, 0, 1 } },
	{ "half an attribute", EAP_MALFORMED, 9, { 1, 1, 0, 9, 50, 1, 0, 0, 24 } },
	{ "a KDF of two words", EAP_MALFORMED, 16, { 1, 1, 0, 16, 50, 1, 0, 0, 24, 2, 0, 1, 0, 0, 0, 0 } },
	{ "RES of bits", EAP_MALFORMED, 16, { 2, 1, 0, 16, 50, 1, 0, 0, 3, 2, 0, 33, 1, 2, 3, 4 } },
	{ "RES too short", EAP_MALFORMED, 16, { 2, 1, 0, 16, 50, 1, 0, 0, 3, 2, 0, 24, 1, 2, 3, 4 } },
	{ "RES longer than its attribute", EAP_MALFORMED, 16,
		{ 2, 1, 0, 16, 50, 1, 0, 0, 3, 2, 0, 40, 1, 2, 3, 4 } },
	{ "RES with a word too much", EAP_MALFORMED, 20,
		{ 2, 1, 0, 20, 50, 1, 0, 0, 3, 3, 0, 32, 1, 2, 3, 4, 0, 0, 0, 0 } },
	{ "RES twice", EAP_MALFORMED, 24,
		{ 2, 1, 0, 24, 50, 1, 0, 0, 3, 2, 0, 32, 1, 2, 3, 4, 3, 2, 0, 32, 1, 2, 3, 4 } },
	{ "a name longer than its attribute", EAP_MALFORMED, 16,
		{ 1, 1, 0, 16, 50, 1, 0, 0, 23, 2, 0, 5, 'a', 'b', 'c', 'd' } },
	{ "AT_RAND of two words", EAP_MALFORMED, 16, { 1, 1, 0, 16, 50, 1, 0, 0, 1, 2, 0, 0, 1, 2, 3, 4 } },
	{ "not known, not to be skipped", EAP_NOT_COMPREHENDED, 12,
		{ 1, 1, 0, 12, 50, 1, 0, 0, 127, 1, 0, 0 } },
	{ "AT_IDENTITY", EAP_NOT_COMPREHENDED, 12, { 1, 1, 0, 12, 50, 5, 0, 0, 14, 1, 0, 0 } },
	{ "not known, skipped", EAP_OK, 12, { 1, 1, 0, 12, 50, 1, 0, 0, 128, 1, 0, 0 } },
	{ "malformed after not known", EAP_MALFORMED, 16,
		{ 1, 1, 0, 16, 50, 1, 0, 0, 127, 1, 0, 0, 24, 9, 0, 1 } },
	{ "another method", EAP_OK, 5, { 1, 1, 0, 5, 13 } },
};

static void test_wrong(void **state)
{
	struct eap_packet p;

	for (size_t i = 0; i < ARRAY_LEN(wrongs); i++)
		if (eap_decode(bytes_of(wrongs[i].octets, wrongs[i].len), &p) != wrongs[i].fault)
			fail_msg("%s", wrongs[i].what);
}

/* Each octet of a good packet set to each value: nothing but a decision comes of it. */
static void test_each_octet(void **state)
{
	struct eap_packet p = a_challenge(), out;
	uint8_t octets[EAP_PACKET_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(eap_encode(&p, &w));
	for (size_t i = 0; i < w.len; i++) {
		uint8_t kept = octets[i];

		for (unsigned v = 0; v < 256; v++) {
			octets[i] = (uint8_t)v;
			if (eap_decode(writer_bytes(&w), &out) == EAP_OK && out.aka.has_mac)
				assert_true(out.mac_at + EAP_AKA_MAC_LEN <= w.len);
		}
		octets[i] = kept;
	}
	for (size_t len = 0; len < w.len; len++)
		assert_int_equal(eap_decode(bytes_of(octets, len), &out), EAP_MALFORMED);
}

static void test_not_written(void **state)
{
	struct eap_packet p = a_challenge();
	uint8_t octets[64];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_false(eap_encode(&p, &w)); /* full */
	p.code = 0;
	w = writer_of(octets, sizeof(octets));
	assert_false(eap_encode(&p, &w));
	p = (struct eap_packet){ .code = EAP_SUCCESS };
	p.aka.res_len = EAP_AKA_RES_MAX + 1;
	assert_false(eap_encode(&p, &w));
	p = (struct eap_packet){ .code = EAP_SUCCESS, .identifier = 3 };
	assert_true(eap_encode(&p, &w));
	assert_int_equal(w.len, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nak),
		cmocka_unit_test(test_challenge),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_each_octet),
		cmocka_unit_test(test_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
