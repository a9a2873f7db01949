/*
 * The equaliser of several layers, a lane of a vector for each resource element. Before this file `vec`,
 * LANES, plus() (c + a b), less() (c - a b), inverse(), load() and store() are set: load splits LANES complex
 * values, of which `n` are of use, into their parts; store writes the layers of each element in a row. Up
 * to four layers their number is a constant wherever this is inlined.
 */
#pragma once

#include "radio/phy/kern/kern.h"

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

/* sum + |a|^2 by. */
static inline vec add_power(vec sum, struct lanes a, vec by)
{
	return plus(plus(a.re, a.re, a.im * a.im), by, sum);
}

/* The lower triangle of H^H H + 1, and H^H y. */
struct system {
	vec d[KERN_MMSE_LAYERS]; /* the diagonal, later its inverse */
	struct lanes a[KERN_MMSE_LAYERS][KERN_MMSE_LAYERS], z[KERN_MMSE_LAYERS];
};

static inline __attribute__((always_inline)) void gather(struct system *s, const float *const *y,
	const float *const *h, size_t antennas, size_t layers, size_t at, size_t n)
{
	for (size_t i = 0; i < layers; i++) {
		s->d[i] = (vec){ 0 } + (layers > 1 ? 1.0f : KERN_EQUALIZE_LEAST);
		s->z[i] = (struct lanes){ (vec){ 0 }, (vec){ 0 } };
		for (size_t j = 0; j < i; j++)
			s->a[i][j] = s->z[i];
	}
	for (size_t r = 0; r < antennas; r++) {
		struct lanes in = load(y[r] + 2 * at, n), row[KERN_MMSE_LAYERS];

		for (size_t i = 0; i < layers; i++) {
			row[i] = load(h[r * layers + i] + 2 * at, n);
			s->d[i] = plus(row[i].im, row[i].im, plus(row[i].re, row[i].re, s->d[i]));
			add_conj(&s->z[i], in, row[i]);
			for (size_t j = 0; j < i; j++)
				add_conj(&s->a[i][j], row[j], row[i]);
		}
	}
}

/* L D L^H: a becomes L, d the inverse of D. */
static inline __attribute__((always_inline)) void factorize(struct system *s, size_t layers)
{
	for (size_t j = 0; j < layers; j++) {
		for (size_t k = 0; k < j; k++) {
			struct lanes scaled = s->a[j][k]; /* L times D still */

			s->a[j][k].re *= s->d[k];
			s->a[j][k].im *= s->d[k];
			s->d[j] = less(scaled.im, s->a[j][k].im, less(scaled.re, s->a[j][k].re, s->d[j]));
		}
		s->d[j] = inverse(s->d[j]);
		for (size_t i = j + 1; i < layers; i++) {
			for (size_t k = 0; k < j; k++)
				sub_conj(&s->a[i][j], s->a[i][k], s->a[j][k]);
		}
	}
}

static inline __attribute__((always_inline)) void solve(struct system *s, size_t layers)
{
	for (size_t i = 1; i < layers; i++) {
		for (size_t k = 0; k < i; k++)
			sub_mul(&s->z[i], s->a[i][k], s->z[k]);
	}
	for (size_t i = layers; i-- > 0;) {
		s->z[i].re *= s->d[i];
		s->z[i].im *= s->d[i];
		for (size_t k = i + 1; k < layers; k++)
			sub_conj(&s->z[i], s->z[k], s->a[k][i]);
	}
}

/* Element i of the diagonal of the inverse. */
static inline __attribute__((always_inline)) vec inverse_at(const struct system *s, size_t layers, size_t i)
{
	struct lanes m[KERN_MMSE_LAYERS];
	vec sum = s->d[i];

	for (size_t k = i + 1; k < layers; k++) {
		m[k].re = -s->a[k][i].re;
		m[k].im = -s->a[k][i].im;
		for (size_t j = i + 1; j < k; j++)
			sub_mul(&m[k], s->a[k][j], m[j]);
		sum = add_power(sum, m[k], s->d[k]);
	}
	return sum;
}

static inline __attribute__((always_inline)) void run(float *x, float *noise, const float *const *y,
	const float *const *h, size_t antennas, size_t layers, size_t n)
{
	for (size_t at = 0; at < n; at += LANES) {
		size_t left = n - at < LANES ? n - at : LANES;
		vec e[KERN_MMSE_LAYERS];
		struct system s;

		gather(&s, y, h, antennas, layers, at, left);
		factorize(&s, layers);
		solve(&s, layers);
		for (size_t i = 0; i < layers; i++) {
			e[i] = inverse_at(&s, layers, i);
			if (layers > 1) {
				vec per = inverse(at_least(1.0f - e[i]));

				s.z[i].re *= per;
				s.z[i].im *= per;
				e[i] *= per;
			}
		}
		store(x + 2 * at * layers, noise + at * layers, s.z, e, layers, left);
	}
}

static void cf_mmse(float *x, float *noise, const float *const *y, const float *const *h, size_t antennas,
	size_t layers, size_t n)
{
	switch (layers) { /* each a loop of its own, for the compiler */
	case 1:
		run(x, noise, y, h, antennas, 1, n);
		break;
	case 2:
		run(x, noise, y, h, antennas, 2, n);
		break;
	case 3:
		run(x, noise, y, h, antennas, 3, n);
		break;
	case 4:
		run(x, noise, y, h, antennas, 4, n);
		break;
	default:
		run(x, noise, y, h, antennas, layers, n);
	}
}
