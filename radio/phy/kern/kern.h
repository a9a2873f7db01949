/*
 * The kernels: the inner loops of the physical layer. Each signature stands once, in struct kern; the plain C
 * reference of each is always built, and a level of SIMD replaces those that it does better. All levels give
 * the same integers bit for bit, and floats within the bound that check/ states. No kernel allocates, and
 * none reads or writes outside the buffers it is given, which need no alignment.
 */
#pragma once

#include "base/bytes.h"

enum kern_level {
	KERN_REFERENCE,
	KERN_AVX2,             /* with BMI2, FMA and PCLMULQDQ */
	KERN_NEON = KERN_AVX2, /* of AArch64, which has this one */
	KERN_AVX512, /* F, BW, DQ, VL, VBMI, VBMI2, GFNI and VPCLMULQDQ: what came with Ice Lake and Zen 4 */
	KERN_LEVELS,
};

enum {
	KERN_POLAR_LIST = 8,
	KERN_POLAR_TURNS = 24,
	KERN_FFT16_LIMIT = 11584, /* 2 to the power of 13.5 */
	KERN_LLR_PER_NAT = 4,     /* so that int8 LLRs reach 31.75 nats, and those of all channels add up */
	KERN_MMSE_LAYERS = 8,
	KERN_MMSE_ANTENNAS = 8,
	KERN_DEAL_ROWS = 4,
	KERN_PRECODE_MAX = 8, /* layers, and ports */
	KERN_LDPC_DEGREE = 19,
	/* Well below the largest LLR, so that a saturated LLR less one message stays sure. */
	KERN_LDPC_MESSAGE_MAX = 31,
	KERN_LDPC_TWICE = 128, /* octets for the bits of a column twice over, and a vector read behind them */
	KERN_LDPC_MORE = 64,   /* of a column's beginning, repeated behind its end: as many, or all of it */
	KERN_LDPC_COLUMN = 384 + KERN_LDPC_MORE, /* room for a column, all of it may be read and written */
};

/* Bit j of a check is the sum over its edges of bit (j + shift) mod z of column col. */
struct kern_ldpc_edge {
	uint16_t col;
	uint16_t shift; /* below 384 */
};

/* How the sizes of messages are made, see ldpc_row. */
enum kern_ldpc_rule {
	KERN_LDPC_FIRST, /* quickly, and there are no messages yet: they count as 0, whatever stands there */
	KERN_LDPC_QUICK,
	KERN_LDPC_FULL,
	KERN_LDPC_RULES,
};

struct kern_ldpc_row {
	size_t n;                           /* edges, 3 to KERN_LDPC_DEGREE */
	size_t z;                           /* 2 to 384 */
	const int8_t *in[KERN_LDPC_DEGREE]; /* LLRs of the columns, of KERN_LDPC_COLUMN */
	int8_t *out[KERN_LDPC_DEGREE];      /* the same; none is among the in */
	uint16_t turn[KERN_LDPC_DEGREE];    /* lane j takes in[(j + turn) mod z] and goes to out[j] */
	int8_t *messages;                   /* of edge i from i * (z rounded up to KERN_LDPC_MORE) on */
	enum kern_ldpc_rule rule;
};

/* log(1 + exp(-x)) in eighths, of x in quarters: what a second size takes from the least, and the sum gives
 * back; 0 from 16 on. */
#define KERN_LDPC_SOFTENING 5, 4, 4, 3, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0, 0

/*
 * A polynomial of degree L stands at the top of 32 bits, times x^(32 - L), and so does its remainder.
 * slices[k][b]: the remainder of octet b followed by k octets of zeros. fold: x^576, x^512, x^192 and x^128.
 */
struct kern_crc {
	uint32_t slices[8][256];
	uint32_t fold[4];
};

