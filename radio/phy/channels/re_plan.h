/*
 * Which resource elements of a slot carry the data of a shared channel, laid out once: runs of resource
 * blocks, symbol by symbol, in the order in which data is mapped. PDSCH and PUSCH have the same.
 */
#pragma once

#include "radio/phy/mapping/precoding.h"
#include "radio/phy/receivers/chest.h"

enum { PHY_RE_RUNS_MAX = PHY_SYMBOLS_MAX * PHY_PRB_MAX, PHY_RE_ALL = 0xfff };

/* Resource blocks in a row, of the bandwidth part, with the same REs for data. */
struct phy_re_run {
	uint16_t prb;
	uint16_t prbs;
	uint16_t mask; /* bit 0 for subcarrier 0 */
};

struct phy_re_plan {
	uint32_t re;                         /* for data, in all, of one layer */
	uint16_t symbol_re[PHY_SYMBOLS_MAX]; /* of each symbol */
	uint16_t start[PHY_SYMBOLS_MAX + 1]; /* of each symbol's runs, in the order of virtual blocks */
	struct phy_re_run runs[PHY_RE_RUNS_MAX];
	uint16_t bands_n; /* the blocks in ascending order, in runs of one precoder */
	struct phy_prb_run bands[PHY_PRB_MAX / 2 + 1];
};

/* Symbol by symbol from 0 on, each with its blocks: what follows belongs to symbol l; 14 ends the plan. */
void phy_re_plan_symbol(struct phy_re_plan *p, unsigned l);

/* A block and its REs for data, which may be none. */
void phy_re_plan_add(struct phy_re_plan *p, unsigned l, unsigned prb, uint16_t mask);

/* So many REs of the symbol that is being added are not for data: of the places before a transform. */
void phy_re_plan_less(struct phy_re_plan *p, unsigned l, unsigned n);

/* The bands from the blocks of the allocation: as long as there is one precoder (precoding.h). */
void phy_re_plan_bands(
	struct phy_re_plan *p, const struct phy_prbs *prbs, unsigned prg_prbs, unsigned bwp_start);

/* The data of symbol l to its places; row is subcarrier 0 of the bandwidth part. */
void phy_re_scatter(const struct phy_re_plan *p, unsigned l, const struct phy_cf *from, struct phy_cf *row);

/* The REs of a run that is not whole blocks, one by one; returns how many. */
size_t phy_re_gather(const struct phy_re_run *run, const struct phy_cf *row, struct phy_cf *to);

/*
 * Do the LLRs hold anything? The block of zeros is a codeword, its CRC too, and would come out of silence.
 */
bool phy_llr_tell(const int8_t *llr, uint32_t n);
