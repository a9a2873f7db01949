/* The packet detection information of a rule (29.244 table 7.5.2.2-2). */
#include <stdio.h>
#include <string.h>

#include "core/smf/internal.h"

enum { DESCRIPTION_SIZE = 128, UE_PREFIX6_BITS = 64, CHOOSE_ID = 1 };

static void description_ports(struct writer *w, uint16_t low, uint16_t high)
{
	char text[16];

	if (!high)
		return;
	if (low == high)
		snprintf(text, sizeof(text), " %u", low);
	else
		snprintf(text, sizeof(text), " %u-%u", low, high);
	writer_put(w, bytes_of_str(text));
}

/* "permit out 17 from 8.8.8.8/32 53 to assigned 1000-2000", 29.212 5.4.2; towards the UE. */
static bool sdf_filter(const struct smf_filter *f, struct arena *arena, struct pfcp_sdf_filter *out)
{
	uint8_t *text = arena_alloc(arena, DESCRIPTION_SIZE);
	struct writer w = writer_of(text, text ? DESCRIPTION_SIZE : 0);
	char word[64];

	if (f->protocol)
		snprintf(word, sizeof(word), "permit out %u from ", f->protocol);
	else
		snprintf(word, sizeof(word), "permit out ip from ");
	writer_put(&w, bytes_of_str(word));
	if (ip_family(f->remote) == IP_FAMILY_V4) {
		uint32_t ip = ip_v4(f->remote);

		snprintf(word, sizeof(word), "%u.%u.%u.%u/%u", ip >> 24, ip >> 16 & 255, ip >> 8 & 255,
			ip & 255, f->remote_bits);
	} else if (ip_family(f->remote) == IP_FAMILY_V6) {
		uint64_t h = f->remote.high, l = f->remote.low;

		snprintf(word, sizeof(word), "%x:%x:%x:%x:%x:%x:%x:%x/%u", (unsigned)(h >> 48),
			(unsigned)(h >> 32 & 0xffff), (unsigned)(h >> 16 & 0xffff), (unsigned)(h & 0xffff),
			(unsigned)(l >> 48), (unsigned)(l >> 32 & 0xffff), (unsigned)(l >> 16 & 0xffff),
			(unsigned)(l & 0xffff), f->remote_bits);
	} else {
		str_copy(word, sizeof(word), "any");
	}
	writer_put(&w, bytes_of_str(word));
	description_ports(&w, f->remote_low, f->remote_high);
	writer_put(&w, bytes_of_str(" to assigned"));
	description_ports(&w, f->local_low, f->local_high);
	out->has_flow_description = true;
	out->flow_description = writer_bytes(&w);
	return !w.failed;
}

static void f_teid(const struct smf_tunnel *t, bool shared, struct pfcp_f_teid *out)
{
	struct addr a = ip_to_addr(t->ip, 0);

	*out = (struct pfcp_f_teid){ .has_ipv4 = a.len != 16,
		.has_ipv6 = a.len == 16,
		.choose = t->teid == 0,
		.has_choose_id = t->teid == 0 && shared,
		.choose_id = CHOOSE_ID,
		.teid = t->teid };
	bytes_copy(a.len == 16 ? out->ipv6 : out->ipv4, a.len == 16 ? 16 : 4, bytes_of(a.ip, a.len));
}

/* whole: a single address, not all of its /64. */
static void ue_address(
	const struct smf_addresses *ue, bool whole, bool destination, struct pfcp_ue_ip_address *out)
{
	struct addr a = ip_to_addr((struct ip){ ue->ipv6_prefix, whole ? ue->interface_id : 0 }, 0);
	bool delegated = !whole && ue->prefix_bits && ue->prefix_bits < UE_PREFIX6_BITS;

	*out = (struct pfcp_ue_ip_address){
		.has_ipv4 = ue->ipv4 != 0, .has_ipv6 = ue->ipv6_prefix != 0, .is_destination = destination
	};
	v4_octets(ue->ipv4, out->ipv4);
	bytes_copy(out->ipv6, sizeof(out->ipv6), bytes_of(a.ip, a.len));
	/* IPv6D: so many bits less than 64 */
	out->has_prefix_delegation_bits = out->has_ipv6 && delegated;
	out->prefix_delegation_bits = (uint8_t)(UE_PREFIX6_BITS - ue->prefix_bits);
	out->has_prefix_length = out->has_ipv6 && !delegated;
	out->prefix_length = UE_PREFIX6_BITS;
}

