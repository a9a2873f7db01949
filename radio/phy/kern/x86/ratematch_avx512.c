/* The kernels of rate matching on AVX-512. */
#include <immintrin.h>

#include "radio/phy/kern/x86/ratematch.h"

#define ALWAYS_INLINE inline __attribute__((always_inline))

enum {
	Q_MAX = 10,
};

/* The first n of 64 lanes; n may be above 64. */
static ALWAYS_INLINE __mmask64 first_lanes(size_t n)
{
	return n >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << n) - 1;
}

/* 64 bits from bit i on, the first the most significant, of a string of `octets`; zeros behind its end. */
static ALWAYS_INLINE uint64_t word_at(const uint8_t *bits, size_t i, size_t octets)
{
	__mmask16 inside = (__mmask16)(first_lanes(octets - i / 8) & 0x1ff);
	__m128i v = _mm_maskz_loadu_epi8(inside, bits + i / 8);
	uint64_t w = __builtin_bswap64((uint64_t)_mm_cvtsi128_si64(v));

	return w << i % 8 | (unsigned)_mm_extract_epi8(v, 8) >> (8 - i % 8);
}

/*
 * 64 symbols of q bits from column j on, an octet each, the bits at its lower end. As an octet of each of 8
 * rows is a matrix of bits, GF2P8AFFINEQB transposes it: the rows stand in the order in which that puts them.
 */
static ALWAYS_INLINE __m512i symbols_at(const uint8_t *in, size_t cols, unsigned q, size_t j)
{
	/* Octet 7 of a row's word is that of its first bits: the first matrix is of octets 7, 15, 23.. */
	const __m512i by_octet = _mm512_setr_epi64(0x3f372f271f170f07, 0x3e362e261e160e06, 0x3d352d251d150d05,
		0x3c342c241c140c04, 0x3b332b231b130b03, 0x3a322a221a120a02, 0x3931292119110901,
		0x3830282018100800);
	uint64_t row[8] = { 0 };
	uint64_t inside = cols - j >= 64 ? ~(uint64_t)0 : ~(~(uint64_t)0 >> (cols - j));
	__m512i v;

#pragma GCC unroll 8
	for (unsigned i = 0; i < q; i++)
		row[8 - q + i] = word_at(in, i * cols + j, (cols * q + 7) / 8) & inside;
	v = _mm512_setr_epi64((long long)row[0], (long long)row[1], (long long)row[2], (long long)row[3],
		(long long)row[4], (long long)row[5], (long long)row[6], (long long)row[7]);
	v = _mm512_permutexvar_epi8(by_octet, v);
	return _mm512_gf2p8affine_epi64_epi8(_mm512_set1_epi64((long long)0x0102040810204080), v, 0);
}

/* Closes the gaps between symbols of q bits: 8 q octets. */
static ALWAYS_INLINE __m512i closed(__m512i v, unsigned q)
{
	const __m512i of_three =
		_mm512_setr_epi32(0x06000102, 0x090a0405, 0x0c0d0e08, 0x16101112, 0x191a1415, 0x1c1d1e18,
			0x26202122, 0x292a2425, 0x2c2d2e28, 0x36303132, 0x393a3435, 0x3c3d3e38, 0, 0, 0, 0);

	if (q == 8)
		return v;
	v = _mm512_maddubs_epi16(v, _mm512_set1_epi16((short)(1 << 8 | 1 << q)));
	if (q == 4)
		return _mm512_castsi256_si512(_mm512_cvtepi16_epi8(v));
	v = _mm512_madd_epi16(v, _mm512_set1_epi32(1 << 16 | 1 << 2 * q));
	if (q == 2)
		return _mm512_castsi128_si512(_mm512_cvtepi32_epi8(v));
	return _mm512_permutexvar_epi8(of_three, v);
}

