/*
 * Formats 3 and 4: DFT-s-OFDM of QPSK or pi/2-BPSK beside symbols of DM-RS (38.211 6.3.2.6, 6.4.1.3.3).
 * Format 4 repeats its block with the factors of an orthogonal sequence, so that its spectrum is a comb:
 * subcarrier k is its own if k + n is a multiple of N_SF, and users of one resource lie beside each other.
 */
#include "radio/phy/channels/pucch_parts.h"

enum { OCC_MAX = 4 };

/* What Doppler is taken to be: no more than this part of a symbol's rate shows in so few DM-RS. */
#define FADE 0.01f /* of 2 pi, a symbol: 140 Hz at 15 kHz */

static unsigned spread_of(const struct phy_pucch_config *c)
{
	return c->format == 4 ? c->occ_length : 1;
}

static const struct phy_constellation *points_of(
	const struct phy_pucch_work *w, const struct phy_pucch_config *c)
{
	return c->pi2_bpsk ? &w->tables->pi2_bpsk : &w->tables->qpsk;
}

/* m_0 of Table 6.4.1.3.3.1-1. */
static unsigned first_shift(const struct phy_pucch_config *c)
{
	static const uint8_t shifts[OCC_MAX] = { 0, 6, 3, 9 };

	return c->format == 4 ? shifts[c->occ] : 0;
}

/* The DM-RS of symbol l with this shift of a twelfth, to w->temp; w->sequence is made at the beginning of a
 * hop. */
static void make_pilots(
	struct phy_pucch_work *w, const struct phy_pucch *p, unsigned slot, unsigned l, unsigned shift)
{
	unsigned n = (unsigned)p->config.prbs * PHY_SC_PER_PRB, at = 0;

	if (l == 0 || l == p->first_hop) {
		unsigned v, u = pucch_group(&p->config, slot, pucch_hop(p, l), &v);

		(void)phy_low_papr(w->sequence, n, u, n >= 72 ? v : 0);
	}
	for (unsigned i = 0; i < n;
		i++, at = at + shift < PUCCH_SHIFTS ? at + shift : at + shift - PUCCH_SHIFTS)
		w->temp[i] = phy_cf_mul(w->sequence[i], w->tables->turn[at]);
}

/* 6.3.2.6.3: a symbol's block, spread. */
static void spread(const struct phy_pucch *p, const struct phy_cf *d, const struct phy_cf turn[PUCCH_SHIFTS],
	struct phy_cf *out)
{
	unsigned n = (unsigned)p->config.prbs * PHY_SC_PER_PRB, n_sf = spread_of(&p->config),
		 block = n / n_sf;

	for (unsigned i = 0; i < n; i++) {
		unsigned turns =
			(p->config.format == 4 ? p->config.occ : 0) * (i / block) * (PUCCH_SHIFTS / n_sf);

		out[i] = phy_cf_mul_conj(d[i % block], turn[turns % PUCCH_SHIFTS]);
	}
}

void pucch_send_34(struct phy_pucch_work *w, const struct phy_pucch *p, unsigned slot, struct phy_grid *grid)
{
	const struct phy_pucch_config *c = &p->config;
	unsigned n = (unsigned)c->prbs * PHY_SC_PER_PRB;
	const struct phy_cf *data = w->points;
	uint8_t shifts[PHY_SYMBOLS_MAX];

	pucch_shifts(c, slot, shifts);
	phy_map(points_of(w, c), w->points, w->bits, p->uci.e / points_of(w, c)->bits);
	for (unsigned l = 0; l < c->symbols; l++) {
		struct phy_cf *row = pucch_row(p, grid, l);

		make_pilots(w, p, slot, l, (first_shift(c) + shifts[l]) % PUCCH_SHIFTS);
		if (!pucch_is_dmrs(p, l)) {
			spread(p, data, w->tables->turn, w->in);
			phy_dft_run(w->tables->dfts, n, false, w->temp, w->in, w->out);
			data += n / spread_of(c);
		}
		for (unsigned i = 0; i < n; i++)
			phy_cf_add(&row[i], w->temp[i]);
	}
}

/* Weights of the DM-RS symbols at[0..n) of a hop for the channel of symbol l: least mean square error over
 * time. */
