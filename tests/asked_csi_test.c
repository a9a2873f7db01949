/*
 * Channel quality that a gNB of another vendor asks for (38.214 5.2.1.5): aperiodic reports by DCI 0_1, with
 * data and without, of the band and of its subbands; semi-persistent ones on PUCCH and on PUSCH. Over
 * samples; what subbands differ in by a script of the channel.
 */
#include "tests/foreign_gnb.h"
#include "tests/ue_phy_bed.h"

#include <math.h>

#include "base/test.h"
#include "radio/phy/channels/dci_riv.h"

enum {
	SP_RNTI = 0x5a5a,
	K1 = 4,
	K2 = 4,
	OFFSET = 6, /* reportSlotOffsetList: K2 of a report alone */
	DELAY = 1,  /* aperiodicTriggeringOffset */
	PERIOD = 20,
	RS_OFFSET = 3,
	CSI_RESOURCE = 10, /* of PUCCH, as own_write.c numbers it */
	SUBBANDS = 14,     /* 106 blocks in eights, the last of two */
	MCS = 9,
};

static struct foreign_gnb g;
static struct ue_phy_bed b;
static struct cell_own own;
static uint8_t block[FOREIGN_BLOCK];
static unsigned count;

static struct {
	struct cell_own_message part;
	struct rrc_cell_group_config group;
	struct rrc_csi_resource_periodicity_and_offset at;
	struct rrc_nzp_csi_rs_resource rs[2];
	struct rrc_csi_meas_config_nzp_csi_rs_resource_to_add_mod_list rss;
	uint8_t id[2];
	struct rrc_nzp_csi_rs_resource_set set[2];
	struct rrc_csi_meas_config_nzp_csi_rs_resource_set_to_add_mod_list sets;
	struct rrc_csi_resource_config_csi_rs_resource_set_list_nzp_csi_rs_ssb_nzp_csi_rs_resource_set_list
		list[2];
	struct rrc_csi_resource_config resource[2];
	struct rrc_csi_meas_config_csi_resource_config_to_add_mod_list resources;
	struct rrc_csi_report_config report[4];
	struct rrc_csi_meas_config_csi_report_config_to_add_mod_list reports;
	struct rrc_csi_report_config_report_freq_configuration wide, narrow;
	uint8_t offset;
	struct rrc_pucch_csi_resource pucch;
	struct rrc_csi_associated_report_config_info info[3];
	struct rrc_csi_aperiodic_trigger_state state[2];
	struct rrc_setup_release_csi_aperiodic_trigger_state_list triggers;
	struct rrc_csi_semi_persistent_on_pusch_trigger_state sp;
	struct rrc_setup_release_csi_semi_persistent_on_pusch_trigger_state_list sps;
} m;

