/* The precoders a UE reports of: type I, single panel, 2 ports and 4 ports in mode 1 (38.214 5.2.2.2.1). */
#pragma once

#include "radio/phy/signals/sequence.h"

enum { PHY_CSI_PORTS_MAX = 4, PHY_CSI_LAYERS_MAX = 4 };

/* i_1,1, i_1,3 and i_2; i_1,2 is 0. With 2 ports i_2 is the codebook index. */
struct phy_pmi {
	uint8_t i11, i13, i2;
};

/* How many precoders there are for 1, 2 or 4 ports and so many layers; 0: none. */
size_t phy_type1_count(unsigned ports, unsigned layers);

/* The at-th of them: w by port and layer, of power 1 over all ports and layers. */
struct phy_pmi phy_type1_precoder(
	struct phy_cf w[PHY_CSI_PORTS_MAX][PHY_CSI_LAYERS_MAX], unsigned ports, unsigned layers, size_t at);

/* Which of them is reported so; false: none is. */
bool phy_type1_find(unsigned ports, unsigned layers, const struct phy_pmi *pmi, size_t *at);
