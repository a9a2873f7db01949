/*
 * Estimating from SRS. Without its sequence, the signal of a port turns by its cyclic shift from sample to
 * sample; ports that share a comb are shifts / ports apart, so that over a number of samples that is a
 * multiple of them all turn fully but the one that is turned back. A block has twice as many, and what is
 * left of it when all ports are taken out is noise.
 */
#include <stdlib.h>

#include "radio/phy/channels/srs_parts.h"

struct phy_srs_work {
	struct phy_cf base[PHY_SRS_LENGTH_MAX];
	struct phy_cf z[PHY_SRS_LENGTH_MAX], turned[PHY_SRS_LENGTH_MAX];
};

struct phy_srs_work *phy_srs_work_new(void)
{
	return calloc(1, sizeof(struct phy_srs_work));
}

void phy_srs_work_free(struct phy_srs_work *w)
{
	free(w);
}

/* Sums that noise and delay are made of. */
struct sums {
	float all, explained;    /* energy received; and of it what ports explain, over blocks */
	struct phy_cf neighbour; /* products of samples that are the same to all ports of a comb */
};

/* The samples of an antenna and comb, without the sequence, to w->z. */
static void gather(
	struct phy_srs_work *w, const struct kern *k, const struct phy_srs *p, const struct phy_cf *row)
{
	for (unsigned n = 0; n < p->length; n++)
		w->z[n] = row[n * p->config.comb];
	k->cf_mul_conj(&w->z->re, &w->z->re, &w->base->re, p->length);
}

static void average(struct phy_srs_work *w, const struct kern *k, const struct phy_srs *p, unsigned port,
	const struct phy_srs_estimate *e, struct phy_cf *h, struct sums *s)
{
	unsigned shift = srs_shift(p, port);

	/* turned back by its shift; a multiple of 2 pi is left out, since cf_ramp is for small steps */
	k->cf_ramp(
		&w->turned->re, &w->z->re, p->length, 0, -2 * (float)M_PI * (float)shift / (float)p->shifts);
	for (unsigned b = 0; b < e->blocks; b++) {
		unsigned from = (b + 1) * e->block <= p->length ? b * e->block : p->length - e->block;
		struct phy_cf sum = { 0, 0 };

		for (unsigned n = from; n < from + e->block; n++)
			phy_cf_add(&sum, w->turned[n]);
		h[b] = (struct phy_cf){ sum.re / (float)e->block, sum.im / (float)e->block };
		s->explained += phy_cf_power(h[b]) * (float)e->block;
	}
}

/* An antenna: all its ports, comb by comb. */
static void estimate(struct phy_srs_work *w, const struct kern *k, const struct phy_srs *p, unsigned first,
	unsigned antenna, const struct phy_cf *row, struct phy_srs_estimate *e, struct sums *s)
{
	const struct phy_srs_config *c = &p->config;

	for (unsigned i = 0; i < c->ports; i++) {
		unsigned lag = p->ports_of_comb;

		if (i == 0 || srs_comb_offset(p, i) != srs_comb_offset(p, i - 1)) {
			float product[2];

			gather(w, k, p, row + first + srs_comb_offset(p, i));
			if (i < c->ports / p->ports_of_comb) { /* each comb once */
				k->cf_dot_conj(product, &w->z[lag].re, &w->z->re, p->length - lag);
				/* the port's own shift turns it too */
				phy_cf_add(&s->neighbour,
					phy_cf_mul_conj((struct phy_cf){ product[0], product[1] },
						phy_cf_unit(2 * (float)M_PI * (float)(srs_shift(p, i) * lag) /
							    (float)p->shifts)));
				s->all += k->cf_energy(&w->z->re, p->length);
			}
		}
		average(w, k, p, i, e, e->h[i][antenna], s);
	}
}

bool phy_srs_receive(struct phy_srs_work *w, const struct kern *k, const struct phy_srs *p, unsigned frame,
	unsigned slot, unsigned l, const struct phy_grid *grids, unsigned antennas,
	struct phy_srs_estimate *out)
{
	const struct phy_srs_config *c = &p->config;
	unsigned combs = c->ports / p->ports_of_comb, place, lag;
	float samples, blocks, turn;
	struct sums s = { 0 };

	if (antennas < 1 || antennas > PHY_SRS_ANTENNAS_MAX || l >= c->symbols)
		return false;
	for (unsigned a = 0; a < antennas; a++) {
		if (!srs_fits(p, frame, slot, &grids[a]))
			return false;
	}
	lag = p->ports_of_comb;
	out->first = phy_srs_first(p, frame, slot, l, 0);
	out->block = 2u * lag < p->length ? 2u * lag : p->length;
	out->blocks = (p->length + out->block - 1) / out->block;
	place = out->first - srs_comb_offset(p, 0);
	srs_base(p, slot, l, w->base);
	for (unsigned a = 0; a < antennas; a++)
		estimate(w, k, p, place - grids[a].first_crb * PHY_SC_PER_PRB, a,
			phy_grid_at(&grids[a], p->first_symbol + l, 0), out, &s);
	samples = (float)(antennas * combs * p->length);
	blocks = (float)(antennas * c->ports * out->blocks);
	/* a block's own noise is in what it explains; overlapping samples count twice in blocks only */
	out->noise = fmaxf(s.all - s.explained * (float)p->length / (float)(out->blocks * out->block), 0) /
		     (samples * (1 - (float)lag / (float)out->block));
	out->power = fmaxf(s.explained / (blocks * (float)out->block) - out->noise / (float)out->block, 0);
	turn = atan2f(s.neighbour.im, s.neighbour.re) / (float)(lag * c->comb);
	out->delay_s = -turn / (2 * (float)M_PI * 15e3f * (float)(1 << c->mu));
	return true;
}
