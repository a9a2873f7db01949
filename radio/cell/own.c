#include "radio/cell/own.h"

#include "radio/phy/channels/mcs.h"
#include "wire/rrc/number.h"

void cell_own_init(struct cell_own *o, const struct cell *c)
{
	*o = (struct cell_own){ .harqs = 8,
		.beta_ack = 11 };                            /* 38.331 PDSCH-ServingCellConfig, BetaOffsets */
	o->lbrm_bits = phy_tbs_lbrm(c->downlink.prbs, 1, 6); /* one layer: maxMIMO-Layers */
}

struct phy_pucch_config cell_own_more(
	const struct cell *c, const struct cell_own *o, unsigned indicator, uint16_t c_rnti)
{
	struct phy_pucch_config p = o->more[indicator % CELL_PUCCH_SET];

	p.rnti = c_rnti;
	p.n_id = o->has_pusch_n_id ? o->pusch_n_id : c->pci;
	p.dmrs_id = c->pci;
	return p;
}

/* A resource of formats 0 to 2. */
static bool read_resource(
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
		if (!read_resource(&o->ack[j], c, p, s->resource_list.items[j]) || o->ack[j].format > 1 ||
			!is_legal(&o->ack[j]))
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
		if (!read_resource(&o->more[j], c, p, s->resource_list.items[j]) || o->more[j].format != 2 ||
			!is_legal(&o->more[j]))
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
	if (row >= ARRAY_LEN(periods) || !r->has_resource || !read_resource(&o->sr.at, c, p, r->resource))
		return false;
	o->sr.at.bits = 0;
	o->sr.there = true;
	o->sr.id = r->scheduling_request_id;
	o->sr.period = periods[row];
	o->sr.offset = o->sr.period == 1 ? 0 : o->sr.period <= 160 ? at->u.sl160 : at->u.sl320;
	return o->sr.offset < o->sr.period && o->sr.at.format <= 1 && is_legal(&o->sr.at);
}

static const struct rrc_control_resource_set *coreset_of(const struct rrc_pdcch_config *p, unsigned id)
{
	const struct rrc_pdcch_config_control_resource_set_to_add_mod_list *l =
		p->control_resource_set_to_add_mod_list;

	for (size_t i = 0; l && i < l->count; i++)
		if (l->items[i].control_resource_set_id == id)
			return &l->items[i];
	return NULL;
}

/* Of several search spaces the first with DCI 0_0 and 1_0 is taken. */
static bool read_pdcch(struct cell_own *o, const struct cell *c, const struct rrc_pdcch_config *p)
{
	const struct rrc_pdcch_config_search_spaces_to_add_mod_list *l = p->search_spaces_to_add_mod_list;

	for (size_t i = 0; l && i < l->count; i++) {
		const struct rrc_control_resource_set *coreset;
		struct cell_space s;

		if (!cell_space_read(&s, &l->items[i]))
			return false;
		if (s.configured)
			continue;
		coreset = coreset_of(p, s.coreset_id);
		if (s.coreset_id == 0)
			s.coreset = c->type0.coreset;
		else if (!coreset || !cell_coreset_read(&s.coreset, coreset, c->downlink.bwp_start, c->pci))
			return false;
		if (!phy_search_space_valid(&s.space, s.coreset.n_symb))
			return false;
		o->space = s;
		return true;
	}
	return true;
}

