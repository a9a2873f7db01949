/* The NSSF: which slices are allowed, and why others are not (23.501 5.15.5.2.1). */
#include "core/nssf/nssf.h"

#include "core/nf/nf_bed.h"

static struct nf_bed bed;
static struct nssf *nssf;

/* Slice 1 is everywhere, 2 in TAC 2 only, 3 is not of this network. */
static const struct snssai one = { 1, 1 }, two = { 1, 2 }, three = { 1, 3 };
static const struct subscribed_snssai all[] = { { { 1, 1 }, false }, { { 1, 2 }, true },
	{ { 1, 3 }, false } };

static int setup(void **state)
{
	struct nssf_config config = { .slice_count = 2,
		.slices = { { { 1, 1 } }, { .snssai = { 1, 2 }, .tac_count = 1, .tacs = { 2 } } } };

	nf_bed_init(&bed);
	config.plmn = bed.plmn;
	nssf = nssf_new(&config, &bed.t.env, bed.bus);
	assert_non_null(nssf);
	return 0;
}

static int teardown(void **state)
{
	nssf_free(nssf);
	nf_bed_fini(&bed);
	return 0;
}

static const struct authorized_network_slice_info *select_slices(uint32_t tac, const struct snssai *requested,
	uint32_t requested_count, const struct subscribed_snssai *subscribed, uint32_t subscribed_count)
{
	struct nnssf_ns_selection_req req = { NF_AMF, "amf", { bed.plmn, tac },
		{ .subscribed_nssai = { subscribed_count, subscribed },
			.requested_nssai = { requested_count, requested } } };

	assert_int_equal(nf_bed_ask(&bed, SBI_NSSF_NS_SELECTION, &req), SBI_OK);
	return &((const struct nnssf_ns_selection_rsp *)bed.body)->data;
}

static uint32_t allowed(const struct authorized_network_slice_info *i)
{
	return i->allowed_nssai_list.count ? i->allowed_nssai_list.items[0].allowed_snssai_list.count : 0;
}

static void test_requested(void **state)
{
	const struct snssai requested[] = { one, two, three };
	const struct authorized_network_slice_info *i = select_slices(2, requested, 3, all, 3);

	assert_int_equal(allowed(i), 2);
	assert_int_equal(i->allowed_nssai_list.items[0].allowed_snssai_list.items[0].allowed_snssai.sd, 1);
	assert_int_equal(i->allowed_nssai_list.items[0].allowed_snssai_list.items[1].allowed_snssai.sd, 2);
	assert_int_equal(i->rejected_nssai_in_plmn.count, 1);
	assert_int_equal(i->rejected_nssai_in_plmn.items[0].sd, 3);
	assert_int_equal(i->rejected_nssai_in_ta.count, 0);
	assert_int_equal(i->configured_nssai.count, 2);
	assert_int_equal(i->configured_nssai.items[0].configured_snssai.sd, 2); /* the default first */
	i = select_slices(1, requested, 3, all, 3);
	assert_int_equal(allowed(i), 1);
	assert_int_equal(i->rejected_nssai_in_ta.count, 1);
	assert_int_equal(i->rejected_nssai_in_ta.items[0].sd, 2);
	/* of the network, but not subscribed */
	i = select_slices(2, requested, 1, all + 1, 2);
	assert_int_equal(i->rejected_nssai_in_plmn.count, 1);
	assert_int_equal(i->rejected_nssai_in_plmn.items[0].sd, 1);
	assert_int_equal(allowed(i), 1); /* the default */
}

static void test_defaults(void **state)
{
	assert_int_equal(allowed(select_slices(2, NULL, 0, all, 3)), 1);
	assert_int_equal(allowed(select_slices(1, NULL, 0, all, 3)), 0); /* the default is not offered here */
	assert_int_equal(allowed(select_slices(2, NULL, 0, all, 1)), 0);
}

/* One slice many times counts once; more kinds than an NSSAI holds are cut. */
static void test_many(void **state)
{
	struct snssai requested[3 * SNSSAI_MAX];

	for (uint32_t i = 0; i < ARRAY_LEN(requested); i++)
		requested[i] = one;
	assert_int_equal(allowed(select_slices(2, requested, ARRAY_LEN(requested), all, 3)), 1);
	for (uint32_t i = 0; i < ARRAY_LEN(requested); i++)
		requested[i] = (struct snssai){ 2, i };
	assert_int_equal(
		select_slices(2, requested, ARRAY_LEN(requested), all, 3)->rejected_nssai_in_plmn.count,
		SNSSAI_MAX);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_requested),
		TEST(test_defaults),
		TEST(test_many),
	};

	return cmocka_run_group_tests_name("core/nssf", tests, NULL, NULL);
}
