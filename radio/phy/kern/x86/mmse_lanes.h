/*
 * The equaliser of several layers, a lane of a vector for each resource element. Before this file `vec`,
 * LANES, plus() (c + a b), less() (c - a b), inverse(), load() and store() are set: load splits LANES complex
 * values, of which `n` are of use, into their parts; store writes the layers of each element in a row. The
 * number of layers is a constant wherever this is inlined, at times one greater than what is `used`: more
 * layers, of nothing, change nothing. Loops over layers have to be unrolled, or their arrays stay in memory.
 */
#pragma once

#include "radio/phy/kern/kern.h"

#ifdef __clang__
#define UNROLL /* it does by itself; told to, it takes minutes with sanitizers */
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

struct lanes {
	vec re, im;
};

/* a b*, added to or taken from *sum. */
static inline void add_conj(struct lanes *sum, struct lanes a, struct lanes b)
{
	sum->re = plus(a.im, b.im, plus(a.re, b.re, sum->re));
	sum->im = less(a.re, b.im, plus(a.im, b.re, sum->im));
}

static inline void sub_conj(struct lanes *sum, struct lanes a, struct lanes b)
{
	sum->re = less(a.im, b.im, less(a.re, b.re, sum->re));
	sum->im = plus(a.re, b.im, less(a.im, b.re, sum->im));
}

static inline void sub_mul(struct lanes *sum, struct lanes a, struct lanes b)
{
	sum->re = plus(a.im, b.im, less(a.re, b.re, sum->re));
	sum->im = less(a.im, b.re, less(a.re, b.im, sum->im));
}

/* a times a complex number, the same in all lanes. */
static inline struct lanes turned(struct lanes a, const float *w)
{
	vec re = (vec){ 0 } + w[0], im = (vec){ 0 } + w[1];

	return (struct lanes){ less(a.im, im, a.re * re), plus(a.re, im, a.im * re) };
}

/* sum + |a|^2 by. */
static inline vec add_power(vec sum, struct lanes a, vec by)
{
	return plus(plus(a.re, a.re, a.im * a.im), by, sum);
}

/* The lower triangle of H^H H + 1, and H^H y. */
struct system {
	vec d[KERN_MMSE_LAYERS]; /* the diagonal, later its inverse */
	struct lanes a[KERN_MMSE_LAYERS][KERN_MMSE_LAYERS], z[KERN_MMSE_LAYERS];
	struct lanes m[KERN_MMSE_LAYERS][KERN_MMSE_LAYERS]; /* what L's inverse has below the diagonal */
};

/* Row i from the parts of all antennas: few enough sums at a time that they stay in registers. */
static inline __attribute__((always_inline)) void gather_row(struct system *s, const struct lanes *y,
	const struct lanes (*h)[KERN_MMSE_LAYERS], size_t antennas, size_t layers, size_t i)
{
	const struct lanes zero = { (vec){ 0 }, (vec){ 0 } };
	vec d = (vec){ 0 } + (layers > 1 ? 1.0f : KERN_EQUALIZE_LEAST);
	struct lanes z = zero, a[KERN_MMSE_LAYERS];

	UNROLL
	for (size_t j = 0; j < i; j++)
		a[j] = zero;
	for (size_t r = 0; r < antennas; r++) {
		struct lanes own = h[r][i];

		d = plus(own.im, own.im, plus(own.re, own.re, d));
		add_conj(&z, y[r], own);
		UNROLL
		for (size_t j = 0; j < i; j++)
			add_conj(&a[j], h[r][j], own);
	}
	s->d[i] = d;
	s->z[i] = z;
	UNROLL
	for (size_t j = 0; j < i; j++)
		s->a[i][j] = a[j];
}

static inline __attribute__((always_inline)) void gather(struct system *s, const float *const *y,
	const float *w, const float *const *h, size_t antennas, size_t layers, size_t used, size_t at,
	size_t n)
{
	struct lanes in[KERN_MMSE_ANTENNAS], row[KERN_MMSE_ANTENNAS][KERN_MMSE_LAYERS];
	const struct lanes none = { (vec){ 0 }, (vec){ 0 } };

	for (size_t r = 0; r < antennas; r++) {
		in[r] = turned(load(y[r] + 2 * at, n), w + 2 * r);
		UNROLL
		for (size_t i = 0; i < layers; i++)
			row[r][i] = i < used ? load(h[r * used + i] + 2 * at, n) : none;
	}
	UNROLL
	for (size_t i = 0; i < layers; i++)
		gather_row(s, in, row, antennas, layers, i);
}

