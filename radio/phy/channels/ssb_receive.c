#include "radio/phy/channels/ssb_receive.h"

#include <math.h>

#include "radio/phy/signals/complex.h"

enum {
	BLOCK = 24, /* subcarriers over which pilots are added before their phase is known */
	BLOCKS = PHY_SSB_SUBCARRIERS / BLOCK,
	DMRS_STEP = 4,
	PILOTS = BLOCK / DMRS_STEP, /* of a block, in a symbol of DM-RS */
	TURNS = 128,                /* tried for turn_rad before it is refined */
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

static struct phy_cf slope_sum(const struct pilots *p)
{
	struct phy_cf sum = { 0, 0 };

	for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++) {
		for (unsigned k = 0; k + DMRS_STEP < PHY_SSB_SUBCARRIERS; k++)
			phy_cf_add(&sum, phy_cf_mul_conj(p->h[l][k + DMRS_STEP], p->h[l][k]));
	}
	return sum;
}

/* The phase from one subcarrier to the next, from pilots four apart in the same symbol of an antenna. */
static float slope_of(const struct pilots *p, unsigned antennas)
{
	struct phy_cf sum = { 0, 0 };

	for (unsigned a = 0; a < antennas; a++)
		phy_cf_add(&sum, slope_sum(&p[a]));
	return atan2f(sum.im, sum.re) / DMRS_STEP;
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

/* All pilots of a subcarrier, turned back to symbol 1. */
struct column {
	struct phy_cf h;
	float count;
};

static void gather(struct column c[PHY_SSB_SUBCARRIERS], const struct pilots *p, float turn)
{
	for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++) {
		c[k] = (struct column){ 0 };
		for (unsigned l = 1; l < PHY_SSB_SYMBOLS; l++) {
			phy_cf_add(&c[k].h, phy_cf_mul(p->h[l][k], phy_cf_unit(-turn * (float)(l - 1))));
			c[k].count += p->count[l][k];
		}
	}
}

/* The same column by column, with as much nothing on either side as a bell reaches. */
struct rows {
	float re[3 * PHY_SSB_SUBCARRIERS], im[3 * PHY_SSB_SUBCARRIERS], count[3 * PHY_SSB_SUBCARRIERS];
};

static void rows_of(struct rows *r, const struct column c[PHY_SSB_SUBCARRIERS])
{
	*r = (struct rows){ { 0 } };
	for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++) {
		if (c[k].count <= 0)
			continue;
		r->re[PHY_SSB_SUBCARRIERS + k] = c[k].h.re;
		r->im[PHY_SSB_SUBCARRIERS + k] = c[k].h.im;
		r->count[PHY_SSB_SUBCARRIERS + k] = c[k].count;
	}
}

/* What a subcarrier's neighbours say of it. */
struct neighbours {
	float re[PHY_SSB_SUBCARRIERS], im[PHY_SSB_SUBCARRIERS], weight[PHY_SSB_SUBCARRIERS],
		squares[PHY_SSB_SUBCARRIERS];
};

/* Those at a distance, on one side, with the weight w. */
static void neighbours_add(struct neighbours *n, const struct rows *r, int away, float w)
{
	const float *re = &r->re[PHY_SSB_SUBCARRIERS + away], *im = &r->im[PHY_SSB_SUBCARRIERS + away];
	const float *count = &r->count[PHY_SSB_SUBCARRIERS + away];

	for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++) {
		n->re[k] += w * re[k];
		n->im[k] += w * im[k];
		n->weight[k] += w * count[k];
		n->squares[k] += w * w * count[k];
	}
}

/*
 * The channel as the mean of its neighbours, weighted by a bell of this width, to out; returns the mean
 * square by which the pilots of a subcarrier miss the mean of all others: the noise, and what the width does
 * not follow.
 */
