/* N2 session information: the transfers of 38.413 9.3.4 that go through the AMF as they are. */
#include "core/smf/modification.h"

enum { V4_BITS = 32, V4V6_BITS = 160 };

struct bytes smf_n2_sm_encode(struct smf *smf, const struct per_type *type, const void *value)
{
	struct writer w = writer_of(smf->n2_buffer, sizeof(smf->n2_buffer));

	return ngap_value_encode(type, value, &w) ? writer_bytes(&w) : BYTES_NONE;
}

void smf_n2_sm_flow(const struct smf_flows *flows, const struct smf_flow *f,
	struct ngap_qos_flow_level_qos_parameters *qos, struct ngap_gbr_qos_information *gbr)
{
	const struct smf_rates rates = smf_flows_rates(flows, f->qfi);
	struct ngap_non_dynamic5_qi_descriptor *five_qi = &qos->qos_characteristics.u.non_dynamic5_qi;
	const struct arp *arp = &f->arp;

	qos->qos_characteristics.tag = NGAP_QOS_CHARACTERISTICS_TAG_NON_DYNAMIC5_QI;
	five_qi->five_qi = f->five_qi;
	five_qi->has_priority_level_qos = f->priority_level != 0;
	five_qi->priority_level_qos = f->priority_level;
	qos->allocation_and_retention_priority = (struct ngap_allocation_and_retention_priority){
		.priority_level_arp = arp->priority_level,
		.pre_emption_capability = arp->may_preempt
						  ? NGAP_PRE_EMPTION_CAPABILITY_MAY_TRIGGER_PRE_EMPTION
						  : NGAP_PRE_EMPTION_CAPABILITY_SHALL_NOT_TRIGGER_PRE_EMPTION,
		.pre_emption_vulnerability = arp->preemptable
						     ? NGAP_PRE_EMPTION_VULNERABILITY_PRE_EMPTABLE
						     : NGAP_PRE_EMPTION_VULNERABILITY_NOT_PRE_EMPTABLE,
	};
	qos->has_reflective_qos_attribute = f->match && f->match->reflective;
	qos->reflective_qos_attribute = NGAP_REFLECTIVE_QOS_ATTRIBUTE_SUBJECT_TO;
	if (!f->match || (!rates.gbr.uplink_bps && !rates.gbr.downlink_bps))
		return;
	*gbr = (struct ngap_gbr_qos_information){
		.maximum_flow_bit_rate_dl = (int64_t)rates.mbr.downlink_bps,
		.maximum_flow_bit_rate_ul = (int64_t)rates.mbr.uplink_bps,
		.guaranteed_flow_bit_rate_dl = (int64_t)rates.gbr.downlink_bps,
		.guaranteed_flow_bit_rate_ul = (int64_t)rates.gbr.uplink_bps,
		.has_notification_control = f->match->notify,
		.notification_control = NGAP_NOTIFICATION_CONTROL_NOTIFICATION_REQUESTED,
	};
	qos->gbr_qos_information = gbr;
}

/* By the type of NAS; 0: what was stored before there was another one. */
static const enum ngap_pdu_session_type n2_sm_types[] = {
	NGAP_PDU_SESSION_TYPE_IPV4, [NAS_PDU_IPV4] = NGAP_PDU_SESSION_TYPE_IPV4,
	[NAS_PDU_IPV6] = NGAP_PDU_SESSION_TYPE_IPV6, [NAS_PDU_IPV4V6] = NGAP_PDU_SESSION_TYPE_IPV4V6,
	[NAS_PDU_UNSTRUCTURED] = NGAP_PDU_SESSION_TYPE_UNSTRUCTURED,
	[NAS_PDU_ETHERNET] = NGAP_PDU_SESSION_TYPE_ETHERNET
};

static enum ngap_maximum_integrity_protected_data_rate rate_of(bool slow)
{
	return slow ? NGAP_MAXIMUM_INTEGRITY_PROTECTED_DATA_RATE_BITRATE64KBS
		    : NGAP_MAXIMUM_INTEGRITY_PROTECTED_DATA_RATE_MAXIMUM_UE_RATE;
}