static void weigh(const unsigned *at, unsigned n, unsigned l, float error, float weight[PUCCH_PILOT_SYMBOLS])
{
	float m[PUCCH_PILOT_SYMBOLS][PUCCH_PILOT_SYMBOLS + 1];

	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = 0; j <= n; j++) {
			float apart = ((float)at[i] - (float)(j < n ? at[j] : l)) * 2 * (float)M_PI * FADE;

			m[i][j] = 1 - apart * apart / 4 + (i == j ? error + 1e-3f : 0); /* J0 */
		}
	}
	for (unsigned i = 0; i < n; i++) { /* Gauss: the matrix is positive definite */
		for (unsigned r = 0; r < n; r++) {
			float factor = m[r][i] / m[i][i];

			for (unsigned j = i; r != i && j <= n; j++)
				m[r][j] -= factor * m[i][j];
		}
	}
	for (unsigned i = 0; i < n; i++)
		weight[i] = m[i][n] / m[i][i];
}

/* The phase that the channel turns by from symbol to symbol, from pairs of DM-RS within a hop. */
static float motion(struct phy_pucch_work *w, const struct kern *k, const struct phy_pucch *p,
	const unsigned *at, unsigned count, unsigned antennas)
{
	unsigned n = (unsigned)p->config.prbs * PHY_SC_PER_PRB, apart = 0;
	float sum[2] = { 0, 0 }, energy = 0;

	for (unsigned s = 0; s + 1 < count; s++) {
		if (pucch_hop(p, at[s]) != pucch_hop(p, at[s + 1]))
			continue;
		apart = at[s + 1] - at[s];
		for (unsigned a = 0; a < antennas; a++) {
			float part[2];

			k->cf_dot_conj(part, &w->h[a][s + 1]->re, &w->h[a][s]->re, n);
			sum[0] += part[0];
			sum[1] += part[1];
			energy += k->cf_energy(&w->h[a][s]->re, n);
		}
	}
	/* below its own standard deviation it is of no meaning: about one dimension an antenna and block */
	sum[0] += energy / sqrtf((float)(antennas * p->config.prbs));
	return apart > 0 ? atan2f(sum[1], sum[0]) / (float)apart : 0;
}

struct equalizer {
	struct phy_pucch_work *w;
	const struct kern *k;
	const struct phy_pucch *p;
	const struct phy_grid *grids;
	unsigned antennas, count, at[PUCCH_PILOT_SYMBOLS]; /* DM-RS symbols of the channel */
	float turn;                                        /* radians a symbol */
	float noise;                                       /* on an RE, over the power of the data's */
	float error;                                       /* of an estimate, over the channel's power */
};

/* The spectrum of symbol l, combined over antennas and equalized, to w->in; the comb's mean gain is returned.
 */
static float equalize(const struct equalizer *e, unsigned l)
{
	const struct phy_pucch *p = e->p;
	unsigned n = (unsigned)p->config.prbs * PHY_SC_PER_PRB, n_sf = spread_of(&p->config), first = 0,
		 count = 0;
	unsigned comb = p->config.format == 4 ? (n_sf - p->config.occ) % n_sf : 0;
	float weight[PUCCH_PILOT_SYMBOLS], power[PUCCH_SC_MAX] = { 0 }, gain = 0;

	while (first < e->count && pucch_hop(p, e->at[first]) != pucch_hop(p, l))
		first++;
	while (first + count < e->count && pucch_hop(p, e->at[first + count]) == pucch_hop(p, l))
		count++;
	weigh(e->at + first, count, l, e->error, weight);
	memset(e->w->in, 0, n * sizeof(*e->w->in));
	for (unsigned a = 0; a < e->antennas; a++) {
		const struct phy_cf *y = pucch_row(p, &e->grids[a], l);
		struct phy_cf w[PUCCH_PILOT_SYMBOLS];
		const float *h[PUCCH_PILOT_SYMBOLS];

		for (unsigned i = 0; i < count; i++) {
			w[i] = phy_cf_unit(e->turn * ((float)l - (float)e->at[first + i]));
			w[i] = (struct phy_cf){ w[i].re * weight[i], w[i].im * weight[i] };
			h[i] = &e->w->h[a][first + i]->re;
		}
		e->k->cf_combine(&e->w->out->re, h, &w->re, count, n);
		for (unsigned i = comb; i < n; i += n_sf) {
			phy_cf_add(&e->w->in[i], phy_cf_mul_conj(y[i], e->w->out[i]));
			power[i] += phy_cf_power(e->w->out[i]);
		}
	}
	for (unsigned i = comb; i < n; i += n_sf) {
		float over = 1 / (power[i] + e->noise + KERN_EQUALIZE_LEAST);

		e->w->in[i] = (struct phy_cf){ e->w->in[i].re * over, e->w->in[i].im * over };
		gain += power[i] * over * (float)n_sf / (float)n;
	}
	return gain;
}

