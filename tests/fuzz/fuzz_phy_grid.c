/* The doors of fuzz_phy that take grids. */
#include <stdlib.h>

#include "radio/phy/channels/pdcch.h"
#include "radio/phy/channels/pdsch_fallback.h"
#include "radio/phy/channels/ssb_receive.h"
#include "tests/fuzz/fuzz_phy.h"

enum { GRID_PRBS = 40 }; /* of most grids */

static struct phy_grid grid_of(struct fuzz *f, unsigned prbs, unsigned symbols)
{
	size_t n = (size_t)prbs * PHY_SC_PER_PRB * symbols;

	return (struct phy_grid){ fuzz_samples(f, n), (uint16_t)prbs, (uint16_t)fuzz_upto(f, 20),
		(uint8_t)symbols };
}

static bool coreset_of(struct fuzz *f, struct phy_coreset *c)
{
	*c = (struct phy_coreset){ .groups = fuzz_u64(f) >> fuzz_u8(f) % 64,
		.first_crb = (uint16_t)fuzz_upto(f, 24) };
	c->dmrs_id = fuzz_u16(f);
	c->n_shift = (uint16_t)fuzz_upto(f, 1008);
	c->n_symb = (uint8_t)fuzz_upto(f, 4);
	c->bundle = (uint8_t)fuzz_upto(f, 6);
	c->interleaver = (uint8_t)fuzz_upto(f, 6);
	c->interleaved = fuzz_bool(f);
	c->wideband = fuzz_bool(f);
	c->own_reference = fuzz_bool(f);
	c->punctured = (uint8_t)(fuzz_bool(f) ? fuzz_upto(f, 20) : 0);
	return phy_coreset_init(c);
}

static void search_of(struct fuzz *f, struct phy_pdcch_search *s, const struct phy_coreset *c)
{
	struct phy_search_space space = { fuzz_u16(f), fuzz_u16(f), fuzz_u16(f), fuzz_u16(f) };

	for (unsigned i = 0; i < PHY_ALS; i++)
		space.candidates[i] = (uint8_t)fuzz_upto(f, 9);
	space.coreset_id = fuzz_u8(f);
	space.ue_specific = fuzz_bool(f);
	(void)phy_search_space_valid(&space, fuzz_upto(f, 3));
	(void)phy_search_space_monitored(&space, fuzz_u32(f), fuzz_u32(f), fuzz_upto(f, 640));
	*s = (struct phy_pdcch_search){ .occasion = {
						c, fuzz_u16(f), fuzz_u8(f) % 15, fuzz_u16(f), fuzz_u16(f) } };
	s->candidates =
		(uint8_t)phy_search_space_candidates(&space, c, fuzz_u32(f), fuzz_u16(f), s->candidate);
	s->candidates = s->candidates < 4 ? s->candidates : 4; /* or it takes long */
	for (unsigned i = 0; fuzz_bool(f) && i < PHY_CANDIDATES_MAX; i++)
		s->candidate[i] =
			(struct phy_candidate){ (uint8_t)fuzz_upto(f, 140), (uint8_t)fuzz_upto(f, 17) };
	s->sizes = fuzz_u8(f) % 3;
	s->size[0] = (uint8_t)fuzz_upto(f, 140);
	s->size[1] = (uint8_t)fuzz_upto(f, 140);
	s->rntis = (uint8_t)fuzz_upto(f, 3);
	s->rnti[0] = fuzz_u16(f);
	s->per_bundle = fuzz_bool(f);
}

void fuzz_pdcch(struct fuzz *f)
{
	static struct phy_pdcch_receiver *rx;
	static struct phy_polar_cache *codes;
	struct phy_pdcch_found found[2];
	struct phy_pdcch_search s;
	struct phy_coreset c;
	struct phy_precoding w[PHY_CORESET_RBS];
	struct phy_grid grid[2];
	struct phy_pdcch_output to = { .w = w, .ports = grid };

	rx = rx ? rx : phy_pdcch_receiver_new();
	codes = codes ? codes : phy_polar_cache_new();
	if (!coreset_of(f, &c))
		return;
	search_of(f, &s, &c);
	grid[0] = grid_of(f, 1 + fuzz_u8(f) % (GRID_PRBS + 60), fuzz_bool(f) ? 12 : 14);
	if (fuzz_bool(f))
		grid[0].first_crb = c.first_crb;
	grid[1] = grid[0];
	grid[1].re = fuzz_room(f, (size_t)grid[0].prbs * 12 * grid[0].symbols * sizeof(*grid[1].re));
	for (unsigned i = 0; i < PHY_CORESET_RBS; i++)
		w[i] = (struct phy_precoding){ 2, 1, false, { { { 1, 0 } }, { { 0, (float)(i % 2) } } } };
	if (fuzz_bool(f))
		to.w = NULL;
	if (fuzz_bool(f)) {
		const uint8_t *dci = fuzz_octets(f, PHY_DCI_OCTETS);

		to.amplitude = fuzz_float(f);
		(void)phy_pdcch_transmit(codes, &s.occasion, s.candidate[0], s.rnti[0], dci, s.size[0], &to);
	}
	(void)phy_pdcch_find(rx, &f->kern, &s, grid, 1 + fuzz_u8(f) % 2, found, 1 + fuzz_u8(f) % 2);
}

