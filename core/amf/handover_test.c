/* N2 handover: each step, each failure, and what meets it; the gNBs are octets. */
#include "core/amf/amf_bed.h"

enum { TARGET_ASSOC = 8, TARGET_RAN_ID = 77, TARGET_GNB = 2 };

static const uint8_t to_target[] = { 1, 2, 3 }, to_source[] = { 4, 5 };

/* A registered UE with sessions 1 and 2 at gNB 1, and gNB 2. */
static void ready(struct amf_bed *b)
{
	b->host = "10.0.0.4";
	amf_bed_ng_setup(b, TARGET_ASSOC, TARGET_GNB);
	b->host = NULL;
	b->moves = true;
	amf_bed_register(b);
	amf_bed_session(b, 1);
	amf_bed_session(b, 2);
	amf_bed_settle(b);
	b->read = b->sent_count;
}

static struct ngap_target_id target_of(struct amf_bed *b, uint32_t gnb_id, uint32_t tac)
{
	struct tai tai = { b->config.guami.plmn, tac };
	struct ngap_target_id t = { .tag = NGAP_TARGET_ID_TAG_TARGET_RAN_NODE_ID };
	struct ngap_global_ran_node_id *id = &t.u.target_ran_node_id.global_ran_node_id;
	uint8_t *octets = arena_alloc(&b->arena, 3);

	octets[0] = 0;
	octets[1] = 0;
	octets[2] = (uint8_t)gnb_id;
	id->tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID;
	id->u.global_gnb_id.plmn_identity = ngap_plmn_of(&tai.plmn, &b->arena);
	id->u.global_gnb_id.gnb_id =
		(struct ngap_gnb_id){ NGAP_GNB_ID_TAG_GNB_ID, { .gnb_id = { octets, 24 } } };
	assert_true(ngap_tai_of(&tai, &b->arena, &t.u.target_ran_node_id.selected_tai));
	return t;
}

static void required_by(
	struct amf_bed *b, uint64_t assoc, uint64_t amf_id, uint32_t ran_id, struct ngap_target_id target)
{
	struct ngap_pdu_session_resource_item_ho_rqd items[2] = { { 1, bytes_of("\x00", 1) },
		{ 2, bytes_of("\x00", 1) } };
	struct ngap_handover_required m = { .amf_ue_ngap_id = amf_id,
		.ran_ue_ngap_id = ran_id,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_HANDOVER_DESIRABLE_FOR_RADIO_REASON),
		.target_id = target,
		.pdu_session_resource_list_ho_rqd = { 2, items },
		.source_to_target_transparent_container = BYTES(to_target) };

	amf_bed_give(b, assoc, NGAP_MSG_HANDOVER_REQUIRED, &m);
}

static void required_of(struct amf_bed *b, uint32_t gnb_id, uint32_t tac)
{
	required_by(b, BED_ASSOC, b->amf_id, b->ran_id, target_of(b, gnb_id, tac));
}

static void required(struct amf_bed *b)
{
	required_of(b, TARGET_GNB, 1);
}

static struct ngap_handover_request expect_request(struct amf_bed *b)
{
	struct ngap_pdu pdu;

	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_HANDOVER_REQUEST);
	return *pdu.u.handover_request;
}

static void expect_failure(struct amf_bed *b, enum ngap_cause_radio_network cause)
{
	struct ngap_pdu pdu;

	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_HANDOVER_PREPARATION_FAILURE);
	assert_int_equal(pdu.u.handover_preparation_failure->amf_ue_ngap_id, b->amf_id);
	assert_int_equal(pdu.u.handover_preparation_failure->cause.tag, NGAP_CAUSE_TAG_RADIO_NETWORK);
	assert_int_equal(pdu.u.handover_preparation_failure->cause.u.radio_network, cause);
}

static void expect_release(struct amf_bed *b, uint64_t amf_id, enum ngap_cause_radio_network cause)
{
	const struct ngap_ue_ngap_ids *ids;
	struct ngap_pdu pdu;

	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND);
	ids = &pdu.u.ue_context_release_command->ue_ngap_ids;
	assert_int_equal(ids->tag == NGAP_UE_NGAP_IDS_TAG_UE_NGAP_ID_PAIR
				 ? ids->u.ue_ngap_id_pair.amf_ue_ngap_id
				 : ids->u.amf_ue_ngap_id,
		amf_id);
	assert_int_equal(pdu.u.ue_context_release_command->cause.u.radio_network, cause);
}

static void released(struct amf_bed *b, uint64_t assoc, uint64_t amf_id, uint32_t ran_id)
{
	struct ngap_ue_context_release_complete m = { .amf_ue_ngap_id = amf_id, .ran_ue_ngap_id = ran_id };

	amf_bed_give(b, assoc, NGAP_MSG_UE_CONTEXT_RELEASE_COMPLETE, &m);
}

/* The target admits session 1, and session 2 unless it fails. */
static void acknowledge(struct amf_bed *b, uint64_t amf_id, bool both)
{
	struct ngap_pdu_session_resource_admitted_item admitted[2] = { { 1, bytes_of("\x09", 1) },
		{ 2, bytes_of("\x09", 1) } };
	struct ngap_pdu_session_resource_failed_to_setup_item_ho_ack item = { 2, bytes_of("\x08", 1) };
	struct ngap_pdu_session_resource_failed_to_setup_list_ho_ack failed = { 1, &item };
	struct ngap_handover_request_acknowledge m = { .amf_ue_ngap_id = amf_id,
		.ran_ue_ngap_id = TARGET_RAN_ID,
		.pdu_session_resource_admitted_list = { both ? 2 : 1, admitted },
		.pdu_session_resource_failed_to_setup_list_ho_ack = both ? NULL : &failed,
		.target_to_source_transparent_container = BYTES(to_source) };

	amf_bed_give(b, TARGET_ASSOC, NGAP_MSG_HANDOVER_REQUEST_ACKNOWLEDGE, &m);
}

