/*
 * Blind search: each candidate's DMRS are looked at first, which tells most of those that nobody sent; then,
 * in the order of what is likeliest, the channel, the soft bits, and for each size the polar code with its
 * CRC.
 */
#include <math.h>
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/channels/pdcch_listen.h"

enum { CRC_BITS = 24 };

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

/*
 * Which candidate is tried next: that of most energy, or one of more CCEs with hardly less - a PDCCH on some
 * of its CCEs has half of that at most. Of 16 CCEs first, since the first eight say the same. candidates:
 * none, but for what is so far below the one that was most that it is noise.
 */
static unsigned likeliest(
	const struct phy_pdcch_receiver *rx, const struct phy_pdcch_search *s, float *all_most)
{
	const float hardly_less = 0.7f, noise = 1e-3f;
	unsigned first = s->candidates;
	float most = 0;

	for (unsigned i = 0; i < s->candidates; i++)
		most = rx->seen[i].energy > most ? rx->seen[i].energy : most;
	*all_most = most > *all_most ? most : *all_most;
	if (most <= noise * *all_most)
		return first;
	for (unsigned i = s->candidates; i-- > 0;)
		if (rx->seen[i].energy >= (s->candidate[i].al == PHY_AL_MAX ? noise : hardly_less) * most)
			first = i;
	return first;
}

unsigned phy_pdcch_find(struct phy_pdcch_receiver *rx, const struct kern *kern,
	const struct phy_pdcch_search *s, const struct phy_grid *grids, unsigned antennas,
	struct phy_pdcch_found *found, unsigned max)
{
	const struct phy_pdcch_occasion *o = &s->occasion;
	unsigned count = 0;
	float most = 0;

	if (!legal(s, grids, antennas))
		return 0;
	for (unsigned l = 0; l < o->coreset->n_symb; l++)
		pdcch_dmrs(o->coreset, o->slot, o->first_symbol + l, grids->symbols, rx->dmrs[l]);
	for (unsigned i = 0; i < s->candidates; i++) {
		rx->seen[i].energy = 0;
		if (!overlaps(s->taken, s->taken_n, s->candidate[i]))
			pdcch_see(rx, s, grids, antennas, s->candidate[i], &rx->seen[i]);
	}
	for (unsigned i; count < max && (i = likeliest(rx, s, &most)) < s->candidates;) {
		struct phy_candidate at = s->candidate[i];

		rx->seen[i].energy = 0;
		if (overlaps(found, count, at) || !pdcch_listen(rx, kern, s, grids, antennas, i))
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
