/* What the kinds have in common. */
#include "sim/blocks/parts.h"

const uint8_t blocks_rv[BLOCKS_TRANSMISSIONS_MAX] = { 0, 2, 3, 1 };

void blocks_draw_bits(uint64_t *state, uint8_t *bits, size_t n)
{
	for (size_t i = 0; i < (n + 7) / 8; i++)
		bits[i] = (uint8_t)(blocks_draw(state) >> 56);
	if (n % 8)
		bits[n / 8] &= (uint8_t)(0xff00 >> n % 8);
}
