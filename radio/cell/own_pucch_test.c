/* PUCCH-Config as RRC has it: each member, each period of scheduling requests, and what this UE cannot do. */
#include "base/test.h"

#include <string.h>

#include "radio/cell/own_read.h"

enum { RESOURCES = 12 };

static struct cell cell;
static struct cell_own own;
static struct rrc_pucch_config p;
static struct rrc_pucch_resource resource[RESOURCES];
static struct rrc_pucch_config_resource_to_add_mod_list resources;
static struct rrc_pucch_resource_set set[2];
static struct rrc_pucch_config_resource_set_to_add_mod_list sets;
static uint8_t ids[2][RESOURCES];
static struct rrc_scheduling_request_resource_config request;
static struct rrc_scheduling_request_resource_config_periodicity_and_offset at;
static struct rrc_pucch_config_scheduling_request_resource_to_add_mod_list requests;

#define SET_0 "PUCCH resources of set 0 that are not eight of formats 0 and 1"
#define NO_SR "a scheduling request that is not on PUCCH format 0 or 1"
#define LATER "HARQ-ACK at times of a later release"

/* Resources 20 to 27 are of format 0 and 1 in turn, 28 to 31 of format 2; set 0 has the first eight, set 1
 * the last four. */
static int setup(void **state)
{
	memset(&cell, 0, sizeof(cell));
	memset(&p, 0, sizeof(p));
	cell.mu = 1;
	cell.uplink = (struct cell_carrier){ .prbs = 52, .bwp_prbs = 50, .bwp_start = 1, .widest_prbs = 52 };
	cell.pucch_hopping_id = 77;
	cell_own_init(&own, &cell);
	for (uint8_t i = 0; i < RESOURCES; i++) {
		struct rrc_pucch_resource *r = &resource[i];

		*r = (struct rrc_pucch_resource){ .pucch_resource_id = (uint8_t)(20 + i), .starting_prb = i };
		if (i >= 8) {
			r->format.tag = RRC_PUCCH_RESOURCE_FORMAT_TAG_FORMAT2;
			r->format.u.format2 = (struct rrc_pucch_format2){ 3, 2, 11 };
		} else if (i % 2) {
			r->format.tag = RRC_PUCCH_RESOURCE_FORMAT_TAG_FORMAT1;
			r->format.u.format1 = (struct rrc_pucch_format1){ (uint8_t)(i % 12), 10, 3, 2 };
		} else {
			r->format.tag = RRC_PUCCH_RESOURCE_FORMAT_TAG_FORMAT0;
			r->format.u.format0 = (struct rrc_pucch_format0){ (uint8_t)(i + 1), 2, 12 };
		}
		ids[0][i % 8] = (uint8_t)(20 + i % 8);
		ids[1][i % 4] = (uint8_t)(28 + i % 4);
	}
	resources.count = RESOURCES;
	resources.items = resource;
	for (uint8_t i = 0; i < 2; i++) {
		set[i] = (struct rrc_pucch_resource_set){ .pucch_resource_set_id = i };
		set[i].resource_list.count = i ? 4 : 8;
		set[i].resource_list.items = ids[i];
	}
	sets.count = 2;
	sets.items = set;
	p.resource_to_add_mod_list = &resources;
	p.resource_set_to_add_mod_list = &sets;
	request = (struct rrc_scheduling_request_resource_config){ .scheduling_request_id = 3,
		.periodicity_and_offset = &at,
		.has_resource = true,
		.resource = 20 };
	requests.count = 1;
	requests.items = &request;
	return 0;
}

static const char *take(void)
{
	cell_own_init(&own, &cell);
	return cell_own_read_pucch(&own, &cell, &p);
}