/* CSI-RS 0 each 20 slots, and 1 when it is asked for; each in a set and a configuration of its own. */
static void make_resources(const struct cell *c)
{
	m.at = (struct rrc_csi_resource_periodicity_and_offset){
		RRC_CSI_RESOURCE_PERIODICITY_AND_OFFSET_TAG_SLOTS20, { .slots20 = RS_OFFSET }
	};
	for (uint8_t i = 0; i < 2; i++) {
		m.id[i] = i;
		m.rs[i] = (struct rrc_nzp_csi_rs_resource){ .nzp_csi_rs_resource_id = i,
			.resource_mapping = { .first_ofdm_symbol_in_time_domain = (uint8_t)(5 + i),
				.density.tag = RRC_CSI_RS_RESOURCE_MAPPING_DENSITY_TAG_ONE,
				.freq_band = { 0, 108 } },
			.scrambling_id = 40,
			.periodicity_and_offset = i == 0 ? &m.at : NULL };
		m.rs[i].resource_mapping.frequency_domain_allocation.tag =
			RRC_CSI_RS_RESOURCE_MAPPING_FREQUENCY_DOMAIN_ALLOCATION_TAG_ROW2;
		m.rs[i].resource_mapping.frequency_domain_allocation.u.row2 = 2;
		m.set[i] = (struct rrc_nzp_csi_rs_resource_set){ .nzp_csi_resource_set_id = i,
			.nzp_csi_rs_resources = { 1, &m.id[i] },
			.has_aperiodic_triggering_offset = i == 1,
			.aperiodic_triggering_offset = DELAY };
		m.list[i].count = 1;
		m.list[i].items = &m.id[i];
		m.resource[i] = (struct rrc_csi_resource_config){ .csi_resource_config_id = i,
			.resource_type = i == 0 ? RRC_CSI_RESOURCE_CONFIG_RESOURCE_TYPE_PERIODIC
						: RRC_CSI_RESOURCE_CONFIG_RESOURCE_TYPE_APERIODIC };
		m.resource[i].csi_rs_resource_set_list.tag =
			RRC_CSI_RESOURCE_CONFIG_CSI_RS_RESOURCE_SET_LIST_TAG_NZP_CSI_RS_SSB;
		m.resource[i].csi_rs_resource_set_list.u.nzp_csi_rs_ssb.nzp_csi_rs_resource_set_list =
			&m.list[i];
	}
	m.rss = (struct rrc_csi_meas_config_nzp_csi_rs_resource_to_add_mod_list){ 2, m.rs };
	m.sets = (struct rrc_csi_meas_config_nzp_csi_rs_resource_set_to_add_mod_list){ 2, m.set };
	m.resources = (struct rrc_csi_meas_config_csi_resource_config_to_add_mod_list){ 2, m.resource };
}

static struct rrc_csi_report_config report(uint8_t id, uint8_t resource, bool subbands)
{
	struct rrc_csi_report_config r = { .report_config_id = id,
		.resources_for_channel_measurement = resource,
		.report_quantity.tag = RRC_CSI_REPORT_CONFIG_REPORT_QUANTITY_TAG_CRI_RI_PMI_CQI,
		.report_freq_configuration = subbands ? &m.narrow : &m.wide,
		.group_based_beam_reporting.tag =
			RRC_CSI_REPORT_CONFIG_GROUP_BASED_BEAM_REPORTING_TAG_DISABLED };

	return r;
}

/* Reports 3 (subbands of CSI-RS 1) and 5 (the band, CSI-RS 0) aperiodic, 7 on PUCCH, 9 on PUSCH. */
static void make_reports(void)
{
	struct rrc_csi_report_config_report_config_type *t;

	m.offset = OFFSET;
	m.wide.has_cqi_format_indicator = m.narrow.has_cqi_format_indicator = true;
	m.narrow.cqi_format_indicator =
		RRC_CSI_REPORT_CONFIG_REPORT_FREQ_CONFIGURATION_CQI_FORMAT_INDICATOR_SUBBAND_CQI;
	m.report[0] = report(3, 1, true);
	m.report[1] = report(5, 0, false);
	m.report[2] = report(7, 0, false);
	m.report[3] = report(9, 0, false);
	for (unsigned i = 0; i < 2; i++) {
		t = &m.report[i].report_config_type;
		t->tag = RRC_CSI_REPORT_CONFIG_REPORT_CONFIG_TYPE_TAG_APERIODIC;
		t->u.aperiodic.report_slot_offset_list.count = 1;
		t->u.aperiodic.report_slot_offset_list.items = &m.offset;
	}
	t = &m.report[2].report_config_type;
	t->tag = RRC_CSI_REPORT_CONFIG_REPORT_CONFIG_TYPE_TAG_SEMI_PERSISTENT_ON_PUCCH;
	t->u.semi_persistent_on_pucch.report_slot_config.tag =
		RRC_CSI_REPORT_PERIODICITY_AND_OFFSET_TAG_SLOTS10;
	t->u.semi_persistent_on_pucch.report_slot_config.u.slots10 = 8;
	m.pucch = (struct rrc_pucch_csi_resource){ 0, CSI_RESOURCE };
	t->u.semi_persistent_on_pucch.pucch_csi_resource_list.count = 1;
	t->u.semi_persistent_on_pucch.pucch_csi_resource_list.items = &m.pucch;
	t = &m.report[3].report_config_type;
	t->tag = RRC_CSI_REPORT_CONFIG_REPORT_CONFIG_TYPE_TAG_SEMI_PERSISTENT_ON_PUSCH;
	t->u.semi_persistent_on_pusch.report_slot_config =
		RRC_CSI_REPORT_CONFIG_REPORT_CONFIG_TYPE_SEMI_PERSISTENT_ON_PUSCH_REPORT_SLOT_CONFIG_SL10;
	t->u.semi_persistent_on_pusch.report_slot_offset_list.count = 1;
	t->u.semi_persistent_on_pusch.report_slot_offset_list.items = &m.offset;
	m.reports = (struct rrc_csi_meas_config_csi_report_config_to_add_mod_list){ 4, m.report };
}

