/*
 * N2 and N1 as other vendors' gNBs and UEs use them: their recorded messages into our core. The identities
 * that the recorded core gave are replaced by ours; up to the keys, everything must go as it went there.
 */
#include "tests/foreign_n2.h"
#include "wire/text/test_text.h"

/* The recorded message, with the AMF UE NGAP ID of ours where it has one. */
static void replay(struct foreign *f, const char *frame, uint64_t amf_ue_ngap_id)
{
	static uint8_t octets[4096];
	struct bytes in = foreign_message("ngap_captures.txt", frame, 0, octets, sizeof(octets));
	struct ngap_pdu pdu;
	struct per_diag diag;

	assert_true(ngap_decode(in, &f->arena, &pdu, &diag));
	if (pdu.message != NGAP_MSG_UPLINK_NAS_TRANSPORT) {
		foreign_give(f, MSG_DATA, 0, in);
		return;
	}
	pdu.u.uplink_nas_transport->amf_ue_ngap_id = amf_ue_ngap_id;
	foreign_give_pdu(f, pdu.message, pdu.u.any);
}

static uint64_t challenged(struct foreign *f)
{
	struct nas_msg m;

	assert_int_equal(f->answer_count, 1);
	m = foreign_nas_of(f, &f->answers[0]);
	test_nas_is(&m, NAS_AUTHENTICATION_REQUEST);
	return f->answers[0].u.downlink_nas_transport->amf_ue_ngap_id;
}

/* The answer to another core's challenge is wrong here. */
static void rejected(struct foreign *f)
{
	struct nas_msg m;

	assert_int_equal(f->answer_count, 2);
	m = foreign_nas_of(f, &f->answers[0]);
	test_nas_is(&m, NAS_AUTHENTICATION_REJECT);
	assert_int_equal(f->answers[1].message, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND);
	assert_int_equal(call_amf_stat(f->bed, AMF_STAT_NGAP_REFUSED), 0);
	assert_int_equal(call_amf_stat(f->bed, AMF_STAT_NAS_REFUSED), 0);
}

/* A commercial gNB and phone: SUCI of the null scheme in the first message. */
static void attach(void **state)
{
	struct foreign *f = *state;
	uint64_t id;

	foreign_network(f, "00101", (struct snssai){ 1, SNSSAI_NO_SD }, 2);
	foreign_subscribe(f, "001019123456799");
	replay(f, "ngap_attach_dlt152.pcap:1", 0);
	assert_int_equal(f->answer_count, 1);
	assert_int_equal(f->answers[0].message, NGAP_MSG_NG_SETUP_RESPONSE);
	replay(f, "ngap_attach_dlt152.pcap:3", 0);
	id = challenged(f);
	replay(f, "ngap_attach_dlt152.pcap:5", id);
	rejected(f);
}

/* An empty GUTI first: the UE is asked who it is. Criticalities that are not the standard's. */
static void identified(void **state)
{
	struct foreign *f = *state;
	uint64_t id;

	foreign_network(f, "90170", (struct snssai){ 1, 0x010000 }, 2);
	foreign_subscribe(f, "901700000021309");
	replay(f, "testregistration_ngap_pfcp_gtpu.pcap:6", 0);
	assert_int_equal(f->answers[0].message, NGAP_MSG_NG_SETUP_RESPONSE);
	replay(f, "testregistration_ngap_pfcp_gtpu.pcap:8", 0);
	assert_int_equal(f->answer_count, 1);
	assert_int_equal(foreign_nas_of(f, &f->answers[0]).type, NAS_IDENTITY_REQUEST);
	id = f->answers[0].u.downlink_nas_transport->amf_ue_ngap_id;
	replay(f, "testregistration_ngap_pfcp_gtpu.pcap:10", id);
	id = challenged(f);
	replay(f, "testregistration_ngap_pfcp_gtpu.pcap:12", id);
	rejected(f);
	replay(f, "testregistration_ngap_pfcp_gtpu.pcap:60", 0);
	id = challenged(f);
	replay(f, "testregistration_ngap_pfcp_gtpu.pcap:66", id);
	assert_int_equal(foreign_nas_of(f, &f->answers[0]).type,
		NAS_IDENTITY_REQUEST); /* MAC failure: another's identity? */
}

/* A roamer whose home network is not known here. */
static void roaming(void **state)
{
	struct foreign *f = *state;
	struct nas_msg m;

	foreign_network(f, "99970", (struct snssai){ 1, SNSSAI_NO_SD }, 2);
	replay(f, "roaming_lbo_ngap_pfcp_gtpu.pcap:13", 0);
	assert_int_equal(f->answers[0].message, NGAP_MSG_NG_SETUP_RESPONSE);
	replay(f, "roaming_lbo_ngap_pfcp_gtpu.pcap:15", 0);
	assert_int_equal(foreign_nas_of(f, &f->answers[0]).type, NAS_IDENTITY_REQUEST);
	replay(f, "roaming_lbo_ngap_pfcp_gtpu.pcap:17",
		f->answers[0].u.downlink_nas_transport->amf_ue_ngap_id);
	assert_int_equal(f->answer_count, 2);
	m = foreign_nas_of(f, &f->answers[0]);
	test_nas_is(&m, NAS_REGISTRATION_REJECT);
	assert_int_equal(m.registration_reject.cause, NAS_5GMM_PLMN_NOT_ALLOWED);
}

