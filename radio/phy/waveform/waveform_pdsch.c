#include "radio/phy/waveform/waveform_parts.h"

/* Whether a sending's PDCCH is in this slot. */
static bool pdcch_here(
	const struct phy_waveform *w, const struct phy_sib1_sending *s, unsigned sfn, unsigned slot)
{
	if (s->slot != slot)
		return false;
	if (!w->schedule.with_ssb)
		return sfn % 2 == s->sfn_odd;
	return phy_waveform_has_ssb(&w->config, sfn, s->half_frame);
}

/* The slot before, as many as k0, where the PDSCH of this slot has its PDCCH. */
static bool pdsch_here(
	const struct phy_waveform *w, const struct phy_sib1_sending *s, unsigned sfn, unsigned slot)
{
	unsigned slots = 10u << w->config.mu, k0 = s->allocation.k0;

	return slot >= k0 ? pdcch_here(w, s, sfn, slot - k0)
			  : pdcch_here(w, s, (sfn + 1023) % 1024, slot + slots - k0);
}

bool phy_waveform_slot_has_sib1(const struct phy_waveform *w, unsigned sfn, unsigned slot)
{
	for (unsigned i = 0; i < w->schedule.n; i++)
		if (pdcch_here(w, &w->schedule.at[i], sfn, slot) ||
			pdsch_here(w, &w->schedule.at[i], sfn, slot))
			return true;
	return false;
}

/* DCI 1_0 with SI-RNTI, system information indicator 0, redundancy version 0 (38.331 5.2.1: as the UE
 * likes). */
static void put_pdcch(
	struct phy_waveform *w, const struct phy_sib1_sending *s, unsigned slot, struct phy_grid *grid)
{
	const struct phy_waveform_config *c = &w->config;
	struct phy_type0_pdcch t;
	struct phy_dci dci = { .kind = PHY_DCI_1_0_SI };

	(void)phy_dci_riv(&dci.field[PHY_DCI_FREQUENCY], s->first_rb, s->rbs, w->place.coreset0.n_rb);
	dci.field[PHY_DCI_TIME] = s->time;
	dci.field[PHY_DCI_MCS] = s->mcs;
	if (phy_type0_pdcch_init(&t, &w->place.cell, (uint8_t)(c->coreset_zero << 4 | c->search_space_zero),
		    c->n_cell_id, w->place.ssb_crb, s->ssb_index, s->half_frame))
		(void)phy_type0_pdcch_transmit(&t, w->codes, slot, s->al, &dci, 1, grid);
}

void phy_waveform_mark(struct phy_waveform *w, unsigned slot, const struct phy_pdsch *plan, bool balancing)
{
	static const enum phy_signal of[PHY_MODULATIONS] = { [PHY_QPSK] = PHY_SIGNAL_QPSK,
		[PHY_16QAM] = PHY_SIGNAL_16QAM,
		[PHY_64QAM] = PHY_SIGNAL_64QAM,
		[PHY_256QAM] = PHY_SIGNAL_256QAM,
		[PHY_1024QAM] = PHY_SIGNAL_1024QAM };
	size_t row = (size_t)w->config.prbs * PHY_SC_PER_PRB, n = row * w->ofdm.symbols;
	enum phy_signal what = !plan       ? PHY_SIGNAL_PDCCH
			       : balancing ? PHY_SIGNAL_BALANCING
					   : of[plan->modulation[0]];
	uint8_t *at = w->signals + slot * n;

	for (size_t i = 0; i < n; i++) {
		bool dmrs =
			plan && plan->dmrs_symbols >> i / row & 1 && plan->dmrs_re >> i % PHY_SC_PER_PRB & 1;

		if (at[i] == PHY_SIGNAL_NONE && (w->re[i].re != 0 || w->re[i].im != 0))
			at[i] = (uint8_t)(dmrs ? PHY_SIGNAL_DMRS : what);
	}
}

