/*
 * The multipath channel as one filter: each path is a windowed sinc at its delay times its gain. Gains are
 * made again 64 times in a turn of the Doppler shift, and the filter goes from one to the next in STEPS
 * steps, which leaves errors of about -55 dB.
 */
#include "sim/channel/internal.h"

#include <math.h>
#include <stdlib.h>

enum {
	STEPS = 16,
	STEPS_A_TURN = 64 * STEPS,
	STEP_MAX = 1 << 20, /* samples; more is the same to the eye */
	FIR_BLOCK = 32,     /* outputs at once */
	HISTORY = 8192,     /* samples that go by before the past is moved */
};

struct path {
	struct channel_fader fader;
	unsigned first, count; /* its coefficients */
	float sinc[CHANNEL_SINC];
};

struct channel {
	struct channel_noise noise;
	double cfo_turns, phase_turns; /* a sample; at the start of the grid */
	float sigma;                   /* of the noise, on each axis */
	unsigned paths, coefs;
	size_t step, step_left; /* samples of a step of the filter, and until the next */
	unsigned steps_left;    /* until new gains */
	size_t past, at,
		room; /* samples before the first that the filter needs; the place of the next; all */
	float *x_re, *x_im;
	unsigned grid_at;
	struct phy_cf base; /* the phase of the grid's first sample */
	struct phy_cf turned[CHANNEL_GRID];
	float noise_re[CHANNEL_GRID], noise_im[CHANNEL_GRID];
	size_t back[CHANNEL_COEFS_MAX]; /* how far back each coefficient reaches, ascending */
	struct phy_cf now[CHANNEL_COEFS_MAX], next[CHANNEL_COEFS_MAX], slope[CHANNEL_COEFS_MAX];
	struct path path[CHANNEL_TAPS_MAX];
};

static bool within(double v, double lo, double hi)
{
	return v >= lo && v <= hi; /* not so for NaN */
}

static double delay_of(const struct channel_config *c, const struct channel_tap *tap, bool normalized)
{
	double ns = normalized ? tap->delay * c->delay_spread_ns : tap->delay;

	return CHANNEL_LATENCY + c->delay_samples + ns * 1e-9 * c->rate_hz;
}

static bool legal(const struct channel_config *c)
{
	const struct channel_tdl *tdl = channel_tdl_of(c->profile);

	if (!tdl || !within(c->rate_hz, 1e3, 1e10) ||
		!within(c->delay_spread_ns, 0, tdl->normalized ? 1e6 : 0) ||
		!within(c->doppler_hz, 0, c->rate_hz / 2048) ||
		!within(c->cfo_hz, -c->rate_hz / 2, c->rate_hz / 2) ||
		!within(c->delay_samples, -CHANNEL_LATENCY, CHANNEL_DELAY_MAX) ||
		!within(c->signal_power, 0, 1e12) || !(within(c->snr_db, -200, 200) || c->snr_db == INFINITY))
		return false;
	for (unsigned i = 0; i < tdl->count; i++) {
		if (!within(delay_of(c, &tdl->taps[i], tdl->normalized), 0, CHANNEL_DELAY_MAX))
			return false;
	}
	return true;
}

static double bessel_i0(double x)
{
	double sum = 1, term = 1;

	for (unsigned k = 1; k < 40; k++) {
		term *= x / (2 * k) * (x / (2 * k));
		sum += term;
	}
	return sum;
}

/* A sinc in Kaiser's window, whose error is below -60 dB up to 0.8 of the band; x in samples. */
static float sinc(double x)
{
	const double beta = 6.0;
	double inside = 1 - x * x / (CHANNEL_LATENCY * CHANNEL_LATENCY);

	if (fabs(x) < 1e-9)
		return 1;
	return inside <= 0 ? 0
			   : (float)(sin(M_PI * x) / (M_PI * x) * bessel_i0(beta * sqrt(inside)) /
				     bessel_i0(beta));
}

/* The delays that coefficients of a path at `delay` have: one if it is whole; else those about it. */
static unsigned reach(double delay, size_t *first)
{
	double whole = floor(delay + 0.5);

	if (fabs(delay - whole) < 1e-6) {
		*first = (size_t)whole;
		return 1;
	}
	/* a delay that the latency does not cover loses what lies in the future */
	whole = floor(delay) - CHANNEL_LATENCY + 1;
	*first = whole > 0 ? (size_t)whole : 0;
	return CHANNEL_SINC;
}

static int by_delay(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return x < y ? -1 : x > y;
}

