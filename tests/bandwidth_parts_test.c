/*
 * Bandwidth parts beside the initial one (38.213 12, 38.321 5.15) over samples, both ways: a UE-specific one
 * is the first active, as other vendors' gNBs have it, and is left and taken again in each way that there is.
 * 20 MHz at 15 kHz: 106 blocks, of which part 1 has 60 from the 40th on.
 */
#include "tests/foreign_gnb.h"

#include "base/test.h"
#include "radio/phy/channels/dci_riv.h"

enum {
	START = 40,
	PRBS = 60,
	K1 = 4,
	K2 = 4,
	SWITCH = 2, /* K0 of the second row: 38.133 8.6 gives a UE a slot */
	MCS = 9,
	PDSCH_ID = 77,
	PUSCH_ID = 513,
	DMRS_ID = 301,
	INACTIVITY_MS = 20,
};

static struct foreign_gnb g;
static struct cell_own own[2]; /* as the gNB has it, of each part */
static struct cell part1;
static uint8_t block[FOREIGN_BLOCK];
static unsigned count; /* of DCIs */

/* RRC's message of both parts. */
static struct {
	struct cell_own_message part[2];
	struct rrc_pdsch_time_domain_resource_allocation rows[2];
	struct rrc_setup_release_pdsch_time_domain_resource_allocation_list times;
	struct rrc_setup_release_pusch_config_common pusch_common;
	struct rrc_setup_release_pucch_config_common pucch_common;
	struct rrc_pusch_time_domain_resource_allocation_list pusch_times;
	struct rrc_pusch_time_domain_resource_allocation pusch_row;
	struct rrc_dmrs_uplink_config_transform_precoding_disabled scrambled;
	struct rrc_bwp_downlink_common down_common;
	struct rrc_bwp_downlink down;
	struct rrc_serving_cell_config_downlink_bwp_to_add_mod_list downs;
	struct rrc_bwp_uplink_common up_common;
	struct rrc_bwp_uplink up;
	struct rrc_uplink_config_uplink_bwp_to_add_mod_list ups;
	struct rrc_cell_group_config group;
	/* of PDCCH-ConfigCommon and RACH-ConfigCommon, where a test has them */
	struct cell_own_message common;
	struct rrc_setup_release_pdcch_config_common pdcch_common;
	struct rrc_pdcch_config_common_common_search_space_list common_spaces;
	struct rrc_setup_release_rach_config_common rach;
} m;

static struct rrc_bwp place(unsigned start, unsigned prbs)
{
	uint32_t riv;

	assert_true(phy_dci_riv(&riv, start, prbs, PHY_DCI_RB_MAX));
	return (struct rrc_bwp){ .location_and_bandwidth = (uint16_t)riv,
		.subcarrier_spacing = (enum rrc_subcarrier_spacing)g.served.cell.mu };
}

/* What the gNB has for the UE in part 1: CORESET 2 of 48 blocks and two symbols, PUCCH at its edges. */
static void make_part1(void)
{
	struct cell_own *o = &own[1];

	part1 = g.served.cell;
	part1.downlink.bwp_start = part1.uplink.bwp_start = (uint16_t)(part1.downlink.first_crb + START);
	part1.downlink.bwp_prbs = part1.uplink.bwp_prbs = PRBS;
	*o = own[0];
	o->coresets[0] = (struct cell_coreset){ .there = true, .id = 2 };
	o->spaces[0].id = 5;
	o->spaces[0].coreset_id = o->spaces[0].space.coreset_id = 2;
	for (unsigned i = 0; i < PHY_ALS; i++)
		o->spaces[0].space.candidates[i] = i == 2 ? 3 : 0;
	o->spaces[0].coreset = (struct phy_coreset){ .groups = 0xff,
		.first_crb = (uint16_t)((part1.downlink.bwp_start + 5) / 6 * 6),
		.dmrs_id = part1.pci,
		.n_symb = 2,
		.bundle = 6 };
	assert_true(phy_coreset_init(&o->spaces[0].coreset));
	o->has_pdsch_n_id = o->has_pusch_n_id = true;
	o->pdsch_n_id = PDSCH_ID;
	o->pusch_n_id = PUSCH_ID;
	o->ack[0].bwp_start = o->sr.at.bwp_start = part1.uplink.bwp_start;
	o->ack[0].bwp_prbs = o->sr.at.bwp_prbs = PRBS;
	o->ack[0].second_prb = o->sr.at.second_prb = PRBS - 1;
}

