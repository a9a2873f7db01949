#include <math.h>

#include "radio/phy/channels/ssb_parts.h"

#include "radio/phy/signals/complex.h"

enum {
	BLOCK = 24, /* subcarriers over which pilots are added before their phase is known */
	BLOCKS = PHY_SSB_SUBCARRIERS / BLOCK,
	DMRS_STEP = 4,
	PILOTS = BLOCK / DMRS_STEP, /* of a block, in a symbol of DM-RS */
	LAGS = 6,                   /* steps of DM-RS over which a channel is alike at least a little */
	TURNS = 128,                /* tried for turn_rad before it is refined, and for the slope of DM-RS */
	SSS_SYMBOL = 2,
};

/* The channel as the pilots of DM-RS and SSS have it; count is 0 where there is no pilot, or nothing at all:
 * what was punctured. */
struct pilots {
	struct phy_cf h[PHY_SSB_SYMBOLS][PHY_SSB_SUBCARRIERS];
	uint8_t count[PHY_SSB_SYMBOLS][PHY_SSB_SUBCARRIERS];
};

static void take_dmrs(struct pilots *p, const struct phy_ssb *rx, const struct phy_ssb_layout *layout,
	unsigned n_cell_id, unsigned i_bar)
{
	struct phy_cf dmrs[PHY_PBCH_DMRS];

	memset(p, 0, sizeof(*p));
	phy_pbch_dmrs(dmrs, n_cell_id, i_bar);
	for (unsigned i = 0; i < PHY_PBCH_DMRS; i++) {
		unsigned l = layout->dmrs[i] / PHY_SSB_SUBCARRIERS, k = layout->dmrs[i] % PHY_SSB_SUBCARRIERS;

		p->h[l][k] = phy_cf_mul_conj(rx->re[l][k], dmrs[i]);
		p->count[l][k] = phy_cf_power(rx->re[l][k]) > 0;
	}
}

static void take_sss(struct pilots *p, const struct phy_ssb *rx, unsigned n_cell_id)
{
	int8_t sss[PHY_SYNC_LENGTH];

	phy_sss(sss, n_cell_id);
	for (unsigned i = 0; i < PHY_SYNC_LENGTH; i++) {
		struct phy_cf y = rx->re[SSS_SYMBOL][PHY_SSB_SYNC_AT + i];

		p->h[SSS_SYMBOL][PHY_SSB_SYNC_AT + i] =
			(struct phy_cf){ y.re * (float)sss[i], y.im * (float)sss[i] };
		p->count[SSS_SYMBOL][PHY_SSB_SYNC_AT + i] = 1;
	}
}

static void block_sums(struct phy_cf sum[PHY_SSB_SYMBOLS][BLOCKS], const struct pilots *p)
{
	for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++) {
		for (unsigned b = 0; b < BLOCKS; b++) {
			sum[l][b] = (struct phy_cf){ 0, 0 };
			for (unsigned k = b * BLOCK; k < (b + 1) * BLOCK; k++)
				phy_cf_add(&sum[l][b], p->h[l][k]);
		}
	}
}

void phy_ssb_dmrs_correlate(float out[PHY_SSB_I_BARS], const struct phy_ssb *rx, unsigned n_cell_id)
{
	struct phy_cf sum[PHY_SSB_SYMBOLS][BLOCKS];
	struct phy_ssb_layout layout;
	struct pilots p;

	phy_ssb_layout_init(&layout, n_cell_id);
	for (unsigned i_bar = 0; i_bar < PHY_SSB_I_BARS; i_bar++) {
		float found = 0, whole = 0;

		take_dmrs(&p, rx, &layout, n_cell_id, i_bar);
		block_sums(sum, &p);
		for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++) {
			for (unsigned b = 0; b < BLOCKS; b++)
				found += phy_cf_power(sum[l][b]);
			for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++)
				whole += phy_cf_power(p.h[l][k]);
		}
		out[i_bar] = whole > 0 ? found / whole / PILOTS : 0;
	}
}

/* The products of pilots so many steps apart in the same symbol of an antenna. */
static struct phy_cf lag_sum(const struct pilots *p, unsigned antennas, unsigned lag)
{
	struct phy_cf sum = { 0, 0 };

	for (unsigned i = 0; i < antennas * PHY_SSB_SYMBOLS; i++) {
		const struct phy_cf *h = p[i / PHY_SSB_SYMBOLS].h[i % PHY_SSB_SYMBOLS];

		for (unsigned k = 0; k + lag * DMRS_STEP < PHY_SSB_SUBCARRIERS; k++)
			phy_cf_add(&sum, phy_cf_mul_conj(h[k + lag * DMRS_STEP], h[k]));
	}
	return sum;
}

