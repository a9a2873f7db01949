/*
 * Reports that are made when they are asked for (38.214 5.2.1.5): aperiodic ones by DCI 0_1, semi-persistent
 * ones by a MAC control element on PUCCH and by DCI 0_1 of SP-CSI-RNTI on PUSCH. Of CQI from a CSI-RS of one
 * port, as the periodic ones, and on PUSCH by subbands too.
 */
#include "radio/cell/own_read.h"

bool cell_subband(
	const struct cell_carrier *at, unsigned subband_prbs, unsigned i, unsigned *first, unsigned *prbs)
{
	unsigned before = at->bwp_start % subband_prbs, end = (i + 1) * subband_prbs - before;

	*first = i == 0 ? 0 : i * subband_prbs - before;
	if (*first >= at->bwp_prbs)
		return false;
	*prbs = (end < at->bwp_prbs ? end : at->bwp_prbs) - *first;
	return true;
}

unsigned cell_asked_bits(const struct cell_asked *a)
{
	return CELL_CQI_BITS + (a->subband_prbs > 0 ? 2 * (unsigned)__builtin_popcount(a->subbands) : 0);
}

/* Table 5.2.1.4-2, by value1 and value2; 0: a part that has no subbands. */
static uint8_t subband_prbs_of(unsigned bwp_prbs, enum rrc_csi_report_config_subband_size size)
{
	unsigned prbs = bwp_prbs < 24 ? 0 : bwp_prbs <= 72 ? 4 : bwp_prbs <= 144 ? 8 : 16;

	return (uint8_t)(size == RRC_CSI_REPORT_CONFIG_SUBBAND_SIZE_VALUE2 ? 2 * prbs : prbs);
}

/* csi-ReportingBand, as many bits as there are subbands, the lowest last. */
static uint32_t band_of(const struct rrc_csi_report_config_report_freq_configuration_csi_reporting_band *b)
{
	unsigned n = 3 + (unsigned)b->tag -
		     RRC_CSI_REPORT_CONFIG_REPORT_FREQ_CONFIGURATION_CSI_REPORTING_BAND_TAG_SUBBANDS3;

	return n <= 8 ? b->u.subbands8 : n <= 16 ? b->u.subbands16 : n <= 19 ? b->u.subbands19_v1530 : 0;
}

/* False: subbands of a part that has none. */
static bool read_subbands(struct cell_asked *a, const struct cell *c, const struct rrc_csi_report_config *r)
{
	const struct rrc_csi_report_config_report_freq_configuration *f = r->report_freq_configuration;
	unsigned first, prbs, n = 0;

	if (!f || f->cqi_format_indicator !=
			  RRC_CSI_REPORT_CONFIG_REPORT_FREQ_CONFIGURATION_CQI_FORMAT_INDICATOR_SUBBAND_CQI)
		return true;
	a->subband_prbs = subband_prbs_of(c->downlink.bwp_prbs, r->subband_size);
	if (a->subband_prbs == 0)
		return false;
	while (n < CELL_SUBBANDS_MAX && cell_subband(&c->downlink, a->subband_prbs, n, &first, &prbs))
		n++;
	a->subbands = (1u << n) - 1;
	if (f->csi_reporting_band)
		a->subbands &= band_of(f->csi_reporting_band);
	return a->subbands != 0;
}

static void read_offsets(struct cell_asked *a, const uint8_t *items, size_t n)
{
	for (a->slot_offsets = 0; a->slot_offsets < n && a->slot_offsets < CELL_SLOT_OFFSETS_MAX;)
		a->slot_offset[a->slot_offsets] = items[a->slot_offsets], a->slot_offsets++;
}

static bool read_on_pucch(struct cell_asked *a, const struct cell_own *o, const struct cell *c,
	const struct rrc_pucch_config *pucch,
	const struct rrc_csi_report_config_report_config_type_semi_persistent_on_pucch *p)
{
	a->on = CELL_ASKED_ON_PUCCH;
	return a->subband_prbs == 0 && cell_csi_period(&a->report, &p->report_slot_config) &&
	       cell_csi_on_pucch(&a->report, o, c, pucch, p->pucch_csi_resource_list.items,
		       p->pucch_csi_resource_list.count);
}

