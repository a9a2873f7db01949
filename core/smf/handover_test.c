/* N2 handover and path switch of a session: each step, each failure, and what the UPF has of it. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

enum {
	SOURCE_IP = 0x0a040001,
	SOURCE_TEID = 0x77,
	TARGET_IP = 0x0a040002,
	TARGET_TEID = 0x99,
	FORWARDING_TEID = 0x9a
};

static struct smf_session *session(struct bed *b)
{
	return smf_session_by_ref(b->smf, b->ref);
}

static struct ngap_up_transport_layer_information tunnel(uint32_t teid, uint8_t octets[8])
{
	struct ngap_up_transport_layer_information t = {
		.tag = NGAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL
	};

	v4_octets(TARGET_IP, octets);
	v4_octets(teid, octets + 4);
	t.u.gtp_tunnel.transport_layer_address = (struct per_bits){ octets, 32 };
	t.u.gtp_tunnel.gtp_teid = bytes_of(octets + 4, 4);
	return t;
}

static void required(struct bed *b, bool direct)
{
	struct ngap_handover_required_transfer t = { .has_direct_forwarding_path_availability = direct };

	bed_update_handover(b, HO_STATE_PREPARING, N2_SM_HANDOVER_REQUIRED,
		bed_n2(b, &ngap_handover_required_transfer_type, &t));
}

static void admitted(struct bed *b, bool forwarding)
{
	uint8_t dl[8], fwd[8];
	struct ngap_up_transport_layer_information to = tunnel(FORWARDING_TEID, fwd);
	struct ngap_qos_flow_item_with_data_forwarding flow = { .qos_flow_identifier = SMF_DEFAULT_QFI,
		.has_data_forwarding_accepted = forwarding };
	struct ngap_handover_request_acknowledge_transfer t = {
		.dl_ngu_up_tnl_information = tunnel(TARGET_TEID, dl),
		.dl_forwarding_up_tnl_information = forwarding ? &to : NULL,
		.qos_flow_setup_response_list = { 1, &flow },
	};

	bed_update_handover(b, HO_STATE_PREPARED, N2_SM_HANDOVER_REQ_ACK,
		bed_n2(b, &ngap_handover_request_acknowledge_transfer_type, &t));
}

/* The tunnel that the source is to forward into; teid 0: none. */
static uint32_t command_tunnel(struct bed *b, uint32_t *ip)
{
	struct ngap_handover_command_transfer t = { 0 };
	struct per_diag diag;

	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->answer.n2_type, N2_SM_HANDOVER_CMD);
	assert_int_equal(b->answer.ho_state, HO_STATE_PREPARED);
	assert_true(ngap_value_decode(&ngap_handover_command_transfer_type,
		bytes_of(b->answer.n2.data, b->answer.n2.len), &b->arena, &t, &diag));
	*ip = 0;
	if (!t.dl_forwarding_up_tnl_information)
		return 0;
	assert_int_equal(t.qos_flow_to_be_forwarded_list->count, 1);
	*ip = v4_of(t.dl_forwarding_up_tnl_information->u.gtp_tunnel.transport_layer_address.data);
	return v4_of(t.dl_forwarding_up_tnl_information->u.gtp_tunnel.gtp_teid.data);
}

static void cnx(struct bed *b, enum ho_state state)
{
	bed_update_handover(b, state, N2_SM_ABSENT, BYTES_NONE);
}

static void is_at(struct bed *b, enum up_state up, uint32_t teid)
{
	assert_int_equal(session(b)->up, up);
	assert_true(b->sessions[0].forwards);
	assert_int_equal(b->sessions[0].dl_teid, teid);
}

