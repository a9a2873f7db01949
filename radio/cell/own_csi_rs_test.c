/* CSI-RS of a UE as RRC configures them: rows of 38.211 Table 7.4.1.5.3-1, places, periods and limits. */
#include "base/test.h"

#include <string.h>

#include "radio/cell/own_read.h"
#include "wire/rrc/rrc.h"

enum {
	BWP_START = 10,
	BWP_PRBS = 51,
	BAND = 24,
	FIRST_TAG = RRC_CSI_RESOURCE_PERIODICITY_AND_OFFSET_TAG_SLOTS4
};

#define FIRST_TAG RRC_CSI_RESOURCE_PERIODICITY_AND_OFFSET_TAG_SLOTS4
#define OTHER     RRC_CSI_RS_RESOURCE_MAPPING_FREQUENCY_DOMAIN_ALLOCATION_TAG_OTHER
#define ROW2      RRC_CSI_RS_RESOURCE_MAPPING_FREQUENCY_DOMAIN_ALLOCATION_TAG_ROW2
#define ONE       RRC_CSI_RS_RESOURCE_MAPPING_DENSITY_TAG_ONE

static struct cell cell;
static struct cell_own own;

static int setup(void **state)
{
	memset(&cell, 0, sizeof(cell));
	memset(&own, 0, sizeof(own));
	cell.downlink.bwp_start = BWP_START;
	cell.downlink.bwp_prbs = BWP_PRBS;
	return 0;
}

static const char *put(struct rrc_nzp_csi_rs_resource r)
{
	struct rrc_csi_meas_config_nzp_csi_rs_resource_to_add_mod_list list = { 1, &r };
	struct rrc_csi_meas_config m = { .nzp_csi_rs_resource_to_add_mod_list = &list };

	return cell_own_read_csi_rs(&own, &cell, &m);
}

static struct rrc_csi_resource_periodicity_and_offset at = { FIRST_TAG, { .slots160 = 3 } };

/* One port, one resource element a block: in symbol 4 and subcarrier 0. */
static struct rrc_nzp_csi_rs_resource simple(uint8_t id)
{
	return (struct rrc_nzp_csi_rs_resource){ .nzp_csi_rs_resource_id = id,
		.scrambling_id = 77,
		.resource_mapping = { .frequency_domain_allocation = { ROW2, { .row2 = 1 } },
			.first_ofdm_symbol_in_time_domain = 4,
			.density.tag = ONE,
			.freq_band = { 0, 100 } },
		.periodicity_and_offset = &at };
}

/* Ports, CDM type and as many bits as the row needs tell the row. */
static void test_rows(void **state)
{
	static const struct {
		uint8_t ports, cdm, bits, row;
	} rows[] = { { 1, 1, 0x01, 3 }, { 2, 1, 0x01, 5 }, { 3, 1, 0x0f, 6 }, { 3, 1, 0x05, 7 },
		{ 3, 2, 0x03, 8 }, { 4, 1, 0x3f, 9 }, { 4, 2, 0x07, 10 }, { 5, 1, 0x0f, 11 },
		{ 5, 2, 0x0f, 12 }, { 6, 1, 0x07, 13 }, { 6, 2, 0x07, 14 }, { 6, 3, 0x07, 15 },
		{ 7, 1, 0x0f, 16 }, { 7, 2, 0x0f, 17 }, { 7, 3, 0x0f, 18 } };
	struct rrc_nzp_csi_rs_resource r = simple(0);

	r.resource_mapping.frequency_domain_allocation.tag = OTHER;
	r.resource_mapping.first_ofdm_symbol_in_time_domain = 2;
	r.resource_mapping.first_ofdm_symbol_in_time_domain2 = 8;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		r.resource_mapping.nrof_ports = (enum rrc_csi_rs_resource_mapping_nrof_ports)rows[i].ports;
		r.resource_mapping.cdm_type = (enum rrc_csi_rs_resource_mapping_cdm_type)rows[i].cdm;
		r.resource_mapping.frequency_domain_allocation.u.other = rows[i].bits;
		assert_null(put(r));
		assert_int_equal(own.csi_rs[0].plan.config.row, rows[i].row);
		assert_int_equal(own.csi_rs[0].plan.config.frequency, rows[i].bits);
	}
}

