/* N2: what is not served, limits and guards of connections. */
#include "core/amf/amf_bed.h"

#include "wire/ngap/ngap.h"

#include <stdlib.h>

static uint64_t begin(struct amf_bed *b)
{
	struct nas_msg m = amf_bed_request();

	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
	return b->amf_id;
}

static void test_handover_required(void **state)
{
	struct amf_bed *b = *state;
	static uint8_t container[4];
	struct ngap_pdu_session_resource_item_ho_rqd session = { 1, bytes_of("\1", 1) };
	static uint8_t cgi[3] = { 0, 0, 1 };
	uint8_t plmn[3] = { 0x00, 0xf1, 0x10 }, id[3] = { 0, 0, 2 };
	struct ngap_target_ran_node_id target = { 0 };
	struct ngap_handover_required m = { .ran_ue_ngap_id = b->ran_id,
		.handover_type = NGAP_HANDOVER_TYPE_INTRA5GS,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED),
		.pdu_session_resource_list_ho_rqd = { 1, &session },
		.source_to_target_transparent_container = BYTES(container) };
	struct ngap_pdu pdu;

	m.amf_ue_ngap_id = begin(b);
	target.global_ran_node_id.tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID;
	target.global_ran_node_id.u.global_gnb_id.plmn_identity = BYTES(plmn);
	target.global_ran_node_id.u.global_gnb_id.gnb_id =
		(struct ngap_gnb_id){ NGAP_GNB_ID_TAG_GNB_ID, { .gnb_id = { id, 24 } } };
	target.selected_tai.plmn_identity = BYTES(plmn);
	target.selected_tai.tac = BYTES(cgi);
	m.target_id.tag = NGAP_TARGET_ID_TAG_TARGET_RAN_NODE_ID;
	m.target_id.u.target_ran_node_id = target;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_HANDOVER_REQUIRED, &m);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_HANDOVER_PREPARATION_FAILURE);
	assert_int_equal(pdu.u.handover_preparation_failure->amf_ue_ngap_id, m.amf_ue_ngap_id);
	/* Of a UE that is not registered yet. */
	assert_int_equal(pdu.u.handover_preparation_failure->cause.u.protocol,
		NGAP_CAUSE_PROTOCOL_MESSAGE_NOT_COMPATIBLE_WITH_RECEIVER_STATE);
	/* 10.6: of a connection that is not there it is an error like others. */
	m.amf_ue_ngap_id++;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_HANDOVER_REQUIRED, &m);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_ERROR_INDICATION);
}

static void give_path_switch(struct amf_bed *b, uint64_t assoc, uint64_t amf_id)
{
	uint8_t bits[2] = { 0, 0 };
	struct tai tai = { { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } }, 1 };
	struct ncgi ncgi = { { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } }, 1 };
	struct ngap_pdu_session_resource_to_be_switched_dl_item items[2] = { { 1, bytes_of("\1", 1) },
		{ 2, bytes_of("\1", 1) } };
	struct ngap_path_switch_request m = { .ran_ue_ngap_id = 9,
		.source_amf_ue_ngap_id = amf_id,
		.ue_security_capabilities = { { bits, 16 }, { bits, 16 }, { bits, 16 }, { bits, 16 } },
		.pdu_session_resource_to_be_switched_dl_list = { 2, items } };

	assert_true(ngap_nr_location_of(&tai, &ncgi, &b->arena, &m.user_location_information));
	amf_bed_give(b, assoc, NGAP_MSG_PATH_SWITCH_REQUEST, &m);
}

static void test_path_switch(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_path_switch_request_failure *f;
	struct ngap_pdu pdu;

	give_path_switch(b, BED_ASSOC, 5);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_PATH_SWITCH_REQUEST_FAILURE);
	f = pdu.u.path_switch_request_failure;
	assert_int_equal(f->amf_ue_ngap_id, 5);
	assert_int_equal(f->ran_ue_ngap_id, 9);
	assert_int_equal(f->pdu_session_resource_released_list_ps_fail.count, 2);
	assert_int_equal(f->pdu_session_resource_released_list_ps_fail.items[1].pdu_session_id, 2);
	assert_int_equal(b->amf->stat[AMF_STAT_PATH_SWITCHES_FAILED], 1);
}

