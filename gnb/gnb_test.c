/* NGAP and GTP-U of the gNB: what is asked, what is refused, what is late. */
#include "base/test_stats.h"
#include "gnb/gnb_bed.h"
#include "gnb/internal.h"

static void test_setup_repeated(void **state)
{
	struct bed *b = *state;
	struct ngap_ng_setup_failure f = { .cause = ngap_cause_of_misc(NGAP_CAUSE_MISC_UNSPECIFIED),
		.has_time_to_wait = true,
		.time_to_wait = NGAP_TIME_TO_WAIT_V5S };
	struct msg down = { .kind = MSG_DOWN, .port = GNB_PORT_N2, .assoc = ASSOC };
	const struct msg *m;

	bed_associate(b);
	bed_amf_sends(b, NGAP_MSG_NG_SETUP_FAILURE, &f);
	bed_pass(b, 4999);
	assert_null(bed_next(b, GNB_PORT_N2));
	bed_pass(b, 1);
	bed_amf_gets(b, NGAP_MSG_NG_SETUP_REQUEST);
	bed_deliver(b, &down);
	/* back-off: 1 s, 2 s, ... */
	for (uint32_t ms = 1000; ms <= 16000; ms *= 2) {
		bed_pass(b, ms - 1);
		assert_null(bed_next(b, GNB_PORT_N2));
		bed_pass(b, 1);
		m = bed_next(b, GNB_PORT_N2);
		assert_non_null(m);
		assert_int_equal(m->kind, MSG_UP);
		down.token = m->token;
		down.assoc = 0;
		bed_deliver(b, &down);
		bed_forget(b);
	}
}

static void test_unknown_ids(void **state)
{
	struct bed *b = *state;
	static const uint8_t nas[] = { 0x7e, 0, 0x41 };
	struct ngap_downlink_nas_transport d = { .amf_ue_ngap_id = AMF_UE_ID, .nas_pdu = BYTES(nas) };
	struct ngap_pdu pdu;

	bed_connected(b);
	d.ran_ue_ngap_id = b->ran_ue_ngap_id + 1;
	bed_amf_sends(b, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &d);
	pdu = bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION);
	assert_int_equal(pdu.u.error_indication->cause->u.radio_network,
		NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID);
	assert_true(pdu.u.error_indication->has_ran_ue_ngap_id && pdu.u.error_indication->has_amf_ue_ngap_id);
	assert_int_equal(pdu.u.error_indication->ran_ue_ngap_id, d.ran_ue_ngap_id);
	assert_int_equal(pdu.u.error_indication->amf_ue_ngap_id, AMF_UE_ID);
	assert_int_equal(b->t.seen->msg.stream, 0); /* 38.412 7: of no UE that there is */
	d.ran_ue_ngap_id = b->ran_ue_ngap_id;
	d.amf_ue_ngap_id++;
	bed_amf_sends(b, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &d);
	pdu = bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION);
	assert_int_equal(pdu.u.error_indication->cause->u.radio_network,
		NGAP_CAUSE_RADIO_NETWORK_INCONSISTENT_REMOTE_UE_NGAP_ID);
	assert_null(bed_next(b, GNB_PORT_AIR));
	assert_int_equal(gnb_numbers(b->gnb).ues, 1);
}

/* At its end the gNB closes each association that stands, and none else. */
static void test_close(void **state)
{
	struct bed *b = *state;

	bed_forget(b);
	gnb_close(b->gnb);
	assert_null(bed_next(b, GNB_PORT_N2));
	bed_ready(b);
	bed_forget(b);
	gnb_close(b->gnb);
	assert_non_null(b->t.outbox.head);
	assert_int_equal(b->t.outbox.head->msg.kind, MSG_DOWN);
	assert_int_equal(b->t.outbox.head->msg.assoc, ASSOC);
	assert_null(b->t.outbox.head->next);
}

/* An AMF that does not answer is named, with what to look at; one that serves is not. */
static void test_no_amf(void **state)
{
	struct bed *b = *state;
	uint64_t lines;

	bed_pass(b, 2900);
	assert_false(test_env_logged(&b->t, "does not answer"));
	bed_pass(b, 200);
	assert_true(test_env_logged(&b->t, "does not answer, and is tried on: is its core running"));
	lines = log_lines(&b->t.log);
	bed_pass(b, 50000);
	assert_int_equal(log_lines(&b->t.log), lines);
	bed_pass(b, 20000);
	assert_int_equal(log_lines(&b->t.log), lines + 1);
	bed_ready(b);
	lines = log_lines(&b->t.log);
	bed_pass(b, 200000);
	assert_int_equal(log_lines(&b->t.log), lines);
}

