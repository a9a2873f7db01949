/* NAS protection to its edges: COUNTs, refused memory, and what changes nothing. The keys are two ends' of
 * one K_AMF. */
#include "proto/nas_security.h"

#include <string.h>

#include "base/test_env.h"

static struct nas_security ue, amf;
static struct arena arena;

static int setup(void **state)
{
	static const uint8_t k_amf[KDF_KEY_LEN] = { 1, 2, 3 };

	arena_init(&arena, NULL, 0, 1 << 16);
	nas_security_start(&ue, k_amf, 3, 2, 2);
	nas_security_start(&amf, k_amf, 3, 2, 2);
	return 0;
}

static int teardown(void **state)
{
	arena_fini(&arena);
	return 0;
}

static uint8_t octets[64];

/* What the UE sends, as the AMF reads its header. */
static struct nas_security_header sent(enum nas_security_header_type type, const char *text)
{
	struct writer w = writer_of(octets, sizeof(octets));
	struct nas_security_header h;
	struct tlv_fault fault;

	assert_true(nas_protect(&ue, NAS_UPLINK, type, bytes_of_str(text), &w));
	assert_int_equal(w.len, strlen(text) + NAS_PROTECTION_OCTETS);
	assert_true(nas_security_header_decode(writer_bytes(&w), &h, &fault));
	return h;
}

static bool taken(const struct nas_security_header *h, const char *text, uint32_t expected_count)
{
	struct bytes plain;
	uint32_t count;

	if (!nas_unprotect(&amf, NAS_UPLINK, h, &arena, &plain, &count))
		return false;
	assert_true(bytes_equal(plain, bytes_of_str(text)));
	assert_int_equal(count, expected_count);
	return true;
}

static void test_types(void **state)
{
	struct nas_security_header h = sent(NAS_INTEGRITY_CIPHERED, "secret");

	assert_false(bytes_equal(h.inner, bytes_of_str("secret")));
	assert_true(taken(&h, "secret", 0));
	h = sent(NAS_INTEGRITY, "open");
	assert_true(bytes_equal(h.inner, bytes_of_str("open")));
	assert_true(taken(&h, "open", 1));
	h = sent(NAS_INTEGRITY_CIPHERED_NEW_CONTEXT, "new");
	assert_false(bytes_equal(h.inner, bytes_of_str("new")));
	assert_true(taken(&h, "new", 2));
	assert_int_equal(ue.count[NAS_UPLINK], 3);
	assert_int_equal(amf.count[NAS_UPLINK], 3);
	assert_int_equal(ue.count[NAS_DOWNLINK] + amf.count[NAS_DOWNLINK], 0);
}

/* 24.501 4.4.3.2: each COUNT once; the next with that sequence number, also over an overflow. */
static void test_once(void **state)
{
	struct nas_security_header h = sent(NAS_INTEGRITY, "one"), late;

	assert_true(taken(&h, "one", 0));
	assert_false(taken(&h, "one", 0));
	assert_int_equal(amf.count[NAS_UPLINK], 1);
	ue.count[NAS_UPLINK] = amf.count[NAS_UPLINK] = 0x1ff;
	h = sent(NAS_INTEGRITY, "last");
	assert_true(taken(&h, "last", 0x1ff));
	late = sent(NAS_INTEGRITY, "lost");
	h = sent(NAS_INTEGRITY, "over");
	assert_true(taken(&h, "over", 0x201));
	assert_false(taken(&late, "lost", 0x200));
	ue.count[NAS_UPLINK] = 0x300; /* 255 were lost on the way */
	h = sent(NAS_INTEGRITY, "far");
	assert_true(taken(&h, "far", 0x300));
}

static void test_used_up(void **state)
{
	struct nas_security_header h;
	struct writer w = writer_of(octets, sizeof(octets));

	ue.count[NAS_UPLINK] = amf.count[NAS_UPLINK] = NAS_COUNT_MAX;
	h = sent(NAS_INTEGRITY, "last");
	assert_true(taken(&h, "last", NAS_COUNT_MAX));
	assert_int_equal(amf.count[NAS_UPLINK], NAS_COUNT_MAX + 1);
	assert_false(taken(&h, "last", NAS_COUNT_MAX));
	assert_false(nas_protect(&ue, NAS_UPLINK, NAS_INTEGRITY, bytes_of_str("x"), &w));
	assert_int_equal(ue.count[NAS_UPLINK], NAS_COUNT_MAX + 1);
	ue.count[NAS_UPLINK] = NAS_COUNT_MAX - NAS_COUNT_RENEW;
	ue.count[NAS_DOWNLINK] = 0;
	assert_false(nas_security_wears_out(&ue));
	ue.count[NAS_UPLINK]++;
	assert_true(nas_security_wears_out(&ue));
	ue.count[NAS_UPLINK] = 0;
	ue.count[NAS_DOWNLINK] = NAS_COUNT_MAX - NAS_COUNT_RENEW + 1;
	assert_true(nas_security_wears_out(&ue));
}

/* Without room, with a wrong MAC or without a context nothing is taken, and the same message is good later.
 */
static void test_refused(void **state)
{
	struct nas_security_header h = sent(NAS_INTEGRITY_CIPHERED, "secret");
	struct writer w = writer_of(octets + 32, 8);
	struct arena none;
	struct bytes plain;
	uint32_t count;

	arena_init(&none, NULL, 0, 1);
	assert_false(nas_unprotect(&amf, NAS_UPLINK, &h, &none, &plain, &count));
	assert_false(nas_decipher_container(&amf, NAS_UPLINK, 0, h.inner, &none, &plain));
	h.mac ^= 1;
	assert_false(taken(&h, "secret", 0));
	h.mac ^= 1;
	amf.active = false;
	assert_false(taken(&h, "secret", 0));
	assert_false(nas_decipher_container(&amf, NAS_UPLINK, 0, h.inner, &arena, &plain));
	amf.active = true;
	assert_int_equal(amf.count[NAS_UPLINK], 0);
	assert_true(nas_decipher_container(&amf, NAS_UPLINK, 0, h.inner, &arena, &plain));
	assert_true(bytes_equal(plain, bytes_of_str("secret")));
	assert_true(taken(&h, "secret", 0));
	assert_false(nas_protect(&ue, NAS_UPLINK, NAS_INTEGRITY, bytes_of_str("too long"), &w));
	assert_int_equal(ue.count[NAS_UPLINK], 1);
	ue.active = false;
	w = writer_of(octets, sizeof(octets));
	assert_false(nas_protect(&ue, NAS_UPLINK, NAS_INTEGRITY, bytes_of_str("x"), &w));
	assert_int_equal(ue.count[NAS_UPLINK], 1);
	arena_fini(&none);
}

static void test_cleared(void **state)
{
	static const struct nas_security empty;

	nas_security_select(&ue, 1, 1); /* the counts go on */
	assert_true(ue.active && ue.ea == 1 && ue.ia == 1);
	assert_memory_not_equal(ue.k_nas_int, amf.k_nas_int, sizeof(ue.k_nas_int));
	assert_memory_not_equal(ue.k_nas_enc, amf.k_nas_enc, sizeof(ue.k_nas_enc));
	assert_memory_equal(ue.k_amf, amf.k_amf, sizeof(ue.k_amf));
	nas_security_clear(&ue);
	assert_memory_equal(&ue, &empty, sizeof(ue));
	nas_security_select(&ue, 1, 1);
	assert_false(ue.active); /* there is no key to it */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_types),
		TEST(test_once),
		TEST(test_used_up),
		TEST(test_refused),
		TEST(test_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
