/* Configurations of PRACH, and their preambles. */
#include "radio/phy/prach/prach_parts.h"

enum {
	TC_PER_KAPPA = 64,
	SYMBOL_KAPPA = 2048,
	ZONES = 16,
	NEXT_PREFIX_KAPPA = 144, /* of the symbol behind an occasion: as long as that nothing of it is lost */
};

const char *phy_prach_error_text(enum phy_prach_error e)
{
	static const char *const texts[PHY_PRACH_ERRORS] = {
		[PHY_PRACH_OK] = "ok",
		[PHY_PRACH_FORMAT] = "no such preamble format",
		[PHY_PRACH_LENGTH] = "a sequence length that the format does not have",
		[PHY_PRACH_SPACING] = "no such subcarrier spacing, or not with this length",
		[PHY_PRACH_ROOT] = "a logical root index that the length does not have",
		[PHY_PRACH_ZONE] = "zeroCorrelationZoneConfig that the set does not have",
		[PHY_PRACH_RESTRICTED] = "restricted sets are A and B, of long formats",
		[PHY_PRACH_TOO_FEW] = "all roots together do not give 64 preambles",
	};

	return (unsigned)e < PHY_PRACH_ERRORS ? texts[e] : "?";
}

static bool spacing_known(unsigned l_ra, uint32_t hz)
{
	for (size_t i = 0; i < phy_prach_scs_combinations_n; i++) {
		if (phy_prach_scs_combinations[i].l_ra == l_ra &&
			phy_prach_scs_combinations[i].prach_hz == hz)
			return true;
	}
	return false;
}

static const uint16_t *roots_of(unsigned l_ra)
{
	return l_ra == 839   ? phy_prach_root_u_839
	       : l_ra == 571 ? phy_prach_root_u_571
	       : l_ra == 139 ? phy_prach_root_u_139
			     : phy_prach_root_u_1151;
}

/* Length, spacing and duration. */
static enum phy_prach_error shape(struct phy_prach *p, const struct phy_prach_config *c)
{
	bool is_long = prach_is_long(c->format);
	const struct phy_prach_shape *s;

	if ((unsigned)c->format >= PHY_PRACH_FORMATS)
		return PHY_PRACH_FORMAT;
	if (is_long ? c->l_ra != 839 : c->l_ra != 139 && c->l_ra != 571 && c->l_ra != 1151)
		return PHY_PRACH_LENGTH;
	if (!is_long && c->mu > PHY_PRACH_MU_MAX)
		return PHY_PRACH_SPACING;
	s = is_long ? &phy_prach_preamble_long[c->format]
		    : &phy_prach_preamble_short[c->format - PHY_PRACH_A1];
	p->spacing_hz = !is_long ? 15000u << c->mu : c->format == PHY_PRACH_3 ? 5000 : 1250;
	p->repetitions = s->repetitions;
	p->prefix_tc = (uint32_t)s->prefix * TC_PER_KAPPA >> (is_long ? 0 : c->mu);
	p->symbol_tc = (uint32_t)(15000ull * SYMBOL_KAPPA * TC_PER_KAPPA / p->spacing_hz);
	return spacing_known(c->l_ra, p->spacing_hz) ? PHY_PRACH_OK : PHY_PRACH_SPACING;
}

static enum phy_prach_error zone(struct phy_prach *p, const struct phy_prach_config *c)
{
	const uint16_t(*table)[3] = !prach_is_long(c->format)  ? phy_prach_ncs_short
				    : c->format == PHY_PRACH_3 ? phy_prach_ncs_5k
							       : phy_prach_ncs_1k25;
	unsigned column = c->set;

	if ((unsigned)c->set > PHY_PRACH_TYPE_B ||
		(c->set != PHY_PRACH_UNRESTRICTED && !prach_is_long(c->format)))
		return PHY_PRACH_RESTRICTED;
	if (c->zone >= ZONES)
		return PHY_PRACH_ZONE;
	if (!prach_is_long(c->format))
		column = c->l_ra == 139 ? 0 : c->l_ra == 571 ? 1 : 2;
	p->n_cs = table[c->zone][column];
	if (p->n_cs == PRACH_NONE || (p->n_cs == 0 && c->set != PHY_PRACH_UNRESTRICTED))
		return PHY_PRACH_ZONE;
	return PHY_PRACH_OK;
}

/* 6.3.3.1: shifts of a root, then the next logical root, cyclically. */
static enum phy_prach_error enumerate(struct phy_prach *p)
{
	const struct phy_prach_config *c = &p->config;
	const uint16_t *roots = roots_of(c->l_ra);
	unsigned n = 0;

