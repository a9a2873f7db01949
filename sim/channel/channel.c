/*
 * The multipath channel as one filter for each pair of antennas. Gains are made again 64 times in a turn of
 * the Doppler shift, and the filters go from one to the next in STEPS steps, which leaves errors of about -55
 * dB.
 */
#include "sim/channel/internal.h"

#include <math.h>
#include <stdlib.h>

enum {
	STEPS = 16,
	STEPS_A_TURN = 64 * STEPS,
	STEP_MAX = 1 << 20, /* samples; more is the same to the eye */
	HISTORY = 8192,     /* samples that go by before the past is moved */
};

struct channel {
	struct channel_config config; /* with tx and rx of one at least */
	const struct channel_paths *paths;
	unsigned pairs;
	double cfo_turns, phase_turns; /* a sample; at the start of the grid */
	float sigma;                   /* of the noise, on each axis */
	size_t step, step_left;        /* samples of a step of the filter, and until the next */
	unsigned steps_left;           /* until new gains */
	double train_s;                /* where its way begins; and how many gains it has had */
	uint64_t train_steps;
	size_t past, at,
		room; /* samples before the first that the filter needs; the place of the next; all */
	unsigned grid_at;
	struct phy_cf base; /* the phase of the grid's first sample */
	struct phy_cf turned[CHANNEL_GRID];
	bool correlated;
	double root_tx[CHANNEL_ANTENNAS_MAX][CHANNEL_ANTENNAS_MAX],
		root_rx[CHANNEL_ANTENNAS_MAX][CHANNEL_ANTENNAS_MAX];
	struct channel_delays delays;
	struct channel_history in[CHANNEL_ANTENNAS_MAX];
	struct channel_noise noise[CHANNEL_ANTENNAS_MAX];
	float noise_re[CHANNEL_ANTENNAS_MAX][CHANNEL_GRID], noise_im[CHANNEL_ANTENNAS_MAX][CHANNEL_GRID];
	struct channel_pair *pair;   /* the receiver's antenna first */
	struct channel_fader *fader; /* of each path those of all pairs */
};

static bool within(double v, double lo, double hi)
{
	return v >= lo && v <= hi; /* not so for NaN */
}

static bool is_train(const struct channel_config *c)
{
	return c->profile == CHANNEL_TRAIN_OPEN || c->profile == CHANNEL_TRAIN_TUNNEL;
}

static double delay_of(const struct channel_config *c, const struct channel_tap *tap, bool normalized)
{
	double ns = normalized ? tap->delay * c->delay_spread_ns : tap->delay;

	return CHANNEL_LATENCY + c->delay_samples + ns * 1e-9 * c->rate_hz;
}

static bool antennas_legal(const struct channel_config *c, const struct channel_paths *p)
{
	double tx, rx;

	return c->tx <= CHANNEL_ANTENNAS_MAX && c->rx <= CHANNEL_ANTENNAS_MAX &&
	       (unsigned)c->correlation < CHANNEL_CORRELATIONS && channel_correlation_of(c, &tx, &rx) &&
	       (c->correlation == CHANNEL_LOW || (p->count > 1 && !p->clusters));
}

bool channel_is_legal(const struct channel_config *c)
{
	const struct channel_paths *p = channel_paths_of(c->profile);

	if (!p || !antennas_legal(c, p) || !within(c->rate_hz, 1e3, 1e10) ||
		!within(c->delay_spread_ns, 0, p->normalized ? 1e6 : 0) ||
		!within(c->doppler_hz, 0, c->rate_hz / 2048) ||
		!within(c->speed_kmh, is_train(c) ? 10 : 0, is_train(c) ? 1000 : 0) ||
		!within(c->cfo_hz, -c->rate_hz / 2, c->rate_hz / 2) ||
		!within(c->delay_samples, -CHANNEL_LATENCY, CHANNEL_DELAY_MAX) ||
		!within(c->signal_power, 0, 1e12) || !(within(c->snr_db, -200, 200) || c->snr_db == INFINITY))
		return false;
	for (unsigned i = 0; i < p->count; i++) {
		if (!within(delay_of(c, &p->taps[i], p->normalized), 0, CHANNEL_DELAY_MAX))
			return false;
	}
	return true;
}

