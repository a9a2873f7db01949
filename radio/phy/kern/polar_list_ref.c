/* The reference of the kernels of polar list decoding. */
#include "radio/phy/kern/kern.h"

enum { L = KERN_POLAR_LIST };

static void polar_list_f(int16_t *out, const int16_t *in, const uint8_t *turn, size_t half)
{
	for (size_t i = 0; i < half; i++) {
		for (unsigned p = 0; p < L; p++) {
			int a = in[L * i + turn[p]], b = in[L * (half + i) + turn[p]];
			int x = a < 0 ? -a : a, y = b < 0 ? -b : b, least = x < y ? x : y;

			out[L * i + p] = (int16_t)((a ^ b) < 0 ? -least : least);
		}
	}
}

static void polar_list_g(int16_t *out, const int16_t *in, const uint8_t *turn, const int16_t *u,
	const uint8_t *turn_u, size_t half)
{
	for (size_t i = 0; i < half; i++) {
		for (unsigned p = 0; p < L; p++) {
			int a = in[L * i + turn[p]], b = in[L * (half + i) + turn[p]],
			    s = u[L * i + turn_u[p]];
			int v = b + (a ^ s) - s;

			out[L * i + p] = (int16_t)(v > 32767 ? 32767 : v < -32767 ? -32767 : v);
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
	for (unsigned p = 0; p < 2 * L; p++)
		cost[p] = 0;
	for (size_t i = 0; i < n; i++) {
		for (unsigned p = 0; p < L; p++) {
			int v = in[L * i + turn[p]];

			cost[p] -= v < 0 ? v : 0;
			cost[L + p] += v > 0 ? v : 0;
		}
	}
}

static void polar_list_split(struct kern_polar_list *l, const int32_t *cost)
{
	struct kern_polar_list old = *l;
	unsigned count = 0;

	for (unsigned c = 0; c < 2 * L; c++) {
		int32_t metric = old.metric[c % L] + cost[c];
		unsigned better = 0;

		if (c % L >= old.paths)
			continue;
		for (unsigned other = 0; other < 2 * L; other++) {
			int32_t v = old.metric[other % L] + cost[other];

			better += other % L < old.paths && (v < metric || (v == metric && other < c));
		}
		if (better >= old.list)
			continue;
		l->metric[count] = metric;
		l->bit[count] = (int16_t)(c < L ? 0 : -1);
		for (unsigned r = 0; r < KERN_POLAR_TURNS; r++)
			l->turn[r][count] = old.turn[r][c % L];
		count++;
	}
	l->paths = count;
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