/* Request 1 is of both, named the other way round; 2 is of the subbands alone. */
static void make_triggers(void)
{
	static const uint8_t reports[] = { 5, 3, 3 };

	for (unsigned i = 0; i < 3; i++) {
		m.info[i] = (struct rrc_csi_associated_report_config_info){ .report_config_id = reports[i] };
		m.info[i].resources_for_channel.tag =
			RRC_CSI_ASSOCIATED_REPORT_CONFIG_INFO_RESOURCES_FOR_CHANNEL_TAG_NZP_CSI_RS;
		m.info[i].resources_for_channel.u.nzp_csi_rs.resource_set = 1;
	}
	m.state[0].associated_report_config_info_list.count = 2;
	m.state[0].associated_report_config_info_list.items = m.info;
	m.state[1].associated_report_config_info_list.count = 1;
	m.state[1].associated_report_config_info_list.items = m.info + 2;
	m.triggers.tag = RRC_SETUP_RELEASE_CSI_APERIODIC_TRIGGER_STATE_LIST_TAG_SETUP;
	m.triggers.u.setup.count = 2;
	m.triggers.u.setup.items = m.state;
	m.sp.associated_report_config_info = 9;
	m.sps.tag = RRC_SETUP_RELEASE_CSI_SEMI_PERSISTENT_ON_PUSCH_TRIGGER_STATE_LIST_TAG_SETUP;
	m.sps.u.setup.count = 1;
	m.sps.u.setup.items = &m.sp;
}

static struct served_cell_config cell_config(void)
{
	struct served_cell_config c = ue_phy_bed_cell();

	c.space = SERVED_CELL_SPACE_UE_SPECIFIC;
	return c;
}

/* own: as the DU has it, but for the CSI. */
static void make_message(const struct cell *c)
{
	struct rrc_csi_meas_config *csi = &m.part.csi.config.u.setup;

	own.pdsch.k1_n = 1;
	own.pdsch.k1[0] = K1;
	cell_own_write(&m.part, &m.group, c, &own);
	m.part.physical.has_sp_csi_rnti = true;
	m.part.physical.sp_csi_rnti = SP_RNTI;
	m.part.pdsch_config.zp_csi_rs_resource_to_add_mod_list = NULL;
	m.part.pdsch_config.p_zp_csi_rs_resource_set = NULL;
	make_resources(c);
	make_reports();
	make_triggers();
	*csi = (struct rrc_csi_meas_config){ .nzp_csi_rs_resource_to_add_mod_list = &m.rss,
		.nzp_csi_rs_resource_set_to_add_mod_list = &m.sets,
		.csi_resource_config_to_add_mod_list = &m.resources,
		.csi_report_config_to_add_mod_list = &m.reports,
		.has_report_trigger_size = true,
		.report_trigger_size = 2,
		.aperiodic_trigger_state_list = &m.triggers,
		.semi_persistent_on_pusch_trigger_state_list = &m.sps };
}

