#include "sim/channel/interference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/channel/internal.h"

/* What one sends is made so much at a time. */
struct cell {
	struct channel *channel;
	struct channel_noise noise;
	struct phy_cf sent[CHANNEL_GRID];
	unsigned used;
};

struct interference {
	unsigned cells, rx;
	float amplitude; /* of each */
	struct cell cell[INTERFERENCE_CELLS_MAX];
	struct phy_cf heard[CHANNEL_ANTENNAS_MAX][CHANNEL_GRID];
};

static bool cell_init(struct cell *cell, const struct interference_config *c, uint64_t *seed)
{
	struct channel_config of = { .profile = c->profile,
		.uplink = c->uplink,
		.tx = 1,
		.rx = c->rx,
		.rate_hz = c->rate_hz,
		.delay_spread_ns = c->delay_spread_ns,
		.doppler_hz = c->doppler_hz,
		.snr_db = INFINITY,
		.signal_power = 1,
		.seed = channel_random(seed) };

	channel_noise_init(&cell->noise, channel_random(seed));
	cell->used = CHANNEL_GRID;
	cell->channel = channel_new(&of);
	return cell->channel != NULL;
}

struct interference *interference_new(const struct interference_config *c)
{
	struct interference *i;
	uint64_t seed = c->seed;
	bool ok = true;

	if (c->cells < 1 || c->cells > INTERFERENCE_CELLS_MAX || !(c->power >= 0 && c->power < 1e12))
		return NULL;
	i = calloc(1, sizeof(*i));
	if (!i)
		return NULL;
	i->cells = c->cells;
	i->rx = c->rx ? c->rx : 1;
	/* the parts of channel_noise_next's samples have a variance of 1 */
	i->amplitude = (float)sqrt(c->power / c->cells / 2);
	for (unsigned n = 0; n < c->cells; n++)
		ok = cell_init(&i->cell[n], c, &seed) && ok;
	if (ok)
		return i;
	interference_free(i);
	return NULL;
}

void interference_free(struct interference *i)
{
	for (unsigned n = 0; i && n < i->cells; n++)
		channel_free(i->cell[n].channel);
	free(i);
}

static void send_more(struct cell *c)
{
	float re[CHANNEL_GRID], im[CHANNEL_GRID];

	channel_noise_next(&c->noise, re, im);
	for (unsigned k = 0; k < CHANNEL_GRID; k++)
		c->sent[k] = (struct phy_cf){ re[k], im[k] };
	c->used = 0;
}

/* At most n samples of one; how many. */
static size_t add_some(struct interference *i, struct cell *c, struct phy_cf *const *out, size_t at, size_t n)
{
	struct phy_cf *heard[CHANNEL_ANTENNAS_MAX];
	const struct phy_cf *in;

	if (c->used == CHANNEL_GRID)
		send_more(c);
	n = n < CHANNEL_GRID - c->used ? n : CHANNEL_GRID - c->used;
	in = &c->sent[c->used];
	for (unsigned a = 0; a < i->rx; a++)
		heard[a] = i->heard[a];
	channel_run(c->channel, heard, &in, n);
	for (unsigned a = 0; a < i->rx; a++)
		for (size_t k = 0; k < n; k++) {
			out[a][at + k].re += i->amplitude * heard[a][k].re;
			out[a][at + k].im += i->amplitude * heard[a][k].im;
		}
	c->used += (unsigned)n;
	return n;
}

void interference_add(struct interference *i, struct phy_cf *const *out, size_t n)
{
	for (unsigned k = 0; k < i->cells; k++)
		for (size_t at = 0; at < n;)
			at += add_some(i, &i->cell[k], out, at, n - at);
}
