/* A UE goes to another gNB while its keys change, 33.501 6.9.5.1: which keys the gNBs get, and when. */
#include "core/amf/amf_bed.h"

enum { TARGET_ASSOC = 8, TARGET_RAN_ID = 77, TARGET_GNB = 2 };

struct keys {
	uint8_t old_amf[KDF_KEY_LEN], new_amf[KDF_KEY_LEN];
	uint32_t old_count;
};

/* Registered at gNB 1 with session 1, challenged again; gNB 2 is there. */
static void challenged(struct amf_bed *b, struct keys *k)
{
	struct nas_msg m;

	b->host = "10.0.0.4";
	amf_bed_ng_setup(b, TARGET_ASSOC, TARGET_GNB);
	b->host = NULL;
	b->moves = true;
	amf_bed_register(b);
	amf_bed_session(b, 1);
	amf_bed_settle(b);
	bytes_copy(k->old_amf, KDF_KEY_LEN, BYTES(amf_bed_ue(b)->security.k_amf));
	k->old_count = amf_bed_ue(b)->kgnb_ul_count;
	assert_true(amf_reauthenticate(b->amf, &amf_bed_ue(b)->supi));
	b->read = b->sent_count;
	amf_bed_pass(b, 1);
	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
	b->ngksi = m.authentication_request.ngksi;
}

static void answers(struct amf_bed *b, struct keys *k)
{
	struct nas_msg m = { .type = NAS_AUTHENTICATION_RESPONSE,
		.authentication_response.has_res_star = true };

	bytes_copy(m.authentication_response.res_star, 16, BYTES(amf_bed_res_star));
	amf_bed_say_protected(b, &m);
	amf_bed_expect(b, NAS_SECURITY_MODE_COMMAND, &m);
	assert_true(kdf_k_amf(b->kseaf, bytes_of_str("001010000000001"), bytes_of("\0\0", 2), k->new_amf));
}

static void say_at_target(struct amf_bed *b, struct bytes nas)
{
	struct tai tai = { b->config.guami.plmn, 1 };
	struct ncgi ncgi = { b->config.guami.plmn, 0x21 };
	struct ngap_uplink_nas_transport m = {
		.amf_ue_ngap_id = b->amf_id, .ran_ue_ngap_id = TARGET_RAN_ID, .nas_pdu = nas
	};

	assert_true(ngap_nr_location_of(&tai, &ncgi, &b->arena, &m.user_location_information));
	amf_bed_give(b, TARGET_ASSOC, NGAP_MSG_UPLINK_NAS_TRANSPORT, &m);
}

static struct bytes completion(struct amf_bed *b, const struct keys *k)
{
	struct nas_msg complete = { .type = NAS_SECURITY_MODE_COMPLETE };

	nas_security_start(&b->nas.security, k->new_amf, b->ngksi, 2, 2);
	b->nas.security.count[NAS_DOWNLINK] = 1;
	return test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED_NEW_CONTEXT, &complete);
}

static void goes(struct amf_bed *b)
{
	struct tai tai = { b->config.guami.plmn, 1 };
	struct ncgi ncgi = { b->config.guami.plmn, 0x21 };
	struct ngap_pdu_session_resource_to_be_switched_dl_item item = { 1, bytes_of("\x09", 1) };
	struct ngap_path_switch_request m = { .ran_ue_ngap_id = TARGET_RAN_ID,
		.source_amf_ue_ngap_id = b->amf_id,
		.pdu_session_resource_to_be_switched_dl_list = { 1, &item },
		.no_ue_security_capabilities = true };

	assert_true(ngap_nr_location_of(&tai, &ncgi, &b->arena, &m.user_location_information));
	amf_bed_give(b, TARGET_ASSOC, NGAP_MSG_PATH_SWITCH_REQUEST, &m);
}