/* Any other request that is not served is answered with Error Indication, with whose fault it is. */
static void assert_error_of(struct amf_bed *b, uint8_t code, int64_t protocol_cause)
{
	const struct ngap_error_indication *e;
	struct ngap_pdu pdu;

	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_ERROR_INDICATION);
	e = pdu.u.error_indication;
	assert_int_equal(e->cause->tag, NGAP_CAUSE_TAG_PROTOCOL);
	assert_int_equal(e->cause->u.protocol, protocol_cause);
	assert_int_equal(e->criticality_diagnostics->procedure_code, code);
	amf_bed_silent(b);
}

static void give_distribution(struct amf_bed *b, uint64_t assoc)
{
	struct ngap_distribution_setup_request m = { .mbs_session_id = { .tmgi = bytes_of(
										 "\1\2\3\4\5\6", 6) },
		.mbs_distribution_setup_request_transfer = bytes_of("\1", 1) };

	amf_bed_give(b, assoc, NGAP_MSG_DISTRIBUTION_SETUP_REQUEST, &m);
}

/* What only an AMF asks, asked of one: the procedure is not comprehended, and so its identifiers are not. */
static void test_asked_by_a_gnb(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_ue_context_modification_request m = { .amf_ue_ngap_id = 5, .ran_ue_ngap_id = 9 };

	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &m);
	assert_error_of(
		b, NGAP_PROC_UE_CONTEXT_MODIFICATION, NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT);
}

/* Every procedure that has no handler; a report or an answer gets no answer (10.3.4.1). */
static void test_unserved_requests(void **state)
{
	struct amf_bed *b = *state;
	struct amf_gnb *gnb = amf_gnb_find(b->amf, BED_ASSOC);
	struct ngap_pdu pdu = { .kind = PER_INITIATING, .criticality = PER_REJECT };

	give_distribution(b, BED_ASSOC);
	assert_error_of(b, NGAP_PROC_DISTRIBUTION_SETUP, NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT);
	for (unsigned code = 0; code < 80; code++) {
		b->sent_count = b->read = 0;
		pdu.procedure_code = (uint8_t)code;
		amf_n2_unserved(b->amf, gnb, &pdu);
		amf_bed_settle(b);
		if (code == NGAP_PROC_ERROR_INDICATION)
			amf_bed_silent(b); /* 10.5 */
		else
			assert_error_of(b, (uint8_t)code, NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT);
	}
	pdu.criticality = PER_IGNORE;
	amf_n2_unserved(b->amf, gnb, &pdu);
	pdu.criticality = PER_REJECT;
	pdu.kind = PER_SUCCESSFUL;
	amf_n2_unserved(b->amf, gnb, &pdu);
	amf_bed_settle(b);
	amf_bed_silent(b);
	assert_int_equal(b->amf->stat[AMF_STAT_NGAP_UNEXPECTED], 83);
}

static struct bytes hex(struct amf_bed *b, const char *text)
{
	size_t n = strlen(text) / 2;

	return test_hex(text, arena_alloc(&b->arena, n), n);
}

/* 8.7.1.1: before NG Setup nothing else goes, whether it is served or not. */
static void test_before_ng_setup(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;

	amf_bed_deliver(b, 8, MSG_UP, BYTES_NONE);
	give_distribution(b, 8);
	assert_error_of(b, NGAP_PROC_DISTRIBUTION_SETUP,
		NGAP_CAUSE_PROTOCOL_MESSAGE_NOT_COMPATIBLE_WITH_RECEIVER_STATE);
	give_path_switch(b, 8, 5);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_PATH_SWITCH_REQUEST_FAILURE);
	amf_bed_deliver(b, 8, MSG_DATA, hex(b, "00230003000000"));
	assert_true(amf_bed_next(b, &pdu)); /* 10.4 */
	assert_int_equal(pdu.message, NGAP_MSG_RAN_CONFIGURATION_UPDATE_FAILURE);
	assert_int_equal(pdu.u.ran_configuration_update_failure->cause.u.protocol,
		NGAP_CAUSE_PROTOCOL_MESSAGE_NOT_COMPATIBLE_WITH_RECEIVER_STATE);
}

