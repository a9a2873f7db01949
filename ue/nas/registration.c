/*
 * Registration, 24.501 5.5.1: initial, periodic, and after a failed connection.
 *
 *   UE                          AMF
 *    |-- REGISTRATION REQUEST --->|    5.5.1.2.2, 5.5.1.3.2; T3510
 *    |   identification, authentication, security mode control: unless its MAC proves a context
 *    |<- REGISTRATION ACCEPT -----|    5.5.1.2.4: GUTI, TAI list, NSSAI, T3512
 *    |-- REGISTRATION COMPLETE -->|    where a GUTI was assigned, or there are preferred PLMNs
 *    |<- REGISTRATION REJECT -----|    5.5.1.2.5: barred, or again after T3346, T3511, T3502
 */
#include "ue/internal.h"

/* T3346, or the radio's T302: no request before it ends, but the procedure is wanted (5.5.1.2.7 a and b). */
static bool is_put_off(const struct ue *ue)
{
	return ue_mm_put_off_until_ns(ue) > env_now_ns(ue->host->env);
}

static bool registration_begin(struct ue *ue, enum mm_event otherwise)
{
	timer_stop(&ue->host->timers, &ue->timer);
	timer_stop(&ue->host->timers, &ue->t3512);
	if (is_put_off(ue) ||
		(ue->registration_type != NAS_REGISTRATION_EMERGENCY && !ue_forbidden_leave(ue)) ||
		!ue_registration_send(ue)) {
		ue_mm_event(ue, otherwise, NULL);
		return true;
	}
	ue_timer_set(ue, &ue->timer, ue->profile->t3510_ms, T3510_MS, ue_mm_timer);
	return true;
}

enum fsm_outcome ue_registration_start(void *room, void *context, const void *arg)
{
	struct ue *ue = context;

	ue->emergency_only |= !usim_is_present(&ue->usim); /* there is nothing else for it */
	ue->registration_type = ue->emergency_only ? NAS_REGISTRATION_EMERGENCY : NAS_REGISTRATION_INITIAL;
	ue->switch_off = false;
	if (ue_emergency_is_unproved(ue)) /* what was not proved is of that stay alone (33.501 10.2.2.2) */
		ue_mm_forget_guti(ue);
	ue_session_release_all(ue);
	ue_connection_leave(ue, true); /* what is left of an earlier stay */
	return fsm_outcome_of(registration_begin(ue, MM_EV_TRY_AGAIN));
}

/* arg: the registration type; NULL: as it was tried before. */
enum fsm_outcome ue_registration_update(void *room, void *context, const void *arg)
{
	struct ue *ue = context;

	if (arg)
		ue->registration_type = *(const uint8_t *)arg;
	return fsm_outcome_of(registration_begin(ue, MM_EV_UPDATE_AGAIN));
}

/* 5.5.1.2.4; repeated: the accept came again. */
static void complete(struct ue *ue, const struct nas_registration_accept *a, bool repeated)
{
	struct nas_msg m = { .type = NAS_REGISTRATION_COMPLETE };
	struct nas_registration_complete *c = &m.registration_complete;
	uint8_t octets[UE_HOME_ACKNOWLEDGEMENT];

	if (a->has_sor_transparent_container)
		c->sor_transparent_container =
			ue_steering_of_roaming(ue, a->sor_transparent_container, repeated, octets);
	c->has_sor_transparent_container = c->sor_transparent_container.len > 0;
	if (a->has_guti || a->has_configured_nssai || a->has_sor_transparent_container)
		ue_nas_send(ue, &m);
}

enum fsm_outcome ue_registration_accept(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	const struct mm_message *m = arg;
	const struct nas_registration_accept *a = &m->msg->registration_accept;

	timer_stop(&ue->host->timers, &ue->timer);
	ue->attempts = 0;
	ue->congested_until_ns = 0;
	ue_registration_take_accept(ue, a);
	complete(ue, a, false);
	ue->host->stat[UE_STAT_REGISTRATIONS]++;
	ue_say(ue, UE_EVENT_REGISTERED, 0, 0, "registered, 5G-TMSI 0x%08x", ue->guti.tmsi);
	ue_session_connected(ue);
	ue_session_auto(ue);
	return FSM_OK;
}