/* 38.413 10.3.4.1: a report that is not served stays unanswered, a request does not. */
static void test_unserved(void **state)
{
	struct bed *b = *state;
	struct ngap_downlink_non_ue_associated_nrppa_transport report = { .routing_id = bytes_of("\1", 1),
		.nrppa_pdu = bytes_of("\1", 1) };
	struct ngap_multicast_session_deactivation_request request = { .mbs_session_id.tmgi =
									       bytes_of("\1\2\3\4\5\6", 6),
		.multicast_session_deactivation_request_transfer = bytes_of("\1", 1) };
	struct ngap_multicast_session_activation_request with_failure = { .mbs_session_id.tmgi =
										  bytes_of("\1\2\3\4\5\6", 6),
		.multicast_session_activation_request_transfer = bytes_of("\1", 1) };
	struct ngap_handover_cancel of_a_gnb = { .amf_ue_ngap_id = 99,
		.ran_ue_ngap_id = 99,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_HANDOVER_CANCELLED) };
	struct ngap_pdu pdu;

	bed_ready(b);
	bed_forget(b);
	bed_amf_sends(b, NGAP_MSG_DOWNLINK_NON_UE_ASSOCIATED_NRPPA_TRANSPORT, &report);
	assert_null(bed_next(b, GNB_PORT_N2));
	bed_amf_sends(b, NGAP_MSG_MULTICAST_SESSION_DEACTIVATION_REQUEST, &request);
	pdu = bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION);
	assert_int_equal(
		pdu.u.error_indication->cause->u.protocol, NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT);
	assert_int_equal(bed_stat(b, GNB_STAT_NGAP_UNEXPECTED), 2);
	/* what is not comprehended has no failure either (10.3.4.1) */
	bed_amf_sends(b, NGAP_MSG_MULTICAST_SESSION_ACTIVATION_REQUEST, &with_failure);
	pdu = bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION);
	assert_int_equal(pdu.u.error_indication->criticality_diagnostics->procedure_code,
		NGAP_PROC_MULTICAST_SESSION_ACTIVATION);
	/* and its identifiers are not looked at */
	bed_amf_sends(b, NGAP_MSG_HANDOVER_CANCEL, &of_a_gnb);
	pdu = bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION);
	assert_int_equal(pdu.u.error_indication->cause->tag, NGAP_CAUSE_TAG_PROTOCOL);
	assert_int_equal(
		pdu.u.error_indication->cause->u.protocol, NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT);
	assert_int_equal(
		pdu.u.error_indication->criticality_diagnostics->procedure_code, NGAP_PROC_HANDOVER_CANCEL);
}

/* Before NG Setup a procedure is known by its message, but out of place: its own failure says so. */
static void test_unserved_before_setup(void **state)
{
	struct bed *b = *state;
	struct ngap_ran_configuration_update m = { .has_ran_node_name = false };
	const struct ngap_cause *cause;
	struct ngap_pdu pdu;

	bed_associate(b);
	bed_forget(b);
	bed_amf_sends(b, NGAP_MSG_RAN_CONFIGURATION_UPDATE, &m);
	pdu = bed_amf_gets(b, NGAP_MSG_RAN_CONFIGURATION_UPDATE_FAILURE);
	cause = &pdu.u.ran_configuration_update_failure->cause;
	assert_int_equal(cause->tag, NGAP_CAUSE_TAG_PROTOCOL);
	assert_int_equal(cause->u.protocol, NGAP_CAUSE_PROTOCOL_MESSAGE_NOT_COMPATIBLE_WITH_RECEIVER_STATE);
	assert_int_equal(bed_stat(b, GNB_STAT_NGAP_UNEXPECTED), 1);
}

static void amf_sends_hex(struct bed *b, const char *hex)
{
	uint8_t octets[256];
	struct msg m = { .kind = MSG_DATA,
		.port = GNB_PORT_N2,
		.assoc = ASSOC,
		.data = test_hex(hex, octets, sizeof(octets)) };

	bed_deliver(b, &m);
}