/* 10.5: whatever is wrong with an ERROR INDICATION, nobody is informed of it, before NG Setup too. */
static void test_error_indication_in_error(void **state)
{
	static const char *const pdus[] = { "0009400e000002000f4002004003e7000101",
		"00094009000001000f4002a000", "00090009000001000f4002a000", "00094003000001",
		"0009400a00000103e78003616263", "00094004000001aa" };
	struct amf_bed *b = *state;

	amf_bed_deliver(b, 8, MSG_UP, BYTES_NONE);
	for (size_t i = 0; i < ARRAY_LEN(pdus); i++) {
		amf_bed_deliver(b, BED_ASSOC, MSG_DATA, hex(b, pdus[i]));
		amf_bed_deliver(b, 8, MSG_DATA, hex(b, pdus[i]));
		amf_bed_silent(b);
	}
	assert_int_equal(b->amf->stat[AMF_STAT_NGAP_REFUSED], 2 * ARRAY_LEN(pdus));
}

/* 10.3.5: a request in error is answered by its unsuccessful outcome, with what is wrong. */
static void test_requests_in_error(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_ng_setup_failure *f;
	struct ngap_pdu pdu;

	amf_bed_deliver(b, 8, MSG_UP, BYTES_NONE);
	amf_bed_deliver(
		b, 8, MSG_DATA, hex(b, "0015001c0000020066001000000000010000f110000010080102030015400140"));
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_NG_SETUP_FAILURE);
	f = pdu.u.ng_setup_failure;
	assert_int_equal(f->cause.u.protocol, NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT);
	assert_int_equal(f->criticality_diagnostics->procedure_code, NGAP_PROC_NG_SETUP);
	assert_int_equal(f->criticality_diagnostics->ies_criticality_diagnostics->items[0].ie_id,
		NGAP_IE_GLOBAL_RAN_NODE_ID);
	/* RAN CONFIGURATION UPDATE with an unknown IE of criticality reject */
	amf_bed_deliver(b, BED_ASSOC, MSG_DATA, hex(b, "00230008000001270f00010a"));
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_RAN_CONFIGURATION_UPDATE_FAILURE);
	assert_int_equal(pdu.u.ran_configuration_update_failure->cause.u.protocol,
		NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT);
	/* NG RESET has no unsuccessful outcome. */
	amf_bed_deliver(b, BED_ASSOC, MSG_DATA, hex(b, "00140003000000"));
	assert_error_of(b, NGAP_PROC_NG_RESET, NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT);
	/* HANDOVER REQUIRED without all but its ids: of no connection (10.6), then of the UE's */
	amf_bed_deliver(b, BED_ASSOC, MSG_DATA, hex(b, "000c000f000002000a00020005005500020001"));
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_ERROR_INDICATION);
	assert_int_equal(pdu.u.error_indication->cause->u.radio_network,
		NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID);
	assert_int_equal(pdu.u.error_indication->amf_ue_ngap_id, 5);
}

static bool reset_of(struct amf_bed *b, uint32_t count)
{
	static uint8_t buf[NGAP_PDU_MAX];
	struct writer w = writer_of(buf, sizeof(buf));
	struct ngap_ue_associated_logical_ng_connection_item *items = calloc(count, sizeof(*items));
	struct ngap_ng_reset m = { .cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED),
		.reset_type = { NGAP_RESET_TYPE_TAG_PART_OF_NG_INTERFACE,
			{ .part_of_ng_interface = { count, items } } } };
	bool fits;

	for (uint32_t i = 0; i < count; i++) {
		items[i].has_ran_ue_ngap_id = items[i].has_amf_ue_ngap_id = true;
		items[i].ran_ue_ngap_id = 0x80000000 + i;
		items[i].amf_ue_ngap_id = UINT64_C(0x8000000000) + i;
	}
	fits = ngap_encode(NGAP_MSG_NG_RESET, &m, &w);
	if (fits)
		amf_bed_deliver(b, BED_ASSOC, MSG_DATA, writer_bytes(&w));
	free(items);
	return fits;
}

/* 8.7.4.2.1: whatever list fits a message, its acknowledgement does too. */
static void test_long_ng_reset(void **state)
{
	struct amf_bed *b = *state;
	const uint32_t count = 18000; /* of the longest identities: as many as fit */
	struct ngap_pdu pdu;

	assert_true(reset_of(b, count));
	assert_false(reset_of(b, 2 * count));
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_NG_RESET_ACKNOWLEDGE);
	assert_int_equal(pdu.u.ng_reset_acknowledge->ue_associated_logical_ng_connection_list->count, count);
}

