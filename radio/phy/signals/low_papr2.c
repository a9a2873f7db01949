#include "radio/phy/signals/low_papr2.h"

#include <math.h>

#include "radio/phy/signals/tables.h"

/* pi/2-BPSK of 5.1.1. */
static struct phy_cf turned(unsigned bit, unsigned i)
{
	float a = bit ? -(float)M_SQRT1_2 : (float)M_SQRT1_2;

	return (struct phy_cf){ i % 2 ? -a : a, a };
}

/* Of the lengths below 30 that have bits. */
static const uint8_t *bits_of(unsigned m, unsigned u)
{
	return m == 12   ? phy_lowpapr2_bits_12[u]
	       : m == 18 ? phy_lowpapr2_bits_18[u]
	       : m == 24 ? phy_lowpapr2_bits_24[u]
			 : NULL;
}

void phy_low_papr2(const struct phy_dfts *d, unsigned m, unsigned u, uint32_t c_init, struct phy_cf *out,
	struct phy_cf *work)
{
	const uint8_t *bits = bits_of(m, u);
	struct phy_gold g;
	uint32_t c = 0;

	phy_gold_init(&g, c_init);
	for (unsigned i = 0; i < m; i++) {
		double a = m == 6 ? phy_lowpapr2_phi_6[u][i] * M_PI / 8 : 0;

		if (i % 32 == 0)
			c = phy_gold_next(&g);
		work[i] = m == 6 ? (struct phy_cf){ (float)cos(a), (float)sin(a) }
				 : turned(bits ? bits[i] : c >> i % 32 & 1, i);
	}
	phy_dft_run(d, m, false, out, work, work + m);
}