static void times_of(struct cell_own_message *part)
{
	part->pdsch_config.pdsch_time_domain_allocation_list = &m.times;
}

/* S 2, L 12: 14 (L - 1) + S, or above half 14 (14 - L + 1) + 13 - S. */
static void make_times(void)
{
	for (unsigned i = 0; i < 2; i++)
		m.rows[i] = (struct rrc_pdsch_time_domain_resource_allocation){
			.has_k0 = i == 1, .k0 = SWITCH, .start_symbol_and_length = 14 * 3 + 13 - 2
		};
	m.times = (struct rrc_setup_release_pdsch_time_domain_resource_allocation_list){
		RRC_SETUP_RELEASE_PDSCH_TIME_DOMAIN_RESOURCE_ALLOCATION_LIST_TAG_SETUP,
		.u.setup = { 2, m.rows }
	};
	m.pusch_row = (struct rrc_pusch_time_domain_resource_allocation){
		.has_k2 = true, .k2 = K2, .start_symbol_and_length = 14 + 13
	};
	m.pusch_times = (struct rrc_pusch_time_domain_resource_allocation_list){ 1, &m.pusch_row };
	m.pusch_common.tag = RRC_SETUP_RELEASE_PUSCH_CONFIG_COMMON_TAG_SETUP;
	m.pusch_common.u.setup.pusch_time_domain_allocation_list = &m.pusch_times;
	m.pusch_common.u.setup.has_p0_nominal_with_grant = m.pucch_common.u.setup.has_p0_nominal = true;
	m.pusch_common.u.setup.p0_nominal_with_grant = m.pucch_common.u.setup.p0_nominal = -76;
	m.pucch_common.tag = RRC_SETUP_RELEASE_PUCCH_CONFIG_COMMON_TAG_SETUP;
}

static void make_message(void)
{
	struct rrc_cell_group_config of_part1 = { .cell_group_id = 0 };
	struct rrc_serving_cell_config *s = &m.part[0].serving;

	cell_own_write(&m.part[1], &of_part1, &part1, &own[1]);
	cell_own_write(&m.part[0], &m.group, &g.served.cell, &own[0]);
	make_times();
	times_of(&m.part[0]);
	times_of(&m.part[1]);
	m.scrambled =
		(struct rrc_dmrs_uplink_config_transform_precoding_disabled){ .has_scrambling_id0 = true,
			.scrambling_id0 = DMRS_ID };
	m.part[1].pusch_dmrs.u.setup.transform_precoding_disabled = &m.scrambled;
	m.part[1].pdsch_dmrs.u.setup.has_scrambling_id0 = true;
	m.part[1].pdsch_dmrs.u.setup.scrambling_id0 = DMRS_ID;
	m.down_common.generic_parameters = m.up_common.generic_parameters = place(START, PRBS);
	m.up_common.pusch_config_common = &m.pusch_common;
	m.up_common.pucch_config_common = &m.pucch_common;
	m.down = (struct rrc_bwp_downlink){ 1, &m.down_common, &m.part[1].downlink };
	m.up = (struct rrc_bwp_uplink){ 1, &m.up_common, &m.part[1].bwp };
	m.downs = (struct rrc_serving_cell_config_downlink_bwp_to_add_mod_list){ 1, &m.down };
	m.ups = (struct rrc_uplink_config_uplink_bwp_to_add_mod_list){ 1, &m.up };
	s->downlink_bwp_to_add_mod_list = &m.downs;
	s->uplink_config->uplink_bwp_to_add_mod_list = &m.ups;
	s->first_active_downlink_bwp_id = s->uplink_config->first_active_uplink_bwp_id = 1;
}

