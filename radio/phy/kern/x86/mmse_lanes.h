/*
 * The equaliser of several layers, a lane of a vector for each resource element. Before this file come `vec`,
 * LANES, plus() (c + a b), less() (c - a b), larger(), inverse() and put(); load(), which splits LANES
 * complex values, of which `n` are of use, into their parts, in the order that costs least (element_of());
 * and what brings them back to where they were: zip() of single floats, then zip_pairs(), zip_fours(), each
 * of two vectors in turn, and in_order(). The number of layers is a constant wherever this is inlined, at
 * times one greater than what is `used`: more layers, of nothing, change nothing. Loops over layers have to
 * be unrolled, or their arrays stay in memory.
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

static inline struct lanes read(const float *p, size_t n)
{
	struct lanes v;

	load(&v.re, &v.im, p, n);
	return v;
}

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

/* What an antenna adds to row i. */
static inline __attribute__((always_inline)) void gather_row(
	struct system *s, struct lanes y, const struct lanes *h, size_t i)
{
	s->d[i] = plus(h[i].im, h[i].im, plus(h[i].re, h[i].re, s->d[i]));
	add_conj(&s->z[i], y, h[i]);
	UNROLL
	for (size_t j = 0; j < i; j++)
		add_conj(&s->a[i][j], h[j], h[i]);
}

