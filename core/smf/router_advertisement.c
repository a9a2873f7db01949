/*
 * The SMF as the router of a UE's link: 23.501 5.8.2.2.3, RFC 4861 6.2, values of 29.561 11.2.1.3.
 *
 *   UE                  UPF                SMF
 *    |                   |<- RA (G-PDU) ----|    unsolicited, once the UE has user plane
 *    |<- RA, QFI --------|                  |
 *    |-- RS ------------>|-- RS (G-PDU) --->|    if that was lost, or the UE's stack begins
 *    |<- RA, QFI --------|<- RA (G-PDU) ----|
 */
#include "core/smf/router.h"
#include "wire/ip/nd.h"

enum {
	ROUTER_LIFETIME_S = 64800, /* 18 hours; the prefix is the UE's for as long as it has the session */
	ROUTER_INTERVAL_S =
		21600,         /* 6 hours: as old as an advertisement may become, of a UE with user plane */
	ROUTER_PAGE_S = 54000, /* 15 hours: of an idle UE, which is paged for another one */
	ROUTER_HOP_LIMIT = 64,
	/* All sessions are looked at within an hour, so many and a few at a time. */
	LOOK_MS = 10000,
	LOOK_PART = 360,
	LOOK_MIN = 16,
};

static uint32_t router_now_s(const struct smf *smf)
{
	return (uint32_t)(env_now_ns(smf->nf.env) / NS_PER_S) + 1;
}

static bool advertise(struct smf *smf, struct smf_session *s, struct ip to)
{
	struct nd_advertisement a = { .src = nd_link_local(ROUTER_ID),
		.dst = to,
		.hop_limit = ROUTER_HOP_LIMIT,
		.lifetime_s = ROUTER_LIFETIME_S,
		.prefix = { { s->ue.ipv6_prefix, 0 }, 64 },
		.autonomous = true, /* and not on link: what is sent to the /64 goes to the router */
		.valid_s = ND_FOREVER,
		.preferred_s = ND_FOREVER,
		.mtu = s->dnn->mtu,
		.dns_count = s->dnn->dns6_count,
		.dns_lifetime_s = ROUTER_LIFETIME_S };
	uint8_t octets[ND_PACKET_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	_Static_assert((int)SMF_DNS_MAX <= (int)ND_DNS_MAX, "all servers fit an advertisement");
	for (uint8_t i = 0; i < a.dns_count; i++)
		a.dns[i] = s->dnn->dns6[i];
	if (!(s->type & SMF_V6) || !nd_advertisement_encode(&a, &w) ||
		!smf_n4u_send(smf, s, writer_bytes(&w)))
		return false;
	s->advertised_s = router_now_s(smf);
	smf->stat[SMF_STAT_ADVERTISEMENTS]++;
	return true;
}

void smf_advertise_due(struct smf *smf, struct smf_session *s)
{
	uint32_t now_s = router_now_s(smf);

	if (s->type <= NAS_PDU_IPV4V6 && (!s->advertised_s || now_s - s->advertised_s >= ROUTER_INTERVAL_S))
		advertise(smf, s, ND_ALL_NODES);
}

/* One a second is answered: more is no UE that lost one (RFC 4861 10: four seconds between two). */
bool smf_advertise_solicited(struct smf *smf, struct smf_session *s, struct bytes packet)
{
	struct ip src;

	if (!(s->type & SMF_V6) || s->type > NAS_PDU_IPV4V6 || !nd_solicitation_decode(packet, &src))
		return false;
	smf->stat[SMF_STAT_SOLICITATIONS]++;
	if (s->solicited_s == router_now_s(smf))
		return false;
	s->solicited_s = router_now_s(smf);
	return advertise(smf, s, nd_is_link_local(src) ? src : ND_ALL_NODES);
}

/* Is the router there? 23.501 5.8.2.2.3: it answers for its own address, to whoever on the link may ask. */
bool smf_advertise_neighbor(struct smf *smf, struct smf_session *s, struct bytes packet)
{
	struct ip src, target, own = nd_link_local(ROUTER_ID);
	uint8_t octets[ND_PACKET_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	if (!(s->type & SMF_V6) || s->type > NAS_PDU_IPV4V6 ||
		!nd_neighbor_solicitation_decode(packet, &src, &target) || !ip_equal(target, own))
		return false;
	return (ip_is_none(src) || nd_is_link_local(src) || src.high == s->ue.ipv6_prefix) &&
	       nd_neighbor_advertisement_encode(own, src, &w) && smf_n4u_send(smf, s, writer_bytes(&w));
}

/* What is on the air, or in a page, needs no other. */
static void look_at(struct smf *smf, struct smf_session *s)
{
	uint32_t age_s = router_now_s(smf) - s->advertised_s;

	if (s->gone || s->state != SM_ESTABLISHED || s->type > NAS_PDU_IPV4V6 || !(s->type & SMF_V6))
		return;
	if (s->up == UP_ACTIVE)
		smf_advertise_due(smf, s);
	else if (!s->advertised_s) /* before the process began: it counts from now */
		s->advertised_s = router_now_s(smf);
	else if (s->up == UP_INACTIVE && age_s >= ROUTER_PAGE_S && smf->upfs[s->upf].associated)
		smf_session_event(
			smf, s, SM_EV_DOWNLINK_DATA, &(struct sm_downlink){ .flow = &s->flows.first });
}

static void look(void *owner, struct timer *t)
{
	struct smf *smf = owner;
	struct smf_session *s;

	for (uint32_t left = smf->sessions.used / LOOK_PART + LOOK_MIN; left > 0; left--) {
		s = pool_next(&smf->sessions, &smf->advertise_at);
		if (!s) {
			smf->advertise_at = 0;
			break;
		}
		smf->advertise_at++;
		look_at(smf, s);
	}
	timer_set(&smf->nf.timers, t, env_now_ns(smf->nf.env) + (uint64_t)LOOK_MS * NS_PER_MS, look);
}

void smf_advertise_init(struct smf *smf)
{
	uint8_t families = 0;

	for (uint8_t i = 0; i < smf->pool_count; i++)
		families |= smf_address_pool_family(&smf->pools[i]);
	if (families & SMF_V6)
		timer_set(&smf->nf.timers, &smf->advertise,
			env_now_ns(smf->nf.env) + (uint64_t)LOOK_MS * NS_PER_MS, look);
}
