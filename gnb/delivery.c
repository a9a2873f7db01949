/* A user packet of a session to its UE: the end of every way that the downlink takes. */
#include "gnb/internal.h"

/* 29.281 5.2.2.7: the container names the QoS flow; without one it is the first. */
uint8_t gnb_session_qfi(const struct gnb_session *s, const struct gtpu_header *h)
{
	return h->has_pdu_session ? h->pdu_session.qfi : (uint8_t)__builtin_ctzll(s->flows);
}

enum gnb_verdict gnb_session_deliver(
	struct gnb *gnb, struct gnb_session *s, uint8_t qfi, struct gnb_packet *p)
{
	if (!(s->flows >> qfi & 1) || !s->ue->radio.on_air || p->len == 0) {
		gnb->stat[GNB_STAT_DOWNLINK_DROPPED]++;
		return GNB_DROP;
	}
	s->ue->active_ns = env_now_ns(gnb->env);
	s->dl_count++;
	gnb->stat[GNB_STAT_DOWNLINK_PACKETS]++;
	gnb->stat[GNB_STAT_DOWNLINK_OCTETS] += p->len;
	return gnb_rrc_data_put(gnb, &(struct gnb_rrc_data){ s->ue, s->drb, qfi, p->rqi }, p);
}
