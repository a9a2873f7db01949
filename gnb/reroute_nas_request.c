/*
 * Reroute NAS Request, 38.413 8.6.5 and 23.502 4.2.2.2.3: the AMF that got the UE's first message is not the
 * one for its slices.
 *
 *   gNB                         AMF                 AMF of the set
 *    |<- REROUTE NAS REQUEST ----|                       |    with the message as it came
 *    |-- INITIAL UE MESSAGE ----------------------------->|    with the AMF Set ID and what it is to know
 *
 * Where no AMF of that set serves this gNB the UE begins again.
 */
#include "gnb/internal.h"

static struct gnb_amf *amf_of_set(struct gnb *gnb, const struct gnb_amf *but, uint16_t amf_set_id)
{
	for (uint8_t i = 0; i < gnb->config.amf_count; i++) {
		struct gnb_amf *amf = &gnb->amfs[i];

		if (amf == but || !gnb_n2_is_open(amf))
			continue;
		for (uint8_t k = 0; k < amf->guami_count; k++)
			if (amf->guamis[k].amf_set_id == amf_set_id)
				return amf;
	}
	return NULL;
}

/* The RAN UE NGAP ID is of the gNB, so it stays: each AMF finds its own UEs by it alone. */
static bool reroute(struct gnb *gnb, struct gnb_ue *ue, struct gnb_amf *to,
	const struct ngap_initial_ue_message *first, const struct ngap_reroute_nas_request *m)
{
	struct ngap_initial_ue_message again = *first;

	list_remove(&ue->link);
	list_append(&to->ues, &ue->link);
	ue->amf = to;
	ue->stream = gnb_n2_stream(to);
	ue->has_amf_ue_ngap_id = false;
	again.ran_ue_ngap_id = ue->ran_ue_ngap_id;
	again.has_amf_set_id = true;
	again.amf_set_id = m->amf_set_id;
	again.allowed_nssai = m->allowed_nssai;
	again.source_to_target_amf_information_reroute = m->source_to_target_amf_information_reroute;
	return gnb_n2_send_ue(gnb, ue, NGAP_MSG_INITIAL_UE_MESSAGE, &again);
}

void gnb_n2_reroute_nas_request(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_reroute_nas_request *m = pdu->u.reroute_nas_request;
	struct gnb_ue *ue = gnb_ue_of_ran_id(gnb, amf, m->ran_ue_ngap_id);
	struct gnb_amf *to = amf_of_set(gnb, amf, m->amf_set_id);
	struct ngap_pdu first;
	struct per_diag diag;

	if (!ue || ue->context) {
		gnb->stat[GNB_STAT_NGAP_UNEXPECTED]++;
		gnb_n2_send_error_indication(gnb, amf, m->has_amf_ue_ngap_id ? &m->amf_ue_ngap_id : NULL,
			&m->ran_ue_ngap_id,
			ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID));
		return;
	}
	if (to && ngap_decode(m->ngap_message, &gnb->arena, &first, &diag) &&
		first.message == NGAP_MSG_INITIAL_UE_MESSAGE &&
		reroute(gnb, ue, to, first.u.initial_ue_message, m)) {
		gnb->stat[GNB_STAT_REROUTED]++;
		log_info(gnb->env->log, "RAN UE %u goes to AMF %s, by AMF %s", ue->ran_ue_ngap_id, to->name,
			amf->name);
		return;
	}
	log_warn(gnb->env->log, "AMF %s sends RAN UE %u to AMF set %u, of which none serves this gNB",
		amf->name, ue->ran_ue_ngap_id, m->amf_set_id);
	gnb_rrc_end(gnb, ue, GNB_RRC_FAILED);
	gnb_ue_free(gnb, ue);
}
