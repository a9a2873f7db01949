/* XnAP messages out (38.423). */
#include "gnb/xn.h"

bool gnb_xn_send(
	struct gnb *gnb, struct gnb_xn *xn, uint16_t stream, enum xnap_message type, const void *body)
{
	struct writer w = writer_of(gnb->buffer, sizeof(gnb->buffer));

	if (!xnap_encode(type, body, &w)) {
		log_error(gnb->env->log, "%s: %s cannot be encoded; please report this",
			gnb_xn_neighbour(gnb, xn)->name, xnap_message_name(type));
		return false;
	}
	return outbox_send(gnb->env->outbox, xn->port, xn->assoc, stream, writer_bytes(&w));
}

uint16_t gnb_xn_stream(struct gnb_xn *xn)
{
	return xn->streams > 1 ? (uint16_t)(1 + xn->next_stream++ % (xn->streams - 1)) : 0;
}

const struct gnb_neighbour *gnb_xn_neighbour(const struct gnb *gnb, const struct gnb_xn *xn)
{
	return &gnb->config.neighbours[xn - gnb->xns];
}

uint32_t gnb_xn_ready(const struct gnb *gnb)
{
	uint32_t n = 0;

	for (uint8_t i = 0; i < gnb->config.neighbour_count; i++)
		n += gnb->xns[i].state == XN_READY;
	return n;
}

const char *gnb_xn_cause_text(const struct xnap_cause *cause, char text[XNAP_CAUSE_TEXT_SIZE])
{
	per_cause_text(&xnap_cause_type, cause, text, XNAP_CAUSE_TEXT_SIZE);
	return text;
}

/* 9.2.3.3 */
static void diagnostics_fill(
	const struct per_diag *diag, struct arena *arena, struct xnap_criticality_diagnostics *out)
{
	struct xnap_criticality_diagnostics_ie_list *list =
		diag->count ? arena_alloc(arena, sizeof(*list)) : NULL;

	*out = (struct xnap_criticality_diagnostics){ .has_procedure_code = diag->has_procedure,
		.procedure_code = diag->procedure_code,
		.has_triggering_message = diag->has_procedure,
		.triggering_message = (enum xnap_triggering_message)diag->triggering_message,
		.has_procedure_criticality = diag->has_procedure,
		.procedure_criticality = (enum xnap_criticality)diag->procedure_criticality };
	if (!list)
		return;
	list->items = arena_array(arena, diag->count, sizeof(list->items[0]));
	for (list->count = 0; list->items && list->count < diag->count; list->count++) {
		list->items[list->count].ie_criticality =
			(enum xnap_criticality)diag->ies[list->count].criticality;
		list->items[list->count].ie_id = diag->ies[list->count].id;
		list->items[list->count].type_of_error =
			(enum xnap_type_of_error)diag->ies[list->count].error;
	}
	out->ies_criticality_diagnostics = list->items ? list : NULL;
}

void gnb_xn_send_error_indication(struct gnb *gnb, struct gnb_xn *xn, struct xnap_cause cause,
	const uint32_t *source_id, const uint32_t *target_id, const struct per_diag *diag)
{
	struct xnap_criticality_diagnostics cd;
	struct xnap_error_indication m = { .has_old_ng_ran_node_ue_xnap_id = source_id != NULL,
		.old_ng_ran_node_ue_xnap_id = source_id ? *source_id : 0,
		.has_new_ng_ran_node_ue_xnap_id = target_id != NULL,
		.new_ng_ran_node_ue_xnap_id = target_id ? *target_id : 0,
		.cause = &cause };

	if (diag) {
		diagnostics_fill(diag, &gnb->arena, &cd);
		m.criticality_diagnostics = &cd;
	}
	gnb_xn_send(gnb, xn, 0, XNAP_MSG_ERROR_INDICATION, &m);
}