/* It gets the NH of that number of the old K_AMF: K_gNB is 0 (33.501 A.9, A.10). */
static void acknowledged(struct amf_bed *b, const struct keys *k, uint8_t ncc)
{
	const struct ngap_path_switch_request_acknowledge *m;
	uint8_t chain[2][KDF_KEY_LEN];
	struct ngap_pdu pdu;

	assert_true(amf_bed_sent(b, NGAP_MSG_PATH_SWITCH_REQUEST_ACKNOWLEDGE, &pdu));
	m = pdu.u.path_switch_request_acknowledge;
	assert_true(kdf_k_gnb(k->old_amf, k->old_count, KDF_ACCESS_3GPP, chain[0]));
	for (uint8_t i = 1; i <= ncc; i++)
		assert_true(kdf_nh(k->old_amf, chain[(i + 1) % 2], chain[i % 2]));
	assert_int_equal(m->security_context.next_hop_chaining_count, ncc);
	assert_memory_equal(m->security_context.next_hop_nh.data, chain[ncc % 2], KDF_KEY_LEN);
}

static void rekeyed(struct amf_bed *b, const struct keys *k)
{
	const struct ngap_ue_context_modification_request *m;
	struct ngap_ue_context_modification_response done = { .amf_ue_ngap_id = b->amf_id,
		.ran_ue_ngap_id = TARGET_RAN_ID };
	uint8_t k_gnb[KDF_KEY_LEN];
	struct ngap_pdu pdu;

	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &pdu));
	assert_int_equal(b->sent_to[b->read - 1], TARGET_ASSOC);
	m = pdu.u.ue_context_modification_request;
	assert_int_equal(m->ran_ue_ngap_id, TARGET_RAN_ID);
	assert_true(kdf_k_gnb(k->new_amf, 0, KDF_ACCESS_3GPP, k_gnb));
	assert_memory_equal(m->security_key.data, k_gnb, KDF_KEY_LEN);
	amf_bed_give(b, TARGET_ASSOC, NGAP_MSG_UE_CONTEXT_MODIFICATION_RESPONSE, &done);
	assert_null(amf_bed_ue(b)->procedures);
	assert_int_equal(b->amf->stat[AMF_STAT_PATH_SWITCHES_FAILED], 0);
}

/* Before the UE has answered the challenge. */
static void test_challenged(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = { .type = NAS_AUTHENTICATION_RESPONSE,
		.authentication_response.has_res_star = true };
	struct keys k;

	challenged(b, &k);
	goes(b);
	acknowledged(b, &k, 2);
	bytes_copy(m.authentication_response.res_star, 16, BYTES(amf_bed_res_star));
	say_at_target(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED, &m));
	amf_bed_expect(b, NAS_SECURITY_MODE_COMMAND, &m);
	assert_true(kdf_k_amf(b->kseaf, bytes_of_str("001010000000001"), bytes_of("\0\0", 2), k.new_amf));
	say_at_target(b, completion(b, &k));
	rekeyed(b, &k);
}

/* The command may have been lost with the source: it comes again at the target, at once. */
static void test_commanded(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;
	struct keys k;

	challenged(b, &k);
	answers(b, &k);
	goes(b);
	acknowledged(b, &k, 2);
	amf_bed_pass(b, 0);
	amf_bed_expect(b, NAS_SECURITY_MODE_COMMAND, &m);
	assert_int_equal(b->sent_to[b->read - 1], TARGET_ASSOC);
	say_at_target(b, completion(b, &k));
	rekeyed(b, &k);
}

/* The SMF takes its time: the answer comes in between, and the command is not repeated meanwhile. */
static void test_within(void **state)
{
	struct amf_bed *b = *state;
	struct keys k;

	challenged(b, &k);
	answers(b, &k);
	b->script[SBI_SMF_UPDATE_SM_CONTEXT].mute = true;
	b->amf->config.t3560_ms = 100;
	goes(b);
	amf_bed_pass(b, 500);
	amf_bed_silent(b);
	say_at_target(b, completion(b, &k));
	amf_bed_silent(b); /* the new key waits as well */
	assert_non_null(amf_procedure_find(amf_bed_ue(b), AMF_REKEYING));
	b->script[SBI_SMF_UPDATE_SM_CONTEXT].mute = false;
	goes(b); /* the gNB asks again */
	acknowledged(b, &k, 3);
	amf_bed_pass(b, 0);
	rekeyed(b, &k);
}