/* 23.502 4.9.1.3, direct forwarding: the UPF is asked once, when the UE is there. */
static void direct_forwarding(void **state)
{
	struct bed *b = *state;
	uint32_t ip, requests;

	bed_establish(b);
	is_at(b, UP_ACTIVE, SOURCE_TEID);
	requests = b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST];
	required(b, true);
	assert_int_equal(b->answer.n2_type, N2_SM_PDU_RES_SETUP_REQ);
	assert_int_equal(b->answer.ho_state, HO_STATE_PREPARING);
	admitted(b, true);
	assert_int_equal(command_tunnel(b, &ip), FORWARDING_TEID);
	assert_int_equal(ip, TARGET_IP);
	assert_int_equal(b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST], requests);
	is_at(b, UP_PREPARED, SOURCE_TEID);
	cnx(b, HO_STATE_COMPLETED);
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->answer.ho_state, HO_STATE_COMPLETED);
	is_at(b, UP_ACTIVE, TARGET_TEID);
	assert_int_equal(b->sessions[0].dl_ip, TARGET_IP);
	assert_int_equal(b->sessions[0].end_markers, 1);
	assert_int_equal(b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST], requests + 1);
	assert_null(session(b)->handover);
	assert_int_equal(bed_stat(b, SMF_STAT_HANDOVERS), 1);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_int_equal(b->sessions[0].end_markers, 1);
}

/* 23.502 4.9.1.3.2 step 11: the UPF forwards for a while, then no more. */
static void indirect_forwarding(void **state)
{
	struct bed *b = *state;
	uint32_t ip;

	bed_establish(b);
	required(b, false);
	admitted(b, true);
	assert_int_not_equal(b->sessions[0].fwd_teid, 0);
	assert_int_equal(command_tunnel(b, &ip), b->sessions[0].fwd_teid);
	assert_int_equal(ip, 0x0a030001);
	assert_int_equal(b->sessions[0].fwd_to, FORWARDING_TEID);
	assert_int_equal(b->sessions[0].fwd_ip, TARGET_IP);
	is_at(b, UP_PREPARED, SOURCE_TEID);
	cnx(b, HO_STATE_COMPLETED);
	is_at(b, UP_ACTIVE, TARGET_TEID);
	assert_int_equal(b->sessions[0].end_markers, 1);
	assert_int_not_equal(b->sessions[0].fwd_teid, 0);
	bed_pass(b, SMF_FORWARDING_MS + 100);
	assert_int_equal(b->sessions[0].fwd_teid, 0);
	assert_null(session(b)->handover);
	is_at(b, UP_ACTIVE, TARGET_TEID);
	/* and again: another F-TEID is chosen */
	required(b, false);
	admitted(b, true);
	assert_int_equal(command_tunnel(b, &ip), b->sessions[0].fwd_teid);
}

/* A UPF without FTUP: the F-TEID for it is the SMF's choice, at each step its own alone, and given back. */
static void forwarding_by_teids_of_the_smf(void **state)
{
	struct bed *b = *state;
	uint32_t ip, teid;

	b->upf_no_ftup = b->upf_teids = true;
	bed_upf_restart(b);
	bed_pass(b, PFCP_HEARTBEAT_MS + 1000);
	bed_establish(b);
	required(b, false);
	admitted(b, true);
	teid = command_tunnel(b, &ip);
	assert_int_equal(teid, b->sessions[0].fwd_teid);
	assert_int_equal(teid >> 28, 0xa);
	assert_int_not_equal(teid, session(b)->uplink.teid);
	assert_int_equal(b->smf->teids.used, 2);
	cnx(b, HO_STATE_COMPLETED);
	assert_int_equal(b->smf->teids.used, 2);
	bed_pass(b, SMF_FORWARDING_MS + 100);
	assert_null(session(b)->handover);
	assert_int_equal(b->smf->teids.used, 1);
	/* refused by the UPF */
	required(b, false);
	b->upf_cause = PFCP_CAUSE_NO_RESOURCES;
	admitted(b, true);
	b->upf_cause = 0;
	assert_int_equal(command_tunnel(b, &ip), 0);
	assert_int_equal(b->smf->teids.used, 1);
	cnx(b, HO_STATE_CANCELLED);
	/* killed: until the session is established again the UPF has it, and so has the SMF */
	required(b, false);
	admitted(b, true);
	b->upf_off = true;
	b->sessions[0].fwd_teid = 0;
	bed_restart(b);
	assert_int_equal(b->smf->teids.used, 2);
	b->upf_off = false;
	bed_pass(b, 10000);
	assert_true(b->sessions[0].restored);
	assert_int_equal(b->smf->teids.used, 1);
	is_at(b, UP_ACTIVE, TARGET_TEID);
}

