/*
 * NAS transport, 38.413 8.6.
 *
 *   gNB -> AMF  INITIAL UE MESSAGE             8.6.1: the first NAS message of a connection
 *   gNB -> AMF  UPLINK NAS TRANSPORT           8.6.3: the others
 *   gNB -> AMF  NAS NON DELIVERY INDICATION    8.6.4: a DOWNLINK NAS TRANSPORT (8.6.2) did not reach the UE
 */
#include "core/amf/handover.h"

/* A first message that led to nothing: no procedure, and nobody who is known. The connection does not stay
 * for it. */
static void release_if_idle(struct amf *amf, struct amf_connection *c)
{
	if (c && c->ue && c->ue->state == MM_DEREGISTERED && !c->ue->procedures)
		amf_connection_release(amf, c, ngap_cause_of_nas(NGAP_CAUSE_NAS_UNSPECIFIED));
}

/* 8.6.1 */
void amf_initial_ue_message(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_initial_ue_message *m = body;
	struct amf_connection *c = amf_connection_by_ran_id(amf, gnb, m->ran_ue_ngap_id);
	uint8_t cause = m->no_rrc_establishment_cause ? NGAP_RRC_ESTABLISHMENT_CAUSE_NOT_AVAILABLE
						      : (uint8_t)m->rrc_establishment_cause;
	struct amf_ue *ue = NULL;

	/* The gNB uses the id again: what it named before is gone there. */
	if (c)
		amf_connection_lost(amf, c);
	amf_share_make_room(amf, gnb);
	c = amf_load_is_hopeless(amf, cause) ? NULL : amf_connection_new(amf, gnb, m->ran_ue_ngap_id);
	ue = c ? amf_ue_new(amf) : NULL;
	if (!ue) {
		if (c)
			amf_connection_free(amf, c);
		amf->stat[AMF_STAT_EXHAUSTED]++;
		amf_n2_error_indication(amf, gnb, NULL, &m->ran_ue_ngap_id,
			ngap_cause_of_misc(NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD));
		return;
	}
	c->establishment_cause = cause;
	amf_connection_take_location(amf, c, &m->user_location_information);
	amf_whose_begin(amf, c);
	amf_connection_attach(amf, c, ue);
	amf_n1_receive(amf, c, m->nas_pdu, true);
	release_if_idle(amf, amf_connection_by_ran_id(amf, gnb, m->ran_ue_ngap_id));
}

/* 8.6.3 */
void amf_uplink_nas_transport(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_uplink_nas_transport *m = body;

	if (!m->no_user_location_information)
		amf_connection_take_location(amf, c, &m->user_location_information);
	amf_n1_receive(amf, c, m->nas_pdu, false);
}

/* 8.6.4: the timers of the NAS procedures repeat what matters; what a handover kept from the UE it gets where
 * it goes. */
void amf_nas_non_delivery_indication(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_nas_non_delivery_indication *m = body;

	log_info(amf->nf.env->log, "%s: a NAS message was not delivered to RAN UE %u", c->gnb->name,
		c->ran_ue_ngap_id);
	if (!m->no_nas_pdu)
		amf_handover_undelivered(amf, c, m->nas_pdu);
}
