/* The reference of the kernels of polar list decoding. */
#include "radio/phy/kern/kern.h"

enum { L = KERN_POLAR_LIST };

/* The places in order: what follows is then eight times the same. */
static void turned(int16_t out[L], const int16_t *in, const uint8_t *turn)
{
	for (unsigned p = 0; p < L; p++)
		out[p] = in[turn[p]];
}

static void polar_list_f(int16_t *out, const int16_t *in, const uint8_t *turn, size_t half)
{
	int16_t a[L], b[L];

	for (size_t i = 0; i < half; i++, out += L, in += L) {
		turned(a, in, turn);
		turned(b, in + L * half, turn);
		for (unsigned p = 0; p < L; p++) {
			int16_t x = a[p] < 0 ? (int16_t)-a[p] : a[p], y = b[p] < 0 ? (int16_t)-b[p] : b[p];
			int16_t least = x < y ? x : y, sign = (int16_t)((a[p] ^ b[p]) >> 15);

			out[p] = (int16_t)((least ^ sign) - sign);
		}
	}
}

static void polar_list_g(int16_t *out, const int16_t *in, const uint8_t *turn, const int16_t *u,
	const uint8_t *turn_u, size_t half)
{
	int16_t a[L], b[L], s[L];

	for (size_t i = 0; i < half; i++, out += L, in += L, u += L) {
		turned(a, in, turn);
		turned(b, in + L * half, turn);
		turned(s, u, turn_u);
		for (unsigned p = 0; p < L; p++) {
			int32_t v = b[p] + (a[p] ^ s[p]) - s[p];

			v = v > 32767 ? 32767 : v;
			out[p] = (int16_t)(v < -32767 ? -32767 : v);
		}
	}
}

static void polar_list_join(
	int16_t *out, const int16_t *left, const uint8_t *turn, const int16_t *right, size_t half)
{
	for (size_t i = 0; i < half; i++) {
		for (unsigned p = 0; p < L; p++) {
			out[L * i + p] = left[L * i + turn[p]] ^ right[L * i + p];
			out[L * (half + i) + p] = right[L * i + p];
		}
	}
}

static void polar_list_costs(int32_t *cost, const int16_t *in, const uint8_t *turn, size_t n)
{
	int32_t low[L] = { 0 }, high[L] = { 0 };

	for (size_t i = 0; i < n; i++) {
		for (unsigned p = 0; p < L; p++) {
			int32_t v = in[L * i + p], negative = v & v >> 31;

			low[p] -= negative;
			high[p] += v - negative;
		}
	}
	for (unsigned p = 0; p < L; p++) {
		cost[p] = low[turn[p]];
		cost[L + p] = high[turn[p]];
	}
}

/* Whether each candidate is among the `list` best. */
static void choose(bool stays[2 * L], const int32_t metric[2 * L], const struct kern_polar_list *l)
{
	int32_t key[2 * L], better[2 * L] = { 0 }; /* unique keys: of equals the first is best */

	for (unsigned c = 0; c < 2 * L; c++)
		key[c] = c % L < l->paths ? metric[c] * (2 * L) + (int32_t)c : INT32_MAX;
	for (unsigned other = 0; other < 2 * L; other++) {
		for (unsigned c = 0; c < 2 * L; c++)
			better[c] += key[other] < key[c];
	}
	for (unsigned c = 0; c < 2 * L; c++)
		stays[c] = c % L < l->paths && better[c] < (int32_t)l->list;
}

static void polar_list_split(struct kern_polar_list *l, const int32_t *cost)
{
	struct kern_polar_list old = *l;
	uint8_t from[L] = { 0 };
	int32_t metric[2 * L];
	bool stays[2 * L];
	unsigned count = 0;

	for (unsigned c = 0; c < 2 * L; c++) /* of dead paths whatever they hold */
		metric[c] = (int32_t)((uint32_t)old.metric[c % L] + (uint32_t)cost[c]);
	choose(stays, metric, &old);
	for (unsigned c = 0; c < 2 * L; c++) {
		if (!stays[c])
			continue;
		l->metric[count] = metric[c];
		l->bit[count] = (int16_t)(c < L ? 0 : -1);
		from[count++] = (uint8_t)(c % L);
	}
	l->paths = count;
	for (unsigned r = 0; r < KERN_POLAR_TURNS; r++) {
		for (unsigned p = 0; p < L; p++)
			l->turn[r][p] = old.turn[r][from[p]];
	}
}

static void polar_list_signs(uint8_t *out, const int16_t *in, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		out[i] = 0;
		for (unsigned p = 0; p < L; p++)
			out[i] |= (uint8_t)((in[L * i + p] < 0) << p);
	}
}

void kern_ref_polar_list(struct kern *k)
{
	k->polar_list_f = polar_list_f;
	k->polar_list_g = polar_list_g;
	k->polar_list_join = polar_list_join;
	k->polar_list_costs = polar_list_costs;
	k->polar_list_split = polar_list_split;
	k->polar_list_signs = polar_list_signs;
}
