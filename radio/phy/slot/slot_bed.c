#include "radio/phy/slot/slot_bed.h"

enum { SSB_PRBS = 21, CELL = 301, PRACH_FROM = 20 /* PRB */, PRACH_DUE = 4 /* slots */ };

void bed_seed(uint64_t s)
{
	seed = s;
}

struct phy_slot_config bed_config(bool wide)
{
	return (struct phy_slot_config){
		.carrier = { .mu = wide,
			.first_crb = 5,
			.prbs = wide ? 273 : 106,
			.fft_size = wide ? 4096 : 2048,
			.carrier_hz = wide ? 3500010000 : 2140000000 },
		.antennas = BED_ANTENNAS,
		.layers = 2,
		.shared = BED_SHARED,
		.pucch = BED_PUCCH,
		.srs = 1,
		.csi_rs = 1,
		.prach = 2,
		.harqs = 8,
		.tb_bits = BED_TB_BITS,
		.preambles = { .format = PHY_PRACH_0, .l_ra = 839, .root_index = 22, .zone = 12 },
		.kern_level = KERN_LEVELS - 1,
	};
}

static void draw_ssb(struct bed_dl *b, const struct phy_slot_config *c)
{
	unsigned first = pick(0, c->carrier.prbs - SSB_PRBS) * 12 + pick(0, 11);

	b->ssb = (struct phy_dl_ssb){ .place = { CELL, 8, 2, (uint16_t)first },
		.payload = { .sfn = b->slot.time.sfn },
		.amplitude = 1,
		.pss_gain = 1,
		.antenna = (uint8_t)pick(0, 1) };
	b->ssb_rx = (struct phy_dl_ssb_rx){ .place = b->ssb.place };
	draw_packed(b->ssb.payload.mib, 24);
	b->slot.ssb = &b->ssb;
	b->expected.ssb = &b->ssb_rx;
	b->slot.ssb_n = b->expected.ssb_n = 1;
}

/* Two PDCCHs of two RNTIs in a CORESET of 48 blocks and two symbols. */
static void draw_pdcch(struct bed_dl *b, const struct phy_slot_config *c)
{
	struct phy_pdcch_search *s = &b->pdcch_rx.search;

	b->coreset = (struct phy_coreset){
		.groups = 0xff, .first_crb = c->carrier.first_crb, .dmrs_id = CELL, .n_symb = 2, .bundle = 6
	};
	assert_true(phy_coreset_init(&b->coreset));
	*s = (struct phy_pdcch_search){ .occasion = { .coreset = &b->coreset, .n_id = CELL },
		.candidate = { { 0, 8 }, { 8, 4 }, { 12, 4 } },
		.candidates = 3,
		.sizes = 1,
		.size = { 40 },
		.rntis = 2,
		.rnti = { 0x4601, 0x4602 } };
	for (unsigned i = 0; i < 2; i++) {
		b->pdcch[i] = (struct phy_dl_pdcch){ .occasion = s->occasion,
			.at = s->candidate[i],
			.rnti = s->rnti[i],
			.bits = 40,
			.amplitude = 1 };
		draw_packed(b->pdcch[i].dci, 40);
	}
	b->slot.pdcch = b->pdcch;
	b->slot.pdcch_n = 2;
	b->expected.pdcch = &b->pdcch_rx;
	b->expected.pdcch_n = 1;
}

static void draw_csi_rs(struct bed_dl *b, const struct phy_slot_config *c)
{
	struct phy_csi_rs plan;

	b->csi_rs = (struct phy_dl_csi_rs){ .amplitude = 1 };
	b->csi_rs.config = (struct phy_csi_rs_config){ .row = 3,
		.density = PHY_CSI_RS_ONE,
		.l0 = 12,
		.frequency = (uint16_t)(1u << pick(0, 5)),
		.first_crb = c->carrier.first_crb,
		.prbs = c->carrier.prbs,
		.n_id = CELL };
	assert_int_equal(phy_csi_rs_init(&plan, &b->csi_rs.config), PHY_CSI_RS_OK);
	b->reserved = (struct phy_reserved){ 1 << 12, plan.re[12], c->carrier.first_crb, c->carrier.prbs };
	b->csi_rs_rx = (struct phy_dl_csi_rs_rx){ .config = b->csi_rs.config };
	b->slot.csi_rs = &b->csi_rs;
	b->expected.csi_rs = &b->csi_rs_rx;
	b->slot.csi_rs_n = b->expected.csi_rs_n = 1;
}

