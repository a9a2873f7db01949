#include "radio/phy/channels/pucch_filter.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/signals/complex.h"
#include "radio/phy/signals/grid.h"

enum { PILOTS_MAX = PUCCH_FILTER_PRBS * PHY_SC_PER_PRB };

/* Of the window, in parts of what a subcarrier spacing resolves: 3.3 us at 15 kHz, two thirds of a cyclic
 * prefix. */
#define WINDOW 0.05

static const double snrs_db[PUCCH_FILTER_SNRS] = { -6, 0, 6, 12, 20, 30 };

static const struct {
	uint8_t per_prb, spacing, first, users, lag;
} kinds[PUCCH_PILOTS] = {
	[PUCCH_COMB_3] = { 4, 3, 1, 1, 3 },
	[PUCCH_FULL] = { 12, 1, 0, 1, 1 },
	[PUCCH_FULL_OF_2] = { 12, 1, 0, 2, 2 },
	[PUCCH_FULL_OF_4] = { 12, 1, 0, 4, 4 },
};

struct filter {
	float *m;       /* [pilot][subcarrier]: of one user */
	float *all;     /* [pilot][pilot]: of all users */
	float estimate; /* what becomes of noise of variance 1 in m's result */
	float left;     /* and in pilots less all's */
};

struct pucch_filters {
	struct filter filter[PUCCH_PILOTS][PUCCH_FILTER_PRBS][PUCCH_FILTER_SNRS];
};

unsigned pucch_pilots_per_prb(enum pucch_pilots kind)
{
	return kinds[kind].per_prb;
}

unsigned pucch_pilots_lag(enum pucch_pilots kind)
{
	return kinds[kind].lag;
}

unsigned pucch_filter_class(float snr)
{
	double db = 10 * log10(snr > 1e-3f ? snr : 1e-3f);
	unsigned c = 0;

	while (c + 1 < PUCCH_FILTER_SNRS && db > (snrs_db[c] + snrs_db[c + 1]) / 2)
		c++;
	return c;
}

/* Of the channel at two subcarriers, `at` apart. */
static double correlation(int at)
{
	double x = M_PI * WINDOW * at;

	return at == 0 ? 1 : sin(x) / x;
}

/* Of what all users send at two pilots, each with a channel of its own: shifts of 6, or of 3, 6 and 9
 * twelfths. */
static double crowd(enum pucch_pilots kind, int at)
{
	double users = 1;

	if (kinds[kind].users >= 2)
		users += at % 2 ? -1 : 1;
	if (kinds[kind].users == 4)
		users += 2 * cos(M_PI / 2 * at);
	return users * correlation(at);
}

struct design {
	double factor[PILOTS_MAX][PILOTS_MAX]; /* Cholesky's, of the pilots' covariance */
	double tap[PILOTS_MAX];
};

static void factorize(struct design *d, enum pucch_pilots kind, unsigned n, double noise)
{
	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = 0; j <= i; j++) {
			double sum = crowd(kind, (int)((i - j) * kinds[kind].spacing)) + (i == j ? noise : 0);

			for (unsigned l = 0; l < j; l++)
				sum -= d->factor[i][l] * d->factor[j][l];
			d->factor[i][j] = i == j ? sqrt(sum) : sum / d->factor[j][j];
		}
	}
}

/* The taps for what has these correlations with the pilots. */
static void solve(const struct design *d, unsigned n, double *tap)
{
	for (unsigned i = 0; i < n; i++) {
		for (unsigned l = 0; l < i; l++)
			tap[i] -= d->factor[i][l] * tap[l];
		tap[i] /= d->factor[i][i];
	}
	for (unsigned i = n; i-- > 0;) {
		for (unsigned l = i + 1; l < n; l++)
			tap[i] -= d->factor[l][i] * tap[l];
		tap[i] /= d->factor[i][i];
	}
}

static void make(struct filter *f, struct design *d, enum pucch_pilots kind, unsigned prbs, double snr_db)
{
	unsigned n = prbs * kinds[kind].per_prb, rows = prbs * PHY_SC_PER_PRB, spacing = kinds[kind].spacing;

	factorize(d, kind, n, pow(10, -snr_db / 10));
	for (unsigned r = 0; r < rows; r++) {
		for (unsigned i = 0; i < n; i++)
			d->tap[i] = correlation((int)r - kinds[kind].first - (int)(i * spacing));
		solve(d, n, d->tap);
		for (unsigned j = 0; j < n; j++) {
			f->m[j * rows + r] = (float)d->tap[j];
			f->estimate += (float)(d->tap[j] * d->tap[j] / rows);
		}
	}
	for (unsigned r = 0; r < n; r++) {
		for (unsigned i = 0; i < n; i++)
			d->tap[i] = crowd(kind, ((int)r - (int)i) * (int)spacing);
		solve(d, n, d->tap);
		for (unsigned j = 0; j < n; j++) {
			f->all[j * n + r] = (float)d->tap[j];
			f->left += (float)(pow(d->tap[j] - (r == j), 2) / n);
		}
	}
}