/* 38.413 10.5: whatever is wrong with an ERROR INDICATION, nobody is informed of it. */
static void test_error_indication_in_error(void **state)
{
	struct bed *b = *state;

	bed_ready(b);
	amf_sends_hex(b, "0009400e000002000f4002004003e7000101");
	amf_sends_hex(b, "00094009000001000f4002a000");
	amf_sends_hex(b, "0009000a00000103e78003616263");
	assert_null(bed_next(b, GNB_PORT_N2));
	assert_int_equal(bed_stat(b, GNB_STAT_NGAP_REFUSED), 3);
}

static void assert_reported(
	const struct ngap_criticality_diagnostics *cd, uint8_t procedure, enum ngap_triggering_message of)
{
	assert_non_null(cd);
	assert_int_equal(cd->procedure_code, procedure);
	assert_int_equal(cd->triggering_message, of);
	assert_int_equal(cd->ies_criticality_diagnostics->items[0].ie_id, 9999);
	assert_int_equal(cd->ies_criticality_diagnostics->items[0].ie_criticality, NGAP_CRITICALITY_NOTIFY);
}

/* 38.413 10.3.4.2: what is ignored and to be reported is in the response, else by ERROR INDICATION. */
static void test_ignored_and_reported(void **state)
{
	struct bed *b = *state;
	struct ngap_pdu pdu;

	bed_ready(b);
	amf_sends_hex(b, "00000008000001270f80010a"); /* AMF CONFIGURATION UPDATE */
	pdu = bed_amf_gets(b, NGAP_MSG_AMF_CONFIGURATION_UPDATE_ACKNOWLEDGE);
	assert_reported(pdu.u.amf_configuration_update_acknowledge->criticality_diagnostics,
		NGAP_PROC_AMF_CONFIGURATION_UPDATE, NGAP_TRIGGERING_MESSAGE_INITIATING_MESSAGE);
	assert_null(bed_next(b, GNB_PORT_N2));
	amf_sends_hex(b, "20140008000001270f80010a"); /* NG RESET ACKNOWLEDGE */
	pdu = bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION);
	assert_int_equal(pdu.u.error_indication->cause->u.protocol,
		NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_IGNORE_AND_NOTIFY);
	assert_reported(pdu.u.error_indication->criticality_diagnostics, NGAP_PROC_NG_RESET,
		NGAP_TRIGGERING_MESSAGE_SUCCESSFUL_OUTCOME);
	b->gnb->amfs[0].overloaded = true;
	amf_sends_hex(b, "00170008000001270f80010a"); /* OVERLOAD STOP, which is obeyed */
	assert_false(b->gnb->amfs[0].overloaded);
	pdu = bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION);
	assert_reported(pdu.u.error_indication->criticality_diagnostics, NGAP_PROC_OVERLOAD_STOP,
		NGAP_TRIGGERING_MESSAGE_INITIATING_MESSAGE);
	assert_int_equal(bed_stat(b, GNB_STAT_NGAP_REFUSED), 3);
}

/* 38.413 10.3.4.2, 10.3.5: a request in error is answered by its unsuccessful outcome. */
static void test_requests_in_error(void **state)
{
	struct bed *b = *state;
	struct ngap_pdu pdu;
	char text[128];

	bed_connected(b);
	amf_sends_hex(
		b, "00000008000001270f00010a"); /* AMF CONFIGURATION UPDATE, an IE of criticality reject */
	pdu = bed_amf_gets(b, NGAP_MSG_AMF_CONFIGURATION_UPDATE_FAILURE);
	assert_int_equal(pdu.u.amf_configuration_update_failure->cause.u.protocol,
		NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT);
	assert_int_equal(
		pdu.u.amf_configuration_update_failure->criticality_diagnostics->ies_criticality_diagnostics
			->items[0]
			.ie_id,
		9999);
	/* INITIAL CONTEXT SETUP REQUEST and UE CONTEXT MODIFICATION REQUEST with only the ids, or an unknown
	 * IE */
	snprintf(text, sizeof(text), "000e0013000002000a000320%04x00550005c0%08x", AMF_UE_ID,
		b->ran_ue_ngap_id);
	amf_sends_hex(b, text);
	pdu = bed_amf_gets(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_FAILURE);
	assert_int_equal(pdu.u.initial_context_setup_failure->ran_ue_ngap_id, b->ran_ue_ngap_id);
	snprintf(text, sizeof(text), "00280018000003000a000320%04x00550005c0%08x270f00010a", AMF_UE_ID,
		b->ran_ue_ngap_id);
	amf_sends_hex(b, text);
	pdu = bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_FAILURE);
	assert_int_equal(pdu.u.ue_context_modification_failure->amf_ue_ngap_id, AMF_UE_ID);
	/* Without a RAN UE NGAP ID there is no such outcome. */
	snprintf(text, sizeof(text), "000e000a000001000a000320%04x", AMF_UE_ID);
	amf_sends_hex(b, text);
	bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION);
	assert_int_equal(gnb_numbers(b->gnb).ues, 1);
}

