/* PDU sessions as Xn describes them (38.423 9.2.1.1): of a UE that goes to a neighbour, or comes from one. */
#include "gnb/xn.h"

static bool tunnel_write(struct gnb *gnb, const struct addr *at, uint32_t teid,
	struct xnap_up_transport_layer_information *out)
{
	uint8_t *octets = arena_alloc(&gnb->arena, 4);
	struct writer w = writer_of(octets, octets ? 4 : 0);

	writer_u32(&w, teid);
	out->tag = XNAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL;
	out->u.gtp_tunnel =
		(struct xnap_gt_ptunnel_transport_layer_information){ { at->ip, (size_t)at->len * 8 },
			writer_bytes(&w) };
	return octets;
}

bool gnb_xn_tunnel_write(struct gnb *gnb, uint32_t teid, struct xnap_up_transport_layer_information *out)
{
	return tunnel_write(gnb, &gnb->config.n3_address, teid, out);
}

bool gnb_xn_tunnel_read(const struct gnb *gnb, const struct xnap_up_transport_layer_information *t,
	struct addr *peer, uint32_t *teid)
{
	struct ngap_up_transport_layer_information n = {
		.tag = NGAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL
	};

	if (t->tag != XNAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL)
		return false;
	n.u.gtp_tunnel.transport_layer_address = t->u.gtp_tunnel.tnl_address;
	n.u.gtp_tunnel.gtp_teid = t->u.gtp_tunnel.gtp_teid;
	return gnb_tunnel_read(gnb, &n, peer, teid);
}

/* 9.2.3.5 of a flow; of one that nothing is known of, a default. */
static void flow_write(const struct gnb_flow *f, struct xnap_gbr_qos_flow_info *gbr,
	struct xnap_qos_flow_level_qos_parameters *q)
{
	static const struct gnb_flow plain = { .five_qi = 9, .arp_priority = 15 };
	struct xnap_qos_characteristics *c = &q->qos_characteristics;

	f = f ? f : &plain;
	if (f->dynamic) {
		c->tag = XNAP_QOS_CHARACTERISTICS_TAG_DYNAMIC;
		c->u.dynamic = (struct xnap_dynamic5_qi_descriptor){ .priority_level_qos = f->priority_level,
			.packet_delay_budget = f->packet_delay_budget,
			.packet_error_rate = { f->per_scalar, f->per_exponent },
			.has_five_qi = f->five_qi != 0,
			.five_qi = f->five_qi };
	} else {
		c->tag = XNAP_QOS_CHARACTERISTICS_TAG_NON_DYNAMIC;
		c->u.non_dynamic.five_qi = f->five_qi;
	}
	q->allocation_and_retention_prio = (struct xnap_allocationand_retention_priority){
		.priority_level = f->arp_priority,
		.pre_emption_capability =
			(enum xnap_allocationand_retention_priority_pre_emption_capability)f->may_pre_empt,
		.pre_emption_vulnerability =
			(enum xnap_allocationand_retention_priority_pre_emption_vulnerability)f->pre_emptable,
	};
	if (!f->is_gbr)
		return;
	*gbr = (struct xnap_gbr_qos_flow_info){ .max_flow_bit_rate_dl = (int64_t)f->mfbr_dl_bps,
		.max_flow_bit_rate_ul = (int64_t)f->mfbr_ul_bps,
		.guaranteed_flow_bit_rate_dl = (int64_t)f->gfbr_dl_bps,
		.guaranteed_flow_bit_rate_ul = (int64_t)f->gfbr_ul_bps };
	q->gbr_qos_flow_info = gbr;
}

/* A session as 9.2.1.1 has it; its parts live in the arena. */
struct described {
	struct xnap_qos_flows_to_be_setup_item flows[GNB_QFI_MAX + 1];
	struct xnap_gbr_qos_flow_info gbr[GNB_QFI_MAX + 1];
	struct xnap_qos_f_lows_to_be_forwarded_item forwarded[GNB_QFI_MAX + 1];
	struct xnap_qos_flow_item mapped[GNB_QFI_MAX + 1];
	struct xnap_drb_to_qos_flow_mapping_item drb;
	struct xnap_drb_to_qos_flow_mapping_list drbs;
	struct xnap_dataforwardingand_offloading_infofrom_source forwarding;
	struct xnap_pdu_session_aggregate_maximum_bit_rate ambr;
};

