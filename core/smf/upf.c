/*
 * The UPFs: associations (29.244 6.2.6), their restarts (23.527 4.3), and what of them outlives the process.
 *
 *   SMF                                   UPF
 *    |-- Association Setup Request -------->|    6.2.6; again until it is answered
 *    |<- Association Setup Response --------|    another stamp: its sessions are established again
 *    |<- Association Setup Request ---------|    6.2.6.3: it has started; asked in turn what it retained
 *    |<- Heartbeat Request, Response ------>|    6.2.2, both ways
 */
#include <stdio.h>

#include "core/smf/data_networks.h"
#include "core/smf/teid.h"

/* 29.244 8.2.134: PFCP session retained indication. */
enum { PFCP_ASRSP_PSREI = 1 << 0 };

static void upf_ask(struct smf *smf, struct smf_upf *u);

struct pfcp_node_id smf_upf_own_node_id(const struct smf *smf)
{
	struct pfcp_node_id id = { .type = PFCP_NODE_IPV4 };

	v4_octets(addr_v4(&smf->config.n4_address), id.ipv4);
	return id;
}

static struct bytes upf_store_key(const struct smf_upf *u, char buf[STORE_KEY_MAX])
{
	char addr[ADDR_STR_SIZE];

	snprintf(buf, STORE_KEY_MAX, "smf_upf/%.48s", addr_str(&u->peer->addr, addr));
	return bytes_of_str(buf);
}

/* The peer's Recovery Time Stamp outlives the process: a restart in between is noticed. So does its
 * association, as sessions do, and what the operator wants of it. */
bool smf_recovery_put(void *room, struct mark *m)
{
	struct smf *smf = room;
	const struct smf_upf *u = container_of(m, struct smf_upf, recovery);
	bool own = m == &smf->recovery_mark;
	uint8_t octets[9];
	struct writer w = writer_of(octets, sizeof(octets));
	char key[STORE_KEY_MAX];

	writer_u32(&w, own ? smf->recovery : u->peer->recovery);
	if (!own) {
		writer_u32(&w, u->association);
		writer_u8(&w, u->drained);
	}
	return store_put(smf->nf.env->store, STORE_META,
		own ? bytes_of_str(SMF_RECOVERY_KEY) : upf_store_key(u, key), writer_bytes(&w));
}

/* Versions before had four octets each and no more, later ones may have more. */
void smf_upf_restore(struct smf *smf, struct smf_upf *u)
{
	char key[STORE_KEY_MAX];
	struct bytes value;
	struct cursor c;

	u->association = 1;
	if (!store_get(smf->nf.env->store, STORE_META, upf_store_key(u, key), &value) || value.len < 8)
		return;
	c = cursor_of(value);
	pfcp_peer_set_recovery(u->peer, cursor_u32(&c));
	u->association = cursor_u32(&c);
	u->drained = cursor_left(&c) > 0 && cursor_u8(&c);
}

bool smf_session_is_lost(const struct smf *smf, const struct smf_session *s)
{
	return s->up_seid != 0 && s->association != smf->upfs[s->upf].association;
}

/* However many they are, it takes no turn longer: each shows by its association that it is lost. */
static void upf_sessions_lost(struct smf *smf, struct smf_upf *u)
{
	if (u->sessions > 0)
		log_warn(smf->nf.env->log, "UPF %u lost its %u sessions: they are established again",
			smf_upf_index(smf, u), u->sessions);
	u->association = u->association == UINT32_MAX ? 1 : u->association + 1;
	mark_set(&smf->times_to_store, &u->recovery);
}

/* The timer of an associated UPF looks for sessions to restore, that of another asks for the association. */
static void upf_timer(void *owner, struct timer *t)
{
	struct smf *smf = owner;
	struct smf_upf *u = container_of(t, struct smf_upf, retry);

	if (u->associated)
		smf_upf_restore_more(smf, u);
	else
		upf_ask(smf, u);
}

static void upf_wait(struct smf *smf, struct smf_upf *u, uint32_t ms)
{
	timer_set(&smf->nf.timers, &u->retry, env_now_ns(smf->nf.env) + (uint64_t)ms * NS_PER_MS, upf_timer);
}

