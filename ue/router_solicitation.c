/*
 * IPv6 of a PDU session: 23.501 5.8.2.2.3, RFC 4861 6.3, RFC 4862 5.5.
 *
 *   UE                                    SMF
 *    |-- Router Solicitation -------------->|    from the link-local address of the identifier it was given
 *    |<- Router Advertisement --------------|    the /64; with the identifier it is the UE's address
 *    |   again after 4 s, 8 s, ... an hour (RFC 7559), as long as there is a user plane
 */
#include "ue/ipv6.h"
#include "wire/ip/nd.h"

/* RFC 7559 2: the first interval and the longest. RFC 4861 6.3.7: a second at most before the first, in which
 * an advertisement comes mostly. */
enum { SOLICITATION_MS = 4000, SOLICITATION_MAX_MS = 3600000, FIRST_MS = 500, PREFIX_BITS = 64 };

static void solicit(struct ue_session *s);

static void solicit_again(void *owner, struct timer *t)
{
	solicit(container_of(t, struct ue_session, solicitation));
}

/* Without a bearer it waits for the next one. */
static void solicit(struct ue_session *s)
{
	struct ue_host *host = s->ue->host;
	struct ue_packet p = { host->air + UE_HEADROOM, 0 };
	struct writer w = writer_of(p.data, ND_PACKET_MAX);

	if (!s->drb)
		return;
	s->solicitation_ms = s->solicitation_ms ? s->solicitation_ms * 2 : SOLICITATION_MS;
	if (s->solicitation_ms > SOLICITATION_MAX_MS)
		s->solicitation_ms = SOLICITATION_MAX_MS;
	ue_timer_set(s->ue, &s->solicitation, s->solicitation_ms, 0, solicit_again);
	if (!nd_solicitation_encode(nd_link_local(s->info.interface_id), &w))
		return;
	p.len = w.len;
	host->stat[UE_STAT_SOLICITATIONS]++;
	if (ue_rrc_data_put(&(struct ue_rrc_data){ s->ue, s->info.psi, s->drb, s->info.qfi }, &p))
		may_fail(outbox_send_to(host->env->outbox, UE_PORT_AIR, &s->ue->radio.gnb,
			bytes_of(p.data, p.len))); /* packets may be lost */
}

void ue_ipv6_begin(struct ue_session *s)
{
	if (s->info.pdu_session_type != NAS_PDU_IPV6 && s->info.pdu_session_type != NAS_PDU_IPV4V6)
		return;
	if (!s->drb || !ip_is_none(s->info.ipv6) || timer_is_set(&s->solicitation))
		return;
	s->solicitation_ms = 0;
	ue_timer_set(s->ue, &s->solicitation, FIRST_MS + env_random_u32(s->ue->host->env) % FIRST_MS, 0,
		solicit_again);
}

static void take_advertisement(struct ue_session *s, const struct nd_advertisement *a)
{
	struct ip address = { a->prefix.ip.high, s->info.interface_id };
	char text[ADDR_STR_SIZE];
	struct addr shown = ip_to_addr(address, 0);

	if (a->mtu >= 1280)
		s->info.mtu6 = (uint16_t)(a->mtu < UINT16_MAX ? a->mtu : UINT16_MAX);
	for (s->info.dns6_count = 0; s->info.dns6_count < a->dns_count && s->info.dns6_count < UE_DNS_MAX;
		s->info.dns6_count++)
		s->info.dns6[s->info.dns6_count] = a->dns[s->info.dns6_count];
	if (!a->lifetime_s || !a->autonomous || a->prefix.bits != PREFIX_BITS || !a->valid_s ||
		ip_equal(s->info.ipv6, address))
		return;
	s->info.ipv6 = address;
	timer_stop(&s->ue->host->timers, &s->solicitation);
	ue_say(s->ue, UE_EVENT_SESSION_ADDRESS, s->info.psi, 0, "session %u has address %s", s->info.psi,
		addr_str(&shown, text));
	ue_delegation_begin(s);
}

bool ue_ipv6_receive(struct ue_session *s, struct bytes packet)
{
	struct nd_advertisement a;

	if (!(s->info.pdu_session_type & NAS_PDU_IPV6) || s->info.pdu_session_type > NAS_PDU_IPV4V6 ||
		!nd_is_router_advertisement(packet))
		return false;
	if (nd_advertisement_decode(packet, &a))
		take_advertisement(s, &a);
	else
		s->ue->host->stat[UE_STAT_ADVERTISEMENTS_REFUSED]++;
	return true;
}