static void flows_describe(const struct gnb_session *s, struct described *d, size_t *n)
{
	for (uint8_t qfi = 0; qfi <= GNB_QFI_MAX; qfi++) {
		const struct gnb_flow *f = s->first_flow;

		if (!(s->flows >> qfi & 1))
			continue;
		while (f && f->qfi != qfi)
			f = f->next;
		d->flows[*n].qfi = d->mapped[*n].qfi = d->forwarded[*n].qos_flow_identifier = qfi;
		d->forwarded[*n].dl_dataforwarding = XNAP_DL_FORWARDING_DL_FORWARDING_PROPOSED;
		d->forwarded[*n].ul_dataforwarding = XNAP_UL_FORWARDING_UL_FORWARDING_PROPOSED;
		flow_write(f, &d->gbr[*n], &d->flows[*n].qos_flow_level_qos_parameters);
		++*n;
	}
}

/* 9.2.3.52: the same as NGAP has it, so that the target keeps to it (33.501 6.6.1). */
static bool protection_describe(
	struct gnb *gnb, const struct gnb_protection *p, struct xnap_security_indication **out)
{
	struct parts {
		struct xnap_security_indication indication;
		struct xnap_maximum_ip_datarate rate;
		struct xnap_maximum_ip_datarate_ext_ies ext;
	} *x;

	if (!p->wanted)
		return true;
	x = arena_alloc(&gnb->arena, sizeof(*x));
	if (!x)
		return false;
	x->ext = (struct xnap_maximum_ip_datarate_ext_ies){ true,
		p->slow_dl ? XNAP_MAX_I_PRATE_BITRATE64KBS : XNAP_MAX_I_PRATE_MAX_U_ERATE };
	x->rate = (struct xnap_maximum_ip_datarate){
		p->slow_ul ? XNAP_MAX_I_PRATE_BITRATE64KBS : XNAP_MAX_I_PRATE_MAX_U_ERATE, &x->ext
	};
	x->indication = (struct xnap_security_indication){
		(enum xnap_security_indication_integrity_protection_indication)p->integrity,
		(enum xnap_security_indication_confidentiality_protection_indication)p->ciphering,
		p->integrity == NGAP_INTEGRITY_PROTECTION_INDICATION_NOT_NEEDED ? NULL : &x->rate,
	};
	*out = &x->indication;
	return true;
}

bool gnb_xn_session_describe(
	struct gnb *gnb, const struct gnb_session *s, struct xnap_pdu_session_resources_to_be_setup_item *out)
{
	struct described *d = arena_alloc(&gnb->arena, sizeof(*d));
	struct ngap_s_nssai slice;
	size_t n = 0;

	if (!d || !ngap_s_nssai_of(&s->snssai, &gnb->arena, &slice))
		return false;
	*d = (struct described){ .drbs = { 1, &d->drb } };
	flows_describe(s, d, &n);
	d->drb.drb_id = s->drb;
	d->drb.qos_flows_list = (struct xnap_qos_flows_list){ n, d->mapped };
	d->forwarding =
		(struct xnap_dataforwardingand_offloading_infofrom_source){ { n, d->forwarded }, &d->drbs };
	d->ambr = (struct xnap_pdu_session_aggregate_maximum_bit_rate){ (int64_t)s->ambr_dl_bps,
		(int64_t)s->ambr_ul_bps };
	*out = (struct xnap_pdu_session_resources_to_be_setup_item){ .pdu_session_id = s->psi,
		.s_nssai = { slice.sst, slice.has_sd, slice.sd },
		.pdu_session_ambr = s->ambr_dl_bps || s->ambr_ul_bps ? &d->ambr : NULL,
		.pdu_session_type = (enum xnap_pdu_session_type)s->type,
		.qos_flows_to_be_setup_list = { n, d->flows },
		.dataforwardinginfofrom_source = &d->forwarding };
	return protection_describe(gnb, &s->protection, &out->security_indication) &&
	       tunnel_write(gnb, &s->upf, s->ul_teid, &out->ul_ng_u_tnl_at_upf);
}

