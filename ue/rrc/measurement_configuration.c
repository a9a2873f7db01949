/* Measurement configuration (38.331 5.5.2): objects, reports and identities, delta by delta. */
#include "ue/rrc/internal.h"
#include "ue/rrc/measurement.h"
#include "wire/rrc/number.h"

enum { FILTER_DEFAULT = 4 }; /* FilterCoefficient, fc4 */

void ue_meas_id_forget(struct ue_rrc_connection *c, uint8_t id)
{
	struct ue_meas_id *m = &c->meas.id[id];

	timer_stop(&c->timers, &m->trigger);
	timer_stop(&c->timers, &m->next);
	m->triggered = false;
	m->sent = 0;
}

void ue_meas_id_remove(struct ue_rrc_connection *c, uint8_t id)
{
	if (id > UE_MEAS_MAX || !c->meas.id[id].there)
		return;
	ue_meas_id_forget(c, id);
	c->meas.id[id].there = false;
	c->meas.count--;
}

void ue_meas_init(struct ue_rrc_connection *c)
{
	for (uint8_t i = 1; i <= UE_MEAS_MAX; i++)
		ue_meas_id_forget(c, i);
	c->meas = (struct ue_meas){ .count = 0 };
	memset(c->meas.filter_k, FILTER_DEFAULT, sizeof(c->meas.filter_k));
}

/* Identities that name an object, or a report: theirs goes, or what it was has changed (5.5.2.4 to 5.5.2.7).
 */
static void users_settle(struct ue_rrc_connection *c, uint8_t object, uint8_t report, bool gone)
{
	for (uint8_t i = 1; i <= UE_MEAS_MAX; i++) {
		struct ue_meas_id *id = &c->meas.id[i];

		if (!id->there || (id->object != object && id->report != report))
			continue;
		if (gone)
			ue_meas_id_remove(c, i);
		else
			ue_meas_id_forget(c, i);
	}
}

static void object_set(struct ue_rrc_connection *c, const struct rrc_meas_object_to_add_mod *in)
{
	const struct rrc_meas_object_nr *nr = &in->meas_object.u.meas_object_nr;
	struct ue_meas_object *o = &c->meas.object[in->meas_object_id];

	*o = (struct ue_meas_object){ .there = true };
	if (in->meas_object.tag == RRC_MEAS_OBJECT_TO_ADD_MOD_MEAS_OBJECT_TAG_MEAS_OBJECT_NR &&
		nr->has_ssb_frequency) {
		o->ssb_arfcn = nr->ssb_frequency;
		o->quantity_config = nr->quantity_config_index - 1;
	}
	users_settle(c, in->meas_object_id, 0, false);
}

/* 6.3.2 MeasTriggerQuantity: RSRP in steps of 1 dB from -156 dBm, RSRQ of 0.5 dB from -43.5 dB, SINR likewise
 * from -23. */
static void threshold_read(struct ue_meas_report *r, const struct rrc_meas_trigger_quantity *in)
{
	if (in->tag == RRC_MEAS_TRIGGER_QUANTITY_TAG_RSRP) {
		r->quantity = UE_MEAS_RSRP;
		r->threshold = (float)in->u.rsrp - 156;
	} else if (in->tag == RRC_MEAS_TRIGGER_QUANTITY_TAG_RSRQ) {
		r->quantity = UE_MEAS_RSRQ;
		r->threshold = ((float)in->u.rsrq - 87) / 2;
	} else {
		r->quantity = UE_MEAS_SINR;
		r->threshold = ((float)in->u.sinr - 46) / 2;
	}
}

static void index_read(
	struct ue_meas_report *r, const struct rrc_meas_report_quantity *quantities, bool any, bool values)
{
	r->by_index = quantities != NULL && any;
	r->index_values = values;
	if (quantities)
		r->index_quantities = *quantities;
}

static bool periodical_read(struct ue_meas_report *r, const struct rrc_periodical_report_config *in)
{
	const struct per_type *type = &rrc_periodical_report_config_type;
	bool ok = in->rs_type == RRC_NR_RS_TYPE_SSB;

	r->kind = UE_MEAS_PERIODICAL;
	r->interval_ms = rrc_number_at(type, "reportInterval", in->report_interval, &ok);
	r->amount = rrc_number_at(type, "reportAmount", in->report_amount, &ok);
	index_read(r, in->report_quantity_rs_indexes, in->has_max_nrof_rs_indexes_to_report,
		in->include_beam_measurements);
	return ok;
}

static bool event_read(struct ue_meas_report *r, const struct rrc_event_trigger_config *in)
{
	const struct per_type *type = &rrc_event_trigger_config_type;
	const struct rrc_event_trigger_config_event_id_event_a1 *a1 = &in->event_id.u.event_a1;
	const struct rrc_event_trigger_config_event_id_event_a2 *a2 = &in->event_id.u.event_a2;
	bool better = in->event_id.tag == RRC_EVENT_TRIGGER_CONFIG_EVENT_ID_TAG_EVENT_A1;
	bool ok = in->rs_type == RRC_NR_RS_TYPE_SSB &&
		  (better || in->event_id.tag == RRC_EVENT_TRIGGER_CONFIG_EVENT_ID_TAG_EVENT_A2);

	if (!ok)
		return false;
	r->kind = better ? UE_MEAS_A1 : UE_MEAS_A2;
	threshold_read(r, better ? &a1->a1_threshold : &a2->a2_threshold);
	r->hysteresis = (float)(better ? a1->hysteresis : a2->hysteresis) / 2;
	r->on_leave = better ? a1->report_on_leave : a2->report_on_leave;
	r->time_to_trigger_ms = rrc_number_at(type, "eventId/eventA1/timeToTrigger",
		better ? a1->time_to_trigger : a2->time_to_trigger, &ok);
	r->interval_ms = rrc_number_at(type, "reportInterval", in->report_interval, &ok);
	r->amount = rrc_number_at(type, "reportAmount", in->report_amount, &ok);
	index_read(r, in->report_quantity_rs_indexes, in->has_max_nrof_rs_indexes_to_report,
		in->include_beam_measurements);
	return ok;
}

