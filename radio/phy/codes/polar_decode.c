/* Decoding: the LLRs of the mother code, the paths through it, and the first candidate that is accepted. */
#include "radio/phy/codes/polar_node.h"

enum { CERTAIN = 16000 }; /* the LLR of a bit that is known to be 0 */

static int16_t clamp16(int32_t v)
{
	return (int16_t)(v > 32767 ? 32767 : v < -32767 ? -32767 : v);
}

/* The LLRs of the mother code: those of repeated bits added, punctured bits unknown, shortened bits certain.
 */
static void gather(struct phy_polar_decoder *d, const struct phy_polar *p, const int8_t *llr)
{
	memset(d->root, 0, p->n * sizeof(d->root[0]));
	for (unsigned i = 0; i < p->e; i++)
		d->root[p->output[i]] = clamp16(d->root[p->output[i]] + llr[i]);
	for (unsigned i = 0; p->shortened && i < p->n - p->e; i++)
		d->root[p->shortened_at[i]] = CERTAIN;
}

/* x = u G_N of all paths in place: bit p of octet i is x_i of path p. Its own inverse. */
static void transform(uint8_t *x, unsigned n)
{
	static const uint64_t first[] = { 0x00ff00ff00ff00ffu, 0x0000ffff0000ffffu, 0x00000000ffffffffu };

	for (unsigned i = 0; i < n; i += 8) {
		uint64_t v = 0;

		for (unsigned k = 0; k < 8; k++)
			v |= (uint64_t)x[i + k] << 8 * k;
		for (unsigned s = 0; s < 3; s++)
			v ^= v >> (8u << s) & first[s];
		for (unsigned k = 0; k < 8; k++)
			x[i + k] = (uint8_t)(v >> 8 * k);
	}
	for (unsigned half = 8; half < n; half *= 2) {
		for (unsigned i = 0; i < n; i += 2 * half) {
			for (unsigned k = 0; k < half; k++)
				x[i + k] ^= x[i + half + k];
		}
	}
}

/* The information bits of a path. */
static void extract(const struct phy_polar_decoder *d, unsigned path, uint8_t *out)
{
	const struct phy_polar *p = d->code;

	for (unsigned i = 0; i < p->k; i++)
		out[p->input[i]] = d->signs[p->info[i]] >> path & 1;
}

bool phy_polar_decode(struct phy_polar_decoder *d, const struct phy_polar *p, const struct kern *kern,
	uint8_t *out, const int8_t *llr, unsigned list, phy_polar_accept *accept, const void *arg,
	int32_t *metric)
{
	bool tried[PHY_POLAR_LIST_MAX] = { false };

	d->code = p;
	d->kern = kern;
	d->list.list = list < 1 ? 1 : list > PHY_POLAR_LIST_MAX ? PHY_POLAR_LIST_MAX : list;
	d->list.paths = 1;
	d->list.metric[0] = 0;
	d->list.turn[PHY_POLAR_TURN_PARITY][0] = 0;
	gather(d, p, llr);
	if (list <= 1)
		phy_polar_single(d);
	else
		phy_polar_list(d);
	transform(d->signs, p->n);
	for (unsigned t = 0; t < d->list.paths; t++) {
		unsigned best = PHY_POLAR_LIST_MAX;

		for (unsigned i = 0; i < d->list.paths; i++) {
			if (!tried[i] &&
				(best == PHY_POLAR_LIST_MAX || d->list.metric[i] < d->list.metric[best]))
				best = i;
		}
		tried[best] = true;
		extract(d, best, out);
		if (metric)
			*metric = d->list.metric[best];
		if (!accept || accept(arg, out, p->k))
			return true;
	}
	return false;
}
