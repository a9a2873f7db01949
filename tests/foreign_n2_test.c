/*
 * N2 and N1 as other vendors' gNBs and UEs speak them: their recorded messages into our core. The identities that
 * the recorded core gave are replaced by ours; up to the keys, everything must go as it went there.
 */
#include "tests/foreign.h"

#include "tests/call_bed.h"
#include "wire/nas/nas.h"
#include "wire/ngap/ngap.h"

enum { FOREIGN_ASSOC = 100, ANSWERS_MAX = 8 };

static struct call_bed *b;
static struct arena arena;
/* What the core said to the foreign gNB last. */
static struct ngap_pdu answers[ANSWERS_MAX];
static size_t answer_count;

static void collect(void)
{
	answer_count = 0;
	for (struct outbox_item *i = b->node[NODE_CORE].outbox.head; i; i = i->next) {
		struct per_diag diag;

		if (i->msg.port != CORE_PORT_N2 || i->msg.assoc != FOREIGN_ASSOC || i->msg.kind != MSG_DATA)
			continue;
		assert_true(answer_count < ANSWERS_MAX);
		assert_true(ngap_decode(arena_bytes(&arena, i->msg.data), &arena, &answers[answer_count++], &diag));
	}
	call_run(b);
}

static void give(enum msg_kind kind, uint16_t streams, struct bytes data)
{
	struct msg m = { .kind = kind, .port = CORE_PORT_N2, .assoc = FOREIGN_ASSOC, .data = data,
		.in_streams = streams, .out_streams = streams };

	assert_true(addr_parse("127.0.0.77", &m.peer));
	call_deliver(b, NODE_CORE, &m);
	collect();
}

static void give_pdu(enum ngap_message type, const void *body)
{
	static uint8_t buf[4096];
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(ngap_encode(type, body, &w));
	give(MSG_DATA, 0, writer_bytes(&w));
}

/* The recorded message, with the AMF UE NGAP ID of ours where it has one. */
static void replay(const char *frame, uint64_t amf_ue_ngap_id)
{
	static uint8_t octets[4096];
	struct bytes in = foreign_message("ngap_captures.txt", frame, 0, octets, sizeof(octets));
	struct ngap_pdu pdu;
	struct per_diag diag;

	assert_true(ngap_decode(in, &arena, &pdu, &diag));
	if (pdu.message != NGAP_MSG_UPLINK_NAS_TRANSPORT) {
		give(MSG_DATA, 0, in);
		return;
	}
	pdu.u.uplink_nas_transport->amf_ue_ngap_id = amf_ue_ngap_id;
	give_pdu(pdu.message, pdu.u.any);
}

static struct nas_msg nas_of(const struct ngap_pdu *pdu)
{
	struct nas_msg m;
	struct tlv_fault fault;

	assert_int_equal(pdu->message, NGAP_MSG_DOWNLINK_NAS_TRANSPORT);
	assert_true(nas_decode(pdu->u.downlink_nas_transport->nas_pdu, &arena, &m, &fault));
	return m;
}

static void subscribe(const char *imsi)
{
	struct subscriber s = { .algorithm = AUTH_MILENAGE, .amf = { 0x80, 0 }, .slice_count = 1 };

	str_copy(s.imsi, sizeof(s.imsi), imsi);
	s.slices[0] = (struct subscriber_slice){ .sst = 1, .sd = SNSSAI_NO_SD, .default_slice = true, .dnn_count = 1 };
	str_copy(s.slices[0].dnns[0].dnn, DNN_STR_SIZE, "internet");
	assert_true(core_subscriber_add(b->core, &s, BYTES(call_k), BYTES(call_op), 32));
}

/* The network of the recording: its PLMN, and the slices of its gNB. */
static void network(const char *plmn, struct snssai slice)
{
	struct core_config *c = &b->core_config;

	assert_true(plmn_parse(plmn, &c->plmn));
	c->amf.guami.plmn = c->udm.plmn = c->nssf.plmn = c->pcf.plmn = c->smf.plmn = c->plmn;
	c->amf.slices[0] = c->nssf.slices[0].snssai = c->smf.dnns[0].snssai = slice;
	c->udm.null_scheme = true;
	call_start(b);
	give(MSG_UP, 2, BYTES_NONE);
}

static uint64_t challenged(void)
{
	struct nas_msg m;

	assert_int_equal(answer_count, 1);
	m = nas_of(&answers[0]);
	assert_int_equal(m.type, NAS_AUTHENTICATION_REQUEST);
	return answers[0].u.downlink_nas_transport->amf_ue_ngap_id;
}

/* The answer to another core's challenge is wrong here. */
static void rejected(void)
{
	struct nas_msg m;

	assert_int_equal(answer_count, 2);
	m = nas_of(&answers[0]);
	assert_int_equal(m.type, NAS_AUTHENTICATION_REJECT);
	assert_int_equal(answers[1].message, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NGAP_REFUSED), 0);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NAS_REFUSED), 0);
}

/* A commercial gNB and phone: SUCI of the null scheme in the first message. */
static void attach(void **state)
{
	uint64_t id;

	network("00101", (struct snssai){ 1, SNSSAI_NO_SD });
	subscribe("001019123456799");
	replay("ngap_attach_dlt152.pcap:1", 0);
	assert_int_equal(answer_count, 1);
	assert_int_equal(answers[0].message, NGAP_MSG_NG_SETUP_RESPONSE);
	replay("ngap_attach_dlt152.pcap:3", 0);
	id = challenged();
	replay("ngap_attach_dlt152.pcap:5", id);
	rejected();
}