static bool read_downlink(struct cell_own *o, const struct cell *c, const struct rrc_serving_cell_config *s)
{
	const struct rrc_bwp_downlink_dedicated *d = s->initial_downlink_bwp;
	const struct rrc_setup_release_pdsch_serving_cell_config *p = s->pdsch_serving_cell_config;
	bool ok = true;

	if (d && d->pdcch_config && d->pdcch_config->tag == RRC_SETUP_RELEASE_PDCCH_CONFIG_TAG_SETUP)
		ok = read_pdcch(o, c, &d->pdcch_config->u.setup);
	if (d && d->pdsch_config && d->pdsch_config->tag == RRC_SETUP_RELEASE_PDSCH_CONFIG_TAG_SETUP) {
		const struct rrc_pdsch_config *pdsch = d->pdsch_config->u.setup;
		const struct rrc_setup_release_pdsch_time_domain_resource_allocation_list *t =
			pdsch->pdsch_time_domain_allocation_list;

		o->has_pdsch_n_id = pdsch->has_data_scrambling_identity_pdsch;
		o->pdsch_n_id = pdsch->data_scrambling_identity_pdsch;
		if (t && t->tag == RRC_SETUP_RELEASE_PDSCH_TIME_DOMAIN_RESOURCE_ALLOCATION_LIST_TAG_SETUP)
			ok = ok && cell_pdsch_times_read(o->pdsch_times, &o->pdsch_times_n, &t->u.setup,
					   c->type_a_position);
	}
	if (p && p->tag == RRC_SETUP_RELEASE_PDSCH_SERVING_CELL_CONFIG_TAG_SETUP &&
		p->u.setup.has_nrof_harq_processes_for_pdsch)
		o->harqs = (uint8_t)rrc_number_at(&rrc_pdsch_serving_cell_config_type,
			"nrofHARQ-ProcessesForPDSCH", p->u.setup.nrof_harq_processes_for_pdsch, &ok);
	return ok;
}

static bool read_pusch(struct cell_own *o, const struct cell *c, const struct rrc_pusch_config *p)
{
	const struct rrc_setup_release_uci_on_pusch *u = p->uci_on_pusch;
	const struct rrc_setup_release_pusch_time_domain_resource_allocation_list *t =
		p->pusch_time_domain_allocation_list;

	o->has_pusch_n_id = p->has_data_scrambling_identity_pusch;
	o->pusch_n_id = p->data_scrambling_identity_pusch;
	o->has_transform_precoding = p->has_transform_precoder;
	o->transform_precoding = p->transform_precoder == RRC_PUSCH_CONFIG_TRANSFORM_PRECODER_ENABLED;
	if (u && u->tag == RRC_SETUP_RELEASE_UCI_ON_PUSCH_TAG_SETUP && u->u.setup.beta_offsets &&
		u->u.setup.beta_offsets->tag == RRC_UCI_ON_PUSCH_BETA_OFFSETS_TAG_SEMI_STATIC &&
		u->u.setup.beta_offsets->u.semi_static.has_beta_offset_ack_index1)
		o->beta_ack = u->u.setup.beta_offsets->u.semi_static.beta_offset_ack_index1;
	return !t || t->tag != RRC_SETUP_RELEASE_PUSCH_TIME_DOMAIN_RESOURCE_ALLOCATION_LIST_TAG_SETUP ||
	       cell_pusch_times_read(o->pusch_times, &o->pusch_times_n, &t->u.setup, c->mu);
}

static bool read_uplink(struct cell_own *o, const struct cell *c, const struct rrc_uplink_config *u)
{
	const struct rrc_bwp_uplink_dedicated *b = u ? u->initial_uplink_bwp : NULL;

	if (b && b->pucch_config && b->pucch_config->tag == RRC_SETUP_RELEASE_PUCCH_CONFIG_TAG_SETUP &&
		(!read_sets(o, c, b->pucch_config->u.setup) || !read_request(o, c, b->pucch_config->u.setup)))
		return false;
	return !b || !b->pusch_config || b->pusch_config->tag != RRC_SETUP_RELEASE_PUSCH_CONFIG_TAG_SETUP ||
	       read_pusch(o, c, b->pusch_config->u.setup);
}

bool cell_own_read(struct cell_own *o, const struct cell *c, const struct rrc_sp_cell_config *sp_cell)
{
	const struct rrc_serving_cell_config *s = sp_cell->sp_cell_config_dedicated;
	struct cell_own next = *o;

	if (s && (s->downlink_bwp_to_add_mod_list ||
			 (s->has_first_active_downlink_bwp_id && s->first_active_downlink_bwp_id) ||
			 !read_downlink(&next, c, s) || !read_uplink(&next, c, s->uplink_config)))
		return false;
	*o = next;
	return true;
}
