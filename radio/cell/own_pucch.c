/* PUCCH-Config: resources of HARQ-ACK and of scheduling requests, K1. */
#include "radio/cell/own_read.h"

/* A resource of formats 0 to 2. */
bool cell_own_read_resource(
	struct phy_pucch_config *out, const struct cell *c, const struct rrc_pucch_config *p, unsigned id)
{
	const struct rrc_pucch_resource *r = NULL;
	const struct rrc_pucch_resource_format *f;

	for (size_t i = 0; p->resource_to_add_mod_list && i < p->resource_to_add_mod_list->count; i++)
		if (p->resource_to_add_mod_list->items[i].pucch_resource_id == id)
			r = &p->resource_to_add_mod_list->items[i];
	if (!r)
		return false;
	f = &r->format;
	*out = (struct phy_pucch_config){ .mu = c->mu,
		.bwp_start = c->uplink.bwp_start,
		.bwp_prbs = c->uplink.bwp_prbs,
		.first_prb = r->starting_prb,
		.second_prb = r->has_second_hop_prb ? r->second_hop_prb : r->starting_prb,
		.hopping = r->has_intra_slot_frequency_hopping,
		.prbs = 1,
		.groups = c->pucch_groups,
		.hopping_id = c->pucch_hopping_id,
		.bits = 1 };
	if (f->tag == RRC_PUCCH_RESOURCE_FORMAT_TAG_FORMAT0) {
		out->first_symbol = f->u.format0.starting_symbol_index;
		out->symbols = f->u.format0.nrof_symbols;
		out->initial_shift = f->u.format0.initial_cyclic_shift;
		return true;
	}
	if (f->tag == RRC_PUCCH_RESOURCE_FORMAT_TAG_FORMAT2) {
		out->format = 2;
		out->prbs = f->u.format2.nrof_prbs;
		out->first_symbol = f->u.format2.starting_symbol_index;
		out->symbols = f->u.format2.nrof_symbols;
		out->bits = CELL_ACKS_SMALL + 1;
		return true;
	}
	out->format = 1;
	out->first_symbol = f->u.format1.starting_symbol_index;
	out->symbols = f->u.format1.nrof_symbols;
	out->initial_shift = f->u.format1.initial_cyclic_shift;
	out->occ = f->u.format1.time_domain_occ;
	return f->tag == RRC_PUCCH_RESOURCE_FORMAT_TAG_FORMAT1;
}

static bool is_legal(const struct phy_pucch_config *p)
{
	struct phy_pucch plan;

	return phy_pucch_init(&plan, p) == PHY_PUCCH_OK;
}

/* One or two bits; false: formats that these do not have. */
static bool read_small(struct cell_own *o, const struct cell *c, const struct rrc_pucch_config *p,
	const struct rrc_pucch_resource_set *s)
{
	if (s->resource_list.count > CELL_PUCCH_SET)
		return false; /* chosen by the CCE too (38.213 9.2.3) */
	for (size_t j = 0; j < s->resource_list.count; j++)
		if (!cell_own_read_resource(&o->ack[j], c, p, s->resource_list.items[j]) ||
			o->ack[j].format > 1 || !is_legal(&o->ack[j]))
			return false;
	o->ack_n = (uint8_t)s->resource_list.count;
	return true;
}

/* More bits, as far as they go on format 2. */
static void read_more(struct cell_own *o, const struct cell *c, const struct rrc_pucch_config *p,
	const struct rrc_pucch_resource_set *s)
{
	o->more_n = 0;
	for (size_t j = 0; j < s->resource_list.count && j < CELL_PUCCH_SET; j++) {
		if (!cell_own_read_resource(&o->more[j], c, p, s->resource_list.items[j]) ||
			o->more[j].format != 2 || !is_legal(&o->more[j]))
			return;
		o->more_n = (uint8_t)(j + 1);
	}
}