/* Any other pair of ports and CDM type is in no row. */
static void test_no_rows(void **state)
{
	static const uint8_t cdms[] = { 1 << 0, 1 << 1, 1 << 1, 1 << 1 | 1 << 2, 1 << 1 | 1 << 2,
		1 << 1 | 1 << 2, 1 << 1 | 1 << 2 | 1 << 3, 1 << 1 | 1 << 2 | 1 << 3 };
	struct rrc_nzp_csi_rs_resource r = simple(0);

	r.resource_mapping.frequency_domain_allocation.tag = OTHER;
	r.resource_mapping.first_ofdm_symbol_in_time_domain = 2;
	r.resource_mapping.first_ofdm_symbol_in_time_domain2 = 8;
	for (unsigned ports = 0; ports <= ARRAY_LEN(cdms); ports++)
		for (unsigned cdm = 0; cdm <= RRC_CSI_RS_RESOURCE_MAPPING_CDM_TYPE_N; cdm++) {
			bool any = false;

			r.resource_mapping.nrof_ports = (enum rrc_csi_rs_resource_mapping_nrof_ports)ports;
			r.resource_mapping.cdm_type = (enum rrc_csi_rs_resource_mapping_cdm_type)cdm;
			for (unsigned bits = 0; bits < 64; bits++) {
				r.resource_mapping.frequency_domain_allocation.u.other = (uint8_t)bits;
				any |= !put(r);
			}
			assert_int_equal(any, ports < ARRAY_LEN(cdms) && cdms[ports] >> cdm & 1);
		}
}

/* The three rows of their own: each with its own bits, row 1 with three elements a block. */
static void test_own_rows(void **state)
{
	struct rrc_nzp_csi_rs_resource r = simple(0);
	struct rrc_csi_rs_resource_mapping *m = &r.resource_mapping;

	assert_null(put(r));
	assert_int_equal(own.csi_rs[0].plan.config.row, 2);
	assert_int_equal(own.csi_rs[0].plan.config.l0, 4);
	assert_int_equal(own.csi_rs[0].plan.config.n_id, 77);
	m->frequency_domain_allocation.tag = RRC_CSI_RS_RESOURCE_MAPPING_FREQUENCY_DOMAIN_ALLOCATION_TAG_ROW4;
	m->frequency_domain_allocation.u.row4 = 4;
	assert_null(put(r));
	assert_int_equal(own.csi_rs[0].plan.config.row, 4);
	assert_int_equal(own.csi_rs[0].plan.config.frequency, 4);
	m->frequency_domain_allocation.tag = RRC_CSI_RS_RESOURCE_MAPPING_FREQUENCY_DOMAIN_ALLOCATION_TAG_ROW1;
	m->frequency_domain_allocation.u.row1 = 8;
	assert_non_null(put(r)); /* of density one */
	m->density.tag = RRC_CSI_RS_RESOURCE_MAPPING_DENSITY_TAG_THREE;
	assert_null(put(r));
	assert_int_equal(own.csi_rs[0].plan.config.row, 1);
	assert_int_equal(own.csi_rs[0].plan.config.frequency, 8);
	m->density.tag = RRC_CSI_RS_RESOURCE_MAPPING_DENSITY_TAG_DOT5;
	assert_non_null(put(r)); /* every second block is not served */
}

