#include "radio/phy/receivers/chest.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/receivers/chest_parts.h"
#include "radio/phy/signals/complex.h"

struct phy_chest *phy_chest_new(const struct phy_chest_filters *filters, unsigned antennas)
{
	size_t size = sizeof(struct phy_chest) + antennas * sizeof(struct chest_antenna);
	uint8_t *memory =
		calloc(1, size + CHEST_LINE); /* of which little is touched where few blocks are sent */
	struct phy_chest *c;
	bool ok = true;

	if (!memory)
		return NULL;
	c = (struct phy_chest *)(memory + CHEST_LINE - (uintptr_t)memory % CHEST_LINE);
	c->memory = memory;
	c->filters = filters;
	c->antennas_max = antennas;
	for (unsigned i = 0; i < CHEST_FFTS; i++)
		ok = phy_fft_init(&c->fft[i], CHEST_FFT_MIN << i, true) && ok;
	if (!ok || !phy_dmrs_work_init(&c->dmrs)) {
		phy_chest_free(c);
		return NULL;
	}
	return c;
}

void phy_chest_free(struct phy_chest *c)
{
	if (!c)
		return;
	for (unsigned i = 0; i < CHEST_FFTS; i++)
		phy_fft_fini(&c->fft[i]);
	free(c->memory);
}

const struct phy_chest_result *phy_chest_result(const struct phy_chest *c)
{
	return &c->result;
}

/* The REs of the pilots of n cells, two a cell, one behind the other. */
static const struct phy_cf *gather(
	struct phy_chest *c, const struct kern *k, const struct phy_cf *y, unsigned n)
{
	float *const turns[] = { &c->own[0].re, &c->beside[0].re };

	if (c->gap == 2) { /* every second RE */
		k->cf_deal(turns, &y->re, 2, 2 * n - 1);
		c->own[2 * n - 1] = y[4 * n - 2];
		return c->own;
	}
	for (unsigned i = 0; i < n; i++, y += c->cell) {
		c->own[2 * i] = y[0];
		c->own[2 * i + 1] = y[c->gap];
	}
	return c->own;
}

/* Adds what the DM-RS of one symbol show to the pilots of a position, at every antenna. */
static void take_symbol(struct phy_chest *c, const struct kern *k, unsigned slot, unsigned symbol,
	unsigned position, bool second, const struct phy_grid *grids, unsigned offset)
{
	const struct phy_chest_layout *l = &c->layout;
	float amplitude = phy_dmrs_amplitude(l->dmrs), scale = 1 / (amplitude * amplitude);

	if (l->dmrs->double_symbol)
		scale /= 2;
	phy_dmrs_symbol(&c->dmrs, k, l->dmrs, l->extended ? 12 : 14, slot, symbol, second, l->bwp_start,
		l->bwp_prbs, c->sent);
	for (unsigned b = 0; b < l->bands_n; b++) {
		struct phy_cf *sent = c->sent + 2 * l->bands[b].first * c->per_prb;

		k->cf_scale(&sent->re, &sent->re, 2 * (size_t)l->bands[b].n * c->per_prb, scale, 0);
	}
	for (unsigned i = 0; i < c->antennas * l->bands_n; i++) {
		const struct phy_prb_run *band = &l->bands[i % l->bands_n];
		unsigned first = band->first * c->per_prb, n = band->n * c->per_prb;
		const struct phy_cf *row = phy_grid_at(&grids[i / l->bands_n], symbol, offset);
		struct phy_cf *pilots = c->antenna[i / l->bands_n].pilots[position] + 2 * first;
		const struct phy_cf *y = gather(c, k, row + first * c->cell + c->delta, n);

		if (!second) {
			k->cf_mul_conj(&pilots->re, &y->re, &c->sent[2 * first].re, 2 * n);
			continue;
		}
		k->cf_mul_conj(&c->own[0].re, &y->re, &c->sent[2 * first].re, 2 * n);
		for (unsigned j = 0; j < 2 * n; j++)
			phy_cf_add(&pilots[j], c->own[j]);
	}
}

