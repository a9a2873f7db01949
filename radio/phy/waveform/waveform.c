#include "radio/phy/waveform/waveform.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/waveform/waveform_parts.h"

/* Of a transport block, or of what a slot carries of one layer. */
enum {
	TB_OCTETS = SEGMENT_A_MAX / 8 + 1,
	BITS_OCTETS = PHY_PRB_MAX * PHY_SC_PER_PRB * PHY_SYMBOLS_MAX * PHY_Q_M_MAX / 8
};

_Static_assert(BITS_OCTETS <= TB_OCTETS, "the bits of a test model's user go there too");

enum phy_waveform_error phy_waveform_check(const struct phy_waveform_config *c,
	struct phy_waveform_place *place, struct phy_sib1_schedule *schedule)
{
	enum phy_waveform_error e = phy_waveform_place(c, place);

	if (e != PHY_WAVEFORM_OK)
		return e;
	return (enum phy_waveform_error)phy_sib1_schedule_make(schedule, c, place);
}

unsigned phy_waveform_subframe_samples(const struct phy_waveform *w)
{
	return w->config.fft_size * 15u << w->config.mu;
}

void phy_waveform_free(struct phy_waveform *w)
{
	if (!w)
		return;
	phy_ofdm_fini(&w->ofdm);
	phy_ofdm_fini(&w->ssb_ofdm);
	phy_polar_cache_free(w->codes);
	phy_pdsch_sender_free(w->sender);
	free(w->re);
	free(w->signals);
	free(w->ssb_re);
	free(w->ssb_samples);
	free(w->mixer);
	free(w->tb);
	free(w);
}

/* Samples in which the mixer comes round. */
static unsigned mixer_samples(const struct phy_waveform *w)
{
	return (unsigned)w->config.fft_size << w->config.mu;
}

static bool make_mixer(struct phy_waveform *w)
{
	int64_t n = mixer_samples(w), turns = (w->config.ssb_offset_hz / 15000 % n + n) % n;

	w->mixer = calloc((size_t)n, sizeof(*w->mixer));
	for (int64_t i = 0; w->mixer && i < n; i++) {
		double a = 2 * M_PI * (double)(turns * i % n) / (double)n;

		w->mixer[i] = (struct phy_cf){ (float)cos(a), (float)sin(a) };
	}
	return w->mixer;
}

/*
 * The SS/PBCH block has an OFDM of its own around its subcarrier 120, mixed to its place afterwards; so any
 * spacing and k_SSB will do. The mixer turns from the subframe's start on, where 5.4 has the symbol of a
 * carrier at f_0 + offset begin again.
 */
static bool make_ssb(struct phy_waveform *w)
{
	const struct phy_waveform_config *c = &w->config;
	int64_t rate = (int64_t)c->fft_size * 15000 << c->mu;
	int64_t at = (int64_t)(c->carrier_hz % (uint64_t)rate) + c->ssb_offset_hz;
	struct phy_ofdm_config config = { .mu = phy_ssb_mu(c->pattern),
		.prbs = PHY_SSB_PRB,
		.fft_size = ((unsigned)c->fft_size << c->mu) >> phy_ssb_mu(c->pattern),
		.carrier_hz = (uint64_t)((at % rate + rate) % rate) };
	size_t slots = (size_t)1 << config.mu;

	w->ssb_re = calloc(slots * PHY_SYMBOLS_MAX * PHY_SSB_SUBCARRIERS, sizeof(*w->ssb_re));
	if (!w->ssb_re || !phy_ofdm_init(&w->ssb_ofdm, &config))
		return false;
	w->ssb_samples = calloc(phy_ofdm_slot_samples(&w->ssb_ofdm, 0), sizeof(*w->ssb_samples));
	return w->ssb_samples && make_mixer(w);
}

static bool make_carrier(struct phy_waveform *w)
{
	const struct phy_waveform_config *c = &w->config;
	struct phy_ofdm_config config = { c->mu, c->extended, c->prbs, c->fft_size, 0, c->carrier_hz };

	w->re = calloc((size_t)c->prbs * PHY_SC_PER_PRB * PHY_SYMBOLS_MAX, sizeof(*w->re));
	w->signals = calloc((size_t)c->prbs * PHY_SC_PER_PRB * PHY_SYMBOLS_MAX << c->mu, 1);
	w->tb = calloc(TB_OCTETS, 1);
	w->codes = phy_polar_cache_new();
	w->sender = phy_pdsch_sender_new();
	return w->re && w->signals && w->tb && w->codes && w->sender && phy_ofdm_init(&w->ofdm, &config);
}

struct phy_waveform *phy_waveform_new(const struct phy_waveform_config *c, enum phy_waveform_error *error)
{
	struct phy_waveform *w = calloc(1, sizeof(*w));

	*error = PHY_WAVEFORM_MEMORY;
	if (!w)
		return NULL;
	*error = phy_waveform_check(c, &w->place, &w->schedule);
	if (*error == PHY_WAVEFORM_OK) {
		w->config = *c;
		bytes_copy(w->sib1, sizeof(w->sib1), c->sib1);
		w->config.sib1 = bytes_of(w->sib1, c->sib1.len);
		w->subframe = c->sfn * 10u;
		phy_pbch_init(&w->pbch);
		if (make_carrier(w) && make_ssb(w))
			return w;
		*error = PHY_WAVEFORM_MEMORY;
	}
	phy_waveform_free(w);
	return NULL;
}

