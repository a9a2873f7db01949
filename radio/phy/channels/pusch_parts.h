/* What sending and receiving share. */
#pragma once

#include "radio/phy/channels/layers.h"
#include "radio/phy/channels/pusch.h"

/* Of the scrambling of data. */
uint32_t phy_pusch_c_init(const struct phy_pusch *p);

/* The layers in the hop of symbol l of the slot; dmrs[] is theirs. */
void phy_pusch_layers(struct phy_layers *c, struct phy_dmrs dmrs[PHY_UL_LAYERS_MAX],
	const struct phy_pusch *p, const struct phy_dfts *dfts, unsigned slot, unsigned l);
