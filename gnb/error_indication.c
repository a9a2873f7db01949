/*
 * Errors on N2: 38.413 8.7.5 and clause 10: what is refused, and what the AMF reports of us.
 *
 *   gNB                      AMF
 *    |<- what is not understood|
 *    |-- ERROR INDICATION ---->|    10.2 to 10.4, never about an ERROR INDICATION
 *    |<- ERROR INDICATION -----|    an id of a UE unknown to it: the UE's context goes
 */
#include "gnb/internal.h"

void gnb_n2_refuse(struct gnb *gnb, struct gnb_amf *amf, const struct per_diag *diag)
{
	struct ngap_criticality_diagnostics cd = { 0 };
	struct ngap_error_indication m = { 0 };
	struct ngap_cause cause;

	gnb->stat[GNB_STAT_NGAP_REFUSED]++;
	log_warn(gnb->env->log, "AMF %s: NGAP message refused (fault %d, procedure %u, at %s)", amf->name,
		diag->fault, diag->procedure_code, diag->where ? diag->where : "-");
	if (diag->verdict == PER_DROP || !ngap_diag_cause(diag, &cause))
		return;
	m.cause = &cause;
	if (ngap_diag_fill(diag, &gnb->arena, &cd))
		m.criticality_diagnostics = &cd;
	gnb_n2_send(gnb, amf, 0, NGAP_MSG_ERROR_INDICATION, &m);
}

/* Never answered, or two nodes would answer one another for ever. */
void gnb_n2_error_indicated(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_error_indication *m = pdu->u.error_indication;
	struct gnb_ue *ue;

	log_warn(gnb->env->log, "AMF %s: error indication, cause group %d value %d", amf->name,
		m->cause ? m->cause->tag : 0, m->cause ? (int)m->cause->u.radio_network : 0);
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
