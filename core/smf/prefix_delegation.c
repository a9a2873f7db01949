/*
 * IPv6 prefixes for networks behind a UE: 23.501 5.8.2.2.4, RFC 8415 18.3, RFC 6603. The session has a prefix
 * shorter than /64, its own /64 in it; all of it is delegated but for that. The SMF is the server, and has
 * nothing to remember: who asks gets what is the session's, for as long as it has the session.
 *
 *   UE                  UPF                SMF
 *    |-- SOLICIT ------->|-- by n4u.c ----->|    to ff02::1:2, from its link-local address
 *    |<- ADVERTISE ------|<-----------------|    with rapid commit REPLY, and that is all
 *    |-- REQUEST ------->|----------------->|    RENEW, REBIND likewise
 *    |<- REPLY ----------|<-----------------|
 */
#include "core/smf/router.h"
#include "wire/ip/dhcp6.h"
#include "wire/ip/nd.h"

enum { DUID_UUID = 4 };

/* RFC 6355: the SMF's instance, which outlives the process. */
static struct dhcp6_duid server_of(const struct smf *smf)
{
	struct dhcp6_duid d = { .len = 2, .octets = { 0, DUID_UUID } };
	bool high = true;

	for (const char *c = smf->nf.nf_instance_id; *c && d.len < DHCP6_DUID_MAX; c++) {
		uint8_t digit = (uint8_t)(*c >= 'a' ? *c - 'a' + 10 : *c - '0');

		if (*c == '-')
			continue;
		d.octets[d.len] = (uint8_t)(high ? digit << 4 : d.octets[d.len] | digit);
		d.len += !high;
		high = !high;
	}
	return d;
}

static bool duid_equal(const struct dhcp6_duid *a, const struct dhcp6_duid *b)
{
	return bytes_equal(bytes_of(a->octets, a->len), bytes_of(b->octets, b->len));
}

/* RFC 8415 16: the message is for this server, and all that it must have is there. 0: it is not. */
static uint8_t answer_type(const struct dhcp6_message *m, const struct dhcp6_duid *own)
{
	bool ours = duid_equal(&m->server, own);

	switch (m->type) {
	case DHCP6_SOLICIT:
		return !m->client.len || m->server.len ? 0 : m->rapid_commit ? DHCP6_REPLY : DHCP6_ADVERTISE;
	case DHCP6_REQUEST:
	case DHCP6_RENEW:
	case DHCP6_RELEASE:
	case DHCP6_DECLINE:
		return m->client.len && ours ? DHCP6_REPLY : 0;
	case DHCP6_REBIND:
		return m->client.len && !m->server.len ? DHCP6_REPLY : 0;
	case DHCP6_INFORMATION_REQUEST:
		return m->ia_count == 0 && (!m->server.len || ours) ? DHCP6_REPLY : 0;
	default: /* CONFIRM is of addresses */
		return 0;
	}
}

/* The whole without the /64 where the client knows of that, else the half that the /64 is not in. */
static void delegate(const struct smf_session *s, bool exclusion, struct dhcp6_ia *ia)
{
	struct prefix whole = smf_session_prefix(s);
	uint8_t half = (uint8_t)(whole.bits + 1);
	struct ip other = { s->ue.ipv6_prefix ^ UINT64_C(1) << (64 - half), 0 };

	if (exclusion) {
		ia->prefix = whole;
		ia->excluded = (struct prefix){ { s->ue.ipv6_prefix, 0 }, 64 };
	} else {
		ia->prefix = (struct prefix){ ip_masked(other, half), half };
	}
}

/* There are no addresses, and one prefix; what the client had from elsewhere is gone (18.3.4, 18.3.5). */
static void answer_ias(const struct smf_session *s, const struct dhcp6_message *m, struct dhcp6_message *a)
{
	bool delegated = false;

	for (uint8_t i = 0; i < m->ia_count; i++) {
		const struct dhcp6_ia *asked = &m->ias[i];
		struct dhcp6_ia *ia = &a->ias[a->ia_count++];

		*ia = (struct dhcp6_ia){ .of_addresses = asked->of_addresses, .id = asked->id };
		if (asked->of_addresses || delegated) {
			ia->status = asked->of_addresses ? DHCP6_NO_ADDRESSES : DHCP6_NO_PREFIX;
			continue;
		}
		delegate(s, m->wants_exclusion, ia);
		delegated = true;
		if ((m->type == DHCP6_RENEW || m->type == DHCP6_REBIND) &&
			!prefix_equal(&asked->prefix, &ia->prefix))
			ia->gone = asked->prefix;
	}
}

bool smf_delegation_receive(struct smf *smf, struct smf_session *s, struct bytes packet)
{
	struct dhcp6_message m, a = { .src = nd_link_local(ROUTER_ID), .server = server_of(smf) };
	uint8_t octets[DHCP6_PACKET_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	_Static_assert((int)SMF_DNS_MAX <= (int)DHCP6_DNS_MAX, "all servers fit an answer");
	if (!smf_session_delegates(s) || !dhcp6_decode(packet, &m) || dhcp6_is_of_server(m.type) ||
		!nd_is_link_local(m.src))
		return false;
	smf->stat[SMF_STAT_DELEGATION_REQUESTS]++;
	a.type = answer_type(&m, &a.server);
	a.id = m.id;
	a.dst = m.src;
	a.client = m.client;
	a.rapid_commit = m.type == DHCP6_SOLICIT && m.rapid_commit;
	if (m.type == DHCP6_RELEASE || m.type == DHCP6_DECLINE) /* it stays the session's */
		a.has_status = true;
	else
		answer_ias(s, &m, &a);
	for (uint8_t i = 0; m.wants_dns && i < s->dnn->dns6_count; i++)
		a.dns[a.dns_count++] = s->dnn->dns6[i];
	return a.type == 0 || (dhcp6_encode(&a, &w) && smf_n4u_send(smf, s, writer_bytes(&w)));
}
