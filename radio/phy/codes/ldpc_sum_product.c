/* Loops over the lanes of a check that a compiler makes vectors of; exp and log are polynomials for that. */
#include "radio/phy/codes/ldpc_sum_product.h"

#include <math.h>

#include "base/widest.h"
#include "radio/phy/codes/bits.h"

union word {
	float f;
	int32_t i;
};

/* e^x for x of -30 to 0, within 3e-6 of its size: 2^x in parts. */
static inline __attribute__((always_inline)) float exp_of(float x)
{
	float y = x * 1.44269504f, whole;
	union word scale;

	scale.i = (int32_t)(y - 0.5f);
	whole = (float)scale.i;
	y = (y - whole) * 0.69314718f;
	scale.i = (scale.i + 127) * (1 << 23);
	return scale.f *
	       (1 + y * (1 + y * (0.5f + y * (0.16666667f + y * (0.041666667f + y * 0.0083333333f)))));
}

/* ln x for normal x > 0, within 2e-6: of its exponent and, by the series of artanh, its fraction. */
static inline __attribute__((always_inline)) float log_of(float x)
{
	union word u = { x };
	int32_t exponent = (u.i - 0x3f3504f3) >> 23; /* fraction of sqrt(1/2) to sqrt(2) */
	float s, q;

	u.i -= exponent * (1 << 23);
	s = (u.f - 1) / (u.f + 1);
	q = s * s;
	return (float)exponent * 0.69314718f +
	       2 * s * (1 + q * (0.33333333f + q * (0.2f + q * (0.14285714f + q * 0.11111111f))));
}

/* Edge i of the check comes in: its value, and the tangent of half of it, that is never 0. */
static inline __attribute__((always_inline)) void edge_in(
	struct ldpc_sum_product *d, unsigned i, unsigned z, const float *old)
{
	for (unsigned j = 0; j < z; j++) {
		float v = d->values[i][j] - old[j];
		float size = fminf(fabsf(v), 15);
		float e = exp_of(-size);
		float t = (1 - e) / (1 + e);

		t = copysignf(fmaxf(t, 1e-6f), v);
		d->values[i][j] = v;
		d->tanhs[i][j] = t;
		d->product[j] *= t;
	}
}

static inline __attribute__((always_inline)) void edge_out(
	struct ldpc_sum_product *d, unsigned i, unsigned z, float *message)
{
	for (unsigned j = 0; j < z; j++) {
		float t = d->product[j] / d->tanhs[i][j];

		t = fmaxf(-0.999999f, fminf(0.999999f, t));
		message[j] = log_of((1 + t) / (1 - t));
		d->values[i][j] += message[j];
	}
}

WIDEST static void check(struct ldpc_sum_product *d, const struct ldpc_graph *g, unsigned r)
{
	const struct kern_ldpc_edge *edges = g->edges + g->start[r];
	unsigned n = g->start[r + 1] - g->start[r];
	unsigned z = g->z;

	for (unsigned j = 0; j < z; j++)
		d->product[j] = 1;
	for (unsigned i = 0; i < n; i++) {
		const float *column = d->word + edges[i].col * z;
		unsigned shift = edges[i].shift;

		for (unsigned j = 0; j < z - shift; j++)
			d->values[i][j] = column[j + shift];
		for (unsigned j = 0; j < shift; j++)
			d->values[i][z - shift + j] = column[j];
		edge_in(d, i, z, d->messages[g->start[r] + i]);
	}
	for (unsigned i = 0; i < n; i++) {
		float *column = d->word + edges[i].col * z;
		unsigned shift = edges[i].shift;

		edge_out(d, i, z, d->messages[g->start[r] + i]);
		for (unsigned j = 0; j < z - shift; j++)
			column[j + shift] = d->values[i][j];
		for (unsigned j = 0; j < shift; j++)
			column[j] = d->values[i][z - shift + j];
	}
}

static bool agrees(const struct ldpc_sum_product *d, const struct ldpc_graph *g, const uint8_t *block)
{
	for (unsigned i = 0; i < g->info_cols * g->z; i++) {
		if ((d->word[i] < 0) != bits_get(block, i))
			return false;
	}
	return true;
}

bool ldpc_sum_product(struct ldpc_sum_product *d, const struct ldpc_graph *g, unsigned rows,
	unsigned iterations, const float *llrs, const uint8_t *block)
{
	memset(d->messages, 0, sizeof(d->messages));
	for (unsigned i = 0; i < (g->info_cols + rows) * g->z; i++)
		d->word[i] = i < 2u * g->z ? 0 : llrs[i - 2 * g->z];
	for (unsigned n = 0; n < iterations; n++) {
		for (unsigned r = 0; r < rows; r++)
			check(d, g, r);
		if (agrees(d, g, block))
			return true;
	}
	return false;
}