static bool read_on_pusch(struct cell_asked *a,
	const struct rrc_csi_report_config_report_config_type_semi_persistent_on_pusch *p)
{
	static const uint16_t periods[] = { 5, 10, 20, 40, 80, 160, 320 };

	if ((size_t)p->report_slot_config >= ARRAY_LEN(periods))
		return false;
	a->on = CELL_ASKED_ON_PUSCH;
	a->report.period = periods[p->report_slot_config];
	read_offsets(a, p->report_slot_offset_list.items, p->report_slot_offset_list.count);
	return true;
}

static bool read_asked(struct cell_asked *a, const struct cell_own *o, const struct cell *c,
	const struct rrc_csi_meas_config *m, const struct rrc_csi_report_config *r,
	const struct rrc_pucch_config *pucch)
{
	const struct rrc_csi_report_config_report_config_type *t = &r->report_config_type;
	bool measured, ok = false;

	*a = (struct cell_asked){ .resource_config = r->resources_for_channel_measurement };
	if (!cell_csi_begin(&a->report, r) || !read_subbands(a, c, r))
		return false;
	measured = cell_csi_measured(
			   &a->report.csi_rs, o, cell_csi_set(m, a->resource_config, o->downlink_id, 0)) &&
		   o->csi_rs[a->report.csi_rs].period > 0;
	if (t->tag == RRC_CSI_REPORT_CONFIG_REPORT_CONFIG_TYPE_TAG_SEMI_PERSISTENT_ON_PUCCH)
		ok = measured && read_on_pucch(a, o, c, pucch, &t->u.semi_persistent_on_pucch);
	else if (t->tag == RRC_CSI_REPORT_CONFIG_REPORT_CONFIG_TYPE_TAG_SEMI_PERSISTENT_ON_PUSCH)
		ok = measured && read_on_pusch(a, &t->u.semi_persistent_on_pusch);
	else if (t->tag == RRC_CSI_REPORT_CONFIG_REPORT_CONFIG_TYPE_TAG_APERIODIC) {
		read_offsets(a, t->u.aperiodic.report_slot_offset_list.items,
			t->u.aperiodic.report_slot_offset_list.count);
		ok = true; /* the trigger says what is measured */
	}
	return ok;
}

static struct cell_asked *place_of(struct cell_own *o, unsigned id)
{
	for (unsigned i = 0; i < CELL_ASKED_MAX; i++)
		if (o->asked[i].report.there && o->asked[i].report.id == id)
			return &o->asked[i];
	return NULL;
}

static void add(struct cell_own *o, const struct cell_asked *a)
{
	struct cell_asked *at = place_of(o, a->report.id);

	for (unsigned i = 0; i < CELL_ASKED_MAX && !at; i++)
		at = o->asked[i].report.there ? NULL : &o->asked[i];
	if (at) /* those beyond are not made */
		*at = *a;
}

/* aperiodicTriggeringOffset counts 0 to 4, then 16 and 24. False: a report that cannot be made. */
static bool read_triggered(struct cell_trigger *t, struct cell_own *o, const struct rrc_csi_meas_config *m,
	const struct rrc_csi_associated_report_config_info *in)
{
	static const uint8_t delays[] = { 0, 1, 2, 3, 4, 16, 24 };
	const struct cell_asked *a = place_of(o, in->report_config_id);
	const struct rrc_nzp_csi_rs_resource_set *s;
	uint8_t place;

	if (!a || a->on != CELL_ASKED_APERIODIC || t->n == CELL_TRIGGERED_MAX ||
		in->resources_for_channel.tag !=
			RRC_CSI_ASSOCIATED_REPORT_CONFIG_INFO_RESOURCES_FOR_CHANNEL_TAG_NZP_CSI_RS)
		return false;
	s = cell_csi_set(m, a->resource_config, o->downlink_id,
		in->resources_for_channel.u.nzp_csi_rs.resource_set - 1u);
	if (!cell_csi_measured(&place, o, s))
		return false;
	t->report[t->n].asked = (uint8_t)(a - o->asked);
	t->report[t->n].csi_rs = place;
	t->report[t->n++].delay =
		s->has_aperiodic_triggering_offset ? delays[s->aperiodic_triggering_offset % 7] : 0;
	return true;
}

