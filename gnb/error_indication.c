/*
 * Errors on N2: 38.413 8.7.5 and clause 10: what is refused, and what the AMF reports of us.
 *
 *   gNB                      AMF
 *    |<- what is not understood|
 *    |-- ... FAILURE, or ----->|    10.2 to 10.6, never about an ERROR INDICATION
 *    |   ERROR INDICATION      |
 *    |<- ERROR INDICATION -----|    an id of a UE unknown to it: the UE's context goes
 */
#include "gnb/internal.h"

/* 10.5, 10.6: an error in the AP IDs goes before all others. */
static bool has_wrong_ids(
	struct gnb *gnb, struct gnb_amf *amf, const uint64_t *amf_ue_ngap_id, const uint32_t *ran_ue_ngap_id)
{
	if (!ran_ue_ngap_id || !amf_ue_ngap_id)
		return false;
	return !gnb_n2_ue_find(gnb, amf, *amf_ue_ngap_id, *ran_ue_ngap_id);
}

void gnb_n2_answer_error(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu,
	const struct per_diag *diag, struct ngap_cause cause)
{
	const uint64_t *amf_id = ngap_amf_ue_ngap_id(pdu, diag);
	const uint32_t *ran_id = ngap_ran_ue_ngap_id(pdu, diag);
	const struct gnb_ue *ue;
	enum ngap_message answer;
	const void *body;

	if (!ngap_is_answered(diag))
		return;
	/* Of a procedure that is not comprehended the ids are not either; before NG Setup there are none. */
	if (!diag->unknown_procedure && amf->state == NG_READY && has_wrong_ids(gnb, amf, amf_id, ran_id))
		return;
	ue = ran_id ? gnb_ue_of_ran_id(gnb, amf, *ran_id) : NULL;
	answer = ngap_error_answer(pdu, diag, cause, &gnb->arena, &body);
	if (answer)
		gnb_n2_send(gnb, amf, ue ? ue->stream : 0, answer, body);
}

void gnb_n2_refuse(
	struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu, const struct per_diag *diag)
{
	struct ngap_cause cause;

	gnb->stat[GNB_STAT_NGAP_REFUSED]++;
	log_warn(gnb->env->log, "AMF %s: NGAP message refused (fault %d, procedure %u, at %s)", amf->name,
		diag->fault, diag->procedure_code, diag->where ? diag->where : "-");
	if (ngap_diag_cause(diag, &cause))
		gnb_n2_answer_error(gnb, amf, pdu, diag, cause);
}

/* Never answered, or two nodes would answer one another for ever. */
void gnb_n2_error_indicated(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_error_indication *m = pdu->u.error_indication;
	char text[NGAP_CAUSE_TEXT_SIZE];
	struct gnb_ue *ue;

	log_warn(gnb->env->log, "AMF %s: error indication, cause %s", amf->name,
		ngap_cause_text(m->cause, text));
	ue = m->has_ran_ue_ngap_id ? gnb_ue_of_ran_id(gnb, amf, m->ran_ue_ngap_id) : NULL;
	if (!ue || !m->cause)
		return;
	/* The AMF does not have this UE (any more), or could not take it: the UE begins again. */
	if ((m->cause->tag == NGAP_CAUSE_TAG_RADIO_NETWORK &&
		    (m->cause->u.radio_network == NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID ||
			    m->cause->u.radio_network ==
				    NGAP_CAUSE_RADIO_NETWORK_INCONSISTENT_REMOTE_UE_NGAP_ID)) ||
		!ue->has_amf_ue_ngap_id) {
		gnb_rrc_end(gnb, ue, GNB_RRC_FAILED);
		gnb_ue_free(gnb, ue);
	}
}
