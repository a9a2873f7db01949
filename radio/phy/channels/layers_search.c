/*
 * Layers told apart by the likeliest symbols of all, not by MMSE (the reduced maximum likelihood
 * that 38.101-4 3.1 calls enhanced receiver type 1). Of each layer every symbol is tried; the others follow
 * one by one, each the nearest point to what those before leave of it. With two layers that is the max-log
 * LLR itself. It takes some twenty times as long as MMSE and is better where layers are hard to tell apart.
 */
#include <math.h>

#include "radio/phy/channels/layers_parts.h"
#include "radio/phy/signals/complex.h"

enum { LAYERS = KERN_DEAL_ROWS /* of a codeword */, BITS = 6 };

/* Of a modulation, both axes alike: odd multiples of unit up to most. */
struct points {
	const struct phy_constellation *constellation;
	float unit, most;
};

/* y = Q R x: what is left of the antennas is as many rows as layers; z = Q^H y. */
struct triangle {
	struct phy_cf z[LAYERS], r[LAYERS][LAYERS];
	float diagonal[LAYERS], per_diagonal[LAYERS];
};

/* A resource element: what the antennas receive, noise of power 1, and each layer's channel to them. */
struct element {
	unsigned antennas, layers;
	struct phy_cf y[PHY_ANTENNAS_MAX], h[LAYERS][PHY_ANTENNAS_MAX];
};

static struct phy_cf dot(const struct phy_cf *a, const struct phy_cf *b, unsigned n)
{
	struct phy_cf sum = { 0, 0 };

	for (unsigned i = 0; i < n; i++)
		phy_cf_add(&sum, phy_cf_mul_conj(b[i], a[i]));
	return sum;
}

/* Gram and Schmidt, the columns in this order. */
static void make_triangle(struct triangle *t, const struct element *e, const uint8_t order[LAYERS])
{
	struct phy_cf q[LAYERS][PHY_ANTENNAS_MAX];

	for (unsigned j = 0; j < e->layers; j++) {
		float power = 0, per;

		(void)bytes_copy(q[j], sizeof(q[j]), BYTES(e->h[order[j]]));
		for (unsigned i = 0; i < j; i++) {
			t->r[i][j] = dot(q[i], q[j], e->antennas);
			for (unsigned a = 0; a < e->antennas; a++) {
				struct phy_cf v = phy_cf_mul(t->r[i][j], q[i][a]);

				q[j][a].re -= v.re;
				q[j][a].im -= v.im;
			}
		}
		for (unsigned a = 0; a < e->antennas; a++)
			power += phy_cf_power(q[j][a]);
		t->diagonal[j] = sqrtf(power);
		per = power > 1e-20f ? 1 / t->diagonal[j] : 0;
		t->per_diagonal[j] = per;
		for (unsigned a = 0; a < e->antennas; a++)
			q[j][a] = (struct phy_cf){ q[j][a].re * per, q[j][a].im * per };
		t->z[j] = dot(q[j], e->y, e->antennas);
	}
}

/* The nearest level, of odd multiples of `unit` up to most. */
static float nearest(float v, float unit, float most)
{
	float level = 2 * floorf(v / (2 * unit)) + 1;

	return fminf(most, fmaxf(-most, level)) * unit;
}

/* What it costs that the last layer sends x: the others follow. */
static float cost_of(const struct triangle *t, unsigned layers, struct phy_cf x, const struct points *points)
{
	struct phy_cf sent[LAYERS];
	float cost = 0;

	sent[layers - 1] = x;
	for (unsigned i = layers; i-- > 0;) {
		struct phy_cf left = t->z[i];

		for (unsigned j = i + 1; j < layers; j++) {
			struct phy_cf v = phy_cf_mul(t->r[i][j], sent[j]);

			left.re -= v.re;
			left.im -= v.im;
		}
		if (i + 1 < layers)
			sent[i] = (struct phy_cf){ nearest(left.re * t->per_diagonal[i], points->unit,
							   points->most),
				nearest(left.im * t->per_diagonal[i], points->unit, points->most) };
		left.re -= t->diagonal[i] * sent[i].re;
		left.im -= t->diagonal[i] * sent[i].im;
		cost += phy_cf_power(left);
	}
	return cost;
}