/* The paths of a list decoder. */
struct kern_polar_list {
	unsigned paths, list;                            /* now, and at most */
	int32_t metric[KERN_POLAR_LIST];                 /* what a path's choices cost; 0 is best */
	int16_t bit[KERN_POLAR_LIST];                    /* its last choice: 0 or -1 */
	uint8_t turn[KERN_POLAR_TURNS][KERN_POLAR_LIST]; /* what goes along with it */
};

/*
 * The sequences x1 and x2 of 38.211 5.2.1 in words of 32 bits, x(n) in bit 0. The recurrence x(n+31) = ...
 * holds, over GF(2), for 32 times the distances too, so that it holds for words as it does for bits.
 */
struct kern_gold {
	uint32_t x1[31], x2[31];
};

/* Function pointers only: check/ walks over them and fails for one without a check. */
struct kern {
	/* The remainder of n octets, the first bit the most significant, with as many zeros behind as it is
	 * long. */
	uint32_t (*crc)(const uint8_t *at, size_t n, const struct kern_crc *crc);

	/*
	 * The bits of n edges of a check, added up: octet i of out, for i below len (48 at most), is the sum
	 * of those that stand in the edges' columns from bit 8 i + shift on. A column is KERN_LDPC_TWICE
	 * octets.
	 */
	void (*ldpc_sum)(uint8_t *out, const uint8_t *columns, const struct kern_ldpc_edge *edges, size_t n,
		size_t len);

	/* 38.212 5.4.2.2: cols * q bits, read row by row (q rows), written column by column; zeros behind. */
	void (*bits_interleave)(uint8_t *out, const uint8_t *in, size_t cols, unsigned q);

	/* The way back, on LLRs: out[i * cols + j] = in[j * q + i]. */
	void (*llr_deinterleave)(int8_t *out, const int8_t *in, size_t cols, unsigned q);

	/* acc[i] += x[i], saturating to -128..127. */
	void (*llr_add)(int8_t *acc, const int8_t *x, size_t n);

	/*
	 * A check of the lifted LDPC graph: takes the row's old messages from its columns, makes the new ones
	 * and writes the columns, turned, to out. The size of a message is what the three least sizes of the
	 * check, a, b and c, make of each other. With t(x) the x-th of KERN_LDPC_SOFTENING, two sizes x up to
	 * y are, twice, S(x, y) = max(0, 2 x + t(x + y) - t(y - x)), where a and b count as
	 * KERN_LDPC_MESSAGE_MAX at most as the less of two. Edges of size a get S(b, c); of up to ten edges
	 * those of size b S(a, c); the others S(a, b), and with more than three edges c on top: p = S(a, b),
	 * then max(0, p + t(q + c) - t(c - q)) with q = (p + 1) / 2 rounded down. What many edges take
	 * besides is 1, or 2 (for S(b, c) and S(a, c) from five, for the others from seven edges on); it is
	 * taken off (down to 0), and half of what is left, rounded up, is the size.
	 *
	 * The quick rule: the least of the other edges, m, less 1 and what the next one, d above m, adds to
	 * the doubt: max(0, 2 - floor(d / 2)); but floor(m / 2) is left at least, and KERN_LDPC_MESSAGE_MAX
	 * at most. Returns how many of the z checks did not hold before.
	 */
	size_t (*ldpc_row)(const struct kern_ldpc_row *row);

	/* out[i] = in[i] clamped to [-limit, limit]; limit is 1 to 127, out may be in. */
	void (*llr_clip)(int8_t *out, const int8_t *in, size_t n, int limit);

	/* Packed bits: bit i is 1 for in[i] < 0; zeros behind in the last octet. */
	void (*llr_signs)(uint8_t *out, const int8_t *in, size_t n);

	/*
	 * The two steps of polar decoding, on n LLRs within [-32767, 32767]; out is none of the others.
	 * f: the sign of a[i] times b[i], the smaller magnitude. g: b[i] + a[i] where u[i] is 0, b[i] - a[i]
	 * where it is -1, clamped to the same range.
	 */
	void (*polar_f)(int16_t *out, const int16_t *a, const int16_t *b, size_t n);
	void (*polar_g)(int16_t *out, const int16_t *a, const int16_t *b, const int16_t *u, size_t n);