/* A target that takes nothing that is forwarded. */
static void no_forwarding(void **state)
{
	struct bed *b = *state;
	uint32_t ip;

	bed_establish(b);
	required(b, false);
	admitted(b, false);
	assert_int_equal(command_tunnel(b, &ip), 0);
	assert_int_equal(b->sessions[0].fwd_teid, 0);
}

/* The UPF refuses to forward, or is silent: the source does without, and the UE goes all the same. */
static void upf_does_not_forward(void **state)
{
	struct bed *b = *state;
	uint32_t ip;

	bed_establish(b);
	required(b, false);
	b->upf_cause = PFCP_CAUSE_NO_RESOURCES;
	admitted(b, true);
	assert_int_equal(command_tunnel(b, &ip), 0);
	b->upf_cause = 0;
	cnx(b, HO_STATE_COMPLETED);
	is_at(b, UP_ACTIVE, TARGET_TEID);
	assert_int_equal(b->sessions[0].end_markers, 1);
	assert_null(session(b)->handover);
}

/* 29.502 5.2.2.3.4.5, at each step. */
static void cancelled(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	cnx(b, HO_STATE_CANCELLED);
	assert_int_equal(b->answer.ho_state, HO_STATE_CANCELLED);
	for (int step = 0; step < 2; step++) {
		required(b, false);
		if (step > 0)
			admitted(b, true);
		cnx(b, HO_STATE_CANCELLED);
		assert_int_equal(b->answer.cause, SBI_OK);
		assert_int_equal(b->answer.ho_state, HO_STATE_CANCELLED);
		is_at(b, UP_ACTIVE, SOURCE_TEID);
		assert_null(session(b)->handover);
		assert_int_equal(b->sessions[0].fwd_teid, 0);
		cnx(b, HO_STATE_COMPLETED); /* too late */
		assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
		is_at(b, UP_ACTIVE, SOURCE_TEID);
	}
	assert_int_equal(b->sessions[0].end_markers, 0);
}

/* While the UPF is asked to forward: what it has made goes when it is known. */
static void cancelled_between(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	required(b, false);
	b->upf_drop = 1; /* the request is lost once */
	admitted(b, true);
	assert_int_equal(session(b)->up, UP_TUNNELLING);
	cnx(b, HO_STATE_CANCELLED);
	assert_int_equal(session(b)->up, UP_ACTIVE);
	bed_pass(b, 2 * PFCP_T1_MS);
	assert_int_equal(b->sessions[0].fwd_teid, 0);
	assert_null(session(b)->handover);
	is_at(b, UP_ACTIVE, SOURCE_TEID);
}

/* The target has not set it up, or says what cannot be used. */
static void target_refuses(void **state)
{
	struct bed *b = *state;
	struct ngap_handover_resource_allocation_unsuccessful_transfer t = {
		.cause = { NGAP_CAUSE_TAG_RADIO_NETWORK,
			{ .radio_network = NGAP_CAUSE_RADIO_NETWORK_RADIO_RESOURCES_NOT_AVAILABLE } }
	};

	bed_establish(b);
	required(b, true);
	bed_update_handover(b, HO_STATE_PREPARED, N2_SM_HANDOVER_RES_ALLOC_FAIL,
		bed_n2(b, &ngap_handover_resource_allocation_unsuccessful_transfer_type, &t));
	assert_int_equal(b->answer.n2_type, N2_SM_HANDOVER_PREP_FAIL);
	is_at(b, UP_ACTIVE, SOURCE_TEID);
	required(b, true);
	bed_update_handover(b, HO_STATE_PREPARED, N2_SM_HANDOVER_REQ_ACK, bytes_of("\xff", 1));
	assert_int_equal(b->answer.n2_type, N2_SM_HANDOVER_PREP_FAIL);
	is_at(b, UP_ACTIVE, SOURCE_TEID);
	assert_null(session(b)->handover);
}

