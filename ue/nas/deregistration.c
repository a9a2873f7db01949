/*
 * De-registration, 24.501 5.5.2: by the UE and by the network.
 *
 *   UE                                     AMF
 *    |-- DEREGISTRATION REQUEST (UE) -------->|    5.5.2.2.1; T3521, unless switched off
 *    |<- DEREGISTRATION ACCEPT (UE) ----------|
 *    |<- DEREGISTRATION REQUEST (network) ----|    5.5.2.3.1
 *    |-- DEREGISTRATION ACCEPT (network) ---->|    and registers again where that is asked for
 */
#include "ue/internal.h"

static bool request_send(struct ue *ue)
{
	struct nas_msg m = { .type = NAS_DEREGISTRATION_REQUEST_UE };
	struct nas_deregistration_request_ue *r = &m.deregistration_request_ue;

	r->deregistration_type =
		NAS_DEREGISTRATION_3GPP | (ue->switch_off ? NAS_DEREGISTRATION_SWITCH_OFF : 0);
	r->ngksi = ue->security.active ? ue->security.ngksi : NAS_KSI_NONE;
	return ue_identity_best(ue, &r->mobile_identity, true) && ue_nas_send(ue, &m);
}

/* The registration is over; what was gained with it goes. The security context stays (4.4.2.1). */
static void end(struct ue *ue)
{
	timer_stop(&ue->host->timers, &ue->timer);
	timer_stop(&ue->host->timers, &ue->t3512);
	ue_session_release_all(ue);
	if (ue_emergency_is_unproved(ue))
		ue_mm_forget_guti(ue);
	ue->emergency_only = false;
	ue->attempts = 0;
	ue->host->stat[UE_STAT_DEREGISTRATIONS]++;
}

static void end_and_say(struct ue *ue, const char *how)
{
	end(ue);
	ue_say(ue, UE_EVENT_DEREGISTERED, 0, 0, "%s", how);
}

enum fsm_outcome ue_deregistration_start(void *room, void *context, const void *arg)
{
	struct ue *ue = context;

	ue->switch_off = *(const bool *)arg;
	ue->attempts = 0;
	timer_stop(&ue->host->timers, &ue->timer);
	if (!request_send(ue)) {
		end_and_say(ue, "de-registered locally");
		return FSM_REFUSED;
	}
	if (!ue->switch_off) {
		ue_timer_set(ue, &ue->timer, ue->profile->t3521_ms, T3521_MS, ue_mm_timer);
		return FSM_OK;
	}
	ue_forbidden_erase(ue); /* 5.3.13 */
	ue_backoff_forget(ue);  /* 6.4.1.4 */
	/* 5.5.2.2.2: nobody answers a UE that is switched off. */
	ue_connection_leave(ue, false);
	end_and_say(ue, "switched off");
	return FSM_REFUSED;
}

enum fsm_outcome ue_deregistration_accept(void *room, void *context, const void *arg)
{
	end_and_say(context, "de-registered");
	return FSM_OK;
}

/* 5.5.2.2.6 */
enum fsm_outcome ue_deregistration_timeout(void *room, void *context, const void *arg)
{
	struct ue *ue = context;

	if (++ue->attempts < UE_DEREGISTRATION_ATTEMPTS && request_send(ue)) {
		ue_timer_set(ue, &ue->timer, ue->profile->t3521_ms, T3521_MS, ue_mm_timer);
		return FSM_OK;
	}
	ue_connection_leave(ue, true);
	end_and_say(ue, "de-registered locally: no answer");
	ue_mm_event(ue, MM_EV_ENDED, NULL);
	return FSM_OK;
}

/* The connection is gone before the answer. */
enum fsm_outcome ue_deregistration_done(void *room, void *context, const void *arg)
{
	end_and_say(context, "de-registered: the connection ended");
	return FSM_OK;
}

/* The user wants no registration while none is under way. */
enum fsm_outcome ue_deregistration_ended(void *room, void *context, const void *arg)
{
	struct ue *ue = context;

	timer_stop(&ue->host->timers, &ue->timer);
	return FSM_OK;
}

/* 5.5.2.3.2 */
enum fsm_outcome ue_deregistration_request(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	const struct mm_message *m = arg;
	const struct nas_deregistration_request_network *r = &m->msg->deregistration_request_network;
	struct nas_msg accept = { .type = NAS_DEREGISTRATION_ACCEPT_NETWORK };
	uint8_t cause = r->has_cause ? r->cause : 0;

	ue_nas_send(ue, &accept);
	end(ue);
	log_info(ue->host->env->log, "imsi-%s: de-registered by the network, cause %u", ue->usim.supi.imsi,
		cause);
	ue_say(ue, UE_EVENT_DEREGISTERED, 0, cause, "de-registered by the network");
	if (r->deregistration_type & NAS_DEREGISTRATION_REREGISTER) {
		/* A new registration follows once the connection is released; at the latest after T3511. */
		ue_mm_event(ue, MM_EV_TRY_AGAIN, NULL);
		return FSM_OK;
	}
	switch (cause) {
	case NAS_5GMM_ILLEGAL_UE:
	case NAS_5GMM_ILLEGAL_ME:
	case NAS_5GMM_5GS_SERVICES_NOT_ALLOWED:
	case NAS_5GMM_PLMN_NOT_ALLOWED:
	case NAS_5GMM_N1_MODE_NOT_ALLOWED:
		ue_mm_forget_guti(ue);
		ue_mm_event(ue, MM_EV_BARRED, NULL);
		break;
	case NAS_5GMM_CONGESTION:
		ue_mm_congestion(ue, r->has_t3346 ? nas_timer2_s(r->t3346) : 0, m->is_protected);
		ue_mm_event(ue, MM_EV_TRY_AGAIN, NULL);
		break;
	default: /* 5.5.2.3.2: #12, #13 and #15 among them */
		may_fail(!ue_forbidden_cause(cause) || ue_forbidden_add(ue, cause, m->is_protected));
		ue_mm_forget_guti(ue);
		ue->attempts = UE_REGISTRATION_ATTEMPTS; /* 5.5.2.3.4: T3502 */
		ue_mm_event(
			ue, ue->profile->auto_register && !ue->dormant ? MM_EV_TRY_AGAIN : MM_EV_ENDED, NULL);
	}
	return FSM_OK;
}
