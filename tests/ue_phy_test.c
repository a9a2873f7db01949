/* What a UE makes of DCIs that its own vendor's gNB does not send, slot by slot (38.213, 38.214). */
#include "tests/ue_phy_bed.h"

#include <math.h>
#include <stdlib.h>

#include "base/test.h"

enum { K = 4, PRBS = 106 };

static struct ue_phy_bed b;

static struct phy_dci assignment(uint8_t process, bool ndi, uint8_t mcs, unsigned prbs)
{
	struct phy_dci d = { .kind = PHY_DCI_1_0_C,
		.field = { [PHY_DCI_MCS] = mcs,
			[PHY_DCI_NDI] = ndi,
			[PHY_DCI_HARQ_PROCESS] = process,
			[PHY_DCI_HARQ_TIMING] = K - 1 } };

	assert_true(cell_pdsch_riv(
		&d.field[PHY_DCI_FREQUENCY], &b.served.cell, &b.own.spaces[0], 10, (uint16_t)prbs));
	return d;
}

static struct phy_dci grant(uint8_t process, bool ndi, uint8_t mcs, unsigned prbs)
{
	struct phy_dci d = { .kind = PHY_DCI_0_0,
		.field = { [PHY_DCI_MCS] = mcs, [PHY_DCI_NDI] = ndi, [PHY_DCI_HARQ_PROCESS] = process } };

	assert_true(phy_dci_riv(&d.field[PHY_DCI_FREQUENCY], 20, prbs, PRBS));
	return d;
}

static void hear(struct phy_dci d)
{
	ue_phy_bed_hear(&b, &d);
	ue_phy_bed_slot(&b);
}

/* What is sent K slots behind the last that was heard. */
static void to_answer(void)
{
	ue_phy_bed_slots(&b, K);
}

static void assert_acked(unsigned bits, uint8_t first)
{
	assert_true(b.has_pucch && b.pucch.config.bits == bits && b.uci[0] == first);
}

/* 38.214 5.1.3.2: MCS 29 to 31 say a modulation; the block's size is that of the last DCI that had one. */
static void test_kept_downlink(void **state)
{
	struct served_cell_config c = ue_phy_bed_cell();
	uint32_t octets;

	ue_phy_bed_begin(&b, &c);
	b.lost = true;
	hear(assignment(3, true, 10, 20));
	assert_int_equal(b.pdsch_n, 1);
	octets = (uint32_t)cell_pdsch_octets(&b.pdsch[0].config);
	to_answer();
	assert_acked(1, 0);
	b.lost = false;
	hear(assignment(3, true, 30, 7));
	assert_int_equal(b.pdsch_n, 1);
	assert_true(!b.pdsch[0].new_data[0] && b.pdsch[0].config.prbs.n == 7);
	assert_int_equal(b.pdsch[0].config.codeword[0].kept_tbs, 8 * octets);
	assert_int_equal(
		b.pdsch[0].config.codeword[0].kept_rate_x2048, 2 * 340); /* Table 5.1.3.1-1, row 10 */
	to_answer();
	assert_acked(1, 1);
	hear(assignment(3, true, 31, 7)); /* it has it */
	assert_int_equal(b.pdsch_n, 0);
	to_answer();
	assert_acked(1, 1);
	/* A new block whose first DCI was not heard: nothing can be decoded, and what comes then is the
	 * first. */
	hear(assignment(3, false, 29, 20));
	assert_int_equal(b.pdsch_n, 0);
	to_answer();
	assert_acked(1, 0);
	hear(assignment(3, false, 5, 20));
	assert_true(b.pdsch_n == 1 && b.pdsch[0].new_data[0]);
	ue_phy_bed_end(&b);
}

/* 38.214 6.1.4.2. */
static void test_kept_uplink(void **state)
{
	struct served_cell_config c = ue_phy_bed_cell();
	size_t octets;

	ue_phy_bed_begin(&b, &c);
	hear(grant(2, true, 12, 30));
	to_answer();
	assert_true(b.has_pusch && b.pusch.tb.len > 0);
	octets = b.pusch.tb.len;
	hear(grant(2, true, 28 + 1, 12));
	to_answer();
	assert_true(b.has_pusch && b.pusch.tb.len == octets && b.pusch.config.prbs.n == 12);
	assert_int_equal(b.pusch.config.kept_rate_x2048, 2 * 434); /* row 12 */
	hear(grant(2, false, 30, 12));                             /* of a block that there is not */
	to_answer();
	assert_false(b.has_pusch);
	ue_phy_bed_end(&b);
}

