/*
 * Successive cancellation with a list. A node is 2^s consecutive u; its LLRs come from above, its coded bits
 * go back. Nodes without information and with one bit of it (frozen, repetition) are not taken apart; nor,
 * with a list of one, nodes with all bits or all but the first (rate 1, single parity check).
 */
#include "radio/phy/polar.h"

enum {
	CERTAIN = 16000, /* the LLR of a bit that is known to be 0 */
	KERN_FROM = 16,	 /* below this length a call costs more than it saves */
};

static const int16_t *llr_at(const struct phy_polar_decoder *d, unsigned path, unsigned stage)
{
	return stage == d->code->log2_n ? d->root : d->llr[d->llr_of[path][stage]] + (1u << stage);
}

static int16_t *bit_at(struct phy_polar_decoder *d, unsigned side, unsigned path, unsigned stage)
{
	return d->bit[side][d->bit_of[side][path][stage]] + (1u << stage);
}

/* The path's own buffer for the coded bits of a node; what stood there for any path is used up. */
static int16_t *bit_new(struct phy_polar_decoder *d, unsigned side, unsigned path, unsigned stage)
{
	d->bit_of[side][path][stage] = (uint8_t)path;
	return d->bit[side][path] + (1u << stage);
}

static int32_t clamp16(int32_t v)
{
	return v > 32767 ? 32767 : v < -32767 ? -32767 : v;
}

/* The LLRs of the left half (side 0) or, with the left half's bits, of the right half of all paths' nodes. */
static void descend(struct phy_polar_decoder *d, unsigned stage, unsigned side)
{
	unsigned half = 1u << (stage - 1);

	for (unsigned p = 0; p < d->paths; p++) {
		const int16_t *a = llr_at(d, p, stage), *b = a + half, *u = bit_at(d, 0, p, stage - 1);
		int16_t *out = d->llr[p] + half;

		d->llr_of[p][stage - 1] = (uint8_t)p;
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
}

/* The bits of the node from those of its halves. */
static void ascend(struct phy_polar_decoder *d, unsigned stage, unsigned side)
{
	unsigned half = 1u << (stage - 1);

	for (unsigned p = 0; p < d->paths; p++) {
		const int16_t *left = bit_at(d, 0, p, stage - 1), *right = bit_at(d, 1, p, stage - 1);
		int16_t *out = bit_new(d, side, p, stage);

		for (unsigned i = 0; i < half; i++) {
			out[i] = left[i] ^ right[i];
			out[half + i] = right[i];
		}
	}
}

static void fill(struct phy_polar_decoder *d, unsigned side, unsigned path, unsigned stage, int16_t value)
{
	int16_t *out = bit_new(d, side, path, stage);

	for (unsigned i = 0; i < 1u << stage; i++)
		out[i] = value;
}

/* What it costs the path that all bits of the node are 0, and that all are 1. */
static void costs(const struct phy_polar_decoder *d, unsigned path, unsigned stage, int32_t cost[2])
{
	const int16_t *llr = llr_at(d, path, stage);

	cost[0] = cost[1] = 0;
	for (unsigned i = 0; i < 1u << stage; i++) {
		cost[0] -= llr[i] < 0 ? llr[i] : 0;
		cost[1] += llr[i] > 0 ? llr[i] : 0;
	}
}

static void node_frozen(struct phy_polar_decoder *d, unsigned stage, unsigned side)
{
	for (unsigned p = 0; p < d->paths; p++) {
		int32_t cost[2];

		if (d->list > 1) {
			costs(d, p, stage, cost);
			d->metric[p] += cost[0];
		}
		fill(d, side, p, stage, 0);
	}
}

static void node_parity(struct phy_polar_decoder *d, unsigned stage, unsigned side, unsigned last)
{
	for (unsigned p = 0; p < d->paths; p++) {
		unsigned u = d->parity[p] >> last % 5 & 1;
		int32_t cost[2];

		costs(d, p, stage, cost);
		d->metric[p] += cost[u];
		fill(d, side, p, stage, (int16_t) - (int)u);
	}
}

static void copy_path(struct phy_polar_decoder *d, unsigned to, unsigned from)
{
	d->metric[to] = d->metric[from];
	d->parity[to] = d->parity[from];
	for (unsigned s = 0; s < 11; s++) {
		d->llr_of[to][s] = d->llr_of[from][s];
		d->bit_of[0][to][s] = d->bit_of[0][from][s];
		d->bit_of[1][to][s] = d->bit_of[1][from][s];
	}
}

/* A path and a value for its next bit. */
struct choice {
	int32_t metric;
	uint8_t path, bit;
};

/* The count best of all paths' continuations, best first; both lists have room for twice the paths. */
static unsigned choose(const struct phy_polar_decoder *d, unsigned stage, struct choice *best)
{
	unsigned count = 0;

	for (unsigned p = 0; p < d->paths; p++) {
		int32_t cost[2];

		costs(d, p, stage, cost);
		for (unsigned bit = 0; bit < 2; bit++) {
			struct choice c = { d->metric[p] + cost[bit], (uint8_t)p, (uint8_t)bit };
			unsigned at = count < d->list ? count++ : d->list;

			if (at == d->list && c.metric >= best[--at].metric)
				continue;
			for (; at > 0 && best[at - 1].metric > c.metric; at--)
				best[at] = best[at - 1];
			best[at] = c;
		}
	}
	return count;
}

/* One bit of information, the last: every path goes on with both values, and the best of all stay. */
static void node_repetition(struct phy_polar_decoder *d, unsigned stage, unsigned side, unsigned last)
{
	struct choice best[PHY_POLAR_LIST_MAX];
	unsigned count = choose(d, stage, best), at[PHY_POLAR_LIST_MAX], free_from = 0;
	bool stays[PHY_POLAR_LIST_MAX] = { false }, used[PHY_POLAR_LIST_MAX] = { false };

	for (unsigned i = 0; i < count; i++)
		stays[best[i].path] = true;
	for (unsigned i = 0; i < count; i++) {
		unsigned from = best[i].path;

		at[i] = from;
		if (used[from]) {
			while (stays[free_from])
				free_from++;
			at[i] = free_from++;
			copy_path(d, at[i], from);
		}
		used[from] = true;
	}
	for (unsigned i = 0; i < count; i++) {
		unsigned p = at[i];

		d->metric[p] = best[i].metric;
		d->parity[p] ^= (uint8_t)(best[i].bit << last % 5);
		fill(d, side, p, stage, (int16_t) - (int)best[i].bit);
	}
	d->paths = count;
}

/* List of one: each bit by its sign; if parity holds for the node, the weakest gives way to it. */
static void node_signs(struct phy_polar_decoder *d, unsigned stage, unsigned side, bool parity)
{
	const int16_t *llr = llr_at(d, 0, stage);
	int16_t *out = bit_new(d, side, 0, stage), sum = 0;
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
		d->metric[0] += least;
	}
}

