/* Configurations of the SRS, its places and sequences, and sending. */
#include "radio/phy/channels/srs_parts.h"

#include "radio/phy/channels/tables.h"

enum { ROWS = 64, LEVELS = 4, POSITIONS = 68, FREQ_SHIFTS = 269 };

const char *phy_srs_error_text(enum phy_srs_error e)
{
	static const char *const texts[PHY_SRS_ERRORS] = {
		[PHY_SRS_OK] = "ok",
		[PHY_SRS_NUMEROLOGY] = "no such subcarrier spacing, or not with an extended prefix",
		[PHY_SRS_BANDWIDTH] = "no such bandwidth part",
		[PHY_SRS_PORTS] = "SRS has 1, 2 or 4 ports",
		[PHY_SRS_TIME] =
			"symbols that the slot does not have, or a repetition that does not divide them",
		[PHY_SRS_COMB] = "the comb is 2, 4 or 8, its offset below",
		[PHY_SRS_SHIFT] = "a cyclic shift that the comb does not have",
		[PHY_SRS_ROW] = "no such c-SRS, b-SRS, b-hop, position or shift",
		[PHY_SRS_HOPPING] = "no such hopping, or an identity above 1023",
		[PHY_SRS_PERIOD] = "the offset lies below the period",
		[PHY_SRS_OUTSIDE] = "SRS beyond the bandwidth part",
	};

	return (unsigned)e < PHY_SRS_ERRORS ? texts[e] : "?";
}

/* Table 6.4.1.4.3-1. */
static unsigned m_srs(const struct phy_srs_config *c, unsigned b)
{
	return phy_srs_bandwidth_config[c->c_srs][2 * b];
}

static unsigned n_of(const struct phy_srs_config *c, unsigned b)
{
	return phy_srs_bandwidth_config[c->c_srs][2 * b + 1];
}

static bool time_legal(const struct phy_srs_config *c)
{
	static const uint8_t counts[] = { 1, 2, 4, 8, 10, 12, 14 };
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		known |= c->symbols == counts[i];
	return known && c->start < (c->extended ? 12 : 14) && c->start + 1 >= c->symbols &&
	       c->repetition > 0 && c->symbols % c->repetition == 0;
}

static enum phy_srs_error check(const struct phy_srs_config *c, unsigned shifts)
{
	if (c->mu > 3 || (c->extended && c->mu != 2))
		return PHY_SRS_NUMEROLOGY;
	if (c->bwp_prbs < 1 || c->bwp_prbs > PHY_PRB_MAX || c->bwp_start >= 2200)
		return PHY_SRS_BANDWIDTH;
	if (c->ports != 1 && c->ports != 2 && c->ports != 4)
		return PHY_SRS_PORTS;
	if (!time_legal(c))
		return PHY_SRS_TIME;
	if (shifts == 0 || c->comb_offset >= c->comb)
		return PHY_SRS_COMB;
	if (c->cyclic_shift >= shifts)
		return PHY_SRS_SHIFT;
	if (c->c_srs >= ROWS || c->b_srs >= LEVELS || c->b_hop >= LEVELS || c->position >= POSITIONS ||
		c->freq_shift >= FREQ_SHIFTS)
		return PHY_SRS_ROW;
	if ((unsigned)c->hopping > PHY_SRS_SEQUENCE || c->n_id > 1023)
		return PHY_SRS_HOPPING;
	return c->period > 0 && c->offset >= c->period ? PHY_SRS_PERIOD : PHY_SRS_OK;
}

unsigned srs_comb_offset(const struct phy_srs *p, unsigned port)
{
	const struct phy_srs_config *c = &p->config;
	bool apart = c->ports == 4 && port % 2 && (p->shifts == 6 || c->cyclic_shift >= p->shifts / 2);

	return apart ? (c->comb_offset + c->comb / 2u) % c->comb : c->comb_offset;
}

unsigned srs_shift(const struct phy_srs *p, unsigned port)
{
	const struct phy_srs_config *c = &p->config;
	unsigned more =
		c->ports == 4 && p->shifts == 6 ? p->shifts / 2 * (port / 2) : p->shifts * port / c->ports;

	return (c->cyclic_shift + more) % p->shifts;
}

/* F_b of 6.4.1.4.3. */
static unsigned hop_of(const struct phy_srs_config *c, unsigned b, unsigned n_srs)
{
	unsigned below = 1, n = n_of(c, b), turn;

	for (unsigned i = c->b_hop + 1u; i < b; i++)
		below *= n_of(c, i);
	if (n % 2)
		return n / 2 * (n_srs / below);
	turn = n_srs % (below * n);
	return n / 2 * (turn / below) + turn / (2 * below);
}

/* n_SRS: how many were sent before. */
static unsigned counter(const struct phy_srs *p, unsigned frame, unsigned slot, unsigned l)
{
	const struct phy_srs_config *c = &p->config;
	unsigned within = l / c->repetition;

	if (c->period == 0)
		return within;
	return ((10u << c->mu) * frame + slot - c->offset) / c->period * (c->symbols / c->repetition) +
	       within;
}

