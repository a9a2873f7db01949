/* Sessions of UEs at their boundaries: modified, released, lost, refused; and what keeps a UE active. */
#include "gnb/gnb_bed.h"
#include "gnb/internal.h"

static const uint8_t nas[] = { 0x7e, 0, 0x41 };
static const uint8_t one = 1;

static void session_up(struct bed *b)
{
	bed_connected(b);
	bed_ask_sessions(b, &one, 1);
	bed_bearer_answer(b, 1, true);
	bed_forget(b);
}

static void data_up(struct bed *b)
{
	uint8_t datagram[UU_DATA_HEADER_LEN + 20] = { 0 };
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_AIR, .peer = b->ue, .data = BYTES(datagram) };

	uu_data_header_write(datagram, BED_UE_INDEX, 1, 1);
	bed_deliver(b, &m);
}

/* 38.413 8.7.1.1: before NG Setup has ended nothing else is served. */
static void test_before_setup(void **state)
{
	struct bed *b = *state;
	struct ngap_pdu pdu;

	bed_associate(b);
	bed_ask_sessions(b, &one, 1);
	pdu = bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION);
	assert_int_equal(pdu.u.error_indication->cause->u.protocol,
		NGAP_CAUSE_PROTOCOL_MESSAGE_NOT_COMPATIBLE_WITH_RECEIVER_STATE);
}

/* Signalling both ways is activity; user packets are a sign of life. */
static void test_activity(void **state)
{
	struct bed *b = *state;
	struct ngap_downlink_nas_transport d = { .amf_ue_ngap_id = AMF_UE_ID, .nas_pdu = BYTES(nas) };

	b->gnb->config.inactivity_ms = 5000;
	session_up(b);
	bed_pass(b, 3000);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_UPLINK_NAS, .nas = BYTES(nas) });
	bed_pass(b, 3000);
	d.ran_ue_ngap_id = b->ran_ue_ngap_id;
	bed_amf_sends(b, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &d);
	bed_pass(b, 4000);
	data_up(b);
	bed_forget(b);
	bed_pass(b, 4999);
	assert_null(bed_next(b, GNB_PORT_N2));
	bed_pass(b, 1);
	bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST);
	/* asked once; what comes meanwhile is refused */
	bed_ask_sessions(b, &one, 1);
	bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE);
	assert_null(bed_next(b, GNB_PORT_AIR));
	bed_ue_leaves(b);
	assert_null(bed_next(b, GNB_PORT_N2));
}

static void test_life_by_data(void **state)
{
	struct bed *b = *state;

	b->gnb->config.ue_lost_ms = 3000;
	session_up(b);
	bed_pass(b, 2000);
	data_up(b);
	bed_forget(b);
	bed_pass(b, 2999);
	assert_null(bed_next(b, GNB_PORT_N2));
	bed_pass(b, 1);
	bed_ue_loses(b);
}

/* A UE that has left gets no packets. */
static void test_off_air(void **state)
{
	struct bed *b = *state;
	struct gtpu_header h = { .type = GTPU_G_PDU,
		.has_pdu_session = true,
		.pdu_session = { .pdu_type = GTPU_PDU_DL, .qfi = 1 } };
	uint8_t datagram[128] = { 0 };
	struct msg m = { .kind = MSG_DATA, .port = GNB_PORT_N3, .peer = b->upf };

	session_up(b);
	h.teid = gnb_ue_of_ran_id(b->gnb, &b->gnb->amfs[0], b->ran_ue_ngap_id)->sessions[1]->dl_teid;
	bed_ue_leaves(b);
	m.data = bytes_of(datagram, gtpu_header_encode(&h, 20, datagram) + 20);
	bed_deliver(b, &m);
	assert_int_equal(bed_stat(b, GNB_STAT_DOWNLINK_DROPPED), 1);
	assert_null(bed_next(b, GNB_PORT_AIR));
	m.data.len = 5;
	bed_deliver(b, &m);
	assert_int_equal(bed_stat(b, GNB_STAT_N3_MALFORMED), 1);
}

