#include "radio/phy/codes/smallblock.h"

#include "radio/phy/signals/sequence.h"
#include "radio/phy/codes/tables.h"

enum { WORD = 32, TRANSFORMED = 6 }; /* columns 0 to 5 of the basis are a first-order Reed-Muller code */

static bool legal(unsigned k, unsigned qm)
{
	return k >= 1 && k <= PHY_SMALL_MAX && (qm == 1 || (qm >= 2 && qm <= 8 && qm % 2 == 0));
}

/* Tables 5.3.3.1-1 and 5.3.3.2-1: what stands at i: index of a code bit (0, 1, 2), or a placeholder as -1
 * (x), -2 (y). */
static int short_bit(size_t i, unsigned k, unsigned qm)
{
	size_t place = i % qm, symbol = i / qm;

	if (k == 1)
		return place == 0 ? 0 : place == 1 ? -2 : -1;
	if (qm == 1)
		return (int)(i % 3);
	return place > 1 ? -1 : (int)((2 * symbol + place) % 3);
}

static uint8_t code_bit(uint32_t msg, unsigned row, unsigned k)
{
	uint32_t sum = 0;

	for (unsigned j = 0; j < k; j++)
		sum ^= (msg >> j & 1) & (uint32_t)phy_small_block_basis_32x11[row][j];
	return (uint8_t)sum;
}

bool phy_small_encode(uint8_t *out, size_t e, unsigned k, unsigned qm, uint32_t msg)
{
	uint8_t c[WORD];

	if (!legal(k, qm))
		return false;
	if (k < 3) {
		c[0] = msg & 1;
		c[1] = msg >> 1 & 1;
		c[2] = c[0] ^ c[1];
		for (size_t i = 0; i < e; i++) {
			int b = short_bit(i, k, qm);

			out[i] = b >= 0 ? c[b] : b == -1 ? PHY_BIT_X : PHY_BIT_Y;
		}
		return true;
	}
	for (unsigned i = 0; i < WORD; i++)
		c[i] = code_bit(msg, i, k);
	for (size_t i = 0; i < e; i++)
		out[i] = c[i % WORD];
	return true;
}

static void decode_short(struct phy_small_result *out, const int8_t *llr, size_t e, unsigned k, unsigned qm)
{
	int32_t sum[3] = { 0, 0, 0 };

	out->total = 0;
	for (size_t i = 0; i < e; i++) {
		int b = short_bit(i, k, qm);

		if (b < 0)
			continue; /* placeholders help the distance of the modulation; what they repeat was
				     scrambled */
		sum[b] += llr[i];
		out->total += llr[i] < 0 ? -llr[i] : llr[i];
	}
	out->metric = INT32_MIN;
	for (uint32_t msg = 0; msg < 1u << k; msg++) {
		int32_t metric = (msg & 1 ? -sum[0] : sum[0]) + (msg & 2 ? -sum[1] : sum[1]) +
				 ((msg ^ msg >> 1) & 1 ? -sum[2] : sum[2]);

		if (k == 1)
			metric = msg ? -sum[0] : sum[0];
		if (metric > out->metric) {
			out->metric = metric;
			out->msg = msg;
		}
	}
}

static void hadamard(int32_t v[WORD])
{
	for (unsigned half = 1; half < WORD; half *= 2) {
		for (unsigned i = 0; i < WORD; i += 2 * half) {
			for (unsigned j = i; j < i + half; j++) {
				int32_t a = v[j], b = v[j + half];

				v[j] = a + b;
				v[j + half] = a - b;
			}
		}
	}
}

/* A row of the basis as bits, column 0 in bit 0. */
static uint32_t row_bits(unsigned row)
{
	uint32_t bits = 0;

	for (unsigned j = 0; j < PHY_SMALL_MAX; j++)
		bits |= (uint32_t)phy_small_block_basis_32x11[row][j] << j;
	return bits;
}

/* All words with the same bits from 6 on at once: their sum turns the signs, columns 1 to 5 order the rows.
 */
static void decode_coset(struct phy_small_result *out, const int32_t sum[WORD], const uint32_t rows[WORD],
	unsigned k, uint32_t high)
{
	int32_t v[WORD];
	unsigned low = k < TRANSFORMED ? k : TRANSFORMED;

	for (unsigned i = 0; i < WORD; i++) {
		bool turned = __builtin_parity(rows[i] & high << TRANSFORMED);

		v[rows[i] >> 1 & (WORD - 1)] = turned ? -sum[i] : sum[i];
	}
	hadamard(v);
	for (unsigned w = 0; w < 1u << (low - 1); w++) {
		int32_t metric = v[w] < 0 ? -v[w] : v[w];

		if (metric > out->metric) {
			out->metric = metric;
			out->msg = high << TRANSFORMED | w << 1 | (v[w] < 0); /* column 0 is all ones */
		}
	}
}

bool phy_small_decode(struct phy_small_result *out, const int8_t *llr, size_t e, unsigned k, unsigned qm)
{
	int32_t sum[WORD] = { 0 };
	uint32_t rows[WORD];

	if (!legal(k, qm))
		return false;
	out->msg = 0;
	if (k < 3) {
		decode_short(out, llr, e, k, qm);
		return true;
	}
	out->total = 0;
	for (size_t i = 0; i < e; i++) {
		sum[i % WORD] += llr[i];
		out->total += llr[i] < 0 ? -llr[i] : llr[i];
	}
	for (unsigned i = 0; i < WORD; i++)
		rows[i] = row_bits(i);
	out->metric = INT32_MIN;
	for (uint32_t high = 0; high < (k > TRANSFORMED ? 1u << (k - TRANSFORMED) : 1u); high++)
		decode_coset(out, sum, rows, k, high);
	return true;
}