static void test_resources(void **state)
{
	resource[2].has_intra_slot_frequency_hopping = resource[2].has_second_hop_prb = true;
	resource[2].second_hop_prb = 40;
	assert_null(take());
	assert_int_equal(own.ack_n, 8);
	assert_int_equal(own.more_n, 4);
	for (unsigned i = 0; i < 8; i++) {
		const struct phy_pucch_config *a = &own.ack[i];

		assert_int_equal(a->format, i % 2);
		assert_true(a->mu == 1 && a->bwp_start == 1 && a->bwp_prbs == 50 && a->hopping_id == 77);
		assert_true(a->prbs == 1 && a->bits == 1 && a->first_prb == i);
		assert_int_equal(a->second_prb, i == 2 ? 40 : i);
		assert_int_equal(a->hopping, i == 2);
		assert_int_equal(a->initial_shift, i % 2 ? i : i + 1);
		assert_int_equal(a->symbols, i % 2 ? 10 : 2);
		assert_int_equal(a->first_symbol, i % 2 ? 3 : 12);
		assert_int_equal(a->occ, i % 2 ? 2 : 0);
	}
	for (unsigned i = 0; i < 4; i++) {
		const struct phy_pucch_config *m = &own.more[i];

		assert_true(m->format == 2 && m->prbs == 3 && m->symbols == 2 && m->first_symbol == 11);
		assert_true(m->bits == CELL_ACKS_SMALL + 1 && m->first_prb == 8 + i);
	}
}

static void test_sets_refused(void **state)
{
	set[0].resource_list.count = 9; /* chosen by the CCE too */
	assert_string_equal(take(), SET_0);
	set[0].resource_list.count = 1;
	assert_null(take());
	assert_int_equal(own.ack_n, 1);
	ids[0][0] = 28; /* of format 2 */
	assert_string_equal(take(), SET_0);
	ids[0][0] = 60; /* there is none */
	assert_string_equal(take(), SET_0);
	ids[0][0] = 20;
	resource[0].starting_prb = 50; /* beyond the part */
	assert_string_equal(take(), SET_0);
	resource[0].starting_prb = 49;
	assert_null(take());
	/* Of set 1 as many as are good. */
	resource[9].format.tag = RRC_PUCCH_RESOURCE_FORMAT_TAG_FORMAT0;
	resource[9].format.u.format0 = (struct rrc_pucch_format0){ 1, 2, 12 };
	assert_null(take());
	assert_int_equal(own.more_n, 1);
	ids[1][0] = 60;
	assert_null(take());
	assert_int_equal(own.more_n, 0);
	p.resource_to_add_mod_list = NULL;
	assert_string_equal(take(), SET_0);
	p.resource_set_to_add_mod_list = NULL;
	assert_null(take());
	assert_int_equal(own.ack_n, 0);
}

/* sl1 to sl640, each with its last offset, and the one beyond. */
static void test_requests(void **state)
{
	static const uint16_t periods[] = { 1, 2, 4, 5, 8, 10, 16, 20, 40, 80, 160, 320, 640 };

	p.scheduling_request_resource_to_add_mod_list = &requests;
	for (unsigned i = 0; i < ARRAY_LEN(periods); i++) {
		at.tag = RRC_SCHEDULING_REQUEST_RESOURCE_CONFIG_PERIODICITY_AND_OFFSET_TAG_SL1 + i;
		for (unsigned beyond = 0; beyond <= 1; beyond++) {
			unsigned offset = periods[i] - 1u + beyond;

			if (periods[i] <= 160)
				at.u.sl160 = (uint8_t)offset;
			else
				at.u.sl320 = (uint16_t)offset;
			if (beyond && i > 0) {
				assert_string_equal(take(), NO_SR);
				continue;
			}
			assert_null(take());
			assert_true(own.sr.there && own.sr.id == 3 && own.sr.at.bits == 0 &&
				    own.sr.at.format == 0);
			assert_int_equal(own.sr.period, periods[i]);
			assert_int_equal(own.sr.offset, i ? offset : 0);
		}
	}
	at.tag =
		RRC_SCHEDULING_REQUEST_RESOURCE_CONFIG_PERIODICITY_AND_OFFSET_TAG_SL1 - 1; /* within a slot */
	assert_string_equal(take(), NO_SR);
	at.tag = RRC_SCHEDULING_REQUEST_RESOURCE_CONFIG_PERIODICITY_AND_OFFSET_TAG_SL10;
	at.u.sl10 = 9;
	assert_null(take());
	request.resource = 21;
	assert_null(take());
	assert_int_equal(own.sr.at.format, 1);
	request.resource = 28; /* of format 2 */
	assert_string_equal(take(), NO_SR);
	request.resource = 60;
	assert_string_equal(take(), NO_SR);
	request.resource = 20;
	request.has_resource = false;
	assert_string_equal(take(), NO_SR);
	request.has_resource = true;
	request.periodicity_and_offset = NULL;
	assert_string_equal(take(), NO_SR);
	p.scheduling_request_resource_to_add_mod_list = NULL;
	assert_null(take());
	assert_false(own.sr.there);
}