static void take_pilots(struct phy_chest *c, const struct kern *k, unsigned slot,
	const struct phy_grid *grids, unsigned offset)
{
	bool second = false;

	c->positions = 0;
	for (unsigned l = 0; l < grids->symbols; l++) {
		if (!(c->layout.dmrs_symbols >> l & 1))
			continue;
		take_symbol(c, k, slot, l, c->positions, second, grids, offset);
		c->at[c->positions] = (float)l - (second ? 0.5f : 0);
		second = c->layout.dmrs->double_symbol && !second;
		if (!second)
			c->positions++;
	}
}

/* Which antennas receive anything that is a number; how many. */
static unsigned find_living(struct phy_chest *c, const struct kern *k)
{
	const struct phy_chest_layout *l = &c->layout;
	unsigned living = 0;

	for (unsigned a = 0; a < c->antennas; a++) {
		struct chest_antenna *at = &c->antenna[a];
		float power = 0;

		for (unsigned i = 0; i < l->bands_n * c->positions; i++) {
			const struct phy_prb_run *band = &l->bands[i / c->positions];

			power += k->cf_energy(&at->pilots[i % c->positions][2 * band->first * c->per_prb].re,
				2 * (size_t)band->n * c->per_prb);
		}
		at->broken = !isfinite(power);
		at->lives = !at->broken && power > 0;
		living += at->lives;
	}
	return living;
}

static float within_turn(double radians)
{
	return (float)(radians - 2 * M_PI * rint(radians / (2 * M_PI)));
}

/*
 * The cells of a band with the window of delay turned to 0. A cell is the mean of its two pilots, each
 * turned by itself, as the filter assumes.
 */
static void turn_cells(
	struct phy_chest *c, const struct kern *k, const struct phy_cf *pilots, unsigned first, unsigned n)
{
	double turn = 2 * M_PI * c->centre, half = turn * c->gap / (2.0 * c->cell);
	float re = (float)cos(half) / 2, im = (float)sin(half) / 2;
	const struct phy_cf *p = pilots + 2 * first;

	for (unsigned i = 0; i < n; i++, p += 2) {
		c->cells[i].re = (p[0].re + p[1].re) * re + (p[0].im - p[1].im) * im;
		c->cells[i].im = (p[0].im + p[1].im) * re + (p[1].re - p[0].re) * im;
	}
	k->cf_ramp(&c->cells[0].re, &c->cells[0].re, n, within_turn(turn * first), (float)turn);
}

/* The cells of a band through the filter; h begins with the band's first subcarrier. */
static void filter_band(const struct phy_chest *c, const struct kern *k, const struct phy_chest_filter *f,
	unsigned n, struct phy_cf *h)
{
	unsigned middle = f->cols / 2, before = PHY_CHEST_LEAD + middle * c->cell, windows = n - f->cols + 1;
	unsigned behind = before + c->cell;
	const float *in = &c->cells[0].re;
	struct phy_cf *out = h + c->delta - PHY_CHEST_LEAD;

	k->cf_windows(&out->re, in, f->m, before, f->cols, f->rows, 1);
	k->cf_windows(&out[before].re, in, f->m + before, c->cell, f->cols, f->rows, windows);
	if (f->rows > behind)
		k->cf_windows(&out[before + c->cell * windows].re, in + 2 * (windows - 1), f->m + behind,
			f->rows - behind, f->cols, f->rows, 1);
}

/* Cells less the mean of two subcarriers of the estimate, which begins with the first of them. */
static inline void take_left(struct phy_cf *restrict left, const struct phy_cf *restrict cells,
	const struct phy_cf *restrict h, unsigned n, unsigned cell, unsigned gap)
{
	for (unsigned i = 0; i < n; i++) {
		left[i].re = cells[i].re - (h[i * cell].re + h[i * cell + gap].re) / 2;
		left[i].im = cells[i].im - (h[i * cell].im + h[i * cell + gap].im) / 2;
	}
}

/* Over the cells of a band: what pilots have that the estimate has not, and its power, and that of the
 * estimate. */
static void measure(const struct phy_chest *c, const struct kern *k, unsigned n, const struct phy_cf *h,
	struct phy_cf *left, double *residue, float *power)
{
	if (c->cell == 4) /* known here, so that the loop becomes one of vectors */
		take_left(left, c->cells, h + c->delta, n, 4, 2);
	else
		take_left(left, c->cells, h + c->delta, n, 6, 1);
	*residue += (double)k->cf_energy(&left->re, n);
	*power += k->cf_energy(&h->re, (size_t)n * c->cell) / (float)c->cell;
}