static void begin(void)
{
	struct served_cell_config c = cell_config();

	foreign_gnb_begin(&g, &c);
	assert_true(served_cell_own(&own, &g.served, 0));
	own.sr.there = false;
	make_message(&g.served.cell);
	foreign_gnb_configure(&g, &m.group);
	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = 63;
}

/* Sends CSI-RS i in the next slot. */
static void send_csi_rs(unsigned i)
{
	g.csi_rs = (struct phy_dl_csi_rs){ .config = { .n_id = 40,
						   .row = 2,
						   .density = PHY_CSI_RS_ONE,
						   .frequency = 2,
						   .l0 = (uint8_t)(5 + i),
						   .first_crb = 0,
						   .prbs = 106 },
		.amplitude = 1 };
	g.has_csi_rs = true;
}

/* With CSI-RS 0 where it is due. */
static void run(unsigned n)
{
	while (n-- > 0) {
		if (g.slot % PERIOD == RS_OFFSET)
			send_csi_rs(0);
		foreign_gnb_slot(&g);
	}
}

/* 38.212 7.3.1.1.2. */
static struct foreign_dci dci_0_1(unsigned n, unsigned mcs, uint32_t riv, unsigned request, bool data)
{
	struct foreign_dci d = { .bits = 0 };

	foreign_dci_put(&d, 0, 1);
	foreign_dci_put(&d, riv, 13);
	foreign_dci_put(&d, mcs, 5);
	foreign_dci_put(&d, n / 16 % 2, 1);
	foreign_dci_put(&d, 0, 2);
	foreign_dci_put(&d, n % 16, 4);
	foreign_dci_put(&d, 3, 2);
	foreign_dci_put(&d, 1, 2);
	foreign_dci_put(&d, 2, 3);
	foreign_dci_put(&d, 0, 2);
	foreign_dci_put(&d, request, 2);
	foreign_dci_put(&d, 0, 1);
	foreign_dci_put(&d, data, 1);
	return d;
}

static uint32_t riv_of(unsigned start, unsigned length)
{
	uint32_t riv;

	assert_true(phy_dci_riv(&riv, start, length, 106));
	return riv;
}

/* The next slot's PUSCH on 20 blocks from the 50th on. */
static void expect_pusch(uint16_t rnti, unsigned csi_bits, bool data)
{
	g.pusch = (struct phy_ul_pusch_rx){ .config = { .bwp_prbs = 106,
						    .time = { false, 0, 0, 14 },
						    .prbs = foreign_prbs(50, 20),
						    .dmrs = { .additional = 2,
							    .type_a_position = g.served.cell.type_a_position,
							    .groups_without_data = 2,
							    .n_id = { 500, 500 } },
						    .layers = 1,
						    .antenna_ports = 1,
						    .rnti = rnti,
						    .n_id = 500,
						    .mcs = MCS,
						    .uci = { .bits = { 0, (uint16_t)csi_bits },
							    .beta = { 0, 13 },
							    .alpha = PHY_ALPHA_1,
							    .no_data = !data } },
		.new_data = true };
	g.wants_pusch = true;
}

/* CQI 15 of all, which a channel without noise has: subbands that do not differ from that. */
static void assert_csi(unsigned first, unsigned subbands)
{
	const struct phy_pusch_uci_result *u = &g.pusch.result.uci[PHY_PUSCH_CSI_1];

	assert_true(u->bits && u->code.ok);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(u->bits[first + i], 1);
	for (unsigned i = 0; i < 2 * subbands; i++)
		assert_int_equal(u->bits[first + 4 + i], 0);
}

static void order(const struct foreign_dci *d, uint16_t rnti)
{
	foreign_gnb_order(&g, d, &own.spaces[0]);
	g.pdcch.rnti = rnti;
}