static struct ngap_handover_command expect_command(struct amf_bed *b)
{
	struct ngap_pdu pdu;

	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_HANDOVER_COMMAND);
	assert_int_equal(pdu.u.handover_command->amf_ue_ngap_id, b->amf_id);
	return *pdu.u.handover_command;
}

/* As far as HANDOVER COMMAND; the target's AMF UE NGAP ID. */
static uint64_t commanded(struct amf_bed *b)
{
	uint64_t id;

	required(b);
	id = expect_request(b).amf_ue_ngap_id;
	acknowledge(b, id, true);
	expect_command(b);
	return id;
}

static void notify(struct amf_bed *b, uint64_t amf_id)
{
	struct tai tai = { b->config.guami.plmn, 1 };
	struct ncgi ncgi = { b->config.guami.plmn, 0x21 };
	struct ngap_handover_notify m = { .amf_ue_ngap_id = amf_id, .ran_ue_ngap_id = TARGET_RAN_ID };

	assert_true(ngap_nr_location_of(&tai, &ncgi, &b->arena, &m.user_location_information));
	amf_bed_give(b, TARGET_ASSOC, NGAP_MSG_HANDOVER_NOTIFY, &m);
}

/* How many of the last updates of a session had this handover state. */
static uint32_t told(const struct amf_bed *b, uint8_t pdu_session_id, enum ho_state state)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < b->update_count; i++)
		n += b->update_ids[i] == pdu_session_id && b->updates[i].ho_state == state;
	return n;
}

static void nothing_is_left(struct amf_bed *b)
{
	assert_null(amf_handover_of(amf_bed_ue(b)));
	assert_null(amf_bed_ue(b)->target);
	assert_int_equal(b->amf->procedures[AMF_HANDOVER].used, 0);
}

/* The UE is where it was, with its connection and sessions. */
static void stayed(struct amf_bed *b)
{
	struct amf_ue *ue = amf_bed_ue(b);

	nothing_is_left(b);
	assert_non_null(ue->serving);
	assert_int_equal(ue->serving->amf_ue_ngap_id, b->amf_id);
	assert_int_equal(told(b, 1, HO_STATE_CANCELLED), told(b, 1, HO_STATE_PREPARING) ? 1 : 0);
	assert_int_equal(told(b, 1, HO_STATE_COMPLETED), 0);
}

/* 33.501 6.9.2.1.1, A.10: the nth NH of the chain that begins with K_gNB, computed beside the AMF. */
static void chain(struct amf_bed *b, int steps, uint8_t nh[KDF_KEY_LEN])
{
	const struct amf_ue *ue = amf_bed_ue(b);
	uint8_t key[KDF_KEY_LEN];

	assert_true(kdf_k_gnb(ue->security.k_amf, ue->kgnb_ul_count, KDF_ACCESS_3GPP, key));
	for (int i = 0; i < steps; i++) {
		assert_true(kdf_nh(ue->security.k_amf, key, nh));
		bytes_copy(key, sizeof(key), bytes_of(nh, KDF_KEY_LEN));
	}
}

static void test_all_goes_well(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_handover_request m;
	struct ngap_handover_command command;
	uint64_t source = 0, target;
	uint8_t nh[KDF_KEY_LEN];
	struct amf_ue *ue;

	ready(b);
	source = b->amf_id;
	required(b);
	assert_int_equal(told(b, 1, HO_STATE_PREPARING), 1);
	assert_int_equal(told(b, 2, HO_STATE_PREPARING), 1);
	m = expect_request(b);
	target = m.amf_ue_ngap_id;
	assert_int_not_equal(target, source);
	assert_int_equal(m.security_context.next_hop_chaining_count, 2);
	chain(b, 2, nh);
	assert_memory_equal(m.security_context.next_hop_nh.data, nh, sizeof(nh));
	assert_int_equal(m.pdu_session_resource_setup_list_ho_req.count, 2);
	assert_int_equal(m.allowed_nssai.count, 1);
	assert_true(bytes_equal(m.source_to_target_transparent_container, BYTES(to_target)));
	assert_int_equal(
		m.cause.u.radio_network, NGAP_CAUSE_RADIO_NETWORK_HANDOVER_DESIRABLE_FOR_RADIO_REASON);
	assert_non_null(m.mobility_restriction_list);
	assert_false(m.has_new_security_context_ind);
	assert_true(m.has_masked_imeisv);
	assert_int_equal(m.masked_imeisv, UINT64_C(0x3569380312ffff78));
	acknowledge(b, target, true);
	assert_int_equal(told(b, 1, HO_STATE_PREPARED), 1);
	command = expect_command(b);
	assert_int_equal(command.pdu_session_resource_handover_list->count, 2);
	assert_null(command.pdu_session_resource_to_release_list_ho_cmd);
	assert_true(bytes_equal(command.target_to_source_transparent_container, BYTES(to_source)));
	amf_bed_silent(b);
	notify(b, target);
	ue = amf_bed_ue(b);
	assert_int_equal(ue->serving->amf_ue_ngap_id, target);
	assert_int_equal(ue->serving->location.ncgi.nci, 0x21);
	assert_int_equal(told(b, 1, HO_STATE_COMPLETED), 1);
	assert_int_equal(told(b, 2, HO_STATE_COMPLETED), 1);
	nothing_is_left(b);
	amf_bed_silent(b); /* the source forwards what it has */
	amf_bed_pass(b, AMF_FORWARDING_MS);
	expect_release(b, source, NGAP_CAUSE_RADIO_NETWORK_SUCCESSFUL_HANDOVER);
	released(b, BED_ASSOC, source, b->ran_id);
	assert_int_equal(amf_numbers(b->amf).connections, 1);
	assert_int_equal(b->amf->stat[AMF_STAT_HANDOVERS_DONE], 1);
	assert_int_equal(b->amf->stat[AMF_STAT_HANDOVERS_FAILED], 0);
}

