/*
 * Sounding of a UE's own (38.331 SRS-Config, 38.214 6.2.1): periodic resources of one port. What else is
 * configured is kept out: nothing is asked for that this UE would answer.
 */
#include "radio/cell/own_read.h"

enum { SYMBOL_OCTET_PERIODS = 13 /* periods of up to 160 slots have their offset in an octet */ };

static const uint16_t periods[] = { 1, 2, 4, 5, 8, 10, 16, 20, 32, 40, 64, 80, 160, 320, 640, 1280, 2560 };

static struct cell_srs *place_of(struct cell_own *o, uint8_t id, bool new)
{
	for (size_t i = 0; i < CELL_SRS_MAX; i++)
		if (o->srs[i].there && o->srs[i].id == id)
			return &o->srs[i];
	for (size_t i = 0; new && i < CELL_SRS_MAX; i++)
		if (!o->srs[i].there)
			return &o->srs[i];
	return NULL;
}

static bool period_read(struct phy_srs_config *out, const struct rrc_srs_resource_resource_type *in)
{
	const struct rrc_srs_periodicity_and_offset *p = &in->u.periodic.periodicity_and_offset_p;
	unsigned row = (unsigned)p->tag - RRC_SRS_PERIODICITY_AND_OFFSET_TAG_SL1;

	if (in->tag != RRC_SRS_RESOURCE_RESOURCE_TYPE_TAG_PERIODIC || row >= ARRAY_LEN(periods))
		return false;
	out->period = periods[row];
	out->offset = row == 0 ? 0 : row < SYMBOL_OCTET_PERIODS ? p->u.sl2 : p->u.sl320;
	return true;
}

/* False: one that this UE does not send. */
static bool resource_read(struct phy_srs_config *out, const struct cell *c, const struct rrc_srs_resource *in)
{
	bool comb4 = in->transmission_comb.tag == RRC_SRS_RESOURCE_TRANSMISSION_COMB_TAG_N4;
	const struct rrc_srs_resource_transmission_comb *comb = &in->transmission_comb;
	struct phy_srs plan;

	*out = (struct phy_srs_config){ .mu = c->mu,
		.bwp_start = c->uplink.bwp_start,
		.bwp_prbs = c->uplink.bwp_prbs,
		.ports = 1,
		.symbols = (uint8_t)(1u << in->resource_mapping.nrof_symbols),
		.start = in->resource_mapping.start_position,
		.repetition = (uint8_t)(1u << in->resource_mapping.repetition_factor),
		.comb = comb4 ? 4 : 2,
		.comb_offset = comb4 ? comb->u.n4.comb_offset_n4 : comb->u.n2.comb_offset_n2,
		.cyclic_shift = comb4 ? comb->u.n4.cyclic_shift_n4 : comb->u.n2.cyclic_shift_n2,
		.c_srs = in->freq_hopping.c_srs,
		.b_srs = in->freq_hopping.b_srs,
		.b_hop = in->freq_hopping.b_hop,
		.position = in->freq_domain_position,
		.freq_shift = in->freq_domain_shift,
		.hopping = (enum phy_srs_hopping)in->group_or_sequence_hopping,
		.n_id = in->sequence_id };
	return in->nrof_srs_ports == RRC_SRS_RESOURCE_NROF_SRS_PORTS_PORT1 && !in->resource_mapping_r16 &&
	       !in->resource_mapping_r17 && !in->partial_freq_sounding_r17 && !in->transmission_comb_n8_r17 &&
	       period_read(out, &in->resource_type) && phy_srs_init(&plan, out) == PHY_SRS_OK;
}

static void resource_set(struct cell_own *o, const struct cell *c, const struct rrc_srs_resource *in)
{
	struct cell_srs *at = place_of(o, in->srs_resource_id, true);
	struct phy_srs_config config;
	bool ok = resource_read(&config, c, in);

	if (!at)
		return;
	*at = (struct cell_srs){
		.there = ok, .id = in->srs_resource_id, .config = config, .set = at->there && ok ? at->set : 0
	};
}

/* What its set says holds for each resource: periodic ones of any usage are sent. */
static void set_read(struct cell_own *o, const struct rrc_srs_resource_set *in)
{
	static const uint8_t alpha_tenths[] = { 0, 4, 5, 6, 7, 8, 9, 10 };
	bool sent = in->resource_type.tag == RRC_SRS_RESOURCE_SET_RESOURCE_TYPE_TAG_PERIODIC;

	for (size_t i = 0; in->srs_resource_id_list && i < in->srs_resource_id_list->count; i++) {
		struct cell_srs *r = place_of(o, in->srs_resource_id_list->items[i], false);

		if (!r)
			continue;
		r->set = sent ? (uint8_t)(in->srs_resource_set_id + 1) : 0;
		r->alpha_tenths =
			in->has_alpha && in->alpha < ARRAY_LEN(alpha_tenths) ? alpha_tenths[in->alpha] : 10;
		if (in->has_p0)
			r->p0_dbm = in->p0;
	}
}