	for (unsigned i = 0; i + 1u < c->l_ra && n < PHY_PRACH_PREAMBLES; i++) {
		unsigned u = roots[(c->root_index + i) % (c->l_ra - 1u)];
		uint16_t shifts[PHY_PRACH_PREAMBLES];
		unsigned count = phy_prach_shifts(c->l_ra, u, p->n_cs, c->set, shifts, PHY_PRACH_PREAMBLES);

		if (count == 0)
			continue;
		p->roots[p->roots_n] =
			(struct phy_prach_root){ (uint16_t)u, (uint16_t)prach_inverse(c->l_ra, u) };
		for (unsigned v = 0; v < count && n < PHY_PRACH_PREAMBLES; v++)
			p->preambles[n++] = (struct phy_prach_preamble){ p->roots_n, shifts[v] };
		p->roots_n++;
	}
	return n == PHY_PRACH_PREAMBLES ? PHY_PRACH_OK : PHY_PRACH_TOO_FEW;
}

enum phy_prach_error phy_prach_init(struct phy_prach *p, const struct phy_prach_config *c)
{
	enum phy_prach_error e;

	*p = (struct phy_prach){ .config = *c };
	e = shape(p, c);
	if (e == PHY_PRACH_OK && c->root_index >= c->l_ra - 1)
		e = PHY_PRACH_ROOT;
	if (e == PHY_PRACH_OK)
		e = zone(p, c);
	return e == PHY_PRACH_OK ? enumerate(p) : e;
}

/* What an occasion lasts (Tables 6.3.3.1-1, and 6.3.3.2-2 to -4 for the symbols of short formats), in kappa
 * of 15 kHz; a symbol with its prefix is 2192. */
static const uint32_t occasion_kappa[PHY_PRACH_FORMATS] = {
	[PHY_PRACH_0] = 30720,
	[PHY_PRACH_1] = 3 * 30720,
	[PHY_PRACH_2] = 7 * 15360,
	[PHY_PRACH_3] = 30720,
	[PHY_PRACH_A1] = 2 * 2192,
	[PHY_PRACH_A2] = 4 * 2192,
	[PHY_PRACH_A3] = 6 * 2192,
	[PHY_PRACH_B1] = 2 * 2192,
	[PHY_PRACH_B2] = 4 * 2192,
	[PHY_PRACH_B3] = 6 * 2192,
	[PHY_PRACH_B4] = 12 * 2192,
	[PHY_PRACH_C0] = 2 * 2192,
	[PHY_PRACH_C2] = 6 * 2192,
};

unsigned phy_prach_reach_m(const struct phy_prach *p)
{
	const double tc_s = 1 / (480e3 * 4096), echoes_s = 1e-6, metres_a_s = 299792458.0;
	unsigned shift = prach_is_long(p->config.format) ? 0 : p->config.mu;
	unsigned next_prefix_tc = NEXT_PREFIX_KAPPA * TC_PER_KAPPA >> shift;
	unsigned lasts_tc = occasion_kappa[p->config.format] * TC_PER_KAPPA >> shift;
	unsigned sent_tc = p->prefix_tc + p->repetitions * p->symbol_tc;
	unsigned silence_tc = lasts_tc > sent_tc + next_prefix_tc ? lasts_tc - sent_tc : next_prefix_tc;
	double held_s = tc_s * (silence_tc < p->prefix_tc ? silence_tc : p->prefix_tc);
	double shifted_s =
		((p->n_cs ? p->n_cs : p->config.l_ra) - 1) / ((double)p->config.l_ra * p->spacing_hz);
	double trip_s = (held_s < shifted_s ? held_s : shifted_s) - echoes_s;

	return trip_s > 0 ? (unsigned)(metres_a_s * trip_s / 2) : 0;
}

bool phy_prach_blocks(const struct phy_prach *p, unsigned pusch_mu, unsigned *prbs, unsigned *k_bar)
{
	for (size_t i = 0; i < phy_prach_scs_combinations_n && pusch_mu <= PHY_PRACH_MU_MAX; i++) {
		const struct phy_prach_combination *row = &phy_prach_scs_combinations[i];

		if (row->l_ra == p->config.l_ra && row->prach_hz == p->spacing_hz &&
			row->pusch_hz == 15000u << pusch_mu) {
			*prbs = row->prbs;
			*k_bar = row->k_bar;
			return true;
		}
	}
	return false;
}

unsigned prach_groups(const struct phy_prach *p)
{
	double seconds = p->repetitions / (double)p->spacing_hz;

	for (unsigned groups = 1; groups < PHY_PRACH_GROUPS; groups++) {
		if (p->repetitions % groups == 0 && seconds / groups <= 0.41e-3)
			return groups;
	}
	return p->repetitions < PHY_PRACH_GROUPS ? p->repetitions : PHY_PRACH_GROUPS;
}