/* What of the band lies in the bandwidth part counts, and it must be something. */
static void test_band(void **state)
{
	static const struct {
		uint16_t start, blocks, first, prbs;
	} bands[] = { { 0, 276, BWP_START, BWP_PRBS }, { BWP_START, BAND, BWP_START, BAND },
		{ 0, BAND, BWP_START, BAND - BWP_START }, { 40, 100, 40, BWP_START + BWP_PRBS - 40 },
		{ BWP_START + BWP_PRBS - 1, BAND, BWP_START + BWP_PRBS - 1, 1 } };
	struct rrc_nzp_csi_rs_resource r = simple(0);

	for (size_t i = 0; i < ARRAY_LEN(bands); i++) {
		r.resource_mapping.freq_band =
			(struct rrc_csi_frequency_occupation){ bands[i].start, bands[i].blocks };
		assert_null(put(r));
		assert_int_equal(own.csi_rs[0].plan.config.first_crb, bands[i].first);
		assert_int_equal(own.csi_rs[0].plan.config.prbs, bands[i].prbs);
	}
	r.resource_mapping.freq_band.starting_rb = BWP_START + BWP_PRBS;
	assert_non_null(put(r));
	r.resource_mapping.freq_band = (struct rrc_csi_frequency_occupation){ 0, BWP_START };
	assert_non_null(put(r));
}

static unsigned reserved(unsigned sfn, unsigned slot)
{
	struct phy_reserved out[CELL_RESERVED_MAX];
	size_t n = cell_own_reserved(&own, &cell, sfn, slot, out);

	for (size_t i = 0; i < n; i++)
		assert_int_equal(out[i].prbs, BWP_PRBS);
	return (unsigned)n;
}

static void test_periods(void **state)
{
	static const uint16_t periods[] = { 4, 5, 8, 10, 16, 20, 32, 40, 64, 80, 160, 320, 640 };
	struct rrc_csi_resource_periodicity_and_offset when = { .tag = FIRST_TAG };
	struct rrc_nzp_csi_rs_resource r = simple(0);

	r.periodicity_and_offset = &when;
	for (size_t i = 0; i < ARRAY_LEN(periods); i++) {
		unsigned seen = 0, frame = cell_frame_slots(&cell), offset = periods[i] - 1u;

		when.tag = (enum rrc_csi_resource_periodicity_and_offset_tag)(FIRST_TAG + i);
		if (periods[i] <= 160)
			when.u.slots160 = (uint8_t)offset;
		else
			when.u.slots320 = (uint16_t)offset;
		assert_null(put(r));
		assert_int_equal(own.csi_rs[0].period, periods[i]);
		assert_int_equal(own.csi_rs[0].offset, offset);
		for (unsigned slot = 0; slot < 2u * periods[i]; slot++) {
			unsigned n = reserved(slot / frame, slot % frame);

			assert_int_equal(n, slot % periods[i] == offset);
			seen += n;
		}
		assert_int_equal(seen, 2);
	}
	when.tag = (enum rrc_csi_resource_periodicity_and_offset_tag)(FIRST_TAG + ARRAY_LEN(periods));
	assert_non_null(put(r));
	when.tag = (enum rrc_csi_resource_periodicity_and_offset_tag)(FIRST_TAG - 1);
	assert_non_null(put(r));
}

