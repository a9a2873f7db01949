/*
 * Location reporting, 38.413 8.12.
 *
 *   gNB                                   AMF
 *    |<- LOCATION REPORTING CONTROL -------|    now; with each change of cell; in areas of interest; no more
 *    |-- LOCATION REPORT ----------------->|    at once, and again when what was asked for has changed
 *    |-- LOCATION REPORTING FAILURE IND. ->|    the request contradicts itself, or there is no room for it
 */
#include <stdlib.h>

#include "gnb/handover.h"

enum { AREAS_MAX = 64 }; /* maxnoofAoI */

/* What the AMF wants to hear of a UE. The areas lie here as they came: an AreaOfInterestList. */
struct gnb_location_order {
	bool cell;
	uint64_t inside; /* bit n: the UE is in the nth area, as last reported */
	size_t areas_len;
	uint8_t areas[];
};

static void failure_send(struct gnb *gnb, struct gnb_ue *ue, struct ngap_cause cause)
{
	const struct ngap_location_reporting_failure_indication m = {
		.amf_ue_ngap_id = ue->amf_ue_ngap_id, .ran_ue_ngap_id = ue->ran_ue_ngap_id, .cause = cause
	};

	gnb_n2_send_ue(gnb, ue, NGAP_MSG_LOCATION_REPORTING_FAILURE_INDICATION, &m);
}

static bool areas_read(
	struct gnb *gnb, const struct gnb_location_order *o, struct ngap_area_of_interest_list *out)
{
	struct per_diag diag;

	return o && o->areas_len > 0 &&
	       ngap_value_decode(&ngap_area_of_interest_list_type, bytes_of(o->areas, o->areas_len),
		       &gnb->arena, out, &diag);
}

static bool is_this_node(const struct gnb *gnb, const struct ngap_global_ran_node_id *id)
{
	const struct ngap_global_gnb_id *g = &id->u.global_gnb_id;
	struct plmn plmn;

	if (id->tag != NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID || g->gnb_id.tag != NGAP_GNB_ID_TAG_GNB_ID)
		return false;
	plmn = ngap_plmn(g->plmn_identity);
	return plmn_equal(&plmn, &gnb->config.plmn) &&
	       g->gnb_id.u.gnb_id.len_bits == gnb->config.gnb_id_bits &&
	       per_bits_uint(g->gnb_id.u.gnb_id, gnb->config.gnb_id_bits) == gnb->config.gnb_id;
}

static bool is_inside(
	const struct gnb *gnb, const struct ngap_area_of_interest *a, const struct gnb_place *at)
{
	for (size_t i = 0; a->area_of_interest_tai_list && i < a->area_of_interest_tai_list->count; i++) {
		struct tai tai = ngap_tai(&a->area_of_interest_tai_list->items[i].tai);

		if (tai_equal(&tai, &at->tai))
			return true;
	}
	for (size_t i = 0; a->area_of_interest_cell_list && i < a->area_of_interest_cell_list->count; i++) {
		const struct ngap_ngran_cgi *cgi = &a->area_of_interest_cell_list->items[i].ngran_cgi;
		struct plmn plmn;

		if (cgi->tag != NGAP_NGRAN_CGI_TAG_NR_CGI)
			continue;
		plmn = ngap_plmn(cgi->u.nr_cgi.plmn_identity);
		if (plmn_equal(&plmn, &at->ncgi.plmn) && cgi->u.nr_cgi.nr_cell_identity == at->ncgi.nci)
			return true;
	}
	for (size_t i = 0; a->area_of_interest_ran_node_list && i < a->area_of_interest_ran_node_list->count;
		i++)
		if (is_this_node(gnb, &a->area_of_interest_ran_node_list->items[i].global_ran_node_id))
			return true;
	return false;
}

static uint64_t insides(
	const struct gnb *gnb, const struct ngap_area_of_interest_list *areas, const struct gnb_ue *ue)
{
	uint64_t inside = 0;

	for (size_t i = 0; i < areas->count && i < AREAS_MAX; i++)
		if (is_inside(gnb, &areas->items[i].area_of_interest, &gnb->places[ue->radio.cell]))
			inside |= UINT64_C(1) << i;
	return inside;
}

static void presence_fill(const struct ngap_area_of_interest_list *areas, uint64_t inside,
	struct ngap_ue_presence_in_area_of_interest_list *out)
{
	for (; out->count < areas->count && out->count < AREAS_MAX; out->count++)
		out->items[out->count] = (struct ngap_ue_presence_in_area_of_interest_item){
			areas->items[out->count].location_reporting_reference_id,
			inside >> out->count & 1 ? NGAP_UE_PRESENCE_IN : NGAP_UE_PRESENCE_OUT
		};
}

static void report_send(struct gnb *gnb, struct gnb_ue *ue, enum ngap_event_type event)
{
	struct ngap_area_of_interest_list areas = { 0 };
	struct ngap_ue_presence_in_area_of_interest_item items[AREAS_MAX];
	struct ngap_ue_presence_in_area_of_interest_list presence = { 0, items };
	struct ngap_location_report m = { .amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.location_reporting_request_type = { event, NGAP_REPORT_AREA_CELL } };

	if (event == NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST) {
		if (!areas_read(gnb, ue->location, &areas))
			return;
		presence_fill(&areas, ue->location->inside, &presence);
		m.ue_presence_in_area_of_interest_list = &presence;
		m.location_reporting_request_type.area_of_interest_list = &areas;
	}
	if (gnb_cell_location(gnb, ue->radio.cell, &m.user_location_information))
		gnb_n2_send_ue(gnb, ue, NGAP_MSG_LOCATION_REPORT, &m);
}