/* 5.5.1.2.8 c at the AMF: it did not get our REGISTRATION COMPLETE. */
enum fsm_outcome ue_registration_repeat(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	const struct mm_message *m = arg;

	ue_registration_take_accept(ue, &m->msg->registration_accept);
	complete(ue, &m->msg->registration_accept, true);
	return FSM_OK;
}

/* 5.5.1.2.7: a failure; the caller has left the connection. */
static void registration_attempt_failed(struct ue *ue)
{
	bool initial = ue_registration_is_initial(ue);

	timer_stop(&ue->host->timers, &ue->timer);
	if (ue->attempts < UE_REGISTRATION_ATTEMPTS && !is_put_off(ue))
		ue->attempts++;
	if (ue->attempts == UE_REGISTRATION_ATTEMPTS && initial)
		ue_mm_forget_guti(ue);
	ue_mm_event(ue, initial ? MM_EV_TRY_AGAIN : MM_EV_UPDATE_AGAIN, NULL);
}

/* T3510 */
enum fsm_outcome ue_registration_timeout(void *room, void *context, const void *arg)
{
	struct ue *ue = context;

	log_info(ue->host->env->log, "imsi-%s: no answer to the registration request", ue->usim.supi.imsi);
	ue_connection_leave(ue, true);
	registration_attempt_failed(ue);
	return FSM_OK;
}

enum fsm_outcome ue_registration_failed(void *room, void *context, const void *arg)
{
	registration_attempt_failed(context);
	return FSM_OK;
}

/* When it is tried again: after T3346 in congestion, or T302, T3502 after five attempts, else T3511. */
static void retry_set(struct ue *ue)
{
	uint64_t now = env_now_ns(ue->host->env);
	uint32_t t3502_ms = ue->t3502_ms ? ue->t3502_ms : ue->profile->t3502_ms;

	if (is_put_off(ue)) {
		timer_set(&ue->host->timers, &ue->timer, ue_mm_put_off_until_ns(ue), ue_mm_timer);
	} else if (ue_forbidden_until_ns(ue)) { /* 5.5.1.2.5: a cell elsewhere is looked for */
		timer_set(&ue->host->timers, &ue->timer,
			ue_forbidden_elsewhere(ue) ? now + UE_CELL_SEARCH_MS * (uint64_t)NS_PER_MS
						   : ue_forbidden_until_ns(ue),
			ue_mm_timer);
	} else if (ue->attempts >= UE_REGISTRATION_ATTEMPTS) {
		ue->attempts = 0;
		ue_timer_set(ue, &ue->timer, t3502_ms, T3502_MS, ue_mm_timer);
	} else {
		ue_timer_set(ue, &ue->timer, ue->profile->t3511_ms, T3511_MS, ue_mm_timer);
	}
	log_debug(ue->host->env->log, "imsi-%s: registration is tried again in %u ms", ue->usim.supi.imsi,
		(unsigned)((ue->timer.deadline_ns - now) / NS_PER_MS));
}

enum fsm_outcome ue_registration_later(void *room, void *context, const void *arg)
{
	struct ue *ue = context;

	ue_session_release_all(ue);
	retry_set(ue);
	ue_say(ue, is_put_off(ue) ? UE_EVENT_PUT_OFF : UE_EVENT_REGISTRATION_FAILED, 0, 0,
		"not registered; tried again later");
	return FSM_OK;
}

enum fsm_outcome ue_registration_update_later(void *room, void *context, const void *arg)
{
	retry_set(context);
	return FSM_OK;
}

/* 5.5.1.2.5, 5.3.20: what the network sends of the subscriber counts for good only when its integrity is
 * assured. */
