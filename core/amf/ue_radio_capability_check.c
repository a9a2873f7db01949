/*
 * UE radio capability check, 38.413 8.14.2 and 23.501 5.4.4.2a: whether the UE's radio can carry IMS voice,
 * which its gNB derives from the UE's capability. Asked for where IMS voice is configured, once a gNB has the
 * UE's context; what it answers counts from the next accept on.
 *
 *   AMF -> gNB  UE RADIO CAPABILITY CHECK REQUEST     with the capability, where it is known
 *   gNB -> AMF  UE RADIO CAPABILITY CHECK RESPONSE
 */
#include "core/amf/internal.h"

void amf_ue_radio_capability_check(struct amf *amf, struct amf_connection *c)
{
	struct ngap_ue_radio_capability_check_request m = { .amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id };

	if (!amf->config.ims_voice || !c->ue || c->ue->ran.voice != AMF_VOICE_UNKNOWN)
		return;
	m.ue_radio_capability = amf_ue_radio_capability(amf, c->ue);
	m.has_ue_radio_capability = m.ue_radio_capability.len > 0;
	amf_n2_send_ue(amf, c, NGAP_MSG_UE_RADIO_CAPABILITY_CHECK_REQUEST, &m);
}

void amf_ue_radio_capability_check_response(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_ue_radio_capability_check_response *m = body;

	c->ue->ran.voice = m->ims_voice_support_indicator == NGAP_IMS_VOICE_SUPPORT_INDICATOR_SUPPORTED
				   ? AMF_VOICE_SUPPORTED
				   : AMF_VOICE_UNSUPPORTED;
	amf_ue_dirty(amf, c->ue);
}
