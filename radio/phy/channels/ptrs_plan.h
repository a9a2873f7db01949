/* Where the PT-RS of a shared channel lie, laid out once with its data: 38.211 6.4.1.2, 7.4.1.2. */
#pragma once

#include "radio/phy/channels/re_plan.h"
#include "radio/phy/mapping/ptrs.h"

enum { PHY_PTRS_BLOCKS_MAX = PHY_PRB_MAX / 2 + 1 };

struct phy_ptrs_plan {
	uint16_t symbols; /* mask; 0: no PT-RS at all */
	uint8_t subcarrier;
	uint8_t layer; /* that it is sent on */
	float amplitude;
	/* With transform precoding; else samples is 0, and block, n and prb say where they are. */
	struct phy_ptrs_groups groups;
	uint16_t sample[PHY_PTRS_SAMPLES_MAX];              /* their places */
	uint16_t samples;                                   /* in a symbol */
	uint16_t n_id, rnti;                                /* of their sequence */
	bool block[PHY_PRB_MAX];                            /* of the bandwidth part */
	uint8_t n[PHY_SYMBOLS_MAX];                         /* blocks of each symbol, */
	uint16_t prb[PHY_SYMBOLS_MAX][PHY_PTRS_BLOCKS_MAX]; /* and which */
};

/* What it follows from. */
struct phy_ptrs_place {
	const struct phy_re_plan *plan; /* its bands */
	const struct phy_dmrs *dmrs;
	uint16_t dmrs_symbols;
	uint8_t first, n; /* symbols of the allocation */
	uint8_t layer, port, layers;
	uint16_t rnti, prbs;
};

/* False for densities, an offset, a port or a number of layers that PT-RS do not have. */
bool phy_ptrs_plan_init(
	struct phy_ptrs_plan *p, const struct phy_ptrs_config *c, const struct phy_ptrs_place *place);

/* The same with transform precoding. */
bool phy_ptrs_plan_groups(struct phy_ptrs_plan *p, const struct phy_ptrs_config *c,
	const struct phy_ptrs_place *place, unsigned q_m);

/* The REs of a block that PT-RS take in symbol l, which are noted; not where they are taken by something
 * else. */
uint16_t phy_ptrs_plan_add(struct phy_ptrs_plan *p, unsigned l, unsigned prb, uint16_t taken);
