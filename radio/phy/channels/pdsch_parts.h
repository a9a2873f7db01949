/* What sending and receiving share. */
#pragma once

#include "radio/phy/channels/pdsch.h"

/* Of the scrambling of data. */
uint32_t phy_pdsch_c_init(const struct phy_pdsch *p, unsigned codeword);

/* How many layers a codeword has. */
unsigned phy_pdsch_codeword_layers(const struct phy_pdsch_config *c, unsigned codeword);

/* The layers of the plan; dmrs[] is theirs. */
void phy_pdsch_layers(struct phy_layers *c, struct phy_dmrs dmrs[PHY_LAYERS_MAX], const struct phy_pdsch *p);