void gnb_location_changed(struct gnb *gnb, struct gnb_ue *ue)
{
	struct ngap_area_of_interest_list areas = { 0 };
	uint64_t inside;

	if (ue->location && ue->location->cell)
		report_send(gnb, ue, NGAP_EVENT_TYPE_CHANGE_OF_SERVE_CELL);
	if (!areas_read(gnb, ue->location, &areas))
		return;
	inside = insides(gnb, &areas, ue);
	if (inside == ue->location->inside)
		return;
	ue->location->inside = inside;
	report_send(gnb, ue, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST);
}

static void forget(struct gnb_ue *ue)
{
	free(ue->location);
	ue->location = NULL;
}

/* In place of what there was, whose `cell` stays; false: there is no room. */
static bool areas_keep(struct gnb_ue *ue, struct bytes areas)
{
	struct gnb_location_order *o = calloc(1, sizeof(*o) + areas.len);

	if (!o)
		return false;
	o->cell = ue->location && ue->location->cell;
	o->areas_len = areas.len;
	bytes_copy(o->areas, areas.len, areas);
	forget(ue);
	ue->location = o;
	return true;
}

/* 8.12.1.3 */
static bool is_twice(const struct ngap_area_of_interest_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		for (size_t k = 0; k < i; k++)
			if (list->items[i].location_reporting_reference_id ==
				list->items[k].location_reporting_reference_id)
				return true;
	return false;
}

static void areas_take(struct gnb *gnb, struct gnb_ue *ue, const struct ngap_area_of_interest_list *list)
{
	struct bytes octets =
		list ? ngap_value_bytes(&ngap_area_of_interest_list_type, list, &gnb->arena) : BYTES_NONE;

	if (!list || octets.len == 0) {
		failure_send(gnb, ue, ngap_cause_of_protocol(NGAP_CAUSE_PROTOCOL_SEMANTIC_ERROR));
		return;
	}
	if (is_twice(list)) {
		failure_send(gnb, ue,
			ngap_cause_radio(
				NGAP_CAUSE_RADIO_NETWORK_MULTIPLE_LOCATION_REPORTING_REFERENCE_ID_INSTANCES));
		return;
	}
	if (!areas_keep(ue, octets)) {
		failure_send(gnb, ue, ngap_cause_of_misc(NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD));
		return;
	}
	ue->location->inside = insides(gnb, list, ue);
	report_send(gnb, ue, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST);
}

/* The area of that reference is of no more interest. */
static void area_drop(
	struct gnb *gnb, struct gnb_ue *ue, const struct ngap_location_reporting_request_type *r)
{
	struct ngap_area_of_interest_list areas = { 0 };
	uint64_t inside;
	size_t kept = 0;

	if (!areas_read(gnb, ue->location, &areas))
		return;
	for (size_t i = 0; i < areas.count; i++)
		if (r->has_location_reporting_reference_id_to_be_cancelled &&
			areas.items[i].location_reporting_reference_id !=
				r->location_reporting_reference_id_to_be_cancelled)
			areas.items[kept++] = areas.items[i];
	areas.count = kept;
	inside = insides(gnb, &areas, ue); /* before what they point into is freed */
	/* Where there is no room nothing is of interest any more: too little is reported, never too much. */
	if (areas_keep(ue, kept > 0 ? ngap_value_bytes(&ngap_area_of_interest_list_type, &areas, &gnb->arena)
				    : BYTES_NONE))
		ue->location->inside = inside;
	else
		forget(ue);
}

static void cell_take(struct gnb *gnb, struct gnb_ue *ue)
{
	if (!ue->location && !areas_keep(ue, BYTES_NONE)) {
		failure_send(gnb, ue, ngap_cause_of_misc(NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD));
		return;
	}
	ue->location->cell = true;
	report_send(gnb, ue, NGAP_EVENT_TYPE_CHANGE_OF_SERVE_CELL);
}

static void obey(struct gnb *gnb, struct gnb_ue *ue, const struct ngap_location_reporting_request_type *r)
{
	switch (r->event_type) {
	case NGAP_EVENT_TYPE_DIRECT:
		report_send(gnb, ue, NGAP_EVENT_TYPE_DIRECT);
		break;
	case NGAP_EVENT_TYPE_CHANGE_OF_SERVE_CELL:
		cell_take(gnb, ue);
		break;
	case NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST:
		areas_take(gnb, ue, r->area_of_interest_list);
		break;
	case NGAP_EVENT_TYPE_STOP_CHANGE_OF_SERVE_CELL:
		if (ue->location)
			ue->location->cell = false;
		break;
	case NGAP_EVENT_TYPE_STOP_UE_PRESENCE_IN_AREA_OF_INTEREST:
		area_drop(gnb, ue, r);
		break;
	case NGAP_EVENT_TYPE_CANCEL_LOCATION_REPORTING_FOR_THE_UE:
		forget(ue);
		break;
	default: /* of a later release */
		failure_send(gnb, ue, ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED));
	}
}

void gnb_n2_location_reporting_control(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_location_reporting_control *m = pdu->u.location_reporting_control;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);

	if (!ue)
		return;
	if (m->no_location_reporting_request_type)
		failure_send(gnb, ue, ngap_cause_of_protocol(NGAP_CAUSE_PROTOCOL_SEMANTIC_ERROR));
	else
		obey(gnb, ue, &m->location_reporting_request_type);
}
