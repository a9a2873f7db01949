/* Xn: associations, and XnAP messages in, by a table of handlers (38.423). */
#include "gnb/xn.h"

static xn_handler *const xn_handlers[XNAP_MSG_N] = {
	[XNAP_MSG_XN_SETUP_RESPONSE] = gnb_xn_setup_response,
	[XNAP_MSG_XN_SETUP_FAILURE] = gnb_xn_setup_failure,
	[XNAP_MSG_HANDOVER_REQUEST] = gnb_xn_handover_request,
	[XNAP_MSG_HANDOVER_REQUEST_ACKNOWLEDGE] = gnb_xn_handover_request_acknowledge,
	[XNAP_MSG_HANDOVER_PREPARATION_FAILURE] = gnb_xn_handover_preparation_failure,
	[XNAP_MSG_HANDOVER_CANCEL] = gnb_xn_handover_cancel,
	[XNAP_MSG_SN_STATUS_TRANSFER] = gnb_xn_sn_status_transfer,
	[XNAP_MSG_UE_CONTEXT_RELEASE] = gnb_xn_ue_context_release,
	[XNAP_MSG_ERROR_INDICATION] = gnb_xn_error_indicated,
	[XNAP_MSG_RESET_REQUEST] = gnb_xn_reset_request,
	[XNAP_MSG_RESET_RESPONSE] = gnb_xn_reset_response,
	[XNAP_MSG_XN_REMOVAL_REQUEST] = gnb_xn_removal_request,
	[XNAP_MSG_XN_REMOVAL_RESPONSE] = gnb_xn_removal_response,
	[XNAP_MSG_XN_REMOVAL_FAILURE] = gnb_xn_removal_failure,
	[XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE] = gnb_xn_configuration_update,
	[XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE_ACKNOWLEDGE] = gnb_xn_configuration_update_acknowledge,
	[XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE_FAILURE] = gnb_xn_configuration_update_failure,
	[XNAP_MSG_RETRIEVE_UE_CONTEXT_REQUEST] = gnb_xn_retrieve_ue_context_request,
	[XNAP_MSG_RETRIEVE_UE_CONTEXT_RESPONSE] = gnb_xn_retrieve_ue_context_response,
	[XNAP_MSG_RETRIEVE_UE_CONTEXT_FAILURE] = gnb_xn_retrieve_ue_context_failure,
	[XNAP_MSG_XN_U_ADDRESS_INDICATION] = gnb_xn_u_address_indication,
	[XNAP_MSG_FAILURE_INDICATION] = gnb_xn_failure_indication,
	[XNAP_MSG_HANDOVER_REPORT] = gnb_xn_handover_report,
	[XNAP_MSG_RESOURCE_STATUS_REQUEST] = gnb_xn_resource_status_request,
	[XNAP_MSG_MOBILITY_CHANGE_REQUEST] = gnb_xn_mobility_change_request,
	[XNAP_MSG_CELL_ACTIVATION_REQUEST] = gnb_xn_cell_activation_request,
};

void gnb_xn_close(struct gnb *gnb)
{
	for (uint8_t i = 0; i < gnb->config.neighbour_count; i++) {
		struct gnb_xn *xn = &gnb->xns[i];
		struct msg m = { .kind = MSG_DOWN, .port = xn->port, .assoc = xn->assoc };

		if (xn->state >= XN_SETTING_UP)
			may_fail(outbox_put(gnb->env->outbox, &m)); /* it is aborted then */
	}
}

static bool is_same(const struct gnb_neighbour *a, const struct gnb_neighbour *b)
{
	return a->gnb_id == b->gnb_id && a->gnb_id_bits == b->gnb_id_bits && plmn_equal(&a->plmn, &b->plmn) &&
	       addr_same_host(&a->xn, &b->xn);
}

