/*
 * UE Context Modification, 38.413 8.3.4: another UE-AMBR.
 *
 *   AMF -> gNB  UE CONTEXT MODIFICATION REQUEST
 *   gNB -> AMF  UE CONTEXT MODIFICATION RESPONSE, or FAILURE: the gNB keeps the one before until the next
 *               connection
 */
#include "core/amf/internal.h"

static void context_modify(struct amf *amf, struct amf_ue *ue, struct amf_connection *c)
{
	struct ngap_ue_aggregate_maximum_bit_rate ambr = { (int64_t)ue->ambr.downlink_bps,
		(int64_t)ue->ambr.uplink_bps };
	struct ngap_ue_context_modification_request m = { .amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.ue_aggregate_maximum_bit_rate = &ambr };

	if (amf_n2_send_ue(amf, c, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &m))
		amf->stat[AMF_STAT_CONTEXT_MODIFICATIONS]++;
}

void amf_ue_ambr_changed(struct amf *amf, struct amf_ue *ue, const struct ambr *ambr)
{
	struct amf_connection *c = amf_connection_for(ue, AMF_FOR_SESSION);

	if ((ue->ambr.uplink_bps == ambr->uplink_bps && ue->ambr.downlink_bps == ambr->downlink_bps))
		return;
	ue->ambr = *ambr;
	amf_ue_dirty(amf, ue);
	log_info(amf->nf.env->log, "imsi-%s: another UE-AMBR", ue->supi.imsi);
	if (c)
		context_modify(amf, ue, c);
}

void amf_ue_context_modification_response(struct amf *amf, struct amf_connection *c, const void *body)
{
	amf_rekeying_answered(amf, c->ue, NULL);
}

void amf_ue_context_modification_failure(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_ue_context_modification_failure *m = body;
	struct ngap_cause none = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED);

	amf->stat[AMF_STAT_CONTEXT_MODIFICATIONS_FAILED]++;
	log_info(amf->nf.env->log, "imsi-%s: the gNB does not modify the UE's context",
		c->ue ? c->ue->supi.imsi : "?");
	amf_rekeying_answered(amf, c->ue, m->no_cause ? &none : &m->cause);
}
