/*
 * Xn Reset, 38.423 8.4.4: one end has lost what it knew of the handovers between the two, or of some of them.
 *
 *   gNB                            neighbour
 *    |-- RESET REQUEST ------------->|    all, or those of the XnAP IDs named
 *    |<- RESET RESPONSE -------------|    what is prepared ends; a UE that is on its way has its timers
 */
#include "gnb/xn.h"

static void handover_end(struct gnb *gnb, struct gnb_handover *h)
{
	if (!h->is_target && h->state == SOURCE_PREPARING)
		gnb_source_event(gnb, h, SOURCE_EV_FAILED, "the Xn interface was reset");
	else if (h->is_target && h->state == TARGET_EXPECTING)
		gnb_ue_free(gnb, h->ue);
}

/* Those that the item names, by either end's id; ours is the RAN UE NGAP ID. */
static bool is_named(const struct gnb_handover *h, const struct xnap_reset_request_partial_release_item *i)
{
	if (i->has_ng_ran_node2_ue_xnap_id && h->ue->ran_ue_ngap_id != i->ng_ran_node2_ue_xnap_id)
		return false;
	if (i->has_ng_ran_node1_ue_xnap_id && (!h->has_peer_id || h->peer_id != i->ng_ran_node1_ue_xnap_id))
		return false;
	return i->has_ng_ran_node1_ue_xnap_id || i->has_ng_ran_node2_ue_xnap_id;
}

/* named: NULL for all. */
static void handovers_end(
	struct gnb *gnb, struct gnb_xn *xn, const struct xnap_reset_request_partial_release_item *named)
{
	for (uint32_t i = 0;; i++) {
		struct gnb_handover *h = pool_next(&gnb->handovers, &i);

		if (!h)
			return;
		if (h->xn == xn && (!named || is_named(h, named)))
			handover_end(gnb, h);
	}
}

static bool partial(struct gnb *gnb, struct gnb_xn *xn,
	const struct xnap_reset_request_partial_release_list *list,
	struct xnap_reset_response_partial_release_list *out)
{
	out->items = arena_array(&gnb->arena, list->count, sizeof(*out->items));
	for (; out->items && out->count < list->count; out->count++) {
		const struct xnap_reset_request_partial_release_item *i = &list->items[out->count];

		handovers_end(gnb, xn, i);
		out->items[out->count] =
			(struct xnap_reset_response_partial_release_item){ i->has_ng_ran_node1_ue_xnap_id,
				i->ng_ran_node1_ue_xnap_id, i->has_ng_ran_node2_ue_xnap_id,
				i->ng_ran_node2_ue_xnap_id };
	}
	return out->items;
}

void gnb_xn_reset_request(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_reset_request *m = pdu->u.reset_request;
	char text[XNAP_CAUSE_TEXT_SIZE];
	struct xnap_reset_response answer = { .has_interface_instance_indication =
						      m->has_interface_instance_indication,
		.interface_instance_indication = m->interface_instance_indication };

	log_warn(gnb->env->log, "%s resets Xn: %s", gnb_xn_neighbour(gnb, xn)->name,
		gnb_xn_cause_text(m->no_cause ? NULL : &m->cause, text));
	if (m->reset_request_type_info.tag == XNAP_RESET_REQUEST_TYPE_INFO_TAG_PARTIAL_RESET) {
		answer.reset_response_type_info.tag = XNAP_RESET_RESPONSE_TYPE_INFO_TAG_PARTIAL_RESET;
		if (!partial(gnb, xn,
			    &m->reset_request_type_info.u.partial_reset.ue_contexts_to_be_released_list,
			    &answer.reset_response_type_info.u.partial_reset
				    .ue_contexts_admitted_to_be_released_list))
			return;
	} else {
		answer.reset_response_type_info.tag = XNAP_RESET_RESPONSE_TYPE_INFO_TAG_FULL_RESET;
		handovers_end(gnb, xn, NULL);
	}
	gnb_xn_send(gnb, xn, 0, XNAP_MSG_RESET_RESPONSE, &answer);
}

void gnb_xn_reset_response(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	log_info(gnb->env->log, "%s has reset Xn", gnb_xn_neighbour(gnb, xn)->name);
}

const char *gnb_xn_reset(struct gnb *gnb, const char *neighbour)
{
	struct gnb_xn *xn = gnb_xn_named(gnb, neighbour);
	const struct xnap_reset_request m = { .cause = xnap_cause_of_misc(
						      XNAP_CAUSE_MISC_O_AND_M_INTERVENTION),
		.reset_request_type_info.tag = XNAP_RESET_REQUEST_TYPE_INFO_TAG_FULL_RESET };

	if (!xn)
		return "it is no neighbour with Xn";
	handovers_end(gnb, xn, NULL);
	return gnb_xn_send(gnb, xn, 0, XNAP_MSG_RESET_REQUEST, &m) ? NULL : "memory is out";
}
