/* CSI-RS of a UE that its PDSCHs lie around: periodic ones, zero-power or not
 * (38.211 7.3.1.5, 38.214 5.1.4.2). */
#include "radio/cell/own_read.h"

/* A row of 38.211 Table 7.4.1.5.3-1; 0: a combination that is in none. Six and seven are told by their bits.
 */
static unsigned row_of(const struct rrc_csi_rs_resource_mapping *m)
{
	static const uint8_t rows[][RRC_CSI_RS_RESOURCE_MAPPING_CDM_TYPE_N] = { { 2 }, { 0, 3 }, { 0, 5 },
		{ 0, 6, 8 }, { 0, 9, 10 }, { 0, 11, 12 }, { 0, 13, 14, 15 }, { 0, 16, 17, 18 } };
	unsigned row;

	switch (m->frequency_domain_allocation.tag) {
	case RRC_CSI_RS_RESOURCE_MAPPING_FREQUENCY_DOMAIN_ALLOCATION_TAG_ROW1:
		return 1;
	case RRC_CSI_RS_RESOURCE_MAPPING_FREQUENCY_DOMAIN_ALLOCATION_TAG_ROW2:
		return 2;
	case RRC_CSI_RS_RESOURCE_MAPPING_FREQUENCY_DOMAIN_ALLOCATION_TAG_ROW4:
		return 4;
	default:
		break;
	}
	if ((size_t)m->nrof_ports >= ARRAY_LEN(rows) || m->cdm_type >= RRC_CSI_RS_RESOURCE_MAPPING_CDM_TYPE_N)
		return 0;
	row = rows[m->nrof_ports][m->cdm_type];
	return row == 6 && __builtin_popcount(m->frequency_domain_allocation.u.other) == 2 ? 7 : row;
}

static uint16_t frequency_of(const struct rrc_csi_rs_resource_mapping *m, unsigned row)
{
	return row == 1   ? m->frequency_domain_allocation.u.row1
	       : row == 2 ? m->frequency_domain_allocation.u.row2
	       : row == 4 ? m->frequency_domain_allocation.u.row4
			  : m->frequency_domain_allocation.u.other;
}

/* Within the bandwidth part. False: one that cannot be, or of every second block. */
static bool read_mapping(
	struct phy_csi_rs *out, const struct cell *c, const struct rrc_csi_rs_resource_mapping *m)
{
	unsigned row = row_of(m), first = m->freq_band.starting_rb, end = first + m->freq_band.nrof_rbs,
		 low = c->downlink.bwp_start, high = low + c->downlink.bwp_prbs;
	bool three = m->density.tag == RRC_CSI_RS_RESOURCE_MAPPING_DENSITY_TAG_THREE;
	struct phy_csi_rs_config config = { .n_id = out->config.n_id,
		.row = (uint8_t)row,
		.density = three ? PHY_CSI_RS_THREE : PHY_CSI_RS_ONE,
		.frequency = frequency_of(m, row),
		.l0 = m->first_ofdm_symbol_in_time_domain,
		.l1 = m->first_ofdm_symbol_in_time_domain2 };

	first = first > low ? first : low;
	end = end < high ? end : high;
	config.first_crb = (uint16_t)first;
	config.prbs = (uint16_t)(end > first ? end - first : 0);
	return m->density.tag != RRC_CSI_RS_RESOURCE_MAPPING_DENSITY_TAG_DOT5 &&
	       phy_csi_rs_init(out, &config) == PHY_CSI_RS_OK;
}

static struct cell_csi_rs *place_of(struct cell_own *o, bool zero_power, unsigned id)
{
	for (unsigned i = 0; i < CELL_CSI_RS_MAX; i++)
		if (o->csi_rs[i].there && o->csi_rs[i].zero_power == zero_power && o->csi_rs[i].id == id)
			return &o->csi_rs[i];
	return NULL;
}

