/* Blind search: per candidate the channel, the soft bits, and for each size the polar code with its CRC. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/signals/modulation.h"
#include "radio/phy/channels/pdcch_parts.h"

enum { SYMBOLS = PHY_PDCCH_BITS / 2, CRC_BITS = 24 };

struct phy_pdcch_receiver {
	struct phy_polar_cache *codes;
	struct phy_polar_decoder decoder;
	struct phy_cf phases[PDCCH_PHASES];
	struct pdcch_channel channel[PHY_PDCCH_ANTENNAS_MAX];
	unsigned heard; /* antennas that are not left out, the first ones of channel[] and data[] */
	uint8_t dmrs[PHY_CORESET_SYMBOLS][PHY_CORESET_RBS];
	uint16_t rb[PHY_PDCCH_RBS], dmrs_rb[PHY_PDCCH_RBS]; /* the candidate's; those with DMRS */
	struct phy_cf data[PHY_PDCCH_ANTENNAS_MAX][SYMBOLS];
	float noise[SYMBOLS];
	int8_t llr[PHY_PDCCH_BITS];
	uint8_t bits[PHY_POLAR_K_DL_MAX], again[PHY_PDCCH_BITS];
};

struct phy_pdcch_receiver *phy_pdcch_receiver_new(void)
{
	struct phy_pdcch_receiver *rx = calloc(1, sizeof(*rx));

	if (!rx)
		return NULL;
	rx->codes = phy_polar_cache_new();
	if (!rx->codes) {
		free(rx);
		return NULL;
	}
	pdcch_channel_phases(rx->phases);
	for (unsigned a = 0; a < PHY_PDCCH_ANTENNAS_MAX; a++)
		rx->channel[a].phases = rx->phases;
	return rx;
}

void phy_pdcch_receiver_free(struct phy_pdcch_receiver *rx)
{
	if (rx)
		phy_polar_cache_free(rx->codes);
	free(rx);
}

static bool legal(const struct phy_pdcch_search *s, const struct phy_grid *grids, unsigned antennas)
{
	if (antennas < 1 || antennas > PHY_PDCCH_ANTENNAS_MAX)
		return false;
	for (unsigned a = 0; a < antennas; a++) {
		if (!phy_coreset_fits(s->occasion.coreset, &grids[a], s->occasion.first_symbol))
			return false;
	}
	if (s->candidates > PHY_CANDIDATES_MAX || s->sizes > PHY_PDCCH_SIZES || s->rntis > PHY_PDCCH_RNTIS)
		return false;
	for (unsigned i = 0; i < s->sizes; i++) {
		if (s->size[i] < PHY_DCI_BITS_MIN || s->size[i] > PHY_DCI_BITS_MAX)
			return false;
	}
	return true;
}

