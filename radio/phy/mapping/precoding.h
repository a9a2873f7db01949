/* Precoding of the PUSCH: 38.211 6.3.1.5. */
#pragma once

#include "radio/phy/signals/sequence.h"

enum { PHY_UL_PORTS_MAX = 4, PHY_UL_LAYERS_MAX = 4 };

struct phy_precoding {
	uint8_t ports, layers;
	bool identity; /* port i sends layer i */
	struct phy_cf w[PHY_UL_PORTS_MAX][PHY_UL_LAYERS_MAX];
};

/* Codebook: the TPMI of Tables 6.3.1.5-1 to -7 for 1, 2 or 4 ports (with 1, 1). False for what they lack. */
bool phy_precoding_tpmi(
	struct phy_precoding *w, unsigned ports, unsigned layers, unsigned tpmi, bool transform_precoding);

/* Non-codebook: each layer has a port of its own. False for layers beyond 1 to 4. */
bool phy_precoding_identity(struct phy_precoding *w, unsigned layers);