/* An empty GUTI first: the UE is asked who it is. Criticalities that are not the standard's. */
static void identified(void **state)
{
	uint64_t id;

	network("90170", (struct snssai){ 1, 0x010000 });
	subscribe("901700000021309");
	replay("testregistration_ngap_pfcp_gtpu.pcap:6", 0);
	assert_int_equal(answers[0].message, NGAP_MSG_NG_SETUP_RESPONSE);
	replay("testregistration_ngap_pfcp_gtpu.pcap:8", 0);
	assert_int_equal(answer_count, 1);
	assert_int_equal(nas_of(&answers[0]).type, NAS_IDENTITY_REQUEST);
	id = answers[0].u.downlink_nas_transport->amf_ue_ngap_id;
	replay("testregistration_ngap_pfcp_gtpu.pcap:10", id);
	id = challenged();
	replay("testregistration_ngap_pfcp_gtpu.pcap:12", id);
	rejected();
	replay("testregistration_ngap_pfcp_gtpu.pcap:60", 0);
	id = challenged();
	replay("testregistration_ngap_pfcp_gtpu.pcap:66", id);
	assert_int_equal(nas_of(&answers[0]).type, NAS_IDENTITY_REQUEST); /* MAC failure: another's identity? */
}

/* A roamer whose home network is not known here. */
static void roaming(void **state)
{
	struct nas_msg m;

	network("99970", (struct snssai){ 1, SNSSAI_NO_SD });
	replay("roaming_lbo_ngap_pfcp_gtpu.pcap:13", 0);
	assert_int_equal(answers[0].message, NGAP_MSG_NG_SETUP_RESPONSE);
	replay("roaming_lbo_ngap_pfcp_gtpu.pcap:15", 0);
	assert_int_equal(nas_of(&answers[0]).type, NAS_IDENTITY_REQUEST);
	replay("roaming_lbo_ngap_pfcp_gtpu.pcap:17", answers[0].u.downlink_nas_transport->amf_ue_ngap_id);
	assert_int_equal(answer_count, 2);
	m = nas_of(&answers[0]);
	assert_int_equal(m.type, NAS_REGISTRATION_REJECT);
	assert_int_equal(m.registration_reject.cause, NAS_5GMM_PLMN_NOT_ALLOWED);
}

static void setup_by(const char *frame)
{
	network("00101", (struct snssai){ 1, SNSSAI_NO_SD });
	replay(frame, 0);
	assert_int_equal(answers[0].message, NGAP_MSG_NG_SETUP_RESPONSE);
}

/* 38.413 10.4: what only tells something is not answered, whatever it is, and no response is. */
static void reports_are_not_answered(void **state)
{
	struct ngap_rrc_inactive_transition_report report = { .amf_ue_ngap_id = 5, .ran_ue_ngap_id = 6,
		.rrc_state = NGAP_RRC_STATE_CONNECTED, .no_user_location_information = true };
	struct ngap_pdu_session_resource_modify_response modified = { .amf_ue_ngap_id = 5, .ran_ue_ngap_id = 6 };
	struct ngap_amf_configuration_update_acknowledge updated = { 0 };
	struct ngap_ue_context_modification_response context = { .amf_ue_ngap_id = 5, .ran_ue_ngap_id = 6 };

	setup_by("ngap_attach_dlt152.pcap:1");
	give_pdu(NGAP_MSG_RRC_INACTIVE_TRANSITION_REPORT, &report);
	assert_int_equal(answer_count, 0);
	give_pdu(NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_RESPONSE, &modified);
	assert_int_equal(answer_count, 0);
	give_pdu(NGAP_MSG_AMF_CONFIGURATION_UPDATE_ACKNOWLEDGE, &updated);
	assert_int_equal(answer_count, 0);
	give_pdu(NGAP_MSG_UE_CONTEXT_MODIFICATION_RESPONSE, &context);
	assert_int_equal(answer_count, 0);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NGAP_UNEXPECTED), 4);
}

/* What is asked and not served is refused in the words of the procedure. */
static void requests_are_refused(void **state)
{
	struct ngap_pdu_session_resource_to_be_switched_dl_item item = { .pdu_session_id = 3,
		.path_switch_request_transfer = BYTES("\0") };
	struct ngap_path_switch_request request = { .ran_ue_ngap_id = 6, .source_amf_ue_ngap_id = 5,
		.no_user_location_information = true, .no_ue_security_capabilities = true,
		.pdu_session_resource_to_be_switched_dl_list = { 1, &item } };
	const struct ngap_path_switch_request_failure *m;

	setup_by("ngap_attach_dlt152.pcap:1");
	give_pdu(NGAP_MSG_PATH_SWITCH_REQUEST, &request);
	assert_int_equal(answer_count, 1);
	assert_int_equal(answers[0].message, NGAP_MSG_PATH_SWITCH_REQUEST_FAILURE);
	m = answers[0].u.path_switch_request_failure;
	assert_int_equal(m->amf_ue_ngap_id, 5);
	assert_int_equal(m->pdu_session_resource_released_list_ps_fail.items[0].pdu_session_id, 3);
}

static int setup(void **state)
{
	arena_init(&arena, NULL, 0, 16 << 20);
	if (call_setup(state) != 0)
		return -1;
	b = *state;
	return 0;
}

static int teardown(void **state)
{
	arena_fini(&arena);
	return call_teardown(state);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(attach), TEST(identified), TEST(roaming), TEST(reports_are_not_answered),
		TEST(requests_are_refused) };

	return cmocka_run_group_tests_name("foreign N2", tests, NULL, NULL);
}
