/*
 * What a function has derived it wipes before it returns: how often each does, by a count of explicit_bzero()
 * (the linker puts __wrap_ in its place), and that none of it is beside what is given out.
 */
#include "base/test.h"

#include <string.h>

#include "crypto/aka.h"
#include "crypto/kdf.h"
#include "crypto/milenage.h"
#include "crypto/nea.h"
#include "crypto/nia.h"
#include "crypto/seal.h"
#include "crypto/tuak.h"

static unsigned wipes;

void __real_explicit_bzero(void *at, size_t len);
void __wrap_explicit_bzero(void *at, size_t len);

void __wrap_explicit_bzero(void *at, size_t len)
{
	wipes++;
	__real_explicit_bzero(at, len);
}

static const uint8_t key[32] = { 1, 2, 3 }, other[32] = { 4, 5 };

#define WIPES(n, call)                                                                                       \
	do {                                                                                                 \
		wipes = 0;                                                                                   \
		assert_true(call);                                                                           \
		if (wipes != (n))                                                                            \
			fail_msg("%s: %u", #call, wipes);                                                    \
	} while (0)

/* Keystreams, states and windows; ZUC also wipes its registers at the end of each run of words. */
static void test_nas_algorithms(void **state)
{
	uint8_t data[64] = { 7 }, mac[NIA_MAC_LEN];

	WIPES(0, nia_mac(0, key, 1, 2, 0, data, 512, mac));
	WIPES(5, nia_mac(1, key, 1, 2, 0, data, 512, mac));
	WIPES(4, nia_mac(2, key, 1, 2, 0, data, 512, mac));
	WIPES(3 + 3, nia_mac(3, key, 1, 2, 0, data, 512, mac));
	assert_true(nia_mac(3, key, 1, 2, 0, data, 512, mac));
	WIPES(3 + 3 + 1, nia_verify(3, key, 1, 2, 0, bytes_of(data, 64), mac));
	WIPES(4, nea_crypt(1, key, 1, 2, 0, data, 512));
	WIPES(3, nea_crypt(3, key, 1, 2, 0, data, 512));
}

static void test_authentication(void **state)
{
	struct tuak_sizes sizes = { 16, 8, 8, 16, 16, 1 };
	struct milenage m;
	struct tuak t;
	uint8_t out[32];

	WIPES(1, milenage_opc(key, other, out));
	WIPES(2, milenage_all(key, other, other, other, other, &m));
	WIPES(2, milenage_f2345(key, other, other, &m));
	WIPES(1, tuak_topc(&sizes, key, other, out));
	WIPES(1, tuak_f1(&sizes, false, key, other, other, other, other, out));
	WIPES(1, tuak_f2345(&sizes, key, other, other, &t));
	WIPES(1, tuak_f5_star(&sizes, key, other, other, out));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_nas_algorithms),
		cmocka_unit_test(test_authentication) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
