#include "radio/phy/mapping/dmrs.h"

#include "radio/phy/codes/bits.h"
#include "radio/phy/mapping/tables.h"

static unsigned groups_of(const struct phy_dmrs *d)
{
	return d->type2 ? 3 : 2;
}

/* Tables 7.4.1.1.2-1 and -2, basic ports: pairs of ports share a CDM group, the second half turns w_t. */
static unsigned group_of(const struct phy_dmrs *d)
{
	return d->port / 2 % groups_of(d);
}

bool phy_dmrs_legal(const struct phy_dmrs *d)
{
	unsigned ports = 2 * groups_of(d) * (d->double_symbol ? 2 : 1);

	return d->port < ports && d->groups_without_data <= groups_of(d) &&
	       group_of(d) < d->groups_without_data && d->additional <= 3 && d->n_scid <= 1 &&
	       d->type_a_position >= 2 && d->type_a_position <= 3;
}

uint16_t phy_dmrs_pdsch_symbols(const struct phy_dmrs *d, const struct phy_time_domain *t)
{
	unsigned l_d = t->type_b ? t->l : t->s + t->l, l0 = t->type_b ? t->s : d->type_a_position;
	unsigned mask;

	if (l_d > 14 || d->additional > 3 || (d->double_symbol && d->additional > 2))
		return 0;
	if (!t->type_b && d->type_a_position == 3 && (d->additional == 3 || l_d <= 4))
		return 0; /* the text under the tables */
	if (!t->type_b && (t->s > l0 || l_d <= l0 + (d->double_symbol ? 1 : 0)))
		return 0;
	mask = d->double_symbol ? phy_dmrs_pos_pdsch_double[l_d][3 * t->type_b + d->additional]
				: phy_dmrs_pos_pdsch_single[l_d][4 * t->type_b + d->additional];
	if (mask == 0)
		return 0;
	mask = t->type_b ? mask << t->s : (mask & ~1u) | 1u << l0;
	return (uint16_t)(d->double_symbol ? mask | mask << 1 : mask);
}

/*
 * What UEs do not expect of positions that moved by so many symbols. From the allocation's first symbol on:
 * first and last, and the last of the slot.
 */
static bool moved_legal(
	const struct phy_dmrs *d, const struct phy_time_domain *t, unsigned moved, unsigned relative)
{
	unsigned last = 31 - (unsigned)__builtin_clz(relative);

	if (t->l <= 4 && d->double_symbol)
		return false;
	if (t->l >= 5 && moved > 3)
		return false;
	if (t->l >= 12 && last + t->s >= 12)
		return false;
	return t->l == 2 || t->l == 5 || t->l == 7 ? last < t->l : last + 1 < t->l;
}

uint16_t phy_dmrs_pdsch_moved(
	const struct phy_dmrs *d, const struct phy_time_domain *t, bool extended, uint16_t coresets)
{
	unsigned relative = phy_dmrs_pdsch_symbols(d, t) >> t->s, front = d->double_symbol ? 3 : 1, moved = 0;
	/* an additional one that goes along so far */
	unsigned kept = t->l == 5 ? 0 : t->l == (extended ? 6 : 7) ? 1 : t->l;

	if (relative == 0 || !t->type_b)
		return (uint16_t)(relative << t->s);
	while (moved < t->l && coresets & front << (t->s + moved))
		moved++;
	if (moved == 0)
		return (uint16_t)(relative << t->s);
	if (!d->double_symbol && __builtin_popcount(relative) == 2 && moved > kept)
		relative &= front;
	relative <<= moved;
	return moved_legal(d, t, moved, relative) ? (uint16_t)(relative << t->s) : 0;
}