static bool is_open(uint8_t protection)
{
	return smf_protection_integrity(protection) == SMF_PROTECTION_OPEN &&
	       smf_protection_ciphering(protection) == SMF_PROTECTION_OPEN;
}

/* Where one is left open integrity is not needed, and ciphering is preferred. */
struct ngap_security_indication *smf_n2_sm_security_indication(struct smf *smf, uint8_t protection)
{
	enum smf_protection integrity = smf_protection_integrity(protection),
			    ciphering = smf_protection_ciphering(protection);
	struct ngap_security_indication *out;
	struct ngap_security_indication_ext_ies *ext;

	if (is_open(protection))
		return NULL;
	out = arena_alloc(&smf->arena, sizeof(*out));
	ext = arena_alloc(&smf->arena, sizeof(*ext));
	if (!out || !ext)
		return NULL;
	*ext = (struct ngap_security_indication_ext_ies){ true, rate_of(protection >> 5 & 1) };
	*out = (struct ngap_security_indication){ NGAP_INTEGRITY_PROTECTION_INDICATION_NOT_NEEDED,
		NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_PREFERRED };
	if (integrity != SMF_PROTECTION_OPEN)
		out->integrity_protection_indication =
			(enum ngap_integrity_protection_indication)(integrity - SMF_PROTECTION_REQUIRED);
	if (ciphering != SMF_PROTECTION_OPEN)
		out->confidentiality_protection_indication =
			(enum ngap_confidentiality_protection_indication)(
				ciphering - SMF_PROTECTION_REQUIRED);
	if (out->integrity_protection_indication == NGAP_INTEGRITY_PROTECTION_INDICATION_NOT_NEEDED)
		return out;
	out->has_maximum_integrity_protected_data_rate_ul = true;
	out->maximum_integrity_protected_data_rate_ul = rate_of(protection >> 4 & 1);
	out->ie_extensions = ext;
	return out;
}

struct bytes smf_n2_sm_setup_request(struct smf *smf, const struct smf_session *s)
{
	struct ngap_qos_flow_setup_request_item flows[SMF_FLOWS_MAX];
	struct ngap_gbr_qos_information gbr[SMF_FLOWS_MAX];
	struct ngap_pdu_session_aggregate_maximum_bit_rate ambr = {
		.pdu_session_aggregate_maximum_bit_rate_dl = (int64_t)s->ambr.downlink_bps,
		.pdu_session_aggregate_maximum_bit_rate_ul = (int64_t)s->ambr.uplink_bps,
	};
	struct ngap_pdu_session_resource_setup_request_transfer t = {
		.pdu_session_aggregate_maximum_bit_rate = &ambr,
		.pdu_session_type = n2_sm_types[s->type],
		.qos_flow_setup_request_list = { 0, flows },
	};
	struct ngap_gtp_tunnel *tunnel = &t.ul_ngu_up_tnl_information.u.gtp_tunnel;
	struct addr ip = ip_to_addr(s->uplink.ip, 0);
	uint64_t done = 0;
	uint8_t teid[4];

	for (uint8_t i = 0; i < s->flows.count; i++) {
		const struct smf_flow *f = smf_flow_get(&s->flows, i);
		size_t n = t.qos_flow_setup_request_list.count;

		if (f->leaving || done >> f->qfi & 1)
			continue;
		done |= UINT64_C(1) << f->qfi;
		flows[n] = (struct ngap_qos_flow_setup_request_item){ .qos_flow_identifier = f->qfi };
		smf_n2_sm_flow(&s->flows, f, &flows[n].qos_flow_level_qos_parameters, &gbr[n]);
		t.qos_flow_setup_request_list.count++;
	}
	t.security_indication = smf_n2_sm_security_indication(smf, s->protection);
	if (!t.security_indication && !is_open(s->protection))
		return BYTES_NONE;
	v4_octets(s->uplink.teid, teid);
	t.ul_ngu_up_tnl_information.tag = NGAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL;
	tunnel->transport_layer_address = (struct per_bits){ ip.ip, 8u * ip.len };
	tunnel->gtp_teid = BYTES(teid);
	return smf_n2_sm_encode(smf, &ngap_pdu_session_resource_setup_request_transfer_type, &t);
}