/* What one session needs; false when it could not be sent. */
static bool upf_restore_one(struct smf *smf, struct smf_session *s)
{
	if (s->n4_establishing || (!smf_session_is_lost(smf, s) && !s->n4_again))
		return true;
	s->n4_batch = true;
	return smf_session_event(smf, s, SM_EV_RESTORE, NULL) != FSM_REFUSED;
}

void smf_upf_restore_more(struct smf *smf, struct smf_upf *u)
{
	uint8_t index = smf_upf_index(smf, u);

	while (u->associated && u->restore && u->restoring < SMF_RESTORE_BATCH) {
		struct smf_session *s = pool_next(&smf->sessions, &u->restore_at);

		if (!s) {
			u->restore = false;
			return;
		}
		if (s->upf == index && !upf_restore_one(smf, s)) {
			upf_wait(smf, u, smf->config.association_retry_ms);
			return;
		}
		u->restore_at++;
	}
}

void smf_upf_restore_later(struct smf *smf, struct smf_upf *u, uint32_t ms)
{
	u->restore = true;
	u->restore_at = 0;
	if (u->associated && !timer_is_set(&u->retry))
		upf_wait(smf, u, ms);
}

static void upf_lost(struct smf *smf, struct smf_upf *u)
{
	char addr[ADDR_STR_SIZE];

	if (u->associated)
		log_warn(smf->nf.env->log, "UPF %s: the association is lost; its %u sessions are kept",
			addr_str(&u->peer->addr, addr), u->sessions);
	u->associated = u->leaving = false;
	u->lost_count = 0;
	timer_stop(&smf->nf.timers, &u->leaving_timer);
	u->retry_ms = smf->config.association_retry_ms;
	pfcp_heartbeat_stop(u->peer);
}

static void upf_ask(struct smf *smf, struct smf_upf *u)
{
	struct pfcp_msg m = { .type = PFCP_ASSOCIATION_SETUP_REQUEST };
	struct pfcp_association_setup_request *r = &m.association_setup_request;
	struct pfcp_addresses own = { .has_ipv4 = true };

	if (u->asking || u->withdrawn)
		return;
	r->node_id = smf_upf_own_node_id(smf);
	r->recovery_time_stamp = smf->recovery;
	/* 29.244 5.22: keep the sessions. */
	v4_octets(addr_v4(&smf->config.n4_address), own.ipv4);
	r->has_session_retention_information = smf->kept || u->sessions > 0;
	r->session_retention_information.cp_pfcp_entity_ip_address_count = 1;
	r->session_retention_information.cp_pfcp_entity_ip_address = &own;
	u->asking = pfcp_request(u->peer, &m, (struct pfcp_token){ 0 });
	if (!u->asking)
		upf_wait(smf, u, u->retry_ms);
}

static void upf_again(struct smf *smf, struct smf_upf *u)
{
	upf_wait(smf, u, u->retry_ms);
	u->retry_ms = u->retry_ms * 2 < SMF_ASSOCIATION_RETRY_MAX_MS ? u->retry_ms * 2
								     : SMF_ASSOCIATION_RETRY_MAX_MS;
}

static void upf_associated(struct smf *smf, struct smf_upf *u)
{
	char addr[ADDR_STR_SIZE];

	log_info(smf->nf.env->log, "UPF %s is associated", addr_str(&u->peer->addr, addr));
	timer_stop(&smf->nf.timers, &u->retry);
	u->associated = true;
	u->associated_s = env_utc_ms(smf->nf.env) / MS_PER_S;
	u->retry_ms = smf->config.association_retry_ms;
	u->restore = true;
	u->restore_at = 0;
	mark_set(&smf->times_to_store, &u->recovery);
	pfcp_heartbeat_start(u->peer);
	smf_upf_restore_more(smf, u);
}

