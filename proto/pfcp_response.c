#include "proto/pfcp_internal.h"

void pfcp_respond(const struct pfcp_origin *to, struct pfcp_msg *m)
{
	struct pfcp_node *n = to->peer->node;
	struct writer w = writer_of(n->buffer, sizeof(n->buffer));
	struct pfcp_cached *e;

	m->type = to->type + 1;
	m->sequence = to->sequence;
	if (!pfcp_encode(m, &w)) {
		n->stat[PFCP_STAT_EXHAUSTED]++;
		return;
	}
	e = pfcp_cache_find(&n->cache, pfcp_origin_key(to), to->sequence);
	if (e && e->type == to->type)
		pfcp_cache_set(&n->cache, e, writer_bytes(&w));
	n->stat[PFCP_STAT_SENT]++;
	pfcp_send(n, to->peer, to->port, to->whose, writer_bytes(&w));
}

/* The offending element of a message of that type, where its response has one. */
static void pfcp_set_offending(struct pfcp_msg *m, uint16_t ie)
{
	switch (m->type) {
	case PFCP_PFD_MANAGEMENT_RESPONSE:
		m->pfd_management_response.has_offending_ie = true;
		m->pfd_management_response.offending_ie = ie;
		break;
	case PFCP_SESSION_ESTABLISHMENT_RESPONSE:
		m->session_establishment_response.has_offending_ie = true;
		m->session_establishment_response.offending_ie = ie;
		break;
	case PFCP_SESSION_MODIFICATION_RESPONSE:
		m->session_modification_response.has_offending_ie = true;
		m->session_modification_response.offending_ie = ie;
		break;
	case PFCP_SESSION_DELETION_RESPONSE:
		m->session_deletion_response.has_offending_ie = true;
		m->session_deletion_response.offending_ie = ie;
		break;
	case PFCP_SESSION_REPORT_RESPONSE:
		m->session_report_response.has_offending_ie = true;
		m->session_report_response.offending_ie = ie;
		break;
	default:
		break;
	}
}

/* Where cause, node identity and stamp stand in the response of each type. */
static void pfcp_set_cause(const struct pfcp_node *n, struct pfcp_msg *m, uint8_t cause)
{
	const struct pfcp_node_id *id = &n->config.node_id;

	switch (m->type) {
	case PFCP_PFD_MANAGEMENT_RESPONSE:
		m->pfd_management_response.cause = cause;
		break;
	case PFCP_ASSOCIATION_SETUP_RESPONSE:
		m->association_setup_response = (struct pfcp_association_setup_response){
			.node_id = *id, .cause = cause, .recovery_time_stamp = n->config.recovery
		};
		break;
	case PFCP_ASSOCIATION_UPDATE_RESPONSE:
		m->association_update_response.node_id = *id;
		m->association_update_response.cause = cause;
		break;
	case PFCP_ASSOCIATION_RELEASE_RESPONSE:
		m->association_release_response = (struct pfcp_association_release_response){ *id, cause };
		break;
	case PFCP_NODE_REPORT_RESPONSE:
		m->node_report_response.node_id = *id;
		m->node_report_response.cause = cause;
		break;
	case PFCP_SESSION_SET_DELETION_RESPONSE:
		m->session_set_deletion_response.node_id = *id;
		m->session_set_deletion_response.cause = cause;
		break;
	case PFCP_SESSION_SET_MODIFICATION_RESPONSE:
		m->session_set_modification_response.node_id = *id;
		m->session_set_modification_response.cause = cause;
		break;
	case PFCP_SESSION_ESTABLISHMENT_RESPONSE:
		m->session_establishment_response.node_id = *id;
		m->session_establishment_response.cause = cause;
		break;
	case PFCP_SESSION_MODIFICATION_RESPONSE:
		m->session_modification_response.cause = cause;
		break;
	case PFCP_SESSION_DELETION_RESPONSE:
		m->session_deletion_response.cause = cause;
		break;
	case PFCP_SESSION_REPORT_RESPONSE:
		m->session_report_response.cause = cause;
		break;
	default:
		break;
	}
}

void pfcp_respond_cause(const struct pfcp_origin *to, uint64_t seid, uint8_t cause, uint16_t offending_ie)
{
	struct pfcp_msg m = {
		.type = to->type + 1, .has_seid = to->type >= PFCP_SESSION_ESTABLISHMENT_REQUEST, .seid = seid
	};

	pfcp_set_cause(to->peer->node, &m, cause);
	if (offending_ie)
		pfcp_set_offending(&m, offending_ie);
	pfcp_respond(to, &m);
}
