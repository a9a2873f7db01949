/* SteeringContainer and back, every access technology. */
#include "base/test.h"

#include "core/nf/sor.h"

static struct arena arena;

static uint16_t there_and_back(uint16_t access, const char *wanted)
{
	struct nas_steering s = { .count = 1 }, back;
	uint8_t octets[NF_STEERING_JSON_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(plmn_parse("00102", &s.plmns[0].plmn));
	s.plmns[0].access = access;
	assert_true(nf_steering_write(&s, &w));
	assert_non_null(memmem(octets, w.len, wanted, strlen(wanted)));
	assert_true(nf_steering_read(writer_bytes(&w), &arena, &back));
	assert_int_equal(back.count, 1);
	assert_true(plmn_equal(&back.plmns[0].plmn, &s.plmns[0].plmn));
	return back.plmns[0].access;
}

/* The names of 29.509 6.1.6.3 over the bits of 31.102 4.2.5; of two codings that mean both modes, the
 * shorter. */
static void test_technologies(void **state)
{
	static const struct {
		uint16_t access;
		const char *name;
	} cases[] = {
		{ 0x0800, "[\"NR\"]" },
		{ 0x4000, "[\"EUTRAN_IN_WBS1_MODE_AND_NBS1_MODE\"]" },
		{ 0x6000, "[\"EUTRAN_IN_WBS1_MODE_ONLY\"]" },
		{ 0x5000, "[\"EUTRAN_IN_NBS1_MODE_ONLY\"]" },
		{ 0x8000, "[\"UTRAN\"]" },
		{ 0x0080, "[\"GSM_AND_ECGSM_IoT\"]" },
		{ 0x0084, "[\"GSM_WITHOUT_ECGSM_IoT\"]" },
		{ 0x0088, "[\"ECGSM_IoT_ONLY\"]" },
		{ 0x0010, "[\"CDMA_1xRTT\"]" },
		{ 0x0020, "[\"CDMA_HRPD\"]" },
		{ 0x0040, "[\"GSM_COMPACT\"]" },
		{ 0xc800, "[\"NR\",\"EUTRAN_IN_WBS1_MODE_AND_NBS1_MODE\",\"UTRAN\"]" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(there_and_back(cases[i].access, cases[i].name), cases[i].access);
}

static void test_longest(void **state)
{
	struct nas_steering s = { .count = NAS_STEERING_MAX }, back;
	uint8_t octets[NF_STEERING_JSON_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	for (uint8_t i = 0; i < s.count; i++) {
		assert_true(plmn_parse("001002", &s.plmns[i].plmn));
		s.plmns[i].access = 0xc8f0 | (NAS_ACCESS_GSM_NOT_EC);
	}
	assert_true(nf_steering_write(&s, &w));
	assert_true(nf_steering_read(writer_bytes(&w), &arena, &back));
	assert_int_equal(back.count, NAS_STEERING_MAX);
	assert_int_equal(back.plmns[NAS_STEERING_MAX - 1].access, 0xc8f4);
}

static void test_others(void **state)
{
	static const char one[] =
		"{\"plmnId\":{\"mcc\":\"001\",\"mnc\":\"02\"},\"accessTechList\":[\"6G\",\"NR\"]}";
	struct nas_steering s;
	uint8_t octets[4096];
	struct writer w = writer_of(octets, sizeof(octets));

	writer_u8(&w, '[');
	writer_put(&w, bytes_of_str(one));
	writer_u8(&w, ']');
	assert_true(nf_steering_read(writer_bytes(&w), &arena, &s)); /* what is not known is passed over */
	assert_int_equal(s.plmns[0].access, NAS_ACCESS_NR);
	w.len--;
	for (int i = 0; i < NAS_STEERING_MAX; i++) {
		writer_u8(&w, ',');
		writer_put(&w, bytes_of_str(one));
	}
	writer_u8(&w, ']');
	assert_false(nf_steering_read(writer_bytes(&w), &arena, &s)); /* one too many */
	assert_false(nf_steering_read(bytes_of_str("{}"), &arena, &s));
	assert_false(nf_steering_read(bytes_of_str("\"c2VjcmV0\""), &arena, &s));
	assert_true(nf_steering_read(BYTES_NONE, &arena, &s));
	assert_int_equal(s.count, 0);
}

static void test_header(void **state)
{
	struct nas_steering s = { .count = 1 };

	assert_int_equal(nf_sor_header(&s, true), 0x0e);
	assert_int_equal(nf_sor_header(&s, false), 0x06);
	s.count = 0;
	assert_int_equal(nf_sor_header(&s, true), 0x08);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_technologies),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_header),
	};
	int failed;

	arena_init(&arena, NULL, 0, 1 << 16);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_fini(&arena);
	return failed;
}
