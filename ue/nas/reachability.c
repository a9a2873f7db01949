/*
 * When the idle UE listens, and when it registers again: T3512, MICO mode with or without active time and
 * with a strictly periodic T3512 (24.501 5.3.6, 5.3.7; 23.501 5.31.7.4, 5.31.7.5), DRX and extended DRX as
 * agreed on.
 */
#include "ue/internal.h"

enum { EDRX_WINDOW = 0x30 }; /* 5.12 s, where the network does not choose another one */

void ue_reachability_request(const struct ue *ue, uint8_t edrx[1], struct nas_registration_request *m)
{
	const struct ue_profile *p = ue->profile;

	m->has_mico_indication = p->mico != UE_MICO_NO;
	m->mico_indication = p->mico == UE_MICO_STRICT ? NAS_MICO_SPRTI : 0;
	m->has_t3324 = p->mico && p->active_time_s > 0;
	m->t3324 = nas_timer3_of(p->active_time_s);
	m->has_requested_t3512 = p->t3512_s > 0;
	m->requested_t3512 = nas_timer3_of(p->t3512_s);
	m->has_requested_drx_parameters = p->drx > 0;
	m->requested_drx_parameters = p->drx;
	m->has_requested_extended_drx_parameters = p->edrx > 0;
	edrx[0] = (uint8_t)(EDRX_WINDOW | (p->edrx - 1));
	m->requested_extended_drx_parameters = bytes_of(edrx, 1);
}

/* 5.5.1.2.4, 5.5.1.3.4: what is not in the accept is not in use. */
void ue_reachability_take(struct ue *ue, const struct nas_registration_accept *a)
{
	struct ue_reachability *r = &ue->reachability;
	bool wanted = ue->profile->mico != UE_MICO_NO;

	if (a->has_t3512)
		ue->t3512_s = nas_timer3_s(a->t3512) == NAS_TIMER_DEACTIVATED ? 0 : nas_timer3_s(a->t3512);
	*r = (struct ue_reachability){ .mico = wanted && a->has_mico_indication,
		.drx = a->has_negotiated_drx_parameters ? a->negotiated_drx_parameters : 0,
		.has_edrx = a->has_negotiated_extended_drx_parameters &&
			    a->negotiated_extended_drx_parameters.len > 0 };
	r->edrx = r->has_edrx ? a->negotiated_extended_drx_parameters.data[0] : 0;
	r->strict = r->mico && a->mico_indication & NAS_MICO_SPRTI;
	if (r->mico && a->has_t3324 && nas_timer3_s(a->t3324) != NAS_TIMER_DEACTIVATED)
		r->active_s = nas_timer3_s(a->t3324);
	timer_stop(&ue->host->timers, &ue->t3512);
	if (r->strict)
		ue_t3512_start(ue);
}

static void t3512_expired(void *owner, struct timer *t)
{
	struct ue *ue = container_of(t, struct ue, t3512);
	uint8_t type = NAS_REGISTRATION_PERIODIC;

	if (ue->reachability.strict && ue->radio.connected)
		ue_t3512_start(ue);
	else
		ue_mm_event(ue, MM_EV_UPDATE, &type);
}

/* 5.3.7: runs in 5GMM-IDLE; a strictly periodic one always, from the registration on. */
void ue_t3512_start(struct ue *ue)
{
	if (ue->t3512_s && !(ue->reachability.strict && timer_is_set(&ue->t3512)))
		timer_set(&ue->host->timers, &ue->t3512, env_now_ns(ue->host->env) + ue->t3512_s * NS_PER_S,
			t3512_expired);
}

/* T3324: from now on it does not listen. */
static void active_time_expired(void *owner, struct timer *t)
{
}

void ue_reachability_idle(struct ue *ue)
{
	ue_t3512_start(ue);
	if (ue->reachability.active_s)
		ue_timer_set(ue, &ue->t3324, ue->reachability.active_s * MS_PER_S, 0, active_time_expired);
}

void ue_reachability_connected(struct ue *ue)
{
	timer_stop(&ue->host->timers, &ue->t3324);
	if (!ue->reachability.strict)
		timer_stop(&ue->host->timers, &ue->t3512);
}

bool ue_is_listening(const struct ue *ue)
{
	return ue->radio.connected || !ue->reachability.mico || timer_is_set(&ue->t3324);
}