/* Not for a session whose UE is idle, nor one that is released. */
static void refused(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	required(b, true);
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
	assert_int_equal(b->answer.n2_type, N2_SM_HANDOVER_PREP_FAIL);
	assert_int_equal(session(b)->up, UP_INACTIVE);
	admitted(b, true);
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
	assert_int_equal(bed_stat(b, SMF_STAT_HANDOVERS_FAILED), 2);
}

/* The UE becomes idle, or the AMF forgets it: nothing is left. */
static void given_up(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	required(b, false);
	admitted(b, true);
	bed_pass(b, SMF_HANDOVER_MS + 100);
	is_at(b, UP_ACTIVE, SOURCE_TEID);
	assert_int_equal(b->sessions[0].fwd_teid, 0);
	assert_null(session(b)->handover);
	required(b, false);
	admitted(b, true);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_int_equal(session(b)->up, UP_INACTIVE);
	assert_int_equal(b->sessions[0].fwd_teid, 0);
	assert_null(session(b)->handover);
	assert_int_equal(b->sessions[0].end_markers, 0);
}

/* HANDOVER REQUIRED a second time: the second target counts. */
static void required_again(void **state)
{
	struct bed *b = *state;
	uint32_t ip;

	bed_establish(b);
	required(b, false);
	admitted(b, true);
	required(b, true);
	assert_int_equal(b->answer.n2_type, N2_SM_PDU_RES_SETUP_REQ);
	assert_int_equal(b->sessions[0].fwd_teid, 0);
	admitted(b, true);
	assert_int_equal(command_tunnel(b, &ip), FORWARDING_TEID);
	cnx(b, HO_STATE_COMPLETED);
	is_at(b, UP_ACTIVE, TARGET_TEID);
}

/* The next handover begins before the UPF has answered to the last: it may be prepared all the same. */
static void again_before_the_upf(void **state)
{
	struct bed *b = *state;
	uint32_t ip;

	for (int fails = 0; fails < 2; fails++) {
		if (fails) {
			bed_update_cnx(b, UP_CNX_DEACTIVATED);
			bed_update_cnx(b, UP_CNX_ACTIVATING);
			bed_update_n2(
				b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, SOURCE_IP, SOURCE_TEID));
		} else {
			bed_establish(b);
		}
		required(b, true);
		admitted(b, true);
		b->upf_off = true;
		cnx(b, HO_STATE_COMPLETED);
		assert_int_equal(session(b)->up, UP_HANDOVER_SWITCHING);
		required(b, true);
		assert_int_equal(b->answer.n2_type, N2_SM_PDU_RES_SETUP_REQ);
		admitted(b, true);
		assert_int_equal(command_tunnel(b, &ip), FORWARDING_TEID);
		b->upf_off = false;
		b->upf_cause = fails ? PFCP_CAUSE_NO_RESOURCES : 0;
		bed_pass(b, 2 * PFCP_T1_MS);
		b->upf_cause = 0;
		if (fails) {
			assert_int_equal(session(b)->up, UP_INACTIVE);
			continue;
		}
		is_at(b, UP_PREPARED, TARGET_TEID);
		cnx(b, HO_STATE_COMPLETED);
		is_at(b, UP_ACTIVE, TARGET_TEID);
		assert_int_equal(bed_stat(b, SMF_STAT_HANDOVERS), 2);
		assert_int_equal(b->sessions[0].end_markers, 1);
	}
}

static void connecting(struct bed *b)
{
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	b->upf_off = true;
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, SOURCE_IP, SOURCE_TEID));
	assert_int_equal(session(b)->up, UP_CONNECTING);
}