/* Back to the symbols before the transform, despread, without the bias of the equalizer: with their noise. */
static void despread(const struct equalizer *e, float gain, struct phy_cf *out, float *noise)
{
	const struct phy_pucch *p = e->p;
	unsigned n = (unsigned)p->config.prbs * PHY_SC_PER_PRB, n_sf = spread_of(&p->config),
		 block = n / n_sf;
	float over = 1 / (fmaxf(gain, 1e-6f) * (float)n_sf),
	      rest = fmaxf(1 - gain, 1e-6f) / fmaxf(gain, 1e-6f);

	phy_dft_run(e->w->tables->dfts, n, true, e->w->out, e->w->in, e->w->temp);
	for (unsigned i = 0; i < block; i++) {
		struct phy_cf sum = { 0, 0 };

		for (unsigned q = 0; q < n_sf; q++) {
			unsigned turns =
				(p->config.format == 4 ? p->config.occ : 0) * q * (PUCCH_SHIFTS / n_sf);

			phy_cf_add(&sum, phy_cf_mul(e->w->out[q * block + i],
						 e->w->tables->turn[turns % PUCCH_SHIFTS]));
		}
		out[i] = (struct phy_cf){ sum.re * over, sum.im * over };
		noise[i] = rest;
	}
}

/* The DM-RS of all antennas, without its sequence. */
static void take_pilots(struct equalizer *e, unsigned slot)
{
	unsigned n = (unsigned)e->p->config.prbs * PHY_SC_PER_PRB;
	uint8_t shifts[PHY_SYMBOLS_MAX];

	pucch_shifts(&e->p->config, slot, shifts);
	for (unsigned l = 0; l < e->p->config.symbols; l++) {
		make_pilots(e->w, e->p, slot, l, (first_shift(&e->p->config) + shifts[l]) % PUCCH_SHIFTS);
		if (!pucch_is_dmrs(e->p, l))
			continue;
		for (unsigned a = 0; a < e->antennas; a++)
			e->k->cf_mul_conj(&e->w->pilots[a][e->count]->re,
				&pucch_row(e->p, &e->grids[a], l)->re, &e->w->temp->re, n);
		e->at[e->count++] = l;
	}
}

void pucch_receive_34(struct phy_pucch_work *w, const struct kern *k, unsigned slot,
	const struct phy_grid *grids, unsigned antennas, struct phy_pucch_user *user)
{
	const struct phy_pucch *p = user->pucch;
	const struct phy_pucch_config *c = &p->config;
	struct equalizer e = { w, k, p, grids, antennas, 0, { 0 }, 0, 0, 0 };
	enum pucch_pilots kind = c->format == 3       ? PUCCH_FULL
				 : c->occ_length == 2 ? PUCCH_FULL_OF_2
						      : PUCCH_FULL_OF_4;
	unsigned block = (unsigned)c->prbs * PHY_SC_PER_PRB / spread_of(c), at = 0;
	struct pucch_estimate estimate;

	take_pilots(&e, slot);
	pucch_estimate(w, k, p, kind, antennas, e.count, &estimate);
	e.turn = motion(w, k, p, e.at, e.count, antennas);
	e.error = estimate.error / (estimate.power + KERN_EQUALIZE_LEAST);
	e.error = e.error < 1e3f ? e.error : 1e3f;
	e.noise = (estimate.noise + estimate.error) / (float)spread_of(c);
	for (unsigned l = 0; l < c->symbols; l++) {
		if (pucch_is_dmrs(p, l))
			continue;
		despread(&e, equalize(&e, l), w->points + at, w->noise + at);
		at += block;
	}
	phy_demap(k, c->pi2_bpsk ? PHY_PI2_BPSK : PHY_QPSK, w->llr, w->points, w->noise, at);
	user->power = estimate.power;
	user->noise = estimate.noise;
	user->delay_s = estimate.delay_s;
}