/*
 * The phase from one subcarrier to the next: that by which pilots up to LAGS steps apart are most alike,
 * those far apart counting less. Next neighbours alone would not tell it where noise is well above the
 * signal.
 */
static float slope_of(const struct pilots *p, unsigned antennas)
{
	struct phy_cf lags[LAGS + 1];
	float best = -INFINITY, slope = 0;

	for (unsigned d = 1; d <= LAGS; d++)
		lags[d] = lag_sum(p, antennas, d);
	for (unsigned i = 0; i < TURNS; i++) {
		float a = (float)(2 * M_PI / TURNS) * (float)i - (float)M_PI, like = 0;

		for (unsigned d = 1; d <= LAGS; d++)
			like += (float)(LAGS + 1 - d) * phy_cf_mul(lags[d], phy_cf_unit(-a * (float)d)).re;
		if (like > best) {
			best = like;
			slope = a;
		}
	}
	return slope / DMRS_STEP;
}

static void take_slope_off(struct pilots *p, float slope)
{
	for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++) {
		struct phy_cf turn = phy_cf_unit(-slope * (float)k);

		for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++)
			p->h[l][k] = phy_cf_mul(p->h[l][k], turn);
	}
}

/* The turn a symbol that makes the three symbols' pilots most alike. */
static float turn_of(const struct pilots *p, unsigned antennas)
{
	struct phy_cf sum[PHY_SSB_SYMBOLS][BLOCKS], one = { 0, 0 }, two = { 0, 0 }, fit;
	float best = -INFINITY, turn = 0;

	for (unsigned i = 0; i < antennas * BLOCKS; i++) {
		unsigned b = i % BLOCKS;

		if (b == 0)
			block_sums(sum, &p[i / BLOCKS]);
		phy_cf_add(&one, phy_cf_mul_conj(sum[2][b], sum[1][b]));
		phy_cf_add(&one, phy_cf_mul_conj(sum[3][b], sum[2][b]));
		phy_cf_add(&two, phy_cf_mul_conj(sum[3][b], sum[1][b]));
	}
	for (unsigned i = 0; i < TURNS; i++) {
		float a = (float)(2 * M_PI / TURNS) * (float)i - (float)M_PI;
		float like = phy_cf_mul(one, phy_cf_unit(-a)).re + phy_cf_mul(two, phy_cf_unit(-2 * a)).re;

		if (like > best) {
			best = like;
			turn = a;
		}
	}
	fit = phy_cf_mul(one, phy_cf_unit(-turn));
	two = phy_cf_mul(
		two, phy_cf_unit(-2 * turn)); /* near the best, angles are small: the weighted mean of both */
	turn += (fit.im + 2 * two.im) / (fabsf(fit.re) + 4 * fabsf(two.re) + 1e-30f);
	return turn > (float)M_PI     ? turn - (float)(2 * M_PI)
	       : turn <= -(float)M_PI ? turn + (float)(2 * M_PI)
				      : turn;
}

static void gather(struct ssb_column c[PHY_SSB_SUBCARRIERS], const struct pilots *p, float turn)
{
	for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++) {
		c[k] = (struct ssb_column){ 0 };
		for (unsigned l = 1; l < PHY_SSB_SYMBOLS; l++) {
			phy_cf_add(&c[k].h, phy_cf_mul(p->h[l][k], phy_cf_unit(-turn * (float)(l - 1))));
			c[k].count += p->count[l][k];
		}
	}
}

/* Whether subcarriers around this one were received: any four have a pilot. */
static bool received(const struct ssb_column c[PHY_SSB_SUBCARRIERS], unsigned k)
{
	float pilots = 0;

	for (unsigned i = 0; i < DMRS_STEP; i++)
		pilots += c[k / DMRS_STEP * DMRS_STEP + i].count;
	return pilots > 0;
}

/* What is left to say of an antenna whose channel is known but for the slope, and its LLRs. */
static bool receive_one(const struct phy_ssb *rx, const struct phy_ssb_layout *layout,
	const struct ssb_column columns[PHY_SSB_SUBCARRIERS], float slope, float llr[PHY_PBCH_E],
	struct phy_ssb_measure *m)
{
	float power = 0, n = 0;