float chest_noise_scale(const struct phy_chest *c)
{
	float amplitude = phy_dmrs_amplitude(c->layout.dmrs);

	return 2 * (c->layout.dmrs->double_symbol ? 2 : 1) * amplitude * amplitude;
}

/* The filter for a band. */
static const struct phy_chest_filter *filter_of(const struct phy_chest *c, const struct phy_prb_run *band)
{
	unsigned level = 0;

	while (level + 1 < PHY_CHEST_LEVELS && 2u << level <= band->n)
		level++;
	return phy_chest_filter_get(c->filters, c->layout.dmrs->type2, c->width, c->snr_class, level);
}

/* All bands of all positions of an antenna; returns the power of what is left. */
static double filter_antenna(
	struct phy_chest *c, const struct kern *k, struct chest_antenna *at, float powers[CHEST_POSITIONS])
{
	const struct phy_chest_layout *l = &c->layout;
	double residue = 0, turn = 2 * M_PI * (double)c->centre / c->cell;

	for (unsigned b = 0; b < l->bands_n; b++) {
		const struct phy_chest_filter *f = filter_of(c, &l->bands[b]);
		unsigned n = l->bands[b].n * c->per_prb, first = l->bands[b].first * c->per_prb;
		unsigned subcarrier = l->bands[b].first * PHY_SC_PER_PRB;

		for (unsigned d = 0; d < c->positions; d++) {
			struct phy_cf *h = c->band + CHEST_PAD;
			double start = turn * ((double)subcarrier - c->delta - c->gap / 2.0);

			turn_cells(c, k, at->pilots[d], first, n);
			filter_band(c, k, f, n, h);
			measure(c, k, n, h, at->left[d] + first, &residue, &powers[d]);
			k->cf_ramp(&at->h[d][subcarrier].re, &h->re, (size_t)l->bands[b].n * PHY_SC_PER_PRB,
				within_turn(-start), (float)-turn);
		}
	}
	return residue;
}

static void silence(struct chest_antenna *at)
{
	at->noise = at->error = at->power = 0;
	memset(at->h, 0, sizeof(at->h));
	memset(at->left, 0, sizeof(at->left));
}

/* All antennas; noise, powers and error. */
static void filter_all(struct phy_chest *c, const struct kern *k)
{
	const struct phy_chest_layout *l = &c->layout;
	double expected = 0, gain = 0, all = 0;

	memset(c->powers, 0, sizeof(c->powers));
	c->error = 0;
	for (unsigned b = 0; b < l->bands_n; b++) {
		const struct phy_chest_filter *f = filter_of(c, &l->bands[b]);
		unsigned n = l->bands[b].n * c->per_prb;

		expected += ((double)f->edges + (double)f->middle * (n - f->cols + 1)) * c->positions;
		gain += (double)f->gain * n;
		all += n;
	}
	c->expected = (float)expected;
	for (unsigned a = 0; a < c->antennas; a++) {
		struct chest_antenna *at = &c->antenna[a];
		float powers[CHEST_POSITIONS] = { 0 };
		double residue;

		if (!at->lives) {
			silence(at);
			continue;
		}
		residue = filter_antenna(c, k, at, powers);
		if (at->noise < 0)
			at->noise = (float)(residue / expected);
		at->error = (float)((double)at->noise * gain / all);
		at->power = 0;
		for (unsigned d = 0; d < c->positions; d++) {
			c->powers[d] += (float)((double)powers[d] / all);
			at->power += ((float)((double)powers[d] / all) - at->error) / (float)c->positions;
		}
		c->error += at->error;
	}
}

/* Means over the antennas that live; false when they are no numbers. */
static bool conclude(struct phy_chest *c, unsigned living)
{
	struct phy_chest_result *r = &c->result;
	double snr;

	for (unsigned a = 0; a < c->antennas; a++) {
		if (!c->antenna[a].lives)
			continue;
		r->power += c->antenna[a].power / (float)living;
		r->noise += c->antenna[a].noise * chest_noise_scale(c) / (float)living;
	}
	if (!isfinite(r->power) || !isfinite(r->noise))
		return false;
	r->power = r->power > 1e-20f ? r->power : 1e-20f;
	snr = 10 * log10((double)r->power / fmax((double)r->noise, 1e-30));
	r->snr_db = (float)fmax(-50, fmin(100, snr));
	return true;
}

