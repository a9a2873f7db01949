/* Where a channel's delays lie: the profile of power over delay, and the best window on it. */
#include <math.h>

#include "radio/phy/receivers/chest_parts.h"
#include "radio/phy/signals/complex.h"

enum { PROFILE_CELLS = 24 }; /* of a band that shows a profile */

static const double WEIGHT = 128 / 315.0; /* mean square of the weights of the profile's cells */

/* A band's cells to the transform's input, with weights that fall smoothly to both ends, so that a strong
 * delay does not spill over. */
static void weigh_cells(struct phy_cf *to, const struct phy_cf *pilots, unsigned n)
{
	float step = 2 / (float)n, x = step / 2 - 1;

	for (unsigned i = 0; i < n; i++, pilots += 2) {
		float u = x + step * (float)(int)i, w = (1 - u * u) * (1 - u * u);

		to[i].re = (pilots[0].re + pilots[1].re) * w;
		to[i].im = (pilots[0].im + pilots[1].im) * w;
	}
}

static void add_profile(struct phy_chest *c, const struct kern *k, const struct phy_fft *fft,
	const struct phy_cf *pilots, unsigned n)
{
	memset(c->fft_in + n, 0, (fft->n - n) * sizeof(*c->fft_in));
	weigh_cells(c->fft_in, pilots, n);
	phy_fft_run(fft, k, c->fft_out, c->fft_in, c->fft_work);
	for (unsigned i = 0; i < fft->n; i++)
		c->profile[i] += c->fft_out[i].re * c->fft_out[i].re + c->fft_out[i].im * c->fft_out[i].im;
}

/* Sums over pairs of pilots: their powers, and the first of each times the conjugate of the second. */
struct pairs {
	double power, re, im, n;
};

static void add_pairs(
	struct phy_chest *c, const struct kern *k, struct pairs *s, const struct phy_cf *p, unsigned n)
{
	float *const turns[] = { &c->own[0].re, &c->beside[0].re };
	float sum[2];

	k->cf_deal(turns, &p->re, 2, n);
	k->cf_dot_conj(sum, turns[0], turns[1], n);
	s->power += (double)k->cf_energy(&p->re, 2 * (size_t)n);
	s->re += (double)sum[0];
	s->im += (double)sum[1];
	s->n += n;
}

/* The profile: |transform of the cells|^2, summed over antennas, positions and the bands that are wide
 * enough. Returns its bins, 0 if none is. */
static unsigned make_profile(struct phy_chest *c, const struct kern *k, struct pairs *pairs)
{
	const struct phy_chest_layout *l = &c->layout;
	unsigned size = 0, widest = 0;

	for (unsigned b = 0; b < l->bands_n; b++) {
		unsigned n = l->bands[b].n * c->per_prb;

		widest = n > widest ? n : widest;
	}
	if (widest < PROFILE_CELLS)
		return 0;
	while (CHEST_FFT_MIN << size < (int)widest)
		size++;
	memset(c->profile, 0, c->fft[size].n * sizeof(*c->profile));
	for (unsigned b = 0; b < l->bands_n; b++) {
		unsigned n = l->bands[b].n * c->per_prb, first = l->bands[b].first * c->per_prb;

		for (unsigned i = 0; i < c->antennas * c->positions && n >= PROFILE_CELLS; i++) {
			const struct chest_antenna *at = &c->antenna[i / c->positions];
			const struct phy_cf *pilots = at->pilots[i % c->positions] + 2 * first;

			if (!at->lives)
				continue;
			add_profile(c, k, &c->fft[size], pilots, n);
			add_pairs(c, k, pairs, pilots, n);
		}
	}
	return c->fft[size].n;
}

struct window {
	unsigned start, bins;
	double inside;
};

/* The strongest window of so many bins, cyclic; sums[i] is the power before bin i, over two turns. */
static struct window strongest(const double *sums, unsigned n, unsigned bins)
{
	struct window best = { 0, bins, -1 };
	unsigned step = bins / 16 + 1;

	for (unsigned i = 0; i < n; i += step) {
		double inside = sums[i + bins] - sums[i];

		if (inside > best.inside)
			best = (struct window){ i, bins, inside };
	}
	return best;
}