	m->delay_samples = slope * (float)(-PHY_SSB_SUBCARRIERS / (2 * M_PI));
	for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++) {
		m->channel[k] = phy_cf_mul(m->channel[k], phy_cf_unit(slope * (float)k));
		if (received(columns, k)) {
			power += phy_cf_power(m->channel[k]);
			n++;
		}
	}
	power /= n > 0 ? n : 1;
	m->power = power;
	if (!(power > 0 && power < INFINITY && m->noise < INFINITY))
		return false;
	for (unsigned i = 0; i < PHY_PBCH_SYMBOLS; i++) {
		unsigned l = layout->data[i] / PHY_SSB_SUBCARRIERS, k = layout->data[i] % PHY_SSB_SUBCARRIERS;
		struct phy_cf h = phy_cf_mul(m->channel[k], phy_cf_unit(m->turn_rad * (float)(l - 1)));
		struct phy_cf z = phy_cf_mul_conj(rx->re[l][k], h);
		float scale = (float)(4 * M_SQRT1_2) / (m->noise + 1e-6f * power);

		llr[2 * i] = z.re * scale;
		llr[2 * i + 1] = z.im * scale;
	}
	return true;
}

/* Is there something, and does all of it have a size? Else it would spoil what the antennas have in common.
 */
static bool is_whole(const struct pilots *p)
{
	float power = 0;

	for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++)
		for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++)
			power += phy_cf_power(p->h[l][k]);
	return power > 0 && power < INFINITY;
}

unsigned phy_ssb_receive_array(const struct phy_ssb *const *rx, unsigned antennas, unsigned n_cell_id,
	unsigned i_bar, float *const *llr, struct phy_ssb_measure *m)
{
	struct pilots p[PHY_SSB_ANTENNAS_MAX];
	struct ssb_column columns[PHY_SSB_ANTENNAS_MAX][PHY_SSB_SUBCARRIERS];
	struct phy_cf(*channel[PHY_SSB_ANTENNAS_MAX])[PHY_SSB_SUBCARRIERS];
	unsigned at[PHY_SSB_ANTENNAS_MAX], n = 0, heard = 0;
	float slope, turn, noise[PHY_SSB_ANTENNAS_MAX];
	struct phy_ssb_layout layout;

	phy_ssb_layout_init(&layout, n_cell_id);
	for (unsigned a = 0; a < antennas; a++) {
		take_dmrs(&p[n], rx[a], &layout, n_cell_id, i_bar);
		take_sss(&p[n], rx[a], n_cell_id);
		channel[n] = &m[a].channel;
		at[n] = a;
		n += is_whole(&p[n]);
	}
	if (n == 0)
		return 0;
	slope = slope_of(p, n);
	for (unsigned i = 0; i < n; i++)
		take_slope_off(&p[i], slope);
	turn = turn_of(p, n);
	for (unsigned i = 0; i < n; i++)
		gather(columns[i], &p[i], turn);
	ssb_smooth(channel, noise, (const struct ssb_column(*)[PHY_SSB_SUBCARRIERS])columns, n);
	for (unsigned i = 0; i < n; i++) {
		struct phy_ssb_measure *to = &m[at[i]];

		to->turn_rad = turn;
		to->noise = noise[i];
		if (receive_one(rx[at[i]], &layout, columns[i], slope, llr[at[i]], to))
			heard |= 1u << at[i];
	}
	return heard;
}

bool phy_ssb_receive(const struct phy_ssb *rx, unsigned n_cell_id, unsigned i_bar, float llr[PHY_PBCH_E],
	struct phy_ssb_measure *m)
{
	return phy_ssb_receive_array(&rx, 1, n_cell_id, i_bar, &llr, m) != 0;
}

void phy_ssb_fit(struct phy_ssb *fit, const struct phy_ssb *rx, const struct phy_ssb *sent,
	float delay_samples, float turn_rad)
{
	struct phy_cf channel[PHY_SSB_SUBCARRIERS], (*to[])[PHY_SSB_SUBCARRIERS] = { &channel };
	struct ssb_column columns[1][PHY_SSB_SUBCARRIERS];
	struct pilots p = { 0 };
	float noise[PHY_SSB_ANTENNAS_MAX];
	float slope = (float)(-2 * M_PI / PHY_SSB_SUBCARRIERS) * delay_samples;

	for (unsigned l = 1; l < PHY_SSB_SYMBOLS; l++) {
		for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++) {
			p.h[l][k] = phy_cf_mul_conj(rx->re[l][k], sent->re[l][k]);
			p.count[l][k] = phy_cf_power(sent->re[l][k]) > 0;
		}
	}
	take_slope_off(&p, slope);
	gather(columns[0], &p, turn_rad);
	ssb_smooth(to, noise, (const struct ssb_column(*)[PHY_SSB_SUBCARRIERS])columns, 1);
	for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++) {
		float turn = turn_rad * ((float)l - 1);

		for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++)
			fit->re[l][k] = phy_cf_mul(
				phy_cf_mul(sent->re[l][k], channel[k]), phy_cf_unit(turn + slope * (float)k));
	}
}
