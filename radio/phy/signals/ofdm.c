#include "radio/phy/signals/ofdm.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/signals/lines.h"

/* Samples between the two buffers of work: at a multiple of pages stores would hold up loads. */
enum { APART = 40 };

static bool legal(const struct phy_ofdm_config *c)
{
	unsigned used = c->prbs * PHY_SC_PER_PRB;

	return c->mu <= PHY_OFDM_MU_MAX && (!c->extended || c->mu == 2) && c->prbs >= 1 &&
	       c->prbs <= PHY_PRB_MAX && c->fft_size % 128 == 0 && c->fft_size <= PHY_OFDM_FFT_MAX &&
	       used < c->fft_size && c->k0 >= -(1 << 20) && c->k0 <= 1 << 20 &&
	       2 * (unsigned)abs(c->k0) + used < c->fft_size && c->carrier_hz >> 40 == 0;
}

void phy_ofdm_fini(struct phy_ofdm *o)
{
	phy_fft_fini(&o->to_time);
	phy_fft_fini(&o->to_frequency);
	free(o->work);
	o->work = NULL;
}

/*
 * 5.3.1: 144 * 2^-mu kappa (or 512), where the symbol has 2048 * 2^-mu kappa; and 16 kappa more at the start
 * of each half subframe.
 */
unsigned phy_ofdm_prefix(const struct phy_ofdm *o, unsigned slot, unsigned symbol)
{
	unsigned n = o->config.fft_size, mu = o->config.mu, l = slot * o->symbols + symbol;

	if (o->config.extended)
		return n / 4;
	return n / 128 * 9 + (l % (7u << mu) == 0 ? (n / 128) << mu : 0);
}

unsigned phy_ofdm_symbol_at(const struct phy_ofdm *o, unsigned slot, unsigned symbol)
{
	unsigned sum = 0;

	for (unsigned l = 0; l < symbol; l++)
		sum += phy_ofdm_prefix(o, slot, l) + o->config.fft_size;
	return sum;
}

unsigned phy_ofdm_slot_samples(const struct phy_ofdm *o, unsigned slot)
{
	return phy_ofdm_symbol_at(o, slot, o->symbols);
}

/*
 * exp(-j 2 pi f_0 t) / sqrt(N), t from the subframe's start to the end of the symbol's prefix: up-conversion
 * by 5.4 starts again with each symbol, a mixer does not. In integers, as f_0 t has too many turns for a
 * double.
 */
static struct phy_cf phase(const struct phy_ofdm *o, uint64_t samples)
{
	uint64_t rate = (uint64_t)o->config.fft_size * (15000u << o->config.mu);
	uint64_t turns = o->config.carrier_hz % rate * (samples % rate) % rate;
	double a = -2 * M_PI * (double)turns / (double)rate, scale = 1 / sqrt(o->config.fft_size);

	return (struct phy_cf){ (float)(cos(a) * scale), (float)(sin(a) * scale) };
}

static void fill_phases(struct phy_ofdm *o)
{
	uint64_t at = 0;

	for (unsigned l = 0; l < o->symbols << o->config.mu; l++) {
		unsigned prefix = phy_ofdm_prefix(o, 0, l);

		o->phase[l] = phase(o, at + prefix);
		at += prefix + o->config.fft_size;
	}
}

bool phy_ofdm_init(struct phy_ofdm *o, const struct phy_ofdm_config *config)
{
	*o = (struct phy_ofdm){ .config = *config, .symbols = config->extended ? 12 : PHY_SYMBOLS_MAX };
	if (!legal(config))
		return false;
	fill_phases(o);
	o->work = phy_lines_new((2 * (size_t)config->fft_size + APART) * sizeof(*o->work));
	if (o->work && phy_fft_init(&o->to_time, config->fft_size, true) &&
		phy_fft_init(&o->to_frequency, config->fft_size, false))
		return true;
	phy_ofdm_fini(o);
	return false;
}

/* The place of the grid's first subcarrier in a transform, whose first is the carrier's middle. */
static unsigned first_bin(const struct phy_ofdm *o)
{
	int n = (int)o->config.fft_size, first = o->config.k0 - (int)(o->config.prbs * PHY_SC_PER_PRB / 2);

	return (unsigned)((first + n) % n);
}

/* The grid's subcarriers before the carrier's middle, which are the transform's last bins; then it goes on at
 * 0.
 */
static unsigned below_middle(const struct phy_ofdm *o, unsigned bin)
{
	unsigned n = o->config.fft_size, used = o->config.prbs * PHY_SC_PER_PRB;

	return bin + used < n ? used : n - bin;
}

static struct phy_cf phase_of(const struct phy_ofdm *o, unsigned slot, unsigned symbol)
{
	return o->phase[slot % (1u << o->config.mu) * o->symbols + symbol];
}

void phy_ofdm_modulate_symbol(struct phy_ofdm *o, const struct kern *kern, struct phy_cf *out,
	const struct phy_cf *grid, unsigned slot, unsigned symbol)
{
	unsigned n = o->config.fft_size, used = o->config.prbs * PHY_SC_PER_PRB, bin = first_bin(o);
	unsigned end = below_middle(o, bin), prefix = phy_ofdm_prefix(o, slot, symbol);
	struct phy_cf *bins = o->work, *spare = bins + n + APART, turn = phase_of(o, slot, symbol);

	memset(bins + (used - end), 0, (bin - (used - end)) * sizeof(*bins));
	memset(bins + bin + end, 0, (n - bin - end) * sizeof(*bins));
	kern->cf_scale(&bins[bin].re, &grid->re, end, turn.re, turn.im);
	kern->cf_scale(&bins->re, &grid[end].re, used - end, turn.re, turn.im);
	phy_fft_run(&o->to_time, kern, out + prefix, bins, spare);
	(void)bytes_copy(out, prefix * sizeof(*out), bytes_of(out + n, prefix * sizeof(*out)));
}

void phy_ofdm_demodulate_symbol(struct phy_ofdm *o, const struct kern *kern, struct phy_cf *grid,
	const struct phy_cf *in, unsigned slot, unsigned symbol)
{
	unsigned n = o->config.fft_size, used = o->config.prbs * PHY_SC_PER_PRB, bin = first_bin(o);
	unsigned end = below_middle(o, bin);
	struct phy_cf *bins = o->work, *spare = bins + n + APART, turn = phase_of(o, slot, symbol);

	phy_fft_run(&o->to_frequency, kern, bins, in + phy_ofdm_prefix(o, slot, symbol), spare);
	kern->cf_scale(&grid->re, &bins[bin].re, end, turn.re, -turn.im);
	kern->cf_scale(&grid[end].re, &bins->re, used - end, turn.re, -turn.im);
}

void phy_ofdm_modulate(struct phy_ofdm *o, const struct kern *kern, struct phy_cf *out,
	const struct phy_cf *grid, unsigned slot)
{
	for (unsigned l = 0; l < o->symbols; l++, grid += o->config.prbs * PHY_SC_PER_PRB) {
		phy_ofdm_modulate_symbol(o, kern, out, grid, slot, l);
		out += phy_ofdm_prefix(o, slot, l) + o->config.fft_size;
	}
}

void phy_ofdm_demodulate(struct phy_ofdm *o, const struct kern *kern, struct phy_cf *grid,
	const struct phy_cf *in, unsigned slot)
{
	for (unsigned l = 0; l < o->symbols; l++, grid += o->config.prbs * PHY_SC_PER_PRB) {
		phy_ofdm_demodulate_symbol(o, kern, grid, in, slot, l);
		in += phy_ofdm_prefix(o, slot, l) + o->config.fft_size;
	}
}
