/*
 * One path. Not taken apart are nodes without information, with one bit of it (repetition), with all bits
 * (rate 1) and with all but the first (single parity check).
 */
#include "radio/phy/codes/polar_node.h"

enum { KERN_FROM = 16 }; /* below this length a call costs more than it saves */

static int32_t clamp16(int32_t v)
{
	return v > 32767 ? 32767 : v < -32767 ? -32767 : v;
}

static const int16_t *llr_at(const struct phy_polar_decoder *d, unsigned stage)
{
	return stage == d->code->log2_n ? d->root : d->llr + (1u << stage);
}

static int16_t *bit_at(struct phy_polar_decoder *d, unsigned side, unsigned stage)
{
	return d->bit[side] + (1u << stage);
}

/* The LLRs of the left half (side 0) or, with the left half's bits, of the right half. */
static void descend(struct phy_polar_decoder *d, unsigned stage, unsigned side)
{
	unsigned half = 1u << (stage - 1);
	const int16_t *a = llr_at(d, stage), *b = a + half, *u = bit_at(d, 0, stage - 1);
	int16_t *out = d->llr + half;

	if (half >= KERN_FROM && side == 0) {
		d->kern->polar_f(out, a, b, half);
	} else if (half >= KERN_FROM) {
		d->kern->polar_g(out, a, b, u, half);
	} else if (side == 0) {
		for (unsigned i = 0; i < half; i++) {
			int32_t x = a[i] < 0 ? -a[i] : a[i], y = b[i] < 0 ? -b[i] : b[i];
			int32_t least = x < y ? x : y;

			out[i] = (int16_t)((a[i] ^ b[i]) < 0 ? -least : least);
		}
	} else {
		for (unsigned i = 0; i < half; i++)
			out[i] = (int16_t)clamp16(b[i] + (a[i] ^ u[i]) - u[i]);
	}
}

/* The bits of the node from those of its halves. */
static void ascend(struct phy_polar_decoder *d, unsigned stage, unsigned side)
{
	unsigned half = 1u << (stage - 1);
	const int16_t *left = bit_at(d, 0, stage - 1), *right = bit_at(d, 1, stage - 1);
	int16_t *out = bit_at(d, side, stage);

	for (unsigned i = 0; i < half; i++) {
		out[i] = left[i] ^ right[i];
		out[half + i] = right[i];
	}
}

static void fill(struct phy_polar_decoder *d, unsigned stage, unsigned side, int16_t value)
{
	int16_t *out = bit_at(d, side, stage);

	for (unsigned i = 0; i < 1u << stage; i++)
		out[i] = value;
}

/* One bit for the whole node, parity or information: what it is, by the sum of the LLRs for the latter. */
static void node_repetition(struct phy_polar_decoder *d, unsigned stage, unsigned side, unsigned last)
{
	const int16_t *llr = llr_at(d, stage);
	uint8_t *parity = &d->list.turn[PHY_POLAR_TURN_PARITY][0];
	bool info = d->code->kind[last] == PHY_POLAR_INFO;
	int32_t cost[2] = { 0, 0 };
	unsigned u;

	for (unsigned i = 0; i < 1u << stage; i++) {
		cost[0] -= llr[i] < 0 ? llr[i] : 0;
		cost[1] += llr[i] > 0 ? llr[i] : 0;
	}
	u = info ? cost[1] < cost[0] : *parity >> last % 5 & 1;
	if (info)
		*parity ^= (uint8_t)(u << last % 5);
	d->list.metric[0] += cost[u];
	fill(d, stage, side, (int16_t)-(int)u);
}

/* Each bit by its sign; if parity holds for the node, the weakest gives way to it. */
static void node_signs(struct phy_polar_decoder *d, unsigned stage, unsigned side, bool parity)
{
	const int16_t *llr = llr_at(d, stage);
	int16_t *out = bit_at(d, side, stage), sum = 0;
	unsigned weakest = 0;
	int32_t least = INT32_MAX;

	for (unsigned i = 0; i < 1u << stage; i++) {
		int32_t size = llr[i] < 0 ? -llr[i] : llr[i];

		out[i] = (int16_t)(llr[i] >> 15);
		sum ^= out[i];
		weakest = size < least ? i : weakest;
		least = size < least ? size : least;
	}
	if (parity && sum) {
		out[weakest] = (int16_t)~out[weakest];
		d->list.metric[0] += least;
	}
}

static void node(struct phy_polar_decoder *d, unsigned stage, unsigned side, unsigned from)
{
	const struct phy_polar *c = d->code;
	unsigned size = 1u << stage, last = from + size - 1, count = phy_polar_count(c, stage, from);

	if (count == 0) {
		fill(d, stage, side, 0);
	} else if (count == 1 && c->kind[last] != PHY_POLAR_FROZEN) {
		node_repetition(d, stage, side, last);
	} else if (c->n_pc == 0 &&
		   (count == size || (count == size - 1 && c->kind[from] == PHY_POLAR_FROZEN))) {
		node_signs(d, stage, side, count < size);
	} else if (stage > 0) { /* a single bit is one of the above */
		if (phy_polar_count(c, stage - 1, from) > 0)
			descend(d, stage, 0);
		node(d, stage - 1, 0, from);
		descend(d, stage, 1);
		node(d, stage - 1, 1, from + size / 2);
		ascend(d, stage, side);
	}
}

void phy_polar_single(struct phy_polar_decoder *d)
{
	const int16_t *bits = bit_at(d, 0, d->code->log2_n);

	node(d, d->code->log2_n, 0, 0);
	for (unsigned i = 0; i < d->code->n; i++)
		d->signs[i] = bits[i] & 1;
}
