/*
 * Buffering of downlink data in the SMF, 23.501 5.8.3.1: where a UPF is not to keep what comes for an idle
 * UE, it sends it here (29.244 8.2.25 BUCP), and the first packet is the report of it.
 *
 *   AMF                 SMF                        UPF
 *    |                   |<- G-PDU (SMF's TEID) ----|    its FARs lead to the CP function
 *    |<- page -----------|   held                   |    network_service_request.c
 *    |-- Upd, tunnel --->|-- Mod (FORW, access) --->|
 *    |                   |<- accepted --------------|
 *    |                   |-- G-PDU (UPF's TEID) --->|    PDR_FROM_SMF: by the default flow; it was counted
 * before
 */
#include "core/smf/downlink_buffer.h"

#include "core/smf/held.h"

enum { IPV4_HEADER = 20, IPV4_DESTINATION = 16, IPV6_HEADER = 40, IPV6_DESTINATION = 24 };

struct sm_downlink smf_downlink_of(const struct smf *smf, const struct smf_flow *f, int dscp)
{
	struct sm_downlink d = { .flow = f };

	for (uint8_t i = 0; i < smf->config.paging_policy_count; i++) {
		const struct smf_paging_policy *p = &smf->config.paging_policies[i];

		if (p->dscp != dscp)
			continue;
		d.has_ppi = true;
		d.ppi = p->ppi;
	}
	return d;
}

void smf_downlink_data(struct smf *smf, struct smf_session *s, const struct sm_downlink *d)
{
	s->n4_reported = s->access == ACCESS_NOTIFY;
	smf_session_event(smf, s, SM_EV_DOWNLINK_DATA, d);
}

static struct ip destination_of(struct bytes packet)
{
	struct cursor c = cursor_of(packet);
	uint8_t version = packet.len > 0 ? packet.data[0] >> 4 : 0;
	struct ip out = IP_NONE;

	if (version == 4 && packet.len >= IPV4_HEADER) {
		cursor_skip(&c, IPV4_DESTINATION);
		return ip_from_v4(cursor_u32(&c));
	}
	if (version == 6 && packet.len >= IPV6_HEADER) {
		cursor_skip(&c, IPV6_DESTINATION);
		out.high = cursor_u64(&c);
		out.low = cursor_u64(&c);
	}
	return out;
}

static bool is_for_ue(const struct smf_session *s, struct ip to)
{
	uint8_t bits = s->ue.prefix_bits ? s->ue.prefix_bits : 64;
	const struct prefix own = { { s->ue.ipv6_prefix, 0 }, bits };

	if (ip_is_none(to))
		return false;
	for (uint8_t i = 0; s->routes && i < s->routes->count; i++)
		if (prefix_has(&s->routes->list[i], to))
			return true;
	return (s->ue.ipv4 && ip_equal(to, ip_from_v4(s->ue.ipv4))) ||
	       (s->ue.ipv6_prefix && prefix_has(&own, to));
}

/* Of which flow it is, where the UPF says so; its DSCP in its place of IPv4 and IPv6. */
static struct sm_downlink downlink_of(
	struct smf *smf, struct smf_session *s, const struct gtpu_header *h, struct bytes packet)
{
	const struct smf_flow *f = h->has_pdu_session ? smf_flows_find(&s->flows, h->pdu_session.qfi) : NULL;
	uint8_t class = packet.data[0] >> 4 == 4 ? packet.data[1]
						 : (uint8_t)(packet.data[0] << 4 | packet.data[1] >> 4);

	return smf_downlink_of(smf, f ? f : &s->flows.first, class >> 2);
}

static bool is_forwarded(const struct smf_session *s)
{
	return s->access == ACCESS_FORWARD && s->n4_access == ACCESS_FORWARD;
}

bool smf_downlink_receive(
	struct smf *smf, struct smf_session *s, const struct gtpu_header *h, struct bytes packet)
{
	struct sm_downlink d;

	if (!s->smf_buffers || !is_for_ue(s, destination_of(packet)))
		return false;
	if (is_forwarded(s)) /* it was on its way when the UPF was told of the gNB */
		return smf_n4u_send(smf, s, packet);
	if (s->access == ACCESS_DROP && s->accepted) {
		smf->stat[SMF_STAT_HELD_DROPPED]++;
		return true;
	}
	d = downlink_of(smf, s, h, packet);
	smf_held_put(smf, s, packet);
	if (s->state == SM_ESTABLISHED && s->access == ACCESS_NOTIFY && !s->n4_reported)
		smf_downlink_data(smf, s, &d);
	return true;
}

void smf_downlink_told(struct smf *smf, struct smf_session *s)
{
	while (is_forwarded(s) && smf_held_first(s).len > 0) {
		may_fail(smf_n4u_send(smf, s, smf_held_first(s))); /* packets may be lost */
		smf_held_pop(smf, s);
	}
}
