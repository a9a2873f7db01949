/* A candidate's DMRS, and its soft bits over the channel that they show. */
#include "radio/phy/channels/pdcch_listen.h"

#include <assert.h>
#include <math.h>

#include "radio/phy/signals/modulation.h"

static const struct phy_cf *block_at(
	const struct phy_grid *grid, const struct phy_pdcch_occasion *o, unsigned l, unsigned rb)
{
	unsigned crb = phy_coreset_crb(o->coreset, rb);

	return phy_grid_at(grid, o->first_symbol + l, (crb - grid->first_crb) * PHY_SC_PER_PRB);
}

/* The blocks of a candidate, to rx->rb; those that are there are the first of them: returns how many. */
static unsigned take_blocks(
	struct phy_pdcch_receiver *rx, const struct phy_coreset *c, struct phy_candidate at, unsigned *all)
{
	unsigned there = *all = phy_coreset_blocks(c, at.cce, at.al, rx->rb);

	while (there > 0 && rx->rb[there - 1] >= phy_coreset_present(c))
		there--;
	return there;
}

/* Nothing is known of the bits of blocks that are not there. */
static void spread_llr(struct phy_pdcch_receiver *rx, unsigned symbols, unsigned there, unsigned all)
{
	enum { BITS = 2 * PDCCH_DATA_PER_RB };

	for (unsigned l = symbols; l-- > 0 && there < all;) {
		int8_t *to = rx->llr + (size_t)l * all * BITS;

		memmove(to, rx->llr + (size_t)l * there * BITS, (size_t)there * BITS);
		memset(to + (size_t)there * BITS, 0, (size_t)(all - there) * BITS);
	}
}

/* The candidate's data at an antenna. */
static void take_data(const struct phy_pdcch_receiver *rx, const struct phy_pdcch_occasion *o,
	const struct phy_grid *grid, unsigned blocks, struct phy_cf *data)
{
	for (unsigned i = 0; i < blocks * o->coreset->n_symb; i++) {
		const struct phy_cf *re = block_at(grid, o, i / blocks, rx->rb[i % blocks]);

		for (unsigned k = 0; k < PHY_SC_PER_PRB; k++) {
			if (k % 4 != 1)
				*data++ = re[k];
		}
	}
}

/* The DMRS over what was sent, to the channel. */
static void take_dmrs(const struct phy_pdcch_receiver *rx, const struct phy_pdcch_occasion *o,
	const struct phy_grid *grid, struct pdcch_channel *ch)
{
	unsigned blocks = ch->blocks;

	for (unsigned i = 0; i < blocks * o->coreset->n_symb; i++) {
		unsigned l = i / blocks, rb = rx->dmrs_rb[i % blocks];
		const struct phy_cf *re = block_at(grid, o, l, rb);

		for (unsigned k = 0; k < PDCCH_DMRS_PER_RB; k++) {
			struct phy_cf y = re[4 * k + 1], r = pdcch_dmrs_symbol(rx->dmrs[l][rb], k);

			ch->raw[l][i % blocks * PDCCH_DMRS_PER_RB + k] =
				(struct phy_cf){ y.re * r.re + y.im * r.im, y.im * r.re - y.re * r.im };
		}
	}
}

/* The largest part of n samples; infinite if any is not a number. */
static float largest(const struct phy_cf *x, unsigned n)
{
	float most = 0;

	for (unsigned i = 0; i < n; i++) {
		float a = fabsf(x[i].re), b = fabsf(x[i].im);

		if (!isfinite(a) || !isfinite(b))
			return INFINITY;
		most = a > most ? a : most;
		most = b > most ? b : most;
	}
	return most;
}

static float mean_power(const struct phy_cf *x, unsigned n)
{
	float sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum += x[i].re * x[i].re + x[i].im * x[i].im;
	return sum / (float)n;
}

static void scale(struct phy_cf *x, unsigned n, float by)
{
	for (unsigned i = 0; i < n; i++) {
		x[i].re *= by;
		x[i].im *= by;
	}
}

/* Brings DMRS and data to a mean power of the DMRS near one, from *was; false if that cannot be. */
static bool normalize(struct pdcch_channel *ch, struct phy_cf *data, unsigned n, float *was)
{
	unsigned pilots = ch->blocks * PDCCH_DMRS_PER_RB, symbols = ch->n_symb;
	float most = largest(data, n), power = 0;

	for (unsigned l = 0; l < symbols; l++) {
		float p = largest(ch->raw[l], pilots);

		most = p > most ? p : most;
	}
	if (!(most > 1e-15f && most < 1e15f))
		return false;
	for (unsigned l = 0; l < symbols; l++)
		power += mean_power(ch->raw[l], pilots) / (float)symbols;
	if (!(power > 1e-6f * most * most))
		return false;
	for (unsigned l = 0; l < symbols; l++)
		scale(ch->raw[l], pilots, 1 / sqrtf(power));
	scale(data, n, 1 / sqrtf(power));
	*was = power;
	return true;
}

/* Which blocks the channel is estimated from: all that have DMRS with the candidate's, if they are not too
 * many. */
static void prepare_channel(struct phy_pdcch_receiver *rx, const struct phy_pdcch_search *s, unsigned blocks,
	struct pdcch_channel *ch)
{
	const struct phy_coreset *c = s->occasion.coreset;
	unsigned width, mine = 0;
	bool sent[PHY_CORESET_RBS];

