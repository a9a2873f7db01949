/* What PUCCH configurations can be, and where their symbols lie. */
#include "radio/phy/channels/pucch_parts.h"

const char *phy_pucch_error_text(enum phy_pucch_error e)
{
	static const char *const texts[PHY_PUCCH_ERRORS] = {
		[PHY_PUCCH_OK] = "ok",
		[PHY_PUCCH_FORMAT] = "PUCCH has formats 0 to 4",
		[PHY_PUCCH_NUMEROLOGY] = "no such subcarrier spacing, or not with an extended prefix",
		[PHY_PUCCH_BANDWIDTH] = "no such bandwidth part",
		[PHY_PUCCH_TIME] =
			"formats 0 and 2 have 1 or 2 symbols, 1, 3 and 4 have 4 to 14, within the slot",
		[PHY_PUCCH_PRBS] =
			"resource blocks outside the bandwidth part, or a number that the format has not",
		[PHY_PUCCH_HOPPING] = "no such hopping, or hopping of one symbol",
		[PHY_PUCCH_IDENTITY] = "an identity above 1023",
		[PHY_PUCCH_SHIFT] = "an initial cyclic shift above 11",
		[PHY_PUCCH_OCC] = "no such orthogonal sequence",
		[PHY_PUCCH_BITS] = "more or fewer bits than the format carries",
		[PHY_PUCCH_SR] = "a scheduling request comes along with HARQ-ACK on format 0 only",
		[PHY_PUCCH_LOW_PAPR_2] = "low-PAPR sequences of type 2 are not offered",
		[PHY_PUCCH_UCI] = "the resource elements do not hold the UCI",
	};

	return (unsigned)e < PHY_PUCCH_ERRORS ? texts[e] : "?";
}

static bool is_short(const struct phy_pucch_config *c)
{
	return c->format == 0 || c->format == 2;
}

/* 2^a 3^b 5^c (6.3.2.6.3). */
static bool transformable(unsigned n)
{
	while (n % 2 == 0)
		n /= 2;
	while (n % 3 == 0)
		n /= 3;
	while (n % 5 == 0)
		n /= 5;
	return n == 1;
}

static enum phy_pucch_error check_place(const struct phy_pucch_config *c)
{
	unsigned slot = c->extended ? 12 : 14, least = is_short(c) ? 1 : 4, most = is_short(c) ? 2 : 14;

	if (c->format > 4)
		return PHY_PUCCH_FORMAT;
	if (c->mu > 3 || (c->extended && c->mu != 2))
		return PHY_PUCCH_NUMEROLOGY;
	if (c->bwp_prbs < 1 || c->bwp_prbs > PHY_PRB_MAX || c->bwp_start >= 2200)
		return PHY_PUCCH_BANDWIDTH;
	if (c->symbols < least || c->symbols > most || c->first_symbol + c->symbols > (int)slot)
		return PHY_PUCCH_TIME;
	if (c->prbs < 1 || c->prbs > PHY_PUCCH_PRBS_MAX ||
		(c->prbs > 1 && c->format != 2 && c->format != 3) ||
		(c->format == 3 && !transformable(c->prbs)) || c->first_prb + c->prbs > c->bwp_prbs ||
		(c->hopping && c->second_prb + c->prbs > c->bwp_prbs))
		return PHY_PUCCH_PRBS;
	if ((c->hopping && c->symbols < 2) || (unsigned)c->groups > PHY_PUCCH_DISABLE)
		return PHY_PUCCH_HOPPING;
	return PHY_PUCCH_OK;
}

unsigned pucch_spread(const struct phy_pucch_config *c, unsigned hop, bool dmrs)
{
	unsigned all = dmrs ? (c->symbols + 1u) / 2 : c->symbols / 2u, first = c->symbols / 2u;

	if (!c->hopping)
		return all;
	first = dmrs ? (first + 1) / 2 : first / 2; /* DM-RS is in the even symbols */
	return hop ? all - first : first;
}

