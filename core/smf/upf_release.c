/*
 * A UPF that is to end, or that the configuration has no more: PFCP association update and
 * release, 29.244 6.2.7.3, 6.2.8 and 5.18.
 *
 *   SMF                                   UPF
 *    |<- Association Update Request --------|    SARR, perhaps with a graceful release period
 *    |-- Association Update Response ------>|    from now on it gets no new session
 *    |-- Session Deletion Request --------->|    when the period is over; their UEs may ask for others (#39)
 *    |-- Association Release Request ------>|    when there is none, or at the latest SMF_UPF_LEAVING_MS
 * later
 *    |<- Association Release Response ------|    away, until it asks for the association
 */
#include "core/smf/data_networks.h"

/* 8.2.77 */
enum { PFCP_RELEASE_SARR = 1 << 0 };

/* 8.2.78; of no unit that is known: minutes. */
static uint64_t period_ms(uint8_t value)
{
	static const uint32_t units_s[8] = { 2, 60, 600, 3600, 36000, 60, 60, 0 };
	uint32_t unit_s = units_s[value >> 5];

	return unit_s ? (uint64_t)(value & 31) * unit_s * MS_PER_S : UINT64_MAX;
}

/* The next few sessions: no turn is longer for a UPF that has more. False: all have been looked at. */
static bool release_some(struct smf *smf, struct smf_upf *u)
{
	uint8_t index = smf_upf_index(smf, u);

	for (int i = 0; i < SMF_RESTORE_BATCH; i++) {
		struct smf_session *s = pool_next(&smf->sessions, &u->leaving_at);

		if (!s) {
			u->leaving_at = 0;
			return false;
		}
		u->leaving_at++;
		if (s->upf == index && s->state != SM_RELEASING)
			may_fail(smf_release_session(
				smf, &s->supi, s->pdu_session_id, NAS_5GSM_REACTIVATION_REQUESTED));
	}
	return true;
}

static void association_release(struct smf *smf, struct smf_upf *u)
{
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_RELEASE_REQUEST };

	m.association_release_request.node_id = smf_upf_own_node_id(smf);
	if (!pfcp_request(u->peer, &m, (struct pfcp_token){ 0 }))
		smf_upf_left(smf, u);
}

static void leaving_timer(void *owner, struct timer *t)
{
	struct smf *smf = owner;
	struct smf_upf *u = container_of(t, struct smf_upf, leaving_timer);
	uint64_t now_ms = env_now_ns(smf->nf.env) / NS_PER_MS;
	uint32_t again_ms = SMF_UPF_LEAVING_LOOK_MS;

	if (!u->associated || !u->leaving)
		return;
	if (u->sessions == 0 ||
		(now_ms > u->leaving_until_ms && now_ms - u->leaving_until_ms > SMF_UPF_LEAVING_MS)) {
		association_release(smf, u);
		return;
	}
	if (now_ms >= u->leaving_until_ms && release_some(smf, u))
		again_ms = 1;
	timer_set(
		&smf->nf.timers, t, env_now_ns(smf->nf.env) + (uint64_t)again_ms * NS_PER_MS, leaving_timer);
}

static void leave(struct smf *smf, struct smf_upf *u, uint64_t ms)
{
	uint64_t now_ms = env_now_ns(smf->nf.env) / NS_PER_MS;
	char addr[ADDR_STR_SIZE];

	log_warn(smf->nf.env->log,
		"UPF %s is to end, or not to be ours: it gets no more sessions, and has %u",
		addr_str(&u->peer->addr, addr), u->sessions);
	u->leaving = true;
	u->leaving_at = 0;
	u->leaving_until_ms = ms < UINT64_MAX - now_ms ? now_ms + ms : UINT64_MAX;
	timer_set(&smf->nf.timers, &u->leaving_timer, env_now_ns(smf->nf.env), leaving_timer);
}

void smf_upf_withdraw(struct smf *smf, struct smf_upf *u)
{
	if (u->associated)
		leave(smf, u, 0);
	else
		smf_upf_left(smf, u);
}

void smf_upf_on_update_request(struct smf *smf, const struct pfcp_origin *from, const struct pfcp_msg *m)
{
	const struct pfcp_association_update_request *r = &m->association_update_request;
	struct smf_upf *u = from->peer->user;

	if (!u->associated) {
		pfcp_respond_cause(from, 0, PFCP_CAUSE_NO_ASSOCIATION, 0);
		return;
	}
	pfcp_respond_cause(from, 0, PFCP_CAUSE_ACCEPTED, 0);
	if (r->has_up_function_features)
		u->features = r->up_function_features.bits;
	if (r->has_association_release_request && r->association_release_request.bits & PFCP_RELEASE_SARR)
		leave(smf, u, r->has_graceful_release_period ? period_ms(r->graceful_release_period) : 0);
}
