/* Where a PDSCH lies in time and frequency: 38.214 5.1.2 and the mapping of resource blocks, 38.211 7.3.1.6.
 */
#pragma once

#include "radio/phy/signals/grid.h"

/* A row of a time domain allocation table. */
struct phy_time_domain {
	bool type_b; /* mapping type */
	uint8_t k0;  /* slots from the PDCCH's to the PDSCH's, each in its own numerology */
	uint8_t s;   /* first symbol */
	uint8_t l;   /* symbols */
};

enum phy_time_table { PHY_TIME_DEFAULT_A, PHY_TIME_DEFAULT_B, PHY_TIME_DEFAULT_C };

/*
 * Row m + 1 of a default table (5.1.2.1.1), m being the value of the DCI's field, 0 to 15; type_a_position is
 * dmrs-TypeA-Position, 2 or 3; only table A knows the extended prefix. False for a reserved row.
 */
bool phy_time_default(struct phy_time_domain *t, enum phy_time_table table, bool extended, unsigned m,
	unsigned type_a_position);

/* Is this a combination of Table 5.1.2.1-1? */
bool phy_time_legal(const struct phy_time_domain *t, bool extended, unsigned type_a_position);

/* SLIV of 5.1.2.1, from s and l with s + l <= 14, and back (false for one that is none). */
unsigned phy_sliv(unsigned s, unsigned l);
bool phy_sliv_split(unsigned sliv, uint8_t *s, uint8_t *l);

/* The nominal size P of a resource block group (Table 5.1.2.2.1-1), rbg-Size being config 1 or 2. */
unsigned phy_rbg_size(unsigned bwp_prbs, unsigned config);

/* How many groups a bandwidth part has, which is the length of the bitmap. */
unsigned phy_rbg_count(unsigned bwp_start, unsigned bwp_prbs, unsigned config);

enum phy_vrb_mapping {
	PHY_VRB_DIRECT,
	PHY_VRB_INTERLEAVED_2, /* bundles of 2 */
	PHY_VRB_INTERLEAVED_4,
};

/*
 * What virtual resource blocks stand for. Usually the whole bandwidth part, size = bwp_prbs and offset = 0.
 * For DCI 1_0 in a common search space: size is that of CORESET 0 (without one, of the initial bandwidth
 * part) and offset the CORESET's lowest resource block within the bandwidth part; si_in_coreset0 for SI-RNTI
 * in the Type0-PDCCH search space, where bundles count from the CORESET's beginning.
 */
struct phy_vrb {
	uint16_t bwp_start; /* CRB */
	uint16_t bwp_prbs;
	uint16_t size;
	uint16_t offset;
	enum phy_vrb_mapping mapping;
	bool si_in_coreset0;
};

/* Physical resource blocks in the order of the virtual ones. */
struct phy_prbs {
	uint16_t n;
	uint16_t at[PHY_PRB_MAX]; /* within the bandwidth part */
};

/* Type 0: bitmap with its first group in the most significant bit of octet 0. False for a *v of nonsense,
 * a bitmap of zeros, or an interleaved mapping, which type 0 does not have. */
bool phy_prbs_type0(struct phy_prbs *p, const struct phy_vrb *v, unsigned config, const uint8_t *bitmap);

/* Type 1 (its RIV: dci_riv.h): length virtual resource blocks from start on. False for what does not fit. */
bool phy_prbs_type1(struct phy_prbs *p, const struct phy_vrb *v, unsigned start, unsigned length);