static inline __attribute__((always_inline)) void gather(struct system *s, const float *const *y,
	const float *w, const float *const *h, size_t antennas, size_t layers, size_t used, size_t at,
	size_t n)
{
	const struct lanes none = { (vec){ 0 }, (vec){ 0 } };

	UNROLL
	for (size_t i = 0; i < layers; i++) {
		s->d[i] = (vec){ 0 } + (layers > 1 ? 1.0f : KERN_EQUALIZE_LEAST);
		s->z[i] = none;
		UNROLL
		for (size_t j = 0; j < i; j++)
			s->a[i][j] = none;
	}
	for (size_t r = 0; r < antennas; r++) {
		struct lanes in = turned(read(y[r] + 2 * at, n), w + 2 * r), row[KERN_MMSE_LAYERS];

		UNROLL
		for (size_t i = 0; i < layers; i++) {
			row[i] = i < used ? read(h[r * used + i] + 2 * at, n) : none;
			gather_row(s, in, row, i);
		}
	}
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

/* Of the elements in a vector as load() leaves them: pairs of the first half and of the second in turn. */
static inline size_t element_of(size_t lane)
{
	return lane / 4 * 2 + lane % 2 + lane % 4 / 2 * (LANES / 2);
}

/* The first n elements, of any number of layers. */
static inline void store_some(
	float *x, float *noise, const struct lanes *z, const vec *e, size_t layers, size_t n)
{
	float parts[3][KERN_MMSE_LAYERS][LANES];

	for (size_t l = 0; l < layers; l++) {
		put(parts[0][l], z[l].re);
		put(parts[1][l], z[l].im);
		put(parts[2][l], e[l]);
	}
	for (size_t lane = 0; lane < LANES; lane++) {
		size_t at = element_of(lane) * layers;

		for (size_t l = 0; l < layers && element_of(lane) < n; l++) {
			x[2 * (at + l)] = parts[0][l][lane];
			x[2 * (at + l) + 1] = parts[1][l][lane];
			noise[at + l] = parts[2][l][lane];
		}
	}
}

static inline void write(float *to, const vec v[2])
{
	put(to, v[0]);
	put(to + LANES, v[1]);
}

static inline void store_1(float *x, float *noise, const struct lanes *z, const vec *e)
{
	vec out[2];

	zip(z->re, z->im, out);
	write(x, out);
	put(noise, in_order(*e));
}

static inline void store_2(float *x, float *noise, const struct lanes *z, const vec *e)
{
	vec a[2], b[2], out[2];

	zip(e[0], e[1], out);
	write(noise, out);
	zip(z[0].re, z[0].im, a);
	zip(z[1].re, z[1].im, b);
	for (size_t i = 0; i < 2; i++) {
		zip_pairs(a[i], b[i], out);
		write(x + 2 * i * LANES, out);
	}
}

static inline void store_4(float *x, float *noise, const struct lanes *z, const vec *e)
{
	vec of[6][2], a[2], b[2], out[2];

	for (size_t l = 0; l < 4; l++)
		zip(z[l].re, z[l].im, of[l]);
	zip(e[0], e[1], of[4]);
	zip(e[2], e[3], of[5]);
	for (size_t i = 0; i < 2; i++) {
		zip_pairs(of[4][i], of[5][i], out);
		write(noise + 2 * i * LANES, out);
		zip_pairs(of[0][i], of[1][i], a);
		zip_pairs(of[2][i], of[3][i], b);
		for (size_t j = 0; j < 2; j++) {
			zip_fours(a[j], b[j], out);
			write(x + (4 * i + 2 * j) * LANES, out);
		}
	}
}

static inline __attribute__((always_inline)) void store(
	float *x, float *noise, const struct lanes *z, const vec *e, size_t layers, size_t n)
{
	if (n == LANES && layers == 1)
		store_1(x, noise, z, e);
	else if (n == LANES && layers == 2)
		store_2(x, noise, z, e);
	else if (n == LANES && layers == 4)
		store_4(x, noise, z, e);
	else
		store_some(x, noise, z, e, layers, n);
}

/*
 * Two layers: (H^H H + 1)^-1 in closed form. With powers p, d = p + 1 and m = |a|^2 the determinant less d[1]
 * is p[0] d[1] - m; that over the determinant is what of layer 0 is not bias.
 */
static inline __attribute__((always_inline)) void solve_two(
	const struct system *s, struct lanes *sent, vec *e)
{
	const struct lanes a = s->a[1][0], *z = s->z;
	vec d0 = s->d[0], d1 = s->d[1], less_m = less(a.re, a.re, -a.im * a.im);
	vec least = (vec){ 0 } + KERN_MMSE_LEAST;
	vec per0 = inverse(larger(plus(d0 - 1.0f, d1, less_m), least * d1));
	vec per1 = inverse(larger(plus(d1 - 1.0f, d0, less_m), least * d0));

	sent[0].re = less(a.im, z[1].im, less(a.re, z[1].re, d1 * z[0].re)) * per0;
	sent[0].im = plus(a.im, z[1].re, less(a.re, z[1].im, d1 * z[0].im)) * per0;
	sent[1].re = plus(a.im, z[0].im, less(a.re, z[0].re, d0 * z[1].re)) * per1;
	sent[1].im = less(a.im, z[0].re, less(a.re, z[0].im, d0 * z[1].im)) * per1;
	e[0] = d1 * per0;
	e[1] = d0 * per1;
}

/* Other numbers of layers, by L D L^H. */
static inline __attribute__((always_inline)) void solve_all(
	struct system *s, struct lanes *sent, vec *e, size_t layers)
{
	factorize(s, layers);
	UNROLL
	for (size_t i = 0; i < layers; i++) {
		s->z[i].re *= s->d[i];
		s->z[i].im *= s->d[i];
	}
	UNROLL
	for (size_t i = 0; i < layers; i++) {
		sent[i] = solve(s, layers, i, &e[i]);
		if (layers > 1) {
			vec per = inverse(larger(1.0f - e[i], (vec){ 0 } + KERN_MMSE_LEAST));

			sent[i].re *= per;
			sent[i].im *= per;
			e[i] *= per;
		}
	}
}

static inline __attribute__((always_inline)) void equalize(float *x, float *noise, const float *const *y,
	const float *w, const float *const *h, size_t antennas, size_t layers, size_t used, size_t at,
	size_t n)
{
	struct lanes sent[KERN_MMSE_LAYERS];
	vec e[KERN_MMSE_LAYERS];
	struct system s;

	gather(&s, y, w, h, antennas, layers, used, at, n);
	if (layers == 2)
		solve_two(&s, sent, e);
	else
		solve_all(&s, sent, e, layers);
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
