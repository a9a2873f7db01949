/* The difference of rules as PFCP session establishment and modification (29.244 7.5.2, 7.5.4). */
#include <stdio.h>
#include <string.h>

#include "core/smf/internal.h"

enum { MACS_PERIOD_S = 600, DESCRIPTION_SIZE = 128, UE_PREFIX6_BITS = 64, CHOOSE_ID = 1, N4_PDR_QERS = 2 };

static uint64_t kbps(uint64_t bps)
{
	return (bps + 999) / 1000;
}

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

static void ue_address(const struct smf_addresses *ue, bool destination, struct pfcp_ue_ip_address *out)
{
	struct addr a = ip_to_addr((struct ip){ ue->ipv6_prefix, 0 }, 0);

	*out = (struct pfcp_ue_ip_address){
		.has_ipv4 = ue->ipv4 != 0, .has_ipv6 = ue->ipv6_prefix != 0, .is_destination = destination
	};
	v4_octets(ue->ipv4, out->ipv4);
	bytes_copy(out->ipv6, sizeof(out->ipv6), bytes_of(a.ip, a.len));
	out->has_prefix_length = out->has_ipv6;
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
static bool message_pdi(
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
	ue_address(&p->ue, !uplink, &out->ue_ip_address);
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

/* Of a PDR: its QERs, and its URR. */
struct message_ids {
	uint32_t *qer, *urr;
	uint8_t qer_count, urr_count;
};

static bool message_ids(const struct n4_pdr *p, struct arena *arena, struct message_ids *out)
{
	uint32_t *ids = arena_array(arena, N4_PDR_QERS + 1, sizeof(*ids));

	*out = (struct message_ids){ ids, ids ? ids + N4_PDR_QERS : NULL, 0, p->urr != 0 };
	if (!ids)
		return false;
	if (p->qer_session)
		ids[out->qer_count++] = p->qer_session;
	if (p->qer_flow)
		ids[out->qer_count++] = p->qer_flow;
	out->urr[0] = p->urr;
	return true;
}

static bool message_create_pdr(
	const struct n4_change *c, const struct n4_pdr *p, struct arena *arena, struct pfcp_create_pdr *out)
{
	struct message_ids ids;

	if (!message_ids(p, arena, &ids))
		return false;
	out->pdr_id = (uint16_t)p->id;
	out->precedence = p->precedence;
	out->has_outer_header_removal = p->source != PFCP_INTERFACE_CORE;
	out->outer_header_removal.description = PFCP_OHR_GTPU_UDP_IPV4;
	out->has_far_id = true;
	out->far_id = p->far;
	out->qer_id = ids.qer;
	out->qer_id_count = ids.qer_count;
	out->urr_id = ids.urr;
	out->urr_id_count = ids.urr_count;
	return message_pdi(c, p, arena, &out->pdi);
}

static bool message_update_pdr(
	const struct n4_change *c, const struct n4_pdr *p, struct arena *arena, struct pfcp_update_pdr *out)
{
	struct message_ids ids;

	if (!message_ids(p, arena, &ids))
		return false;
	out->pdr_id = (uint16_t)p->id;
	out->has_precedence = true;
	out->precedence = p->precedence;
	out->has_far_id = true;
	out->far_id = p->far;
	out->qer_id = ids.qer;
	out->qer_id_count = ids.qer_count;
	out->urr_id = ids.urr;
	out->urr_id_count = ids.urr_count;
	out->has_pdi = true;
	return message_pdi(c, p, arena, &out->pdi);
}

static struct pfcp_outer_header_creation outer_header(const struct smf_tunnel *t)
{
	struct addr a = ip_to_addr(t->ip, 0);
	struct pfcp_outer_header_creation ohc = {
		.description = a.len == 16 ? PFCP_OHC_GTPU_IPV6 : PFCP_OHC_GTPU_IPV4, .teid = t->teid
	};

	bytes_copy(a.len == 16 ? ohc.ipv6 : ohc.ipv4, a.len == 16 ? 16 : 4, bytes_of(a.ip, a.len));
	return ohc;
}

static void message_create_far(const struct n4_change *c, const struct n4_far *f, struct pfcp_create_far *out)
{
	struct pfcp_forwarding_parameters *p = &out->forwarding_parameters;
	struct smf_tunnel tunnel = f->tunnel;

	if (f->destination == PFCP_INTERFACE_CP)
		tunnel.ip = c->smf_ip;
	out->far_id = f->id;
	out->apply_action.bits = f->action;
	out->has_forwarding_parameters = f->action == PFCP_APPLY_FORW;
	p->destination_interface = f->destination;
	p->has_network_instance = f->destination == PFCP_INTERFACE_CORE && c->network_instance.len > 0;
	p->network_instance = c->network_instance;
	p->has_outer_header_creation = tunnel.teid != 0;
	p->outer_header_creation = outer_header(&tunnel);
}

static void message_update_far(const struct n4_change *c, const struct n4_far *f, struct pfcp_update_far *out)
{
	struct pfcp_update_forwarding_parameters *p = &out->update_forwarding_parameters;

	out->far_id = f->id;
	out->has_apply_action = true;
	out->apply_action.bits = f->action;
	out->has_update_forwarding_parameters = f->action == PFCP_APPLY_FORW;
	p->has_destination_interface = true;
	p->destination_interface = f->destination;
	p->has_outer_header_creation = f->tunnel.teid != 0;
	p->outer_header_creation = outer_header(&f->tunnel);
	p->has_smreq_flags = c->end_marker && f->id == FAR_DOWNLINK;
	p->smreq_flags = (struct tlv_flags){ PFCP_SMREQ_SNDEM, 1 };
}

static void message_rates(const struct n4_qer *q, bool *has_mbr, struct pfcp_bit_rate *mbr, bool *has_gbr,
	struct pfcp_bit_rate *gbr)
{
	*has_mbr = q->id == QER_SESSION || q->mbr.uplink_bps || q->mbr.downlink_bps;
	*mbr = (struct pfcp_bit_rate){ kbps(q->mbr.uplink_bps), kbps(q->mbr.downlink_bps) };
	*has_gbr = q->gbr.uplink_bps || q->gbr.downlink_bps;
	*gbr = (struct pfcp_bit_rate){ kbps(q->gbr.uplink_bps), kbps(q->gbr.downlink_bps) };
}

static void message_create_qer(const struct n4_qer *q, struct pfcp_create_qer *out)
{
	out->qer_id = q->id;
	out->gate_status = q->gate;
	message_rates(q, &out->has_mbr, &out->mbr, &out->has_gbr, &out->gbr);
	out->has_qfi = q->qfi != 0;
	out->qfi = q->qfi;
}

static void message_update_qer(const struct n4_qer *q, struct pfcp_update_qer *out)
{
	out->qer_id = q->id;
	out->has_gate_status = true;
	out->gate_status = q->gate;
	message_rates(q, &out->has_mbr, &out->mbr, &out->has_gbr, &out->gbr);
	out->has_qfi = q->qfi != 0;
	out->qfi = q->qfi;
}

static void message_create_urr(const struct n4_urr *u, struct pfcp_create_urr *out)
{
	out->urr_id = u->id;
	out->measurement_method = (struct tlv_flags){ PFCP_MEASURE_VOLUME, 1 };
	out->reporting_triggers = (struct tlv_flags){
		PFCP_TRIGGER_VOLTH | (u->macs ? PFCP_TRIGGER_MACAR | PFCP_TRIGGER_PERIO : 0), 3
	};
	/* One of Ethernet that the UPF has and the SMF has lost is found by no address that is given again:
	 * by its report it is. */
	out->has_measurement_period = u->macs;
	out->measurement_period = MACS_PERIOD_S;
	out->has_volume_threshold = true;
	out->volume_threshold = (struct pfcp_volume){ .has_total = true, .total = u->volume_threshold };
}

static void message_update_urr(const struct n4_urr *u, struct pfcp_update_urr *out)
{
	out->urr_id = u->id;
	out->has_volume_threshold = true;
	out->volume_threshold = (struct pfcp_volume){ .has_total = true, .total = u->volume_threshold };
}

/*
 * For each set bit of the mask the statement: i is the rule's index, `to` its place in the list, which is of
 * the arena.
 */
#define MESSAGE_LIST(r, member, mask, statement)                                                             \
	do {                                                                                                 \
		uint32_t mask_ = (mask);                                                                     \
                                                                                                             \
		if (!mask_)                                                                                  \
			break;                                                                               \
		(r)->member = arena_array(arena, (size_t)__builtin_popcount(mask_), sizeof(*(r)->member));   \
		if (!(r)->member)                                                                            \
			return false;                                                                        \
		memset((r)->member, 0, (size_t)__builtin_popcount(mask_) * sizeof(*(r)->member));            \
		for (; mask_; mask_ &= mask_ - 1) {                                                          \
			__auto_type to = &(r)->member[(r)->member##_count++];                                \
			int i = __builtin_ctz(mask_);                                                        \
                                                                                                             \
			statement;                                                                           \
		}                                                                                            \
	} while (0)

bool n4_message_establish(
	const struct n4_change *c, struct arena *arena, struct pfcp_session_establishment_request *r)
{
	const struct n4_rules *w = c->wanted;
	bool good = true;

	MESSAGE_LIST(
		r, create_pdr, c->delta.create[N4_PDR], good &= message_create_pdr(c, &w->pdr[i], arena, to));
	MESSAGE_LIST(r, create_far, c->delta.create[N4_FAR], message_create_far(c, &w->far[i], to));
	MESSAGE_LIST(r, create_qer, c->delta.create[N4_QER], message_create_qer(&w->qer[i], to));
	MESSAGE_LIST(r, create_urr, c->delta.create[N4_URR], message_create_urr(&w->urr[i], to));
	return good;
}

bool n4_message_modify(
	const struct n4_change *c, struct arena *arena, struct pfcp_session_modification_request *r)
{
	const struct n4_rules *w = c->wanted, *h = c->have;
	bool good = true;

	MESSAGE_LIST(
		r, create_pdr, c->delta.create[N4_PDR], good &= message_create_pdr(c, &w->pdr[i], arena, to));
	MESSAGE_LIST(r, create_far, c->delta.create[N4_FAR], message_create_far(c, &w->far[i], to));
	MESSAGE_LIST(r, create_qer, c->delta.create[N4_QER], message_create_qer(&w->qer[i], to));
	MESSAGE_LIST(r, create_urr, c->delta.create[N4_URR], message_create_urr(&w->urr[i], to));
	MESSAGE_LIST(
		r, update_pdr, c->delta.update[N4_PDR], good &= message_update_pdr(c, &w->pdr[i], arena, to));
	MESSAGE_LIST(r, update_far, c->delta.update[N4_FAR], message_update_far(c, &w->far[i], to));
	MESSAGE_LIST(r, update_qer, c->delta.update[N4_QER], message_update_qer(&w->qer[i], to));
	MESSAGE_LIST(r, update_urr, c->delta.update[N4_URR], message_update_urr(&w->urr[i], to));
	MESSAGE_LIST(r, remove_pdr, c->delta.remove[N4_PDR], to->pdr_id = (uint16_t)h->pdr[i].id);
	MESSAGE_LIST(r, remove_far, c->delta.remove[N4_FAR], to->far_id = h->far[i].id);
	MESSAGE_LIST(r, remove_qer, c->delta.remove[N4_QER], to->qer_id = h->qer[i].id);
	MESSAGE_LIST(r, remove_urr, c->delta.remove[N4_URR], to->urr_id = h->urr[i].id);
	return good;
}