/* Aperiodic ones, without a period, take nothing of a PDSCH; zero-power ones are of no use here. */
static const char *add(struct cell_own *o, const struct cell *c, struct cell_csi_rs r,
	const struct rrc_csi_rs_resource_mapping *m, const struct rrc_csi_resource_periodicity_and_offset *at)
{
	static const uint16_t periods[] = { 4, 5, 8, 10, 16, 20, 32, 40, 64, 80, 160, 320, 640 };
	struct cell_csi_rs *place = place_of(o, r.zero_power, r.id);
	unsigned row;

	if (place)
		place->there = false;
	if (!at && r.zero_power)
		return NULL;
	for (unsigned i = 0; i < CELL_CSI_RS_MAX && !place; i++)
		place = o->csi_rs[i].there ? NULL : &o->csi_rs[i];
	if (!place)
		return "more CSI-RS than sixteen";
	row = at ? (unsigned)at->tag - RRC_CSI_RESOURCE_PERIODICITY_AND_OFFSET_TAG_SLOTS4 : 0;
	if (row >= ARRAY_LEN(periods) ||
		!read_mapping(&r.plan, c, m)) /* one without a period is left alone */
		return at ? "CSI-RS of every second block, or that cannot be" : NULL;
	if (at) {
		r.period = periods[row];
		r.offset = r.period <= 160 ? at->u.slots160 : at->u.slots320;
	}
	r.there = true;
	*place = r;
	return NULL;
}

static void remove_listed(struct cell_own *o, bool zero_power, const uint8_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct cell_csi_rs *r = place_of(o, zero_power, ids[i]);

		if (r)
			r->there = false;
	}
}

const char *cell_own_read_csi_rs(
	struct cell_own *o, const struct cell *c, const struct rrc_csi_meas_config *m)
{
	const struct rrc_csi_meas_config_nzp_csi_rs_resource_to_add_mod_list *l =
		m->nzp_csi_rs_resource_to_add_mod_list;
	const struct rrc_csi_meas_config_nzp_csi_rs_resource_to_release_list *gone =
		m->nzp_csi_rs_resource_to_release_list;
	const char *wrong = NULL;

	if (gone)
		remove_listed(o, false, gone->items, gone->count);
	for (size_t i = 0; l && i < l->count && !wrong; i++)
		wrong = add(o, c,
			(struct cell_csi_rs){ .id = l->items[i].nzp_csi_rs_resource_id,
				.plan.config.n_id = l->items[i].scrambling_id },
			&l->items[i].resource_mapping, l->items[i].periodicity_and_offset);
	return wrong;
}

/* Those with a period are of p-ZP-CSI-RS-ResourceSet, since semi-persistent sets are refused. */
const char *cell_own_read_zp_csi_rs(
	struct cell_own *o, const struct cell *c, const struct rrc_pdsch_config *p)
{
	const struct rrc_pdsch_config_zp_csi_rs_resource_to_add_mod_list *l =
		p->zp_csi_rs_resource_to_add_mod_list;
	const struct rrc_pdsch_config_zp_csi_rs_resource_to_release_list *gone =
		p->zp_csi_rs_resource_to_release_list;
	const char *wrong = NULL;

	if (gone)
		remove_listed(o, true, gone->items, gone->count);
	for (size_t i = 0; l && i < l->count && !wrong; i++)
		wrong = add(o, c,
			(struct cell_csi_rs){ .id = l->items[i].zp_csi_rs_resource_id, .zero_power = true },
			&l->items[i].resource_mapping, l->items[i].periodicity_and_offset);
	return wrong;
}

size_t cell_own_reserved(const struct cell_own *o, const struct cell *c, unsigned sfn, unsigned slot,
	struct phy_reserved out[CELL_RESERVED_MAX])
{
	unsigned count = sfn * cell_frame_slots(c) + slot;
	size_t n = 0;

	for (unsigned i = 0; i < CELL_CSI_RS_MAX; i++) {
		const struct cell_csi_rs *r = &o->csi_rs[i];

		if (!r->there || r->period == 0 || count % r->period != r->offset)
			continue;
		for (unsigned l = 0; l < PHY_SYMBOLS_MAX && n < CELL_RESERVED_MAX; l++)
			if (r->plan.symbols >> l & 1)
				out[n++] = (struct phy_reserved){ (uint16_t)(1u << l), r->plan.re[l],
					r->plan.config.first_crb, r->plan.config.prbs };
	}
	return n;
}
