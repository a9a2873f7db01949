/* Path switch: the UE went to another gNB over Xn; what the AMF answers, and what it refuses. */
#include "core/amf/amf_bed.h"

enum { TARGET_ASSOC = 8, TARGET_RAN_ID = 77, TARGET_GNB = 2 };

static void target_up(struct amf_bed *b)
{
	b->host = "10.0.0.4";
	amf_bed_ng_setup(b, TARGET_ASSOC, TARGET_GNB);
	b->host = NULL;
	b->read = b->sent_count;
}

/* A registered UE with sessions 1 and 2 at gNB 1, and gNB 2. */
static void ready(struct amf_bed *b)
{
	target_up(b);
	b->moves = true;
	amf_bed_register(b);
	amf_bed_session(b, 1);
	amf_bed_session(b, 2);
	amf_bed_settle(b);
	b->read = b->sent_count;
}

/* The UE's capabilities as 38.413 9.3.1.86 has them, computed beside the AMF. */
static void capabilities(struct amf_bed *b, uint8_t bits[8], struct ngap_ue_security_capabilities *out)
{
	const struct nas_ue_security_capability *c = &amf_bed_ue(b)->capability;

	memset(bits, 0, 8);
	for (int which = 0; which < 4 && which < c->len; which++)
		bits[2 * which] = (uint8_t)(c->octets[which] << 1);
	*out = (struct ngap_ue_security_capabilities){ { bits, 16 }, { bits + 2, 16 }, { bits + 4, 16 },
		{ bits + 6, 16 } };
}

struct asked {
	uint64_t amf_id;
	uint8_t ids[3];
	size_t count;
	uint8_t failed; /* a session that the gNB has not set up; 0: none */
	uint8_t spoil;  /* of the capabilities */
};

static void request(struct amf_bed *b, const struct asked *a)
{
	struct tai tai = { b->config.guami.plmn, 1 };
	struct ncgi ncgi = { b->config.guami.plmn, 0x21 };
	struct ngap_pdu_session_resource_to_be_switched_dl_item items[3] = { 0 };
	struct ngap_pdu_session_resource_failed_to_setup_item_ps_req item = { a->failed,
		bytes_of("\x08", 1) };
	struct ngap_pdu_session_resource_failed_to_setup_list_ps_req failed = { 1, &item };
	struct ngap_path_switch_request m = { .ran_ue_ngap_id = TARGET_RAN_ID,
		.source_amf_ue_ngap_id = a->amf_id,
		.pdu_session_resource_to_be_switched_dl_list = { a->count, items },
		.pdu_session_resource_failed_to_setup_list_ps_req = a->failed ? &failed : NULL };
	uint8_t bits[8];

	for (size_t i = 0; i < a->count; i++)
		items[i] = (struct ngap_pdu_session_resource_to_be_switched_dl_item){ a->ids[i],
			bytes_of("\x09", 1) };
	capabilities(b, bits, &m.ue_security_capabilities);
	bits[0] ^= a->spoil;
	assert_true(ngap_nr_location_of(&tai, &ncgi, &b->arena, &m.user_location_information));
	amf_bed_give(b, TARGET_ASSOC, NGAP_MSG_PATH_SWITCH_REQUEST, &m);
}

static struct ngap_path_switch_request_acknowledge expect_acknowledge(struct amf_bed *b)
{
	struct ngap_pdu pdu;

	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_PATH_SWITCH_REQUEST_ACKNOWLEDGE);
	return *pdu.u.path_switch_request_acknowledge;
}

static struct ngap_path_switch_request_failure expect_failure(struct amf_bed *b)
{
	struct ngap_pdu pdu;

	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_PATH_SWITCH_REQUEST_FAILURE);
	assert_int_equal(pdu.u.path_switch_request_failure->ran_ue_ngap_id, TARGET_RAN_ID);
	return *pdu.u.path_switch_request_failure;
}

/* The cause in the transfer that the AMF made for a session. */
static int64_t released_cause(struct amf_bed *b, struct bytes transfer)
{
	struct ngap_path_switch_request_unsuccessful_transfer t = { 0 };
	struct per_diag diag;

	assert_true(ngap_value_decode(
		&ngap_path_switch_request_unsuccessful_transfer_type, transfer, &b->arena, &t, &diag));
	assert_int_equal(t.cause.tag, NGAP_CAUSE_TAG_RADIO_NETWORK);
	return t.cause.u.radio_network;
}