/* A service request, and a handover before the UPF has answered to it. */
static void connecting_before_the_upf(void **state)
{
	struct bed *b = *state;
	uint32_t ip;

	bed_establish(b);
	for (int fails = 0; fails < 2; fails++) {
		connecting(b);
		required(b, true);
		assert_int_equal(b->answer.n2_type, N2_SM_PDU_RES_SETUP_REQ);
		assert_int_equal(session(b)->up, UP_PREPARING);
		assert_int_equal(bed_stat(b, SMF_STAT_ACTIVATIONS), 1 + fails);
		admitted(b, true);
		assert_int_equal(command_tunnel(b, &ip), FORWARDING_TEID);
		b->upf_off = false;
		b->upf_cause = fails ? PFCP_CAUSE_NO_RESOURCES : 0;
		bed_pass(b, 2 * PFCP_T1_MS);
		b->upf_cause = 0;
		if (fails)
			break;
		is_at(b, UP_PREPARED, SOURCE_TEID);
		cnx(b, HO_STATE_COMPLETED);
		is_at(b, UP_ACTIVE, TARGET_TEID);
		assert_int_equal(b->sessions[0].end_markers, 1);
	}
	assert_int_equal(session(b)->up, UP_INACTIVE);
	assert_int_equal(bed_last_transfer(b)->n2_type, N2_SM_PDU_RES_REL_CMD);
	assert_int_equal(bed_stat(b, SMF_STAT_ACTIVATIONS), 2);
	assert_int_equal(bed_stat(b, SMF_STAT_HANDOVERS), 1);
}

/* The UPF does not answer the switch: the session stays without user plane, and the gNB hears it. */
static void switch_fails(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	required(b, true);
	admitted(b, true);
	b->upf_cause = PFCP_CAUSE_NO_RESOURCES;
	cnx(b, HO_STATE_COMPLETED);
	assert_int_equal(b->answer.cause, SBI_PEER_NOT_RESPONDING);
	assert_int_equal(session(b)->up, UP_INACTIVE);
	assert_int_equal(bed_last_transfer(b)->n2_type, N2_SM_PDU_RES_REL_CMD);
}

/* A kill at each step: the UE is where it was, and the UPF forwards nothing that nobody knows of. */
static void killed(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	required(b, false);
	bed_restart(b);
	bed_pass(b, 1000);
	is_at(b, UP_ACTIVE, SOURCE_TEID);
	required(b, false);
	admitted(b, true);
	assert_int_not_equal(b->sessions[0].fwd_teid, 0);
	b->sessions[0].restored = false;
	b->sessions[0].fwd_teid = 0; /* a session that is established again has the rules it is given alone */
	bed_restart(b);
	bed_pass(b, 1000);
	assert_true(b->sessions[0].restored);
	is_at(b, UP_ACTIVE, SOURCE_TEID);
	required(b, true);
	admitted(b, true);
	b->upf_off = true;
	cnx(b, HO_STATE_COMPLETED);
	assert_int_equal(session(b)->up, UP_HANDOVER_SWITCHING);
	b->upf_off = false;
	bed_restart(b);
	bed_pass(b, 2000);
	is_at(b, UP_ACTIVE, TARGET_TEID);
}

static void path_switch_with(
	struct bed *b, uint32_t teid, struct ngap_user_plane_security_information *protection)
{
	uint8_t octets[8];
	struct ngap_qos_flow_accepted_item flow = { .qos_flow_identifier = SMF_DEFAULT_QFI };
	struct ngap_path_switch_request_transfer t = { .dl_ngu_up_tnl_information = tunnel(teid, octets),
		.user_plane_security_information = protection,
		.qos_flow_accepted_list = { 1, &flow } };

	bed_update_path(
		b, false, N2_SM_PATH_SWITCH_REQ, bed_n2(b, &ngap_path_switch_request_transfer_type, &t));
}