/* 38.214 6.3.1: DCI 0_0 hops by the list that PUSCH-Config has; without one a C-RNTI's cannot. */
static void test_hop(void **state)
{
	struct served_cell_config c = ue_phy_bed_cell();
	struct phy_dci d;

	ue_phy_bed_begin(&b, &c);
	d = grant(0, true, 4, 10);
	d.field[PHY_DCI_HOPPING] = 1;
	hear(d);
	to_answer();
	assert_false(b.has_pusch);
	b.own.pusch.hops = 4;
	b.own.pusch.hop[0] = 7;
	b.own.pusch.hop[2] = 40;
	ue_phy_bed_configure(&b);
	d.field[PHY_DCI_FREQUENCY] |= 2u << 11; /* of 13 bits the first two: the third offset */
	hear(d);
	to_answer();
	assert_true(b.has_pusch && b.pusch.config.hopping == PHY_PUSCH_HOPPING_INTRA);
	assert_true(b.pusch.config.hop_offset == 40 && b.pusch.config.prbs.n == 10 &&
		    b.pusch.config.prbs.at[0] == 20);
	assert_int_equal(b.pusch.config.dmrs.additional, 1);
	ue_phy_bed_end(&b);
}

static unsigned value(const uint8_t *bits)
{
	return bits[0] * 8u + bits[1] * 4u + bits[2] * 2u + bits[3];
}

/* To the slot before the next report, K before which something is heard. */
static void to_report(const struct phy_dci *dci)
{
	while (!cell_own_reports(&b.own, b.slot + K))
		ue_phy_bed_slot(&b);
	if (dci)
		hear(*dci);
	else
		ue_phy_bed_slot(&b);
	to_answer();
}

/*
 * 38.213 9.2.5, 38.212 6.3.1.1: a report alone on its resource; behind HARQ-ACK on one of set 1, by the DCI;
 * or on PUSCH. 10 dB less the 3 of PHY_CSI_GAP_DB is log2(1 + 10^0.7) = 2.59 bits a symbol, CQI 9 of 38.214
 * Table 5.2.2.1-2 (2.41; 10 has 2.73), of -3 it is 6 (2.41; 7 has 2.73).
 */
static void test_reports(void **state)
{
	struct served_cell_config c = ue_phy_bed_cell();
	struct phy_dci down, up;

	ue_phy_bed_begin(&b, &c);
	b.noise = 0.1f;
	down = assignment(1, true, 4, 10);
	up = grant(1, true, 9, 20);
	to_report(NULL);
	assert_true(b.has_pucch && b.pucch.config.format == 2 && b.pucch.config.bits == 5 &&
		    value(b.uci + 1) == 9);
	assert_int_equal(b.uci[0], 0); /* no request, in a slot that has an occasion for one */
	assert_int_equal(b.pucch.config.first_prb, b.own.report.at.first_prb);
	to_report(&down);
	assert_true(b.has_pucch && b.pucch.config.format == 2 && b.pucch.config.bits == 6);
	assert_true(b.uci[0] == 1 && b.uci[1] == 0 && value(b.uci + 2) == 9);
	to_report(&up);
	assert_true(b.has_pusch && !b.has_pucch && b.pusch.config.uci.bits[PHY_PUSCH_CSI_1] == 4 &&
		    value(b.cqi) == 9);
	b.own.report.table = PHY_CQI_256QAM;
	ue_phy_bed_configure(&b);
	assert_false(b.ue->csi[0].has); /* nothing was measured for that yet */
	to_report(NULL);
	assert_true(b.has_pucch && value(b.uci + 1) == 6);
	/* Beside HARQ-ACK where both must not be: HARQ-ACK alone. */
	b.own.acks_with_csi = false;
	ue_phy_bed_configure(&b);
	down.field[PHY_DCI_NDI] = 0;
	to_report(&down);
	assert_true(b.has_pucch && b.pucch.config.format == 1 && b.pucch.config.bits == 1);
	ue_phy_bed_end(&b);
}

