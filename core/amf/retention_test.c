/* UEs whose gNB has lost its association, or whose AMF has restarted (38.413 8.7.1.2). */
#include "core/amf/amf_bed.h"

#include "wire/ngap/ngap.h"

enum { ASSOC_AGAIN = BED_ASSOC + 1 };

static void connected(struct amf_bed *b)
{
	amf_bed_register(b);
	amf_bed_session(b, 5);
	amf_bed_settle(b);
	b->retains = true;
	b->read = b->sent_count;
}

static void association_lost(struct amf_bed *b)
{
	amf_bed_deliver(b, BED_ASSOC, MSG_DOWN, BYTES_NONE);
}

static unsigned deactivations(const struct amf_bed *b)
{
	return b->script[SBI_SMF_UPDATE_SM_CONTEXT].requests;
}

/* Whether the last NG SETUP RESPONSE agrees to retain UEs. */
static bool agreed(struct amf_bed *b)
{
	struct per_diag diag;
	struct ngap_pdu pdu;
	bool found = false;

	for (size_t i = 0; i < b->sent_count; i++) {
		assert_true(ngap_decode(b->sent[i], &b->arena, &pdu, &diag));
		if (pdu.message == NGAP_MSG_NG_SETUP_RESPONSE)
			found = pdu.u.ng_setup_response->has_ue_retention_information;
	}
	return found;
}

/* The UE's NAS messages arrive, on the connection that it had. */
static void assert_goes_on(struct amf_bed *b)
{
	struct nas_msg m = { .type = NAS_GMM_STATUS, .gmm_status.cause = NAS_CAUSE_MESSAGE_UNKNOWN };
	const struct amf_ue *ue = amf_bed_ue(b);
	uint64_t received = b->amf->stat[AMF_STAT_NAS_RECEIVED];

	assert_true(agreed(b));
	assert_non_null(ue->serving);
	assert_int_equal(ue->serving->amf_ue_ngap_id, b->amf_id);
	amf_bed_give(b, ue->serving->gnb->assoc, NGAP_MSG_UPLINK_NAS_TRANSPORT,
		&(struct ngap_uplink_nas_transport){ .amf_ue_ngap_id = b->amf_id,
			.ran_ue_ngap_id = b->ran_id,
			.nas_pdu = test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED, &m),
			.no_user_location_information = true });
	assert_int_equal(b->amf->stat[AMF_STAT_NAS_RECEIVED], received + 1);
	assert_int_equal(b->amf->stat[AMF_STAT_NAS_INTEGRITY], 0);
	assert_int_equal(deactivations(b), 0);
}

static void assert_idle(struct amf_bed *b)
{
	assert_null(amf_bed_ue(b)->serving);
	assert_int_equal(amf_numbers(b->amf).connections, 0);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	assert_int_equal(deactivations(b), 1);
}

static void assert_reset(struct amf_bed *b, uint64_t amf_id, size_t count)
{
	const struct ngap_ue_associated_logical_ng_connection_list *list;
	struct ngap_pdu pdu;

	assert_true(amf_bed_sent(b, NGAP_MSG_NG_RESET, &pdu));
	assert_int_equal(pdu.u.ng_reset->reset_type.tag, NGAP_RESET_TYPE_TAG_PART_OF_NG_INTERFACE);
	list = &pdu.u.ng_reset->reset_type.u.part_of_ng_interface;
	assert_int_equal(list->count, count);
	assert_true(!amf_id || list->items[0].amf_ue_ngap_id == amf_id);
}

/* The AMF restarts: the UE has its connection at once, and keeps it. */
static void test_restart(void **state)
{
	struct amf_bed *b = *state;

	connected(b);
	amf_bed_restart(b);
	assert_goes_on(b);
	amf_bed_pass(b, (AMF_RETENTION_S + AMF_UNKNOWN_UE_S) * 1000);
	assert_goes_on(b);
	assert_int_equal(amf_numbers(b->amf).gnbs, 1);
	assert_int_equal(b->amf->gnbs.used, 1);
}

static void test_association_lost(void **state)
{
	struct amf_bed *b = *state;

	connected(b);
	association_lost(b);
	assert_int_equal(amf_numbers(b->amf).gnbs, 0);
	assert_int_equal(amf_numbers(b->amf).connections, 1);
	amf_bed_pass(b, AMF_RETENTION_S * 1000 - 1);
	amf_bed_ng_setup(b, ASSOC_AGAIN, 1);
	assert_goes_on(b);
	amf_bed_pass(b, 1000);
	assert_goes_on(b);
}

/* The gNB is back before the AMF has noticed. */
static void test_overtaken(void **state)
{
	struct amf_bed *b = *state;

	connected(b);
	amf_bed_ng_setup(b, ASSOC_AGAIN, 1);
	assert_int_equal(b->amf->gnbs.used, 1);
	assert_goes_on(b);
}

/* The gNB does not keep them, or does not come, or is another host. */
static void test_not_proposed(void **state)
{
	struct amf_bed *b = *state;

	connected(b);
	b->retains = false;
	amf_bed_restart(b);
	assert_false(agreed(b));
	assert_idle(b);
}

static void test_not_returned(void **state)
{
	struct amf_bed *b = *state;

	connected(b);
	association_lost(b);
	amf_bed_pass(b, AMF_RETENTION_S * 1000 - 1);
	assert_int_equal(deactivations(b), 0);
	amf_bed_pass(b, 1);
	assert_idle(b);
	assert_int_equal(b->amf->gnbs.used, 0);
	amf_bed_ng_setup(b, ASSOC_AGAIN, 1);
	assert_false(agreed(b));
}