static bool read_sets(struct cell_own *o, const struct cell *c, const struct rrc_pucch_config *p)
{
	for (size_t i = 0; p->resource_set_to_add_mod_list && i < p->resource_set_to_add_mod_list->count;
		i++) {
		const struct rrc_pucch_resource_set *s = &p->resource_set_to_add_mod_list->items[i];

		if (s->pucch_resource_set_id == 0 && !read_small(o, c, p, s))
			return false;
		if (s->pucch_resource_set_id == 1)
			read_more(o, c, p, s);
	}
	return true;
}

/* sym2 to sl640: the offset is the alternative's value, an octet up to sl160. */
static bool read_request(struct cell_own *o, const struct cell *c, const struct rrc_pucch_config *p)
{
	static const uint16_t periods[] = { 1, 2, 4, 5, 8, 10, 16, 20, 40, 80, 160, 320, 640 };
	const struct rrc_scheduling_request_resource_config *r;
	const struct rrc_scheduling_request_resource_config_periodicity_and_offset *at;
	unsigned row;

	if (!p->scheduling_request_resource_to_add_mod_list)
		return true;
	r = &p->scheduling_request_resource_to_add_mod_list->items[0];
	at = r->periodicity_and_offset;
	row = at ? (unsigned)at->tag - RRC_SCHEDULING_REQUEST_RESOURCE_CONFIG_PERIODICITY_AND_OFFSET_TAG_SL1
		 : ARRAY_LEN(periods);
	if (row >= ARRAY_LEN(periods) || !r->has_resource ||
		!cell_own_read_resource(&o->sr.at, c, p, r->resource))
		return false;
	o->sr.at.bits = 0;
	o->sr.there = true;
	o->sr.id = r->scheduling_request_id;
	o->sr.period = periods[row];
	o->sr.offset = o->sr.period == 1 ? 0 : o->sr.period <= 160 ? at->u.sl160 : at->u.sl320;
	return o->sr.offset < o->sr.period && o->sr.at.format <= 1 && is_legal(&o->sr.at);
}

static void read_power(struct cell_power *o, const struct rrc_pucch_power_control *p)
{
	o->p0_pucch_db = p->p0_set ? p->p0_set->items[0].p0_pucch_value : 0;
	o->delta_f_db[0] = p->has_delta_f_pucch_f0 ? p->delta_f_pucch_f0 : 0;
	o->delta_f_db[1] = p->has_delta_f_pucch_f1 ? p->delta_f_pucch_f1 : 0;
	o->delta_f_db[2] = p->has_delta_f_pucch_f2 ? p->delta_f_pucch_f2 : 0;
}

const char *cell_own_read_pucch(struct cell_own *o, const struct cell *c, const struct rrc_pucch_config *p)
{
	const struct rrc_pucch_config_dl_data_to_ul_ack *k1 = p->dl_data_to_ul_ack;

	if (p->format2 && p->format2->tag == RRC_SETUP_RELEASE_PUCCH_FORMAT_CONFIG_TAG_SETUP) {
		static const uint8_t rates[] = { 8, 15, 25, 35, 45, 60, 80 };

		o->acks_with_csi = p->format2->u.setup.has_simultaneous_harq_ack_csi;
		o->more_rate_percent = p->format2->u.setup.has_max_code_rate
					       ? rates[p->format2->u.setup.max_code_rate % ARRAY_LEN(rates)]
					       : 0;
	}
	if (p->pucch_power_control)
		read_power(&o->power, p->pucch_power_control);
	if (!read_sets(o, c, p))
		return "PUCCH resources of set 0 that are not eight of formats 0 and 1";
	if (!read_request(o, c, p))
		return "a scheduling request that is not on PUCCH format 0 or 1";
	if (p->dl_data_to_ul_ack_r16 || p->dl_data_to_ul_ack_r17 || p->dl_data_to_ul_ack_v1700 ||
		p->subslot_length_for_pucch_r16)
		return "HARQ-ACK at times of a later release";
	for (size_t i = 0; k1 && i < k1->count; i++)
		o->pdsch.k1[i] = k1->items[i];
	if (k1)
		o->pdsch.k1_n = (uint8_t)k1->count;
	return NULL;
}
