/*
 * The channel of a PDCCH from its DMRS. The channel is taken as a few taps about the strongest delay, the
 * same over a span of blocks: the REG bundle, within which 38.211 7.3.2.2 promises one precoder, or more of
 * them. Each (span, number of taps) is a Gaussian model of the DMRS; the one that makes them likeliest is
 * taken, so that a flat channel is averaged over all blocks and bundles precoded differently are kept apart.
 *
 * Delays are turns a subcarrier as fractions of 2^32.
 */
#include "radio/phy/channels/pdcch_taps.h"

#include <math.h>

enum {
	STEPS_MAX = 8,    /* of refining a delay, either way */
	SPAN_BLOCKS = 24, /* of the middle one */
};

static const double delay_range = 0.08; /* turns a subcarrier: more than the cyclic prefix's 0.07 */

void pdcch_channel_phases(struct phy_cf phases[PDCCH_PHASES])
{
	for (unsigned i = 0; i < PDCCH_PHASES; i++) {
		double a = 2 * M_PI * i / PDCCH_PHASES;

		phases[i] = (struct phy_cf){ (float)cos(a), (float)sin(a) };
	}
}

/* The unit of a span that begins with a block; bundles may be wider apart than they are wide. */
static struct pdcch_unit unit_from(const struct pdcch_channel *ch, const struct pdcch_span *s, unsigned first)
{
	unsigned end = first + 1;

	while (end < ch->blocks &&
		(s->bundle ? ch->bundle[end] == ch->bundle[first] : ch->at[end] < ch->at[first] + s->blocks))
		end++;
	return (struct pdcch_unit){ first * PDCCH_DMRS_PER_RB, (end - first) * PDCCH_DMRS_PER_RB };
}

/* The energy that the delay at hand explains of a span's units, which end there. */
static float explained(const struct pdcch_turning *t, const unsigned *end, unsigned units)
{
	float sum = 0;

	for (unsigned u = 0, first = 0; u < units; first = end[u++])
		sum += phy_cf_power(pdcch_turning_sum(t, first, end[u] - first)) / (float)(end[u] - first);
	return sum;
}

/* Moves the span's delay to the one that explains most, of each_way steps either way; returns how much. */
static float seek(const struct pdcch_channel *ch, struct pdcch_span *s, uint32_t step, unsigned each_way)
{
	uint32_t from = s->delay - each_way * step;
	unsigned end[PHY_PDCCH_RBS], units = 0;
	struct pdcch_turning t;
	float most = 0;

	for (unsigned b = 0; b < ch->blocks; b = end[units++] / PDCCH_DMRS_PER_RB) {
		struct pdcch_unit u = unit_from(ch, s, b);

		end[units] = u.first + u.n;
	}
	pdcch_turning_begin(
		&t, ch, (struct pdcch_unit){ 0, ch->blocks * PDCCH_DMRS_PER_RB }, ch->mean, from, step);
	for (unsigned i = 0; i <= 2 * each_way; i++, pdcch_turning_next(&t)) {
		float e = explained(&t, end, units);

		if (e > most) {
			most = e;
			s->delay = from + i * step;
		}
	}
	return most;
}

static uint32_t turns(double t)
{
	return (uint32_t)(t * 4294967296.0);
}

static const uint8_t span_taps[PDCCH_SPANS] = { 9, PDCCH_TAPS_MAX, PDCCH_TAPS_MAX };

/* The span of a bundle; returns what its delay explains of the bundles' energy. */
static float find_bundle_delay(const struct pdcch_channel *ch, struct pdcch_span *s)
{
	unsigned per_turn = 4 * PHY_SC_PER_PRB * ch->bundle_blocks; /* steps: a quarter of what it resolves */
	uint32_t step = turns(1.0 / per_turn);

	*s = (struct pdcch_span){ true, ch->bundle_blocks, span_taps[0], 0, 4 * step };
	(void)seek(ch, s, step, (unsigned)(delay_range * per_turn) + 1);
	(void)seek(ch, s, step / 4, 3);
	return seek(ch, s, step / 16, 3);
}