void gnb_neighbours_take(struct gnb *gnb, const struct gnb_config *c)
{
	for (uint8_t i = 0; i < gnb->config.neighbour_count; i++) {
		struct gnb_xn *xn = &gnb->xns[i];
		struct msg down = { .kind = MSG_DOWN, .port = xn->port, .assoc = xn->assoc };

		if (i < c->neighbour_count && is_same(&gnb->config.neighbours[i], &c->neighbours[i]))
			continue;
		gnb_xn_handovers_end(gnb, xn);
		if (xn->state >= XN_SETTING_UP)
			may_fail(outbox_put(gnb->env->outbox, &down)); /* the other end sees it by itself */
		timer_stop(&gnb->timers, &xn->timer);
		*xn = (struct gnb_xn){ .state = XN_CLOSED };
	}
	gnb->config.neighbour_count = c->neighbour_count;
	for (uint8_t i = 0; i < c->neighbour_count; i++)
		gnb->config.neighbours[i] = c->neighbours[i];
}

static struct gnb_xn *xn_by_assoc(struct gnb *gnb, uint16_t port, uint64_t assoc)
{
	for (uint8_t i = 0; i < gnb->config.neighbour_count; i++)
		if (gnb->xns[i].state >= XN_SETTING_UP && gnb->xns[i].port == port &&
			gnb->xns[i].assoc == assoc)
			return &gnb->xns[i];
	return NULL;
}

static struct gnb_xn *xn_by_token(struct gnb *gnb, uint32_t token)
{
	for (uint8_t i = 0; i < gnb->config.neighbour_count; i++)
		if (gnb->xns[i].state == XN_CONNECTING && gnb->xns[i].token == token)
			return &gnb->xns[i];
	return NULL;
}

/* Never answered. A preparation of ours that it is about has failed; what else it is about ends by its timer.
 */
void gnb_xn_error_indicated(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_error_indication *m = pdu->u.error_indication;
	const struct gnb_ue *ue =
		m->has_old_ng_ran_node_ue_xnap_id
			? pool_at(&gnb->ues, m->old_ng_ran_node_ue_xnap_id & ((1u << GNB_UE_INDEX_BITS) - 1))
			: NULL;
	struct gnb_handover *h =
		ue && ue->ran_ue_ngap_id == m->old_ng_ran_node_ue_xnap_id ? gnb_handover_from(ue) : NULL;
	char text[XNAP_CAUSE_TEXT_SIZE];

	log_warn(gnb->env->log, "%s: Xn error indication, cause %s", gnb_xn_neighbour(gnb, xn)->name,
		gnb_xn_cause_text(m->cause, text));
	if (h && h->xn == xn && h->state == SOURCE_PREPARING)
		gnb_source_event(gnb, h, SOURCE_EV_FAILED, "the target reports an error");
}

/* 10.2, 10.3: by criticality; responses and reports are not answered, nor is an error indication. */
static void xn_refuse(
	struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu, const struct per_diag *diag)
{
	static const enum xnap_cause_protocol causes[] = {
		[PER_FAULT_NOTIFY] = XNAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_IGNORE_AND_NOTIFY,
		[PER_FAULT_REJECT] = XNAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT,
		[PER_FAULT_FALSELY_CONSTRUCTED] =
			XNAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_FALSELY_CONSTRUCTED_MESSAGE,
		[PER_FAULT_TRANSFER_SYNTAX] = XNAP_CAUSE_PROTOCOL_TRANSFER_SYNTAX_ERROR,
	};

	gnb->stat[GNB_STAT_XNAP_REFUSED]++;
	log_warn(gnb->env->log, "%s: XnAP message refused (fault %d, procedure %u, at %s)",
		gnb_xn_neighbour(gnb, xn)->name, diag->fault, diag->procedure_code,
		diag->where ? diag->where : "-");
	if (diag->verdict == PER_DROP || diag->fault == PER_FAULT_NONE ||
		(diag->has_procedure && (diag->procedure_code == XNAP_PROC_ERROR_INDICATION ||
						diag->triggering_message != PER_INITIATING)))
		return;
	gnb_xn_send_error_indication(gnb, xn,
		diag->fault == PER_FAULT_EXHAUSTED
			? xnap_cause_of_misc(XNAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD)
			: xnap_cause_of_protocol(causes[diag->fault]),
		NULL, NULL, diag);
}

