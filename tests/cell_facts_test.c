/* What a cell's numbers mean, against the tables of 38.213 and 38.214 written out once more. */
#include <stdio.h>
#include <string.h>

#include "base/test.h"

#include "gnb/du/cell/served_cell.h"
#include "radio/cell/grant.h"
#include "radio/cell/pucch.h"

static struct served_cell served;

static int setup(void **state)
{
	const struct served_cell_config c = { .pci = 500,
		.band = 3,
		.arfcn = 368500,
		.bandwidth_mhz = 20,
		.mcc = { 9, 9, 9 },
		.mnc = { 7, 0 },
		.mnc_digits = 2,
		.tac = 7,
		.cell_identity = 0x123450000 };
	const char *wrong = served_cell_init(&served, &c);

	if (wrong)
		fail_msg("%s", wrong);
	return 0;
}

/* 38.213 Table 9.2.1-1, and the text under it: r, the hop, the shift. */
static void test_pucch_resources(void **state)
{
	static const char *const rows[] = { "0 12 2 0 0,3", "0 12 2 0 0,4,8", "0 12 2 3 0,4,8",
		"1 10 4 0 0,6", "1 10 4 0 0,3,6,9", "1 10 4 2 0,3,6,9", "1 10 4 4 0,3,6,9", "1 4 10 0 0,6",
		"1 4 10 0 0,3,6,9", "1 4 10 2 0,3,6,9", "1 4 10 4 0,3,6,9", "1 0 14 0 0,6",
		"1 0 14 0 0,3,6,9", "1 0 14 2 0,3,6,9", "1 0 14 4 0,3,6,9", "1 0 14 26 0,3,6,9" };
	struct cell cell = served.cell;

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
		for (unsigned r = 0; r < 16; r++) {
			unsigned format, first, symbols, offset, s[4], shifts, low, user = r % 8;
			struct phy_pucch_config p;
			struct phy_pucch plan;

			shifts = (unsigned)sscanf(rows[i], "%u %u %u %u %u,%u,%u,%u", &format, &first,
					 &symbols, &offset, &s[0], &s[1], &s[2], &s[3]) -
				 4;
			cell.pucch_resource_common = (uint8_t)i;
			assert_true(cell_pucch_common(&p, &cell, r / 2, r % 2 * 8, 16));
			assert_true(p.format == format && p.first_symbol == first && p.symbols == symbols);
			low = offset + user / shifts;
			assert_int_equal(p.first_prb, r < 8 ? low : 105 - low);
			assert_int_equal(p.second_prb, r < 8 ? 105 - low : low);
			assert_int_equal(p.initial_shift, s[user % shifts]);
			assert_int_equal(phy_pucch_init(&plan, &p), PHY_PUCCH_OK);
		}
	assert_false(cell_pucch_common(&(struct phy_pucch_config){ 0 }, &cell, 8, 0, 16));
	assert_false(cell_pucch_common(&(struct phy_pucch_config){ 0 }, &cell, 0, 16, 16));
}

/* 38.214 Table 6.1.2.1.1-2 with j of -4: where a cell has no list of its own. */
static void test_pusch_times(void **state)
{
	static const char *const rows[] = { "A 0 0 14", "A 0 0 12", "A 0 0 10", "B 0 2 10", "B 0 4 10",
		"B 0 4 8", "B 0 4 6", "A 1 0 14", "A 1 0 12", "A 1 0 10", "A 2 0 14", "A 2 0 12", "A 2 0 10",
		"B 0 8 6", "A 3 0 14", "A 3 0 10" };
	static const uint8_t j[] = { 1, 1, 2, 3 };
	struct cell cell = served.cell;
	struct phy_time_domain t;

	cell.pusch_times_n = 0;
	for (cell.mu = 0; cell.mu < 4; cell.mu++) {
		for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
			unsigned k, s, l;
			char type;

			assert_int_equal(sscanf(rows[i], "%c %u %u %u", &type, &k, &s, &l), 4);
			assert_true(cell_pusch_time(&cell, NULL, i, &t));
			assert_true(
				t.type_b == (type == 'B') && t.k0 == k + j[cell.mu] && t.s == s && t.l == l);
		}
		assert_false(cell_pusch_time(&cell, NULL, 16, &t));
	}
}