/* Beside data: K2 is the row's; CSI-RS 1 comes with the delay of its set, and what it shows is what is told.
 */
static void test_with_data(void **state)
{
	struct foreign_dci d = dci_0_1(count++, MCS, riv_of(50, 20), 2, true);

	begin();
	order(&d, FOREIGN_RNTI);
	foreign_gnb_slots(&g, DELAY);
	send_csi_rs(1);
	foreign_gnb_slots(&g, K2 - DELAY);
	expect_pusch(FOREIGN_RNTI, 4 + 2 * SUBBANDS, true);
	foreign_gnb_slot(&g);
	assert_true(g.pusch.result.ok);
	assert_csi(0, SUBBANDS);
	foreign_gnb_end(&g);
}

/* Alone: K2 is of the reports' list; both reports, in the order of their identities, 3 before 5. */
static void test_without_data(void **state)
{
	struct foreign_dci d = dci_0_1(count++, MCS, riv_of(50, 20), 1, false);

	begin();
	run(PERIOD); /* report 5 has something to tell */
	order(&d, FOREIGN_RNTI);
	run(DELAY);
	send_csi_rs(1);
	foreign_gnb_slots(&g, OFFSET - DELAY);
	expect_pusch(FOREIGN_RNTI, 4 + 2 * SUBBANDS + 4, false);
	foreign_gnb_slot(&g);
	assert_csi(0, SUBBANDS);
	assert_csi(4 + 2 * SUBBANDS, 0);
	/* CSI-RS 1 that did not come: nothing to tell, which is CQI 0; report 5 has its own. */
	d = dci_0_1(count++, MCS, riv_of(50, 20), 1, false);
	order(&d, FOREIGN_RNTI);
	foreign_gnb_slots(&g, OFFSET);
	expect_pusch(FOREIGN_RNTI, 4 + 2 * SUBBANDS + 4, false);
	foreign_gnb_slot(&g);
	assert_csi(4 + 2 * SUBBANDS, 0);
	assert_int_equal(g.pusch.result.uci[PHY_PUSCH_CSI_1].bits[0], 0);
	d = dci_0_1(count++, MCS, riv_of(50, 20), 3, false); /* a trigger that is not there */
	order(&d, FOREIGN_RNTI);
	for (unsigned i = 0; i < 2 * OFFSET; i++) {
		foreign_gnb_slot(&g);
		assert_false(g.sent_anything);
	}
	foreign_gnb_end(&g);
}

/* 38.214 Tables 5.2.1.5.2-1 and -2: begun by a DCI of SP-CSI-RNTI, each ten slots from its PUSCH on, until
 * one ends it. */
static void test_on_pusch(void **state)
{
	struct foreign_dci d = dci_0_1(0, MCS, riv_of(50, 20), 0, false);

	begin();
	run(PERIOD);
	order(&d, SP_RNTI);
	run(OFFSET);
	for (unsigned i = 0; i < 3; i++) {
		expect_pusch(SP_RNTI, 4, false);
		run(1);
		assert_csi(0, 0);
		for (unsigned k = 0; k < 9; k++) {
			run(1);
			assert_false(g.sent_anything);
		}
	}
	d = dci_0_1(0, 31, 0x1fff, 0, false);
	order(&d, SP_RNTI);
	for (unsigned i = 0; i < 2 * PERIOD; i++) {
		run(1);
		assert_false(g.sent_anything);
	}
	d = dci_0_1(1, MCS, riv_of(50, 20), 0, false); /* a HARQ process that is not 0: it is none */
	order(&d, SP_RNTI);
	for (unsigned i = 0; i < 2 * PERIOD; i++) {
		run(1);
		assert_false(g.sent_anything);
	}
	foreign_gnb_end(&g);
}

