/* A high speed train (TS 38.104 G.3): one path, whose Doppler shift follows from where the train is. */
#include "sim/channel/internal.h"

#include <math.h>

/* Tables G.3-1 and -2: D_s, twice the distance at the beginning, and D_min to the rails. */
struct rails {
	double d_s_m, d_min_m;
};

static const struct rails open_space = { 700, 150 }, tunnel = { 300, 2 };

/*
 * The integral of f_D cos(theta): along (G.3.2) the distance shrinks from where it began, along (G.3.3) it
 * is that to the next site, whose shift is the first one's mirrored; after 2 D_s / v all begins again
 * (G.3.4).
 */
double channel_train_turns(const struct channel_config *c, double s)
{
	const struct rails *r = c->profile == CHANNEL_TRAIN_OPEN ? &open_space : &tunnel;
	double v = c->speed_kmh / 3.6, way = fmod(v * s, 2 * r->d_s_m), from, sign = 1;

	if (way > r->d_s_m) {
		way -= r->d_s_m;
		sign = -1;
	}
	from = hypot(r->d_min_m, r->d_s_m / 2);
	return sign * c->doppler_hz / v * (from - hypot(r->d_min_m, r->d_s_m / 2 - way));
}