static void begin(void)
{
	struct served_cell_config c = { .pci = 500,
		.band = 3,
		.arfcn = 368500,
		.bandwidth_mhz = 20,
		.mcc = { 9, 9, 9 },
		.mnc = { 7, 0 },
		.mnc_digits = 2,
		.tac = 7,
		.cell_identity = 0x123450000,
		.space = SERVED_CELL_SPACE_UE_SPECIFIC };

	foreign_gnb_begin(&g, &c);
	assert_true(served_cell_own(&own[0], &g.served, 0));
	own[0].report.there = false;
	own[0].pdsch.k1_n = 1;
	own[0].pdsch.k1[0] = K1;
	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = 63; /* padding: 38.321 Table 6.2.1-1 */
	make_part1();
	make_message();
	foreign_gnb_configure(&g, &m.group);
}

static unsigned width_of(unsigned prbs)
{
	unsigned bits = 0;

	while (1u << bits < prbs * (prbs + 1) / 2)
		bits++;
	return bits;
}

/* 38.212 7.3.1.2.2: of two bandwidth parts and two rows, K1 of one value. */
static struct foreign_dci dci_1_1(unsigned part, unsigned in, unsigned row, unsigned n, uint32_t riv)
{
	struct foreign_dci d = { .bits = 0 };

	foreign_dci_put(&d, 1, 1);
	foreign_dci_put(&d, part, 1);
	foreign_dci_put(&d, riv, width_of(in == 1 ? PRBS : 106));
	foreign_dci_put(&d, row, 1);
	foreign_dci_put(&d, MCS, 5);
	foreign_dci_put(&d, n / 16 % 2, 1);
	foreign_dci_put(&d, 0, 2); /* rv */
	foreign_dci_put(&d, n % 16, 4);
	foreign_dci_put(&d, 0, 2); /* DAI */
	foreign_dci_put(&d, 1, 2); /* TPC: as it is */
	foreign_dci_put(&d, 0, 3); /* PUCCH resource */
	foreign_dci_put(&d, 3, 4); /* port 1000, two CDM groups: Table 7.3.1.2.2-1 */
	foreign_dci_put(&d, 0, 2); /* SRS */
	foreign_dci_put(&d, 0, 1); /* n_SCID */
	return d;
}

/* 38.212 7.3.1.1.2: one row of times, no hops. */
static struct foreign_dci dci_0_1(unsigned part, unsigned in, unsigned n, uint32_t riv)
{
	struct foreign_dci d = { .bits = 0 };

	foreign_dci_put(&d, 0, 1);
	foreign_dci_put(&d, part, 1);
	foreign_dci_put(&d, riv, width_of(in == 1 ? PRBS : 106));
	foreign_dci_put(&d, MCS, 5);
	foreign_dci_put(&d, n / 16 % 2, 1);
	foreign_dci_put(&d, 0, 2);
	foreign_dci_put(&d, n % 16, 4);
	foreign_dci_put(&d, 3, 2); /* DAI: none where none was heard */
	foreign_dci_put(&d, 1, 2);
	foreign_dci_put(&d, 2, 3); /* port 0, two CDM groups: Table 7.3.1.1.2-8 */
	foreign_dci_put(&d, 0, 2);
	foreign_dci_put(&d, 0, 1);
	foreign_dci_put(&d, 1, 1); /* UL-SCH */
	return d;
}

static uint16_t part_start(unsigned part)
{
	return (uint16_t)(g.served.cell.downlink.first_crb + (part == 1 ? START : 0));
}

static struct phy_dmrs dmrs(unsigned part)
{
	uint16_t id = part == 1 ? DMRS_ID : 500;

	return (struct phy_dmrs){ .additional = 2,
		.type_a_position = g.served.cell.type_a_position,
		.groups_without_data = 2,
		.n_id = { id, g.served.cell.pci } };
}