/* Fills the spans that differ behind the first; returns how many there are. */
static unsigned find_delays(const struct pdcch_channel *ch, struct pdcch_span span[PDCCH_SPANS])
{
	const unsigned blocks[PDCCH_SPANS] = { ch->bundle_blocks, SPAN_BLOCKS, ch->at[ch->blocks - 1] + 1u };
	unsigned count = 1;
	uint32_t step;

	for (unsigned s = 1; s < PDCCH_SPANS && !ch->per_bundle; s++) {
		struct pdcch_span *before = &span[count - 1];
		unsigned each_way = 2 * blocks[s] / before->blocks;

		if (blocks[s] <= before->blocks || ch->blocks <= ch->bundle_blocks)
			continue;
		step = turns(1.0 / (4 * PHY_SC_PER_PRB * blocks[s]));
		span[count] = (struct pdcch_span){ false, blocks[s], span_taps[s], before->delay, 4 * step };
		(void)seek(ch, &span[count], step, each_way < STEPS_MAX ? each_way : STEPS_MAX);
		(void)seek(ch, &span[count], step / 4, 3);
		(void)seek(ch, &span[count], step / 16, 3);
		count++;
	}
	return count;
}

/* The noise of a mean over symbols, from second differences along a bundle and from the symbols' differences.
 */
static float first_noise(const struct pdcch_channel *ch, uint32_t delay)
{
	unsigned n = ch->blocks * PDCCH_DMRS_PER_RB, count = (ch->n_symb - 1) * n;
	float sum = 0;

	for (unsigned l = 0; l < ch->n_symb && ch->n_symb > 1; l++) {
		for (unsigned i = 0; i < n; i++)
			sum += phy_cf_power((struct phy_cf){
				ch->raw[l][i].re - ch->mean[i].re, ch->raw[l][i].im - ch->mean[i].im });
	}
	for (unsigned i = 2; i < n; i++) {
		struct phy_cf w = pdcch_turn(ch, 4, delay),
			      a = phy_cf_conj(phy_cf_mul(phy_cf_conj(ch->mean[i - 2]), w));
		struct phy_cf b = ch->mean[i - 1], c = phy_cf_mul(ch->mean[i], w);

		if (pdcch_subcarrier(ch, i) != pdcch_subcarrier(ch, i - 2) + 8 ||
			ch->bundle[i / PDCCH_DMRS_PER_RB] != ch->bundle[(i - 2) / PDCCH_DMRS_PER_RB])
			continue;
		b = (struct phy_cf){ a.re - 2 * b.re + c.re, a.im - 2 * b.im + c.im };
		sum += phy_cf_power(b) / 6 * (float)ch->n_symb;
		count++;
	}
	return sum / (float)(count * ch->n_symb);
}

/* Adds to score[t] how much likelier t + 1 taps make the DMRS of a span's units than noise alone does. */
static void score_span(const struct pdcch_channel *ch, const struct pdcch_span *s, float noise, float signal,
	float score[PDCCH_TAPS_MAX])
{
	struct pdcch_taps f;

	for (unsigned b = 0; b < ch->blocks;) {
		struct pdcch_unit u = unit_from(ch, s, b);
		unsigned most = u.n / 2 < s->taps ? u.n / 2 : s->taps;
		float sum = 0;

		pdcch_taps_place(&f, most, s->delay, s->tap_delay, signal);
		pdcch_taps_fit(ch, u, &f, noise);
		for (unsigned t = 0; t < s->taps; t++) {
			if (t < most)
				sum += logf(noise / f.prior[t]) - 2 * logf(f.l[t][t].re) +
				       phy_cf_power(f.y[t]) / noise;
			score[t] += sum;
		}
		b += u.n / PDCCH_DMRS_PER_RB;
	}
}

