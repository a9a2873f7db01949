/* Another UE-AMBR of the subscription, by UE CONTEXT MODIFICATION (38.413 8.3.4) or with the next context. */
#include "core/amf/amf_bed.h"

static const struct ambr slow = { 1000000, 2000000 }, fast = { 30000000, 40000000 };

static void changes(struct amf_bed *b, const struct ambr *ambr)
{
	struct supi supi = amf_bed_ue(b)->supi;

	b->am.subscribed_ue_ambr = ambr;
	amf_subscription_changed(b->amf, &supi, &b->am);
	amf_bed_settle(b);
}

static void connected(struct amf_bed *b)
{
	amf_bed_register(b);
	amf_bed_session(b, 1);
	b->read = b->sent_count;
}

static void expect_modification(struct amf_bed *b, const struct ambr *ambr)
{
	const struct ngap_ue_context_modification_request *m;
	struct ngap_pdu pdu;

	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST);
	m = pdu.u.ue_context_modification_request;
	assert_int_equal(m->amf_ue_ngap_id, b->amf_id);
	assert_int_equal(m->ran_ue_ngap_id, b->ran_id);
	assert_non_null(m->ue_aggregate_maximum_bit_rate);
	assert_int_equal(
		m->ue_aggregate_maximum_bit_rate->ue_aggregate_maximum_bit_rate_ul, ambr->uplink_bps);
	assert_int_equal(
		m->ue_aggregate_maximum_bit_rate->ue_aggregate_maximum_bit_rate_dl, ambr->downlink_bps);
	assert_false(m->has_security_key || m->has_new_amf_ue_ngap_id);
}

/* A connected UE's at once, and once. */
static void test_connected(void **state)
{
	struct amf_bed *b = *state;

	connected(b);
	changes(b, &slow);
	expect_modification(b, &slow);
	amf_bed_silent(b);
	changes(b, &slow); /* the same */
	amf_bed_silent(b);
	assert_int_equal(b->amf->stat[AMF_STAT_CONTEXT_MODIFICATIONS], 1);
	/* another before the first is answered */
	changes(b, &fast);
	expect_modification(b, &fast);
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_MODIFICATION_RESPONSE,
		&(struct ngap_ue_context_modification_response){
			.amf_ue_ngap_id = b->amf_id, .ran_ue_ngap_id = b->ran_id });
	amf_bed_silent(b);
	assert_int_equal(b->amf->stat[AMF_STAT_CONTEXT_MODIFICATIONS_FAILED], 0);
}

/* 8.3.4.3: the gNB keeps the one before; the UE stays, and the AMF remembers the new one. */
static void test_failure(void **state)
{
	struct amf_bed *b = *state;

	connected(b);
	changes(b, &slow);
	expect_modification(b, &slow);
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_MODIFICATION_FAILURE,
		&(struct ngap_ue_context_modification_failure){ .amf_ue_ngap_id = b->amf_id,
			.ran_ue_ngap_id = b->ran_id,
			.cause = { NGAP_CAUSE_TAG_RADIO_NETWORK,
				{ .radio_network = NGAP_CAUSE_RADIO_NETWORK_XN_HANDOVER_TRIGGERED } } });
	amf_bed_silent(b);
	assert_int_equal(b->amf->stat[AMF_STAT_CONTEXT_MODIFICATIONS_FAILED], 1);
	assert_int_equal(amf_bed_ue(b)->ambr.uplink_bps, slow.uplink_bps);
}

/* An idle UE's goes with its next context. */
static void test_idle(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;
	size_t sent;

	connected(b);
	amf_bed_released(b);
	amf_bed_settle(b);
	b->read = b->sent_count;
	changes(b, &slow);
	amf_bed_silent(b);
	assert_int_equal(b->amf->stat[AMF_STAT_CONTEXT_MODIFICATIONS], 0);
	b->update_type = N2_SM_PDU_RES_SETUP_REQ;
	sent = b->read;
	amf_bed_service(b);
	b->read = sent;
	assert_true(amf_bed_sent(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_REQUEST, &pdu));
	assert_non_null(pdu.u.initial_context_setup_request->ue_aggregate_maximum_bit_rate);
	assert_int_equal(pdu.u.initial_context_setup_request->ue_aggregate_maximum_bit_rate
				 ->ue_aggregate_maximum_bit_rate_ul,
		slow.uplink_bps);
}

/* Nobody of that name. */
static void test_unknown(void **state)
{
	struct amf_bed *b = *state;
	struct supi nobody = { "001019999999999" };

	connected(b);
	b->am.subscribed_ue_ambr = &slow;
	amf_subscription_changed(b->amf, &nobody, &b->am);
	amf_bed_settle(b);
	amf_bed_silent(b);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_connected), TEST(test_failure), TEST(test_idle),
		TEST(test_unknown) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
