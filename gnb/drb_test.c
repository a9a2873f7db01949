/* DRB identities: none twice under one K_gNB (33.501, 38.331 5.3.1.2), and all again under the next. */
#include "gnb/gnb_bed.h"
#include "gnb/handover.h"
#include "gnb/user_plane.h"

static const uint8_t psi = 1, other = 2;

static void served(struct bed *b)
{
	bed_connected(b);
	bed_ask_context(b, 0x42, 0xe000, 0xe000);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE });
	bed_forget(b);
}

/* Asks for a session; the DRB that the UE is told. */
static uint8_t set_up(struct bed *b, uint8_t session)
{
	uint8_t drb;

	bed_ask_sessions(b, &session, 1);
	drb = bed_ue_gets(b, UU_RRC_BEARER_SETUP).drb;
	bed_bearer_answer(b, drb, true);
	bed_forget(b);
	return drb;
}

static void release(struct bed *b, uint8_t session)
{
	struct ngap_pdu_session_resource_release_command_transfer t = { ngap_cause_of_nas(
		NGAP_CAUSE_NAS_NORMAL_RELEASE) };
	struct ngap_pdu_session_resource_to_release_item_rel_cmd item = { .pdu_session_id = session };
	struct ngap_pdu_session_resource_release_command m = { .amf_ue_ngap_id = AMF_UE_ID,
		.ran_ue_ngap_id = b->ran_ue_ngap_id,
		.pdu_session_resource_to_release_list_rel_cmd = { 1, &item } };

	item.pdu_session_resource_release_command_transfer =
		ngap_value_bytes(&ngap_pdu_session_resource_release_command_transfer_type, &t, &b->arena);
	bed_amf_sends(b, NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_COMMAND, &m);
	bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_RESPONSE);
	bed_forget(b);
}

/* 32 come and go; the next is refused, and the UE is to come again: with another key. */
static void test_spent(void **state)
{
	struct bed *b = *state;
	const struct ngap_pdu_session_resource_setup_response *r;

	served(b);
	for (uint8_t drb = 1; drb <= GNB_DRBS_MAX; drb++) {
		assert_int_equal(set_up(b, psi), drb);
		assert_ptr_equal(gnb_session_of_drb(bed_ue(b), drb), bed_ue(b)->sessions[psi]);
		release(b, psi);
		assert_null(gnb_session_of_drb(bed_ue(b), drb));
	}
	bed_ask_sessions(b, &psi, 1);
	r = bed_amf_gets(b, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE)
		    .u.pdu_session_resource_setup_response;
	assert_null(r->pdu_session_resource_setup_list_su_res);
	assert_int_equal(r->pdu_session_resource_failed_to_setup_list_su_res->count, 1);
	assert_int_equal(bed_amf_gets(b, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST)
				 .u.ue_context_release_request->cause.u.radio_network,
		NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_NGRAN_GENERATED_REASON);
	assert_int_equal(bed_stat(b, GNB_STAT_EXHAUSTED), 1);
	assert_int_equal(gnb_numbers(b->gnb).sessions, 0);
}

/* Re-established, the UE has another key: what is there stays, and the others are good again. */
static void test_next_key(void **state)
{
	struct bed *b = *state;

	served(b);
	assert_int_equal(set_up(b, psi), 1);
	assert_int_equal(set_up(b, other), 2);
	release(b, psi);
	assert_int_equal(set_up(b, psi), 3);
	assert_true(gnb_ue_is_back(b->gnb, bed_ue(b), 0, 0x059f1a));
	release(b, psi);
	assert_int_equal(set_up(b, psi), 1);
	assert_int_equal(bed_ue(b)->sessions[other]->drb, 2);
}

/* A handover's target has the source's number, if it is one and free. */
static void test_set(void **state)
{
	struct bed *b = *state;
	struct gnb_session *s;

	served(b);
	set_up(b, psi);
	set_up(b, other);
	s = bed_ue(b)->sessions[psi];
	gnb_drb_set(s, 0);
	gnb_drb_set(s, GNB_DRBS_MAX + 1);
	gnb_drb_set(s, 2);
	assert_int_equal(s->drb, 1);
	gnb_drb_set(s, GNB_DRBS_MAX);
	assert_int_equal(s->drb, GNB_DRBS_MAX);
	assert_ptr_equal(gnb_session_of_drb(bed_ue(b), GNB_DRBS_MAX), s);
	assert_null(gnb_session_of_drb(bed_ue(b), 1));
	assert_null(gnb_session_of_drb(bed_ue(b), 257));
	release(b, other);
	assert_int_equal(set_up(b, other), 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bed_setup, bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_spent), TEST(test_next_key), TEST(test_set) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
