/*
 * Location reporting, 38.413 8.12 and 23.502 4.10, for operators.
 *
 *   AMF -> gNB  LOCATION REPORTING CONTROL               8.12.1: now; with each change of cell; in an area
 *   gNB -> AMF  LOCATION REPORT                          8.12.3: an event, and the UE's place from now on
 *   gNB -> AMF  LOCATION REPORTING FAILURE INDICATION    8.12.2: an event
 *
 * A UE that is idle is where it was last, which is told with its age; if it is to be paged, it is asked for
 * once it has come.
 */
#include "core/amf/paging.h"
#include "core/amf/ue_order.h"

enum { AREA_REFERENCE = 1 }; /* Location Reporting Reference ID, 9.3.1.76: there is one area of a UE */

static bool area_of(struct amf *amf, const struct amf_order *o, struct ngap_area_of_interest_tai_list *out)
{
	out->items = arena_array(&amf->arena, o->area_count, sizeof(*out->items));
	for (out->count = 0; out->items && out->count < o->area_count; out->count++) {
		struct tai tai = { amf->config.guami.plmn, o->area[out->count].tac };

		if (!ngap_tai_of(&tai, &amf->arena, &out->items[out->count].tai))
			return false;
	}
	return out->items != NULL;
}

static void control(
	struct amf *amf, struct amf_connection *c, enum ngap_event_type type, const struct amf_order *o)
{
	struct ngap_area_of_interest_tai_list tais = { 0 };
	struct ngap_area_of_interest_item item = { .area_of_interest.area_of_interest_tai_list = &tais,
		.location_reporting_reference_id = AREA_REFERENCE };
	struct ngap_area_of_interest_list list = { 1, &item };
	struct ngap_location_reporting_control m = { .amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.location_reporting_request_type = { type, NGAP_REPORT_AREA_CELL } };
	struct ngap_location_reporting_request_type *r = &m.location_reporting_request_type;

	if (type == NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST) {
		if (!area_of(amf, o, &tais))
			return;
		r->area_of_interest_list = &list;
	}
	r->has_location_reporting_reference_id_to_be_cancelled =
		type == NGAP_EVENT_TYPE_STOP_UE_PRESENCE_IN_AREA_OF_INTEREST;
	r->location_reporting_reference_id_to_be_cancelled = AREA_REFERENCE;
	amf_n2_send_ue(amf, c, NGAP_MSG_LOCATION_REPORTING_CONTROL, &m);
}

void amf_location_carry_out(struct amf *amf, struct amf_connection *c, const struct amf_order *o)
{
	if (o->follow)
		control(amf, c, NGAP_EVENT_TYPE_CHANGE_OF_SERVE_CELL, o);
	if (o->area_count > 0)
		control(amf, c, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST, o);
	if (o->once)
		control(amf, c, NGAP_EVENT_TYPE_DIRECT, o);
}

/* The gNB that has the UE's context; NULL: none. */
static struct amf_connection *connection_of(const struct amf_ue *ue)
{
	struct amf_connection *c = amf_connection_for(ue, AMF_FOR_SESSION);

	return c && c->context_setup && !c->gnb->absent ? c : NULL;
}

static void now(struct amf *amf, struct amf_ue *ue, struct amf_order *o, bool page)
{
	struct amf_connection *c = connection_of(ue);

	if (!c && !(page && amf_paging_is_possible(ue) && amf_paging_begin(amf, ue, 0)))
		return;
	o->once = true;
	amf_order_put(amf, ue, o);
	if (c)
		control(amf, c, NGAP_EVENT_TYPE_DIRECT, o);
}

static void follow(struct amf *amf, struct amf_ue *ue, struct amf_order *o, const struct amf_locate *l)
{
	struct amf_connection *c = connection_of(ue);
	bool had_area = o->area_count > 0;

	o->follow = true;
	o->area_count = l->area_count;
	for (uint8_t i = 0; i < l->area_count; i++)
		o->area[i].tac = l->area[i];
	amf_order_put(amf, ue, o);
	if (c && had_area)
		control(amf, c, NGAP_EVENT_TYPE_STOP_UE_PRESENCE_IN_AREA_OF_INTEREST, o);
	if (c)
		amf_location_carry_out(amf, c, o);
}

