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

/* Behind what the slot's first sample becomes: the latency of the channel and the sender's radio, or more if
 * the receiver looks late. */
static unsigned skipped(const struct air *a)
{
	return CHANNEL_LATENCY * (a->config.phase_noise_corner_hz != 0 ? 2u : 1u) +
	       (a->config.delay_samples < 0 ? (unsigned)-a->config.delay_samples : 0);
}

/* The sender's radio of a slot; the same for all its antennas. */
static struct front_end *make_radio(const struct air *a)
{
	struct front_end_config c = { .rate_hz = rate_hz(a),
		.phase_noise_dbc_hz = a->config.phase_noise_dbc_hz,
		.phase_noise_corner_hz = a->config.phase_noise_corner_hz,
		.dc_db = -INFINITY,
		.clip_db = INFINITY,
		.seed = a->radio_seed };

	return front_end_new(&c);
}

/* n samples of an antenna through the sender's radio, in place; silence when there is no memory for it. */
static void pass_radio(struct air *a, struct phy_cf *samples, size_t n)
{
	struct front_end *radio = make_radio(a);

	if (radio)
		(void)front_end_run(radio, a->scratch, samples, n);
	else
		memset(a->scratch, 0, n * sizeof(*samples));
	(void)bytes_copy(samples, n * sizeof(*samples), bytes_of(a->scratch, n * sizeof(*samples)));
	front_end_free(radio);
}

static struct channel *make_channel(const struct air *a, uint64_t seed)
{
	struct channel_config c = { .profile = a->config.profile,
		.correlation = a->config.correlation,
		.uplink = a->config.uplink,
		.tx = (uint8_t)a->ports,
		.rx = (uint8_t)a->antennas,
		.rate_hz = rate_hz(a),
		.delay_spread_ns = a->config.delay_spread_ns,
		.doppler_hz = a->config.doppler_hz,
		.speed_kmh = a->config.speed_kmh,
		.cfo_hz = a->config.cfo_hz,
		.delay_samples = a->config.delay_samples > 0 ? a->config.delay_samples : 0,
		.snr_db = a->snr_db,
		.signal_power = 1,
		.seed = seed };

	if (!a->ofdm_used)
		c.delay_samples = -CHANNEL_LATENCY;
	return channel_new(&c);
}

static struct interference *make_interference(const struct air *a, uint64_t seed)
{
	struct interference_config c = { .profile = a->config.profile,
		.rate_hz = rate_hz(a),
		.delay_spread_ns = a->config.delay_spread_ns,
		.doppler_hz = a->config.doppler_hz,
		.uplink = a->config.uplink,
		.rx = (uint8_t)a->antennas,
		.cells = a->config.interferers,
		.power = pow(10, -a->config.sir_db / 10),
		.seed = ~seed };

	return interference_new(&c);
}