static void path_switch(struct bed *b, uint32_t teid)
{
	path_switch_with(b, teid, NULL);
}

/* A service request, and a path switch before the UPF has answered to it. */
static void path_switched_before_the_upf(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	connecting(b);
	path_switch(b, TARGET_TEID);
	assert_int_equal(session(b)->up, UP_PATH_SWITCHING);
	assert_int_equal(bed_stat(b, SMF_STAT_ACTIVATIONS), 1);
	b->upf_off = false;
	bed_pass(b, 2 * PFCP_T1_MS);
	is_at(b, UP_ACTIVE, TARGET_TEID);
	assert_int_equal(b->answer.n2_type, N2_SM_PATH_SWITCH_REQ_ACK);
	assert_int_equal(bed_stat(b, SMF_STAT_PATH_SWITCHES), 1);
}

static void indicate(struct bed *b, uint32_t teid, bool beside)
{
	uint8_t octets[8];
	struct ngap_associated_qos_flow_item flow = { .qos_flow_identifier = SMF_DEFAULT_QFI };
	struct ngap_qos_flow_per_tnl_information_item more;
	struct ngap_qos_flow_per_tnl_information_list list = { 1, &more };
	struct ngap_pdu_session_resource_modify_indication_transfer t = { { .up_transport_layer_information =
										    tunnel(teid, octets),
		.associated_qos_flow_list = { 1, &flow } } };

	more.qos_flow_per_tnl_information = t.dl_qos_flow_per_tnl_information;
	t.additional_dl_qos_flow_per_tnl_information = beside ? &list : NULL;
	bed_update_n2(b, N2_SM_PDU_RES_MOD_IND,
		bed_n2(b, &ngap_pdu_session_resource_modify_indication_transfer_type, &t));
}

/* 38.413 8.2.5: the gNB has another tunnel; the old one gets its end marker. */
static void modify_indicated(void **state)
{
	struct bed *b = *state;
	struct ngap_pdu_session_resource_modify_confirm_transfer t = { 0 };
	struct per_diag diag;

	bed_establish(b);
	indicate(b, TARGET_TEID, false);
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->answer.n2_type, N2_SM_PDU_RES_MOD_CFM);
	assert_true(ngap_value_decode(&ngap_pdu_session_resource_modify_confirm_transfer_type,
		bytes_of(b->answer.n2.data, b->answer.n2.len), &b->arena, &t, &diag));
	assert_int_equal(t.qos_flow_modify_confirm_list.count, 1);
	assert_int_equal(t.qos_flow_modify_confirm_list.items[0].qos_flow_identifier, SMF_DEFAULT_QFI);
	assert_int_equal(v4_of(t.ul_ngu_up_tnl_information.u.gtp_tunnel.gtp_teid.data), b->sessions[0].teid);
	is_at(b, UP_ACTIVE, TARGET_TEID);
	assert_int_equal(b->sessions[0].end_markers, 1);
	indicate(b, TARGET_TEID + 1, true); /* one of two tunnels */
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
	assert_int_equal(b->answer.n2_type, N2_SM_PDU_RES_MOD_IND_FAIL);
	is_at(b, UP_ACTIVE, TARGET_TEID);
	/* the UPF does not take it: no user plane, and the gNB is to let the rest go */
	b->upf_cause = PFCP_CAUSE_NO_RESOURCES;
	indicate(b, TARGET_TEID + 1, false);
	assert_int_equal(b->answer.cause, SBI_PEER_NOT_RESPONDING);
	assert_int_equal(b->answer.n2_type, N2_SM_PDU_RES_MOD_IND_FAIL);
	assert_int_equal(session(b)->up, UP_INACTIVE);
	assert_int_equal(bed_last_transfer(b)->n2_type, N2_SM_PDU_RES_REL_CMD);
	indicate(b, TARGET_TEID + 1, false); /* nothing to move */
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
}