/* One or two layers, from antennas of their own or from both, with PT-RS or without. */
static void draw_layers(struct bed_dl *b, unsigned i)
{
	struct phy_pdsch_config *d = &b->pdsch[i].config;
	struct phy_precoding *w = &b->precoders[i];

	d->layers = (uint8_t)pick(1, 2);
	d->ports[1] = 1;
	if (pick(0, 1))
		d->ptrs = (struct phy_ptrs_config){ .time_density = (uint8_t)(1 << pick(0, 2)),
			.frequency_density = 2,
			.re_offset = (uint8_t)pick(0, 3) };
	*w = (struct phy_precoding){ .ports = BED_ANTENNAS, .layers = d->layers };
	w->w[0][0] = w->w[1][0] = w->w[0][1] = (struct phy_cf){ 0.70710678f, 0 };
	w->w[1][1] = (struct phy_cf){ -0.70710678f, 0 };
	if (pick(0, 1))
		b->pdsch[i].precoders = w;
	else if (d->layers == 1)
		b->pdsch[i].antenna = (uint8_t)pick(0, 1);
}

/* Blocks [from, to) but those of the SS/PBCH block. */
static void draw_pdsch(
	struct bed_dl *b, const struct phy_slot_config *c, unsigned i, unsigned from, unsigned to)
{
	unsigned ssb = b->slot.ssb_n ? b->ssb.place.first_sc / 12u : c->carrier.prbs;
	struct phy_pdsch_config *d = &b->pdsch[i].config;
	static struct phy_pdsch plan;

	*d = (struct phy_pdsch_config){ .mu = c->carrier.mu,
		.bwp_start = c->carrier.first_crb,
		.bwp_prbs = c->carrier.prbs,
		.time = { .s = 2, .l = 11 },
		.rnti = (uint16_t)(0x4601 + i),
		.n_id = CELL,
		.codeword = { { .mcs = (uint8_t)pick(0, 10) } },
		.reserved = &b->reserved,
		.reserved_n = b->slot.csi_rs_n };
	d->dmrs = (struct phy_dmrs){
		.additional = 1, .type_a_position = 2, .groups_without_data = 2, .n_id = { CELL, CELL }
	};
	draw_layers(b, i);
	for (unsigned prb = from; prb < to; prb++) {
		if (prb < ssb || prb >= ssb + SSB_PRBS)
			d->prbs.at[d->prbs.n++] = (uint16_t)prb;
	}
	assert_int_equal(phy_pdsch_init(&plan, d), PHY_PDSCH_OK);
	draw_packed(b->tb[i], plan.sch[0].a);
	b->pdsch[i].tb[0] = bytes_of(b->tb[i], (plan.sch[0].a + 7) / 8);
	b->pdsch_rx[i] = (struct phy_dl_pdsch_rx){
		.config = *d, .harq_process = (uint8_t)pick(0, 15), .new_data = { true }
	};
}

void bed_draw_dl(struct bed_dl *b, const struct phy_slot_config *c, unsigned n)
{
	unsigned count = pick(1, BED_SHARED), from = 0;

	memset(b, 0, sizeof(*b));
	b->slot.time = b->expected.time = slot_time_of(c->carrier.mu, n);
	if (n % 2 == 0)
		draw_ssb(b, c);
	draw_pdcch(b, c);
	if (pick(0, 1))
		draw_csi_rs(b, c);
	for (unsigned i = 0; i < count; i++) {
		unsigned to =
			i + 1 < count ? c->carrier.prbs * (i + 1) / count - pick(0, 3) : c->carrier.prbs;

		draw_pdsch(b, c, i, from, to);
		from = to;
	}
	b->slot.pdsch = b->pdsch;
	b->expected.pdsch = b->pdsch_rx;
	b->slot.pdsch_n = b->expected.pdsch_n = count;
}