/* One path to all: what one antenna receives of several is told apart by what others do. */
static void straight_init(struct channel *ch)
{
	unsigned n = ch->config.tx > ch->config.rx ? ch->config.tx : ch->config.rx;

	for (unsigned k = 0; k < ch->pairs; k++) {
		double a = 2 * M_PI * (double)(k / ch->config.tx * (k % ch->config.tx)) / n;

		ch->fader[k] = (struct channel_fader){
			.waves = 1, .re = { cos(a) }, .im = { sin(a) }, .turn_re = { 1 }
		};
	}
}

/* The mean over pairs of antennas: crossed ones see half of what kept its polarization, and of what did not.
 */
static double seen(const struct channel_config *c, const struct channel_paths *p, bool los)
{
	if (!p->clusters || (c->tx % 2 && c->rx % 2))
		return 1;
	return (1 + (los ? 0 : pow(10, -p->xpr_db / 10))) / 2;
}

static void faders_init(struct channel *ch, uint64_t *random)
{
	const struct channel_config *c = &ch->config;
	const struct channel_paths *p = ch->paths;
	double total = 0, turns = c->doppler_hz * (double)ch->step * STEPS / c->rate_hz, travel;

	if (p->count == 1) {
		straight_init(ch);
		ch->train_s = is_train(c) ? channel_uniform(random) * 1e3 : 0;
		return;
	}
	for (unsigned i = 0; i < p->count; i++)
		total += pow(10, p->taps[i].power_db / 10) * seen(c, p, p->taps[i].los);
	travel = p->clusters ? 2 * M_PI * channel_uniform(random) : 0;
	for (unsigned i = 0; i < p->count; i++) {
		const struct channel_tap *tap = &p->taps[i];
		double power = pow(10, tap->power_db / 10) / total;
		struct channel_fader *f = &ch->fader[i * ch->pairs];

		if (p->clusters)
			channel_cluster_init(f, c, p, i, power, turns, travel, random);
		for (unsigned k = 0; k < ch->pairs && !p->clusters; k++)
			channel_fader_init(&f[k], power, tap->los, turns, random);
	}
}

/* What the faders of a path have in common, G.2.3.1: the product of both ends' roots. */
static void correlate(const struct channel *ch, struct phy_cf *g)
{
	unsigned tx = ch->config.tx, rx = ch->config.rx;
	struct phy_cf own[CHANNEL_PAIRS_MAX];

	for (unsigned k = 0; k < ch->pairs; k++)
		own[k] = g[k];
	for (unsigned r = 0; r < rx; r++) {
		for (unsigned t = 0; t < tx; t++) {
			double re = 0, im = 0;

			for (unsigned k = 0; k < ch->pairs; k++) {
				double w = ch->root_rx[r][k / tx] * ch->root_tx[t][k % tx];

				re += w * own[k].re;
				im += w * own[k].im;
			}
			g[r * tx + t] = (struct phy_cf){ (float)re, (float)im };
		}
	}
}

static void path_gains(struct channel *ch, unsigned path, struct phy_cf *g)
{
	const struct channel_config *c = &ch->config;
	double turns;

	for (unsigned k = 0; k < ch->pairs; k++)
		g[k] = channel_fader_next(&ch->fader[path * ch->pairs + k]);
	if (ch->correlated)
		correlate(ch, g);
	if (!is_train(c))
		return;
	turns = channel_train_turns(
		c, ch->train_s + (double)ch->train_steps++ * (double)(ch->step * STEPS) / c->rate_hz);
	for (unsigned k = 0; k < ch->pairs; k++) {
		float re = (float)cos(2 * M_PI * turns), im = (float)sin(2 * M_PI * turns);

		g[k] = (struct phy_cf){ g[k].re * re - g[k].im * im, g[k].re * im + g[k].im * re };
	}
}

static void gains(struct channel *ch)
{
	const struct channel_delays *d = &ch->delays;
	struct phy_cf g[CHANNEL_PAIRS_MAX];

	for (unsigned k = 0; k < ch->pairs; k++)
		memset(ch->pair[k].next, 0, d->coefs * sizeof(ch->pair[k].next[0]));
	for (unsigned i = 0; i < d->paths; i++) {
		const struct channel_path *p = &d->path[i];

		path_gains(ch, i, g);
		for (unsigned k = 0; k < ch->pairs; k++) {
			for (unsigned j = 0; j < p->count; j++) {
				ch->pair[k].next[p->first + j].re += g[k].re * p->sinc[j];
				ch->pair[k].next[p->first + j].im += g[k].im * p->sinc[j];
			}
		}
	}
}