static void report_set(struct ue_rrc_connection *c, const struct rrc_report_config_to_add_mod *in)
{
	const struct rrc_report_config_nr_report_type *type =
		&in->report_config.u.report_config_nr.report_type;
	struct ue_meas_report *r = &c->meas.report[in->report_config_id];
	bool ok = in->report_config.tag == RRC_REPORT_CONFIG_TO_ADD_MOD_REPORT_CONFIG_TAG_REPORT_CONFIG_NR;

	*r = (struct ue_meas_report){ .kind = UE_MEAS_OTHER };
	if (ok && type->tag == RRC_REPORT_CONFIG_NR_REPORT_TYPE_TAG_PERIODICAL)
		ok = periodical_read(r, &type->u.periodical);
	else if (ok && type->tag == RRC_REPORT_CONFIG_NR_REPORT_TYPE_TAG_EVENT_TRIGGERED)
		ok = event_read(r, &type->u.event_triggered);
	if (!ok)
		r->kind = UE_MEAS_OTHER;
	users_settle(c, 0, in->report_config_id, false);
}

static void id_set(struct ue_rrc_connection *c, const struct rrc_meas_id_to_add_mod *in)
{
	struct ue_meas_id *id = &c->meas.id[in->meas_id];

	ue_meas_id_remove(c, in->meas_id);
	if (!c->meas.object[in->meas_object_id].there ||
		c->meas.report[in->report_config_id].kind == UE_MEAS_NOT_THERE)
		return;
	id->there = true;
	id->object = in->meas_object_id;
	id->report = in->report_config_id;
	c->meas.count++;
}

static uint8_t filter_of(enum rrc_filter_coefficient value, const char *path)
{
	bool ok = true;
	uint32_t k = rrc_number_at(&rrc_filter_config_type, path, value, &ok);

	return ok ? (uint8_t)k : 0; /* a spare value: as it comes */
}

/* 5.5.2.8: all reporting begins again. */
static void quantity_set(struct ue_rrc_connection *c, const struct rrc_quantity_config *in)
{
	const struct rrc_quantity_config_quantity_config_nr_list *list = in->quantity_config_nr_list;

	for (size_t i = 0; list && i < list->count && i < UE_MEAS_QUANTITY_CONFIGS; i++) {
		const struct rrc_filter_config *f = &list->items[i].quantity_config_cell.ssb_filter_config;
		uint8_t *k = c->meas.filter_k[i];

		k[UE_MEAS_RSRP] = filter_of(f->filter_coefficient_rsrp, "filterCoefficientRSRP");
		k[UE_MEAS_RSRQ] = filter_of(f->filter_coefficient_rsrq, "filterCoefficientRSRQ");
		k[UE_MEAS_SINR] = filter_of(f->filter_coefficient_rs_sinr, "filterCoefficientRS-SINR");
	}
	for (uint8_t i = 1; i <= UE_MEAS_MAX; i++)
		ue_meas_id_forget(c, i);
}

static void removals(struct ue_rrc_connection *c, const struct rrc_meas_config *in)
{
	const struct rrc_meas_object_to_remove_list *objects = in->meas_object_to_remove_list;
	const struct rrc_report_config_to_remove_list *reports = in->report_config_to_remove_list;
	const struct rrc_meas_id_to_remove_list *ids = in->meas_id_to_remove_list;

	for (size_t i = 0; objects && i < objects->count; i++) {
		c->meas.object[objects->items[i]].there = false;
		users_settle(c, objects->items[i], 0, true);
	}
	for (size_t i = 0; reports && i < reports->count; i++) {
		c->meas.report[reports->items[i]].kind = UE_MEAS_NOT_THERE;
		users_settle(c, 0, reports->items[i], true);
	}
	for (size_t i = 0; ids && i < ids->count; i++)
		ue_meas_id_remove(c, ids->items[i]);
}

/* In the order of 5.5.2.1, in which an identity finds what the same message brought for it. */
void ue_meas_configure(struct ue_rrc_connection *c, const struct rrc_meas_config *in)
{
	const struct rrc_meas_object_to_add_mod_list *objects = in->meas_object_to_add_mod_list;
	const struct rrc_report_config_to_add_mod_list *reports = in->report_config_to_add_mod_list;
	const struct rrc_meas_id_to_add_mod_list *ids = in->meas_id_to_add_mod_list;

	removals(c, in);
	for (size_t i = 0; objects && i < objects->count; i++)
		object_set(c, &objects->items[i]);
	for (size_t i = 0; reports && i < reports->count; i++)
		report_set(c, &reports->items[i]);
	if (in->quantity_config)
		quantity_set(c, in->quantity_config);
	for (size_t i = 0; ids && i < ids->count; i++)
		id_set(c, &ids->items[i]);
}

/* What was measured is of another cell, and reports of it begin again; periodical ones the network configures
 * again if it wants them. */
void ue_meas_restart(struct ue_rrc_connection *c)
{
	for (uint8_t i = 1; i <= UE_MEAS_MAX; i++) {
		if (c->meas.id[i].there && c->meas.report[c->meas.id[i].report].kind == UE_MEAS_PERIODICAL)
			ue_meas_id_remove(c, i);
		ue_meas_id_forget(c, i);
	}
	c->meas.measured = false;
	c->meas.period = (struct ue_meas_period){ .blocks = 0 };
}