/* The same as NGAP has it. */
static struct ngap_qos_flow_level_qos_parameters parameters_of(
	const struct xnap_qos_flow_level_qos_parameters *q, struct ngap_gbr_qos_information *gbr)
{
	const struct xnap_dynamic5_qi_descriptor *d = &q->qos_characteristics.u.dynamic;
	const struct xnap_gbr_qos_flow_info *g = q->gbr_qos_flow_info;
	struct ngap_qos_flow_level_qos_parameters out = {
		.allocation_and_retention_priority = { (uint8_t)q->allocation_and_retention_prio
							       .priority_level,
			(enum ngap_pre_emption_capability)
				q->allocation_and_retention_prio.pre_emption_capability,
			(enum ngap_pre_emption_vulnerability)
				q->allocation_and_retention_prio.pre_emption_vulnerability },
	};

	if (q->qos_characteristics.tag == XNAP_QOS_CHARACTERISTICS_TAG_DYNAMIC) {
		out.qos_characteristics.tag = NGAP_QOS_CHARACTERISTICS_TAG_DYNAMIC5_QI;
		out.qos_characteristics.u.dynamic5_qi = (struct ngap_dynamic5_qi_descriptor){
			.priority_level_qos = d->priority_level_qos,
			.packet_delay_budget = d->packet_delay_budget,
			.packet_error_rate = { d->packet_error_rate.per_scalar,
				d->packet_error_rate.per_exponent },
			.has_five_qi = d->has_five_qi,
			.five_qi = d->five_qi,
		};
	} else if (q->qos_characteristics.tag == XNAP_QOS_CHARACTERISTICS_TAG_NON_DYNAMIC) {
		out.qos_characteristics.tag = NGAP_QOS_CHARACTERISTICS_TAG_NON_DYNAMIC5_QI;
		out.qos_characteristics.u.non_dynamic5_qi.five_qi =
			q->qos_characteristics.u.non_dynamic.five_qi;
	}
	if (g) {
		*gbr = (struct ngap_gbr_qos_information){ .maximum_flow_bit_rate_dl = g->max_flow_bit_rate_dl,
			.maximum_flow_bit_rate_ul = g->max_flow_bit_rate_ul,
			.guaranteed_flow_bit_rate_dl = g->guaranteed_flow_bit_rate_dl,
			.guaranteed_flow_bit_rate_ul = g->guaranteed_flow_bit_rate_ul };
		out.gbr_qos_information = gbr;
	}
	return out;
}

/* 33.501 6.6.1: as the source was told it. False: it cannot be met, with the cause. */
static bool protection_take(const struct gnb *gnb, const struct xnap_security_indication *in,
	struct gnb_protection *out, enum xnap_cause_radio_network_layer *cause)
{
	const struct xnap_maximum_ip_datarate *rate = in ? in->maximum_ip_datarate : NULL;
	const struct xnap_maximum_ip_datarate_ext_ies *down = rate ? rate->ie_extensions : NULL;
	const struct ngap_security_indication_ext_ies ext = { down && down->has_max_i_prate_dl,
		down && down->max_i_prate_dl == XNAP_MAX_I_PRATE_BITRATE64KBS
			? NGAP_MAXIMUM_INTEGRITY_PROTECTED_DATA_RATE_BITRATE64KBS
			: NGAP_MAXIMUM_INTEGRITY_PROTECTED_DATA_RATE_MAXIMUM_UE_RATE };
	struct ngap_security_indication same;
	uint8_t ng_cause;

