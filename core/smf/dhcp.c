/*
 * DHCPv4 in place of the data network: 23.501 5.8.2.2.1, RFC 2131 4.3. The address is the session's; who asks
 * by the ePCO for DHCP is answered, also though the accept had the address.
 *
 *   UE                         SMF
 *    |-- DISCOVER ------------->|    by n4u.c
 *    |<- OFFER -----------------|
 *    |-- REQUEST -------------->|    also to renew; for another address: NAK
 *    |<- ACK -------------------|    INFORM: ACK without an address
 */
#include "core/smf/router.h"
#include "wire/ip/dhcp.h"

enum { LEASE_S = 86400 };

/* The data network's own address in the pool of the UE's, where the gateway is. */
static uint32_t server_of(const struct smf_session *s)
{
	for (uint8_t i = 0; i < s->dnn->pool_count; i++)
		if (prefix_has(&s->dnn->pools[i], ip_from_v4(s->ue.ipv4)))
			return ip_v4(s->dnn->pools[i].ip) + 1;
	return (s->ue.ipv4 & ~UINT32_C(1)) | (~s->ue.ipv4 & 1); /* outside of all: the one beside it */
}

/* The type of the answer; 0: none is due. */
static uint8_t answer_type(const struct smf_session *s, const struct dhcp_request *r, uint32_t server)
{
	uint32_t wanted = r->requested ? r->requested : r->client;

	switch (r->type) {
	case DHCP_DISCOVER:
		return DHCP_OFFER;
	case DHCP_REQUEST:
		if (r->server && r->server != server) /* another one's offer was taken, and there is none */
			return 0;
		return wanted == s->ue.ipv4 ? DHCP_ACK : DHCP_NAK;
	case DHCP_INFORM:
		return r->client == s->ue.ipv4 ? DHCP_ACK : 0;
	default:
		return 0;
	}
}

bool smf_dhcp_receive(struct smf *smf, struct smf_session *s, struct bytes packet)
{
	uint32_t server = server_of(s);
	struct dhcp_request r;
	struct dhcp_answer a = {
		.server = server, .address = s->ue.ipv4, .mtu = s->dnn->mtu, .dns_count = s->dnn->dns_count
	};
	uint8_t octets[DHCP_PACKET_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	_Static_assert((int)SMF_DNS_MAX <= (int)DHCP_DNS_MAX, "all servers fit an answer");
	if (!(s->type & SMF_V4) || s->type > NAS_PDU_IPV4V6 || !s->dhcp_asked ||
		!dhcp_request_decode(packet, &r))
		return false;
	smf->stat[SMF_STAT_DHCP_REQUESTS]++;
	a.type = answer_type(s, &r, server);
	a.lease_s = r.type == DHCP_INFORM || a.type == DHCP_NAK ? 0 : LEASE_S;
	for (uint8_t i = 0; i < a.dns_count; i++)
		a.dns[i] = s->dnn->dns[i];
	return a.type == 0 || (dhcp_answer_encode(&r, &a, &w) && smf_n4u_send(smf, s, writer_bytes(&w)));
}
