/*
 * UE radio capability check, 38.413 8.14.2: whether the UE can have IMS voice over NR.
 *
 *   UE             gNB                                          AMF
 *    |              |<- UE RADIO CAPABILITY CHECK REQUEST -------|    perhaps with the capability
 *    |<- enquiry ---|                                            |    where there is none
 *    |              |-- UE RADIO CAPABILITY CHECK RESPONSE ----->|
 *
 * voiceOverNR of the UE's IMS parameters says it (38.306 4.2.13). A UE of the simulated radio reports no
 * capability, so it has no voice.
 */
#include "gnb/internal.h"
#include "wire/rrc/rrc.h"

static bool nr_has_voice(const struct rrc_ue_nr_capability *nr)
{
	const struct rrc_ue_nr_capability_v1530 *v1530 = nr->non_critical_extension;
	const struct rrc_ue_nr_capability_v1540 *v1540 = v1530 ? v1530->non_critical_extension : NULL;
	const struct rrc_ims_parameters_frx_diff *both, *fr1;

	if (!v1540)
		return false;
	both = v1540->ims_parameters ? v1540->ims_parameters->ims_parameters_frx_diff : NULL;
	fr1 = v1540->fr1_add_ue_nr_capabilities_v1540
		      ? v1540->fr1_add_ue_nr_capabilities_v1540->ims_parameters_frx_diff
		      : NULL;
	return (both && both->has_voice_over_nr) || (fr1 && fr1->has_voice_over_nr);
}

/* With a container of each RAT. */
static bool has_voice(struct gnb *gnb, struct bytes capability)
{
	struct rrc_ue_capability_rat_container_list list;
	struct rrc_ue_nr_capability nr;
	struct per_diag diag;

	if (!rrc_decode(&rrc_ue_capability_rat_container_list_type,
		    gnb_ue_radio_capability_containers(gnb, capability), &gnb->arena, &list, &diag))
		return false;
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i].rat_type == RRC_RAT_TYPE_NR)
			return rrc_decode(&rrc_ue_nr_capability_type,
				       list.items[i].ue_capability_rat_container, &gnb->arena, &nr, &diag) &&
			       nr_has_voice(&nr);
	return false;
}

void gnb_n2_ue_radio_capability_check_request(
	struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_ue_radio_capability_check_request *m = pdu->u.ue_radio_capability_check_request;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);
	struct ngap_ue_radio_capability_check_response answer = { .amf_ue_ngap_id = m->amf_ue_ngap_id,
		.ran_ue_ngap_id = m->ran_ue_ngap_id,
		.ims_voice_support_indicator = NGAP_IMS_VOICE_SUPPORT_INDICATOR_NOT_SUPPORTED };

	if (!ue)
		return;
	if (!m->has_ue_radio_capability)
		gnb_rrc_enquire_capability(gnb, ue);
	else if (has_voice(gnb, m->ue_radio_capability))
		answer.ims_voice_support_indicator = NGAP_IMS_VOICE_SUPPORT_INDICATOR_SUPPORTED;
	gnb_n2_send_ue(gnb, ue, NGAP_MSG_UE_RADIO_CAPABILITY_CHECK_RESPONSE, &answer);
}
