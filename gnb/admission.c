/*
 * Admission of QoS flows with a guaranteed rate, by ARP (23.501 5.7.2.2): where what is guaranteed in all
 * would be more than there is, a flow that may pre-empt takes the place of less important ones that may be
 * pre-empted.
 *
 *   gNB -> AMF  PDU SESSION RESOURCE NOTIFY    38.413 8.2.4: flows that gave way, GFBRs that are met no more
 */
#include "gnb/admission.h"

struct shortage {
	uint64_t dl_bps, ul_bps; /* of what is asked for there is this too little */
};

static uint64_t lacks(uint64_t used, uint64_t wanted, uint64_t had, uint64_t max)
{
	uint64_t sum = used - had + wanted;

	return sum > max ? sum - max : 0;
}

static const struct gnb_flow *flow_of(const struct gnb_session *s, uint8_t qfi)
{
	const struct gnb_flow *f = s->first_flow;

	while (f && f->qfi != qfi)
		f = f->next;
	return f;
}

static bool gives_way(const struct gnb_flow *f, uint8_t arp_priority)
{
	return f->is_gbr && f->pre_emptable && f->arp_priority > arp_priority;
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* The flow that gives way first: of the last priority. NULL: none. */
static struct gnb_flow *victim_of(struct gnb *gnb, uint8_t arp_priority, struct gnb_session **owner)
{
	struct gnb_flow *victim = NULL;
	struct gnb_session *s;
	uint32_t looked = 0;

	for (uint32_t i = 0; looked < GNB_PRE_EMPTION_LOOK_MAX && (s = pool_next(&gnb->sessions, &i));
		i++, looked++)
		for (struct gnb_flow *f = s->first_flow; f; f = f->next)
			if (gives_way(f, arp_priority) &&
				(!victim || f->arp_priority > victim->arp_priority)) {
				victim = f;
				*owner = s;
			}
	return victim;
}

/* Whether all that may give way is enough: nobody goes in vain. */
static bool is_enough(struct gnb *gnb, uint8_t arp_priority, struct shortage room)
{
	struct gnb_session *s;
	uint32_t looked = 0;

	for (uint32_t i = 0; looked < GNB_PRE_EMPTION_LOOK_MAX && (s = pool_next(&gnb->sessions, &i));
		i++, looked++)
		for (const struct gnb_flow *f = s->first_flow; f; f = f->next)
			if (gives_way(f, arp_priority)) {
				room.dl_bps = less(room.dl_bps, f->gfbr_dl_bps);
				room.ul_bps = less(room.ul_bps, f->gfbr_ul_bps);
			}
	return room.dl_bps == 0 && room.ul_bps == 0;
}

static void pre_empt(struct gnb *gnb, uint8_t arp_priority, struct shortage room)
{
	while (room.dl_bps > 0 || room.ul_bps > 0) {
		struct gnb_session *owner = NULL;
		struct gnb_flow *victim = victim_of(gnb, arp_priority, &owner);
		uint8_t qfi;

		if (!victim)
			return;
		qfi = victim->qfi;
		room.dl_bps = less(room.dl_bps, victim->gfbr_dl_bps);
		room.ul_bps = less(room.ul_bps, victim->gfbr_ul_bps);
		gnb->stat[GNB_STAT_FLOWS_PRE_EMPTED]++;
		owner->flows &= ~(UINT64_C(1) << qfi);
		gnb_flow_drop(gnb, owner, qfi);
		gnb_flow_notify(gnb, owner, qfi, GNB_FLOW_RELEASED);
	}
}

bool gnb_flow_admit(struct gnb *gnb, const struct gnb_session *s, uint8_t qfi,
	const struct ngap_qos_flow_level_qos_parameters *q)
{
	const struct ngap_gbr_qos_information *gbr = q->gbr_qos_information;
	const struct ngap_allocation_and_retention_priority *arp = &q->allocation_and_retention_priority;
	const struct gnb_flow *old = flow_of(s, qfi);
	uint64_t max = gnb->config.gbr_max_bps;
	uint8_t priority = (uint8_t)arp->priority_level_arp;
	struct shortage room;

	if (!gbr || !max)
		return true;
	room.dl_bps = lacks(gnb->gfbr_dl_bps, (uint64_t)gbr->guaranteed_flow_bit_rate_dl,
		old ? old->gfbr_dl_bps : 0, max);
	room.ul_bps = lacks(gnb->gfbr_ul_bps, (uint64_t)gbr->guaranteed_flow_bit_rate_ul,
		old ? old->gfbr_ul_bps : 0, max);
	if (room.dl_bps == 0 && room.ul_bps == 0)
		return true;
	if (arp->pre_emption_capability == NGAP_PRE_EMPTION_CAPABILITY_MAY_TRIGGER_PRE_EMPTION &&
		is_enough(gnb, priority, room)) {
		pre_empt(gnb, priority, room);
		return true;
	}
	gnb->stat[GNB_STAT_FLOWS_REFUSED]++;
	return false;
}

void gnb_flow_notify(struct gnb *gnb, struct gnb_session *s, uint8_t qfi, enum gnb_notice notice)
{
	struct gnb_ue *ue = s->ue;
	struct ngap_qos_flow_with_cause_item gone = { qfi,
		ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RADIO_RESOURCES_NOT_AVAILABLE) };
	struct ngap_qos_flow_list_with_cause goes = { 1, &gone };
	struct ngap_qos_flow_notify_item met = { .qos_flow_identifier = qfi,
		.notification_cause = notice == GNB_FLOW_FULFILLED ? NGAP_NOTIFICATION_CAUSE_FULFILLED
								   : NGAP_NOTIFICATION_CAUSE_NOT_FULFILLED };
	struct ngap_qos_flow_notify_list meets = { 1, &met };
	struct ngap_pdu_session_resource_notify_transfer t = {
		.qos_flow_notify_list = notice == GNB_FLOW_RELEASED ? NULL : &meets,
		.qos_flow_released_list = notice == GNB_FLOW_RELEASED ? &goes : NULL
	};
	struct ngap_pdu_session_resource_notify_item item = { .pdu_session_id = s->psi };
	struct ngap_pdu_session_resource_notify_list list = { 1, &item };
	struct ngap_pdu_session_resource_notify m = { .amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.pdu_session_resource_notify_list = &list };

	item.pdu_session_resource_notify_transfer =
		ngap_value_bytes(&ngap_pdu_session_resource_notify_transfer_type, &t, &gnb->arena);
	if (item.pdu_session_resource_notify_transfer.len > 0)
		gnb_n2_send_ue(gnb, ue, NGAP_MSG_PDU_SESSION_RESOURCE_NOTIFY, &m);
}
