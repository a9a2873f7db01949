#include "radio/cell/parts.h"

#include "radio/cell/own_read.h"
#include "radio/cell/parts_common.h"
#include "wire/rrc/number.h"

void cell_parts_init(struct cell_parts *p, const struct cell *initial)
{
	*p = (struct cell_parts){ .downlinks = 1,
		.uplinks = 1,
		.first_downlink = CELL_PART_STAYS,
		.first_uplink = CELL_PART_STAYS };
	p->cell[0] = *initial;
	cell_own_init(&p->own[0], initial);
}

/* What is the serving cell's, not a part's, holds in a new part as in the initial one. */
static void begin(struct cell_parts *p, unsigned id)
{
	const struct cell_own *from = &p->own[0];
	struct cell_own *o = &p->own[id];

	p->cell[id] = p->cell[0];
	cell_downlink_part_begin(&p->cell[id], &p->cell[0]);
	cell_uplink_part_begin(&p->cell[id], &p->cell[0]);
	cell_own_init(o, &p->cell[id]);
	o->downlink_id = o->uplink_id = (uint8_t)id;
	o->semi_static = from->semi_static;
	o->bundled_on_pucch = from->bundled_on_pucch;
	o->bundled_on_pusch = from->bundled_on_pusch;
	o->layers = from->layers;
	o->harqs = from->harqs;
	o->pdsch.shared.overhead = from->pdsch.shared.overhead;
	o->pusch.shared.overhead = from->pusch.shared.overhead;
	o->pusch.lbrm_bits = from->pusch.lbrm_bits;
	o->pusch.csi_request_bits = from->pusch.csi_request_bits;
	o->sp_csi_rnti = from->sp_csi_rnti;
	for (unsigned i = 0; i < CELL_CSI_RS_MAX; i++) {
		o->csi_rs[i] = from->csi_rs[i];
		o->csi_rs[i].there = o->csi_rs[i].there && !o->csi_rs[i].zero_power;
	}
}

static uint8_t configured(const struct cell_parts *p)
{
	return p->downlinks | p->uplinks;
}

static void release(struct cell_parts *p, const struct rrc_serving_cell_config *s)
{
	const struct rrc_serving_cell_config_downlink_bwp_to_release_list *down =
		s->downlink_bwp_to_release_list;
	const struct rrc_uplink_config_uplink_bwp_to_release_list *up =
		s->uplink_config ? s->uplink_config->uplink_bwp_to_release_list : NULL;

	for (size_t i = 0; down && i < down->count; i++)
		p->downlinks &= (uint8_t)~(1u << down->items[i] % 8) | 1;
	for (size_t i = 0; up && i < up->count; i++)
		p->uplinks &= (uint8_t)~(1u << up->items[i] % 8) | 1;
}

static const char *read_downlink(struct cell_parts *p, const struct rrc_bwp_downlink *b)
{
	bool new = !(p->downlinks >> b->bwp_id & 1);

	if (b->bwp_id == 0 || b->bwp_id >= CELL_PARTS || (new && !b->bwp_common))
		return "a bandwidth part that is not told whole";
	if (!(configured(p) >> b->bwp_id & 1))
		begin(p, b->bwp_id);
	p->downlinks |= (uint8_t)(1u << b->bwp_id);
	return b->bwp_common ? cell_downlink_part_read(&p->cell[b->bwp_id], b->bwp_common) : NULL;
}

static const char *read_uplink(struct cell_parts *p, const struct rrc_bwp_uplink *b)
{
	bool new = !(p->uplinks >> b->bwp_id & 1);

	if (b->bwp_id == 0 || b->bwp_id >= CELL_PARTS || (new && !b->bwp_common))
		return "a bandwidth part that is not told whole";
	if (!(configured(p) >> b->bwp_id & 1))
		begin(p, b->bwp_id);
	p->uplinks |= (uint8_t)(1u << b->bwp_id);
	return b->bwp_common ? cell_uplink_part_read(&p->cell[b->bwp_id], &p->cell[0], b->bwp_common) : NULL;
}

static const char *read_common(struct cell_parts *p, const struct rrc_serving_cell_config *s)
{
	const struct rrc_serving_cell_config_downlink_bwp_to_add_mod_list *down =
		s->downlink_bwp_to_add_mod_list;
	const struct rrc_uplink_config_uplink_bwp_to_add_mod_list *up =
		s->uplink_config ? s->uplink_config->uplink_bwp_to_add_mod_list : NULL;
	const char *wrong = NULL;

	release(p, s);
	for (size_t i = 0; down && i < down->count && !wrong; i++)
		wrong = read_downlink(p, &down->items[i]);
	for (size_t i = 0; up && i < up->count && !wrong; i++)
		wrong = read_uplink(p, &up->items[i]);
	return wrong;
}

/* The blocks of the widest part bound the buffer of a block (38.212 5.4.2.1), and each part's DCIs say how
 * many there are. */
