/*
 * Errors on N2, 38.413 8.7.5 and clause 10: what is refused, and what the gNB reports of us.
 *
 *   gNB -> AMF  what is not understood
 *   AMF -> gNB  ... FAILURE, or ERROR INDICATION    10.2 to 10.6, never about an ERROR INDICATION
 *   gNB -> AMF  ERROR INDICATION                    ids that it does not know: the connection is gone
 */
#include "core/amf/internal.h"

/* 10.5, 10.6: an error in the AP IDs goes before all others. */
static bool has_wrong_ids(
	struct amf *amf, struct amf_gnb *gnb, const uint64_t *amf_ue_ngap_id, const uint32_t *ran_ue_ngap_id)
{
	const struct amf_connection *c =
		amf_ue_ngap_id ? amf_connection_by_amf_id(amf, gnb, *amf_ue_ngap_id) : NULL;

	if (!amf_ue_ngap_id || (c && (!ran_ue_ngap_id || c->ran_ue_ngap_id == *ran_ue_ngap_id)))
		return false;
	amf_n2_error_indication(amf, gnb, amf_ue_ngap_id, ran_ue_ngap_id,
		ngap_cause_radio(c ? NGAP_CAUSE_RADIO_NETWORK_INCONSISTENT_REMOTE_UE_NGAP_ID
				   : NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID));
	return true;
}

void amf_n2_answer_error(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu,
	const struct per_diag *diag, struct ngap_cause cause)
{
	const uint64_t *amf_id = ngap_amf_ue_ngap_id(pdu, diag);
	const uint32_t *ran_id = ngap_ran_ue_ngap_id(pdu, diag);
	const struct amf_connection *c = amf_id ? amf_connection_by_amf_id(amf, gnb, *amf_id) : NULL;
	enum ngap_message answer;
	const void *body;

	if (!ngap_is_answered(diag))
		return;
	/* Of a procedure that is not comprehended the ids are not either; before NG Setup there are none. */
	if (!diag->unknown_procedure && gnb->node_id && has_wrong_ids(amf, gnb, amf_id, ran_id))
		return;
	if (c)
		amf->whose = c->whose;
	answer = ngap_error_answer(pdu, diag, cause, &amf->arena, &body);
	if (answer)
		amf_n2_send_whose(amf, gnb, c ? c->stream : 0, amf->whose, answer, body);
}

/* Never answered, or two nodes would answer one another for ever. */
void amf_error_indication(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_error_indication *m = body;
	char text[NGAP_CAUSE_TEXT_SIZE];
	struct amf_connection *c;

	log_warn(amf->nf.env->log, "%s: error indication, cause %s", gnb->name,
		ngap_cause_text(m->cause, text));
	if (!m->has_amf_ue_ngap_id || !m->cause || m->cause->tag != NGAP_CAUSE_TAG_RADIO_NETWORK)
		return;
	c = amf_connection_by_amf_id(amf, gnb, m->amf_ue_ngap_id);
	amf->whose = c ? c->whose : 0;
	/* 10.6: the gNB does not know this connection (any more): so neither do we. */
	if (c &&
		(m->cause->u.radio_network == NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID ||
			m->cause->u.radio_network == NGAP_CAUSE_RADIO_NETWORK_INCONSISTENT_REMOTE_UE_NGAP_ID))
		amf_connection_lost(amf, c);
}
