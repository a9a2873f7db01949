/* The polar code of the downlink alone, with the CRC that a list decoder needs. */
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/codes/crc.h"
#include "radio/phy/codes/polar.h"
#include "sim/blocks/parts.h"

enum { CRC_BITS = 24 };

struct polar {
	struct phy_polar code;
	struct phy_polar_decoder decoder;
	struct phy_constellation constellation;
	uint32_t symbols;
	uint8_t packed[PHY_POLAR_N_MAX / 8], bits[PHY_POLAR_N_MAX], back[PHY_POLAR_N_MAX];
	uint8_t coded[PHY_POLAR_E_MAX];
	int8_t llr[PHY_POLAR_E_MAX];
	struct phy_cf symbol[PHY_POLAR_E_MAX / 2];
	float noise[PHY_POLAR_E_MAX / 2];
};

static bool accept(const void *arg, const uint8_t *bits, unsigned k)
{
	uint8_t packed[PHY_POLAR_N_MAX / 8] = { 0 };

	for (unsigned i = 0; i < k; i++)
		bits_set(packed, i, bits[i]);
	return crc_agrees(CRC_24C, packed, k);
}

static bool polar_open(struct blocks *b, const char **why)
{
	const struct blocks_code *c = &b->config.code;
	struct polar *p;

	*why = "the polar code alone is sent once";
	if (b->config.transmissions != 1)
		return false;
	*why = "a polar code takes 12 to 140 bits, with 24 of CRC no more than coded bits; symbols are QPSK";
	if (c->k < 12 || c->k > PHY_POLAR_K_DL_MAX - CRC_BITS || c->e % 2 || c->e > PHY_POLAR_E_MAX)
		return false;
	*why = "a list has 1 to 8 paths";
	if (c->list < 1 || c->list > PHY_POLAR_LIST_MAX)
		return false;
	*why = "out of memory";
	b->own = p = calloc(1, sizeof(*p));
	if (!p)
		return false;
	*why = "more bits and CRC than coded bits";
	if (!phy_polar_init(&p->code, PHY_POLAR_DOWNLINK, c->k + CRC_BITS, c->e))
		return false;
	phy_constellation_init(&p->constellation, PHY_QPSK);
	p->symbols = c->e / 2;
	b->size = (struct blocks_size){ c->k, c->k + CRC_BITS, p->symbols, PHY_QPSK, 0 };
	b->air = air_new(&b->config.air, NULL, why);
	return b->air != NULL;
}

static void polar_close(struct blocks *b)
{
	free(b->own);
}

static void polar_begin(struct blocks *b)
{
	struct polar *p = b->own;

	blocks_draw_bits(&b->random, p->packed, b->config.code.k);
	crc_append(CRC_24C, p->packed, b->config.code.k);
	for (unsigned i = 0; i < p->code.k; i++)
		p->bits[i] = (uint8_t)bits_get(p->packed, i);
}

static bool polar_send(struct blocks *b, unsigned transmission)
{
	struct polar *p = b->own;

	phy_polar_encode(&p->code, p->coded, p->bits);
	phy_map(&p->constellation, p->symbol, p->coded, p->symbols);
	air_noise(b->air, p->symbol, p->symbols);
	for (uint32_t i = 0; i < p->symbols; i++)
		p->noise[i] = (float)b->noise;
	phy_demap(&b->kern, PHY_QPSK, p->llr, p->symbol, p->noise, p->symbols);
	return phy_polar_decode(&p->decoder, &p->code, &b->kern, p->back, p->llr, b->config.code.list, accept,
		       NULL, NULL) &&
	       bytes_equal(bytes_of(p->bits, p->code.k), bytes_of(p->back, p->code.k));
}

const struct blocks_kind_ops blocks_polar = { polar_open, polar_close, polar_begin, polar_send, 0 };
