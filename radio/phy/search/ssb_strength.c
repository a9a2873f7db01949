#include "radio/phy/search/ssb_strength.h"

#include <math.h>

#include "radio/phy/search/sib1.h"
#include "radio/phy/signals/complex.h"

/* The DM-RS of nothing explain the sixth part, those of a block of -6 dB twice as much. */
static const double least_dmrs = 0.3;

/* Of all bursts of a place. */
struct sums {
	unsigned count;
	double share[PHY_SSB_I_BARS], signal, noise, all;
};

static double energy(const struct phy_ssb *re)
{
	double sum = 0;

	for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++)
		for (unsigned c = 0; c < PHY_SSB_SUBCARRIERS; c++)
			sum += (double)phy_cf_power(re->re[l][c]);
	return sum;
}

static void add_burst(struct sums *s, struct phy_burst *b, unsigned n_cell_id, unsigned i_bar)
{
	float llr[PHY_PBCH_E], share[PHY_SSB_I_BARS];

	if (!phy_ssb_receive(&b->re, n_cell_id, i_bar, llr, &b->measure))
		return;
	phy_ssb_dmrs_correlate(share, &b->re, n_cell_id);
	for (unsigned i = 0; i < PHY_SSB_I_BARS; i++)
		s->share[i] += (double)share[i];
	s->signal += (double)b->measure.power;
	s->noise += (double)b->measure.noise;
	s->all += energy(&b->re) / PHY_SSB_SYMBOLS; /* RSSI is the mean over symbols */
	s->count++;
}

/* Whether the DM-RS are those of this block, rather than of none or another. */
static bool is_sent(const struct sums *s, unsigned i_bar)
{
	for (unsigned i = 0; i < PHY_SSB_I_BARS; i++)
		if (s->share[i] > s->share[i_bar])
			return false;
	return s->count > 0 && s->share[i_bar] >= least_dmrs * s->count && s->signal > 0;
}

static double decibel(double ratio)
{
	return 10 * log10(fmax(ratio, 1e-30));
}

void phy_ssb_strengths(struct phy_ssb_strengths *out, struct phy_bursts *work, const struct kern *k,
	const struct phy_recording *in, const struct phy_cell *cell, enum phy_ssb_case pattern)
{
	unsigned mu = phy_ssb_mu(pattern), own = phy_ssb_first_symbol(pattern, cell->payload.ssb_index);
	double half_frame = cell->start - phy_symbol_start_s(mu, own) * in->rate_hz;

	out->count = 0;
	work->punctured = cell->punctured;
	for (unsigned index = 0; index < cell->l_max; index++) {
		unsigned i_bar = phy_pbch_i_bar(cell->l_max, index, cell->payload.half_frame);
		double start = half_frame +
			       phy_symbol_start_s(mu, phy_ssb_first_symbol(pattern, index)) * in->rate_hz;
		struct sums s = { 0 };

		phy_bursts_place(work, in, start);
		phy_bursts_take(work, k, in, cell->frequency_hz);
		for (unsigned b = 0; b < work->count; b++)
			add_burst(&s, &work->burst[b], cell->n_cell_id, i_bar);
		/* that which was found is there, however weak beside others */
		if (index == cell->payload.ssb_index ? s.count == 0 || !(s.signal > 0) : !is_sent(&s, i_bar))
			continue;
		out->block[out->count++] = (struct phy_ssb_strength){ .index = (uint8_t)index,
			.count = (uint8_t)s.count,
			/* the transform adds up as many samples */
			.rsrp_db =
				(float)decibel(s.signal / s.count / (PHY_BURST_FFT * (double)PHY_BURST_FFT)),
			.rsrq_db = (float)decibel(
				phy_ssb_width(cell->punctured) / PHY_SC_PER_PRB * s.signal / s.all),
			.sinr_db = (float)decibel(s.signal / s.noise) };
	}
}