/* Row j of the inverse of L, but for its diagonal of 1, from the rows before; and what it makes of z. */
static inline __attribute__((always_inline)) void invert_row(struct system *s, size_t j)
{
	UNROLL
	for (size_t k = 0; k < j; k++)
		sub_mul(&s->z[j], s->a[j][k], s->z[k]);
	UNROLL
	for (size_t i = 0; i < j; i++) {
		s->m[j][i].re = -s->a[j][i].re;
		s->m[j][i].im = -s->a[j][i].im;
		UNROLL
		for (size_t k = i + 1; k < j; k++)
			sub_mul(&s->m[j][i], s->a[j][k], s->m[k][i]);
	}
}

/* L D L^H: a becomes L, d the inverse of D, z that of L times z. */
static inline __attribute__((always_inline)) void factorize(struct system *s, size_t layers)
{
	UNROLL
	for (size_t j = 0; j < layers; j++) {
		UNROLL
		for (size_t k = 0; k < j; k++) {
			struct lanes scaled = s->a[j][k]; /* L times D still */

			s->a[j][k].re *= s->d[k];
			s->a[j][k].im *= s->d[k];
			s->d[j] = less(scaled.im, s->a[j][k].im, less(scaled.re, s->a[j][k].re, s->d[j]));
		}
		s->d[j] = inverse(s->d[j]);
		UNROLL
		for (size_t i = j + 1; i < layers; i++) {
			UNROLL
			for (size_t k = 0; k < j; k++)
				sub_conj(&s->a[i][j], s->a[i][k], s->a[j][k]);
		}
		invert_row(s, j);
	}
}

/* Layer i of what was sent, and its element of the diagonal of the inverse; z is already times d. */
static inline __attribute__((always_inline)) struct lanes solve(
	const struct system *s, size_t layers, size_t i, vec *e)
{
	struct lanes x = s->z[i];

	*e = s->d[i];
	UNROLL
	for (size_t k = i + 1; k < layers; k++) {
		x.re = plus(s->m[k][i].im, s->z[k].im, plus(s->m[k][i].re, s->z[k].re, x.re));
		x.im = less(s->m[k][i].im, s->z[k].re, plus(s->m[k][i].re, s->z[k].im, x.im));
		*e = add_power(*e, s->m[k][i], s->d[k]);
	}
	return x;
}

static inline __attribute__((always_inline)) void equalize(float *x, float *noise, const float *const *y,
	const float *w, const float *const *h, size_t antennas, size_t layers, size_t used, size_t at,
	size_t n)
{
	struct lanes sent[KERN_MMSE_LAYERS];
	vec e[KERN_MMSE_LAYERS];
	struct system s;

	gather(&s, y, w, h, antennas, layers, used, at, n);
	factorize(&s, layers);
	UNROLL
	for (size_t i = 0; i < layers; i++) {
		s.z[i].re *= s.d[i];
		s.z[i].im *= s.d[i];
	}
	UNROLL
	for (size_t i = 0; i < layers; i++) {
		sent[i] = solve(&s, layers, i, &e[i]);
		if (layers > 1) {
			vec per = inverse(at_least(1.0f - e[i]));

			sent[i].re *= per;
			sent[i].im *= per;
			e[i] *= per;
		}
	}
	store(x + 2 * at * used, noise + at * used, sent, e, used, n);
}

static inline __attribute__((always_inline)) void run(float *x, float *noise, const float *const *y,
	const float *w, const float *const *h, size_t antennas, size_t layers, size_t used, size_t n)
{
	size_t at = 0;

	for (; at + LANES <= n; at += LANES)
		equalize(x, noise, y, w, h, antennas, layers, used, at, LANES);
	if (at < n) /* some a second time, which costs less than a loop for part of a vector */
		equalize(x, noise, y, w, h, antennas, layers, used, n - LANES, LANES);
}

static void cf_mmse(float *x, float *noise, const float *const *y, const float *w, const float *const *h,
	size_t antennas, size_t layers, size_t n)
{
	if (layers == 1 && n < LANES) {
		equalize(x, noise, y, w, h, antennas, 1, 1, 0, n);
	} else if (layers == 1) {
		run(x, noise, y, w, h, antennas, 1, 1, n);
	} else if (layers > 4 || n < LANES) {
		for (size_t at = 0; at < n; at += LANES)
			equalize(x, noise, y, w, h, antennas, KERN_MMSE_LAYERS, layers, at,
				n - at < LANES ? n - at : LANES);
	} else if (antennas == 4 && layers == 4) {
		run(x, noise, y, w, h, 4, 4, 4, n);
	} else if (layers > 2) {
		run(x, noise, y, w, h, antennas, 4, layers, n);
	} else if (antennas == 4) {
		run(x, noise, y, w, h, 4, 2, 2, n);
	} else if (antennas == 2) {
		run(x, noise, y, w, h, 2, 2, 2, n);
	} else {
		run(x, noise, y, w, h, antennas, 2, 2, n);
	}
}
