/* The reference of the equaliser of several layers. */
#include "radio/phy/kern/kern.h"

#include <complex.h>

enum { LAYERS = KERN_MMSE_LAYERS };

/* Of H^H H + 1 in a: its factors, d the diagonal's inverse, the lower triangle of a that of L. */
static void factorize(float complex a[LAYERS][LAYERS], float *d, size_t layers)
{
	for (size_t j = 0; j < layers; j++) {
		float diagonal = crealf(a[j][j]);

		for (size_t k = 0; k < j; k++)
			diagonal -= crealf(a[j][k] * conjf(a[j][k])) / d[k];
		d[j] = 1 / diagonal;
		for (size_t i = j + 1; i < layers; i++) {
			for (size_t k = 0; k < j; k++)
				a[i][j] -= a[i][k] * conjf(a[j][k]) / d[k];
			a[i][j] *= d[j];
		}
	}
}

/* Element i of the diagonal of the inverse. */
static float inverse_at(float complex a[LAYERS][LAYERS], const float *d, size_t layers, size_t i)
{
	float complex m[LAYERS] = { 0 };
	float sum = 0;

	m[i] = 1;
	for (size_t k = i; k < layers; k++) {
		for (size_t j = i; j < k; j++)
			m[k] -= a[k][j] * m[j];
		sum += crealf(m[k] * conjf(m[k])) * d[k];
	}
	return sum;
}

static void solve(float complex a[LAYERS][LAYERS], const float *d, float complex *z, size_t layers)
{
	for (size_t i = 1; i < layers; i++) {
		for (size_t k = 0; k < i; k++)
			z[i] -= a[i][k] * z[k];
	}
	for (size_t i = layers; i-- > 0;) {
		z[i] *= d[i];
		for (size_t k = i + 1; k < layers; k++)
			z[i] -= conjf(a[k][i]) * z[k];
	}
}

static void equalize(float *x, float *noise, const float complex *h, const float complex *y, size_t antennas,
	size_t layers)
{
	float complex a[LAYERS][LAYERS], z[LAYERS];
	float d[LAYERS];

	for (size_t i = 0; i < layers; i++) {
		z[i] = 0;
		for (size_t j = 0; j <= i; j++)
			a[i][j] = i == j && layers > 1;
		for (size_t r = 0; r < antennas; r++) {
			z[i] += conjf(h[r * layers + i]) * y[r];
			for (size_t j = 0; j <= i; j++)
				a[i][j] += conjf(h[r * layers + i]) * h[r * layers + j];
		}
	}
	if (layers == 1)
		a[0][0] += KERN_EQUALIZE_LEAST;
	factorize(a, d, layers);
	solve(a, d, z, layers);
	for (size_t i = 0; i < layers; i++) {
		float e = inverse_at(a, d, layers, i), g = 1 - e > KERN_MMSE_LEAST ? 1 - e : KERN_MMSE_LEAST;

		if (layers == 1)
			g = 1;
		x[2 * i] = crealf(z[i]) / g;
		x[2 * i + 1] = cimagf(z[i]) / g;
		noise[i] = e / g;
	}
}

static void cf_mmse(float *x, float *noise, const float *const *y, const float *w, const float *const *h,
	size_t antennas, size_t layers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float complex at[KERN_MMSE_ANTENNAS * LAYERS], in[KERN_MMSE_ANTENNAS];

		for (size_t r = 0; r < antennas; r++) {
			in[r] = ((const float complex *)y[r])[i] * (w[2 * r] + w[2 * r + 1] * I);
			for (size_t l = 0; l < layers; l++)
				at[r * layers + l] = ((const float complex *)h[r * layers + l])[i];
		}
		equalize(x + 2 * i * layers, noise + i * layers, at, in, antennas, layers);
	}
}

void kern_ref_mmse(struct kern *k)
{
	k->cf_mmse = cf_mmse;
}