enum { ANTENNAS = 2, LAYERS = PHY_LAYERS_MAX };

struct phy_ptrs_config fuzz_ptrs(struct fuzz *f)
{
	return (struct phy_ptrs_config){ (uint8_t)(fuzz_bool(f) ? 1u << fuzz_upto(f, 2) % 8 : 0),
		(uint8_t)(2 * (1 + fuzz_upto(f, 1))), (uint8_t)fuzz_upto(f, 3), fuzz_bool(f),
		{ (uint8_t)(2u << fuzz_upto(f, 2) % 8), (uint8_t)(2 + 2 * fuzz_upto(f, 1)) } };
}

static struct phy_grid grid_for(struct fuzz *f, const struct phy_pdsch_config *c)
{
	struct phy_grid g = grid_of(
		f, c->bwp_prbs + fuzz_u8(f) % 3, fuzz_u8(f) ? (c->extended ? 12 : 14) : fuzz_u8(f) % 15);

	g.first_crb = fuzz_u8(f) < 250 ? c->bwp_start : g.first_crb;
	return g;
}

static const struct phy_precoding *precoders_of(struct fuzz *f, const struct phy_pdsch_config *c)
{
	static struct phy_precoding w[PHY_PRGS_MAX];

	if (fuzz_u8(f) < 100)
		return NULL;
	for (unsigned i = 0; i < PHY_PRGS_MAX; i++) {
		w[i].layers = c->layers;
		w[i].ports = ANTENNAS;
		w[i].w[i % ANTENNAS][i % LAYERS] = (struct phy_cf){ fuzz_float(f), 1 };
	}
	w[fuzz_u8(f) % PHY_PRGS_MAX].ports = fuzz_u8(f) < 250 ? ANTENNAS : fuzz_u8(f);
	return w;
}

/* Sends the plan, spoils what was sent, and receives it. */
static void send_receive(struct fuzz *f, const struct phy_pdsch_config *c)
{
	static struct phy_pdsch plan;
	static struct phy_pdsch_sender *sender;
	static struct phy_pdsch_receiver *receiver;
	struct phy_pdsch_result result;
	struct phy_harq *harq[PHY_CODEWORDS_MAX] = { NULL };
	struct phy_grid grids[LAYERS];
	unsigned slot = fuzz_upto(f, 80);
	uint8_t *tb[PHY_CODEWORDS_MAX];
	bool ready = true;

	sender = sender ? sender : phy_pdsch_sender_new();
	receiver = receiver ? receiver : phy_pdsch_receiver_new(phy_chest_filters_new(), ANTENNAS, LAYERS);
	if (phy_pdsch_init(&plan, c) != PHY_PDSCH_OK || plan.sch[0].a > 100000 || c->bwp_prbs > 3 * GRID_PRBS)
		return;
	for (unsigned i = 0; i < LAYERS; i++)
		grids[i] = i < ANTENNAS || i < c->layers ? grid_for(f, c) : grids[0];
	for (unsigned q = 0; q < plan.codewords; q++) {
		tb[q] = fuzz_octets(f, (plan.sch[q].a + 7) / 8);
		harq[q] = phy_harq_new(plan.sch[q].a);
		ready = ready && harq[q];
	}
	if (fuzz_bool(f))
		(void)phy_pdsch_send(
			sender, &f->kern, &plan, slot, (const uint8_t *const *)tb, precoders_of(f, c), grids);
	if (ready)
		(void)phy_pdsch_receive(
			receiver, &f->kern, &plan, slot, grids, 1 + fuzz_u8(f) % ANTENNAS, harq, tb, &result);
	for (unsigned q = 0; q < plan.codewords; q++)
		phy_harq_free(harq[q]);
}

static void prbs_of(struct fuzz *f, struct phy_pdsch_config *c)
{
	unsigned step = fuzz_u8(f) < 200 ? 1 : 2 + fuzz_u8(f) % 3, at = fuzz_u8(f) % 8;

	c->prbs.n = 0;
	for (unsigned n = fuzz_upto(f, GRID_PRBS); c->prbs.n < n && c->prbs.n < PHY_PRB_MAX; at += step)
		c->prbs.at[c->prbs.n++] = (uint16_t)(fuzz_u8(f) < 253 ? at : fuzz_u16(f));
	c->prbs.n = fuzz_u8(f) < 253 ? c->prbs.n : fuzz_u16(f);
}