static double db(double amplitude)
{
	return 20 * log10(amplitude);
}

/*
 * 38.213 7.1.1 with SIB1's P0 of -76 dBm, alpha 1 and SS/PBCH blocks of -17 dBm: 20 blocks through 76 dB are
 * sent with -76 + 13.0 + 76 + f; an RE has 10 lg 240 = 23.8 dB less, and of -17 dBm amplitude 1. P_CMAX is 23
 * dBm.
 */
static void test_pusch_power(void **state)
{
	static const int8_t accumulated[] = { -1, 0, 1, 3 };
	struct served_cell_config c = ue_phy_bed_cell();
	struct phy_dci d;
	int f = 0;

	ue_phy_bed_begin(&b, &c);
	b.ssb_power = 0.251189f; /* -6 dB: 70 + 6 dB */
	ue_phy_bed_slots(&b, 40);
	for (unsigned i = 0; i < 12; i++) {
		unsigned tpc = (i * 7 + 3) % 4;

		d = grant((uint8_t)i, true, 9, 20);
		d.field[PHY_DCI_TPC] = tpc;
		f += accumulated[tpc];
		hear(d);
		to_answer();
		assert_true(b.has_pusch);
		assert_float_equal((float)db(b.gain), 13.0103f + (float)f - 23.8021f + 17, 0.05f);
	}
	/* 36 dBm would be wanted: the power stays at 23, and commands to raise it do nothing (7.1.1). */
	b.ssb_power = 0.001f;
	ue_phy_bed_slots(&b, 60);
	for (unsigned i = 0; i < 4; i++) {
		d = grant((uint8_t)i, false, 9, 20);
		d.field[PHY_DCI_TPC] = 3;
		hear(d);
		to_answer();
		assert_float_equal((float)db(b.gain), 23 - 23.8021f + 17, 0.01f);
	}
	assert_int_equal(b.ue->power.f_db, f + 3);
	b.own.power.p0_pusch_db = -10; /* the loop begins anew */
	ue_phy_bed_configure(&b);
	assert_int_equal(b.ue->power.f_db, 0);
	b.own.power.absolute = true;
	ue_phy_bed_configure(&b);
	d = grant(9, true, 9, 1);
	d.field[PHY_DCI_TPC] = 0;
	hear(d);
	to_answer();
	assert_float_equal((float)db(b.gain), -86 + 100 - 4 - 10.7918f + 17, 0.05f);
	ue_phy_bed_end(&b);
}

/* 38.213 7.2.1: one bit on format 1, P0 -76 dBm; a report of four and a bit on 16 REs: 10 lg (6 * 5 / 16)
 * more. */
static void test_pucch_power(void **state)
{
	struct served_cell_config c = ue_phy_bed_cell();
	struct phy_dci d;

	ue_phy_bed_begin(&b, &c);
	d = assignment(1, true, 4, 10);
	d.field[PHY_DCI_TPC] = 3;
	hear(d);
	to_answer();
	assert_float_equal((float)db(b.gain), -76 + 70 + 3 - 10.7918f + 17, 0.05f);
	to_report(NULL);
	assert_float_equal((float)db(b.gain), -76 + 70 + 3 + 2.7300f - 10.7918f + 17, 0.05f);
	ue_phy_bed_end(&b);
}

