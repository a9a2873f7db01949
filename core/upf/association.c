/* PFCP associations, 29.244 6.2.6 to 6.2.8, and the SMFs' restarts, 23.527 4.2. */
#include "core/upf/internal.h"

struct pfcp_node_id upf_node_id(const struct upf *upf)
{
	struct pfcp_node_id id = { .type = PFCP_NODE_IPV4 };

	bytes_copy(id.ipv4, sizeof(id.ipv4), bytes_of(upf->config.n4_address.ip, sizeof(id.ipv4)));
	return id;
}

struct upf_smf *upf_smf_of(const struct pfcp_peer *p)
{
	return p->user;
}

/* 29.244 5.22: the SMF asks to keep its sessions; addresses, if any, say which of its entities'. */
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

static void on_setup(struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *request)
{
	const struct pfcp_association_setup_request *r = &request->association_setup_request;
	struct upf_smf *smf = upf_smf_of(from->peer);
	struct pfcp_msg m = { 0 };
	bool retain = retains(smf, r);
	char text[ADDR_STR_SIZE];

	if (!retain)
		upf_delete_all(upf, smf);
	smf->associated = true;
	upf->stat[UPF_STAT_ASSOCIATIONS]++;
	log_info(upf->env->log, "SMF %s is associated; %u sessions are kept",
		addr_str(&smf->peer->addr, text), smf->session_count);
	m.association_setup_response = (struct pfcp_association_setup_response){ .node_id = upf_node_id(upf),
		.cause = PFCP_CAUSE_ACCEPTED,
		.recovery_time_stamp = upf->recovery,
		.has_up_function_features = true,
		.up_function_features = { PFCP_UP_FTUP | PFCP_UP_EMPU, 2 },
		.has_asrsp_flags = retain,
		.asrsp_flags = { smf->session_count ? PFCP_ASRSP_PSREI : 0, 1 } };
	pfcp_respond(from, &m);
	pfcp_heartbeat_start(smf->peer);
}

static void on_release(struct upf *upf, const struct pfcp_origin *from)
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
}

static void on_request(void *owner, const struct pfcp_origin *from, const struct pfcp_msg *m)
{
	struct upf *upf = owner;

	switch (m->type) {
	case PFCP_ASSOCIATION_SETUP_REQUEST:
		on_setup(upf, from, m);
		break;
	case PFCP_ASSOCIATION_UPDATE_REQUEST:
		pfcp_respond_cause(from, 0,
			upf_smf_of(from->peer)->associated ? PFCP_CAUSE_ACCEPTED : PFCP_CAUSE_NO_ASSOCIATION,
			0);
		break;
	case PFCP_ASSOCIATION_RELEASE_REQUEST:
		on_release(upf, from);
		break;
	case PFCP_SESSION_ESTABLISHMENT_REQUEST:
		upf_on_establishment(upf, from, m);
		break;
	case PFCP_SESSION_MODIFICATION_REQUEST:
		upf_on_modification(upf, from, m);
		break;
	case PFCP_SESSION_DELETION_REQUEST:
		upf_on_deletion(upf, from, m);
		break;
	default:
		pfcp_respond_cause(from, 0, PFCP_CAUSE_SERVICE_NOT_SUPPORTED, 0);
	}
	upf_epoch_collect(&upf->data.epoch);
}

static void on_response(void *owner, struct pfcp_peer *peer, enum pfcp_msg_type request,
	struct pfcp_token token, const struct pfcp_msg *m)
{
	if (request == PFCP_SESSION_REPORT_REQUEST)
		upf_on_report_response(owner, peer, token, m);
}

/*
 * A restarted SMF says with its association what becomes of its sessions; until then, and while it does not
 * answer, they go on (23.527 4.2.2).
 */
static void on_peer(void *owner, struct pfcp_peer *peer, enum pfcp_peer_event event)
{
	struct upf *upf = owner;
	struct upf_smf *smf = upf_smf_of(peer);
	char text[ADDR_STR_SIZE];

	log_warn(upf->env->log, "SMF %s %s; its %u sessions go on", addr_str(&peer->addr, text),
		event == PFCP_PEER_RESTARTED ? "has restarted" : "does not answer", smf->session_count);
	if (event == PFCP_PEER_RESTARTED)
		smf->associated = false;
	else if (smf->associated)
		pfcp_heartbeat_start(peer);
}

static uint64_t remote_seid(void *owner, struct pfcp_peer *peer, uint64_t seid)
{
	const struct upf_session *s = upf_session_find(owner, upf_smf_of(peer), seid);

	return s ? s->cp_seid : 0;
}

bool upf_associations_init(struct upf *upf)
{
	static const struct pfcp_node_ops ops = { on_request, on_response, on_peer, remote_seid };
	struct pfcp_node_config config = { .port = UPF_PORT_N4,
		.node_id = upf_node_id(upf),
		.recovery = upf->recovery,
		.t1_ms = upf->config.pfcp_t1_ms,
		.heartbeat_ms = upf->config.pfcp_heartbeat_ms,
		.n1 = upf->config.pfcp_n1 };

	upf->pfcp = pfcp_node_new(&config, &ops, upf, upf->env, &upf->timers);
	for (uint8_t i = 0; upf->pfcp && i < upf->config.smf_count; i++) {
		struct upf_smf *smf = &upf->smfs[i];

		smf->peer = pfcp_peer_add(upf->pfcp, &upf->config.smfs[i]);
		if (!smf->peer)
			return false;
		smf->peer->user = smf;
	}
	return upf->pfcp != NULL;
}