/* What a pattern and LTE's CRS of the input take; how many. */
static size_t reserved_of(struct fuzz *f, struct phy_reserved *at, size_t room)
{
	struct phy_reserved_list l = { at, room, 0, 0 };
	struct phy_rate_match_pattern p = { (uint16_t)fuzz_upto(f, 40), (uint16_t)fuzz_upto(f, PHY_PRB_MAX),
		.two_slots = fuzz_bool(f), .symbols = fuzz_u32(f), .period = (uint8_t)fuzz_upto(f, 40),
		.pattern = fuzz_u64(f) };
	struct phy_lte_crs crs = { (uint16_t)fuzz_upto(f, 3000), (uint8_t)fuzz_upto(f, 100),
		(uint8_t)fuzz_upto(f, 4), (uint8_t)fuzz_upto(f, 5), fuzz_bool(f) };

	for (size_t i = 0; i < sizeof(p.blocks); i++)
		p.blocks[i] = fuzz_u8(f);
	(void)phy_rate_match_pattern(
		&l, &p, fuzz_u8(f) % 4, fuzz_bool(f), fuzz_u16(f) % 1024, fuzz_u8(f) % 80);
	(void)phy_lte_crs(&l, &crs);
	return l.n;
}

void fuzz_pdsch(struct fuzz *f)
{
	struct phy_reserved matched[20];
	struct phy_reserved reserved[2] = { { fuzz_u16(f), fuzz_u16(f), fuzz_u16(f), fuzz_u16(f) },
		{ fuzz_u16(f) & 0x3fff, fuzz_u16(f) & 0xfff, (uint16_t)fuzz_upto(f, 20),
			(uint16_t)fuzz_upto(f, 20) } };
	struct phy_pdsch_config c = { .mu = (uint8_t)fuzz_upto(f, 4), .extended = fuzz_u8(f) > 200 };

	c.bwp_start = (uint16_t)fuzz_upto(f, 30);
	c.bwp_prbs = (uint16_t)fuzz_upto(f, GRID_PRBS + 4);
	c.time = (struct phy_time_domain){ fuzz_bool(f), fuzz_u8(f), (uint8_t)fuzz_upto(f, 13),
		(uint8_t)fuzz_upto(f, 14) };
	prbs_of(f, &c);
	c.dmrs = (struct phy_dmrs){ fuzz_bool(f), fuzz_bool(f), fuzz_bool(f), (uint8_t)fuzz_upto(f, 3),
		(uint8_t)(2 + fuzz_upto(f, 1)), (uint8_t)fuzz_upto(f, 3), 0, (uint8_t)fuzz_upto(f, 1),
		{ fuzz_u16(f), fuzz_u16(f) }, (uint16_t)fuzz_upto(f, 30) };
	c.coresets = fuzz_u8(f) < 200 ? 0 : fuzz_u16(f);
	c.rnti = fuzz_u16(f);
	c.n_id = (uint16_t)fuzz_upto(f, 1023);
	c.mcs_table = (enum phy_mcs_table)fuzz_upto(f, 3);
	c.layers = (uint8_t)(fuzz_u8(f) < 128 ? 1 : fuzz_upto(f, LAYERS));
	c.prg_prbs = (uint8_t)(2 * fuzz_upto(f, 2));
	c.ptrs = fuzz_ptrs(f);
	for (unsigned i = 0; i < LAYERS; i++)
		c.ports[i] = (uint8_t)(fuzz_u8(f) < 200 ? i : fuzz_upto(f, 12));
	for (unsigned q = 0; q < PHY_CODEWORDS_MAX; q++)
		c.codeword[q] = (struct phy_pdsch_codeword){ (uint8_t)fuzz_upto(f, 31),
			(uint8_t)fuzz_upto(f, 3), 0, 0 };
	c.overhead = (uint8_t)(6 * fuzz_upto(f, 3));
	c.scaling = (enum phy_tb_scaling)fuzz_upto(f, 2);
	if (fuzz_u8(f) > 200) {
		c.codeword[0].kept_tbs = fuzz_upto(f, 60000);
		c.codeword[0].kept_rate_x2048 = (uint16_t)fuzz_upto(f, 2048);
	}
	c.lbrm_bits = fuzz_u8(f) < 200 ? 0 : fuzz_u32(f) >> fuzz_u8(f) % 32;
	c.reserved_n = fuzz_u8(f) % 8 < 6 ? 0 : 1;
	c.reserved = &reserved[fuzz_bool(f)];
	if (fuzz_u8(f) > 200) {
		c.reserved = matched;
		c.reserved_n = reserved_of(f, matched, ARRAY_LEN(matched));
	}
	send_receive(f, &c);
}