/* 38.133 Tables 10.1.17.1-1 and 10.1.18.1-1, at the borders of rows. */
static void test_headroom(void **state)
{
	static const struct {
		float dbm;
		uint8_t ph;
	} rows[] = { { 55.5f, 0 }, { 55, 1 }, { 23, 33 }, { 1.5f, 54 }, { 1, 55 }, { -0.9f, 55 }, { -1, 56 },
		{ -15, 63 }, { -80, 63 } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(ue_power_headroom(rows[i].dbm).ph, rows[i].ph);
	assert_int_equal(ue_power_headroom(0).p_cmax, 53);
}

static double power_of(
	struct phy_ul_sender *s, const struct phy_ul_slot *slot, struct phy_cf *samples, size_t n)
{
	struct phy_cf *out[] = { samples };
	struct phy_slot_refusal refusal;
	double sum = 0;

	assert_true(phy_ul_send(s, slot, out, &refusal));
	for (size_t i = 0; i < n; i++)
		sum += samples[i].re * samples[i].re + samples[i].im * samples[i].im;
	return sum;
}

/* What samples carry: a preamble and a PUSCH of the same power in dBm have the same, while each lasts. */
static void test_samples(void **state)
{
	static const uint8_t tb[4000];
	struct served_cell_config c = ue_phy_bed_cell();
	struct phy_prach_occasion at[PHY_PRACH_OCCASIONS_MAX];
	struct phy_ul_pusch pusch = { .tb = BYTES_NONE };
	struct phy_ul_prach prach = { .preamble = 5 };
	struct phy_ul_slot slot = { .pusch = &pusch, .pusch_n = 1 };
	struct phy_slot_config config;
	struct phy_ul_sender *s;
	struct phy_cf *samples;
	struct phy_dci d;
	double by_pusch, by_preamble;
	unsigned n, when = 0;

	ue_phy_bed_begin(&b, &c);
	d = grant(0, true, 9, 20);
	hear(d);
	to_answer();
	pusch.config = b.pusch.config;
	pusch.tb = bytes_of(tb, b.pusch.tb.len);
	config = ue_phy_uplink_config(&b.served.cell, b.served.broadcast.fft_size, BED_BLOCK);
	n = phy_slot_samples(&config.carrier, 0);
	samples = calloc(n, sizeof(*samples));
	s = phy_ul_sender_new(&config);
	assert_true(s && samples);
	slot.gain = ue_power_amplitude(10, 20);
	by_pusch = power_of(s, &slot, samples, n) / n;
	while (cell_rach_occasions(&b.served.cell, when / 10, when % 10, at) == 0)
		when++;
	slot = (struct phy_ul_slot){ .time = slot_time_of(0, when), .prach = &prach };
	prach.place = (struct phy_ul_prach_place){ at[0], b.served.cell.rach.first_prb };
	prach.amplitude = ue_power_preamble_amplitude(&b.ue->power, 10 - 70, &b.served.cell.rach.plan[0], 0);
	by_preamble =
		power_of(s, &slot, samples, n) / (n * (24576.0 + 3168) / 30720); /* T_c / 64 of format 0 */
	assert_float_equal((float)(10 * log10(by_preamble / by_pusch)), 0, 0.3f);
	phy_ul_sender_free(s);
	free(samples);
	ue_phy_bed_end(&b);
}

/* 38.331 SRS-Config as another vendor's gNB has it: a periodic resource in a set, delta by delta. */
static void sounding(struct rrc_srs_config *config)
{
	struct rrc_setup_release_srs_config srs = { .tag = RRC_SETUP_RELEASE_SRS_CONFIG_TAG_SETUP,
		.u.setup = *config };
	struct rrc_bwp_uplink_dedicated bwp = { .srs_config = &srs };
	struct rrc_uplink_config uplink = { .initial_uplink_bwp = &bwp };
	struct rrc_serving_cell_config serving = { .uplink_config = &uplink };
	struct rrc_sp_cell_config sp = { .sp_cell_config_dedicated = &serving };
	struct rrc_cell_group_config group = { .sp_cell_config = &sp };

	b.parts.own[0] = b.own;
	assert_null(cell_parts_read(&b.parts, &group));
	b.own = b.parts.own[0];
	ue_phy_bed_configure(&b);
}

/* Slots of the next 400 with SRS. */
static unsigned soundings(unsigned period, unsigned offset)
{
	unsigned n = 0;

	for (unsigned i = 0; i < 400; i++) {
		uint64_t slot = b.slot;

		ue_phy_bed_slot(&b);
		if (!b.has_srs)
			continue;
		assert_int_equal(slot % period, offset);
		n++;
	}
	return n;
}

/* 38.214 6.2.1: in its slots and no others, of the power that its set says; gone with the set or the
 * resource. */
static void test_sounding(void **state)
{
	struct served_cell_config c = ue_phy_bed_cell();
	struct rrc_srs_resource resource = { .srs_resource_id = 5,
		.nrof_srs_ports = RRC_SRS_RESOURCE_NROF_SRS_PORTS_PORT1,
		.transmission_comb = { .tag = RRC_SRS_RESOURCE_TRANSMISSION_COMB_TAG_N2, .u.n2 = { 1, 3 } },
		.freq_hopping = { .c_srs = 24 },
		.resource_type = { .tag = RRC_SRS_RESOURCE_RESOURCE_TYPE_TAG_PERIODIC,
			.u.periodic
				.periodicity_and_offset_p = { .tag = RRC_SRS_PERIODICITY_AND_OFFSET_TAG_SL20,
				.u.sl20 = 7 } },
		.sequence_id = 77 };
	struct rrc_srs_config_srs_resource_to_add_mod_list resources = { 1, &resource };
	uint8_t id = 5, set_id = 2;
	struct rrc_srs_resource_set_srs_resource_id_list ids = { 1, &id };
	struct rrc_srs_resource_set set = { .srs_resource_set_id = 2,
		.srs_resource_id_list = &ids,
		.resource_type.tag = RRC_SRS_RESOURCE_SET_RESOURCE_TYPE_TAG_PERIODIC,
		.usage = RRC_SRS_RESOURCE_SET_USAGE_CODEBOOK,
		.has_alpha = true,
		.alpha = RRC_ALPHA_ALPHA08,
		.has_p0 = true,
		.p0 = -80 };
	struct rrc_srs_config_srs_resource_set_to_add_mod_list sets = { 1, &set };
	struct rrc_srs_config_srs_resource_set_to_release_list sets_gone = { 1, &set_id };
	struct rrc_srs_config_srs_resource_to_release_list gone = { 1, &id };
	struct phy_srs plan;
	float dbm;

	ue_phy_bed_begin(&b, &c);
	sounding(&(struct rrc_srs_config){ .srs_resource_to_add_mod_list = &resources });
	assert_int_equal(soundings(20, 7), 0); /* it is in no set */
	sounding(&(struct rrc_srs_config){ .srs_resource_set_to_add_mod_list = &sets });
	assert_in_range(soundings(20, 7), 18, 20); /* but where something else is due */
	assert_true(b.srs.comb == 2 && b.srs.comb_offset == 1 && b.srs.cyclic_shift == 3 &&
		    b.srs.n_id == 77 && b.srs.symbols == 1 && b.srs.ports == 1);
	assert_int_equal(phy_srs_init(&plan, &b.srs), PHY_SRS_OK);
	/* 38.213 7.3.1 with 70 dB of path loss: what a channel of gain 1 is. */
	while (!b.has_srs)
		ue_phy_bed_slot(&b);
	dbm = -80 + 10 * log10f((float)plan.length * 2 / 12) + 0.8f * 70;
	assert_true(fabsf(20 * log10f(b.srs_gain) - (dbm + 17 - 10 * log10f((float)plan.length))) < 0.1f);
	resource.resource_type.tag = RRC_SRS_RESOURCE_RESOURCE_TYPE_TAG_APERIODIC; /* which it does not do */
	sounding(&(struct rrc_srs_config){ .srs_resource_to_add_mod_list = &resources });
	assert_int_equal(soundings(20, 7), 0);
	resource.resource_type.tag = RRC_SRS_RESOURCE_RESOURCE_TYPE_TAG_PERIODIC;
	sounding(&(struct rrc_srs_config){
		.srs_resource_to_add_mod_list = &resources, .srs_resource_set_to_add_mod_list = &sets });
	assert_in_range(soundings(20, 7), 18, 20);
	sounding(&(struct rrc_srs_config){ .srs_resource_set_to_release_list = &sets_gone });
	assert_int_equal(soundings(20, 7), 0);
	sounding(&(struct rrc_srs_config){
		.srs_resource_to_release_list = &gone, .srs_resource_set_to_add_mod_list = &sets });
	assert_int_equal(soundings(20, 7), 0);
	ue_phy_bed_end(&b);
}

/* In unpaired spectrum: in the last symbols of a slot of both directions, which are uplink, and not where it
 * is downlink that they would be in (38.213 11.1). */
static void test_sounding_in_special_slots(void **state)
{
	struct served_cell_config c = ue_phy_bed_cell();
	static const uint8_t symbols[] = { 1, 2, 4 };

	c.band = 78;
	c.arfcn = 633334;
	c.mu = 1;
	c.tdd_downlink_symbols = 10;
	c.tdd_uplink_symbols = 2;
	for (size_t i = 0; "DDDSU"[i]; i++)
		c.tdd_pattern[i] = "DDDSU"[i];
	ue_phy_bed_begin(&b, &c);
	for (size_t i = 0; i < ARRAY_LEN(symbols); i++)
		for (uint16_t offset = 2; offset < 5; offset++) { /* D, S and U */
			b.own.srs[0] = (struct cell_srs){ .there = true,
				.set = 1,
				.alpha_tenths = 10,
				.p0_dbm = -80,
				.config = { .mu = 1,
					.bwp_start = b.served.cell.uplink.bwp_start,
					.bwp_prbs = b.served.cell.uplink.bwp_prbs,
					.ports = 1,
					.symbols = symbols[i],
					.start = (uint8_t)(symbols[i] - 1),
					.repetition = 1,
					.comb = 2,
					.c_srs = 10,
					.period = 20,
					.offset = offset } };
			ue_phy_bed_configure(&b);
			if (offset == 4 || (offset == 3 && symbols[i] <= 2))
				assert_in_range(
					soundings(20, offset), 14, 20); /* but where something else is due */
			else
				assert_int_equal(soundings(20, offset), 0);
			assert_true(!b.has_srs || b.symbols == (offset == 3 ? 0x3000 : 0x3fff));
		}
	ue_phy_bed_end(&b);
}

/* The candidates that are looked for in a space of the UE's own. */
static unsigned looked_for(uint8_t id)
{
	for (unsigned i = 0; i < b.searched; i++)
		if (b.ue->space[i]->id == id && b.ue->space[i]->space.ue_specific)
			return b.ue->pdcch[i].search.candidates;
	fail_msg("space %u is none of the slot's", id);
	return 0;
}

/* 38.213 Table 10.1-2: 44 candidates a slot at 15 kHz, of which the common space has two of one size; two DCI
 * sizes in each of the UE's own. The set that would make it more, by its index, is not monitored. */
static void test_budget(void **state)
{
	static const uint8_t fits[PHY_ALS] = { 6, 8, 4, 0, 0 }, most[PHY_ALS] = { 0, 0, 0, 2, 1 };
	struct served_cell_config c = ue_phy_bed_cell();

	c.space = SERVED_CELL_SPACE_UE_SPECIFIC;
	ue_phy_bed_begin(&b, &c);
	b.own.spaces[1] = b.own.spaces[0];
	b.own.spaces[1].id = 3;
	for (unsigned i = 0; i < PHY_ALS; i++) {
		b.own.spaces[0].space.candidates[i] = fits[i];
		b.own.spaces[1].space.candidates[i] = most[i];
	}
	ue_phy_bed_configure(&b);
	ue_phy_bed_slot(&b);
	assert_true(looked_for(2) == 18 && looked_for(3) == 3); /* 2 + 36 + 6 */
	assert_int_equal(ue_phy_stat(b.ue, UE_PHY_STAT_SPACES_LEFT), 0);
	b.own.spaces[0].space.candidates[0] = 8;
	ue_phy_bed_configure(&b);
	ue_phy_bed_slot(&b);
	assert_true(looked_for(2) == 20 && looked_for(3) == 0);
	assert_int_equal(ue_phy_stat(b.ue, UE_PHY_STAT_SPACES_LEFT), 1);
	b.own.spaces[0].id = 4; /* the other comes first then */
	ue_phy_bed_configure(&b);
	ue_phy_bed_slot(&b);
	assert_true(looked_for(4) == 0 && looked_for(3) == 3);
	ue_phy_bed_end(&b);
}

/* DCI 0_1 and 1_1 of the UE's own space, with the count that there is. */
static struct phy_dci configured(enum phy_dci_kind kind, uint8_t process, unsigned dai)
{
	struct phy_dci d = { .kind = kind,
		.field = { [PHY_DCI_MCS] = 5,
			[PHY_DCI_NDI] = 1,
			[PHY_DCI_UL_SCH] = 1,
			[PHY_DCI_HARQ_PROCESS] = process,
			[PHY_DCI_DAI] = dai } };

	assert_true(phy_dci_riv(&d.field[PHY_DCI_FREQUENCY], 30, 10, PRBS));
	return d;
}

static void assert_bits(const uint8_t *bits, unsigned n, const uint8_t *expected)
{
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(bits[i], expected[i]);
}

/*
 * 38.213 9.1.2: with DCI 1_0 alone there are eight occasions, K1 8 to 1, in paired spectrum. One that is
 * counted first is answered by itself; one of a later count is not, since another was not heard. A PUSCH of
 * DCI 0_0 takes the codebook along; what is assigned after it is a NACK on it (9.1.2.2).
 */
static void test_semi_static(void **state)
{
	struct served_cell_config c = ue_phy_bed_cell();
	struct phy_dci d;

	ue_phy_bed_begin(&b, &c);
	b.own.semi_static = true;
	b.own.report.there = b.own.sr.there = false;
	ue_phy_bed_configure(&b);
	hear(assignment(0, true, 5, 10));
	to_answer();
	assert_acked(1, 1);
	assert_int_equal(b.pucch.config.format, 1);
	d = assignment(1, true, 5, 10);
	d.field[PHY_DCI_DAI] = 1;
	hear(d);
	to_answer();
	assert_true(b.has_pucch && b.pucch.config.format == 2 && b.pucch.config.bits == 8);
	assert_bits(b.uci, 8, (uint8_t[]){ 0, 0, 0, 0, 1, 0, 0, 0 });
	/* 10 lg (6 * 1 / 16 REs): of eight bits one was received. */
	assert_float_equal((float)db(b.gain), -76 + 70 + b.ue->power.g_db - 4.2597f - 10.7918f + 17, 0.05f);
	d = assignment(2, true, 5, 10);
	d.field[PHY_DCI_HARQ_TIMING] = 5 - 1;
	hear(d);
	hear(grant(0, true, 5, 20));
	to_answer();
	assert_true(b.has_pusch && b.pusch.config.uci.bits[PHY_PUSCH_ACK] == 1); /* by itself */
	d = assignment(3, true, 5, 10);
	d.field[PHY_DCI_HARQ_TIMING] = 6 - 1;
	hear(d);
	d.field[PHY_DCI_HARQ_PROCESS] = 4;
	d.field[PHY_DCI_HARQ_TIMING] = 5 - 1;
	d.field[PHY_DCI_DAI] = 1;
	hear(d);
	hear(grant(1, true, 5, 20));
	d.field[PHY_DCI_HARQ_PROCESS] = 5;
	d.field[PHY_DCI_HARQ_TIMING] = 3 - 1;
	hear(d);
	ue_phy_bed_slots(&b, K - 1);
	assert_true(b.has_pusch && b.pusch.config.uci.bits[PHY_PUSCH_ACK] == 8);
	assert_bits(b.acks, 8, (uint8_t[]){ 0, 0, 1, 1, 0, 0, 0, 0 });
	ue_phy_bed_end(&b);
}

/* To the slot that is so many before one of SRS. */
static void before_sounding(unsigned slots)
{
	while ((b.slot + slots) % 20 != 7)
		ue_phy_bed_slot(&b);
}

/* 38.214 6.2.1: behind a PUSCH, not in front of it or in its symbols; beside a PUCCH in other symbols. */
static void test_sounding_beside(void **state)
{
	static const struct {
		uint8_t s, l, start; /* of PUSCH; of SRS from the slot's end */
		bool both;
	} cases[] = { { 0, 14, 0, false }, { 0, 13, 0, true }, { 0, 12, 0, true }, { 0, 12, 1, true },
		{ 0, 13, 1, false }, { 4, 8, 13, false } };
	struct served_cell_config c = ue_phy_bed_cell();

	c.space = SERVED_CELL_SPACE_UE_SPECIFIC;
	ue_phy_bed_begin(&b, &c);
	b.own.report.there = b.own.sr.there = false;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		b.own.srs[0] = (struct cell_srs){ .there = true,
			.set = 1,
			.alpha_tenths = 8,
			.p0_dbm = -80,
			.config = { .bwp_prbs = PRBS,
				.ports = 1,
				.symbols = 1,
				.start = cases[i].start,
				.repetition = 1,
				.comb = 2,
				.c_srs = 10,
				.period = 20,
				.offset = 7 } };
		b.own.pusch_times_n = 1;
		b.own.pusch_times[0] = (struct phy_time_domain){ cases[i].s > 0, K, cases[i].s, cases[i].l };
		ue_phy_bed_configure(&b);
		before_sounding(K);
		hear(configured(PHY_DCI_0_1, (uint8_t)i, 0));
		to_answer();
		assert_true(b.has_pusch && b.pusch.config.time.l == cases[i].l);
		assert_int_equal(b.has_srs, cases[i].both);
		assert_true(!b.has_srs || (b.srs_gain > 0 && b.gain > 0));
	}
	b.own.pdsch.k1_n = 1;
	b.own.pdsch.k1[0] = K;
	b.own.srs[0].config.start = 0;
	ue_phy_bed_configure(&b);
	before_sounding(K);
	hear(configured(PHY_DCI_1_1, 3, 0));
	to_answer();
	assert_true(b.has_pucch);
	assert_int_equal(b.has_srs, b.pucch.config.first_symbol + b.pucch.config.symbols <= 13);
	ue_phy_bed_end(&b);
}

