/*
 * The air between two grids. White noise alone is put on the resource elements: the transform of 38.211 5.3.1
 * with its cyclic prefix taken off is unitary, so that it is the same noise. Everything else passes in
 * samples.
 */
#include <math.h>
#include <stdlib.h>

#include "radio/phy/signals/complex.h"
#include "sim/blocks/parts.h"

enum { DELAY_MAX = 1024, QUIET = 4096 };

/* The smallest transform of which the grid takes no more than what the channel interpolates well (0.8). */
static unsigned transform_size(unsigned prbs)
{
	for (unsigned n = 128; n <= PHY_OFDM_FFT_MAX; n *= 2) {
		unsigned between = n / 2 * 3;

		if (n >= prbs * PHY_SC_PER_PRB * 1.24)
			return n;
		if (n >= 256 && between <= PHY_OFDM_FFT_MAX && between >= prbs * PHY_SC_PER_PRB * 1.24)
			return between;
	}
	return PHY_OFDM_FFT_MAX;
}

static double rate_hz(const struct air *a)
{
	return a->ofdm_used ? 15e3 * (1u << a->ofdm.config.mu) * a->ofdm.config.fft_size : 1e6;
}

/* Behind what the slot's first sample becomes: the channel's latency, or more if the receiver looks late. */
static unsigned skipped(const struct air *a)
{
	return CHANNEL_LATENCY + (a->config.delay_samples < 0 ? (unsigned)-a->config.delay_samples : 0);
}

/* Noise is in one of the channels to an antenna. */
static struct channel *make_channel(const struct air *a, uint64_t seed, bool noisy)
{
	struct channel_config c = { .profile = a->config.profile,
		.rate_hz = rate_hz(a),
		.delay_spread_ns = a->config.delay_spread_ns,
		.doppler_hz = a->config.doppler_hz,
		.cfo_hz = a->config.cfo_hz,
		.delay_samples = a->config.delay_samples > 0 ? a->config.delay_samples : 0,
		.snr_db = noisy ? a->snr_db : INFINITY,
		.signal_power = 1,
		.seed = seed };

	if (!a->ofdm_used)
		c.delay_samples = -CHANNEL_LATENCY;
	return channel_new(&c);
}

static bool check(const struct air *a, const struct phy_ofdm_config *ofdm, const char **why)
{
	const struct blocks_air *c = &a->config;
	struct channel *channel;

	*why = "a bare code sees white noise only";
	if (!ofdm && a->ofdm_used)
		return false;
	*why = "the timing offset is 1024 samples at most";
	if (c->delay_samples < -DELAY_MAX || c->delay_samples > DELAY_MAX)
		return false;
	*why = "Doppler is for channels that fade";
	if (c->profile == CHANNEL_AWGN && c->doppler_hz != 0)
		return false;
	*why = "no such channel: a delay spread is for TDL-A to TDL-E, and has an end as Doppler and offsets "
	       "have";
	channel = make_channel(a, 0, true);
	channel_free(channel);
	return channel != NULL;
}

struct air *air_new(const struct blocks_air *c, const struct phy_ofdm_config *ofdm, const char **why)
{
	return air_new_array(c, ofdm, 1, 1, why);
}

struct air *air_new_array(const struct blocks_air *c, const struct phy_ofdm_config *ofdm, unsigned ports,
	unsigned antennas, const char **why)
{
	struct air *a = calloc(1, sizeof(*a));
	struct phy_ofdm_config shape;
	bool ok = a != NULL;

	*why = "out of memory";
	if (!a)
		return NULL;
	a->config = *c;
	a->ports = ports;
	a->antennas = antennas;
	a->ofdm_used = c->samples || c->profile != CHANNEL_AWGN || c->delay_spread_ns != 0 ||
		       c->doppler_hz != 0 || c->cfo_hz != 0 || c->delay_samples != 0;
	if (ofdm && a->ofdm_used) {
		shape = *ofdm;
		shape.fft_size = transform_size(ofdm->prbs);
		ok = phy_ofdm_init(&a->ofdm, &shape);
		a->room = ok ? phy_ofdm_slot_samples(&a->ofdm, 0) + CHANNEL_LATENCY + DELAY_MAX : 0;
		if (ok)
			a->samples = calloc(a->room * (ports + 2), sizeof(*a->samples));
		ok = ok && a->samples;
	}
	if (ok && check(a, ofdm, why))
		return a;
	air_free(a);
	return NULL;
}