static bool came(const struct bed_dl *b, const struct phy_dl_pdcch *sent)
{
	for (unsigned i = 0; i < b->pdcch_rx.found_n; i++) {
		const struct phy_pdcch_found *f = &b->pdcch_rx.found[i];

		if (f->rnti == sent->rnti && f->at.cce == sent->at.cce && same_bits(f->dci, sent->dci, 40))
			return true;
	}
	return false;
}

void bed_check_dl(const struct bed_dl *b)
{
	if (b->slot.ssb_n) {
		assert_true(b->ssb_rx.ok);
		assert_int_equal(b->ssb_rx.payload.sfn, b->ssb.payload.sfn);
		assert_memory_equal(
			b->ssb_rx.payload.mib + 1, b->ssb.payload.mib + 1, 2); /* behind the SFN */
	}
	assert_int_equal(b->pdcch_rx.found_n, 2);
	assert_true(came(b, &b->pdcch[0]) && came(b, &b->pdcch[1]));
	for (size_t i = 0; i < b->slot.pdsch_n; i++) {
		assert_true(b->pdsch_rx[i].result.ok);
		assert_true(bytes_equal(b->pdsch_rx[i].tb[0], b->pdsch[i].tb[0]));
	}
	if (b->slot.csi_rs_n) {
		assert_true(b->csi_rs_rx.ok);
		assert_true(b->csi_rs_rx.measurement.sinr > 30);
	}
}

static void draw_pusch(
	struct bed_ul *b, const struct phy_slot_config *c, unsigned i, unsigned from, unsigned to)
{
	struct phy_pusch_config *d = &b->pusch[i].config;
	static struct phy_pusch plan;

	*d = (struct phy_pusch_config){ .mu = c->carrier.mu,
		.bwp_start = c->carrier.first_crb,
		.bwp_prbs = c->carrier.prbs,
		.time = { .s = 0, .l = 13 },
		.ports = { 0, 1 },
		.layers = (uint8_t)pick(1, 2),
		.rnti = (uint16_t)(0x4601 + i),
		.n_id = CELL,
		.mcs = (uint8_t)pick(0, 10) };
	d->dmrs = (struct phy_dmrs){
		.additional = 1, .type_a_position = 2, .groups_without_data = 2, .n_id = { CELL, CELL }
	};
	if (pick(0, 1)) { /* HARQ-ACK along with data */
		d->uci.bits[PHY_PUSCH_ACK] = (uint16_t)pick(1, 11);
		d->uci.beta[PHY_PUSCH_ACK] = 9;
		d->uci.alpha = PHY_ALPHA_1;
	}
	for (unsigned prb = from; prb < to; prb++)
		d->prbs.at[d->prbs.n++] = (uint16_t)prb;
	assert_int_equal(phy_pusch_init(&plan, d), PHY_PUSCH_OK);
	draw_packed(b->tb[i], plan.sch.a);
	b->pusch[i].tb = bytes_of(b->tb[i], (plan.sch.a + 7) / 8);
	b->pusch[i].uci[PHY_PUSCH_ACK] = b->uci[i];
	b->pusch_rx[i] = (struct phy_ul_pusch_rx){
		.config = *d, .harq_process = (uint8_t)pick(0, 15), .new_data = true
	};
}

/* Two users of one resource of format 1, one of format 2, one of format 3. */
static void draw_pucch(struct bed_ul *b, const struct phy_slot_config *c)
{
	for (unsigned i = 0; i < BED_PUCCH; i++) {
		struct phy_pucch_config *d = &b->pucch[i].config;

		*d = (struct phy_pucch_config){ .format = (uint8_t)(i < 2 ? 1 : i),
			.mu = c->carrier.mu,
			.bwp_start = c->carrier.first_crb,
			.bwp_prbs = c->carrier.prbs,
			.prbs = 1,
			.symbols = 12,
			.hopping_id = CELL,
			.n_id = CELL,
			.dmrs_id = CELL,
			.rnti = (uint16_t)(0x4601 + i),
			.bits = i < 2 ? 1 : 8 };
		if (i < 2) {
			d->hopping = true;
			d->second_prb = (uint16_t)(c->carrier.prbs - 1);
			d->initial_shift = (uint8_t)(4 * i);
		}
		if (i == 2) {
			d->first_prb = 1;
			d->prbs = 4;
			d->first_symbol = 9;
			d->symbols = 2;
		}
		if (i == 3) {
			d->first_prb = 5;
			d->prbs = 2;
		}
		b->pucch[i].uci = b->uci[i];
		b->pucch_rx[i].config = *d;
	}
	b->slot.pucch = b->pucch;
	b->expected.pucch = b->pucch_rx;
	b->slot.pucch_n = b->expected.pucch_n = BED_PUCCH;
}