/* 38.213 8.2, 8.3: Msg3 six slots on (K2 of 4 and 2), its blocks, its hops, its size. */
static void test_msg3(void **state)
{
	struct mac_rar_grant grant = { .mcs = 3, .tpc = 3 };
	struct cell_pusch_grant g;
	uint32_t riv;

	assert_true(phy_dci_riv(&riv, 17, 4, 106));
	grant.frequency_resource = (uint16_t)riv;
	assert_true(cell_msg3_grant(&g, &served.cell, 0x4601, &grant));
	assert_true(
		g.k2 == 6 && g.config.prbs.n == 4 && g.config.prbs.at[0] == 17 && g.config.rnti == 0x4601);
	assert_int_equal(g.config.hopping, PHY_PUSCH_NO_HOPPING);
	/* 14 symbols less 3 of DM-RS: 4 * 132 REs, 2 * 0.2451 bits each: 258.8, of Table 5.1.3.2-1 256 bits.
	 */
	assert_int_equal(cell_pusch_octets(&g.config), 32);
	grant.frequency_hopping = true;
	grant.frequency_resource |= 1 << 11; /* of 13 bits the first two: -N/4 is 10, N/4 is 01 */
	assert_true(cell_msg3_grant(&g, &served.cell, 0x4601, &grant));
	assert_true(g.config.hopping == PHY_PUSCH_HOPPING_INTRA && g.config.hop_offset == 26);
	grant.time_resource = 1; /* the cell has one row */
	assert_false(cell_msg3_grant(&g, &served.cell, 0x4601, &grant));
}

/* 38.304 7.1: each UE has one occasion a cycle, and in it is in the same as all of its index. */
static void test_paging_occasions(void **state)
{
	for (unsigned ue_id = 0; ue_id < 1024; ue_id += 37) {
		unsigned found = 0;

		for (unsigned sfn = 0; sfn < 128; sfn++)
			for (unsigned slot = 0; slot < 10; slot++)
				if (cell_is_paging_slot(&served.cell, ue_id, sfn, slot)) {
					assert_int_equal(sfn, ue_id % 128);
					assert_int_equal(slot, 5);
					found++;
				}
		assert_int_equal(found, 1);
	}
}

static void serve_tdd(struct served_cell *s, uint8_t mu, const char *pattern, uint8_t lead_slots)
{
	struct served_cell_config c = { .band = 78,
		.arfcn = 633334,
		.mu = mu,
		.bandwidth_mhz = 40,
		.mcc = { 9, 9, 9 },
		.mnc = { 7, 0 },
		.mnc_digits = 2,
		.tdd_downlink_symbols = 6,
		.tdd_uplink_symbols = 4,
		.lead_slots = lead_slots };
	const char *wrong;

	for (size_t i = 0; pattern[i] && i + 1 < sizeof(c.tdd_pattern); i++)
		c.tdd_pattern[i] = pattern[i];
	wrong = served_cell_init(s, &c);
	if (wrong)
		fail_msg("%s: %s", pattern, wrong);
}

/* By a pattern's letters: each uplink slot is granted in one slot that hears PDCCH, so many slots before it
 * at least and no later than it must; each PDSCH is answered so many to 8 slots on in an uplink slot, if it
 * can be. */
static void check_tdd_times(const struct served_cell *s, const char *p, unsigned k_min)
{
	size_t n = strlen(p);

	for (unsigned slot = 0; slot < 40; slot++) {
		unsigned granted = 0, k1 = served_cell_k1(s, slot / 20, slot % 20), least = k_min;
		uint8_t row;

		for (unsigned from = 0; from < 40; from++)
			for (unsigned r = 0; r < s->cell.pusch_times_n; r++) {
				unsigned k2 = s->cell.pusch_times[r].k0;

				if ((from + k2) % 40 != slot ||
					!served_cell_grants(s, from / 20, from % 20, k2))
					continue;
				granted++;
				assert_true(p[from % n] != 'U' && k2 >= k_min);
			}
		assert_int_equal(granted, p[slot % n] == 'U');
		assert_int_equal(served_cell_pdsch_row(s, slot / 20, slot % 20, &row), p[slot % n] != 'U');
		assert_true(p[slot % n] == 'U' || row == (p[slot % n] == 'S'));
		while (least <= 8 && p[(slot + least) % n] != 'U')
			least++;
		assert_int_equal(k1, p[slot % n] == 'U' || least > 8 ? 0 : least);
	}
}