/* A name that is no PrintableString is not comprehended; its IE is of criticality ignore (10.3.4.2). */
static void test_forged_name(void **state)
{
	struct amf_bed *b = *state;

	b->gnb_name = bytes_of_str("gnb-1\nerror amf: forged\x1b[2J");
	amf_bed_ng_setup(b, 8, 2);
	assert_string_equal(amf_gnb_find(b->amf, 8)->name, "10.0.0.3");
	assert_false(test_env_logged(&b->t, "forged"));
	b->gnb_name = bytes_of_str("gnb_1@north (2)"); /* as vendors have it */
	amf_bed_ng_setup(b, 9, 3);
	assert_string_equal(amf_gnb_find(b->amf, 9)->name, "gnb_1@north (2)");
}

/* 10.3.5: a faulty response ends its procedure; nobody is informed. */
static void test_responses_in_error(void **state)
{
	struct amf_bed *b = *state;

	/* NG RESET ACKNOWLEDGE with an unknown IE of criticality reject */
	amf_bed_deliver(b, BED_ASSOC, MSG_DATA, hex(b, "20140008000001270f00010a"));
	amf_bed_silent(b);
	assert_int_equal(b->amf->stat[AMF_STAT_NGAP_REFUSED], 1);
}

/* A short message with an IE that nobody knows, to be ignored and reported. */
static void give_with_unknown(struct amf_bed *b, enum ngap_message type, const void *body)
{
	static const uint8_t ie[] = { 0x27, 0x0f, PER_NOTIFY << 6, 1, 10 };
	uint8_t buf[128];
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(ngap_encode(type, body, &w));
	writer_put(&w, BYTES(ie));
	assert_true(!w.failed && buf[3] < 128 - sizeof(ie));
	buf[3] += sizeof(ie); /* octets of the message */
	buf[6]++;             /* IEs */
	amf_bed_deliver(b, BED_ASSOC, MSG_DATA, writer_bytes(&w));
}

static void assert_reported(
	const struct ngap_criticality_diagnostics *cd, uint8_t procedure, enum ngap_triggering_message of)
{
	assert_non_null(cd);
	assert_int_equal(cd->procedure_code, procedure);
	assert_int_equal(cd->triggering_message, of);
	assert_int_equal(cd->ies_criticality_diagnostics->count, 1);
	assert_int_equal(cd->ies_criticality_diagnostics->items[0].ie_id, 9999);
	assert_int_equal(cd->ies_criticality_diagnostics->items[0].ie_criticality, NGAP_CRITICALITY_NOTIFY);
}

static void update_tas(struct amf_bed *b, uint32_t tac, size_t count)
{
	const struct plmn *plmn = &b->config.guami.plmn;
	uint8_t plmn_octets[PLMN_OCTETS], tac_octets[3] = { 0, 0, (uint8_t)tac }, sst = 1;
	struct ngap_slice_support_item slice = { { .sst = { &sst, 1 } } };
	struct ngap_broadcast_plmn_item item = { .plmn_identity = BYTES(plmn_octets),
		.tai_slice_support_list = { 1, &slice } };
	struct ngap_supported_ta_item ta = { .tac = BYTES(tac_octets), .broadcast_plmn_list = { 1, &item } };
	struct ngap_supported_ta_list list = { count, &ta };
	struct ngap_ran_configuration_update m = { .supported_ta_list = count ? &list : NULL };
	struct ngap_pdu pdu;

	plmn_to_ap(plmn, plmn_octets);
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_RAN_CONFIGURATION_UPDATE, &m);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_RAN_CONFIGURATION_UPDATE_ACKNOWLEDGE);
}

/* 8.7.2.2: the list that it has replaces all before; without one they stay. */
static void test_supported_tas_updated(void **state)
{
	struct amf_bed *b = *state;
	const struct amf_gnb *gnb = amf_gnb_find(b->amf, BED_ASSOC);
	const struct tai one = { b->config.guami.plmn, 1 }, two = { b->config.guami.plmn, 2 };

	b->amf->config.tac_count = 2;
	b->amf->config.tacs[0] = 1;
	b->amf->config.tacs[1] = 2;
	update_tas(b, 0, 0);
	assert_true(amf_gnb_has_tai(b->amf, gnb, &one));
	update_tas(b, 2, 1);
	assert_true(amf_gnb_has_tai(b->amf, gnb, &two));
	assert_false(amf_gnb_has_tai(b->amf, gnb, &one));
	update_tas(b, 0, 0);
	assert_true(amf_gnb_has_tai(b->amf, gnb, &two));
}

