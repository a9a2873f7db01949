/* Error Indication, 38.413 8.7.5, from the gNB. */
#include "core/amf/internal.h"

/* Never answered, or two nodes would answer one another for ever. */
void amf_error_indication(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_error_indication *m = body;
	struct amf_connection *c;

	log_warn(amf->nf.env->log, "%s: error indication, cause group %d value %d", gnb->name,
		m->cause ? m->cause->tag : 0, m->cause ? (int)m->cause->u.radio_network : 0);
	if (!m->has_amf_ue_ngap_id || !m->cause || m->cause->tag != NGAP_CAUSE_TAG_RADIO_NETWORK)
		return;
	c = amf_connection_by_amf_id(amf, gnb, m->amf_ue_ngap_id);
	/* 10.6: the gNB does not know this connection (any more): so neither do we. */
	if (c &&
		(m->cause->u.radio_network == NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID ||
			m->cause->u.radio_network == NGAP_CAUSE_RADIO_NETWORK_INCONSISTENT_REMOTE_UE_NGAP_ID))
		amf_connection_lost(amf, c);
}