/* The filter of the next step: its value in the middle between two steps. */
static void pair_advance(struct channel_pair *p, unsigned coefs, bool begins)
{
	for (unsigned i = 0; i < coefs; i++) {
		if (begins) {
			p->slope[i].re = (p->next[i].re - p->now[i].re) / STEPS;
			p->slope[i].im = (p->next[i].im - p->now[i].im) / STEPS;
		}
		p->now[i].re += begins ? p->slope[i].re / 2 : p->slope[i].re;
		p->now[i].im += begins ? p->slope[i].im / 2 : p->slope[i].im;
	}
}

static void advance(struct channel *ch)
{
	bool begins = ch->steps_left == 0;

	if (begins) {
		for (unsigned k = 0; k < ch->pairs; k++)
			memcpy(ch->pair[k].now, ch->pair[k].next, sizeof(ch->pair[k].now));
		gains(ch);
		ch->steps_left = STEPS;
	}
	for (unsigned k = 0; k < ch->pairs; k++)
		pair_advance(&ch->pair[k], ch->delays.coefs, begins);
	ch->steps_left--;
	ch->step_left = ch->step;
}

static void delays_init(struct channel *ch)
{
	double delay[CHANNEL_TAPS_MAX];

	for (unsigned i = 0; i < ch->paths->count; i++)
		delay[i] = delay_of(&ch->config, &ch->paths->taps[i], ch->paths->normalized);
	channel_delays_init(&ch->delays, delay, ch->paths->count);
	ch->past = ch->at = ch->delays.back[ch->delays.coefs - 1];
	ch->room = ch->past + HISTORY;
}

static void offsets_init(struct channel *ch)
{
	const struct channel_config *c = &ch->config;

	ch->sigma = (float)sqrt(c->signal_power * pow(10, -c->snr_db / 10) / 2);
	ch->cfo_turns = c->cfo_hz / c->rate_hz;
	for (unsigned i = 0; i < CHANNEL_GRID; i++) {
		double a = 2 * M_PI * ch->cfo_turns * i;

		ch->turned[i] = (struct phy_cf){ (float)cos(a), (float)sin(a) };
	}
}

static bool rooms_new(struct channel *ch)
{
	bool ok;

	ch->pair = calloc(ch->pairs, sizeof(*ch->pair));
	ch->fader = calloc((size_t)ch->pairs * ch->paths->count, sizeof(*ch->fader));
	ok = ch->pair && ch->fader;
	for (unsigned t = 0; t < ch->config.tx; t++) {
		ch->in[t].re = calloc(ch->room + CHANNEL_FIR_BLOCK, sizeof(float));
		ch->in[t].im = calloc(ch->room + CHANNEL_FIR_BLOCK, sizeof(float));
		ok = ok && ch->in[t].re && ch->in[t].im;
	}
	return ok;
}

struct channel *channel_new(const struct channel_config *c)
{
	struct channel *ch = channel_is_legal(c) ? calloc(1, sizeof(*ch)) : NULL;
	uint64_t random = c->seed;
	double tx, rx;

	if (!ch)
		return NULL;
	ch->config = *c;
	ch->config.tx = c->tx ? c->tx : 1;
	ch->config.rx = c->rx ? c->rx : 1;
	ch->pairs = (unsigned)ch->config.tx * ch->config.rx;
	ch->paths = channel_paths_of(c->profile);
	ch->step = STEP_MAX;
	if (c->doppler_hz * STEPS_A_TURN * STEP_MAX > c->rate_hz)
		ch->step = (size_t)(c->rate_hz / (c->doppler_hz * STEPS_A_TURN));
	delays_init(ch);
	if (!rooms_new(ch)) {
		channel_free(ch);
		return NULL;
	}
	ch->correlated = c->correlation != CHANNEL_LOW && channel_correlation_of(c, &tx, &rx);
	if (ch->correlated) {
		channel_correlation_root(ch->root_tx, ch->config.tx, tx);
		channel_correlation_root(ch->root_rx, ch->config.rx, rx);
	}
	faders_init(ch, &random);
	for (unsigned r = 0; r < ch->config.rx; r++)
		channel_noise_init(&ch->noise[r], r ? channel_random(&random) : random);
	offsets_init(ch);
	gains(ch);
	return ch;
}