static void xn_unserved(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	struct per_diag diag = { .has_procedure = true,
		.procedure_code = pdu->procedure_code,
		.triggering_message = (uint8_t)pdu->kind,
		.procedure_criticality = pdu->criticality };

	gnb->stat[GNB_STAT_XNAP_UNEXPECTED]++;
	log_warn(gnb->env->log, "%s: %s is not served", gnb_xn_neighbour(gnb, xn)->name,
		xnap_message_name(pdu->message));
	if (pdu->kind == PER_INITIATING && pdu->criticality == PER_REJECT)
		gnb_xn_send_error_indication(gnb, xn,
			xnap_cause_of_protocol(
				xn->state == XN_READY
					? XNAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT
					: XNAP_CAUSE_PROTOCOL_MESSAGE_NOT_COMPATIBLE_WITH_RECEIVER_STATE),
			NULL, NULL, &diag);
}

/* Associations of strangers, until they say who they are. */
static struct gnb_xn_stranger *stranger_of(struct gnb *gnb, uint64_t assoc)
{
	for (size_t i = 0; i < GNB_NEIGHBOURS_MAX; i++)
		if (gnb->xn_strangers[i].there && gnb->xn_strangers[i].assoc == assoc)
			return &gnb->xn_strangers[i];
	return NULL;
}

static void stranger_comes(struct gnb *gnb, const struct msg *up)
{
	struct msg down = { .kind = MSG_DOWN, .port = up->port, .assoc = up->assoc };

	for (size_t i = 0; i < GNB_NEIGHBOURS_MAX; i++) {
		if (gnb->xn_strangers[i].there)
			continue;
		gnb->xn_strangers[i] = (struct gnb_xn_stranger){ true, up->out_streams, up->assoc };
		return;
	}
	gnb->stat[GNB_STAT_EXHAUSTED]++;
	may_fail(outbox_put(gnb->env->outbox, &down));
}

static bool is_allowed(const struct gnb_xn *xn, enum xnap_message type)
{
	return xn->state == XN_READY || type == XNAP_MSG_XN_SETUP_RESPONSE ||
	       type == XNAP_MSG_XN_SETUP_FAILURE || type == XNAP_MSG_ERROR_INDICATION;
}

static void xn_receive(struct gnb *gnb, const struct msg *m)
{
	struct gnb_xn *xn = xn_by_assoc(gnb, m->port, m->assoc);
	struct gnb_xn_stranger *stranger = m->port == GNB_PORT_XN_SERVER ? stranger_of(gnb, m->assoc) : NULL;
	struct xnap_pdu pdu;
	struct per_diag diag;

	gnb->stat[GNB_STAT_XNAP_RECEIVED]++;
	if (!xnap_decode(m->data, &gnb->arena, &pdu, &diag)) {
		if (xn)
			xn_refuse(gnb, xn, &pdu, &diag);
		return;
	}
	if (stranger && pdu.message == XNAP_MSG_XN_SETUP_REQUEST) {
		gnb_xn_setup_asked(gnb, m->assoc, stranger->streams, pdu.u.xn_setup_request);
		return;
	}
	if (!xn) {
		gnb->stat[GNB_STAT_XNAP_UNEXPECTED]++;
		return;
	}
	if (!is_allowed(xn, pdu.message) || !xn_handlers[pdu.message]) {
		xn_unserved(gnb, xn, &pdu);
		return;
	}
	xn_handlers[pdu.message](gnb, xn, &pdu);
	if (diag.verdict == PER_PROCESS_AND_NOTIFY)
		xn_refuse(gnb, xn, &pdu, &diag);
}

void gnb_xn_on_msg(struct gnb *gnb, const struct msg *m)
{
	struct gnb_xn_stranger *stranger = stranger_of(gnb, m->assoc);
	struct gnb_xn *xn = xn_by_assoc(gnb, m->port, m->assoc);

	if (m->kind == MSG_DATA) {
		xn_receive(gnb, m);
	} else if (m->port == GNB_PORT_XN_SERVER && m->kind == MSG_UP) {
		stranger_comes(gnb, m);
	} else {
		if (m->port == GNB_PORT_XN_SERVER && stranger)
			stranger->there = false;
		if (m->port == GNB_PORT_XN && (!xn || m->kind == MSG_UP))
			xn = xn_by_token(gnb, m->token);
		if (xn)
			gnb_xn_event(gnb, xn, m->kind == MSG_UP ? XN_EV_UP : XN_EV_DOWN, m);
	}
}
