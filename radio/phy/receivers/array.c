#include "radio/phy/receivers/array.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/receivers/chest_parts.h"
#include "radio/phy/signals/complex.h"

enum { ANTENNAS = PHY_CHEST_ANTENNAS_MAX, LAYERS = PHY_ARRAY_LAYERS_MAX };

/* Noise as two antennas have it in common is believed from this many deviations on, of as many cells. */
static const double COMMON_POWER = 14, COMMON_CELLS = 4;

/* Of a layer's power, what is at least taken for noise. */
static const double LEAST = 1e-7;

struct phy_array {
	struct phy_chest *chest[LAYERS];
	struct phy_array_result result;
	struct phy_array_input in;
	unsigned antennas_max;
	unsigned layers, living;
	bool alone;                          /* one layer at the only antenna: nothing has to be white */
	unsigned live[ANTENNAS];             /* their numbers */
	bool found[LAYERS];                  /* the layer has power */
	bool again[LAYERS];                  /* its partner disturbs it */
	double noise[ANTENNAS][ANTENNAS][2]; /* covariance of the living, of a resource element */
	/* A channel that does not change but for a turn is made once: what makes its noise 1, and its rows,
	 * as in struct phy_array_symbol. */
	bool still;
	double turn; /* radians a symbol */
	struct phy_cf white[ANTENNAS][ANTENNAS];
	struct phy_cf (*rows)[CHEST_ROW];
};

/* Layers turn alike if nowhere in the slot one is further off than this, in radians: it is noise at -50 dB.
 */
static const double ALIKE = 0.003;

struct phy_array_work {
	struct phy_cf white[ANTENNAS][ANTENNAS]; /* lower triangle: what makes the covariance 1 */
	_Alignas(CHEST_LINE) struct phy_cf rows[][CHEST_ROW];
};

struct phy_array_work *phy_array_work_new(unsigned antennas, unsigned layers)
{
	size_t rows = (size_t)antennas * (layers + 1), size = sizeof(struct phy_array_work);
	struct phy_array_work *w;

	size += rows * sizeof(w->rows[0]);
	w = aligned_alloc(CHEST_LINE, size);
	if (w)
		memset(w, 0, size);
	return w;
}

void phy_array_work_free(struct phy_array_work *w)
{
	free(w);
}

struct phy_array *phy_array_new(const struct phy_chest_filters *filters, unsigned antennas, unsigned layers)
{
	struct phy_array *a = calloc(1, sizeof(*a));
	bool ok;

	if (!a)
		return NULL;
	a->antennas_max = antennas;
	ok = antennas >= 1 && antennas <= ANTENNAS && layers >= 1 && layers <= LAYERS;
	for (unsigned l = 0; ok && l < layers; l++) {
		a->chest[l] = phy_chest_new(filters, antennas);
		ok = a->chest[l] != NULL;
	}
	if (ok)
		a->rows = aligned_alloc(CHEST_LINE, (size_t)antennas * layers * sizeof(*a->rows));
	ok = ok && a->rows;
	if (!ok) {
		phy_array_free(a);
		return NULL;
	}
	return a;
}

void phy_array_free(struct phy_array *a)
{
	for (unsigned l = 0; a && l < LAYERS; l++)
		phy_chest_free(a->chest[l]);
	if (a)
		free(a->rows);
	free(a);
}

const struct phy_array_result *phy_array_result(const struct phy_array *a)
{
	return &a->result;
}

/* Adds what two antennas have in common of what a layer's estimate leaves. */
static void add_common(const struct phy_chest *c, const struct kern *k, unsigned i, unsigned j, double sum[2])
{
	const struct chest_antenna *x = &c->antenna[i], *y = &c->antenna[j];

	for (unsigned b = 0; b < c->layout.bands_n; b++) {
		unsigned first = c->layout.bands[b].first * c->per_prb, n = c->layout.bands[b].n * c->per_prb;

		for (unsigned d = 0; d < c->positions; d++) {
			float part[2];

			k->cf_dot_conj(part, &x->left[d][first].re, &y->left[d][first].re, n);
			sum[0] += (double)part[0];
			sum[1] += (double)part[1];
		}
	}
}

