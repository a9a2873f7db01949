/*
 * PDU session modification: 23.502 4.3.3.2, 24.501 6.3.2.
 *
 *   UE        gNB       AMF       SMF       UPF      PCF
 *   |         |          |         |<------------------|    29.512 4.2.3: PCC rules (policy.c)
 *   |         |          |         |-- Mod -->|             29.244 6.3.3: what goes, goes first
 *   |         |          |<- Trf --|                        29.518 5.2.2.3.1: both messages; T3591
 *   |         |<-- N2 ---|                                  38.413 8.2.3
 *   |<- COMMAND ---------|                                  24.501 6.3.2.2
 *   |         |-- N2 ----|- Upd -->|                        by flow: taken, or not
 *   |-- COMPLETE --------|- Upd -->|                        6.3.2.3, in any order
 *   |         |          |         |-- Mod -->|             what has come
 *   |         |          |         |------------------>|    29.512 4.2.4: rules that could not be had
 *
 * Each flow says what UPF, gNB and UE have of it. What is sent is the difference, so it is right after
 * whatever was lost: a flow that may or may not be there is made, or taken away, again.
 */

#include "core/smf/modification.h"
#include "core/smf/relocation.h"

/* Something of the flows is new to the gNB: an idle UE is reached for it. */
static const struct smf_flow *new_flow(const struct smf_session *s)
{
	for (uint8_t i = 1; i < s->flows.count; i++) {
		const struct smf_flow *f = smf_flow_get(&s->flows, i);

		if (!f->leaving && !(f->at & FLOW_AT_UE))
			return f;
	}
	return NULL;
}

/* The UPF was last asked for other rules than these. */
static bool upf_due(const struct smf_session *s)
{
	for (uint8_t i = 0; i < s->flows.count; i++) {
		const struct smf_flow *f = smf_flow_get(&s->flows, i);

		if (smf_flow_is_for_upf(f) != ((f->at & FLOW_ASKED) != 0) || f->at & FLOW_UPF_OLD)
			return true;
	}
	return s->ambr.uplink_bps != s->n4_have.ambr.uplink_bps ||
	       s->ambr.downlink_bps != s->n4_have.ambr.downlink_bps;
}

static void modify_upf(struct smf *smf, struct smf_session *s)
{
	if (upf_due(s))
		smf_n4_modify(smf, s);
}

/* Flows that the gNB is to get go to the UPF when it has them: it would not know their packets. */
static void hold_new_flows(struct smf_session *s)
{
	for (uint8_t i = 1; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);

		if (!f->leaving && !(f->at & (FLOW_AT_GNB | FLOW_AT_UPF)))
			f->at |= FLOW_HELD;
	}
}

static void modification_timer(void *owner, struct timer *t)
{
	smf_session_event(owner, container_of(t, struct smf_modification, timer)->s, SM_EV_T3591, NULL);
}

static void modification_wait(struct smf *smf, struct smf_modification *m)
{
	timer_set(&smf->nf.timers, &m->timer,
		env_now_ns(smf->nf.env) + (uint64_t)smf->config.t3591_ms * NS_PER_MS, modification_timer);
}

enum fsm_outcome smf_modify_later(void *room, void *context, const void *arg)
{
	smf_session_event(room, context, SM_EV_MODIFY, NULL);
	return FSM_OK;
}

/* What is sent is no more due; until it is confirmed it is not certain either. */
static void mark_asked(struct smf_session *s, bool gnb, bool ue)
{
	for (uint8_t i = 0; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);

		if (gnb && smf_flow_gnb_due(f))
			f->at = (uint16_t)((f->at & ~(FLOW_GNB_OLD | FLOW_GNB_GOES)) | FLOW_GNB_ASKED |
					   (f->leaving ? FLOW_GNB_GOES : 0));
		if (ue && smf_flow_ue_due(f))
			f->at = (uint16_t)((f->at & ~(FLOW_UE_OLD | FLOW_UE_GOES)) | FLOW_UE_ASKED |
					   (f->leaving ? FLOW_UE_GOES : 0));
	}
	s->ambr_gnb_old &= !gnb;
	s->ambr_ue_old &= !ue;
}

bool smf_modification_command(struct smf *smf, struct smf_session *s, uint8_t pti)
{
	struct bytes n1 = smf_nas_sm_modification_command(smf, s, pti);
	struct bytes n2 = s->up == UP_ACTIVE ? smf_n2_sm_modify_request(smf, s) : BYTES_NONE;
	struct smf_modification *m;

	if ((n1.len == 0 && n2.len == 0) || !smf_modification_begin(smf, s))
		return false;
	m = s->modification;
	m->pti = pti;
	m->n1 = n1.len > 0;
	m->relocates = smf_relocation_is_due(s) && !pti;
	m->n2 = n2.len > 0;
	m->n1_len = n1.len;
	may_fail(bytes_copy(m->n1_message, sizeof(m->n1_message), n1)); /* it was made in as much room */
	mark_asked(s, m->n2, m->n1);
	smf_session_dirty(smf, s);
	m->generation = smf_n11_command(smf, s, n1, n2);
	modification_wait(smf, m);
	smf->stat[SMF_STAT_MODIFICATIONS]++;
	return true;
}