static void test_malformed(void **state)
{
	struct bed *b = *state;
	static const uint8_t octets[] = { 0x00, 0x04, 0x40, 0x03, 0x00, 0x00, 0x01 };
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_N2, .assoc = ASSOC, .data = BYTES(octets) };

	bed_connected(b);
	for (size_t n = 0; n <= sizeof(octets); n++) {
		m.data.len = n;
		bed_deliver(b, &m);
	}
	assert_int_equal(bed_stat(b, GNB_STAT_NGAP_REFUSED), sizeof(octets) + 1);
	assert_int_equal(gnb_numbers(b->gnb).ues, 1);
}

static void test_sessions(void **state)
{
	static const uint8_t psis[] = { 1, 2, 2, 16 };
	struct bed *b = *state;
	struct ngap_pdu pdu;
	const struct ngap_pdu_session_resource_setup_response *r;
	struct stats_list figures = { 0 };

	bed_connected(b);
	bed_ask_sessions(b, psis, 4);
	assert_int_equal(bed_ue_gets(b, UU_RRC_BEARER_SETUP).pdu_session_id, 1);
	assert_int_equal(bed_ue_gets(b, UU_RRC_BEARER_SETUP).pdu_session_id, 2);
	bed_bearer_answer(b, 1, true);
	assert_null(bed_next(b, GNB_PORT_N2)); /* not before the other */
	bed_bearer_answer(b, 2, false);
	pdu = bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE);
	r = pdu.u.pdu_session_resource_setup_response;
	assert_int_equal(r->pdu_session_resource_setup_list_su_res->count, 1);
	assert_int_equal(r->pdu_session_resource_setup_list_su_res->items[0].pdu_session_id, 1);
	assert_int_equal(r->pdu_session_resource_failed_to_setup_list_su_res->count, 3);
	assert_int_equal(gnb_numbers(b->gnb).sessions, 1);
	/* one that is there already stays as it is */
	bed_forget(b);
	bed_ask_sessions(b, psis, 1);
	pdu = bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE);
	r = pdu.u.pdu_session_resource_setup_response;
	assert_int_equal(r->pdu_session_resource_failed_to_setup_list_su_res->count, 1);
	assert_int_equal(gnb_numbers(b->gnb).sessions, 1);
	gnb_figures(b->gnb, &figures);
	assert_int_equal(test_figure(&figures, "sm_pdu_session_setup_req", "snssai=\"1\""), 5);
	assert_int_equal(test_figure(&figures, "sm_pdu_session_setup_req", "snssai=\"other\""), 0);
	assert_int_equal(test_figure(&figures, "sm_pdu_session_setup_succ", ""), 1);
	assert_int_equal(test_figure(&figures, "sm_pdu_session_setup_fail", ""), 4);
	assert_int_equal(test_figure(&figures, "pdu_sessions", ""), 1);
	assert_int_equal(test_figure(&figures, "rrc_conn_estab_succ", ""), 1);
	assert_int_equal(test_figure(&figures, "uecntx_conn_estab_succ", ""), 1);
}

static void test_session_guard(void **state)
{
	static const uint8_t psi = 1;
	struct bed *b = *state;

	bed_connected(b);
	bed_ask_sessions(b, &psi, 1);
	bed_forget(b);
	bed_pass(b, GNB_AIR_GUARD_MS);
	bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE);
	assert_int_equal(gnb_numbers(b->gnb).sessions, 0);
	assert_int_equal(bed_stat(b, GNB_STAT_SESSION_FAILURES), 1);
	bed_bearer_answer(b, 1, true); /* too late */
	assert_int_equal(gnb_numbers(b->gnb).sessions, 0);
}

