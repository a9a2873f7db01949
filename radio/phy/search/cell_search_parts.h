/* What a cell search works in, and the decoding of a group of bursts; not for others. */
#pragma once

#include "radio/phy/search/cell_search.h"
#include "radio/phy/search/ssb_cancel.h"

enum {
	CELL_IDS_TRIED = 3, /* of the cells that one PSS may be of */
	CANCELLED_MAX = 512,
	FITS_MAX = PHY_CELLS_MAX, /* of them that can be put back */
};

struct phy_cell_search {
	struct phy_pss_search *pss;
	struct phy_pbch pbch;
	struct phy_pss_peaks peaks;
	struct phy_bursts group;
	struct phy_pbch_burst coded[PHY_BURSTS_MAX];
	struct phy_cf together[PHY_BURSTS_MAX]
			      [PHY_SYNC_LENGTH]; /* the group's PSS before anything was cancelled */
	struct phy_cf *samples;                  /* what is left of the recording */
	size_t count_max;
	struct phy_recording in;
	enum phy_cell_blocks blocks;
	struct phy_cell cancelled[CANCELLED_MAX];
	struct phy_cancel fit[FITS_MAX], unkept; /* of the first of them */
	unsigned cancelled_n;
};

/* The likeliest cell identities over the group, those that stand out of what noise does; how many. */
unsigned cell_ids_likely(const struct phy_cell_search *s, unsigned n_id_2, uint16_t id[CELL_IDS_TRIED]);

/* The bursts as a cell sent them. */
struct phy_bursts_sent cell_sent_by(const struct phy_cell_search *s, const struct phy_cell *cell);

/* From here on bursts that were taken whole are punctured ones. */
void cell_puncture(struct phy_cell_search *s);

/* Decodes the bursts as they were taken, as of one cell; true with payload and L_max. What was decoded whole
 * may be punctured nevertheless. */
bool cell_decode(struct phy_cell_search *s, const struct kern *k, unsigned l_max, struct phy_cell *cell);
