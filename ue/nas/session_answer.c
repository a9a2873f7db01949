/*
 * What the network sends of PDU sessions: 24.501 6.3 and 6.4, and the transport of 5.4.5.
 *
 *   UE                                          SMF
 *    |<- PDU SESSION ESTABLISHMENT ACCEPT --------|    6.4.1.3; REJECT: 6.4.1.4, back-off T3396
 *    |<- PDU SESSION RELEASE COMMAND -------------|    6.3.3.2, or answer to our request
 *    |-- PDU SESSION RELEASE COMPLETE ----------->|    6.3.3.3
 *    |<- PDU SESSION MODIFICATION COMMAND --------|    6.3.2.2
 *    |-- PDU SESSION MODIFICATION COMPLETE ------>|    6.3.2.3
 */
#include "ue/ipv6.h"

/* Answers with the transaction of the message at hand. */
bool ue_session_answer(struct ue *ue, uint8_t psi, uint8_t pti, const struct nas_msg *sm)
{
	struct ue_session temporary = { .ue = ue, .pti = pti, .info.psi = psi };

	return ue_session_send(&temporary, sm, 0);
}

static void status_send(struct ue *ue, const struct nas_msg *of, uint8_t cause)
{
	struct nas_msg m = { .type = NAS_GSM_STATUS, .gsm_status.cause = cause };

	ue->host->stat[UE_STAT_NAS_UNEXPECTED]++;
	ue_session_answer(ue, of->pdu_session_id, of->pti, &m);
}

enum fsm_outcome ue_session_accept(void *room, void *context, const void *arg)
{
	struct ue_session *s = context;
	const struct nas_msg *m = arg;
	struct ue *ue = s->ue;
	const struct nas_pdu_session_establishment_accept *a = &m->pdu_session_establishment_accept;
	struct ue_session_order o = ue_session_order_of(s);
	struct addr address;
	char text[ADDR_STR_SIZE];
	uint8_t cause;

	timer_stop(&ue->host->timers, &s->timer);
	s->retries = 0;
	if (a->has_cause) /* one family of two: the other one is not asked for (6.4.1.3) */
		ue_backoff_take(ue, &o, &(struct ue_refusal){ .cause = a->cause });
	if (!ue_session_take_accept(s, a, &cause)) {
		log_warn(ue->host->env->log, "imsi-%s: session %u is unusable, cause %u (%s)",
			ue->usim.supi.imsi, s->info.psi, cause, nas_5gsm_cause_name(cause));
		ue->host->stat[UE_STAT_SESSION_REJECTS]++;
		ue_say(ue, UE_EVENT_SESSION_FAILED, s->info.psi, cause, "session %u is unusable: %s",
			s->info.psi, nas_5gsm_cause_name(cause));
		ue_sm_event(s, SM_EV_RELEASE, &cause);
		return FSM_OK;
	}
	s->pti = 0;
	ue_ipv6_begin(s);
	address = addr_from_v4(s->info.ipv4, 0);
	ue->host->stat[UE_STAT_SESSIONS]++;
	if (ue_session_is_link(s)) {
		ue_say(ue, UE_EVENT_SESSION_UP, s->info.psi, 0, "session %u up, %s, DNN %s", s->info.psi,
			s->info.pdu_session_type == NAS_PDU_ETHERNET ? "Ethernet" : "unstructured",
			s->info.dnn);
		return FSM_OK;
	}
	ue_say(ue, UE_EVENT_SESSION_UP, s->info.psi, 0, "session %u up with %s%s%s, DNN %s", s->info.psi,
		s->info.ipv4 ? "address " : "", s->info.ipv4 ? addr_str(&address, text) : "IPv6",
		s->info.ipv4 && s->info.interface_id ? " and IPv6" : "", s->info.dnn);
	return FSM_OK;
}

/* A timer of the network's, in 5GSM a GPRS timer 3 (24.501 9.11.2.5). */
static struct ue_refusal refusal_of(uint8_t cause, bool has_timer, uint8_t timer)
{
	return (struct ue_refusal){
		.cause = cause, .has_timer = has_timer, .s = has_timer ? nas_timer3_s(timer) : 0
	};
}

