/* UE parameters update list: what is sent, octet by octet (24.501 figures 9.11.3.53A.3 to 7), and what is
 * refused.
 */
#include "base/test.h"

#include "base/arena.h"
#include "wire/nas/nas.h"

static struct arena arena;
static uint8_t octets[256];

static struct bytes hex(const char *text)
{
	return test_hex(text, octets, sizeof(octets));
}

/* Default configured NSSAI of SST 1 and of SST 2 with an SD; routing indicator 123 for the ME. */
#define LIST                                                                                                 \
	"02000701010402000003"                                                                               \
	"04000221f3"

static struct nas_ue_parameters parameters(void)
{
	return (struct nas_ue_parameters){ 2, { { 1, SNSSAI_NO_SD }, { 2, 3 } }, "123", 0 };
}

static void test_list(void **state)
{
	struct nas_ue_parameters p = parameters(), back;
	uint8_t out[64];
	struct writer w = writer_of(out, sizeof(out));

	assert_true(nas_ue_parameters_encode(&p, &w));
	assert_true(bytes_equal(writer_bytes(&w), hex(LIST)));
	assert_true(nas_ue_parameters_decode(writer_bytes(&w), &arena, &back));
	assert_int_equal(back.default_nssai_count, 2);
	assert_true(snssai_equal(&back.default_nssai[1], &p.default_nssai[1]));
	assert_string_equal(back.routing_indicator, "123");
	assert_int_equal(back.others, 0);
	w = writer_of(out, 9);
	assert_false(nas_ue_parameters_encode(&p, &w));
}

/* A secured packet and what there is not yet are passed over. */
static void test_foreign_sets(void **state)
{
	struct nas_ue_parameters p;

	assert_true(nas_ue_parameters_decode(hex("010003aabbcc"
						 "0f0000"
						 "0400020fff"
						 "f2000201ff"),
			    &arena, &p) == false);
	assert_true(nas_ue_parameters_decode(hex("010003aabbcc"
						 "0f0000"
						 "040002f0ff"),
		&arena, &p));
	assert_int_equal(p.others, 2);
	assert_string_equal(p.routing_indicator, "0");
}

static void test_refused_lists(void **state)
{
	static const char *const lists[] = { "04", "040002", "04000221", "040002ffff", "0400022af3",
		"0200020401", "020000", "01ffff00" };
	struct nas_ue_parameters p;

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		assert_false(nas_ue_parameters_decode(hex(lists[i]), &arena, &p));
	assert_true(nas_ue_parameters_decode(BYTES_NONE, &arena, &p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_foreign_sets),
		cmocka_unit_test(test_refused_lists),
	};
	int failed;

	arena_init(&arena, NULL, 0, 1 << 16);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_fini(&arena);
	return failed;
}
