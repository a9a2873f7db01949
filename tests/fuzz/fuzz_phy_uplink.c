/* Doors to the control and access channels of the uplink. */
#include "tests/fuzz/fuzz_phy.h"

#include <stdlib.h>

#include "radio/phy/codes/uci.h"

void fuzz_uci(struct fuzz *f)
{
	static struct phy_uci_codec *codec;
	unsigned a = fuzz_upto(f, PHY_UCI_BITS_MAX + 1), q_m = fuzz_upto(f, 10);
	uint32_t e = fuzz_upto(f, fuzz_bool(f) ? 2 * a + 100 : PHY_UCI_POLAR_E_MAX + 10);
	struct phy_uci_result r;
	struct phy_uci u;
	uint8_t *bits;

	codec = codec ? codec : phy_uci_codec_new();
	if (phy_uci_init(&u, a, e, q_m) != PHY_UCI_OK)
		return;
	bits = fuzz_octets(f, a);
	phy_uci_encode(codec, &u, bits, fuzz_room(f, e));
	r = phy_uci_decode(codec, &f->kern, &u, (const int8_t *)fuzz_octets(f, e), bits);
	for (unsigned i = 0; i < a; i++) {
		if (bits[i] > 1)
			abort();
	}
	if (r.ok && !(r.sigmas > 0))
		abort();
}