/* 6.4.1.1.3 with intra-slot hopping: each hop by itself, its positions from its first symbol on. */
static uint16_t hops_symbols(const struct phy_dmrs *d, const struct phy_time_domain *t)
{
	unsigned first = t->l / 2u, column = t->type_b ? 8 : 4 * (d->type_a_position == 3);
	const uint8_t *one = phy_dmrs_pos_pusch_single_hopping[first];
	const uint8_t *two = phy_dmrs_pos_pusch_single_hopping[t->l - first];

	if (d->double_symbol)
		return 0;
	column += d->additional > 0 ? 2 : 0; /* as if it were pos1 */
	if (one[column] == 0 || two[column + 1] == 0)
		return 0;
	return (uint16_t)(one[column] << t->s | two[column + 1] << (t->s + first));
}

uint16_t phy_dmrs_pusch_symbols(
	const struct phy_dmrs *d, const struct phy_time_domain *t, enum phy_pusch_hopping hopping)
{
	unsigned l_d = t->type_b ? t->l : t->s + t->l, l0 = t->type_b ? t->s : d->type_a_position;
	unsigned mask;

	if (l_d > 14 || d->additional > 3)
		return 0;
	if (!t->type_b && d->type_a_position == 3 && (d->additional == 3 || l_d <= 4))
		return 0; /* the text before the tables */
	if (hopping == PHY_PUSCH_HOPPING_INTRA)
		return hops_symbols(d, t);
	mask = d->double_symbol ? phy_dmrs_pos_pusch_double[l_d][4 * t->type_b + d->additional]
				: phy_dmrs_pos_pusch_single[l_d][4 * t->type_b + d->additional];
	if (mask == 0)
		return 0;
	mask = t->type_b ? mask << t->s : (mask & ~1u) | 1u << l0;
	return (uint16_t)(d->double_symbol ? mask | mask << 1 : mask);
}

uint16_t phy_dmrs_group_mask(const struct phy_dmrs *d, unsigned group)
{
	return (uint16_t)(d->type2 ? 0x0c3 << 2 * group : 0x555 << group);
}

uint16_t phy_dmrs_own_mask(const struct phy_dmrs *d)
{
	return phy_dmrs_group_mask(d, group_of(d));
}

uint16_t phy_dmrs_ports_mask(const struct phy_dmrs *d, const uint8_t *ports, unsigned n)
{
	unsigned taken = 0;
	uint16_t mask = 0;

	for (unsigned i = 0; i < n; i++) {
		struct phy_dmrs of = *d;

		of.port = ports[i];
		if (!phy_dmrs_legal(&of) || taken >> of.port & 1)
			return 0;
		taken |= 1u << of.port;
		mask |= phy_dmrs_own_mask(&of);
	}
	return mask;
}

uint16_t phy_dmrs_groups_mask(const struct phy_dmrs *d)
{
	uint16_t mask = 0;

	for (unsigned g = 0; g < d->groups_without_data; g++)
		mask |= phy_dmrs_group_mask(d, g);
	return mask;
}

unsigned phy_dmrs_delta(const struct phy_dmrs *d)
{
	return group_of(d) * (d->type2 ? 2 : 1);
}

float phy_dmrs_amplitude(const struct phy_dmrs *d)
{
	static const float amplitude[] = { 1, 1, 1.41253754f, 1.73180054f }; /* 0, 3 and 4.77 dB */

	return amplitude[d->groups_without_data & 3];
}

bool phy_dmrs_work_init(struct phy_dmrs_work *w)
{
	return phy_constellation_init(&w->qpsk, PHY_QPSK);
}

/* 7.4.1.1.1 */
static uint32_t c_init(const struct phy_dmrs *d, unsigned slot_symbols, unsigned slot, unsigned symbol)
{
	unsigned lambda = d->per_group ? group_of(d) : 0;
	unsigned n_scid = lambda == 1 ? 1 - d->n_scid : d->n_scid;
	uint64_t n_id = d->n_id[n_scid];
	uint64_t time = (uint64_t)slot_symbols * slot + symbol + 1;

	return (uint32_t)((time * (2 * n_id + 1) << 17) + ((uint64_t)(lambda / 2) << 17) + 2 * n_id +
			  n_scid) &
	       0x7fffffff;
}