static void node(struct phy_polar_decoder *d, unsigned stage, unsigned side, unsigned from)
{
	const struct phy_polar *c = d->code;
	unsigned size = 1u << stage, last = from + size - 1, count = c->before[last + 1] - c->before[from];
	bool signs = d->list == 1 && c->n_pc == 0;

	if (count == 0) {
		node_frozen(d, stage, side);
	} else if (count == 1 && c->kind[last] == PHY_POLAR_PARITY) {
		node_parity(d, stage, side, last);
	} else if (count == 1 && c->kind[last] == PHY_POLAR_INFO) {
		node_repetition(d, stage, side, last);
	} else if (signs && (count == size || (count == size - 1 && c->kind[from] == PHY_POLAR_FROZEN))) {
		node_signs(d, stage, side, count < size);
	} else {
		if (d->list > 1 || c->before[from + size / 2] != c->before[from])
			descend(d, stage, 0);
		node(d, stage - 1, 0, from);
		descend(d, stage, 1);
		node(d, stage - 1, 1, from + size / 2);
		ascend(d, stage, side);
	}
}

/* The LLRs of the mother code: those of repeated bits added, punctured bits unknown, shortened bits certain.
 */
static void gather(struct phy_polar_decoder *d, const struct phy_polar *p, const int8_t *llr)
{
	memset(d->root, 0, p->n * sizeof(d->root[0]));
	for (unsigned i = 0; i < p->e; i++)
		d->root[p->output[i]] = (int16_t)clamp16(d->root[p->output[i]] + llr[i]);
	for (unsigned i = 0; p->shortened && i < p->n - p->e; i++)
		d->root[p->shortened_at[i]] = CERTAIN;
}

/* The information bits of a path from its coded bits. */
static void extract(struct phy_polar_decoder *d, unsigned path, uint8_t *out)
{
	const struct phy_polar *p = d->code;
	const int16_t *bits = bit_at(d, 0, path, p->log2_n);
	uint64_t x[PHY_POLAR_N_MAX / 64] = { 0 };
	unsigned at = 0;

	for (unsigned i = 0; i < p->n; i++)
		x[i / 64] |= (uint64_t)(bits[i] & 1) << i % 64;
	phy_polar_transform(x, p->n); /* its own inverse */
	for (unsigned i = 0; i < p->n; i++) {
		if (p->kind[i] == PHY_POLAR_INFO)
			out[p->input[at++]] = x[i / 64] >> i % 64 & 1;
	}
}

bool phy_polar_decode(struct phy_polar_decoder *d, const struct phy_polar *p, const struct kern *kern,
	uint8_t *out, const int8_t *llr, unsigned list, phy_polar_accept *accept, const void *arg,
	int32_t *metric)
{
	bool tried[PHY_POLAR_LIST_MAX] = { false };

	d->code = p;
	d->kern = kern;
	d->list = list < 1 ? 1 : list > PHY_POLAR_LIST_MAX ? PHY_POLAR_LIST_MAX : list;
	d->paths = 1;
	d->metric[0] = 0;
	d->parity[0] = 0;
	memset(d->llr_of, 0, sizeof(d->llr_of));
	memset(d->bit_of, 0, sizeof(d->bit_of));
	gather(d, p, llr);
	node(d, p->log2_n, 0, 0);
	for (unsigned t = 0; t < d->paths; t++) {
		unsigned best = PHY_POLAR_LIST_MAX;

		for (unsigned i = 0; i < d->paths; i++) {
			if (!tried[i] && (best == PHY_POLAR_LIST_MAX || d->metric[i] < d->metric[best]))
				best = i;
		}
		tried[best] = true;
		extract(d, best, out);
		if (metric)
			*metric = d->metric[best];
		if (!accept || accept(arg, out, p->k))
			return true;
	}
	return false;
}
