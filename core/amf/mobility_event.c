/*
 * UE mobility event notification, 23.501 5.3.4.4: of areas of interest those of local area data networks.
 *
 *   AMF -> SMF  UpdateSMContext (presenceInLadn)    29.502 6.1.6.2.3
 */
#include "core/amf/ladn.h"

void amf_ladn_moved(struct amf *amf, struct amf_ue *ue)
{
	for (struct amf_session *s = ue->sessions; s && amf->config.ladn_count > 0; s = s->next) {
		struct nsmf_update_sm_context_req req = { s->sm_context_ref,
			{ .presence_in_ladn = amf_ladn_presence(amf, ue, s->dnn) } };

		if (!s->sm_context_ref[0] || req.data.presence_in_ladn == s->presence)
			continue;
		s->presence = (uint8_t)req.data.presence_in_ladn;
		sbi_call(
			amf->nf.self, s->smf, SBI_SMF_UPDATE_SM_CONTEXT, &req, amf_session_token(amf, ue, s));
	}
}
