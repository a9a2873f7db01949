/* What the kinds have in common. */
#include "radio/phy/mapping/type1_codebook.h"
#include "sim/blocks/parts.h"

const uint8_t blocks_rv[BLOCKS_TRANSMISSIONS_MAX] = { 0, 2, 3, 1 };

void blocks_draw_bits(uint64_t *state, uint8_t *bits, size_t n)
{
	for (size_t i = 0; i < (n + 7) / 8; i++)
		bits[i] = (uint8_t)(blocks_draw(state) >> 56);
	if (n % 8)
		bits[n / 8] &= (uint8_t)(0xff00 >> n % 8);
}

void blocks_draw_precoder(uint64_t *state, struct phy_precoding *w, unsigned ports, unsigned layers)
{
	struct phy_cf drawn[PHY_CSI_PORTS_MAX][PHY_CSI_LAYERS_MAX];

	*w = (struct phy_precoding){ .ports = (uint8_t)ports, .layers = (uint8_t)layers };
	(void)phy_type1_precoder(drawn, ports, layers, blocks_draw(state) % phy_type1_count(ports, layers));
	for (unsigned i = 0; i < ports * layers; i++)
		w->w[i / layers][i % layers] = drawn[i / layers][i % layers];
}