static void test_switched(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_path_switch_request_acknowledge m;
	uint8_t key[KDF_KEY_LEN], nh[KDF_KEY_LEN];
	const struct amf_connection *c;
	struct amf_ue *ue;

	ready(b);
	ue = amf_bed_ue(b);
	request(b, &(struct asked){ b->amf_id, { 1, 2 }, 2, 0, 0 });
	m = expect_acknowledge(b);
	assert_int_equal(m.amf_ue_ngap_id, b->amf_id);
	assert_int_equal(m.ran_ue_ngap_id, TARGET_RAN_ID);
	assert_int_equal(m.pdu_session_resource_switched_list.count, 2);
	assert_null(m.pdu_session_resource_released_list_ps_ack);
	assert_null(m.ue_security_capabilities);
	assert_int_equal(m.allowed_nssai.count, 1);
	/* 33.501 6.9.2.3.2 */
	assert_int_equal(m.security_context.next_hop_chaining_count, 2);
	assert_true(kdf_k_gnb(ue->security.k_amf, ue->kgnb_ul_count, KDF_ACCESS_3GPP, key) &&
		    kdf_nh(ue->security.k_amf, key, nh) && kdf_nh(ue->security.k_amf, nh, key));
	assert_memory_equal(m.security_context.next_hop_nh.data, key, sizeof(key));
	amf_bed_silent(b); /* the source has nothing to hear */
	c = ue->serving;
	assert_ptr_equal(c->gnb, amf_gnb_find(b->amf, TARGET_ASSOC));
	assert_int_equal(c->ran_ue_ngap_id, TARGET_RAN_ID);
	assert_int_equal(c->location.ncgi.nci, 0x21);
	assert_int_equal(amf_numbers(b->amf).connections, 1);
	assert_int_equal(amf_gnb_find(b->amf, BED_ASSOC)->connection_count, 0);
	assert_true(b->updates[0].to_be_switched);
	assert_int_equal(b->amf->procedures[AMF_PATH_SWITCH].used, 0);
	assert_int_equal(b->amf->stat[AMF_STAT_PATH_SWITCHES_DONE], 1);
	assert_int_equal(b->amf->stat[AMF_STAT_CAPABILITIES_DIFFER], 0);
}

/* 33.501 6.7.3.1: the gNB gets what the UE has, and the operator hears it. */
static void test_bidding_down(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_ue_security_capabilities theirs;
	struct ngap_path_switch_request_acknowledge m;
	uint8_t bits[8];

	ready(b);
	request(b, &(struct asked){ b->amf_id, { 1, 2 }, 2, 0, 0x40 });
	m = expect_acknowledge(b);
	assert_non_null(m.ue_security_capabilities);
	capabilities(b, bits, &theirs);
	assert_memory_equal(m.ue_security_capabilities->nr_encryption_algorithms.data, bits, 2);
	assert_memory_equal(m.ue_security_capabilities->nr_integrity_protection_algorithms.data, bits + 2, 2);
	assert_int_equal(b->amf->stat[AMF_STAT_CAPABILITIES_DIFFER], 1);
	assert_true(test_env_logged(&b->t, "has other security capabilities"));
}

/* Sessions that fail at the gNB, at their SMF, or that it does not mention. */
static void test_some_fail(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_path_switch_request_acknowledge m;

	ready(b);
	amf_bed_session(b, PDU_SESSIONS_MAX);
	b->smf_refuses = 1 << 2;
	request(b, &(struct asked){ b->amf_id, { 1, 2, 9 }, 3, PDU_SESSIONS_MAX, 0 });
	m = expect_acknowledge(b);
	assert_int_equal(m.pdu_session_resource_switched_list.count, 1);
	assert_int_equal(m.pdu_session_resource_switched_list.items[0].pdu_session_id, 1);
	assert_int_equal(m.pdu_session_resource_released_list_ps_ack->count, 2);
	assert_int_equal(m.pdu_session_resource_released_list_ps_ack->items[0].pdu_session_id, 2);
	assert_int_equal(m.pdu_session_resource_released_list_ps_ack->items[1].pdu_session_id, 9);
	assert_int_equal(released_cause(b, m.pdu_session_resource_released_list_ps_ack->items[1]
						   .path_switch_request_unsuccessful_transfer),
		NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_PDU_SESSION_ID);
	for (uint32_t i = 0; i < b->update_count; i++) {
		if (b->update_ids[i] != PDU_SESSIONS_MAX)
			continue;
		assert_true(b->updates[i].failed_to_be_switched);
		assert_int_equal(b->updates[i].n2_sm_info_type, N2_SM_PATH_SWITCH_SETUP_FAIL);
		return;
	}
	fail();
}

static void test_not_mentioned(void **state)
{
	struct amf_bed *b = *state;

	ready(b);
	request(b, &(struct asked){ b->amf_id, { 1 }, 1, 0, 0 });
	expect_acknowledge(b);
	assert_int_equal(b->update_count, 2);
	for (uint32_t i = 0; i < 2; i++)
		if (b->update_ids[i] == 2)
			assert_int_equal(b->updates[i].up_cnx_state, UP_CNX_DEACTIVATED);
}

/* The last session identity there is, and those that are none. */
static void test_last_identity(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_path_switch_request_acknowledge m;

	ready(b);
	amf_bed_session(b, PDU_SESSIONS_MAX);
	b->read = b->sent_count;
	request(b, &(struct asked){ b->amf_id, { 0, PDU_SESSIONS_MAX, PDU_SESSIONS_MAX + 1 }, 3, 200, 0 });
	m = expect_acknowledge(b);
	assert_int_equal(m.pdu_session_resource_switched_list.count, 1);
	assert_int_equal(m.pdu_session_resource_switched_list.items[0].pdu_session_id, PDU_SESSIONS_MAX);
	assert_null(m.pdu_session_resource_released_list_ps_ack);
}