/* The channel of a unit's data; returns the energy of its DMRS that the taps do not explain. */
static float respond(struct pdcch_channel *ch, struct pdcch_unit u, const struct pdcch_taps *f)
{
	static const uint8_t data[PDCCH_DATA_PER_RB] = { 0, 2, 3, 4, 6, 7, 8, 10, 11 };
	float left = 0;

	for (unsigned p = u.first; p < u.first + u.n; p++) {
		struct phy_cf h = pdcch_taps_response(ch, f, pdcch_subcarrier(ch, p));

		left += phy_cf_power((struct phy_cf){ ch->mean[p].re - h.re, ch->mean[p].im - h.im });
	}
	for (unsigned b = u.first / 3; b < (u.first + u.n) / 3; b++) {
		for (unsigned i = 0; i < PDCCH_DATA_PER_RB && ch->mine[b]; i++) {
			struct phy_cf h = pdcch_taps_response(ch, f, ch->at[b] * PHY_SC_PER_PRB + data[i]);

			ch->h[ch->data++] = h;
			ch->signal += phy_cf_power(h);
		}
	}
	return left;
}

static void apply(
	struct pdcch_channel *ch, const struct pdcch_span *s, unsigned taps, float noise, float signal)
{
	unsigned n = ch->blocks * PDCCH_DMRS_PER_RB, used = 0;
	/* The weight of the first estimate of the noise, which knows the differences of symbols. */
	float left = 0, weight = (float)n * ((float)ch->n_symb - 0.75f);
	struct pdcch_taps f;

	ch->signal = 0;
	ch->data = 0;
	for (unsigned b = 0; b < ch->blocks;) {
		struct pdcch_unit u = unit_from(ch, s, b);

		pdcch_taps_place(&f, u.n / 2 < taps ? u.n / 2 : taps, s->delay, s->tap_delay, signal);
		pdcch_taps_fit(ch, u, &f, noise);
		pdcch_taps_solve(&f);
		left += respond(ch, u, &f);
		used += f.n;
		b += u.n / PDCCH_DMRS_PER_RB;
	}
	ch->signal /= (float)ch->data;
	noise = (left + weight * noise) / ((float)(n - used) + weight);
	ch->error = noise * (float)used / (float)n;
	ch->noise = noise * (float)ch->n_symb;
}

/* The mean over the symbols; returns the mean power of a single DMRS. */
static float average(struct pdcch_channel *ch)
{
	unsigned n = ch->blocks * PDCCH_DMRS_PER_RB;
	float sum = 0;

	for (unsigned i = 0; i < n; i++) {
		struct phy_cf m = { 0, 0 };

		for (unsigned l = 0; l < ch->n_symb; l++) {
			m.re += ch->raw[l][i].re;
			m.im += ch->raw[l][i].im;
			sum += phy_cf_power(ch->raw[l][i]);
		}
		ch->mean[i] = (struct phy_cf){ m.re / (float)ch->n_symb, m.im / (float)ch->n_symb };
	}
	return sum / (float)(n * ch->n_symb);
}

void pdcch_channel_look(struct pdcch_channel *ch)
{
	float most;

	ch->total = average(ch);
	most = find_bundle_delay(ch, &ch->span[0]);
	ch->explained = ch->total > 0 ? most * (float)ch->n_symb / ch->total : 0;
	ch->bundles = (float)ch->blocks / (float)ch->bundle_blocks;
}

void pdcch_channel_look_again(struct pdcch_channel *ch, const struct pdcch_span *bundle)
{
	ch->total = average(ch);
	ch->span[0] = *bundle;
}

void pdcch_channel_estimate(struct pdcch_channel *ch)
{
	float noise = first_noise(ch, ch->span[0].delay), signal, best = 0;
	unsigned spans = find_delays(ch, ch->span), best_span = 0, best_taps = 1;

	noise = noise > 1e-5f ? noise : 1e-5f;
	signal = ch->total - noise * (float)ch->n_symb;
	signal = signal > 0.02f ? signal : 0.02f;
	for (unsigned s = 0; s < spans; s++) {
		float score[PDCCH_TAPS_MAX] = { 0 };

		score_span(ch, &ch->span[s], noise, signal, score);
		for (unsigned t = 0; t < ch->span[s].taps; t++) {
			if ((s == 0 && t == 0) || score[t] > best) {
				best = score[t];
				best_span = s;
				best_taps = t + 1;
			}
		}
	}
	apply(ch, &ch->span[best_span], best_taps, noise, signal);
}