void channel_free(struct channel *ch)
{
	if (!ch)
		return;
	for (unsigned t = 0; t < ch->config.tx; t++) {
		free(ch->in[t].re);
		free(ch->in[t].im);
	}
	free(ch->pair);
	free(ch->fader);
	free(ch);
}

/* At the start of each grid: its noise, and its first phase. */
static void grid_start(struct channel *ch)
{
	double a = 2 * M_PI * ch->phase_turns;

	ch->base = (struct phy_cf){ (float)cos(a), (float)sin(a) };
	ch->phase_turns += ch->cfo_turns * CHANNEL_GRID;
	ch->phase_turns -= floor(ch->phase_turns);
	for (unsigned r = 0; r < ch->config.rx && ch->sigma > 0; r++)
		channel_noise_next(&ch->noise[r], ch->noise_re[r], ch->noise_im[r]);
}

/* What goes into one antenna. */
static void take(struct channel *ch, struct channel_history *h, const struct phy_cf *in, size_t n)
{
	float *restrict re, *restrict im;
	size_t at = ch->at;

	if (at + n > ch->room) {
		for (size_t i = 0; i < ch->past; i++) {
			h->re[i] = h->re[at - ch->past + i];
			h->im[i] = h->im[at - ch->past + i];
		}
		at = ch->past;
	}
	re = h->re + at;
	im = h->im + at;
	for (size_t i = 0; i < n; i++) {
		re[i] = in[i].re;
		im[i] = in[i].im;
	}
}

/* What comes out of one antenna: turned by the frequency offset, with noise. */
static void give(const struct channel *ch, unsigned rx, struct phy_cf *out, unsigned n)
{
	const struct phy_cf *restrict turned = &ch->turned[ch->grid_at];
	const float *restrict noise_re = &ch->noise_re[rx][ch->grid_at];
	const float *restrict noise_im = &ch->noise_im[rx][ch->grid_at];
	struct phy_cf *restrict to = out, b = ch->base;
	float re[CHANNEL_FIR_BLOCK], im[CHANNEL_FIR_BLOCK], sigma = ch->sigma;

	channel_filter(&ch->delays, ch->in, &ch->pair[rx * ch->config.tx], ch->config.tx, ch->at, re, im);
	for (unsigned i = 0; i < n; i++) {
		struct phy_cf t = turned[i];
		float c = t.re * b.re - t.im * b.im, s = t.re * b.im + t.im * b.re;

		to[i].re = re[i] * c - im[i] * s + sigma * noise_re[i];
		to[i].im = re[i] * s + im[i] * c + sigma * noise_im[i];
	}
}

/* n at most CHANNEL_FIR_BLOCK samples that end at no later than the grid's and the step's ends. */
static void some(struct channel *ch, struct phy_cf *const *out, const struct phy_cf *const *in, size_t done,
	unsigned n)
{
	for (unsigned t = 0; t < ch->config.tx; t++)
		take(ch, &ch->in[t], in[t] + done, n);
	if (ch->at + n > ch->room)
		ch->at = ch->past;
	for (unsigned r = 0; r < ch->config.rx; r++)
		give(ch, r, out[r] + done, n);
	ch->at += n;
	ch->grid_at = (ch->grid_at + n) % CHANNEL_GRID;
	ch->step_left -= n;
}

void channel_run(struct channel *ch, struct phy_cf *const *out, const struct phy_cf *const *in, size_t n)
{
	for (size_t done = 0; done < n;) {
		size_t count = n - done < CHANNEL_FIR_BLOCK ? n - done : CHANNEL_FIR_BLOCK;

		if (ch->step_left == 0)
			advance(ch);
		if (ch->grid_at == 0)
			grid_start(ch);
		count = count < ch->step_left ? count : ch->step_left;
		count = count < CHANNEL_GRID - ch->grid_at ? count : CHANNEL_GRID - ch->grid_at;
		some(ch, out, in, done, (unsigned)count);
		done += count;
	}
}
