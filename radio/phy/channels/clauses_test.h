/*
 * A second implementation for the tests of what shared channels send: from the clauses of 38.211, one bit and
 * one resource element after the other, in doubles.
 */
#pragma once

#include <math.h>

#include "radio/phy/mapping/ptrs.h"

/* c(0) to c(n - 1) of 5.2.1. */
static inline void clauses_gold(uint8_t *out, uint32_t c_init, unsigned n)
{
	uint8_t x1[31] = { 1 }, x2[31];

	for (unsigned i = 0; i < 31; i++)
		x2[i] = c_init >> i & 1;
	for (unsigned i = 0; i < n + 1600; i++) {
		uint8_t a = x1[(i + 3) % 31] ^ x1[i % 31];
		uint8_t b = x2[(i + 3) % 31] ^ x2[(i + 2) % 31] ^ x2[(i + 1) % 31] ^ x2[i % 31];

		if (i >= 1600)
			out[i - 1600] = x1[i % 31] ^ x2[i % 31];
		x1[i % 31] = a;
		x2[i % 31] = b;
	}
}

/* Point i of a block by its q bits: 5.1. */
static inline struct phy_cf clauses_point(const uint8_t *b, unsigned q, size_t i)
{
	static const double norm[] = { 2, 2, 10, 42, 170, 682 };
	double v[2];

	for (unsigned axis = 0; axis < 2; axis++) {
		double sum = 0;

		for (unsigned j = (q > 1 ? q / 2 : 1); j-- > 0;) {
			double sign = 1 - 2.0 * b[q > 1 ? 2 * j + axis : 0];

			sum = sign * ((1u << ((q > 1 ? q / 2 : 1) - 1 - j)) - sum);
		}
		v[axis] = sum / sqrt(norm[q / 2]);
	}
	if (q == 1 && i % 2)
		return (struct phy_cf){ (float)-v[1], (float)v[0] };
	return (struct phy_cf){ (float)v[0], (float)v[1] };
}

/* c_init of a port's sequence in a symbol: 6.4.1.1.1.1, 7.4.1.1.1. */
static inline uint32_t clauses_dmrs_init(
	const struct phy_dmrs *d, unsigned port, unsigned slot_symbols, unsigned slot, unsigned l)
{
	unsigned lambda = d->per_group ? port / 2 % (d->type2 ? 3 : 2) : 0;
	unsigned scid = lambda == 1 ? 1 - d->n_scid : d->n_scid;
	uint64_t n_id = d->n_id[scid], time = slot_symbols * slot + l + 1;

	return (uint32_t)(((time * (2 * n_id + 1) << 17) + ((uint64_t)(lambda / 2) << 17) + 2 * n_id + scid) %
			  (1u << 31));
}

/* What a port has on subcarrier k of a block: factor times element 2 n + k' of the sequence. */
struct clauses_pilot {
	double factor;
	unsigned n, k_prime; /* n from the block's beginning */
};

/* 6.4.1.1.3, 7.4.1.1.2: k = 4 n + 2 k' + Delta, or 6 n + k' + Delta; false where the port has nothing. */
static inline bool clauses_pilot(
	struct clauses_pilot *p, const struct phy_dmrs *d, unsigned port, bool second, unsigned k)
{
	static const double beta[] = { 1, 1, 1.4125375446, 1.7318007947 };
	unsigned groups = d->type2 ? 3 : 2, in_cell = d->type2 ? k % 6 : k % 4;

	if ((d->type2 ? in_cell / 2 : in_cell % 2) != port / 2 % groups)
		return false;
	p->n = d->type2 ? k / 6 : k / 4;
	p->k_prime = d->type2 ? in_cell % 2 : in_cell / 2;
	p->factor = beta[d->groups_without_data] * (port % 2 && p->k_prime ? -1 : 1) *
		    (port >= 2 * groups && second ? -1 : 1);
	return true;
}

/* The steps of 6.4.1.2.2.1 and 7.4.1.2.2, with l from the allocation's beginning. */
static inline bool clauses_ptrs_in_symbol(
	unsigned l, unsigned first, unsigned n, unsigned dmrs_symbols, bool pairs, int density)
{
	int reference = 0, i = 0;

	while (density > 0 && reference + i * density < (int)n) {
		int from = reference + (i - 1) * density + 1, met = -1;

		for (int at = from > reference ? from : reference; at <= reference + i * density; at++) {
			if (met < 0 && dmrs_symbols >> (first + (unsigned)at) & 1)
				met = at;
		}
		if (met >= 0) {
			bool second =
				__builtin_popcount(dmrs_symbols & ((1u << (first + (unsigned)met)) - 1)) % 2;

			reference = met + (pairs && !second);
			i = 1;
			continue;
		}
		if (first + (unsigned)(reference + i * density) == l)
			return true;
		i++;
	}
	return false;
}

/* PT-RS of a port on subcarrier k of a scheduled block: is it there? */
static inline bool clauses_ptrs(const struct phy_ptrs_config *c, bool type2, unsigned port, unsigned rnti,
	const struct phy_prbs *prbs, unsigned prb, unsigned k)
{
	static const unsigned type_1[] = { 0, 2, 6, 8 }, type_2[] = { 0, 1, 6, 7 };
	unsigned rank = 0, rest = prbs->n % c->frequency_density;
	unsigned place = type2 ? 2 * (port / 2) + type_2[(c->re_offset + port % 2) % 4]
			       : port / 2 + 2 * (port % 2) + type_1[c->re_offset];

	for (unsigned i = 0; i < prbs->n; i++)
		rank += prbs->at[i] < prb;
	return k == place && rank % c->frequency_density == rnti % (rest ? rest : c->frequency_density);
}