static void stop(struct amf *amf, struct amf_ue *ue, struct amf_order *o)
{
	struct amf_connection *c = connection_of(ue);

	if (c && o->follow)
		control(amf, c, NGAP_EVENT_TYPE_STOP_CHANGE_OF_SERVE_CELL, o);
	if (c && o->area_count > 0)
		control(amf, c, NGAP_EVENT_TYPE_STOP_UE_PRESENCE_IN_AREA_OF_INTEREST, o);
	o->once = o->follow = false;
	o->area_count = 0;
	amf_order_put(amf, ue, o);
}

static void location_of(struct amf *amf, const struct amf_ue *ue, struct amf_location *out)
{
	const struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);
	uint64_t now_s = env_utc_ms(amf->nf.env) / MS_PER_S,
		 at_s = c && c->located_s ? c->located_s : ue->ran.located_s;
	struct amf_order o;

	amf_order_get(amf, ue, &o);
	out->connected = c != NULL;
	out->awaited = o.once;
	out->followed = o.follow;
	out->tac = c ? c->location.tai.tac : ue->tai.tac;
	out->nci = c ? c->location.ncgi.nci : ue->ran.nci;
	out->known = at_s != 0;
	out->age_s = now_s > at_s ? now_s - at_s : 0;
}

bool amf_locate(
	struct amf *amf, const struct supi *supi, const struct amf_locate *l, struct amf_location *out)
{
	struct amf_ue *ue = amf_ue_by_supi(amf, supi);
	struct amf_order o;

	if (!ue || !ue->registered)
		return false;
	amf_order_get(amf, ue, &o);
	if (l->how == AMF_LOCATE_NOW)
		now(amf, ue, &o, l->page);
	else if (l->how == AMF_LOCATE_FOLLOW)
		follow(amf, ue, &o, l);
	else if (l->how == AMF_LOCATE_STOP)
		stop(amf, ue, &o);
	location_of(amf, ue, out);
	arena_wipe(&amf->arena);
	return true;
}

static void not_awaited(struct amf *amf, struct amf_ue *ue)
{
	struct amf_order o;

	amf_order_get(amf, ue, &o);
	if (!o.once)
		return;
	o.once = false;
	amf_order_put(amf, ue, &o);
}

static enum event_reason presence_of(const struct ngap_location_report *m)
{
	static const uint8_t reasons[NGAP_UE_PRESENCE_N] = { EVENT_IN_AREA, EVENT_OUT_OF_AREA,
		EVENT_NO_REASON };
	const struct ngap_ue_presence_in_area_of_interest_list *list =
		m->ue_presence_in_area_of_interest_list;

	for (size_t i = 0; list && i < list->count; i++)
		if (list->items[i].location_reporting_reference_id == AREA_REFERENCE &&
			list->items[i].ue_presence < NGAP_UE_PRESENCE_N)
			return reasons[list->items[i].ue_presence];
	return EVENT_NO_REASON;
}

/* A report that nobody has asked for tells the place all the same, and is no event. */
void amf_location_report(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_location_report *m = body;

	if (!m->no_user_location_information)
		amf_connection_take_location(amf, c, &m->user_location_information);
	amf->stat[AMF_STAT_LOCATION_REPORTS]++;
	if (!c->ue->ordered || c->ue->serving != c) {
		amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
		return;
	}
	amf_ue_event_located(amf, c->ue, presence_of(m));
	if (!m->no_location_reporting_request_type &&
		m->location_reporting_request_type.event_type == NGAP_EVENT_TYPE_DIRECT)
		not_awaited(amf, c->ue);
}

void amf_location_reporting_failure_indication(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_location_reporting_failure_indication *m = body;
	char text[NGAP_CAUSE_TEXT_SIZE];

	amf->stat[AMF_STAT_LOCATION_FAILURES]++;
	log_info(amf->nf.env->log, "gNB %s does not report where a UE is: %s", c->gnb->name,
		ngap_cause_text(m->no_cause ? NULL : &m->cause, text));
	if (!c->ue->ordered || c->ue->serving != c)
		return;
	amf_ue_event_order_failed(amf, c->ue, EVENT_LOCATION_FAILED, m->no_cause ? NULL : &m->cause);
	not_awaited(amf, c->ue);
}