	/*
	 * The same for a list: vectors of KERN_POLAR_LIST, in which path p has the place turn[p] (below
	 * KERN_POLAR_LIST); out has it at p. half and n are powers of two.
	 */
	void (*polar_list_f)(int16_t *out, const int16_t *in, const uint8_t *turn, size_t half);
	void (*polar_list_g)(int16_t *out, const int16_t *in, const uint8_t *turn, const int16_t *u,
		const uint8_t *turn_u, size_t half);

	/* The bits (0 or -1) of a node from those of its halves, the right one's in order. */
	void (*polar_list_join)(
		int16_t *out, const int16_t *left, const uint8_t *turn, const int16_t *right, size_t half);

	/* For each path, what n zeros cost, and behind these what n ones do: the LLRs against it, summed up.
	 */
	void (*polar_list_costs)(int32_t *cost, const int16_t *in, const uint8_t *turn, size_t n);

	/*
	 * Every path goes on with 0 and 1 at these costs, and at most l->list of all stay: those of the least
	 * metric (below 2^26), of equals first those with 0, and then of the lower path. They come in the
	 * order of bit and path, with their rows of turn.
	 */
	void (*polar_list_split)(struct kern_polar_list *l, const int32_t *cost);

	/* Octet i: of vector i, in bit p the sign of place p. */
	void (*polar_list_signs)(uint8_t *out, const int16_t *in, size_t n);

	/*
	 * Max-log LLRs of n symbols of 2, 4, 6, 8 or 10 bits (38.211 5.1), KERN_LLR_PER_NAT a nat, positive
	 * for a zero, rounded into [-127, 127]: the difference of squared distances over the variance of the
	 * symbol's noise, which is at least 1e-6. iq: 2n floats, mean power 1. NaN gives any LLR.
	 */
	void (*qam_demap)(int8_t *llr, const float *iq, const float *noise, size_t n, unsigned bits);

	/*
	 * Symbols of 2, 4, 6, 8 or 10 bits, packed with the first in the most significant place of octet 0,
	 * dealt to 1 to KERN_DEAL_ROWS rows in turn, n symbols (2n floats) each: the even bits of a symbol
	 * choose the level of its real part, the odd ones that of the other, each the first bit the most
	 * significant of the index.
	 */
	void (*qam_map)(float *const *out, size_t rows, const uint8_t *data, size_t n, unsigned bits,
		const float level[32]);

	/*
	 * The scrambling sequence c of 38.211 5.2.1 from the words in g on, onto octets of packed bits (c(0)
	 * on the most significant bit of octet 0); and onto LLRs, of which those with c(i) = 1 change their
	 * sign, but -128 stays.
	 */
	void (*gold_xor)(uint8_t *data, size_t octets, const struct kern_gold *g);
	void (*gold_negate)(int8_t *llr, size_t n, const struct kern_gold *g);

	/*
	 * A pass of Stockham's Fourier transform over radix * m * s complex samples, radix 3, 4 or 8: sample
	 * q + s (p + m i) of in, for i below radix, goes by a transform of length radix, whose exponent has
	 * this sign (-1 or 1), and the factor w[m (k - 1) + p] for k above 0, to sample q + s (radix p + k)
	 * of out. When m is 1 the factors are 1. s is a multiple of 8; or s is 1, then radix is 8 and m a
	 * multiple of 4, at least 8. out is not in.
	 */
	void (*fft_pass)(
		float *out, const float *in, const float *w, unsigned radix, size_t m, size_t s, float sign);

	/* The largest magnitude of a part of n complex values of two int16: 0 to 32768. */
	unsigned (*ci16_peak)(const int16_t *in, size_t n);

