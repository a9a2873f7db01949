/* PLMN ID and access technology list, octet by octet (24.501 figures 9.11.3.51.2A and 3), and what is
 * refused. */
#include "base/test.h"

#include "wire/nas/nas.h"

enum { PLAIN = NAS_SOR_LIST | NAS_SOR_PLMNS };

/* 001/01 by NR; 001/002 by NR and E-UTRA. */
#define LIST                                                                                                 \
	"00f1100800002100"                                                                                   \
	"4800"

static uint8_t octets[128];

static struct bytes hex(const char *text)
{
	return test_hex(text, octets, sizeof(octets));
}

static void test_list(void **state)
{
	struct nas_steering s = { .count = 2 }, back;
	uint8_t out[64];
	struct writer w = writer_of(out, sizeof(out));

	assert_true(plmn_parse("00101", &s.plmns[0].plmn) && plmn_parse("001002", &s.plmns[1].plmn));
	s.plmns[0].access = NAS_ACCESS_NR;
	s.plmns[1].access = NAS_ACCESS_NR | NAS_ACCESS_EUTRA;
	assert_true(nas_steering_encode(&s, &w));
	assert_true(bytes_equal(writer_bytes(&w), hex(LIST)));
	assert_true(nas_steering_decode(PLAIN, writer_bytes(&w), &back));
	assert_int_equal(back.count, 2);
	assert_true(plmn_equal(&back.plmns[1].plmn, &s.plmns[1].plmn));
	assert_int_equal(back.plmns[1].access, 0x4800);
	w = writer_of(out, 9);
	assert_false(nas_steering_encode(&s, &w));
}

/* SOR-CMCI and what else follows a list with a length is passed over. */
static void test_additional(void **state)
{
	struct nas_steering s;

	assert_true(nas_steering_decode(PLAIN | NAS_SOR_ADDITIONAL,
		hex("0a" LIST "01"
		    "0003aabbcc"),
		&s));
	assert_int_equal(s.count, 2);
	assert_true(nas_steering_decode(PLAIN | NAS_SOR_ADDITIONAL,
		hex("00"
		    "00"),
		&s));
	assert_int_equal(s.count, 0);
	assert_false(nas_steering_decode(PLAIN | NAS_SOR_ADDITIONAL, hex("0b" LIST), &s));
	assert_false(nas_steering_decode(PLAIN | NAS_SOR_ADDITIONAL, BYTES_NONE, &s));
}

static void test_no_list(void **state)
{
	struct nas_steering s = { .count = 3 };

	assert_true(nas_steering_decode(0, BYTES_NONE, &s)); /* no change */
	assert_int_equal(s.count, 0);
	assert_false(nas_steering_decode(NAS_SOR_LIST, hex("d11500"), &s)); /* a secured packet */
}

static void test_refused(void **state)
{
	struct nas_steering s;

	assert_false(nas_steering_decode(PLAIN, hex("00"), &s));
	assert_false(nas_steering_decode(PLAIN, hex("00f110"), &s));
	assert_false(nas_steering_decode(PLAIN, hex("00f11008"), &s));
}

/* More than there may be: the most preferred are kept. */
static void test_many(void **state)
{
	struct nas_steering s;
	uint8_t list[5 * (NAS_STEERING_MAX + 1)] = { 0 };

	list[5 * NAS_STEERING_MAX - 2] = 0x08;
	assert_true(nas_steering_decode(PLAIN, BYTES(list), &s));
	assert_int_equal(s.count, NAS_STEERING_MAX);
	assert_int_equal(s.plmns[NAS_STEERING_MAX - 1].access, NAS_ACCESS_NR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_additional),
		cmocka_unit_test(test_no_list),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