/* The source has been sent the key: whether it took it nobody knows, and the target gets it. */
static void test_rekeying(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_ue_context_modification_response late = { .ran_ue_ngap_id = BED_RAN_ID };
	struct keys k;
	struct ngap_pdu pdu;

	challenged(b, &k);
	answers(b, &k);
	amf_bed_say(b, completion(b, &k));
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &pdu));
	goes(b);
	late.amf_ue_ngap_id = b->amf_id;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_MODIFICATION_RESPONSE, &late);
	assert_non_null(amf_procedure_find(amf_bed_ue(b), AMF_REKEYING));
	acknowledged(b, &k, 2);
	amf_bed_pass(b, 0);
	rekeyed(b, &k);
	/* and from then on the chain is the new key's */
	bytes_copy(k.old_amf, KDF_KEY_LEN, BYTES(k.new_amf));
	k.old_count = 0;
	goes(b);
	acknowledged(b, &k, 2);
}

static struct ngap_handover_request required(struct amf_bed *b)
{
	struct tai tai = { b->config.guami.plmn, 1 };
	struct ngap_pdu_session_resource_item_ho_rqd item = { 1, bytes_of("\x00", 1) };
	struct ngap_handover_required m = { .amf_ue_ngap_id = b->amf_id,
		.ran_ue_ngap_id = BED_RAN_ID,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_HANDOVER_DESIRABLE_FOR_RADIO_REASON),
		.target_id.tag = NGAP_TARGET_ID_TAG_TARGET_RAN_NODE_ID,
		.pdu_session_resource_list_ho_rqd = { 1, &item },
		.source_to_target_transparent_container = bytes_of("\x01", 1) };
	struct ngap_target_ran_node_id *target = &m.target_id.u.target_ran_node_id;
	struct ngap_pdu pdu;

	target->global_ran_node_id.tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID;
	target->global_ran_node_id.u.global_gnb_id = (struct ngap_global_gnb_id){
		.plmn_identity = ngap_plmn_of(&tai.plmn, &b->arena),
		.gnb_id = { NGAP_GNB_ID_TAG_GNB_ID, { .gnb_id = { (uint8_t[]){ 0, 0, TARGET_GNB }, 24 } } }
	};
	assert_true(ngap_tai_of(&tai, &b->arena, &target->selected_tai));
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_HANDOVER_REQUIRED, &m);
	assert_true(amf_bed_sent(b, NGAP_MSG_HANDOVER_REQUEST, &pdu));
	return *pdu.u.handover_request;
}

static void target_acknowledges(struct amf_bed *b, uint64_t id)
{
	struct ngap_pdu_session_resource_admitted_item item = { 1, bytes_of("\x09", 1) };
	struct ngap_handover_request_acknowledge m = { .amf_ue_ngap_id = id,
		.ran_ue_ngap_id = TARGET_RAN_ID,
		.pdu_session_resource_admitted_list = { 1, &item },
		.target_to_source_transparent_container = bytes_of("\x04", 1) };
	struct ngap_pdu pdu;

	amf_bed_give(b, TARGET_ASSOC, NGAP_MSG_HANDOVER_REQUEST_ACKNOWLEDGE, &m);
	assert_true(amf_bed_sent(b, NGAP_MSG_HANDOVER_COMMAND, &pdu));
}

static void arrives(struct amf_bed *b, uint64_t id)
{
	struct tai tai = { b->config.guami.plmn, 1 };
	struct ncgi ncgi = { b->config.guami.plmn, 0x21 };
	struct ngap_handover_notify m = { .amf_ue_ngap_id = id, .ran_ue_ngap_id = TARGET_RAN_ID };

	assert_true(ngap_nr_location_of(&tai, &ncgi, &b->arena, &m.user_location_information));
	amf_bed_give(b, TARGET_ASSOC, NGAP_MSG_HANDOVER_NOTIFY, &m);
	b->amf_id = id;
}