/* 38.413 8.4.1.3: each reason for which nothing begins, and the UE stays. */
static void test_refused_at_once(void **state)
{
	struct amf_bed *b = *state;

	ready(b);
	required_of(b, 9, 1);
	expect_failure(b, NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_TARGET_ID);
	required_of(b, 1, 1); /* where it is */
	expect_failure(b, NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_TARGET_ID);
	required_of(b, TARGET_GNB, 5);
	expect_failure(b, NGAP_CAUSE_RADIO_NETWORK_HO_FAILURE_IN_TARGET_5_GC_NGRAN_NODE_OR_TARGET_SYSTEM);
	b->smf_refuses = 1 << 1 | 1 << 2;
	required(b);
	expect_failure(b, NGAP_CAUSE_RADIO_NETWORK_HO_FAILURE_IN_TARGET_5_GC_NGRAN_NODE_OR_TARGET_SYSTEM);
	amf_bed_silent(b);
	stayed(b);
	assert_int_equal(b->amf->stat[AMF_STAT_HANDOVERS_FAILED], 4);
	assert_int_equal(b->amf->figures.by_ngap_cause[NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_TARGET_ID]
						      [AMF_NGAP_CAUSE_HANDOVER_FAIL],
		2);
}

static void target_refuses(struct amf_bed *b, uint64_t id)
{
	struct ngap_handover_failure m = { .amf_ue_ngap_id = id,
		.cause = ngap_cause_radio(
			NGAP_CAUSE_RADIO_NETWORK_NO_RADIO_RESOURCES_AVAILABLE_IN_TARGET_CELL) };

	amf_bed_give(b, TARGET_ASSOC, NGAP_MSG_HANDOVER_FAILURE, &m);
}

/* 8.4.2.3: the source gets the target's cause. */
static void test_target_refuses(void **state)
{
	struct amf_bed *b = *state;

	ready(b);
	required(b);
	target_refuses(b, expect_request(b).amf_ue_ngap_id);
	expect_failure(b, NGAP_CAUSE_RADIO_NETWORK_NO_RADIO_RESOURCES_AVAILABLE_IN_TARGET_CELL);
	amf_bed_silent(b);
	stayed(b);
	assert_int_equal(amf_numbers(b->amf).connections, 1);
}

/* The target is told by the AMF's id alone, for want of its own; its late answer changes nothing. */
static void test_target_is_silent(void **state)
{
	struct amf_bed *b = *state;
	uint64_t id;

	ready(b);
	required(b);
	id = expect_request(b).amf_ue_ngap_id;
	amf_bed_pass(b, AMF_HANDOVER_ALLOCATION_MS);
	expect_release(b, id, NGAP_CAUSE_RADIO_NETWORK_TNGRELOCPREP_EXPIRY);
	expect_failure(b, NGAP_CAUSE_RADIO_NETWORK_TNGRELOCPREP_EXPIRY);
	stayed(b);
	acknowledge(b, id, true);
	amf_bed_silent(b);
	released(b, TARGET_ASSOC, id, TARGET_RAN_ID);
	assert_int_equal(amf_numbers(b->amf).connections, 1);
	amf_bed_silent(b);
	stayed(b);
}

/* Sessions that an SMF or the target refuses stay behind, and the others go. */
static void test_some_sessions_fail(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_handover_request m;
	struct ngap_handover_command command;
	uint64_t source;

	ready(b);
	source = b->amf_id;
	required(b);
	m = expect_request(b);
	acknowledge(b, m.amf_ue_ngap_id, false);
	command = expect_command(b);
	assert_int_equal(command.pdu_session_resource_handover_list->count, 1);
	assert_int_equal(command.pdu_session_resource_handover_list->items[0].pdu_session_id, 1);
	assert_int_equal(command.pdu_session_resource_to_release_list_ho_cmd->count, 1);
	assert_int_equal(command.pdu_session_resource_to_release_list_ho_cmd->items[0].pdu_session_id, 2);
	notify(b, m.amf_ue_ngap_id);
	assert_int_equal(told(b, 1, HO_STATE_COMPLETED), 1);
	assert_int_equal(told(b, 2, HO_STATE_COMPLETED), 0);
	assert_int_equal(b->updates[b->update_count - 1].up_cnx_state, UP_CNX_DEACTIVATED);
	assert_int_equal(b->update_ids[b->update_count - 1], 2);
	amf_bed_pass(b, AMF_FORWARDING_MS);
	expect_release(b, source, NGAP_CAUSE_RADIO_NETWORK_SUCCESSFUL_HANDOVER);
}

static void test_smf_refuses_one(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_handover_request m;

	ready(b);
	b->smf_refuses = 1 << 2;
	required(b);
	m = expect_request(b);
	assert_int_equal(m.pdu_session_resource_setup_list_ho_req.count, 1);
	acknowledge(b, m.amf_ue_ngap_id, true); /* and admits one that was not asked for */
	assert_int_equal(expect_command(b).pdu_session_resource_handover_list->count, 1);
	assert_int_equal(told(b, 2, HO_STATE_PREPARED), 0);
}

/* SMFs that are silent cost time, no more. */
static void test_smf_is_silent(void **state)
{
	struct amf_bed *b = *state;

	ready(b);
	b->script[SBI_SMF_UPDATE_SM_CONTEXT].mute = true;
	required(b);
	amf_bed_silent(b);
	amf_bed_pass(b, AMF_HANDOVER_SMF_MS);
	expect_failure(b, NGAP_CAUSE_RADIO_NETWORK_HO_FAILURE_IN_TARGET_5_GC_NGRAN_NODE_OR_TARGET_SYSTEM);
	amf_bed_silent(b);
	nothing_is_left(b);
}