struct bytes smf_n2_sm_release_command(struct smf *smf)
{
	struct ngap_pdu_session_resource_release_command_transfer t = {
		.cause = { NGAP_CAUSE_TAG_NAS, { .nas = NGAP_CAUSE_NAS_NORMAL_RELEASE } },
	};

	return smf_n2_sm_encode(smf, &ngap_pdu_session_resource_release_command_transfer_type, &t);
}

/* 38.413 9.3.2.2: the gNB's end, at another host; neither the UPF, nor the SMF, nor the UE itself. */
static bool n2_sm_tunnel_allowed(const struct smf *smf, const struct smf_session *s, struct ip ip)
{
	return ip_is_tunnel_end(ip, s->uplink.ip) && !ip_equal(ip, ip_from_addr(&smf->config.n4_address)) &&
	       !ip_equal(ip, ip_from_addr(&smf->upfs[s->upf].peer->addr)) &&
	       !ip_equal(ip, ip_from_v4(s->ue.ipv4));
}

bool smf_n2_sm_tunnel(const struct smf *smf, const struct smf_session *s,
	const struct ngap_up_transport_layer_information *tnl, struct smf_tunnel *out)
{
	size_t bits;

	if (tnl->tag != NGAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL)
		return false;
	bits = tnl->u.gtp_tunnel.transport_layer_address.len_bits;
	if (bits != V4_BITS && bits != V4V6_BITS)
		return false;
	out->ip = ip_from_v4(v4_of(tnl->u.gtp_tunnel.transport_layer_address.data));
	out->teid = v4_of(tnl->u.gtp_tunnel.gtp_teid.data);
	return n2_sm_tunnel_allowed(smf, s, out->ip);
}

/* It was left to the gNB, and is not done: the operator hears of it. */
static void protection_told(
	struct smf *smf, const struct smf_session *s, const struct ngap_security_result *r)
{
	bool integrity = r->integrity_protection_result == NGAP_INTEGRITY_PROTECTION_RESULT_PERFORMED;
	bool ciphering =
		r->confidentiality_protection_result == NGAP_CONFIDENTIALITY_PROTECTION_RESULT_PERFORMED;

	if ((integrity || smf_protection_integrity(s->protection) != SMF_PROTECTION_PREFERRED) &&
		(ciphering || smf_protection_ciphering(s->protection) == SMF_PROTECTION_NOT_NEEDED))
		return;
	smf->stat[SMF_STAT_UNPROTECTED]++;
	log_info(smf->nf.env->log, "imsi-%s: PDU session %u is carried %s integrity protection, %s ciphering",
		s->supi.imsi, s->pdu_session_id, integrity ? "with" : "without",
		ciphering ? "with" : "without");
}

bool smf_n2_sm_setup_response(
	struct smf *smf, const struct smf_session *s, struct bytes transfer, struct n2_setup *out)
{
	struct ngap_pdu_session_resource_setup_response_transfer t = { 0 };
	const struct ngap_qos_flow_per_tnl_information *dl = &t.dl_qos_flow_per_tnl_information;
	struct per_diag diag = { 0 };

	*out = (struct n2_setup){ 0 };
	if (!ngap_value_decode(&ngap_pdu_session_resource_setup_response_transfer_type, transfer, &smf->arena,
		    &t, &diag))
		return false;
	if (!smf_n2_sm_tunnel(smf, s, &dl->up_transport_layer_information, &out->tunnel))
		return false;
	for (size_t i = 0; i < dl->associated_qos_flow_list.count; i++)
		out->accepted |= UINT64_C(1)
				 << (dl->associated_qos_flow_list.items[i].qos_flow_identifier & 63);
	for (size_t i = 0; t.qos_flow_failed_to_setup_list && i < t.qos_flow_failed_to_setup_list->count; i++)
		out->accepted &= ~(
			UINT64_C(1) << (t.qos_flow_failed_to_setup_list->items[i].qos_flow_identifier & 63));
	if (t.security_result)
		protection_told(smf, s, t.security_result);
	return out->accepted >> SMF_DEFAULT_QFI & 1;
}