/* A gNB of a network whose MNC has three digits, 38.413 9.3.3.5: 310-410 is 134001, not the 130014 of NAS. */
static void three_digit_mnc(void **state)
{
	static const char request[] = "00150025000003001b00080013400110abcdef0066000d000000000100134001000000"
				      "080015400100";
	struct foreign *f = *state;
	uint8_t octets[64];

	foreign_network(f, "310410", (struct snssai){ 1, SNSSAI_NO_SD }, 2);
	f->bed->core_config.amfs[0].tacs[0] = 1;
	foreign_give(f, MSG_DATA, 0, test_hex(request, octets, sizeof(octets)));
	assert_int_equal(f->answer_count, 1);
	assert_int_equal(f->answers[0].message, NGAP_MSG_NG_SETUP_RESPONSE);
	assert_true(bytes_equal(f->answers[0].u.ng_setup_response->plmn_support_list.items[0].plmn_identity,
		bytes_of("\x13\x40\x01", 3)));
	assert_true(
		bytes_equal(f->answers[0].u.ng_setup_response->served_guami_list.items[0].guami.plmn_identity,
			bytes_of("\x13\x40\x01", 3)));
}

static void setup_by(struct foreign *f, const char *frame)
{
	foreign_network(f, "00101", (struct snssai){ 1, SNSSAI_NO_SD }, 2);
	replay(f, frame, 0);
	assert_int_equal(f->answers[0].message, NGAP_MSG_NG_SETUP_RESPONSE);
}

/* 38.413 10.4: what only reports something is not answered, whatever it is, and no response is. */
static void reports_are_not_answered(void **state)
{
	struct foreign *f = *state;
	struct ngap_uplink_non_ue_associated_nrppa_transport report = { .routing_id = bytes_of("\1", 1),
		.nrppa_pdu = bytes_of("\1", 1) };
	struct ngap_broadcast_session_release_response released = { .mbs_session_id.tmgi =
									    bytes_of("\1\2\3\4\5\6", 6) };
	struct ngap_amf_configuration_update_acknowledge updated = { 0 };

	setup_by(f, "ngap_attach_dlt152.pcap:1");
	foreign_give_pdu(f, NGAP_MSG_UPLINK_NON_UE_ASSOCIATED_NRPPA_TRANSPORT, &report);
	assert_int_equal(f->answer_count, 0);
	foreign_give_pdu(f, NGAP_MSG_BROADCAST_SESSION_RELEASE_RESPONSE, &released);
	assert_int_equal(f->answer_count, 0);
	foreign_give_pdu(f, NGAP_MSG_AMF_CONFIGURATION_UPDATE_ACKNOWLEDGE, &updated);
	assert_int_equal(f->answer_count, 0);
	assert_int_equal(call_amf_stat(f->bed, AMF_STAT_NGAP_UNEXPECTED), 3);
}

/* What is asked and not served is refused in the words of the procedure. */
static void requests_are_refused(void **state)
{
	struct foreign *f = *state;
	struct ngap_pdu_session_resource_to_be_switched_dl_item item = { .pdu_session_id = 3,
		.path_switch_request_transfer = BYTES("\0") };
	struct ngap_path_switch_request request = { .ran_ue_ngap_id = 6,
		.source_amf_ue_ngap_id = 5,
		.no_user_location_information = true,
		.no_ue_security_capabilities = true,
		.pdu_session_resource_to_be_switched_dl_list = { 1, &item } };
	const struct ngap_path_switch_request_failure *m;

	setup_by(f, "ngap_attach_dlt152.pcap:1");
	foreign_give_pdu(f, NGAP_MSG_PATH_SWITCH_REQUEST, &request);
	assert_int_equal(f->answer_count, 1);
	assert_int_equal(f->answers[0].message, NGAP_MSG_PATH_SWITCH_REQUEST_FAILURE);
	m = f->answers[0].u.path_switch_request_failure;
	assert_int_equal(m->amf_ue_ngap_id, 5);
	assert_int_equal(m->pdu_session_resource_released_list_ps_fail.items[0].pdu_session_id, 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, foreign_setup, foreign_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(attach), TEST(identified), TEST(roaming),
		TEST(three_digit_mnc), TEST(reports_are_not_answered), TEST(requests_are_refused) };

	return cmocka_run_group_tests_name("foreign N2", tests, NULL, NULL);
}