static void cancel(struct amf_bed *b)
{
	struct ngap_handover_cancel m = { .amf_ue_ngap_id = b->amf_id,
		.ran_ue_ngap_id = b->ran_id,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_TNGRELOCPREP_EXPIRY) };
	struct ngap_pdu pdu;

	amf_bed_give(b, BED_ASSOC, NGAP_MSG_HANDOVER_CANCEL, &m);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_HANDOVER_CANCEL_ACKNOWLEDGE);
}

/* 8.4.5: before the target has answered, after the command, and when there is nothing to cancel. */
static void test_cancelled(void **state)
{
	struct amf_bed *b = *state;
	uint64_t id;

	ready(b);
	cancel(b);
	amf_bed_silent(b);
	required(b);
	id = expect_request(b).amf_ue_ngap_id;
	cancel(b);
	expect_release(b, id, NGAP_CAUSE_RADIO_NETWORK_HANDOVER_CANCELLED);
	amf_bed_silent(b);
	stayed(b);
	b->update_count = 0;
	id = commanded(b);
	cancel(b);
	expect_release(b, id, NGAP_CAUSE_RADIO_NETWORK_HANDOVER_CANCELLED);
	amf_bed_silent(b);
	stayed(b);
	notify(b, id); /* too late */
	stayed(b);
	assert_int_equal(b->amf->stat[AMF_STAT_HANDOVERS_CANCELLED], 2);
	assert_int_equal(b->amf->stat[AMF_STAT_HANDOVERS_FAILED], 0);
}

/* TNGRELOCoverall of the core: the UE is where it was, if it is anywhere. */
static void test_never_arrives(void **state)
{
	struct amf_bed *b = *state;
	uint64_t id;

	ready(b);
	id = commanded(b);
	amf_bed_pass(b, AMF_HANDOVER_ARRIVAL_MS);
	expect_release(b, id, NGAP_CAUSE_RADIO_NETWORK_TNGRELOCOVERALL_EXPIRY);
	amf_bed_silent(b);
	stayed(b);
	assert_int_equal(b->amf->stat[AMF_STAT_HANDOVERS_FAILED], 1);
}

/* The first target is let go before the second is asked, at every step of the first; each has an NH of its
 * own. */
static void test_required_again(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_handover_request second;
	uint8_t nh[KDF_KEY_LEN];
	uint64_t first;

	ready(b);
	required(b);
	first = expect_request(b).amf_ue_ngap_id;
	required(b);
	expect_release(b, first, NGAP_CAUSE_RADIO_NETWORK_HANDOVER_DESIRABLE_FOR_RADIO_REASON);
	second = expect_request(b);
	assert_int_not_equal(second.amf_ue_ngap_id, first);
	assert_int_equal(second.security_context.next_hop_chaining_count, 3);
	chain(b, 3, nh);
	assert_memory_equal(second.security_context.next_hop_nh.data, nh, sizeof(nh));
	released(b, TARGET_ASSOC, first, 5);
	acknowledge(b, second.amf_ue_ngap_id, true);
	expect_command(b);
	required(b);
	expect_release(b, second.amf_ue_ngap_id, NGAP_CAUSE_RADIO_NETWORK_TNGRELOCOVERALL_EXPIRY);
	second = expect_request(b);
	acknowledge(b, second.amf_ue_ngap_id, true); /* its RAN UE NGAP ID is that of one being released */
	expect_release(b, second.amf_ue_ngap_id,
		NGAP_CAUSE_RADIO_NETWORK_HO_FAILURE_IN_TARGET_5_GC_NGRAN_NODE_OR_TARGET_SYSTEM);
	expect_failure(b, NGAP_CAUSE_RADIO_NETWORK_HO_FAILURE_IN_TARGET_5_GC_NGRAN_NODE_OR_TARGET_SYSTEM);
	nothing_is_left(b);
}

/* The NCC has 3 bits, and the chain goes on over a restart. */
static void test_chain_goes_on(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_handover_request m;
	uint8_t nh[KDF_KEY_LEN];

	ready(b);
	for (int step = 2; step <= 9; step++) {
		required(b);
		m = expect_request(b);
		assert_int_equal(m.security_context.next_hop_chaining_count, step & 7);
		target_refuses(b, m.amf_ue_ngap_id);
		expect_failure(b, NGAP_CAUSE_RADIO_NETWORK_NO_RADIO_RESOURCES_AVAILABLE_IN_TARGET_CELL);
	}
	b->retains = true;
	amf_bed_restart(b);
	b->host = "10.0.0.4";
	amf_bed_ng_setup(b, TARGET_ASSOC, TARGET_GNB);
	b->host = NULL;
	b->read = b->sent_count;
	required(b);
	m = expect_request(b);
	assert_int_equal(m.security_context.next_hop_chaining_count, 10 & 7);
	chain(b, 10, nh);
	assert_memory_equal(m.security_context.next_hop_nh.data, nh, sizeof(nh));
}

static void reset_all(struct amf_bed *b, uint64_t assoc)
{
	struct ngap_ng_reset m = { .cause = ngap_cause_of_misc(NGAP_CAUSE_MISC_OM_INTERVENTION),
		.reset_type = { .tag = NGAP_RESET_TYPE_TAG_NG_INTERFACE } };
	struct ngap_pdu pdu;

	amf_bed_give(b, assoc, NGAP_MSG_NG_RESET, &m);
	assert_true(amf_bed_sent(b, NGAP_MSG_NG_RESET_ACKNOWLEDGE, &pdu));
}