static void test_tdd_times(void **state)
{
	static const char *const patterns[] = { "DDDSU", "DDDDDDDSUU", "DDSUU", "DSUUU", "DDSU", "DU" };
	static const unsigned leads[] = { 3, 4, 5, 6 };
	static struct served_cell s;

	for (size_t i = 0; i < ARRAY_LEN(patterns) * ARRAY_LEN(leads); i++) {
		const char *p = patterns[i / ARRAY_LEN(leads)];
		unsigned lead = leads[i % ARRAY_LEN(leads)];

		serve_tdd(&s, 1, p, lead == 3 ? 0 : (uint8_t)lead);
		assert_false(s.cell.paired);
		check_tdd_times(&s, p, lead + 1);
	}
}

/* How far preambles are to reach chooses their shifts, and then their roots; beyond the format it is refused.
 */
static void test_reach(void **state)
{
	static const struct {
		bool tdd;
		uint32_t reach_m;
		int zone; /* -1: refused */
		unsigned roots;
	} cases[] = { { false, 0, 12, 10 }, { false, 14000, 12, 10 }, { false, 14500, -1, 0 },
		{ false, 1000, 1, 1 }, { false, 2000, 3, 2 }, { true, 0, 12, 13 }, { true, 700, 12, 13 },
		{ true, 1700, 15, 32 }, { true, 1800, -1, 0 } };
	static struct served_cell s;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct served_cell_config c = { .band = 3,
			.arfcn = 368500,
			.bandwidth_mhz = 20,
			.mnc_digits = 2,
			.reach_m = cases[i].reach_m,
			.tdd_pattern = "DDDSU",
			.tdd_downlink_symbols = 6,
			.tdd_uplink_symbols = 4 };
		const char *wrong;

		if (cases[i].tdd) {
			c.band = 78;
			c.arfcn = 633334;
			c.mu = 1;
		}
		wrong = served_cell_init(&s, &c);
		assert_int_equal(wrong != NULL, cases[i].zone < 0);
		if (wrong) {
			assert_non_null(strstr(wrong, "reach_m"));
			continue;
		}
		assert_int_equal(s.cell.rach.plan[0].config.zone, cases[i].zone);
		assert_int_equal(s.cell.rach.plan[0].roots_n, cases[i].roots);
	}
}

static void test_tdd_refused(void **state)
{
	static const char *const patterns[] = { "", "DDDD", "UUUUU", "DDSSU", "UDDDD", "DDDSUX", "DDDDDDSU",
		"SUUUU" };
	static struct served_cell s;

	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		struct served_cell_config c = {
			.band = 78, .arfcn = 633334, .mu = 1, .bandwidth_mhz = 40, .mnc_digits = 2
		};

		for (size_t k = 0; patterns[i][k]; k++)
			c.tdd_pattern[k] = patterns[i][k];
		assert_non_null(served_cell_init(&s, &c));
	}
}

/* What the DU says of itself is what a UE reads: carrier, block, CORESET 0 as it chose them. */
static void test_own_system_information(void **state)
{
	const struct cell *c = &served.cell;

	assert_int_equal(c->downlink.hz, UINT64_C(1842500000));
	assert_int_equal(c->uplink.hz, UINT64_C(1747500000));
	assert_true(c->paired && c->band == 3 && c->downlink.bwp_prbs == 106 && c->uplink.bwp_prbs == 106);
	assert_int_equal(c->type0.coreset.first_crb, served.place.coreset_crb);
	assert_true(c->ssb_sent == 1 && c->ssb_period_ms == 10 && c->random_access.id == 1);
	assert_true(c->access.preambles == 64 && c->access.response_window_slots == 10 &&
		    c->access.contention_ms == 64 && c->access.trans_max == 10);
	assert_int_equal(c->alignment_ms, UINT32_MAX);
}

/* 38.213 Table 10.1-2: what a UE has of its own is looked for in every slot, beside SIB1's PDCCH and the
 * common space. */
static void test_pdcch_budget(void **state)
{
	struct cell_own own;
	struct served_cell_config c = served.config;
	static struct served_cell s;

	c.space = SERVED_CELL_SPACE_UE_SPECIFIC;
	assert_null(served_cell_init(&s, &c));
	assert_true(served_cell_own(&own, &s, 0) && served_cell_within_budget(&s, &own));
	/* 2 of the common space and 7 of SIB1, of one size each: 35 are left for two sizes */
	own.spaces[0].space = (struct phy_search_space){
		.period = 1, .duration = 1, .symbols = 1, .candidates = { 6, 6, 4, 1 }, .ue_specific = true
	};
	assert_true(served_cell_within_budget(&s, &own));
	own.spaces[0].space.candidates[0] = 8;
	assert_false(served_cell_within_budget(&s, &own));
}

