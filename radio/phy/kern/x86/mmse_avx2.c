/* The equaliser of several layers on AVX2: eight resource elements at once. */
#include <immintrin.h>

typedef __m256 vec;

enum { LANES = 8 };

static inline vec plus(vec a, vec b, vec c)
{
	return _mm256_fmadd_ps(a, b, c);
}

static inline vec less(vec a, vec b, vec c)
{
	return _mm256_fnmadd_ps(a, b, c);
}

/* An estimate and a step of Newton's: within 2 units of the last place. */
static inline vec inverse(vec a)
{
	vec r = _mm256_rcp_ps(a);

	return plus(r, less(a, r, _mm256_set1_ps(1)), r);
}

struct lanes;
static inline struct lanes load(const float *p, unsigned long n);
static inline vec at_least(vec g);
static inline void store(
	float *x, float *noise, const struct lanes *z, const vec *e, unsigned long layers, unsigned long n);

#include "radio/phy/kern/x86/mmse_lanes.h"

static inline struct lanes load(const float *p, size_t n)
{
	const __m256i numbers = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
	int octet = 2 * (int)n;
	__m256i low = _mm256_cmpgt_epi32(_mm256_set1_epi32(octet), numbers);
	__m256i high = _mm256_cmpgt_epi32(_mm256_set1_epi32(octet - LANES), numbers);
	__m256 a = _mm256_maskload_ps(p, low), b = _mm256_setzero_ps();
	__m256i order = _mm256_setr_epi32(0, 1, 4, 5, 2, 3, 6, 7);
	struct lanes v;

	if (n > LANES / 2)
		b = _mm256_maskload_ps(p + LANES, high);
	v.re = _mm256_permutevar8x32_ps(_mm256_shuffle_ps(a, b, 0x88), order);
	v.im = _mm256_permutevar8x32_ps(_mm256_shuffle_ps(a, b, 0xdd), order);
	return v;
}

static inline vec at_least(vec g)
{
	return _mm256_max_ps(g, _mm256_set1_ps(KERN_MMSE_LEAST));
}

static inline __attribute__((always_inline)) void store(
	float *x, float *noise, const struct lanes *z, const vec *e, size_t layers, size_t n)
{
	float parts[3][KERN_MMSE_LAYERS][LANES];

	for (size_t l = 0; l < layers; l++) {
		_mm256_storeu_ps(parts[0][l], z[l].re);
		_mm256_storeu_ps(parts[1][l], z[l].im);
		_mm256_storeu_ps(parts[2][l], e[l]);
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t l = 0; l < layers; l++) {
			x[2 * (i * layers + l)] = parts[0][l][i];
			x[2 * (i * layers + l) + 1] = parts[1][l][i];
			noise[i * layers + l] = parts[2][l][i];
		}
	}
}

void kern_avx2_mmse(struct kern *k)
{
	k->cf_mmse = cf_mmse;
}
