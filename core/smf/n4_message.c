/* The difference of rules as PFCP session establishment and modification (29.244 7.5.2, 7.5.4). */
#include <string.h>

#include "core/smf/internal.h"

enum { N4_PDR_QERS = 2, N4_PDR_URRS = 2 };

static uint64_t kbps(uint64_t bps)
{
	return (bps + 999) / 1000;
}

/* Of a PDR: its QERs and URRs. */
struct message_ids {
	uint32_t *qer, *urr;
	uint8_t qer_count, urr_count;
};

static bool message_ids(const struct n4_pdr *p, struct arena *arena, struct message_ids *out)
{
	uint32_t *ids = arena_array(arena, N4_PDR_QERS + N4_PDR_URRS, sizeof(*ids));

	*out = (struct message_ids){ ids, ids ? ids + N4_PDR_QERS : NULL, 0, 0 };
	if (!ids)
		return false;
	if (p->qer_session)
		ids[out->qer_count++] = p->qer_session;
	if (p->qer_flow)
		ids[out->qer_count++] = p->qer_flow;
	if (p->urr)
		out->urr[out->urr_count++] = p->urr;
	if (p->urr_flow)
		out->urr[out->urr_count++] = p->urr_flow;
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
	out->has_outer_header_removal = p->source != PFCP_INTERFACE_CORE || p->removal;
	out->outer_header_removal.description = p->removal; /* 0: of GTP-U over IPv4 */
	out->has_far_id = true;
	out->far_id = p->far;
	out->qer_id = ids.qer;
	out->qer_id_count = ids.qer_count;
	out->urr_id = ids.urr;
	out->urr_id_count = ids.urr_count;
	return n4_message_pdi(c, p, arena, &out->pdi);
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
	return n4_message_pdi(c, p, arena, &out->pdi);
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

static struct pfcp_outer_header_creation far_end_header(const struct addr *a)
{
	struct pfcp_outer_header_creation ohc = {
		.description = a->len == 16 ? PFCP_OHC_UDP_IPV6 : PFCP_OHC_UDP_IPV4, .port = a->port
	};

	bytes_copy(a->len == 16 ? ohc.ipv6 : ohc.ipv4, a->len == 16 ? 16 : 4, bytes_of(a->ip, a->len));
	return ohc;
}

/* 29.244 8.2.12: the DSCP in its place, and the mask of it. */
static uint16_t marking(uint8_t dscp)
{
	return (uint16_t)(dscp << 10 | 0xfc);
}

static bool is_downlink(const struct n4_far *f)
{
	return f->destination == PFCP_INTERFACE_ACCESS && f->id != FAR_FORWARDING;
}

static bool has_bar(const struct n4_change *c)
{
	return c->suggested_packets || c->notification_delay;
}

/* What goes to the CP function ends at the SMF's own address. */
static struct smf_tunnel tunnel_of(const struct n4_change *c, const struct n4_far *f)
{
	return f->destination == PFCP_INTERFACE_CP ? (struct smf_tunnel){ c->smf_ip, f->tunnel.teid }
						   : f->tunnel;
}

static void message_create_far(const struct n4_change *c, const struct n4_far *f, struct pfcp_create_far *out)
{
	struct pfcp_forwarding_parameters *p = &out->forwarding_parameters;
	struct smf_tunnel tunnel = tunnel_of(c, f);

	out->far_id = f->id;
	out->apply_action.bits = f->action;
	out->has_forwarding_parameters = f->action == PFCP_APPLY_FORW;
	p->destination_interface = f->destination;
	p->has_network_instance = f->destination == PFCP_INTERFACE_CORE && c->network_instance.len > 0;
	p->network_instance = c->network_instance;
	p->has_outer_header_creation = tunnel.teid != 0 || f->far_end.len;
	p->outer_header_creation = f->far_end.len ? far_end_header(&f->far_end) : outer_header(&tunnel);
	p->has_transport_level_marking = c->marks && is_downlink(f);
	p->transport_level_marking = marking(f->dscp);
	out->has_bar_id = has_bar(c) && is_downlink(f);
	out->bar_id = BAR_SESSION;
}

static void message_update_far(const struct n4_change *c, const struct n4_far *f, struct pfcp_update_far *out)
{
	struct pfcp_update_forwarding_parameters *p = &out->update_forwarding_parameters;
	struct smf_tunnel tunnel = tunnel_of(c, f);

	out->far_id = f->id;
	out->has_apply_action = true;
	out->apply_action.bits = f->action;
	out->has_update_forwarding_parameters = f->action == PFCP_APPLY_FORW;
	p->has_destination_interface = true;
	p->destination_interface = f->destination;
	p->has_outer_header_creation = tunnel.teid != 0;
	p->outer_header_creation = outer_header(&tunnel);
	p->has_transport_level_marking = c->marks && is_downlink(f);
	p->transport_level_marking = marking(f->dscp);
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
	out->has_rqi = q->rqi;
	out->rqi = q->rqi;
}

static void message_update_qer(const struct n4_qer *q, struct pfcp_update_qer *out)
{
	out->qer_id = q->id;
	out->has_gate_status = true;
	out->gate_status = q->gate;
	message_rates(q, &out->has_mbr, &out->mbr, &out->has_gbr, &out->gbr);
	out->has_qfi = out->has_rqi = q->qfi != 0;
	out->qfi = q->qfi;
	out->rqi = q->rqi;
}

static struct tlv_flags triggers(const struct n4_urr *u)
{
	return (struct tlv_flags){ (u->volume_threshold ? PFCP_TRIGGER_VOLTH : 0) |
					   (u->macs ? PFCP_TRIGGER_MACAR : 0) |
					   (u->period_s ? PFCP_TRIGGER_PERIO : 0),
		3 };
}

static void message_create_urr(const struct n4_urr *u, struct pfcp_create_urr *out)
{
	out->urr_id = u->id;
	out->measurement_method = (struct tlv_flags){ PFCP_MEASURE_VOLUME, 1 };
	out->reporting_triggers = triggers(u);
	out->has_measurement_period = u->period_s != 0;
	out->measurement_period = u->period_s;
	out->has_volume_threshold = u->volume_threshold != 0;
	out->volume_threshold = (struct pfcp_volume){ .has_total = true, .total = u->volume_threshold };
}

static void message_update_urr(const struct n4_urr *u, struct pfcp_update_urr *out)
{
	out->urr_id = u->id;
	out->has_reporting_triggers = true;
	out->reporting_triggers = triggers(u);
	out->has_volume_threshold = u->volume_threshold != 0;
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
	r->has_create_bar = has_bar(c);
	r->create_bar = (struct pfcp_create_bar){ .bar_id = BAR_SESSION,
		.has_downlink_data_notification_delay = c->notification_delay != 0,
		.downlink_data_notification_delay = c->notification_delay,
		.has_suggested_buffering_packets_count = c->suggested_packets != 0,
		.suggested_buffering_packets_count = c->suggested_packets };
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