static void session_failed(struct ue_session *s, uint8_t cause, const char *why)
{
	struct ue *ue = s->ue;
	uint8_t psi = s->info.psi;

	ue->host->stat[UE_STAT_SESSION_REJECTS]++;
	log_info(ue->host->env->log, "imsi-%s: session %u refused, cause %u (%s)", ue->usim.supi.imsi, psi,
		cause, why ? why : "?");
	ue_session_free(s);
	ue_say(ue, UE_EVENT_SESSION_FAILED, psi, cause, "session %u refused: %s", psi, why ? why : "?");
}

enum fsm_outcome ue_session_reject(void *room, void *context, const void *arg)
{
	const struct nas_msg *m = arg;
	const struct nas_pdu_session_establishment_reject *r = &m->pdu_session_establishment_reject;
	struct ue_session *s = context;
	struct ue_session_order o = ue_session_order_of(s);
	struct ue_refusal refusal = refusal_of(r->cause, r->has_backoff_timer, r->backoff_timer);

	refusal.all_plmns = r->has_congestion_reattempt_indicator &&
			    r->congestion_reattempt_indicator & NAS_CONGESTION_ABO;
	if (r->has_allowed_ssc_mode)
		refusal.ssc_allowed = (uint8_t)(r->allowed_ssc_mode << 1);
	ue_backoff_take(s->ue, &o, &refusal);
	ue_session_auto_later(s->ue);
	session_failed(s, r->cause, nas_5gsm_cause_name(r->cause));
	return FSM_GONE;
}

/* 5.4.5.3.3: what the AMF refuses by itself is put off like what the SMF refuses. */
static void returned(const struct ue_session *s, const struct nas_dl_nas_transport *t, bool modification)
{
	struct ue_session_order o = ue_session_order_of(s);
	struct ue_refusal refusal = refusal_of(t->cause, t->has_backoff_timer, t->backoff_timer);

	refusal.modification = modification;
	if (t->cause == NAS_5GMM_CONGESTION)
		refusal.cause = NAS_5GSM_INSUFFICIENT_RESOURCES;
	else if (t->cause == NAS_5GMM_LADN_NOT_AVAILABLE)
		refusal.cause = NAS_5GSM_OUT_OF_LADN_SERVICE_AREA;
	else if (t->cause == NAS_5GMM_DNN_NOT_SUPPORTED_OR_NOT_SUBSCRIBED_IN_THE_SLICE)
		refusal.cause = NAS_5GSM_MISSING_OR_UNKNOWN_DNN_IN_A_SLICE;
	else if (t->cause != NAS_5GMM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE_AND_DNN &&
		 t->cause != NAS_5GMM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE)
		refusal.cause = NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED;
	ue_backoff_take(s->ue, &o, &refusal);
}

/* 5.4.5.3.3: arg is the DL NAS TRANSPORT that gives the request back. */
enum fsm_outcome ue_session_not_forwarded(void *room, void *context, const void *arg)
{
	const struct nas_dl_nas_transport *t = arg;
	struct ue_session *s = context;

	returned(s, t, false);
	ue_session_auto_later(s->ue);
	session_failed(s, t->cause, nas_5gmm_cause_name(t->cause));
	return FSM_GONE;
}

static void session_down(struct ue_session *s, uint8_t cause)
{
	struct ue *ue = s->ue;
	uint8_t psi = s->info.psi;

	ue_session_free(s);
	ue_say(ue, UE_EVENT_SESSION_DOWN, psi, cause, "session %u released, cause %u (%s)", psi, cause,
		nas_5gsm_cause_name(cause));
}

/* 6.3.3.3, of the network's own will or as the answer to our request */
enum fsm_outcome ue_session_release_command(void *room, void *context, const void *arg)
{
	struct ue_session *s = context;
	struct ue *ue = s->ue;
	const struct nas_msg *m = arg;
	struct nas_msg complete = { .type = NAS_PDU_SESSION_RELEASE_COMPLETE };
	const struct nas_pdu_session_release_command *command = &m->pdu_session_release_command;
	struct ue_session_order o = ue_session_order_of(s);
	struct ue_refusal refusal =
		refusal_of(command->cause, command->has_backoff_timer, command->backoff_timer);
	uint8_t cause = command->cause;
	struct snssai snssai = s->info.snssai;
	uint8_t type = s->type_asked;
	bool asked_snssai = s->asked_snssai, by_us = m->pti != 0;
	char dnn[DNN_STR_SIZE];