/* A PDSCH with the MAC control element of 38.321 6.1.3.16, which is acknowledged K1 slots on. */
static void send_command(bool on)
{
	struct foreign_dci d = { .bits = 0 };
	struct phy_pdsch plan;

	block[0] = 51;
	block[1] = 0;
	block[2] = on;
	foreign_dci_put(&d, 1, 1);
	foreign_dci_put(&d, riv_of(20, 10), 13);
	foreign_dci_put(&d, MCS, 5);
	foreign_dci_put(&d, count / 16 % 2, 1);
	foreign_dci_put(&d, 0, 2);
	foreign_dci_put(&d, count++ % 16, 4);
	foreign_dci_put(&d, 0, 2);
	foreign_dci_put(&d, 1, 2);
	foreign_dci_put(&d, 0, 3);
	foreign_dci_put(&d, 3, 4);
	foreign_dci_put(&d, 0, 2);
	foreign_dci_put(&d, 0, 1);
	order(&d, FOREIGN_RNTI);
	g.pdsch = (struct phy_dl_pdsch){ .config = { .bwp_prbs = 106,
						 .time = g.served.cell.pdsch_times[0],
						 .prbs = foreign_prbs(20, 10),
						 .dmrs = { .additional = 2,
							 .type_a_position = g.served.cell.type_a_position,
							 .groups_without_data = 2,
							 .n_id = { 500, 500 } },
						 .layers = 1,
						 .prg_prbs = own.pdsch.prg[0],
						 .rnti = FOREIGN_RNTI,
						 .n_id = 500,
						 .codeword = { { .mcs = MCS } },
						 .lbrm_bits = phy_tbs_lbrm(106, 1, 6) } };
	assert_int_equal(phy_pdsch_init(&plan, &g.pdsch.config), PHY_PDSCH_OK);
	g.pdsch.tb[0] = bytes_of(block, plan.sch[0].a / 8);
	g.has_pdsch = true;
	run(1);
}

/* The slots of the next n with PUCCH of format 2 that has CQI 15. */
static unsigned reports_in(unsigned n, uint64_t *first)
{
	unsigned found = 0;

	for (unsigned i = 0; i < n; i++) {
		g.pucch = (struct phy_ul_pucch_rx){ .config = own.report.at };
		g.pucch.config.bits = 4;
		g.pucch.config.rnti = FOREIGN_RNTI;
		g.pucch.config.n_id = g.pucch.config.dmrs_id = 500;
		g.wants_pucch = true;
		run(1);
		if (!g.pucch.result.detected || !g.sent_anything)
			continue;
		assert_true(g.uci[0] && g.uci[1] && g.uci[2] && g.uci[3]);
		assert_int_equal((g.slot - 1) % 10, 8);
		if (found++ == 0)
			*first = g.slot - 1;
	}
	return found;
}

/* From three subframes behind the acknowledgement on (38.214 5.2.1.5.2), in its slots, until it is ended. */
static void test_on_pucch(void **state)
{
	uint64_t first, asked;

	begin();
	run(PERIOD);
	assert_int_equal(reports_in(2 * PERIOD, &first), 0);
	while (g.slot % 10 != 1)
		run(1);
	asked = g.slot;
	send_command(true); /* acknowledged in the slot of 5: that of 8 is not yet one */
	run(K1);
	assert_int_equal(reports_in(34, &first), 3);
	assert_int_equal(first, asked + 17);
	send_command(false);
	run(K1 + 4);
	assert_int_equal(reports_in(2 * PERIOD, &first), 0);
	foreign_gnb_end(&g);
}

/*
 * 38.214 Table 5.2.2.1-1. With the gap of 3 dB subbands of 11 dB have CQI 10 (log2(1 + 10^0.8) = 2.87
 * bits; 2.73 to 3.32 of Table 5.2.2.1-2), of 17 dB 13 (4.71; 4.52 to 5.12), of 5 dB 6 (1.37; 1.18 to 1.48),
 * of 13 dB 11 (3.46; 3.32 to 3.90). The band has the mean of the six that are reported on: (3 * 2.87 + 4.71
 * + 1.37 + 3.46) / 6 = 3.02, 10 again. csi-ReportingBand has the lowest subband last.
 */