/* 10.3.4.2: what is ignored in a request is reported in its response, and nowhere else. */
static void test_reported_in_response(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_ran_configuration_update update = { 0 };
	struct ngap_ng_reset reset = { .cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED),
		.reset_type.tag = NGAP_RESET_TYPE_TAG_NG_INTERFACE };
	struct ngap_pdu pdu;

	give_with_unknown(b, NGAP_MSG_RAN_CONFIGURATION_UPDATE, &update);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_RAN_CONFIGURATION_UPDATE_ACKNOWLEDGE);
	assert_reported(pdu.u.ran_configuration_update_acknowledge->criticality_diagnostics,
		NGAP_PROC_RAN_CONFIGURATION_UPDATE, NGAP_TRIGGERING_MESSAGE_INITIATING_MESSAGE);
	give_with_unknown(b, NGAP_MSG_NG_RESET, &reset);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_NG_RESET_ACKNOWLEDGE);
	assert_reported(pdu.u.ng_reset_acknowledge->criticality_diagnostics, NGAP_PROC_NG_RESET,
		NGAP_TRIGGERING_MESSAGE_INITIATING_MESSAGE);
	amf_bed_silent(b);
	assert_int_equal(b->amf->stat[AMF_STAT_NGAP_REFUSED], 2);
}

/* In a response, or where nothing is answered: by ERROR INDICATION, and the message is processed. */
static void test_reported_by_error_indication(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_initial_context_setup_response done = { .ran_ue_ngap_id = b->ran_id };
	struct ngap_nas_non_delivery_indication lost = { .ran_ue_ngap_id = b->ran_id,
		.nas_pdu = bytes_of("\x7e\0\x44", 3),
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED) };
	struct ngap_pdu pdu;

	amf_bed_accept(b);
	done.amf_ue_ngap_id = lost.amf_ue_ngap_id = b->amf_id;
	give_with_unknown(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_RESPONSE, &done);
	assert_true(amf_bed_ue(b)->serving->context_setup);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_ERROR_INDICATION);
	assert_int_equal(pdu.u.error_indication->cause->u.protocol,
		NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_IGNORE_AND_NOTIFY);
	assert_int_equal(pdu.u.error_indication->amf_ue_ngap_id, b->amf_id);
	assert_reported(pdu.u.error_indication->criticality_diagnostics, NGAP_PROC_INITIAL_CONTEXT_SETUP,
		NGAP_TRIGGERING_MESSAGE_SUCCESSFUL_OUTCOME);
	give_with_unknown(b, NGAP_MSG_NAS_NON_DELIVERY_INDICATION, &lost);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_ERROR_INDICATION);
	assert_reported(pdu.u.error_indication->criticality_diagnostics,
		NGAP_PROC_NAS_NON_DELIVERY_INDICATION, NGAP_TRIGGERING_MESSAGE_INITIATING_MESSAGE);
	amf_bed_silent(b);
}

/* The time for NG Setup is the configuration's, after a refusal twice as long; see test_gnbs_max for the
 * default. */
static void test_ng_setup_s(void **state)
{
	struct amf_bed *b = *state;

	b->amf->config.ng_setup_s = 3;
	amf_bed_deliver(b, 8, MSG_UP, BYTES_NONE);
	amf_bed_deliver(b, 9, MSG_UP, BYTES_NONE);
	amf_bed_deliver(b, 9, MSG_DATA,
		hex(b, "00150025000003001b00080013400110abcdef0066000d000000000100134001000000080015400100"));
	amf_bed_pass(b, 2999);
	assert_non_null(amf_gnb_find(b->amf, 8));
	amf_bed_pass(b, 1);
	assert_null(amf_gnb_find(b->amf, 8));
	amf_bed_pass(b, 2999);
	assert_non_null(amf_gnb_find(b->amf, 9));
	amf_bed_pass(b, 1);
	assert_null(amf_gnb_find(b->amf, 9));
}

