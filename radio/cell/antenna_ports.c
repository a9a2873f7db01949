#include "radio/cell/antenna_ports.h"

enum { KINDS = 2 * CELL_PORTS_PRECODED_PUSCH + 1, RUNS_MAX = 6 };

/* Values in a row that stand for ports in a row. Without pairs of symbols a table ends with the first run
 * that has them. */
struct run {
	uint8_t value, count, groups, port;
	bool pair;
};

/*
 * The rows of one port in 38.212 Tables 7.3.1.2.2-1 to -4 (one codeword), 7.3.1.1.2-8, -12, -16, -20 (rank 1)
 * and -6, -7, by DM-RS type.
 */
static const struct run tables[KINDS][RUNS_MAX] = {
	[2 * CELL_PORTS_PDSCH] = { { 0, 2, 1, 0, false }, { 3, 4, 2, 0, false }, { 12, 8, 2, 0, true } },
	[2 * CELL_PORTS_PDSCH + 1] = { { 0, 2, 1, 0, false }, { 3, 4, 2, 0, false }, { 11, 6, 3, 0, false },
		{ 24, 12, 3, 0, true }, { 48, 2, 1, 0, true }, { 50, 2, 1, 6, true } },
	[2 * CELL_PORTS_PUSCH] = { { 0, 2, 1, 0, false }, { 2, 4, 2, 0, false }, { 6, 8, 2, 0, true } },
	[2 * CELL_PORTS_PUSCH + 1] = { { 0, 2, 1, 0, false }, { 2, 4, 2, 0, false }, { 6, 6, 3, 0, false },
		{ 12, 12, 3, 0, true }, { 24, 2, 1, 0, true }, { 26, 2, 1, 6, true } },
	[2 * CELL_PORTS_PRECODED_PUSCH] = { { 0, 4, 2, 0, false }, { 4, 8, 2, 0, true } },
};

unsigned cell_ports_bits(enum cell_ports_of of, const struct cell_dmrs *d)
{
	if (of == CELL_PORTS_PRECODED_PUSCH)
		return d->pairs ? 4 : 2;
	return (of == CELL_PORTS_PDSCH ? 4 : 3) + (unsigned)d->type2 + (unsigned)d->pairs;
}

bool cell_ports_read(struct phy_dmrs *out, enum cell_ports_of of, const struct cell_dmrs *d, unsigned value)
{
	const struct run *runs;

	if (of == CELL_PORTS_PRECODED_PUSCH && d->type2)
		return false;
	runs = tables[2 * of + d->type2];
	for (unsigned i = 0; i < RUNS_MAX; i++) {
		const struct run *r = &runs[i];

		if (value < r->value || value >= (unsigned)r->value + r->count || (r->pair && !d->pairs))
			continue;
		out->groups_without_data = r->groups;
		out->port = (uint8_t)(r->port + value - r->value);
		out->double_symbol = r->pair;
		return true;
	}
	return false;
}
