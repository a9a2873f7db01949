/* Complex numbers one at a time. For arrays of them there are kernels. */
#pragma once

#include <math.h>

#include "radio/phy/signals/sequence.h"

static inline struct phy_cf phy_cf_mul(struct phy_cf a, struct phy_cf b)
{
	return (struct phy_cf){ a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re };
}

/* a b*. */
static inline struct phy_cf phy_cf_mul_conj(struct phy_cf a, struct phy_cf b)
{
	return (struct phy_cf){ a.re * b.re + a.im * b.im, a.im * b.re - a.re * b.im };
}

static inline struct phy_cf phy_cf_conj(struct phy_cf a)
{
	return (struct phy_cf){ a.re, -a.im };
}

/* |a|^2. */
static inline float phy_cf_power(struct phy_cf a)
{
	return a.re * a.re + a.im * a.im;
}

static inline void phy_cf_add(struct phy_cf *sum, struct phy_cf v)
{
	sum->re += v.re;
	sum->im += v.im;
}

/* exp(j a). */
static inline struct phy_cf phy_cf_unit(float a)
{
	return (struct phy_cf){ cosf(a), sinf(a) };
}
