#include "radio/phy/search/ssb_bursts.h"

#include <math.h>

#include "radio/phy/signals/complex.h"
#include "radio/phy/search/peak.h"

enum {
	FFT = PHY_BURST_FFT,
	PREFIX = PHY_BURST_PREFIX,
	SYMBOL = FFT + PREFIX,
	SAMPLES = PHY_BURST_SAMPLES,
	EARLY = PHY_BURST_EARLY,
	OFFSETS = 128, /* tried of the frequency within one spacing */
	FINE = 64,     /* the same within a symbol, where the top is broad */
	PIECES = 8,    /* of a symbol, for the frequency offset within it */
	WIDE = 60,     /* subcarriers: see widen() */
};

static const double period_s = PHY_SSB_PERIOD_MS / 1e3;

bool phy_bursts_init(struct phy_bursts *s, double rate_hz, double scs_hz)
{
	*s = (struct phy_bursts){ .scs_hz = scs_hz };
	if (phy_resampler_init(&s->resampler, rate_hz, FFT * scs_hz) &&
		phy_resampler_init(&s->back, FFT * scs_hz, rate_hz) && phy_fft_init(&s->fft, FFT, false) &&
		phy_fft_init(&s->inverse, FFT, true))
		return true;
	phy_bursts_fini(s);
	return false;
}

void phy_bursts_fini(struct phy_bursts *s)
{
	phy_resampler_fini(&s->resampler);
	phy_resampler_fini(&s->back);
	phy_fft_fini(&s->fft);
	phy_fft_fini(&s->inverse);
}

static unsigned bin_of(unsigned k)
{
	return (k + FFT - PHY_SSB_SUBCARRIERS / 2) % FFT;
}

/* The places of the group that lie in the recording whole. */
void phy_bursts_place(struct phy_bursts *s, const struct phy_recording *in, double start)
{
	double period = period_s * in->rate_hz, sample = in->rate_hz / (FFT * s->scs_hz);
	double first = start - floor((start - PREFIX * sample) / period) * period;

	s->count = 0;
	for (unsigned n = 0; s->count < PHY_BURSTS_MAX; n++) {
		double at = first + n * period;

		if (at + (SAMPLES - PREFIX) * sample > (double)in->count)
			return;
		s->burst[s->count].start = at;
		s->burst[s->count++].period = n;
	}
}

static void take_samples(
	struct phy_bursts *s, const struct kern *k, const struct phy_recording *in, double frequency_hz)
{
	for (unsigned i = 0; i < s->count; i++) {
		struct phy_burst *b = &s->burst[i];
		double start = b->start - PREFIX * in->rate_hz / (FFT * s->scs_hz);

		phy_resample(&s->resampler, k, in, frequency_hz, start, b->samples, SAMPLES);
	}
}

static void transform(struct phy_bursts *s, const struct kern *k)
{
	struct phy_cf bins[FFT], work[FFT];

	for (unsigned i = 0; i < s->count; i++) {
		struct phy_burst *b = &s->burst[i];

		for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++) {
			phy_fft_run(&s->fft, k, bins, b->samples + l * SYMBOL + PREFIX - EARLY, work);
			for (unsigned c = 0; c < PHY_SSB_SUBCARRIERS; c++)
				b->re.re[l][c] = bins[bin_of(c)];
		}
		if (s->punctured)
			phy_ssb_puncture(&b->re);
	}
}

/* The PSS in time, as it comes in s->burst[].samples. */
static void make_pss(struct phy_bursts *s, const struct kern *k, unsigned n_id_2, struct phy_cf out[FFT])
{
	struct phy_cf bins[FFT] = { 0 }, work[FFT];
	int8_t d[PHY_SYNC_LENGTH];

	phy_pss(d, n_id_2);
	for (unsigned i = 0; i < PHY_SYNC_LENGTH; i++)
		bins[bin_of(PHY_SSB_SYNC_AT + i)].re = (float)d[i];
	phy_fft_run(&s->inverse, k, out, bins, work);
}