static void draw_srs(struct bed_ul *b, const struct phy_slot_config *c)
{
	b->srs = (struct phy_srs_config){ .mu = c->carrier.mu,
		.bwp_start = c->carrier.first_crb,
		.bwp_prbs = c->carrier.prbs,
		.ports = (uint8_t)pick(1, 2),
		.symbols = 1,
		.repetition = 1,
		.comb = 2,
		.comb_offset = (uint8_t)pick(0, 1),
		.cyclic_shift = (uint8_t)pick(0, 7),
		.c_srs = (uint8_t)pick(0, 20),
		.n_id = CELL };
	b->srs_rx = (struct phy_ul_srs_rx){ .config = b->srs, .estimates = &b->estimate };
	b->slot.srs = &b->srs;
	b->expected.srs = &b->srs_rx;
	b->slot.srs_n = b->expected.srs_n = 1;
}

/* Format 0 in subframes 0 and 2 of each four: at 30 kHz it takes two slots. */
static void draw_prach(struct bed_ul *b)
{
	b->prach = (struct phy_ul_prach){ .place = { .occasion = { .format = PHY_PRACH_0 },
						  .first_prb = PRACH_FROM },
		.preamble = (uint8_t)pick(0, 63),
		.amplitude = 1 };
	b->slot.prach = &b->prach;
	b->expected.prach = &b->prach.place;
	b->expected.prach_n = 1;
}

void bed_draw_ul(struct bed_ul *b, const struct phy_slot_config *c, unsigned n)
{
	bool prach = n % PRACH_DUE < 1u << c->carrier.mu;
	unsigned count = pick(1, BED_SHARED), from = prach ? PRACH_FROM + 6 : 10;

	memset(b, 0, sizeof(*b));
	b->slot.time = b->expected.time = slot_time_of(c->carrier.mu, n);
	for (unsigned i = 0; i < BED_PUCCH * BED_UCI; i++)
		b->uci[i / BED_UCI][i % BED_UCI] = draw() & 1;
	for (unsigned i = 0; i < count; i++) {
		unsigned to = i + 1 < count ? c->carrier.prbs * (i + 1) / count : c->carrier.prbs - 1;

		draw_pusch(b, c, i, from, to);
		from = to;
	}
	b->slot.pusch = b->pusch;
	b->expected.pusch = b->pusch_rx;
	b->slot.pusch_n = b->expected.pusch_n = count;
	draw_pucch(b, c);
	if (n % PRACH_DUE == 0)
		draw_prach(b);
	if (!prach)
		draw_srs(b, c);
}

void bed_check_ul(const struct bed_ul *b)
{
	for (size_t i = 0; i < b->slot.pusch_n; i++) {
		const struct phy_pusch_result *r = &b->pusch_rx[i].result;
		unsigned bits = b->pusch[i].config.uci.bits[PHY_PUSCH_ACK];

		assert_true(r->ok);
		assert_true(bytes_equal(b->pusch_rx[i].tb, b->pusch[i].tb));
		if (bits > 0)
			assert_memory_equal(r->uci[PHY_PUSCH_ACK].bits, b->uci[i], bits);
	}
	for (unsigned i = 0; i < b->slot.pucch_n; i++) {
		assert_true(b->pucch_rx[i].result.detected);
		assert_memory_equal(b->pucch_rx[i].result.uci, b->uci[i], b->pucch[i].config.bits);
	}
	if (b->slot.srs_n)
		assert_true(b->estimate.power > 10 * b->estimate.noise);
}