static void test_another_host(void **state)
{
	struct amf_bed *b = *state;

	connected(b);
	b->host = "10.0.0.4";
	amf_bed_restart(b);
	assert_false(agreed(b));
	assert_idle(b);
}

/* A repeated NG Setup on the same association retains as well (8.7.1.2); after it the ids are in use. */
static void test_setup_repeated(void **state)
{
	struct amf_bed *b = *state;
	const struct amf_connection *c;

	connected(b);
	amf_bed_ng_setup(b, BED_ASSOC, 1);
	assert_goes_on(b);
	c = amf_connection_new(b->amf, amf_gnb_find(b->amf, BED_ASSOC), 77);
	assert_non_null(c);
	assert_int_not_equal(c->amf_ue_ngap_id, b->amf_id);
}

/* Something was asked of the gNB: the two may differ, so the connection ends on both sides. */
static void test_not_at_rest(void **state)
{
	struct amf_bed *b = *state;

	connected(b);
	amf_bed_transfer(b, N2_IE_PDU_RES_SETUP_REQ, 5);
	assert_int_equal(amf_bed_ue(b)->serving->pending, 1 << 5);
	amf_bed_restart(b);
	assert_true(agreed(b));
	b->read = 0;
	assert_reset(b, b->amf_id, 1);
	assert_idle(b);
}

static void test_answered(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu_session_resource_setup_item_su_res item = { 5, bytes_of("\1", 1) };
	struct ngap_pdu_session_resource_setup_list_su_res list = { 1, &item };
	struct ngap_pdu_session_resource_setup_response m = { .pdu_session_resource_setup_list_su_res =
								      &list };

	connected(b);
	amf_bed_transfer(b, N2_IE_PDU_RES_SETUP_REQ, 5);
	m.amf_ue_ngap_id = b->amf_id;
	m.ran_ue_ngap_id = b->ran_id;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE, &m);
	b->script[SBI_SMF_UPDATE_SM_CONTEXT].requests = 0;
	amf_bed_restart(b);
	assert_goes_on(b);
}

/* The UE has left meanwhile: the gNB is made to forget it. */
static void test_left(void **state)
{
	struct amf_bed *b = *state;

	connected(b);
	association_lost(b);
	amf_mm_event(b->amf, amf_bed_ue(b), MM_EV_MOVED, NULL);
	amf_bed_settle(b);
	assert_int_equal(amf_numbers(b->amf).ues, 0);
	amf_bed_restart(b); /* also in the next process */
	b->read = 0;
	assert_reset(b, b->amf_id, 1);
	assert_int_equal(amf_numbers(b->amf).connections, 0);
	amf_bed_restart(b);
	assert_false(agreed(b));
}

static struct amf_gnb *gnb_new(struct amf_bed *b, uint64_t assoc)
{
	struct msg m = { .kind = MSG_UP, .port = AMF_PORT_N2, .assoc = assoc, .out_streams = 2 };
	struct amf_gnb *gnb;

	addr_parse("10.0.0.3", &m.peer);
	amf_on_n2(b->amf, &m);
	gnb = amf_gnb_find(b->amf, assoc);
	assert_non_null(gnb);
	gnb->node_id = assoc;
	hash_insert(&b->amf->gnb_by_node, &gnb->by_node, assoc, 0);
	return gnb;
}

static void asked(struct amf_bed *b, struct amf_gnb *gnb, uint32_t ran_ue_ngap_id)
{
	struct amf_connection *c = amf_connection_new(b->amf, gnb, ran_ue_ngap_id);

	assert_non_null(c);
	c->asked = true;
}

/* More than one NG RESET has room for. */
static void test_many(void **state)
{
	struct amf_bed *b = *state;

	connected(b);
	for (uint32_t i = 0; i < 65; i++)
		asked(b, amf_gnb_find(b->amf, BED_ASSOC), 100 + i);
	association_lost(b);
	amf_bed_ng_setup(b, ASSOC_AGAIN, 1);
	assert_reset(b, 0, 64);
	assert_reset(b, 0, 1);
	amf_bed_silent(b);
	assert_int_equal(amf_numbers(b->amf).connections, 1);
	assert_goes_on(b);
}

/* As many gNBs may be absent as may be there; one more leaves nothing. */
static void test_absent_max(void **state)
{
	struct amf_bed *b = *state;

	for (uint64_t assoc = 100; assoc < 100 + AMF_GNBS_MAX + 1; assoc++) {
		asked(b, gnb_new(b, assoc), 1);
		amf_on_n2(b->amf, &(struct msg){ .kind = MSG_DOWN, .port = AMF_PORT_N2, .assoc = assoc });
	}
	assert_int_equal(amf_numbers(b->amf).connections, AMF_GNBS_MAX);
	assert_int_equal(amf_numbers(b->amf).gnbs, 1);
	assert_int_equal(b->amf->gnbs.used, AMF_GNBS_MAX + 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_restart),
		TEST(test_association_lost),
		TEST(test_overtaken),
		TEST(test_not_proposed),
		TEST(test_not_returned),
		TEST(test_another_host),
		TEST(test_setup_repeated),
		TEST(test_not_at_rest),
		TEST(test_answered),
		TEST(test_left),
		TEST(test_many),
		TEST(test_absent_max),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
