/* Errors on N2: 38.413 8.7.5 and clause 10. */
#include "gnb/internal.h"

void gnb_n2_send_error_indication(struct gnb *gnb, struct gnb_amf *amf, const uint64_t *amf_ue_ngap_id,
	const uint32_t *ran_ue_ngap_id, struct ngap_cause cause)
{
	struct ngap_error_indication m = { .cause = &cause };

	m.has_amf_ue_ngap_id = amf_ue_ngap_id != NULL;
	m.amf_ue_ngap_id = amf_ue_ngap_id ? *amf_ue_ngap_id : 0;
	m.has_ran_ue_ngap_id = ran_ue_ngap_id != NULL;
	m.ran_ue_ngap_id = ran_ue_ngap_id ? *ran_ue_ngap_id : 0;
	gnb_n2_send(gnb, amf, 0, NGAP_MSG_ERROR_INDICATION, &m);
}

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

static struct gnb_ue *ue_of_ran_id(struct gnb *gnb, const struct gnb_amf *amf, uint32_t ran_ue_ngap_id)
{
	struct gnb_ue *ue = pool_at(&gnb->ues, ran_ue_ngap_id & ((1u << GNB_UE_INDEX_BITS) - 1));

	return ue && ue->amf == amf && ue->ran_ue_ngap_id == ran_ue_ngap_id ? ue : NULL;
}

/* 10.6: the first message of the AMF for a UE tells its AMF UE NGAP ID; from then on it must be that one. */
struct gnb_ue *gnb_n2_ue_find(
	struct gnb *gnb, struct gnb_amf *amf, uint64_t amf_ue_ngap_id, uint32_t ran_ue_ngap_id)
{
	struct gnb_ue *ue = ue_of_ran_id(gnb, amf, ran_ue_ngap_id);
	enum ngap_cause_radio_network cause = NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID;

	if (ue && !ue->has_amf_ue_ngap_id) {
		ue->has_amf_ue_ngap_id = true;
		ue->amf_ue_ngap_id = amf_ue_ngap_id;
	}
	if (ue && ue->amf_ue_ngap_id == amf_ue_ngap_id)
		return ue;
	if (ue)
		cause = NGAP_CAUSE_RADIO_NETWORK_INCONSISTENT_REMOTE_UE_NGAP_ID;
	gnb->stat[GNB_STAT_NGAP_UNEXPECTED]++;
	gnb_n2_send_error_indication(gnb, amf, &amf_ue_ngap_id, &ran_ue_ngap_id, ngap_cause_radio(cause));
	return NULL;
}

/* Never answered, or two nodes would answer one another for ever. */
void gnb_n2_error_indicated(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_error_indication *m = pdu->u.error_indication;
	struct gnb_ue *ue;

	log_warn(gnb->env->log, "AMF %s: error indication, cause group %d value %d", amf->name,
		m->cause ? m->cause->tag : 0, m->cause ? (int)m->cause->u.radio_network : 0);
	ue = m->has_ran_ue_ngap_id ? ue_of_ran_id(gnb, amf, m->ran_ue_ngap_id) : NULL;
	if (!ue || !m->cause)
		return;
	/* The AMF does not have this UE (any more), or could not take it: the UE begins anew. */
	if ((m->cause->tag == NGAP_CAUSE_TAG_RADIO_NETWORK &&
		    (m->cause->u.radio_network == NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID ||
			    m->cause->u.radio_network ==
				    NGAP_CAUSE_RADIO_NETWORK_INCONSISTENT_REMOTE_UE_NGAP_ID)) ||
		!ue->has_amf_ue_ngap_id) {
		gnb_ue_leave_air(gnb, ue, UU_RELEASE_FAILURE);
		gnb_ue_free(gnb, ue);
	}
}
