/* The signs of life of UEs, and their inactivity. */
#include "gnb/internal.h"

/* When the UE would have been silent, or inactive, for too long; NEVER if that does not matter. */
static uint64_t due_ns(uint64_t since_ns, uint32_t ms)
{
	return ms ? since_ns + (uint64_t)ms * NS_PER_MS : NEVER;
}

/* While user data passes its end is told, with when that was (rrc_e1_event.c). */
static uint64_t inactive_ns(const struct gnb *gnb, const struct gnb_ue *ue)
{
	return ue->data_active ? NEVER : due_ns(ue->active_ns, gnb->config.inactivity_ms);
}

static void watch_timer(void *owner, struct timer *t)
{
	struct gnb *gnb = owner;
	struct gnb_ue *ue = container_of(t, struct gnb_ue, timer);
	uint64_t now = env_now_ns(gnb->env);

	if (ue->data_active)
		ue->heard_ns = now;
	if (due_ns(ue->heard_ns, gnb->config.ue_lost_ms) <= now) {
		gnb->stat[GNB_STAT_UES_LOST]++;
		gnb_rrc_end(gnb, ue, GNB_RRC_FAILED);
		gnb_ue_release_request(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST);
	} else if (inactive_ns(gnb, ue) <= now) {
		gnb_ue_release_request(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_USER_INACTIVITY);
	} else {
		gnb_ue_watch(gnb, ue);
	}
}

void gnb_ue_watch(struct gnb *gnb, struct gnb_ue *ue)
{
	uint64_t lost = due_ns(ue->heard_ns, gnb->config.ue_lost_ms);
	uint64_t inactive = inactive_ns(gnb, ue);
	uint64_t due = lost < inactive ? lost : inactive;

	if (due != NEVER)
		timer_set(&gnb->timers, &ue->timer, due, watch_timer);
}

static bool is_busy(const struct gnb_ue *ue)
{
	return !ue->context || ue->releasing || ue->handover || !list_empty(&ue->procedures);
}

bool gnb_ue_is_busy(struct gnb *gnb, const struct addr *at, uint32_t index)
{
	const struct gnb_ue *ue = gnb_rrc_find(gnb, at, &index);

	return ue && is_busy(ue);
}

bool gnb_inactivity_begin(struct gnb *gnb, const struct addr *at, uint32_t index)
{
	struct gnb_ue *ue = gnb_rrc_find(gnb, at, &index);

	if (!ue || is_busy(ue))
		return false;
	gnb_ue_release_request(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_USER_INACTIVITY);
	arena_reset(&gnb->arena); /* beside the room's own turns */
	return true;
}