/* What two antennas have in common of what all layers' estimates leave, for a cell. */
static void find_common(const struct phy_array *a, const struct kern *k, unsigned i, unsigned j,
	double expected, double common[2])
{
	common[0] = common[1] = 0;
	for (unsigned l = 0; l < a->layers; l++)
		add_common(a->chest[l], k, a->live[i], a->live[j], common);
	common[0] /= expected;
	common[1] /= expected;
}

/*
 * The covariance; whether any two antennas have enough in common to count. What is left at an antenna counts
 * as its noise also where the bands are too narrow to measure noise so, and more is left than noise: with
 * less, the matrix would not be that of any noise.
 */
static bool find_noise(struct phy_array *a, const struct kern *k)
{
	double expected = 0, scale = (double)chest_noise_scale(a->chest[0]);
	bool common = false;

	for (unsigned l = 0; l < a->layers; l++)
		expected += (double)a->chest[l]->expected;
	for (unsigned i = 0; i < a->living; i++) {
		double own = 0, left[2];

		for (unsigned l = 0; l < a->layers; l++)
			own += (double)a->chest[l]->antenna[a->live[i]].noise / a->layers;
		find_common(a, k, i, i, expected, left);
		a->noise[i][i][0] = fmax(own, left[0]) * scale;
		a->noise[i][i][1] = 0;
		for (unsigned j = 0; j < i; j++) {
			double *n = a->noise[i][j];

			find_common(a, k, i, j, expected, n);
			n[0] *= scale;
			n[1] *= scale;
			common |= (n[0] * n[0] + n[1] * n[1]) * expected >
				  COMMON_POWER * a->noise[i][i][0] * a->noise[j][j][0];
		}
	}
	return common && expected > COMMON_CELLS * a->living;
}

/* Means and sums of the layers' results. */
static void conclude(struct phy_array *a)
{
	struct phy_chest_result *to = &a->result.channel;
	float share = 1 / (float)a->layers;

	*to = (struct phy_chest_result){ 0 };
	for (unsigned l = 0; l < a->layers; l++) {
		const struct phy_chest_result *r = phy_chest_result(a->chest[l]);

		to->power += r->power;
		to->noise += r->noise * share;
		to->cfo_hz += r->cfo_hz * share;
		to->doppler_hz += r->doppler_hz * share;
		to->delay_s += r->delay_s * share;
	}
	to->snr_db =
		(float)fmax(-50, fmin(100, 10 * log10((double)to->power / fmax((double)to->noise, 1e-30))));
}

/* The layer whose port shares the REs of this one's and turns the second of two pilots: ports 2 n and 2 n
 * + 1. */
static const struct phy_chest *partner(
	const struct phy_array *a, const struct phy_array_input *in, unsigned layer)
{
	unsigned port = in->layout.dmrs[layer].port ^ 1u;

	for (unsigned l = 0; l < in->layers; l++) {
		if (in->layout.dmrs[l].port == port)
			return a->chest[l];
	}
	return NULL;
}

void phy_array_step(struct phy_array *a, const struct kern *k, const struct phy_array_input *in,
	enum phy_array_step step, unsigned layer)
{
	struct phy_chest_layout of = in->layout;
	struct phy_chest *c = a->chest[layer];
	const struct phy_chest *other = partner(a, in, layer);

	of.dmrs += layer;
	if (step == PHY_ARRAY_LOOK)
		a->found[layer] = phy_chest_run(c, k, &of, in->slot, in->grids, in->antennas, in->offset);
	else if (step == PHY_ARRAY_CANCEL)
		a->again[layer] = a->found[layer] && other && chest_cancel(c, other);
	else if (a->again[layer])
		a->found[layer] = chest_estimate(c, k);
}

static void find_living(struct phy_array *a)
{
	for (unsigned i = 0; i < a->in.antennas && i < a->antennas_max; i++) {
		bool lives = false, broken = false;

		for (unsigned l = 0; l < a->layers; l++) {
			lives |= a->chest[l]->antenna[i].lives;
			broken |= a->chest[l]->antenna[i].broken;
		}
		if (lives && !broken)
			a->live[a->living++] = i;
	}
}

