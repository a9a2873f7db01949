#include "radio/phy/codes/polar.h"

#include <assert.h>

#include "radio/phy/codes/tables.h"

static unsigned ceil_log2(unsigned v)
{
	unsigned n = 0;

	while (1u << n < v)
		n++;
	return n;
}

/* 5.3.1: the length of the mother code, as its exponent. */
static unsigned mother_exponent(unsigned k, unsigned e, unsigned n_max)
{
	unsigned up = ceil_log2(e), n1 = up, n2 = ceil_log2(8 * k), n;

	if (8 * e <= 9u << (up - 1) && 16 * k < 9 * e)
		n1 = up - 1;
	n = n1 < n2 ? n1 : n2;
	n = n < n_max ? n : n_max;
	return n > 5 ? n : 5;
}

/* J(i) of 5.4.1.1. */
static unsigned sub_block(unsigned i, unsigned n)
{
	assert(n >= 32); /* mother_exponent() */
	return phy_polar_subblock_interleaver_32[32 * i / n] * (n / 32) + i % (n / 32);
}

static bool punctured(const struct phy_polar *p)
{
	return p->e < p->n && 16 * p->k <= 7 * p->e;
}

/* Q_F,tmp of 5.4.1.1: what rate matching takes out of the choice. */
static void freeze_unsent(const struct phy_polar *p, bool unsent[PHY_POLAR_N_MAX])
{
	unsigned n = p->n, e = p->e, frozen;

	for (unsigned i = 0; i < n; i++)
		unsent[i] = false;
	if (e >= n)
		return;
	if (!punctured(p)) {
		for (unsigned i = e; i < n; i++)
			unsent[sub_block(i, n)] = true;
		return;
	}
	for (unsigned i = 0; i < n - e; i++)
		unsent[sub_block(i, n)] = true;
	frozen = 4 * e >= 3 * n ? (3 * n - 2 * e + 3) / 4 : (9 * n - 4 * e + 15) / 16;
	for (unsigned i = 0; i < frozen; i++)
		unsent[i] = true;
}

/* 5.3.1.2: the n_pc least reliable of Q_I carry parity, but n_pc_wm of them the least row weight of the
 * others. */
static void place_parity(struct phy_polar *p, const uint16_t *q_i, unsigned count, unsigned n_pc_wm)
{
	unsigned best = 0, best_weight = ~0u;

	for (unsigned i = 0; i < p->n_pc - n_pc_wm; i++)
		p->kind[q_i[i]] = PHY_POLAR_PARITY;
	if (n_pc_wm == 0)
		return;
	for (unsigned i = p->n_pc; i < count; i++) {
		unsigned weight = (unsigned)__builtin_popcount(q_i[i]);

		if (weight <= best_weight) { /* of equals the most reliable, which comes last */
			best_weight = weight;
			best = q_i[i];
		}
	}
	p->kind[best] = PHY_POLAR_PARITY;
}

static bool choose_bits(struct phy_polar *p, unsigned n_pc_wm)
{
	bool unsent[PHY_POLAR_N_MAX];
	uint16_t q_i[PHY_POLAR_N_MAX]; /* from the least reliable on */
	unsigned count = p->k + p->n_pc, left = count;

	freeze_unsent(p, unsent);
	memset(p->kind, PHY_POLAR_FROZEN, sizeof(p->kind));
	for (unsigned i = PHY_POLAR_N_MAX; i-- > 0 && left > 0;) {
		unsigned q = phy_polar_sequence_1024[i];

		if (q < p->n && !unsent[q]) {
			q_i[--left] = (uint16_t)q;
			p->kind[q] = PHY_POLAR_INFO;
		}
	}
	if (left > 0)
		return false;
	if (p->n_pc > 0)
		place_parity(p, q_i, count, n_pc_wm);
	p->before[0] = 0;
	for (unsigned i = 0, at = 0; i < p->n; i++) {
		if (p->kind[i] == PHY_POLAR_INFO)
			p->info[at++] = (uint16_t)i;
		p->before[i + 1] = p->before[i] + (p->kind[i] != PHY_POLAR_FROZEN);
	}
	return true;
}

