#include "radio/phy/receivers/chest_filter.h"

#include <math.h>
#include <stdlib.h>

enum {
	COLS_MAX = 48,
	ROWS_MAX = PHY_CHEST_LEAD + 12 * 16,
	DISTANCE_MAX = ROWS_MAX + PHY_CHEST_LEAD, /* subcarriers */
};

/* By type2: subcarriers of a cell, between its two pilots; cells of a resource block. */
static const struct {
	unsigned cell, gap, per_prb;
} types[2] = { { 4, 2, 3 }, { 6, 1, 2 } };

static const float widths[PHY_CHEST_WIDTHS] = { 1 / 64.0f, 1 / 32.0f, 1 / 16.0f, 1 / 8.0f, 1 / 4.0f, 3 / 8.0f,
	1 / 2.0f, 3 / 4.0f };
static const float snrs[PHY_CHEST_SNRS] = { 0.5f, 8, 128, 2048 };

struct phy_chest_filters {
	struct phy_chest_filter filter[2][PHY_CHEST_WIDTHS][PHY_CHEST_SNRS][PHY_CHEST_LEVELS];
	float *taps;
};

float phy_chest_width(unsigned width)
{
	return widths[width];
}

unsigned phy_chest_snr_class(float snr)
{
	unsigned i = 0;

	while (i + 1 < PHY_CHEST_SNRS && snr > 4 * snrs[i]) /* half way in dB */
		i++;
	return i;
}

const struct phy_chest_filter *phy_chest_filter_get(
	const struct phy_chest_filters *f, bool type2, unsigned width, unsigned snr_class, unsigned level)
{
	return &f->filter[type2][width][snr_class][level];
}

/* What the two filters of a design share: correlations, and the Cholesky factor of the pilots' own. */
struct design {
	unsigned cell, gap, cols, rows;
	double alike[DISTANCE_MAX]; /* correlation of the channel at two subcarriers, by their distance */
	double factor[COLS_MAX][COLS_MAX]; /* lower */
	double tap[ROWS_MAX][COLS_MAX];
};

/* The transform of an even window of delay. */
static void correlate(struct design *d, double width)
{
	d->alike[0] = 1;
	for (unsigned i = 1; i < DISTANCE_MAX; i++) {
		double x = M_PI * width * i / d->cell;

		d->alike[i] = sin(x) / x;
	}
}

static double correlation(const struct design *d, int distance)
{
	return d->alike[abs(distance)];
}

static void factorize(struct design *d, double noise)
{
	for (unsigned i = 0; i < d->cols; i++) {
		for (unsigned j = 0; j <= i; j++) {
			int at = (int)((i - j) * d->cell), gap = (int)d->gap;
			double sum = (2 * correlation(d, at) + correlation(d, at + gap) +
					     correlation(d, at - gap)) /
				     4;

			sum += i == j ? noise : 0;
			for (unsigned k = 0; k < j; k++)
				sum -= d->factor[i][k] * d->factor[j][k];
			d->factor[i][j] = i == j ? sqrt(sum) : sum / d->factor[j][j];
		}
	}
}

static void solve(const struct design *d, int subcarrier, double *tap)
{
	for (unsigned i = 0; i < d->cols; i++) {
		int at = subcarrier - (int)(i * d->cell);

		tap[i] = (correlation(d, at) + correlation(d, at - (int)d->gap)) / 2;
		for (unsigned k = 0; k < i; k++)
			tap[i] -= d->factor[i][k] * tap[k];
		tap[i] /= d->factor[i][i];
	}
	for (unsigned i = d->cols; i-- > 0;) {
		tap[i] /= d->factor[i][i];
		for (unsigned k = 0; k < i; k++)
			tap[k] -= d->factor[i][k] * tap[i];
	}
}

/* Every subcarrier's taps. Those of one as far behind the middle of the cells as another is before it are the
 * other's in reverse. */
static void solve_all(struct design *d)
{
	unsigned both = 2 * PHY_CHEST_LEAD + (d->cols - 1) * d->cell + d->gap;

	for (unsigned r = 0; r < d->rows; r++) {
		if (2 * r <= both)
			solve(d, (int)r - PHY_CHEST_LEAD, d->tap[r]);
		for (unsigned i = 0; 2 * r > both && i < d->cols; i++)
			d->tap[r][i] = d->tap[both - r][d->cols - 1 - i];
	}
}

/* Of unit noise at each pilot, the power in pilot less estimate at the cell's pilot. */
static double left_over(const struct design *d, unsigned cell)
{
	unsigned row = PHY_CHEST_LEAD + cell * d->cell;
	double sum = 0;

	for (unsigned j = 0; j < d->cols; j++) {
		double tap = (d->tap[row][j] + d->tap[row + d->gap][j]) / 2 - (j == cell);

		sum += tap * tap;
	}
	return sum;
}

static void finish(const struct design *d, struct phy_chest_filter *f, float *m)
{
	unsigned middle = d->cols / 2;

	*f = (struct phy_chest_filter){ .m = m, .rows = (uint16_t)d->rows, .cols = (uint16_t)d->cols };
	for (unsigned i = 0; i < d->cols; i++)
		*(i == middle ? &f->middle : &f->edges) += (float)left_over(d, i);
	for (unsigned r = 0; r < d->rows; r++) {
		for (unsigned j = 0; j < d->cols; j++) {
			m[j * d->rows + r] = (float)d->tap[r][j];
			if (r >= PHY_CHEST_LEAD + middle * d->cell &&
				r < PHY_CHEST_LEAD + (middle + 1) * d->cell)
				f->gain += (float)(d->tap[r][j] * d->tap[r][j] / d->cell);
		}
	}
}

static size_t taps_of(unsigned type, unsigned level)
{
	return (size_t)(types[type].per_prb << level) * (PHY_CHEST_LEAD + (12u << level));
}

static float *make(struct phy_chest_filters *f, struct design *d, unsigned type, unsigned level, float *m)
{
	d->cell = types[type].cell;
	d->gap = types[type].gap;
	d->cols = types[type].per_prb << level;
	d->rows = PHY_CHEST_LEAD + (12u << level);
	for (unsigned w = 0; w < PHY_CHEST_WIDTHS; w++) {
		correlate(d, (double)widths[w]);
		for (unsigned s = 0; s < PHY_CHEST_SNRS; s++) {
			factorize(d, 1 / snrs[s]);
			solve_all(d);
			finish(d, &f->filter[type][w][s][level], m);
			m += taps_of(type, level);
		}
	}
	return m;
}

struct phy_chest_filters *phy_chest_filters_new(void)
{
	struct phy_chest_filters *f = calloc(1, sizeof(*f));
	struct design *d = calloc(1, sizeof(*d));
	size_t taps = 0;
	float *m = NULL;

	for (unsigned i = 0; i < 2 * PHY_CHEST_LEVELS; i++)
		taps += PHY_CHEST_WIDTHS * PHY_CHEST_SNRS * taps_of(i % 2, i / 2);
	if (f && d)
		m = f->taps = calloc(taps, sizeof(*f->taps));
	for (unsigned i = 0; m && i < 2 * PHY_CHEST_LEVELS; i++)
		m = make(f, d, i % 2, i / 2, m);
	free(d);
	if (!m) {
		free(f);
		return NULL;
	}
	return f;
}

void phy_chest_filters_free(struct phy_chest_filters *f)
{
	if (f)
		free(f->taps);
	free(f);
}