static void count(struct cell_parts *p)
{
	uint16_t down = p->cell[0].downlink.bwp_prbs, up = p->cell[0].uplink.bwp_prbs;

	for (unsigned i = 1; i < CELL_PARTS; i++) {
		if (p->downlinks >> i & 1 && p->cell[i].downlink.bwp_prbs > down)
			down = p->cell[i].downlink.bwp_prbs;
		if (p->uplinks >> i & 1 && p->cell[i].uplink.bwp_prbs > up)
			up = p->cell[i].uplink.bwp_prbs;
	}
	for (unsigned i = 0; i < CELL_PARTS; i++) {
		p->cell[i].downlink.widest_prbs = down;
		p->cell[i].uplink.widest_prbs = up;
		p->own[i].pdsch.shared.bwps = p->downlinks & ~1;
		p->own[i].pusch.shared.bwps = p->uplinks & ~1;
	}
}

static const struct rrc_bwp_downlink_dedicated *downlink_of(
	const struct rrc_serving_cell_config *s, unsigned id)
{
	const struct rrc_serving_cell_config_downlink_bwp_to_add_mod_list *l =
		s->downlink_bwp_to_add_mod_list;

	if (id == 0)
		return s->initial_downlink_bwp;
	for (size_t i = 0; l && i < l->count; i++)
		if (l->items[i].bwp_id == id)
			return l->items[i].bwp_dedicated;
	return NULL;
}

static const struct rrc_bwp_uplink_dedicated *uplink_of(const struct rrc_serving_cell_config *s, unsigned id)
{
	const struct rrc_uplink_config *u = s->uplink_config;

	if (!u || id == 0)
		return u ? u->initial_uplink_bwp : NULL;
	for (size_t i = 0; u->uplink_bwp_to_add_mod_list && i < u->uplink_bwp_to_add_mod_list->count; i++)
		if (u->uplink_bwp_to_add_mod_list->items[i].bwp_id == id)
			return u->uplink_bwp_to_add_mod_list->items[i].bwp_dedicated;
	return NULL;
}

/* Which are active, now and by default. In unpaired spectrum both directions go together (38.213 12). */
static const char *read_active(struct cell_parts *p, const struct rrc_serving_cell_config *s)
{
	const struct rrc_uplink_config *u = s->uplink_config;
	bool ok = true;

	if (s->has_first_active_downlink_bwp_id)
		p->first_downlink = s->first_active_downlink_bwp_id;
	if (u && u->has_first_active_uplink_bwp_id)
		p->first_uplink = u->first_active_uplink_bwp_id;
	if (!p->cell[0].paired && p->first_downlink == CELL_PART_STAYS)
		p->first_downlink = p->first_uplink;
	if (!p->cell[0].paired && p->first_uplink == CELL_PART_STAYS)
		p->first_uplink = p->first_downlink;
	p->default_downlink = s->has_default_downlink_bwp_id ? s->default_downlink_bwp_id : 0;
	p->inactivity_ms = s->has_bwp_inactivity_timer
				   ? rrc_number_at(&rrc_serving_cell_config_type, "bwp-InactivityTimer",
					     s->bwp_inactivity_timer, &ok)
				   : 0;
	if (!ok)
		return "a bandwidth part's inactivity timer of a spare value";
	if ((p->first_downlink != CELL_PART_STAYS && !(p->downlinks >> p->first_downlink & 1)) ||
		(p->first_uplink != CELL_PART_STAYS && !(p->uplinks >> p->first_uplink & 1)) ||
		!(p->downlinks >> p->default_downlink & 1))
		return "an active bandwidth part that is not there";
	if (!p->cell[0].paired && p->first_downlink != p->first_uplink)
		return "one direction's bandwidth part alone in unpaired spectrum";
	return NULL;
}

static const char *read_serving(struct cell_parts *p, const struct rrc_serving_cell_config *s)
{
	const char *wrong = read_common(p, s);

	count(p);
	for (unsigned id = 0; id < CELL_PARTS && !wrong; id++)
		if (configured(p) >> id & 1)
			wrong = cell_own_read_part(
				&p->own[id], &p->cell[id], s, downlink_of(s, id), uplink_of(s, id));
	return wrong ? wrong : read_active(p, s);
}

static void copy_uplink(struct cell *c, const struct cell *u)
{
	c->uplink = u->uplink;
	for (unsigned i = 0; i < CELL_TIMES_MAX; i++)
		c->pusch_times[i] = u->pusch_times[i];
	c->pusch_times_n = u->pusch_times_n;
	c->has_p0_pusch = u->has_p0_pusch;
	c->p0_pusch_dbm = u->p0_pusch_dbm;
	c->p0_pucch_dbm = u->p0_pucch_dbm;
	c->msg3_delta_db = u->msg3_delta_db;
	c->pucch_resource_common = u->pucch_resource_common;
	c->pucch_groups = u->pucch_groups;
	c->pucch_hopping_id = u->pucch_hopping_id;
	c->pusch_group_hopping = u->pusch_group_hopping;
	c->has_rach = u->has_rach;
	c->rach = u->rach;
	c->access = u->access;
}