/* Lists the delays that any path needs, each once, ascending. */
static void list_delays(struct channel *ch, const struct channel_config *c, const struct channel_tdl *tdl)
{
	unsigned count = 0, kept = 0;
	size_t first;

	for (unsigned i = 0; i < tdl->count; i++) {
		unsigned n = reach(delay_of(c, &tdl->taps[i], tdl->normalized), &first);

		for (unsigned k = 0; k < n; k++)
			ch->back[count++] = first + k;
	}
	qsort(ch->back, count, sizeof(ch->back[0]), by_delay);
	for (unsigned i = 0; i < count; i++) {
		if (i == 0 || ch->back[i] != ch->back[kept - 1])
			ch->back[kept++] = ch->back[i];
	}
	ch->coefs = kept;
}

static void place_paths(
	struct channel *ch, const struct channel_config *c, const struct channel_tdl *tdl, uint64_t *random)
{
	double total = 0, turns = c->doppler_hz * (double)ch->step * STEPS / c->rate_hz;

	for (unsigned i = 0; i < tdl->count; i++)
		total += pow(10, tdl->taps[i].power_db / 10);
	ch->paths = tdl->count;
	for (unsigned i = 0; i < tdl->count; i++) {
		const struct channel_tap *tap = &tdl->taps[i];
		struct path *p = &ch->path[i];
		double delay = delay_of(c, tap, tdl->normalized);
		size_t first;

		p->count = reach(delay, &first);
		while (ch->back[p->first] != first)
			p->first++;
		for (unsigned k = 0; k < p->count; k++)
			p->sinc[k] = p->count == 1 ? 1 : sinc((double)(first + k) - delay);
		channel_fader_init(&p->fader, pow(10, tap->power_db / 10) / total, tap->los, turns, random);
		if (c->profile == CHANNEL_AWGN) { /* the one path comes as it was sent */
			p->fader = (struct channel_fader){ .waves = 1, .re = { 1 }, .turn_re = { 1 } };
		}
	}
}

static void gains(struct channel *ch, struct phy_cf *coef)
{
	memset(coef, 0, ch->coefs * sizeof(*coef));
	for (unsigned i = 0; i < ch->paths; i++) {
		struct path *p = &ch->path[i];
		struct phy_cf g = channel_fader_next(&p->fader);

		for (unsigned k = 0; k < p->count; k++) {
			coef[p->first + k].re += g.re * p->sinc[k];
			coef[p->first + k].im += g.im * p->sinc[k];
		}
	}
}

/* The filter of the next step: its value in the middle between two steps. */
static void advance(struct channel *ch)
{
	if (ch->steps_left == 0) {
		for (unsigned i = 0; i < ch->coefs; i++)
			ch->now[i] = ch->next[i];
		gains(ch, ch->next);
		for (unsigned i = 0; i < ch->coefs; i++) {
			ch->slope[i].re = (ch->next[i].re - ch->now[i].re) / STEPS;
			ch->slope[i].im = (ch->next[i].im - ch->now[i].im) / STEPS;
			ch->now[i].re += ch->slope[i].re / 2;
			ch->now[i].im += ch->slope[i].im / 2;
		}
		ch->steps_left = STEPS;
	} else {
		for (unsigned i = 0; i < ch->coefs; i++) {
			ch->now[i].re += ch->slope[i].re;
			ch->now[i].im += ch->slope[i].im;
		}
	}
	ch->steps_left--;
	ch->step_left = ch->step;
}

struct channel *channel_new(const struct channel_config *c)
{
	struct channel *ch = legal(c) ? calloc(1, sizeof(*ch)) : NULL;
	uint64_t random = c->seed;

	if (!ch)
		return NULL;
	ch->step = STEP_MAX;
	if (c->doppler_hz * STEPS_A_TURN * STEP_MAX > c->rate_hz)
		ch->step = (size_t)(c->rate_hz / (c->doppler_hz * STEPS_A_TURN));
	list_delays(ch, c, channel_tdl_of(c->profile));
	place_paths(ch, c, channel_tdl_of(c->profile), &random);
	channel_noise_init(&ch->noise, random);
	ch->sigma = (float)sqrt(c->signal_power * pow(10, -c->snr_db / 10) / 2);
	ch->cfo_turns = c->cfo_hz / c->rate_hz;
	for (unsigned i = 0; i < CHANNEL_GRID; i++) {
		double a = 2 * M_PI * ch->cfo_turns * i;

		ch->turned[i] = (struct phy_cf){ (float)cos(a), (float)sin(a) };
	}
	gains(ch, ch->next);
	ch->past = ch->at = ch->back[ch->coefs - 1];
	ch->room = ch->past + HISTORY;
	ch->x_re = calloc(ch->room + FIR_BLOCK, sizeof(float));
	ch->x_im = calloc(ch->room + FIR_BLOCK, sizeof(float));
	if (!ch->x_re || !ch->x_im) {
		channel_free(ch);
		return NULL;
	}
	return ch;
}

void channel_free(struct channel *ch)
{
	if (!ch)
		return;
	free(ch->x_re);
	free(ch->x_im);
	free(ch);
}