/* The target goes, by reset or with its association, before and after the command. */
static void test_target_lost(void **state)
{
	struct amf_bed *b = *state;

	ready(b);
	required(b);
	expect_request(b);
	reset_all(b, TARGET_ASSOC);
	b->read = b->sent_count;
	stayed(b);
	b->update_count = 0;
	required(b);
	expect_request(b);
	amf_bed_deliver(b, TARGET_ASSOC, MSG_DOWN, BYTES_NONE);
	expect_failure(b, NGAP_CAUSE_RADIO_NETWORK_HANDOVER_DESIRABLE_FOR_RADIO_REASON);
	stayed(b);
	required(b);
	expect_failure(b, NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_TARGET_ID);
	b->host = "10.0.0.4";
	amf_bed_ng_setup(b, TARGET_ASSOC, TARGET_GNB);
	b->host = NULL;
	b->read = b->sent_count;
	b->update_count = 0;
	commanded(b);
	amf_bed_deliver(b, TARGET_ASSOC, MSG_DOWN, BYTES_NONE);
	amf_bed_silent(b); /* the source has its command, and hears nothing of the UE */
	stayed(b);
}

/* The source goes: a UE that was not sent on its way stays with it, one that was comes to the target. */
static void test_source_lost(void **state)
{
	struct amf_bed *b = *state;
	uint64_t id;

	ready(b);
	required(b);
	id = expect_request(b).amf_ue_ngap_id;
	amf_bed_deliver(b, BED_ASSOC, MSG_DOWN, BYTES_NONE);
	expect_release(b, id, NGAP_CAUSE_RADIO_NETWORK_HANDOVER_DESIRABLE_FOR_RADIO_REASON);
	amf_bed_silent(b);
	stayed(b);
	b->retains = true;
	amf_bed_ng_setup(b, BED_ASSOC, 1);
	b->read = b->sent_count;
	released(b, TARGET_ASSOC, id, TARGET_RAN_ID);
	id = commanded(b);
	amf_bed_deliver(b, BED_ASSOC, MSG_DOWN, BYTES_NONE);
	notify(b, id);
	assert_int_equal(amf_bed_ue(b)->serving->amf_ue_ngap_id, id);
	nothing_is_left(b);
	amf_bed_pass(b, 2 * AMF_RETENTION_S * 1000);
	assert_int_equal(amf_numbers(b->amf).connections, 1);
}

static void test_source_resets(void **state)
{
	struct amf_bed *b = *state;
	uint64_t id;

	ready(b);
	id = commanded(b);
	reset_all(b, BED_ASSOC);
	nothing_is_left(b);
	assert_null(amf_bed_ue(b)->serving);
	released(b, TARGET_ASSOC, id, TARGET_RAN_ID);
	assert_int_equal(amf_numbers(b->amf).connections, 0);
}

/* 29.518 5.2.2.3.1.2: what the SMF sends meanwhile goes to the target when the UE is there; 24.501 5.4.1.3.7
 * h and the like: what the source gives back too. */
static void test_meanwhile(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_nas_non_delivery_indication back = { .amf_ue_ngap_id = b->amf_id };
	struct ngap_pdu pdu;
	uint64_t id;

	ready(b);
	id = commanded(b);
	back.amf_ue_ngap_id = b->amf_id;
	back.ran_ue_ngap_id = b->ran_id;
	back.nas_pdu = bytes_of("\x7e\x02\x01\x02\x03\x04\x05", 7);
	back.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_NG_INTRA_SYSTEM_HANDOVER_TRIGGERED);
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_NAS_NON_DELIVERY_INDICATION, &back);
	amf_bed_transfer(b, N2_IE_PDU_RES_MOD_REQ, 1);
	amf_bed_silent(b);
	assert_int_equal(b->transfers_answered, 0);
	notify(b, id);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_DOWNLINK_NAS_TRANSPORT);
	assert_int_equal(pdu.u.downlink_nas_transport->amf_ue_ngap_id, id);
	assert_true(bytes_equal(pdu.u.downlink_nas_transport->nas_pdu, back.nas_pdu));
	amf_bed_pass(b, 1);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_REQUEST);
	assert_int_equal(pdu.u.pdu_session_resource_modify_request->amf_ue_ngap_id, id);
	assert_int_equal(b->transfers_answered, 1);
	assert_int_equal(b->transfer_cause, SBI_OK);
}

/* An SMF's answer to the UE's request has a part for the gNB: it waits likewise. */
static void test_answer_waits(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = { .type = NAS_UL_NAS_TRANSPORT };
	struct ngap_pdu pdu;
	uint64_t id;

	ready(b);
	id = commanded(b);
	b->moves = false;
	b->update_type = N2_SM_PDU_RES_REL_CMD;
	m.ul_nas_transport.payload_container_type = NAS_PAYLOAD_N1_SM;
	m.ul_nas_transport.payload_container = bytes_of("\x2e\x01\x01\xd1", 4);
	m.ul_nas_transport.has_pdu_session_id = true;
	m.ul_nas_transport.pdu_session_id = 1;
	amf_bed_say_protected(b, &m);
	amf_bed_silent(b);
	b->update_type = N2_SM_ABSENT;
	notify(b, id);
	amf_bed_pass(b, 1);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_COMMAND);
	assert_int_equal(pdu.u.pdu_session_resource_release_command->amf_ue_ngap_id, id);
}

/* A session that is being set up meanwhile has its setup request there still: it is not deactivated. */
static void test_set_up_meanwhile(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;
	uint64_t id;

	ready(b);
	id = commanded(b);
	amf_bed_session(b, 3);
	amf_bed_transfer(b, N2_IE_PDU_RES_SETUP_REQ, 3);
	notify(b, id);
	for (uint32_t i = 0; i < b->update_count; i++)
		assert_int_not_equal(b->update_ids[i], 3);
	amf_bed_pass(b, 1);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_REQUEST);
	assert_int_equal(pdu.u.pdu_session_resource_setup_request->amf_ue_ngap_id, id);
}