void air_free(struct air *a)
{
	if (!a)
		return;
	if (a->ofdm.work)
		phy_ofdm_fini(&a->ofdm);
	for (unsigned i = 0; i < ARRAY_LEN(a->channel); i++)
		channel_free(a->channel[i]);
	free(a->samples);
	free(a);
}

static bool renew(struct air *a, uint64_t seed)
{
	bool ok = true;

	for (unsigned i = 0; i < a->ports * a->antennas; i++) {
		channel_free(a->channel[i]);
		a->channel[i] = make_channel(a, seed, i < a->antennas);
		ok = ok && a->channel[i];
		seed = blocks_draw(&seed);
	}
	return ok;
}

bool air_point(struct air *a, double snr_db, uint64_t seed)
{
	a->snr_db = snr_db;
	return renew(a, seed);
}

bool air_block(struct air *a, uint64_t seed)
{
	return a->config.profile == CHANNEL_AWGN ? a->channel[0] != NULL : renew(a, seed);
}

void air_pass(struct air *a, const struct kern *k, struct phy_grid *grid, unsigned slot, unsigned first,
	unsigned count)
{
	air_pass_array(a, k, grid, grid, slot, first, count);
}

/* A channel that does not fade: port p at antenna i, for `of` of the more numerous. */
static struct phy_cf still(unsigned p, unsigned i, unsigned of)
{
	return phy_cf_unit(-2 * (float)M_PI * (float)(p * i % of) / (float)of);
}

/* *to += from, turned where the channel does not fade. */
static void add_path(
	const struct air *a, struct phy_cf *to, const struct phy_cf *from, size_t n, unsigned p, unsigned i)
{
	struct phy_cf turn = { 1, 0 };

	if (a->config.profile == CHANNEL_AWGN)
		turn = still(p, i, a->ports > a->antennas ? a->ports : a->antennas);
	for (size_t j = 0; j < n; j++)
		phy_cf_add(&to[j], phy_cf_mul(from[j], turn));
}

/* Noise on resource elements: that of a unitary transform of white noise. */
static void pass_noise(
	struct air *a, const struct phy_grid *ports, const struct phy_grid *antennas, size_t at, size_t n)
{
	for (unsigned i = 0; i < a->antennas; i++) {
		struct phy_cf *to = antennas[i].re + at;

		for (unsigned p = 0; to != ports[0].re + at && p < a->ports; p++) {
			if (p == 0)
				memset(to, 0, n * sizeof(*to));
			add_path(a, to, ports[p].re + at, n, p, i);
		}
		channel_run(a->channel[i], to, to, n);
	}
}

void air_pass_array(struct air *a, const struct kern *k, const struct phy_grid *ports,
	const struct phy_grid *antennas, unsigned slot, unsigned first, unsigned count)
{
	unsigned n, behind = skipped(a), width = ports->prbs * PHY_SC_PER_PRB;
	struct phy_cf *path = a->samples, *sum;

	if (!a->ofdm_used) {
		pass_noise(a, ports, antennas, (size_t)first * width, (size_t)count * width);
		return;
	}
	sum = path + (a->ports + 1) * a->room;
	n = phy_ofdm_slot_samples(&a->ofdm, slot);
	for (unsigned p = 0; p < a->ports; p++) {
		struct phy_cf *sent = path + (p + 1) * a->room;

		phy_ofdm_modulate(&a->ofdm, k, sent, ports[p].re, slot);
		memset(sent + n, 0, behind * sizeof(*sent));
	}
	for (unsigned i = 0; i < a->antennas; i++) {
		memset(sum, 0, (n + behind) * sizeof(*sum));
		for (unsigned p = 0; p < a->ports; p++) {
			channel_run(
				a->channel[p * a->antennas + i], path, path + (p + 1) * a->room, n + behind);
			add_path(a, sum, path, n + behind, p, i);
		}
		phy_ofdm_demodulate(&a->ofdm, k, antennas[i].re, sum + behind, slot);
	}
}

void air_noise(struct air *a, struct phy_cf *symbols, size_t n)
{
	channel_run(a->channel[0], symbols, symbols, n);
}

void air_wait(struct air *a, double seconds)
{
	static const struct phy_cf nothing[QUIET];
	struct phy_cf out[QUIET];
	size_t left;

	if (a->config.profile == CHANNEL_AWGN || a->config.doppler_hz == 0)
		return;
	for (left = (size_t)(seconds * rate_hz(a)); left > 0; left -= left < QUIET ? left : QUIET)
		for (unsigned i = 0; i < a->ports * a->antennas; i++)
			channel_run(a->channel[i], out, nothing, left < QUIET ? left : QUIET);
}