	assert(c->n_symb > 0);
	width = c->bundle / c->n_symb;
	ch->blocks = 0;
	ch->n_symb = c->n_symb;
	ch->bundle_blocks = width;
	ch->per_bundle = s->per_bundle;
	if (pdcch_dmrs_blocks(c, rx->rb, blocks, sent) > PHY_PDCCH_RBS) {
		memset(sent, 0, sizeof(sent));
		for (unsigned i = 0; i < blocks; i++)
			sent[rx->rb[i]] = true;
	}
	for (unsigned rb = 0; rb < c->n_rb; rb++) {
		unsigned i = ch->blocks;

		if (!sent[rb])
			continue;
		rx->dmrs_rb[i] = (uint16_t)rb;
		ch->at[i] = (uint16_t)(phy_coreset_crb(c, rb) - phy_coreset_crb(c, rx->dmrs_rb[0]));
		ch->bundle[i] = (uint16_t)(rb / width);
		ch->mine[i] = mine < blocks && rx->rb[mine] == rb;
		mine += ch->mine[i];
		ch->blocks++;
	}
}

/* The data over the channels to soft bits: antennas weighted by what each is worth. */
static void demap(struct phy_pdcch_receiver *rx, const struct kern *kern, const struct phy_pdcch_occasion *o,
	unsigned there, unsigned all)
{
	unsigned per_symbol = rx->channel->data, n = per_symbol * rx->channel->n_symb;

	for (unsigned i = 0; i < n; i++) {
		struct phy_cf sum = { 0, 0 };
		float gain = 0;

		for (unsigned a = 0; a < rx->heard; a++) {
			const struct pdcch_channel *ch = &rx->channel[a];
			struct phy_cf h = ch->h[i % per_symbol], y = rx->data[a][i];
			float weight = 1 / (ch->noise + ch->error);

			sum.re += (y.re * h.re + y.im * h.im) * weight;
			sum.im += (y.im * h.re - y.re * h.im) * weight;
			gain += (h.re * h.re + h.im * h.im) * weight;
		}
		gain = gain > 1e-6f ? gain : 1e-6f;
		rx->data[0][i] = (struct phy_cf){ sum.re / gain, sum.im / gain };
		rx->noise[i] = 1 / gain;
	}
	phy_demap(kern, PHY_QPSK, rx->llr, rx->data[0], rx->noise, n);
	spread_llr(rx, rx->channel->n_symb, there, all);
	phy_descramble_llr(
		kern, rx->llr, 2 * all * PDCCH_DATA_PER_RB * rx->channel->n_symb, pdcch_scrambling(o));
}

/* Whether the DMRS of all antennas together look like somebody sent them. */
static bool present(const struct phy_pdcch_receiver *rx)
{
	float explained = 0, expected = 0;

	for (unsigned a = 0; a < rx->heard; a++) {
		explained += rx->channel[a].explained;
		expected += rx->channel[a].bundles;
	}
	return explained > expected + 2 * sqrtf(expected) + 1;
}

void pdcch_see(struct phy_pdcch_receiver *rx, const struct phy_pdcch_search *s, const struct phy_grid *grids,
	unsigned antennas, struct phy_candidate at, struct pdcch_seen *seen)
{
	unsigned all, blocks = take_blocks(rx, s->occasion.coreset, at, &all);
	float energy = 0, power;

	rx->heard = 0;
	for (unsigned a = 0; a < antennas && blocks > 0; a++) {
		struct pdcch_channel *ch = &rx->channel[rx->heard];

		prepare_channel(rx, s, blocks, ch);
		take_dmrs(rx, &s->occasion, &grids[a], ch);
		if (!normalize(ch, NULL, 0, &power))
			continue;
		pdcch_channel_look(ch);
		seen->bundle[a] = ch->span[0];
		energy += power * ch->explained / (float)(ch->n_symb * ch->blocks * PDCCH_DMRS_PER_RB);
		rx->heard++;
	}
	seen->energy = rx->heard > 0 && present(rx) ? energy : 0;
}

bool pdcch_listen(struct phy_pdcch_receiver *rx, const struct kern *kern, const struct phy_pdcch_search *s,
	const struct phy_grid *grids, unsigned antennas, unsigned i)
{
	struct phy_candidate at = s->candidate[i];
	unsigned all, blocks = take_blocks(rx, s->occasion.coreset, at, &all);
	unsigned n = blocks * PDCCH_DATA_PER_RB * s->occasion.coreset->n_symb;
	float power;

	rx->heard = 0;
	for (unsigned a = 0; a < antennas && blocks > 0; a++) {
		struct pdcch_channel *ch = &rx->channel[rx->heard];
		struct phy_cf *data = rx->data[rx->heard];

		prepare_channel(rx, s, blocks, ch);
		take_dmrs(rx, &s->occasion, &grids[a], ch);
		take_data(rx, &s->occasion, &grids[a], blocks, data);
		if (!normalize(ch, data, n, &power))
			continue;
		pdcch_channel_look_again(ch, &rx->seen[i].bundle[a]);
		rx->heard++;
	}
	if (rx->heard == 0)
		return false;
	for (unsigned a = 0; a < rx->heard; a++)
		pdcch_channel_estimate(&rx->channel[a]);
	demap(rx, kern, &s->occasion, blocks, all);
	return true;
}