void phy_waveform_put_sib1(
	struct phy_waveform *w, const struct kern *k, unsigned sfn, unsigned slot, struct phy_grid *grid)
{
	const uint8_t *tb = w->sib1;
	unsigned in_subframe = (1u << w->config.mu) - 1;

	for (unsigned i = 0; i < w->schedule.n; i++) {
		const struct phy_sib1_sending *s = &w->schedule.at[i];

		if (pdcch_here(w, s, sfn, slot)) {
			put_pdcch(w, s, slot, grid);
			phy_waveform_mark(w, slot & in_subframe, NULL, false);
		}
		if (pdsch_here(w, s, sfn, slot) &&
			phy_sib1_pdsch(&w->plan, &w->config, &w->place, s) == PHY_PDSCH_OK) {
			(void)phy_pdsch_send(w->sender, k, &w->plan, slot, &tb, NULL, grid);
			phy_waveform_mark(w, slot & in_subframe, &w->plan, false);
		}
	}
}

/* The symbols of a slot that SS/PBCH blocks touch, as a mask. */
static uint16_t ssb_symbols(const struct phy_waveform *w, unsigned sfn, unsigned slot)
{
	const struct phy_waveform_config *c = &w->config;
	unsigned mu = phy_ssb_mu(c->pattern), per_half = 5u << c->mu, symbols = w->ofdm.symbols;
	/* in 1 / 336 of a slot: a symbol is 24 or 28, one of the block 24 * 2^(mu - its own) */
	unsigned one = 336 / symbols, block_one = (24u << c->mu << 4) >> mu;
	unsigned begin = slot % per_half * 336;
	uint16_t mask = 0;

	if (!phy_waveform_has_ssb(c, sfn, slot / per_half))
		return 0;
	for (unsigned i = 0; i < c->l_max; i++) {
		unsigned from = phy_ssb_first_symbol(c->pattern, i) * block_one,
			 to = from + PHY_SSB_SYMBOLS * block_one;

		for (unsigned l = 0; l < symbols && (c->sent >> i & 1); l++)
			if (from < (begin + (l + 1) * one) << 4 && to > (begin + l * one) << 4)
				mask |= (uint16_t)(1 << l);
	}
	return mask;
}

/* The resource blocks that SS/PBCH blocks touch, as a reservation of these symbols. */
static struct phy_reserved ssb_reserved(const struct phy_waveform_config *c, uint16_t symbols)
{
	int64_t block_hz = PHY_SC_PER_PRB * (INT64_C(15000) << c->mu);
	int64_t half = phy_waveform_half_ssb_hz(c);
	int64_t low = c->ssb_offset_hz - half + c->prbs * block_hz / 2;
	unsigned first = (unsigned)(low / block_hz),
		 end = (unsigned)((low + 2 * half + block_hz - 1) / block_hz);

	return (struct phy_reserved){ symbols, 0xfff, (uint16_t)(c->first_crb + first),
		(uint16_t)(end - first) };
}

bool phy_waveform_all_downlink(const struct phy_waveform_config *c, unsigned sfn, unsigned slot)
{
	return c->tdd.period_slots == 0 ||
	       (sfn % 2 * (10u << c->mu) + slot) % c->tdd.period_slots < c->tdd.dl_slots;
}

/* Full symbols of a downlink slot from which the PDSCH goes; 0 symbols where the slot is not all downlink. */
static struct phy_time_domain test_time(const struct phy_waveform *w, unsigned sfn, unsigned slot)
{
	const struct phy_waveform_config *c = &w->config;
	/* symbols of CORESET 0, or two, are left to PDCCH; three go with dmrs-TypeA-Position 3 */
	unsigned first = w->place.coreset0.n_symb > 0 ? w->place.coreset0.n_symb : 2;

	if (!phy_waveform_all_downlink(c, sfn, slot))
		return (struct phy_time_domain){ 0 };
	return (struct phy_time_domain){ false, 0, (uint8_t)first, (uint8_t)(w->ofdm.symbols - first) };
}

