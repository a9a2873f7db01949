/*
 * Channel state information as a UE reports it (38.214 5.2.2): rank, precoder of the type I single panel
 * codebook, and channel quality. The criterion: of all ranks and precoders, the one that carries most: the
 * sum over layers of the mean, over the band, of log2(1 + SINR / gap) behind an MMSE receiver, up to what the
 * highest modulation carries. The CQI is the highest whose efficiency a layer has on average.
 */
#pragma once

#include "radio/phy/mapping/type1_codebook.h"

enum { PHY_CQI_ROWS = 16, PHY_CSI_ANTENNAS_MAX = 8 };

/*
 * The gap by which one block of ten is lost at the CQI that is reported (38.214 5.2.2.1): with PRGs of two
 * blocks, after the estimate's loss, through fading of one layer and noise of two, as 38.101-4 6.2.2 has
 * them.
 */
#define PHY_CSI_GAP_DB 3.0f

enum phy_cqi_table { PHY_CQI_64QAM, PHY_CQI_256QAM, PHY_CQI_64QAM_LOW_SE, PHY_CQI_1024QAM, PHY_CQI_TABLES };

/* The efficiency of a CQI in bits a symbol; 0 for CQI 0 and what is none. */
float phy_cqi_efficiency(enum phy_cqi_table table, unsigned cqi);

struct phy_csi_channel {
	unsigned ports, antennas; /* 1, 2 or 4; 1 to 8 */
	size_t n;                 /* values of each pair over the band */
	/* By antenna: port after port, n values each; as phy_csi_rs_receive() gives them. */
	const struct phy_cf *h[PHY_CSI_ANTENNAS_MAX];
	float noise; /* variance on a resource element, above 0 */
	unsigned rank_max;
	/* codebookSubsetRestriction of 2 ports (38.214 5.2.2.2.1): bits 0 to 3 of the precoders of one layer,
	 * 4 and 5 of those of two, which may be reported; 0: all. */
	uint8_t subset;
	enum phy_cqi_table table;
	float gap_db; /* that receiver and code lose against capacity */
};

struct phy_csi {
	uint8_t rank, cqi;
	struct phy_pmi pmi;
	float efficiency; /* bits a resource element, of all layers, that the criterion found */
};

/* False for what the channel cannot be. A channel of nonsense gives CQI 0. */
bool phy_csi_report(struct phy_csi *out, const struct phy_csi_channel *c);
