/* The reference of the kernels of searching. */
#include "radio/phy/kern/kern.h"
#include "radio/phy/kern/sum_windows.h"

static void cf_power_over(float *out, const float *in, const float *over, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (in[2 * i] * in[2 * i] + in[2 * i + 1] * in[2 * i + 1]) / over[i];
}

static void cf_power(float *out, const float *in, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = in[2 * i] * in[2 * i] + in[2 * i + 1] * in[2 * i + 1];
}

static void sum_thrice(float *out, const float *a, const float *b, const float *c, const float *by, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (a[i] + b[i] + c[i]) * by[i];
}

static void cf_sum_parts(float sum[2], const float *taps, const float *in, size_t n)
{
	sum[0] = sum[1] = 0;
	for (size_t i = 0; i < n; i++) {
		sum[0] += taps[2 * i] * in[2 * i];
		sum[1] += taps[2 * i + 1] * in[2 * i + 1];
	}
}

static size_t find_least(uint32_t *at, const float *v, size_t n, float least)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		if (v[i] >= least)
			at[found++] = (uint32_t)i;
	}
	return found;
}

void kern_ref_search(struct kern *k)
{
	k->cf_power_over = cf_power_over;
	k->cf_power = cf_power;
	k->sum_thrice = sum_thrice;
	k->sum_windows = sum_windows;
	k->cf_sum_parts = cf_sum_parts;
	k->find_least = find_least;
}
