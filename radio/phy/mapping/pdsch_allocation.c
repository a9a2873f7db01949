#include "radio/phy/mapping/pdsch_allocation.h"

#include "radio/phy/codes/bits.h"
#include "radio/phy/mapping/tables.h"

bool phy_time_default(struct phy_time_domain *t, enum phy_time_table table, bool extended, unsigned m,
	unsigned type_a_position)
{
	const struct phy_time_domain(*rows)[2] = table == PHY_TIME_DEFAULT_B   ? phy_tda_pdsch_default_b
						 : table == PHY_TIME_DEFAULT_C ? phy_tda_pdsch_default_c
						 : extended ? phy_tda_pdsch_default_a_extended
							    : phy_tda_pdsch_default_a_normal;

	if ((unsigned)table > PHY_TIME_DEFAULT_C || m > 15 || type_a_position < 2 || type_a_position > 3)
		return false;
	*t = rows[m][type_a_position - 2];
	return t->l > 0;
}

bool phy_time_legal(const struct phy_time_domain *t, bool extended, unsigned type_a_position)
{
	unsigned end = t->s + t->l, symbols = extended ? 12 : 14;

	if (end > symbols)
		return false;
	if (!t->type_b)
		return t->s <= (type_a_position == 3 ? 3 : 2) && t->l >= 3;
	if (extended)
		return t->s <= 10 && (t->l == 2 || t->l == 4 || t->l == 6);
	return t->s <= 12 && t->l >= 2 && t->l <= 13;
}

unsigned phy_sliv(unsigned s, unsigned l)
{
	return l <= 8 ? 14 * (l - 1) + s : 14 * (15 - l) + 13 - s;
}

/* A row of 14 values either counts lengths up from the left or, turned about, down from the right. */
bool phy_sliv_split(unsigned sliv, uint8_t *s, uint8_t *l)
{
	unsigned a = sliv / 14, b = sliv % 14;

	if (sliv >= 14 * 15 / 2)
		return false;
	*s = (uint8_t)(a + b < 14 ? b : 13 - b);
	*l = (uint8_t)(a + b < 14 ? a + 1 : 15 - a);
	return true;
}

unsigned phy_rbg_size(unsigned bwp_prbs, unsigned config)
{
	if (config == 2)
		return bwp_prbs <= 36 ? 4 : bwp_prbs <= 72 ? 8 : 16;
	return bwp_prbs <= 36 ? 2 : bwp_prbs <= 72 ? 4 : bwp_prbs <= 144 ? 8 : 16;
}

unsigned phy_rbg_count(unsigned bwp_start, unsigned bwp_prbs, unsigned config)
{
	unsigned p = phy_rbg_size(bwp_prbs, config);

	return (bwp_prbs + bwp_start % p + p - 1) / p;
}

static bool vrb_legal(const struct phy_vrb *v)
{
	return v->size >= 1 && v->bwp_prbs <= PHY_PRB_MAX && v->size + v->offset <= v->bwp_prbs &&
	       (unsigned)v->mapping <= PHY_VRB_INTERLEAVED_4;
}

bool phy_prbs_type0(struct phy_prbs *p, const struct phy_vrb *v, unsigned config, const uint8_t *bitmap)
{
	unsigned size;

	if (!vrb_legal(v) || v->mapping != PHY_VRB_DIRECT || config < 1 || config > 2)
		return false;
	size = phy_rbg_size(v->bwp_prbs, config);
	p->n = 0;
	for (unsigned i = 0; i < v->bwp_prbs; i++) { /* groups lie on a raster from CRB 0 on */
		if (bits_get(bitmap, (i + v->bwp_start % size) / size))
			p->at[p->n++] = (uint16_t)i;
	}
	return p->n > 0;
}

/*
 * 38.211 7.3.1.6: bundles lie on a raster from CRB 0 on (or from CORESET 0 on), so that the first and the
 * last may be shorter. All but the last change places by a matrix of two rows.
 */
static uint16_t prb_of(const struct phy_vrb *v, unsigned vrb)
{
	unsigned l = v->mapping == PHY_VRB_INTERLEAVED_4 ? 4 : 2;
	unsigned early = v->si_in_coreset0 ? 0 : (v->bwp_start + v->offset) % l;
	unsigned bundles = (v->size + early + l - 1) / l, columns = bundles / 2;
	unsigned j = (vrb + early) / l, to = j < bundles - 1 ? j % 2 * columns + j / 2 : j;
	unsigned within = vrb - (j > 0 ? j * l - early : 0);

	return (uint16_t)(v->offset + (to > 0 ? to * l - early : 0) + within);
}

bool phy_prbs_type1(struct phy_prbs *p, const struct phy_vrb *v, unsigned start, unsigned length)
{
	if (!vrb_legal(v) || length < 1 || start >= v->size || length > v->size - start)
		return false;
	p->n = (uint16_t)length;
	for (unsigned i = 0; i < length; i++)
		p->at[i] = v->mapping == PHY_VRB_DIRECT ? (uint16_t)(v->offset + start + i)
							: prb_of(v, start + i);
	return true;
}