static enum phy_pucch_error check_sequences(const struct phy_pucch_config *c)
{
	if (c->n_id > 1023 || c->hopping_id > 1023)
		return PHY_PUCCH_IDENTITY;
	if (c->format < 2 && c->initial_shift > 11)
		return PHY_PUCCH_SHIFT;
	if (c->format == 1 && (c->occ >= pucch_spread(c, 0, false) || c->occ >= pucch_spread(c, 0, true)))
		return PHY_PUCCH_OCC;
	if (c->format == 1 && c->hopping &&
		(c->occ >= pucch_spread(c, 1, false) || c->occ >= pucch_spread(c, 1, true)))
		return PHY_PUCCH_OCC;
	if (c->format == 4 && ((c->occ_length != 2 && c->occ_length != 4) || c->occ >= c->occ_length))
		return PHY_PUCCH_OCC;
	return c->low_papr_type2 ? PHY_PUCCH_LOW_PAPR_2 : PHY_PUCCH_OK;
}

/* Table 6.4.1.3.3.2-1: the DM-RS symbols of formats 3 and 4, without hopping but for length 4. */
static uint16_t long_dmrs(const struct phy_pucch_config *c)
{
	static const uint8_t none[15][2] = { [5] = { 0, 3 },
		{ 1, 4 },
		{ 1, 4 },
		{ 1, 5 },
		{ 1, 6 },
		{ 2, 7 },
		{ 2, 7 },
		{ 2, 8 },
		{ 2, 9 },
		{ 3, 10 } };
	static const uint8_t more[15][4] = {
		[10] = { 1, 3, 6, 8 }, { 1, 3, 6, 9 }, { 1, 4, 7, 10 }, { 1, 4, 7, 11 }, { 1, 5, 8, 12 }
	};
	const uint8_t *row = none[c->symbols];

	if (c->symbols == 4)
		return c->hopping ? 1u << 0 | 1u << 2 : 1u << 1;
	if (c->additional_dmrs && c->symbols >= 10) {
		row = more[c->symbols];
		return (uint16_t)(1u << row[0] | 1u << row[1] | 1u << row[2] | 1u << row[3]);
	}
	return (uint16_t)(1u << row[0] | 1u << row[1]);
}

static void lay_out(struct phy_pucch *p)
{
	const struct phy_pucch_config *c = &p->config;
	uint16_t all = (uint16_t)((1u << c->symbols) - 1), dmrs = 0;

	p->first_hop = c->hopping ? c->symbols / 2 : c->symbols;
	if (c->format == 1)
		dmrs = 0x5555 & all;
	if (c->format >= 3)
		dmrs = long_dmrs(c);
	p->dmrs_symbols = (uint16_t)(dmrs << c->first_symbol);
	p->data_symbols = (uint16_t)((all & ~dmrs) << c->first_symbol);
	if (c->format == 2)
		p->dmrs_symbols = p->data_symbols;
	p->uci_symbols = (uint8_t)__builtin_popcount(p->data_symbols);
}

/* E_tot of 38.212 Table 6.3.1.4-1. */
static enum phy_pucch_error check_uci(struct phy_pucch *p)
{
	const struct phy_pucch_config *c = &p->config;
	unsigned e = 16u * p->uci_symbols * c->prbs;

	if (c->format >= 3)
		e = (c->pi2_bpsk ? 12u : 24u) * p->uci_symbols * c->prbs /
		    (c->format == 4 ? c->occ_length : 1u);
	if (c->bits < 3)
		return PHY_PUCCH_BITS;
	return phy_uci_init(&p->uci, c->bits, e, c->format >= 3 && c->pi2_bpsk ? 1 : 2) == PHY_UCI_OK
		       ? PHY_PUCCH_OK
		       : PHY_PUCCH_UCI;
}

enum phy_pucch_error phy_pucch_init(struct phy_pucch *p, const struct phy_pucch_config *c)
{
	enum phy_pucch_error e = check_place(c);

	if (e == PHY_PUCCH_OK)
		e = check_sequences(c);
	if (e != PHY_PUCCH_OK)
		return e;
	*p = (struct phy_pucch){ .config = *c };
	lay_out(p);
	if (c->sr && (c->format != 0 || c->bits == 0))
		return PHY_PUCCH_SR;
	if (c->format < 2)
		return c->bits <= 2 ? PHY_PUCCH_OK : PHY_PUCCH_BITS;
	return check_uci(p);
}
