/*
 * RAN status transfer, 38.413 8.4.6 to 8.4.10: what the source has of PDCP goes to the target as it is.
 *
 *   source -> AMF  UPLINK RAN (EARLY) STATUS TRANSFER
 *   AMF -> target  DOWNLINK RAN (EARLY) STATUS TRANSFER
 */
#include "core/amf/handover.h"

/* The target, while the UE is on its way to it; NULL: it is not. */
static struct amf_connection *target_of(struct amf *amf, const struct amf_connection *c)
{
	const struct amf_handover *h = c->ue->serving == c ? amf_handover_of(c->ue) : NULL;

	if (h && h->step == HANDOVER_COMMANDED)
		return c->ue->target;
	amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	return NULL;
}

void amf_uplink_ran_status_transfer(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_uplink_ran_status_transfer *m = body;
	struct amf_connection *target = target_of(amf, c);
	struct ngap_downlink_ran_status_transfer out = {
		.ran_status_transfer_transparent_container = m->ran_status_transfer_transparent_container
	};

	if (!target)
		return;
	out.amf_ue_ngap_id = target->amf_ue_ngap_id;
	out.ran_ue_ngap_id = target->ran_ue_ngap_id;
	amf_n2_send_ue(amf, target, NGAP_MSG_DOWNLINK_RAN_STATUS_TRANSFER, &out);
}

void amf_uplink_ran_early_status_transfer(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_uplink_ran_early_status_transfer *m = body;
	struct amf_connection *target = target_of(amf, c);
	struct ngap_downlink_ran_early_status_transfer out = {
		.early_status_transfer_transparent_container = m->early_status_transfer_transparent_container
	};

	if (!target)
		return;
	out.amf_ue_ngap_id = target->amf_ue_ngap_id;
	out.ran_ue_ngap_id = target->ran_ue_ngap_id;
	amf_n2_send_ue(amf, target, NGAP_MSG_DOWNLINK_RAN_EARLY_STATUS_TRANSFER, &out);
}
