/* What a running gNB takes of a new configuration, and what becomes of the figures. */
#include "gnb/gnb_bed.h"
#include "gnb/internal.h"

enum { MORE = 2 };

static uint64_t (*rows(struct bed *b))[GNB_SLICE_STAT_COUNT]
{
	return b->gnb->figures.by_slice;
}

/* Slices come behind those that there are; the row of all others stays the last, with what was counted. */
static void test_more_slices(void **state)
{
	struct bed *b = *state;
	const struct ngap_ran_configuration_update *m;
	const struct ngap_broadcast_plmn_item *plmn;
	uint8_t had = b->config.slice_count;

	bed_ready(b);
	bed_forget(b);
	for (uint8_t row = 0; row <= had; row++)
		for (uint64_t k = 0; k < GNB_SLICE_STAT_COUNT; k++)
			rows(b)[row][k] = 10 * (row + 1u) + k;
	for (uint8_t row = (uint8_t)(had + 1); row <= had + MORE + 1; row++)
		rows(b)[row][0] = 99; /* whatever stood there */
	for (uint8_t i = 0; i < MORE; i++)
		b->config.slices[b->config.slice_count++] = (struct snssai){ 2, i };
	gnb_take_config(b->gnb, &b->config);
	for (uint64_t k = 0; k < GNB_SLICE_STAT_COUNT; k++) {
		assert_int_equal(rows(b)[had - 1][k], 10 * had + k);
		for (uint8_t row = had; row < had + MORE; row++)
			assert_int_equal(rows(b)[row][k], 0);
		assert_int_equal(rows(b)[had + MORE][k], 10 * (had + 1u) + k);
	}
	assert_int_equal(rows(b)[had + MORE + 1][0], 0);
	m = bed_amf_gets(b, NGAP_MSG_RAN_CONFIGURATION_UPDATE).u.ran_configuration_update;
	assert_non_null(m->supported_ta_list);
	plmn = &m->supported_ta_list->items[0].broadcast_plmn_list.items[0];
	assert_int_equal(plmn->tai_slice_support_list.count, had + MORE);
	assert_int_equal(plmn->tai_slice_support_list.items[had + MORE - 1].s_nssai.sst.data[0], 2);
}

/* One goes: what it counted is of all others, and the AMF knows those that are left. */
static void test_fewer_slices(void **state)
{
	struct bed *b = *state;
	uint8_t had = b->config.slice_count;
	struct snssai first = b->config.slices[0];
	const struct ngap_slice_support_list *told;
	struct snssai s;

	b->config.slices[b->config.slice_count++] = (struct snssai){ 2, 5 };
	gnb_take_config(b->gnb, &b->config);
	bed_ready(b);
	bed_forget(b);
	for (uint8_t row = 0; row <= had + 1; row++)
		rows(b)[row][0] = 10 * (row + 1u);
	b->config.slices[0] = b->config.slices[had];
	b->config.slices[had] = first;
	b->config.slice_count = 1;
	gnb_take_config(b->gnb, &b->config);
	assert_int_equal(rows(b)[0][0], 10 * (had + 1u));
	assert_int_equal(rows(b)[1][0], 10 * (had + 2u) + 10 * (uint64_t)had);
	told = &bed_amf_gets(b, NGAP_MSG_RAN_CONFIGURATION_UPDATE)
			.u.ran_configuration_update->supported_ta_list->items[0]
			.broadcast_plmn_list.items[0]
			.tai_slice_support_list;
	assert_int_equal(told->count, 1);
	s = ngap_snssai(&told->items[0].s_nssai);
	assert_true(snssai_equal(&s, &b->config.slices[0]));
}

/* The same ones again, or none at all, are no news. */
static void test_no_slices(void **state)
{
	struct bed *b = *state;
	uint8_t had = b->config.slice_count;

	bed_ready(b);
	bed_forget(b);
	rows(b)[had][0] = 7;
	gnb_take_config(b->gnb, &b->config);
	b->config.slice_count = 0;
	gnb_take_config(b->gnb, &b->config);
	assert_int_equal(b->gnb->config.slice_count, had);
	assert_int_equal(rows(b)[had][0], 7);
	assert_null(bed_next(b, GNB_PORT_N2));
}

/* An AMF that is not set up yet hears of them in NG SETUP. */
static void test_slices_before_ng_setup(void **state)
{
	struct bed *b = *state;
	struct ngap_ng_setup_request m;

	b->config.slices[b->config.slice_count++] = (struct snssai){ 2, 5 };
	gnb_take_config(b->gnb, &b->config);
	m = bed_associate(b);
	assert_int_equal(
		m.supported_ta_list.items[0].broadcast_plmn_list.items[0].tai_slice_support_list.count,
		b->config.slice_count);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_more_slices),
		TEST(test_fewer_slices),
		TEST(test_no_slices),
		TEST(test_slices_before_ng_setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