/* Sixteen, and not one more, until one goes; one that is there is put in its own place. */
static void test_places(void **state)
{
	struct rrc_csi_meas_config_nzp_csi_rs_resource_to_release_list gone = { 1, &(uint8_t){ 3 } };
	struct rrc_csi_meas_config m = { .nzp_csi_rs_resource_to_release_list = &gone };
	struct rrc_nzp_csi_rs_resource r;

	for (uint8_t i = 0; i < CELL_CSI_RS_MAX; i++) {
		assert_null(put(simple(i)));
		assert_int_equal(own.csi_rs[i].id, i);
	}
	assert_string_equal(put(simple(CELL_CSI_RS_MAX)), "more CSI-RS than sixteen");
	r = simple(5);
	r.scrambling_id = 88;
	assert_null(put(r));
	assert_int_equal(own.csi_rs[5].plan.config.n_id, 88);
	assert_int_equal(reserved(0, 3), CELL_CSI_RS_MAX);
	assert_null(cell_own_read_csi_rs(&own, &cell, &m));
	assert_int_equal(reserved(0, 3), CELL_CSI_RS_MAX - 1);
	assert_null(cell_own_read_csi_rs(&own, &cell, &m)); /* it has gone already */
	assert_null(put(simple(CELL_CSI_RS_MAX)));
	assert_int_equal(own.csi_rs[3].id, CELL_CSI_RS_MAX);
	r.periodicity_and_offset = NULL; /* aperiodic now: nothing lies around it */
	assert_null(put(r));
	assert_int_equal(reserved(0, 3), CELL_CSI_RS_MAX - 1);
	assert_null(put(simple(6))); /* and what was refused is not there either */
	r = simple(6);
	r.resource_mapping.density.tag = RRC_CSI_RS_RESOURCE_MAPPING_DENSITY_TAG_DOT5;
	assert_non_null(put(r));
	assert_int_equal(reserved(0, 3), CELL_CSI_RS_MAX - 2);
}

/* Those of zero power have numbers of their own. */
static void test_zero_power(void **state)
{
	struct rrc_zp_csi_rs_resource zp[2] = { { 1, simple(1).resource_mapping, &at },
		{ 2, simple(1).resource_mapping, &at } };
	struct rrc_pdsch_config_zp_csi_rs_resource_to_add_mod_list list = { 2, zp };
	struct rrc_pdsch_config_zp_csi_rs_resource_to_release_list gone = { 1, &(uint8_t){ 1 } };
	struct rrc_pdsch_config p = { .zp_csi_rs_resource_to_add_mod_list = &list };

	assert_null(put(simple(1)));
	assert_null(cell_own_read_zp_csi_rs(&own, &cell, &p));
	assert_int_equal(reserved(0, 3), 3);
	assert_true(!own.csi_rs[0].zero_power && own.csi_rs[1].zero_power && own.csi_rs[2].zero_power);
	p = (struct rrc_pdsch_config){ .zp_csi_rs_resource_to_release_list = &gone };
	assert_null(cell_own_read_zp_csi_rs(&own, &cell, &p));
	assert_true(own.csi_rs[0].there && !own.csi_rs[1].there && own.csi_rs[2].there);
	zp[0].resource_mapping.density.tag = RRC_CSI_RS_RESOURCE_MAPPING_DENSITY_TAG_DOT5;
	p = (struct rrc_pdsch_config){ .zp_csi_rs_resource_to_add_mod_list = &list };
	assert_non_null(cell_own_read_zp_csi_rs(&own, &cell, &p)); /* the first is wrong: no second */
}

/* A resource of several symbols keeps each of them free. */
static void test_symbols(void **state)
{
	struct phy_reserved out[CELL_RESERVED_MAX];
	struct rrc_nzp_csi_rs_resource r = simple(0);

	r.resource_mapping.frequency_domain_allocation.tag = OTHER;
	r.resource_mapping.frequency_domain_allocation.u.other = 2;
	r.resource_mapping.nrof_ports = RRC_CSI_RS_RESOURCE_MAPPING_NROF_PORTS_P4;
	r.resource_mapping.cdm_type = RRC_CSI_RS_RESOURCE_MAPPING_CDM_TYPE_FD_CDM2;
	assert_null(put(r));
	assert_int_equal(cell_own_reserved(&own, &cell, 0, 3, out), 2);
	assert_int_equal(out[0].symbols, 1 << 4);
	assert_int_equal(out[1].symbols, 1 << 5);
	assert_int_equal(out[0].re, 3 << 2);
	assert_int_equal(out[0].first_crb, BWP_START);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_no_rows),
		TEST(test_own_rows),
		TEST(test_band),
		TEST(test_periods),
		TEST(test_places),
		TEST(test_zero_power),
		TEST(test_symbols),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
