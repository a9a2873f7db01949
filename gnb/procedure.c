/* Requests of the AMF whose answer waits for the UE: initial context, session setup and modification. */
#include "gnb/internal.h"

static void procedure_guard(void *owner, struct timer *t)
{
	struct gnb *gnb = owner;
	struct gnb_procedure *p = container_of(t, struct gnb_procedure, guard);

	log_info(gnb->env->log, "RAN UE %u does not answer a reconfiguration", p->ue->ran_ue_ngap_id);
	for (uint8_t i = 0; i < p->count; i++) {
		if (p->items[i].state != ITEM_WAITING)
			continue;
		p->items[i].state = ITEM_FAILED;
		p->items[i].cause = NGAP_CAUSE_RADIO_NETWORK_FAILURE_IN_RADIO_INTERFACE_PROCEDURE;
	}
	gnb_procedure_check(gnb, p);
}

struct gnb_procedure *gnb_procedure_new(struct gnb *gnb, struct gnb_ue *ue, const struct procedure_kind *kind)
{
	struct gnb_procedure *p = pool_alloc(&gnb->procedures);
	uint64_t due = env_now_ns(gnb->env) + (uint64_t)gnb->config.air_guard_ms * NS_PER_MS;

	if (!p) {
		gnb->stat[GNB_STAT_EXHAUSTED]++;
		return NULL;
	}
	timer_set(&gnb->timers, &p->guard, due, procedure_guard);
	p->ue = ue;
	p->kind = kind;
	list_append(&ue->procedures, &p->link);
	return p;
}

void gnb_procedure_free(struct gnb *gnb, struct gnb_procedure *p)
{
	timer_stop(&gnb->timers, &p->guard);
	list_remove(&p->link);
	pool_free(&gnb->procedures, p);
}

/* Sessions that were to be set up and were not go. */
static void drop_failed(struct gnb *gnb, const struct gnb_procedure *p)
{
	for (uint8_t i = 0; i < p->count; i++) {
		const struct gnb_item *item = &p->items[i];

		gnb_count_set_up(gnb, item);
		if (item->state == ITEM_DONE)
			continue;
		/* One that was there before the request stays (8.2.1.4). */
		if (item->cause != NGAP_CAUSE_RADIO_NETWORK_MULTIPLE_PDU_SESSION_ID_INSTANCES &&
			item->psi <= PDU_SESSIONS_MAX && p->ue->sessions[item->psi]) {
			/* The UE may have the bearer, its answer being lost. */
			gnb_rrc_release_bearer(gnb, p->ue, p->ue->sessions[item->psi]->drb, BYTES_NONE);
			gnb_session_free(gnb, p->ue->sessions[item->psi]);
		}
	}
}

void gnb_procedure_check(struct gnb *gnb, struct gnb_procedure *p)
{
	struct gnb_ue *ue = p->ue;
	bool expired = !timer_is_set(&p->guard);

	for (uint8_t i = 0; i < p->count; i++)
		if (p->items[i].state == ITEM_WAITING)
			return;
	if (p->security_pending && !expired)
		return;
	p->kind->answer(gnb, p);
	if (p->kind->makes_sessions)
		drop_failed(gnb, p);
	/* Without AS security there is no context (38.413 8.3.1.3). */
	if (p->security_pending && ue->context) {
		ue->context = false;
		gnb->contexts--;
	}
	gnb_procedure_free(gnb, p);
}

void gnb_procedure_security_complete(struct gnb *gnb, struct gnb_ue *ue)
{
	list_each(l, next, &ue->procedures)
	{
		struct gnb_procedure *p = container_of(l, struct gnb_procedure, link);

		if (p->security_pending) {
			p->security_pending = false;
			gnb_procedure_check(gnb, p);
			return;
		}
	}
	gnb->stat[GNB_STAT_AIR_REFUSED]++;
}

static bool item_answer(struct gnb_procedure *p, uint8_t psi, bool accepted)
{
	for (uint8_t i = 0; i < p->count; i++) {
		struct gnb_item *item = &p->items[i];

		if (item->psi != psi || item->state != ITEM_WAITING)
			continue;
		item->state = accepted ? ITEM_DONE : ITEM_FAILED;
		item->cause = NGAP_CAUSE_RADIO_NETWORK_FAILURE_IN_RADIO_INTERFACE_PROCEDURE;
		return true;
	}
	return false;
}

void gnb_procedure_bearer_answer(struct gnb *gnb, struct gnb_ue *ue, uint8_t drb, bool accepted)
{
	const struct gnb_session *s = gnb_session_of_drb(ue, drb);

	list_each(l, next, &ue->procedures)
	{
		struct gnb_procedure *p = container_of(l, struct gnb_procedure, link);

		if (s && item_answer(p, s->psi, accepted)) {
			gnb_procedure_check(gnb, p);
			return;
		}
	}
	gnb->stat[GNB_STAT_AIR_REFUSED]++;
}

void gnb_procedure_session_gone(struct gnb *gnb, struct gnb_ue *ue, uint8_t psi)
{
	list_each(l, next, &ue->procedures)
	{
		struct gnb_procedure *p = container_of(l, struct gnb_procedure, link);

		if (item_answer(p, psi, false))
			gnb_procedure_check(gnb, p);
	}
}