/* The mean delay of what stands out of the noise within the window, from its centre, in bins. */
static double mean_delay(const float *profile, unsigned n, const struct window *w, double floor)
{
	double sum = 0, moment = 0;

	for (unsigned i = 0; i < w->bins; i++) {
		double p = profile[(w->start + i) % n] - floor;

		if (p > 3 * floor) {
			sum += p;
			moment += p * (i - (w->bins - 1) / 2.0);
		}
	}
	return sum > 0 ? moment / sum : 0;
}

static struct phy_cf cell_of(const struct phy_cf *pilots)
{
	return (struct phy_cf){ (pilots[0].re + pilots[1].re) / 2, (pilots[0].im + pilots[1].im) / 2 };
}

/* a turned by (re, im) less b turned by its conjugate. */
static struct phy_cf difference(struct phy_cf a, struct phy_cf b, float re, float im)
{
	return (struct phy_cf){ (a.re - b.re) * re - (a.im + b.im) * im,
		(a.im - b.im) * re + (a.re + b.re) * im };
}

/* Sums over the cells of all bands and positions. */
struct sums {
	double power, cells;
	double re, im; /* of each cell times the conjugate of the one before */
};

/* Powers of differences, and how much of a cell's noise is in them. */
struct differences {
	double power, terms;
};

/* Of one band: second differences of cells, and the differences in their pairs, both with the mean delay
 * turned away. */
static void add_noise(const struct phy_chest *c, const struct phy_cf *pilots, unsigned n,
	struct differences *cells, struct differences *pairs)
{
	double half = M_PI * (double)c->centre, quarter = half * c->gap / c->cell;
	float re = (float)cos(half), im = (float)sin(half);
	float pair_re = (float)cos(quarter), pair_im = (float)sin(quarter);

	for (unsigned i = 2; i < n; i++) {
		struct phy_cf x = cell_of(pilots + 2 * i), y = cell_of(pilots + 2 * i - 2),
			      z = cell_of(pilots + 2 * i - 4);

		cells->power +=
			phy_cf_power(difference(difference(x, y, re, im), difference(y, z, re, im), re, im));
		cells->terms += 6;
	}
	for (unsigned i = 0; i < n; i++) {
		pairs->power += phy_cf_power(difference(pilots[2 * i + 1], pilots[2 * i], pair_re, pair_im));
		pairs->terms += 4; /* a pilot has twice the noise of a cell */
	}
}

/* Powers and turns of an antenna's cells. */
static void add_cells(const struct phy_chest *c, const struct chest_antenna *at, struct sums *s)
{
	const struct phy_chest_layout *l = &c->layout;

	for (unsigned i = 0; i < l->bands_n * c->positions; i++) {
		const struct phy_prb_run *band = &l->bands[i / c->positions];
		const struct phy_cf *p = at->pilots[i % c->positions] + 2 * band->first * c->per_prb;

		for (unsigned j = 0; j < band->n * c->per_prb; j++) {
			struct phy_cf x = cell_of(p + 2 * j), y = j > 0 ? cell_of(p + 2 * j - 2) : x;

			s->power += (double)phy_cf_power(x);
			s->cells += 1;
			s->re += (double)(j > 0 ? x.re * y.re + x.im * y.im : 0);
			s->im += (double)(j > 0 ? x.im * y.re - x.re * y.im : 0);
		}
	}
}

/* How much more the pairs of so many cells may show than another measure, which falls low with few: three
 * deviations, and what the weakest quarter of a profile has less. */
static double doubt(double cells)
{
	return 1 + 16 / sqrt(cells) + 64 / cells;
}

/* The noise of a cell at an antenna, all bands and positions. Pairs tell most, unless the other port of their
 * CDM group is in them, which is the whole of their difference. */
static float noise_by_cells(const struct phy_chest *c, const struct chest_antenna *at)
{
	const struct phy_chest_layout *l = &c->layout;
	struct differences cells = { 0, 0 }, pairs = { 0, 0 };
	double by_cells;

	for (unsigned i = 0; i < l->bands_n * c->positions; i++) {
		const struct phy_prb_run *band = &l->bands[i / c->positions];

		add_noise(c, at->pilots[i % c->positions] + 2 * band->first * c->per_prb,
			band->n * c->per_prb, &cells, &pairs);
	}
	by_cells = cells.terms > 0 ? cells.power / cells.terms : INFINITY;
	if (pairs.power / pairs.terms < by_cells * doubt(pairs.terms / 4))
		by_cells = (cells.power + pairs.power) / (cells.terms + pairs.terms);
	return (float)by_cells;
}