static void send_block(unsigned part, unsigned start, unsigned length)
{
	struct phy_pdsch_config c = { .mu = 0,
		.bwp_start = part_start(part),
		.bwp_prbs = part == 1 ? PRBS : 106,
		.time = { false, 0, 2, 12 },
		.prbs = foreign_prbs(start, length),
		.dmrs = dmrs(part),
		.layers = 1,
		.prg_prbs = 2,
		.rnti = FOREIGN_RNTI,
		.n_id = part == 1 ? PDSCH_ID : 500,
		.codeword = { { .mcs = MCS } },
		.lbrm_bits = phy_tbs_lbrm(106, 1, 6) };
	struct phy_pdsch plan;

	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
	g.pdsch = (struct phy_dl_pdsch){ .config = c, .tb = { bytes_of(block, plan.sch[0].a / 8) } };
	g.has_pdsch = true;
}

/* K1 slots on: an ACK on the part's resource. */
static bool is_acked(unsigned part)
{
	struct phy_pucch_config c = own[part].ack[0];

	foreign_gnb_slots(&g, K1 - 1);
	c.bits = 1;
	g.pucch = (struct phy_ul_pucch_rx){ .config = c };
	g.wants_pucch = true;
	foreign_gnb_slot(&g);
	return g.pucch.result.detected && g.uci[0] == 1;
}

/* A PDSCH in the active part is decoded and answered there. */
static bool is_served(unsigned part)
{
	uint32_t riv;
	struct foreign_dci d;

	assert_true(phy_dci_riv(&riv, 20, 30, part == 1 ? PRBS : 106));
	d = dci_1_1(part, part, 0, count++, riv);
	foreign_gnb_order(&g, &d, &own[part].spaces[0]);
	send_block(part, 20, 30);
	foreign_gnb_slot(&g);
	return is_acked(part);
}

/* The PUSCH of a DCI 0_1 that was heard in a part, in another or the same, K2 slots on. */
static bool is_sent(unsigned part, unsigned start, unsigned length)
{
	foreign_gnb_slots(&g, K2 - 1);
	g.pusch = (struct phy_ul_pusch_rx){ .config = { .mu = 0,
						    .bwp_start = part_start(part),
						    .bwp_prbs = part == 1 ? PRBS : 106,
						    .time = { false, 0, 0, 14 },
						    .prbs = foreign_prbs(start, length),
						    .dmrs = dmrs(part),
						    .layers = 1,
						    .antenna_ports = 1,
						    .rnti = FOREIGN_RNTI,
						    .n_id = part == 1 ? PUSCH_ID : 500,
						    .mcs = MCS },
		.new_data = true };
	g.wants_pusch = true;
	foreign_gnb_slot(&g);
	return g.pusch.result.ok;
}

/* In the space of the downlink's active part; in: the uplink's. */
static void grant(unsigned part, unsigned downlink, unsigned in, unsigned start, unsigned length)
{
	struct foreign_dci d;
	uint32_t riv;

	assert_true(phy_dci_riv(&riv, start, length, part == 1 ? PRBS : 106));
	d = dci_0_1(part, in, count++, riv);
	foreign_gnb_order(&g, &d, &own[downlink].spaces[0]);
	foreign_gnb_slot(&g);
}

/* 38.331 firstActiveDownlinkBWP-Id: active at once, with CORESET, search space, PUCCH, scrambling and the
 * size of each field its own. */
static void test_first_active(void **state)
{
	begin();
	for (unsigned i = 0; i < 4; i++)
		assert_true(is_served(1));
	grant(1, 1, 1, 7, 25);
	assert_true(is_sent(1, 7, 25));
	assert_false(is_served(0)); /* nobody listens there */
	assert_int_equal(ue_phy_stat(g.ue, UE_PHY_STAT_PARTS), 0);
	m.part[0].serving.first_active_downlink_bwp_id =
		m.part[0].serving.uplink_config->first_active_uplink_bwp_id = 0;
	foreign_gnb_configure(&g, &m.group);
	assert_true(is_served(0));
	assert_false(is_served(1));
	foreign_gnb_end(&g);
}

/* 38.213 12: by the indicator of DCI 1_1, to a PDSCH of the other part, fields fitted; the uplink by that of
 * DCI 0_1, in paired spectrum each for itself. */