static void test_session_released_while_set_up(void **state)
{
	static const uint8_t psi = 1;
	struct bed *b = *state;
	struct ngap_pdu_session_resource_release_command_transfer t = { ngap_cause_of_nas(
		NGAP_CAUSE_NAS_NORMAL_RELEASE) };
	struct ngap_pdu_session_resource_to_release_item_rel_cmd item = { .pdu_session_id = 1 };
	struct ngap_pdu_session_resource_release_command m = { .amf_ue_ngap_id = AMF_UE_ID,
		.pdu_session_resource_to_release_list_rel_cmd = { 1, &item } };

	bed_connected(b);
	bed_ask_sessions(b, &psi, 1);
	bed_forget(b);
	m.ran_ue_ngap_id = b->ran_ue_ngap_id;
	item.pdu_session_resource_release_command_transfer =
		ngap_value_bytes(&ngap_pdu_session_resource_release_command_transfer_type, &t, &b->arena);
	bed_amf_sends(b, NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_COMMAND, &m);
	bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE);
	bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_RESPONSE);
	assert_int_equal(gnb_numbers(b->gnb).sessions, 0);
}

static void test_modify(void **state)
{
	static const uint8_t psi = 1;
	struct bed *b = *state;
	struct ngap_qos_flow_add_or_modify_request_item flow = { .qos_flow_identifier = 7 };
	struct ngap_qos_flow_add_or_modify_request_list flows = { 1, &flow };
	struct ngap_pdu_session_resource_modify_request_transfer t = { .qos_flow_add_or_modify_request_list =
									       &flows };
	struct ngap_pdu_session_resource_modify_item_mod_req items[2] = { { .pdu_session_id = 1 },
		{ .pdu_session_id = 9 } };
	struct ngap_pdu_session_resource_modify_request m = { .amf_ue_ngap_id = AMF_UE_ID,
		.pdu_session_resource_modify_list_mod_req = { 2, items } };
	const struct ngap_pdu_session_resource_modify_response *r;
	struct ngap_pdu pdu;
	struct uu_rrc_msg bearer;

	bed_connected(b);
	bed_ask_sessions(b, &psi, 1);
	bed_bearer_answer(b, 1, true);
	bed_forget(b);
	m.ran_ue_ngap_id = b->ran_ue_ngap_id;
	items[0].pdu_session_resource_modify_request_transfer =
		items[1].pdu_session_resource_modify_request_transfer = ngap_value_bytes(
			&ngap_pdu_session_resource_modify_request_transfer_type, &t, &b->arena);
	bed_amf_sends(b, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_REQUEST, &m);
	bearer = bed_ue_gets(b, UU_RRC_BEARER_SETUP);
	assert_int_equal(bearer.qfi_count, 2);
	assert_int_equal(bearer.qfis[1], 7);
	bed_bearer_answer(b, 1, true);
	pdu = bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_RESPONSE);
	r = pdu.u.pdu_session_resource_modify_response;
	assert_int_equal(r->pdu_session_resource_modify_list_mod_res->count, 1);
	assert_int_equal(r->pdu_session_resource_failed_to_modify_list_mod_res->items[0].pdu_session_id, 9);
}

static void test_reset(void **state)
{
	struct bed *b = *state;
	struct ngap_ue_associated_logical_ng_connection_item items[2] = { { .has_amf_ue_ngap_id = true,
										  .amf_ue_ngap_id = 1 },
		{ .has_amf_ue_ngap_id = true, .amf_ue_ngap_id = AMF_UE_ID } };
	struct ngap_ng_reset m = { .cause = ngap_cause_of_misc(NGAP_CAUSE_MISC_UNSPECIFIED),
		.reset_type = { .tag = NGAP_RESET_TYPE_TAG_PART_OF_NG_INTERFACE,
			.u.part_of_ng_interface = { 2, items } } };
	struct ngap_pdu pdu;

	bed_connected(b);
	bed_amf_sends(b, NGAP_MSG_NG_RESET, &m);
	bed_ue_loses(b);
	pdu = bed_amf_gets(b, NGAP_MSG_NG_RESET_ACKNOWLEDGE);
	assert_int_equal(pdu.u.ng_reset_acknowledge->ue_associated_logical_ng_connection_list->count, 2);
	assert_int_equal(b->t.seen->msg.stream, 0);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
}