/* A channel of 3 MHz (38.213 Table 13-0): 15 of 24 blocks of CORESET 0 are there, of which the first five
 * CCEs, in two symbols, are whole; the rest of SIB1's numbers go by the 15. */
static void test_narrow(void **state)
{
	struct served_cell_config c = { .pci = 1,
		.band = 28,
		.arfcn = 156100,
		.bandwidth_mhz = 3,
		.mcc = { 0, 0, 1 },
		.mnc = { 0, 1 },
		.mnc_digits = 2,
		.tac = 7,
		.cell_identity = 0x19b01 };
	static struct served_cell s;
	struct cell_own own;

	assert_null(served_cell_init(&s, &c));
	assert_true(s.cell.downlink.prbs == 15 && s.cell.uplink.prbs == 15 && s.cell.ssb_punctured);
	assert_true(s.cell.type0.coreset.n_rb == 24 && phy_coreset_present(&s.cell.type0.coreset) == 15);
	assert_true(s.cell.type0.coreset.n_cce == 8 && !s.cell.type0.coreset.interleaved);
	assert_true(s.cell.bandwidth.initial_dl == 15 && s.cell.type0.table.n_rb == 15);
	assert_true(s.cell.ssb_first_sc + 144 <= 15 * 12);
	/* the block's lowest subcarrier lies k_SSB above that of a common block (38.211 7.4.3.1) */
	assert_int_equal((s.cell.ssb_first_sc - s.mib.k_ssb) % 12, 0);
	assert_true(served_cell_own(&own, &s, 3));
	assert_true(own.spaces[0].space.candidates[2] == 1 && own.spaces[0].space.candidates[0] == 0);
	c.space = SERVED_CELL_SPACE_UE_SPECIFIC;
	assert_non_null(strstr(served_cell_init(&s, &c), "punctured"));
	c.space = SERVED_CELL_SPACE_AUTO;
	c.mu = 1;
	assert_non_null(strstr(served_cell_init(&s, &c), "38.104 5.3.2"));
	c.mu = 0;
	c.band = 3;
	c.arfcn = 368500;
	assert_non_null(strstr(served_cell_init(&s, &c), "3 MHz, which the band does not have"));
}

/* Without reports there is neither CSI-RS nor a block of PUCCH for them, and nothing of it in what a UE has.
 */
static void test_no_reports(void **state)
{
	struct served_cell_config c = { .pci = 1,
		.band = 3,
		.arfcn = 368500,
		.bandwidth_mhz = 10,
		.mcc = { 0, 0, 1 },
		.mnc = { 0, 1 },
		.mnc_digits = 2,
		.tac = 7,
		.cell_identity = 0x19b01 };
	static struct served_cell with, without;
	struct cell_own own;
	unsigned slots = 0;

	assert_null(served_cell_init(&with, &c));
	c.no_reports = true;
	assert_null(served_cell_init(&without, &c));
	assert_int_equal(served_cell_low_prbs(&with), served_cell_low_prbs(&without) + 1);
	for (unsigned i = 0; i < 400; i++) {
		slots += served_cell_is_csi_slot(&with, i);
		assert_false(served_cell_is_csi_slot(&without, i));
	}
	assert_int_equal(slots, 10); /* each 40 ms */
	assert_true(served_cell_own(&own, &with, 3) && own.report.there && own.csi_rs[0].there);
	assert_true(served_cell_own(&own, &without, 3) && !own.report.there && !own.csi_rs[0].there);
}

/* What 38.331 has no timer for, or what cannot be, is no DRX; what it has none of is the least above. */
static void test_drx_timers(void **state)
{
	struct served_cell_config c = { .pci = 1,
		.band = 3,
		.arfcn = 368500,
		.bandwidth_mhz = 10,
		.mcc = { 0, 0, 1 },
		.mnc = { 0, 1 },
		.mnc_digits = 2,
		.tac = 7,
		.cell_identity = 0x19b01,
		.drx_cycle_ms = 160,
		.drx_on_ms = 7,
		.drx_inactivity_ms = 25,
		.drx_short_cycle_ms = 20,
		.drx_short_cycles = 4 };
	static struct served_cell s;

	assert_null(served_cell_init(&s, &c));
	assert_true(s.drx.there && s.drx.on_us == 8000 && s.drx.inactivity_ms == 30 && s.drx.short_ms == 20);
	assert_int_equal(served_cell_drx(&s, 3).offset_ms, 24); /* on-durations one behind the other */
	c.drx_cycle_ms = 150;
	assert_non_null(served_cell_init(&s, &c));
	c.drx_cycle_ms = 160;
	c.drx_short_cycle_ms = 35; /* not a part of the long one */
	assert_non_null(served_cell_init(&s, &c));
}