static void test_indicated(void **state)
{
	struct foreign_dci d;
	uint32_t riv;

	begin();
	assert_true(phy_dci_riv(&riv, 3, 4, 106));
	assert_true(riv < 1u << width_of(PRBS));
	d = dci_1_1(0, 1, 1, count++, riv);
	foreign_gnb_order(&g, &d, &own[1].spaces[0]);
	foreign_gnb_slots(&g, SWITCH);
	send_block(0, 3, 4);
	foreign_gnb_slot(&g);
	assert_true(is_acked(1)); /* where the uplink is still */
	assert_int_equal(ue_phy_stat(g.ue, UE_PHY_STAT_PARTS), 1);
	grant(1, 0, 1, 7, 25);
	assert_true(is_sent(1, 7, 25));
	grant(0, 0, 1, 60, 3);
	assert_true(is_sent(0, 60, 3));
	assert_true(is_served(0));
	assert_int_equal(ue_phy_stat(g.ue, UE_PHY_STAT_PARTS), 2);
	grant(1, 0, 0, 10, 8);
	assert_true(is_sent(1, 10, 8));
	assert_true(phy_dci_riv(&riv, 3, 4, PRBS));
	d = dci_1_1(1, 0, 1, count++, riv | 3u << width_of(PRBS)); /* of what is wider the last bits count */
	foreign_gnb_order(&g, &d, &own[0].spaces[0]);
	foreign_gnb_slots(&g, SWITCH);
	send_block(1, 3, 4);
	foreign_gnb_slot(&g);
	assert_true(is_acked(1));
	foreign_gnb_end(&g);
}

/* 38.321 5.15.1: with nothing for it in bwp-InactivityTimer the default part, here the initial one. */
static void test_inactivity(void **state)
{
	struct rrc_serving_cell_config *s = &m.part[0].serving;

	begin();
	s->has_bwp_inactivity_timer = true;
	s->bwp_inactivity_timer = RRC_SERVING_CELL_CONFIG_BWP_INACTIVITY_TIMER_MS20;
	foreign_gnb_configure(&g, &m.group);
	foreign_gnb_slots(&g, 3 * INACTIVITY_MS); /* it has not begun: no PDCCH came in that part */
	assert_int_equal(g.ue->downlink_part, 1);
	assert_true(is_served(1));
	foreign_gnb_slots(&g, INACTIVITY_MS - K1 - 2);
	assert_true(is_served(1)); /* begun again */
	foreign_gnb_slots(&g, INACTIVITY_MS - K1 - 1);
	assert_int_equal(g.ue->downlink_part, 1);
	foreign_gnb_slot(&g);
	assert_true(g.ue->downlink_part == 0 && g.ue->uplink_part == 1); /* paired: the downlink alone */
	foreign_gnb_end(&g);
}

/* 38.321 5.15.1: part 1 has no PRACH, so random access is the initial part's, in both directions. */
static void test_random_access(void **state)
{
	static const uint8_t request[] = { 1, 2, 3, 4, 5, 6 };
	bool preamble = false;

	begin();
	assert_true(is_served(1));
	assert_true(ue_phy_access(g.ue, BYTES(request), g.slot * slot_ns(0)));
	assert_true(g.ue->downlink_part == 0 && g.ue->uplink_part == 0);
	for (unsigned i = 0; i < 40 && !preamble; i++) {
		foreign_gnb_slot(&g);
		preamble = g.sent_preamble;
	}
	assert_true(preamble);
	foreign_gnb_end(&g);
}

/* A common space of part 1 in its CORESET, in which random access is answered too. */
static struct cell_space add_common_space(void)
{
	struct rrc_cell_group_config unused = { .cell_group_id = 0 };
	struct cell_own o = own[1];
	struct rrc_pdcch_config_common *p = &m.pdcch_common.u.setup;

