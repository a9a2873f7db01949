/*
 * PFCP associations, 29.244 6.2.6 to 6.2.8, and the SMFs' restarts, 23.527 4.2.
 *
 *   SMF                                   UPF
 *    |-- Association Setup Request -------->|    6.2.6: sessions go unless their retention is asked (5.22)
 *    |<- Association Setup Response --------|
 *    |<- Association Setup Request ---------|    6.2.6.3: once, when the UPF has started
 *    |-- Association Setup Response ------->|
 *    |<- Heartbeat Request -----------------|    6.2.2, from then on
 *    |-- Association Release Request ------>|    6.2.8: all sessions go
 *    |<- Association Release Response ------|
 */
#include "core/upf/internal.h"

/* 29.244 5.22: the SMF asks to keep its sessions; addresses, if any, name which of its entities'. */
static bool retains(const struct upf_smf *smf, const struct pfcp_association_setup_request *r)
{
	const struct pfcp_session_retention_information *info = &r->session_retention_information;

	if (!r->has_session_retention_information || info->cp_pfcp_entity_ip_address_count == 0)
		return r->has_session_retention_information;
	for (size_t i = 0; i < info->cp_pfcp_entity_ip_address_count; i++) {
		const struct pfcp_addresses *a = &info->cp_pfcp_entity_ip_address[i];

		if (a->has_ipv4 && bytes_equal(BYTES(a->ipv4), bytes_of(smf->peer->addr.ip, 4)))
			return true;
	}
	return false;
}

static struct tlv_flags features(const struct upf *upf)
{
	return (struct tlv_flags){ upf->config.smf_teids ? UPF_FEATURES & ~PFCP_UP_FTUP : UPF_FEATURES, 2 };
}

/* 8.2.82 of Release 15: without FTUP each SMF has TEIDs of its own. */
static struct pfcp_user_plane_resource resource_of(const struct upf *upf, const struct upf_smf *smf)
{
	struct pfcp_user_plane_resource r = { .has_ipv4 = true,
		.teid_range_bits = upf_teid_range_bits(upf),
		.teid_range = (uint8_t)(smf - upf->smfs) };

	bytes_copy(r.ipv4, sizeof(r.ipv4), bytes_of(upf->config.n3_address.ip, sizeof(r.ipv4)));
	return r;
}

void upf_on_association_setup(struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *request)
{
	const struct pfcp_association_setup_request *r = &request->association_setup_request;
	struct upf_smf *smf = upf_smf_of(from->peer);
	struct pfcp_msg m = { 0 };
	bool retain = retains(smf, r);
	struct pfcp_user_plane_resource resource = resource_of(upf, smf);
	char text[ADDR_STR_SIZE];

	if (!retain)
		upf_delete_all(upf, smf);
	smf->associated = true;
	pfcp_withdraw(smf->peer, PFCP_ASSOCIATION_SETUP_REQUEST); /* the SMF was first */
	upf->stat[UPF_STAT_ASSOCIATIONS]++;
	log_info(upf->env->log, "SMF %s is associated; %u sessions are kept",
		addr_str(&smf->peer->addr, text), smf->session_count);
	m.association_setup_response = (struct pfcp_association_setup_response){ .node_id = upf_node_id(upf),
		.cause = PFCP_CAUSE_ACCEPTED,
		.recovery_time_stamp = upf->recovery,
		.has_up_function_features = true,
		.up_function_features = features(upf),
		.user_plane_resource_count = upf->config.smf_teids,
		.user_plane_resource = &resource,
		.has_asrsp_flags = retain,
		.asrsp_flags = { smf->session_count ? PFCP_ASRSP_PSREI : 0, 1 } };
	pfcp_respond(from, &m);
	pfcp_heartbeat_start(smf->peer);
	if (upf->leaving)
		upf_leave_smf(upf, smf);
}

/* The SMFs ask as well, so nothing follows from a refusal, or from silence. */
static void announce(void *owner, struct timer *t)
{
	struct upf *upf = owner;

	for (uint8_t i = 0; i < upf->config.smf_count; i++) {
		struct pfcp_msg m = { .type = PFCP_ASSOCIATION_SETUP_REQUEST };
		struct pfcp_user_plane_resource resource = resource_of(upf, &upf->smfs[i]);

		if (upf->smfs[i].associated)
			continue;
		m.association_setup_request = (struct pfcp_association_setup_request){
			.node_id = upf_node_id(upf),
			.recovery_time_stamp = upf->recovery,
			.has_up_function_features = true,
			.up_function_features = features(upf),
			.user_plane_resource_count = upf->config.smf_teids,
			.user_plane_resource = &resource,
		};
		may_fail(pfcp_request(upf->smfs[i].peer, &m, (struct pfcp_token){ 0 }));
	}
}

void upf_announce(struct upf *upf)
{
	timer_set(&upf->timers, &upf->announcement, env_now_ns(upf->env), announce);
}

void upf_on_association_response(struct upf *upf, struct pfcp_peer *peer, const struct pfcp_msg *m)
{
	struct upf_smf *smf = upf_smf_of(peer);

	if (!m || m->association_setup_response.cause != PFCP_CAUSE_ACCEPTED || smf->associated)
		return;
	smf->associated = true;
	upf->stat[UPF_STAT_ASSOCIATIONS]++;
	pfcp_heartbeat_start(peer);
}

void upf_on_association_release(struct upf *upf, const struct pfcp_origin *from)
{
	struct upf_smf *smf = upf_smf_of(from->peer);

	if (!smf->associated) {
		pfcp_respond_cause(from, 0, PFCP_CAUSE_NO_ASSOCIATION, 0);
		return;
	}
	upf_delete_all(upf, smf);
	smf->associated = false;
	pfcp_heartbeat_stop(smf->peer);
	pfcp_respond_cause(from, 0, PFCP_CAUSE_ACCEPTED, 0);
	upf_tell_left(upf);
}

/*
 * A restarted SMF decides with its association what becomes of its sessions; until then, and while it does
 * not answer, they go on (23.527 4.2.2).
 */
void upf_on_smf(struct upf *upf, struct pfcp_peer *peer, enum pfcp_peer_event event)
{
	struct upf_smf *smf = upf_smf_of(peer);
	char text[ADDR_STR_SIZE];

	log_warn(upf->env->log, "SMF %s %s; its %u sessions go on", addr_str(&peer->addr, text),
		event == PFCP_PEER_RESTARTED ? "has restarted" : "does not answer", smf->session_count);
	if (event == PFCP_PEER_RESTARTED)
		smf->associated = false;
	else if (smf->associated)
		pfcp_heartbeat_start(peer);
}