/* The inverse of the Cholesky factor of the covariance and what the estimates do not know of a symbol: a
 * lower triangle. */
static void find_white(const struct phy_array *a, struct phy_cf white[ANTENNAS][ANTENNAS], const float *left)
{
	double factor[ANTENNAS][ANTENNAS][2];
	unsigned n = a->living;

	memset(white, 0, ANTENNAS * sizeof(white[0]));
	for (unsigned j = 0; j < n; j++) {
		for (unsigned i = j; i < n; i++) {
			double *f = factor[i][j];

			f[0] = i == j || a->result.coloured ? a->noise[i][j][0] : 0;
			f[1] = i == j || a->result.coloured ? a->noise[i][j][1] : 0;
			for (unsigned l = 0; i == j && l < a->layers; l++)
				f[0] += fmax((double)left[l], LEAST) *
					fmax(0, (double)a->chest[l]->antenna[a->live[i]].power);
			for (unsigned m = 0; m < j; m++) {
				const double *x = factor[i][m], *y = factor[j][m];

				f[0] -= x[0] * y[0] + x[1] * y[1];
				f[1] -= x[1] * y[0] - x[0] * y[1];
			}
			if (i == j) {
				f[0] = sqrt(fmax(f[0], 1e-30));
			} else {
				f[0] /= factor[j][j][0];
				f[1] /= factor[j][j][0];
			}
		}
	}
	for (unsigned j = 0; j < n; j++) { /* columns of the inverse */
		for (unsigned i = j; i < n; i++) {
			struct phy_cf sum = { i == j, 0 };
			float per = (float)(1 / factor[i][i][0]);

			for (unsigned m = j; m < i; m++) {
				struct phy_cf f = { (float)factor[i][m][0], (float)factor[i][m][1] };
				struct phy_cf v = phy_cf_mul(f, white[m][j]);

				sum.re -= v.re;
				sum.im -= v.im;
			}
			white[i][j] = (struct phy_cf){ sum.re * per, sum.im * per };
		}
	}
}

/* Row i of the whitened antennas, of terms (w of an antenna) with the positions' weights; in and out by band.
 */
static void combine(const struct phy_array *a, const struct kern *k, struct phy_cf *out,
	const struct phy_cf *const *in, const struct phy_cf *w, unsigned terms)
{
	const struct phy_chest_layout *l = &a->chest[0]->layout;

	for (unsigned b = 0; b < l->bands_n; b++) {
		size_t first = (size_t)l->bands[b].first * PHY_SC_PER_PRB;
		const float *from[ANTENNAS * CHEST_POSITIONS];

		for (unsigned i = 0; i < terms; i++)
			from[i] = &in[i][first].re;
		k->cf_combine(&out[first].re, from, &w->re, terms, (size_t)l->bands[b].n * PHY_SC_PER_PRB);
	}
}

/* Row i of the whitened antennas: of what they receive in a symbol, turned by (re, im). */
static void make_y(const struct phy_array *a, const struct kern *k,
	const struct phy_cf white[ANTENNAS][ANTENNAS], unsigned i, unsigned symbol, struct phy_cf turn,
	struct phy_cf *out)
{
	unsigned from = a->result.coloured ? 0 : i, terms = i - from + 1;
	const struct phy_cf *in[ANTENNAS];
	struct phy_cf w[ANTENNAS];

	for (unsigned j = 0; j < terms; j++) {
		in[j] = phy_grid_at(&a->in.grids[a->live[from + j]], symbol, a->in.offset);
		w[j] = phy_cf_mul(white[i][from + j], turn);
	}
	combine(a, k, out, in, w, terms);
}

/* The same of a layer's channel, of which the positions count so much. */
static void make_h(const struct phy_array *a, const struct kern *k,
	const struct phy_cf white[ANTENNAS][ANTENNAS], unsigned i, unsigned layer,
	const struct phy_cf time[CHEST_POSITIONS], struct phy_cf *out)
{
	const struct phy_chest *c = a->chest[layer];
	const struct phy_cf *in[ANTENNAS * CHEST_POSITIONS];
	struct phy_cf w[ANTENNAS * CHEST_POSITIONS];
	unsigned n = 0;

	for (unsigned j = a->result.coloured ? 0 : i; j <= i; j++)
		for (unsigned d = 0; d < c->positions; d++, n++) {
			in[n] = c->antenna[a->live[j]].h[d];
			w[n] = phy_cf_mul(white[i][j], time[d]);
		}
	combine(a, k, out, in, w, n);
}