	o.spaces[0].id = 9;
	o.spaces[0].coreset_id = 3;
	o.spaces[0].configured = o.spaces[0].space.ue_specific = false;
	o.spaces[0].coreset.groups = 0xf0;
	assert_true(phy_coreset_init(&o.spaces[0].coreset));
	cell_own_write(&m.common, &unused, &part1, &o);
	m.common_spaces = (struct rrc_pdcch_config_common_common_search_space_list){ 1, &m.common.space };
	m.pdcch_common.tag = RRC_SETUP_RELEASE_PDCCH_CONFIG_COMMON_TAG_SETUP;
	p->common_control_resource_set = &m.common.coreset;
	p->common_search_space_list = &m.common_spaces;
	p->has_ra_search_space = true;
	p->ra_search_space = 9;
	m.down_common.pdcch_config_common = &m.pdcch_common;
	foreign_gnb_configure(&g, &m.group);
	return o.spaces[0];
}

/* 38.214 5.1.2.2.2: of CORESET 0's size, counted from the lowest block of the CORESET that it came in. */
static struct foreign_dci dci_1_0(unsigned n, uint32_t riv)
{
	struct foreign_dci d = { .bits = 0 };

	foreign_dci_put(&d, 1, 1);
	foreign_dci_put(&d, riv, width_of(g.served.cell.type0.table.n_rb));
	foreign_dci_put(&d, 0, 4 + 1); /* the first row, direct */
	foreign_dci_put(&d, MCS, 5);
	foreign_dci_put(&d, n / 16 % 2, 1);
	foreign_dci_put(&d, 0, 2);
	foreign_dci_put(&d, n % 16, 4);
	foreign_dci_put(&d, 0, 2); /* DAI */
	foreign_dci_put(&d, 1, 2); /* TPC */
	foreign_dci_put(&d, 0, 3); /* PUCCH resource */
	foreign_dci_put(&d, K1 - 1, 3);
	return d;
}

/* 38.214 6.1.2.2.2: of the initial part's size, counted from the lowest block of the active one. */
static struct foreign_dci dci_0_0(unsigned n, unsigned bits, uint32_t riv)
{
	struct foreign_dci d = { .bits = 0 };

	foreign_dci_put(&d, 0, 1);
	foreign_dci_put(&d, riv, width_of(106));
	foreign_dci_put(&d, 0, 4 + 1); /* the first row, without hops */
	foreign_dci_put(&d, MCS, 5);
	foreign_dci_put(&d, n / 16 % 2, 1);
	foreign_dci_put(&d, 0, 2);
	foreign_dci_put(&d, n % 16, 4);
	foreign_dci_put(&d, 1, 2);
	foreign_dci_put(&d, 0, bits - d.bits);
	return d;
}

static void test_fallback(void **state)
{
	unsigned coreset0, above;
	struct cell_space space;
	struct foreign_dci d;
	uint32_t riv;

	begin();
	space = add_common_space();
	coreset0 = g.served.cell.type0.table.n_rb;
	above = phy_coreset_crb(&space.coreset, 0) - part_start(1);
	assert_true(phy_dci_riv(&riv, 4, 9, coreset0));
	d = dci_1_0(count++, riv);
	foreign_gnb_order(&g, &d, &space);
	send_block(1, above + 4, 9);
	g.pdsch.config.n_id = 500; /* 38.211 7.3.1.1: the cell's, in a common space */
	foreign_gnb_slot(&g);
	assert_true(is_acked(1));
	assert_true(phy_dci_riv(&riv, 11, 20, 106));
	d = dci_0_0(count++, d.bits, riv);
	foreign_gnb_order(&g, &d, &space);
	foreign_gnb_slot(&g);
	foreign_gnb_slots(&g, K2 - 1);
	g.pusch = (struct phy_ul_pusch_rx){ .config = { .bwp_start = part_start(1),
						    .bwp_prbs = PRBS,
						    .time = { false, 0, 0, 14 },
						    .prbs = foreign_prbs(11, 20),
						    .dmrs = dmrs(1),
						    .layers = 1,
						    .antenna_ports = 1,
						    .rnti = FOREIGN_RNTI,
						    .n_id = 500,
						    .mcs = MCS },
		.new_data = true };
	g.wants_pusch = true;
	foreign_gnb_slot(&g);
	assert_true(g.pusch.result.ok);
	foreign_gnb_end(&g);
}

