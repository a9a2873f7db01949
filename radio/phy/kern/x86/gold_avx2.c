/* Scrambling on AVX2: eight words of 32 bits at once, in chunks that the next ones follow from in memory. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

enum {
	WORDS = 128,
	OLD = 32, /* words before the chunk; the first is not used */
};

struct chunk {
	uint32_t x1[OLD + WORDS], x2[OLD + WORDS]; /* words 31 on follow from those before */
	uint32_t c[WORDS];
};

static __m256i load(const void *at)
{
	return _mm256_loadu_si256((const __m256i *)at);
}

static void store(void *at, __m256i v)
{
	_mm256_storeu_si256((__m256i *)at, v);
}

static void start(struct chunk *w, const struct kern_gold *g)
{
	for (unsigned i = 0; i < 31; i++) {
		w->x1[i] = g->x1[i];
		w->x2[i] = g->x2[i];
	}
}

/* The next words of c, at least count. */
static void next(struct chunk *w, size_t count)
{
	for (size_t i = 0; i < WORDS && i < count; i += 8) {
		const uint32_t *x1 = w->x1 + i, *x2 = w->x2 + i;
		__m256i a = load(x1), b = load(x2), s = _mm256_xor_si256(load(x2 + 1), load(x2 + 2));

		store(w->c + i, _mm256_xor_si256(a, b));
		store(w->x1 + i + 31, _mm256_xor_si256(a, load(x1 + 3)));
		store(w->x2 + i + 31, _mm256_xor_si256(_mm256_xor_si256(b, load(x2 + 3)), s));
	}
}

/* After a whole chunk. */
static void turn_over(struct chunk *w)
{
	for (unsigned i = 0; i < OLD; i += 8) {
		store(w->x1 + i, load(w->x1 + WORDS + i));
		store(w->x2 + i, load(w->x2 + WORDS + i));
	}
}

/* The bits of each octet in the other order. */
static __m256i reversed(__m256i v)
{
	const __m256i nibble = _mm256_set1_epi8(15);
	const __m256i turned = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15));
	__m256i low = _mm256_and_si256(v, nibble), high = _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble);

	low = _mm256_slli_epi16(_mm256_shuffle_epi8(turned, low), 4);
	return _mm256_or_si256(low, _mm256_shuffle_epi8(turned, high));
}

static void gold_xor(uint8_t *data, size_t octets, const struct kern_gold *g)
{
	struct chunk w;
	size_t i = 0;

	start(&w, g);
	for (; i < octets; i += 4 * WORDS) {
		size_t count = octets - i < 4 * WORDS ? octets - i : 4 * WORDS, k = 0;
		uint8_t last[32];

		next(&w, (count + 3) / 4);
		for (; k + 32 <= count; k += 32)
			store(data + i + k,
				_mm256_xor_si256(load(data + i + k), reversed(load(&w.c[k / 4]))));
		if (k < count) {
			store(last, reversed(load(&w.c[k / 4])));
			for (size_t j = k; j < count; j++)
				data[i + j] ^= last[j - k];
		}
		turn_over(&w);
	}
}

static void gold_negate(int8_t *llr, size_t n, const struct kern_gold *g)
{
	const __m256i octet = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2,
		2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
	const __m256i bit = _mm256_set1_epi64x((long long)0x8040201008040201u);
	struct chunk w;

	start(&w, g);
	for (size_t i = 0; i < n; i += 32 * WORDS) {
		size_t count = n - i < 32 * WORDS ? n - i : 32 * WORDS, k = 0;

		next(&w, (count + 31) / 32);
		for (; k + 32 <= count; k += 32) {
			__m256i m = _mm256_shuffle_epi8(_mm256_set1_epi32((int)w.c[k / 32]), octet);

			m = _mm256_cmpeq_epi8(_mm256_and_si256(m, bit), bit);
			store(llr + i + k, _mm256_sub_epi8(_mm256_xor_si256(load(llr + i + k), m), m));
		}
		for (; k < count; k++) {
			int mask = -(int)(w.c[k / 32] >> k % 32 & 1);

			llr[i + k] = (int8_t)((llr[i + k] ^ mask) - mask);
		}
		turn_over(&w);
	}
}

void kern_avx2_gold(struct kern *k)
{
	k->gold_xor = gold_xor;
	k->gold_negate = gold_negate;
}