/* The NAS PDU of a release goes with the first bearer, and only there. */
static void test_release_nas(void **state)
{
	static const uint8_t psis[] = { 1, 2 };
	struct bed *b = *state;
	struct ngap_pdu_session_resource_release_command_transfer t = { ngap_cause_of_nas(
		NGAP_CAUSE_NAS_NORMAL_RELEASE) };
	struct ngap_pdu_session_resource_to_release_item_rel_cmd items[2] = { { .pdu_session_id = 1 },
		{ .pdu_session_id = 2 } };
	struct ngap_pdu_session_resource_release_command m = { .amf_ue_ngap_id = AMF_UE_ID,
		.has_nas_pdu = true,
		.nas_pdu = BYTES(nas),
		.pdu_session_resource_to_release_list_rel_cmd = { 2, items } };

	bed_connected(b);
	bed_ask_sessions(b, psis, 2);
	bed_bearer_answer(b, 1, true);
	bed_bearer_answer(b, 2, true);
	bed_forget(b);
	m.ran_ue_ngap_id = b->ran_ue_ngap_id;
	items[0].pdu_session_resource_release_command_transfer =
		items[1].pdu_session_resource_release_command_transfer = ngap_value_bytes(
			&ngap_pdu_session_resource_release_command_transfer_type, &t, &b->arena);
	bed_amf_sends(b, NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_COMMAND, &m);
	assert_int_equal(bed_ue_gets(b, UU_RRC_BEARER_RELEASE).nas.len, sizeof(nas));
	assert_int_equal(bed_ue_gets(b, UU_RRC_BEARER_RELEASE).nas.len, 0);
	assert_null(bed_next(b, GNB_PORT_AIR));
	bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_RESPONSE);
	assert_int_equal(gnb_numbers(b->gnb).sessions, 0);
}

/* 8.2.3.4: the last flow of a session cannot be released. */
static void test_last_flow(void **state)
{
	struct bed *b = *state;
	struct ngap_qos_flow_with_cause_item flow = { .qos_flow_identifier = 1,
		.cause = ngap_cause_of_nas(NGAP_CAUSE_NAS_NORMAL_RELEASE) };
	struct ngap_qos_flow_list_with_cause flows = { 1, &flow };
	struct ngap_pdu_session_resource_modify_request_transfer t = { .qos_flow_to_release_list = &flows };
	struct ngap_pdu_session_resource_modify_item_mod_req item = { .pdu_session_id = 1 };
	struct ngap_pdu_session_resource_modify_request m = { .amf_ue_ngap_id = AMF_UE_ID,
		.pdu_session_resource_modify_list_mod_req = { 1, &item } };
	struct ngap_pdu pdu;

	session_up(b);
	m.ran_ue_ngap_id = b->ran_ue_ngap_id;
	item.pdu_session_resource_modify_request_transfer =
		ngap_value_bytes(&ngap_pdu_session_resource_modify_request_transfer_type, &t, &b->arena);
	bed_amf_sends(b, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_REQUEST, &m);
	pdu = bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_RESPONSE);
	assert_int_equal(pdu.u.pdu_session_resource_modify_response
				 ->pdu_session_resource_failed_to_modify_list_mod_res->count,
		1);
	data_up(b);
	assert_int_equal(bed_stat(b, GNB_STAT_UPLINK_PACKETS), 1);
}

/* An AMF that could not take the first message of a UE answers so: the UE begins again. */
static void test_error_before_answer(void **state)
{
	struct bed *b = *state;
	struct ngap_cause cause = ngap_cause_of_misc(NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD);
	struct ngap_error_indication m = { .has_ran_ue_ngap_id = true, .cause = &cause };

	bed_ready(b);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SETUP_REQUEST, .nas = BYTES(nas) });
	m.ran_ue_ngap_id = bed_amf_gets(b, NGAP_MSG_INITIAL_UE_MESSAGE).u.initial_ue_message->ran_ue_ngap_id;
	bed_amf_sends(b, NGAP_MSG_ERROR_INDICATION, &m);
	bed_ue_loses(b);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
}

/* Back-off ends at its most. */
static void test_backoff(void **state)
{
	struct bed *b = *state;
	struct gnb_amf *amf = &b->gnb->amfs[0];
	struct msg down = { .kind = MSG_DOWN, .port = GNB_PORT_N2, .assoc = ASSOC };

	bed_associate(b);
	for (int i = 0; i < 7; i++) {
		amf->state = NG_SETTING_UP;
		bed_deliver(b, &down);
		assert_true(amf->backoff_ms <= GNB_RECONNECT_MAX_MS);
	}
	assert_int_equal(amf->backoff_ms, GNB_RECONNECT_MAX_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_before_setup, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_activity, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_life_by_data, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_off_air, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_release_nas, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_last_flow, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_error_before_answer, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_backoff, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
