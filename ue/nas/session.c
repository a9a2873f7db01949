/* PDU sessions of the UE: found, freed, their events and messages. */
#include <stdlib.h>

#include "ue/ipv6.h"

enum fsm_outcome ue_sm_event(struct ue_session *s, enum sm_event event, const void *arg)
{
	return fsm_event(s->ue->host->sm_fsm, &s->state, (uint8_t)event, s->ue->host, s, arg);
}

void ue_session_timer(void *owner, struct timer *t)
{
	ue_sm_event(container_of(t, struct ue_session, timer), SM_EV_TIMER, NULL);
}

struct ue_session *ue_session_find(const struct ue *ue, uint8_t psi)
{
	struct ue_session *s = ue->sessions;

	while (s && s->info.psi != psi)
		s = s->next;
	return s;
}

struct ue_session *ue_session_of_drb(const struct ue *ue, uint8_t drb)
{
	struct ue_session *s = ue->sessions;

	while (s && s->drb != drb)
		s = s->next;
	return s;
}

void ue_flow_request_end(struct ue_session *s)
{
	free(s->request);
	s->request = NULL;
}

void ue_session_free(struct ue_session *s)
{
	struct ue *ue = s->ue;
	struct ue_session **at = &ue->sessions;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	timer_stop(&ue->host->timers, &s->timer);
	free(s->qos);
	free(s->reflective);
	ue_flow_request_end(s);
	timer_stop(&ue->host->timers, &s->solicitation);
	ue_delegation_end(s);
	pool_free(&ue->host->sessions, s);
}

void ue_session_release_all(struct ue *ue)
{
	while (ue->sessions)
		ue_sm_event(ue->sessions, SM_EV_LOCAL_RELEASE, NULL);
}

bool ue_emergency_calls(const struct ue *ue)
{
	for (const struct ue_session *s = ue->sessions; s; s = s->next)
		if (s->emergency)
			return true;
	return false;
}

/* 9.11.3.44: bit n stands for PSI n; those in procedures do not count. */
uint16_t ue_session_status(const struct ue *ue)
{
	uint16_t bits = 0;

	for (const struct ue_session *s = ue->sessions; s; s = s->next)
		if (s->state == SM_ACTIVE || s->state == SM_MODIFICATION_PENDING ||
			s->state == SM_INACTIVE_PENDING)
			bits |= (uint16_t)(1u << s->info.psi);
	return bits;
}

struct ue_session_order ue_session_order_of(const struct ue_session *s)
{
	return (struct ue_session_order){ .dnn = s->asked_dnn ? s->info.dnn : NULL,
		.snssai = s->asked_snssai ? &s->info.snssai : NULL,
		.type = s->type_asked,
		.old_psi = s->old_psi,
		.emergency = s->emergency };
}

uint16_t ue_session_always_on(const struct ue *ue)
{
	uint16_t bits = 0;

	for (const struct ue_session *s = ue->sessions; s; s = s->next)
		if (s->info.always_on)
			bits |= (uint16_t)(1u << s->info.psi);
	return bits & ue_session_status(ue);
}

/* 5.5.1.3.4: what the network does not have is released locally. */
void ue_session_reconcile(struct ue *ue, uint16_t status)
{
	uint16_t gone = ue_session_status(ue) & (uint16_t)~status;

	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++)
		if (gone >> psi & 1)
			ue_sm_event(ue_session_find(ue, psi), SM_EV_LOCAL_RELEASE, NULL);
}

bool ue_session_send(struct ue_session *s, const struct nas_msg *sm, uint8_t request_type)
{
	struct nas_msg inner = *sm, m = { .type = NAS_UL_NAS_TRANSPORT };
	struct nas_ul_nas_transport *t = &m.ul_nas_transport;

	inner.pdu_session_id = s->info.psi;
	inner.pti = s->pti;
	t->payload_container_type = NAS_PAYLOAD_N1_SM;
	t->payload_container = ue_nas_encoded(s->ue, &inner);
	t->has_pdu_session_id = true;
	t->pdu_session_id = s->info.psi;
	t->has_request_type = request_type != 0;
	t->request_type = request_type;
	t->has_old_pdu_session_id = request_type == NAS_REQUEST_INITIAL && s->old_psi;
	t->old_pdu_session_id = s->old_psi;
	if (request_type) {
		t->has_s_nssai = s->asked_snssai;
		t->s_nssai.snssai = s->info.snssai;
		t->has_dnn = s->info.dnn[0] != '\0';
		t->dnn = s->info.dnn;
	}
	/* A session message needs the connection, secured: 5.4.5.2.1. */
	return t->payload_container.len > 0 && s->ue->secured && ue_nas_send(s->ue, &m);
}
