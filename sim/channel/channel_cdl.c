/*
 * Clustered delay lines (TR 38.901 7.7.1): each cluster is twenty rays, and each antenna sees a ray with the
 * phase of its place and by its polarization. Antennas stand in a line, half a wavelength apart, and have no
 * direction of their own. Where their number is even, half of them lie at every place across the others: +45
 * and -45 degrees at the gNB, 90 and 0 at the UE, the first polarization first (TS 38.104 G.2.3.2).
 */
#include "sim/channel/internal.h"

#include <math.h>

/* Table 7.5-3: offsets of rays from their cluster, for a spread of one degree; each also with a minus. */
static const double offsets[CHANNEL_RAYS / 2] = { 0.0447, 0.1413, 0.2492, 0.3715, 0.5129, 0.6797, 0.8844,
	1.1481, 1.5195, 2.1551 };

enum { AOD, AOA, ZOD, ZOA, ANGLES };

/* A ray: its directions in radians, and what becomes of vertical and horizontal on the way, [UE][gNB]. */
struct ray {
	double angle[ANGLES];
	struct phy_cf way[2][2];
};

/* An antenna: its place in the line in wavelengths, and how much of vertical and horizontal it sees. */
struct antenna {
	double place, vertical, horizontal;
};

static struct antenna antenna_of(unsigned i, unsigned n, bool gnb)
{
	bool crossed = n > 0 && n % 2 == 0, second = crossed && i >= n / 2;
	double slant = !crossed ? M_PI / 2 : gnb ? (second ? -M_PI / 4 : M_PI / 4) : second ? 0 : M_PI / 2;

	return (struct antenna){ 0.5 * (crossed ? i % (n / 2) : i), sin(slant), cos(slant) };
}

/* How far the antenna lies ahead of the line's first in the direction, in turns. */
static double lead(const struct antenna *a, double azimuth, double zenith)
{
	return a->place * sin(zenith) * sin(azimuth);
}

static void shuffle(unsigned *order, uint64_t *random)
{
	for (unsigned i = 0; i < CHANNEL_RAYS; i++)
		order[i] = i;
	for (unsigned i = CHANNEL_RAYS - 1; i > 0; i--) {
		unsigned j = (unsigned)(channel_uniform(random) * (i + 1)), kept = order[i];

		order[i] = order[j];
		order[j] = kept;
	}
}

static struct phy_cf phasor(double size, double turns)
{
	return (struct phy_cf){ (float)(size * cos(2 * M_PI * turns)),
		(float)(size * sin(2 * M_PI * turns)) };
}

/* Steps 1 to 3: angles, by chance which go together, and the phases of the four polarizations. */
static void rays_init(struct ray *rays, const struct channel_paths *p, unsigned i, uint64_t *random)
{
	const struct channel_cluster *cl = &p->clusters[i];
	const double centre[ANGLES] = { cl->aod, cl->aoa, cl->zod, cl->zoa },
		     spread[ANGLES] = { p->c_asd, p->c_asa, p->c_zsd, p->c_zsa },
		     across = sqrt(pow(10, -p->xpr_db / 10));
	unsigned order[CHANNEL_RAYS];

	for (unsigned a = 0; a < ANGLES; a++) {
		shuffle(order, random);
		for (unsigned m = 0; m < CHANNEL_RAYS; m++) {
			double o = offsets[order[m] / 2] * (order[m] % 2 ? -1 : 1);

			rays[m].angle[a] = (centre[a] + o * spread[a]) * M_PI / 180;
		}
	}
	for (unsigned m = 0; m < CHANNEL_RAYS; m++)
		for (unsigned to = 0; to < 2; to++)
			for (unsigned from = 0; from < 2; from++)
				rays[m].way[to][from] =
					phasor(to == from ? 1 : across, channel_uniform(random));
}

/* Step 4 of the line of sight: it keeps its polarization. */
static void sight_init(struct ray *ray, const struct channel_cluster *cl, uint64_t *random)
{
	double turns = channel_uniform(random);

	*ray = (struct ray){ .angle = { cl->aod * M_PI / 180, cl->aoa * M_PI / 180, cl->zod * M_PI / 180,
				     cl->zoa * M_PI / 180 },
		.way = { { phasor(1, turns) }, { { 0 }, phasor(1, turns + 0.5) } } };
}

/* The ray from one end's antenna to the other's. */
static void wave_init(struct channel_fader *f, unsigned m, const struct ray *r, const struct antenna *gnb,
	const struct antenna *ue, double size)
{
	const double at_ue[2] = { ue->vertical, ue->horizontal },
		     at_gnb[2] = { gnb->vertical, gnb->horizontal };
	double turns = lead(gnb, r->angle[AOD], r->angle[ZOD]) + lead(ue, r->angle[AOA], r->angle[ZOA]),
	       re = 0, im = 0;

	for (unsigned to = 0; to < 2; to++) {
		for (unsigned from = 0; from < 2; from++) {
			re += at_ue[to] * at_gnb[from] * r->way[to][from].re;
			im += at_ue[to] * at_gnb[from] * r->way[to][from].im;
		}
	}
	f->re[m] = size * (re * cos(2 * M_PI * turns) - im * sin(2 * M_PI * turns));
	f->im[m] = size * (re * sin(2 * M_PI * turns) + im * cos(2 * M_PI * turns));
}

void channel_cluster_init(struct channel_fader *faders, const struct channel_config *c,
	const struct channel_paths *p, unsigned i, double power, double turns, double travel,
	uint64_t *random)
{
	bool los = p->taps[i].los;
	unsigned n = los ? 1 : CHANNEL_RAYS;
	double size = sqrt(power / n);
	struct ray rays[CHANNEL_RAYS];

	if (los)
		sight_init(rays, &p->clusters[i], random);
	else
		rays_init(rays, p, i, random);
	for (unsigned k = 0; k < (unsigned)c->tx * c->rx; k++) {
		struct antenna tx = antenna_of(k % c->tx, c->tx, !c->uplink),
			       rx = antenna_of(k / c->tx, c->rx, c->uplink);

		faders[k].waves = n;
		for (unsigned m = 0; m < n; m++) {
			const double *angle = rays[m].angle;
			double turn = 2 * M_PI * turns * sin(angle[ZOA]) * cos(angle[AOA] - travel);

			wave_init(
				&faders[k], m, &rays[m], c->uplink ? &rx : &tx, c->uplink ? &tx : &rx, size);
			faders[k].turn_re[m] = cos(turn);
			faders[k].turn_im[m] = sin(turn);
		}
	}
}
