/* Handovers under way: made, ended, found; their events, for whoever has one (the tables are in handover.c).
 */
#include "gnb/handover.h"

enum fsm_outcome gnb_source_event(
	struct gnb *gnb, struct gnb_handover *h, enum source_event event, const void *arg)
{
	return fsm_event(gnb->source_fsm, &h->state, (uint8_t)event, gnb, h, arg);
}

enum fsm_outcome gnb_target_event(
	struct gnb *gnb, struct gnb_handover *h, enum target_event event, const void *arg)
{
	return fsm_event(gnb->target_fsm, &h->state, (uint8_t)event, gnb, h, arg);
}

static void handover_timer(void *owner, struct timer *t)
{
	struct gnb *gnb = owner;
	struct gnb_handover *h = container_of(t, struct gnb_handover, timer);

	if (h->is_target)
		gnb_target_event(gnb, h, TARGET_EV_TIMER, NULL);
	else
		gnb_source_event(gnb, h, SOURCE_EV_TIMER, NULL);
}

void gnb_handover_timer_set(struct gnb *gnb, struct gnb_handover *h, uint32_t ms)
{
	timer_set(&gnb->timers, &h->timer, env_now_ns(gnb->env) + (uint64_t)ms * NS_PER_MS, handover_timer);
}

struct gnb_handover *gnb_handover_new(
	struct gnb *gnb, struct gnb_ue *ue, const struct handover_way *way, bool is_target)
{
	struct gnb_handover *h = pool_alloc(&gnb->handovers);

	if (!h) {
		gnb->stat[GNB_STAT_EXHAUSTED]++;
		return NULL;
	}
	h->ue = ue;
	h->way = way;
	h->is_target = is_target;
	ue->handover = h;
	gnb_handover_timer_set(gnb, h, is_target ? GNB_RELOCATION_MS : GNB_PREPARATION_MS);
	return h;
}

static uint64_t c_rnti_key(const struct gnb_ue *ue)
{
	return (uint64_t)ue->radio.cell << 16 | ue->c_rnti;
}

void gnb_handover_expect(struct gnb *gnb, struct gnb_handover *h)
{
	struct gnb_ue *ue = h->ue;

	do {
		ue->c_rnti = (uint16_t)env_random_u32(gnb->env);
	} while (ue->c_rnti == 0 || ue->c_rnti >= 0xfff0 || /* 38.321 7.1 */
		 hash_find(&gnb->handover_by_c_rnti, c_rnti_key(ue), 0));
	hash_insert(&gnb->handover_by_c_rnti, &h->by_c_rnti, c_rnti_key(ue), 0);
	h->expected = true;
}

void gnb_handover_unexpect(struct gnb *gnb, struct gnb_handover *h)
{
	if (h->expected)
		hash_remove(&gnb->handover_by_c_rnti, &h->by_c_rnti);
	h->expected = false;
}

void gnb_handover_free(struct gnb *gnb, struct gnb_handover *h)
{
	gnb_handover_unexpect(gnb, h);
	timer_stop(&gnb->timers, &h->timer);
	h->ue->handover = NULL;
	explicit_bzero(&h->before, sizeof(h->before));
	pool_free(&gnb->handovers, h);
}

struct gnb_handover *gnb_handover_from(const struct gnb_ue *ue)
{
	return ue->handover && !ue->handover->is_target ? ue->handover : NULL;
}

/* 38.413 8.4.1.2: what else the AMF wants of the UE is refused meanwhile, and comes again. */
enum ngap_cause_radio_network gnb_handover_refuses(const struct gnb_ue *ue)
{
	const struct gnb_handover *h = gnb_handover_from(ue);

	return h && h->state != SOURCE_CANCELLING ? h->way->triggered : NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED;
}
