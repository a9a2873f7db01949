#include "sim/channel/channel_grid.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/signals/complex.h"
#include "sim/channel/internal.h"

/* TR 38.901: a symbol with its prefix, in parts of the inverse of the subcarrier spacing. */
#define SYMBOL_LENGTH (15.0 / 14)

struct channel_grid {
	struct channel_grid_config config;
	const struct channel_paths *tdl;
	double power[CHANNEL_TAPS_MAX];
	struct phy_cf gain[CHANNEL_GRID_ANTENNAS][PHY_SYMBOLS_MAX][CHANNEL_TAPS_MAX];
	struct channel_noise noise;
	float sigma, re[CHANNEL_GRID], im[CHANNEL_GRID];
	unsigned noise_at;
};

struct channel_grid *channel_grid_new(const struct channel_grid_config *c)
{
	const struct channel_paths *tdl = channel_paths_of(c->profile);
	struct channel_grid *g;
	double sum = 0;

	if (!tdl || tdl->normalized || c->profile >= CHANNEL_TRAIN_OPEN || !(c->scs_hz > 0) ||
		!(c->doppler_hz >= 0 && c->doppler_hz < c->scs_hz) || isnan(c->snr_db) || c->antennas < 1 ||
		c->antennas > CHANNEL_GRID_ANTENNAS)
		return NULL;
	g = calloc(1, sizeof(*g));
	if (!g)
		return NULL;
	g->config = *c;
	g->tdl = tdl;
	for (unsigned i = 0; i < tdl->count; i++)
		sum += g->power[i] = pow(10, tdl->taps[i].power_db / 10);
	for (unsigned i = 0; i < tdl->count; i++)
		g->power[i] /= sum;
	g->sigma = (float)sqrt(pow(10, -c->snr_db / 10) / 2);
	return g;
}

void channel_grid_free(struct channel_grid *g)
{
	free(g);
}

void channel_grid_slot(struct channel_grid *g, uint64_t seed)
{
	double turns = g->config.doppler_hz * SYMBOL_LENGTH / g->config.scs_hz;

	for (unsigned a = 0; a < g->config.antennas; a++) {
		for (unsigned t = 0; t < g->tdl->count; t++) {
			struct channel_fader fader;

			channel_fader_init(&fader, g->power[t], g->tdl->taps[t].los, turns, &seed);
			for (unsigned l = 0; l < PHY_SYMBOLS_MAX; l++)
				g->gain[a][l][t] = channel_fader_next(&fader);
		}
	}
	channel_noise_init(&g->noise, channel_random(&seed));
	g->noise_at = CHANNEL_GRID;
}

static struct phy_cf noise_next(struct channel_grid *g)
{
	if (g->noise_at == CHANNEL_GRID) {
		channel_noise_next(&g->noise, g->re, g->im);
		g->noise_at = 0;
	}
	return (struct phy_cf){ g->sigma * g->re[g->noise_at], g->sigma * g->im[g->noise_at++] };
}

void channel_grid_pass(struct channel_grid *g, unsigned antenna, unsigned symbol, unsigned subcarrier,
	unsigned n, const struct phy_cf *in, struct phy_cf *out)
{
	struct phy_cf at[CHANNEL_TAPS_MAX], step[CHANNEL_TAPS_MAX];

	for (unsigned t = 0; t < g->tdl->count; t++) {
		double turn = -2 * M_PI * g->config.scs_hz * g->tdl->taps[t].delay * 1e-9;

		at[t] = phy_cf_mul(
			g->gain[antenna][symbol][t], phy_cf_unit((float)fmod(turn * subcarrier, 2 * M_PI)));
		step[t] = phy_cf_unit((float)turn);
	}
	for (unsigned i = 0; i < n; i++) {
		struct phy_cf h = { 0, 0 }, y;

		for (unsigned t = 0; t < g->tdl->count; t++) {
			phy_cf_add(&h, at[t]);
			at[t] = phy_cf_mul(at[t], step[t]);
		}
		y = phy_cf_mul(h, in[i]);
		phy_cf_add(&y, noise_next(g));
		out[i] = y;
	}
}