/* Whether the channel only turns, and all layers alike; *a has the mean turn. */
static bool is_still(struct phy_array *a)
{
	bool still = !a->alone;

	a->turn = 0;
	for (unsigned l = 0; l < a->layers; l++) {
		still = still && chest_is_still(a->chest[l]);
		a->turn += (double)a->chest[l]->turn / a->layers;
	}
	for (unsigned l = 0; l < a->layers; l++)
		still = still && fabs((double)a->chest[l]->turn - a->turn) * PHY_SYMBOLS_MAX < ALIKE;
	return still;
}

/* The channel of all symbols, as it is in symbol 0. */
static void make_still(struct phy_array *a, const struct kern *k)
{
	struct phy_cf time[LAYERS][CHEST_POSITIONS];
	float left[LAYERS];

	for (unsigned l = 0; l < a->layers; l++)
		left[l] = chest_weights(a->chest[l], 0, time[l]);
	find_white(a, a->white, left);
	for (unsigned i = 0; i < a->living * a->layers; i++)
		make_h(a, k, a->white, i / a->layers, i % a->layers, time[i % a->layers], a->rows[i]);
}

bool phy_array_end(struct phy_array *a, const struct kern *k, const struct phy_array_input *in)
{
	a->result = (struct phy_array_result){ 0 };
	a->in = *in;
	a->layers = in->layers;
	a->living = 0;
	a->alone = in->layers == 1 && in->antennas == 1;
	for (unsigned l = 0; l < a->layers; l++) {
		if (!a->found[l])
			return false;
	}
	find_living(a);
	if (a->living == 0)
		return false;
	a->result.antennas = a->living;
	a->result.coloured = find_noise(a, k);
	conclude(a);
	a->still = is_still(a);
	if (a->still)
		make_still(a, k);
	return true;
}

/* What is received is turned back, so that the channel is that of symbol 0. */
static void take_still(const struct phy_array *a, struct phy_array_work *work, const struct kern *k,
	unsigned symbol, struct phy_array_symbol *s)
{
	double turned = a->turn * symbol;
	struct phy_cf back = { (float)cos(turned), (float)-sin(turned) };

	for (unsigned i = 0; i < a->living; i++) {
		make_y(a, k, a->white, i, symbol, back, work->rows[i]);
		s->y[i] = work->rows[i];
	}
	for (unsigned i = 0; i < a->living * a->layers; i++)
		s->h[i] = a->rows[i];
}

void phy_array_symbol(const struct phy_array *a, struct phy_array_work *work, const struct kern *k,
	unsigned symbol, struct phy_array_symbol *s)
{
	struct phy_cf time[LAYERS][CHEST_POSITIONS];
	struct phy_cf(*row)[CHEST_ROW] = work->rows;
	float left[LAYERS];

	*s = (struct phy_array_symbol){ .antennas = a->living, .layers = a->layers, .noise = 1 };
	if (a->alone) {
		s->y[0] = phy_grid_at(a->in.grids, symbol, a->in.offset);
		s->h[0] = phy_chest_symbol(a->chest[0], k, symbol, *row, &s->noise);
		return;
	}
	if (a->still) {
		take_still(a, work, k, symbol, s);
		return;
	}
	for (unsigned l = 0; l < a->layers; l++)
		left[l] = chest_weights(a->chest[l], symbol, time[l]);
	find_white(a, work->white, left);
	for (unsigned i = 0; i < a->living; i++) {
		make_y(a, k, work->white, i, symbol, (struct phy_cf){ 1, 0 }, *row);
		s->y[i] = *row++;
		for (unsigned l = 0; l < a->layers; l++) {
			make_h(a, k, work->white, i, l, time[l], *row);
			s->h[i * a->layers + l] = *row++;
		}
	}
}
