/* Time domain allocations of a UE: its own list, the cell's, or the default one. */
#include "radio/cell/grant.h"

/* 38.214 Table 6.1.2.1.1-2, normal cyclic prefix; k0 is K2 less j of Table 6.1.2.1.1-4. */
static bool pusch_time_default(struct phy_time_domain *t, unsigned row, unsigned mu)
{
	static const struct phy_time_domain rows[] = { { false, 0, 0, 14 }, { false, 0, 0, 12 },
		{ false, 0, 0, 10 }, { true, 0, 2, 10 }, { true, 0, 4, 10 }, { true, 0, 4, 8 },
		{ true, 0, 4, 6 }, { false, 1, 0, 14 }, { false, 1, 0, 12 }, { false, 1, 0, 10 },
		{ false, 2, 0, 14 }, { false, 2, 0, 12 }, { false, 2, 0, 10 }, { true, 0, 8, 6 },
		{ false, 3, 0, 14 }, { false, 3, 0, 10 } };
	static const uint8_t j[] = { 1, 1, 2, 3 };

	if (row >= ARRAY_LEN(rows) || mu >= ARRAY_LEN(j))
		return false;
	*t = rows[row];
	t->k0 = (uint8_t)(t->k0 + j[mu]);
	return true;
}

bool cell_pusch_time(
	const struct cell *c, const struct cell_own *own, unsigned row, struct phy_time_domain *out)
{
	const struct phy_time_domain *list =
		own && own->pusch_times_n > 0 ? own->pusch_times : c->pusch_times;
	unsigned n = own && own->pusch_times_n > 0 ? own->pusch_times_n : c->pusch_times_n;

	if (n == 0)
		return pusch_time_default(out, row, c->mu);
	if (row >= n)
		return false;
	*out = list[row];
	return true;
}

bool cell_pdsch_time(
	const struct cell *c, const struct cell_own *own, unsigned row, struct phy_time_domain *out)
{
	const struct phy_time_domain *list =
		own && own->pdsch_times_n > 0 ? own->pdsch_times : c->pdsch_times;
	unsigned n = own && own->pdsch_times_n > 0 ? own->pdsch_times_n : c->pdsch_times_n;

	if (n == 0)
		return phy_time_default(out, PHY_TIME_DEFAULT_A, false, row, c->type_a_position);
	if (row >= n)
		return false;
	*out = list[row];
	return true;
}
