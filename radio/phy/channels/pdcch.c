#include "radio/phy/channels/pdcch.h"

#include <math.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/signals/complex.h"
#include "radio/phy/codes/crc.h"
#include "radio/phy/signals/modulation.h"
#include "radio/phy/channels/pdcch_parts.h"

enum { CRC_BITS = 24 };

uint32_t pdcch_crc(const uint8_t *bits, unsigned n)
{
	uint8_t packed[CRC_BITS / 8 + PHY_POLAR_K_DL_MAX / 8 + 1] = { 0xff, 0xff, 0xff };

	for (unsigned i = 0; i < n; i++)
		packed[(CRC_BITS + i) / 8] |= (uint8_t)(bits[i] << (7 - i % 8));
	return crc_of(CRC_24C, packed, CRC_BITS + n);
}

uint32_t pdcch_scrambling(const struct phy_pdcch_occasion *o)
{
	return (((uint32_t)o->n_rnti << 16) + o->n_id) & 0x7fffffff;
}

void pdcch_dmrs(const struct phy_coreset *c, unsigned slot, unsigned symbol, unsigned symbols_per_slot,
	uint8_t bits[PHY_CORESET_RBS])
{
	uint64_t t = (uint64_t)symbols_per_slot * slot + symbol + 1, id = c->dmrs_id;
	unsigned reference = c->own_reference ? phy_coreset_crb(c, 0) : 0, made = 0;
	uint64_t have = 0; /* bits of the sequence before `made`, the last ones on top */
	struct phy_gold g;

	phy_gold_init(&g, (uint32_t)((t * (2 * id + 1) << 17) + 2 * id) & 0x7fffffff);
	for (unsigned i = 0; i < c->n_rb; i++) {
		unsigned from = 6 * (phy_coreset_crb(c, i) - reference);

		for (; made < from + 6; made += 32)
			have = have >> 32 | (uint64_t)phy_gold_next(&g) << 32;
		bits[i] = have >> (64 - (made - from)) & 0x3f;
	}
}

static const struct phy_polar *code_of(struct phy_polar_cache *codes, unsigned dci_bits, unsigned al)
{
	if (dci_bits < PHY_DCI_BITS_MIN || dci_bits > PHY_DCI_BITS_MAX || al < 1 || al > PHY_AL_MAX)
		return NULL;
	return phy_polar_cache_get(codes, PHY_POLAR_DOWNLINK, dci_bits + CRC_BITS, al * PHY_PDCCH_CCE_BITS);
}

bool phy_pdcch_codable(struct phy_polar_cache *codes, unsigned dci_bits, unsigned al)
{
	return code_of(codes, dci_bits, al);
}

bool phy_pdcch_encode(struct phy_polar_cache *codes, uint8_t out[PHY_PDCCH_BITS], const uint8_t *dci,
	unsigned dci_bits, uint16_t rnti, unsigned al)
{
	uint8_t c[PHY_POLAR_K_DL_MAX];
	const struct phy_polar *code = code_of(codes, dci_bits, al);
	uint32_t crc;

	if (!code)
		return false;
	for (unsigned i = 0; i < dci_bits; i++)
		c[i] = (uint8_t)bits_get(dci, i);
	crc = pdcch_crc(c, dci_bits) ^ rnti;
	for (unsigned i = 0; i < CRC_BITS; i++)
		c[dci_bits + i] = crc >> (CRC_BITS - 1 - i) & 1;
	phy_polar_encode(code, out, c);
	return true;
}

unsigned pdcch_dmrs_blocks(
	const struct phy_coreset *c, const uint16_t *rb, unsigned blocks, bool sent[PHY_CORESET_RBS])
{
	unsigned count = 0;

	memset(sent, 0, PHY_CORESET_RBS * sizeof(*sent));
	for (unsigned i = 0; i < blocks; i++)
		sent[rb[i]] = rb[i] < phy_coreset_present(c);
	for (unsigned i = 1; i < phy_coreset_present(c) && c->wideband; i++) {
		if (sent[i - 1] && phy_coreset_crb(c, i) == phy_coreset_crb(c, i - 1) + 1)
			sent[i] = true;
	}
	for (unsigned i = phy_coreset_present(c); i-- > 0;) {
		if (c->wideband && i + 1u < phy_coreset_present(c) && sent[i + 1] &&
			phy_coreset_crb(c, i) == phy_coreset_crb(c, i + 1) - 1)
			sent[i] = true;
		count += sent[i];
	}
	return count;
}