/* 23.502 4.9.1.2.2 */
static void path_switched(void **state)
{
	struct bed *b = *state;
	struct ngap_path_switch_request_acknowledge_transfer t = { 0 };
	struct per_diag diag;

	bed_establish(b);
	path_switch(b, TARGET_TEID);
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->answer.n2_type, N2_SM_PATH_SWITCH_REQ_ACK);
	assert_true(ngap_value_decode(&ngap_path_switch_request_acknowledge_transfer_type,
		bytes_of(b->answer.n2.data, b->answer.n2.len), &b->arena, &t, &diag));
	assert_int_equal(v4_of(t.ul_ngu_up_tnl_information->u.gtp_tunnel.gtp_teid.data), b->sessions[0].teid);
	is_at(b, UP_ACTIVE, TARGET_TEID);
	assert_int_equal(b->sessions[0].end_markers, 1);
	path_switch(b, TARGET_TEID + 1);
	assert_int_equal(b->sessions[0].end_markers, 2);
	is_at(b, UP_ACTIVE, TARGET_TEID + 1);
	path_switch(b, TARGET_TEID + 1); /* the same tunnel: no path is left */
	assert_int_equal(b->sessions[0].end_markers, 2);
}

/* 33.501 6.6.1: a gNB that has come by another policy than the session's, or none, is told the session's. */
static void path_switch_policy(void **state)
{
	static const struct {
		bool there;
		uint8_t integrity, ciphering; /* as NGAP has them */
		bool corrected;
	} cases[] = { { true, NGAP_INTEGRITY_PROTECTION_INDICATION_PREFERRED,
			      NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_REQUIRED, false },
		{ false, 0, 0, true },
		{ true, NGAP_INTEGRITY_PROTECTION_INDICATION_NOT_NEEDED,
			NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_REQUIRED, true },
		{ true, NGAP_INTEGRITY_PROTECTION_INDICATION_PREFERRED,
			NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_NOT_NEEDED, true },
		{ true, NGAP_INTEGRITY_PROTECTION_INDICATION_PREFERRED,
			NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_REQUIRED, false } };
	struct bed *b = *state;
	unsigned corrected = 0;

	b->smf->config.dnns[0].integrity = SMF_PROTECTION_PREFERRED;
	b->smf->config.dnns[0].ciphering = SMF_PROTECTION_REQUIRED;
	bed_establish(b);
	for (uint8_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ngap_user_plane_security_information theirs = {
			.security_indication = { (enum ngap_integrity_protection_indication)cases[i]
							 .integrity,
				(enum ngap_confidentiality_protection_indication)cases[i].ciphering }
		};
		struct ngap_path_switch_request_acknowledge_transfer t = { 0 };
		struct per_diag diag;

		path_switch_with(b, TARGET_TEID + i, cases[i].there ? &theirs : NULL);
		assert_int_equal(b->answer.cause, SBI_OK);
		assert_true(ngap_value_decode(&ngap_path_switch_request_acknowledge_transfer_type,
			bytes_of(b->answer.n2.data, b->answer.n2.len), &b->arena, &t, &diag));
		assert_int_equal(t.security_indication != NULL, cases[i].corrected);
		corrected += cases[i].corrected;
		assert_int_equal(bed_stat(b, SMF_STAT_POLICY_DIFFERS), corrected);
		if (!t.security_indication)
			continue;
		assert_int_equal(t.security_indication->integrity_protection_indication,
			NGAP_INTEGRITY_PROTECTION_INDICATION_PREFERRED);
		assert_int_equal(t.security_indication->confidentiality_protection_indication,
			NGAP_CONFIDENTIALITY_PROTECTION_INDICATION_REQUIRED);
	}
}

