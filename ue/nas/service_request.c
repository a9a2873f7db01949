/*
 * Service request, 24.501 5.6.1: from 5GMM-IDLE to 5GMM-CONNECTED, or for a session's user plane.
 *
 *   UE                     AMF
 *    |<- (paging) -----------|    5.6.2.2.1
 *    |-- SERVICE REQUEST --->|    5.6.1.2; T3517
 *    |<- SERVICE ACCEPT -----|    5.6.1.4: which sessions' user planes came
 *    |<- SERVICE REJECT -----|    5.6.1.5: registration, or T3346
 */
#include "ue/internal.h"

/*
 * In the clear with what may be sent there, the rest ciphered in the NAS message container (4.4.6); on a
 * secured connection all of it is ciphered anyway.
 */
static bool request_send(struct ue *ue, uint8_t service_type)
{
	struct nas_msg m = { .type = NAS_SERVICE_REQUEST }, whole;
	struct nas_service_request *r = &m.service_request, *all = &whole.service_request;
	bool for_data = service_type == NAS_SERVICE_DATA || service_type == NAS_SERVICE_EMERGENCY;
	struct bytes complete;

	r->ngksi = ue->security.ngksi;
	r->service_type = service_type;
	r->s_tmsi.type = NAS_IDENTITY_5G_S_TMSI;
	r->s_tmsi.s_tmsi =
		(struct nas_s_tmsi){ ue->guti.guami.amf_set_id, ue->guti.guami.amf_pointer, ue->guti.tmsi };
	whole = m;
	/* 5.6.1.2: the network knows which sessions it has something for. */
	all->has_pdu_session_status = true;
	all->pdu_session_status = ue_session_status(ue);
	/* 5.6.1.2: of always-on sessions also where no user data is pending. */
	all->uplink_data_status =
		ue_ladn_sessions_here(ue) & (for_data ? UINT16_MAX : ue_session_always_on(ue));
	all->has_uplink_data_status = for_data || all->uplink_data_status;
	if (ue->radio.connected)
		return ue_nas_send(ue, &whole);
	complete = ue_nas_encoded(ue, &whole);
	r->has_nas_message_container =
		complete.len > 0 &&
		nas_decipher_container(&ue->security, NAS_UPLINK, ue->security.count[NAS_UPLINK], complete,
			&ue->host->arena, &r->nas_message_container);
	return ue_nas_send(ue, &m);
}

enum fsm_outcome ue_service_start(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	uint8_t type = *(const uint8_t *)arg;
	bool paged = type == NAS_SERVICE_MOBILE_TERMINATED;

	/* 5.3.9: whoever is paged comes, whatever T3346 says. */
	if ((ue->radio.connected && !ue->secured) || !ue->has_guti || !ue->security.active ||
		(!paged && ue_mm_put_off_until_ns(ue) > env_now_ns(ue->host->env)) ||
		(!paged && type != NAS_SERVICE_EMERGENCY && !ue_service_is_allowed(ue)))
		return FSM_REFUSED;
	ue->service_type = type;
	if (!request_send(ue, type))
		return FSM_REFUSED;
	ue_timer_set(ue, &ue->timer, ue->profile->t3517_ms, T3517_MS, ue_mm_timer);
	return FSM_OK;
}

/* Only an idle UE listens, and to its own gNB (5.6.2.2.1); one that is to register does that instead. */
void ue_paged(struct ue_host *host, const struct addr *gnb, const struct s_tmsi *s_tmsi)
{
	struct ue *ue = ue_by_s_tmsi(host, s_tmsi);
	uint8_t paged = NAS_SERVICE_MOBILE_TERMINATED;

	if (ue && !ue->radio.connected && ue_is_listening(ue) && addr_equal(&ue->radio.gnb, gnb))
		ue_mm_event(ue, MM_EV_SERVICE, &paged);
}

enum fsm_outcome ue_service_accept(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	const struct mm_message *m = arg;

	timer_stop(&ue->host->timers, &ue->timer);
	if (m->msg->service_accept.has_pdu_session_status)
		ue_session_reconcile(ue, m->msg->service_accept.pdu_session_status);
	ue_emergency_connected(ue);
	ue_session_connected(ue);
	return FSM_OK;
}

/* 5.6.1.5 */
enum fsm_outcome ue_service_reject(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	const struct mm_message *m = arg;
	const struct nas_service_reject *r = &m->msg->service_reject;

	timer_stop(&ue->host->timers, &ue->timer);
	ue->emergency_pending = false;
	log_info(ue->host->env->log, "imsi-%s: service rejected, cause %u (%s)", ue->usim.supi.imsi, r->cause,
		nas_5gmm_cause_name(r->cause));
	/* It stays registered, and asks again after T3346. */
	if (r->cause == NAS_5GMM_CONGESTION && r->has_t3346)
		ue_mm_congestion(ue, nas_timer2_s(r->t3346), m->is_protected);
	if (r->cause == NAS_5GMM_ILLEGAL_UE || r->cause == NAS_5GMM_ILLEGAL_ME ||
		r->cause == NAS_5GMM_5GS_SERVICES_NOT_ALLOWED) {
		ue_mm_forget_guti(ue);
		ue_session_release_all(ue);
		ue_mm_event(ue, MM_EV_BARRED, NULL);
		return FSM_OK;
	}
	if (ue_forbidden_cause(r->cause) && ue_forbidden_add(ue, r->cause, m->is_protected)) {
		ue_mm_forget_guti(ue);
		ue_mm_event(ue, MM_EV_TRY_AGAIN, NULL);
		return FSM_OK;
	}
	if (r->cause != NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK &&
		r->cause != NAS_5GMM_IMPLICITLY_DE_REGISTERED) {
		/* 5.6.1.7: given up, the registration stands. */
		ue_mm_event(ue, MM_EV_FAILED, NULL);
		return FSM_OK;
	}
	/* The network does not know the UE: it registers again, on a new connection. */
	ue_mm_forget_guti(ue);
	ue_connection_leave(ue, true);
	ue_say(ue, UE_EVENT_DEREGISTERED, 0, r->cause, "the network does not know the registration");
	ue_mm_event(ue, MM_EV_ENDED, NULL);
	ue_mm_event(ue, MM_EV_REGISTER, NULL);
	return FSM_OK;
}

/* T3517, or the connection failed: 5.6.1.7. */
enum fsm_outcome ue_service_failed(void *room, void *context, const void *arg)
{
	struct ue *ue = context;

	timer_stop(&ue->host->timers, &ue->timer);
	ue->emergency_pending = false;
	ue_connection_leave(ue, true);
	ue_reachability_idle(ue);
	return FSM_OK;
}