/* The pieces' sum over all symbols, each in its own phase, when turned back by so much a piece. */
static double likeness(struct phy_cf (*piece)[PIECES], unsigned symbols, double turn_rad)
{
	double like = 0;

	for (unsigned i = 0; i < symbols; i++) {
		struct phy_cf sum = { 0, 0 };

		for (unsigned n = 0; n < PIECES; n++) {
			float a = (float)(turn_rad * n);

			phy_cf_add(&sum, phy_cf_mul_conj(piece[i][n], phy_cf_unit(a)));
		}
		like += (double)sum.re * (double)sum.re +
			(double)sum.im * (double)sum.im; /* too large for floats */
	}
	return like;
}

/* The parts of a symbol as it should be, by pieces of what was received. */
static void cut(struct phy_cf piece[PIECES], const struct phy_cf *x, const struct phy_cf *should)
{
	memset(piece, 0, PIECES * sizeof(*piece));
	for (unsigned n = 0; n < FFT; n++)
		phy_cf_add(&piece[n / (FFT / PIECES)], phy_cf_mul_conj(x[n], should[n]));
}

/*
 * How far the frequency is off, at most by one spacing: the likeliest offset by the PSS, whose phase it
 * turns, and by the cyclic prefixes. share: of the energy that is signal.
 */
double phy_bursts_coarse_offset(struct phy_bursts *s, const struct kern *k, unsigned n_id_2, double share)
{
	struct phy_cf piece[PHY_BURSTS_MAX][PIECES], pss[FFT], prefix = { 0, 0 };
	double best = -INFINITY, offset = 0, energy = 0, weight;

	make_pss(s, k, n_id_2, pss);
	for (unsigned n = 0; n < FFT; n++)
		energy += (double)(pss[n].re * pss[n].re + pss[n].im * pss[n].im);
	for (unsigned i = 0; i < s->count; i++) {
		const struct phy_cf *x = s->burst[i].samples;

		cut(piece[i], x + PREFIX, pss);
		for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++) {
			for (unsigned n = l * SYMBOL + PREFIX / 4; n < l * SYMBOL + PREFIX; n++)
				phy_cf_add(&prefix, phy_cf_mul_conj(x[n + FFT], x[n]));
		}
	}
	share = share < 0.9 ? share : 0.9;
	weight = 2 * share / (1 - share * share) * energy * (1 - share);
	for (int t = -OFFSETS / 2; t < OFFSETS / 2; t++) {
		double a = 2 * M_PI * t / OFFSETS; /* per symbol */
		double like = likeness(piece, s->count, a / PIECES) +
			      weight * ((double)prefix.re * cos(a) + (double)prefix.im * sin(a));

		if (like > best) {
			best = like;
			offset = (double)t / OFFSETS * s->scs_hz;
		}
	}
	return offset;
}

/*
 * The channel, its delay kept, averaged over WIDE subcarriers: one that follows every detail would follow
 * what the frequency offset does to the block as well, and hide it. Times scale.
 */
static void widen(struct phy_cf out[PHY_SSB_SUBCARRIERS], const struct phy_ssb_measure *m, float scale)
{
	float slope = (float)(-2 * M_PI / PHY_SSB_SUBCARRIERS) * m->delay_samples;

	for (int c = 0; c < PHY_SSB_SUBCARRIERS; c++) {
		int from = c < WIDE / 2 ? 0 : c - WIDE / 2, to = c + WIDE / 2;

		out[c] = (struct phy_cf){ 0, 0 };
		for (int i = from; i < to && i < PHY_SSB_SUBCARRIERS; i++) {
			float a = slope * (float)(i - c);

			phy_cf_add(&out[c], phy_cf_mul_conj(m->channel[i], phy_cf_unit(a)));
		}
		out[c].re *= scale;
		out[c].im *= scale;
	}
}

/* Symbol l of a block, with the channel, as it comes in time behind `EARLY`. */
static void rebuild(struct phy_bursts *s, const struct kern *k, const struct phy_ssb *sent,
	const struct phy_cf channel[PHY_SSB_SUBCARRIERS], unsigned l, struct phy_cf out[FFT])
{
	struct phy_cf bins[FFT] = { 0 }, work[FFT];

	for (unsigned c = 0; c < PHY_SSB_SUBCARRIERS; c++) {
		struct phy_cf x = sent->re[l][c], h = channel[c];

		bins[bin_of(c)] = (struct phy_cf){ x.re * h.re - x.im * h.im, x.re * h.im + x.im * h.re };
	}
	phy_fft_run(&s->inverse, k, out, bins, work);
}

