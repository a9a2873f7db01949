#include "radio/phy/channels/ptrs_plan.h"

/* Of a layer's power: 38.214 Table 4.1-2, 6.2.3.1-3. */
static float amplitude(unsigned layers)
{
	static const float of[] = { 1, 1.41253754f, 1.73180054f, 1.99526231f, 2.23872114f, 2.44906324f };

	return layers <= ARRAY_LEN(of) ? of[layers - 1] : 0; /* 0, 3, 4.77, 6, 7 and 7.78 dB */
}

bool phy_ptrs_plan_init(
	struct phy_ptrs_plan *p, const struct phy_ptrs_config *c, const struct phy_ptrs_place *place)
{
	unsigned density = c->frequency_density, number = 0, first;
	int subcarrier = phy_ptrs_subcarrier(place->dmrs->type2, place->port, c->re_offset);

	*p = (struct phy_ptrs_plan){ .layer = place->layer };
	if (c->time_density == 0)
		return true;
	if (c->time_density > 4 || c->time_density == 3 || (density != 2 && density != 4) || subcarrier < 0)
		return false;
	p->symbols = phy_ptrs_symbols(
		place->first, place->n, place->dmrs_symbols, place->dmrs->double_symbol, c->time_density);
	p->subcarrier = (uint8_t)subcarrier;
	p->amplitude = c->all_power ? amplitude(place->layers) : 1;
	if (p->amplitude == 0)
		return false;
	first = phy_ptrs_first_block(place->rnti, place->prbs, density);
	for (unsigned b = 0; b < place->plan->bands_n; b++) {
		const struct phy_prb_run *band = &place->plan->bands[b];

		for (unsigned i = 0; i < band->n; i++, number++)
			p->block[band->first + i] = number % density == first;
	}
	return true;
}

/* Table 6.2.3.2-2: as far out as the outermost points. */
static float outermost(unsigned q_m)
{
	static const float of[] = { 1, 1, 1.34164079f, 1.52752523f, 1.62697843f };

	return of[q_m / 2];
}

bool phy_ptrs_plan_groups(struct phy_ptrs_plan *p, const struct phy_ptrs_config *c,
	const struct phy_ptrs_place *place, unsigned q_m)
{
	*p = (struct phy_ptrs_plan){
		.groups = c->groups, .n_id = place->dmrs->low_papr.n_id, .rnti = place->rnti
	};
	if (c->time_density == 0)
		return true;
	p->samples = (uint16_t)phy_ptrs_samples(p->sample, &c->groups, place->prbs * PHY_SC_PER_PRB);
	if (c->time_density > 2 || p->samples == 0)
		return false;
	p->symbols = phy_ptrs_symbols(
		place->first, place->n, place->dmrs_symbols, place->dmrs->double_symbol, c->time_density);
	p->amplitude = outermost(q_m);
	return true;
}

uint16_t phy_ptrs_plan_add(struct phy_ptrs_plan *p, unsigned l, unsigned prb, uint16_t taken)
{
	uint16_t re = (uint16_t)(1u << p->subcarrier);

	if (!(p->symbols >> l & 1) || !p->block[prb] || taken & re)
		return 0;
	p->prb[l][p->n[l]++] = (uint16_t)prb;
	return re;
}