/* Room for the taps of a filter. */
static bool make_room(struct filter *f, enum pucch_pilots kind, unsigned prbs)
{
	size_t n = (size_t)prbs * kinds[kind].per_prb;

	f->m = calloc(n * prbs * PHY_SC_PER_PRB, sizeof(*f->m));
	f->all = calloc(n * n, sizeof(*f->all));
	return f->m && f->all;
}

struct pucch_filters *pucch_filters_new(void)
{
	struct pucch_filters *f = calloc(1, sizeof(*f));
	struct design *d = calloc(1, sizeof(*d));
	bool ok = f && d;

	for (unsigned kind = 0; ok && kind < PUCCH_PILOTS; kind++) {
		unsigned sizes = kinds[kind].users > 1 ? 1 : PUCCH_FILTER_PRBS;

		for (unsigned i = 0; ok && i < sizes * PUCCH_FILTER_SNRS; i++) {
			unsigned prbs = 1 + i / PUCCH_FILTER_SNRS, s = i % PUCCH_FILTER_SNRS;

			ok = make_room(&f->filter[kind][prbs - 1][s], kind, prbs);
			if (ok)
				make(&f->filter[kind][prbs - 1][s], d, kind, prbs, snrs_db[s]);
		}
	}
	free(d);
	if (ok)
		return f;
	pucch_filters_free(f);
	return NULL;
}

void pucch_filters_free(struct pucch_filters *f)
{
	for (unsigned kind = 0; f && kind < PUCCH_PILOTS; kind++) {
		for (unsigned i = 0; i < PUCCH_FILTER_PRBS * PUCCH_FILTER_SNRS; i++) {
			struct filter *one = &f->filter[kind][i / PUCCH_FILTER_SNRS][i % PUCCH_FILTER_SNRS];

			free(one->m);
			free(one->all);
		}
	}
	free(f);
}

static const struct filter *filter_of(const struct pucch_filters *f, enum pucch_pilots kind,
	unsigned snr_class, unsigned prbs, unsigned *tile)
{
	*tile = prbs < PUCCH_FILTER_PRBS ? prbs : PUCCH_FILTER_PRBS;
	return &f->filter[kind][*tile - 1][snr_class];
}

float pucch_filter(const struct pucch_filters *f, const struct kern *k, enum pucch_pilots kind,
	unsigned snr_class, unsigned prbs, struct phy_cf *out, const struct phy_cf *pilots)
{
	unsigned tile, per_prb = kinds[kind].per_prb;
	const struct filter *filter = filter_of(f, kind, snr_class, prbs, &tile);
	unsigned rows = tile * PHY_SC_PER_PRB;

	for (unsigned at = 0; at < prbs; at += tile) {
		at = at + tile > prbs ? prbs - tile : at;
		k->cf_windows(&out[at * PHY_SC_PER_PRB].re, &pilots[at * per_prb].re, filter->m, rows,
			(size_t)tile * per_prb, rows, 1);
	}
	return filter->estimate;
}

float pucch_filter_left(const struct pucch_filters *f, const struct kern *k, enum pucch_pilots kind,
	unsigned snr_class, unsigned prbs, struct phy_cf *work, const struct phy_cf *pilots)
{
	unsigned tile, per_prb = kinds[kind].per_prb;
	const struct filter *filter = filter_of(f, kind, snr_class, prbs, &tile);
	unsigned n = tile * per_prb;
	float left = 0;

	for (unsigned at = 0; at < prbs; at += tile) {
		at = at + tile > prbs ? prbs - tile : at;
		k->cf_windows(&work[at * per_prb].re, &pilots[at * per_prb].re, filter->all, n, n, n, 1);
	}
	for (unsigned i = 0; i < prbs * per_prb; i++)
		left += phy_cf_power((struct phy_cf){ pilots[i].re - work[i].re, pilots[i].im - work[i].im });
	return left / (float)(prbs * per_prb) / filter->left;
}