void smf_modify_prepare(struct smf *smf, struct smf_session *s)
{
	if (s->up == UP_ACTIVE)
		hold_new_flows(s);
	smf_session_dirty(smf, s);
	modify_upf(smf, s);
}

/*
 * What goes, goes at the UPF at once. With an idle UE the rest waits until it comes: it is paged for new
 * flows alone.
 */
enum fsm_outcome smf_modify_start(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	struct sm_downlink wanted = { .flow = new_flow(s), .begins = true };

	if (!wanted.flow && smf_relocation_is_due(s))
		wanted.flow = &s->flows.first;

	if (!s->accepted)
		return FSM_REFUSED;
	smf_modify_prepare(smf, s);
	if (s->up == UP_INACTIVE && s->access == ACCESS_NOTIFY && wanted.flow)
		smf_session_event(smf, s, SM_EV_DOWNLINK_DATA, &wanted);
	if (s->up == UP_ACTIVE && smf_modification_command(smf, s, 0))
		return FSM_OK;
	smf_policy_confirm(smf, s); /* what concerns the UPF alone */
	return FSM_REFUSED;
}

/* Both have answered, or will not: the UPF gets what the gNB took, and what changed meanwhile is next. */
static enum fsm_outcome modify_check(struct smf *smf, struct smf_session *s)
{
	const struct smf_modification *m = s->modification;
	bool undelivered = m->undelivered;

	smf_session_dirty(smf, s);
	if (m->n1 || m->n2)
		return FSM_OK;
	smf_session_event(smf, s, SM_EV_MODIFY_END, NULL);
	smf_policy_confirm(smf, s);
	smf_flows_purge(&s->flows);
	modify_upf(smf, s);
	if (!undelivered)
		smf_session_event(smf, s, SM_EV_MODIFY, NULL);
	else if (s->up == UP_ACTIVE && !timer_is_set(&s->timer))
		smf_session_guard(smf, s, SMF_MODIFY_RETRY_MS);
	return FSM_OK;
}

enum fsm_outcome smf_modify_finish(void *room, void *context, const void *arg)
{
	smf_modification_end(room, context);
	return FSM_OK;
}

enum fsm_outcome smf_modify_complete(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;

	if (!s->modification->n1 || u->n1->pti != s->modification->pti) {
		struct nsmf_update_sm_context_rsp rsp = { .data.n1_sm_msg = smf_nas_sm_status(smf,
								  s->pdu_session_id, u->n1->pti,
								  NAS_5GSM_PTI_MISMATCH) };

		smf->stat[SMF_STAT_N1_REFUSED]++;
		smf_n11_reply(u, SBI_OK, &rsp);
		return FSM_OK;
	}
	smf_n11_reply(u, SBI_OK, NULL);
	s->modification->n1 = false;
	if (s->modification->relocates)
		smf_relocation_told(smf, s);
	for (uint8_t i = 0; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);

		if (f->at & FLOW_UE_ASKED)
			f->at = (uint16_t)((f->at & ~(FLOW_UE_ASKED | FLOW_UE_GOES | FLOW_AT_UE)) |
					   (f->at & FLOW_UE_GOES ? 0 : FLOW_AT_UE));
	}
	return modify_check(smf, s);
}

/* Flows that were asked for, and are not there or not for certain, cannot be had. True: some. */
static bool fail_asked(struct smf *smf, struct smf_session *s, unsigned asked)
{
	bool any = false;

	for (uint8_t i = 1; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);

		if (!(f->at & asked) || f->leaving)
			continue;
		smf_flow_fail(smf, s, f, FAILURE_CODE_RES_ALLO_FAIL);
		any = true;
	}
	return any;
}

/* 24.501 6.3.2.4: all stays as it was at the UE. What it was to forget it is taken to have forgotten. */
enum fsm_outcome smf_modify_reject(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;
	uint8_t cause = u->n1->pdu_session_modification_command_reject.cause;

	if (!s->modification->n1 || u->n1->pti != s->modification->pti)
		return smf_modify_complete(room, context, arg);
	smf_n11_reply(u, SBI_OK, NULL);
	smf->stat[SMF_STAT_MODIFICATIONS_REJECTED]++;
	log_info(smf->nf.env->log, "imsi-%s: PDU session %u: the UE refuses a modification: %s", s->supi.imsi,
		s->pdu_session_id, nas_5gsm_cause_name(cause) ? nas_5gsm_cause_name(cause) : "?");
	s->modification->n1 = false;
	if (cause == NAS_5GSM_INVALID_PDU_SESSION_IDENTITY)
		return smf_session_event(smf, s, SM_EV_UE_LACKS, u);
	for (uint8_t i = 0; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);

		if (f->at & FLOW_UE_GOES)
			f->at &= (uint16_t)~(FLOW_UE_ASKED | FLOW_AT_UE);
	}
	fail_asked(smf, s, FLOW_UE_ASKED);
	smf_flows_mark(&s->flows, FLOW_UE_ASKED | FLOW_UE_GOES, 0);
	return modify_check(smf, s);
}

