/* N4: which procedure a PFCP message is of. */
#include "core/upf/internal.h"

static void on_request(void *owner, const struct pfcp_origin *from, const struct pfcp_msg *m)
{
	struct upf *upf = owner;

	switch (m->type) {
	case PFCP_ASSOCIATION_SETUP_REQUEST:
		upf_on_association_setup(upf, from, m);
		break;
	case PFCP_ASSOCIATION_UPDATE_REQUEST:
		pfcp_respond_cause(from, 0,
			upf_smf_of(from->peer)->associated ? PFCP_CAUSE_ACCEPTED : PFCP_CAUSE_NO_ASSOCIATION,
			0);
		break;
	case PFCP_ASSOCIATION_RELEASE_REQUEST:
		upf_on_association_release(upf, from);
		break;
	case PFCP_SESSION_SET_DELETION_REQUEST:
		upf_on_session_set_deletion(upf, from, m);
		break;
	case PFCP_SESSION_SET_MODIFICATION_REQUEST:
		upf_on_session_set_modification(upf, from, m);
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
	upf_collect(upf);
}

static void on_response(void *owner, struct pfcp_peer *peer, enum pfcp_msg_type request,
	struct pfcp_token token, const struct pfcp_msg *m)
{
	if (request == PFCP_SESSION_REPORT_REQUEST)
		upf_on_report_response(owner, peer, token, m);
	else if (request == PFCP_ASSOCIATION_SETUP_REQUEST)
		upf_on_association_response(owner, peer, m);
	else if (request == PFCP_ASSOCIATION_UPDATE_REQUEST)
		upf_on_leaving_response(owner, peer, m);
	upf_collect(owner);
}

static void on_peer(void *owner, struct pfcp_peer *peer, enum pfcp_peer_event event)
{
	upf_on_smf(owner, peer, event);
}

static uint64_t remote_seid(void *owner, struct pfcp_peer *peer, uint64_t seid)
{
	const struct upf_session *s = upf_session_find(owner, upf_smf_of(peer), seid);

	return s ? s->cp_seid : 0;
}

bool upf_n4_init(struct upf *upf)
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
	upf_announce(upf);
	return upf->pfcp != NULL;
}