	str_copy(dnn, sizeof(dnn), s->info.dnn);
	refusal.all_plmns = command->has_congestion_reattempt_indicator &&
			    command->congestion_reattempt_indicator & NAS_CONGESTION_ABO;
	ue_session_answer(ue, s->info.psi, m->pti, &complete);
	ue_backoff_stop(ue, &o);
	if (refusal.has_timer)
		ue_backoff_take(ue, &o, &refusal);
	session_down(s, cause);
	/* 6.3.3.3: what the network ends for good is asked for no more, until the UE registers. */
	if (cause != NAS_5GSM_REACTIVATION_REQUESTED && cause != NAS_5GSM_REGULAR_DEACTIVATION && !by_us)
		ue_session_auto_later(ue);
	o = (struct ue_session_order){ .dnn = dnn[0] ? dnn : NULL, .snssai = asked_snssai ? &snssai : NULL };
	if (cause ==
		NAS_5GSM_REACTIVATION_REQUESTED) /* of the type that is allowed, if the last was another */
		ue_session_establish_type(ue, o.dnn, o.snssai, ue_backoff_type(ue, &o, type));
	return FSM_GONE;
}

/* 6.4.3.4: the network has no such session, or does not answer: it is gone here. */
enum fsm_outcome ue_session_release_reject(void *room, void *context, const void *arg)
{
	struct ue_session *s = context;

	session_down(s, s->release_cause);
	return FSM_GONE;
}

/* 6.3.2.3, of the network's own will or as the answer to our request */
enum fsm_outcome ue_session_modification_command(void *room, void *context, const void *arg)
{
	struct ue_session *s = context;
	const struct nas_msg *m = arg;
	struct nas_msg answer = { .type = NAS_PDU_SESSION_MODIFICATION_COMPLETE };
	struct ue_session_order o = ue_session_order_of(s);
	uint8_t cause;

	timer_stop(&s->ue->host->timers, &s->timer);
	ue_flow_request_end(s); /* answered, or given up for the network's own procedure (6.4.2.6) */
	ue_backoff_stop(s->ue, &o);
	if (!ue_session_take_modification(s, &m->pdu_session_modification_command, &cause)) {
		answer.type = NAS_PDU_SESSION_MODIFICATION_COMMAND_REJECT;
		answer.pdu_session_modification_command_reject =
			(struct nas_pdu_session_modification_command_reject){ .cause = cause };
	}
	s->pti = 0;
	s->done_pti = cause ? 0 : m->pti;
	ue_session_answer(s->ue, s->info.psi, m->pti, &answer);
	ue_say(s->ue, UE_EVENT_SESSION_CHANGED, s->info.psi, cause, "session %u %s", s->info.psi,
		cause ? "stays as it was" : "is changed");
	if (m->pdu_session_modification_command.has_cause &&
		m->pdu_session_modification_command.cause == NAS_5GSM_REACTIVATION_REQUESTED)
		ue_session_replace(s);
	return FSM_OK;
}

static enum fsm_outcome modification_ends(struct ue_session *s, uint8_t cause, const char *why)
{
	timer_stop(&s->ue->host->timers, &s->timer);
	ue_flow_request_end(s);
	s->pti = 0;
	ue_say(s->ue, UE_EVENT_SESSION_CHANGED, s->info.psi, cause, "session %u stays as it was: %s",
		s->info.psi, why ? why : "?");
	return FSM_OK;
}

/* 6.4.2.4: the session stays as it is. arg is NULL when nobody answered. */
enum fsm_outcome ue_session_modification_reject(void *room, void *context, const void *arg)
{
	struct ue_session *s = context;
	const struct nas_msg *m = arg;
	const struct nas_pdu_session_modification_reject *r = m ? &m->pdu_session_modification_reject : NULL;
	uint8_t cause = r ? r->cause : NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED;
	struct ue_session_order o = ue_session_order_of(s);

	if (r) {
		struct ue_refusal refusal = refusal_of(r->cause, r->has_backoff_timer, r->backoff_timer);

		refusal.modification = true;
		refusal.all_plmns = r->has_congestion_reattempt_indicator &&
				    r->congestion_reattempt_indicator & NAS_CONGESTION_ABO;
		ue_backoff_take(s->ue, &o, &refusal);
	}
	return modification_ends(s, cause, nas_5gsm_cause_name(cause));
}

/* Likewise, by the AMF. */
enum fsm_outcome ue_session_modification_returned(void *room, void *context, const void *arg)
{
	const struct nas_dl_nas_transport *t = arg;

	returned(context, t, true);
	return modification_ends(context, t->cause, nas_5gmm_cause_name(t->cause));
}