static float smooth(struct phy_cf out[PHY_SSB_SUBCARRIERS], const struct column c[PHY_SSB_SUBCARRIERS],
	const struct rows *r, float width)
{
	struct neighbours n = { { 0 } };
	float missed = 0, times = 0;

	for (int d = 1; d < PHY_SSB_SUBCARRIERS; d++) {
		float w = expf(-0.5f * (float)(d * d) / (width * width));

		if (w < 1e-6f)
			break;
		neighbours_add(&n, r, d, w);
		neighbours_add(&n, r, -d, w);
	}
	for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++) {
		float weight = n.weight[k];
		struct phy_cf sum = { n.re[k] + c[k].h.re, n.im[k] + c[k].h.im };

		if (c[k].count > 0 && weight > 1e-3f) {
			struct phy_cf own = { c[k].h.re / c[k].count - n.re[k] / weight,
				c[k].h.im / c[k].count - n.im[k] / weight };

			missed += phy_cf_power(own) / (1 / c[k].count + n.squares[k] / (weight * weight));
			times++;
		}
		weight += c[k].count;
		out[k] = weight > 0 ? (struct phy_cf){ sum.re / weight, sum.im / weight }
				    : (struct phy_cf){ 0, 0 };
	}
	return times > 0 ? missed / times : INFINITY;
}

/* The width that foretells pilots best; the noise it leaves. */
static float smooth_best(struct phy_cf out[PHY_SSB_SUBCARRIERS], const struct column c[PHY_SSB_SUBCARRIERS])
{
	static const float widths[] = { 2.5f, 5, 10, 20, 50, 150 };
	float best = INFINITY;
	struct rows r;

	rows_of(&r, c);
	memset(out, 0, PHY_SSB_SUBCARRIERS * sizeof(*out)); /* where nothing is a number */
	for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
		struct phy_cf h[PHY_SSB_SUBCARRIERS];
		float missed = smooth(h, c, &r, widths[i]);

		if (missed >= best)
			continue;
		best = missed;
		(void)bytes_copy(out, sizeof(h), BYTES(h));
	}
	return best;
}

/* Whether subcarriers around this one were received: any four have a pilot. */
static bool received(const struct column c[PHY_SSB_SUBCARRIERS], unsigned k)
{
	float pilots = 0;

	for (unsigned i = 0; i < DMRS_STEP; i++)
		pilots += c[k / DMRS_STEP * DMRS_STEP + i].count;
	return pilots > 0;
}

/* The channel and the LLRs of an antenna, of which the slope is off already. */
static bool receive_one(const struct phy_ssb *rx, const struct phy_ssb_layout *layout, const struct pilots *p,
	float slope, float llr[PHY_PBCH_E], struct phy_ssb_measure *m)
{
	struct column columns[PHY_SSB_SUBCARRIERS];
	float power = 0, n = 0;

	gather(columns, p, m->turn_rad);
	m->noise = smooth_best(m->channel, columns);
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
	unsigned at[PHY_SSB_ANTENNAS_MAX], n = 0, heard = 0;
	struct phy_ssb_layout layout;
	float slope, turn;

	phy_ssb_layout_init(&layout, n_cell_id);
	for (unsigned a = 0; a < antennas; a++) {
		take_dmrs(&p[n], rx[a], &layout, n_cell_id, i_bar);
		take_sss(&p[n], rx[a], n_cell_id);
		at[n] = a;
		n += is_whole(&p[n]);
	}
	if (n == 0)
		return 0;
	slope = slope_of(p, n);
	for (unsigned i = 0; i < n; i++)
		take_slope_off(&p[i], slope);
	turn = turn_of(p, n);
	for (unsigned i = 0; i < n; i++) {
		unsigned a = at[i];

		m[a].turn_rad = turn;
		if (receive_one(rx[a], &layout, &p[i], slope, llr[a], &m[a]))
			heard |= 1u << a;
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
	struct phy_cf channel[PHY_SSB_SUBCARRIERS];
	struct column columns[PHY_SSB_SUBCARRIERS];
	struct pilots p = { 0 };
	float slope = (float)(-2 * M_PI / PHY_SSB_SUBCARRIERS) * delay_samples;

	for (unsigned l = 1; l < PHY_SSB_SYMBOLS; l++) {
		for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++) {
			p.h[l][k] = phy_cf_mul_conj(rx->re[l][k], sent->re[l][k]);
			p.count[l][k] = phy_cf_power(sent->re[l][k]) > 0;
		}
	}
	take_slope_off(&p, slope);
	gather(columns, &p, turn_rad);
	(void)smooth_best(channel, columns);
	for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++) {
		float turn = turn_rad * ((float)l - 1);

		for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++)
			fit->re[l][k] = phy_cf_mul(
				phy_cf_mul(sent->re[l][k], channel[k]), phy_cf_unit(turn + slope * (float)k));
	}
}