/* It has K_gNB of the new K_AMF in place of an NH, and the UE will be told so (6.9.2.3.3). */
static void is_rekeyed(const struct ngap_handover_request *m, const struct keys *k)
{
	uint8_t k_gnb[KDF_KEY_LEN];

	assert_true(m->has_new_security_context_ind);
	assert_int_equal(m->security_context.next_hop_chaining_count, 0);
	assert_true(kdf_k_gnb(k->new_amf, 0, KDF_ACCESS_3GPP, k_gnb));
	assert_memory_equal(m->security_context.next_hop_nh.data, k_gnb, KDF_KEY_LEN);
}

/* The command is on its way: the target has the chain before, and gets the new key when the UE is there. */
static void test_n2_commanded(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_handover_request m;
	uint8_t chain[KDF_KEY_LEN];
	struct keys k;

	challenged(b, &k);
	answers(b, &k);
	m = required(b);
	assert_false(m.has_new_security_context_ind);
	assert_true(kdf_k_gnb(k.old_amf, k.old_count, KDF_ACCESS_3GPP, chain));
	assert_true(kdf_nh(k.old_amf, chain, chain) && kdf_nh(k.old_amf, chain, chain));
	assert_int_equal(m.security_context.next_hop_chaining_count, 2);
	assert_memory_equal(m.security_context.next_hop_nh.data, chain, KDF_KEY_LEN);
	amf_bed_say(b, completion(b, &k));
	target_acknowledges(b, m.amf_ue_ngap_id);
	arrives(b, m.amf_ue_ngap_id);
	amf_bed_pass(b, 0);
	rekeyed(b, &k);
}

/* The gNB is to have the key: the handover brings it, and no more is sent. */
static void test_n2_rekeying(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_ue_context_modification_failure busy = { .ran_ue_ngap_id = BED_RAN_ID,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_NG_INTRA_SYSTEM_HANDOVER_TRIGGERED) };
	struct ngap_handover_request m;
	struct ngap_pdu pdu;
	struct keys k;

	challenged(b, &k);
	answers(b, &k);
	amf_bed_say(b, completion(b, &k));
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &pdu));
	m = required(b);
	is_rekeyed(&m, &k);
	busy.amf_ue_ngap_id = b->amf_id;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_MODIFICATION_FAILURE, &busy);
	target_acknowledges(b, m.amf_ue_ngap_id);
	assert_non_null(amf_procedure_find(amf_bed_ue(b), AMF_REKEYING));
	arrives(b, m.amf_ue_ngap_id);
	assert_null(amf_bed_ue(b)->procedures);
	amf_bed_pass(b, AMF_REKEYING_AGAIN_MS);
	assert_false(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &pdu));
	/* the next gNB has the chain that begins there */
	bytes_copy(k.old_amf, KDF_KEY_LEN, BYTES(k.new_amf));
	k.old_count = 0;
	goes(b);
	acknowledged(b, &k, 2);
}

/* The UE stays where it was: that gNB gets the key. */
static void test_n2_fails(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_ue_context_modification_request *modify;
	struct ngap_handover_failure failure = { .cause = ngap_cause_radio(
							 NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED) };
	struct ngap_handover_request m;
	uint8_t k_gnb[KDF_KEY_LEN];
	struct ngap_pdu pdu;
	struct keys k;

	challenged(b, &k);
	answers(b, &k);
	amf_bed_say(b, completion(b, &k));
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &pdu));
	m = required(b);
	is_rekeyed(&m, &k);
	failure.amf_ue_ngap_id = m.amf_ue_ngap_id;
	amf_bed_give(b, TARGET_ASSOC, NGAP_MSG_HANDOVER_FAILURE, &failure);
	assert_true(amf_bed_sent(b, NGAP_MSG_HANDOVER_PREPARATION_FAILURE, &pdu));
	amf_bed_pass(b, 0);
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &pdu));
	modify = pdu.u.ue_context_modification_request;
	assert_int_equal(modify->ran_ue_ngap_id, BED_RAN_ID);
	assert_true(kdf_k_gnb(k.new_amf, 0, KDF_ACCESS_3GPP, k_gnb));
	assert_memory_equal(modify->security_key.data, k_gnb, KDF_KEY_LEN);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_challenged), TEST(test_commanded), TEST(test_within),
		TEST(test_rekeying), TEST(test_n2_commanded), TEST(test_n2_rekeying), TEST(test_n2_fails) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