	if (in)
		same = (struct ngap_security_indication){
			(enum ngap_integrity_protection_indication)in->integrity_protection_indication,
			(enum ngap_confidentiality_protection_indication)
				in->confidentiality_protection_indication,
			rate != NULL,
			rate && rate->max_i_prate_ul == XNAP_MAX_I_PRATE_BITRATE64KBS
				? NGAP_MAXIMUM_INTEGRITY_PROTECTED_DATA_RATE_BITRATE64KBS
				: NGAP_MAXIMUM_INTEGRITY_PROTECTED_DATA_RATE_MAXIMUM_UE_RATE,
			(struct ngap_security_indication_ext_ies *)&ext
		};
	if (gnb_protection_read(gnb, in ? &same : NULL, out, &ng_cause))
		return true;
	*cause = ng_cause == NGAP_CAUSE_RADIO_NETWORK_UP_INTEGRITY_PROTECTION_NOT_POSSIBLE
			 ? XNAP_CAUSE_RADIO_NETWORK_LAYER_UP_INTEGRITY_PROTECTION_NOT_POSSIBLE
			 : XNAP_CAUSE_RADIO_NETWORK_LAYER_UP_CONFIDENTIALITY_PROTECTION_NOT_POSSIBLE;
	return false;
}

static void session_fill(
	struct gnb *gnb, struct gnb_session *s, const struct xnap_pdu_session_resources_to_be_setup_item *in)
{
	const struct xnap_dataforwardingand_offloading_infofrom_source *f = in->dataforwardinginfofrom_source;
	const struct ngap_s_nssai slice = { in->s_nssai.sst, in->s_nssai.has_sd, in->s_nssai.sd };

	s->snssai = ngap_snssai(&slice);
	s->type = (uint8_t)in->pdu_session_type;
	if (in->pdu_session_ambr) {
		s->ambr_dl_bps = (uint64_t)in->pdu_session_ambr->downlink_session_ambr;
		s->ambr_ul_bps = (uint64_t)in->pdu_session_ambr->uplink_session_ambr;
	}
	for (size_t i = 0; i < in->qos_flows_to_be_setup_list.count; i++) {
		const struct xnap_qos_flows_to_be_setup_item *flow = &in->qos_flows_to_be_setup_list.items[i];
		struct ngap_gbr_qos_information gbr;
		struct ngap_qos_flow_level_qos_parameters q =
			parameters_of(&flow->qos_flow_level_qos_parameters, &gbr);

		may_fail(gnb_flow_take(gnb, s, (uint8_t)flow->qfi, &q));
	}
	if (f && f->source_drb_to_qos_flow_mapping)
		gnb_drb_set(s, f->source_drb_to_qos_flow_mapping->items[0].drb_id);
	if (f)
		may_fail(gnb_forward_expect(gnb, s)); /* without it, packets are lost */
}

struct gnb_session *gnb_xn_session_make(struct gnb *gnb, struct gnb_ue *ue,
	const struct xnap_pdu_session_resources_to_be_setup_item *in,
	enum xnap_cause_radio_network_layer *cause)
{
	const struct xnap_qos_flows_to_be_setup_list *list = &in->qos_flows_to_be_setup_list;
	struct gnb_session *s;
	struct gnb_protection protection;
	uint64_t flows = 0;
	struct addr upf;
	uint32_t teid;

	*cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_UNKNOWN_PDU_SESSION_ID;
	if (in->pdu_session_id < 1 || in->pdu_session_id > PDU_SESSIONS_MAX)
		return NULL;
	*cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_MULTIPLE_PDU_SESSION_ID_INSTANCES;
	if (ue->sessions[in->pdu_session_id])
		return NULL;
	*cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_MULTIPLE_QOS_FLOW_ID_INSTANCES;
	for (size_t i = 0; i < list->count; i++) {
		int64_t qfi = list->items[i].qfi;

		if (qfi < 0 || qfi > GNB_QFI_MAX || flows >> qfi & 1)
			return NULL;
		flows |= UINT64_C(1) << qfi;
	}
	if (!protection_take(gnb, in->security_indication, &protection, cause))
		return NULL;
	*cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_NO_RADIO_RESOURCES_AVAILABLE_IN_TARGET_CELL;
	if (!gnb_xn_tunnel_read(gnb, &in->ul_ng_u_tnl_at_upf, &upf, &teid))
		return NULL;
	s = gnb_session_new(gnb, ue, in->pdu_session_id, &upf, teid);
	if (!s)
		return NULL;
	s->flows = flows;
	s->protection = protection;
	session_fill(gnb, s, in);
	return s;
}
