/* N2 session information of handovers and path switches: transfers of 38.413 9.3.4, as n2_sm.c has the
 * others. */
#include "core/smf/handover.h"

/* 9.3.4.14 */
bool smf_n2_sm_handover_required(struct smf *smf, struct bytes transfer, struct n2_forwarding *out)
{
	struct ngap_handover_required_transfer t = { 0 };
	struct per_diag diag = { 0 };

	if (!ngap_value_decode(&ngap_handover_required_transfer_type, transfer, &smf->arena, &t, &diag))
		return false;
	out->direct_path = t.has_direct_forwarding_path_availability;
	return true;
}

/* 9.3.4.11. A forwarding tunnel that may not be is left out: the source forwards nothing then. */
bool smf_n2_sm_handover_acknowledge(struct smf *smf, const struct smf_session *s, struct bytes transfer,
	struct n2_setup *setup, struct n2_forwarding *forwarding)
{
	struct ngap_handover_request_acknowledge_transfer t = { 0 };
	const struct ngap_qos_flow_list_with_data_forwarding *flows = &t.qos_flow_setup_response_list;
	struct per_diag diag = { 0 };

	if (!ngap_value_decode(
		    &ngap_handover_request_acknowledge_transfer_type, transfer, &smf->arena, &t, &diag) ||
		!smf_n2_sm_tunnel(smf, s, &t.dl_ngu_up_tnl_information, &setup->tunnel))
		return false;
	for (size_t i = 0; i < flows->count; i++) {
		uint64_t bit = UINT64_C(1) << (flows->items[i].qos_flow_identifier & 63);

		setup->accepted |= bit;
		if (flows->items[i].has_data_forwarding_accepted)
			forwarding->flows |= bit;
	}
	if (t.dl_forwarding_up_tnl_information &&
		!smf_n2_sm_tunnel(smf, s, t.dl_forwarding_up_tnl_information, &forwarding->tunnel))
		forwarding->tunnel = (struct smf_tunnel){ 0 };
	forwarding->drbs = t.data_forwarding_response_drb_list;
	return setup->accepted >> SMF_DEFAULT_QFI & 1;
}

struct n2_tunnel {
	uint8_t teid[4];
	struct addr ip;
	struct ngap_up_transport_layer_information tnl;
};

static struct ngap_up_transport_layer_information *n2_tunnel(
	const struct smf_tunnel *from, struct n2_tunnel *t)
{
	v4_octets(from->teid, t->teid);
	t->ip = ip_to_addr(from->ip, 0);
	t->tnl = (struct ngap_up_transport_layer_information){
		.tag = NGAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL
	};
	t->tnl.u.gtp_tunnel.transport_layer_address = (struct per_bits){ t->ip.ip, 8u * t->ip.len };
	t->tnl.u.gtp_tunnel.gtp_teid = BYTES(t->teid);
	return &t->tnl;
}

/* 9.3.4.10: where the source sends what it has, the target itself or the UPF; and of which flows. */
struct bytes smf_n2_sm_handover_command(struct smf *smf, const struct smf_session *s)
{
	const struct smf_handover *h = s->handover;
	const struct smf_tunnel *to = h->direct.teid ? &h->direct : &h->forwarding;
	struct ngap_qos_flow_to_be_forwarded_item items[SMF_FLOWS_MAX];
	struct ngap_qos_flow_to_be_forwarded_list flows = { 0, items };
	struct ngap_data_forwarding_response_drb_list drbs;
	struct ngap_handover_command_transfer t = { 0 };
	struct per_diag diag = { 0 };
	struct n2_tunnel tunnel;
	uint64_t done = 0;

	for (uint8_t i = 0; i < s->flows.count; i++) {
		uint8_t qfi = smf_flow_get(&s->flows, i)->qfi;

		if (h->forwarded >> qfi & 1 && !(done >> qfi & 1))
			items[flows.count++].qos_flow_identifier = qfi;
		done |= UINT64_C(1) << qfi;
	}
	if (to->teid && flows.count > 0) {
		t.dl_forwarding_up_tnl_information = n2_tunnel(to, &tunnel);
		t.qos_flow_to_be_forwarded_list = &flows;
	}
	if (h->drbs_len > 0 && ngap_value_decode(&ngap_data_forwarding_response_drb_list_type,
				       bytes_of(h->drbs, h->drbs_len), &smf->arena, &drbs, &diag))
		t.data_forwarding_response_drb_list = &drbs;
	return smf_n2_sm_encode(smf, &ngap_handover_command_transfer_type, &t);
}

/* 9.3.4.19 */
struct bytes smf_n2_sm_handover_refusal(struct smf *smf, struct ngap_cause cause)
{
	struct ngap_handover_preparation_unsuccessful_transfer t = { cause };

	return smf_n2_sm_encode(smf, &ngap_handover_preparation_unsuccessful_transfer_type, &t);
}