/* One that waits for too long is told why. */
static void test_transfer_rejected(void **state)
{
	struct amf_bed *b = *state;

	ready(b);
	commanded(b);
	amf_bed_transfer(b, N2_IE_PDU_RES_MOD_REQ, 1);
	amf_bed_pass(b, AMF_TRANSFER_WAIT_S * 1000);
	assert_int_equal(b->transfers_answered, 1);
	assert_int_equal(b->transfer_cause, SBI_TEMPORARY_REJECT_HANDOVER_ONGOING);
}

/* 8.4.6, 8.4.7: as it is, and only while the UE is on its way. */
static void test_status_transfer(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_drb_status_ul ul = { .tag = NGAP_DRB_STATUS_UL_TAG_DRB_STATUS_UL12 };
	struct ngap_drb_status_dl dl = { .tag = NGAP_DRB_STATUS_DL_TAG_DRB_STATUS_DL12 };
	struct ngap_drbs_subject_to_status_transfer_item item = { .drb_id = 3 };
	struct ngap_uplink_ran_status_transfer m = { .amf_ue_ngap_id = 0 };
	struct ngap_pdu pdu;
	uint64_t id;

	ul.u.drb_status_ul12.ul_count_value = (struct ngap_count_value_for_pdcp_sn12){ 100, 7 };
	dl.u.drb_status_dl12.dl_count_value = (struct ngap_count_value_for_pdcp_sn12){ 200, 9 };
	item.drb_status_ul = ul;
	item.drb_status_dl = dl;
	m.ran_status_transfer_transparent_container.drbs_subject_to_status_transfer_list.count = 1;
	m.ran_status_transfer_transparent_container.drbs_subject_to_status_transfer_list.items = &item;
	ready(b);
	m.amf_ue_ngap_id = b->amf_id;
	m.ran_ue_ngap_id = b->ran_id;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UPLINK_RAN_STATUS_TRANSFER, &m);
	amf_bed_silent(b);
	id = commanded(b);
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UPLINK_RAN_STATUS_TRANSFER, &m);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_DOWNLINK_RAN_STATUS_TRANSFER);
	assert_int_equal(pdu.u.downlink_ran_status_transfer->amf_ue_ngap_id, id);
	assert_int_equal(pdu.u.downlink_ran_status_transfer->ran_status_transfer_transparent_container
				 .drbs_subject_to_status_transfer_list.items[0]
				 .drb_status_dl.u.drb_status_dl12.dl_count_value.pdcp_sn12,
		200);
}

/* 8.4.9, 8.4.10 */
static void test_early_status_transfer(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_drbs_subject_to_early_status_transfer_item item = { .drb_id = 3,
		.first_dlcount = { .tag = NGAP_DRB_STATUS_DL_TAG_DRB_STATUS_DL12 } };
	struct ngap_uplink_ran_early_status_transfer m = { 0 };
	struct ngap_procedure_stage_choice *stage =
		&m.early_status_transfer_transparent_container.procedure_stage;
	struct ngap_pdu pdu;
	uint64_t id;

	item.first_dlcount.u.drb_status_dl12.dl_count_value =
		(struct ngap_count_value_for_pdcp_sn12){ 300, 9 };
	stage->tag = NGAP_PROCEDURE_STAGE_CHOICE_TAG_FIRST_DL_COUNT;
	stage->u.first_dl_count.drbs_subject_to_early_status_transfer.count = 1;
	stage->u.first_dl_count.drbs_subject_to_early_status_transfer.items = &item;
	ready(b);
	id = commanded(b);
	m.amf_ue_ngap_id = b->amf_id;
	m.ran_ue_ngap_id = b->ran_id;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UPLINK_RAN_EARLY_STATUS_TRANSFER, &m);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_DOWNLINK_RAN_EARLY_STATUS_TRANSFER);
	assert_int_equal(pdu.u.downlink_ran_early_status_transfer->amf_ue_ngap_id, id);
	assert_int_equal(
		pdu.u.downlink_ran_early_status_transfer->early_status_transfer_transparent_container
			.procedure_stage.u.first_dl_count.drbs_subject_to_early_status_transfer.items[0]
			.first_dlcount.u.drb_status_dl12.dl_count_value.pdcp_sn12,
		300);
}

/* 8.4.3.2, 8.4.8: the target has the source told that the UE is there. */
static void test_success(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_handover_notify m = { .ran_ue_ngap_id = TARGET_RAN_ID,
		.has_notify_source_ngran_node = true };
	struct ngap_pdu pdu;

	ready(b);
	m.amf_ue_ngap_id = commanded(b);
	assert_true(ngap_nr_location_of(&(struct tai){ b->config.guami.plmn, 1 },
		&(struct ncgi){ b->config.guami.plmn, 0x21 }, &b->arena, &m.user_location_information));
	amf_bed_give(b, TARGET_ASSOC, NGAP_MSG_HANDOVER_NOTIFY, &m);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_HANDOVER_SUCCESS);
	assert_int_equal(pdu.u.handover_success->amf_ue_ngap_id, b->amf_id);
}

/* 33.501 6.9.5.1: a security mode command waits until the UE is at the target; a handover is refused while
 * one is unanswered. */
