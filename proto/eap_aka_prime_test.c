/* The MAC against libcrypto's own HMAC over octets put together by hand. */
#include "base/test.h"
#include "proto/eap_aka_prime.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

static void test_mac(void **state)
{
	uint8_t k_aut[32], octets[EAP_PACKET_MAX], zeroed[EAP_PACKET_MAX], digest[EVP_MAX_MD_SIZE];
	struct eap_packet p = { .code = EAP_RESPONSE, .identifier = 1, .type = EAP_TYPE_AKA_PRIME };
	struct eap_packet out;
	struct writer w = writer_of(octets, sizeof(octets));
	unsigned len;

	for (unsigned i = 0; i < sizeof(k_aut); i++)
		k_aut[i] = (uint8_t)(i * 7);
	p.aka.subtype = EAP_AKA_CHALLENGE;
	p.aka.res_len = 8;
	memset(p.aka.res, 0x5a, 8);
	writer_u32(&w, 0xffffffff); /* a packet need not begin the buffer */
	assert_true(eap_aka_prime_write(&p, k_aut, &w));
	memcpy(zeroed, octets + 4, w.len - 4);
	memset(zeroed + p.mac_at, 0, 16);
	assert_non_null(HMAC(EVP_sha256(), k_aut, sizeof(k_aut), zeroed, w.len - 4, digest, &len));
	assert_memory_equal(octets + 4 + p.mac_at, digest, 16);

	assert_int_equal(eap_decode(bytes_of(octets + 4, w.len - 4), &out), EAP_OK);
	assert_true(eap_aka_prime_proved(&out, bytes_of(octets + 4, w.len - 4), k_aut));
	/* Padding behind the packet is not of it, RFC 3748 4.1. */
	octets[w.len] = 0xee;
	assert_true(eap_aka_prime_proved(&out, bytes_of(octets + 4, w.len - 3), k_aut));
	for (size_t i = 4; i < w.len; i++) {
		struct eap_packet other;

		octets[i] ^= 1;
		if (eap_decode(bytes_of(octets + 4, w.len - 4), &other) == EAP_OK)
			assert_false(eap_aka_prime_proved(&other, bytes_of(octets + 4, w.len - 4), k_aut));
		octets[i] ^= 1;
	}
	k_aut[31] ^= 1;
	assert_false(eap_aka_prime_proved(&out, bytes_of(octets + 4, w.len - 4), k_aut));
}

static void test_without(void **state)
{
	uint8_t octets[64], k_aut[32] = { 0 };
	struct eap_packet p = { .code = EAP_RESPONSE, .type = EAP_TYPE_AKA_PRIME }, out;
	struct writer w = writer_of(octets, sizeof(octets));

	p.aka.subtype = EAP_AKA_AUTHENTICATION_REJECT;
	assert_true(eap_aka_prime_write(&p, NULL, &w));
	assert_int_equal(w.len, 8);
	assert_int_equal(eap_decode(writer_bytes(&w), &out), EAP_OK);
	assert_false(eap_aka_prime_proved(&out, writer_bytes(&w), k_aut));
	w = writer_of(octets, 7);
	assert_false(eap_aka_prime_write(&p, NULL, &w));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mac),
		cmocka_unit_test(test_without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
