#include "radio/phy/channels/dci_group.h"

#include "radio/phy/codes/bits.h"

static bool lies_within(unsigned size, unsigned at, unsigned width)
{
	return size <= PHY_DCI_BITS_MAX && width >= 1 && width <= 32 && at <= size && width <= size - at;
}

bool phy_dci_group_set(
	uint8_t bits[PHY_DCI_OCTETS], unsigned size, unsigned at, unsigned width, uint32_t value)
{
	if (!lies_within(size, at, width) || (uint64_t)value >> width)
		return false;
	for (unsigned b = 0; b < width; b++)
		bits_set(bits, at + b, value >> (width - 1 - b) & 1);
	return true;
}

bool phy_dci_group_get(const uint8_t *bits, unsigned size, unsigned at, unsigned width, uint32_t *value)
{
	if (!lies_within(size, at, width))
		return false;
	*value = 0;
	for (unsigned b = 0; b < width; b++)
		*value = *value << 1 | bits_get(bits, at + b);
	return true;
}

unsigned phy_dci_slot_format_bits(unsigned highest_id)
{
	unsigned bits = 1;

	while (highest_id >> bits)
		bits++;
	return bits;
}

bool phy_dci_tpc_set(uint8_t bits[PHY_DCI_OCTETS], unsigned size, unsigned block, bool two_loops,
	const struct phy_dci_tpc *tpc)
{
	unsigned width = two_loops ? 3 : 2;

	if (block < 1 || block > size || tpc->command > 3 || tpc->loop > two_loops)
		return false;
	return phy_dci_group_set(
		bits, size, (block - 1) * width, width, (uint32_t)tpc->loop << 2 | tpc->command);
}

bool phy_dci_tpc_get(
	const uint8_t *bits, unsigned size, unsigned block, bool two_loops, struct phy_dci_tpc *tpc)
{
	unsigned width = two_loops ? 3 : 2;
	uint32_t v;

	if (block < 1 || block > size || !phy_dci_group_get(bits, size, (block - 1) * width, width, &v))
		return false;
	*tpc = (struct phy_dci_tpc){ .command = v & 3, .loop = (uint8_t)(v >> 2) };
	return true;
}

/* Bits of a block; 0: it is none, or does not lie within. */
static unsigned srs_bits(unsigned size, unsigned at, const struct phy_dci_srs_layout *l)
{
	unsigned bits = (l->request ? 2 : 0) + 2u * l->commands + (unsigned)__builtin_popcount(l->loops);

	if (l->commands < 1 || l->commands > PHY_DCI_SRS_COMMANDS_MAX || l->loops >> l->commands)
		return 0;
	return lies_within(size, at, bits) ? bits : 0;
}

/* Request, all commands, then the loops of the carriers that have two. */
bool phy_dci_srs_set(uint8_t bits[PHY_DCI_OCTETS], unsigned size, unsigned at,
	const struct phy_dci_srs_layout *l, const struct phy_dci_srs *srs)
{
	if (!srs_bits(size, at, l) || srs->request > (l->request ? 3 : 0))
		return false;
	for (unsigned i = 0; i < l->commands; i++)
		if (srs->tpc[i].command > 3 || srs->tpc[i].loop > (l->loops >> i & 1))
			return false;
	if (l->request) {
		(void)phy_dci_group_set(bits, size, at, 2, srs->request);
		at += 2;
	}
	for (unsigned i = 0; i < l->commands; i++, at += 2)
		(void)phy_dci_group_set(bits, size, at, 2, srs->tpc[i].command);
	for (unsigned i = 0; i < l->commands; i++)
		if (l->loops >> i & 1)
			(void)phy_dci_group_set(bits, size, at++, 1, srs->tpc[i].loop);
	return true;
}

bool phy_dci_srs_get(const uint8_t *bits, unsigned size, unsigned at, const struct phy_dci_srs_layout *l,
	struct phy_dci_srs *srs)
{
	uint32_t v = 0;

	*srs = (struct phy_dci_srs){ 0 };
	if (!srs_bits(size, at, l))
		return false;
	if (l->request) {
		(void)phy_dci_group_get(bits, size, at, 2, &v);
		srs->request = (uint8_t)v;
		at += 2;
	}
	for (unsigned i = 0; i < l->commands; i++, at += 2) {
		(void)phy_dci_group_get(bits, size, at, 2, &v);
		srs->tpc[i].command = (uint8_t)v;
	}
	for (unsigned i = 0; i < l->commands; i++) {
		if (!(l->loops >> i & 1))
			continue;
		(void)phy_dci_group_get(bits, size, at++, 1, &v);
		srs->tpc[i].loop = (uint8_t)v;
	}
	return true;
}

int phy_tpc_db(unsigned command, bool accumulated)
{
	static const int8_t db[2][4] = { { -4, -1, 1, 4 }, { -1, 0, 1, 3 } };

	return db[accumulated][command & 3];
}