static const struct session_event {
	enum nas_msg_type type;
	enum sm_event event;
	bool answers; /* carries the PTI of our request; a command may also carry none (0) */
} session_events[] = {
	{ NAS_PDU_SESSION_ESTABLISHMENT_ACCEPT, SM_EV_ACCEPT, true },
	{ NAS_PDU_SESSION_ESTABLISHMENT_REJECT, SM_EV_REJECT, true },
	{ NAS_PDU_SESSION_RELEASE_REJECT, SM_EV_RELEASE_REJECT, true },
	{ NAS_PDU_SESSION_RELEASE_COMMAND, SM_EV_RELEASE_COMMAND, false },
	{ NAS_PDU_SESSION_MODIFICATION_COMMAND, SM_EV_MODIFICATION_COMMAND, false },
	{ NAS_PDU_SESSION_MODIFICATION_REJECT, SM_EV_MODIFICATION_REJECT, true },
	{ NAS_PDU_SESSION_AUTHENTICATION_COMMAND, SM_EV_AUTHENTICATION_COMMAND, false },
	{ NAS_PDU_SESSION_AUTHENTICATION_RESULT, SM_EV_AUTHENTICATION_RESULT, false },
};

/* 6.5.2: the network does not know the session, or not the transaction; other causes change nothing. */
static void status_receive(struct ue *ue, struct ue_session *s, const struct nas_msg *m)
{
	uint8_t cause = m->gsm_status.cause;

	log_info(ue->host->env->log, "imsi-%s: 5GSM status for session %u, cause %u", ue->usim.supi.imsi,
		m->pdu_session_id, cause);
	if (s && cause == NAS_5GSM_INVALID_PDU_SESSION_IDENTITY) {
		ue_sm_event(s, SM_EV_LOCAL_RELEASE, NULL);
		ue_session_auto_later(ue);
	} else if (s && s->pti != 0 && s->pti == m->pti &&
		   (cause == NAS_5GSM_PTI_MISMATCH || cause == NAS_5GSM_INVALID_PTI_VALUE ||
			   cause == NAS_CAUSE_MESSAGE_UNKNOWN)) {
		timer_stop(&ue->host->timers, &s->timer);
		ue_sm_event(s, SM_EV_GIVE_UP, NULL);
	}
}

/* 7.3.1: the network has not heard that it was taken. Any other transaction but the present is a mismatch. */
static bool is_again(const struct ue_session *s, const struct nas_msg *m)
{
	return m->type == NAS_PDU_SESSION_MODIFICATION_COMMAND && m->pti == s->done_pti && s->pti == 0;
}

static void session_dispatch(struct ue *ue, const struct nas_msg *m)
{
	struct ue_session *s = ue_session_find(ue, m->pdu_session_id);

	if (m->type == NAS_GSM_STATUS) {
		status_receive(ue, s, m);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(session_events); i++) {
		if (session_events[i].type != m->type)
			continue;
		if (!s) /* 7.3.2 */
			status_send(ue, m, NAS_5GSM_INVALID_PDU_SESSION_IDENTITY);
		else if ((m->pti != 0 || session_events[i].answers) && m->pti != s->pti && !is_again(s, m))
			status_send(ue, m, NAS_5GSM_PTI_MISMATCH);
		else if (ue_sm_event(s, session_events[i].event, m) == FSM_UNLISTED)
			status_send(ue, m, NAS_CAUSE_MESSAGE_NOT_COMPATIBLE);
		return;
	}
	status_send(ue, m, NAS_CAUSE_MESSAGE_UNKNOWN);
}

void ue_session_receive(struct ue *ue, const struct nas_dl_nas_transport *t)
{
	struct ue_session *s = t->has_pdu_session_id ? ue_session_find(ue, t->pdu_session_id) : NULL;
	struct tlv_fault fault;
	struct nas_msg m;

	if (t->payload_container_type != NAS_PAYLOAD_N1_SM) {
		ue->host->stat[UE_STAT_NAS_UNEXPECTED]++;
		return;
	}
	if (t->has_cause) {
		if (s)
			ue_sm_event(s, SM_EV_NOT_FORWARDED, t);
		return;
	}
	if (nas_decode(t->payload_container, &ue->host->arena, &m, &fault) && nas_is_5gsm(m.type)) {
		session_dispatch(ue, &m);
		return;
	}
	ue->host->stat[UE_STAT_NAS_REFUSED]++;
	if (fault.answer)
		status_send(ue, &m, fault.cause);
}