	/*
	 * The same pass on complex values of two int16, for radix 2, 3 or 4, with half its results: inputs
	 * are first halved `shift` times (doubled, if below 0), and should then be within +-KERN_FFT16_LIMIT,
	 * so that nothing clips. Factors are times 32767, and none is -32768; when m is 1 there are none. s
	 * is a multiple of 16; or 1 or 4, then radix is 4 and m at least 16 / s, for s = 1 a multiple of 4.
	 * Returns the peak of out.
	 */
	unsigned (*fft16_pass)(int16_t *out, const int16_t *in, const int16_t *w, unsigned radix, size_t m,
		size_t s, bool inverse, int shift);

	/*
	 * Channel estimation, on complex values (re, im). Windows: for b below blocks and r below rows, out[b
	 * * rows + r] = the sum over j below cols (at least 1) of the real m[j * stride + r] times in[b + j].
	 */
	void (*cf_windows)(float *out, const float *in, const float *m, size_t rows, size_t cols,
		size_t stride, size_t blocks);

	/* out[i] = in[i] exp(j (phase + i step)), n below 8192, |phase| and |step| at most 10; may be in
	 * place. */
	void (*cf_ramp)(float *out, const float *in, size_t n, float phase, float step);

	/* out[i] = the sum over d below count of in[d][i] times the complex w[d]; out is none of the in. */
	void (*cf_combine)(float *out, const float *const *in, const float *w, size_t count, size_t n);

	/*
	 * The same of 1 to KERN_PRECODE_MAX in[] to as many outputs: out[p][i] = the sum over l below layers
	 * of in[l][i] times the complex w[p * KERN_PRECODE_MAX + l]; no out is an in.
	 */
	void (*cf_precode)(float *const *out, size_t ports, const float *const *in, size_t layers,
		const float *w, size_t n);

	/*
	 * Of y = h x + noise of variance n0: x = y conj(h) / |h|^2 and the variance of its noise, n0 / |h|^2,
	 * where KERN_EQUALIZE_LEAST is added to |h|^2.
	 */
	void (*cf_equalize)(float *x, float *noise, const float *y, const float *h, float n0, size_t n);

	/*
	 * Of w y = H x + noise of variance 1, independent at each antenna, w complex, one an antenna: what
	 * MMSE makes of the n resource elements, without its bias, and the variance of its noise: for layer l
	 * of element i in x[2 (i * layers + l)] and noise[i * layers + l]. y[a] has n complex values, h[a *
	 * layers + l] too. antennas is 1 to KERN_MMSE_ANTENNAS, layers 1 to KERN_MMSE_LAYERS. One layer: w y
	 * h* / |h|^2, with KERN_EQUALIZE_LEAST added to |h|^2.
	 */
	void (*cf_mmse)(float *x, float *noise, const float *const *y, const float *w, const float *const *h,
		size_t antennas, size_t layers, size_t n);

	/* Arrays of n complex values. out[i] = in[i] (re + j im); out may be in. */
	void (*cf_scale)(float *out, const float *in, size_t n, float re, float im);

	/* out[i] = a[i] b[i]*; out may be a or b. */
	void (*cf_mul_conj)(float *out, const float *a, const float *b, size_t n);

	/* The real and imaginary part of the sum of a[i] b[i]*; and the sum of |in[i]|^2. */
	void (*cf_dot_conj)(float sum[2], const float *a, const float *b, size_t n);
	float (*cf_energy)(const float *in, size_t n);

	/* Deals to `count` rows in turn, 1 to KERN_DEAL_ROWS: out[r][i] = in[i * count + r], i below n. */
	void (*cf_deal)(float *const *out, const float *in, size_t count, size_t n);

	/* Searching: out[i] = |in[i]|^2 / over[i]. */
	void (*cf_power_over)(float *out, const float *in, const float *over, size_t n);

	/* out[i] = |in[i]|^2; and out[i] = (a[i] + b[i] + c[i]) * by[i]. */
	void (*cf_power)(float *out, const float *in, size_t n);
	void (*sum_thrice)(
		float *out, const float *a, const float *b, const float *c, const float *by, size_t n);