static void test_gnbs_max(void **state)
{
	struct amf_bed *b = *state;
	struct msg m = { .kind = MSG_UP, .port = AMF_PORT_N2, .out_streams = 2 };

	addr_parse("10.0.0.3", &m.peer);
	for (m.assoc = 100; b->amf->gnbs.used < AMF_GNBS_MAX; m.assoc++) {
		m.peer.ip[2] = (uint8_t)(m.assoc / 100);
		b->t.now_ns++;
		amf_on_n2(b->amf, &m);
	}
	assert_int_equal(b->amf->stat[AMF_STAT_EXHAUSTED], 0);
	assert_int_equal(m.assoc, 100 + 1023);
	amf_on_n2(b->amf, &m); /* the oldest that is not set up yields */
	assert_int_equal(amf_numbers(b->amf).gnbs, 1024);
	assert_non_null(amf_gnb_find(b->amf, m.assoc));
	assert_null(amf_gnb_find(b->amf, 100));
	assert_non_null(amf_gnb_find(b->amf, BED_ASSOC));
	for (uint32_t i = 0; i < AMF_GNBS_MAX; i++)
		((struct amf_gnb *)pool_at(&b->amf->gnbs, i))->node_id = 1;
	m.assoc++;
	amf_on_n2(b->amf, &m);
	assert_int_equal(b->amf->stat[AMF_STAT_EXHAUSTED], 1);
	for (uint32_t i = 0; i < AMF_GNBS_MAX; i++)
		if (((struct amf_gnb *)pool_at(&b->amf->gnbs, i))->assoc != BED_ASSOC)
			((struct amf_gnb *)pool_at(&b->amf->gnbs, i))->node_id = 0;
	b->t.now_ns += AMF_NG_SETUP_S * NS_PER_S; /* and the silent ones go by themselves */
	amf_bed_settle(b);
	assert_int_equal(amf_numbers(b->amf).gnbs, 1);
}

/* One host, or one network, does not lock the others out. */
static void test_gnbs_of_a_host(void **state)
{
	struct amf_bed *b = *state;
	struct msg m = { .kind = MSG_UP, .port = AMF_PORT_N2, .assoc = 100, .out_streams = 2 };

	addr_parse("10.0.9.1", &m.peer);
	for (; m.assoc < 100 + 300; m.assoc++)
		amf_on_n2(b->amf, &m);
	assert_int_equal(amf_numbers(b->amf).gnbs, 1 + AMF_ASSOCS_PER_HOST_MAX);
	for (; m.assoc < 100 + 1000; m.assoc++) {
		m.peer.ip[3] = (uint8_t)m.assoc;
		amf_on_n2(b->amf, &m);
	}
	assert_int_equal(amf_numbers(b->amf).gnbs, 1 + 2 * AMF_ASSOCS_PER_HOST_MAX);
	addr_parse("10.0.10.1", &m.peer);
	amf_on_n2(b->amf, &m);
	assert_non_null(amf_gnb_find(b->amf, m.assoc));
}

/* A first NAS message that leads to nothing holds no connection and no context. */
static void test_garbage_is_released(void **state)
{
	static const uint8_t nas[][4] = { { 0x7e, 0, 0x43, 0 }, { 0xff, 0xff, 0xff, 0xff },
		{ 0x7e, 0, 0xee, 0 }, { 0x7e, 4, 1, 2 } };
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;

	for (size_t i = 0; i < ARRAY_LEN(nas); i++) {
		b->ran_id++;
		amf_bed_begin(b, BYTES(nas[i]));
		assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
		assert_int_equal(amf_numbers(b->amf).ues, 0);
	}
}

static void test_connections_per_gnb_max(void **state)
{
	struct amf_bed *b = *state;
	struct amf_gnb *gnb = amf_gnb_find(b->amf, BED_ASSOC);
	struct nas_msg m = amf_bed_request();
	struct amf_connection *c = NULL;
	struct ngap_pdu pdu;

	for (uint32_t i = 0; i < 32768; i++) {
		c = amf_connection_new(b->amf, gnb, 1000 + i);
		assert_non_null(c);
		amf_connection_proved(
			b->amf, c); /* of those that have not, the oldest yields: share_test.c */
	}
	assert_null(amf_connection_new(b->amf, gnb, 1));
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_ERROR_INDICATION);
	assert_int_equal(pdu.u.error_indication->cause->u.misc, NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD);
	assert_int_equal(b->amf->stat[AMF_STAT_EXHAUSTED], 1);
	amf_connection_free(b->amf, c);
	begin(b);
	amf_gnb_drop_connections(b->amf, gnb);
	assert_int_equal(amf_numbers(b->amf).connections, 0);
}

