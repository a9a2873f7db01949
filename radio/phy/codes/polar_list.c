/*
 * A list of paths, which the kernels take all at once: what a stage holds is vectors of a value for each
 * path. Not taken apart are nodes without information and with one bit of it (repetition).
 */
#include "radio/phy/codes/polar_node.h"

enum { L = PHY_POLAR_LIST_MAX };

static const uint8_t in_order[L] = { 0, 1, 2, 3, 4, 5, 6, 7 };

/* Values of a node; stages are below 16. */
static unsigned size_of(unsigned stage)
{
	return 1u << (stage & 15);
}

static int16_t *llr_at(struct phy_polar_decoder *d, unsigned stage)
{
	return d->llr + (size_t)L * size_of(stage);
}

static int16_t *bit_at(struct phy_polar_decoder *d, unsigned side, unsigned stage)
{
	return d->bit[side] + (size_t)L * size_of(stage);
}

static uint8_t *turn_of(struct phy_polar_decoder *d, unsigned row)
{
	return d->list.turn[row];
}

/* What stands there now stands in the order of the paths. */
static void put_in_order(struct phy_polar_decoder *d, unsigned row)
{
	(void)bytes_copy(d->list.turn[row], L, bytes_of(in_order, L));
}

/* The LLRs of the left half (side 0) or, with the left half's bits, of the right half. */
static void descend(struct phy_polar_decoder *d, unsigned stage, unsigned side)
{
	const uint8_t *turn = turn_of(d, PHY_POLAR_TURN_LLR + stage);
	const uint8_t *turn_u = turn_of(d, PHY_POLAR_TURN_BIT + stage - 1);
	int16_t *out = llr_at(d, stage - 1);
	size_t half = size_of(stage - 1);

	if (side == 0)
		d->kern->polar_list_f(out, llr_at(d, stage), turn, half);
	else
		d->kern->polar_list_g(out, llr_at(d, stage), turn, bit_at(d, 0, stage - 1), turn_u, half);
	put_in_order(d, PHY_POLAR_TURN_LLR + stage - 1);
}

/* The bits of the node from those of its halves. */
static void ascend(struct phy_polar_decoder *d, unsigned stage, unsigned side)
{
	d->kern->polar_list_join(bit_at(d, side, stage), bit_at(d, 0, stage - 1),
		turn_of(d, PHY_POLAR_TURN_BIT + stage - 1), bit_at(d, 1, stage - 1), size_of(stage - 1));
	if (side == 0)
		put_in_order(d, PHY_POLAR_TURN_BIT + stage);
}

/* All bits of the node are, for each path, bit. */
static void fill(struct phy_polar_decoder *d, unsigned stage, unsigned side, const int16_t bit[L])
{
	int16_t *out = bit_at(d, side, stage);

	for (size_t i = 0; i < size_of(stage); i++)
		(void)bytes_copy(out + L * i, L * sizeof(*out), bytes_of(bit, L * sizeof(*bit)));
	if (side == 0)
		put_in_order(d, PHY_POLAR_TURN_BIT + stage);
}

/* No choice: frozen, or the parity of what a path chose. */
static void node_known(struct phy_polar_decoder *d, unsigned stage, unsigned side, const int16_t bit[L])
{
	int32_t cost[2 * L];

	d->kern->polar_list_costs(
		cost, llr_at(d, stage), turn_of(d, PHY_POLAR_TURN_LLR + stage), size_of(stage));
	for (unsigned p = 0; p < L; p++)
		d->list.metric[p] += cost[bit[p] ? L + p : p];
	fill(d, stage, side, bit);
}

static void node_parity(struct phy_polar_decoder *d, unsigned stage, unsigned side, unsigned last)
{
	int16_t bit[L];

	for (unsigned p = 0; p < L; p++)
		bit[p] = (int16_t)-(d->list.turn[PHY_POLAR_TURN_PARITY][p] >> last % 5 & 1);
	node_known(d, stage, side, bit);
}

/* One bit of information, the last: every path goes on with both values, and the best of all stay. */
static void node_repetition(struct phy_polar_decoder *d, unsigned stage, unsigned side, unsigned last)
{
	int32_t cost[2 * L];

	d->kern->polar_list_costs(
		cost, llr_at(d, stage), turn_of(d, PHY_POLAR_TURN_LLR + stage), size_of(stage));
	d->kern->polar_list_split(&d->list, cost);
	for (unsigned p = 0; p < L && d->code->n_pc > 0; p++)
		d->list.turn[PHY_POLAR_TURN_PARITY][p] ^= (uint8_t)((d->list.bit[p] & 1) << last % 5);
	fill(d, stage, side, d->list.bit);
}

static void node(struct phy_polar_decoder *d, unsigned stage, unsigned side, unsigned from)
{
	static const int16_t zeros[L];
	const struct phy_polar *c = d->code;
	unsigned size = size_of(stage), last = from + size - 1, count = phy_polar_count(c, stage, from);

	if (count == 0) {
		node_known(d, stage, side, zeros);
	} else if (count == 1 && c->kind[last] == PHY_POLAR_PARITY) {
		node_parity(d, stage, side, last);
	} else if (count == 1 && c->kind[last] == PHY_POLAR_INFO) {
		node_repetition(d, stage, side, last);
	} else if (stage > 0) { /* a single bit is one of the above */
		descend(d, stage, 0);
		node(d, stage - 1, 0, from);
		descend(d, stage, 1);
		node(d, stage - 1, 1, from + size / 2);
		ascend(d, stage, side);
	}
}

void phy_polar_list(struct phy_polar_decoder *d)
{
	unsigned top = d->code->log2_n;
	int16_t *root = llr_at(d, top);

	for (unsigned i = 0; i < d->code->n; i++) {
		for (unsigned p = 0; p < L; p++)
			root[L * i + p] = d->root[i];
	}
	for (unsigned r = 0; r < KERN_POLAR_TURNS; r++) /* rows that are not used yet go along too */
		put_in_order(d, r);
	memset(d->list.turn[PHY_POLAR_TURN_PARITY], 0, L);
	memset(d->list.metric, 0, sizeof(d->list.metric));
	memset(d->list.bit, 0, sizeof(d->list.bit));
	node(d, top, 0, 0);
	/* the bits of the whole are in order since the last node came back */
	d->kern->polar_list_signs(d->signs, bit_at(d, 0, top), d->code->n);
}