/* 8.7.4.2.2: all UEs, and each hears that its connection is gone; by the gNB's own id it is found too. */
static void test_reset_of_all(void **state)
{
	struct bed *b = *state;
	struct ngap_ue_associated_logical_ng_connection_item item = { .has_ran_ue_ngap_id = true };
	struct ngap_ng_reset m = { .cause = ngap_cause_of_misc(NGAP_CAUSE_MISC_UNSPECIFIED),
		.reset_type = { .tag = NGAP_RESET_TYPE_TAG_PART_OF_NG_INTERFACE,
			.u.part_of_ng_interface = { 1, &item } } };
	struct ngap_pdu pdu;

	bed_connected(b);
	item.ran_ue_ngap_id = b->ran_ue_ngap_id + 1;
	bed_amf_sends(b, NGAP_MSG_NG_RESET, &m);
	bed_amf_gets(b, NGAP_MSG_NG_RESET_ACKNOWLEDGE);
	assert_int_equal(gnb_numbers(b->gnb).ues, 1);
	item.ran_ue_ngap_id--;
	bed_amf_sends(b, NGAP_MSG_NG_RESET, &m);
	bed_ue_loses(b);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	bed_teardown(state);
	bed_setup(state);
	b = *state;
	bed_connected(b);
	m.reset_type.tag = NGAP_RESET_TYPE_TAG_NG_INTERFACE;
	m.reset_type.u.ng_interface = NGAP_RESET_ALL_RESET_ALL;
	bed_amf_sends(b, NGAP_MSG_NG_RESET, &m);
	bed_ue_loses(b);
	pdu = bed_amf_gets(b, NGAP_MSG_NG_RESET_ACKNOWLEDGE);
	assert_null(pdu.u.ng_reset_acknowledge->ue_associated_logical_ng_connection_list);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
}

/* 9.2.6.1, 9.3.1.6: the gNB's identity in its leading bits, its name, what it broadcasts. */
static void test_setup_request(void **state)
{
	static const struct {
		uint32_t id;
		uint8_t bits, octets[4];
	} cases[] = { { 1, 22, { 0, 0, 4, 0 } }, { 1, 32, { 0, 0, 0, 1 } },
		{ 0x3fffff, 22, { 0xff, 0xff, 0xfc, 0 } } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct ngap_global_gnb_id *id;
		struct ngap_ng_setup_request r;
		struct bed *b;
		void *fresh;

		bed_setup(&fresh);
		b = fresh;
		b->gnb->config.gnb_id = cases[i].id;
		b->gnb->config.gnb_id_bits = cases[i].bits;
		r = bed_associate(b);
		id = &r.global_ran_node_id.u.global_gnb_id;
		assert_int_equal(r.global_ran_node_id.tag, NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID);
		assert_int_equal(id->gnb_id.tag, NGAP_GNB_ID_TAG_GNB_ID);
		assert_int_equal(id->gnb_id.u.gnb_id.len_bits, cases[i].bits);
		assert_memory_equal(id->gnb_id.u.gnb_id.data, cases[i].octets, (cases[i].bits + 7) / 8);
		assert_true(r.has_ran_node_name);
		assert_true(bytes_equal(r.ran_node_name, bytes_of_str(b->config.name)));
		assert_int_equal(r.default_paging_drx, NGAP_PAGING_DRX_V128);
		assert_int_equal(b->gnb->amfs[0].assoc, ASSOC);
		assert_int_equal(b->t.seen->msg.stream, 0);
		bed_teardown(&fresh);
	}
}