/* Those of a trigger state go by their identities. */
static void order(struct cell_trigger *t, const struct cell_own *o)
{
	if (t->n == 2 && o->asked[t->report[0].asked].report.id > o->asked[t->report[1].asked].report.id) {
		struct cell_trigger was = *t;

		t->report[0] = was.report[1];
		t->report[1] = was.report[0];
	}
}

static void read_triggers(struct cell_own *o, const struct rrc_csi_meas_config *m,
	const struct rrc_csi_aperiodic_trigger_state_list *l)
{
	for (unsigned i = 0; i < CELL_TRIGGERS_MAX; i++) {
		struct cell_trigger *t = &o->triggers[i];
		const struct rrc_csi_aperiodic_trigger_state *s = i < l->count ? &l->items[i] : NULL;
		bool ok = l->count < 1u << m->report_trigger_size; /* else a command must choose among them */

		t->n = 0;
		for (size_t k = 0; s && k < s->associated_report_config_info_list.count; k++)
			ok = read_triggered(t, o, m, &s->associated_report_config_info_list.items[k]) && ok;
		t->n = ok ? t->n : 0;
		order(t, o);
	}
}

static void read_sp_triggers(
	struct cell_own *o, const struct rrc_csi_semi_persistent_on_pusch_trigger_state_list *l)
{
	for (unsigned i = 0; i < CELL_TRIGGERS_MAX; i++) {
		const struct cell_asked *a =
			i < l->count ? place_of(o, l->items[i].associated_report_config_info) : NULL;

		o->sp_triggers[i] =
			a && a->on == CELL_ASKED_ON_PUSCH ? (uint8_t)(a - o->asked) : CELL_ASKED_MAX;
	}
}

void cell_own_read_asked(struct cell_own *o, const struct cell *c, const struct rrc_csi_meas_config *m,
	const struct rrc_pucch_config *pucch)
{
	const struct rrc_csi_meas_config_csi_report_config_to_add_mod_list *l =
		m->csi_report_config_to_add_mod_list;
	const struct rrc_csi_meas_config_csi_report_config_to_release_list *gone =
		m->csi_report_config_to_release_list;
	struct cell_asked *at, read;

	for (size_t i = 0; gone && i < gone->count; i++)
		if ((at = place_of(o, gone->items[i])))
			at->report.there = false;
	for (size_t i = 0; l && i < l->count; i++) {
		if (read_asked(&read, o, c, m, &l->items[i], pucch))
			add(o, &read);
		else if ((at = place_of(o, l->items[i].report_config_id)))
			at->report.there = false;
	}
	if (m->aperiodic_trigger_state_list &&
		m->aperiodic_trigger_state_list->tag ==
			RRC_SETUP_RELEASE_CSI_APERIODIC_TRIGGER_STATE_LIST_TAG_SETUP)
		read_triggers(o, m, &m->aperiodic_trigger_state_list->u.setup);
	if (m->semi_persistent_on_pusch_trigger_state_list &&
		m->semi_persistent_on_pusch_trigger_state_list->tag ==
			RRC_SETUP_RELEASE_CSI_SEMI_PERSISTENT_ON_PUSCH_TRIGGER_STATE_LIST_TAG_SETUP)
		read_sp_triggers(o, &m->semi_persistent_on_pusch_trigger_state_list->u.setup);
}