/*
 * Bands that are too narrow for a profile: the mean delay by the phase from cell to cell; as wide a window as
 * the SNR lets see something of.
 */
static bool find_by_cells(struct phy_chest *c)
{
	struct sums s = { 0 };
	double snr, noise = 0;
	unsigned living = 0;

	for (unsigned a = 0; a < c->antennas; a++) {
		if (c->antenna[a].lives)
			add_cells(c, &c->antenna[a], &s);
	}
	if (!isfinite(s.power) || s.power <= 0)
		return false;
	c->centre = c->result.delay_s = (float)(-atan2(s.im, s.re) / (2 * M_PI));
	for (unsigned a = 0; a < c->antennas; a++) {
		struct chest_antenna *at = &c->antenna[a];

		if (!at->lives)
			continue;
		at->noise = noise_by_cells(c, at);
		noise += (double)at->noise;
		living++;
	}
	snr = s.power / s.cells / fmax(noise / living, 1e-30) - 1;
	c->snr_class = phy_chest_snr_class((float)fmin(1e9, snr));
	c->width = 2 + c->snr_class;
	return true;
}

/*
 * Moves a window to the mean delay if that loses little beside the noise in it: around the mean, the ports of
 * a CDM group disturb one another least. Returns how far the mean remains from its centre, in bins.
 */
static double move_to_mean(
	const float *profile, const double *sums, unsigned n, struct window *w, double noise)
{
	double mean = mean_delay(profile, n, w, noise / n);
	unsigned start = (w->start + n + (unsigned)(int)lrint(mean)) % n;
	double inside = sums[start + w->bins] - sums[start];

	if (w->inside - inside > noise / n * w->bins / 2)
		return mean;
	w->start = start;
	return mean - rint(mean);
}

/*
 * The noise of a whole profile of n bins, of which `outside` is its estimate outside the widest window. That
 * is a quarter of the bins, and the weakest: too little to go by when the SNR is low, where windows too wide
 * by far would be taken. Better is what the two pilots of a cell differ by, but for the turn of the mean
 * delay between them, unless a spread of delays or another port of the CDM group makes it more.
 */
static double noise_of(const struct pairs *s, unsigned n, double outside)
{
	double differ = fmax(0, s->power - 2 * hypot(s->re, s->im)) * n * WEIGHT;

	return differ < outside * doubt(s->n) ? differ : outside;
}

/*
 * A window of width w lets w of the noise in, and loses the signal outside: power outside less (1 - w) of the
 * noise. The width of the least sum of the two is taken.
 */
bool chest_find_delays(struct phy_chest *c, const struct kern *k)
{
	double sums[2 * CHEST_FFT_MAX + 1], noise = 0, least = INFINITY, mean;
	struct pairs pairs = { 0 };
	unsigned n = make_profile(c, k, &pairs);
	struct window taken = { 0, 1, 0 };

	for (unsigned a = 0; a < c->antennas; a++)
		c->antenna[a].noise = -1;
	c->narrow = n == 0;
	if (c->narrow)
		return find_by_cells(c);
	sums[0] = 0;
	for (unsigned i = 0; i < n; i++)
		sums[i + 1] = sums[i] + (double)c->profile[i];
	for (unsigned i = 1; i <= n; i++)
		sums[n + i] = sums[n] + sums[i];
	if (!isfinite(sums[2 * n]) || sums[n] <= 0)
		return false;
	for (unsigned i = PHY_CHEST_WIDTHS; i-- > 0;) {
		double width = (double)phy_chest_width(i), risk;
		struct window w = strongest(sums, n, width * n < 1 ? 1 : (unsigned)(width * n));

		if (i == PHY_CHEST_WIDTHS - 1)
			noise = noise_of(&pairs, n, fmax(0, (sums[n] - w.inside) / (n - w.bins) * n));
		risk = sums[n] - w.inside + (2.0 * w.bins / n - 1) * noise;
		if (risk <= least) {
			least = risk;
			c->width = i;
			taken = w;
		}
	}
	c->snr_class = phy_chest_snr_class(noise > 0 ? (float)fmin(1e9, sums[n] / noise - 1) : 1e9f);
	mean = move_to_mean(c->profile, sums, n, &taken, noise);
	c->centre = (float)((taken.start + (taken.bins - 1) / 2.0) / n);
	c->centre -= c->centre >= 0.5f ? 1 : 0;
	c->result.delay_s = c->centre + (float)(mean / n);
	return true;
}