/* 8.7.3.2: what an AMF changes of itself, and what it does not name stays. */
static void test_amf_configuration_update(void **state)
{
	struct bed *b = *state;
	struct ngap_amf_configuration_update m = { .has_relative_amf_capacity = true,
		.relative_amf_capacity = 77,
		.has_amf_name = true,
		.amf_name = bytes_of_str("new") };

	bed_ready(b);
	bed_amf_sends(b, NGAP_MSG_AMF_CONFIGURATION_UPDATE, &m);
	bed_amf_gets(b, NGAP_MSG_AMF_CONFIGURATION_UPDATE_ACKNOWLEDGE);
	assert_int_equal(b->t.seen->msg.stream, 0);
	assert_int_equal(b->gnb->amfs[0].capacity, 77);
	assert_string_equal(b->gnb->amfs[0].name, "new");
	m.has_relative_amf_capacity = m.has_amf_name = false;
	m.relative_amf_capacity = 0;
	bed_amf_sends(b, NGAP_MSG_AMF_CONFIGURATION_UPDATE, &m);
	bed_amf_gets(b, NGAP_MSG_AMF_CONFIGURATION_UPDATE_ACKNOWLEDGE);
	assert_int_equal(b->gnb->amfs[0].capacity, 77);
	assert_string_equal(b->gnb->amfs[0].name, "new");
}

/* 8.3.3.2: UE CONTEXT RELEASE COMPLETE names the sessions whose resources the gNB had, the first and the
 * last. */
static void test_release_names_sessions(void **state)
{
	static const uint8_t psis[] = { 1, 15 };
	struct bed *b = *state;
	const struct ngap_pdu_session_resource_list_cxt_rel_cpl *list;
	struct ngap_ue_context_release_command m = { .cause = ngap_cause_of_misc(
							     NGAP_CAUSE_MISC_UNSPECIFIED) };
	struct ngap_pdu pdu;

	bed_connected(b);
	bed_ask_sessions(b, psis, 2);
	bed_bearer_answer(b, 1, true);
	bed_bearer_answer(b, 2, true);
	bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE);
	m.ue_ngap_ids.tag = NGAP_UE_NGAP_IDS_TAG_UE_NGAP_ID_PAIR;
	m.ue_ngap_ids.u.ue_ngap_id_pair.amf_ue_ngap_id = AMF_UE_ID;
	m.ue_ngap_ids.u.ue_ngap_id_pair.ran_ue_ngap_id = b->ran_ue_ngap_id;
	bed_amf_sends(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &m);
	pdu = bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMPLETE);
	list = pdu.u.ue_context_release_complete->pdu_session_resource_list_cxt_rel_cpl;
	assert_non_null(list);
	assert_int_equal(list->count, 2);
	assert_int_equal(list->items[0].pdu_session_id, 1);
	assert_int_equal(list->items[1].pdu_session_id, 15);
	assert_int_equal(
		gnb_numbers(b->gnb).ues + gnb_numbers(b->gnb).sessions + gnb_numbers(b->gnb).contexts, 0);
	assert_int_equal(bed_stat(b, GNB_STAT_RELEASES), 1);
}

/* A UE that the AMF never answered for is given up by a partial reset. */
static void test_left_early(void **state)
{
	static const uint8_t nas[] = { 0x7e, 0, 0x41 };
	struct bed *b = *state;
	struct uu_rrc_msg m = { .type = UU_RRC_SETUP_REQUEST, .nas = BYTES(nas) };
	struct ngap_pdu pdu;

	bed_ready(b);
	bed_ue_sends(b, m);
	bed_forget(b);
	bed_ue_leaves(b);
	pdu = bed_amf_gets(b, NGAP_MSG_NG_RESET);
	assert_int_equal(pdu.u.ng_reset->reset_type.tag, NGAP_RESET_TYPE_TAG_PART_OF_NG_INTERFACE);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
}

static void n3_receives(struct bed *b, const struct gtpu_header *h, struct addr from)
{
	static const uint8_t payload[20] = { 0x45 };
	uint8_t g[128];
	size_t n = gtpu_header_encode(h, sizeof(payload), g);
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_N3, .peer = from };

	bytes_copy(g + n, sizeof(g) - n, BYTES(payload));
	m.data = bytes_of(g, n + sizeof(payload));
	bed_deliver(b, &m);
}

