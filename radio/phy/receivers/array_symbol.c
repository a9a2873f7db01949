/* What the antennas receive in a symbol, and the layers' channels to them, such that noise is white. */
#include <math.h>

#include "radio/phy/receivers/array_parts.h"
#include "radio/phy/signals/complex.h"

_Static_assert((int)ANTENNAS == KERN_PRECODE_MAX, "rows of what makes white are those of the kernel");

/* Of a layer's power, what is at least taken for noise. */
static const double LEAST = 1e-7;

/* Layers turn alike if nowhere in the slot one is further off than this, in radians: it is noise at -50 dB.
 */
static const double ALIKE = 0.003;

/* The inverse of the Cholesky factor of the covariance and what the estimates do not know of a symbol: a
 * lower triangle. */
static void find_white(
	const struct phy_array *a, unsigned group, struct phy_cf white[ANTENNAS][ANTENNAS], const float *left)
{
	double factor[ANTENNAS][ANTENNAS][2];
	unsigned n = a->living;

	memset(white, 0, ANTENNAS * sizeof(white[0]));
	for (unsigned j = 0; j < n; j++) {
		for (unsigned i = j; i < n; i++) {
			double *f = factor[i][j];

			f[0] = i == j || a->result.coloured ? a->noise[group][i][j][0] : 0;
			f[1] = i == j || a->result.coloured ? a->noise[group][i][j][1] : 0;
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

/* The whitened antennas, with what makes each group white: of what they receive in a symbol, turned. */
static void make_y(const struct phy_array *a, const struct kern *k,
	const struct phy_cf (*white)[ANTENNAS][ANTENNAS], unsigned symbol, struct phy_cf turn,
	struct phy_cf (*rows)[CHEST_ROW])
{
	for (struct array_piece p = { 0 }; array_next(a, &p);) {
		size_t first = (size_t)p.first * PHY_SC_PER_PRB;
		struct phy_cf w[ANTENNAS][ANTENNAS];
		const float *in[ANTENNAS];
		float *out[ANTENNAS];

		for (unsigned i = 0; i < a->living; i++) {
			const struct phy_grid *g = &a->in.grids[a->live[i]];

			in[i] = &phy_grid_at(g, symbol, a->in.offset)[first].re;
			out[i] = &rows[i][first].re;
			for (unsigned j = 0; j < a->living; j++)
				w[i][j] = phy_cf_mul(white[p.group][i][j], turn);
		}
		k->cf_precode(out, a->living, in, a->living, &w[0][0].re, (size_t)p.n * PHY_SC_PER_PRB);
	}
}

/* Row i of them, of a layer's channel, of which the positions count so much. */
static void make_h(const struct phy_array *a, const struct kern *k,
	const struct phy_cf (*white)[ANTENNAS][ANTENNAS], unsigned i, unsigned layer,
	const struct phy_cf time[CHEST_POSITIONS], struct phy_cf *out)
{
	const struct phy_chest *c = a->chest[layer];

	for (struct array_piece p = { 0 }; array_next(a, &p);) {
		size_t first = (size_t)p.first * PHY_SC_PER_PRB;
		const float *in[ANTENNAS * CHEST_POSITIONS];
		struct phy_cf w[ANTENNAS * CHEST_POSITIONS];
		unsigned n = 0;

		for (unsigned j = a->result.coloured ? 0 : i; j <= i; j++)
			for (unsigned d = 0; d < c->positions; d++, n++) {
				in[n] = &c->antenna[a->live[j]].h[d][first].re;
				w[n] = phy_cf_mul(white[p.group][i][j], time[d]);
			}
		k->cf_combine(&out[first].re, in, &w->re, n, (size_t)p.n * PHY_SC_PER_PRB);
	}
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

/* Coloured noise is made white for all symbols alike: by what is not known of them in the mean. */
static void make_white(struct phy_array *a)
{
	struct phy_cf time[CHEST_POSITIONS];
	unsigned symbols = a->in.grids->symbols;
	float left[LAYERS] = { 0 };

	for (unsigned l = 0; l < a->layers; l++)
		for (unsigned n = 0; n < symbols; n++)
			left[l] += chest_weights(a->chest[l], n, time) / (float)symbols;
	for (unsigned g = 0; g < a->groups; g++)
		find_white(a, g, a->white[g], left);
}

void array_make_once(struct phy_array *a, const struct kern *k)
{
	struct phy_cf time[LAYERS][CHEST_POSITIONS];

	a->still = is_still(a);
	if (!a->alone && (a->still || a->result.coloured))
		make_white(a);
	if (!a->still)
		return;
	for (unsigned l = 0; l < a->layers; l++)
		(void)chest_weights(a->chest[l], 0, time[l]);
	for (unsigned i = 0; i < a->living * a->layers; i++)
		make_h(a, k, a->white, i / a->layers, i % a->layers, time[i % a->layers], a->rows[i]);
}

/* Whether an antenna's noise is white by a factor alone, which the equaliser takes. */
static bool is_scaled(const struct phy_array *a)
{
	return !a->result.coloured && a->living * a->layers > 1;
}

/* What is received in a symbol, turned; returns how many rows that took. */
static unsigned take_y(const struct phy_array *a, const struct kern *k,
	const struct phy_cf (*white)[ANTENNAS][ANTENNAS], unsigned symbol, struct phy_cf turn,
	struct phy_cf (*rows)[CHEST_ROW], struct phy_array_symbol *s)
{
	bool scaled = is_scaled(a);

	for (unsigned i = 0; i < a->living; i++) {
		s->y[i] = scaled ? phy_grid_at(&a->in.grids[a->live[i]], symbol, a->in.offset) : rows[i];
		s->w[i] = scaled ? phy_cf_mul(white[0][i][i], turn) : (struct phy_cf){ 1, 0 };
	}
	if (scaled)
		return 0;
	make_y(a, k, white, symbol, turn, rows);
	return a->living;
}

/* What is received is turned back, so that the channel is that of symbol 0. */
static void take_still(const struct phy_array *a, struct phy_array_work *work, const struct kern *k,
	unsigned symbol, struct phy_array_symbol *s)
{
	double turned = a->turn * symbol;
	struct phy_cf back = { (float)cos(turned), (float)-sin(turned) };

	(void)take_y(a, k, a->white, symbol, back, work->rows, s);
	for (unsigned i = 0; i < a->living * a->layers; i++)
		s->h[i] = a->rows[i];
}

void phy_array_symbol(const struct phy_array *a, struct phy_array_work *work, const struct kern *k,
	unsigned symbol, struct phy_array_symbol *s)
{
	struct phy_cf time[LAYERS][CHEST_POSITIONS];
	struct phy_cf(*row)[CHEST_ROW] = work->rows;
	const struct phy_cf(*white)[ANTENNAS][ANTENNAS] = &work->white;
	float left[LAYERS];

	*s = (struct phy_array_symbol){ .antennas = a->living, .layers = a->layers, .noise = 1 };
	if (a->alone) {
		s->y[0] = phy_grid_at(a->in.grids, symbol, a->in.offset);
		s->w[0] = (struct phy_cf){ 1, 0 };
		s->h[0] = phy_chest_symbol(a->chest[0], k, symbol, *row, &s->noise);
		return;
	}
	if (a->still) {
		take_still(a, work, k, symbol, s);
		return;
	}
	for (unsigned l = 0; l < a->layers; l++)
		left[l] = chest_weights(a->chest[l], symbol, time[l]);
	if (a->result.coloured)
		white = a->white;
	else
		find_white(a, 0, work->white, left);
	row += take_y(a, k, white, symbol, (struct phy_cf){ 1, 0 }, row, s);
	for (unsigned i = 0; i < a->living * a->layers; i++) {
		make_h(a, k, white, i / a->layers, i % a->layers, time[i % a->layers], *row);
		s->h[i] = *row++;
	}
}