/* 33.501 6.6.1: the policy that has come with the UE is the session's; false: it is not, or none has come. */
static bool policy_is_kept(struct smf *smf, const struct smf_session *s,
	const struct ngap_user_plane_security_information *theirs)
{
	struct ngap_security_indication *ours = smf_n2_sm_security_indication(smf, s->protection);

	if (!ours)
		return true;
	return theirs &&
	       theirs->security_indication.integrity_protection_indication ==
		       ours->integrity_protection_indication &&
	       theirs->security_indication.confidentiality_protection_indication ==
		       ours->confidentiality_protection_indication;
}

/* 9.3.4.8 */
bool smf_n2_sm_path_switch_request(
	struct smf *smf, const struct smf_session *s, struct bytes transfer, struct n2_setup *out)
{
	struct ngap_path_switch_request_transfer t = { 0 };
	struct per_diag diag = { 0 };

	if (!ngap_value_decode(&ngap_path_switch_request_transfer_type, transfer, &smf->arena, &t, &diag) ||
		!smf_n2_sm_tunnel(smf, s, &t.dl_ngu_up_tnl_information, &out->tunnel))
		return false;
	out->protection_wrong = !policy_is_kept(smf, s, t.user_plane_security_information);
	for (size_t i = 0; i < t.qos_flow_accepted_list.count; i++)
		out->accepted |= UINT64_C(1) << (t.qos_flow_accepted_list.items[i].qos_flow_identifier & 63);
	return out->accepted >> SMF_DEFAULT_QFI & 1;
}

/* 9.3.4.9 */
struct bytes smf_n2_sm_path_switch_acknowledge(struct smf *smf, const struct smf_session *s)
{
	struct ngap_path_switch_request_acknowledge_transfer t = { 0 };
	struct n2_tunnel tunnel;

	t.ul_ngu_up_tnl_information = n2_tunnel(&s->uplink, &tunnel);
	t.security_indication =
		s->protection_wrong ? smf_n2_sm_security_indication(smf, s->protection) : NULL;
	return smf_n2_sm_encode(smf, &ngap_path_switch_request_acknowledge_transfer_type, &t);
}

/* 9.3.4.20 */
struct bytes smf_n2_sm_path_switch_refusal(struct smf *smf, struct ngap_cause cause)
{
	struct ngap_path_switch_request_unsuccessful_transfer t = { cause };

	return smf_n2_sm_encode(smf, &ngap_path_switch_request_unsuccessful_transfer_type, &t);
}

/* 9.3.4.6. Tunnels beside one another for one session (9.3.2.8) are not served: all flows are in one. */
bool smf_n2_sm_modify_indication(
	struct smf *smf, const struct smf_session *s, struct bytes transfer, struct n2_setup *out)
{
	struct ngap_pdu_session_resource_modify_indication_transfer t = { 0 };
	const struct ngap_qos_flow_per_tnl_information *dl = &t.dl_qos_flow_per_tnl_information;
	struct per_diag diag = { 0 };

	if (!ngap_value_decode(&ngap_pdu_session_resource_modify_indication_transfer_type, transfer,
		    &smf->arena, &t, &diag) ||
		t.additional_dl_qos_flow_per_tnl_information ||
		!smf_n2_sm_tunnel(smf, s, &dl->up_transport_layer_information, &out->tunnel))
		return false;
	for (size_t i = 0; i < dl->associated_qos_flow_list.count; i++)
		out->accepted |= UINT64_C(1)
				 << (dl->associated_qos_flow_list.items[i].qos_flow_identifier & 63);
	return out->accepted >> SMF_DEFAULT_QFI & 1;
}

/* 9.3.4.7: all flows that the gNB has. */
struct bytes smf_n2_sm_modify_confirm(struct smf *smf, const struct smf_session *s)
{
	struct ngap_qos_flow_modify_confirm_item items[SMF_FLOWS_MAX];
	struct ngap_pdu_session_resource_modify_confirm_transfer t = { .qos_flow_modify_confirm_list = {
									       0, items } };
	uint64_t there = smf_flows_marked(&s->flows, FLOW_AT_GNB);
	struct n2_tunnel tunnel;

	for (; there; there &= there - 1)
		items[t.qos_flow_modify_confirm_list.count++].qos_flow_identifier = __builtin_ctzll(there);
	t.ul_ngu_up_tnl_information = *n2_tunnel(&s->uplink, &tunnel);
	return smf_n2_sm_encode(smf, &ngap_pdu_session_resource_modify_confirm_transfer_type, &t);
}

/* 9.3.4.22 */
struct bytes smf_n2_sm_modify_indication_refusal(struct smf *smf, struct ngap_cause cause)
{
	struct ngap_pdu_session_resource_modify_indication_unsuccessful_transfer t = { cause };

	return smf_n2_sm_encode(
		smf, &ngap_pdu_session_resource_modify_indication_unsuccessful_transfer_type, &t);
}
