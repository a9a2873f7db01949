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
#include "ue/internal.h"

/* Answers with the transaction of the message at hand. */
static bool answer_send(struct ue *ue, uint8_t psi, uint8_t pti, const struct nas_msg *sm)
{
	struct ue_session temporary = { .ue = ue, .pti = pti, .info.psi = psi };

	return ue_session_send(&temporary, sm, 0);
}

static void status_send(struct ue *ue, const struct nas_msg *of, uint8_t cause)
{
	struct nas_msg m = { .type = NAS_GSM_STATUS, .gsm_status.cause = cause };

	ue->host->stat[UE_STAT_NAS_UNEXPECTED]++;
	answer_send(ue, of->pdu_session_id, of->pti, &m);
}

enum fsm_outcome ue_session_accept(void *room, void *context, const void *arg)
{
	struct ue_session *s = context;
	const struct nas_msg *m = arg;
	struct ue *ue = s->ue;
	struct addr address;
	char text[ADDR_STR_SIZE];
	uint8_t cause;

	timer_stop(&ue->host->timers, &s->timer);
	s->retries = 0;
	if (!ue_session_take_accept(s, &m->pdu_session_establishment_accept, &cause)) {
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
	struct ue *ue = s->ue;
	uint8_t cause = r->cause;

	ue_session_auto_later(ue, cause, r->has_backoff_timer, r->backoff_timer);
	session_failed(s, cause, nas_5gsm_cause_name(cause));
	return FSM_GONE;
}

/* 5.4.5.3.3: arg is the DL NAS TRANSPORT that gives the request back. */
enum fsm_outcome ue_session_not_forwarded(void *room, void *context, const void *arg)
{
	const struct nas_dl_nas_transport *t = arg;
	struct ue_session *s = context;

	ue_session_auto_later(s->ue, 0, t->has_backoff_timer, t->backoff_timer);
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
	uint8_t cause = m->pdu_session_release_command.cause;
	struct snssai snssai = s->info.snssai;
	uint8_t type = s->type_asked;
	bool asked_snssai = s->asked_snssai, by_us = m->pti != 0;
	char dnn[DNN_STR_SIZE];

	str_copy(dnn, sizeof(dnn), s->info.dnn);
	answer_send(ue, s->info.psi, m->pti, &complete);
	session_down(s, cause);
	if (cause != NAS_5GSM_REACTIVATION_REQUESTED && !by_us)
		ue_session_auto_later(ue, cause, m->pdu_session_release_command.has_backoff_timer,
			m->pdu_session_release_command.backoff_timer);
	if (cause == NAS_5GSM_REACTIVATION_REQUESTED)
		ue_session_establish_type(ue, dnn[0] ? dnn : NULL, asked_snssai ? &snssai : NULL, type);
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
	uint8_t cause;

	timer_stop(&s->ue->host->timers, &s->timer);
	ue_flow_request_end(s); /* answered, or given up for the network's own procedure (6.4.2.6) */
	if (!ue_session_take_modification(s, &m->pdu_session_modification_command, &cause)) {
		answer.type = NAS_PDU_SESSION_MODIFICATION_COMMAND_REJECT;
		answer.pdu_session_modification_command_reject =
			(struct nas_pdu_session_modification_command_reject){ .cause = cause };
	}
	s->pti = 0;
	answer_send(s->ue, s->info.psi, m->pti, &answer);
	ue_say(s->ue, UE_EVENT_SESSION_CHANGED, s->info.psi, cause, "session %u %s", s->info.psi,
		cause ? "stays as it was" : "is changed");
	if (m->pdu_session_modification_command.has_cause &&
		m->pdu_session_modification_command.cause == NAS_5GSM_REACTIVATION_REQUESTED)
		ue_session_replace(s);
	return FSM_OK;
}

/* 6.4.2.4: the session stays as it is. arg is NULL when nobody answered. */
enum fsm_outcome ue_session_modification_reject(void *room, void *context, const void *arg)
{
	struct ue_session *s = context;
	const struct nas_msg *m = arg;
	uint8_t cause = NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED;

	timer_stop(&s->ue->host->timers, &s->timer);
	ue_flow_request_end(s);
	s->pti = 0;
	if (m && m->type == NAS_PDU_SESSION_MODIFICATION_REJECT)
		cause = m->pdu_session_modification_reject.cause;
	ue_say(s->ue, UE_EVENT_SESSION_CHANGED, s->info.psi, cause, "session %u stays as it was: %s",
		s->info.psi, nas_5gsm_cause_name(cause) ? nas_5gsm_cause_name(cause) : "?");
	return FSM_OK;
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
};

static void session_dispatch(struct ue *ue, const struct nas_msg *m)
{
	struct ue_session *s = ue_session_find(ue, m->pdu_session_id);

	if (m->type == NAS_GSM_STATUS) { /* 6.5.3 */
		log_info(ue->host->env->log, "imsi-%s: 5GSM status for session %u, cause %u",
			ue->usim.supi.imsi, m->pdu_session_id, m->gsm_status.cause);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(session_events); i++) {
		if (session_events[i].type != m->type)
			continue;
		if (!s) /* 7.3.2 */
			status_send(ue, m, NAS_5GSM_INVALID_PDU_SESSION_IDENTITY);
		else if ((m->pti != 0 || session_events[i].answers) && m->pti != s->pti) /* 7.3.1 */
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