void fuzz_fallback(struct fuzz *f)
{
	struct phy_time_domain times[2] = { { fuzz_bool(f), fuzz_u8(f), fuzz_u8(f), fuzz_u8(f) }, { 0 } };
	struct phy_pdsch_dci_1_0 d = { .kind = (enum phy_pdsch_for)fuzz_upto(f, PHY_PDSCH_OWN),
		.rnti = fuzz_u16(f) };
	struct phy_pdsch_config c;

	d.riv = fuzz_upto(f, 2000);
	d.time = fuzz_u8(f);
	d.interleaved = fuzz_bool(f);
	d.mcs = (uint8_t)fuzz_upto(f, 31);
	d.rv = (uint8_t)fuzz_upto(f, 3);
	d.tb_scaling = (uint8_t)fuzz_upto(f, 3);
	d.mu = (uint8_t)fuzz_upto(f, 3);
	d.extended = fuzz_u8(f) > 200;
	d.n_id = fuzz_u16(f);
	d.dmrs_n_id = fuzz_u16(f);
	d.pattern = (uint8_t)fuzz_upto(f, 4);
	d.type_a_position = (uint8_t)fuzz_upto(f, 4);
	d.bwp_start = (uint16_t)fuzz_upto(f, 2300);
	d.bwp_prbs = (uint16_t)fuzz_upto(f, GRID_PRBS);
	d.riv_prbs = fuzz_bool(f) ? d.bwp_prbs : (uint16_t)fuzz_upto(f, GRID_PRBS);
	d.coreset_start = (uint16_t)fuzz_upto(f, 8);
	d.times = fuzz_bool(f) ? times : NULL;
	d.times_n = fuzz_u8(f) % 3;
	d.mcs_table = (enum phy_mcs_table)fuzz_upto(f, 3);
	d.overhead = (uint8_t)fuzz_upto(f, 18);
	d.lbrm_bits = fuzz_u32(f);
	if (phy_pdsch_from_dci_1_0(&c, &d) == PHY_PDSCH_OK)
		send_receive(f, &c);
}

void fuzz_pbch(struct fuzz *f)
{
	static struct phy_pbch pbch;
	static struct phy_pbch_burst burst[PHY_PBCH_BURSTS_MAX];
	struct phy_pbch_payload p = { { 0 }, (uint16_t)fuzz_upto(f, 1024), fuzz_bool(f), fuzz_bool(f),
		fuzz_u8(f) % 70 };
	unsigned count = fuzz_upto(f, PHY_PBCH_BURSTS_MAX), l_max = 4u << fuzz_u8(f) % 5,
		 id = fuzz_upto(f, 1008);
	struct phy_cf sent[PHY_PBCH_SYMBOLS];
	bool whole = fuzz_bool(f);

	phy_pbch_init(&pbch);
	for (unsigned i = 0; i < count && i < PHY_PBCH_BURSTS_MAX; i++) {
		float *llr = fuzz_floats(f, PHY_PBCH_E);

		if (whole && phy_pbch_transmit(&pbch, sent, &p, l_max, id)) {
			for (unsigned n = 0; n < PHY_PBCH_E; n++)
				llr[n] += n % 2 ? sent[n / 2].im : sent[n / 2].re;
		}
		burst[i].half_frames_on = i ? fuzz_u32(f) >> fuzz_u8(f) % 32 : 0;
		(void)bytes_copy(
			burst[i].llr, sizeof(burst[i].llr), bytes_of(llr, PHY_PBCH_E * sizeof(*llr)));
	}
	(void)phy_pbch_receive(&pbch, &f->kern, burst, count, l_max, id, fuzz_upto(f, 8), &p);
}

void fuzz_ssb(struct fuzz *f)
{
	struct phy_ssb *block = (struct phy_ssb *)fuzz_samples(f, sizeof(*block) / sizeof(struct phy_cf));
	unsigned id = fuzz_u16(f) % PHY_CELL_IDS, i_bar = fuzz_u8(f) % PHY_SSB_I_BARS;
	float like[PHY_SSB_I_BARS], llr[PHY_PBCH_E];
	struct phy_ssb_measure m;
	struct phy_cf sss[PHY_CELL_ID_1S];

	if (phy_ssb_receive(block, id, i_bar, llr, &m) && !(m.power > 0))
		abort();
	phy_ssb_dmrs_correlate(like, block, id);
	phy_sss_correlate(sss, block->re[0] + PHY_SSB_SYNC_AT, block->re[2] + PHY_SSB_SYNC_AT, id % 3);
}