static void test_security_mode(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = amf_bed_request();
	struct nas_mobile_identity *guti = &m.registration_request.mobile_identity;
	struct ngap_pdu pdu;
	uint64_t id;

	ready(b);
	id = commanded(b);
	amf_bed_ue(b)->security.count[NAS_UPLINK] = b->nas.security.count[NAS_UPLINK] =
		NAS_COUNT_MAX - NAS_COUNT_RENEW;
	m.registration_request.registration_type = NAS_REGISTRATION_MOBILITY;
	*guti = (struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI,
		.guti = { b->config.guami, b->tmsi } };
	amf_bed_say(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED, &m));
	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
	m = (struct nas_msg){ .type = NAS_AUTHENTICATION_RESPONSE,
		.authentication_response.has_res_star = true };
	bytes_copy(m.authentication_response.res_star, 16, BYTES(amf_bed_res_star));
	amf_bed_say_protected(b, &m);
	assert_non_null(amf_security_mode_of(amf_bed_ue(b)));
	amf_bed_silent(b);
	notify(b, id);
	amf_bed_settle(b);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_DOWNLINK_NAS_TRANSPORT);
	assert_int_equal(pdu.u.downlink_nas_transport->amf_ue_ngap_id, id);
	assert_int_equal(pdu.u.downlink_nas_transport->nas_pdu.data[1], NAS_INTEGRITY_NEW_CONTEXT);
	assert_int_equal(amf_procedure_conflict(amf_bed_ue(b), AMF_HANDOVER), AMF_BESIDE);
	assert_int_equal(amf_procedure_conflict(amf_bed_ue(b), AMF_PATH_SWITCH), AMF_BESIDE);
}

/* A de-registration ends it; the target does not keep the UE. */
static void test_deregistered(void **state)
{
	struct amf_bed *b = *state;
	struct amf_ue *ue;
	uint64_t id;

	ready(b);
	id = commanded(b);
	ue = amf_bed_ue(b);
	amf_mm_event(b->amf, ue, MM_EV_WITHDRAWN, NULL);
	amf_bed_settle(b);
	expect_release(b, id, NGAP_CAUSE_RADIO_NETWORK_TNGRELOCOVERALL_EXPIRY);
	nothing_is_left(b);
}

/* A kill at any step: the UE is where it was, and the target must forget what it has. */
static void test_killed(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_ng_reset *m;
	struct ngap_pdu pdu;
	uint64_t id;

	ready(b);
	required(b);
	id = expect_request(b).amf_ue_ngap_id;
	b->retains = true;
	amf_bed_restart(b);
	assert_non_null(amf_bed_ue(b)->serving);
	assert_int_equal(amf_bed_ue(b)->serving->amf_ue_ngap_id, b->amf_id);
	b->read = b->sent_count;
	b->host = "10.0.0.4";
	amf_bed_deliver(b, TARGET_ASSOC, MSG_UP, BYTES_NONE);
	amf_bed_ng_setup(b, TARGET_ASSOC, TARGET_GNB);
	assert_true(amf_bed_sent(b, NGAP_MSG_NG_RESET, &pdu));
	m = pdu.u.ng_reset;
	assert_int_equal(m->reset_type.u.part_of_ng_interface.count, 1);
	assert_int_equal(m->reset_type.u.part_of_ng_interface.items[0].amf_ue_ngap_id, id);
	assert_false(m->reset_type.u.part_of_ng_interface.items[0].has_ran_ue_ngap_id);
	assert_int_equal(amf_numbers(b->amf).connections, 1);
}

/* What the gNBs send in any order, with any of the ids that there are or were: the UE has one connection and
 * at most one target, each procedure ends, and nothing of it is left. */
enum { ANY_IDS = 4 };

struct any {
	uint64_t ids[ANY_IDS]; /* AMF UE NGAP IDs that were seen */
	uint32_t count, next_ran_id;
};

static uint64_t any_id(struct amf_bed *b, const struct any *a)
{
	return a->ids[env_random_u32(&b->t.env) % (a->count < ANY_IDS ? a->count : ANY_IDS)];
}

/* Ids that came with what was sent are among those that may be named. */
static void any_read(struct amf_bed *b, struct any *a)
{
	struct ngap_pdu pdu;

	while (amf_bed_next(b, &pdu))
		if (pdu.message == NGAP_MSG_HANDOVER_REQUEST)
			a->ids[a->count++ % ANY_IDS] = pdu.u.handover_request->amf_ue_ngap_id;
	b->sent_count = b->read = b->update_count = 0;
}

/* The connection that the id names, if there is one. */
static const struct amf_connection *any_connection(struct amf_bed *b, uint64_t id)
{
	return hash_get(&b->amf->connection_by_amf_id, id, 0, struct amf_connection, by_amf_id);
}

static void any_required(struct amf_bed *b)
{
	const struct amf_connection *c = amf_bed_ue(b)->serving;
	uint32_t other = c->gnb->assoc == BED_ASSOC ? TARGET_GNB : 1;

	required_by(b, c->gnb->assoc, c->amf_ue_ngap_id, c->ran_ue_ngap_id,
		target_of(b, other + (env_random_u32(&b->t.env) % 8 == 0 ? 4 : 0), 1));
}

static void any_answer(struct amf_bed *b, struct any *a, uint64_t assoc, uint64_t id)
{
	struct ngap_pdu_session_resource_admitted_item admitted = { 1, bytes_of("\x09", 1) };
	struct ngap_handover_request_acknowledge m = { .amf_ue_ngap_id = id,
		.ran_ue_ngap_id = a->next_ran_id++ % 9,
		.pdu_session_resource_admitted_list = { 1, &admitted },
		.target_to_source_transparent_container = BYTES(to_source) };
	struct ngap_handover_failure refuses = { .amf_ue_ngap_id = id,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED) };

	if (env_random_u32(&b->t.env) % 4)
		amf_bed_give(b, assoc, NGAP_MSG_HANDOVER_REQUEST_ACKNOWLEDGE, &m);
	else
		amf_bed_give(b, assoc, NGAP_MSG_HANDOVER_FAILURE, &refuses);
}

