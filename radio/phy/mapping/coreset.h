/*
 * The control resource set of 38.211 7.3.2.2: a part of the grid made of resource element groups (REG: a
 * resource block in one symbol), six of which are a control channel element (CCE).
 */
#pragma once

#include "radio/phy/signals/grid.h"

enum {
	PHY_CORESET_GROUPS = 45, /* bits of frequencyDomainResources, each for 6 resource blocks */
	PHY_CORESET_SYMBOLS = 3,
	PHY_AL_MAX = 16,                  /* CCEs of a PDCCH: 1, 2, 4, 8 or 16 (7.3.2.1) */
	PHY_PDCCH_RBS = 6 * PHY_AL_MAX,   /* resource blocks of a PDCCH in one symbol */
	PHY_CRB_END = 2200 + PHY_PRB_MAX, /* offsetToCarrier and a carrier, 38.331 */
	PHY_CORESET_SHIFT_MAX = 1007,     /* n_shift is a cell identity at most */
	PHY_CORESET_RBS = 6 * PHY_CORESET_GROUPS,
};

struct phy_coreset {
	/* The caller's. */
	uint64_t groups; /* bit i: the six resource blocks from first_crb + 6 i on belong to it */
	uint16_t first_crb;
	uint16_t dmrs_id; /* N_ID of 7.4.1.3.1: pdcch-DMRS-ScramblingID, or the cell's identity */
	uint16_t n_shift; /* 0 to 274, or the cell's identity */
	uint8_t n_symb;   /* 1 to 3 */
	uint8_t bundle; /* L, REGs of a bundle: 6; if interleaved also 2 (1 or 2 symbols) or 3 (3 symbols) */
	uint8_t interleaver; /* R: 2, 3 or 6 if interleaved, else not looked at */
	bool interleaved;
	bool wideband;      /* precoderGranularity is allContiguousRBs */
	uint8_t punctured;  /* so many of its highest blocks are not there (CORESET 0 of 3 MHz) */
	bool own_reference; /* the DMRS count from its lowest block (CORESET 0), not from CRB 0 */

	/* phy_coreset_init's. */
	uint16_t n_rb; /* before puncturing, as CCEs are counted (38.213 10.1) */
	uint16_t n_cce;
	uint8_t group_at[PHY_CORESET_GROUPS]; /* which groups they are, ascending */
};

/* Fills the rest of *c; false for what the standard does not allow. */
bool phy_coreset_init(struct phy_coreset *c);

/*
 * The blocks of the PDCCH of al CCEs from cce on, ascending, counted within the CORESET; it has all symbols
 * of each. Returns how many there are, 0 if there is no such PDCCH.
 */
unsigned phy_coreset_blocks(
	const struct phy_coreset *c, unsigned cce, unsigned al, uint16_t rb[PHY_PDCCH_RBS]);

/* The common resource block of a block of the CORESET. */
static inline unsigned phy_coreset_crb(const struct phy_coreset *c, unsigned rb)
{
	return c->first_crb + 6u * c->group_at[rb / 6] + rb % 6;
}

/*
 * Parts of the CORESET within which a PDCCH has one precoder (precoderGranularity): REG bundles, or with a
 * wideband one its contiguous parts. How many there are, and which one a block is in.
 */
unsigned phy_coreset_precoder_of(const struct phy_coreset *c, unsigned rb);

static inline unsigned phy_coreset_precoders(const struct phy_coreset *c)
{
	return phy_coreset_precoder_of(c, c->n_rb - 1u) + 1;
}

/* How many blocks, the lowest, are there. */
static inline unsigned phy_coreset_present(const struct phy_coreset *c)
{
	return c->n_rb - c->punctured;
}

/* Whether the grid holds the CORESET when it begins in symbol `first`. */
bool phy_coreset_fits(const struct phy_coreset *c, const struct phy_grid *g, unsigned first);