/* 29.244 5.5: it chooses its F-TEIDs, or says which the SMF may choose, as those of Release 15 may. */
static bool upf_take_features(struct smf *smf, struct smf_upf *u, struct tlv_flags features,
	const struct pfcp_user_plane_resource *resources, size_t count)
{
	char addr[ADDR_STR_SIZE];

	if (features.bits & PFCP_UP_FTUP || smf_teid_range_take(u, resources, count)) {
		u->features = features.bits;
		return true;
	}
	log_error(smf->nf.env->log,
		"UPF %s neither allocates F-TEIDs (FTUP) nor says which are its own (User Plane IP Resource "
		"Information): not used",
		addr_str(&u->peer->addr, addr));
	return false;
}

void smf_upf_on_setup_response(struct smf *smf, struct smf_upf *u, const struct pfcp_msg *m)
{
	const struct pfcp_association_setup_response *r = m ? &m->association_setup_response : NULL;

	u->asking = false;
	if (!r || r->cause != PFCP_CAUSE_ACCEPTED ||
		!upf_take_features(smf, u, r->up_function_features, r->user_plane_resource,
			r->user_plane_resource_count)) {
		smf->stat[SMF_STAT_N4_FAILURES]++;
		upf_again(smf, u);
		return;
	}
	if (u->sessions > 0 && r->has_asrsp_flags && !(r->asrsp_flags.bits & PFCP_ASRSP_PSREI))
		upf_sessions_lost(smf, u);
	upf_associated(smf, u);
}

/*
 * The UPF asks for the association itself: it has started, perhaps within the second of its Recovery Time
 * Stamp, or repeats what was answered by an association of ours. Where it may have sessions, its answer to us
 * tells.
 */
void smf_upf_on_setup_request(struct smf *smf, const struct pfcp_origin *from, const struct pfcp_msg *m)
{
	const struct pfcp_association_setup_request *r = &m->association_setup_request;
	struct smf_upf *u = from->peer->user;

	if (u->withdrawn) {
		pfcp_respond_cause(from, 0, PFCP_CAUSE_REJECTED, 0);
		return;
	}
	if (!upf_take_features(
		    smf, u, r->up_function_features, r->user_plane_resource, r->user_plane_resource_count)) {
		pfcp_respond_cause(from, 0, PFCP_CAUSE_SERVICE_NOT_SUPPORTED, 0);
		return;
	}
	pfcp_respond_cause(from, 0, PFCP_CAUSE_ACCEPTED, 0);
	if (u->asking)
		return;
	if (!u->associated && u->sessions == 0) {
		upf_associated(smf, u);
		return;
	}
	upf_lost(smf, u); /* nothing is established meanwhile */
	upf_ask(smf, u);
}

/* It releases the association, and its sessions with it. */
void smf_upf_on_release(struct smf *smf, struct smf_upf *u)
{
	upf_lost(smf, u);
	upf_sessions_lost(smf, u);
	upf_again(smf, u);
}

/* The SMF has released it: it comes again when the UPF asks. */
void smf_upf_left(struct smf *smf, struct smf_upf *u)
{
	upf_lost(smf, u);
	upf_sessions_lost(smf, u);
}

void smf_upf_on_peer(struct smf *smf, struct smf_upf *u, enum pfcp_peer_event event)
{
	upf_lost(smf, u);
	smf->stat[SMF_STAT_UPFS_LOST] += event == PFCP_PEER_LOST;
	if (event == PFCP_PEER_RESTARTED) {
		smf->stat[SMF_STAT_UPF_RESTARTS]++;
		upf_sessions_lost(smf, u);
	}
	upf_ask(smf, u);
}

void smf_upf_forgot(struct smf *smf, struct smf_upf *u)
{
	if (!u->associated)
		return;
	upf_lost(smf, u);
	upf_sessions_lost(smf, u);
	upf_again(smf, u); /* not at once: it may go on saying so */
}

bool smf_upf_add(struct smf *smf, struct smf_upf *u)
{
	u->config = &smf->config.upfs[smf_upf_index(smf, u)];
	u->peer = pfcp_peer_add(smf->pfcp, &u->config->address);
	if (!u->peer)
		return false;
	u->peer->user = u;
	smf_upf_restore(smf, u);
	smf_upf_begin(smf, u);
	return true;
}

void smf_upf_begin(struct smf *smf, struct smf_upf *u)
{
	u->retry_ms = smf->config.association_retry_ms;
	upf_wait(smf, u, 0);
}