static ALWAYS_INLINE void interleave(uint8_t *out, const uint8_t *in, size_t cols, unsigned q)
{
	for (size_t j = 0; j < cols; j += 64) {
		size_t octets = ((cols - j < 64 ? cols - j : 64) * q + 7) / 8;

		_mm512_mask_storeu_epi8(
			out + j / 8 * q, first_lanes(octets), closed(symbols_at(in, cols, q, j), q));
	}
}

static void bits_interleave(uint8_t *out, const uint8_t *in, size_t cols, unsigned q)
{
	switch (q) {
	case 2:
		interleave(out, in, cols, 2);
		break;
	case 4:
		interleave(out, in, cols, 4);
		break;
	case 6:
		interleave(out, in, cols, 6);
		break;
	case 8:
		interleave(out, in, cols, 8);
		break;
	default: /* 1 and 10 */
		kern_avx2_bits_interleave(out, in, cols, q);
	}
}

/*
 * 64 columns of q at j. Octet c * q + i of the input goes to octet c of output i: the places stand in
 * ascending order, so what an output takes of a pair of vectors is a run of its lanes.
 */
static ALWAYS_INLINE void deinterleave_group(
	int8_t *out, const int8_t *in, size_t cols, unsigned q, size_t j, __m512i places)
{
	size_t left = cols - j;
	__m512i v[Q_MAX];

#pragma GCC unroll 10
	for (unsigned i = 0; i < q; i++) {
		size_t octets = left * q > 64 * i ? left * q - 64 * i : 0;

		v[i] = _mm512_maskz_loadu_epi8(first_lanes(octets), in + j * q + 64 * i);
	}
#pragma GCC unroll 10
	for (unsigned i = 0; i < q; i++) {
		__m512i from = _mm512_add_epi8(places, _mm512_set1_epi8((char)i));
		__m512i x = _mm512_permutex2var_epi8(v[0], from, v[1]);

#pragma GCC unroll 5
		for (unsigned pair = 1; pair < q / 2; pair++) {
			__mmask64 below = first_lanes((128 * pair - i + q - 1) / q);

			x = _mm512_mask_blend_epi8(
				below, _mm512_permutex2var_epi8(v[2 * pair], from, v[2 * pair + 1]), x);
		}
		_mm512_mask_storeu_epi8(out + i * cols + j, first_lanes(left), x);
	}
}

static ALWAYS_INLINE void deinterleave(int8_t *out, const int8_t *in, size_t cols, unsigned q)
{
	uint8_t places[64];

	for (unsigned c = 0; c < 64; c++)
		places[c] = (uint8_t)(c * q);
	for (size_t j = 0; j < cols; j += 64)
		deinterleave_group(out, in, cols, q, j, _mm512_loadu_si512(places));
}

static void llr_deinterleave(int8_t *out, const int8_t *in, size_t cols, unsigned q)
{
	switch (q) {
	case 2:
		deinterleave(out, in, cols, 2);
		break;
	case 4:
		deinterleave(out, in, cols, 4);
		break;
	case 6:
		deinterleave(out, in, cols, 6);
		break;
	case 8:
		deinterleave(out, in, cols, 8);
		break;
	case 10:
		deinterleave(out, in, cols, 10);
		break;
	default: /* 1 */
		for (size_t j = 0; j < cols * q; j++)
			out[j % q * cols + j / q] = in[j];
	}
}

static void llr_add(int8_t *acc, const int8_t *x, size_t n)
{
	for (size_t i = 0; i < n; i += 64) {
		__mmask64 m = first_lanes(n - i);
		__m512i sum = _mm512_adds_epi8(
			_mm512_maskz_loadu_epi8(m, acc + i), _mm512_maskz_loadu_epi8(m, x + i));

		_mm512_mask_storeu_epi8(acc + i, m, sum);
	}
}

void kern_avx512_ratematch(struct kern *k)
{
	k->bits_interleave = bits_interleave;
	k->llr_deinterleave = llr_deinterleave;
	k->llr_add = llr_add;
}