/* K1 is PUCCH-Config's. */
static void copy_downlink(struct cell_own *o, const struct cell_own *d)
{
	struct cell_pdsch k1 = o->pdsch;

	o->downlink_id = d->downlink_id;
	o->has_pdsch_n_id = d->has_pdsch_n_id;
	o->pdsch_n_id = d->pdsch_n_id;
	for (unsigned i = 0; i < CELL_TIMES_MAX; i++)
		o->pdsch_times[i] = d->pdsch_times[i];
	o->pdsch_times_n = d->pdsch_times_n;
	o->lbrm_bits = d->lbrm_bits;
	o->pdsch = d->pdsch;
	for (unsigned i = 0; i < CELL_K1S_MAX; i++)
		o->pdsch.k1[i] = k1.k1[i];
	o->pdsch.k1_n = k1.k1_n;
	for (unsigned i = 0; i < CELL_CSI_RS_MAX; i++)
		o->csi_rs[i] = d->csi_rs[i];
	for (unsigned i = 0; i < CELL_CORESETS_MAX; i++)
		o->coresets[i] = d->coresets[i];
	for (unsigned i = 0; i < CELL_SPACES_MAX; i++)
		o->spaces[i] = d->spaces[i];
	o->report = d->report;
	for (unsigned i = 0; i < CELL_ASKED_MAX; i++) {
		o->asked[i] = d->asked[i];
		if (o->asked[i].on == CELL_ASKED_ON_PUCCH) /* of another part */
			o->asked[i].report.there = false;
	}
	for (unsigned i = 0; i < CELL_TRIGGERS_MAX; i++) {
		o->triggers[i] = d->triggers[i];
		o->sp_triggers[i] = d->sp_triggers[i];
	}
}

void cell_parts_join(
	struct cell *c, struct cell_own *o, const struct cell_parts *p, unsigned downlink, unsigned uplink)
{
	*c = p->cell[downlink];
	*o = p->own[uplink];
	if (downlink != uplink) {
		copy_uplink(c, &p->cell[uplink]);
		copy_downlink(o, &p->own[downlink]);
		o->report.there = false; /* its PUCCH is another part's */
	}
	c->bandwidth.active_dl = c->downlink.bwp_prbs;
	c->bandwidth.active_ul = c->uplink.bwp_prbs;
	if (downlink != uplink) /* what cannot be told apart is not, by a network's mistake */
		o->sizes_cut = cell_own_sizes(o, c) == NULL && o->sizes_cut;
}

/* 38.212 7.3.1.0 of each pair of parts that may be active together. */
static const char *read_sizes(struct cell_parts *p)
{
	const char *wrong = NULL;

	for (unsigned id = 0; id < CELL_PARTS && !wrong; id++) {
		struct cell c;
		struct cell_own o;

		if (!(p->downlinks >> id & 1) || !(p->uplinks >> id & 1))
			continue;
		cell_parts_join(&c, &o, p, id, id);
		wrong = cell_own_sizes(&o, &c);
		p->own[id].sizes_cut = o.sizes_cut;
	}
	return wrong;
}

const char *cell_parts_read(struct cell_parts *p, const struct rrc_cell_group_config *group)
{
	const struct rrc_serving_cell_config *s =
		group->sp_cell_config ? group->sp_cell_config->sp_cell_config_dedicated : NULL;
	struct cell_parts next = *p;
	const char *wrong = NULL;

	next.first_downlink = next.first_uplink = CELL_PART_STAYS;
	for (unsigned id = 0; id < CELL_PARTS && !wrong && group->physical_cell_group_config; id++)
		wrong = cell_own_read_physical(&next.own[id], group->physical_cell_group_config);
	if (!wrong && s)
		wrong = read_serving(&next, s);
	if (!wrong && next.own[0].there)
		wrong = read_sizes(&next);
	if (wrong)
		return wrong;
	*p = next;
	return NULL;
}

void cell_parts_release_uplink(struct cell_parts *p)
{
	for (unsigned id = 0; id < CELL_PARTS; id++)
		cell_own_release_uplink(&p->own[id]);
}

bool cell_parts_have_sr(const struct cell_parts *p, uint8_t id)
{
	for (unsigned i = 0; i < CELL_PARTS; i++)
		if (p->uplinks >> i & 1 && p->own[i].sr.there && p->own[i].sr.id == id)
			return true;
	return false;
}

unsigned cell_parts_indicated(uint8_t configured_parts, unsigned indicator)
{
	unsigned beside = (unsigned)__builtin_popcount(configured_parts & ~1u), nth = 0;

	for (unsigned id = beside > 3 ? 1 : 0; id < CELL_PARTS; id++)
		if ((id == 0 || configured_parts >> id & 1) && nth++ == indicator)
			return id;
	return CELL_PART_STAYS;
}
