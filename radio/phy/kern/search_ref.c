/* The reference of the kernels of searching. */
#include "radio/phy/kern/kern.h"

static void cf_power_over(float *out, const float *in, const float *over, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (in[2 * i] * in[2 * i] + in[2 * i + 1] * in[2 * i + 1]) / over[i];
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
	k->find_least = find_least;
}