/*
 * FIR_BLOCK outputs for the samples from x on, two vectors of `width` at a time; the order of the sums is the
 * same for every width.
 */
#define FIR(name, width)                                                                                     \
	static void name(const struct channel *ch, size_t x, float *re, float *im)                           \
	{                                                                                                    \
		typedef float vec __attribute__((vector_size(4 * width), aligned(4), may_alias));            \
                                                                                                             \
		for (size_t part = 0; part < FIR_BLOCK; part += 2 * width) {                                 \
			vec re0 = { 0 }, re1 = { 0 }, im0 = { 0 }, im1 = { 0 };                              \
                                                                                                             \
			for (unsigned i = 0; i < ch->coefs; i++) {                                           \
				const float *a = ch->x_re + x + part - ch->back[i];                          \
				const float *b = ch->x_im + x + part - ch->back[i];                          \
				vec a0 = *(const vec *)a, a1 = *(const vec *)(a + width);                    \
				vec b0 = *(const vec *)b, b1 = *(const vec *)(b + width);                    \
				struct phy_cf c = ch->now[i];                                                \
                                                                                                             \
				re0 += a0 * c.re - b0 * c.im;                                                \
				re1 += a1 * c.re - b1 * c.im;                                                \
				im0 += b0 * c.re + a0 * c.im;                                                \
				im1 += b1 * c.re + a1 * c.im;                                                \
			}                                                                                    \
			*(vec *)(re + part) = re0;                                                           \
			*(vec *)(re + part + width) = re1;                                                   \
			*(vec *)(im + part) = im0;                                                           \
			*(vec *)(im + part + width) = im1;                                                   \
		}                                                                                            \
	}

FIR(fir_plain, 4)
#ifdef __x86_64__
__attribute__((target("avx2"))) FIR(fir_avx2, 8) __attribute__((target("avx512f"))) FIR(fir_avx512, 16)
#endif

	static void fir(const struct channel *ch, size_t x, float *re, float *im)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512f"))
		fir_avx512(ch, x, re, im);
	else if (__builtin_cpu_supports("avx2"))
		fir_avx2(ch, x, re, im);
	else
#endif
		fir_plain(ch, x, re, im);
}

/* At the start of each grid: its noise, and its first phase. */
static void grid_start(struct channel *ch)
{
	double a = 2 * M_PI * ch->phase_turns;

	ch->base = (struct phy_cf){ (float)cos(a), (float)sin(a) };
	ch->phase_turns += ch->cfo_turns * CHANNEL_GRID;
	ch->phase_turns -= floor(ch->phase_turns);
	if (ch->sigma > 0)
		channel_noise_next(&ch->noise, ch->noise_re, ch->noise_im);
}

static void take(struct channel *ch, const struct phy_cf *in, size_t n)
{
	if (ch->at + n > ch->room) {
		for (size_t i = 0; i < ch->past; i++) {
			ch->x_re[i] = ch->x_re[ch->at - ch->past + i];
			ch->x_im[i] = ch->x_im[ch->at - ch->past + i];
		}
		ch->at = ch->past;
	}
	for (size_t i = 0; i < n; i++) {
		ch->x_re[ch->at + i] = in[i].re;
		ch->x_im[ch->at + i] = in[i].im;
	}
}

/* n at most FIR_BLOCK samples that end at no later than the grid's and the step's ends. */
static void some(struct channel *ch, struct phy_cf *out, const struct phy_cf *in, unsigned n)
{
	float re[FIR_BLOCK], im[FIR_BLOCK];

	take(ch, in, n);
	fir(ch, ch->at, re, im);
	for (unsigned i = 0; i < n; i++) {
		struct phy_cf t = ch->turned[ch->grid_at + i], b = ch->base;
		float c = t.re * b.re - t.im * b.im, s = t.re * b.im + t.im * b.re;

		out[i].re = re[i] * c - im[i] * s + ch->sigma * ch->noise_re[ch->grid_at + i];
		out[i].im = re[i] * s + im[i] * c + ch->sigma * ch->noise_im[ch->grid_at + i];
	}
	ch->at += n;
	ch->grid_at = (ch->grid_at + n) % CHANNEL_GRID;
	ch->step_left -= n;
}

void channel_run(struct channel *ch, struct phy_cf *out, const struct phy_cf *in, size_t n)
{
	while (n > 0) {
		size_t count = n < FIR_BLOCK ? n : FIR_BLOCK;

		if (ch->step_left == 0)
			advance(ch);
		if (ch->grid_at == 0)
			grid_start(ch);
		count = count < ch->step_left ? count : ch->step_left;
		count = count < CHANNEL_GRID - ch->grid_at ? count : CHANNEL_GRID - ch->grid_at;
		some(ch, out, in, (unsigned)count);
		out += count;
		in += count;
		n -= count;
	}
}