static void test_subbands(void **state)
{
	static const struct {
		float db;
		unsigned differs;
	} by_band[] = { { 11, 0 }, { 11, 0 }, { 17, 2 }, { 11, 0 }, { 5, 3 }, { 11, 0 }, { 13, 1 } };
	struct rrc_csi_report_config_report_freq_configuration_csi_reporting_band band = {
		RRC_CSI_REPORT_CONFIG_REPORT_FREQ_CONFIGURATION_CSI_REPORTING_BAND_TAG_SUBBANDS14,
		.u.subbands14 = 0x5f
	};
	struct served_cell_config c = cell_config();
	struct phy_dci d = { .kind = PHY_DCI_0_1,
		.field = { [PHY_DCI_MCS] = 5,
			[PHY_DCI_CSI_REQUEST] = 2,
			[PHY_DCI_UL_SCH] = 1,
			[PHY_DCI_FREQUENCY] = riv_of(30, 20) } };
	static uint8_t octets[2048];
	static uint64_t memory[4096];
	struct writer w = writer_of(octets, sizeof(octets));
	struct rrc_cell_group_config in;
	struct per_diag diag;
	struct arena arena;
	unsigned n = 0;

	ue_phy_bed_begin(&b, &c);
	own = b.own;
	make_message(&b.served.cell);
	m.narrow.csi_reporting_band = &band;
	arena_init(&arena, memory, sizeof(memory), 0);
	assert_true(rrc_encode(&rrc_cell_group_config_type, &m.group, &w));
	assert_true(rrc_decode(&rrc_cell_group_config_type, writer_bytes(&w), &arena, &in, &diag));
	assert_null(cell_parts_read(&b.parts, &in));
	arena_fini(&arena);
	b.own = b.parts.own[0];
	ue_phy_bed_configure(&b);
	b.noise = 0.1f;
	for (unsigned i = 0; i < 106; i++)
		b.h[i] = (struct phy_cf){ i / 8 < 7 ? powf(10, (by_band[i / 8].db - 10) / 20) : 1, 0 };
	ue_phy_bed_hear(&b, &d);
	ue_phy_bed_slots(&b, K2 + 1);
	assert_true(b.has_pusch && b.pusch.config.uci.bits[PHY_PUSCH_CSI_1] == 4 + 2 * 6);
	assert_true(b.cqi[0] == 1 && b.cqi[1] == 0 && b.cqi[2] == 1 && b.cqi[3] == 0);
	for (unsigned i = 0; i < 7; i++)
		if (band.u.subbands14 >> i & 1) {
			assert_int_equal(b.cqi[4 + 2 * n] * 2 + b.cqi[5 + 2 * n], by_band[i].differs);
			n++;
		}
	m.narrow.csi_reporting_band = NULL;
	ue_phy_bed_end(&b);
}

/* 38.214 5.2.1.4: the first and the last subband of a part end where it does. */
static void test_subband_places(void **state)
{
	const struct cell_carrier at = { .bwp_start = 43, .bwp_prbs = 50 };
	static const uint8_t first[] = { 0, 5, 13, 21, 29, 37, 45 }, prbs[] = { 5, 8, 8, 8, 8, 8, 5 };
	unsigned f, n;

	for (unsigned i = 0; i < 7; i++) {
		assert_true(cell_subband(&at, 8, i, &f, &n));
		assert_true(f == first[i] && n == prbs[i]);
	}
	assert_false(cell_subband(&at, 8, 7, &f, &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_with_data),
		cmocka_unit_test(test_without_data),
		cmocka_unit_test(test_on_pusch),
		cmocka_unit_test(test_on_pucch),
		cmocka_unit_test(test_subbands),
		cmocka_unit_test(test_subband_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
