/*
 * CSI reference signals (38.211 7.4.1.5): non-zero-power for channel state, tracking (TRS) and mobility, and
 * the resource elements of zero-power ones, CSI-IM included. A configuration is checked and laid out once.
 */
#pragma once

#include "radio/phy/signals/grid.h"
#include "radio/phy/signals/modulation.h"

enum {
	PHY_CSI_RS_PORTS_MAX = 32,
	PHY_CSI_RS_GROUPS_MAX = 16,
	PHY_CSI_RS_CDM_MAX = 8,
	PHY_CSI_RS_ROWS = 18,
	PHY_CSI_RS_CRB_MAX = 2200 + PHY_PRB_MAX
};

enum phy_csi_rs_density {
	PHY_CSI_RS_ONE,
	PHY_CSI_RS_THREE,
	PHY_CSI_RS_HALF_EVEN, /* in even common resource blocks */
	PHY_CSI_RS_HALF_ODD,
};

struct phy_csi_rs_config {
	uint8_t row; /* of Table 7.4.1.5.3-1: 1 to 18 */
	enum phy_csi_rs_density density;
	uint16_t frequency; /* frequencyDomainAllocation: b0 in bit 0; 4 bits in row 1, 12 in row 2, 3 in row
			       4, else 6 */
	uint8_t l0, l1;     /* firstOFDMSymbolInTimeDomain, and ...2 in rows 13, 14, 16 and 17 */
	bool extended;      /* cyclic prefix: 12 symbols */
	uint16_t first_crb, prbs;
	uint16_t n_id; /* scramblingID, 0 to 1023 */
};

enum phy_csi_rs_error {
	PHY_CSI_RS_OK,
	PHY_CSI_RS_ROW,
	PHY_CSI_RS_DENSITY,   /* the row has no such */
	PHY_CSI_RS_FREQUENCY, /* other bits than the row has, or not as many set as it needs */
	PHY_CSI_RS_OVERLAP,   /* two groups on the same resource elements */
	PHY_CSI_RS_TIME,      /* symbols outside the slot, or l1 outside 2 to 12 */
	PHY_CSI_RS_PRBS,      /* none, or outside a carrier */
	PHY_CSI_RS_IDENTITY,
	PHY_CSI_RS_ERRORS,
};

const char *phy_csi_rs_error_text(enum phy_csi_rs_error e);

/* The plan. */
struct phy_csi_rs {
	struct phy_csi_rs_config config;
	uint8_t ports, groups, cdm_f, cdm_t; /* cdm_f subcarriers and cdm_t symbols a group */
	uint8_t k[PHY_CSI_RS_GROUPS_MAX];    /* k of each group, or in row 1 of each place; and l */
	uint8_t l[PHY_CSI_RS_GROUPS_MAX];
	uint8_t places;               /* in row 1 three, else as many as groups */
	uint16_t symbols;             /* mask */
	uint16_t re[PHY_SYMBOLS_MAX]; /* the resource elements of a block in each symbol, of all ports */
};

enum phy_csi_rs_error phy_csi_rs_init(struct phy_csi_rs *p, const struct phy_csi_rs_config *c);

/* Is that common resource block one of those with CSI-RS? */
bool phy_csi_rs_in(const struct phy_csi_rs *p, unsigned crb);

/* How many values of the channel a port shows: one for each place in the blocks with CSI-RS. */
size_t phy_csi_rs_values(const struct phy_csi_rs *p);

/* Scratch of a thread. */
struct phy_csi_rs_work {
	uint8_t bits[PHY_CSI_RS_CRB_MAX * 3 / 4 + 8];
	struct phy_constellation qpsk;
};

bool phy_csi_rs_work_init(struct phy_csi_rs_work *w);

/*
 * Writes all ports, port 3000 + i to grids[i], with this amplitude, in this slot of the frame; other resource
 * elements stay. False, with nothing done, when a grid is another one: without these blocks, or other
 * symbols.
 */
bool phy_csi_rs_send(struct phy_csi_rs_work *w, const struct kern *k, const struct phy_csi_rs *p,
	unsigned slot, float amplitude, const struct phy_grid *grids);

/*
 * The channel from each port as one antenna's grid shows it, the covers of its group undone: h[port * n + i],
 * n being phy_csi_rs_values(), from the lowest block on (in row 1 three a block). False as above.
 */
bool phy_csi_rs_receive(struct phy_csi_rs_work *w, const struct kern *k, const struct phy_csi_rs *p,
	unsigned slot, const struct phy_grid *grid, struct phy_cf *h);
