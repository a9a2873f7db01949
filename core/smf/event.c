/* Events of sessions go up from here, through the state machines that smf_new() was given. */
#include "core/smf/internal.h"

const char *const smf_event_names[SM_EV_COUNT] = { "answer", "emergency", "n4 done", "n4 failed",
	"transfer failed", "transferred", "setup response", "first response", "setup failure", "activate",
	"deactivate", "release request", "release command", "release complete", "release response",
	"UE lacks it", "5GSM status", "handover required", "handover admitted", "handover failed",
	"handover complete", "handover cancel", "path switch", "modify indicated", "path switch failed",
	"downlink data", "restore", "end", "timer", "modify", "modification request", "authorized",
	"modification complete", "modification command reject", "modify response", "modify failure",
	"notified", "command failed", "T3591", "modification ended" };

enum fsm_outcome smf_session_event(
	struct smf *smf, struct smf_session *s, enum sm_event event, const void *arg)
{
	enum fsm_outcome outcome;

	/* Nothing is sent about a session that the store lost, before it has it. */
	if (mark_is_lost(smf->nf.env->turn, &s->mark))
		smf_session_dirty(smf, s);
	outcome = fsm_event(smf->life, &s->state, event, smf, s, arg);
	if (outcome == FSM_UNLISTED && s->state == SM_ESTABLISHED)
		outcome = fsm_event(smf->user_plane, &s->up, event, smf, s, arg);
	if (outcome == FSM_UNLISTED && s->state == SM_ESTABLISHED)
		outcome = fsm_event(smf->modification, &s->md, event, smf, s, arg);
	return outcome;
}

static void session_timer(void *owner, struct timer *t)
{
	smf_session_event(owner, container_of(t, struct smf_session, timer), SM_EV_TIMER, NULL);
}

void smf_session_guard(struct smf *smf, struct smf_session *s, uint32_t ms)
{
	timer_set(&smf->nf.timers, &s->timer, env_now_ns(smf->nf.env) + (uint64_t)ms * NS_PER_MS,
		session_timer);
}

void smf_session_tell(struct smf *smf, const struct smf_session *s, enum event_kind kind,
	enum event_reason reason, uint8_t cause)
{
	struct event e = { .kind = (uint8_t)kind,
		.reason = (uint8_t)reason,
		.cause_of = cause ? EVENT_CAUSE_5GSM : EVENT_CAUSE_NONE,
		.cause = cause,
		.supi = s->supi,
		.pdu_session_id = s->pdu_session_id,
		.snssai = s->snssai };

	str_copy(e.dnn, sizeof(e.dnn), s->dnn->dnn);
	nf_event(&smf->nf, &e);
}

void smf_session_log(struct smf *smf, const struct smf_session *s, const char *what)
{
	struct prefix prefix = { { s->ue.ipv6_prefix, 0 }, 64 };
	struct addr address = addr_from_v4(s->ue.ipv4, 0);
	char v4[ADDR_STR_SIZE], v6[PREFIX_STR_SIZE];
	bool both = s->ue.ipv4 && s->ue.ipv6_prefix;

	if (s->type == NAS_PDU_ETHERNET) {
		log_info(smf->nf.env->log, "imsi-%s: PDU session %u of DNN %s is %s, Ethernet", s->supi.imsi,
			s->pdu_session_id, s->dnn->dnn, what);
		return;
	}
	log_info(smf->nf.env->log, "imsi-%s: PDU session %u of DNN %s is %s, %s%s%s%s", s->supi.imsi,
		s->pdu_session_id, s->dnn->dnn, what,
		s->type == NAS_PDU_UNSTRUCTURED ? "unstructured, on N6 " : "",
		s->ue.ipv4 || !s->ue.ipv6_prefix ? addr_str(&address, v4) : "", both ? " and " : "",
		s->ue.ipv6_prefix ? prefix_str(&prefix, v6) : "");
}

enum event_reason smf_refusal_reason(enum sbi_cause cause, uint8_t gsm_cause)
{
	switch (cause) {
	case SBI_DNN_NOT_SUPPORTED:
		return EVENT_DNN_NOT_SERVED;
	case SBI_DNN_DENIED:
		return EVENT_DNN_NOT_SUBSCRIBED;
	case SBI_PDUTYPE_NOT_SUPPORTED:
		return EVENT_SESSION_TYPE;
	case SBI_PEER_NOT_RESPONDING:
		return EVENT_NO_UPF;
	case SBI_INSUFFICIENT_RESOURCES:
		return EVENT_EXHAUSTED;
	case SBI_NETWORK_FAILURE:
		return EVENT_FAULT;
	case SBI_OUT_OF_LADN_SERVICE_AREA:
		return EVENT_OUT_OF_LADN;
	default:
		return gsm_cause == NAS_5GSM_NOT_SUPPORTED_SSC_MODE ? EVENT_SESSION_TYPE : EVENT_NO_REASON;
	}
}

void smf_tell_no_session(
	struct smf *smf, const struct sm_context_create_data *req, enum sbi_cause cause, uint8_t gsm_cause)
{
	struct event e = { .kind = EVENT_SESSION_REJECTED,
		.reason = (uint8_t)smf_refusal_reason(cause, gsm_cause),
		.cause_of = EVENT_CAUSE_5GSM,
		.cause = gsm_cause,
		.supi = req->supi,
		.pdu_session_id = req->pdu_session_id,
		.snssai = *req->s_nssai };

	str_copy(e.dnn, sizeof(e.dnn), req->dnn);
	nf_event(&smf->nf, &e);
}