/* 38.413 8.4.4.3 and 8.4.4.4: none goes, one is named twice, the UE is not known. */
static void test_refused(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_path_switch_request_failure m;

	ready(b);
	request(b, &(struct asked){ b->amf_id, { 1, 1 }, 2, 0, 0 });
	m = expect_failure(b);
	assert_int_equal(m.pdu_session_resource_released_list_ps_fail.count, 1);
	assert_int_equal(released_cause(b, m.pdu_session_resource_released_list_ps_fail.items[0]
						   .path_switch_request_unsuccessful_transfer),
		NGAP_CAUSE_RADIO_NETWORK_MULTIPLE_PDU_SESSION_ID_INSTANCES);
	request(b, &(struct asked){ b->amf_id ^ 1, { 1, 2 }, 2, 0, 0 });
	m = expect_failure(b);
	assert_int_equal(m.amf_ue_ngap_id, b->amf_id ^ 1);
	assert_int_equal(m.pdu_session_resource_released_list_ps_fail.count, 2);
	assert_int_equal(released_cause(b, m.pdu_session_resource_released_list_ps_fail.items[0]
						   .path_switch_request_unsuccessful_transfer),
		NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID);
	amf_bed_silent(b);
	assert_int_equal(b->update_count, 0);
	assert_ptr_equal(amf_bed_ue(b)->serving->gnb, amf_gnb_find(b->amf, BED_ASSOC));
	assert_int_equal(b->amf->stat[AMF_STAT_PATH_SWITCHES_FAILED], 2);
}

/* No SMF agrees: the gNB does not keep the UE, which comes back by itself. */
static void test_none_is_switched(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;

	ready(b);
	b->smf_refuses = 1 << 1 | 1 << 2;
	request(b, &(struct asked){ b->amf_id, { 1, 2 }, 2, 0, 0 });
	assert_int_equal(expect_failure(b).pdu_session_resource_released_list_ps_fail.count, 2);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND);
	assert_null(amf_bed_ue(b)->serving);
	assert_int_equal(b->amf->stat[AMF_STAT_PATH_SWITCHES_FAILED], 1);
}

/* What the SMF has for the gNB waits for the keys to be there; SMFs that are silent cost time, no more. */
static void test_transfer_waits(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;

	ready(b);
	b->script[SBI_SMF_UPDATE_SM_CONTEXT].mute = true;
	request(b, &(struct asked){ b->amf_id, { 1 }, 1, 0, 0 });
	amf_bed_transfer(b, N2_IE_PDU_RES_MOD_REQ, 1);
	amf_bed_silent(b);
	b->script[SBI_SMF_UPDATE_SM_CONTEXT].mute = false;
	amf_bed_pass(b, AMF_HANDOVER_SMF_MS - 1);
	amf_bed_silent(b);
	assert_int_equal(b->transfers_answered, 0);
	amf_bed_pass(b, 1);
	expect_failure(b);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND);
}

/* A kill before the answer: no gNB has the UE, and both must forget it. After it, the target has. */
static void test_killed(void **state)
{
	struct amf_bed *b = *state;

	ready(b);
	b->retains = true;
	request(b, &(struct asked){ b->amf_id, { 1, 2 }, 2, 0, 0 });
	expect_acknowledge(b);
	amf_bed_restart(b);
	target_up(b);
	assert_non_null(amf_bed_ue(b)->serving);
	assert_int_equal(amf_bed_ue(b)->serving->ran_ue_ngap_id, TARGET_RAN_ID);
	assert_ptr_equal(amf_bed_ue(b)->serving->gnb, amf_gnb_find(b->amf, TARGET_ASSOC));
	b->script[SBI_SMF_UPDATE_SM_CONTEXT].mute = true;
	request(b, &(struct asked){ b->amf_id, { 1, 2 }, 2, 0, 0 });
	amf_bed_silent(b);
	b->script[SBI_SMF_UPDATE_SM_CONTEXT].mute = false;
	amf_bed_restart(b);
	assert_null(amf_bed_ue(b)->serving);
	target_up(b);
	assert_int_equal(amf_numbers(b->amf).connections, 0);
}

/* The gNB's id named another UE before: that one is not there any more. */
static void test_id_taken(void **state)
{
	struct amf_bed *b = *state;
	uint64_t id, before;

	ready(b);
	id = b->amf_id;
	before = b->assoc;
	b->assoc = TARGET_ASSOC;
	b->ran_id = TARGET_RAN_ID;
	amf_bed_challenge(b);
	b->read = b->sent_count;
	b->assoc = before;
	assert_int_equal(amf_numbers(b->amf).connections, 2);
	request(b, &(struct asked){ id, { 1 }, 1, 0, 0 });
	expect_acknowledge(b);
	assert_int_equal(amf_numbers(b->amf).connections, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_switched),
		TEST(test_bidding_down),
		TEST(test_some_fail),
		TEST(test_not_mentioned),
		TEST(test_last_identity),
		TEST(test_refused),
		TEST(test_none_is_switched),
		TEST(test_transfer_waits),
		TEST(test_killed),
		TEST(test_id_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
