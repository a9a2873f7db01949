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

/*
 * 512 bits from bit i on of a string of `octets`; what stands behind its end is 0, or belongs to the last
 * octet. A product of each octet with a matrix of bits, the identity with its rows moved, shifts it left;
 * another one brings what the next octet fills it up with.
 */
static ALWAYS_INLINE __m512i bits_at(const uint8_t *bits, size_t i, size_t octets)
{
	const uint64_t identity = 0x0102040810204080;
	size_t at = i / 8, left = octets - at;
	unsigned shift = i % 8;
	__m512i v = _mm512_maskz_loadu_epi8(first_lanes(left), bits + at), next;

	if (shift == 0)
		return v;
	next = _mm512_maskz_loadu_epi8(first_lanes(left - 1), bits + at + 1);
	v = _mm512_gf2p8affine_epi64_epi8(v, _mm512_set1_epi64((long long)(identity >> 8 * shift)), 0);
	next = _mm512_gf2p8affine_epi64_epi8(
		next, _mm512_set1_epi64((long long)(identity << (64 - 8 * shift))), 0);
	return _mm512_or_si512(v, next);
}

/*
 * Words of 64 bits of eight rows, four at a time: the words 4 h + odd and 4 h + 2 + odd of four rows, from
 * these of each two rows by turns.
 */
static ALWAYS_INLINE __m512i words_of_four(__m512i a, __m512i b, unsigned h)
{
	const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);

	return _mm512_permutex2var_epi64(a, _mm512_add_epi64(first, _mm512_set1_epi64(4 * h)), b);
}

/* Of the word `second` of those two: octet m of each row, for m from 0 on. */
static ALWAYS_INLINE __m512i octets_of_eight(__m512i low, __m512i high, unsigned second)
{
	const __m512i first = _mm512_setr_epi64(0x5850484018100800, 0x5951494119110901, 0x5a524a421a120a02,
		0x5b534b431b130b03, 0x5c544c441c140c04, 0x5d554d451d150d05, 0x5e564e461e160e06,
		0x5f574f471f170f07);

	return _mm512_permutex2var_epi8(
		low, _mm512_add_epi8(first, _mm512_set1_epi8((char)(32 * second))), high);
}

/*
 * 512 symbols of q bits from column j on, an octet each, the bits at its lower end. As an octet of each of 8
 * rows is a matrix of bits, GF2P8AFFINEQB transposes it.
 */
static ALWAYS_INLINE void symbols_at(__m512i symbols[8], const uint8_t *in, size_t cols, unsigned q, size_t j)
{
	const __m512i each_bit = _mm512_set1_epi64((long long)0x0102040810204080);
	__m512i row[8];

#pragma GCC unroll 8
	for (unsigned i = 0; i < 8; i++)
		row[i] = i < 8 - q ? _mm512_setzero_si512()
				   : bits_at(in, (i + q - 8) * cols + j, (cols * q + 7) / 8);
#pragma GCC unroll 4
	for (unsigned i = 0; i < 8; i += 2) {
		__m512i even = _mm512_unpacklo_epi64(row[i], row[i + 1]);

		row[i + 1] = _mm512_unpackhi_epi64(row[i], row[i + 1]);
		row[i] = even;
	}
#pragma GCC unroll 4
	for (unsigned i = 0; i < 4; i++) {
		unsigned odd = i % 2, h = i / 2;
		__m512i low = words_of_four(row[odd], row[2 + odd], h);
		__m512i high = words_of_four(row[4 + odd], row[6 + odd], h);

#pragma GCC unroll 2
		for (unsigned second = 0; second < 2; second++)
			symbols[4 * h + 2 * second + odd] = _mm512_gf2p8affine_epi64_epi8(
				each_bit, octets_of_eight(low, high, second), 0);
	}
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
	size_t octets = (cols * q + 7) / 8;

	for (size_t j = 0; j < cols; j += 512) {
		__m512i symbols[8];

		symbols_at(symbols, in, cols, q, j);
#pragma GCC unroll 8
		for (unsigned i = 0; i < 8; i++) {
			size_t at = (j / 64 + i) * 8 * q, left = at < octets ? octets - at : 0;

			_mm512_mask_storeu_epi8(
				out + at, first_lanes(left < 8 * q ? left : 8 * q), closed(symbols[i], q));
		}
	}
	if (cols * q % 8)
		out[octets - 1] &= (uint8_t)(0xff00 >> cols * q % 8);
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