/* 24.501 6.5.3: the UE does not know the transaction; whether it has what was asked is not known. */
enum fsm_outcome smf_modify_unknown(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	smf_n11_reply(arg, SBI_OK, NULL);
	smf->stat[SMF_STAT_MODIFICATIONS_REJECTED]++;
	s->modification->n1 = false;
	s->modification->undelivered = !fail_asked(smf, s, FLOW_UE_ASKED);
	s->ambr_ue_old = true;
	return modify_check(smf, s);
}

static void take_response(struct smf *smf, struct smf_session *s, uint64_t accepted)
{
	for (uint8_t i = 0; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);
		bool taken = accepted >> f->qfi & 1;

		if (!(f->at & FLOW_GNB_ASKED))
			continue;
		if (f->at & FLOW_GNB_GOES)
			f->at &= (uint16_t)~FLOW_AT_GNB;
		else if (taken)
			f->at |= FLOW_AT_GNB;
		else
			smf_flow_fail(smf, s, f, FAILURE_CODE_RES_ALLO_FAIL);
		f->at &= (uint16_t)~(FLOW_GNB_ASKED | FLOW_GNB_GOES | FLOW_HELD);
	}
}

enum fsm_outcome smf_modify_response(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;
	uint64_t accepted, failed;

	if (!smf_n2_sm_modify_response(smf, u->req->data.n2_sm_info, &accepted, &failed)) {
		smf->stat[SMF_STAT_N2_REFUSED]++;
		return smf_modify_failure(room, context, arg);
	}
	smf_n11_reply(u, SBI_OK, NULL);
	s->modification->n2 = false;
	take_response(smf, s, accepted);
	return modify_check(smf, s);
}

/* 38.413 8.2.3.3: all stays as it was at the gNB. */
enum fsm_outcome smf_modify_failure(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	smf_n11_reply(arg, SBI_OK, NULL);
	s->modification->n2 = false;
	for (uint8_t i = 0; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);

		if (f->at & FLOW_GNB_GOES) { /* it has it still, and is asked again later */
			f->at &= (uint16_t)~(FLOW_GNB_ASKED | FLOW_GNB_GOES);
			s->modification->undelivered = true;
		}
	}
	if (s->up == UP_ACTIVE) {
		take_response(smf, s, 0);
	} else { /* the gNB hands the UE over: the next one is asked */
		smf_flows_mark(&s->flows, FLOW_GNB_ASKED, 0);
		s->ambr_gnb_old = s->modification->undelivered = true;
	}
	return modify_check(smf, s);
}

/* The UE is idle, or was not reached: what was sent went nowhere, and is due again when it comes. */
enum fsm_outcome smf_modify_failed(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	struct smf_modification *m = s->modification;

	timer_stop(&smf->nf.timers, &m->timer);
	m->n1 = m->n2 = false;
	m->undelivered = true;
	s->ambr_ue_old = s->ambr_gnb_old = true;
	return modify_check(smf, s);
}

/* 24.501 6.3.2.5 a: four repetitions, then new flows go again; what UE and gNB have is not known. */
enum fsm_outcome smf_modify_again(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	struct smf_modification *m = s->modification;

	if (m->retries++ < SMF_RETRIES_MAX && m->n1) {
		m->generation = smf_n11_command(smf, s, bytes_of(m->n1_message, m->n1_len), BYTES_NONE);
		modification_wait(smf, m);
		return FSM_OK;
	}
	smf->stat[SMF_STAT_T3591_EXPIRED] += m->n1;
	m->undelivered = !fail_asked(
		smf, s, (m->n1 ? (unsigned)FLOW_UE_ASKED : 0) | (m->n2 ? (unsigned)FLOW_GNB_ASKED : 0));
	s->ambr_ue_old |= m->n1;
	s->ambr_gnb_old |= m->n2;
	m->n1 = m->n2 = false;
	return modify_check(smf, s);
}

/* The UPF did not take what is new: it goes again. */
enum fsm_outcome smf_modify_n4_refused(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	bool any = false;

	for (uint8_t i = 1; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);

		if (!(f->at & FLOW_ASKED) || f->at & FLOW_AT_UPF || f->leaving)
			continue;
		smf_flow_fail(smf, s, f, FAILURE_CODE_RES_ALLO_FAIL);
		any = true;
	}
	if (any)
		smf_session_event(smf, s, SM_EV_MODIFY, NULL);
	return FSM_OK;
}