/* A resource element of a block, at all ports. */
static void put(const struct phy_pdcch_output *to, const struct phy_pdcch_occasion *o, unsigned l,
	unsigned rb, unsigned k, struct phy_cf x)
{
	const struct phy_grid *g = to->ports;
	unsigned subcarrier = (phy_coreset_crb(o->coreset, rb) - g->first_crb) * PHY_SC_PER_PRB + k;

	x = (struct phy_cf){ x.re * to->amplitude, x.im * to->amplitude };
	if (!to->w) {
		*phy_grid_at(g, o->first_symbol + l, subcarrier) = x;
		return;
	}
	for (unsigned p = 0; p < to->w->ports; p++)
		*phy_grid_at(&g[p], o->first_symbol + l, subcarrier) =
			phy_cf_mul(to->w[phy_coreset_precoder_of(o->coreset, rb)].w[p][0], x);
}

static void put_dmrs(const struct phy_pdcch_occasion *o, const bool *sent, const struct phy_pdcch_output *to)
{
	const struct phy_coreset *c = o->coreset;
	uint8_t bits[PHY_CORESET_RBS];

	for (unsigned l = 0; l < c->n_symb; l++) {
		pdcch_dmrs(c, o->slot, o->first_symbol + l, to->ports->symbols, bits);
		for (unsigned i = 0; i < c->n_rb; i++) {
			for (unsigned k = 0; k < PDCCH_DMRS_PER_RB && sent[i]; k++)
				put(to, o, l, i, 4 * k + 1, pdcch_dmrs_symbol(bits[i], k));
		}
	}
}

/* 7.3.2.5: first along the subcarriers, then the symbols, around the DMRS. Blocks that are punctured take
 * their bits with them. */
static void put_data(const struct phy_pdcch_occasion *o, const uint16_t *rb, unsigned blocks,
	const uint8_t *bits, const struct phy_pdcch_output *to)
{
	const float a = 0.70710678f;

	for (unsigned l = 0; l < o->coreset->n_symb; l++) {
		for (unsigned i = 0; i < blocks; i++) {
			for (unsigned k = 0; k < PHY_SC_PER_PRB; k++) {
				if (k % 4 == 1)
					continue;
				if (rb[i] < phy_coreset_present(o->coreset))
					put(to, o, l, rb[i], k,
						(struct phy_cf){ bits[0] ? -a : a, bits[1] ? -a : a });
				bits += 2;
			}
		}
	}
}

static bool legal_output(const struct phy_pdcch_occasion *o, const struct phy_pdcch_output *to)
{
	for (unsigned i = 0; to->w && i < phy_coreset_precoders(o->coreset); i++) {
		if (to->w[i].layers != 1 || to->w[i].ports < 1 || to->w[i].ports > PHY_PORTS_MAX ||
			to->w[i].ports != to->w->ports)
			return false;
	}
	for (unsigned p = 0; p < (to->w ? to->w->ports : 1u); p++) {
		if (!phy_coreset_fits(o->coreset, &to->ports[p], o->first_symbol))
			return false;
	}
	return isfinite(to->amplitude);
}

bool phy_pdcch_transmit_bits(const struct phy_pdcch_occasion *o, struct phy_candidate at,
	uint8_t bits[PHY_PDCCH_BITS], const struct phy_pdcch_output *to)
{
	uint16_t rb[PHY_PDCCH_RBS];
	bool sent[PHY_CORESET_RBS];
	unsigned blocks;

	if (!legal_output(o, to))
		return false;
	blocks = phy_coreset_blocks(o->coreset, at.cce, at.al, rb);
	if (blocks == 0)
		return false;
	phy_scramble(bits, at.al * PHY_PDCCH_CCE_BITS, pdcch_scrambling(o));
	(void)pdcch_dmrs_blocks(o->coreset, rb, blocks, sent);
	put_dmrs(o, sent, to);
	put_data(o, rb, blocks, bits, to);
	return true;
}

bool phy_pdcch_transmit(struct phy_polar_cache *codes, const struct phy_pdcch_occasion *o,
	struct phy_candidate at, uint16_t rnti, const uint8_t *dci, unsigned dci_bits,
	const struct phy_pdcch_output *to)
{
	uint8_t bits[PHY_PDCCH_BITS];

	return phy_pdcch_encode(codes, bits, dci, dci_bits, rnti, at.al) &&
	       phy_pdcch_transmit_bits(o, at, bits, to);
}