void phy_bursts_block(struct phy_ssb *block, const struct phy_bursts_sent *sent, unsigned period)
{
	struct phy_pbch_payload payload = *sent->first;

	payload.sfn = (uint16_t)((payload.sfn + 2 * period) % 1024);
	(void)phy_ssb_transmit(sent->pbch, block, &payload, sent->l_max, sent->n_cell_id, sent->pss_gain);
	if (sent->punctured)
		phy_ssb_puncture(block);
}

bool phy_bursts_look_punctured(const struct phy_bursts *s, const struct phy_bursts_sent *sent)
{
	enum {
		ALIKE = 24,
		MIDDLE = PHY_SSB_KEPT / ALIKE,
		BESIDE = (PHY_SSB_SUBCARRIERS - PHY_SSB_KEPT) / ALIKE
	};
	float middle = 0, beside = 0;

	for (unsigned i = 0; i < s->count; i++) {
		const struct phy_burst *b = &s->burst[i];
		struct phy_ssb block;

		phy_bursts_block(&block, sent, b->period);
		for (unsigned l = 1; l < PHY_SSB_SYMBOLS; l++) {
			for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k += ALIKE) {
				bool kept = k >= PHY_SSB_KEPT_AT && k < PHY_SSB_KEPT_AT + PHY_SSB_KEPT;
				struct phy_cf sum = { 0, 0 };

				for (unsigned c = k; c < k + ALIKE; c++)
					phy_cf_add(&sum, phy_cf_mul_conj(b->re.re[l][c], block.re[l][c]));
				*(kept ? &middle : &beside) += phy_cf_power(sum) - ALIKE * b->measure.noise;
			}
		}
	}
	return beside / BESIDE < middle / MIDDLE / 4;
}

/* Pieces of all symbols of all bursts, as they were received by as they were sent. */
static void cut_all(struct phy_bursts *s, const struct kern *k, const struct phy_bursts_sent *sent,
	struct phy_cf (*piece)[PIECES])
{
	float power = 1e-30f;

	for (unsigned i = 0; i < s->count; i++)
		power += s->burst[i].measure.power;
	for (unsigned i = 0; i < s->count; i++) {
		struct phy_cf channel[PHY_SSB_SUBCARRIERS], time[FFT];
		struct phy_ssb block;

		phy_bursts_block(&block, sent, s->burst[i].period);
		widen(channel, &s->burst[i].measure,
			1 / power); /* their products are of any level's size then */
		for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++, piece++) {
			rebuild(s, k, &block, channel, l, time);
			cut(*piece, s->burst[i].samples + l * SYMBOL + PREFIX - EARLY, time);
		}
	}
}

/* The turn from one symbol to the next, weighted for the least error of a phase that grows evenly over four
 * of them. */
static float turn_of(struct phy_cf (*piece)[PIECES], unsigned bursts)
{
	static const float weight[PHY_SSB_SYMBOLS - 1] = { 0.3f, 0.4f, 0.3f };
	struct phy_cf step[PHY_SSB_SYMBOLS - 1] = { { 0, 0 } }, mean = { 0, 0 };
	float turn = 0, rough;

	for (unsigned i = 0; i < bursts * PHY_SSB_SYMBOLS; i++) {
		struct phy_cf now = { 0, 0 }, next = { 0, 0 };

		if (i % PHY_SSB_SYMBOLS == PHY_SSB_SYMBOLS - 1)
			continue;
		for (unsigned n = 0; n < PIECES; n++) {
			phy_cf_add(&now, piece[i][n]);
			phy_cf_add(&next, piece[i + 1][n]);
		}
		phy_cf_add(&step[i % PHY_SSB_SYMBOLS], phy_cf_mul_conj(next, now));
		phy_cf_add(&mean, phy_cf_mul_conj(next, now));
	}
	rough = atan2f(mean.im, mean.re);
	for (unsigned l = 0; l < PHY_SSB_SYMBOLS - 1; l++) {
		struct phy_cf left = phy_cf_mul_conj(step[l], phy_cf_unit(rough));

		turn += weight[l] * atan2f(left.im, left.re);
	}
	return remainderf(rough + turn, (float)(2 * M_PI));
}

