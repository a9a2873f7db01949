/*
 * The physical downlink control channel: 38.212 7.3.2 to 7.3.4 and 38.211 7.3.2, 7.4.1.3. The gNB puts DCI
 * bits on CCEs of a CORESET; the UE looks for them there without knowing whether there are any.
 */
#pragma once

#include "radio/phy/channels/dci.h"
#include "radio/phy/codes/polar_cache.h"
#include "radio/phy/mapping/precoding.h"
#include "radio/phy/mapping/search_space.h"

enum {
	PHY_PDCCH_ANTENNAS_MAX = 8, /* that receive */
	PHY_PDCCH_CCE_BITS = 108,   /* 6 REGs of 9 QPSK symbols */
	PHY_PDCCH_BITS = PHY_AL_MAX * PHY_PDCCH_CCE_BITS,
	PHY_PDCCH_SIZES = 4, /* 38.212 7.3.1.0 step 3: sizes that a UE monitors */
	PHY_PDCCH_RNTIS = 8,
};

/* When and how; the same for all PDCCHs of a monitoring occasion. */
struct phy_pdcch_occasion {
	const struct phy_coreset *coreset;
	uint16_t slot;        /* n_s,f, within the frame */
	uint8_t first_symbol; /* where the CORESET begins in the slot */
	uint16_t n_id;   /* 7.3.2.3: pdcch-DMRS-ScramblingID in a UE-specific search space that has one, */
	uint16_t n_rnti; /* and the C-RNTI; else the cell's identity and 0 */
};

/* Is there a code for a DCI of so many bits on so many CCEs? */
bool phy_pdcch_codable(struct phy_polar_cache *codes, unsigned dci_bits, unsigned al);

/* The rate matched bits, one an octet, of DCI bits packed; al * 108 of them. False for what cannot be coded.
 */
bool phy_pdcch_encode(struct phy_polar_cache *codes, uint8_t out[PHY_PDCCH_BITS], const uint8_t *dci,
	unsigned dci_bits, uint16_t rnti, unsigned al);

/* How it leaves. */
struct phy_pdcch_output {
	float amplitude; /* of data and DMRS */
	/* phy_coreset_precoders() from the one layer to as many ports each; NULL: the only port sends it. */
	const struct phy_precoding *w;
	const struct phy_grid *ports; /* all alike */
};

/*
 * Writes a PDCCH with its DMRS (with a wideband CORESET all DMRS of the contiguous blocks it is in) into the
 * grids of its ports. False, with the grids as they were, for what cannot be.
 */
bool phy_pdcch_transmit(struct phy_polar_cache *codes, const struct phy_pdcch_occasion *o,
	struct phy_candidate at, uint16_t rnti, const uint8_t *dci, unsigned dci_bits,
	const struct phy_pdcch_output *to);

/* The same with bits instead of a coded DCI: at.al * 108 of them, one an octet, which are scrambled. */
bool phy_pdcch_transmit_bits(const struct phy_pdcch_occasion *o, struct phy_candidate at,
	uint8_t bits[PHY_PDCCH_BITS], const struct phy_pdcch_output *to);

/* What a UE looks for in an occasion. */
struct phy_pdcch_search {
	struct phy_pdcch_occasion occasion;
	struct phy_candidate candidate[PHY_CANDIDATES_MAX];
	uint8_t candidates;
	uint8_t sizes; /* DCI sizes, bits each */
	uint8_t size[PHY_PDCCH_SIZES];
	uint8_t rntis;
	uint16_t rnti[PHY_PDCCH_RNTIS];
	const struct phy_pdcch_found
		*taken; /* on whose CCEs there is none: of other searches of the occasion */
	unsigned taken_n;
	bool per_bundle; /* take no help from other REG bundles, even where they seem to have one precoder */
};

struct phy_pdcch_found {
	struct phy_candidate at;
	uint16_t rnti;
	uint8_t bits; /* of the DCI */
	uint8_t dci[PHY_DCI_OCTETS];
	float quality; /* how well the soft bits agree with the code word: 1 is entirely */
	float snr_db;  /* of a resource element, as estimated: the mean of the antennas */
};

/* What searching works in, about 800 kB; one a thread. NULL when memory is out. */
struct phy_pdcch_receiver *phy_pdcch_receiver_new(void);
void phy_pdcch_receiver_free(struct phy_pdcch_receiver *rx);

/*
 * Tries all candidates, sizes and RNTIs in the grids of 1 to 8 antennas, all alike; candidates on CCEs of a
 * PDCCH already found are passed over, and antennas that are silent or show what is no number are left out.
 * Returns how many were found, at most max. 0 for a search that cannot be.
 */
unsigned phy_pdcch_find(struct phy_pdcch_receiver *rx, const struct kern *kern,
	const struct phy_pdcch_search *s, const struct phy_grid *grids, unsigned antennas,
	struct phy_pdcch_found *found, unsigned max);
