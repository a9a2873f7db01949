/* Handovers by Xn, found by the ids of XnAP: ours is the RAN UE NGAP ID. */
#include "gnb/xn.h"

struct gnb_handover *gnb_xn_handover_find(
	struct gnb *gnb, struct gnb_xn *xn, bool is_target, uint32_t own_id, const uint32_t *other_id)
{
	struct gnb_ue *ue = pool_at(&gnb->ues, own_id & ((1u << GNB_UE_INDEX_BITS) - 1));
	struct gnb_handover *h = ue && ue->ran_ue_ngap_id == own_id ? ue->handover : NULL;

	if (h && h->xn == xn && h->is_target == is_target &&
		(!other_id || !h->has_peer_id || h->peer_id == *other_id))
		return h;
	gnb->stat[GNB_STAT_XNAP_UNEXPECTED]++;
	gnb_xn_send_error_indication(gnb, xn,
		xnap_cause_radio(XNAP_CAUSE_RADIO_NETWORK_LAYER_UNKNOWN_LOCAL_NG_RAN_NODE_UE_XNAP_ID),
		is_target ? other_id : &own_id, is_target ? &own_id : other_id, NULL);
	return NULL;
}

/* What is being prepared fails; a UE that was sent away, or has come, has its timers. */
void gnb_xn_handovers_end(struct gnb *gnb, struct gnb_xn *xn)
{
	for (uint32_t i = 0;; i++) {
		struct gnb_handover *h = pool_next(&gnb->handovers, &i);

		if (!h)
			return;
		if (h->xn != xn)
			continue;
		if (!h->is_target && h->state == SOURCE_PREPARING)
			gnb_source_event(gnb, h, SOURCE_EV_FAILED, "the Xn interface is gone");
		else if (h->is_target && h->state == TARGET_RETRIEVING)
			gnb_target_event(gnb, h, TARGET_EV_FAILED, NULL);
	}
}