static bool check(const struct air *a, const struct phy_ofdm_config *ofdm, const char **why)
{
	const struct blocks_air *c = &a->config;
	struct channel *channel;
	struct front_end *radio;

	*why = "a bare code sees white noise only";
	if (!ofdm && a->ofdm_used)
		return false;
	*why = "the timing offset is 1024 samples at most";
	if (c->delay_samples < -DELAY_MAX || c->delay_samples > DELAY_MAX)
		return false;
	*why = "Doppler is for channels that fade";
	if (c->profile == CHANNEL_AWGN && c->doppler_hz != 0)
		return false;
	*why = "1 to 8 interfering cells, through fading of TDL or CDL, and a signal over them of -100 to "
	       "100 dB";
	if (c->interferers > INTERFERENCE_CELLS_MAX || !(fabs(c->sir_db) <= 100) ||
		(c->interferers > 0 && (c->profile == CHANNEL_AWGN || c->speed_kmh != 0)))
		return false;
	radio = c->phase_noise_corner_hz != 0 ? make_radio(a) : NULL;
	front_end_free(radio);
	*why = "no such phase noise";
	if (c->phase_noise_corner_hz != 0 && !radio)
		return false;
	*why = "no such channel: a delay spread is for TDL-A to TDL-E and CDL, a correlation for TDL, a "
	       "speed for trains, and all "
	       "have an end as Doppler and offsets have";
	channel = make_channel(a, 0);
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
		       c->doppler_hz != 0 || c->cfo_hz != 0 || c->delay_samples != 0 ||
		       c->phase_noise_corner_hz != 0;
	if (ofdm && a->ofdm_used) {
		shape = *ofdm;
		shape.fft_size = transform_size(ofdm->prbs);
		ok = phy_ofdm_init(&a->ofdm, &shape);
		a->room = ok ? phy_ofdm_slot_samples(&a->ofdm, 0) + 2 * CHANNEL_LATENCY + DELAY_MAX : 0;
		if (ok) {
			a->samples = calloc(a->room * (ports + antennas), sizeof(*a->samples));
			a->scratch = calloc(front_end_room(a->room), sizeof(*a->scratch));
		}
		ok = ok && a->samples && a->scratch;
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
	channel_free(a->channel);
	interference_free(a->interference);
	free(a->samples);
	free(a->scratch);
	free(a);
}

static bool renew(struct air *a, uint64_t seed)
{
	a->radio_seed = seed;
	channel_free(a->channel);
	a->channel = make_channel(a, seed);
	interference_free(a->interference);
	a->interference = a->config.interferers > 0 ? make_interference(a, seed) : NULL;
	return a->channel != NULL && (a->interference != NULL) == (a->config.interferers > 0);
}

bool air_point(struct air *a, double snr_db, uint64_t seed)
{
	a->snr_db = snr_db;
	return renew(a, seed);
}

bool air_block(struct air *a, uint64_t seed)
{
	return a->config.profile == CHANNEL_AWGN ? a->channel != NULL : renew(a, seed);
}

void air_pass(struct air *a, const struct kern *k, struct phy_grid *grid, unsigned slot, unsigned first,
	unsigned count)
{
	air_pass_array(a, k, grid, grid, slot, first, count);
}

void air_pass_array(struct air *a, const struct kern *k, const struct phy_grid *ports,
	const struct phy_grid *antennas, unsigned slot, unsigned first, unsigned count)
{
	unsigned n, behind = skipped(a), width = ports->prbs * PHY_SC_PER_PRB;
	const struct phy_cf *in[CHANNEL_ANTENNAS_MAX];
	struct phy_cf *out[CHANNEL_ANTENNAS_MAX];

	for (unsigned p = 0; p < a->ports; p++)
		in[p] = a->ofdm_used ? a->samples + p * a->room : ports[p].re + (size_t)first * width;
	for (unsigned i = 0; i < a->antennas; i++)
		out[i] = a->ofdm_used ? a->samples + (a->ports + i) * a->room
				      : antennas[i].re + (size_t)first * width;
	if (!a->ofdm_used) {
		channel_run(a->channel, out, in, (size_t)count * width);
		return;
	}
	n = phy_ofdm_slot_samples(&a->ofdm, slot);
	for (unsigned p = 0; p < a->ports; p++) {
		struct phy_cf *sent = a->samples + p * a->room;

		phy_ofdm_modulate(&a->ofdm, k, sent, ports[p].re, slot);
		memset(sent + n, 0, behind * sizeof(*sent));
		if (a->config.phase_noise_corner_hz != 0)
			pass_radio(a, sent, n + behind);
	}
	a->radio_seed++;
	channel_run(a->channel, out, in, n + behind);
	if (a->interference)
		interference_add(a->interference, out, n + behind);
	for (unsigned i = 0; i < a->antennas; i++)
		phy_ofdm_demodulate(&a->ofdm, k, antennas[i].re, out[i] + behind, slot);
}

void air_noise(struct air *a, struct phy_cf *symbols, size_t n)
{
	const struct phy_cf *in = symbols;

	channel_run(a->channel, &symbols, &in, n);
}

void air_wait(struct air *a, double seconds)
{
	static const struct phy_cf nothing[QUIET];
	static struct phy_cf heard[QUIET];
	const struct phy_cf *in[CHANNEL_ANTENNAS_MAX];
	struct phy_cf *out[CHANNEL_ANTENNAS_MAX];
	size_t left;

	if (a->config.profile == CHANNEL_AWGN || a->config.doppler_hz == 0)
		return;
	for (unsigned i = 0; i < CHANNEL_ANTENNAS_MAX; i++) {
		in[i] = nothing;
		out[i] = heard;
	}
	for (left = (size_t)(seconds * rate_hz(a)); left > 0; left -= left < QUIET ? left : QUIET)
		channel_run(a->channel, out, in, left < QUIET ? left : QUIET);
}
