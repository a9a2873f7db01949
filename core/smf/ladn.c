/*
 * Local area data networks at the SMF, 23.501 5.6.5: by what the AMF knows of where the UE is.
 *
 *   AMF -> SMF  CreateSMContext, UpdateSMContext (ACTIVATING)    29.502 5.2.2.2, 5.2.2.3.2.2: out of the
 * area, or not told, it is refused (#46) AMF -> SMF  UpdateSMContext (OUT_OF_AREA)                   the
 * session is released (#46, 24.501 6.3.3.2)
 */
#include "core/smf/internal.h"

bool smf_ladn_refuses(const struct smf_dnn *dnn, enum presence_state presence)
{
	return dnn->ladn && presence != PRESENCE_STATE_IN_AREA;
}

void smf_ladn_left(struct smf *smf, struct smf_session *s)
{
	if (!s->dnn->ladn)
		return;
	log_info(smf->nf.env->log, "imsi-%s: PDU session %u: the UE has left the service area of DNN %s",
		s->supi.imsi, s->pdu_session_id, s->dnn->dnn);
	may_fail(smf_release_session(smf, &s->supi, s->pdu_session_id, NAS_5GSM_OUT_OF_LADN_SERVICE_AREA));
}
