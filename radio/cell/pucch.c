#include "radio/cell/pucch.h"

/* Table 9.2.1-1; a quarter of the part stands for an offset of 255. */
static const struct {
	uint8_t format, first_symbol, symbols, offset, shifts, shift[4];
} rows[] = {
	{ 0, 12, 2, 0, 2, { 0, 3 } },
	{ 0, 12, 2, 0, 3, { 0, 4, 8 } },
	{ 0, 12, 2, 3, 3, { 0, 4, 8 } },
	{ 1, 10, 4, 0, 2, { 0, 6 } },
	{ 1, 10, 4, 0, 4, { 0, 3, 6, 9 } },
	{ 1, 10, 4, 2, 4, { 0, 3, 6, 9 } },
	{ 1, 10, 4, 4, 4, { 0, 3, 6, 9 } },
	{ 1, 4, 10, 0, 2, { 0, 6 } },
	{ 1, 4, 10, 0, 4, { 0, 3, 6, 9 } },
	{ 1, 4, 10, 2, 4, { 0, 3, 6, 9 } },
	{ 1, 4, 10, 4, 4, { 0, 3, 6, 9 } },
	{ 1, 0, 14, 0, 2, { 0, 6 } },
	{ 1, 0, 14, 0, 4, { 0, 3, 6, 9 } },
	{ 1, 0, 14, 2, 4, { 0, 3, 6, 9 } },
	{ 1, 0, 14, 4, 4, { 0, 3, 6, 9 } },
	{ 1, 0, 14, 255, 4, { 0, 3, 6, 9 } },
};

bool cell_pucch_common(
	struct phy_pucch_config *out, const struct cell *c, unsigned indicator, unsigned cce, unsigned n_cce)
{
	unsigned n = c->uplink.bwp_prbs, index = c->pucch_resource_common, offset, r, half, other;

	if (index >= ARRAY_LEN(rows) || indicator > 7 || n_cce == 0 || cce >= n_cce)
		return false;
	offset = rows[index].offset == 255 ? n / 4 : rows[index].offset;
	r = 2 * cce / n_cce + 2 * indicator;
	half = r / 8;
	r %= 8;
	if (offset + r / rows[index].shifts >= n)
		return false;
	other = n - 1 - offset - r / rows[index].shifts;
	*out = (struct phy_pucch_config){ .format = rows[index].format,
		.mu = c->mu,
		.bwp_start = c->uplink.bwp_start,
		.bwp_prbs = c->uplink.bwp_prbs,
		.first_prb = (uint16_t)(half ? other : offset + r / rows[index].shifts),
		.second_prb = (uint16_t)(half ? offset + r / rows[index].shifts : other),
		.hopping = true,
		.prbs = 1,
		.first_symbol = rows[index].first_symbol,
		.symbols = rows[index].symbols,
		.groups = c->pucch_groups,
		.hopping_id = c->pucch_hopping_id,
		.initial_shift = rows[index].shift[r % rows[index].shifts],
		.bits = 1 };
	return true;
}
