/*
 * Channel state information as a UE reports it (38.214 5.2.2): rank, precoder of the type I single panel
 * codebook, and channel quality. The criterion: of all ranks and precoders, the one that carries most: the
 * sum over layers of the mean, over the band, of log2(1 + SINR / gap) behind an MMSE receiver, up to what the
 * highest modulation carries. The CQI is the highest whose efficiency a layer has on average.
 */
#pragma once

#include "radio/phy/mapping/type1_codebook.h"

enum { PHY_CQI_ROWS = 16, PHY_CSI_ANTENNAS_MAX = 8 };

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
	enum phy_cqi_table table;
	float gap_db; /* that receiver and code lose against capacity: some 1.5 dB */
};

struct phy_csi {
	uint8_t rank, cqi;
	struct phy_pmi pmi;
	float efficiency; /* bits a resource element, of all layers, that the criterion found */
};

/* False for what the channel cannot be. A channel of nonsense gives CQI 0. */
bool phy_csi_report(struct phy_csi *out, const struct phy_csi_channel *c);