static void test_power(void **state)
{
	struct rrc_p0_pucch p0[2] = { { 1, -5 }, { 2, 9 } };
	struct rrc_pucch_power_control_p0_set list = { 2, p0 };
	struct rrc_pucch_power_control power = { .has_delta_f_pucch_f0 = true,
		.delta_f_pucch_f0 = 1,
		.has_delta_f_pucch_f1 = true,
		.delta_f_pucch_f1 = -2,
		.has_delta_f_pucch_f2 = true,
		.delta_f_pucch_f2 = 15,
		.p0_set = &list };

	p.pucch_power_control = &power;
	assert_null(take());
	assert_true(own.power.p0_pucch_db == -5 && own.power.delta_f_db[0] == 1 &&
		    own.power.delta_f_db[1] == -2 && own.power.delta_f_db[2] == 15);
	memset(&power, 0, sizeof(power));
	power.delta_f_pucch_f0 = power.delta_f_pucch_f1 = power.delta_f_pucch_f2 =
		7; /* which are not there */
	assert_null(cell_own_read_pucch(&own, &cell, &p));
	assert_int_equal(own.power.p0_pucch_db, 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(own.power.delta_f_db[i], 0);
}

static void test_rest(void **state)
{
	static const uint8_t percents[] = { 8, 15, 25, 35, 45, 60, 80 };
	uint8_t k1[8] = { 7, 6, 5, 4, 3, 2, 1, 15 };
	struct rrc_pucch_config_dl_data_to_ul_ack timing = { 8, k1 };
	struct rrc_setup_release_pucch_format_config format2 = {
		.tag = RRC_SETUP_RELEASE_PUCCH_FORMAT_CONFIG_TAG_SETUP,
		.u.setup = { .has_max_code_rate = true }
	};

	p.format2 = &format2;
	p.dl_data_to_ul_ack = &timing;
	for (unsigned i = 0; i < ARRAY_LEN(percents); i++) {
		format2.u.setup.max_code_rate = i;
		format2.u.setup.has_simultaneous_harq_ack_csi = i % 2;
		assert_null(take());
		assert_int_equal(own.more_rate_percent, percents[i]);
		assert_int_equal(own.acks_with_csi, i % 2);
	}
	assert_int_equal(own.pdsch.k1_n, 8);
	assert_memory_equal(own.pdsch.k1, k1, 8);
	format2.u.setup.has_max_code_rate = false;
	assert_null(take());
	assert_int_equal(own.more_rate_percent, 0);
#define ANY(member) p.member = (void *)&own
	ANY(dl_data_to_ul_ack_r16);
	assert_string_equal(take(), LATER);
	p.dl_data_to_ul_ack_r16 = NULL;
	ANY(dl_data_to_ul_ack_r17);
	assert_string_equal(take(), LATER);
	p.dl_data_to_ul_ack_r17 = NULL;
	ANY(dl_data_to_ul_ack_v1700);
	assert_string_equal(take(), LATER);
	p.dl_data_to_ul_ack_v1700 = NULL;
	ANY(subslot_length_for_pucch_r16);
	assert_string_equal(take(), LATER);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_resources), TEST(test_sets_refused),
		TEST(test_requests), TEST(test_power), TEST(test_rest) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