/*
 * The offset from the phase over pieces of each symbol: unlike that between symbols it does not depend on the
 * carrier's frequency (38.211 5.4).
 */
void phy_bursts_judge(struct phy_bursts *s, const struct kern *k, const struct phy_bursts_sent *sent,
	struct phy_bursts_verdict *v)
{
	struct phy_cf piece[PHY_BURSTS_MAX * PHY_SSB_SYMBOLS][PIECES];
	double like[FINE + 1], power = 1e-30, noise = 1e-30, step = 2 * M_PI / PIECES / FINE;
	unsigned symbols = s->count * PHY_SSB_SYMBOLS, best = 1;

	cut_all(s, k, sent, piece);
	for (unsigned i = 0; i < s->count; i++) {
		power += (double)s->burst[i].measure.power;
		noise += (double)s->burst[i].measure.noise;
	}
	for (unsigned t = 0; t <= FINE; t++) { /* to half a spacing either way */
		like[t] = likeness(piece, symbols, step * ((int)t - FINE / 2));
		if (t > 0 && t < FINE && like[t] > like[best])
			best = t;
	}
	v->offset_hz = ((int)best - FINE / 2 + phy_parabola_top(like[best - 1], like[best], like[best + 1])) /
		       FINE * s->scs_hz;
	/* The bound for a tone in noise: 6 / (4 pi^2 SNR N) of the squared length of a symbol; some 200
	 * elements in each. */
	v->error_hz = sqrt(6 * noise / power / (symbols * 200.0)) / (2 * M_PI) * s->scs_hz;
	v->turn_rad = turn_of(piece, s->count);
	v->power = power / s->count;
	v->noise = noise / s->count;
}

void phy_bursts_take(
	struct phy_bursts *s, const struct kern *k, const struct phy_recording *in, double frequency_hz)
{
	take_samples(s, k, in, frequency_hz);
	transform(s, k);
}

void phy_bursts_turn(struct phy_bursts *s, const struct kern *k, const struct phy_recording *in, double by_hz)
{
	for (unsigned i = 0; i < s->count; i++) {
		float *x = &s->burst[i].samples[0].re;
		double start = s->burst[i].start / in->rate_hz - PREFIX / (FFT * s->scs_hz);

		k->cf_ramp(x, x, SAMPLES, (float)(-2 * M_PI * remainder(by_hz * start, 1)),
			(float)(-2 * M_PI * by_hz / (FFT * s->scs_hz)));
	}
	transform(s, k);
}

double phy_bursts_delay(struct phy_bursts *s, const struct kern *k, const struct phy_bursts_sent *sent)
{
	float power[FFT] = { 0 };
	unsigned best = 0;

	for (unsigned i = 0; i < s->count; i++) {
		struct phy_ssb block;

		phy_bursts_block(&block, sent, s->burst[i].period);
		for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++) {
			struct phy_cf bins[FFT] = { 0 }, time[FFT], work[FFT];

			for (unsigned c = 0; c < PHY_SSB_SUBCARRIERS; c++)
				bins[bin_of(c)] = phy_cf_mul_conj(s->burst[i].re.re[l][c], block.re[l][c]);
			phy_fft_run(&s->inverse, k, time, bins, work);
			for (unsigned n = 0; n < FFT; n++)
				power[n] += phy_cf_power(time[n]);
		}
	}
	for (unsigned n = 1; n < FFT; n++)
		best = power[n] > power[best] ? n : best;
	return (best < FFT / 2 ? (double)best : (double)best - FFT) - EARLY +
	       phy_parabola_top((double)power[(best + FFT - 1) % FFT], (double)power[best],
		       (double)power[(best + 1) % FFT]);
}