	/* sums[i] = values[i] and the following, length in all, for i below places. values are places +
	 * length
	 * - 1, and spent. */
	void (*sum_windows)(float *sums, float *values, size_t places, size_t length);

	/* Filtering: the sums of taps[i].re * in[i].re and of taps[i].im * in[i].im over n complex values. */
	void (*cf_sum_parts)(float sum[2], const float *taps, const float *in, size_t n);

	/* The i below n with v[i] >= least, ascending, to at (room for n); returns how many. */
	size_t (*find_least)(uint32_t *at, const float *v, size_t n, float least);

	/*
	 * Complex values of two int16 to floats times scale; and back, rounded to the nearest even and
	 * clamped to [-32767, 32767], which NaN becomes the lower end of.
	 */
	void (*ci16_to_cf)(float *out, const int16_t *in, size_t n, float scale);
	void (*cf_to_ci16)(int16_t *out, const float *in, size_t n, float scale);
};

#define KERN_EQUALIZE_LEAST 1e-30f
#define KERN_MMSE_LEAST     1e-5f /* of the share of a layer that is not noise */

/* The reference of crc(), for those that have only few octets and no struct kern. */
uint32_t kern_crc_by_table(const uint8_t *at, size_t n, const struct kern_crc *crc);

/* Fills *k with the best kernels that this processor has, none above max; returns the level reached. */
enum kern_level kern_init(struct kern *k, enum kern_level max);

const char *kern_level_name(enum kern_level level);

/* Each file of kernels has one function that sets its pointers; only kern_init calls them. */
void kern_ref_crc(struct kern *k);
void kern_ref_ldpc(struct kern *k);
void kern_ref_ldpc_decode(struct kern *k);
void kern_ref_polar(struct kern *k);
void kern_ref_demap(struct kern *k);
void kern_ref_polar_list(struct kern *k);
void kern_ref_map(struct kern *k);
void kern_ref_gold(struct kern *k);
void kern_ref_fft16(struct kern *k);
void kern_ref_cf(struct kern *k);
void kern_ref_fft(struct kern *k);
void kern_ref_ratematch(struct kern *k);
void kern_ref_chest(struct kern *k);
void kern_ref_mmse(struct kern *k);
void kern_ref_search(struct kern *k);
void kern_avx2_crc(struct kern *k);
void kern_avx2_ldpc(struct kern *k);
void kern_avx2_ldpc_decode(struct kern *k);
void kern_avx2_polar(struct kern *k);
void kern_avx2_demap(struct kern *k);
void kern_avx2_polar_list(struct kern *k);
void kern_avx2_map(struct kern *k);
void kern_avx2_gold(struct kern *k);
void kern_avx2_fft16(struct kern *k);
void kern_avx2_cf(struct kern *k);
void kern_avx2_fft(struct kern *k);
void kern_avx2_ratematch(struct kern *k);
void kern_avx2_chest(struct kern *k);
void kern_avx2_mmse(struct kern *k);
void kern_avx2_search(struct kern *k);
void kern_avx512_crc(struct kern *k);
void kern_avx512_ldpc(struct kern *k);
void kern_avx512_ldpc_decode(struct kern *k);
void kern_avx512_demap(struct kern *k);
void kern_avx512_polar(struct kern *k);
void kern_avx512_polar_list(struct kern *k);
void kern_avx512_map(struct kern *k);
void kern_avx512_gold(struct kern *k);
void kern_avx512_fft16(struct kern *k);
void kern_avx512_cf(struct kern *k);
void kern_avx512_fft(struct kern *k);
void kern_avx512_ratematch(struct kern *k);
void kern_avx512_chest(struct kern *k);
void kern_avx512_mmse(struct kern *k);
void kern_avx512_search(struct kern *k);

void kern_neon_cf(struct kern *k);
void kern_neon_ldpc_decode(struct kern *k);
void kern_neon_polar(struct kern *k);