/* 29.244 6.4: the older request is repeated until it is answered, and must not come after the newer one. */
static void switched_before_the_upf(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	for (int refused = 0; refused < 2; refused++) {
		uint32_t markers = b->sessions[0].end_markers, teid = TARGET_TEID + 2 * (uint32_t)refused;

		b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST] = 0;
		b->upf_drop = 1; /* the request is lost once */
		indicate(b, teid, false);
		path_switch(b, teid + 1);
		assert_int_equal(session(b)->up, UP_PATH_SWITCHING);
		assert_int_equal(b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST], 1);
		if (refused) { /* what was refused says nothing of what is wanted since, which is lost, too */
			b->upf_cause = PFCP_CAUSE_NO_RESOURCES;
			b->upf_drop = 1 << 2;
			bed_pass(b, PFCP_T1_MIN_MS);
			assert_int_equal(b->upf_requests[PFCP_SESSION_MODIFICATION_REQUEST], 3);
			assert_int_equal(session(b)->up, UP_PATH_SWITCHING);
			b->upf_cause = 0;
		}
		bed_pass(b, 2 * PFCP_T1_MS);
		assert_int_equal(b->answer.n2_type, N2_SM_PATH_SWITCH_REQ_ACK);
		is_at(b, UP_ACTIVE, teid + 1);
		assert_int_equal(b->sessions[0].end_markers, markers + (refused ? 1 : 2));
		bed_pass(b, PFCP_GIVE_UP_MS);
		is_at(b, UP_ACTIVE, teid + 1);
	}
	assert_int_equal(bed_stat(b, SMF_STAT_PATH_SWITCHES), 2);
}

static void path_switch_fails(void **state)
{
	struct bed *b = *state;
	struct ngap_path_switch_request_setup_failed_transfer t = {
		.cause = { NGAP_CAUSE_TAG_RADIO_NETWORK,
			{ .radio_network = NGAP_CAUSE_RADIO_NETWORK_RADIO_RESOURCES_NOT_AVAILABLE } }
	};

	bed_establish(b);
	b->upf_cause = PFCP_CAUSE_NO_RESOURCES;
	path_switch(b, TARGET_TEID);
	assert_int_equal(b->answer.cause, SBI_PEER_NOT_RESPONDING);
	assert_int_equal(b->answer.n2_type, N2_SM_PATH_SWITCH_REQ_FAIL);
	assert_int_equal(session(b)->up, UP_INACTIVE);
	b->upf_cause = 0;
	path_switch(b, TARGET_TEID); /* it has no user plane to switch */
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
	assert_int_equal(b->answer.n2_type, N2_SM_PATH_SWITCH_REQ_FAIL);
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, SOURCE_IP, SOURCE_TEID));
	is_at(b, UP_ACTIVE, SOURCE_TEID);
	bed_update_path(b, true, N2_SM_PATH_SWITCH_SETUP_FAIL,
		bed_n2(b, &ngap_path_switch_request_setup_failed_transfer_type, &t));
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(session(b)->up, UP_INACTIVE);
}

/* A path switch in the middle of a prepared handover: the UE went by itself. */
static void path_switch_ends_handover(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	required(b, false);
	admitted(b, true);
	path_switch(b, 0x55);
	is_at(b, UP_ACTIVE, 0x55);
	assert_int_equal(b->sessions[0].fwd_teid, 0);
	assert_null(session(b)->handover);
	cnx(b, HO_STATE_COMPLETED);
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
	is_at(b, UP_ACTIVE, 0x55);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bed_setup, bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(direct_forwarding),
		TEST(indirect_forwarding),
		TEST(forwarding_by_teids_of_the_smf),
		TEST(no_forwarding),
		TEST(upf_does_not_forward),
		TEST(cancelled),
		TEST(cancelled_between),
		TEST(target_refuses),
		TEST(refused),
		TEST(given_up),
		TEST(required_again),
		TEST(again_before_the_upf),
		TEST(connecting_before_the_upf),
		TEST(path_switched_before_the_upf),
		TEST(switch_fails),
		TEST(killed),
		TEST(modify_indicated),
		TEST(path_switched),
		TEST(path_switch_policy),
		TEST(switched_before_the_upf),
		TEST(path_switch_fails),
		TEST(path_switch_ends_handover),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
