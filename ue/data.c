/* User packets of the UE, between the TUN device and the bearers of its sessions. */
#include "ue/ipv6.h"

#include <stdlib.h>

enum { IPV4_HEADER_MIN = 20, IPV4_SOURCE = 12, IPV6_HEADER = 40, IPV6_SOURCE = 8 };

/* The session that has the packet's source: its address, of IPv6 its /64. */
static bool session_has(const struct ue_session *s, struct bytes packet)
{
	struct cursor c = cursor_of(packet);

	if (packet.data[0] >> 4 == 4 && packet.len >= IPV4_HEADER_MIN) {
		cursor_skip(&c, IPV4_SOURCE);
		return s->info.ipv4 && cursor_u32(&c) == s->info.ipv4;
	}
	if (packet.data[0] >> 4 != 6 || packet.len < IPV6_HEADER)
		return false;
	cursor_skip(&c, IPV6_SOURCE);
	return !ip_is_none(s->info.ipv6) && cursor_u64(&c) == s->info.ipv6.high;
}

/* The first that is not of IP: what has no addresses has no other way to choose. */
static struct ue_session *session_of_link(const struct ue *ue)
{
	for (struct ue_session *s = ue->sessions; s; s = s->next)
		if (s->state == SM_ACTIVE && ue_session_is_link(s))
			return s;
	return NULL;
}

static struct ue_session *session_of_packet(const struct ue *ue, struct bytes packet)
{
	for (struct ue_session *s = ue->sessions; s && packet.len > 0; s = s->next)
		if (s->state == SM_ACTIVE && session_has(s, packet))
			return s;
	for (struct ue_session *s = ue->profile->router ? ue->sessions : NULL; s; s = s->next)
		if (s->state == SM_ACTIVE && !ue_session_is_link(s) && packet.len > 0)
			return s;
	return NULL;
}

/* Derived rules have a precedence between those that are signalled (24.501 6.2.5.1.4.2). */
uint8_t ue_flow_of_packet(const struct ue_session *s, struct bytes packet)
{
	uint64_t now_ns = env_now_ns(s->ue->host->env);
	struct ue_flow_key key;
	uint8_t qfi = 0;

	if (!s->qos || ue_session_is_link(s))
		return s->rule.qfi;
	if (!ue_flow_key_read(packet, true, &key))
		return 0;
	qfi = ue_qos_match(s->qos, &key, 0, UE_DERIVED_PRECEDENCE - 1);
	if (!qfi && s->reflective)
		qfi = ue_reflective_match(s->reflective, &key, now_ns);
	return qfi ? qfi : ue_qos_match(s->qos, &key, UE_DERIVED_PRECEDENCE, UINT8_MAX);
}

/* 24.501 6.2.5.1.4.3: a packet with RQI. Without memory the uplink goes as it did. */
static void reflect(struct ue_session *s, struct bytes packet, uint8_t qfi)
{
	if (!s->rq_timer_s || !s->qos)
		return;
	if (!s->reflective)
		s->reflective = calloc(1, sizeof(*s->reflective));
	if (!s->reflective)
		return;
	s->reflective->timer_s = s->rq_timer_s;
	ue_reflective_derive(s->reflective, packet, qfi, env_now_ns(s->ue->host->env));
}

static bool uplink(struct ue *ue, struct ue_session *s, struct ue_packet *p)
{
	struct ue_host *host = ue->host;
	uint8_t qfi;

	if (s && !s->drb)
		ue_mm_event(ue, MM_EV_SERVICE,
			&(uint8_t){ NAS_SERVICE_DATA }); /* 5.6.1.1 d: uplink user data is pending */
	qfi = s ? ue_flow_of_packet(s, bytes_of(p->data, p->len)) : 0;
	if (!s || !s->drb || !qfi) {
		host->stat[UE_STAT_PACKETS_DROPPED]++;
		return false;
	}
	host->stat[UE_STAT_PACKETS_UP]++;
	return ue_rrc_data_put(&(struct ue_rrc_data){ ue, s->info.psi, s->drb, qfi }, p);
}

bool ue_uplink(struct ue *ue, struct ue_packet *p)
{
	return uplink(ue, session_of_packet(ue, bytes_of(p->data, p->len)), p);
}

void ue_tun_on_msg(struct ue_host *host, const struct msg *m)
{
	struct ue *ue = m->assoc < UE_MAX ? pool_at(&host->ues, (uint32_t)m->assoc) : NULL;
	struct ue_packet p = { host->air + UE_HEADROOM, m->data.len };

	if (!ue || !bytes_copy(p.data, UE_IP_PACKET_MAX, m->data) ||
		!(m->port == UE_PORT_LINK ? uplink(ue, session_of_link(ue), &p) : ue_uplink(ue, &p)))
		return;
	may_fail(outbox_send_to(host->env->outbox, UE_PORT_AIR, &ue->radio.gnb,
		bytes_of(p.data, p.len))); /* packets may be lost */
}

/* A packet of a session, which may be none (NULL). False: it is not for its user. */
static bool is_for_user(struct ue_host *host, struct ue_session *s, struct bytes packet)
{
	if (!s || s->state == SM_INACTIVE) {
		host->stat[UE_STAT_PACKETS_DROPPED]++;
		return false;
	}
	if (ue_ipv6_receive(s, packet) || ue_delegation_receive(s, packet))
		return false;
	host->stat[UE_STAT_PACKETS_DOWN]++;
	return true;
}

static struct ue_session *downlink(struct ue_host *host, struct ue_packet *p)
{
	struct ue_rrc_data d;
	struct ue_session *s = ue_rrc_data_take(host, p, &d) ? ue_session_of_drb(d.ue, d.drb) : NULL;

	if (!is_for_user(host, s, bytes_of(p->data, p->len)))
		return NULL;
	if (d.rqi)
		reflect(s, bytes_of(p->data, p->len), d.qfi);
	return s;
}

bool ue_downlink(struct ue_host *host, struct ue_packet *p, struct ue **out)
{
	struct ue_session *s = downlink(host, p);

	*out = s ? s->ue : NULL;
	return s != NULL;
}

static void to_user(struct ue_session *s, struct bytes packet)
{
	may_fail(outbox_put(
		s->ue->host->env->outbox, &(struct msg){ .kind = MSG_DATA,
						  .port = ue_session_is_link(s) ? UE_PORT_LINK : UE_PORT_TUN,
						  .assoc = ue_index(s->ue),
						  .data = packet })); /* packets may be lost */
}

void ue_session_packet(struct ue *ue, uint8_t psi, struct bytes packet)
{
	struct ue_session *s = ue_session_find(ue, psi);

	if (is_for_user(ue->host, s, packet))
		to_user(s, packet);
}

void ue_session_reflect(struct ue *ue, uint8_t psi, uint8_t qfi, struct bytes packet)
{
	struct ue_session *s = ue_session_find(ue, psi);

	if (s && s->state != SM_INACTIVE)
		reflect(s, packet, qfi);
}

/* What came by the way of messages: a packet for the TUN device; else it is RRC's. */
void ue_data_on_air(struct ue_host *host, const struct msg *m)
{
	struct ue_packet p = { host->air, m->data.len };
	struct ue_session *s;

	if (!ue_is_user_data(m->data)) {
		ue_rrc_on_msg(host, m);
		return;
	}
	if (bytes_copy(host->air, sizeof(host->air), m->data) && (s = downlink(host, &p)))
		to_user(s, bytes_of(p.data, p.len));
}