/* The LLRs of the layer that stands last. */
static void tell_layer(const struct triangle *t, unsigned layers, const struct points *points, int8_t *llr)
{
	const struct phy_constellation *c = points->constellation;
	float least[2][BITS];

	for (unsigned b = 0; b < c->bits; b++)
		least[0][b] = least[1][b] = INFINITY;
	for (unsigned v = 0; v < 1u << c->bits; v++) {
		float cost = cost_of(t, layers, c->point[v], points);

		for (unsigned b = 0; b < c->bits; b++) {
			float *at = &least[v >> (c->bits - 1 - b) & 1][b];

			*at = cost < *at ? cost : *at;
		}
	}
	for (unsigned b = 0; b < c->bits; b++) {
		float v = (least[1][b] - least[0][b]) * PHY_LLR_PER_UNIT;

		llr[b] = (int8_t)lrintf(v > 127 ? 127 : v > -127 ? v : -127); /* -127 for NaN */
	}
}

/* Of the other layers the strongest are told first: they stand behind. */
static void order_of(uint8_t order[LAYERS], const struct element *e, const float power[LAYERS], unsigned last)
{
	unsigned n = 0;

	for (unsigned l = 0; l < e->layers; l++) {
		unsigned at = n;

		if (l == last)
			continue;
		for (; at > 0 && power[order[at - 1]] > power[l]; at--)
			order[at] = order[at - 1];
		order[at] = (uint8_t)l;
		n++;
	}
	order[n] = (uint8_t)last;
}

static void tell_element(const struct element *e, const struct points *points, int8_t *llr)
{
	float power[LAYERS];

	for (unsigned l = 0; l < e->layers; l++)
		power[l] = dot(e->h[l], e->h[l], e->antennas).re;
	for (unsigned l = 0; l < e->layers; l++, llr += points->constellation->bits) {
		uint8_t order[LAYERS];
		struct triangle t;

		order_of(order, e, power, l);
		make_triangle(&t, e, order);
		tell_layer(&t, e->layers, points, llr);
	}
}

bool layers_can_search(const struct phy_layers_receiver *r, const struct phy_layers *c, unsigned antennas)
{
	const struct phy_codeword *w = &c->codeword[0];

	return r->search && !c->dfts && c->codewords == 1 && c->layers > 1 && c->layers <= antennas &&
	       w->q_m >= 2 && w->q_m <= BITS;
}

/* All of a subcarrier. */
static void take_element(struct element *e, const struct phy_array_symbol *s, size_t at, struct phy_cf turn)
{
	for (unsigned a = 0; a < s->antennas; a++) {
		e->y[a] = phy_cf_mul(phy_cf_mul(s->w[a], s->y[a][at]), turn);
		for (unsigned l = 0; l < s->layers; l++)
			e->h[l][a] = s->h[a * s->layers + l][at];
	}
}

void layers_search(const struct phy_layers_channel *ch, struct phy_layers_receiver *r, const struct kern *k,
	unsigned l, float phase, int8_t *llr)
{
	const struct phy_layers *c = ch->in.c;
	const struct phy_re_plan *plan = c->plan;
	const struct phy_codeword *w = &c->codeword[0];
	struct phy_cf turn = phy_cf_unit(-phase);
	float levels = (float)(1 << w->q_m / 2);
	struct points points = { &r->constellation, sqrtf(1.5f / (levels * levels - 1)), levels - 1 };
	struct phy_array_symbol s;
	struct element e;

	(void)phy_constellation_init(&r->constellation, w->modulation);
	phy_array_symbol(ch->array, r->array, k, l, &s);
	e.antennas = s.antennas;
	e.layers = s.layers;
	for (unsigned i = plan->start[l]; i < plan->start[l + 1]; i++) {
		const struct phy_re_run *run = &plan->runs[i];

		for (unsigned b = 0; b < run->prbs; b++)
			for (unsigned m = run->mask; m; m &= m - 1, llr += c->layers * w->q_m) {
				unsigned prb = (unsigned)(run->prb + (int)b + c->shift);

				take_element(&e, &s, prb * PHY_SC_PER_PRB + (unsigned)__builtin_ctz(m), turn);
				tell_element(&e, &points, llr);
			}
	}
}