/* Of 80 slots, two intervals. */
static unsigned srs_slots(const struct served_cell *s)
{
	unsigned n = 0;

	for (unsigned slot = 0; slot < 80; slot++)
		n += served_cell_is_srs_slot(s, slot);
	return n;
}

/* Nobody else is where a UE sounds: another UE on its comb in its slot, PUCCH's blocks, random access, or
 * what is downlink (38.211 6.4.1.4). */
static void assert_alone(const struct served_cell *s, unsigned ues)
{
	static bool taken[2560][4];
	const struct cell *c = &s->cell;
	unsigned frame = cell_frame_slots(c), low = served_cell_low_prbs(s);
	struct phy_prach_occasion at[PHY_PRACH_OCCASIONS_MAX];

	memset(taken, 0, sizeof(taken));
	assert_int_equal(srs_slots(s), 2);
	for (unsigned i = 0; i < ues; i++) {
		struct cell_own own;
		const struct phy_srs_config *r = &own.srs[0].config;
		unsigned first, end;
		struct phy_srs plan;

		assert_true(served_cell_own(&own, s, i) && own.srs[0].there);
		assert_int_equal(phy_srs_init(&plan, r), PHY_SRS_OK);
		assert_true(!taken[r->offset][r->comb_offset] && served_cell_is_srs_slot(s, r->offset));
		taken[r->offset][r->comb_offset] = true;
		first = phy_srs_first(&plan, 0, r->offset % frame, 0, 0) - r->bwp_start * PHY_SC_PER_PRB;
		end = first + (plan.length - 1u) * r->comb;
		assert_true(first >= low * PHY_SC_PER_PRB && first < (low + 1) * PHY_SC_PER_PRB);
		assert_in_range(
			end / PHY_SC_PER_PRB, r->bwp_prbs / 2, r->bwp_prbs - 1 - SERVED_CELL_PUCCH_PRBS);
		for (unsigned slot = r->offset; slot < 1024 * frame; slot += r->period) {
			assert_int_equal(cell_rach_occasions(c, slot / frame, slot % frame, at), 0);
			assert_true(cell_slot_format(c, slot / frame, slot % frame).uplink >> 13 & 1);
			assert_true(cell_own_sounds(&own, slot / frame, slot % frame) == &own.srs[0]);
		}
	}
}

static void test_sounding(void **state)
{
	static const char *const patterns[] = { "DDDSU", "DDDDDDDSUU", "DDSU" };
	static struct served_cell s;
	struct served_cell_config c = { .band = 3,
		.arfcn = 368500,
		.bandwidth_mhz = 20,
		.mcc = { 9, 9, 9 },
		.mnc = { 7, 0 },
		.mnc_digits = 2,
		.sounding = true };
	struct cell_own own;

	for (c.bandwidth_mhz = 5; c.bandwidth_mhz <= 20; c.bandwidth_mhz *= 2)
		for (c.ues_max = 1; c.ues_max <= 256; c.ues_max *= 4) {
			assert_null(served_cell_init(&s, &c));
			assert_alone(&s, c.ues_max);
		}
	c.band = 78;
	c.arfcn = 633334;
	c.mu = 1;
	c.ues_max = 256;
	c.tdd_downlink_symbols = 10;
	c.bandwidth_mhz = 40;
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		c.tdd_uplink_symbols = 2;
		memset(c.tdd_pattern, 0, sizeof(c.tdd_pattern));
		memcpy(c.tdd_pattern, patterns[i], strlen(patterns[i]));
		assert_null(served_cell_init(&s, &c));
		assert_alone(&s, c.ues_max);
		c.tdd_uplink_symbols = 0; /* nothing to send it in */
		assert_null(served_cell_init(&s, &c));
		assert_true(served_cell_own(&own, &s, 0) && !own.srs[0].there && srs_slots(&s) == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pucch_resources),
		cmocka_unit_test(test_pusch_times),
		cmocka_unit_test(test_msg3),
		cmocka_unit_test(test_paging_occasions),
		cmocka_unit_test(test_own_system_information),
		cmocka_unit_test(test_tdd_times),
		cmocka_unit_test(test_sounding),
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_tdd_refused),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_pdcch_budget),
		cmocka_unit_test(test_no_reports),
		cmocka_unit_test(test_drx_timers),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
