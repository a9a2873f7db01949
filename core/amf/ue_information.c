/*
 * What a gNB asks about a UE that it has no context of.
 *
 *   gNB -> AMF  RETRIEVE UE INFORMATION                     38.413 8.3.9, by 5G-S-TMSI
 *   AMF -> gNB  UE INFORMATION TRANSFER                     8.3.10, with what there is
 *   gNB -> AMF  UE RADIO CAPABILITY ID MAPPING REQUEST      8.14.3
 *   AMF -> gNB  UE RADIO CAPABILITY ID MAPPING RESPONSE     an empty capability: this AMF gives out no such
 *                                                           IDs (23.501 5.9.10), so it can map none
 *
 * Any node that is set up may ask: it is told what it would learn of the UE by INITIAL CONTEXT SETUP REQUEST,
 * keys not among it.
 */
#include "core/amf/handover.h"

static const struct amf_ue *ue_of(struct amf *amf, const struct ngap_five_g_s_tmsi *id)
{
	struct cursor c = cursor_of(id->five_g_tmsi);
	const struct nas_mobile_identity identity = { .type = NAS_IDENTITY_5G_S_TMSI,
		.s_tmsi = { id->amf_set_id, id->amf_pointer, cursor_u32(&c) } };
	const struct amf_ue *ue = amf_ue_by_guti(amf, &identity);

	return ue && ue->registered ? ue : NULL;
}

void amf_retrieve_ue_information(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_retrieve_ue_information *m = body;
	const struct amf_ue *ue = ue_of(amf, &m->five_g_s_tmsi);
	struct ngap_ue_information_transfer out = { .five_g_s_tmsi = m->five_g_s_tmsi };
	struct ngap_allowed_nssai slices;

	if (ue) {
		amf->whose = amf_ue_whose(ue);
		out.ue_radio_capability = amf_ue_radio_capability(amf, ue);
		out.has_ue_radio_capability = out.ue_radio_capability.len > 0;
		out.has_masked_imeisv = ue->masked_imeisv != 0;
		out.masked_imeisv = ue->masked_imeisv;
		if (ue->allowed_nssai.count > 0 && amf_ie_allowed_nssai(amf, ue, &slices))
			out.allowed_nssai = &slices;
	}
	amf_n2_send_whose(amf, gnb, 0, amf->whose, NGAP_MSG_UE_INFORMATION_TRANSFER, &out);
}

void amf_capability_id_mapping_request(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_ue_radio_capability_id_mapping_request *m = body;
	const struct ngap_ue_radio_capability_id_mapping_response out = { .ue_radio_capability_id =
										  m->ue_radio_capability_id };

	amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	amf_n2_send(amf, gnb, 0, NGAP_MSG_UE_RADIO_CAPABILITY_ID_MAPPING_RESPONSE, &out);
}