static void subscriber_refused(struct ue *ue, bool is_protected)
{
	ue->emergency_only = false;
	ue_mm_forget_guti(ue);
	ue_session_release_all(ue);
	timer_stop(&ue->host->timers, &ue->timer);
	if (!is_protected)
		ue_timer_set(ue, &ue->timer, T3247_MIN_MS + env_random_u32(ue->host->env) % T3247_SPREAD_MS,
			0, ue_mm_timer);
	ue_mm_event(ue, MM_EV_BARRED, NULL);
}

static bool has_backoff(const struct nas_registration_reject *r)
{
	return r->cause == NAS_5GMM_CONGESTION && r->has_t3346 && nas_timer2_s(r->t3346) != 0 &&
	       nas_timer2_s(r->t3346) != NAS_TIMER_DEACTIVATED;
}

static void rejected_for_congestion(struct ue *ue, const struct nas_registration_reject *r, bool is_protected)
{
	bool initial = ue_registration_is_initial(ue);

	if (!has_backoff(r)) {
		registration_attempt_failed(ue); /* treated as an abnormal case */
		return;
	}
	timer_stop(&ue->host->timers, &ue->timer);
	ue->attempts = 0;
	ue_mm_congestion(ue, nas_timer2_s(r->t3346), is_protected);
	ue_mm_event(ue, initial ? MM_EV_TRY_AGAIN : MM_EV_UPDATE_AGAIN, NULL);
}

enum fsm_outcome ue_registration_reject(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	const struct mm_message *m = arg;
	const struct nas_registration_reject *r = &m->msg->registration_reject;
	const char *name = nas_5gmm_cause_name(r->cause);

	ue->host->stat[UE_STAT_REGISTRATION_REJECTS]++;
	log_info(ue->host->env->log, "imsi-%s: registration rejected, cause %u (%s)", ue->usim.supi.imsi,
		r->cause, name ? name : "?");
	if (!has_backoff(r))
		ue_say(ue, UE_EVENT_REGISTRATION_FAILED, 0, r->cause, "registration rejected: %s",
			name ? name : "?");
	if (r->has_t3502)
		ue->t3502_ms = nas_timer2_s(r->t3502) == NAS_TIMER_DEACTIVATED
				       ? 0
				       : nas_timer2_s(r->t3502) * MS_PER_S;
	switch (r->cause) {
	case NAS_5GMM_ILLEGAL_UE:
	case NAS_5GMM_ILLEGAL_ME:
	case NAS_5GMM_PEI_NOT_ACCEPTED:
	case NAS_5GMM_5GS_SERVICES_NOT_ALLOWED:
	case NAS_5GMM_PLMN_NOT_ALLOWED: /* there is no other PLMN here */
	case NAS_5GMM_N1_MODE_NOT_ALLOWED:
	case NAS_5GMM_SERVING_NETWORK_NOT_AUTHORIZED:
		subscriber_refused(ue, m->is_protected);
		break;
	case NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK:
	case NAS_5GMM_IMPLICITLY_DE_REGISTERED: /* 5.5.1.3.5: a new initial registration at once */
		ue_mm_forget_guti(ue);
		ue_mm_event(ue, MM_EV_ENDED, NULL);
		ue_mm_event(ue, MM_EV_REGISTER, NULL);
		break;
	case NAS_5GMM_CONGESTION:
		rejected_for_congestion(ue, r, m->is_protected);
		break;
	case NAS_5GMM_TRACKING_AREA_NOT_ALLOWED:
	case NAS_5GMM_ROAMING_NOT_ALLOWED_IN_THIS_TRACKING_AREA:
	case NAS_5GMM_NO_SUITABLE_CELLS_IN_TRACKING_AREA:
		may_fail(
			ue_forbidden_add(ue, r->cause, m->is_protected)); /* else it tries again here, late */
									  /* fall through */
	case NAS_5GMM_NO_NETWORK_SLICES_AVAILABLE:
		ue_mm_forget_guti(ue);
		ue->registration_type = NAS_REGISTRATION_INITIAL;
		ue->attempts = UE_REGISTRATION_ATTEMPTS; /* nothing will change soon: T3502 */
		registration_attempt_failed(ue);
		break;
	default: /* 5.5.1.2.7 e */
		registration_attempt_failed(ue);
	}
	return FSM_OK;
}