/* The block's elements, within the subframe's. */
static void put_block(
	struct phy_waveform *w, const struct phy_mib *mib, unsigned index, unsigned first_symbol)
{
	struct phy_pbch_payload payload;
	struct phy_ssb block;

	(void)phy_mib_encode(mib, w->config.l_max, &payload);
	payload.ssb_index = (uint8_t)index;
	(void)phy_ssb_transmit(&w->pbch, &block, &payload, w->config.l_max, w->config.n_cell_id, 1);
	if (w->config.band == PHY_BAND_3_MHZ)
		phy_ssb_puncture(&block);
	bytes_copy(w->ssb_re + (size_t)first_symbol * PHY_SSB_SUBCARRIERS, sizeof(block.re), BYTES(block.re));
}

/* out += the slot of SS/PBCH blocks, at their place in frequency; at: where the slot begins in the subframe.
 */
static void add_slot(
	struct phy_waveform *w, const struct kern *k, struct phy_cf *out, unsigned slot, unsigned at)
{
	unsigned n = phy_ofdm_slot_samples(&w->ssb_ofdm, slot), round = mixer_samples(w), m = at % round;

	phy_ofdm_modulate(&w->ssb_ofdm, k, w->ssb_samples,
		w->ssb_re + (size_t)slot * PHY_SYMBOLS_MAX * PHY_SSB_SUBCARRIERS, slot);
	for (unsigned i = 0; i < n; m = 0) {
		unsigned run = n - i < round - m ? n - i : round - m;
		const struct phy_cf *x = w->ssb_samples + i, *t = w->mixer + m;
		struct phy_cf *y = out + at + i;

		for (unsigned j = 0; j < run; j++) {
			y[j].re += x[j].re * t[j].re - x[j].im * t[j].im;
			y[j].im += x[j].re * t[j].im + x[j].im * t[j].re;
		}
		i += run;
	}
}

static void add_blocks(
	struct phy_waveform *w, const struct kern *k, struct phy_cf *out, unsigned sfn, unsigned subframe)
{
	const struct phy_waveform_config *c = &w->config;
	struct phy_mib mib = { .sfn = (uint16_t)sfn,
		.half_frame = subframe >= 5,
		.scs_common_high = c->mu == 1 || c->mu == 3,
		.k_ssb = w->place.k_ssb,
		.dmrs_type_a_position = c->dmrs_type_a_position,
		.coreset_zero = c->coreset_zero,
		.search_space_zero = c->search_space_zero,
		.cell_barred = c->cell_barred,
		.intra_freq_reselection = true };
	unsigned slots = 1u << w->ssb_ofdm.config.mu, symbols = slots * PHY_SYMBOLS_MAX;
	uint32_t used = 0; /* slots */

	if (!phy_waveform_has_ssb(c, sfn, subframe / 5))
		return;
	memset(w->ssb_re, 0, (size_t)symbols * PHY_SSB_SUBCARRIERS * sizeof(*w->ssb_re));
	for (unsigned i = 0; i < c->l_max; i++) {
		unsigned first = phy_ssb_first_symbol(c->pattern, i);

		if (!(c->sent >> i & 1) || first / symbols != subframe % 5)
			continue;
		first %= symbols;
		put_block(w, &mib, i, first);
		used |= 1u << first / PHY_SYMBOLS_MAX | 1u << (first + PHY_SSB_SYMBOLS - 1) / PHY_SYMBOLS_MAX;
	}
	for (unsigned slot = 0, at = 0; slot < slots; slot++) {
		if (used >> slot & 1)
			add_slot(w, k, out, slot, at);
		at += phy_ofdm_slot_samples(&w->ssb_ofdm, slot);
	}
}

void phy_waveform_run(struct phy_waveform *w, const struct kern *kern, struct phy_cf *out)
{
	const struct phy_waveform_config *c = &w->config;
	unsigned sfn = (unsigned)(w->subframe / 10 % 1024), subframe = (unsigned)(w->subframe % 10);
	struct phy_grid grid = { w->re, c->prbs, c->first_crb, (uint8_t)w->ofdm.symbols };

	memset(w->signals, PHY_SIGNAL_NONE, (size_t)c->prbs * PHY_SC_PER_PRB * PHY_SYMBOLS_MAX << c->mu);
	for (unsigned s = 0, at = 0; s < 1u << c->mu; s++) {
		unsigned slot = (subframe << c->mu) + s;

		memset(w->re, 0, (size_t)c->prbs * PHY_SC_PER_PRB * PHY_SYMBOLS_MAX * sizeof(*w->re));
		if (phy_waveform_slot_has_sib1(w, sfn, slot))
			phy_waveform_put_sib1(w, kern, sfn, slot, &grid);
		else if (c->model != PHY_TEST_MODEL_NONE)
			phy_waveform_put_model(w, kern, sfn, slot, &grid);
		else
			phy_waveform_put_test(w, kern, sfn, slot, &grid);
		phy_ofdm_modulate(&w->ofdm, kern, out + at, w->re, s);
		at += phy_ofdm_slot_samples(&w->ofdm, s);
	}
	if (c->model == PHY_TEST_MODEL_NONE)
		add_blocks(w, kern, out, sfn, subframe);
	kern->cf_scale(&out->re, &out->re, phy_waveform_subframe_samples(w), c->amplitude, 0);
	w->subframe++;
}