/* 29.244 8.2.109, 8.2.111: as RADIUS has them, with neither gateway nor metric. */
static bool framed_routes(const struct smf_routes *routes, struct arena *arena, struct pfcp_pdi *out)
{
	out->framed_route = arena_array(arena, routes->count, sizeof(*out->framed_route));
	out->framed_ipv6_route = arena_array(arena, routes->count, sizeof(*out->framed_ipv6_route));
	if (!out->framed_route || !out->framed_ipv6_route)
		return false;
	for (uint8_t i = 0; i < routes->count; i++) {
		char text[PREFIX_STR_SIZE];
		const char *kept = arena_str(arena, prefix_str(&routes->list[i], text));

		if (!kept)
			return false;
		if (ip_family(routes->list[i].ip) == IP_FAMILY_V4)
			out->framed_route[out->framed_route_count++] = bytes_of_str(kept);
		else
			out->framed_ipv6_route[out->framed_ipv6_route_count++] = bytes_of_str(kept);
	}
	return true;
}

/* Frames of these VLANs alone: the outer tag is one or the other kind (23.501 5.6.10.2 note 5). */
static bool vlan_filters(const struct smf_dnn *dnn, struct arena *arena, struct pfcp_pdi *out)
{
	size_t count = 2u * dnn->vlan_count;
	struct pfcp_ethernet_packet_filter *f = arena_array(arena, count, sizeof(*f));

	if (!f)
		return false;
	memset(f, 0, count * sizeof(*f));
	for (uint8_t i = 0; i < dnn->vlan_count; i++) {
		struct pfcp_vlan_tag tag = { .has_vid = true, .vid = dnn->vlans[i] };

		f[2 * i].has_c_tag = f[2 * i + 1].has_s_tag = true;
		f[2 * i].c_tag = f[2 * i + 1].s_tag = tag;
	}
	out->ethernet_packet_filter = f;
	out->ethernet_packet_filter_count = count;
	return true;
}

/* The PDI with its lists; the F-TEID is the UPF's choice once for all uplink PDRs of the session. */
bool n4_message_pdi(
	const struct n4_change *c, const struct n4_pdr *p, struct arena *arena, struct pfcp_pdi *out)
{
	bool uplink = p->source != PFCP_INTERFACE_CORE;
	uint8_t filters = p->match ? p->match->filter_count : 0;

	out->source_interface = p->source;
	out->has_local_f_teid = uplink;
	if (uplink)
		f_teid(&p->local,
			p->source == PFCP_INTERFACE_ACCESS && p->id != PDR_FORWARDING &&
				c->wanted->count[N4_PDR] > 2,
			&out->local_f_teid);
	out->has_network_instance = !uplink && c->network_instance.len > 0;
	out->network_instance = c->network_instance;
	out->has_ue_ip_address = p->ue.ipv4 || p->ue.ipv6_prefix;
	ue_address(&p->ue, p->unstructured, !uplink, &out->ue_ip_address);
	if (p->qfi) {
		out->qfi = arena_alloc(arena, 1);
		out->qfi_count = 1;
		if (!out->qfi)
			return false;
		out->qfi[0] = p->qfi;
	}
	out->has_ethernet_pdu_session_information = p->ethernet && !uplink;
	out->ethernet_pdu_session_information = (struct tlv_flags){ PFCP_ETHERNET_ETHI, 1 };
	if (p->routes && !framed_routes(p->routes, arena, out))
		return false;
	if (p->ethernet && c->dnn && c->dnn->vlan_count && !filters && !vlan_filters(c->dnn, arena, out))
		return false;
	if (!filters)
		return true;
	out->sdf_filter = arena_array(arena, filters, sizeof(*out->sdf_filter));
	if (!out->sdf_filter)
		return false;
	memset(out->sdf_filter, 0, filters * sizeof(*out->sdf_filter));
	for (; out->sdf_filter_count < filters; out->sdf_filter_count++)
		if (!sdf_filter(&p->match->filters[out->sdf_filter_count], arena,
			    &out->sdf_filter[out->sdf_filter_count]))
			return false;
	return true;
}
