#include "radio/phy/signals/sync_signal.h"

#include <math.h>

enum { RUN = 16, RUNS = 8 }; /* subcarriers over which the channel is flat enough, and how many such runs */

/* x(i + 7) = x(i + tap) + x(i) from the seven bits of start, x(0) the least significant. */
static void m_sequence(uint8_t x[PHY_SYNC_LENGTH], unsigned start, unsigned tap)
{
	for (unsigned i = 0; i < 7; i++)
		x[i] = start >> i & 1;
	for (unsigned i = 0; i + 7 < PHY_SYNC_LENGTH; i++)
		x[i + 7] = x[i + tap] ^ x[i];
}

void phy_pss(int8_t out[PHY_SYNC_LENGTH], unsigned n_id_2)
{
	uint8_t x[PHY_SYNC_LENGTH];

	m_sequence(x, 0x76, 4);
	for (unsigned n = 0; n < PHY_SYNC_LENGTH; n++)
		out[n] = (int8_t)(1 - 2 * x[(n + 43 * n_id_2) % PHY_SYNC_LENGTH]);
}

/* The two sequences whose shifts make all d_SSS. */
static void sss_parts(uint8_t x0[PHY_SYNC_LENGTH], uint8_t x1[PHY_SYNC_LENGTH])
{
	m_sequence(x0, 1, 4);
	m_sequence(x1, 1, 1);
}

static void sss_from(int8_t *out, const uint8_t *x0, const uint8_t *x1, unsigned n_id_1, unsigned n_id_2)
{
	unsigned m0 = 15 * (n_id_1 / 112) + 5 * n_id_2, m1 = n_id_1 % 112;

	for (unsigned n = 0; n < PHY_SYNC_LENGTH; n++) {
		unsigned a = x0[(n + m0) % PHY_SYNC_LENGTH], b = x1[(n + m1) % PHY_SYNC_LENGTH];

		out[n] = (int8_t)(a == b ? 1 : -1);
	}
}

void phy_sss(int8_t out[PHY_SYNC_LENGTH], unsigned n_cell_id)
{
	uint8_t x0[PHY_SYNC_LENGTH], x1[PHY_SYNC_LENGTH];

	sss_parts(x0, x1);
	sss_from(out, x0, x1, n_cell_id / 3, n_cell_id % 3);
}

/* The sums of y times d over runs. */
static void run_sums(struct phy_cf sum[RUNS], const struct phy_cf *y, const int8_t *d)
{
	for (unsigned b = 0; b < RUNS; b++) {
		sum[b] = (struct phy_cf){ 0, 0 };
		for (unsigned n = b * RUN; n < (b + 1) * RUN && n < PHY_SYNC_LENGTH; n++) {
			sum[b].re += y[n].re * (float)d[n];
			sum[b].im += y[n].im * (float)d[n];
		}
	}
}

static float energy(const struct phy_cf *v, unsigned n)
{
	float sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum += v[i].re * v[i].re + v[i].im * v[i].im;
	return sum;
}

void phy_sss_correlate(struct phy_cf out[PHY_CELL_ID_1S], const struct phy_cf *pss, const struct phy_cf *sss,
	unsigned n_id_2)
{
	float whole = sqrtf(energy(pss, PHY_SYNC_LENGTH)) * sqrtf(energy(sss, PHY_SYNC_LENGTH)) * RUN;
	uint8_t x0[PHY_SYNC_LENGTH], x1[PHY_SYNC_LENGTH];
	int8_t d[PHY_SYNC_LENGTH];
	struct phy_cf p[RUNS], s[RUNS];

	sss_parts(x0, x1);
	phy_pss(d, n_id_2);
	run_sums(p, pss, d);
	for (unsigned id = 0; id < PHY_CELL_ID_1S; id++) {
		float re = 0, im = 0;

		sss_from(d, x0, x1, id, n_id_2);
		run_sums(s, sss, d);
		for (unsigned b = 0; b < RUNS; b++) {
			re += s[b].re * p[b].re + s[b].im * p[b].im;
			im += s[b].im * p[b].re - s[b].re * p[b].im;
		}
		out[id] = whole > 0 ? (struct phy_cf){ re / whole, im / whole } : (struct phy_cf){ 0, 0 };
	}
}
