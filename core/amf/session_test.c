/* N1 and N2 information of sessions: each type by its NGAP message, or refused. */
#include "core/amf/amf_bed.h"

#include "wire/ngap/ngap.h"

static void ready(struct amf_bed *b)
{
	amf_bed_register(b);
	amf_bed_session(b, 1);
	amf_bed_settle(b);
	b->read = b->sent_count;
}

/* The type that an SMF may put in, and the message it leaves in; NGAP_MSG_NONE: refused. */
static enum ngap_message message_of(enum ngap_ie_type type)
{
	switch (type) {
	case N2_IE_ABSENT:
		return NGAP_MSG_DOWNLINK_NAS_TRANSPORT;
	case N2_IE_PDU_RES_SETUP_REQ:
		return NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_REQUEST;
	case N2_IE_PDU_RES_MOD_REQ:
		return NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_REQUEST;
	case N2_IE_PDU_RES_REL_CMD:
		return NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_COMMAND;
	default:
		return NGAP_MSG_NONE;
	}
}

static void test_every_type_of_a_transfer(void **state)
{
	struct amf_bed *b = *state;
	uint32_t answers = 0, refused = 0;
	struct ngap_pdu pdu;

	ready(b);
	for (int type = N2_IE_ABSENT; type < N2_IE_COUNT; type++) {
		amf_bed_transfer(b, type, 1);
		assert_int_equal(b->transfers_answered, ++answers);
		if (message_of(type) == NGAP_MSG_NONE) {
			assert_int_equal(b->transfer_cause, SBI_OPTIONAL_IE_INCORRECT);
			amf_bed_silent(b);
			refused++;
			continue;
		}
		assert_int_equal(b->transfer_cause, SBI_OK);
		assert_true(amf_bed_next(b, &pdu));
		assert_int_equal(pdu.message, message_of(type));
		amf_bed_silent(b);
	}
	assert_int_equal(b->amf->stat[AMF_STAT_N2_INFO_REFUSED], refused);
}

static void test_modify_request(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_pdu_session_resource_modify_item_mod_req *item;
	struct ngap_pdu pdu;

	ready(b);
	amf_bed_transfer(b, N2_IE_PDU_RES_MOD_REQ, 1);
	assert_true(amf_bed_sent(b, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_REQUEST, &pdu));
	assert_int_equal(pdu.u.pdu_session_resource_modify_request->amf_ue_ngap_id, b->amf_id);
	item = &pdu.u.pdu_session_resource_modify_request->pdu_session_resource_modify_list_mod_req.items[0];
	assert_int_equal(item->pdu_session_id, 1);
	assert_true(item->has_nas_pdu);
	assert_true(bytes_equal(item->pdu_session_resource_modify_request_transfer, bytes_of("\1\2", 2)));
}

/* 38.413 8.2.3.2: done and failed both go to the SMF. */
static void test_modify_response(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu_session_resource_modify_item_mod_res done = { 1, bytes_of("\1", 1) };
	struct ngap_pdu_session_resource_failed_to_modify_item_mod_res failed = { 1, bytes_of("\2", 1) };
	struct ngap_pdu_session_resource_modify_list_mod_res done_list = { 1, &done };
	struct ngap_pdu_session_resource_failed_to_modify_list_mod_res failed_list = { 1, &failed };
	struct ngap_pdu_session_resource_modify_response m = { .pdu_session_resource_modify_list_mod_res =
								       &done_list };

	ready(b);
	m.amf_ue_ngap_id = b->amf_id;
	m.ran_ue_ngap_id = b->ran_id;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_RESPONSE, &m);
	assert_int_equal(b->script[SBI_SMF_UPDATE_SM_CONTEXT].requests, 1);
	assert_int_equal(b->updated_type, N2_SM_PDU_RES_MOD_RSP);
	m.pdu_session_resource_modify_list_mod_res = NULL;
	m.pdu_session_resource_failed_to_modify_list_mod_res = &failed_list;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_RESPONSE, &m);
	assert_int_equal(b->script[SBI_SMF_UPDATE_SM_CONTEXT].requests, 2);
	assert_int_equal(b->updated_type, N2_SM_PDU_RES_MOD_FAIL);
	amf_bed_silent(b);
}

/* The SMF's answers may bring what only handover has a message for. */
static void test_every_type_of_an_answer(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;

	ready(b);
	for (int type = N2_SM_ABSENT + 1; type < N2_SM_COUNT; type++) {
		b->update_type = type;
		amf_session_activate(b->amf, amf_bed_ue(b), 1 << 1);
		amf_bed_settle(b);
		if (type != N2_SM_PDU_RES_SETUP_REQ && type != N2_SM_PDU_RES_MOD_REQ &&
			type != N2_SM_PDU_RES_REL_CMD) {
			amf_bed_silent(b);
			continue;
		}
		assert_true(amf_bed_next(b, &pdu));
		assert_int_not_equal(pdu.message, NGAP_MSG_DOWNLINK_NAS_TRANSPORT);
	}
	assert_int_equal(b->amf->stat[AMF_STAT_N2_INFO_REFUSED], N2_SM_COUNT - 1 - 3);
}

static void test_transfers_to_nobody(void **state)
{
	struct amf_bed *b = *state;

	ready(b);
	amf_bed_transfer(b, N2_IE_PDU_RES_SETUP_REQ, 2);
	assert_int_equal(b->transfer_cause, SBI_CONTEXT_NOT_FOUND);
	amf_bed_released(b);
	/* It is paged for what is for the UE itself. */
	amf_bed_transfer(b, N2_IE_PDU_RES_REL_CMD, 1);
	assert_int_equal(b->transfer_cause, SBI_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_type_of_a_transfer),
		TEST(test_modify_request),
		TEST(test_modify_response),
		TEST(test_every_type_of_an_answer),
		TEST(test_transfers_to_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