/* 5.3.1.1. */
static void order_input(struct phy_polar *p, bool interleaved)
{
	unsigned at = 0, skip = PHY_POLAR_K_DL_MAX - p->k;

	if (!interleaved) {
		for (unsigned i = 0; i < p->k; i++)
			p->input[i] = (uint16_t)i;
		return;
	}
	for (unsigned m = 0; m < PHY_POLAR_K_DL_MAX; m++) {
		if (phy_polar_input_interleaver_164[m] >= skip)
			p->input[at++] = (uint16_t)(phy_polar_input_interleaver_164[m] - skip);
	}
}

/* 5.4.1.2: the index in d of the coded bit e_i. */
static uint16_t selected(const struct phy_polar *p, unsigned i)
{
	return (uint16_t)sub_block(punctured(p) ? i + p->n - p->e : i % p->n, p->n);
}

/* 5.4.1.3: into a triangle by rows, out by columns. */
static void order_output(struct phy_polar *p, bool interleaved)
{
	unsigned t = 0, at = 0;

	if (!interleaved) {
		for (unsigned i = 0; i < p->e; i++)
			p->output[i] = selected(p, i);
		return;
	}
	while (t * (t + 1) / 2 < p->e)
		t++;
	for (unsigned column = 0; column < t; column++) {
		for (unsigned row = 0, i = column; row < t - column && i < p->e; i += t - row, row++)
			p->output[at++] = selected(p, i);
	}
}

bool phy_polar_init(struct phy_polar *p, enum phy_polar_use use, unsigned k, unsigned e)
{
	bool uplink = use == PHY_POLAR_UPLINK;

	if (k == 0 || e < 2 || k > e || e > PHY_POLAR_E_MAX ||
		k > (uplink ? PHY_POLAR_N_MAX : PHY_POLAR_K_DL_MAX))
		return false;
	p->k = k;
	p->e = e;
	p->n_pc = uplink && k >= 18 && k <= 25 ? 3 : 0;
	p->log2_n = mother_exponent(k, e, uplink ? 10 : 9);
	p->n = 1u << p->log2_n;
	if (!choose_bits(p, p->n_pc > 0 && e - k > 189))
		return false;
	p->shortened = e < p->n && !punctured(p);
	if (p->shortened) {
		for (unsigned i = e; i < p->n; i++)
			p->shortened_at[i - e] = (uint16_t)sub_block(i, p->n);
	}
	order_input(p, !uplink);
	order_output(p, uplink);
	return true;
}

void phy_polar_transform(uint64_t *x, unsigned n)
{
	static const uint64_t low[] = { 0x5555555555555555u, 0x3333333333333333u, 0x0f0f0f0f0f0f0f0fu,
		0x00ff00ff00ff00ffu, 0x0000ffff0000ffffu, 0x00000000ffffffffu };
	unsigned words = (n + 63) / 64;

	for (unsigned s = 0; s < 6 && 1u << s < n; s++) {
		for (unsigned i = 0; i < words; i++)
			x[i] ^= x[i] >> (1u << s) & low[s];
	}
	for (unsigned half = 1; half < words; half *= 2) {
		for (unsigned i = 0; i < words; i++) {
			if (!(i & half))
				x[i] ^= x[i | half];
		}
	}
}

void phy_polar_encode(const struct phy_polar *p, uint8_t *out, const uint8_t *in)
{
	uint64_t x[PHY_POLAR_N_MAX / 64] = { 0 };
	uint32_t parity = 0; /* y of 5.3.1.2, not shifted: bit n mod 5 is y_0 at n */
	unsigned at = 0;

	for (unsigned i = 0; i < p->n; i++) {
		uint32_t u = 0;

		if (p->kind[i] == PHY_POLAR_INFO) {
			u = in[p->input[at++]] & 1;
			parity ^= u << i % 5;
		} else if (p->kind[i] == PHY_POLAR_PARITY) {
			u = parity >> i % 5 & 1;
		}
		x[i / 64] |= (uint64_t)u << i % 64;
	}
	phy_polar_transform(x, p->n);
	for (unsigned i = 0; i < p->e; i++)
		out[i] = x[p->output[i] / 64] >> p->output[i] % 64 & 1;
}