/* RACH-ConfigCommon as SIB1 has it. */
static void read_rach(struct rrc_rach_config_common *out)
{
	static uint64_t memory[4096];
	struct rrc_bcch_dl_sch_message sib1;
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory), 0);
	assert_true(rrc_decode(&rrc_bcch_dl_sch_message_type, bytes_of(g.served.sib1, g.served.sib1_octets),
		&arena, &sib1, &diag));
	*out = sib1.message.u.c1.u.system_information_block_type1.serving_cell_config_common
		       ->uplink_config_common->initial_uplink_bwp.rach_config_common->u.setup;
	arena_fini(&arena);
}

/* Where part 1 has PRACH of its own, random access is in it, at its blocks. */
static void test_random_access_of_its_own(void **state)
{
	static const uint8_t request[] = { 1, 2, 3, 4, 5, 6 };

	begin();
	m.rach.tag = RRC_SETUP_RELEASE_RACH_CONFIG_COMMON_TAG_SETUP;
	read_rach(&m.rach.u.setup);
	m.rach.u.setup.rach_config_generic.msg1_frequency_start = 13;
	m.up_common.rach_config_common = &m.rach;
	(void)add_common_space();
	assert_true(ue_phy_access(g.ue, BYTES(request), g.slot * slot_ns(0)));
	assert_true(g.ue->downlink_part == 1 && g.ue->uplink_part == 1);
	for (unsigned i = 0; i < 40 && !g.sent_preamble; i++)
		foreign_gnb_slot(&g);
	assert_true(g.sent_preamble);
	assert_int_equal(g.preamble.place.first_prb, START + 13);
	m.rach.u.setup.rach_config_generic.zero_correlation_zone_config ^= 1;
	assert_string_equal(foreign_gnb_refuses(&g, &m.group),
		"other preambles in a bandwidth part than in the initial one");
	m.up_common.rach_config_common = NULL;
	m.down_common.pdcch_config_common = NULL;
	foreign_gnb_end(&g);
}

static void test_refused(void **state)
{
	struct rrc_serving_cell_config *s = &m.part[0].serving;

	begin();
	m.down_common.generic_parameters.subcarrier_spacing = RRC_SUBCARRIER_SPACING_KHZ30;
	assert_string_equal(foreign_gnb_refuses(&g, &m.group),
		"a bandwidth part of another subcarrier spacing, or outside the carrier");
	m.down_common.generic_parameters = place(START + 20, 60);
	assert_string_equal(foreign_gnb_refuses(&g, &m.group),
		"a bandwidth part of another subcarrier spacing, or outside the carrier");
	m.down_common.generic_parameters = place(START, PRBS);
	s->first_active_downlink_bwp_id = 2;
	assert_string_equal(foreign_gnb_refuses(&g, &m.group), "an active bandwidth part that is not there");
	s->first_active_downlink_bwp_id = 1;
	m.part[1].coreset.frequency_domain_resources = 1; /* the last of 45 groups of six */
	assert_string_equal(foreign_gnb_refuses(&g, &m.group), "a CORESET that cannot be");
	foreign_gnb_end(&g);
}

/* 38.212 Table 7.3.1.1.2-1: up to three parts are told beside the initial one; four are told alone. */
static void test_indicators(void **state)
{
	static const uint8_t three[] = { 0, 2, 3, 4 }, four[] = { 1, 2, 3, 4 };

	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(cell_parts_indicated(0x1d, i), three[i]);
		assert_int_equal(cell_parts_indicated(0x1f, i), four[i]);
	}
	assert_int_equal(cell_parts_indicated(0x05, 1), 2);
	assert_int_equal(cell_parts_indicated(0x05, 2), CELL_PART_STAYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_active),
		cmocka_unit_test(test_indicated),
		cmocka_unit_test(test_inactivity),
		cmocka_unit_test(test_random_access),
		cmocka_unit_test(test_fallback),
		cmocka_unit_test(test_random_access_of_its_own),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_indicators),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