void cell_own_read_srs(struct cell_own *o, const struct cell *c, const struct rrc_srs_config *in)
{
	const struct rrc_srs_config_srs_resource_to_release_list *gone = in->srs_resource_to_release_list;
	const struct rrc_srs_config_srs_resource_set_to_release_list *sets_gone =
		in->srs_resource_set_to_release_list;
	const struct rrc_srs_config_srs_resource_to_add_mod_list *resources =
		in->srs_resource_to_add_mod_list;
	const struct rrc_srs_config_srs_resource_set_to_add_mod_list *sets =
		in->srs_resource_set_to_add_mod_list;

	for (size_t i = 0; sets_gone && i < sets_gone->count; i++)
		for (size_t k = 0; k < CELL_SRS_MAX; k++)
			if (o->srs[k].set == sets_gone->items[i] + 1)
				o->srs[k].set = 0;
	for (size_t i = 0; gone && i < gone->count; i++) {
		struct cell_srs *r = place_of(o, gone->items[i], false);

		if (r)
			r->there = false;
	}
	for (size_t i = 0; resources && i < resources->count; i++)
		resource_set(o, c, &resources->items[i]);
	for (size_t i = 0; sets && i < sets->count; i++)
		set_read(o, &sets->items[i]);
}

const struct cell_srs *cell_own_sounds(const struct cell_own *o, unsigned sfn, unsigned slot)
{
	for (size_t i = 0; i < CELL_SRS_MAX; i++) {
		const struct cell_srs *r = &o->srs[i];
		struct phy_srs plan;

		if (r->there && r->set > 0 && phy_srs_init(&plan, &r->config) == PHY_SRS_OK &&
			phy_srs_due(&plan, sfn, slot))
			return r;
	}
	return NULL;
}

/* A period of up to 160 slots has its offset in an octet, a longer one in two. */
static void period_write(struct rrc_srs_periodicity_and_offset *out, const struct phy_srs_config *c)
{
	unsigned row = 0;

	while (row + 1 < ARRAY_LEN(periods) && periods[row] < c->period)
		row++;
	out->tag = (enum rrc_srs_periodicity_and_offset_tag)(RRC_SRS_PERIODICITY_AND_OFFSET_TAG_SL1 + row);
	if (row >= SYMBOL_OCTET_PERIODS)
		out->u.sl320 = c->offset;
	else if (row > 0)
		out->u.sl2 = (uint8_t)c->offset;
}

void cell_srs_write(struct cell_srs_message *m, const struct cell_srs *s)
{
	const struct phy_srs_config *c = &s->config;

	m->resource = (struct rrc_srs_resource){ .srs_resource_id = s->id,
		.nrof_srs_ports = RRC_SRS_RESOURCE_NROF_SRS_PORTS_PORT1,
		.transmission_comb = { .tag = RRC_SRS_RESOURCE_TRANSMISSION_COMB_TAG_N4,
			.u.n4 = { c->comb_offset, c->cyclic_shift } },
		.resource_mapping = { .start_position = c->start },
		.freq_domain_position = c->position,
		.freq_domain_shift = c->freq_shift,
		.freq_hopping = { .c_srs = c->c_srs, .b_srs = c->b_srs, .b_hop = c->b_hop },
		.resource_type.tag = RRC_SRS_RESOURCE_RESOURCE_TYPE_TAG_PERIODIC,
		.sequence_id = c->n_id };
	period_write(&m->resource.resource_type.u.periodic.periodicity_and_offset_p, c);
	m->resources = (struct rrc_srs_config_srs_resource_to_add_mod_list){ 1, &m->resource };
	m->ids = (struct rrc_srs_resource_set_srs_resource_id_list){ 1, &m->resource.srs_resource_id };
	m->set = (struct rrc_srs_resource_set){ .srs_resource_set_id = (uint8_t)(s->set - 1),
		.srs_resource_id_list = &m->ids,
		.resource_type.tag = RRC_SRS_RESOURCE_SET_RESOURCE_TYPE_TAG_PERIODIC,
		.usage = RRC_SRS_RESOURCE_SET_USAGE_CODEBOOK,
		.has_alpha = true,
		.alpha = RRC_ALPHA_ALPHA1,
		.has_p0 = true,
		.p0 = s->p0_dbm };
	m->sets = (struct rrc_srs_config_srs_resource_set_to_add_mod_list){ 1, &m->set };
	m->config = (struct rrc_setup_release_srs_config){ .tag = RRC_SETUP_RELEASE_SRS_CONFIG_TAG_SETUP,
		.u.setup = { .srs_resource_to_add_mod_list = &m->resources,
			.srs_resource_set_to_add_mod_list = &m->sets } };
}
