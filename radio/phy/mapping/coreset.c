#include "radio/phy/mapping/coreset.h"

static bool legal_bundle(const struct phy_coreset *c)
{
	unsigned per_row = c->bundle * c->interleaver; /* of bundles: R of them */

	if (!c->interleaved)
		return c->bundle == 6;
	if (c->bundle != 6 && c->bundle != (c->n_symb == 1 ? 2 : c->n_symb))
		return false;
	if (c->interleaver != 2 && c->interleaver != 3 && c->interleaver != 6)
		return false;
	return c->n_shift <= PHY_CORESET_SHIFT_MAX && c->n_rb * c->n_symb % per_row == 0; /* C is whole */
}

/* 7.3.2.2: at most four parts that are not contiguous. */
static bool legal_parts(const struct phy_coreset *c)
{
	return !c->wideband || __builtin_popcountll(c->groups & ~(c->groups << 1)) <= 4;
}

bool phy_coreset_init(struct phy_coreset *c)
{
	unsigned n = 0;

	if (c->n_symb < 1 || c->n_symb > PHY_CORESET_SYMBOLS || c->groups == 0 ||
		c->groups >> PHY_CORESET_GROUPS)
		return false;
	for (unsigned i = 0; i < PHY_CORESET_GROUPS; i++) {
		if (c->groups >> i & 1)
			c->group_at[n++] = (uint8_t)i;
	}
	if (c->first_crb + 6u * c->group_at[n - 1] + 6 > PHY_CRB_END)
		return false;
	c->n_rb = (uint16_t)(6 * n);
	c->n_cce = (uint16_t)(n * c->n_symb);
	return c->punctured < c->n_rb && legal_bundle(c) && legal_parts(c);
}

/* f(x): where the bundle x stands. */
static unsigned interleave(const struct phy_coreset *c, unsigned x)
{
	unsigned bundles = 6u * c->n_cce / c->bundle, r = c->interleaver;

	if (!c->interleaved)
		return x;
	return (x % r * (bundles / r) + x / r + c->n_shift) % bundles;
}

unsigned phy_coreset_blocks(
	const struct phy_coreset *c, unsigned cce, unsigned al, uint16_t rb[PHY_PDCCH_RBS])
{
	bool used[PHY_CORESET_RBS] = { false };
	unsigned per_cce = 6 / c->bundle, width = c->bundle / c->n_symb, count = 0;

	if (al < 1 || al > PHY_AL_MAX || (al & (al - 1)) != 0 || cce % al != 0 || cce + al > c->n_cce)
		return 0;
	for (unsigned x = cce * per_cce; x < (cce + al) * per_cce; x++) {
		unsigned first = interleave(c, x) * width;

		for (unsigned i = 0; i < width; i++)
			used[first + i] = true;
	}
	for (unsigned i = 0; i < c->n_rb; i++) {
		if (used[i])
			rb[count++] = (uint16_t)i;
	}
	return count;
}

unsigned phy_coreset_precoder_of(const struct phy_coreset *c, unsigned rb)
{
	unsigned parts = 0;

	if (!c->wideband)
		return rb / (c->bundle / c->n_symb);
	for (unsigned g = 1; g <= rb / 6; g++)
		parts += c->group_at[g] != c->group_at[g - 1] + 1;
	return parts;
}

bool phy_coreset_fits(const struct phy_coreset *c, const struct phy_grid *g, unsigned first)
{
	return first < g->symbols && first + c->n_symb <= g->symbols &&
	       phy_coreset_crb(c, 0) >= g->first_crb &&
	       phy_coreset_crb(c, phy_coreset_present(c) - 1u) < (unsigned)g->first_crb + g->prbs;
}
