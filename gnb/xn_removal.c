/*
 * Xn Removal, 38.423 8.4.6: an operator ends the interface with a neighbour.
 *
 *   gNB                            neighbour
 *    |-- XN REMOVAL REQUEST -------->|
 *    |<- XN REMOVAL RESPONSE --------|    the association is closed, and not opened again by either,
 *    |==== SHUTDOWN ================>|    until the neighbours are configured again
 *    |<- XN REMOVAL FAILURE ---------|    while handovers are under way
 */
#include "gnb/xn.h"

static bool is_in_use(struct gnb *gnb, const struct gnb_xn *xn)
{
	for (uint32_t i = 0;; i++) {
		const struct gnb_handover *h = pool_next(&gnb->handovers, &i);

		if (!h)
			return false;
		if (h->xn == xn)
			return true;
	}
}

static bool node(struct gnb *gnb, uint8_t octets[4], struct xnap_global_ng_ran_node_id *out)
{
	struct writer w = writer_of(octets, 4);

	writer_u32(&w, gnb->config.gnb_id << (32 - gnb->config.gnb_id_bits));
	out->tag = XNAP_GLOBAL_NG_RAN_NODE_ID_TAG_GNB;
	out->u.gnb.plmn_id = ngap_plmn_of(&gnb->config.plmn, &gnb->arena);
	out->u.gnb.gnb_id.tag = XNAP_GNB_ID_CHOICE_TAG_GNB_ID;
	out->u.gnb.gnb_id.u.gnb_id = (struct per_bits){ octets, gnb->config.gnb_id_bits };
	return out->u.gnb.plmn_id.data;
}

void gnb_xn_removal_request(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_xn_removal_request *m = pdu->u.xn_removal_request;
	const struct xnap_xn_removal_failure failure = { .cause = xnap_cause_radio(
								 XNAP_CAUSE_RADIO_NETWORK_LAYER_UNSPECIFIED),
		.has_interface_instance_indication = m->has_interface_instance_indication,
		.interface_instance_indication = m->interface_instance_indication };
	struct xnap_xn_removal_response answer = { .has_interface_instance_indication =
							   m->has_interface_instance_indication,
		.interface_instance_indication = m->interface_instance_indication };
	uint8_t octets[4];

	if (is_in_use(gnb, xn) || !node(gnb, octets, &answer.global_ng_ran_node_id)) {
		gnb_xn_send(gnb, xn, 0, XNAP_MSG_XN_REMOVAL_FAILURE, &failure);
		return;
	}
	log_warn(gnb->env->log, "%s removes Xn", gnb_xn_neighbour(gnb, xn)->name);
	xn->removed = true;
	gnb_xn_send(gnb, xn, 0, XNAP_MSG_XN_REMOVAL_RESPONSE, &answer);
}

void gnb_xn_removal_response(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	struct msg down = { .kind = MSG_DOWN, .port = xn->port, .assoc = xn->assoc };

	if (!xn->removing) {
		gnb->stat[GNB_STAT_XNAP_UNEXPECTED]++;
		return;
	}
	xn->removing = false;
	xn->removed = true;
	log_warn(gnb->env->log, "Xn to %s is removed", gnb_xn_neighbour(gnb, xn)->name);
	may_fail(outbox_put(gnb->env->outbox, &down)); /* the other end sees it by itself */
	gnb_xn_event(gnb, xn, XN_EV_DOWN, NULL);
}

void gnb_xn_removal_failure(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_xn_removal_failure *m = pdu->u.xn_removal_failure;
	char text[XNAP_CAUSE_TEXT_SIZE];

	if (!xn->removing)
		gnb->stat[GNB_STAT_XNAP_UNEXPECTED]++;
	xn->removing = false;
	log_warn(gnb->env->log, "%s keeps Xn: %s", gnb_xn_neighbour(gnb, xn)->name,
		gnb_xn_cause_text(m->no_cause ? NULL : &m->cause, text));
}

const char *gnb_xn_remove(struct gnb *gnb, const char *neighbour)
{
	struct gnb_xn *xn = gnb_xn_named(gnb, neighbour);
	struct xnap_xn_removal_request m = { 0 };
	uint8_t octets[4];

	if (!xn)
		return "it is no neighbour with Xn";
	if (is_in_use(gnb, xn))
		return "a handover is under way there";
	if (!node(gnb, octets, &m.global_ng_ran_node_id) ||
		!gnb_xn_send(gnb, xn, 0, XNAP_MSG_XN_REMOVAL_REQUEST, &m))
		return "memory is out";
	xn->removing = true;
	return NULL;
}