static void test_n3(void **state)
{
	static const uint8_t psi = 1;
	struct bed *b = *state;
	struct gtpu_header echo = { .type = GTPU_ECHO_REQUEST, .has_sequence = true, .sequence = 77 }, h;
	struct gtpu_msg e = { .header = { .type = GTPU_ERROR_INDICATION, .has_sequence = true } };
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_N3, .peer = b->upf };
	uint8_t buf[64];
	struct writer w = writer_of(buf, sizeof(buf));
	struct bytes rest;

	bed_connected(b);
	bed_ask_sessions(b, &psi, 1);
	bed_bearer_answer(b, 1, true);
	bed_forget(b);
	n3_receives(b, &echo, b->upf);
	assert_int_equal(gtpu_header_decode(bed_next(b, GNB_PORT_N3)->data, &h, &rest), GTPU_OK);
	assert_int_equal(h.type, GTPU_ECHO_RESPONSE);
	assert_int_equal(h.sequence, 77);
	/* An Error Indication counts only from the tunnel's peer. */
	e.error_indication.teid = UL_TEID;
	e.error_indication.peer.len = 4;
	assert_true(gtpu_encode(&e, &w));
	m.data = writer_bytes(&w);
	m.peer = b->ue;
	bed_deliver(b, &m);
	assert_int_equal(gnb_numbers(b->gnb).sessions, 1);
	m.peer = b->upf;
	bed_deliver(b, &m);
	assert_int_equal(gnb_numbers(b->gnb).sessions, 0);
	bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_NOTIFY);
}

/* Downlink comes from the tunnel's UPF only; strangers get a bounded number of answers. */
static void test_n3_strangers(void **state)
{
	static const uint8_t psi = 1;
	struct bed *b = *state;
	struct gtpu_header echo = { .type = GTPU_ECHO_REQUEST, .has_sequence = true, .sequence = 77 };
	struct gtpu_header g = { .type = GTPU_G_PDU,
		.has_pdu_session = true,
		.pdu_session = { .pdu_type = GTPU_PDU_DL, .qfi = 1 } };
	struct addr stranger = addr_from_v4(0x0a000063, GTPU_UDP_PORT);
	size_t sent = 0;

	bed_connected(b);
	bed_ask_sessions(b, &psi, 1);
	bed_bearer_answer(b, 1, true);
	g.teid = gnb_ue_of_ran_id(b->gnb, &b->gnb->amfs[0], b->ran_ue_ngap_id)->sessions[psi]->dl_teid;
	bed_forget(b);
	n3_receives(b, &g, stranger);
	assert_null(bed_next(b, GNB_PORT_AIR));
	assert_int_equal(bed_stat(b, GNB_STAT_N3_FOREIGN), 1);
	assert_null(bed_next(b, GNB_PORT_N3));
	n3_receives(b, &g, b->upf);
	assert_non_null(bed_next(b, GNB_PORT_AIR));
	g.teid++;
	for (int i = 0; i < 1000; i++) {
		bed_forget(b);
		n3_receives(b, i % 2 ? &echo : &g, stranger);
		sent += bed_next(b, GNB_PORT_N3) != NULL;
	}
	assert_int_equal(sent, 2 * GNB_N3_ANSWERS_MAX);
}

/* Whatever is thrown at it: no stop, and with ASan no stray read. */
static void test_noise(void **state)
{
	struct bed *b = *state;
	uint8_t buf[64];
	struct msg m = { .kind = MSG_DATA };

	bed_connected(b);
	for (unsigned i = 0; i < 30000; i++) {
		env_random(&b->t.env, buf, sizeof(buf));
		m.port = (uint16_t)(1 + i % 3);
		m.peer = i % 2 ? b->ue : b->upf;
		m.assoc = m.port == GNB_PORT_N2 ? ASSOC : 0;
		if (m.port == GNB_PORT_AIR && i % 4)
			buf[0] = (uint8_t)(buf[0] % 8 + (i & 32));
		if (m.port == GNB_PORT_N3 && i % 4)
			buf[0] = 0x30 | (buf[0] & 7);
		m.data = bytes_of(buf, buf[63] % sizeof(buf));
		bed_deliver(b, &m);
		if (i % 100 == 0)
			bed_forget(b);
	}
	assert_int_equal(gnb_numbers(b->gnb).amfs_ready, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_setup_repeated, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_unknown_ids, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_unserved, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_unserved_before_setup, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_no_amf, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_close, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_malformed, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_error_indication_in_error, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_ignored_and_reported, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_requests_in_error, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_sessions, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_session_guard, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_session_released_while_set_up, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_modify, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_reset, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_reset_of_all, bed_setup, bed_teardown),
		cmocka_unit_test(test_setup_request),
		cmocka_unit_test_setup_teardown(test_amf_configuration_update, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_release_names_sessions, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_left_early, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_n3, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_n3_strangers, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_noise, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
