/*
 * What a UPF says of its paths to GTP-U peers: PFCP node report, 29.244 6.2.9 and 7.4.5; 23.527 4.4.
 *
 *   SMF                                   UPF
 *    |<- Node Report Request ---------------|    user plane path failure, recovery
 *    |-- Node Report Response ------------->|
 *
 * Sessions go on: what a gNB has lost, it or its AMF tells. The operator hears of it, and sees which paths
 * are lost now.
 */
#include "core/smf/internal.h"

/* 8.2.103; an address of both kinds counts by that of IPv4. */
static struct ip peer_of(const struct pfcp_remote_gtpu_peer *p)
{
	return p->has_ipv4 ? ip_from_v4(v4_of(p->ipv4)) : p->has_ipv6 ? ip_from_v6(p->ipv6) : IP_NONE;
}

/* Its place in the list; the count: it is not in there. */
static uint8_t path_find(const struct smf_upf *u, struct ip peer)
{
	uint8_t i = 0;

	while (i < u->lost_count && !ip_equal(u->lost[i], peer))
		i++;
	return i;
}

static void path_say(struct smf *smf, const struct smf_upf *u, struct ip peer, const char *what)
{
	struct addr at = ip_to_addr(peer, 0);
	char upf[ADDR_STR_SIZE], text[ADDR_STR_SIZE];

	log_warn(smf->nf.env->log, "UPF %s %s the GTP-U peer %s", addr_str(&u->peer->addr, upf), what,
		addr_str(&at, text));
}

/* Said once, however often it is reported. One that finds no room in the list is only said. */
static void path_lost(struct smf *smf, struct smf_upf *u, struct ip peer)
{
	if (ip_is_none(peer) || path_find(u, peer) < u->lost_count)
		return;
	smf->stat[SMF_STAT_PATHS_LOST]++;
	path_say(smf, u, peer, "does not reach");
	if (u->lost_count < SMF_PATHS_LOST_MAX)
		u->lost[u->lost_count++] = peer;
}

static void path_back(struct smf *smf, struct smf_upf *u, struct ip peer)
{
	uint8_t i = path_find(u, peer);

	if (i == u->lost_count)
		return;
	u->lost[i] = u->lost[--u->lost_count];
	path_say(smf, u, peer, "reaches again");
}

static void paths(struct smf *smf, struct smf_upf *u, const struct pfcp_user_plane_path_report *reports,
	size_t count, void (*each)(struct smf *smf, struct smf_upf *u, struct ip peer))
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < reports[i].remote_gtp_u_peer_count; k++)
			each(smf, u, peer_of(&reports[i].remote_gtp_u_peer[k]));
}

void smf_upf_on_node_report(struct smf *smf, const struct pfcp_origin *from, const struct pfcp_msg *m)
{
	const struct pfcp_node_report_request *r = &m->node_report_request;
	struct smf_upf *u = from->peer->user;

	if (!u->associated) {
		pfcp_respond_cause(from, 0, PFCP_CAUSE_NO_ASSOCIATION, 0);
		return;
	}
	pfcp_respond_cause(from, 0, PFCP_CAUSE_ACCEPTED, 0);
	paths(smf, u, r->user_plane_path_failure_report, r->user_plane_path_failure_report_count, path_lost);
	paths(smf, u, r->user_plane_path_recovery_report, r->user_plane_path_recovery_report_count,
		path_back);
}
