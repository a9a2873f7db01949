/* The tunnel that a session moves to, and the one that it has moved from (38.413 8.2.5, 29.281 7.3.2). */
#include "gnb/other_tunnel.h"

void gnb_other_tunnel_drop(struct gnb *gnb, struct gnb_session *s)
{
	if (s->other_teid)
		hash_remove(&gnb->session_by_other, &s->by_other);
	s->other_teid = 0;
	s->indicated = false;
}

static void other_tunnel_set(struct gnb *gnb, struct gnb_session *s, uint32_t teid, bool indicated)
{
	gnb_other_tunnel_drop(gnb, s);
	s->other_teid = teid;
	s->indicated = indicated;
	hash_insert(&gnb->session_by_other, &s->by_other, teid, 0);
}

void gnb_other_tunnel_indicate(struct gnb *gnb, struct gnb_session *s, uint32_t teid)
{
	other_tunnel_set(gnb, s, teid, true);
}

/* While a session is forwarded its tunnel keeps its name. */
void gnb_other_tunnel_use(struct gnb *gnb, struct gnb_session *s)
{
	uint32_t before = s->dl_teid, now = s->other_teid;

	if (!s->indicated || s->forward)
		return;
	hash_remove(&gnb->session_by_teid, &s->by_teid);
	other_tunnel_set(gnb, s, before, false);
	s->dl_teid = now;
	hash_insert(&gnb->session_by_teid, &s->by_teid, now, 0);
	gnb->stat[GNB_STAT_TUNNELS_MOVED]++;
}

static struct gnb_session *session_of_other(struct gnb *gnb, uint32_t teid)
{
	return hash_get(&gnb->session_by_other, teid, 0, struct gnb_session, by_other);
}

struct gnb_session *gnb_session_of_other_tunnel(struct gnb *gnb, const struct addr *upf, uint32_t teid)
{
	struct gnb_session *s = session_of_other(gnb, teid);

	if (s && addr_same_host(&s->upf, upf))
		gnb_other_tunnel_use(gnb, s);
	return s;
}

bool gnb_other_tunnel_end_marker(struct gnb *gnb, const struct addr *upf, uint32_t teid)
{
	struct gnb_session *s = hash_get(&gnb->session_by_teid, teid, 0, struct gnb_session, by_teid);

	if (s && s->indicated && !s->forward && addr_same_host(&s->upf, upf))
		gnb_other_tunnel_use(gnb, s); /* and the marker is of the one before */
	s = session_of_other(gnb, teid);
	if (!s || s->indicated || !addr_same_host(&s->upf, upf))
		return false;
	gnb_other_tunnel_drop(gnb, s);
	return true;
}