/* Eight bits of c(n) of this c_init from n on, c(n) the least significant. */
static unsigned eight_bits(uint32_t c_init, unsigned n)
{
	struct phy_gold g;
	uint64_t c = 0;

	phy_gold_init(&g, c_init);
	for (unsigned i = 0; i <= n / 32; i++)
		c = phy_gold_next(&g);
	c |= (uint64_t)phy_gold_next(&g) << 32;
	return (unsigned)(c >> n % 32 & 0xff);
}

/* 6.4.1.1.1.2, of the symbol, or of the first of a double one. */
static void low_papr(struct phy_dmrs_work *w, const struct phy_dmrs *d, unsigned slot_symbols, unsigned slot,
	unsigned symbol)
{
	const struct phy_dmrs_low_papr *p = &d->low_papr;
	unsigned m = p->prbs * PHY_SC_PER_PRB / 2u, time = slot_symbols * slot + symbol, shift = 0, v = 0;
	unsigned n_id = p->pi2_bpsk ? d->n_id[d->n_scid] : p->n_id;

	if (p->hopping == PHY_SEQUENCE_HOPS_GROUPS)
		shift = eight_bits(n_id / PHY_LOW_PAPR_GROUPS, 8 * time);
	else if (p->hopping == PHY_SEQUENCE_HOPS && m >= 72) /* 6 resource blocks */
		v = eight_bits(n_id, time) & 1;
	shift = (shift + n_id) % PHY_LOW_PAPR_GROUPS;
	if (p->pi2_bpsk)
		phy_low_papr2(
			p->dfts, m, shift, c_init(d, slot_symbols, slot, symbol), w->low_papr, w->scratch);
	else
		(void)phy_low_papr(w->low_papr, m, shift, v);
}

/* The QPSK of 6.4.1.1.1.1 and 7.4.1.1.1 from an even block on, at most one before the first. */
static const struct phy_cf *gold(struct phy_dmrs_work *w, const struct kern *k, const struct phy_dmrs *d,
	uint32_t init, unsigned first_crb, unsigned prbs, struct phy_cf *out)
{
	unsigned per_prb = phy_dmrs_per_prb(d), skip = first_crb - d->reference_crb, odd = skip % 2;
	size_t n = (size_t)per_prb * (prbs + odd), octets = bits_octets(2 * per_prb * (skip + prbs));

	memset(w->bits, 0, octets);
	phy_scramble_packed(k, w->bits, octets * 8, init);
	/* two resource blocks are whole octets */
	phy_map_packed(k, &w->qpsk, out, w->bits + (size_t)per_prb * (skip - odd) / 4, n);
	return out + per_prb * odd;
}

void phy_dmrs_symbol(struct phy_dmrs_work *w, const struct kern *k, const struct phy_dmrs *d,
	unsigned slot_symbols, unsigned slot, unsigned symbol, bool second, unsigned first_crb, unsigned prbs,
	struct phy_cf *out)
{
	unsigned per_prb = phy_dmrs_per_prb(d);
	float amplitude = phy_dmrs_amplitude(d), even_sign, odd_sign;
	const struct phy_cf *from = w->low_papr;
	size_t n = (size_t)per_prb * prbs;

	if (d->low_papr.used) {
		low_papr(w, d, slot_symbols, slot, symbol - second);
		out += (size_t)per_prb * (d->low_papr.first_crb - first_crb);
		n = (size_t)per_prb * d->low_papr.prbs;
	} else {
		from = gold(w, k, d, c_init(d, slot_symbols, slot, symbol), first_crb, prbs, out);
	}
	even_sign = second && d->port >= 2 * groups_of(d) ? -amplitude : amplitude; /* w_t */
	odd_sign = d->port % 2 ? -even_sign : even_sign;                            /* w_f */
	for (size_t i = 0; i < n; i += 2, from += 2) {
		out[i] = (struct phy_cf){ from[0].re * even_sign, from[0].im * even_sign };
		out[i + 1] = (struct phy_cf){ from[1].re * odd_sign, from[1].im * odd_sign };
	}
}