/* Of the hop that was sent after n_srs others. */
static unsigned first_of(const struct phy_srs *p, unsigned n_srs, unsigned port)
{
	const struct phy_srs_config *c = &p->config;
	unsigned reference = c->freq_shift >= c->bwp_start ? 0 : c->bwp_start;
	unsigned at = (reference + c->freq_shift) * PHY_SC_PER_PRB + srs_comb_offset(p, port);

	for (unsigned b = 0; b <= c->b_srs; b++) {
		unsigned n_b = 4u * c->position / m_srs(c, b);

		if (c->b_hop < c->b_srs && b > c->b_hop)
			n_b += hop_of(c, b, n_srs);
		at += m_srs(c, b) * PHY_SC_PER_PRB * (n_b % n_of(c, b));
	}
	return at;
}

unsigned phy_srs_first(const struct phy_srs *p, unsigned frame, unsigned slot, unsigned l, unsigned port)
{
	return first_of(p, counter(p, frame, slot, l), port);
}

/* All hops lie within those of the highest position. */
static bool inside(const struct phy_srs *p)
{
	const struct phy_srs_config *c = &p->config;
	unsigned hops = 1;

	for (unsigned b = c->b_hop + 1u; b <= c->b_srs; b++)
		hops *= n_of(c, b);
	for (unsigned n = 0; n < hops; n++) {
		unsigned at = first_of(p, n, 0) / PHY_SC_PER_PRB;

		if (at < c->bwp_start || at + m_srs(c, c->b_srs) > (unsigned)c->bwp_start + c->bwp_prbs)
			return false;
	}
	return true;
}

enum phy_srs_error phy_srs_init(struct phy_srs *p, const struct phy_srs_config *c)
{
	unsigned shifts = c->comb == 2 ? 8 : c->comb == 4 ? 12 : c->comb == 8 ? 6 : 0, n = 0;
	enum phy_srs_error e = check(c, shifts);

	if (e != PHY_SRS_OK)
		return e;
	*p = (struct phy_srs){ .config = *c,
		.length = (uint16_t)(m_srs(c, c->b_srs) * PHY_SC_PER_PRB / c->comb),
		.shifts = (uint8_t)shifts,
		.first_symbol = (uint8_t)((c->extended ? 12 : 14) - 1 - c->start) };
	for (unsigned i = 0; i < c->ports; i++)
		n += srs_comb_offset(p, i) == srs_comb_offset(p, 0);
	p->ports_of_comb = (uint8_t)n;
	return inside(p) ? PHY_SRS_OK : PHY_SRS_OUTSIDE;
}

bool phy_srs_due(const struct phy_srs *p, unsigned frame, unsigned slot)
{
	unsigned now = (10u << p->config.mu) * frame + slot;

	return p->config.period == 0 ||
	       (now >= p->config.offset && (now - p->config.offset) % p->config.period == 0);
}

bool srs_fits(const struct phy_srs *p, unsigned frame, unsigned slot, const struct phy_grid *g)
{
	const struct phy_srs_config *c = &p->config;

	return g->symbols == (c->extended ? 12 : 14) && c->bwp_start >= g->first_crb &&
	       g->prbs <= PHY_PRB_MAX && c->bwp_start - g->first_crb + c->bwp_prbs <= g->prbs &&
	       slot < 10u << c->mu && frame < 1024 && phy_srs_due(p, frame, slot);
}

void srs_base(const struct phy_srs *p, unsigned slot, unsigned l, struct phy_cf *out)
{
	const struct phy_srs_config *c = &p->config;
	unsigned at = slot * (c->extended ? 12u : 14u) + p->first_symbol + l, f_gh = 0, v = 0, first;
	struct phy_gold g;

	first = c->hopping == PHY_SRS_GROUP ? 8 * at : at;
	if (c->hopping != PHY_SRS_NEITHER) {
		phy_gold_init(&g, c->n_id);
		for (unsigned i = 0; i < first / 32; i++)
			(void)phy_gold_next(&g);
		v = phy_gold_next(&g) >> first % 32;
	}
	if (c->hopping == PHY_SRS_GROUP) { /* eight bits from a multiple of eight on lie within a word */
		f_gh = (v & 0xff) % PHY_LOW_PAPR_GROUPS;
		v = 0;
	}
	v = p->length >= 6 * PHY_SC_PER_PRB ? v & 1 : 0;
	(void)phy_low_papr(out, p->length, (f_gh + c->n_id) % PHY_LOW_PAPR_GROUPS, v);
}

bool phy_srs_send(const struct phy_srs *p, unsigned frame, unsigned slot, const struct phy_grid *ports)
{
	const struct phy_srs_config *c = &p->config;
	float size = 1 / sqrtf(c->ports);
	struct phy_cf base[PHY_SRS_LENGTH_MAX];

	for (unsigned i = 0; i < c->ports; i++) {
		if (!srs_fits(p, frame, slot, &ports[i]))
			return false;
	}
	for (unsigned l = 0; l < c->symbols; l++) {
		srs_base(p, slot, l, base);
		for (unsigned i = 0; i < c->ports; i++) {
			unsigned first =
				phy_srs_first(p, frame, slot, l, i) - ports[i].first_crb * PHY_SC_PER_PRB;
			struct phy_cf *to = phy_grid_at(&ports[i], p->first_symbol + l, first);
			unsigned shift = srs_shift(p, i);

			for (unsigned n = 0; n < p->length; n++) {
				float turn =
					2 * (float)M_PI * (float)(shift * n % p->shifts) / (float)p->shifts;
				struct phy_cf r = phy_cf_mul(base[n], phy_cf_unit(turn));

				phy_cf_add(&to[n * c->comb], (struct phy_cf){ size * r.re, size * r.im });
			}
		}
	}
	return true;
}
