/*
 * RAN Status Transfer, 38.413 8.4.6 and 8.4.7: how far each bearer was.
 *
 *   source                                  AMF                                  target
 *    |-- UPLINK RAN STATUS TRANSFER -------->|-- DOWNLINK RAN STATUS TRANSFER ---->|
 *
 * There is no PDCP here: its COUNTs are the numbers of packets, of which none is numbered on the air.
 */
#include "gnb/handover.h"

enum { SN_BITS = 18 };

static struct ngap_count_value_for_pdcp_sn18 pdcp_count(uint32_t count)
{
	return (struct ngap_count_value_for_pdcp_sn18){ count & ((1u << SN_BITS) - 1),
		(uint16_t)(count >> SN_BITS) };
}

static uint32_t count_of(const struct ngap_count_value_for_pdcp_sn18 *v)
{
	return (uint32_t)v->hfn_pdcp_sn18 << SN_BITS | v->pdcp_sn18;
}

void gnb_uplink_ran_status_transfer(struct gnb *gnb, struct gnb_handover *h)
{
	struct gnb_ue *ue = h->ue;
	struct ngap_drbs_subject_to_status_transfer_item items[PDU_SESSIONS_MAX] = { 0 };
	struct ngap_uplink_ran_status_transfer m = { ue->amf_ue_ngap_id, ue->ran_ue_ngap_id,
		{ { 0, items } } };
	size_t *count =
		&m.ran_status_transfer_transparent_container.drbs_subject_to_status_transfer_list.count;

	for (uint8_t drb = 1; drb <= GNB_DRBS_MAX; drb++) {
		const struct gnb_session *s = gnb_session_of_drb(ue, drb);
		struct ngap_drbs_subject_to_status_transfer_item *item = &items[*count];

		if (!s)
			continue;
		item->drb_id = drb;
		item->drb_status_ul.tag = NGAP_DRB_STATUS_UL_TAG_DRB_STATUS_UL18;
		item->drb_status_ul.u.drb_status_ul18.ul_count_value = pdcp_count(s->ul_count);
		item->drb_status_dl.tag = NGAP_DRB_STATUS_DL_TAG_DRB_STATUS_DL18;
		item->drb_status_dl.u.drb_status_dl18.dl_count_value = pdcp_count(s->dl_count);
		++*count;
	}
	if (*count > 0)
		gnb_n2_send_ue(gnb, ue, NGAP_MSG_UPLINK_RAN_STATUS_TRANSFER, &m);
}

void gnb_n2_downlink_ran_status_transfer(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_downlink_ran_status_transfer *m = pdu->u.downlink_ran_status_transfer;
	const struct ngap_drbs_subject_to_status_transfer_list *list =
		&m->ran_status_transfer_transparent_container.drbs_subject_to_status_transfer_list;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);

	if (!ue)
		return;
	if (!ue->handover || !ue->handover->is_target) {
		gnb->stat[GNB_STAT_NGAP_UNEXPECTED]++;
		return;
	}
	for (size_t i = 0; i < list->count; i++) {
		const struct ngap_drbs_subject_to_status_transfer_item *item = &list->items[i];
		struct gnb_session *s = gnb_session_of_drb(ue, item->drb_id);

		if (s && item->drb_status_ul.tag == NGAP_DRB_STATUS_UL_TAG_DRB_STATUS_UL18)
			s->ul_count = count_of(&item->drb_status_ul.u.drb_status_ul18.ul_count_value);
		if (s && item->drb_status_dl.tag == NGAP_DRB_STATUS_DL_TAG_DRB_STATUS_DL18)
			s->dl_count = count_of(&item->drb_status_dl.u.drb_status_dl18.dl_count_value);
	}
}