/* All of the carrier; or in groups of allocation type 0 those that do not meet a reservation. */
static bool test_prbs(
	struct phy_prbs *p, const struct phy_waveform_config *c, const struct phy_reserved *around)
{
	struct phy_vrb v = { .bwp_start = c->first_crb, .bwp_prbs = c->prbs, .size = c->prbs };
	unsigned size = phy_rbg_size(c->prbs, 1), groups = phy_rbg_count(c->first_crb, c->prbs, 1);
	uint8_t bitmap[PHY_PRB_MAX / 8 + 1] = { 0 };
	bool any = false;

	if (!around)
		return phy_prbs_type1(p, &v, 0, c->prbs);
	for (unsigned g = 0; g < groups; g++) {
		unsigned first = (c->first_crb / size + g) * size;

		if (first < around->first_crb + around->prbs && first + size > around->first_crb)
			continue;
		bitmap[g / 8] |= (uint8_t)(0x80 >> g % 8);
		any = true;
	}
	return any && phy_prbs_type0(p, &v, 1, bitmap);
}

/*
 * Rate matching goes around SS/PBCH blocks where DM-RS does not meet them; else their resource block groups
 * are left out, as a gNB would have to (38.214 5.1.4).
 */
static bool plan_test(struct phy_waveform *w, unsigned sfn, unsigned slot)
{
	const struct phy_waveform_config *c = &w->config;
	struct phy_reserved reserved = ssb_reserved(c, ssb_symbols(w, sfn, slot));
	struct phy_pdsch_config p = {
		.mu = c->mu,
		.extended = c->extended,
		.bwp_start = c->first_crb,
		.bwp_prbs = c->prbs,
		.time = test_time(w, sfn, slot),
		.dmrs = { .additional = 1,
			.type_a_position = c->dmrs_type_a_position,
			.groups_without_data = 2,
			.n_id = { c->n_cell_id, c->n_cell_id } },
		.rnti = PHY_WAVEFORM_TEST_RNTI,
		.n_id = c->n_cell_id,
		.mcs_table = c->test_mcs_table,
		.layers = 1,
		.codeword = { { .mcs = c->test_mcs } },
		.reserved = &reserved,
		.reserved_n = reserved.symbols != 0,
	};
	enum phy_pdsch_error e;

	if (p.time.l == 0 || !test_prbs(&p.prbs, c, NULL))
		return false;
	e = phy_pdsch_init(&w->plan, &p);
	if (e == PHY_PDSCH_DMRS_RESERVED && test_prbs(&p.prbs, c, &reserved))
		e = phy_pdsch_init(&w->plan, &p);
	return e == PHY_PDSCH_OK;
}

const struct phy_pdsch *phy_waveform_test_plan(struct phy_waveform *w, unsigned sfn, unsigned slot)
{
	bool sent =
		w->config.test_pdsch && !phy_waveform_slot_has_sib1(w, sfn, slot) && plan_test(w, sfn, slot);

	return sent ? &w->plan : NULL;
}

void phy_waveform_test_data(
	const struct phy_waveform_config *c, unsigned sfn, unsigned slot, uint8_t *out, size_t octets)
{
	uint64_t state = c->seed ^ ((uint64_t)sfn << 8 | slot) * UINT64_C(0xd1342543de82ef95);

	for (size_t i = 0; i < octets; i++) {
		uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */

		z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
		out[i] = (uint8_t)((z ^ z >> 31) >> 56);
	}
}

void phy_waveform_put_test(
	struct phy_waveform *w, const struct kern *k, unsigned sfn, unsigned slot, struct phy_grid *grid)
{
	const uint8_t *tb = w->tb;

	if (!phy_waveform_test_plan(w, sfn, slot))
		return;
	phy_waveform_test_data(&w->config, sfn, slot, w->tb, (w->plan.sch[0].a + 7) / 8);
	(void)phy_pdsch_send(w->sender, k, &w->plan, slot, &tb, NULL, grid);
	phy_waveform_mark(w, slot & ((1u << w->config.mu) - 1), &w->plan, false);
}
