/* What sending and receiving PDCCHs share, and the receiver's channel estimate; not for others. */
#pragma once

#include "radio/phy/channels/pdcch.h"

enum {
	PDCCH_DMRS_PER_RB = 3, /* at subcarriers 1, 5, 9 */
	PDCCH_DATA_PER_RB = 9,
	PDCCH_PHASES = 4096,
};

/* c(n) of the DMRS of a symbol: bits 6 i to 6 i + 5 of the sequence for block i of the CORESET, in bits 0
 * to 5. */
void pdcch_dmrs(const struct phy_coreset *c, unsigned slot, unsigned symbol, unsigned symbols_per_slot,
	uint8_t bits[PHY_CORESET_RBS]);

/*
 * Which blocks of the CORESET have DMRS when a PDCCH has these (7.4.1.3.2): the same, or with a wideband
 * CORESET the whole contiguous parts that it is in. Returns how many.
 */
unsigned pdcch_dmrs_blocks(
	const struct phy_coreset *c, const uint16_t *rb, unsigned blocks, bool sent[PHY_CORESET_RBS]);

/* r(3 i + k') of 7.4.1.3.1 from those bits. */
static inline struct phy_cf pdcch_dmrs_symbol(unsigned bits, unsigned k)
{
	const float a = 0.70710678f;

	return (struct phy_cf){ bits >> 2 * k & 1 ? -a : a, bits >> (2 * k + 1) & 1 ? -a : a };
}

/* The CRC of 7.3.2 over the first n bits, one an octet: after 24 ones, without an RNTI. */
uint32_t pdcch_crc(const uint8_t *bits, unsigned n);

/* c_init of 7.3.2.3. */
uint32_t pdcch_scrambling(const struct phy_pdcch_occasion *o);

enum { PDCCH_SPANS = 3 };

/* Over what length of blocks the channel is taken as the same few taps. */
struct pdcch_span {
	bool bundle;        /* it is the REG bundle */
	unsigned blocks;    /* of it, at most */
	unsigned taps;      /* to try, at most */
	uint32_t delay;     /* of the strongest tap */
	uint32_t tap_delay; /* between taps */
};

/* The DMRS of one candidate at an antenna, and the channel that they show. */
struct pdcch_channel {
	const struct phy_cf *phases; /* exp(j 2 pi i / PDCCH_PHASES): pdcch_channel_phases() */

	/* The receiver's: blocks with DMRS, those of the candidate, and others of a wideband CORESET. */
	unsigned blocks, n_symb;
	unsigned bundle_blocks; /* of a REG bundle */
	bool per_bundle;
	bool mine[PHY_PDCCH_RBS];   /* the block is the candidate's */
	uint16_t at[PHY_PDCCH_RBS]; /* common resource blocks, ascending, less the first one's */
	uint16_t bundle[PHY_PDCCH_RBS];
	/* Received over sent, of mean power about one, symbol after symbol. */
	struct phy_cf raw[PHY_CORESET_SYMBOLS][PHY_PDCCH_RBS * PDCCH_DMRS_PER_RB];

	/* pdcch_channel_look's: what of the energy one delay in each bundle explains. Over noise it is the
	 * sum of as many exponential variables as there are bundles. */
	float explained, bundles;
	float total;                         /* mean power of a single DMRS */
	struct pdcch_span span[PDCCH_SPANS]; /* the bundle's; pdcch_channel_estimate's others behind it */

	/* pdcch_channel_estimate's. */
	struct phy_cf mean[PHY_PDCCH_RBS * PDCCH_DMRS_PER_RB]; /* over the symbols */
	unsigned data;                                         /* of a symbol: how many h there are */
	struct phy_cf h[PHY_PDCCH_RBS * PDCCH_DATA_PER_RB];    /* at the data, of any symbol */
	float noise;                                           /* of a resource element */
	float error;                                           /* of h */
	float signal;                                          /* mean power of h */
};

void pdcch_channel_phases(struct phy_cf phases[PDCCH_PHASES]);
/* Looks at the DMRS first; then, where it is worth it, estimates. */
void pdcch_channel_look(struct pdcch_channel *ch);
/* At the same DMRS as before, of which the bundle's span was found. */
void pdcch_channel_look_again(struct pdcch_channel *ch, const struct pdcch_span *bundle);
void pdcch_channel_estimate(struct pdcch_channel *ch);