/* The count of DCI 0_1 is a bit: of 1 the codebook goes along, all of it NACKs if nothing was heard; of 0 it
 * does not. DCI 1_1 has no count, and is never answered by itself. */
static void test_semi_static_of_configured(void **state)
{
	struct served_cell_config c = ue_phy_bed_cell();
	struct phy_dci_layout counted, l;

	c.space = SERVED_CELL_SPACE_UE_SPECIFIC;
	ue_phy_bed_begin(&b, &c);
	b.own.report.there = b.own.sr.there = false;
	b.own.pdsch.k1_n = 3;
	b.own.pdsch.k1[0] = K;
	b.own.pdsch.k1[1] = 9;
	b.own.pdsch.k1[2] = 6;
	assert_true(cell_dci_layout(&counted, &b.served.cell, &b.own, &b.own.spaces[0], PHY_DCI_1_1));
	b.own.semi_static = true;
	ue_phy_bed_configure(&b);
	assert_true(cell_dci_layout(&l, &b.served.cell, &b.own, &b.own.spaces[0], PHY_DCI_1_1));
	assert_int_equal(l.bits + 2, counted.bits);
	hear(configured(PHY_DCI_1_1, 0, 0));
	to_answer();
	assert_true(b.has_pucch && b.pucch.config.format == 2 && b.pucch.config.bits == 3);
	assert_bits(b.uci, 3, (uint8_t[]){ 0, 0, 1 });
	hear(configured(PHY_DCI_0_1, 0, 1));
	to_answer();
	assert_true(b.has_pusch && b.pusch.config.uci.bits[PHY_PUSCH_ACK] == 3);
	assert_bits(b.acks, 3, (uint8_t[]){ 0, 0, 0 });
	hear(configured(PHY_DCI_0_1, 1, 0));
	to_answer();
	assert_true(b.has_pusch && b.pusch.config.uci.bits[PHY_PUSCH_ACK] == 0);
	ue_phy_bed_end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept_downlink),
		cmocka_unit_test(test_kept_uplink),
		cmocka_unit_test(test_hop),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_pusch_power),
		cmocka_unit_test(test_pucch_power),
		cmocka_unit_test(test_headroom),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_sounding),
		cmocka_unit_test(test_sounding_in_special_slots),
		cmocka_unit_test(test_sounding_beside),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_semi_static),
		cmocka_unit_test(test_semi_static_of_configured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