/* A UE that never becomes registered; answers in between do not help it. */
static void test_unknown_ue_guard(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;

	b->script[SBI_PCF_AM_POLICY_CREATE].mute = true;
	amf_bed_secure(b);
	b->t.now_ns += AMF_UNKNOWN_UE_S * NS_PER_S - 1;
	timer_stop(&b->amf->nf.timers, &amf_bed_ue(b)->procedures->timer);
	timer_stop(&b->amf->nf.timers, &amf_procedure_find(amf_bed_ue(b), AMF_SECURITY_MODE)->timer);
	amf_bed_settle(b);
	amf_bed_silent(b);
	b->t.now_ns++;
	amf_bed_settle(b);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND);
	assert_int_equal(amf_numbers(b->amf).ues, 0);
}

/* 38.413 10.6: the IDs are those of another gNB's UE. Nothing happens to that, and the sender is told. */
static void test_another_gnbs_ue(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_ue_context_release_request m = { .ran_ue_ngap_id = b->ran_id,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_USER_INACTIVITY) };
	struct ngap_pdu pdu;

	amf_bed_register(b);
	amf_bed_ng_setup(b, 8, 2);
	m.amf_ue_ngap_id = b->amf_id;
	amf_bed_give(b, 8, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST, &m);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_ERROR_INDICATION);
	amf_bed_silent(b);
	amf_bed_pass(b, AMF_RELEASE_GUARD_S * 1000);
	assert_int_equal(amf_numbers(b->amf).connections, 1);
}

/* 8.3.3: without its answer the gNB is made to forget the connection. */
static void test_release_guard(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_ue_context_release_request m = { .ran_ue_ngap_id = b->ran_id,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_USER_INACTIVITY) };
	struct ngap_pdu pdu;

	amf_bed_register(b);
	m.amf_ue_ngap_id = b->amf_id;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST, &m);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND);
	amf_bed_pass(b, AMF_RELEASE_GUARD_S * 1000 - 1);
	amf_bed_silent(b);
	assert_int_equal(amf_numbers(b->amf).connections, 1);
	amf_bed_pass(b, 1);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_NG_RESET);
	assert_int_equal(amf_numbers(b->amf).connections, 0);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
}

/* 10.3.5: in an answer either ID may be missing; both missing is nobody's. */
static void test_answers_without_ids(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_initial_context_setup_response m = { .ran_ue_ngap_id = b->ran_id };

	m.amf_ue_ngap_id = begin(b);
	m.no_amf_ue_ngap_id = m.no_ran_ue_ngap_id = true;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_INITIAL_CONTEXT_SETUP_RESPONSE, &m);
	assert_false(amf_bed_ue(b)->serving->context_setup);
	assert_int_equal(b->amf->stat[AMF_STAT_NGAP_UNEXPECTED], 1);
	m.no_ran_ue_ngap_id = false;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_INITIAL_CONTEXT_SETUP_RESPONSE, &m);
	assert_true(amf_bed_ue(b)->serving->context_setup);
	amf_bed_ue(b)->serving->context_setup = false;
	m.no_ran_ue_ngap_id = true;
	m.no_amf_ue_ngap_id = false;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_INITIAL_CONTEXT_SETUP_RESPONSE, &m);
	assert_true(amf_bed_ue(b)->serving->context_setup);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_handover_required),
		TEST(test_path_switch),
		TEST(test_unserved_requests),
		TEST(test_asked_by_a_gnb),
		TEST(test_before_ng_setup),
		TEST(test_supported_tas_updated),
		TEST(test_reported_in_response),
		TEST(test_reported_by_error_indication),
		TEST(test_ng_setup_s),
		TEST(test_error_indication_in_error),
		TEST(test_requests_in_error),
		TEST(test_responses_in_error),
		TEST(test_long_ng_reset),
		TEST(test_forged_name),
		TEST(test_gnbs_max),
		TEST(test_gnbs_of_a_host),
		TEST(test_garbage_is_released),
		TEST(test_connections_per_gnb_max),
		TEST(test_unknown_ue_guard),
		TEST(test_release_guard),
		TEST(test_another_gnbs_ue),
		TEST(test_answers_without_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