/* Takes the other port's channel out of the two pilots of each of n cells, to *added what that added to the
 * cells, their pilots turned as the filter has them: half a turn, half of it. */
static inline void cancel_cells(struct phy_cf *restrict p, const struct phy_cf *restrict of,
	struct phy_cf *restrict added, struct phy_cf half, unsigned n, unsigned cell, unsigned gap)
{
	for (unsigned j = 0; j < n; j++) {
		struct phy_cf a = of[j * cell], b = of[j * cell + gap];

		added[j].re = (a.re - b.re) * half.re - (a.im + b.im) * half.im;
		added[j].im = (a.im - b.im) * half.re + (a.re + b.re) * half.im;
		p[2 * j].re -= a.re;
		p[2 * j].im -= a.im;
		p[2 * j + 1].re += b.re;
		p[2 * j + 1].im += b.im;
	}
}

/* The same of a band; returns the power of what was added. */
static float cancel_band(
	struct phy_chest *c, const struct kern *k, struct phy_cf *p, const struct phy_cf *of, unsigned n)
{
	double turn = M_PI * (double)c->centre * c->gap / c->cell;
	struct phy_cf half = { (float)cos(turn) / 2, (float)sin(turn) / 2 };

	if (c->cell == 4)
		cancel_cells(p, of, c->cells, half, n, 4, 2);
	else
		cancel_cells(p, of, c->cells, half, n, 6, 1);
	return k->cf_energy(&c->cells[0].re, n);
}

/* Of an estimate's error, what the other port may add to it unseen: it costs less than 0.05 dB. */
static const float UNSEEN = 0.1f;

/*
 * The two pilots of a cell show the sum of both ports and their difference. Where the other port's channel
 * changes from one to the other, it does not fall out of their mean.
 */
bool chest_cancel(struct phy_chest *c, const struct kern *k, const struct phy_chest *other)
{
	const struct phy_chest_layout *l = &c->layout;
	float added = 0, unseen = 0;

	for (unsigned i = 0; i < c->antennas * c->positions; i++) {
		struct chest_antenna *at = &c->antenna[i / c->positions];
		const struct phy_cf *h = other->antenna[i / c->positions].h[i % c->positions];
		struct phy_cf *pilots = at->pilots[i % c->positions];

		for (unsigned b = 0; at->lives && b < l->bands_n; b++) {
			unsigned first = l->bands[b].first * c->per_prb, n = l->bands[b].n * c->per_prb;

			added += cancel_band(c, k, pilots + 2 * first, h + first * c->cell + c->delta, n);
			unseen += UNSEEN * at->error * (float)n;
		}
	}
	return c->narrow || !(added < unseen);
}

bool chest_estimate(struct phy_chest *c, const struct kern *k)
{
	const struct phy_chest_layout *layout = &c->layout;
	double symbols_a_second = (layout->extended ? 12e3 : 14e3) * (1 << layout->mu);
	struct phy_chest_result *r = &c->result;
	unsigned living = find_living(c, k);

	*r = (struct phy_chest_result){ 0 };
	if (living == 0 || !chest_find_delays(c, k))
		return false;
	filter_all(c, k);
	if (!conclude(c, living))
		return false;
	chest_find_motion(c, k);
	r->cfo_hz = (float)(c->turn / (2 * M_PI) * symbols_a_second);
	r->doppler_hz = (float)(c->fade / (2 * M_PI) * symbols_a_second);
	r->delay_s /= (float)(15e3 * (1 << layout->mu) * c->cell);
	return true;
}

bool phy_chest_run(struct phy_chest *c, const struct kern *k, const struct phy_chest_layout *layout,
	unsigned slot, const struct phy_grid *grids, unsigned antennas, unsigned offset)
{
	c->layout = *layout;
	c->antennas = antennas < c->antennas_max ? antennas : c->antennas_max;
	c->cell = layout->dmrs->type2 ? 6 : 4;
	c->gap = layout->dmrs->type2 ? 1 : 2;
	c->per_prb = PHY_SC_PER_PRB / c->cell;
	c->delta = phy_dmrs_delta(layout->dmrs);
	take_pilots(c, k, slot, grids, offset);
	return chest_estimate(c, k);
}