static const struct phy_cf *block_at(
	const struct phy_grid *grid, const struct phy_pdcch_occasion *o, unsigned l, unsigned rb)
{
	unsigned crb = phy_coreset_crb(o->coreset, rb);

	return phy_grid_at(grid, o->first_symbol + l, (crb - grid->first_crb) * PHY_SC_PER_PRB);
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

/* Brings DMRS and data to a mean power of the DMRS near one; false if that cannot be. */
static bool normalize(struct pdcch_channel *ch, struct phy_cf *data, unsigned n)
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
static void demap(struct phy_pdcch_receiver *rx, const struct kern *kern, const struct phy_pdcch_occasion *o)
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
	phy_descramble_llr(kern, rx->llr, 2 * n, pdcch_scrambling(o));
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

/* Soft bits of the candidate; false if there is nothing worth decoding. */
static bool listen(struct phy_pdcch_receiver *rx, const struct kern *kern, const struct phy_pdcch_search *s,
	const struct phy_grid *grids, unsigned antennas, struct phy_candidate at)
{
	unsigned blocks = phy_coreset_blocks(s->occasion.coreset, at.cce, at.al, rx->rb);

	rx->heard = 0;
	for (unsigned a = 0; a < antennas && blocks > 0; a++) {
		struct pdcch_channel *ch = &rx->channel[rx->heard];
		struct phy_cf *data = rx->data[rx->heard];

		prepare_channel(rx, s, blocks, ch);
		take_dmrs(rx, &s->occasion, &grids[a], ch);
		take_data(rx, &s->occasion, &grids[a], blocks, data);
		if (!normalize(ch, data, at.al * PHY_PDCCH_CCE_BITS / 2u))
			continue;
		pdcch_channel_look(ch);
		rx->heard++;
	}
	if (rx->heard == 0 || !present(rx))
		return false;
	for (unsigned a = 0; a < rx->heard; a++)
		pdcch_channel_estimate(&rx->channel[a]);
	demap(rx, kern, &s->occasion);
	return true;
}

/* Of a resource element, the mean of the antennas. */
static float snr_db(const struct phy_pdcch_receiver *rx)
{
	float sum = 0;

	for (unsigned a = 0; a < rx->heard; a++) {
		const struct pdcch_channel *ch = &rx->channel[a];

		sum += (ch->signal > 1e-6f ? ch->signal : 1e-6f) / ch->noise;
	}
	return 10 * log10f(sum / (float)rx->heard);
}

/* Whose the bits are by their CRC; false if nobody's of those. */
static bool whose(const struct phy_pdcch_search *s, const uint8_t *bits, unsigned k, uint16_t *rnti)
{
	uint32_t crc = pdcch_crc(bits, k - CRC_BITS);

	for (unsigned i = 0; i < CRC_BITS; i++)
		crc ^= (uint32_t)bits[k - CRC_BITS + i] << (CRC_BITS - 1 - i);
	for (unsigned i = 0; i < s->rntis; i++) {
		if (crc == s->rnti[i]) {
			*rnti = s->rnti[i];
			return true;
		}
	}
	return false;
}

static bool accept(const void *arg, const uint8_t *bits, unsigned k)
{
	uint16_t rnti;

	return whose(arg, bits, k, &rnti);
}

/* How the soft bits of [from, to) agree with the code word: 1 entirely, 0 as noise does. */
static float agreement(const struct phy_pdcch_receiver *rx, unsigned from, unsigned to)
{
	int32_t agree = 0, total = 0;

	for (unsigned i = from; i < to; i++) {
		int32_t v = rx->llr[i];

		total += v < 0 ? -v : v;
		agree += rx->again[i] ? -v : v;
	}
	return total > 0 ? (float)agree / (float)total : 0;
}

/*
 * The least agreement of a code word with its soft bits. What a list of eight makes of noise agrees by about
 * 1.3 sqrt(k / e), and so does hardly less than what comes through where a tenth of the blocks are lost: this
 * bound, fitted to stay below 99% of those for k from 36 on, throws away what noise it can.
 */
static float least_agreement(unsigned k, unsigned e)
{
	float root = sqrtf((float)k / (float)e), least = root * (1.45f - 0.42f * root);

	return least < 0.95f ? least : 0.95f;
}

static bool decode(struct phy_pdcch_receiver *rx, const struct kern *kern, const struct phy_pdcch_search *s,
	unsigned size, struct phy_candidate at, struct phy_pdcch_found *f)
{
	unsigned k = size + CRC_BITS, e = at.al * PHY_PDCCH_CCE_BITS;
	const struct phy_polar *code = phy_polar_cache_get(rx->codes, PHY_POLAR_DOWNLINK, k, e);

	if (!code || !phy_polar_decode(&rx->decoder, code, kern, rx->bits, rx->llr, PHY_POLAR_LIST_MAX,
			     accept, s, NULL))
		return false;
	phy_polar_encode(code, rx->again, rx->bits);
	*f = (struct phy_pdcch_found){ .at = at, .bits = (uint8_t)size };
	(void)whose(s, rx->bits, k, &f->rnti);
	f->quality = agreement(rx, 0, e);
	/* At 16 CCEs the second half repeats bits of the first: with 8 sent only it would agree with nothing.
	 */
	if (f->quality < least_agreement(k, e) ||
		(at.al == PHY_AL_MAX && 2 * agreement(rx, e / 2, e) < agreement(rx, 0, e / 2)))
		return false;
	for (unsigned i = 0; i < size; i++)
		bits_set(f->dci, i, rx->bits[i]);
	f->snr_db = snr_db(rx);
	return true;
}

static bool overlaps(const struct phy_pdcch_found *found, unsigned n, struct phy_candidate at)
{
	for (unsigned i = 0; i < n; i++) {
		if (at.cce < found[i].at.cce + found[i].at.al && found[i].at.cce < at.cce + at.al)
			return true;
	}
	return false;
}

unsigned phy_pdcch_find(struct phy_pdcch_receiver *rx, const struct kern *kern,
	const struct phy_pdcch_search *s, const struct phy_grid *grids, unsigned antennas,
	struct phy_pdcch_found *found, unsigned max)
{
	const struct phy_pdcch_occasion *o = &s->occasion;
	unsigned count = 0;

	if (!legal(s, grids, antennas))
		return 0;
	for (unsigned l = 0; l < o->coreset->n_symb; l++)
		pdcch_dmrs(o->coreset, o->slot, o->first_symbol + l, grids->symbols, rx->dmrs[l]);
	for (unsigned i = 0; i < s->candidates && count < max; i++) {
		struct phy_candidate at = s->candidate[i];

		if (overlaps(found, count, at) || !listen(rx, kern, s, grids, antennas, at))
			continue;
		for (unsigned j = 0; j < s->sizes; j++) {
			if (decode(rx, kern, s, s->size[j], at, &found[count])) {
				count++;
				break;
			}
		}
	}
	return count;
}