static void any_notify(struct amf_bed *b, uint64_t assoc, uint64_t id, uint32_t ran_id)
{
	struct ngap_handover_notify m = { .amf_ue_ngap_id = id, .ran_ue_ngap_id = ran_id };

	assert_true(ngap_nr_location_of(&(struct tai){ b->config.guami.plmn, 1 },
		&(struct ncgi){ b->config.guami.plmn, 0x21 }, &b->arena, &m.user_location_information));
	amf_bed_give(b, assoc, NGAP_MSG_HANDOVER_NOTIFY, &m);
}

static void any_cancel(struct amf_bed *b)
{
	const struct amf_connection *c = amf_bed_ue(b)->serving;
	struct ngap_handover_cancel m = { .amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_TNGRELOCPREP_EXPIRY) };

	amf_bed_give(b, c->gnb->assoc, NGAP_MSG_HANDOVER_CANCEL, &m);
}

static void any_release(struct amf_bed *b, const struct amf_connection *c)
{
	struct ngap_ue_context_release_request m = { .amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_TNGRELOCOVERALL_EXPIRY) };

	if (c->ue && c->ue->target == c)
		amf_bed_give(b, c->gnb->assoc, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST, &m);
	else if (!c->ue)
		released(b, c->gnb->assoc, c->amf_ue_ngap_id, c->ran_ue_ngap_id);
}

static void any_step(struct amf_bed *b, struct any *a)
{
	uint64_t id = any_id(b, a);
	const struct amf_connection *c = any_connection(b, id);
	uint64_t assoc = c ? c->gnb->assoc : env_random_u32(&b->t.env) & 1 ? BED_ASSOC : TARGET_ASSOC;

	switch (env_random_u32(&b->t.env) % 12) {
	case 0:
	case 1:
		if (!amf_handover_of(amf_bed_ue(b)) || env_random_u32(&b->t.env) % 8 == 0)
			any_required(b);
		break;
	case 2:
	case 3:
	case 4:
		any_answer(b, a, assoc, id);
		break;
	case 5:
	case 6:
	case 7:
		any_notify(b, assoc, id, c ? c->ran_ue_ngap_id : 1);
		break;
	case 8:
		amf_bed_pass(b, env_random_u32(&b->t.env) % 3000);
		break;
	case 9:
		b->script[SBI_SMF_UPDATE_SM_CONTEXT].mute = env_random_u32(&b->t.env) % 4 == 0;
		break;
	case 10:
		if (env_random_u32(&b->t.env) & 1)
			any_cancel(b);
		else
			amf_bed_transfer(b, N2_IE_PDU_RES_MOD_REQ, 1);
		break;
	default:
		if (c)
			any_release(b, c);
	}
}

static void any_check(struct amf_bed *b)
{
	const struct amf_ue *ue = amf_bed_ue(b);
	const struct amf_handover *h = amf_handover_of(ue);

	assert_true(!ue->serving || ue->serving->ue == ue);
	assert_true(!ue->target || ue->target->ue == ue);
	assert_true(!ue->target || (h && h->step >= HANDOVER_ALLOCATING));
	assert_true(!h || h->step < HANDOVER_ALLOCATING || ue->target);
	assert_true(!h || ue->serving);
}

static void test_any_order(void **state)
{
	struct amf_bed *b = *state;
	uint64_t arrived = 0, failed = 0, cancelled = 0;

	for (int run = 0; run < 100; run++) {
		struct any a = { .count = 1 };

		if (run > 0) {
			amf_bed_teardown(state);
			amf_bed_setup(state);
			b = *state;
			b->t.random += (uint64_t)run * 7919;
		}
		ready(b);
		a.ids[0] = b->amf_id;
		for (int step = 0; step < 120 && amf_bed_ue(b)->serving; step++) {
			any_step(b, &a);
			any_read(b, &a);
			any_check(b);
		}
		b->script[SBI_SMF_UPDATE_SM_CONTEXT].mute = false;
		amf_bed_pass(b, 60000);
		nothing_is_left(b);
		assert_true(amf_numbers(b->amf).connections <= 1);
		assert_int_equal(b->amf->procedures[AMF_N1N2_TRANSFER].used, 0);
		arrived += b->amf->stat[AMF_STAT_HANDOVERS_DONE];
		failed += b->amf->stat[AMF_STAT_HANDOVERS_FAILED];
		cancelled += b->amf->stat[AMF_STAT_HANDOVERS_CANCELLED];
		assert_int_equal(b->amf->stat[AMF_STAT_HANDOVERS],
			b->amf->stat[AMF_STAT_HANDOVERS_DONE] + b->amf->stat[AMF_STAT_HANDOVERS_FAILED] +
				b->amf->stat[AMF_STAT_HANDOVERS_CANCELLED]);
	}
	assert_true(arrived > 40 && failed > 40 && cancelled > 40); /* it has been there */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_all_goes_well),
		TEST(test_refused_at_once),
		TEST(test_target_refuses),
		TEST(test_target_is_silent),
		TEST(test_some_sessions_fail),
		TEST(test_smf_refuses_one),
		TEST(test_smf_is_silent),
		TEST(test_cancelled),
		TEST(test_never_arrives),
		TEST(test_required_again),
		TEST(test_chain_goes_on),
		TEST(test_target_lost),
		TEST(test_source_lost),
		TEST(test_source_resets),
		TEST(test_meanwhile),
		TEST(test_answer_waits),
		TEST(test_set_up_meanwhile),
		TEST(test_transfer_rejected),
		TEST(test_status_transfer),
		TEST(test_early_status_transfer),
		TEST(test_success),
		TEST(test_security_mode),
		TEST(test_deregistered),
		TEST(test_killed),
		TEST(test_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
